// The figures of a running daemon: what was done is in them, each leads to its items, and as CSV.
import assert from "node:assert/strict";
import http from "node:http";
import {after, before, test} from "node:test";
import {Kithd, seen, until} from "../support/kith.mjs";
import {Loopback} from "../support/loopback.mjs";

let platform, kithd, sent, edited, rejected;

const act = (s, verb, body) => kithd.api("POST", `/suggestions/${s.id}/${verb}`, body, seen(s));

async function ask(id) {
  platform.say({id, author: id, text: "how do I reset my password?"});
  return kithd.openFor(id);
}

before(async () => {
  platform = await new Loopback().start();
  kithd = await Kithd.make({accounts: `  - id: square\n    platform: loopback\n    url: ${platform.url}\n`,
    more: "goals: {answer_within: 4h}\ndepartments:\n  - {id: support, goals: {answer_within: 2h}}\n  - id: billing\n  - id: engineering\n  - id: operations\n"});
  await kithd.start();
  sent = await ask("m1");
  await kithd.approve(sent);
  await kithd.stateIs(sent.id, "delivered");
  edited = await ask("m2");
  const {body} = await act(edited, "edit", {text: `${edited.text} Bye.`});
  await kithd.approve(body);
  await kithd.stateIs(edited.id, "delivered");
  rejected = await ask("m3");
  assert.equal((await act(rejected, "reject", {reason: "=HYPERLINK(\"x\")"})).status, 200);
  await ask("m4");
});
after(async () => {
  await kithd.remove();
  await platform.stop();
});

const items = query => kithd.get(`/stats/items?${query}`);

test("the queue over time, and the messages behind each of its numbers", async () => {
  const f = await kithd.get("/stats/queue-over-time");
  assert.deepEqual([f.name, f.unit, f.steps.length], ["queue-over-time", "messages", 30]);
  const today = f.steps.at(-1);
  assert.deepEqual([today.came, today.went, today.waiting], [4, 3, 1]);
  const came = await items(today.items.came);
  assert.equal(came.items.length, 4);
  assert.ok(came.items.some(i => i.suggestion === rejected.id && i.outcome === "rejected"));
  assert.equal((await items(today.items.waiting)).items.length, 1);
});

test("the time to an answer against the goal, of the house and of a department", async () => {
  const f = await kithd.get("/stats/time-to-answer");
  assert.equal(f.goal, 4 * 3600);
  assert.equal(f.answered, 2);
  assert.ok(f.median >= 0 && f.median <= f.p90 && f.p90 < 60);
  const [support] = f.departments;
  assert.deepEqual([support.department, support.answered, support.goal], ["support", 2, 2 * 3600]);
  assert.equal(f.steps[0].median, null, "nobody was answered then: that is not zero");
  assert.deepEqual((await items(support.items.answered)).items.map(i => i.suggestion).sort(), [sent.id, edited.id].sort());
  assert.equal((await kithd.get("/stats/time-to-answer?department=support")).goal, 2 * 3600);
  assert.equal((await kithd.get("/stats/time-to-answer?department=billing")).answered, 0);
});

test("outcomes tell edits with their distance, and rejections with their reason", async () => {
  const {rows} = await kithd.get("/stats/outcomes-by-playbook");
  const by = Object.fromEntries(rows.filter(r => r.playbook === sent.playbook.id).map(r => [r.outcome, r]));
  assert.equal(by["as-is"].count, 1);
  assert.equal(by.edited.median_distance, 5);
  assert.equal(by.rejected.reason, "=HYPERLINK(\"x\")");
  assert.deepEqual((await items(by.rejected.items.count)).items.map(i => i.suggestion), [rejected.id]);
  assert.deepEqual((await items(by.edited.items.count)).items.map(i => i.suggestion), [edited.id]);
});

test("a year of another zone is cut at its midnights", async () => {
  const f = await kithd.get("/stats/helpful-promotional?from=2026-03-01&to=2026-03-31&zone=Europe%2FBerlin");
  assert.equal(f.steps.length, 31);
  assert.equal(f.steps[29].from, "2026-03-29T23:00:00.000Z".replace("29T23", "29T22"));
  assert.equal(f.zone, "Europe/Berlin");
  const now = await kithd.get("/stats/helpful-promotional");
  assert.deepEqual([now.helpful, now.promotional, now.helpful_per_promotional], [2, 0, null]);
});

