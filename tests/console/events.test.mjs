// What pages are told of how the daemon stands, and when their session is over.
import assert from "node:assert/strict";
import {after, before, test} from "node:test";
import {Events} from "../support/events.mjs";
import {Kithd, until} from "../support/kith.mjs";
import {Loopback} from "../support/loopback.mjs";
import {password, signIn} from "../support/people.mjs";

let platform, kithd, ann;
const cookie = person => Object.entries(person.jar).map(([k, v]) => `${k}=${v}`).join("; ");
const etag = async login => ({"if-match": (await ann.call("GET", `/users/${login}`)).headers.get("etag")});

before(async () => {
  platform = await new Loopback().start();
  kithd = await Kithd.make({more: "brakes:\n  rejections: {over: 10%, of_last: 10}\n",
    accounts: ["square", "circus"].map(id => `  - id: ${id}\n    platform: loopback\n    url: ${platform.url}\n`).join("")});
  await kithd.start();
  ann = await signIn(kithd);
});
after(async () => {
  await kithd.remove();
  await platform.stop();
});

const running = s => s.accounts.every(a => a.state === "running");

/// The daemon looks each second whether the status changed: longer than that, and nothing was left to tell.
async function quiet(page) {
  let count = -1, since = Date.now();
  await until(() => {
    const n = page.of("status").length;
    if (n !== count) { count = n; since = Date.now(); }
    return Date.now() - since > 1_500;
  }, Boolean, "the page is told without end");
  return count;
}

/// Waits until the page is told once more that something of the status changed, after `act`.
async function told(page, act, holds) {
  await until(() => kithd.get("/status"), running);
  const before = await quiet(page);
  await act();
  await until(() => page.of("status").length, n => n > before, "nothing was told");
  await until(() => kithd.get("/status"), holds);
}

test("a change of an account's link, a stop and an end of it are told", async () => {
  const page = await Events.open(kithd, {cookie: cookie(ann)});
  await told(page, () => kithd.api("POST", "/accounts/square/reconnect", {}), running);
  await told(page, () => kithd.api("POST", "/brakes/stop", {what: "account", id: "square", reason: "a test"}), s => s.stopped.length === 1);
  await told(page, () => kithd.api("POST", "/brakes/resume", {what: "account", id: "square"}), s => s.stopped.length === 0);
  page.close();
});

test("who does not see the account is told nothing of its link", async () => {
  const eve = await signIn(kithd, {login: "eve", role: "viewer", accounts: ["circus"]});
  const [hers, all] = [await Events.open(kithd, {cookie: cookie(eve)}), await Events.open(kithd, {cookie: cookie(ann)})];
  const before = await quiet(hers);
  await told(all, () => kithd.api("POST", "/accounts/square/reconnect", {}), running);
  assert.equal(hers.of("status").length, before);
  await told(hers, () => kithd.api("POST", "/accounts/circus/reconnect", {}), running);
  for (const page of [hers, all]) page.close();
});

test("a playbook that pauses itself is told of", async () => {
  const page = await Events.open(kithd, {cookie: cookie(ann)});
  const reject = async n => {
    platform.say({id: `m${n}`, author: `bob${n}`, text: "how do I reset my password?"});
    const s = await until(async () => (await kithd.suggestions()).find(o => o.message.native_id === `m${n}` && o.account === "square"));
    assert.equal((await kithd.api("POST", `/suggestions/${s.id}/reject`, {reason: "no"}, {"if-match": `"${s.version}"`})).status, 200);
  };
  await told(page, async () => { for (let n = 0; (await kithd.get("/status")).stopped.length === 0; ++n) await reject(n); }, s => s.stopped.some(b => b.by === "kith"));
  await kithd.api("POST", "/brakes/resume", {what: "playbook", id: "sign-in-trouble"});
  page.close();
});

/// Ends within a second: nobody has to wait until the page would have been asked anyway.
const over = async (page, what) => { assert.equal(await until(() => page.closed, Boolean, what, 2_000), 4401); };

test("a new password ends the line that the old one began, and another role or a reset is felt at once", async () => {
  const sue = await signIn(kithd, {login: "sue", role: "viewer"});
  let page = await Events.open(kithd, {cookie: cookie(sue)});
  await until(() => page.hello);
  await sue.ok("POST", "/me/password", {old: password, new: "another quite long phrase"});
  await over(page, "the old line is still open");

  page = await Events.open(kithd, {cookie: cookie(sue)});
  await until(() => page.hello);
  assert.equal((await ann.call("PATCH", "/users/sue", {role: "approver"}, await etag("sue"))).status, 200);
  assert.equal(page.closed, null, "another role is no end");
  assert.equal((await ann.call("POST", "/users/sue/reset", {})).status, 200);
  await over(page, "the line of before the reset is still open");
});

test("who is disabled, or ended the session elsewhere, is told at once", async () => {
  const tim = await signIn(kithd, {login: "tim", role: "viewer"});
  const page = await Events.open(kithd, {cookie: cookie(tim)});
  await until(() => page.hello);
  assert.equal((await ann.call("PATCH", "/users/tim", {disabled: true}, await etag("tim"))).status, 200);
  await over(page, "the line of who is disabled is still open");
});
