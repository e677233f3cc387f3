// Digests by mail, to a real SMTP server: over TLS or not at all, tried again where that may help, told where it does not.
import assert from "node:assert/strict";
import {execFile} from "node:child_process";
import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, afterEach, before, test} from "node:test";
import {promisify} from "node:util";
import {Kithd, until} from "../support/kith.mjs";
import {MailServer, certificate} from "./support.mjs";

let folder, good, foreign, wrong, server, kithd;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kith-mail-"));
  good = await certificate(folder, "localhost");
  foreign = await certificate(folder, "other.example.com");
});
afterEach(async () => {
  await kithd?.remove();
  await server?.stop();
  kithd = server = null;
});
after(() => rm(folder, {recursive: true, force: true}));

/// A mail server, and a kithd whose department `support` is told by mail.
async function house({of = good, trusted = of, scheme = "smtps", password = "sesame", at = "08:00", ...options} = {}) {
  server = await new MailServer(of, {implicit: scheme === "smtps", ...options}).start();
  const more = "departments:\n" + ["billing", "engineering", "operations"].map(id => `  - id: ${id}\n`).join("") +
    `  - {id: support, name: "Supp\u00f6rt", digest: {at: "${at}", to: {email: support@example.com}}}\n` +
    `mail: {server: "${scheme}://localhost:${server.port}", user: kith, password: env:KITH_MAIL, from: kith@example.com` +
    (trusted ? `, extra_ca_file: ${trusted.file}}\n` : "}\n");
  kithd = await Kithd.make({more});
  await kithd.start({KITH_MAIL: password});
}

const send = () => kithd.command("department", "digest", "support", "--send");

for (const scheme of ["smtps", "smtp"]) {
  test(`a mail arrives whole over ${scheme === "smtp" ? "STARTTLS" : "TLS"}`, async () => {
    await house({scheme});
    const {code, err} = await send();
    assert.equal(code, 0, err);
    assert.equal(server.mails.length, 1);
    const [mail] = server.mails;
    assert.deepEqual([mail.from, mail.to, mail.secure, mail.user], ["kith@example.com", ["support@example.com"], true, "kith"]);
    assert.match(mail.parsed.subject, /^Suppört: 0 waiting, 0 questions, 0 unanswered$/);
    assert.match(mail.parsed.text, /^Suppört at Example Ltd/);
    assert.match(mail.parsed.html, /<h1[^>]*>Suppört at Example Ltd/);
    assert.match(mail.parsed.messageId, /^<digest\.support\.\d+\.by-hand@example\.com>$/);
    assert.equal(mail.parsed.headers.get("auto-submitted"), "auto-generated");
  });
}

test("a server whose certificate nobody vouches for is told nothing", async () => {
  await house({trusted: null});
  const {code, err} = await send();
  assert.equal(code, 1);
  assert.match(err, /certificate is not trusted/);
  assert.equal(server.mails.length, 0);
});

test("a certificate for another name is refused, also from an authority that is trusted", async () => {
  await house({of: foreign});
  const {code, err} = await send();
  assert.equal(code, 1);
  assert.match(err, /certificate/);
  assert.equal(server.mails.length, 0);
});

test("a server without TLS is told nothing, and no password", async () => {
  await house({scheme: "smtp", tls: false});
  const {code, err} = await send();
  assert.equal(code, 1);
  assert.match(err, /TLS|STARTTLS/);
  assert.equal(server.mails.length, 0);
});

test("a wrong password is told", async () => {
  await house({password: "guess"});
  const {code, err} = await send();
  assert.equal(code, 1);
  assert.match(err, /535|denied/i);
});

/// As if the department had been set up two days ago: its next digest was missed.
async function twoDaysAgo() {
  await kithd.stop();
  const database = join(kithd.folder, "state/kith.db");
  const day = 86_400_000_000;
  await promisify(execFile)("sqlite3", [database, `UPDATE digests SET until_at = until_at - ${2 * day}, since_at = since_at - ${2 * day}`]);
}

