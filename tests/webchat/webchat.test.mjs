// The webchat platform as a whole: a real kithd, WebSockets by the `ws` client and by hand.
import assert from "node:assert/strict";
import {randomUUID} from "node:crypto";
import {createRequire} from "node:module";
import net from "node:net";
import {after, afterEach, before, test} from "node:test";
import {Kithd, until} from "../support/kith.mjs";

const WebSocket = createRequire(new URL("../browser/package.json", import.meta.url))("ws");
const origin = "https://www.example.com";
let kithd;

before(async () => {
  kithd = await Kithd.make({accounts:
    `  - id: chat\n    platform: webchat\n    origins: [${origin}]\n    text_limit: 200\n    rate: {burst: 3, every: 1s}\n` +
    "    quiet: {after: 5s, text: We are out to lunch.}\n"});
  await kithd.start();
});
after(() => kithd.remove());
afterEach(async () => assert.equal((await kithd.get("/status")).accounts[0].state, "running", "it harmed the others"));

/// A visitor's page: what a widget does, in few lines.
class Visitor {
  frames = [];
  constructor(token, seen = 0) {
    this.token = token;
    this.socket = new WebSocket(`${kithd.base.replace("http", "ws")}/webchat/chat/socket`, "kith.webchat.1", {origin});
    this.closed = new Promise(done => this.socket.once("close", (code, reason) => done({code, reason: reason.toString()})));
    this.socket.on("error", () => {});
    this.socket.on("message", d => this.frames.push(JSON.parse(d)));
    this.socket.on("open", () => this.send({type: "hello", visitor: token, after: seen, lang: "en", page: `${origin}/help`}));
  }
  send(frame) { this.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame)); }
  say(text, id = randomUUID()) { this.send({type: "say", id, text}); return id; }
  /// The first frame that fits.
  get(fits, what) { return until(() => this.frames.find(fits), Boolean, what ?? "no such frame"); }
  async welcome() {
    const w = await this.get(f => f.type === "welcome", "no welcome");
    this.token = w.visitor;
    return w;
  }
  acked(id) { return this.get(f => f.type === "ack" && f.id === id, `no ack for ${id}`); }
  close() { this.socket.close(); return this.closed; }
}

const suggestionFor = text => until(async () => (await kithd.suggestions()).find(s => s.message.text === text), Boolean, `no suggestion for ${text}`);

test("a visitor asks, a person approves, the answer appears, also after a reload", async () => {
  const ann = new Visitor();
  const w = await ann.welcome();
  assert.deepEqual(w.quiet, {after_seconds: 5, text: "We are out to lunch."});
  assert.equal(w.limits.text, 200);
  const id = ann.say("how do I reset my password?");
  await ann.acked(id);
  const s = await suggestionFor("how do I reset my password?");
  await kithd.approve(s);
  const answer = await ann.get(f => f.type === "message" && f.from === "staff", "no answer");
  assert.equal(answer.text, s.text);
  assert.equal(answer.name, "Example Ltd");
  await ann.close();
  const again = new Visitor(ann.token);
  const thread = (await again.welcome()).messages;
  assert.deepEqual(thread.map(m => [m.from, m.text]), [["visitor", "how do I reset my password?"], ["staff", s.text]]);
  assert.equal(thread[0].id, id, "a widget knows its own message by its id");
  await again.close();
  await kithd.stateIs(s.id, "delivered");
});

test("a message sent again after a lost acknowledgement is there once", async () => {
  const ann = new Visitor();
  await ann.welcome();
  const id = ann.say("I forgot my password, twice");
  const first = await ann.acked(id);
  ann.socket.terminate();
  const again = new Visitor(ann.token, 0);
  await again.welcome();
  again.say("I forgot my password, twice", id);
  assert.equal((await again.acked(id)).seq, first.seq);
  await suggestionFor("I forgot my password, twice");
  assert.equal((await kithd.suggestions()).filter(s => s.message.text === "I forgot my password, twice").length, 1);
  await again.close();
});

test("two visitors do not see each other, even with the same message id", async () => {
  const ann = new Visitor(), bob = new Visitor();
  await ann.welcome();
  await bob.welcome();
  const id = ann.say("I am Ann");
  await ann.acked(id);
  bob.say("I am Bob", id);
  await bob.acked(id);
  await bob.get(f => f.type === "message" && f.text === "I am Bob");
  assert.ok(!bob.frames.some(f => f.text === "I am Ann"));
  await ann.close();
  await bob.close();
});

