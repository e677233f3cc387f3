// Accounts, packs and reloading, as administrators have them.
import assert from "node:assert/strict";
import {appendFile, cp, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {Kithd, source, until} from "../support/kith.mjs";
import {Loopback} from "../support/loopback.mjs";

let platform, kithd;

before(async () => {
  platform = await new Loopback().start();
  kithd = await Kithd.make({playbooks: "playbooks", accounts: `  - id: square\n    platform: loopback\n    url: ${platform.url}\n`});
  await cp(join(source, "playbooks"), join(kithd.folder, "playbooks"), {recursive: true});
  await kithd.start();
});
after(async () => {
  await kithd.remove();
  await platform.stop();
});

const state = () => kithd.get("/accounts/square");

test("an account tells how it stands, and what it missed", async () => {
  await until(state, a => a.state === "running");
  platform.say({id: "m1", author: "ann", text: "how do I reset my password?"});
  await kithd.openFor("m1");
  platform.gap(new Date(Date.now() - 60_000).toISOString(), new Date(Date.now() - 30_000).toISOString(), "away");
  const a = await until(state, s => s.recent_gaps.length === 1);
  assert.deepEqual([a.id, a.platform, a.gaps, a.paused, a.packs], ["square", "loopback", 1, null, null]);
  assert.equal(a.recent_gaps[0].cause, "away");
  assert.equal(a.recent_states.at(-1).state, "running");
  assert.deepEqual(a.budgets, []);
  const list = await kithd.get("/accounts");
  assert.equal(list.next, null);
  assert.equal(list.items[0].id, "square");
  assert.equal((await kithd.api("GET", "/accounts/nowhere")).status, 404);
});

test("a pause is told with who and why", async () => {
  await kithd.api("POST", "/brakes/stop", {what: "account", id: "square", reason: "a trial"});
  const {paused} = await state();
  assert.equal(paused.reason, "a trial");
  await kithd.api("POST", "/brakes/resume", {what: "account", id: "square"});
  assert.equal((await state()).paused, null);
});

test("a reconnect makes the link anew, at once also where it waits", async () => {
  const first = (await state()).since;
  const done = await kithd.api("POST", "/accounts/square/reconnect", {});
  assert.equal(done.status, 200, JSON.stringify(done.body));
  await until(state, a => a.state === "running" && a.since > first);
  platform.say({id: "m2", author: "bob", text: "how do I reset my password?"});
  await kithd.openFor("m2");
  assert.equal((await kithd.api("POST", "/accounts/nowhere/reconnect", {})).status, 404);
});

test("packs are shown with what is in them", async () => {
  const {items} = await kithd.get("/packs");
  const house = items.find(p => p.id === "house");
  assert.equal(house.in_force, true);
  assert.equal(house.detail, null);
  assert.ok(house.pack.days_left > 0 && house.pack.rules.length > 0);
  assert.match(house.pack.expires, /^\d{4}-\d\d-\d\d$/);
  assert.deepEqual(Object.keys(house.pack.rules[0]).sort(), ["date", "id", "source", "then", "why"]);
});

test("a reload says what is wrong, and leaves the old set in force", async () => {
  const file = join(kithd.folder, "playbooks/sign-in-trouble.yaml");
  const good = await readFile(file, "utf8");
  const before = (await kithd.get("/status")).playbooks.count;
  await appendFile(file, "\ncolour: red\n");
  const broken = await kithd.api("POST", "/reload", {});
  assert.equal(broken.status, 200, JSON.stringify(broken.body));
  assert.equal(broken.body.reloaded, false);
  assert.equal(broken.body.playbooks.count, before);
  const [e] = broken.body.errors;
  assert.match(e.file, /sign-in-trouble\.yaml$/);
  assert.match(e.what, /colour/);
  assert.ok(e.line > 1 && e.column === 1 && e.mend.length > 0);
  await writeFile(file, good);
  const mended = await kithd.api("POST", "/reload", {});
  assert.deepEqual([mended.body.reloaded, mended.body.errors], [true, []]);
  assert.ok(mended.body.playbooks.loaded_at > broken.body.playbooks.loaded_at);
});
