// kithd on a real Bluesky network: mentions come in, a person approves, the reply is in the thread once, whatever
// happens in between.
import assert from "node:assert/strict";
import {execFile, spawn} from "node:child_process";
import {chmod, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {createInterface} from "node:readline";
import {after, before, test} from "node:test";
import {promisify} from "node:util";
import {Kithd, source, until} from "../support/kith.mjs";
import {Proxy} from "../support/proxy.mjs";

let network, control, pds, proxy, kithd, us;
const handle = "kith-tests.test", password = "company-password";

async function call(method, path, input) {
  const url = new URL(path, control);
  if (method === "GET") for (const [k, v] of Object.entries(input ?? {})) url.searchParams.set(k, v);
  const response = await fetch(url, {method, ...(method === "POST" && {headers: {"content-type": "application/json"}, body: JSON.stringify(input ?? {})})});
  const body = await response.json();
  assert.ok(response.ok, `${method} ${path}: ${JSON.stringify(body)}`);
  return body;
}

const post = (author, text, more = {}) => call("POST", "/post", {handle: author, text, ...more});
const mention = (text, author = "ann-asks.test") => post(author, `@${handle} ${text}`);
/// What we have posted in answer to `uri`.
const answersTo = async uri => (await call("GET", "/records", {handle})).records.filter(r => r.value.reply?.parent?.uri === uri);

/// The thread as the network shows it has exactly one reply to `uri`, ours; gives it.
async function oneReply(uri) {
  await call("POST", "/process");
  const {thread} = await call("GET", "/thread", {uri});
  assert.equal(thread.replies.length, 1, JSON.stringify(thread.replies));
  assert.equal(thread.replies[0].post.author.did, us.did);
  assert.equal((await answersTo(uri)).length, 1);
  return thread.replies[0].post;
}

/// The self-label that the pack asks for: Kith answers for no account without it.
async function markAsBot() {
  const xrpc = async (method, body, token) => {
    const answer = await fetch(`${pds}/xrpc/${method}`, {method: "POST", body: JSON.stringify(body),
      headers: {"content-type": "application/json", ...(token && {authorization: `Bearer ${token}`})}});
    assert.equal(answer.status, 200, await answer.clone().text());
    return answer.json();
  };
  const {accessJwt, did} = await xrpc("com.atproto.server.createSession", {identifier: handle, password});
  await xrpc("com.atproto.repo.putRecord", {repo: did, collection: "app.bsky.actor.profile", rkey: "self", record: {
    $type: "app.bsky.actor.profile", labels: {$type: "com.atproto.label.defs#selfLabels", values: [{val: "bot"}]}}}, accessJwt);
  await call("POST", "/process");
}

before(async () => {
  network = spawn(process.execPath, [join(source, "tests/real/network/network.mjs")], {stdio: ["pipe", "pipe", "inherit"]});
  const line = await new Promise((done, failed) => {
    createInterface(network.stdout).once("line", done);
    network.once("exit", code => failed(new Error(`the network ended with ${code}`)));
  });
  const where = JSON.parse(line);
  ({control, pds} = where);
  us = await call("POST", "/account", {handle, password});
  await markAsBot();
  await call("POST", "/account", {handle: "ann-asks.test", password: "ann-password"});
  await call("POST", "/account", {handle: "bob-asks.test", password: "bob-password"});
  proxy = await Proxy.before(where.pds);
  kithd = await Kithd.make();
  const secret = join(kithd.folder, "password");
  await writeFile(secret, password, {mode: 0o600});
  await chmod(secret, 0o600);
  await writeFile(kithd.config, `accounts:\n  - id: sky\n    platform: bluesky\n    service: ${proxy.url}\n    stream: ${where.pds.replace("http", "ws")}\n` +
    `    identifier: ${handle}\n    password: file:${secret}\n    poll: 1s\n`, {flag: "a"});
  await kithd.start();
  await until(() => kithd.get("/status"), s => s.accounts[0].state === "running", "the account does not run");
  // A fresh account starts from now: wait until it does, so that nothing below comes before it.
  await until(() => proxy.seen.some(r => r.path.includes("listNotifications")), Boolean, "it never asked for notifications", 30_000);
}, {timeout: 120_000});

after(async () => {
  await kithd?.remove();
  await proxy?.close();
  if (network && network.exitCode === null) {
    const ended = new Promise(done => network.once("exit", done));
    network.kill("SIGTERM");
    await ended;
  }
});

test("a mention becomes a suggestion within 5 s, an approval one reply in the thread, and why tells all", async () => {
  const asked = await mention("hello 👋, how do I reset my password?");
  const posted = Date.now();
  const s = await kithd.openFor(asked.uri);
  const took = Date.now() - posted;
  assert.ok(took < 5000, `${took} ms`);
  console.log(`suggested ${took} ms after the post`);
  const bytes = Buffer.from(s.message.text);
  assert.ok(s.matched.some(m => bytes.subarray(m.begin, m.end).toString() === "reset my password"), JSON.stringify(s.matched));
  assert.equal(s.message.author.handle, "ann-asks.test");

  await kithd.approve(s);
  const done = await kithd.stateIs(s.id, "delivered");
  const reply = await oneReply(asked.uri);
  assert.equal(reply.uri, done.receipt.native_id);
  assert.equal(reply.record.text, s.text);
  assert.deepEqual(reply.record.reply.root, {uri: asked.uri, cid: asked.cid});
  assert.equal((await call("POST", "/validate", {record: reply.record})).valid, true);
  for (const facet of reply.record.facets ?? []) {
    const link = facet.features.find(f => f.$type === "app.bsky.richtext.facet#link");
    const words = Buffer.from(reply.record.text).subarray(facet.index.byteStart, facet.index.byteEnd).toString();
    if (link) assert.ok(link.uri.includes(words) || words.includes(link.uri), `${words} links to ${link.uri}`);
  }
  assert.ok((reply.record.facets ?? []).length > 0, "the link in the answer is no link");

  const {code, out} = await kithd.command("why", asked.uri);
  assert.equal(code, 0);
  for (const part of ["playbook sign-in-trouble, revision ", "'reset my password' at bytes ", "verdict: allow", "decided by: ", done.receipt.native_id])
    assert.ok(out.includes(part), `no "${part}" in\n${out}`);
});

test("replies to us and quotes of us come in as well, once each", async () => {
  const ours = await post(handle, "We are here.");
  const answer = await post("ann-asks.test", "how do I reset my password?", {reply: {root: ours, parent: ours}});
  const quote = await post("bob-asks.test", "Quoting them: I forgot my password", {quote: ours});
  for (const {uri} of [answer, quote]) await kithd.openFor(uri);
  await until(() => proxy.seen.filter(r => r.path.includes("listNotifications")).length, n => n > 3);
  for (const {uri} of [answer, quote]) assert.equal((await kithd.suggestions()).filter(s => s.message.native_id === uri).length, 1);
});

test("a deleted post withdraws the suggestion, an edited one is judged anew", async () => {
  const first = await mention("I forgot my password");
  const gone = await kithd.openFor(first.uri);
  await call("POST", "/delete", {handle: "ann-asks.test", uri: first.uri});
  await kithd.stateIs(gone.id, "withdrawn");

  const second = await mention("I forgot my password, help");
  const stale = await kithd.openFor(second.uri);
  await call("POST", "/put", {handle: "ann-asks.test", uri: second.uri, text: `@${handle} I was charged twice`});
  await kithd.stateIs(stale.id, "withdrawn");
  assert.equal((await kithd.openFor(second.uri)).playbook.id, "billing-question");
  const {status, body} = await kithd.api("POST", `/suggestions/${stale.id}/approve`, {hash: stale.hash});
  assert.equal(status, 409, JSON.stringify(body));
  assert.deepEqual(await answersTo(second.uri), []);
});

test("a post deleted between the approval and the send is not answered", async () => {
  const asked = await mention("lost my password");
  const s = await kithd.openFor(asked.uri);
  let deleted = false;
  proxy.fault = async (request, when) => {
    if (when !== "before" || deleted || !request.url.includes("getPostThread")) return;
    deleted = true;  // at the last look before the send
    await call("POST", "/delete", {handle: "ann-asks.test", uri: asked.uri});
    await call("POST", "/process");
  };
  await kithd.approve(s);
  await kithd.stateIs(s.id, "withdrawn");
  proxy.fault = null;
  assert.ok(deleted);
  assert.deepEqual(await answersTo(asked.uri), []);
});

const steps = [
  ["before the intent", {KITH_KILL_AT: "deliver.before_intent"}],
  ["after the intent", {KITH_KILL_AT: "deliver.after_intent"}],
  ["during the call, before the network has it", {}, "before"],
  ["during the call, when the network has it", {}, "after"],
  ["after the call, before the record", {KITH_KILL_AT: "deliver.before_record"}],
];
for (const [name, env, when] of steps) {
  test(`killed ${name}: the thread has exactly one reply after the restart`, async () => {
    await kithd.stop();
    await kithd.start(env);
    const asked = await mention(`how do I reset my password? (${name})`);
    const s = await kithd.openFor(asked.uri);
    let killed;
    if (when)
      proxy.fault = async (request, at) => {
        if (at !== when || killed || !request.url.includes("putRecord")) return undefined;
        killed = kithd.kill();
        await killed;
        return at === "before" ? "swallow" : undefined;
      };
    await kithd.approve(s);
    const end = await kithd.ended;
    assert.equal(end.signal, "SIGKILL");
    proxy.fault = null;
    await kithd.start();
    await kithd.stateIs(s.id, "delivered");
    await oneReply(asked.uri);
  });
}

test("what was posted while kithd was down is not missed", async () => {
  await kithd.stop();
  const asked = await mention("is there an outage? I cannot log in");
  await kithd.start();
  await kithd.openFor(asked.uri);
});

test("a like and a follow move a contact, each told once", async () => {
  const does = (collection, subject) =>
    call("POST", "/create", {handle: "bob-asks.test", collection, record: {subject, createdAt: new Date().toISOString()}});
  const ours = await post(handle, "A post to like.");
  const like = await does("app.bsky.feed.like", ours);
  const bob = stage => until(async () => (await kithd.api("GET", "/contacts/bob-asks.test")).body,
    c => c.stages?.[0]?.stage === stage, `bob does not stand at ${stage}`, 30_000);
  const liked = await bob("affinity");
  assert.deepEqual(liked.path.at(-1).because.map(e => [e.signal, e.event]), [["reacted_well", {native_id: like.uri, about: ours.uri}]]);
  const follow = await does("app.bsky.graph.follow", us.did);
  const followed = await bob("audience");
  assert.deepEqual(followed.path.at(-1).because.map(e => [e.signal, e.event.native_id]), [["followed", follow.uri]]);
  const polls = () => proxy.seen.filter(r => r.path.includes("listNotifications")).length, before = polls();
  await until(polls, n => n > before + 2);
  assert.equal((await kithd.get("/contacts/bob-asks.test")).path.length, followed.path.length);
});

test("a block withdraws what is queued", async () => {
  const asked = await mention("please cancel: I was charged twice", "bob-asks.test");
  const s = await kithd.openFor(asked.uri);
  await call("POST", "/block", {handle: "bob-asks.test", subject: us.did});
  await kithd.stateIs(s.id, "withdrawn");
});

test("the platform itself, call by call (the C++ tests that need a network)", async () => {
  await kithd.stop();
  const binary = process.env.KITH_UNIT_TESTS ?? join(source, "build/dev/tests/unit_tests");
  const env = {...process.env, KITH_TEST_BLUESKY_PDS: pds, KITH_TEST_BLUESKY_CONTROL: control};
  const {stdout} = await promisify(execFile)(binary, ["--gtest_filter=bluesky_real.*"], {env, maxBuffer: 1 << 24})
    .catch(e => assert.fail(e.stdout + e.stderr));
  assert.match(stdout, /PASSED.* [1-9]\d* tests/);
  assert.doesNotMatch(stdout, /SKIPPED/);
});
