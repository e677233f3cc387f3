// The manners of the API: problems, parts of lists, ETags, keys of writes, its document.
import assert from "node:assert/strict";
import {createHash} from "node:crypto";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {isDeepStrictEqual} from "node:util";
import {Kithd, seen, source, until} from "../support/kith.mjs";
import {Loopback} from "../support/loopback.mjs";
import {fetch_checked} from "../support/openapi.mjs";

let platform, kithd;

before(async () => {
  platform = await new Loopback().start();
  kithd = await Kithd.make({accounts: `  - id: square\n    platform: loopback\n    url: ${platform.url}\n`});
  await kithd.start();
});
after(async () => {
  await kithd?.remove();
  await platform?.stop();
});

function asked(id, author = id) {
  platform.say({id, author, text: "how do I reset my password?"});
  return kithd.openFor(id);
}
const act = (s, verb, body, headers) => kithd.api("POST", `/suggestions/${s.id}/${verb}`, body, headers);
const typed = (answer, status, name) => {
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  assert.equal(answer.body.type, `urn:kith:problem:${name}`);
  assert.equal(answer.body.status, status);
  assert.match(answer.headers["content-type"], /^application\/problem\+json/);
  return answer.body;
};

// ---- problems

test("a wrong field is named", async () => {
  const wrong = typed(await kithd.api("POST", "/brakes/stop", {what: "everything", reason: "x"}), 400, "invalid");
  assert.equal(wrong.field, "what");
  assert.deepEqual(wrong.errors.map(e => e.field), ["what"]);
  assert.equal(typed(await kithd.api("GET", "/suggestions?state=odd"), 400, "invalid").field, "state");
});

test("of a list of customers each mistake is named", async () => {
  const {errors} = typed(await kithd.api("POST", "/customers", {customers: [{account: "nowhere", hnadle: "x"}]}), 400, "invalid");
  assert.ok(errors.length >= 2, JSON.stringify(errors));
  assert.ok(errors.some(e => /unknown field 'hnadle'/.test(e.detail)), JSON.stringify(errors));
});

test("what is not there, not known or not ours has its type", async () => {
  typed(await kithd.api("GET", "/suggestions/999999"), 404, "not-found");
  typed(await kithd.api("GET", "/nothing"), 404, "not-found");
  typed(await kithd.api("DELETE", "/status"), 405, "method-not-allowed");
  const stranger = await fetch_checked(`${kithd.base}/api/v1/status`);
  assert.equal((await stranger.json()).type, "urn:kith:problem:not-signed-in");
});

test("too many wrong passwords: the answer says when to try again", async () => {
  const refused = await until(() => fetch_checked(`${kithd.base}/api/v1/session`, {method: "POST",
    headers: {"content-type": "application/json", "x-kith-request": "1"}, body: JSON.stringify({login: "ann", password: "not this one"})}),
    answer => answer.status === 429, "wrong passwords are never too many", 60_000);
  const seconds = Number(refused.headers.get("retry-after"));
  assert.ok(seconds > 0 && seconds <= 300, String(seconds));
});

test("a browser that is shown an answer does nothing with it", async () => {
  for (const path of ["/status", "/nothing", "/openapi.yaml"]) {
    const {headers} = await kithd.api("GET", path);
    assert.match(headers["content-security-policy"], /default-src 'none'; frame-ancestors 'none'/, path);
    assert.equal(headers["x-content-type-options"], "nosniff", path);
  }
});

// ---- what one saw

test("a decision needs the version that one saw, and a late one is told how it is now", async () => {
  const s = await asked("v1");
  typed(await act(s, "reject", {reason: "no"}), 428, "precondition-required");
  typed(await act(s, "reject", {reason: "no"}, {"if-match": "1"}), 400, "invalid");
  const edited = await act(s, "edit", {text: "Use the link."}, seen(s));
  assert.equal(edited.status, 200, JSON.stringify(edited.body));
  const late = typed(await act(s, "reject", {reason: "no"}, seen(s)), 412, "precondition-failed");
  assert.equal(late.current.text, "Use the link.");
  assert.equal(late.current.version, edited.body.version);
  assert.equal((await act(s, "reject", {reason: "no"}, {"if-match": edited.headers.etag})).status, 200);
  const closed = typed(await act(s, "reject", {reason: "no"}, seen(s)), 412, "precondition-failed");
  assert.match(closed.detail, /it is rejected \(by .+\)/);
});

