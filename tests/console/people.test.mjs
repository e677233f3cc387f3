// Who gets in, how far, and for how long: as a browser, a program and an operator at the socket find it.
import assert from "node:assert/strict";
import {readFile, stat} from "node:fs/promises";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {Kithd, until} from "../support/kith.mjs";
import {Person, password, signIn, step_now, totp} from "../support/people.mjs";

let kithd, ann;

before(async () => {
  kithd = await Kithd.make({accounts: "  - id: site-chat\n    platform: webchat\n    demo: true\n"});
  await kithd.start();
});
after(async () => { await kithd.remove(); });

const is = (answer, status, detail) => {
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  if (detail) assert.match(answer.body.detail, detail);
};

/// The journal gets it beside the answer.
const logged = line => until(() => line.test(kithd.log), Boolean, `the journal lacks ${line}`);

test("the set-up link makes one admin, who can do nothing before the second factor is set up", async () => {
  ann = new Person(kithd, {login: "ann", name: "Ann Example"});
  assert.deepEqual(await ann.ok("GET", "/session/options"), {password: true, oidc: null, needs_setup: true});
  const token = await kithd.setupToken();
  const fields = {token, login: "ann", name: "Ann Example", password};
  is(await ann.call("POST", "/session/setup", {...fields, token: "wrong"}), 403, /used up, too old/);
  is(await ann.call("POST", "/session/setup", {...fields, password: "too short"}), 400, /12 to 256/);
  for (const known of ["password1234", "qwertyuiop12", "Example Ltd 2026", "iloveyou2026!"])
    is(await ann.call("POST", "/session/setup", {...fields, password: known}), 400, /first that a program would try/);
  is(await ann.call("POST", "/session/setup", {...fields, login: "kith"}), 400, /name of Kith's own/);
  is(await ann.call("POST", "/session/setup", {...fields, password: "Ann Example!!"}), 400, /not your own name/);
  const half = await ann.call("POST", "/session/setup", fields);
  is(half, 200);
  assert.equal(half.body.second_factor, "setup");
  assert.equal(half.body.user.role, "admin");
  const [cookie] = half.headers.getSetCookie();
  assert.match(cookie, /^kith=[a-z2-7]{32}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=900$/);
  const shut = await ann.call("GET", "/status");
  is(shut, 401);
  assert.equal(shut.body.type, "urn:kith:problem:second-factor-needed");
  is(await new Person(kithd, {login: "eve"}).call("POST", "/session/setup", {...fields, login: "eve", name: "Eve"}), 403);
  await ann.enrol();
  assert.equal(new Set(ann.recovery_codes).size, 10);
  for (const code of ann.recovery_codes) assert.match(code, /^([a-z2-7]{4}-){5}[a-z2-7]{4}$/);
  const {user, second_factor} = await ann.ok("GET", "/session");
  assert.equal(second_factor, "done");
  assert.deepEqual([user.login, user.name, user.role, user.departments, user.accounts], ["ann", "Ann Example", "admin", [], []]);
  await ann.ok("GET", "/status");
  assert.equal((await ann.ok("GET", "/session/options")).needs_setup, false);
});

test("each step of the way in has a cookie of its own, and a code is taken once", async () => {
  const again = new Person(kithd, {login: "ANN"});
  const before = {...ann.jar};
  is(await again.call("POST", "/session/second", {code: "000000"}), 401, /login and password first/);
  assert.equal((await again.ok("POST", "/session", {login: "ANN", password})).second_factor, "needed");
  const half = again.jar.kith;
  const code = await ann.code();
  is(await again.call("POST", "/session/second", {code: code === "000000" ? "111111" : "000000"}), 401, /not the code of now/);
  assert.equal((await again.ok("POST", "/session/second", {code})).second_factor, "done");
  assert.notEqual(again.jar.kith, half);
  const third = new Person(kithd, {login: "ann"});
  third.jar.kith = half;
  is(await third.call("GET", "/session"), 401);
  delete third.jar.kith;
  await third.ok("POST", "/session", {login: "ann", password});
  is(await third.call("POST", "/session/second", {code}), 401, /used before/);
  assert.deepEqual(ann.jar, before);
  await ann.ok("GET", "/status");
  is(await again.call("DELETE", "/session"), 204);
  is(await again.call("GET", "/session"), 401);
});

test("a recovery code lets in once", async () => {
  const lost = new Person(kithd, {login: "ann"});
  await lost.ok("POST", "/session", {login: "ann", password});
  const [code] = ann.recovery_codes;
  is(await lost.call("POST", "/session/second", {recovery_code: "aaaa-aaaa-aaaa-aaaa"}), 401, /none of your recovery codes/);
  const {user} = await lost.ok("POST", "/session/second", {recovery_code: code.toUpperCase().replaceAll("-", " ")});
  assert.equal(user.recovery_codes, 9);
  await lost.ok("POST", "/session", {login: "ann", password});
  is(await lost.call("POST", "/session/second", {recovery_code: code}), 401, /none of your recovery codes/);
});

test("an unknown login and a wrong password are answered alike; who fails must wait, and the owner need not", async () => {
  const mallory = new Person(kithd, {login: "ann"});
  const wrong = login => mallory.call("POST", "/session", {login, password: "not the password at all"});
  const known = await wrong("ann"), unknown = await wrong("nobody-here");
  assert.equal(known.status, 401);
  assert.deepEqual(known.body, unknown.body);
  // As fast as it is answered: each failure after the fifth doubles the wait.
  const waits = answer => answer.status === 429 && Number(answer.headers.get("retry-after")) >= 8;
  const [late, later] = await Promise.all(["ann", "nobody-here"].map(login => until(() => wrong(login), waits, "nobody has to wait", 60_000)));
  is(late, 429, /failed too often/);
  is(later, 429, /failed too often/);
  is(await mallory.call("POST", "/session", {login: "ann", password}), 429);
  // Her browser was let in before: what fails elsewhere is not counted against it.
  const own = new Person(kithd, {login: "ann"});
  own.jar["kith-device"] = ann.jar["kith-device"];
  assert.equal((await own.ok("POST", "/session", {login: "ann", password})).second_factor, "needed");
  const forged = new Person(kithd, {login: "ann"});
  forged.jar["kith-device"] = ann.jar["kith-device"].replace(/.$/, c => c === "A" ? "B" : "A");
  is(await forged.call("POST", "/session", {login: "ann", password}), 429);
});

test("what comes from elsewhere is refused, cookie or not", async () => {
  const path = "/brakes/stop", body = {what: "account", id: "site-chat", reason: "a test"};
  is(await ann.call("POST", path, body, {"x-kith-request": "0"}), 403, /own page/);
  is(await ann.call("POST", path, body, {"sec-fetch-site": "cross-site"}), 403, /own page/);
  is(await ann.call("POST", path, body, {origin: "https://evil.example"}), 403, /own page/);
  is(await ann.call("DELETE", "/session", undefined, {"x-kith-request": "0"}), 403);
});

test("a restart ends no session, and the copy of a database gives no second factor away", async () => {
  await kithd.stop();
  await kithd.start();
  await ann.ok("GET", "/status");
  const key = join(kithd.folder, "state/secrets.key");
  assert.equal((await stat(key)).mode & 0o777, 0o600);
  assert.equal((await stat(key)).size, 32);
  for (const file of ["kith.db", "kith.db-wal"]) {
    const bytes = await readFile(join(kithd.folder, "state", file)).catch(() => Buffer.alloc(0));
    for (const secret of [ann.secret, ann.secret.toLowerCase(), ann.jar.kith, ann.recovery_codes[1], password])
      assert.ok(!bytes.includes(secret), `${file} holds a secret`);
  }
});

test("an invitation is for one person, once; a lead is no admin", async () => {
  const made = await ann.ok("POST", "/users", {login: "leo", name: "Leo", email: "leo@example.com", role: "lead"});
  assert.match(made.setup_url, /\/console\/setup#[a-z2-7]{32}$/);
  assert.equal(made.password_set, false);
  const token = made.setup_url.split("#")[1];
  const leo = new Person(kithd, {login: "leo", name: "Leo"});
  is(await leo.call("POST", "/session", {login: "leo", password}), 401);
  is(await leo.call("POST", "/session/setup", {token, login: "ann", name: "", password}), 400, /this link is for leo/);
  await leo.setUp(token);
  is(await new Person(kithd, {login: "leo"}).call("POST", "/session/setup", {token, login: "leo", name: "Leo", password}), 403);
  is(await leo.call("POST", "/users", {login: "mo", role: "admin"}), 403, /needs the role admin, and you act as lead/);
  const brief = (await leo.ok("GET", "/users")).items.find(u => u.login === "leo");
  assert.deepEqual(Object.keys(brief).sort(), ["accounts", "departments", "disabled", "id", "login", "name", "role"]);
  is(await ann.call("POST", "/users", {login: "LEO", role: "viewer"}), 409, /already/);
  is(await ann.call("POST", "/users", {login: "max", role: "boss"}), 400, /role: write viewer/);
  is(await ann.call("POST", "/users", {login: "max", role: "viewer", accounts: ["site-chta"]}), 400, /no account 'site-chta'/);
  is(await ann.call("POST", "/users", {login: "max", role: "viewer", departments: ["suport"]}), 400, /no department 'suport'/);
  // A new link takes everything away that was there.
  const {setup_url} = await ann.ok("POST", `/users/${made.id}/reset`, {});
  is(await leo.call("GET", "/session"), 401);
  is(await new Person(kithd, {login: "leo"}).call("POST", "/session", {login: "leo", password}), 401);
  await new Person(kithd, {login: "leo", name: "Leo"}).setUp(setup_url.split("#")[1]);
});

test("people are changed as they were seen, and an admin always remains", async () => {
  const read = () => ann.call("GET", "/users/leo");
  const first = await read();
  const patch = (body, tag) => ann.call("PATCH", "/users/leo", body, tag ? {"if-match": tag} : {});
  is(await patch({role: "drafter"}), 428, /send the ETag/);
  const changed = await patch({role: "drafter", accounts: ["site-chat"]}, first.headers.get("etag"));
  is(changed, 200);
  assert.deepEqual([changed.body.role, changed.body.accounts], ["drafter", ["site-chat"]]);
  const late = await patch({role: "lead"}, first.headers.get("etag"));
  is(late, 412);
  assert.equal(late.body.type, "urn:kith:problem:precondition-failed");
  assert.equal(late.body.current.role, "drafter");
  const own = await ann.call("GET", "/users/ann");
  is(await ann.call("PATCH", "/users/ann", {role: "lead"}, {"if-match": own.headers.get("etag")}), 409, /last admin/);
  is(await ann.call("PATCH", "/users/ann", {disabled: true}, {"if-match": own.headers.get("etag")}), 409, /last admin/);
});

/// Opens the live events; gives what ended them.
function eventsOf(person) {
  const socket = new WebSocket(`${kithd.base.replace("http", "ws")}/api/v1/events`,
    {protocols: ["kith.events.1"], headers: {cookie: `kith=${person.jar.kith}`}});
  const opened = new Promise((done, failed) => { socket.onmessage = () => done(socket); socket.onerror = failed; });
  const ended = new Promise(done => { socket.onclose = e => done(e.code); });
  return {opened, ended};
}

test("who is disabled is out at once, with what was open", async () => {
  const vic = await signIn(kithd, {login: "vic", role: "viewer"});
  const events = eventsOf(vic);
  await events.opened;
  is(await vic.call("POST", "/brakes/stop", {what: "all", reason: "no"}), 403, /needs the role approver, and you act as viewer/);
  const seen = await ann.call("GET", "/users/vic");
  is(await ann.call("PATCH", "/users/vic", {disabled: true}, {"if-match": seen.headers.get("etag")}), 200);
  is(await vic.call("GET", "/status"), 401);
  assert.equal(await events.ended, 4401);
  is(await vic.call("POST", "/session", {login: "vic", password}), 401, /wrong login or password/);
});

test("people see where they are signed in, and end it; a new password ends the others", async () => {
  const sue = await signIn(kithd, {login: "sue", role: "approver"});
  const elsewhere = await Object.assign(new Person(kithd, {login: "sue"}), {secret: sue.secret, last_step: sue.last_step}).signIn();
  sue.last_step = elsewhere.last_step;
  const sessions = (await sue.ok("GET", "/me/sessions")).items;
  assert.equal(sessions.length, 2);
  assert.deepEqual(sessions.map(s => s.current), [true, false]);
  is(await ann.call("DELETE", `/me/sessions/${sessions[1].id}`), 404);
  is(await sue.call("DELETE", `/me/sessions/${sessions[1].id}`), 200);
  is(await elsewhere.call("GET", "/status"), 401);
  await logged(new RegExp(`user \\d+ ended session ${sessions[1].id} from 127\\.0\\.0\\.1`));
  await logged(/refused with 401: GET \/api\/v1\/status for nobody from 127\.0\.0\.1/);
  await elsewhere.signIn();
  await logged(/user \d+ signed in from 127\.0\.0\.1/);
  const other = "another quite long phrase";
  is(await sue.call("POST", "/me/password", {old: "wrong", new: other}), 400, /old: this is not your password/);
  is(await sue.call("POST", "/me/password", {old: password, new: "short"}), 400, /12 to 256/);
  const {token} = await sue.ok("POST", "/me/tokens", {name: "of a thief", scopes: ["queue"], expires_at: new Date(Date.now() + 86_400_000).toISOString()});
  const program = () => new Person(kithd, {login: "-"}).call("GET", "/status", undefined, {authorization: `Bearer ${token}`});
  is(await program(), 200);
  const cookie = sue.jar.kith, device = sue.jar["kith-device"];
  await sue.ok("POST", "/me/password", {old: password, new: other});
  assert.notEqual(sue.jar.kith, cookie);
  await sue.ok("GET", "/status");
  is(await elsewhere.call("GET", "/status"), 401);
  is(await elsewhere.call("POST", "/session", {login: "sue", password}), 401);
  is(await program(), 401);
  assert.notEqual(sue.jar["kith-device"], device);
  const me = await sue.ok("PATCH", "/me", {name: "Sue S.", language: "de", theme: "dark", email: "sue@example.com"});
  assert.deepEqual([me.user.name, me.user.language, me.user.theme, me.user.notify], ["Sue S.", "de", "dark", {email: [], possible: false}]);
  assert.equal(me.user.email, "sue@example.com");
  assert.equal((await sue.ok("PATCH", "/me", {language: null})).user.language, null);
  is(await sue.call("PATCH", "/me", {theme: "pink"}), 400, /theme: write 'light', 'dark', or null/);
});

test("a token acts for its person, within its scopes, until it is removed", async () => {
  const in_days = n => new Date(Date.now() + n * 86_400_000).toISOString();
  const made = await ann.ok("POST", "/me/tokens", {name: "nightly", scopes: ["read"], expires_at: in_days(30)});
  assert.match(made.token, /^kith_[a-z2-7]{32}$/);
  is(await ann.call("POST", "/me/tokens", {name: "x", scopes: ["read"], expires_at: in_days(400)}), 400, /at most a year/);
  is(await ann.call("POST", "/me/tokens", {name: "x", scopes: ["all"], expires_at: in_days(1)}), 400, /no 'all'/);
  const bearer = token => (method, path, body) => new Person(kithd, {login: "-"}).call(method, path, body,
    {"x-kith-request": "0", "sec-fetch-site": "none", authorization: `Bearer ${token}`});
  const reads = bearer(made.token);
  is(await reads("GET", "/status"), 200);
  is(await reads("GET", "/users"), 403, /needs the role approver, and you act as viewer/);
  await logged(/refused with 403: GET \/api\/v1\/users for ann from 127\.0\.0\.1/);
  is(await reads("POST", "/brakes/stop", {what: "account", id: "site-chat", reason: "a test"}), 403);
  is(await bearer("kith_" + "a".repeat(32))("GET", "/status"), 401);
  const queue = await ann.ok("POST", "/me/tokens", {name: "queue", scopes: ["read", "queue"], expires_at: in_days(1)});
  is(await bearer(queue.token)("POST", "/brakes/stop", {what: "account", id: "site-chat", reason: "a test"}), 200);
  is(await bearer(queue.token)("POST", "/brakes/resume", {what: "account", id: "site-chat"}), 403, /needs the role lead/);
  is(await bearer(queue.token)("POST", "/me/tokens", {name: "more", scopes: ["admin"], expires_at: in_days(1)}), 403);
  is(await bearer(queue.token)("POST", "/me/password", {old: password, new: "another quite long phrase"}), 401);
  // No token lets anybody in, its owner neither.
  const whole = await ann.ok("POST", "/me/tokens", {name: "whole", scopes: ["admin"], expires_at: in_days(1)});
  for (const [method, path, body] of [["POST", "/users/ann/reset"], ["POST", "/users", {login: "tok", role: "admin"}], ["PATCH", "/users/ann", {disabled: true}]])
    is(await bearer(whole.token)(method, path, body ?? {}), 403, /a token lets nobody in/);
  is(await bearer(whole.token)("POST", "/users/ann/tokens", {name: "more", scopes: ["admin"], expires_at: in_days(1)}), 403, /make their own tokens/);
  is(await bearer(whole.token)("POST", "/views", {name: "mine", query: ""}), 403, /for who is signed in/);
  is(await bearer(whole.token)("GET", "/users"), 200);
  is(await ann.call("DELETE", `/me/tokens/${whole.id}`), 200);
  const listed = (await ann.ok("GET", "/me/tokens")).items;
  assert.deepEqual(listed.map(t => t.name), ["nightly", "queue"]);
  assert.ok(listed.every(t => t.used_at && !("token" in t) && !("hash" in t)));
  is(await ann.call("DELETE", `/me/tokens/${made.id}`), 200);
  is(await reads("GET", "/status"), 401);
  await ann.ok("POST", "/brakes/resume", {what: "account", id: "site-chat"});
});

test("the command invites, shows, changes and resets people, and makes tokens for them", async () => {
  const run = async (...words) => {
    const done = await kithd.command(...words);
    assert.equal(done.code, 0, done.err);
    return done.out;
  };
  const added = await run("user", "add", "pat", "--name", "Pat P.", "--role", "approver", "--account", "site-chat");
  assert.match(added, /pat: Pat P\., approver, invited\n  departments: all\n  accounts: site-chat/);
  assert.match(added, /good once and for three days:\n  http\S+\/console\/setup#[a-z2-7]{32}\n/);
  assert.match(await run("user", "list"), /pat +Pat P\. +approver +all +site-chat +invited/);
  assert.match(await run("user", "set", "pat", "--role", "drafter", "--all-accounts"), /drafter, invited\n  departments: all\n  accounts: all/);
  assert.match(await run("user", "disable", "pat"), /disabled/);
  assert.match(await run("user", "enable", "pat"), /invited/);
  assert.match(await run("user", "reset", "pat"), /setup#/);
  assert.match(await run("user", "show", "pat"), /^pat: Pat P\., drafter, invited/);
  const token = (await run("token", "add", "pat", "import", "--scope", "queue", "--days", "7")).match(/kith_[a-z2-7]{32}/)[0];
  const listed = await run("token", "list", "pat");
  assert.match(listed, /import +queue/);
  assert.ok(!listed.includes(token));
  const id = listed.match(/\n(\d+) /)[1];
  assert.match(await run("token", "remove", "pat", id), /none/);
  const none = await kithd.command("user", "show", "nobody-such");
  assert.equal(none.code, 1);
  assert.match(none.err, /there is no user 'nobody-such'/);
});

test("who is held to a department finds nothing of another", async () => {
  const all = (await ann.ok("GET", "/departments")).items.map(d => d.id);
  assert.ok(all.length > 1);
  const [own, other] = all;
  const deb = await signIn(kithd, {login: "deb", role: "lead", departments: [own]});
  assert.deepEqual((await deb.ok("GET", "/departments")).items.map(d => d.id), [own]);
  await deb.ok("GET", `/departments/${own}`);
  for (const path of [`/departments/${other}`, `/departments/${other}/digest`]) is(await deb.call("GET", path), 404, /there is no department/);
  is(await deb.call("POST", `/departments/${other}/digest`, {}), 404, /there is no department/);
  const owners = new Set((await deb.ok("GET", "/answers")).items.map(a => a.owner));
  assert.ok([...owners].every(o => o === own));
  assert.ok((await ann.ok("GET", "/answers")).items.some(a => a.owner !== own));
});

test("a code of tomorrow or of yesterday is no code", async () => {
  const tom = await signIn(kithd, {login: "tom", role: "viewer"});
  const half = new Person(kithd, {login: "tom"});
  await half.ok("POST", "/session", {login: "tom", password});
  for (const off of [-2, 3]) is(await half.call("POST", "/session/second", {code: totp(tom.secret, step_now() + off)}), 401);
});
