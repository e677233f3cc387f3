// What needs a person, told to a webhook: signed, once, under one id whatever is answered or killed.
import assert from "node:assert/strict";
import {createHmac} from "node:crypto";
import {createServer} from "node:http";
import {afterEach, beforeEach, test} from "node:test";
import {Kithd, until} from "../support/kith.mjs";
import {Loopback} from "../support/loopback.mjs";

let server, platform, kithd, calls, answers;

beforeEach(async () => {
  calls = [];
  answers = [];
  server = createServer((request, response) => {
    let body = "";
    request.on("data", d => { body += d; }).on("end", () => {
      calls.push({path: request.url, headers: request.headers, body});
      const answer = answers.shift() ?? 204;
      if (answer === "silence") return;
      response.writeHead(answer).end();
    });
  });
  await new Promise(done => server.listen(0, "127.0.0.1", done));
  platform = await new Loopback().start();
});
afterEach(async () => {
  await kithd?.remove();
  await platform.stop();
  server.closeAllConnections();
  server.close();
});

async function house(more, {options = "", env = {}} = {}) {
  kithd = await Kithd.make({accounts: `  - id: square\n    platform: loopback\n    url: ${platform.url}\n${options}`,
    more: `notify:\n  - {id: ops, webhook: "http://127.0.0.1:${server.address().port}/hooks/very-secret", secret: env:KITH_HOOK, ${more}}\n`});
  await kithd.start({KITH_HOOK: "sesame", ...env});
}

const called = n => until(() => calls.length, count => count >= n, `the webhook was not called ${n} times`, 60_000);

test("what waits too long is told once, signed, without a word of the contact", async () => {
  await house("on: [waiting], waiting: 1s");
  platform.say({id: "m1", author: "zebulon", text: "how do I reset my password?"});
  const s = await kithd.openFor("m1");
  await called(1);
  const [call] = calls;
  const [, t, v1] = call.headers["kith-signature"].match(/^t=(\d+),v1=([0-9a-f]{64})$/);
  assert.equal(v1, createHmac("sha256", "sesame").update(`${t}.${call.body}`).digest("hex"));
  assert.ok(Math.abs(Date.now() / 1000 - Number(t)) < 60);
  const body = JSON.parse(call.body);
  assert.deepEqual([body.id, body.kind, body.suggestion.id], [call.headers["kith-notification"], "waiting", s.id]);
  assert.equal(body.suggestion.url, `${kithd.base}/console/s/${s.id}`);
  for (const word of ["password", "zebulon", s.text]) assert.ok(!call.body.includes(word), call.body);
  platform.say({id: "m2", author: "bob", text: "how do I reset my password?"});
  await called(2);
  assert.notEqual(JSON.parse(calls[1].body).suggestion.id, s.id, "the first is not told again");
});

test("what is not taken is sent again with the same id and bytes, and its address stays out of the log", async () => {
  answers = [503, 429];
  await house("on: [waiting], waiting: 1s");
  platform.say({id: "m1", author: "ann", text: "how do I reset my password?"});
  await called(3);
  assert.equal(new Set(calls.map(c => c.headers["kith-notification"])).size, 1);
  assert.equal(new Set(calls.map(c => c.body)).size, 1);
  await until(() => /tried again: the webhook http:\/\/127\.0\.0\.1:\d+ answered 429/.test(kithd.log));
  assert.ok(!kithd.log.includes("very-secret"));
});

test("a kill while it is sent repeats the same id, and nothing else", async () => {
  answers = ["silence"];
  await house("on: [waiting], waiting: 1s");
  platform.say({id: "m1", author: "ann", text: "how do I reset my password?"});
  await called(1);
  await kithd.kill();
  await kithd.start({KITH_HOOK: "sesame"});
  await called(2);
  assert.equal(calls[1].headers["kith-notification"], calls[0].headers["kith-notification"]);
  assert.equal(calls[1].body, calls[0].body);
});

test("a reply that may or may not have been posted is told", async () => {
  platform.keyed = false;
  await house("on: [unsure]", {options: "    idempotency: none\n", env: {KITH_KILL_AT: "deliver.before_record"}});
  platform.say({id: "m1", author: "ann", text: "how do I reset my password?"});
  const s = await kithd.openFor("m1");
  await kithd.approve(s).catch(() => {});
  await kithd.ended;
  await kithd.start({KITH_HOOK: "sesame"});
  await kithd.stateIs(s.id, "unsure");
  await called(1);
  const {kind, suggestion} = JSON.parse(calls[0].body);
  assert.deepEqual([kind, suggestion.id], ["unsure", s.id]);
});