test("an approval that comes too late is told who decided what", async () => {
  const s = await asked("v2");
  await act(s, "reject", {reason: "not ours"}, seen(s));
  const late = typed(await act(s, "approve", {hash: s.hash}), 409, "changed");
  assert.match(late.detail, /is rejected \(by .+\): not ours/);
  assert.equal(late.current.state, "rejected");
  assert.equal(platform.replies.length, 0);
});

test("who has it already is not sent it again, until anything in it changed", async () => {
  const s = await asked("v3");
  const one = `/suggestions/${s.id}`;
  const {headers: {etag}} = await kithd.api("GET", one);
  assert.ok(etag.startsWith(`"${s.version}.`), etag);
  const again = await kithd.api("GET", one, undefined, {"if-none-match": etag});
  assert.deepEqual([again.status, again.body, again.headers.etag], [304, null, etag]);
  const question = await kithd.api("POST", `${one}/questions`, {department: (await kithd.all("/departments"))[0].id, text: "Is that so?"});
  assert.equal(question.status, 200, JSON.stringify(question.body));
  const changed = await kithd.api("GET", one, undefined, {"if-none-match": etag});  // the version is the same
  assert.deepEqual([changed.status, changed.body.version, changed.body.questions.length], [200, s.version, 1]);
});

// ---- parts of lists

/// Enough of everything for two parts.
async function fill() {
  const write = async (path, body) => {
    const {status, body: answer} = await kithd.api("POST", path, body);
    assert.equal(status, 200, JSON.stringify(answer));
  };
  const [{id: department}] = await kithd.all("/departments");
  for (const n of [1, 2, 3]) {
    const s = await asked(`p${n}`);
    await write(`/suggestions/${s.id}/questions`, {department, text: `question ${n}`});
    const over = await asked(`over${n}`);
    assert.equal((await act(over, "reject", {reason: "no"}, seen(over))).status, 200);
    await asked(`leave${n}`);
    await write("/opt-outs", {account: "square", contact: `leave${n}`, reason: "by mail"});
    await write("/customers", {customers: [{account: "square", identity: `p${n}`, product: "chair", bought_at: "2026-01-02", consent: {how: "by mail", at: "2026-01-02"}}]});
    await write("/fixes", {what: "bug-report", note: `mended ${n}`});
  }
  for (const id of ["thank-you", "bug-report", "billing-question"]) await write("/brakes/stop", {what: "playbook", id, reason: "for a test"});
}

test("lists come in parts, and nothing is in two of them or in none", async () => {
  await fill();
  for (const list of ["/contacts", "/suggestions?state=open", "/suggestions?state=closed", "/audit/entries", "/audit/entries?order=newest", "/audit/entries?act=received&order=oldest", "/questions?state=all", "/answers",
    "/departments", "/opt-outs?state=all", "/customers", "/fixes", "/brakes", "/unanswered"]) {
    const named = i => JSON.stringify(i.id ?? i.number ?? i.message ?? i.scope);
    const inParts = async () => {
      const parts = [];
      for (let next = "", part; next !== null; next = part.next) {
        part = await kithd.get(`${list}${list.includes("?") ? "&" : "?"}limit=2${next && `&cursor=${next}`}`);
        assert.ok(part.items.length <= 2, list);
        parts.push(...part.items.map(named));
      }
      return parts;
    };
    // What follows from filling by itself may change a list while it is read: then it is read again.
    const read = async () => [await kithd.all(list), await inParts(), await kithd.all(list)].map(l => l.map(i => typeof i === "string" ? i : named(i)));
    const [whole, parts] = await until(read, ([one, , other]) => isDeepStrictEqual(one, other), `${list} does not come to rest`);
    assert.ok(whole.length > 2 && new Set(whole).size === whole.length, `${list}: ${whole}`);
    assert.deepEqual(parts, whole, list);
  }
});

