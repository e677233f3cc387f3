// Departments against a running daemon: their queue, what they are asked, what nobody answered, what their answers did.
import assert from "node:assert/strict";
import {cp, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {Events} from "../support/events.mjs";
import {Kithd, seen, source, until} from "../support/kith.mjs";
import {Loopback} from "../support/loopback.mjs";

let platform, kithd, folder;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kith-kept-"));
  platform = await new Loopback().start();
  kithd = await Kithd.make({accounts: `  - id: square\n    platform: loopback\n    url: ${platform.url}\n`});
  await kithd.start();
});
after(async () => {
  await kithd?.remove();
  await platform?.stop();
  await rm(folder, {recursive: true, force: true});
});

async function ok(...args) {
  const {code, out, err} = await kithd.command(...args);
  assert.equal(code, 0, err);
  return out;
}
const json = async (...args) => JSON.parse(await ok("--json", ...args));

async function ask(id, text = "how do I reset my password?") {
  platform.say({id, author: id, text});
  return kithd.openFor(id);
}

test("without a declaration the owners are the departments", async () => {
  const {items} = await json("department", "list");
  assert.ok(items.some(d => d.id === "support"));
  assert.ok(items.some(d => d.id === "billing"));
  assert.match(await ok("department", "list"), /^department +name +queue +questions/);
});

test("a department sees its own queue", async () => {
  const s = await ask("q1");
  assert.equal(s.department, "support");
  const mine = await json("queue", "list", "--department", "support");
  assert.ok(mine.items.some(i => i.id === s.id));
  assert.deepEqual((await json("queue", "list", "--department", "billing")).items, []);
  assert.ok((await json("department", "show", "support")).queue.open >= 1);
});

test("a question goes to a department and its answer comes back into the suggestion", async () => {
  const s = await ask("q2");
  const heard = [];
  const page = await Events.open(kithd);
  page.heard = e => heard.push(e);
  const asked = await json("questions", "ask", String(s.id), "@billing", "is this still so?");
  assert.equal(asked.department, "billing");
  await until(() => heard.some(f => f.item?.id === s.id) && heard.some(f => f.type === "question"), Boolean, "no news of the question");
  assert.match(await ok("queue", "show", String(s.id)), /to @billing at .*:\n +is this still so\?\n +not answered yet/);
  assert.match(await ok("department", "questions", "billing"), /is this still so\?/);
  assert.equal((await json("department", "show", "billing")).questions.waiting, 1);

  heard.length = 0;
  await ok("department", "answer", String(asked.id), "Yes: until May.\nThen ask again.");
  await until(() => heard.some(f => f.item?.id === s.id), Boolean, "no news of the answer");
  page.close();
  const shown = await kithd.get(`/suggestions/${s.id}`);
  assert.equal(shown.questions[0].answer, "Yes: until May.\nThen ask again.");
  assert.equal((await kithd.suggestions()).find(i => i.id === s.id).questions[0].id, asked.id);
  assert.match(await ok("queue", "show", String(s.id)), /answered by .*\n +Yes: until May\. Then ask again\./);
  assert.deepEqual((await json("questions", "list")).items, []);
  assert.equal((await json("questions", "list", "--answered")).items.length, 1);

  const twice = await kithd.command("department", "answer", String(asked.id), "No.");
  assert.equal(twice.code, 1);
  assert.match(twice.err, /was answered by/);

  const record = (await kithd.get("/messages/q2")).record;
  assert.ok(record.some(r => r.act === "asked" && r.suggestion === s.id));
  assert.ok(record.some(r => r.act === "answered"));
  assert.ok(!JSON.stringify(record).includes("until May"), "the record holds no words");
});

test("an answer becomes the file of a reviewed answer, which kithd does not write", async () => {
  const [question] = (await json("questions", "list", "--answered")).items;
  const id = String(question.id);
  const file = await ok("questions", "keep", id, "--id", "until-may", "--review-by", "2031-05-01");
  assert.match(file, /^id: until-may\nowner: billing\nreview_by: 2031-05-01\ntext:\n {2}en: "Yes: until May\.\\nThen ask again\."\n$/);
  const into = join(folder, "until-may.yaml");
  await ok("questions", "keep", id, "--id", "until-may", "--review-by", "2031-05-01", "--into", into);
  assert.equal(await readFile(into, "utf8"), file);
  assert.equal((await json("questions", "show", id)).kept_as, "until-may");
  for (const [args, why] of [[["--id", "reset-password", "--review-by", "2031-05-01"], /already/],
    [["--id", "../x", "--review-by", "2031-05-01"], /lower-case/], [["--id", "x", "--review-by", "2031-02-30"], /write a day/],
    [["--id", "x", "--review-by", "2001-01-01"], /still to come/]]) {
    const {code, err} = await kithd.command("questions", "keep", id, ...args);
    assert.equal(code, 1);
    assert.match(err, why);
  }
});