const marks = async () => (await promisify(execFile)("sqlite3", [join(kithd.folder, "state/kith.db"),
  "SELECT state || ' ' || attempts FROM digests ORDER BY until_at"])).stdout.trim().split("\n");
const standing = async () => (await kithd.get("/departments/support")).digest;
const env = {KITH_MAIL: "sesame"};

test("a missed digest is sent late, once, also over restarts", async () => {
  await house();
  await until(marks, m => m.join() === "began 0", "the counting did not begin");
  assert.equal(server.mails.length, 0, "nothing is told of the time before");
  await twoDaysAgo();
  await kithd.start(env);
  await until(() => server.mails.length === 1, Boolean, "it was not sent");
  await until(marks, m => m.at(-1) === "sent 1", "it was not noted");
  for (let i = 0; i < 2; ++i) {
    await kithd.stop();
    await kithd.start(env);
    await until(standing, d => d.last.state === "sent", "the mark is gone");
  }
  assert.equal(server.mails.length, 1);
  assert.equal(server.sessions, 1);
});

test("what a server puts off is tried again, with the same name", async () => {
  await house();
  await until(marks, m => m[0] === "began 0");
  await twoDaysAgo();
  server.answers = ["temporary"];
  await kithd.start(env);
  await until(() => server.mails.length === 1, Boolean, "it was not tried again", 40_000);
  const end = await until(standing, d => d.last.state === "sent", "it was not noted");
  assert.equal(end.last.attempts, 2);
  assert.equal(end.last.error, "");
  assert.match(kithd.log, /could not be sent, and is tried again: .*451/);
});

test("what a server refuses is told in the status and the log, and not tried again", async () => {
  await house();
  await until(marks, m => m[0] === "began 0");
  await twoDaysAgo();
  server.answers = ["refused"];
  await kithd.start(env);
  const end = await until(standing, d => d.last.state === "refused", "the refusal is not told");
  assert.match(end.last.error, /554/);
  assert.match((await kithd.command("status")).out, /digest of support \(refused, 1 attempts\): .*554/);
  assert.match(kithd.log, /digest of support was not sent: .*554/);
  assert.equal(server.sessions, 1);
});

test("a mail that was taken without a word is not sent twice", async () => {
  await house();
  await until(marks, m => m[0] === "began 0");
  await twoDaysAgo();
  server.answers = ["silence"];
  await kithd.start(env);
  await until(() => server.mails.length === 1, Boolean, "it was not sent");
  await kithd.kill();
  await kithd.start(env);
  const end = await until(standing, d => d.last.state === "unsure", "the doubt is not told");
  assert.match(end.last.error, /may have arrived/);
  assert.equal(server.mails.length, 1);
  assert.equal(server.sessions, 1);
});

for (const [point, mails] of [["digest.before_send", 0], ["digest.after_send", 1]]) {
  test(`killed at ${point}, a mail is not sent twice`, async () => {
    await house();
    await until(marks, m => m[0] === "began 0");
    await twoDaysAgo();
    await assert.rejects(kithd.start({...env, KITH_KILL_AT: point}).then(() => kithd.ended).then(end => { throw new Error(end.signal); }), /SIGKILL/);
    await kithd.start(env);
    const end = await until(standing, d => d.last.state === "unsure", "the doubt is not told");
    assert.match(end.last.error, /may have arrived/);
    assert.equal(server.mails.length, mails);
  });
}

test("a stop ends a mail under way within seconds", async () => {
  await house();
  await until(marks, m => m[0] === "began 0");
  await twoDaysAgo();
  server.answers = ["silence"];
  await kithd.start(env);
  await until(() => server.mails.length === 1, Boolean, "it was not sent");
  const began = Date.now();
  await kithd.stop();
  assert.ok(Date.now() - began < 8000, `it took ${Date.now() - began} ms`);
  assert.equal((await marks()).at(-1), "unsure 1");
});
