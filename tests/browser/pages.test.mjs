// The pages beside the queue in a real browser, against a double of the daemon (pages_double.mjs).
import axe from "axe-core";
import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {after, afterEach, before, beforeEach, test} from "node:test";
import {hostile, record, start_pages_double} from "./pages_double.mjs";
import {closePage, launchBrowser, newPage, until} from "./support.mjs";

let browser, double;
before(async () => { browser = await launchBrowser(); });
after(() => browser.close());
beforeEach(async () => { double = await start_pages_double(); });
afterEach(() => double.close());

/// A page at this path below /console, loaded whole.
async function at(path, {as = "admin", ...options} = {}) {
  double.world.me.user.role = as;
  const page = await newPage(browser, {...options, allow: ["refused", ...options.allow ?? []]});
  await page.goto(`${double.base}/console/${path}`);
  await settled(page);
  return page;
}
async function settled(page) {
  await page.locator("main h1").first().waitFor();
  await page.waitForFunction(() => !document.querySelector("[aria-busy=true]"));
}
const button = (page, name) => page.getByRole("button", {name, exact: true});
const dialog = page => page.getByRole("dialog");
const sent = call => double.calls.filter(c => c.call === call).map(({call, ...rest}) => rest);
/// Waits until this was sent, and gives the bodies.
const sends = async call => (await until(() => sent(call), all => all.length > 0, call)).map(c => c.body);
const toast = (page, words) => page.locator(".toast").getByText(words).waitFor();
async function saved(page, act) {
  const [file] = await Promise.all([page.waitForEvent("download"), act()]);
  return {name: file.suggestedFilename(), text: readFileSync(await file.path(), "utf8")};
}

const all = {
  looking: "looking", "what is behind a figure": "looking/items?figure=queue-over-time&set=came&from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z",
  departments: "departments", "one department": "departments/billing", contacts: "contacts", "one contact": "contacts/12",
  accounts: "admin/accounts/bsky-main", people: "admin/people", playbooks: "admin/playbooks", packs: "admin/packs", audit: "admin/audit",
  canaries: "admin/canaries", me: "me",
};

