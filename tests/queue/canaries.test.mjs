// Canaries in a running daemon: shown like any draft, told apart only once decided, and never sent.
import assert from "node:assert/strict";
import {createHash} from "node:crypto";
import {after, before, test} from "node:test";
import {Kithd, seen, until} from "../support/kith.mjs";
import {Events} from "../support/events.mjs";
import {Loopback} from "../support/loopback.mjs";
import {signIn} from "../support/people.mjs";

let platform, kithd;

before(async () => {
  platform = await new Loopback().start();
  kithd = await Kithd.make({accounts: `  - id: square\n    platform: loopback\n    url: ${platform.url}\ncanaries: {rate: 100%}\n`});
  await kithd.start();
  await signIn(kithd, {login: "jo"});
});
after(async () => {
  await kithd.remove();
  await platform.stop();
});

async function ask(id) {
  platform.say({id, author: "ann", text: "how do I reset my password?"});
  return kithd.openFor(id);
}
const act = (s, verb, body, as) => kithd.api("POST", `/suggestions/${s.id}/${verb}`, body, as && seen(as));

test("a canary looks like a draft, in the list, by itself, beneath its message and among the alternatives", async () => {
  const s = await ask("m1");
  assert.equal("canary" in s, false);
  assert.match(s.hash, /^[0-9a-f]{64}$/);
  const one = await kithd.get(`/suggestions/${s.id}`);
  assert.equal(one.text, s.text);
  const line = (await kithd.get("/queue")).items.find(i => i.id === s.id);
  assert.equal(line.draft.slice(0, 100), s.text.slice(0, 100));
  const real = await kithd.get(`/suggestions/${s.alternatives[0].id}`);
  assert.deepEqual(Object.keys(one).sort(), Object.keys(real).sort());
  const told = await kithd.get("/messages/m1");
  assert.deepEqual(told.suggestions.map(x => x.id).sort((a, b) => a - b), [s.id, ...s.alternatives.map(a => a.id)].sort((a, b) => a - b));
  const numbers = new Set(told.record.map(r => r.suggestion).filter(Boolean));
  for (const n of numbers) assert.ok(told.suggestions.some(x => x.id === n), `the record names ${n}`);
  for (const {id} of s.alternatives) {
    const other = await kithd.get(`/suggestions/${id}`);
    assert.ok(other.alternatives.some(a => a.id === s.id && a.text === s.text));
  }
});

test("the record beneath it has no hash of what it stands for", async () => {
  const s = await kithd.openFor("m1");
  const {record} = await kithd.get("/messages/m1"), {history} = await kithd.get(`/suggestions/${s.id}`);
  const digest = createHash("sha256").update(s.text).digest("hex");
  for (const lines of [record, history]) {
    const line = lines.find(l => l.act === "suggested" && l.suggestion === s.id);
    assert.ok(line.detail.endsWith(`, text ${digest}`), line.detail);
  }
});

test("approved, it tells kindly what was wrong, nothing is sent, and the true draft waits", async () => {
  const s = await kithd.openFor("m1");
  const {status, body} = await act(s, "approve", {hash: s.hash});
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.state, "withdrawn");
  assert.equal(body.canary.caught, false);
  assert.match(body.reason, /^This was a canary, a draft that was wrong on purpose: .* Nothing was sent\./);
  const now = await kithd.openFor("m1");
  assert.notEqual(now.id, s.id);
  assert.notEqual(now.text, s.text);
  assert.equal((await act(s, "approve", {hash: s.hash})).status, 409);
  assert.equal(platform.replies.length, 0);
  await kithd.approve(now);
  await kithd.stateIs(now.id, "delivered");
  assert.deepEqual(platform.replies.map(r => r.text), [now.text]);
});

test("rejected or edited, it was caught; a stale decision is refused as for any draft", async () => {
  const a = await ask("m2");
  assert.equal((await act(a, "reject", {reason: "no"}, {version: a.version + 7})).status, 412);
  assert.equal((await act(a, "approve", {hash: "0".repeat(64)})).status, 409);
  assert.equal((await act(a, "reject", {reason: "that is wrong"}, a)).body.canary.caught, true);
  const b = await ask("m3");
  assert.equal((await act(b, "edit", {text: "Better so."}, b)).body.canary.caught, true);
  for (const id of ["m2", "m3"]) assert.equal((await kithd.openFor(id)).state, "open");
  const all = await kithd.get("/canaries");
  assert.equal(all.rate, 1);
  assert.equal(all.people.length, 1);
  assert.deepEqual([all.people[0].caught, all.people[0].missed, all.people[0].shown], [2, 1, 3]);
  assert.deepEqual(all.departments.map(d => [d.department, d.caught, d.missed]), [["support", 2, 1]]);
  assert.match((await kithd.command("canaries")).out, /rate: 100% [^]*person +\S+ +3 +2 +1 +67%/);
});

