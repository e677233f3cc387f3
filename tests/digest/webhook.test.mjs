// Digests to a webhook and to a file.
import assert from "node:assert/strict";
import {createHmac} from "node:crypto";
import {readFile, readdir} from "node:fs/promises";
import {createServer} from "node:http";
import {join} from "node:path";
import {afterEach, test} from "node:test";
import {Kithd} from "../support/kith.mjs";

let server, kithd, calls, answer;

afterEach(async () => {
  await kithd?.remove();
  server?.closeAllConnections();
  server?.close();
  kithd = server = null;
});

async function house(to) {
  calls = [];
  answer = 204;
  server = createServer((request, response) => {
    let body = "";
    request.on("data", d => { body += d; }).on("end", () => {
      calls.push({method: request.method, path: request.url, headers: request.headers, body});
      response.writeHead(answer, answer === 302 ? {location: "/elsewhere"} : {}).end();
    });
  });
  await new Promise(done => server.listen(0, "127.0.0.1", done));
  const all = ["billing", "engineering", "operations"].map(id => `  - id: ${id}\n`).join("");
  kithd = await Kithd.make({more: `departments:\n${all}  - {id: support, digest: {to: ${to(server.address().port)}}}\n`});
  await kithd.start({KITH_HOOK: "sesame"});
}
const webhook = port => `{webhook: "http://127.0.0.1:${port}/kith?team=support", secret: env:KITH_HOOK}`;
const send = () => kithd.command("department", "digest", "support", "--send");

test("a webhook gets the facts, signed", async () => {
  await house(webhook);
  const {code, err} = await send();
  assert.equal(code, 0, err);
  assert.equal(calls.length, 1);
  const [call] = calls;
  assert.deepEqual([call.method, call.path, call.headers["content-type"]], ["POST", "/kith?team=support", "application/json"]);
  assert.equal(call.headers["kith-signature"], `sha256=${createHmac("sha256", "sesame").update(call.body).digest("hex")}`);
  assert.match(call.headers["kith-digest"], /^digest\.support\.\d+\.by-hand$/);
  const facts = JSON.parse(call.body);
  assert.equal(facts.department, "support");
  assert.equal(facts.queue.open, 0);
  assert.ok(facts.answers.every(a => Number.isInteger(a.posted)));
});

test("what a webhook says is told", async () => {
  await house(webhook);
  for (const status of [500, 429, 404, 302]) {
    answer = status;
    const {code, err} = await send();
    assert.equal(code, 1);
    assert.match(err, new RegExp(`answered ${status}`));
    assert.ok(!err.includes("team=support"), "the rest of a webhook's address may be a secret");
  }
  assert.ok(calls.every(c => c.path === "/kith?team=support"), "no redirect is followed");
});

test("a file is written into place under its day", async () => {
  await house(() => "{file: \"digests/{date}.html\"}");
  const {code, err} = await send();
  assert.equal(code, 0, err);
  const folder = join(kithd.folder, "state/digests");
  const [name, ...rest] = await readdir(folder);
  assert.deepEqual(rest, []);
  assert.match(name, /^\d{4}-\d\d-\d\d\.html$/);
  assert.match(await readFile(join(folder, name), "utf8"), /^<!doctype html>/);
});
