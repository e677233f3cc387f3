// Who is held to some accounts or departments finds nothing of the others: in no list, under no number, in no sum.
import assert from "node:assert/strict";
import {after, before, test} from "node:test";
import {Kithd, seen, until} from "../support/kith.mjs";
import {Loopback} from "../support/loopback.mjs";
import {signIn} from "../support/people.mjs";

// "starboard" stands in everything that is of the other account: where the word appears, something leaked.
let port, starboard, kithd, lea, bea;
const known = {};

const write = async (path, body, more) => {
  const answer = await kithd.api("POST", path, body, more);
  assert.equal(answer.status, 200, `${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
};
const contact = async name => (await kithd.get(`/contacts/${name}`)).id;

before(async () => {
  port = await new Loopback().start();
  starboard = await new Loopback().start();
  kithd = await Kithd.make({accounts: [["port", port], ["starboard", starboard]].map(([id, p]) => `  - id: ${id}\n    platform: loopback\n    url: ${p.url}\n`).join("")});
  await kithd.start();
  const departments = (await kithd.get("/departments")).items.map(d => d.id);
  known.department = departments[0];
  for (const [side, p] of [["port", port], ["starboard", starboard]]) {
    const here = known[side] = {};
    p.say({id: `${side}-asks`, author: `${side}-ann`, text: `how do I reset my password? (${side})`});
    p.say({id: `${side}-buys`, author: `${side}-bob`, text: `how do I reset my password, please? (${side})`});
    p.say({id: `${side}-idle`, author: `${side}-cy`, text: `nobody answers this (${side})`});
    p.say({id: `${side}-alone`, author: `${side}-dee`, text: `how do I reset my password? (${side})`});
    p.say({id: `${side}-lost`, author: `${side}-eli`, text: `nor does anybody answer this (${side})`});
    here.suggestion = (await kithd.openFor(`${side}-asks`)).id;
    here.message = (await kithd.get(`/suggestions/${here.suggestion}`)).message.id;
    here.question = (await write(`/suggestions/${here.suggestion}/questions`, {department: known.department, text: `is it so on ${side}?`})).id;
    await kithd.openFor(`${side}-buys`);
    for (const id of ["idle", "lost"]) await until(() => kithd.get(`/messages/${side}-${id}`));
    await kithd.openFor(`${side}-alone`);
    await write("/customers", {customers: [{account: side, identity: `${side}-bob`, product: "chair", bought_at: "2026-01-02", consent: {how: `by mail to ${side}`, at: "2026-01-02"}}]});
    here.customer = (await kithd.all("/customers")).find(c => c.account === side).id;
    here.optOut = (await write("/opt-outs", {account: side, contact: `${side}-cy`, reason: `by mail to ${side}`})).id;
    await write("/fixes", {what: `${side}-asks`, note: `mended on ${side}`});
    here.contact = await contact(`${side}-ann`);
    here.alone = await contact(`${side}-dee`);
    here.idle = await contact(`${side}-cy`);
  }
  // One person on both accounts, known under the number of the other one.
  known.both = (await write(`/contacts/${known.starboard.contact}/merge`, {other: String(known.port.contact), reason: "said so on starboard"})).id;
  await write("/brakes/stop", {what: "account", id: "starboard", reason: "a storm at starboard"});
  lea = await signIn(kithd, {login: "lea", role: "lead", accounts: ["port"]});
  bea = await signIn(kithd, {login: "bea", role: "lead", departments: [departments.at(-1)]});
  await signIn(kithd, {login: "stan", role: "approver", accounts: ["starboard"]});
});
after(async () => {
  await kithd.remove();
  await port.stop();
  await starboard.stop();
});

/// Everything that a lead can look at. `least`: so many items of their own there must be.
const looks = [
  ["/accounts", 1], ["/accounts/port"], ["/answers", 1], ["/brakes", 0], ["/canaries"],
  ["/contacts", 5], [() => `/contacts/${known.both}`], ["/contacts/port-ann"], [() => `/contacts/${known.both}/export`], ["/contacts?account=starboard", 0],
  ["/contacts?stage=attention"], ["/customers", 1], [() => `/customers/${known.port.customer}`], ["/departments", 1], [() => `/departments/${known.department}`],
  ["/fixes", 1], [() => `/messages/${known.port.message}`], ["/opt-outs?state=all", 1], ["/opt-outs?account=starboard", 0], [() => `/opt-outs?contact=${known.starboard.idle}`, 0],
  ["/packs"], ["/playbooks", 1], ["/questions?state=all", 1], [() => `/questions/${known.port.question}`], ["/queue?state=waiting", 1], ["/queue/counts"],
  ["/status"], ["/suggestions?state=waiting", 1], [() => `/suggestions/${known.port.suggestion}`], ["/unanswered", 1], ["/users", 1], ["/views"],
  ...["queue-over-time", "time-to-answer", "outcomes-by-playbook", "helpful-promotional", "path-flow", "unanswered", "answers-that-solve", "account-health"].map(f => [`/stats/${f}`]),
  ...["queue-over-time", "path-flow", "unanswered"].map(f => [`/stats/items?figure=${f}`]),
];

test("nothing that is shown to them is of another account", async () => {
  for (const [where, least] of looks) {
    const path = typeof where === "function" ? where() : where;
    const {status, body} = await lea.call("GET", path);
    assert.equal(status, 200, `${path}: ${JSON.stringify(body)}`);
    const text = JSON.stringify(body), leak = path.includes("=starboard") ? -1 : text.indexOf("starboard");
    assert.equal(leak, -1, `${path}: ${text.slice(Math.max(0, leak - 200), leak + 100)}`);
    if (least !== undefined) assert.ok(least === 0 ? body.items.length === 0 : body.items.length >= least, `${path}: ${JSON.stringify(body.items)}`);
  }
});

test("who sees all sees what was left out", async () => {
  for (const path of ["/accounts", "/brakes", "/contacts", "/customers", "/fixes", "/opt-outs?state=all", "/questions?state=all", "/queue?state=waiting",
    "/status", "/suggestions?state=waiting", "/unanswered", "/users", `/contacts/${known.both}`, `/contacts/${known.both}/export`, `/departments/${known.department}`])
    assert.ok(JSON.stringify(await kithd.get(path)).includes("starboard"), path);
});

test("what is not theirs does not exist for them", async () => {
  const {suggestion, message, question, customer, optOut, alone} = known.starboard;
  const version = seen(await kithd.get(`/suggestions/${suggestion}`));
  const {hash} = await kithd.get(`/suggestions/${suggestion}`);
  const reason = "for a test";
  for (const [method, path, body, headers] of [
    ["GET", "/accounts/starboard"], ["GET", `/contacts/${alone}`], ["GET", "/contacts/starboard-dee"], ["GET", `/contacts/${alone}/export`],
    ["POST", `/contacts/${alone}/forget`, {}], ["POST", `/contacts/${alone}/zone`, {zone: "Europe/Berlin"}], ["POST", `/contacts/${alone}/split`, {reason}],
    ["POST", `/contacts/${alone}/merge`, {other: "port-dee", reason}], ["POST", "/contacts/port-dee/merge", {other: String(alone), reason}],
    ["POST", `/contacts/${known.starboard.contact}/split`, {reason}],
    ["GET", `/customers/${customer}`], ["POST", `/customers/${customer}/remove`, {reason}], ["POST", `/messages/${message}/customer`, {}],
    ["POST", "/fixes", {what: "starboard-asks", note: reason}], ["GET", `/messages/${message}`], ["GET", "/messages/starboard-asks"],
    ["POST", "/opt-outs", {account: "starboard", contact: "starboard-dee", reason}], ["POST", `/opt-outs/${optOut}/lift`, {reason}],
    ["GET", `/questions/${question}`], ["POST", `/questions/${question}/answer`, {text: "yes"}],
    ["POST", `/questions/${question}/keep`, {id: "an-answer", review_by: "2037-01-01"}],
    ["GET", `/suggestions/${suggestion}`], ["POST", `/suggestions/${suggestion}/questions`, {department: known.department, text: "and now?"}],
    ["POST", `/suggestions/${suggestion}/approve`, {hash}], ["POST", `/suggestions/${suggestion}/link`, {}], ["POST", `/suggestions/${suggestion}/check`, {text: "x"}],
    ["POST", `/suggestions/${suggestion}/edit`, {text: "x"}, version], ["POST", `/suggestions/${suggestion}/reject`, {reason}, version],
    ["POST", `/suggestions/${suggestion}/handled`, {note: null}, version], ["POST", `/suggestions/${suggestion}/snooze`, {until: null}, version],
    ["POST", `/suggestions/${suggestion}/assign`, {login: "lea"}, version], ["POST", `/suggestions/${suggestion}/settle`, {posted: true}, version],
    ["POST", `/suggestions/${suggestion}/claim`, {}], ["POST", `/suggestions/${suggestion}/undo`, {}],
    ["POST", "/queue/approve", {items: [{id: suggestion, hash}]}], ["GET", "/stats/queue-over-time?account=starboard"],
    ["POST", "/brakes/stop", {what: "account", id: "starboard", reason}], ["POST", "/brakes/resume", {what: "account", id: "starboard"}],
  ]) {
    const answer = await lea.call(method, path, body, headers);
    assert.equal(answer.status, 404, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
  assert.equal((await lea.call("POST", "/customers", {customers: [{account: "starboard", identity: "x", consent: {how: "by mail", at: "2026-01-02"}}]})).status, 400);
  assert.equal((await kithd.get(`/suggestions/${suggestion}`)).state, "open");
  assert.deepEqual((await kithd.all("/brakes")).map(b => b.scope), ["account starboard"]);
});

test("what concerns the whole house, or a whole contact, is for those who see all of it", async () => {
  for (const [method, path, body] of [["POST", "/brakes/stop", {what: "all", reason: "a test"}], ["POST", "/brakes/resume", {what: "all"}],
    ["POST", `/contacts/${known.both}/forget`, {}], ["GET", `/departments/${known.department}/digest`]]) {
    const answer = await lea.call(method, path, body);
    assert.equal(answer.status, 403, `${path}: ${JSON.stringify(answer.body)}`);
  }
});

test("their own they may stop, take up again, and write to", async () => {
  const reason = "for a test";
  const on = await lea.ok("POST", "/brakes/stop", {what: "account", id: "port", reason});
  assert.deepEqual(on.items.map(b => b.scope), ["account port"]);
  assert.deepEqual((await lea.ok("POST", "/brakes/resume", {what: "account", id: "port"})).items, []);
  await lea.ok("POST", `/opt-outs/${known.port.optOut}/lift`, {reason});
  await lea.ok("POST", "/opt-outs", {account: "port", contact: "port-cy", reason});
  await lea.ok("POST", `/contacts/${known.port.alone}/zone`, {zone: "Europe/Berlin"});
  await lea.ok("POST", `/questions/${known.port.question}/answer`, {text: "yes"});
});

test("an opt-out is found by its contact", async () => {
  const of = async n => (await kithd.get(`/opt-outs?contact=${n}`)).items.map(o => o.contact.id);
  assert.deepEqual(await of(known.starboard.idle), ["starboard-cy"]);
  assert.deepEqual(await of(known.both), []);
  await write("/opt-outs", {account: "port", contact: "port-ann", reason: "by mail"});
  assert.deepEqual(await of(known.both), ["port-ann"]);
  assert.deepEqual(await of(known.port.contact), ["port-ann"], "an identity's number stands for the contact");
  assert.equal((await kithd.api("GET", "/opt-outs?contact=x")).body.field, "contact");
});

test("who is held to a department stops no playbook of another, and sees none that is stopped", async () => {
  const reason = "for a test";
  const mine = new Set((await bea.ok("GET", "/playbooks")).items.map(p => p.id));
  const other = (await kithd.all("/playbooks")).find(p => !mine.has(p.id)).id;
  await write("/brakes/stop", {what: "playbook", id: other, reason});
  assert.ok(!JSON.stringify(await bea.ok("GET", "/brakes")).includes(other));
  assert.ok(!JSON.stringify((await bea.ok("GET", "/status")).stopped).includes(other));
  for (const verb of ["stop", "resume"]) assert.equal((await bea.call("POST", `/brakes/${verb}`, {what: "playbook", id: other, reason})).status, 404);
  for (const {scope} of (await bea.ok("GET", "/brakes")).items) assert.ok(scope.startsWith("account "), scope);
  if (mine.size) await bea.ok("POST", "/brakes/stop", {what: "playbook", id: [...mine][0], reason});
});

test("who is held to a department is not told what another's playbooks had to do with a message", async () => {
  const playbook = (await kithd.all("/playbooks")).find(p => p.id === "sign-in-trouble");
  const department = (await kithd.get("/departments")).items.map(d => d.id).find(id => id !== playbook.owner);
  port.say({id: "port-stops", author: "port-fay", text: "please leave me alone"});
  const stopped = await until(() => kithd.get("/messages/port-stops"), m => m.traces.length > 0, "nothing came of it");
  const [theirs, others] = [await signIn(kithd, {login: "own", role: "lead", departments: [playbook.owner]}), await signIn(kithd, {login: "oth", role: "lead", departments: [department]})];
  for (const path of [`/messages/${known.port.message}`, `/contacts/${known.port.alone}/export`]) {
    assert.ok(JSON.stringify(await theirs.ok("GET", path)).includes(playbook.id), path);
    const text = JSON.stringify(await others.ok("GET", path));
    assert.ok(text.includes('"traces":[{'), path);
    assert.ok(!text.includes(playbook.id), `${path}: ${text}`);
  }
  // Nor of a playbook of theirs that was paused.
  await write("/brakes/stop", {what: "playbook", id: playbook.id, reason: "for a test"});
  port.say({id: "port-paused", author: "port-gil", text: "how do I reset my password?"});
  const told = m => JSON.stringify(m.record).includes(`playbook ${playbook.id} is paused`);
  await until(() => kithd.get("/messages/port-paused"), told, "nobody says that it is paused");
  assert.ok(told(await theirs.ok("GET", "/messages/port-paused")));
  assert.ok(!JSON.stringify(await others.ok("GET", "/messages/port-paused")).includes(playbook.id));
  // What no playbook had to do with is everybody's.
  assert.ok(stopped.traces[0].left_out.length > 0, JSON.stringify(stopped.traces));
  assert.deepEqual((await others.ok("GET", "/messages/port-stops")).traces, stopped.traces);
});