async function violations(page) {
  await page.evaluate(axe.source);
  const {violations} = await page.evaluate(() => globalThis.axe.run(document, {resultTypes: ["violations"]}));
  return violations.map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => `${n.target} ${n.failureSummary}`).join(" | ")}`);
}

test("an address that is a word of the language is a page that is not there", async () => {
  const page = await at("constructor");
  assert.equal(await page.locator("main h1").innerText(), "There is no such page");
  await page.goto(`${double.base}/console/looking/items?figure=constructor`);
  await settled(page);
  await closePage(page);
});

for (const [name, path] of Object.entries(all)) {
  test(`${name}: axe finds nothing in light and dark; nothing is wider than a phone`, async () => {
    double.world.status.playbooks.errors = ["playbooks/a.yaml:3:7: unknown field 'x'; write 'y'"];
    const page = await at(path, {colorScheme: "light"});
    assert.deepEqual(await violations(page), []);
    await page.emulateMedia({colorScheme: "dark"});
    assert.deepEqual(await violations(page), []);
    await page.setViewportSize({width: 360, height: 740});
    await until(() => page.evaluate(() => {
      const main = document.querySelector("main");
      return Math.max(main.scrollWidth - main.clientWidth, document.documentElement.scrollWidth - document.documentElement.clientWidth);
    }), beyond => beyond <= 0, "wider than the screen");
    assert.deepEqual(await violations(page), []);
    assert.equal(await page.locator("main img, main script").count(), 0);
    await closePage(page);
  });
}

test("the dialogs of these pages have no fault that axe knows", async () => {
  const page = await at("admin/people");
  await button(page, "Invite…").click();
  await dialog(page).waitFor();
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("Escape");
  await button(page, "Tokens: bob").click();
  await dialog(page).getByText("reports").waitFor();
  assert.deepEqual(await violations(page), []);
  await page.goto(`${double.base}/console/me`);
  await settled(page);
  await button(page, "Set up anew…").click();
  await dialog(page).getByRole("img", {name: "QR code"}).waitFor();
  assert.deepEqual(await violations(page), []);
  await closePage(page);
});

test("German has its words on every page", async () => {
  double.world.me.user.language = "de";
  const page = await at("looking");
  assert.equal(await page.locator("h1").innerText(), "Zahlen");
  assert.equal(await page.title(), "Zahlen · Kith");
  await page.goto(`${double.base}/console/admin/people`);
  await settled(page);
  await button(page, "Einladen …").waitFor();
  await closePage(page);
});

// ---- figures

test("figures ask for what the address says, in the reader's zone, and the fields change the address", async () => {
  const page = await at("looking?from=2026-11-01&department=billing", {timezoneId: "America/New_York"});
  const asked = double.asked.filter(a => a.startsWith("GET /stats/queue-over-time"));
  assert.deepEqual(Object.fromEntries(new URLSearchParams(asked[0].split("?")[1])), {from: "2026-11-01", department: "billing", zone: "America/New_York"});
  assert.equal(asked.length, 1, "nothing is asked twice");
  await page.getByLabel("Account", {exact: true}).selectOption("site");
  await page.waitForURL(/account=site/);
  await until(() => double.asked.filter(a => a.startsWith("GET /stats/unanswered")), a => a.some(q => q.includes("account=site") && q.includes("department=billing")));
  await button(page, "Last 7 days").click();
  await until(() => button(page, "Last 7 days").getAttribute("aria-pressed"), pressed => pressed === "true");
  await closePage(page);
});

test("each figure has its plot, its table and its CSV; a number leads to what stands behind it", async () => {
  const page = await at("looking");
  assert.equal(await page.locator(".figure").count(), 9);
  assert.equal(await page.locator(".figure .plot canvas").count(), 4, "queue, time to answer, helpful : promotional, canaries");
  assert.equal(await page.locator(".figure table").count(), 12);
  const file = await saved(page, () => page.getByRole("link", {name: "Time to answer as CSV"}).click());
  assert.deepEqual(file, {name: "time-to-answer.csv", text: "day,count\r\n2026-11-23,14\r\n"});
  const table = page.getByRole("table", {name: "Unanswered by department"});
  await table.getByRole("link", {name: "older: 3"}).click();
  await page.waitForURL(/looking\/items\?figure=unanswered/);
  await page.getByRole("heading", {name: "Behind the figure: Unanswered by department"}).waitFor();
  await page.getByRole("link", {name: "Suggestion 5"}).waitFor();
  await button(page, "Show more").click();
  await page.getByText("Message 9").waitFor();
  assert.equal(await button(page, "Show more").count(), 0);
  assert.ok(double.asked.some(a => a.startsWith("GET /stats/items?figure=unanswered") && a.includes("cursor=more")));
  await closePage(page);
});

test("a click on a plot leads to the items of that day; a movement on the path to its contacts", async () => {
  const page = await at("looking");
  const over = page.locator(".figure .u-over").first();
  const box = await over.boundingBox();
  await page.mouse.move(box.x + box.width - 3, box.y + 4);
  await page.mouse.click(box.x + box.width - 3, box.y + 4);
  await page.waitForURL(/looking\/items\?figure=queue-over-time/);
  assert.match(page.url(), /set=waiting/);
  await page.goBack();
  await page.locator(".bars:not(.timeline) rect[data-to]").first().click();
  await page.waitForURL(/looking\/items\?figure=outcomes-by-playbook/);
  await page.goBack();
  await page.locator(".timeline rect.gap").first().click();
  await page.waitForURL(/admin\/accounts\//);
  await page.goBack();
  await page.getByRole("link", {name: "31 contacts from attention to attraction"}).click();
  await page.getByRole("link", {name: "Contact 12"}).waitFor();
  await page.getByRole("link", {name: "Contact 12"}).click();
  await page.getByRole("heading", {name: "Path, and what it rests on"}).waitFor();
  await closePage(page);
});

test("the goal is said to be met or not; a figure that fails says so and can be asked again", async () => {
  double.fail.set("GET /stats/path-flow", {status: 400, type: "invalid", detail: "from: at most 400 days before `to`"});
  const page = await at("looking");
  await page.getByText("Goal: 4 hrs").first().waitFor();
  await page.locator(".badge.warn", {hasText: "not met"}).waitFor();
  const figure = page.locator(".figure", {has: page.getByRole("heading", {name: "The A-Path"})});
  await figure.getByRole("alert").getByText("at most 400 days").waitFor();
  await figure.getByRole("button", {name: "Try again"}).click();
  await figure.getByText("Where contacts stand", {exact: true}).waitFor();
  assert.equal(await figure.getByRole("alert").count(), 0);
  await closePage(page);
});

test("canaries are asked for by leads only", async () => {
  const page = await at("looking", {as: "approver"});
  assert.equal(await page.getByRole("heading", {name: "Canary catch rate"}).count(), 0);
  assert.ok(!double.asked.some(a => a.includes("canaries")));
  await closePage(page);
});

// ---- departments

test("departments lead to their queue; a question is answered, and its answer kept for the next", async () => {
  const page = await at("departments");
  assert.equal(await page.getByRole("row", {name: "Billing"}).getByRole("link", {name: "7"}).getAttribute("href"), "/console?department=billing");
  await page.getByRole("link", {name: "Billing"}).click();
  const question = page.getByRole("article", {name: "Question of bob"});
  assert.ok((await question.innerText()).includes("U+202E"), "what cannot be seen is shown");
  assert.ok((await question.innerText()).includes("<img src=x onerror=alert(1)>"));
  await question.getByLabel("The answer to bob").fill("Yes, for 60 days.");
  await question.getByRole("button", {name: "Answer, and keep it"}).click();
  assert.deepEqual(await sends("POST /questions/70/answer"), [{text: "Yes, for 60 days."}]);
  double.tell({type: "question", id: 70});
  await question.waitFor({state: "detached"});
  await dialog(page).getByLabel("Id of the answer").fill("refunds-late");
  await dialog(page).getByLabel("Review by").fill("2027-11-30");
  await button(page, "Make the file").click();
  assert.deepEqual(await sends("POST /questions/70/keep"), [{id: "refunds-late", review_by: "2027-11-30"}]);
  const file = await saved(page, () => button(page, "Save the file").click());
  assert.deepEqual(file, {name: "refunds-late.yaml", text: "id: refunds-late\nreview_by: 2027-11-30\n"});
  await page.keyboard.press("Escape");
  await page.getByText("No question waits.").waitFor();
  await closePage(page);
});

test("an answer that is refused stays in its field; a digest is looked at and sent", async () => {
  const page = await at("departments/billing");
  double.fail.set("POST /questions/70/answer", {status: 409, type: "changed", detail: "bob answered it already"});
  await page.getByLabel("The answer to bob").fill("Yes.");
  await page.keyboard.press("Control+Enter");
  await toast(page, "bob answered it already");
  assert.equal(await page.getByLabel("The answer to bob").inputValue(), "Yes.");
  await button(page, "What it would say now").click();
  await dialog(page).getByText("Seven wait.").waitFor();
  await page.keyboard.press("Escape");
  await button(page, "Send one now").click();
  assert.equal((await sends("POST /departments/billing/digest")).length, 1);
  await toast(page, "Sent.");
  await closePage(page);
});

test("a page that is open learns of a new question by itself", async () => {
  const page = await at("departments/support");
  await page.getByText("No question waits.").waitFor();
  double.world.questions.push({...double.world.questions[0], id: 71, department: "support", text: "Which plan has exports?"});
  await page.getByText("Live", {exact: true}).first().waitFor();
  double.tell({type: "question", id: 71});
  await page.getByText("Which plan has exports?").waitFor();
  await closePage(page);
});

// ---- contacts

test("contacts are listed in parts, filtered in the address, and found by handle", async () => {
  const page = await at("contacts?stage=attraction");
  assert.equal(await page.locator("tbody tr").count(), 5);
  await button(page, "Show more").click();
  await until(() => page.locator("tbody tr").count(), n => n === 7);
  await page.getByLabel("Account", {exact: true}).selectOption("site");
  await page.waitForURL(/account=site/);
  await until(() => page.locator("tbody tr").count(), n => n === 1);
  await page.getByLabel("Handle or number").fill("@nobody.example");
  await page.keyboard.press("Enter");
  await page.getByText("Nobody of the name “nobody.example” has written.").waitFor();
  await page.getByLabel("Handle or number").fill("@person9.example");
  await page.keyboard.press("Enter");
  await page.waitForURL(/contacts\/9$/);
  await closePage(page);
});

test("a contact's stop is noted with how they asked, and lifted", async () => {
  const page = await at("contacts/12");
  await page.getByRole("row", {name: "bsky-main"}).getByRole("button", {name: "Stop writing"}).click();
  await dialog(page).getByLabel("How did they ask?").fill("by mail");
  await dialog(page).getByRole("button", {name: "Stop writing"}).click();
  assert.deepEqual(await sends("POST /opt-outs"), [{account: "bsky-main", contact: "did:plc:12", reason: "by mail"}]);
  await page.getByText("asked us to stop", {exact: true}).waitFor();
  await button(page, "Write again").click();
  await dialog(page).getByLabel("How did they say").fill("they wrote again");
  await dialog(page).getByRole("button", {name: "Write again"}).click();
  assert.deepEqual(await sends("POST /opt-outs/4/lift"), [{reason: "they wrote again"}]);
  await until(() => page.getByText("asked us to stop", {exact: true}).count(), n => n === 0);
  await closePage(page);
});

test("contacts are merged, split and exported; a merge that fails keeps what was typed", async () => {
  const page = await at("contacts/11");
  await button(page, "Merge…").click();
  await dialog(page).getByLabel("The other").fill("@nobody");
  await dialog(page).getByLabel("How do you know").fill("same address");
  await dialog(page).getByRole("button", {name: "Merge"}).click();
  await dialog(page).getByRole("alert").getByText("there is no contact 'nobody'").waitFor();
  await dialog(page).getByLabel("The other").fill("person10.example");
  await dialog(page).getByRole("button", {name: "Merge"}).click();
  await toast(page, "Merged.");
  assert.deepEqual((await sends("POST /contacts/11/merge")).at(-1), {other: "person10.example", reason: "same address"});
  await page.getByRole("row", {name: "person10.example"}).getByRole("button", {name: "Split off"}).click();
  await dialog(page).getByLabel("How do you know?").fill("they said so");
  await dialog(page).getByRole("button", {name: "Split off"}).click();
  assert.deepEqual(await sends("POST /contacts/10/split"), [{reason: "they said so"}]);
  const file = await saved(page, () => button(page, "Export").click());
  assert.equal(file.name, "contact-11.json");
  assert.equal(JSON.parse(file.text).id, 11);
  await closePage(page);
});

test("a contact is forgotten only after their handle was typed", async () => {
  const page = await at("contacts/12");
  assert.ok((await page.locator("h1").innerText()).includes("U+202E"));
  await button(page, "Forget…").click();
  const forget = dialog(page).getByRole("button", {name: "Forget for good"});
  await dialog(page).getByLabel("Confirmation").fill("person12");
  assert.equal(await forget.isDisabled(), true);
  await page.keyboard.press("Enter");
  await page.waitForTimeout(300);
  assert.deepEqual(sent("POST /contacts/12/forget"), []);
  await dialog(page).getByLabel("Confirmation").fill("person12.example");
  await forget.click();
  await page.waitForURL(/contacts$/);
  assert.equal((await sends("POST /contacts/12/forget")).length, 1);
  await toast(page, "Forgotten, with 15 messages.");
  await closePage(page);
});

test("what one may not do is not offered", async () => {
  const page = await at("contacts/12", {as: "viewer"});
  for (const name of ["Merge…", "Export", "Forget…", "Stop writing", "Split off"]) assert.equal(await button(page, name).count(), 0, name);
  await page.goto(`${double.base}/console/admin/accounts`);
  await settled(page);
  assert.deepEqual(await page.locator(".parts a").allInnerTexts(), ["Accounts", "Playbooks", "Packs"]);
  assert.equal(await page.getByRole("button", {name: /^(Pause|Reconnect|Stop all)/}).count(), 0);
  await page.goto(`${double.base}/console/admin/people`);
  await page.getByRole("alert").getByText("You may not do this.").waitFor();
  assert.ok(!double.asked.some(a => a.startsWith("GET /users")));
  await closePage(page);
});

// ---- admin

test("an account is paused with a reason, resumed, and connected anew; all sending is stopped and resumed", async () => {
  const page = await at("admin/accounts");
  await button(page, "Pause…: site").click();
  await dialog(page).getByLabel("Why?").fill("spring cleaning");
  await dialog(page).getByRole("button", {name: "Stop"}).click();
  await page.getByText("Paused by ann").waitFor();
  await button(page, "Resume: site").click();
  await dialog(page).getByRole("button", {name: "Resume"}).click();
  await until(() => page.getByText("Paused by ann").count(), n => n === 0);
  await button(page, "Reconnect: bsky-main").click();
  await toast(page, "bsky-main connects anew.");
  await button(page, "Stop all sending…").click();
  await dialog(page).getByLabel("Why?").fill("a wrong answer went out");
  await page.keyboard.press("Control+Enter");
  await page.locator(".banner.bad", {hasText: "a wrong answer went out"}).waitFor();
  await button(page, "Resume all sending…").click();
  await dialog(page).getByRole("button", {name: "Resume"}).click();
  await until(() => page.locator(".banner.bad").count(), n => n === 0);
  assert.deepEqual(await sends("POST /brakes/stop"), [{what: "account", id: "site", reason: "spring cleaning"}, {what: "all", reason: "a wrong answer went out"}]);
  assert.deepEqual(await sends("POST /brakes/resume"), [{what: "account", id: "site"}, {what: "all"}]);
  assert.equal(sent("POST /accounts/bsky-main/reconnect").length, 1);
  await closePage(page);
});

test("an account's gaps and states are in the address", async () => {
  const page = await at("admin/accounts");
  await page.getByRole("link", {name: "Gaps and states: bsky-main"}).click();
  await page.waitForURL(/admin\/accounts\/bsky-main$/);
  await page.getByRole("table", {name: "Gaps of the last 30 days"}).getByText("the cursor was too old").waitFor();
  await closePage(page);
});

test("somebody is invited: the link is shown once, and copied", async () => {
  const page = await at("admin/people", {permissions: ["clipboard-read", "clipboard-write"]});
  await button(page, "Invite…").click();
  await dialog(page).getByLabel("Login").fill("eve");
  await dialog(page).getByLabel("Name", {exact: true}).fill("Eve");
  await dialog(page).getByLabel("Role").selectOption("approver");
  await dialog(page).getByRole("group", {name: "Departments"}).getByLabel("Billing").check();
  await dialog(page).getByRole("button", {name: "Make the invitation"}).click();
  assert.deepEqual(await sends("POST /users"), [{login: "eve", name: "Eve", email: "", role: "approver", departments: ["billing"], accounts: []}]);
  const link = page.getByLabel("Give this link to eve");
  assert.equal(await link.inputValue(), "https://kith.example/console/setup#one-time-token");
  await button(page, "Copy").click();
  await toast(page, "Copied.");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "https://kith.example/console/setup#one-time-token");
  await page.getByRole("row", {name: "Eve"}).filter({hasText: "approver"}).getByText("invited").waitFor();
  await page.reload();
  await settled(page);
  assert.equal(await page.getByText("one-time-token").count() + await link.count(), 0);
  await closePage(page);
});

test("a change says which version was seen; one in between is told, and what was typed stays", async () => {
  const page = await at("admin/people");
  await button(page, "Change: bob").click();
  await dialog(page).getByLabel("Name", {exact: true}).fill("Robert");
  double.world.users[1].version = 4;
  await dialog(page).getByRole("button", {name: "Save"}).click();
  await dialog(page).getByRole("alert").getByText("bob changed meanwhile").waitFor();
  assert.equal(await dialog(page).getByLabel("Name", {exact: true}).inputValue(), "Robert");
  await dialog(page).getByRole("button", {name: "Save"}).click();
  await page.getByRole("row", {name: "Robert"}).waitFor();
  assert.deepEqual(sent("PATCH /users/2").map(c => [c.if_match, c.body.name, c.body.departments]), [['"3"', "Robert", ["billing"]], ['"4"', "Robert", ["billing"]]]);
  await closePage(page);
});

test("people are disabled, enabled and reset; nobody disables themself; wrong fields are named", async () => {
  const page = await at("admin/people");
  assert.equal(await button(page, "Disable: ann").count(), 0);
  await button(page, "Disable: bob").click();
  await button(page, "Enable: bob").click();
  await button(page, "Disable: bob").waitFor();
  assert.deepEqual(sent("PATCH /users/2"), [{body: {disabled: true}, if_match: '"3"'}, {body: {disabled: false}, if_match: '"4"'}]);
  await button(page, "Reset: bob").click();
  await dialog(page).getByRole("button", {name: "Reset"}).click();
  assert.match(await page.getByLabel("Give this link to bob").inputValue(), /another-token/);
  await button(page, "Tokens: bob").click();
  await button(page, "Delete: reports").click();
  await dialog(page).last().getByRole("button", {name: "Delete", exact: true}).click();
  await dialog(page).getByText("None.").waitFor();
  assert.equal(sent("DELETE /users/2/tokens/3").length, 1);
  await page.keyboard.press("Escape");
  double.fail.set("POST /users", {status: 422, type: "invalid", detail: "", more: {errors: [{field: "login", detail: "somebody has it already"}]}});
  await button(page, "Invite…").click();
  await dialog(page).getByLabel("Login").fill("bob");
  await dialog(page).getByRole("button", {name: "Make the invitation"}).click();
  await dialog(page).getByRole("alert").getByText("somebody has it already").waitFor();
  await closePage(page);
});

test("what is wrong in the files stands with its place, before and after reading them again", async () => {
  double.world.status.playbooks.errors = ["playbooks/billing.yaml:12:5: unknown field 'phrases'; write 'phrase'"];
  const page = await at("admin/playbooks");
  await page.getByRole("rowheader", {name: "playbooks/billing.yaml:12:5"}).waitFor();
  double.world.reload = {reloaded: false, errors: [{file: "playbooks/a.yaml", line: 3, column: 7, what: "no such department 'x'", mend: "name one of kith.yaml"}]};
  await button(page, "Read the files again").click();
  await page.getByRole("rowheader", {name: "playbooks/a.yaml:3:7"}).waitFor();
  await page.getByText("name one of kith.yaml").waitFor();
  assert.equal(sent("POST /reload").length, 1);
  delete double.world.reload;
  await button(page, "Read the files again").click();
  await toast(page, "Read again; nothing is wrong.");
  await button(page, "Pause…: sign-in-trouble").click();
  await dialog(page).getByLabel("Why?").fill("too eager");
  await dialog(page).getByRole("button", {name: "Stop"}).click();
  assert.deepEqual(await sends("POST /brakes/stop"), [{what: "playbook", id: "sign-in-trouble", reason: "too eager"}]);
  await button(page, "Resume: sign-in-trouble").waitFor();
  await closePage(page);
});

test("where the daemon lists no playbooks, the page still says what is in use", async () => {
  double.world.playbooks = null;
  const page = await at("admin/playbooks");
  await page.getByText("7 of 9 live").waitFor();
  assert.equal(await page.getByRole("alert").count(), 0);
  await closePage(page);
});

test("a pack that is not in force says why; its rules can be read", async () => {
  const page = await at("admin/packs");
  const pack = page.getByRole("region", {name: "Bluesky"});
  await pack.getByText("not in force").waitFor();
  assert.ok((await pack.innerText()).includes("its pack expired on 2026-11-22"));
  await pack.getByText("1 rule").click();
  await pack.getByRole("rowheader", {name: "bluesky.first-contact"}).waitFor();
  await closePage(page);
});

test("the record is searched in the address, and verified entry by entry in the browser", async () => {
  const page = await at("admin/audit");
  assert.equal(await page.locator("tbody tr").first().locator("td").first().innerText(), "12", "the newest first");
  await page.getByLabel("Who", {exact: true}).fill("kith");
  await page.keyboard.press("Enter");
  await page.waitForURL(/actor=kith/);
  await until(() => page.locator("tbody tr").count(), n => n === 4);
  await button(page, "Verify").click();
  await page.getByText("12 entries, and nothing was changed, removed or moved.").waitFor();
  assert.ok((await page.getByRole("status").allInnerTexts()).join().includes(double.world.record.at(-1).hash));
  assert.ok(double.asked.filter(a => a.startsWith("GET /audit/entries") && !a.includes("order=")).length >= 3, "in parts");
  await page.getByLabel("A head that you kept").fill("ab".repeat(32));
  await button(page, "Verify").click();
  await page.getByText("No entry has the head that you know").waitFor();
  await closePage(page);
});

for (const [what, change, says] of [
  ["changed", all => { all[4].actor = "mallory"; }, "Entry 5 was changed."],
  ["given other words", all => { all[6].detail = "nothing happened"; }, "The words of entry 7 were changed."],
  ["removed", all => { all.splice(7, 1); }, "Entry 8 was removed."],
  ["moved", all => { [all[2], all[3]] = [all[3], all[2]]; }, "Entry 3 was removed."],
  ["put there twice", all => { all.splice(3, 0, all[2]); }, "Entry 3 stands in another place."],
  ["replaced", all => { all.splice(5, 1, record(6)[5]); }, "was replaced."],
]) {
  test(`an entry that was ${what} is found`, async () => {
    change(double.world.record);
    const page = await at("admin/audit");
    await button(page, "Verify").click();
    await page.getByText("The chain is broken.").waitFor();
    await page.locator(".notice.bad").getByText(says).waitFor();
    await closePage(page);
  });
}

test("the record is exported, with the words only where they are wanted", async () => {
  const page = await at("admin/audit");
  const bare = await saved(page, () => button(page, "Export as JSON lines").click());
  const lines = bare.text.trim().split("\n").map(line => JSON.parse(line));
  assert.deepEqual(lines.map(e => e.hash), double.world.record.map(e => e.hash));
  assert.ok(lines.every(e => !("detail" in e)));
  await page.getByLabel("with the words that can be erased").check();
  const whole = await saved(page, () => button(page, "Export as JSON lines").click());
  assert.deepEqual(whole.text.trim().split("\n").map(line => JSON.parse(line)), double.world.record);
  await closePage(page);
});

// ---- me

test("language and theme act at once, and are kept", async () => {
  const page = await at("me");
  await page.getByLabel("Theme").selectOption("dark");
  await until(() => page.evaluate(() => document.documentElement.dataset.theme), theme => theme === "dark");
  await page.getByLabel("Language", {exact: true}).selectOption("de");
  await page.getByRole("heading", {name: "Meine Einstellungen"}).waitFor();
  await page.getByLabel("E-Mail-Adresse").fill("ann@example.com");
  await page.getByLabel("eine Antwort eine zweite Person braucht").check();
  await button(page.getByRole("region", {name: "Benachrichtigungen"}), "Speichern").click();
  assert.deepEqual(await until(() => sent("PATCH /me").map(c => c.body), all => all.length === 3),
    [{theme: "dark"}, {language: "de"}, {email: "ann@example.com", notify: {email: ["second-needed", "daily"]}}]);
  await page.reload();
  await settled(page);
  assert.equal(await page.evaluate(() => document.documentElement.lang), "de");
  await closePage(page);
});

test("the password needs the old one; what is wrong is said, and the page stays live", async () => {
  const page = await at("me");
  const fill = async (old, wanted, again) => {
    await page.getByLabel("Present password").fill(old);
    await page.getByLabel("New password").fill(wanted);
    await page.getByLabel("The same again").fill(again);
    await button(page, "Set the password").click();
  };
  await fill("wrong", "too short", "too short");
  await page.getByText("At least 12 characters").waitFor();
  await fill("wrong", "long enough for us", "long enough for me");
  await page.getByText("The two passwords are not the same.").waitFor();
  assert.deepEqual(sent("POST /me/password"), []);
  await fill("correct horse battery", "long enough for us", "long enough for us");
  await toast(page, "The password is set.");
  assert.deepEqual(await sends("POST /me/password"), [{old: "correct horse battery", new: "long enough for us"}]);
  await until(() => page.locator(".live").innerText(), text => text.includes("Live"));
  assert.equal(await page.getByLabel("Present password").inputValue(), "");
  await closePage(page);
});

test("another second factor gives new recovery codes", async () => {
  const page = await at("me");
  await button(page, "Set up anew…").click();
  await dialog(page).getByText("JBSWY3DPEHPK3PXP").waitFor();
  await dialog(page).getByLabel("Code of your authenticator app").fill("123 456");
  await page.keyboard.press("Enter");
  await dialog(page).getByText("code-9").waitFor();
  assert.deepEqual(await sends("POST /me/totp/confirm"), [{code: "123456"}]);
  await dialog(page).getByRole("button", {name: "I have kept the codes"}).click();
  await dialog(page).waitFor({state: "detached"});
  await until(() => page.locator(".live").innerText(), text => text.includes("Live"));
  await closePage(page);
});

test("a session elsewhere is ended; a token is made, shown once, and removed", async () => {
  const page = await at("me");
  double.world.sessions.push({...double.world.sessions[1], id: 6});
  await page.reload();
  await settled(page);
  await button(page, `End: ${hostile}`).first().dblclick();
  await until(() => button(page, `End: ${hostile}`).count(), n => n === 1);
  await toast(page, "The session has ended.");
  assert.equal(sent("DELETE /me/sessions/5").length, 1);
  assert.equal(sent("DELETE /me/sessions/6").length, 0, "the second press was not meant for the row that came up");
  await page.getByLabel("What for").fill("nightly");
  await page.getByLabel("Expires").fill("2027-03-01");
  await page.getByLabel("work on the queue").check();
  await button(page, "Make a token").click();
  assert.deepEqual(await sends("POST /me/tokens"), [{name: "nightly", scopes: ["read", "queue"], expires_at: "2027-03-01T00:00:00.000Z"}]);
  assert.equal(await page.getByLabel("The token “nightly”").inputValue(), "kith_abcdefghij");
  await button(page, "Delete: nightly").click();
  assert.equal(sent("DELETE /me/tokens/4").length, 0, "it is asked first");
  await dialog(page).getByRole("button", {name: "Delete", exact: true}).click();
  await toast(page, "The token is removed.");
  assert.equal(sent("DELETE /me/tokens/4").length, 1);
  await closePage(page);
});

test("desktop notices: for what is urgent or one's own, once each, while the page is not looked at", async () => {
  const page = await newPage(browser, {allow: ["refused"], permissions: ["notifications"]});
  await page.addInitScript(() => {
    globalThis.told = [];
    let focus = true;
    document.hasFocus = () => focus;
    globalThis.away = () => { focus = false; };
    globalThis.Notification = class {
      static permission = "default";
      static async requestPermission() { this.permission = "granted"; return "granted"; }
      constructor(title, options) { globalThis.told.push([title, options.body]); }
      close() {}
    };
  });
  await page.goto(`${double.base}/console/me`);
  await settled(page);
  await page.getByLabel("On the desktop, in this browser").check();
  await until(() => page.locator(".live").innerText(), text => text.includes("Live"));
  const item = (id, more) => ({type: "item", item: {id, state: "open", department: "billing", urgency: 0, because: "it expires soon", excerpt: `item ${id}`, assigned: null, snoozed_until: null, ...more}});
  double.tell(item(1, {urgency: 3}));
  const before = double.asked.filter(a => a === "GET /status").length;
  double.tell({type: "status"});
  await until(() => double.asked.filter(a => a === "GET /status").length, n => n > before, "what was told before the status was heard");
  await page.evaluate(() => globalThis.away());
  double.tell(item(2));
  double.tell(item(3, {urgency: 2, state: "approved"}));
  double.tell(item(4, {urgency: 2, excerpt: "pay\u202eme"}));
  double.tell(item(4, {urgency: 3}));
  double.tell(item(5, {assigned: {login: "ann", name: "Ann"}}));
  await until(() => page.evaluate(() => globalThis.told), told => told.length >= 2);
  assert.deepEqual(await page.evaluate(() => globalThis.told), [["Kith: something urgent for billing", "it expires soon: pay me"], ["Kith: something urgent for billing", "it expires soon: item 5"]]);
  await closePage(page);
});

// ---- by keyboard

test("the command menu leads to the admin's pages that one may see", async () => {
  const page = await at("me", {as: "lead"});
  await page.keyboard.press("Control+k");
  await page.keyboard.type("Peop");
  await dialog(page).getByText("Nothing of that name.").waitFor();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("Canar");
  await dialog(page).getByRole("option", {name: "Canaries"}).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/admin\/canaries$/);
  await closePage(page);
});

test("by keyboard alone: from the page's links to a person's role, and back out of a dialog", async () => {
  const page = await at("departments", {reducedMotion: "reduce"});
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() || document.activeElement?.getAttribute("aria-label"));
  const tabTo = async words => {
    for (let i = 0; i < 60; ++i) {
      await page.keyboard.press("Tab");
      if ((await page.evaluate(() => document.activeElement?.getAttribute("aria-label") || document.activeElement?.textContent?.trim())) === words) return;
    }
    assert.fail(`${words} cannot be reached; the focus is on ${await focused()}`);
  };
  await tabTo("Admin");
  await page.keyboard.press("Enter");
  await page.waitForURL(/admin\/accounts$/);
  await tabTo("People");
  await page.keyboard.press("Enter");
  await page.waitForURL(/admin\/people$/);
  await settled(page);
  await tabTo("Change: bob");
  await page.keyboard.press("Enter");
  await dialog(page).waitFor();
  await dialog(page).getByLabel("Role").focus();
  await page.keyboard.type("lead");
  await dialog(page).getByLabel("Name", {exact: true}).focus();
  await page.keyboard.press("Enter");
  await until(() => sent("PATCH /users/2"), all => all[0]?.body.role === "lead");
  await dialog(page).waitFor({state: "detached"});
  await button(page, "Reset: bob").focus();
  await page.keyboard.press("Enter");
  await dialog(page).waitFor();
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({state: "detached"});
  assert.equal(sent("POST /users/2/reset").length, 0);
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Reset: bob", "the focus comes back");
  await closePage(page);
});
