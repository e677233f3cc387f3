// kith stop and kith resume against a running daemon.
import assert from "node:assert/strict";
import {after, before, test} from "node:test";
import {Kithd, seen, until} from "../support/kith.mjs";
import {Loopback} from "../support/loopback.mjs";

let platform, kithd;

before(async () => {
  platform = await new Loopback().start();
  kithd = await Kithd.make({accounts: `  - id: square\n    platform: loopback\n    url: ${platform.url}\n` +
    "brakes:\n  rejections: {over: 50%, of_last: 2}\n"});
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

async function ask(id, text = "how do I reset my password?") {
  platform.say({id, author: id, text});
  return kithd.openFor(id);
}

test("what is stopped is not sent until a person resumes it, and then at once", async () => {
  const posted = [];
  platform.onPost = async () => { posted.push(Date.now()); };
  const waiting = [await ask("m1"), await ask("m2"), await ask("m3")];
  const began = Date.now();
  assert.match(await ok("stop", "account", "square", "--reason", "the site is down"), /STOPPED {2}account square, by .* since .*: the site is down/);
  assert.ok(Date.now() - began < 1000, "a stop takes under a second");
  for (const s of waiting) await kithd.approve(s);
  assert.match(await ok("status"), /STOPPED {2}account square/);
  const resumed = Date.now();
  assert.match(await ok("resume", "account", "square"), /nothing is stopped/);
  for (const s of waiting) await kithd.stateIs(s.id, "delivered");
  assert.equal(posted.length, 3);
  assert.ok(posted.every(at => at >= resumed), "nothing left before the resume");
  assert.match(kithd.log, /stopped account square: the site is down/);
});

test("a typing error does not look like a stop", async () => {
  for (const [args, words, code] of [
    [["stop", "account", "sqare", "--reason", "x"], /there is no account 'sqare'/, 1],
    [["stop", "playbook", "nonsense", "--reason", "x"], /there is no playbook 'nonsense'/, 1],
    [["resume", "all"], /all is not stopped/, 1],
    [["stop", "all"], /--reason is required/, 2],
    [["stop", "account", "--reason", "x"], /name the account/, 2],
    [["stop", "all", "square", "--reason", "x"], /'all' takes no id/, 2],
    [["stop", "everything", "--reason", "x"], /everything not in/, 2],
  ]) {
    const said = await kithd.command(...args);
    assert.equal(said.code, code, args.join(" "));
    assert.match(said.err, words);
  }
  assert.deepEqual((await kithd.get("/brakes")).items, []);
});

test("a playbook that people reject too often is paused by itself, and says why", async () => {
  const waiting = [await ask("m4"), await ask("m5")];
  for (const s of waiting) {
    const {status, body} = await kithd.api("POST", `/suggestions/${s.id}/reject`, {reason: "wrong page"}, seen(s));
    assert.equal(status, 200, JSON.stringify(body));
  }
  assert.match(await ok("status"), /STOPPED {2}playbook sign-in-trouble, by kith since .*: 2 rejections among its last 2 decisions, more than 50%/);
  await until(() => kithd.log, log => /playbook sign-in-trouble is paused/.test(log));
  platform.say({id: "m6", author: "m6", text: "how do I reset my password?"});
  await until(() => kithd.command("why", "m6"), ({out}) => /playbook sign-in-trouble is paused/.test(out), "no reason");
  assert.equal((await kithd.suggestionsFor("m6")).length, 0);
  await ok("resume", "playbook", "sign-in-trouble", "--reason", "the page is mended");
  await ask("m7");
});
