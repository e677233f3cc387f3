// Starting, checking and reloading: a bad playbook or configuration never takes a running set down.
import assert from "node:assert/strict";
import {execFile} from "node:child_process";
import {cp, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {promisify} from "node:util";
import {Kithd, source, until} from "../support/kith.mjs";
import {Loopback} from "../support/loopback.mjs";

let platform, kithd, playbooks;

before(async () => {
  platform = await new Loopback().start();
  kithd = await Kithd.make({playbooks: "playbooks", accounts: `  - id: square\n    platform: loopback\n    url: ${platform.url}\n`});
  playbooks = join(kithd.folder, "playbooks");
  await cp(join(source, "playbooks"), playbooks, {recursive: true});
  await kithd.start();
});
after(async () => {
  await kithd.remove();
  await platform.stop();
});

const loadedAt = async () => (await kithd.get("/status")).playbooks.loaded_at;
const file = () => join(playbooks, "sign-in-trouble.yaml");

async function run(...args) {
  try {
    const {stdout} = await promisify(execFile)(process.env.KITHD ?? join(source, "build/dev/kithd"), args);
    return {code: 0, out: stdout};
  } catch (e) {
    return {code: e.code, out: e.stdout + e.stderr};
  }
}

test("--check says that all is in order, or what is not, and exits", async () => {
  assert.deepEqual((await run("--config", kithd.config, "--check")).code, 0);
  const broken = join(kithd.folder, "broken.yaml");
  await writeFile(broken, (await readFile(kithd.config, "utf8")) + "    colour: red\n");
  const {code, out} = await run("--config", broken, "--check");
  assert.equal(code, 2);
  assert.match(out, /broken\.yaml:\d+:5: .*'colour'.*; /);
  const start = await run("--config", broken);
  assert.equal(start.code, 2, "it must not start with it either");
});

test("a broken playbook at a reload leaves the old set in force, says where, and a mended one takes over", async () => {
  const good = await readFile(file(), "utf8");
  const before = await loadedAt();
  await writeFile(file(), good.replace("owner: support", "ownr: support"));
  kithd.child.kill("SIGHUP");
  const status = await until(() => kithd.get("/status"), s => s.playbooks.errors.length > 0, "no error shown");
  assert.ok(status.playbooks.errors.some(e => /sign-in-trouble\.yaml:3:1: .*ownr/.test(e)), JSON.stringify(status.playbooks.errors));
  assert.match(kithd.log, /the old ones stay in force/);
  assert.equal(await loadedAt(), before);
  platform.say({id: "m1", author: "ann", text: "how do I reset my password?"});
  await kithd.openFor("m1");

  await writeFile(file(), good.replace("title: Cannot sign in", "title: Signing in"));
  kithd.child.kill("SIGHUP");
  await until(loadedAt, at => at !== before, "not reloaded");
  assert.deepEqual((await kithd.get("/status")).playbooks.errors, []);
  platform.say({id: "m2", author: "bob", text: "how do I reset my password?"});
  assert.equal((await kithd.openFor("m2")).playbook.title, "Signing in");
});

test("an approval under an older revision of the playbook goes back to the queue", async () => {
  const s = await kithd.openFor("m1");
  await kithd.approve(s);
  const back = await until(async () => (await kithd.suggestions()).find(x => x.id === s.id && x.changed.length > 0));
  assert.match(back.changed.join(), /playbook's revision changed/);
  await kithd.approve(back);
  await kithd.stateIs(s.id, "delivered");
  assert.equal(platform.replies.length, 1);
});

test("a retired playbook withdraws what was approved under it", async () => {
  const s = await kithd.openFor("m2");
  const before = await loadedAt();
  await writeFile(file(), (await readFile(file(), "utf8")).replace("status: live", "status: retired"));
  kithd.child.kill("SIGHUP");
  await until(loadedAt, at => at !== before);
  await kithd.approve(s);
  await kithd.stateIs(s.id, "withdrawn");
  assert.equal(platform.replies.length, 1);
});

test("a broken playbook at the start is an error that names the place", async () => {
  await kithd.stop();
  await writeFile(join(playbooks, "extra.yaml"), "id: extra\n");
  const {code, out} = await run("--config", kithd.config);
  assert.equal(code, 2);
  assert.match(out, /extra\.yaml:\d+:\d+: .+; .+/);
});
