// What the tests of the digests share: certificates, and a mail server that does as it is told.
import {execFile} from "node:child_process";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {promisify} from "node:util";
import {simpleParser} from "mailparser";
import {SMTPServer} from "smtp-server";

/// A certificate that signs itself, for `name`: {cert, key, file}.
export async function certificate(folder, name) {
  const key = join(folder, `${name}.key`), file = join(folder, `${name}.pem`);
  await promisify(execFile)("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
    "-out", file, "-days", "2", "-subj", "/CN=kith test", "-addext", `subjectAltName=DNS:${name}`]);
  return {cert: await readFile(file), key: await readFile(key), file};
}

export class MailServer {
  mails = [];      // {from, to, source, parsed, secure, user}
  sessions = 0;
  answers = [];    // what the next mails are answered with: "temporary", "refused", "silence"; then they are taken

  constructor({cert, key}, {implicit = false, tls = true} = {}) {
    this.server = new SMTPServer({
      secure: implicit, cert, key, authOptional: false, allowInsecureAuth: false, authMethods: ["PLAIN", "LOGIN"],
      disabledCommands: tls ? [] : ["STARTTLS", "AUTH"], logger: false, closeTimeout: 200,
      onConnect: (_, done) => { this.sessions += 1; done(); },
      onAuth: (auth, _, done) => auth.username === "kith" && auth.password === "sesame"
        ? done(null, {user: auth.username}) : done(Object.assign(new Error("wrong password"), {responseCode: 535})),
      onData: (stream, session, done) => this.#take(stream, session, done),
    });
    this.server.on("error", () => {});  // a client that refuses our certificate hangs up
  }

  async #take(stream, session, done) {
    const chunks = [];
    for await (const c of stream) chunks.push(c);
    const answer = this.answers.shift();
    if (answer === "temporary") return done(Object.assign(new Error("come back later"), {responseCode: 451}));
    if (answer === "refused") return done(Object.assign(new Error("no such team here"), {responseCode: 554}));
    const source = Buffer.concat(chunks).toString("latin1");
    this.mails.push({from: session.envelope.mailFrom.address, to: session.envelope.rcptTo.map(r => r.address), source,
      parsed: await simpleParser(source), secure: session.secure, user: session.user});
    if (answer !== "silence") done();
    return undefined;
  }

  async start() {
    await new Promise(done => this.server.listen(0, "127.0.0.1", done));
    this.port = this.server.server.address().port;
    return this;
  }

  stop() { return new Promise(done => this.server.close(done)); }
}