test("every figure is given, and an unknown one is told from it", async () => {
  for (const name of ["path-flow", "unanswered", "answers-that-solve", "canaries", "account-health"]) {
    const f = await kithd.get(`/stats/${name}`);
    assert.equal(f.name, name);
  }
  const solve = (await kithd.get("/stats/answers-that-solve")).answers.find(a => a.posted > 0);
  assert.equal(solve.posted, solve.solved + solve.not_solved + solve.undecided);
  assert.equal((await items(solve.items.posted)).items.length, solve.posted);
  const {departments} = await kithd.get("/stats/unanswered");
  const row = departments.find(d => d.department === "support");
  assert.deepEqual([row.count, row.under_1h, row.older], [1, 1, 0]);
  assert.equal((await items(row.items.under_1h)).items[0].outcome, "rejected");
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const ahead = (await kithd.get(`/stats/unanswered?to=${tomorrow}`)).departments.find(d => d.department === "support");
  assert.equal(ahead.under_1h, 1, "its age is what it is now");
  assert.equal((await items(ahead.items.under_1h)).items.length, 1);
  const unknown = await kithd.api("GET", "/stats/nonsense");
  assert.equal(unknown.status, 404);
  assert.match(unknown.body.detail, /there are account-health, answers-that-solve/);
});

test("items come in pages", async () => {
  const query = (await kithd.get("/stats/queue-over-time")).steps.at(-1).items.came;
  const seen = [];
  let cursor = "";
  do {
    const page = await items(`${query}&limit=3${cursor && `&cursor=${cursor}`}`);
    seen.push(...page.items.map(i => i.message));
    cursor = page.next;
  } while (cursor);
  assert.equal(new Set(seen).size, 4);
  assert.equal(seen.length, 4);
  for (const wrong of ["cursor=unanswered.1.2", "limit=201", "cursor=x"])
    assert.equal((await kithd.api("GET", `/stats/items?${query}&${wrong}`)).status, 400, wrong);
});

/// As text: api() reads JSON.
function text(path, headers = {}) {
  return new Promise((done, failed) => http.request({socketPath: kithd.socket, path: `/api/v1${path}`, headers, agent: false}, response => {
    let all = "";
    response.setEncoding("utf8").on("data", d => { all += d; }).on("end", () => done({status: response.statusCode, type: response.headers["content-type"], all}));
  }).on("error", failed).end());
}

test("a figure is a CSV file where that is asked for, and no spreadsheet runs what is in it", async () => {
  for (const csv of [await text("/stats/outcomes-by-playbook?format=csv"), await text("/stats/outcomes-by-playbook", {accept: "text/csv"})]) {
    assert.deepEqual([csv.status, csv.type], [200, "text/csv; charset=utf-8"]);
    const lines = csv.all.split("\r\n");
    assert.equal(lines[0], "playbook,title,outcome,reason,count,median_distance");
    assert.ok(lines.some(l => l.includes(`,rejected,"'=HYPERLINK(""x"")",1,`)), csv.all);
  }
  const parts = await text("/stats/time-to-answer?format=csv&part=departments");
  assert.match(parts.all, /^department,answered,median,p90,goal\r\nsupport,2,/);
  assert.equal((await text("/stats/time-to-answer?format=csv&part=x")).status, 400);
});

test("a restart is no gap in the account's health, and the states before it stand", async () => {
  const before = await until(() => kithd.get("/stats/account-health"), f => f.intervals.some(i => i.state === "running"));
  await kithd.stop();
  await kithd.start();
  const after = await until(() => kithd.get("/stats/account-health"), f => f.intervals.at(-1)?.state === "running");
  assert.equal(after.intervals[0].from, before.intervals[0].from);
  assert.ok(!after.intervals.some(i => i.state === "off"));
  platform.gap("2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z", "the server was away");
  const {gaps} = await until(() => kithd.get("/stats/account-health?from=2026-11-20"), f => f.gaps.length > 0);
  assert.deepEqual(gaps.map(g => [g.account, g.from, g.cause]), [["square", "2026-11-20T10:00:00.000Z", "the server was away"]]);
});
