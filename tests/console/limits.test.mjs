// How long a session lasts, what needs a fresh one, and what stands in its cookies behind a proxy: a real kithd, whose
// clock the test moves (libfaketime; its timers go on as ever).
import assert from "node:assert/strict";
import {existsSync} from "node:fs";
import {readFile, writeFile} from "node:fs/promises";
import {createServer} from "node:net";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {Kithd} from "../support/kith.mjs";
import {Person, password, signIn} from "../support/people.mjs";

const library = ["x86_64", "aarch64", "riscv64"].map(cpu => `/usr/lib/${cpu}-linux-gnu/faketime/libfaketime.so.1`).find(existsSync);
const minute = 60_000, hour = 60 * minute;
let kithd, clock, ann, moved = 0;

async function later(by) {
  moved += by;
  ann && (ann.moved = moved);
  await writeFile(clock, `+${Math.round(moved / 1000)}`);
}
const status = async person => (await person.call("GET", "/status")).status;

/// What the system picks: kithd does not say its own port where people use another address.
async function freePort() {
  const server = createServer();
  await new Promise(done => server.listen(0, "127.0.0.1", done));
  const {port} = server.address();
  await new Promise(done => server.close(done));
  return port;
}

before(async () => {
  assert.ok(library, "install the package faketime");
  kithd = await Kithd.make({more: ""});
  clock = join(kithd.folder, "clock");
  await later(0);
  await kithd.start({LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: clock, FAKETIME_NO_CACHE: "1", FAKETIME_DONT_FAKE_MONOTONIC: "1"});
  ann = await signIn(kithd, {login: "ann"});
});
after(() => kithd?.remove());

test("what outlives a session needs a second factor that was just shown; a new password does not stand for it", async () => {
  const token = () => ann.call("POST", "/me/tokens", {name: "ci", scopes: ["read"], expires_at: new Date(Date.now() + moved + 24 * hour).toISOString()});
  assert.equal((await token()).status, 200);
  await later(14 * minute);
  assert.equal((await token()).status, 200);
  await later(2 * minute);
  for (const refused of [await token(), await ann.call("POST", "/me/totp", {})]) {
    assert.equal(refused.status, 403, JSON.stringify(refused.body));
    assert.match(refused.body.detail, /sign out and in again/);
  }
  const other = "another quite long phrase";
  await ann.ok("POST", "/me/password", {old: password, new: other});
  ann.password = other;
  assert.equal((await token()).status, 403);
  assert.equal((await ann.call("POST", "/me/totp", {})).status, 403);
  await ann.signIn();
  assert.equal((await token()).status, 200);
  assert.equal((await ann.call("POST", "/me/totp", {})).status, 200);
});

test("a session ends two hours after its last use", async () => {
  await later(hour + 59 * minute);
  assert.equal(await status(ann), 200);
  await later(hour + 59 * minute);
  assert.equal(await status(ann), 200);
  // What an open page asks by itself is not use.
  await later(hour + 59 * minute);
  assert.equal((await ann.call("GET", "/status", undefined, {"x-kith-background": "1"})).status, 200);
  await later(minute + 1000);
  assert.equal(await status(ann), 401);
});

test("a session ends twelve hours after it began, however much it is used", async () => {
  await ann.signIn();
  for (let i = 0; i < 11; i++) {
    await later(hour);
    assert.equal(await status(ann), 200, `after ${i + 1} hours`);
  }
  await later(59 * minute);
  assert.equal(await status(ann), 200);
  await later(2 * minute);
  assert.equal(await status(ann), 401);
});

test("whoever is halfway in has a quarter of an hour for the code; a wrong one may be mended", async () => {
  const half = await ann.ok("POST", "/session", {login: "ann", password: ann.password});
  assert.equal(half.second_factor, "needed");
  const wrong = await ann.call("POST", "/session/second", {code: "000000"});
  assert.equal(wrong.status, 401);
  assert.equal(wrong.body.type, "urn:kith:problem:second-factor-needed");
  await later(16 * minute);
  const late = await ann.call("POST", "/session/second", {code: await ann.code()});
  assert.equal(late.status, 401);
  assert.equal(late.body.type, "urn:kith:problem:not-signed-in");
});

test("behind a proxy with TLS cookies say so, and failures count by whom the proxy saw last", async () => {
  const behind = await Kithd.make({});
  try {
    const port = await freePort();
    const file = await readFile(behind.config, "utf8");
    await writeFile(behind.config, file.replace("  port: 0\n", `  port: ${port}\n  public_url: https://kith.example.com\n`));
    await behind.start();
    behind.base = `http://127.0.0.1:${port}`;  // as the proxy reaches it
    const bea = new Person(behind, {login: "bea"});
    const token = (await behind.setupToken()) ?? "";
    const half = await bea.call("POST", "/session/setup", {token, login: "bea", name: "bea", password});
    assert.equal(half.status, 200, JSON.stringify(half.body));
    assert.match(half.headers.getSetCookie()[0], /^__Host-kith=[a-z2-7]{32}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=900; Secure$/);
    await bea.enrol();
    assert.match(bea.jar["__Host-kith-device"] ?? "", /^\d+\.\d+\./);
    // What the client itself says stands first and counts for nothing: each of these names another address.
    const from = (n, line) => new Person(behind, {login: "x"}).call("POST", "/session", {login: `nobody${n}`, password: "wrong password here"}, {"x-forwarded-for": line});
    let last;
    for (let n = 0; n < 40 && last?.status !== 429; n++) last = await from(n, `10.0.0.${n}, 203.0.113.7`);
    assert.equal(last.status, 429, "forty from one address, and nobody has to wait");
    assert.equal((await from(100, "203.0.113.7, 203.0.113.8")).status, 401, "another address is not to blame");
    // Who has an IPv6 network has 2^64 addresses.
    for (let n = 0; n < 40 && last?.status !== 401; n++) last = await from(200 + n, "2001:db8:0:1::1");
    for (let n = 0; n < 40 && last?.status !== 429; n++) last = await from(300 + n, `2001:db8:0:1::${(n + 2).toString(16)}`);
    assert.equal(last.status, 429, "a /64 counts as one");
    assert.equal((await from(400, "2001:db8:0:2::1")).status, 401);
  } finally {
    await behind.remove();
  }
});
