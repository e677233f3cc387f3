// kith audit against a running daemon, and against a record that somebody has meddled with.
import assert from "node:assert/strict";
import {writeFile} from "node:fs/promises";
import http from "node:http";
import {join} from "node:path";
import {DatabaseSync} from "node:sqlite";
import {after, before, test} from "node:test";
import {Kithd, until} from "../support/kith.mjs";
import {Loopback} from "../support/loopback.mjs";

let platform, kithd, elsewhere, heads = [], answer = 503;

before(async () => {
  platform = await new Loopback().start();
  elsewhere = http.createServer((request, response) => {
    let body = "";
    request.on("data", d => { body += d; }).on("end", () => {
      if (answer === 200) heads.push(JSON.parse(body));
      response.writeHead(answer).end();
    });
  });
  await new Promise(done => elsewhere.listen(0, "127.0.0.1", done));
  kithd = await Kithd.make({accounts: `  - id: square\n    platform: loopback\n    url: ${platform.url}\n` +
    `audit:\n  ship:\n    every: 1s\n    to: {url: "http://127.0.0.1:${elsewhere.address().port}/heads"}\n`});
  await kithd.start();
  platform.say({id: "m1", author: "ann", text: "how do I reset my password?"});
  await kithd.approve(await kithd.openFor("m1"));
  await kithd.stateIs((await kithd.suggestionsFor("m1"))[0].id, "delivered");
});
after(async () => {
  await kithd.remove();
  await platform.stop();
  await new Promise(done => elsewhere.close(done));
});

async function ok(...args) {
  const {code, out, err} = await kithd.command(...args);
  assert.equal(code, 0, out + err);
  return out;
}
const head = async () => (await ok("audit", "head")).match(/^(\d+) {2}([0-9a-f]{64}) {2}(\S+)\n$/);

test("verify says that the chain is whole, and holds a head kept elsewhere", async () => {
  assert.match(await ok("audit", "verify"), /\d+ records, the chain is whole\nhead: \d+ {2}[0-9a-f]{64}/);
  const [, number, hash, at] = await head();
  assert.ok(Number(number) > 4 && !isNaN(Date.parse(at)));
  await ok("audit", "verify", "--head", hash);
  const other = await kithd.command("audit", "verify", "--head", "f".repeat(64));
  assert.equal(other.code, 2);
  assert.match(other.out, /the chain is broken: no record has the head f{64}/);
  const typed = await kithd.command("audit", "verify", "--head", hash.slice(1));
  assert.equal(typed.code, 2);
  assert.match(typed.err, /a head is a hash of 64 hex digits/);
});

test("an export is checked without a daemon, and a line that is changed, removed or moved is named", async () => {
  const text = await ok("audit", "export");
  assert.ok(!text.includes("detail"), "no words without being asked");
  const lines = text.trimEnd().split("\n");
  const file = join(kithd.folder, "record.jsonl");
  const away = new Kithd();
  away.socket = "/nonexistent/kith.sock";
  const check = async (changed, ...more) => {
    await writeFile(file, changed.map(l => l + "\n").join(""));
    return away.command("audit", "verify", file, ...more);
  };
  assert.equal((await check(lines)).code, 0);
  const at = lines.findIndex(l => JSON.parse(l).act === "approved");
  const number = at + 1;
  const approved = {...JSON.parse(lines[at]), actor: "somebody else"};
  const changed = await check(lines.with(at, JSON.stringify(approved)));
  assert.equal(changed.code, 2);
  assert.match(changed.out, new RegExp(`record ${number} was changed`));
  assert.match((await check(lines.toSpliced(at, 1))).out, new RegExp(`record ${number} was removed`));
  assert.match((await check([...lines.slice(0, at), lines[at + 1], lines[at], ...lines.slice(at + 2)])).out,
    new RegExp(`reordered: record ${number} stands in another place`));
  const last = JSON.parse(lines.at(-1)).hash;
  assert.equal((await check(lines.slice(0, -1))).code, 0, "a cut-off end cannot be seen by itself");
  assert.match((await check(lines.slice(0, -1), "--head", last)).out, /what came after record \d+ was removed/);
  assert.equal((await check(lines, "--head", last)).code, 0);
  const cut = await check([...lines.slice(0, -1), lines.at(-1).slice(0, 40)]);
  assert.equal(cut.code, 1);
  assert.match(cut.err, /record\.jsonl:\d+: this is not JSON/);
});

test("what people said is in an export only with --details, and is checked too", async () => {
  platform.say({id: "m2", author: "bob", text: "how do I reset my password?"});
  const s = await kithd.openFor("m2");
  await ok("queue", "reject", String(s.id), "--reason", "he found it");
  assert.ok(!(await ok("audit", "export")).includes("he found it"));
  const text = await ok("audit", "export", "--details");
  assert.ok(text.includes("he found it"));
  const file = join(kithd.folder, "details.jsonl");
  await writeFile(file, text.replace("he found it", "he was rude"));
  const {code, out} = await kithd.command("audit", "verify", file);
  assert.equal(code, 2);
  assert.match(out, /the detail of record \d+ was changed/);
});

test("who looked at a suggestion is on record, once for each version", async () => {
  platform.say({id: "m3", author: "cid", text: "how do I reset my password?"});
  const s = await kithd.openFor("m3");
  const peeked = await kithd.get(`/suggestions/${s.id}?peek=1`);
  assert.equal(peeked.hash, s.hash);
  assert.ok(!(await kithd.get("/messages/m3")).record.some(l => l.act === "shown"), "what is read ahead is not shown");
  for (let i = 0; i < 3; ++i) await kithd.get(`/suggestions/${s.id}`);
  const {record} = await kithd.get("/messages/m3");
  assert.equal(record.filter(l => l.act === "shown").length, 1);
  assert.match(record.find(l => l.act === "shown").detail, new RegExp(s.hash));
});

test("the head is sent off the host, is tried again after a failure, and status tells", async () => {
  const failing = await until(() => kithd.get("/status"), s => s.audit.shipping.failures > 0, "no failure was told");
  assert.match(failing.audit.shipping.error, /503/);
  assert.match(await ok("status"), /not shipped, \d+ times since: the server answered 503/);
  answer = 200;
  const kept = await until(() => heads.at(-1), Boolean, "no head came");
  await ok("audit", "verify", "--head", kept.hash);
  const status = await until(() => kithd.get("/status"), s => s.audit.shipping.failures === 0, "still failing");
  assert.equal(status.audit.shipping.last.hash.length, 64);
  assert.match(await ok("status"), /audit head: number \d+ shipped at/);
});

test("a database that somebody changed by hand is found out by the daemon that opens it", async () => {
  await kithd.stop();
  const db = new DatabaseSync(join(kithd.folder, "state/kith.db"));
  db.exec("UPDATE record SET actor = 'nobody' WHERE act = 'approved'");
  db.close();
  await kithd.start();
  const {code, out} = await kithd.command("audit", "verify");
  assert.equal(code, 2);
  assert.match(out, /record \d+ was changed/);
});