test("the record is looked through: by who, what, which and when, the newest first", async () => {
  const chain = await kithd.all("/audit/entries");
  const found = query => kithd.all(`/audit/entries?order=newest&details=1&${query}`);
  const numbers = entries => entries.map(e => e.number);
  const expected = fits => numbers(chain.filter(fits)).reverse();
  const some = chain.find(e => e.act === "rejected");
  for (const [query, fits] of [["", () => true], [`actor=${some.actor}`, e => e.actor === some.actor], ["act=rejected", e => e.act === "rejected"],
    [`suggestion=${some.suggestion}`, e => e.suggestion === some.suggestion], [`message=${some.message}`, e => e.message === some.message],
    [`actor=kith&message=${some.message}`, e => e.actor === "kith" && e.message === some.message],
    [`from=${some.at}`, e => e.at >= some.at], [`to=${some.at}`, e => e.at < some.at], ["from=2037-01-01", () => false], ["to=2037-01-01", () => true]]) {
    const all = await found(query);
    assert.deepEqual(numbers(all), expected(fits), query);
    assert.ok(all.length > 0 || query.startsWith("from=2037"), query);
  }
  assert.ok((await found("act=rejected")).every(e => e.detail.length > 0));
  for (const [query, field] of [["suggestion=x", "suggestion"], ["message=0", "message"], ["from=yesterday", "from"], ["to=2026-13-01", "to"], ["order=up", "order"]])
    assert.equal(typed(await kithd.api("GET", `/audit/entries?${query}`), 400, "invalid").field, field);
  const {next} = await kithd.get("/audit/entries?limit=1");
  assert.equal(typed(await kithd.api("GET", `/audit/entries?order=newest&cursor=${next}`), 400, "invalid").field, "cursor");
});

test("the replies for one message stay together, however small the part", async () => {
  for (const n of [1, 2, 3]) {
    platform.say({id: `both${n}`, author: `both${n}`, text: "I was charged twice and there is a mistake on my invoice, and I cannot sign in: how do I reset my password?"});
    await kithd.openFor(`both${n}`);
  }
  const whole = await kithd.suggestions();
  assert.ok(whole.filter(s => s.alternatives.length > 0).length >= 3, "no message has two replies");
  const parts = [];
  for (let next = "", part; next !== null; next = part.next) {
    part = await kithd.get(`/suggestions?state=open&limit=1${next && `&cursor=${next}`}`);
    parts.push(...part.items);
  }
  const named = s => [s.id, ...s.alternatives.map(a => a.id)];
  assert.deepEqual(parts.map(named), whole.map(named));
});

test("a cursor of another list, or with other filters, is refused", async () => {
  const {next} = await kithd.get("/contacts?limit=1");
  for (const path of [`/audit/entries?cursor=${next}`, `/contacts?account=square&cursor=${next}`, "/contacts?cursor=7"])
    assert.equal(typed(await kithd.api("GET", path), 400, "invalid").field, "cursor");
  assert.equal(typed(await kithd.api("GET", "/contacts?limit=201"), 400, "invalid").field, "limit");
});

test("the kith command gives as many as were wanted, and says if there are more", async () => {
  const few = await kithd.command("--json", "contact", "list", "--limit", "2");
  assert.equal(JSON.parse(few.out).items.length, 2);
  assert.match(few.err, /There are more: --all/);
  const all = await kithd.command("--json", "contact", "list", "--all");
  assert.equal(JSON.parse(all.out).items.length, (await kithd.all("/contacts")).length);
  assert.equal(all.err, "");
});

// ---- keys of writes

const fix = (note, key) => kithd.api("POST", "/fixes", {what: "sign-in-trouble", note}, {"idempotency-key": key});

