// A verdict of `second`: one of the two decides on the socket, the other in the console.
import assert from "node:assert/strict";
import {appendFile, cp, mkdtemp, rm} from "node:fs/promises";
import {tmpdir, userInfo} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {Kithd, seen, source, until} from "../support/kith.mjs";
import {Loopback} from "../support/loopback.mjs";
import {Person, signIn} from "../support/people.mjs";

let platform, circle, kithd, ann, policies;

before(async () => {
  [platform, circle] = [await new Loopback().start(), await new Loopback().start()];
  policies = await mkdtemp(join(tmpdir(), "kith-policies-"));
  await cp(join(source, "policies"), policies, {recursive: true});
  await appendFile(join(policies, "house.yaml"),
    "\n  - id: two-people\n    any_reply: {}\n    then: second\n    source: house\n    date: 2026-11-23\n    why: two see more than one\n" +
    "\n  - id: of-the-circle\n    age: {at_most: 30d}\n    only: {accounts: [circle]}\n    source: house\n    date: 2026-11-23\n    why: another rule\n");
  kithd = await Kithd.make({policies, accounts: `  - id: square\n    platform: loopback\n    url: ${platform.url}\n  - id: circle\n    platform: loopback\n    url: ${circle.url}\n`});
  await kithd.start();
  ann = await signIn(kithd);
});
after(async () => {
  await kithd.remove();
  await platform.stop();
  await circle.stop();
  await rm(policies, {recursive: true});
});

async function needsTwo(id) {
  platform.say({id, author: "ann", text: "how do I reset my password?"});
  const s = await kithd.openFor(id);
  assert.equal(s.verdict.decision, "second");
  return s;
}

test("two people, one on the socket and one in the console, approve together", async () => {
  const s = await needsTwo("m1");
  const alone = await kithd.api("POST", `/suggestions/${s.id}/approve`, {hash: s.hash});
  assert.equal(alone.status, 403, "ann could be root as well");
  assert.match(alone.body.detail, /nobody at the console is called \S+, so it does not count as one: approve in the console, or as/);
  await signIn(kithd, {login: userInfo().username, role: "approver"});
  const first = await kithd.approve(s);
  assert.equal(first.state, "open");
  assert.ok(first.approved_by.length > 0 && first.approved_by !== "ann");
  const again = await kithd.api("POST", `/suggestions/${s.id}/approve`, {hash: s.hash});
  assert.equal(again.status, 403);
  assert.equal(platform.replies.length, 0);
  assert.match(again.body.detail, /needs two people, and .+ has approved it already: somebody else must agree/);
  const {out} = await kithd.command("queue", "show", String(s.id));
  assert.match(out, /approved by: .+; a second person must agree/);
  assert.match((await kithd.command("queue", "list")).out, /open \(1 of 2\)/);
  const second = await ann.call("POST", `/suggestions/${s.id}/approve`, {hash: s.hash});
  assert.equal(second.status, 200, JSON.stringify(second.body));
  assert.equal(second.body.state, "approved");
  assert.equal(second.body.approved_by, `${first.approved_by} and ann`);
  await until(() => platform.replies.filter(r => r.to === "m1"), list => list.length === 1, "what two approved was not sent");
});

test("neither a link nor other letters make a second person of the first", async () => {
  const s = await needsTwo("m3");
  await ann.ok("POST", `/suggestions/${s.id}/approve`, {hash: s.hash});
  const now = await kithd.get(`/suggestions/${s.id}`);
  const {url} = await ann.ok("POST", `/suggestions/${s.id}/link`, {login: "ANN"});
  const used = await ann.call("POST", `/links/${url.split("/").at(-1)}/approve`, {hash: now.hash});
  assert.equal(used.status, 403);
  assert.match(used.body.detail, /needs two people, and ann has approved it already/);
});

test("a token that somebody else made does not count as one of two", async () => {
  const s = await needsTwo("m4");
  await ann.ok("POST", `/suggestions/${s.id}/approve`, {hash: s.hash});
  await signIn(kithd, {login: "bob", role: "approver"});
  const end = new Date(Date.now() + 86_400_000).toISOString(), wanted = {name: "x", scopes: ["queue"], expires_at: end};
  assert.equal((await ann.call("POST", "/users/bob/tokens", wanted)).status, 403, "an admin is not shown another's token");
  const {token} = (await kithd.api("POST", "/users/bob/tokens", wanted)).body;
  const bearer = new Person(kithd, {login: "-"}), headers = {"x-kith-request": "0", authorization: `Bearer ${token}`};
  const refused = await bearer.call("POST", `/suggestions/${s.id}/approve`, {hash: s.hash}, headers);
  assert.equal(refused.status, 403);
  assert.match(refused.body.detail, /somebody else made this token of bob, so it does not count as one: approve in the console/);
  assert.equal((await bearer.call("POST", `/suggestions/${s.id}/link`, {}, headers)).status, 403);
  assert.equal((await kithd.get(`/suggestions/${s.id}`)).state, "open");
});

test("an edit in between takes the first yes away", async () => {
  const s = await needsTwo("m2");
  const {body: first} = await ann.call("POST", `/suggestions/${s.id}/approve`, {hash: s.hash});
  assert.equal(first.approved_by, "ann");
  const edited = await kithd.api("POST", `/suggestions/${s.id}/edit`, {text: "Use the link."}, seen(first));
  assert.equal(edited.status, 200, JSON.stringify(edited.body));
  assert.equal(edited.body.approved_by, "");
});

test("only what the very same rules were asked about is approved together", async () => {
  const one = await needsTwo("m5");
  circle.say({id: "c1", author: "ann", text: "how do I reset my password?"});
  const other = await kithd.openFor("c1");
  assert.deepEqual([other.text, other.verdict.decision], [one.text, one.verdict.decision]);
  const items = [one, other].map(s => ({id: s.id, hash: s.hash}));
  const refused = await ann.call("POST", "/queue/approve", {items});
  assert.equal(refused.status, 400);
  assert.match(refused.body.detail, /another verdict than the first/);
});
