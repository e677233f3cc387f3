// A verdict of `second`: one of the two decides on the socket, the other in the console.
import assert from "node:assert/strict";
import {join} from "node:path";
import {DatabaseSync} from "node:sqlite";
import {after, before, test} from "node:test";
import {Kithd} from "../support/kith.mjs";
import {Loopback} from "../support/loopback.mjs";

let platform, kithd, cookie;
const password = "correct horse battery";

before(async () => {
  platform = await new Loopback().start();
  kithd = await Kithd.make({accounts: `  - id: square\n    platform: loopback\n    url: ${platform.url}\n`});
  await kithd.start();
  await console_call("POST", "/session/setup", {token: await kithd.setupToken(), password});
});
after(async () => {
  await kithd.remove();
  await platform.stop();
});

/// As the console's page: over TCP, with its cookie.
async function console_call(method, path, body) {
  const response = await fetch(`${kithd.base}/api/v1${path}`, {method, body: body && JSON.stringify(body),
    headers: {"content-type": "application/json", "x-kith-request": "1", ...(cookie ? {cookie} : {})}});
  cookie = response.headers.get("set-cookie")?.split(";")[0] ?? cookie;
  const text = await response.text();
  return {status: response.status, body: text ? JSON.parse(text) : null};
}

/// A suggestion that needs two people, as a pack would have it.
async function needsTwo(id) {
  platform.say({id, author: "ann", text: "how do I reset my password?"});
  const s = await kithd.openFor(id);
  await kithd.stop();
  const db = new DatabaseSync(join(kithd.folder, "state/kith.db"));
  db.prepare("UPDATE suggestions SET verdict = ? WHERE id = ?")
    .run(JSON.stringify({decision: "second", reasons: [{rule: "house.press", says: "second", why: "a journalist asks"}]}), s.id);
  db.close();
  await kithd.start();
  await console_call("POST", "/session", {password});
  return kithd.get(`/suggestions/${s.id}`);
}

test("two people, one on the socket and one in the console, approve together", async () => {
  await kithd.command("stop", "all", "--reason", "so that it is looked at before it is sent");
  const s = await needsTwo("m1");
  const first = await kithd.approve(s);
  assert.equal(first.state, "open");
  assert.ok(first.approved_by.length > 0 && first.approved_by !== "operator");
  const again = await kithd.api("POST", `/suggestions/${s.id}/approve`, {hash: s.hash});
  assert.equal(again.status, 403);
  assert.match(again.body.detail, /needs two people, and .+ has approved it already: somebody else must agree/);
  const {out} = await kithd.command("queue", "show", String(s.id));
  assert.match(out, /approved by: .+; a second person must agree/);
  assert.match((await kithd.command("queue", "list")).out, /open \(1 of 2\)/);
  const second = await console_call("POST", `/suggestions/${s.id}/approve`, {hash: s.hash});
  assert.equal(second.status, 200, JSON.stringify(second.body));
  assert.equal(second.body.state, "approved");
  assert.equal(second.body.approved_by, `${first.approved_by} and operator`);
});

test("an edit in between takes the first yes away", async () => {
  const s = await needsTwo("m2");
  const {body: first} = await console_call("POST", `/suggestions/${s.id}/approve`, {hash: s.hash});
  assert.equal(first.approved_by, "operator");
  const edited = await kithd.api("POST", `/suggestions/${s.id}/edit`, {version: first.version, text: "Use the link."});
  assert.equal(edited.status, 200, JSON.stringify(edited.body));
  assert.equal(edited.body.approved_by, "");
});