test("a write with a key is done once and answered again, also after a restart", async () => {
  const first = await fix("mended", "k-1");
  assert.equal(first.status, 200, JSON.stringify(first.body));
  assert.equal(first.headers["idempotency-replayed"], undefined);
  const again = await fix("mended", "k-1");
  assert.deepEqual([again.status, again.body, again.headers["idempotency-replayed"]], [200, first.body, "true"]);
  await kithd.stop();
  await kithd.start();
  assert.deepEqual((await fix("mended", "k-1")).body, first.body);
  assert.equal((await kithd.all("/fixes")).filter(f => f.note === "mended").length, 1);
});

test("a refusal is an answer too, with the same words and the same type", async () => {
  const s = await asked("i1");
  const late = await act(s, "approve", {hash: "0".repeat(64)}, {"idempotency-key": "k-late"});
  typed(late, 409, "changed");
  const again = await act(s, "approve", {hash: "0".repeat(64)}, {"idempotency-key": "k-late"});
  assert.deepEqual([again.status, again.body, again.headers["idempotency-replayed"]], [409, late.body, "true"]);
});

test("an approval that is sent twice posts once, and both answers are the first", async () => {
  const s = await asked("i2");
  const posts = platform.posts;
  const [one, two] = await Promise.all([1, 2].map(() => act(s, "approve", {hash: s.hash}, {"idempotency-key": "k-twice"})));
  const states = [one, two].map(a => a.status).sort();
  assert.ok(states[0] === 200 && (states[1] === 200 || states[1] === 409), JSON.stringify([one.body, two.body]));
  await kithd.stateIs(s.id, "delivered");
  assert.equal(platform.posts, posts + 1);
  const later = await act(s, "approve", {hash: s.hash}, {"idempotency-key": "k-twice"});
  assert.deepEqual([later.status, later.body.state], [200, "approved"]);  // as it was then
});

test("while the first is being done, a second with its key is told so", async () => {
  const s = await asked("i3");
  let go_on;
  const held = new Promise(done => { go_on = done; });
  const reached = new Promise(done => { platform.onThread = async () => { done(); await held; }; });
  const first = act(s, "edit", {text: "Use the link."}, {...seen(s), "idempotency-key": "k-slow"});  // reads the thread anew
  await reached;
  try {
    typed(await act(s, "edit", {text: "Use the link."}, {...seen(s), "idempotency-key": "k-slow"}), 409, "still-running");
  } finally {
    platform.onThread = null;
    go_on();
  }
  assert.equal((await first).status, 200);
});

test("the same key for another request is a mistake", async () => {
  await fix("one thing", "k-2");
  assert.equal(typed(await fix("another thing", "k-2"), 422, "invalid").field, "Idempotency-Key");
  const s = await asked("i4");
  typed(await act(s, "reject", {reason: "no"}, {...seen(s), "idempotency-key": "k-2"}), 422, "invalid");
});

test("a key is 1 to 255 visible characters", async () => {
  for (const key of ["x".repeat(256), "two words", "ümlaut"])
    assert.equal(typed(await fix("x", key), 400, "invalid").field, "Idempotency-Key");
});

test("what is not possible right now may be tried again with the same key", async () => {
  const s = await asked("i5");
  const edit = () => act(s, "edit", {text: "Use the link."}, {...seen(s), "idempotency-key": "k-busy"});
  platform.threadFault = "fail";
  const busy = await edit();
  platform.threadFault = null;
  typed(busy, 503, "unavailable");
  assert.ok(Number(busy.headers["retry-after"]) > 0);
  assert.equal((await edit()).status, 200);
});

// ---- the document

test("the document is served as it is, to everybody", async () => {
  const file = await readFile(join(source, "daemon/console/openapi.yaml"), "utf8");
  const answer = await fetch_checked(`${kithd.base}/api/v1/openapi.yaml`);
  assert.equal(answer.headers.get("content-type"), "application/yaml");
  const hash = text => createHash("sha256").update(text).digest("hex");
  assert.equal(hash(await answer.text()), hash(file));
  const known = await fetch_checked(`${kithd.base}/api/v1/openapi.yaml`, {headers: {"if-none-match": answer.headers.get("etag")}});
  assert.equal(known.status, 304);
});