test("claimed, checked, given to somebody and put to sleep, a canary is like any draft", async () => {
  const s = await ask("m6");
  const with_version = async (verb, body) => {
    const {version} = await kithd.get(`/suggestions/${s.id}`);
    return kithd.api("POST", `/suggestions/${s.id}/${verb}`, body, {"if-match": `"${version}"`});
  };
  assert.equal((await act(s, "claim")).status, 200);
  const judged = await act(s, "check", {text: s.text});
  assert.deepEqual([judged.status, judged.body.verdict.decision, judged.body.problems], [200, "allow", []]);
  assert.equal((await with_version("assign", {login: "jo"})).body.assigned.login, "jo");
  const asleep = await with_version("snooze", {until: new Date(Date.now() + 3_600_000).toISOString()});
  assert.deepEqual([asleep.body.id, asleep.body.state, "canary" in asleep.body], [s.id, "open", false]);
  assert.equal((await with_version("snooze", {until: null})).status, 200);
  const {body} = await with_version("handled", {note: "by phone"});
  assert.deepEqual([body.id, body.state, "canary" in body], [s.id, "withdrawn", false]);
  assert.equal((await with_version("undo")).status, 409);
});

test("everybody is told that there are some, and the record says what became of them", async () => {
  assert.match((await kithd.command("queue", "list")).out, /Some drafts are canaries: wrong on purpose, and never sent/);
  assert.equal((await kithd.get("/status")).canaries.rate, 1);
  const {record} = await kithd.get("/messages/m1");
  assert.ok(record.some(r => r.act === "canary missed"));
});

test("another reply can be taken instead, and the canary goes with its message", async () => {
  const s = await ask("m4");
  const other = await kithd.get(`/suggestions/${s.alternatives[0].id}`);
  await kithd.approve(other);
  await kithd.stateIs(other.id, "delivered");
  const gone_with = await kithd.get(`/suggestions/${s.id}`);
  assert.deepEqual([gone_with.state, gone_with.text, "canary" in gone_with], ["withdrawn", s.text, false]);
  const hidden = s.id + 1;
  for (const path of ["/suggestions?state=withdrawn&limit=200", "/queue?state=closed&limit=200", "/messages/m4", `/suggestions/${other.id}`, `/suggestions/${s.id}`]) {
    const told = JSON.stringify(await kithd.get(path));
    assert.ok(!told.includes(`"id":${hidden},`) && !told.includes(`"suggestion":${hidden},`), `${path} names what the canary stands for`);
  }
  assert.equal((await act(s, "approve", {hash: s.hash})).status, 409);
  const n = (await kithd.get("/canaries")).people[0];
  assert.equal(n.shown, 3, "nobody decided on it");
  const gone = await ask("m5");
  platform.delete("m5");
  await until(() => kithd.get(`/suggestions/${gone.id}`), x => x.state === "withdrawn");
});

test("what a canary stands for is there for nobody until it is decided", async () => {
  const s = await ask("m8");
  const hidden = s.id + 1, never = 99_999;
  const calls = [["GET", ""], ["POST", "/approve", {hash: s.hash}], ["POST", "/edit", {text: "x"}],
    ["POST", "/reject", {reason: "no"}], ["POST", "/settle", {posted: true}],
    ["POST", "/questions", {department: "billing", text: "is this so?"}], ["POST", "/link", {}]];
  for (const [method, path, body] of calls) {
    const one = await kithd.api(method, `/suggestions/${hidden}${path}`, body, seen({version: 1}));
    const other = await kithd.api(method, `/suggestions/${never}${path}`, body, seen({version: 1}));
    assert.equal(one.status, 404, `${method} ${path}`);
    assert.equal(JSON.stringify(one.body).replaceAll(hidden, never), JSON.stringify(other.body), `${method} ${path}`);
  }
  assert.equal((await act(s, "reject", {reason: "that is wrong"}, s)).body.canary.instead, hidden);
  assert.equal((await kithd.get(`/suggestions/${hidden}`)).state, "open");
});

test("approved among others, a canary is not told as sent", async () => {
  const s = await ask("m9");
  const {status, body} = await kithd.api("POST", "/queue/approve", {items: [{id: s.id, hash: s.hash}]});
  assert.deepEqual([status, body.items[0].done], [200, false]);
  assert.match(body.items[0].detail, /^This was a canary/);
});

test("a department is asked inside a canary as inside any draft", async () => {
  const s = await ask("m7");
  const heard = [];
  const socket = await Events.open(kithd);
  socket.heard = e => heard.push(e);
  const {status, body} = await kithd.api("POST", `/suggestions/${s.id}/questions`, {department: "billing", text: "is this so?"});
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.suggestion, s.id);
  await until(() => heard.some(f => f.type === "item" && f.item.id === s.id), Boolean, "no news of the question");
  assert.equal((await kithd.api("POST", `/questions/${body.id}/answer`, {text: "it is"})).body.suggestion, s.id);
  assert.equal((await kithd.get(`/questions/${body.id}`)).suggestion, s.id);
  assert.equal((await kithd.get("/questions?state=all")).items.find(q => q.id === body.id).suggestion, s.id);
  const shown = await kithd.get(`/suggestions/${s.id}`);
  assert.deepEqual(shown.questions.map(q => [q.suggestion, q.answer]), [[s.id, "it is"]]);
  socket.close();
  const told = heard.filter(f => f.type === "item" && f.item.message === s.message.id);  // news of earlier items may still come
  assert.deepEqual([...new Set(told.map(f => f.item.id))], [s.id]);
});
