// The queue over HTTP, as the console uses it: people beside each other, undo, sleep, bulk, filters, live events.
import assert from "node:assert/strict";
import {after, before, test} from "node:test";
import {Events} from "../support/events.mjs";
import {Kithd, until} from "../support/kith.mjs";
import {Loopback} from "../support/loopback.mjs";
import {signIn} from "../support/people.mjs";

let platform, kithd, jo;
const undo = 3_000;

before(async () => {
  platform = await new Loopback().start();
  kithd = await Kithd.make({undo: `${undo}ms`, accounts: `  - id: square\n    platform: loopback\n    url: ${platform.url}\n`});
  await kithd.start();
  jo = await signIn(kithd, {login: "jo", name: "Jo"});
});
after(async () => {
  await kithd.remove();
  await platform.stop();
});

/// Another person, at the console's page: over TCP, with its cookie.
const page = (...call) => jo.call(...call);
const cookie = () => Object.entries(jo.jar).map(([k, v]) => `${k}=${v}`).join("; ");

const queue = (query = "") => kithd.get(`/queue${query}`);
const item = id => kithd.get(`/suggestions/${id}`);
const post = (id, verb, body, version) => kithd.api("POST", `/suggestions/${id}/${verb}`, body, version === undefined ? {} : {"if-match": `"${version}"`});
let asked = 0;
async function ask(more = {}) {
  const id = `m${++asked}`;
  platform.say({id, author: `author${asked}`, text: "how do I reset my password?", ...more});
  const {message} = await kithd.openFor(id);
  return (await queue("?limit=200")).items.find(i => i.message === message.id);
}
const sent = text => platform.replies.filter(r => r.text === text).length;
async function ok(answer) {
  const {status, body} = await answer;
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

test("an item has what a line shows, and by itself all that a person needs", async () => {
  const line = await ask({author: "ann", name: "Ann Ng"});
  assert.deepEqual(Object.keys(line).sort(), ["account", "assigned", "because", "candidates", "changed", "claim", "contact", "department",
    "draft", "excerpt", "expires_at", "first_approval_by", "held", "id", "kind", "language", "message", "platform", "playbook", "questions_waiting",
    "received_at", "snoozed_until", "state", "thread", "title", "undo_until", "urgency", "verdict", "version"].sort());
  assert.equal(line.contact.name, "Ann Ng");
  assert.equal(line.excerpt, "how do I reset my password?");
  assert.match(line.received_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const whole = await until(() => item(line.id), w => w.contact.path.length > 0, "the path does not begin");
  assert.equal(whole.thread, line.thread);
  const [mark] = whole.message.marks;
  assert.equal(Buffer.from(whole.message.text).subarray(mark.begin, mark.end).toString(), "reset my password");
  assert.equal(whole.preview.map(p => p.text).join(""), whole.text);
  assert.ok(whole.preview.some(p => p.kind === "link" && p.url.startsWith("https://")));
  assert.equal(whole.candidates.length, line.candidates);
  assert.equal(whole.candidates[0].id, line.id);
  assert.deepEqual([whole.cites[0].id, whole.cites[0].owner], ["reset-password", "support"]);
  assert.ok(whole.length.used <= whole.length.most);
  assert.deepEqual(whole.contact.path.map(step => [step.from, step.to, step.why]), [["", "attraction", "spoke_to_us"]]);
  assert.ok(whole.history.some(h => h.act === "suggested" && h.who === "kith"));
  assert.equal(whole.thread_lines[0].text, "how do I reset my password?");
});

test("two people race on one item: one send, the other is told who and what", async () => {
  const line = await ask();
  const {hash, text} = await item(line.id);
  const answers = await Promise.all([post(line.id, "approve", {hash}), page("POST", `/suggestions/${line.id}/approve`, {hash})]);
  assert.deepEqual(answers.map(a => a.status).sort(), [200, 409]);
  const winner = answers.find(a => a.status === 200).body, loser = answers.find(a => a.status === 409).body;
  assert.match(loser.detail, new RegExp(`is approved \\(by ${winner.approved_by}\\)`));
  assert.equal(loser.current.state, "approved");
  assert.equal(loser.current.approved_by, winner.approved_by);
  await kithd.stateIs(line.id, "delivered");
  assert.equal(platform.replies.filter(r => r.to === `m${asked}`).length, 1);
  assert.equal(sent(text) >= 1, true);
});

test("an approval is taken back before the send, and not once it has begun", async () => {
  const line = await ask();
  const {hash} = await item(line.id);
  const approved = await ok(post(line.id, "approve", {hash}));
  assert.equal(approved.state, "approved");
  const left = Date.parse(approved.undo_until) - Date.now();
  assert.ok(left > 0 && left <= undo, `${left} ms`);
  const before = platform.replies.length;
  assert.equal((await post(line.id, "undo")).status, 428);
  assert.equal((await post(line.id, "undo", undefined, approved.version - 1)).status, 412, "that was not this approval");
  const back = await ok(page("POST", `/suggestions/${line.id}/undo`, undefined, {"if-match": `"${approved.version}"`}));
  assert.deepEqual([back.state, back.hash, back.approved_by, back.undo_until], ["open", hash, "", null]);
  assert.ok(back.history.some(h => h.act === "approval taken back" && h.who === "jo"));
  assert.equal((await post(line.id, "undo", undefined, back.version)).status, 409);
  await ok(post(line.id, "approve", {hash}));
  await kithd.stateIs(line.id, "delivered");
  assert.equal(platform.replies.length, before + 1, "taken back, it was not sent");
  const late = await post(line.id, "undo", undefined, (await item(line.id)).version);
  assert.equal(late.status, 409);
  assert.match(late.body.detail, /is delivered .*too late to take it back/);
  assert.equal(late.body.current.state, "delivered");
});

test("a claim tells others who is at it, can be renewed, given back and taken over", async () => {
  const line = await ask();
  const live = await Events.open(kithd);
  const {claim} = await ok(page("POST", `/suggestions/${line.id}/claim`));
  assert.equal(claim.login, "jo");
  await until(() => live.of("claim").find(e => e.message === line.message), e => e?.claim?.login === "jo", "nobody was told");
  assert.equal((await item(line.id)).claim.login, "jo");
  const refused = await post(line.id, "claim");
  assert.equal(refused.status, 409);
  assert.match(refused.body.detail, /Jo is at it/);
  assert.equal(refused.body.current.claim.login, "jo");
  const {hash} = await item(line.id);
  const warned = await post(line.id, "approve", {hash});
  assert.equal(warned.status, 409);
  assert.match(warned.body.detail, /Jo is deciding on it/);
  const taken = await ok(post(line.id, "claim", {take: true}));
  assert.notEqual(taken.claim.login, "jo");
  await until(() => live.of("claim").at(-1), e => e.claim.login === taken.claim.login);
  await ok(kithd.api("DELETE", `/suggestions/${line.id}/claim`));
  await until(() => live.of("claim").at(-1), e => e.claim === null);
  await ok(page("POST", `/suggestions/${line.id}/claim`));
  await ok(post(line.id, "approve", {hash, despite_claim: true}));
  live.close();
});

test("what sleeps is out of sight and wakes by itself", async () => {
  const line = await ask();
  const live = await Events.open(kithd);
  await until(() => live.hello);
  assert.equal((await post(line.id, "snooze", {until: new Date(Date.now() - 1000).toISOString()}, line.version)).status, 400);
  const asleep = await ok(post(line.id, "snooze", {until: new Date(Date.now() + 1500).toISOString()}, line.version));
  assert.ok(asleep.snoozed_until);
  assert.ok(!(await queue("?limit=200")).items.some(i => i.id === line.id));
  assert.deepEqual((await queue("?snoozed=1")).items.map(i => i.id), [line.id]);
  assert.equal((await kithd.get("/queue/counts")).states.snoozed, 1);
  await until(() => live.of("item").filter(e => e.item.id === line.id), e => e.length > 1 && e.at(-1).item.snoozed_until === null, "it did not wake");
  assert.ok((await queue("?limit=200")).items.some(i => i.id === line.id));
  const again = await ok(post(line.id, "snooze", {until: new Date(Date.now() + 3600_000).toISOString()}, (await item(line.id)).version));
  assert.equal((await ok(post(line.id, "snooze", {until: null}, again.version))).snoozed_until, null);
  live.close();
});

test("assigned, handled, filtered: each act names the version it saw", async () => {
  const line = await ask();
  assert.equal((await post(line.id, "assign", {login: "jo"})).status, 428);
  const given = await ok(post(line.id, "assign", {login: "jo"}, line.version));
  assert.deepEqual(given.assigned, {login: "jo", name: "Jo"});
  const late = await post(line.id, "assign", {department: "support"}, line.version);
  assert.equal(late.status, 412);
  assert.equal(late.body.current.assigned.login, "jo");
  assert.deepEqual((await queue("?assigned=jo")).items.map(i => i.id), [line.id]);
  assert.ok(!(await queue("?assigned=none&limit=200")).items.some(i => i.id === line.id));
  assert.equal((await post(line.id, "assign", {department: "nobody"}, given.version)).status, 400);
  const open = await ok(post(line.id, "assign", {}, given.version));
  assert.equal(open.assigned, null);
  const done = await ok(post(line.id, "handled", {note: "called them"}, open.version));
  assert.equal(done.state, "withdrawn");
  assert.match(done.reason, /handled elsewhere, says .+: called them/);
  assert.equal((await queue("?state=closed&limit=1")).items[0].id, line.id, "the newest decision first");
  assert.equal((await kithd.api("GET", "/queue?state=nonsense")).status, 400);
});

test("a list is read in parts, and a cursor of something else is refused", async () => {
  for (let i = 0; i < 3; ++i) await ask();
  const all = (await queue("?limit=200")).items.map(i => i.id);
  const parts = [];
  let cursor = "";
  do {
    const part = await queue(`?limit=2${cursor && `&cursor=${cursor}`}`);
    parts.push(...part.items.map(i => i.id));
    cursor = part.next;
  } while (cursor);
  assert.deepEqual(parts, all);
  const {next} = await queue("?limit=1");
  assert.equal((await kithd.api("GET", `/queue?limit=1&state=closed&cursor=${next}`)).status, 400);
  assert.equal((await kithd.api("GET", "/queue?limit=500")).status, 400);
});

test("a text is judged while it is written, and nothing is kept of it", async () => {
  const line = await ask();
  const judged = await ok(post(line.id, "check", {text: "Look at https://shady.example.net/x, and all is well."}));
  const link = judged.problems.find(p => p.kind === "link");
  assert.equal("Look at https://shady.example.net/x".slice(link.begin, link.end), "shady.example.net");
  assert.equal(judged.verdict.decision, "deny");
  assert.ok(judged.preview.some(p => p.kind === "link"));
  const long = await ok(post(line.id, "check", {text: "é".repeat(10_000)}));
  const length = long.problems.find(p => p.kind === "length");
  assert.equal(length.begin, 2 * long.length.most, "where the limit falls, in bytes");
  assert.equal((await item(line.id)).version, line.version);
});

test("many are approved at once only where they say the same, each on record", async () => {
  const one = await ask({author: "twin", name: "Twin"}), two = await ask({author: "twin", name: "Twin"}), other = await ask({author: "odd", name: "Odd"});
  const wanted = async lines => Promise.all(lines.map(async l => ({id: l.id, hash: (await item(l.id)).hash})));
  const mixed = await kithd.api("POST", "/queue/approve", {items: await wanted([one, other])});
  assert.equal(mixed.status, 400);
  assert.match(mixed.body.detail, /says something else than the first/);
  assert.equal((await item(one.id)).state, "open", "none of them");
  const items = await wanted([one, two]);
  items[1].hash = "0".repeat(64);
  const {items: done} = await ok(kithd.api("POST", "/queue/approve", {items}));
  assert.deepEqual(done.map(d => d.done), [true, false]);
  assert.match(done[1].detail, /changed since it was shown/);
  assert.ok((await item(one.id)).history.some(h => h.act === "approved"));
});

test("views are kept, changed with the version that was seen, and removed", async () => {
  const {body: made} = await page("POST", "/views", {name: "Mine", query: "assigned=me", department: null});
  assert.deepEqual((await page("GET", "/views")).body.items, [made]);
  assert.equal((await kithd.api("GET", `/views/${made.id}`)).status, 404, "another's own");
  const shared = await ok(kithd.api("POST", "/views", {name: "Support", query: "department=support", department: "support"}));
  assert.equal((await page("GET", "/views")).body.items.length, 2);
  assert.equal((await kithd.api("PUT", `/views/${shared.id}`, {name: "All", query: ""})).status, 428);
  const changed = await ok(kithd.api("PUT", `/views/${shared.id}`, {name: "All", query: "", department: "support"}, {"if-match": '"1"'}));
  assert.deepEqual([changed.name, changed.version], ["All", 2]);
  const late = await kithd.api("DELETE", `/views/${shared.id}`, undefined, {"if-match": '"1"'});
  assert.equal(late.status, 412);
  assert.equal(late.body.current.name, "All");
  await ok(kithd.api("DELETE", `/views/${shared.id}`, undefined, {"if-match": '"2"'}));
  assert.equal((await page("GET", "/views")).body.items.length, 1);
});

test("two people on one item see each other", async () => {
  const line = await ask();
  const mine = await Events.open(kithd), theirs = await Events.open(kithd, {cookie: cookie()});
  mine.say({type: "looking", message: line.message});
  await until(() => mine.of("presence").at(-1), e => e?.people.length === 1);
  theirs.say({type: "looking", message: line.message});
  for (const p of [mine, theirs])
    await until(() => p.of("presence").at(-1), e => e?.message === line.message && e.people.some(x => x.login === "jo") && e.people.length === 2);
  theirs.close();
  await until(() => mine.of("presence").at(-1), e => e.people.length === 1, "they never left");
  mine.close();
});

test("a page that was gone for a moment misses nothing; after a restart it is told to load everything", async () => {
  const live = await Events.open(kithd);
  await until(() => live.hello);
  assert.equal(live.hello.resumed, false);
  await ask();
  await until(() => live.of("item").length > 0);
  const {boot} = live.hello, seen = live.last;
  live.close();
  const missed = await ask();
  const again = await Events.open(kithd, {after: seen, boot});
  await until(() => again.of("item").find(e => e.item.id === missed.id), Boolean, "it was lost");
  assert.equal(again.hello.resumed, true);
  const numbers = again.events.filter(e => e.seq > seen && e.type !== "hello").map(e => e.seq);
  assert.deepEqual(numbers, numbers.map((_, i) => seen + 1 + i), "each once, in order");
  await kithd.stop();
  await until(() => again.closed, code => code === 1001, "it was not told of the restart");
  await kithd.start();
  const anew = await Events.open(kithd, {after: again.last, boot});
  await until(() => anew.hello);
  assert.equal(anew.hello.resumed, false);
  anew.close();
});

test("the socket ends with its session", async () => {
  await jo.signIn();
  const live = await Events.open(kithd, {cookie: cookie()});
  await until(() => live.hello);
  await page("DELETE", "/session");
  await until(() => live.closed, code => code === 4401, "it went on after its session");
});

test("a page that does not read holds nobody up", async () => {
  const slow = await Events.open(kithd), quick = await Events.open(kithd);
  slow.socket.pause();
  await until(() => quick.hello);
  const line = await ask();
  let {version} = line;
  for (let i = 0; i < 40; ++i) version = (await ok(post(line.id, "assign", i % 2 ? {login: "jo"} : {}, version))).version;
  await until(() => quick.of("item").at(-1), e => e?.item.version === version, "the quick one was held up");
  assert.equal(quick.closed, null);
  slow.socket.resume();
  await until(() => slow.of("item").at(-1), e => e?.item.version === version, "what fits is kept for it");
  slow.close();
  quick.close();
});

test("the command does what the page does", async () => {
  const line = await ask();
  const run = async (...args) => {
    const {code, out, err} = await kithd.command("queue", ...args);
    assert.equal(code, 0, err);
    return out;
  };
  await run("claim", String(line.id));
  assert.ok((await item(line.id)).claim);
  await run("claim", String(line.id), "--drop");
  assert.equal((await item(line.id)).claim, null);
  await run("assign", String(line.id), "--to", "jo");
  assert.equal((await item(line.id)).assigned.login, "jo");
  const hour = new Date(Date.now() + 3_600_000).toISOString();
  await run("snooze", String(line.id), "--until", hour);
  assert.equal((await item(line.id)).snoozed_until, hour);
  const late = await post(line.id, "snooze", {until: "2099-01-01T00:00:00Z"}, (await item(line.id)).version);
  assert.deepEqual([late.status, late.body.field], [400, "until"]);
  await run("snooze", String(line.id));
  assert.equal((await item(line.id)).snoozed_until, null);
  await jo.signIn();
  await ok(page("POST", `/suggestions/${line.id}/claim`));
  const held = await kithd.command("queue", "approve", String(line.id));
  assert.deepEqual([held.code, /Jo is deciding on it/.test(held.err)], [1, true], held.err);
  await run("approve", String(line.id), "--despite-claim");
  await run("undo", String(line.id));
  assert.equal((await item(line.id)).state, "open");
  await run("handled", String(line.id), "--note", "by phone");
  assert.match((await item(line.id)).reason, /by phone/);
});