test("what cannot be asked is refused with the reason", async () => {
  const s = await ask("q3");
  for (const [body, status, why] of [[{department: "nobody", text: "?"}, 400, /there is no department 'nobody': ask one of .*billing/],
    [{department: "billing", text: "  \n"}, 400, /write something/], [{department: "billing", text: "x".repeat(4001)}, 400, /at most 4000/],
    [{department: "billing"}, 400, /text: give a text/], [{department: "billing", text: "x".repeat(4000)}, 200, null]]) {
    const answer = await kithd.api("POST", `/suggestions/${s.id}/questions`, body);
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    if (why) assert.match(answer.body.detail, why);
  }
  await kithd.api("POST", `/suggestions/${s.id}/reject`, {reason: "no"}, seen(s));
  const late = await kithd.api("POST", `/suggestions/${s.id}/questions`, {department: "billing", text: "?"});
  assert.equal(late.status, 409);
});

test("what nobody answered is listed, by department where a playbook is known", async () => {
  platform.say({id: "u1", author: "una", text: "zzz qqq xxx"});
  await until(() => kithd.get("/unanswered"), v => v.items.some(m => m.because === "no suggestion" && m.department === ""), "u1 is not listed");
  const {items} = await kithd.get("/unanswered?department=support");
  assert.ok(items.some(m => m.because === "rejected" && m.playbook === "sign-in-trouble"), JSON.stringify(items));
  assert.match(await ok("department", "unanswered"), /no suggestion/);
  assert.match(await ok("department", "list"), /no department's: 1\n/);
});

test("what answers did is shown with the denominator", async () => {
  const s = await ask("a1");
  await kithd.approve(s);
  await kithd.stateIs(s.id, "delivered");
  const of = async () => (await kithd.get("/answers")).items.find(a => a.id === "reset-password");
  const first = await of();
  assert.deepEqual([first.posted, first.solved, first.not_solved, first.undecided], [1, 0, 0, 1]);
  platform.say({id: "a1-again", author: "a1", text: "I still cannot reset my password", thread: "a1"});
  await until(of, a => a.not_solved === 1, "the coming back was not counted");
  assert.equal((await of()).posted, 1);
  assert.match(await ok("department", "show", "support"), /reset-password +support +\d{4}-\d\d-\d\d +\w+ +0 of 1 solved, 1 not, 0 undecided/);
  assert.match(await ok("answers"), /reset-password/);
});

test("a digest can be looked at before there is one", async () => {
  const out = await ok("department", "digest", "support");
  assert.match(out, /^Support|^support: \d+ waiting/);
  assert.match(out, /Nobody answered: /);
  const {code, err} = await kithd.command("department", "digest", "support", "--send");
  assert.equal(code, 1);
  assert.match(err, /has no digest in kith\.yaml/);
  assert.equal((await kithd.command("department", "show", "nobody")).code, 1);
});

test("owners are told of answers that are near or past their review day, in the status and once a day in the log", async () => {
  const playbooks = join(folder, "playbooks");
  await cp(join(source, "playbooks"), playbooks, {recursive: true});
  const day = n => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10);
  for (const [id, n] of [["reset-password", 3], ["contact-support", -2]]) {
    const file = join(playbooks, "answers", `${id}.yaml`);
    await writeFile(file, (await readFile(file, "utf8")).replace(/^review_by: .*$/m, `review_by: ${day(n)}`));
  }
  const other = await Kithd.make({playbooks});
  try {
    await other.start();
    const {answers} = await other.get("/status");
    assert.deepEqual(answers.due.map(a => [a.id, a.owner, a.days_left]), [["reset-password", "support", 3]]);
    assert.deepEqual(answers.stale.map(a => [a.id, a.days_left]), [["contact-support", -2]]);
    const said = (await other.command("status")).out;
    assert.match(said, /answer contact-support of support is past its review day/);
    assert.match(said, /answer reset-password of support is to be reviewed by/);
    const warnings = () => other.log.match(/the answer (contact-support|reset-password) of support/g) ?? [];
    await until(warnings, w => w.length === 2, "the log is silent");
    await other.stop();
    await other.start();
    await other.get("/status");
    assert.equal(warnings().length, 2, "once a day");
  } finally {
    await other.remove();
  }
});
