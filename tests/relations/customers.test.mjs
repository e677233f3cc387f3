// Existing customers: imported with their consent, written to on occasions, once; and left alone when it ends.
import assert from "node:assert/strict";
import {cp, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {Kithd, source, until} from "../support/kith.mjs";
import {Loopback} from "../support/loopback.mjs";

let platform, kithd;

before(async () => {
  platform = await new Loopback().start();
  kithd = await Kithd.make({
    playbooks: "playbooks",
    policies: "policies",
    accounts: `  - id: square\n    platform: loopback\n    url: ${platform.url}\nreinforcement: {every: 200ms}\ncanaries: {leads: [the-lead]}\n`,
  });
  const folder = join(kithd.folder, "playbooks");
  await cp(join(source, "playbooks"), folder, {recursive: true});
  await cp(join(source, "policies"), join(kithd.folder, "policies"), {recursive: true});
  for (const name of ["first-week.yaml", "fixed.yaml"])
    await writeFile(join(folder, name), (await readFile(join(folder, name), "utf8")).replace(/status: draft.*/, "status: live"));
  await kithd.start();
});
after(async () => {
  await kithd.remove();
  await platform.stop();
});

const head = "account,identity,handle,product,bought_at,consent_how,consent_at,zone\n";
const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

async function importCsv(lines) {
  const file = join(kithd.folder, "customers.csv");
  await writeFile(file, head + lines);
  return kithd.command("--json", "customers", "import", file);
}
const occasionFor = id => until(async () => (await kithd.suggestions()).find(s => s.message.native_id === id && s.purpose === "occasion"),
  Boolean, `no occasion beneath ${id}`);
const customers = async () => (await kithd.get("/customers")).items;
const occasions = async () => (await kithd.get("/status")).reinforcement;

test("an import with a mistake names its place, and imports nothing", async () => {
  const {code, err} = await kithd.command("customers", "import", await (async () => {
    const file = join(kithd.folder, "wrong.csv");
    await writeFile(file, head + `square,ann,,pro,${yesterday},ticked the box,${yesterday},Europe/Berlin\nsquare,,nobody,,,by letter,${yesterday},\n`);
    return file;
  })());
  assert.equal(code, 1);
  assert.match(err, /wrong\.csv:3:9: nobody called 'nobody' has written to square; give their identity instead/);
  assert.deepEqual(await customers(), []);
});

test("in their first week a customer is asked how it goes: once, beside the answer to what they wrote", async () => {
  platform.say({id: "m1", author: "ann", text: "how do I reset my password?"});
  const answer = await kithd.openFor("m1");
  const {code, out, err} = await importCsv(`square,ann,,pro,${yesterday},ticked the box,${yesterday},Europe/Berlin\n`);
  assert.equal(code, 0, err);
  assert.deepEqual(JSON.parse(out), {added: 1, updated: 0, left_alone: 0});
  const occasion = await occasionFor("m1");
  assert.equal(occasion.playbook.id, "first-week");
  assert.equal(occasion.matched[0].trigger, "event: first-week");
  assert.match(occasion.matched[0].words, /bought pro on/);
  assert.equal((await occasions()).open, 1);
  await kithd.approve(answer);
  await kithd.stateIs(answer.id, "delivered");
  const again = await until(() => kithd.get(`/suggestions/${occasion.id}`), s => s.state === "open");
  await kithd.approve(again);
  // Our own answer moved the thread: it may come back to the queue once, and is then approved as it is now.
  const state = await until(() => kithd.get(`/suggestions/${occasion.id}`), s => s.state === "delivered" || s.state === "open");
  if (state.state === "open") await kithd.approve(state);
  await kithd.stateIs(occasion.id, "delivered");
  assert.equal(platform.replies.filter(r => r.to === "m1").length, 2);
  assert.equal((await occasions()).delivered, 1);
  const [{id}] = await customers();
  assert.match((await kithd.command("customers", "show", String(id))).out, /proposed .*first-week first-week pro@/);
  assert.match((await kithd.command("customers", "list")).out, /square +ann +pro \(/);
  assert.match((await kithd.command("status")).out, /customers: 1; occasions: 0 open, 0 approved, 1 told/);
});

test("an open occasion is judged anew as one, when the packs have changed: the answer beside it is nothing against it", async () => {
  platform.say({id: "m0", author: "ada", text: "how do I reset my password?"});
  const answer = await kithd.openFor("m0");
  await importCsv(`square,ada,,pro,${yesterday},by letter,${yesterday},\n`);
  const occasion = await occasionFor("m0");
  await kithd.approve(answer);
  await kithd.stateIs(answer.id, "delivered");
  const house = join(kithd.folder, "policies/house.yaml");
  await writeFile(house, (await readFile(house, "utf8")) + "# another revision\n");
  kithd.child.kill("SIGHUP");
  const again = await until(() => kithd.get(`/suggestions/${occasion.id}`), s => s.verdict.packs.join() !== occasion.verdict.packs.join(),
    "it was not judged again");
  assert.equal(again.verdict.decision, occasion.verdict.decision, JSON.stringify(again.verdict.reasons.filter(r => r.says !== "allow")));
});

test("after a restart nothing is told twice, and the limit holds for another purchase", async () => {
  await kithd.stop();
  await kithd.start();
  platform.say({id: "m2", author: "ann", text: "is the service down?"});
  await kithd.openFor("m2");
  await importCsv(`square,ann,,pro,${new Date().toISOString().slice(0, 10)},ticked the box,${yesterday},\n`);
  // A later customer's occasion proves that a whole round went by.
  platform.say({id: "m3", author: "cem", text: "hello, how do I reset my password?"});
  await kithd.openFor("m3");
  await importCsv(`square,cem,,pro,${yesterday},by letter,${yesterday},\n`);
  await occasionFor("m3");
  assert.equal((await kithd.suggestionsFor("m2")).filter(s => s.purpose === "occasion").length, 0);
});

test("a fix is told to who reported it, and withdrawn when they take their consent back", async () => {
  platform.say({id: "m4", author: "bea", text: "the app keeps crashing when I open a photo"});
  const {message} = await kithd.openFor("m4");
  const added = await kithd.command("customers", "add", "m4");
  assert.equal(added.code, 0, added.err);
  const fixed = await kithd.command("fixed", "bug-report", "--note", "photos open again");
  assert.equal(fixed.code, 0, fixed.err);
  const occasion = await occasionFor("m4");
  assert.equal(occasion.playbook.id, "fixed");
  assert.match(occasion.text, /is fixed now/);
  assert.match((await kithd.command("queue", "show", String(occasion.id))).out, /for an occasion with this customer/);
  const bea = (await customers()).find(c => c.identity === "bea");
  assert.equal(bea.consent.message, message.id);
  const removed = await kithd.command("customers", "remove", String(bea.id), "--reason", "asked us to");
  assert.equal(removed.code, 0, removed.err);
  const gone = await kithd.get(`/suggestions/${occasion.id}`);
  assert.equal(gone.state, "withdrawn");
  assert.match(gone.reason, /consent ended/);
  assert.equal((await kithd.command("customers", "show", String(bea.id))).code, 1);
  const {out} = await kithd.command("why", "m4");
  assert.match(out, /event: fixed/);
});

test("a question that nobody answered is answered when there is a newer answer", async () => {
  const folder = join(kithd.folder, "playbooks");
  const say = "say:\n  - id: r\n    kind: help\n    cites: [dark-mode]\n    text: {en: 'Hi {{ contact.name }}, you asked once. {{ answer.dark-mode }}'}\n";
  const reload = async () => {
    const {loaded_at} = (await kithd.get("/status")).playbooks;
    kithd.child.kill("SIGHUP");
    const {playbooks} = await until(() => kithd.get("/status"), s => s.playbooks.loaded_at !== loaded_at || s.playbooks.errors.length > 0);
    assert.deepEqual(playbooks.errors, []);
  };
  // It is heard, in shadow: nothing is suggested.
  await writeFile(join(folder, "appearance.yaml"), "id: appearance\ntitle: Looks\nowner: support\nstatus: shadow\nwhen: {any: [{phrase: dark mode}]}\n" +
    "say:\n  - {id: r, kind: ask, text: {en: 'Which one?'}}\ntests:\n  - {message: dark mode, expect: r}\n  - {message: light, expect: nothing}\n");
  await reload();
  platform.say({id: "m6", author: "eva", text: "will there be a dark mode?"});
  await until(async () => (await kithd.api("GET", "/messages/m6")).body.traces?.length);
  await importCsv(`square,eva,,,,by letter,${yesterday},\n`);
  await writeFile(join(folder, "answers/dark-mode.yaml"), "id: dark-mode\nowner: support\ntext: {en: It is in the settings.}\nreview_by: 2099-01-01\n");
  await writeFile(join(folder, "looks-new.yaml"), "id: looks-new\ntitle: Looks, answered\nowner: support\nstatus: live\n" +
    "when: {event: new-answer, where: {asked: appearance}}\n" + say +
    "tests:\n  - {event: new-answer, message: dark mode, expect: r}\n  - {event: new-answer, message: light, expect: nothing}\n");
  await reload();
  const occasion = await occasionFor("m6");
  assert.equal(occasion.text, "Hi eva, you asked once. It is in the settings.");
  assert.match(occasion.matched[0].words, /asked in message \d+ on/);
});

test("who caught which canary is shown to the leads only", async () => {
  const {code, err} = await kithd.command("canaries");
  assert.equal(code, 1);
  assert.match(err, /shown to the-lead only/);
});

test("JSON brings customers as well, and what is wrong in it is named", async () => {
  const bad = await kithd.api("POST", "/customers", {customers: [{account: "square", identity: "dan", consent: {how: "by letter"}}]});
  assert.equal(bad.status, 400);
  assert.match(bad.body.detail, /customers:1:1: consent_at is empty/);
  const good = await kithd.api("POST", "/customers", {customers: [{account: "square", identity: "dan", consent: {how: "by letter", at: yesterday}}]});
  assert.deepEqual(good.body, {added: 1, updated: 0, left_alone: 0});
});

test("who blocks us is no customer any more", async () => {
  platform.block("cem");
  await until(customers, all => !all.some(c => c.identity === "cem"));
  assert.equal((await kithd.suggestionsFor("m3")).filter(s => s.state === "open").length, 0);
});
