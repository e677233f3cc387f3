// Stop means stop: within a second, whatever waits; and what people record of it.
import assert from "node:assert/strict";
import {cp, rm} from "node:fs/promises";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {Kithd, source, until} from "../support/kith.mjs";
import {Loopback} from "../support/loopback.mjs";

let platform, kithd;
before(async () => {
  platform = await new Loopback().start();
  kithd = await Kithd.make({accounts: `  - id: square\n    platform: loopback\n    url: ${platform.url}\n`});
  await kithd.start();
});
after(async () => {
  await kithd.stop();
  await kithd.remove();
  await platform.stop();
});

const ask = "how do I reset my password?";
const list = async (...args) => JSON.parse((await kithd.command("--json", "opt-outs", "list", ...args)).out).items;
const openFor = id => kithd.openFor(id);
const approve = s => kithd.api("POST", `/suggestions/${s.id}/approve`, {hash: s.hash});

test("all that waits for a contact is withdrawn within a second, approved or not", async () => {
  // The first gets no answer for now, and what is approved behind it waits; in the end the platform refuses it.
  let let_go;
  const held = new Promise(done => { let_go = done; });
  platform.onPost = () => held;
  platform.postFault = "refuse";
  for (let i = 0; i < 20; i += 1) platform.say({id: `w${i}`, author: "wendy", text: ask, thread: `t${i}`});
  platform.say({id: "x1", author: "xaver", text: ask});
  const waiting = [];
  for (let i = 0; i < 20; i += 1) waiting.push(await openFor(`w${i}`));
  for (const s of waiting.slice(0, 10)) assert.equal((await approve(s)).status, 200);
  platform.say({id: "w-stop", author: "wendy", text: "@us please STOP 🙏"});
  const said = Date.now();
  const heard = await until(() => list(), all => all.some(o => o.contact.id === "wendy"), "not heard");
  const states = await Promise.all(waiting.map(s => kithd.get(`/suggestions/${s.id}`).then(x => x.state)));
  const took = Date.now() - said;
  assert.ok(took < 1000, `it took ${took} ms`);
  // At most the one that was just being tried is still there; it is not tried again.
  assert.ok(states.filter(s => s === "sending").length <= 1, JSON.stringify(states));
  assert.ok(states.every(s => s === "withdrawn" || s === "sending"), JSON.stringify(states));
  assert.equal(heard[0].how, "words");
  assert.equal(heard[0].language, "en");
  let_go();
  const ends = [];
  for (const s of waiting) ends.push((await until(() => kithd.get(`/suggestions/${s.id}`), x => x.state !== "sending", `${s.id} is still under way`)).state);
  assert.equal(ends.filter(s => s === "withdrawn").length, states.filter(s => s === "withdrawn").length, JSON.stringify(ends));
  assert.deepEqual(platform.replies.filter(r => r.to.startsWith("w")), []);
  platform.onPost = null;
  platform.postFault = null;
  assert.equal((await openFor("x1")).state, "open", "others are not touched");
});

test("what a platform repeats does not undo what was asked since", async () => {
  platform.say({id: "y1", author: "yves", text: "arrêtez svp"});
  await until(() => list(), all => all.some(o => o.contact.id === "yves"), "not heard");
  platform.say({id: "y2", author: "yves", text: "Vous pouvez m'écrire à nouveau"});
  await until(() => list(), all => !all.some(o => o.contact.id === "yves"), "not lifted");
  platform.repeat(platform.events.findIndex(e => e.id === "y1") + 1);
  platform.say({id: "y3", author: "yves", text: ask});
  assert.equal((await openFor("y3")).state, "open");
  assert.ok(!(await list()).some(o => o.contact.id === "yves"));
});

test("a person notes an opt-out, and lifts it with a reason", async () => {
  platform.say({id: "z1", author: "zoe", text: ask});
  const s = await openFor("z1");
  const nobody = await kithd.command("opt-outs", "add", "square", "zora", "--reason", "by phone");
  assert.equal(nobody.code, 1);
  assert.match(nobody.err, /nobody called 'zora' has written to square/);
  assert.equal((await kithd.command("opt-outs", "add", "square", "@zoe", "--reason", " ")).code, 1);
  const added = await kithd.command("--json", "opt-outs", "add", "square", "@zoe", "--reason", "by phone");
  assert.equal(added.code, 0, added.err);
  const {id} = JSON.parse(added.out);
  await kithd.stateIs(s.id, "withdrawn");
  assert.match((await kithd.get(`/suggestions/${s.id}`)).reason, /asked us to stop, as .* noted/);
  const twice = await kithd.command("opt-outs", "add", "square", "zoe", "--reason", "by phone");
  assert.match(twice.err, /noted already/);

  assert.notEqual((await kithd.command("opt-outs", "lift", String(id))).code, 0, "a reason is needed");
  const lifted = await kithd.command("opt-outs", "lift", String(id), "--reason", "wrote us a letter");
  assert.equal(lifted.code, 0, lifted.err);
  assert.match((await kithd.command("opt-outs", "lift", String(id), "--reason", "again")).err, /was lifted by/);
  platform.say({id: "z2", author: "zoe", text: ask});
  assert.equal((await openFor("z2")).state, "open");
  const all = await list("--state", "all");
  assert.equal(all.find(o => o.id === id).lift_reason, "wrote us a letter");
});

test("the list can be taken elsewhere, as lines of JSON and as CSV", async () => {
  platform.say({id: "f1", author: "=cmd", text: "unsubscribe"});
  await until(() => list(), all => all.some(o => o.contact.id === "=cmd"), "not heard");
  const lines = (await kithd.command("opt-outs", "export", "--state", "all")).out.trim().split("\n").map(l => JSON.parse(l));
  const ids = lines.map(o => o.id);
  assert.deepEqual(ids, [...ids].sort((a, b) => a - b));
  assert.ok(lines.some(o => o.contact.id === "wendy") && lines.some(o => o.lifted_by === "contact"));
  const csv = (await kithd.command("opt-outs", "export", "--csv")).out.split("\r\n");
  assert.equal(csv[0], "id,account,contact,handle,how,asked_at,noted_by,reason,lifted_at,lifted_by,lift_reason");
  assert.ok(csv.some(l => l.includes(`"'=cmd"`)), "no field runs as a formula");
  assert.equal((await kithd.command("opt-outs", "list", "--state", "nonsense")).code, 1);
});

test("an opt-out outlives a restart", async () => {
  await kithd.stop();
  await kithd.start();
  platform.say({id: "w-later", author: "wendy", text: ask, thread: "later"});
  const h = await until(() => kithd.api("GET", "/messages/w-later"), r => r.body?.traces?.length > 0, "not judged");
  assert.deepEqual(h.body.suggestions, []);
  assert.ok(h.body.record.some(r => r.act === "no suggestion" && r.detail.includes("asked us to stop")), JSON.stringify(h.body.record));
});

test("whoever asks to be left alone is heard although the house's words are broken", async () => {
  const place = await new Loopback().start();
  const broken = await Kithd.make({policies: "policies", accounts: `  - id: square\n    platform: loopback\n    url: ${place.url}\n`});
  try {
    await cp(join(source, "policies"), join(broken.folder, "policies"), {recursive: true});
    await rm(join(broken.folder, "policies/words"), {recursive: true});
    await broken.start();
    place.say({id: "b1", author: "bea", text: "Stopp!"});
    const heard = await until(() => broken.get("/opt-outs"), all => all.items.length > 0, "not heard");
    assert.equal(heard.items[0].contact.id, "bea");
    await broken.stop();
  } finally {
    await broken.remove();
    await place.stop();
  }
});
