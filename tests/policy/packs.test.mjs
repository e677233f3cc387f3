// Packs that are missing, broken or expired: nothing is suggested or sent, everybody is told, and what came meanwhile is
// judged again once they are mended.
import assert from "node:assert/strict";
import {execFile} from "node:child_process";
import {cp, readFile, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {afterEach, beforeEach, test} from "node:test";
import {promisify} from "node:util";
import {Kithd, source, until} from "../support/kith.mjs";
import {Loopback} from "../support/loopback.mjs";

let platform, kithd, policies;
const file = name => join(policies, name);

beforeEach(async () => {
  platform = await new Loopback().start();
  kithd = await Kithd.make({policies: "policies", accounts: `  - id: square\n    platform: loopback\n    url: ${platform.url}\n`});
  policies = join(kithd.folder, "policies");
  await cp(join(source, "policies"), policies, {recursive: true});
});
afterEach(async () => {
  await kithd.remove();
  await platform.stop();
});

const ask = id => platform.say({id, author: "ann", text: "how do I reset my password?"});
const judged = id => until(async () => (await kithd.api("GET", `/messages/${id}`)).body, m => m?.traces?.length > 0, `${id} was not judged`);
const pack = async name => (await kithd.get("/status")).packs.find(p => p.id === name);

async function reload(done) {
  kithd.child.kill("SIGHUP");
  await until(() => kithd.get("/status"), done, "not reloaded");
}

async function check() {
  try {
    await promisify(execFile)(process.env.KITHD ?? join(source, "build/dev/kithd"), ["--config", kithd.config, "--check"]);
    return "";
  } catch (e) {
    assert.equal(e.code, 2);
    return e.stderr;
  }
}

test("a broken pack at the start denies and is told of; mended, it has the messages judged again", async () => {
  const good = await readFile(file("loopback.yaml"), "utf8");
  await writeFile(file("loopback.yaml"), good + "colour: red\n");
  assert.match(await check(), /loopback\.yaml:9:1: .*'colour'/);
  await kithd.start();
  ask("m1");
  const m = await judged("m1");
  const [denied] = m.traces[0].denied;
  const spoke = denied.verdict.reasons.find(r => r.rule === "loopback.in-force");
  assert.equal(spoke.says, "deny");
  assert.match(spoke.why, /loopback\.yaml:9:1: .*'colour'/);
  assert.equal((await pack("loopback")).in_force, false);
  assert.equal((await pack("house")).in_force, true);
  const {out} = await kithd.command("status");
  assert.match(out, /pack loopback: NOTHING IS SENT: .*'colour'/);
  assert.equal(kithd.log.match(/nothing is sent/g).length, 1);
  assert.deepEqual(await kithd.suggestions(), []);

  await writeFile(file("loopback.yaml"), good);
  await reload(s => s.packs.every(p => p.in_force));
  const s = await kithd.openFor("m1");
  await kithd.approve(s);
  await kithd.stateIs(s.id, "delivered");
  assert.match(kithd.log, /loopback: its packs are in force again/);
});

test("a broken pack at a reload leaves the old set in force", async () => {
  await kithd.start();
  const before = await pack("house");
  await writeFile(file("house.yaml"), "pack: house\nrules: no\n");
  await reload(s => s.playbooks.errors.some(e => e.includes("house.yaml:2:8")));
  assert.deepEqual(await pack("house"), before);
  ask("m1");
  await kithd.openFor("m1");
});

test("an expired pack denies, and says how to mend it", async () => {
  const good = await readFile(file("house.yaml"), "utf8");
  await writeFile(file("house.yaml"), good.replace(/checked: .*/, "checked: 2020-01-01").replace(/expires: .*/, "expires: 2020-06-30"));
  assert.match(await check(), /house\.yaml: the pack expired on 2020-06-30; compare it/);
  await kithd.start();
  ask("m1");
  await judged("m1");
  const house = await pack("house");
  assert.equal(house.in_force, false);
  assert.match(house.detail, /expired on 2020-06-30: compare .* set `checked` and `expires`, and reload/);
  await writeFile(file("house.yaml"), good);
  await reload(s => s.packs.every(p => p.in_force));
  await kithd.openFor("m1");
});

test("without packs or words nothing is sent", async () => {
  await rm(policies, {recursive: true});
  assert.match(await check(), /loopback\.yaml: the pack is missing/);
  await kithd.start();
  ask("m1");
  await judged("m1");
  assert.deepEqual(await kithd.suggestions(), []);
  assert.equal((await pack("house")).in_force, false);
});

test("what waits for a person gets the word of the packs that are in force now", async () => {
  await kithd.start();
  ask("m1");
  const s = await kithd.openFor("m1");
  const [house] = s.verdict.packs;
  assert.match(house, /^house@[0-9a-f]{12}$/);
  const good = await readFile(file("house.yaml"), "utf8");
  await writeFile(file("house.yaml"), good.replace("at_most: 7d", "at_most: 6d"));
  await reload(status => `house@${status.packs[0].revision}` !== house);
  const anew = await until(() => kithd.get(`/suggestions/${s.id}`), x => x.verdict.packs[0] !== house, "it was not judged again");
  const old = await kithd.api("POST", `/suggestions/${s.id}/approve`, {hash: s.hash});
  assert.equal(old.status, 409, "nobody approves by packs that are no longer in force");
  await kithd.approve(anew);
  await kithd.stateIs(s.id, "delivered");
});

test("nothing is answered where a colleague has just answered", async () => {
  await kithd.start();
  ask("m1");
  const s = await kithd.openFor("m1");
  platform.colleague({id: "h1", text: "I have sent you a link, Ann.", thread: "m1"});
  await kithd.approve(s);
  const back = await until(() => kithd.get(`/suggestions/${s.id}`), x => x.changed.length > 0, "it did not come back");
  assert.equal(back.verdict.reasons.find(r => r.rule === "house.colleague").says, "deny");
  assert.equal(platform.replies.length, 0);
});

test("an account that must be marked as automated is asked for at the start, and again", async () => {
  const good = await readFile(file("loopback.yaml"), "utf8");
  await writeFile(file("loopback.yaml"), good.replace("rules: []",
    "rules:\n  - id: label\n    automation_label: {}\n    source: house\n    date: 2026-11-23\n    why: say what you are\n"));
  platform.automated = false;
  await kithd.start();
  ask("m1");
  const m = await judged("m1");
  assert.ok(m.traces[0].denied[0].verdict.reasons.some(r => r.rule === "loopback.label" && r.says === "deny"));
  assert.equal((await kithd.get("/status")).accounts[0].automation_label, "absent");
  platform.automated = true;
  await kithd.stop();
  await kithd.start();
  const s = await kithd.openFor("m1");
  assert.equal(s.verdict.reasons.find(r => r.rule === "loopback.label").says, "allow");
});

test("kith check finds a pitch under another name, by the same words", async () => {
  const playbooks = join(kithd.folder, "playbooks");
  await cp(join(source, "playbooks"), playbooks, {recursive: true});
  const clean = await kithd.command("check", playbooks, "--policies", policies);
  assert.equal(clean.code, 0, clean.out);
  const thanks = join(playbooks, "thank-you.yaml");
  await writeFile(thanks, (await readFile(thanks, "utf8")).replace(/en: "?/, m => `${m}Buy now! `));
  const {code, out} = await kithd.command("check", playbooks, "--policies", policies);
  assert.equal(code, 2, out);
  assert.match(out, /thank-you\.yaml:\d+:\d+: the reply '.*' is of kind \w+ and says 'Buy now', which house\.promotion forbids/);
});
