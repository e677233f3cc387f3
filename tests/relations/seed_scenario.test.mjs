// Five weeks with one stranger, from a complaint about somebody else's product to a word for us, each stage with its
// evidence: a real kithd, whose clock the test moves (libfaketime; its timers go on as ever).
import assert from "node:assert/strict";
import {existsSync} from "node:fs";
import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {Kithd, source, until} from "../support/kith.mjs";
import {Loopback} from "../support/loopback.mjs";

const library = ["x86_64", "aarch64", "riscv64"].map(cpu => `/usr/lib/${cpu}-linux-gnu/faketime/libfaketime.so.1`).find(existsSync);
const start = Date.parse("2026-03-02T10:00:00Z");
const day = 24 * 3600 * 1000;
let platform, kithd, clock, moved = 0;

/// The daemon's time and the platform's: from now on so many days after the start.
async function onDay(n) {
  moved = start + n * day - Date.now();
  await writeFile(clock, `${moved < 0 ? "-" : "+"}${Math.abs(Math.round(moved / 1000))}`);
}

before(async () => {
  assert.ok(library, "install the package faketime");
  platform = await new Loopback().start();
  platform.now = () => new Date(Date.now() + moved).toISOString();
  kithd = await Kithd.make({
    accounts: `  - id: square\n    platform: loopback\n    url: ${platform.url}\n`,
    playbooks: join(source, "tests/relations/playbooks"),
  });
  clock = join(kithd.folder, "clock");
  await onDay(0);
  await kithd.start({LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: clock, FAKETIME_NO_CACHE: "1", FAKETIME_DONT_FAKE_MONOTONIC: "1"});
});
after(async () => {
  await kithd?.remove();
  await platform?.stop();
});

/// Where ann stands, once it is `stage`.
const stands = (stage, who = "ann") => until(async () => (await kithd.api("GET", `/contacts/${who}`)).body,
  c => c.stages?.[0]?.stage === stage, `${who} does not stand at ${stage}`);

/// The offer in the playbook was denied for this message, by the house's pack.
async function noOffer(id) {
  const {body} = await kithd.api("GET", `/messages/${id}`);
  const denied = body.traces.flatMap(t => t.denied).filter(d => d.reply === "pitch");
  assert.equal(denied.length, 1, JSON.stringify(body.traces));
  assert.ok(denied[0].verdict.reasons.some(r => r.says === "deny" && r.rule === "house.offer"), JSON.stringify(denied));
  assert.ok(!body.suggestions.some(s => s.reply.kind === "offer"), "an offer is in the queue");
}

async function helped(id) {
  const s = await kithd.openFor(id);
  assert.equal(s.reply.kind, "help");
  await noOffer(id);
  await kithd.approve(s);
  await kithd.stateIs(s.id, "delivered");
  return platform.replies.find(r => r.to === id).id;
}

test("a stranger becomes an advocate, on evidence, and is sold nothing on the way", async () => {
  platform.say({id: "complaint1", author: "ann", text: "othertool is down again, I have had it", addressed: false, url: "https://example.com/complaint1"});
  const first = await helped("complaint1");
  await stands("attention");

  await onDay(7);
  platform.say({id: "more1", author: "ann", text: "and how do I export my files?", thread: "complaint1", parent: first});
  await stands("attraction");
  const second = await helped("more1");

  await onDay(14);
  platform.say({id: "thanks1", author: "ann", text: "thank you so much, that worked. how do I export it all at once?", thread: "complaint1", parent: second});
  await kithd.openFor("thanks1");
  await noOffer("thanks1");
  await stands("affinity");

  await onDay(16);
  platform.follow("ann", "follow1");
  await stands("audience");

  await onDay(30);
  platform.say({id: "bobs1", author: "bob", text: "how do I reset my password?"});
  await kithd.openFor("bobs1");
  await noOffer("bobs1");
  platform.say({id: "answer1", author: "ann", text: "there is a link on the page where you sign in", thread: "bobs1", parent: "bobs1", addressed: false});
  await stands("advocate");
});

test("explain prints the way, with dates, signals and messages", async () => {
  const {code, out} = await kithd.command("contact", "explain", "ann");
  assert.equal(code, 0);
  const number = async id => (await kithd.get(`/messages/${id}`)).message.id;
  const steps = [
    ["2026-03-02", "none -> attention, by spoke_of_us", `message ${await number("complaint1")}  complaint1  https://example.com/complaint1`],
    ["2026-03-09", "attention -> attraction, by answered_us", `message ${await number("more1")}  more1`],
    ["2026-03-16", "attraction -> affinity, by thanked", `message ${await number("thanks1")}  thanks1`],
    ["2026-03-18", "affinity -> audience, by followed", "follow1"],
    ["2026-04-01", "audience -> advocate, by helped_another", `message ${await number("answer1")}  answer1`],
  ];
  const lines = out.split("\n").map(l => l.trim()).filter(Boolean);
  for (const [date, step, evidence] of steps) {
    const at = lines.findIndex(l => l === `${date}  ${step}`);
    assert.ok(at > 0, `no "${date}  ${step}" in\n${out}`);
    assert.ok(lines[at + 1].startsWith("evidence ") && lines[at + 1].includes(evidence), `no "${evidence}" under it in\n${out}`);
  }
});

test("who stands where the pack allows offers, and asks for one, may be made one, after the help", async () => {
  platform.say({id: "asks1", author: "ann", text: "how do I export it all, and what does the big plan cost?"});
  await kithd.openFor("asks1");
  const {body} = await kithd.api("GET", "/messages/asks1");
  assert.deepEqual(body.suggestions.map(s => s.reply.kind), ["help", "offer"], JSON.stringify(body.traces));
});

test("a restart changes nothing of it, and time alone takes it away again", async () => {
  // All that she said has been heard.
  const {body: {message: {id}}} = await kithd.api("GET", "/messages/asks1");
  await until(() => kithd.get("/contacts/ann/export"), c => c.evidence.some(e => e.message?.id === id), "what she said last is not heard");
  const before = await kithd.get("/contacts/ann");
  await kithd.stop();
  await kithd.start({LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: clock, FAKETIME_NO_CACHE: "1", FAKETIME_DONT_FAKE_MONOTONIC: "1"});
  assert.deepEqual(await kithd.get("/contacts/ann"), before);
  await onDay(30 + 364);
  assert.equal((await stands("advocate")).path.length, 5);
  await onDay(30 + 366);
  const after = await stands("audience");
  assert.deepEqual({why: after.path[5].why, because: after.path[5].because}, {why: "no evidence for 365 days", because: []});
});
