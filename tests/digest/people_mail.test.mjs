// What people are mailed of the queue, through a real mail server: each thing once, links and no words of contacts.
import assert from "node:assert/strict";
import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, afterEach, before, test} from "node:test";
import {Kithd, until} from "../support/kith.mjs";
import {Loopback} from "../support/loopback.mjs";
import {signIn} from "../support/people.mjs";
import {MailServer, certificate} from "./support.mjs";

let folder, good, server, platform, kithd;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kith-people-mail-"));
  good = await certificate(folder, "localhost");
});
afterEach(async () => {
  await kithd?.remove();
  await platform?.stop();
  await server?.stop();
  kithd = server = platform = null;
});
after(() => rm(folder, {recursive: true, force: true}));

async function house({mail = true, options = "", kill_at} = {}) {
  platform = await new Loopback().start();
  server = await new MailServer(good, {implicit: true}).start();
  kithd = await Kithd.make({accounts: `  - id: square\n    platform: loopback\n    url: ${platform.url}\n${options}`,
    more: mail ? `mail: {server: "smtps://localhost:${server.port}", user: kith, password: env:KITH_MAIL, from: kith@example.com, extra_ca_file: ${good.file}}\n` : ""});
  await kithd.start({KITH_MAIL: "sesame", ...(kill_at ? {KITH_KILL_AT: kill_at} : {})});
}

/// The next mail.
const mail = n => until(() => server.mails.length, count => count >= n, "no mail came").then(() => server.mails[n - 1]);

/// A mail to somebody who comes after all the others: what the others were to get has gone before it.
async function laterMail() {
  const zed = await signIn(kithd, {login: "zed"});
  await zed.ok("PATCH", "/me", {email: "zed@example.com", notify: {email: ["daily"]}});
  await until(() => server.mails.some(m => m.to.includes("zed@example.com")), Boolean, "no mail came");
}

test("people choose an address and what they are mailed about, and get it once", async () => {
  await house();
  const ann = await signIn(kithd);
  const before = await ann.ok("GET", "/session");
  assert.deepEqual(before.user.notify, {email: [], possible: true});
  assert.equal(before.user.email, null);
  const {user} = await ann.ok("PATCH", "/me", {email: "ann@example.com", notify: {email: ["daily", "second-needed"]}});
  assert.deepEqual([user.email, user.notify.email], ["ann@example.com", ["second-needed", "daily"]]);
  const daily = await mail(1);
  assert.deepEqual([daily.from, daily.to, daily.secure], ["kith@example.com", ["ann@example.com"], true]);
  assert.equal(daily.parsed.subject, "Example Ltd: What waits today");
  assert.match(daily.parsed.text, /Nothing waits for your departments\./);
  assert.match(daily.parsed.text, /http\S+\/console\/me\n/);
  assert.match(daily.parsed.messageId, /^<notice\.[a-z2-7]+@example\.com>$/);
  assert.equal(daily.parsed.headers.get("auto-submitted"), "auto-generated");
  await kithd.stop();
  await kithd.start({KITH_MAIL: "sesame"});
  await laterMail();
  assert.equal(server.mails.length, 2, "the day's summary came twice");
  for (const [wrong, field] of [[{notify: {email: ["hourly"]}}, "notify"], [{email: "no address"}, "email"], [{email: "a@b.c>\r\nBcc: d@e.f"}, "email"]]) {
    const answer = await ann.call("PATCH", "/me", wrong);
    assert.deepEqual([answer.status, answer.body.field], [400, field], JSON.stringify(wrong));
  }
  assert.equal((await ann.ok("PATCH", "/me", {email: null, notify: {email: []}})).user.email, null);
});

test("what is unsure is mailed to those who see it, tried again until it is taken, without a word of a contact's", async () => {
  await house({options: "    idempotency: none\n", kill_at: "deliver.before_record"});
  const ann = await signIn(kithd);
  const eve = await signIn(kithd, {login: "eve", role: "viewer", departments: ["billing"]});
  for (const p of [ann, eve]) await p.ok("PATCH", "/me", {email: `${p.login}@example.com`, notify: {email: ["second-needed", "unsure"]}, language: p === eve ? "de" : "en"});
  server.answers = ["temporary"];
  platform.say({id: "m1", author: "zoe", text: "how do I reset my password, says Zoe?"});
  const s = await kithd.openFor("m1");
  await kithd.approve(s).catch(() => {});
  await kithd.ended;  // between the platform's answer and our noting it
  await kithd.start({KITH_MAIL: "sesame"});
  await kithd.stateIs(s.id, "unsure");
  const told = await mail(1);
  assert.equal(server.sessions, 2, "it was not tried again");
  assert.deepEqual(told.to, ["ann@example.com"]);
  assert.equal(told.parsed.subject, "Example Ltd: Nobody can tell whether a reply was posted: a person must look.");
  assert.match(told.parsed.text, new RegExp(`http\\S+/console/s/${s.id}\n`));
  assert.doesNotMatch(told.parsed.text + told.parsed.html, /Zoe|reset my password/i);
  await laterMail();
  assert.equal(server.mails.length, 2);
});

test("without a mail server the setting says so", async () => {
  await house({mail: false});
  const ann = await signIn(kithd);
  assert.deepEqual((await ann.ok("GET", "/session")).user.notify, {email: [], possible: false});
  const answer = await ann.call("PATCH", "/me", {notify: {email: ["daily"]}});
  assert.deepEqual([answer.status, answer.body.field], [400, "notify"]);
  assert.match(answer.body.detail, /no `mail:` in kith\.yaml/);
});
