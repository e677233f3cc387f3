// Approval links: without a session, for exactly what was shown, once.
import assert from "node:assert/strict";
import {after, before, test} from "node:test";
import {Kithd, seen} from "../support/kith.mjs";
import {Loopback} from "../support/loopback.mjs";
import {fetch_checked} from "../support/openapi.mjs";
import {signIn} from "../support/people.mjs";

let platform, other, kithd, ann, phoebe;

before(async () => {
  [platform, other] = [await new Loopback().start(), await new Loopback().start()];
  kithd = await Kithd.make({accounts: `  - id: square\n    platform: loopback\n    url: ${platform.url}\n`});
  await kithd.start();
  ann = await signIn(kithd, {login: "ann"});
  phoebe = await signIn(kithd, {login: "phoebe", role: "approver"});
});
after(async () => {
  await kithd.remove();
  await platform.stop();
  await other.stop();
});

/// As a phone without a session: over TCP.
async function phone(method, path, body, headers = {"x-kith-request": "1"}) {
  const response = await fetch_checked(`${kithd.base}/api/v1${path}`, {method, body: body && JSON.stringify(body),
    headers: {"content-type": "application/json", ...headers}});
  return {status: response.status, body: await response.json(), headers: response.headers};
}

async function linkFor(id, maker = ann) {
  platform.say({id, author: id, text: "how do I reset my password?"});
  const suggestion = await kithd.openFor(id);
  const made = await maker.call("POST", `/suggestions/${suggestion.id}/link`, {});
  assert.equal(made.status, 200, JSON.stringify(made.body));
  const [, token] = made.body.url.match(/^http:\/\/127\.0\.0\.1:\d+\/console\/a\/([a-z2-7]{32})$/);
  return {suggestion, token, made: made.body};
}

test("a link shows the exact text again, and sends it once", async () => {
  const {suggestion, token, made} = await linkFor("m1", phoebe);
  const minutes = (Date.parse(made.expires_at) - Date.now()) / 60_000;
  assert.ok(minutes > 14 && minutes <= 15);
  const shown = await phone("GET", `/links/${token}`);
  assert.equal(shown.status, 200, JSON.stringify(shown.body));
  assert.equal(shown.headers.get("referrer-policy"), "no-referrer");
  assert.equal(shown.headers.get("cache-control"), "no-store");
  const l = shown.body;
  assert.deepEqual([l.text, l.hash, l.account, l.good, l.login, l.message.author.handle],
    [suggestion.text, suggestion.hash, "square", true, "phoebe", "m1"]);
  assert.equal(l.verdict.decision, "allow");
  const done = await phone("POST", `/links/${token}/approve`, {hash: l.hash});
  assert.equal(done.status, 200, JSON.stringify(done.body));
  assert.deepEqual([done.body.good, done.body.used_at !== null], [false, true]);
  await kithd.stateIs(suggestion.id, "delivered");
  assert.deepEqual(platform.replies.map(r => r.text), [suggestion.text]);
  const again = await phone("POST", `/links/${token}/approve`, {hash: l.hash});
  assert.equal(again.status, 409);
  assert.match(again.body.detail, /used already/);
  assert.equal((await kithd.get(`/suggestions/${suggestion.id}`)).approved_by, "phoebe");
});

test("it can be taken back as any approval, and waits for who is deciding in the console", async () => {
  const slow = await Kithd.make({undo: "10s", accounts: `  - id: square\n    platform: loopback\n    url: ${other.url}\n`});
  try {
    await slow.start();
    const [mia, bob] = [await signIn(slow, {login: "mia"}), await signIn(slow, {login: "bob", role: "lead"})];
    other.say({id: "u1", author: "ann", text: "how do I reset my password?"});
    const s = await slow.openFor("u1");
    const {url} = await mia.ok("POST", `/suggestions/${s.id}/link`, {});
    const path = `/links/${url.split("/").at(-1)}/approve`;
    await bob.ok("POST", `/suggestions/${s.id}/claim`, {});
    const claimed = await mia.call("POST", path, {hash: s.hash});
    assert.equal(claimed.status, 409);
    assert.match(claimed.body.detail, /deciding on it/);
    await bob.ok("DELETE", `/suggestions/${s.id}/claim`);
    await mia.ok("POST", path, {hash: s.hash});
    const {state, version, undo_until} = await slow.get(`/suggestions/${s.id}`);
    assert.equal(state, "approved");
    assert.ok(Date.parse(undo_until) - Date.now() > 5_000, undo_until);
    await mia.ok("POST", `/suggestions/${s.id}/undo`, undefined, {"if-match": `"${version}"`});
    assert.equal(other.replies.length, 0);
  } finally {
    await slow.remove();
  }
});

test("what changed since is not approved by it", async () => {
  const {suggestion, token} = await linkFor("m2");
  const edited = await kithd.api("POST", `/suggestions/${suggestion.id}/edit`, {text: `${suggestion.text} Bye.`}, seen(suggestion));
  assert.equal(edited.status, 200);
  const shown = await phone("GET", `/links/${token}`);
  assert.equal(shown.body.good, false);
  for (const hash of [suggestion.hash, edited.body.hash]) {
    const {status} = await phone("POST", `/links/${token}/approve`, {hash});
    assert.equal(status, 409, "neither the old text, nor the new one which this link is not for");
  }
  assert.equal((await kithd.get(`/suggestions/${suggestion.id}`)).state, "open");
});

test("a guess, another site and a closed suggestion get nothing", async () => {
  assert.equal((await phone("GET", `/links/${"a".repeat(32)}`)).status, 404);
  const {suggestion, token} = await linkFor("m3");
  const before = platform.replies.length;
  const foreign = await phone("POST", `/links/${token}/approve`, {hash: suggestion.hash}, {origin: "https://elsewhere.example", "sec-fetch-site": "cross-site"});
  assert.equal(foreign.status, 403);
  await kithd.api("POST", `/suggestions/${suggestion.id}/reject`, {reason: "no"}, seen(suggestion));
  assert.equal((await phone("POST", `/links/${token}/approve`, {hash: suggestion.hash})).status, 409);
  assert.equal((await ann.call("POST", `/suggestions/${suggestion.id}/link`, {})).status, 409);
  assert.equal(platform.replies.length, before);
});

test("two taps at once send once", async () => {
  const {suggestion, token} = await linkFor("m4");
  const answers = await Promise.all([1, 2, 3].map(() => phone("POST", `/links/${token}/approve`, {hash: suggestion.hash})));
  assert.deepEqual(answers.map(a => a.status).sort(), [200, 409, 409]);
  await kithd.stateIs(suggestion.id, "delivered");
  assert.equal(platform.replies.filter(r => r.to === "m4").length, 1);
});

test("a link is its maker's: nobody makes one in another's name", async () => {
  const {suggestion} = await linkFor("m5");
  const made = await ann.call("POST", `/suggestions/${suggestion.id}/link`, {login: "phoebe"});
  assert.equal(made.status, 200);
  assert.equal((await phone("GET", `/links/${made.body.url.split("/").at(-1)}`)).body.login, "ann");
  const root = await kithd.api("POST", `/suggestions/${suggestion.id}/link`, {});
  assert.equal(root.status, 403, "who is nobody at the console has no link");
});