test("too long, too fast, empty and control characters are refused one by one, and the link goes on", async () => {
  const ann = new Visitor();
  await ann.welcome();
  const refused = async (id, code) => assert.equal((await ann.get(f => f.type === "error" && f.id === id)).code, code);
  await refused(ann.say("x".repeat(201)), "too_long");
  await refused(ann.say("  \n "), "empty");
  await refused(ann.say("a\u0000b"), "bad_text");
  await ann.acked(ann.say("😀".repeat(200)));  // characters, not bytes
  ann.say("two");
  ann.say("three");
  const fourth = ann.say("four");
  await refused(fourth, "too_fast");
  await until(() => { ann.say("five", "five"); return ann.frames.some(f => f.type === "ack" && f.id === "five"); }, Boolean, "never again", 15_000, 500);
  await ann.close();
});

test("garbage, binary frames and frames that are too large end the link with a code that says so", async () => {
  const cases = [
    [v => v.send("not json"), 1008],
    [v => v.send({type: "shout"}), 1008],
    [v => v.send("[".repeat(2000)), 1008],
    [v => v.send({type: "hello"}), 1008],
    [v => v.socket.send(Buffer.from([1, 2, 3])), 1003],
    [v => v.send({type: "say", id: "x", text: "y".repeat(20_000)}), 1009],
  ];
  for (const [act, code] of cases) {
    const v = new Visitor();
    await v.welcome();
    act(v);
    assert.equal((await v.closed).code, code, act.toString());
  }
});

test("twenty refused messages end the link", async () => {
  const v = new Visitor();
  await v.welcome();
  for (let i = 0; i < 20; ++i) v.say("");
  assert.equal((await v.closed).code, 1008);
});

test("a site that is not on the list gets no chat", async () => {
  for (const from of ["https://evil.example", "null", `${origin}.evil.example`, undefined]) {
    const socket = new WebSocket(`${kithd.base.replace("http", "ws")}/webchat/chat/socket`, "kith.webchat.1", from ? {origin: from} : {});
    const status = await new Promise(done => {
      socket.on("unexpected-response", (_, response) => { done(response.statusCode); socket.terminate(); });
      socket.on("open", () => done("open"));
      socket.on("error", () => {});
    });
    assert.equal(status, 403, String(from));
  }
});

/// A raw socket that has done the handshake.
async function raw() {
  const {port} = new URL(kithd.base);
  const socket = net.connect(Number(port), "127.0.0.1");
  let heard = Buffer.alloc(0);
  socket.on("data", d => { heard = Buffer.concat([heard, d]); });
  socket.on("error", () => {});
  const closed = new Promise(done => socket.once("close", done));
  socket.write(`GET /webchat/chat/socket HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
    `Origin: ${origin}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: kith.webchat.1\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`);
  await until(() => heard.includes("101 Switching"), Boolean, "no handshake");
  return {socket, closed, heard: () => heard};
}

test("bytes that are no frame, an unmasked frame and half a frame harm nobody else", async () => {
  const ann = new Visitor();
  await ann.welcome();
  const noise = await raw();
  noise.socket.write(Buffer.alloc(4096, 0xff));
  await noise.closed;
  const unmasked = await raw();
  unmasked.socket.write(Buffer.from([0x81, 0x02, 0x68, 0x69]));
  await unmasked.closed;
  const half = await raw();  // a header that promises 100 bytes, and four of them
  half.socket.write(Buffer.from([0x81, 0xe4, 1, 2, 3, 4, 5, 6, 7, 8]));
  await ann.acked(ann.say("still here?"));
  await half.closed;  // it never said hello: the server hangs up
  await ann.acked(ann.say("and now?"));
  await ann.close();
}, {timeout: 40_000});

test("a visitor's message is on disk before it is acknowledged, and lives through a kill", async () => {
  const ann = new Visitor();
  await ann.welcome();
  await ann.acked(ann.say("password reset please, before the kill"));
  await kithd.kill();
  await kithd.start();
  await suggestionFor("password reset please, before the kill");
  const again = new Visitor(ann.token);
  assert.equal((await again.welcome()).messages.length, 1);
  await again.close();
});

for (const point of ["deliver.before_intent", "deliver.after_intent", "deliver.before_record"]) {
  test(`killed at ${point}: the visitor sees exactly one answer after the restart`, async () => {
    await kithd.stop();
    await kithd.start({KITH_KILL_AT: point});
    const ann = new Visitor();
    await ann.welcome();
    const text = `how do I reset my password? (${point})`;
    await ann.acked(ann.say(text));
    const s = await suggestionFor(text);
    await kithd.approve(s);
    assert.equal((await kithd.ended).signal, "SIGKILL");
    await kithd.start();
    await kithd.stateIs(s.id, "delivered");
    const again = new Visitor(ann.token);
    assert.deepEqual((await again.welcome()).messages.map(m => m.from), ["visitor", "staff"]);
    await again.close();
  });
}
