// The sentences of the stories: what each does. A story is a list of them.
import assert from "node:assert/strict";
import {seen, until} from "../support/kith.mjs";

const states = "open|approved|sending|delivered|refused|rejected|withdrawn|unsure";

/// All suggestions for a message, best first.
const all = (story, id) => story.kithd.suggestionsFor(id);

/// Every message that the platform told of is stored and judged.
async function allJudged(story) {
  for (const event of story.platform.events) {
    if (event.type !== "message" || !event.addressed) continue;
    await until(async () => (await story.kithd.api("GET", `/messages/${event.id}`)).body,
      h => h.message?.deleted || h.traces?.some(t => t.revision === h.message.revision), `${event.id} was not judged`);
  }
}

async function decide(story, id, act, body, headers = () => ({})) {
  const s = story.shown.get(id) ?? await story.kithd.openFor(id);
  const {status, body: answer} = await story.kithd.api("POST", `/suggestions/${s.id}/${act}`, body(s), headers(s));
  assert.equal(status, 200, JSON.stringify(answer));
  story.shown.set(id, answer);
}

export const sentences = [
  [/^(\w+) says (\w+): (.*)$/, (story, author, id, text) => story.platform.say({id, author, text})],
  [/^(\w+) says (\w+) in (\w+): (.*)$/, (story, author, id, thread, text) => story.platform.say({id, author, text, thread})],
  [/^(\w+) writes (\w+) to nobody: (.*)$/, (story, author, id, text) => story.platform.say({id, author, text, addressed: false})],
  [/^a bot called (\w+) says (\w+): (.*)$/, (story, author, id, text) => story.platform.say({id, author, text, bot: true})],
  [/^\w+ edits (\w+): (.*)$/, (story, id, text) => story.platform.edit(id, text)],
  [/^\w+ edits (\w+) unnoticed: (.*)$/, (story, id, text) => story.platform.edit(id, text, {announced: false})],
  [/^\w+ deletes (\w+)$/, (story, id) => story.platform.delete(id)],
  [/^\w+ deletes (\w+) unnoticed$/, (story, id) => story.platform.delete(id, {announced: false})],
  [/^(\w+) blocks us$/, (story, author) => story.platform.block(author)],
  [/^(\w+) reports us$/, (story, author) => story.platform.report(author)],
  [/^(\w+) follows us$/, (story, author) => story.platform.follow(author)],
  [/^(\w+) likes the reply to (\w+)$/, (story, author, id) => story.platform.react(author, story.platform.replies.find(r => r.to === id).id)],
  [/^(\w+) stands at (attention|attraction|affinity|audience|advocate) by (\w+)$/, async (story, who, stage, signal) => {
    const c = await until(async () => (await story.kithd.api("GET", `/contacts/${who}`)).body, c => c.stages?.[0]?.stage === stage, `${who} does not stand there`);
    assert.deepEqual(c.path.at(-1).because.map(e => e.signal), [signal]);
    // Each piece of evidence is there once.
    const {evidence} = await story.kithd.get(`/contacts/${who}/export`);
    const each = evidence.map(e => JSON.stringify([e.signal, e.message?.id, e.event]));
    assert.equal(new Set(each).size, each.length, each.join());
  }],
  [/^the platform repeats event (\d+)$/, (story, n) => story.platform.repeat(Number(n))],
  [/^the platform (refuses replies|fails|answers late|answers nonsense|drops replies|works again)$/, (story, how) => {
    story.platform.postFault = {"refuses replies": "refuse", fails: "fail", "answers late": "late", "answers nonsense": "nonsense", "drops replies": "drop"}[how] ?? null;
  }],
  [/^the platform knows no keys$/, story => { story.platform.keyed = false; }],

  [/^the queue shows (\w+): ([\w-]+)\/([\w-]+)(?: matched "(.*)")?$/, async (story, id, playbook, reply, words) => {
    const s = await story.kithd.openFor(id);
    assert.equal(`${s.playbook.id}/${s.reply.id}`, `${playbook}/${reply}`);
    if (words !== undefined) {
      const bytes = Buffer.from(s.message.text);
      const marked = s.matched.map(m => bytes.subarray(m.begin, m.end).toString());
      assert.ok(marked.includes(words), `marked: ${JSON.stringify(marked)}`);
    }
    story.shown.set(id, s);
  }],
  [/^the queue shows (\w+) again because "(.*)"$/, async (story, id, words) => {
    const s = await until(async () => (await story.kithd.suggestions()).find(x => x.message.native_id === id && x.changed.length > 0),
      Boolean, `${id} did not come back`);
    assert.ok(s.changed.some(c => c.includes(words)), JSON.stringify(s.changed));
    story.shown.set(id, s);
  }],
  [/^the queue is empty$/, async story => {
    await allJudged(story);
    assert.deepEqual((await story.kithd.suggestions()).map(s => s.message.native_id), []);
  }],
  [/^nothing is suggested for (\w+)$/, async (story, id) => {
    await allJudged(story);
    assert.deepEqual(await all(story, id), []);
  }],
  [/^the operator approves (\w+)$/, (story, id) => decide(story, id, "approve", s => ({hash: s.hash}))],
  [/^the operator edits (\w+): (.*)$/, (story, id, text) => decide(story, id, "edit", () => ({text}), seen)],
  [/^the operator edits (\w+) to (\d+) characters$/, (story, id, n) =>
    decide(story, id, "edit", () => ({text: "x".repeat(Number(n))}), seen)],
  [/^the operator rejects (\w+): (.*)$/, (story, id, reason) => decide(story, id, "reject", () => ({reason}), seen)],
  [/^the operator settles (\w+) as (posted|not posted)$/, async (story, id, how) => {
    story.shown.set(id, (await all(story, id)).find(s => s.state === "unsure"));
    await decide(story, id, "settle", () => ({posted: how === "posted"}), seen);
  }],
  [/^the operator (stops|resumes) (all|account|playbook)(?: ([\w-]+))?(?:: (.*))?$/, async (story, act, what, id, reason = "") => {
    const {code, err} = await story.kithd.command(act.replace(/s$/, ""), what, ...(id ? [id] : []), "--reason", reason || "a story");
    assert.equal(code, 0, err);
  }],
  [/^the audit chain is whole$/, async story => {
    const {code, out, err} = await story.kithd.command("audit", "verify");
    assert.equal(code, 0, out + err);
  }],
  [/^the operator cannot approve (\w+): (.*)$/, async (story, id, words) => {
    const s = story.shown.get(id);
    const {status, body} = await story.kithd.api("POST", `/suggestions/${s.id}/approve`, {hash: s.hash});
    assert.equal(status, 409, JSON.stringify(body));
    assert.ok(body.detail.includes(words), body.detail);
  }],
  [new RegExp(`^(\\w+) is (${states})$`), async (story, id, state) => {
    await until(() => all(story, id), list => list.some(s => s.state === state), `${id} is not ${state}`, 70_000);
  }],

  [/^the platform receives a reply to (\w+): (.*)$/, async (story, id, words) => {
    const reply = await until(() => story.platform.replies.find(r => r.to === id), Boolean, `no reply to ${id}`, 70_000);
    assert.ok(reply.text.includes(words), reply.text);
  }],
  [/^the platform has (\d+) repl(?:y|ies)$/, async (story, n) => {
    await until(() => story.kithd.get("/status"), s => s.queue.approved + s.queue.sending === 0, "something is still under way", 70_000);
    assert.equal(story.platform.replies.length, Number(n), JSON.stringify(story.platform.replies));
  }],

  [/^the platform was asked for nothing$/, story => assert.equal(story.platform.posts, 0)],

  [/^kithd is killed$/, story => story.kithd.kill()],
  [/^kithd is killed at (\S+)$/, async (story, point) => {
    const end = await story.kithd.ended;
    assert.equal(end.signal, "SIGKILL", `kithd was to be killed at ${point}, but ended with ${JSON.stringify(end)}`);
  }],
  [/^kithd starts(?: to be killed at (\S+))?$/, async (story, point) => {
    await story.kithd.stop();
    await story.kithd.start(point ? {KITH_KILL_AT: point} : {});
  }],
  [/^kithd stops$/, story => story.kithd.stop()],
  [/^why (\w+) tells: (.*)$/, async (story, id, words) => {
    const {code, out} = await story.kithd.command("why", id);
    assert.equal(code, 0);
    assert.ok(out.includes(words), out);
  }],
];
