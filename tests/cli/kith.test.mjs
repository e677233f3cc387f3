// The kith command against a running daemon: what people read, and --json for what programs read.
import assert from "node:assert/strict";
import {execFile} from "node:child_process";
import {chmod, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {Kithd, kith, source, until} from "../support/kith.mjs";
import {Loopback} from "../support/loopback.mjs";

let platform, kithd;

before(async () => {
  platform = await new Loopback().start();
  kithd = await Kithd.make({accounts: `  - id: square\n    platform: loopback\n    url: ${platform.url}\n`});
  await kithd.start();
});
after(async () => {
  await kithd.remove();
  await platform.stop();
});

async function ok(...args) {
  const {code, out, err} = await kithd.command(...args);
  assert.equal(code, 0, err);
  return out;
}
const json = async (...args) => JSON.parse(await ok("--json", ...args));

async function ask(id, text = "how do I reset my password?") {
  platform.say({id, author: "ann", text});
  return kithd.openFor(id);
}

test("status shows the accounts, the playbooks and the queue", async () => {
  const out = await ok("status");
  assert.match(out, /square +loopback +running/);
  assert.match(out, /playbooks: 8, 6 live/);
  assert.equal((await json("status")).accounts[0].id, "square");
});

test("queue list, show and approve", async () => {
  const s = await ask("m1");
  assert.match(await ok("queue", "list"), new RegExp(`${s.id} +open +.*sign-in-trouble/steps.*how do I reset`));
  const shown = await ok("queue", "show", String(s.id));
  assert.match(shown, /'reset my password' at bytes 9-26/);
  assert.match(shown, /verdict: allow/);
  assert.equal((await json("queue", "show", String(s.id))).hash, s.hash);
  await ok("queue", "approve", String(s.id));
  await kithd.stateIs(s.id, "delivered");
  assert.match(await ok("queue", "list", "--state", "closed"), /delivered/);
  assert.equal((await json("queue", "list")).items.length, 0);
});

test("queue edit, and approve with the hash of what was seen", async () => {
  const s = await ask("m2");
  const edited = await json("queue", "edit", String(s.id), "Hello Ann.");
  assert.equal(edited.text, "Hello Ann.");
  const stale = await kithd.command("queue", "approve", String(s.id), "--hash", s.hash);
  assert.equal(stale.code, 1);
  assert.match(stale.err, /changed since it was shown/);
  await ok("queue", "approve", String(s.id), "--hash", edited.hash);
  await until(() => platform.replies.find(r => r.to === "m2"));
  assert.equal(platform.replies.find(r => r.to === "m2").text, "Hello Ann.");
});

test("queue reject needs a reason", async () => {
  const s = await ask("m3");
  assert.equal((await kithd.command("queue", "reject", String(s.id))).code, 2);
  assert.match(await ok("queue", "reject", String(s.id), "--reason", "not for us"), /rejected: not for us/);
});

test("why finds a message by its number and by its address, and tells all", async () => {
  const {message} = await json("why", "m1");
  const out = await ok("why", String(message.id));
  for (const part of ["playbook sign-in-trouble, revision ", "'reset my password' at bytes 9-26", "verdict: allow", "decided by: ", "posted: r1", "approved"])
    assert.ok(out.includes(part), `no ${part} in ${out}`);
  const none = await kithd.command("why", "nonsense");
  assert.equal(none.code, 1);
  assert.match(none.err, /there is no message 'nonsense'/);
});

test("what a contact wrote cannot steer a terminal", async () => {
  const s = await ask("m4", "how do I reset my password?\u001b[2J\u0007\u202e");
  const out = await ok("queue", "show", String(s.id)) + await ok("queue", "list") + await ok("why", "m4");
  assert.doesNotMatch(out, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
});

test("a user whom the kernel does not name may look and not decide", async t => {
  if (process.getuid() !== 0) return t.skip("only root can become another user");
  const s = await ask("m5");
  await chmod(kithd.folder, 0o755);
  const as = (...args) => new Promise(done => execFile("setpriv", ["--reuid=65534", "--regid=0", "--clear-groups", kith, "--socket", kithd.socket, ...args],
    (e, out, err) => done({code: e?.code ?? 0, out, err})));
  assert.equal((await as("queue", "show", String(s.id))).code, 0);
  const no = await as("queue", "approve", String(s.id));
  assert.equal(no.code, 1);
  assert.match(no.err, /a decision needs a name/);
  assert.equal((await kithd.openFor("m5")).id, s.id);
});

test("check needs no daemon: playbooks in order, and each mistake with its place", async () => {
  const away = new Kithd();
  away.socket = "/nonexistent/kith.sock";
  const good = await away.command("check", join(source, "playbooks"));
  assert.equal(good.code, 0, good.err);
  assert.match(good.out, /8 playbooks and \d+ answers are in order, \d+ tests pass/);
  await writeFile(join(kithd.folder, "bad.yaml"), "id: bad\nowner: x\nwhen: {any: [{regex: '(a)\\\\1'}]}\n");
  const bad = await away.command("--json", "check", kithd.folder);
  assert.equal(bad.code, 2);
  assert.ok(JSON.parse(bad.out).findings.every(f => f.line > 0 && f.mend.length > 0), bad.out);
  const status = await away.command("status");
  assert.equal(status.code, 1);
  assert.match(status.err, /kithd does not answer on \/nonexistent\/kith\.sock/);
});
