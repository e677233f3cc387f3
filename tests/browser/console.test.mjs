// The queue in a real browser against a double of the daemon; kithd itself is tested elsewhere.
import assert from "node:assert/strict";
import {after, afterEach, before, beforeEach, test} from "node:test";
import {start_double} from "./double.mjs";
import {iso, suggestion} from "./queue.mjs";
import {choose, closePage, escape, key, launchBrowser, listed, newPage, showing, shownState, signIn, until} from "./support.mjs";

let browser, double, queue;
before(async () => { browser = await launchBrowser(); });
after(() => browser.close());
beforeEach(async () => {
  double = await start_double();
  queue = double.queue;
  queue.people.bob = {id: 2, name: "Bob", password: "correct horse battery", role: "approver", totp: "123456"};
});
afterEach(() => double.close());

/// A page that is signed in, with these suggestions in the queue.
async function desk(items, {login, path, ...options} = {}) {
  items.forEach(item => queue.put(item));
  const page = await newPage(browser, {...options, allow: ["refused", ...options.allow ?? []]});
  await signIn(page, double.base, {login, path});
  if (items.length) await page.locator(".item").waitFor();
  return page;
}

const said = call => queue.calls.filter(c => c.call === call);
const item = page => page.locator(".item");
const verdict = (decision, rule, why) => ({decision, reasons: [{rule, says: decision, why}], packs: [], not_before: null});

function contains(text, all) {
  for (const words of all) assert.ok(text.includes(words), `${words} is missing in ${text}`);
}

test("everything a person needs to decide is on the screen", async () => {
  const page = await desk([suggestion(1, {verdict: verdict("second", "bluesky.first-contact", "we never wrote to them")})]);
  const text = await until(() => item(page).innerText(), t => t.includes("Also in the thread: 1 message"));
  contains(text, ["Person 1", "person1.example", "site · bluesky · support · en", "help", "Cannot sign in", "3f2a9c01d4e5", "of 300 graphemes", "Resetting a password", "needs two people",
    "bluesky.first-contact", "we never wrote to them", "Anybody else locked out today?", "phrase (reset my password)", "attention", "wrote to us"]);
  await closePage(page);
});

test("banners say what is stopped, by whom and why, which pack is not in force, and that there are canaries", async () => {
  queue.status.stopped = [{scope: "playbook sign-in-trouble", by: "kith", reason: "<b>11 rejections</b>", at: iso(Date.now())}];
  queue.status.packs = [{id: "house", in_force: true, detail: ""}, {id: "bluesky", in_force: false, detail: "its pack expired on 2026-11-22"}];
  queue.status.canaries = {rate: 0.02};
  queue.status.accounts.push({id: "sky", platform: "bluesky", state: "stopped", since: iso(Date.now()), detail: "the app password was refused", last_event_at: null, gaps: 2});
  queue.status.playbooks.errors = ["playbooks/wifi.yaml:3:5: no such answer: wifi-pasword"];
  const page = await desk([suggestion(1)]);
  const banners = page.locator(".banners");
  contains(await until(() => banners.innerText(), t => t.includes("canaries")), ["playbook sign-in-trouble", "by kith", "<b>11 rejections</b>", "Nothing is sent on bluesky", "expired on 2026-11-22",
    "Account sky: stopped.", "the app password was refused", "1 error in the playbooks"]);
  Object.assign(queue.status, {stopped: [], packs: [], canaries: {rate: 0}, accounts: [], playbooks: {...queue.status.playbooks, errors: []}});
  queue.tell({type: "status"});
  await until(() => banners.innerText(), t => t.trim() === "");
  await closePage(page);
});

test("the last item leaves the list with its decision, also where the event of it comes late", async () => {
  const page = await desk([suggestion(1, {words: "the only one"})]);
  queue.held = [];
  await key(page, "r");
  await page.locator("[role=menu][data-state=open]").waitFor();
  await key(page, "1");
  await until(() => said("reject 1").length, n => n === 1, "nothing was rejected");
  await until(() => listed(page), lines => lines.length === 0, "what is over still stands in the list");
  queue.release();
  await until(() => queue.ring.length, n => n > 0);
  assert.deepEqual(await listed(page), []);
  await closePage(page);
});

test("the keyboard moves and approves exactly what is shown, and goes on to the next", async () => {
  const page = await desk([suggestion(1, {words: "first"}), suggestion(2, {words: "second"}), suggestion(3, {words: "third"})]);
  await until(() => listed(page), l => l.join() === "first,second,third");
  for (const one of ["j", "j", "k"]) await key(page, one);
  await showing(page, "second");
  const {hash} = queue.items.get(2);
  await key(page, "a");
  await showing(page, "third");
  assert.deepEqual(said("approve 2").map(c => c.body), [{hash}]);
  await until(() => listed(page), l => l.join() === "first,third");
  queue.put({id: 2, state: "delivered", receipt: {url: "https://example.org/r", at: iso(Date.now())}});
  await page.goto(`${double.base}/console?state=delivered`);
  await until(() => shownState(page), s => s === "delivered");
  assert.equal(await page.getByRole("link", {name: "Look at the reply"}).getAttribute("href"), "https://example.org/r");
  await closePage(page);
});

test("an approval can be taken back while its window is open", async () => {
  const page = await desk([suggestion(1, {words: "first"}), suggestion(2, {words: "second"})]);
  await key(page, "a");
  await showing(page, "second");
  await key(page, "u");
  await showing(page, "first");
  assert.equal(queue.items.get(1).state, "open");
  await page.getByText("Taken back: it is open again.").waitFor();
  await key(page, "a");
  await page.getByRole("button", {name: "Undo"}).click();
  await until(() => said("undo 1").length, n => n === 2);
  await closePage(page);
});

test("each toast takes its own approval back, not the newest", async () => {
  const page = await desk([1, 2, 3].map(id => suggestion(id, {words: `no ${id}`})));
  await key(page, "a");
  await showing(page, "no 2");
  await key(page, "a");
  await showing(page, "no 3");
  await page.locator(".toast", {hasText: "the reply to Person 1"}).getByRole("button", {name: "Undo"}).click();
  await showing(page, "no 1");
  assert.deepEqual([said("undo 1").length, said("undo 2").length], [1, 0]);
  await key(page, "u");
  await until(() => said("undo 2").length, n => n === 1);
  await closePage(page);
});

test("who moves on while an approval is on its way stays there, keeps what was typed there, and can undo", async () => {
  const page = await desk([suggestion(1, {words: "first"}), suggestion(2, {words: "second"}), suggestion(3, {words: "third"})]);
  await choose(page, "second");
  await showing(page, "second");
  await key(page, "e");
  await page.getByLabel("Your wording").fill("half a thought");
  await choose(page, "first");
  await showing(page, "first");
  let go_on;
  queue.before_answer = () => new Promise(done => { go_on = done; });
  await key(page, "a");
  await until(() => said("approve 1").length, n => n === 1);
  await choose(page, "second");
  assert.equal(await page.getByLabel("Your wording").inputValue(), "half a thought");
  go_on();
  await page.locator(".toast", {hasText: "the reply to Person 1"}).getByRole("button", {name: "Undo"}).waitFor();
  await showing(page, "second");
  assert.equal(await page.getByLabel("Your wording").inputValue(), "half a thought");
  await closePage(page);
});

test("what is given back late changes nothing of the item that is looked at by then", async () => {
  const bob = {login: "bob", name: "Bob", until: iso(Date.now() + 60_000)};
  const page = await desk([suggestion(1, {words: "first"}), suggestion(2, {words: "second", claim: bob})]);
  await key(page, "c");
  await page.getByText("You are at this.").waitFor();
  let go_on;
  queue.before_answer = () => new Promise(done => { go_on = done; });
  await page.getByRole("button", {name: "Release"}).click();
  await until(() => said("release 1").length, n => n > 0);
  await choose(page, "second");
  await item(page).getByText("Bob is at this").waitFor();
  go_on();
  await until(() => queue.items.get(1).claim, claim => claim === null);
  await page.waitForTimeout(200);
  assert.equal(await item(page).getByText("Bob is at this").count(), 1);
  await closePage(page);
});

test("an approval that waits for the morning says so, and is taken back from where it is shown", async () => {
  const morning = new Date(Date.now() + 36_000_000).toISOString();
  const page = await desk([suggestion(1, {words: "first", state: "approved", undo_until: morning, held: "it is a quiet hour"})], {path: "/s/1?state=approved"});
  await page.getByText("it is a quiet hour").waitFor();
  await key(page, "u");
  await until(() => queue.items.get(1).state, s => s === "open");
  await closePage(page);
});

test("who approves a canary reads what was wrong, and stays with it", async () => {
  queue.canaries.add(1);
  const page = await desk([suggestion(1, {words: "first"}), suggestion(2, {words: "second"})]);
  await key(page, "a");
  await item(page).getByText("it calls them Maria. Nothing was sent.").first().waitFor();
  await page.getByText("That was a canary. Nothing was sent.").first().waitFor();
  await closePage(page);
});

test("a key pressed twice does not approve what came up after it", async () => {
  const page = await desk([suggestion(1, {words: "first"}), suggestion(2, {words: "second"})]);
  await page.locator(".actions .approve:not([aria-disabled=true])").waitFor();
  await page.evaluate(() => {
    const press = () => document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "a", bubbles: true, cancelable: true}));
    // The moment the next one is drawn, the finger comes down again.
    new MutationObserver(() => { if (document.querySelector(".part-message .quote")?.textContent.trim() === "second") press(); })
      .observe(document.querySelector(".pane"), {subtree: true, childList: true, characterData: true});
    press();
  });
  await page.getByText("This has just changed: look at it again.").first().waitFor();
  await page.waitForTimeout(300);  // what must not come has had its time
  assert.equal(queue.calls.length, 1);
  await closePage(page);
});

test("no key acts in a field, and what was typed is not lost by Esc", async () => {
  const page = await desk([suggestion(1)]);
  await key(page, "e");
  const field = page.getByLabel("Your wording");
  await field.waitFor();
  assert.deepEqual([await field.getAttribute("spellcheck"), await field.getAttribute("lang")], ["true", "en"]);
  await page.keyboard.press("Control+a");
  await page.keyboard.type("a jar, kerr? u");
  assert.equal(await field.inputValue(), "a jar, kerr? u");
  await page.keyboard.press("Escape");
  assert.equal(await field.count(), 0);
  await key(page, "e");
  assert.equal(await field.inputValue(), "a jar, kerr? u");
  await page.getByRole("button", {name: "Start over"}).click();
  assert.equal(await field.inputValue(), queue.items.get(1).text);
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.getByRole("heading", {name: "Keys"}).waitFor();
  await page.keyboard.press("a");
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await page.keyboard.type("a");
  await page.waitForTimeout(300);
  assert.deepEqual(queue.calls.filter(c => !/claim|release/.test(c.call)), []);
  await closePage(page);
});

test("a reply is edited, judged while it is typed, saved and approved with one key", async () => {
  const page = await desk([suggestion(1, {words: "first"}), suggestion(2, {words: "second"})]);
  const {version} = queue.items.get(1);
  await key(page, "e");
  const field = page.getByLabel("Your wording");
  await field.fill("We guarantee it.");
  await page.locator(".problems").getByText("The house promises nothing.").waitFor();
  await page.locator(".edit-says").getByText("must not be sent").waitFor();
  await field.fill("👩‍👩‍👧 Hello");
  await page.getByText("7 of 300 graphemes").waitFor();
  await page.getByText("Nothing against it.").waitFor();
  await field.press("Control+Enter");
  await showing(page, "second");
  assert.deepEqual(said("edit 1").map(c => [c.if_match, c.body]), [[`"${version}"`, {text: "👩‍👩‍👧 Hello"}]]);
  assert.equal(queue.items.get(1).state, "approved");
  assert.equal(queue.items.get(1).text, "👩‍👩‍👧 Hello");
  await closePage(page);
});

test("an error is shown by the item and the text stays in the editor", async () => {
  const page = await desk([suggestion(1)]);
  await key(page, "e");
  await page.getByLabel("Your wording").fill("x".repeat(301));
  await page.locator(".edit-says .ill").getByText("301 of 300 graphemes").waitFor();
  await page.getByRole("button", {name: "Save", exact: true}).click();
  await page.getByRole("alert").getByText("Bluesky takes 300 graphemes.").waitFor();
  assert.equal(await page.getByLabel("Your wording").inputValue(), "x".repeat(301));
  await closePage(page);
});

test("a rejection takes a key and a reason's key, or words of one's own", async () => {
  const page = await desk([suggestion(1, {words: "first"}), suggestion(2, {words: "second"}), suggestion(3, {words: "third"})]);
  const {version} = queue.items.get(1);
  await key(page, "r");
  await page.locator("[role=menu][data-state=open]").waitFor();
  await key(page, "1");
  await showing(page, "second");
  assert.deepEqual(said("reject 1").map(c => [c.if_match, c.body]), [[`"${version}"`, {reason: "Not meant for us"}]]);
  await key(page, "r");
  await page.locator("[role=menu][data-state=open]").waitFor();
  await key(page, "0");
  await page.getByLabel("A few words for those who keep the playbook").waitFor();
  await page.keyboard.press("Enter");
  assert.equal(said("reject 2").length, 0, "not without a reason");
  await page.keyboard.type("a jar");
  await page.keyboard.press("Enter");
  await showing(page, "third");
  assert.deepEqual(said("reject 2")[0].body, {reason: "a jar"});
  await closePage(page);
});

test("a menu does not open by itself on the next item, and no key acts past one that is open", async () => {
  const page = await desk([suggestion(1, {words: "first"}), suggestion(2, {words: "second"}), suggestion(3, {words: "third"})]);
  await key(page, "r");
  await page.locator("[role=menu][data-state=open]").waitFor();
  queue.put({id: 1, state: "expired"});
  await until(() => shownState(page), s => s === "expired");
  await key(page, "j");
  await showing(page, "second");
  await page.locator(".actions .approve:not([aria-disabled=true])").waitFor();
  assert.equal(await page.locator("[role=menu][data-state=open]").count(), 0);
  await key(page, "1");
  // Two keys before the menu can have been drawn.
  await page.evaluate(() => ["r", "a"].forEach(key => document.body.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}))));
  await page.locator("[role=menu][data-state=open]").waitFor();
  await page.waitForTimeout(200);
  assert.deepEqual(queue.calls.map(c => c.call), []);
  await key(page, "2");
  await showing(page, "third");
  assert.deepEqual(queue.calls.map(c => [c.call, c.body.reason]), [["reject 2", "Already answered"]]);
  await closePage(page);
});

test("what the daemon keeps for approvers is not offered to a drafter", async () => {
  queue.people.bob.role = "drafter";
  queue.put(suggestion(1));
  const page = await desk([], {login: "bob"});
  await item(page).waitFor();
  await page.getByRole("button", {name: "More"}).click();
  await page.getByRole("menuitem", {name: "Claim"}).waitFor();
  assert.equal(await page.getByRole("menuitem", {name: "Handled elsewhere"}).count(), 0);
  await escape(page);
  await key(page, "h");
  queue.put({id: 1, state: "unsure"});
  await until(() => shownState(page), s => s === "unsure");
  assert.equal(await page.getByLabel("Where and how").count(), 0);
  assert.equal(await page.locator(".actions button").count(), 0);
  await closePage(page);
});

test("snooze, assign, ask a department, handled elsewhere: each by its keys", async () => {
  const page = await desk([1, 2, 3].map(id => suggestion(id, {words: `no ${id}`})));
  await key(page, "s");
  await page.locator("[role=menu][data-state=open]").waitFor();
  await key(page, "1");
  await showing(page, "no 2");
  const until_at = Date.parse(said("snooze 1")[0].body.until) - Date.now();
  assert.ok(until_at > 59 * 60_000 && until_at <= 60 * 60_000, `${until_at}`);
  await key(page, "g");
  await page.locator("[role=menu][data-state=open]").waitFor();
  await key(page, "m");
  await item(page).getByText("Assigned to Ada").waitFor();
  await key(page, "q");
  await page.getByLabel("The department").selectOption("billing");
  assert.equal(await page.locator(".actions .approve").count(), 0, "nothing is approved by the way");
  await page.getByLabel("Your question").fill("is this <b>still</b> so?");
  await page.getByLabel("Your question").press("Control+Enter");
  const asked = page.locator(".part-questions");
  await asked.getByText("is this <b>still</b> so?").waitFor();
  await asked.getByText("waits").waitFor();
  assert.deepEqual(said("questions 2")[0].body, {department: "billing", text: "is this <b>still</b> so?"});
  await asked.getByRole("button", {name: "Answer"}).click();
  await page.getByLabel("The answer to Ada").fill("Yes, until May.");
  await page.getByLabel("The answer to Ada").press("Control+Enter");
  await asked.getByText("Yes, until May.").waitFor();
  assert.equal(await item(page).getByText("This changed while you were looking at it").count(), 0);
  await key(page, "h");
  await page.getByLabel("Where and how was it handled?").fill("by phone");
  await page.keyboard.press("Enter");
  await showing(page, "no 3");
  assert.deepEqual(said("handled 2")[0].body, {note: "by phone"});
  await closePage(page);
});

test("candidates are switched by number, and the one that is shown is approved", async () => {
  const page = await desk([suggestion(1, {others: [2]}), suggestion(2, {message_id: 1001, thread: "t1", kind: "ask", reply: "ask-device", text: "Which device are you on?", others: [1]})]);
  await until(() => listed(page), l => l.length === 1);
  await key(page, "2");
  await page.locator(".part-reply .quote").getByText("Which device are you on?").waitFor();
  const {hash} = queue.items.get(2);
  await key(page, "a");
  await until(() => said("approve 2"), c => c.length === 1 && c[0].body.hash === hash);
  await closePage(page);
});

test("matched words are marked where they stand, after emoji and accents too", async () => {
  const page = await desk([suggestion(1, {words: "👩‍👩‍👧‍👦 naïve 日本 — I can't reset my password 🙃 please"})]);
  await until(() => page.locator(".part-message mark").allTextContents(), m => m.join() === "reset my password");
  await closePage(page);
});

test("hostile text is only text, breaks nothing, and what cannot be seen is shown", async () => {
  const evil = "<img src=x onerror=alert(1)>\u202eevil\u2066 \u0000 javascript:alert(1) {{ contact.name }}";
  const name = "<script>document.title='owned'</script>\u202e";
  const corpus = [evil, `Z${"\u0335\u0336".repeat(2000)}algo`, "x".repeat(5000), "👩‍👩‍👧‍👦".repeat(500), "\n".repeat(300) + "end", "مرحبا ".repeat(200) + "<b>bold</b>", "&lt;i&gt;&amp;", "${alert(1)}", "]]><svg/onload=alert(1)>"];
  const page = await desk(corpus.map((words, i) => suggestion(i + 1, {words, text: `reply \u202etxt.exe ${i}`, url: "javascript:alert(1)", contact: {...suggestion(1).contact, name, handle: "<b>x</b>".repeat(60)}})));
  for (let i = 0; i < corpus.length; i++) {
    await page.locator(`.item[data-id="${i + 1}"]`).waitFor();
    assert.equal(await page.locator(":is(.list, .item) :is(img, script, b, i, svg)").count(), 0, corpus[i].slice(0, 30));
    assert.equal(await page.locator("a[href^=javascript]").count(), 0);
    for (const box of [".pane", ".list", "html"]) assert.equal(await page.locator(box).first().evaluate(e => e.scrollWidth > e.clientWidth + 1), false, `${box} at ${corpus[i].slice(0, 30)}`);
    assert.deepEqual(await page.locator(".part-reply .quote .code").allTextContents(), ["U+202E"]);
    if (i === 0) assert.deepEqual(await page.locator(".part-message .quote .code").allTextContents(), ["U+202E", "U+2066", "U+0000"]);
    await key(page, "j");
  }
  assert.match(await page.title(), /Kith$/);
  await closePage(page);
});

test("a message of a megabyte in one line is shown in part, whole on demand, and hides nothing", async () => {
  const page = await desk([suggestion(1, {words: "y".repeat(1 << 20) + "end"})]);
  const quote = page.locator(".part-message .quote");
  assert.ok((await quote.textContent()).length < 21000);
  await quote.getByRole("button", {name: "Show all 1,048,579 characters"}).click();
  assert.match(await quote.locator(".text").textContent(), /^y{1048576}end$/);
  assert.equal(await page.locator(".pane").evaluate(e => e.scrollWidth > e.clientWidth), false);
  await closePage(page);
});

test("a new suggestion appears by itself; after a restart everything is fetched anew, and nothing that was missed is lost", async () => {
  const page = await desk([suggestion(1, {words: "first"})], {allow: ["cut"]});
  queue.put(suggestion(2, {words: "second"}));
  await until(() => listed(page), l => l.includes("second"));
  queue.away = true;
  queue.restart();
  await page.getByText("Not live").first().waitFor();
  queue.put(suggestion(3, {words: "third"}));
  queue.put({id: 1, text: "Something else."});
  queue.away = false;
  await until(() => listed(page), l => l.includes("third"));
  await page.locator(".part-reply .quote").getByText("Something else.").waitFor();
  await closePage(page);
});

test("what came before the line stood is loaded once it does", async () => {
  queue.away = true;
  const page = await desk([suggestion(1, {words: "first"})], {allow: ["cut"]});
  queue.ring = [];
  queue.items.set(2, {...suggestion(2, {words: "second"}), version: 1, hash: "x"});
  queue.away = false;
  await until(() => listed(page), l => l.includes("second"));
  await closePage(page);
});

test("a line that is dead and does not know is found out, and what it missed is told", async () => {
  const page = await desk([suggestion(1, {words: "first"})]);
  await page.locator(".live").getByText("Live", {exact: true}).waitFor();
  queue.deafen();
  queue.put(suggestion(2, {words: "second"}));
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await until(() => listed(page), l => l.includes("second"));
  assert.equal(await page.locator(".live").getByText("Live", {exact: true}).count(), 1);
  await until(() => queue.sockets.size, n => n === 1, "the old line is closed");
  await closePage(page);
});

test("a browser that has no notifications after all loses no event by it", async () => {
  queue.put(suggestion(1, {words: "first"}));
  const page = await newPage(browser, {allow: ["refused"]});
  await page.addInitScript(() => {
    localStorage.setItem("kith.desktop", "on");
    document.hasFocus = () => false;
    window.Notification = class { static permission = "granted"; constructor() { throw new TypeError("Illegal constructor"); } };
  });
  await signIn(page, double.base);
  await page.locator(".live").getByText("Live", {exact: true}).waitFor();
  queue.put(suggestion(2, {words: "second", urgency: 3, because: "now"}));
  await until(() => listed(page), l => l.includes("second"));
  await closePage(page);
});

test("what is read ahead is on record only once it is shown", async () => {
  const page = await desk([suggestion(1, {words: "first"}), suggestion(2, {words: "second"})]);
  await page.locator(".actions .approve:not([aria-disabled=true])").waitFor();
  await page.waitForTimeout(300);
  assert.deepEqual([...new Set(queue.shown)], [1]);
  await key(page, "j");
  await showing(page, "second");
  await key(page, "a");
  await until(() => queue.items.get(2).state, s => s === "approved");
  assert.ok(queue.shown.includes(2));
  await closePage(page);
});

test("an act that got no answer is sent again as the same one; another act is another", async () => {
  const page = await desk([suggestion(1, {words: "first"}), suggestion(2, {words: "second"})], {allow: ["cut"]});
  queue.no_answer = true;
  await key(page, "a");
  await page.getByRole("alert").getByText("Kith did not answer.").waitFor();
  queue.no_answer = false;
  await key(page, "a");
  await showing(page, "second");
  await key(page, "a");
  await until(() => said("approve 2").length, n => n === 1);
  const [one, ...again] = said("approve 1").map(c => c.once), [other] = said("approve 2").map(c => c.once);
  assert.match(one, /^[0-9a-f]{32}$/);
  assert.ok(again.length && again.every(key => key === one));
  assert.notEqual(other, one);
  await closePage(page);
});

test("what could not be loaded is not said to be empty, and is asked for again", async () => {
  queue.put(suggestion(1, {words: "first"}));
  queue.broken = /^\/queue$/;
  const page = await newPage(browser, {allow: ["refused", "broken"]});
  await signIn(page, double.base);
  await page.getByRole("alert").getByText("Kith cannot do this right now.").waitFor();
  assert.equal(await page.getByText("Nothing is waiting.").count(), 0);
  queue.broken = /^\/suggestions/;
  await page.getByRole("button", {name: "Try again"}).click();
  await page.locator(".pane").getByRole("alert").waitFor();
  queue.broken = null;
  await page.locator(".pane").getByRole("button", {name: "Try again"}).click();
  await showing(page, "first");
  await closePage(page);
});

test("a line that was cut goes on where it was", async () => {
  const page = await desk([suggestion(1, {words: "first"})], {allow: ["cut"]});
  queue.cut();
  queue.put(suggestion(2, {words: "second"}));
  await until(() => listed(page), l => l.includes("second"));
  await closePage(page);
});

test("what changes under the reader's eyes is told and asks again; a note in an editor too", async () => {
  const page = await desk([suggestion(1)]);
  queue.put({id: 1, text: "Something else entirely.", words: "Never mind, I found it", marks: [], verdict: verdict("second", "x", "y")});
  await until(() => page.locator(".notice").allInnerTexts(), all => all.join().includes("The message was edited by its author."));
  contains((await page.locator(".notice").allInnerTexts()).join(), ["The text of the reply changed.", "The verdict changed from “may be sent” to “needs two people”."]);
  await key(page, "e");
  await page.getByLabel("Your wording").fill("my own words");
  queue.put({id: 1, text: "A third text."});
  await page.locator("form.edit").getByText("This changed while you were looking at it").waitFor();
  assert.equal(await page.getByLabel("Your wording").inputValue(), "my own words");
  await page.getByRole("button", {name: "Keep my wording"}).click();
  await page.getByRole("button", {name: "Save", exact: true}).click();
  await page.locator(".part-reply .quote").getByText("my own words").waitFor();
  await closePage(page);
});

test("a draft waits while another item is looked at", async () => {
  const page = await desk([suggestion(1, {words: "first"}), suggestion(2, {words: "second"})]);
  await key(page, "e");
  await page.getByLabel("Your wording").fill("half");
  await choose(page, "second");
  await showing(page, "second");
  assert.equal(await page.getByLabel("Your wording").count(), 0);
  await choose(page, "first");
  assert.equal(await page.getByLabel("Your wording").inputValue(), "half");
  await closePage(page);
});

const second_reply = {message_id: 1001, thread: "t1", kind: "ask", reply: "ask-device", text: "Which device are you on?", others: [1]};

test("an edit of another candidate is there again, and goes on, after another item was looked at", async () => {
  const page = await desk([suggestion(1, {words: "first", others: [2]}), suggestion(2, {...second_reply, words: "first"}), suggestion(3, {words: "third"})]);
  await key(page, "2");
  await key(page, "e");
  await page.getByLabel("Your wording").fill("Which one, please?");
  await choose(page, "third");
  await showing(page, "third");
  await choose(page, "first");
  await showing(page, "first");
  const field = page.getByLabel("Your wording");
  assert.equal(await field.inputValue(), "Which one, please?");
  await field.press("Control+Enter");
  await until(() => queue.items.get(2).state, s => s === "approved");
  assert.equal(queue.items.get(2).text, "Which one, please?");
  await closePage(page);
});

test("a chosen reply that changes is told; one that is gone is not silently another", async () => {
  const page = await desk([suggestion(1, {others: [2]}), suggestion(2, second_reply)]);
  await key(page, "2");
  await page.locator(".part-reply .quote").getByText("Which device are you on?").waitFor();
  queue.put({id: 2, text: "Which phone are you on?"});
  await page.locator(".notice").getByText("The text of the reply changed.").waitFor();
  queue.put({id: 2, state: "withdrawn"});
  await page.locator(".notice").getByText("The reply you looked at is gone.").waitFor();
  await page.waitForTimeout(600);
  await page.keyboard.press("a");
  await page.locator(".toast").getByText("The reply you looked at is gone.").waitFor();
  assert.deepEqual([said("approve 1").length, said("approve 2").length], [0, 0]);
  await key(page, "a");
  await until(() => queue.items.get(1).state, s => s === "approved");
  await closePage(page);
});

test("each form keeps its own words", async () => {
  const page = await desk([suggestion(1)]);
  await key(page, "q");
  await page.getByLabel("Your question").fill("is this still so?");
  await escape(page);
  await key(page, "h");
  await page.getByLabel("Where and how was it handled?").fill("by phone");
  await escape(page);
  await key(page, "g");
  await page.locator("[role=menu][data-state=open]").waitFor();
  await key(page, "m");
  await item(page).getByText("Assigned to Ada").waitFor();
  await key(page, "q");
  assert.equal(await page.getByLabel("Your question").inputValue(), "is this still so?");
  await escape(page);
  await key(page, "h");
  assert.equal(await page.getByLabel("Where and how was it handled?").inputValue(), "by phone");
  await closePage(page);
});

test("an approval that comes too late approves nothing and shows what changed", async () => {
  const page = await desk([suggestion(1)]);
  const seen = queue.items.get(1).hash;
  queue.before_answer = () => queue.put({id: 1, text: "Something else entirely.", words: "Never mind, I found it", marks: []});
  await key(page, "a");
  await page.getByRole("alert").getByText("This is no longer what you saw").waitFor();
  assert.deepEqual(said("approve 1")[0].body, {hash: seen});
  assert.equal(queue.items.get(1).state, "open");
  contains(await item(page).innerText(), ["The message was edited by its author.", "The text of the reply changed.", "Something else entirely.", "Never mind, I found it"]);
  await key(page, "a");
  await until(() => queue.items.get(1).state, s => s === "approved");
  await closePage(page);
});

test("two people see each other, and of two who approve one is told within a second who was faster", async () => {
  const ada = await desk([suggestion(1)]);
  const bob = await desk([], {login: "bob"});
  await ada.getByText("Also here: Bob").waitFor();
  await bob.getByText("Also here: Ada").waitFor();
  await Promise.all([ada, bob].map(p => p.locator(".actions .approve:not([aria-disabled=true])").waitFor()));
  queue.undo_ms = 0;
  const start = Date.now();
  await Promise.all([ada.keyboard.press("a"), bob.keyboard.press("a")]);
  const texts = await until(async () => (await Promise.all([ada, bob].map(p => p.locator("body").innerText()))).map(t => /It is now: approved \((Ada|Bob)\)|was faster/.test(t)), found => found.includes(true));
  assert.ok(Date.now() - start < 1000, `${Date.now() - start} ms`);
  assert.equal(texts.filter(Boolean).length, 1, "one was told");
  assert.equal(queue.items.get(1).history.filter(h => h.act === "approved").length, 1);
  await closePage(ada);
  await closePage(bob);
});

test("who holds an item is seen, and approving past them is asked for", async () => {
  const ada = await desk([suggestion(1)]);
  const bob = await desk([], {login: "bob"});
  await bob.locator(".item").waitFor();
  await key(ada, "c");
  await ada.getByText("You are at this.").waitFor();
  await bob.locator(".item").getByText("Ada is at this").waitFor();
  await bob.locator(".line").getByText("Ada has it").waitFor();
  await key(bob, "a");
  await bob.getByRole("button", {name: "Approve although Ada has it"}).click();
  await until(() => queue.items.get(1).state, s => s === "approved");
  assert.equal(said("approve 1").at(-1).body.despite_claim, true);
  await ada.getByText("It is now: approved (Bob).").waitFor();
  await closePage(ada);
  await closePage(bob);
});

test("what the policies forbid cannot be approved, and a viewer has nothing to press", async () => {
  const page = await desk([suggestion(1, {verdict: verdict("deny", "house.stage", "an offer may not open a conversation")})]);
  await item(page).getByText("must not be sent").first().waitFor();
  await page.keyboard.press("a");
  await page.locator(".actions .approve").click({force: true});
  queue.put({id: 1, verdict: verdict("allow", "x", "y")});
  await item(page).locator(".part-verdict").getByText("may be sent").waitFor();
  await key(page, "a");
  await until(() => queue.items.get(1).state, s => s === "approved");
  assert.equal(said("approve 1").length, 1, "only what was allowed was asked for");
  queue.people.bob.role = "viewer";
  queue.put(suggestion(2));
  const viewer = await desk([], {login: "bob"});
  await viewer.locator(".item").waitFor();
  assert.equal(await viewer.locator(".actions button").count(), 0);
  await closePage(page);
  await closePage(viewer);
});

test("a reply whose outcome is unknown asks a person and takes either answer", async () => {
  queue.put(suggestion(1, {state: "unsure", words: "first"}));
  queue.put(suggestion(2, {state: "unsure", words: "second"}));
  const page = await desk([], {path: "?state=unsure"});
  await item(page).getByText("It is not known whether this reply was posted").waitFor();
  await page.getByRole("button", {name: "It was posted"}).waitFor();
  await key(page, "y");
  await until(() => queue.items.get(1).state, s => s === "delivered");
  await choose(page, "second");
  await page.getByRole("button", {name: "It was not posted"}).click();
  await until(() => queue.items.get(2).state, s => s === "open");
  assert.deepEqual([said("settle 1")[0].body, said("settle 2")[0].body], [{posted: true}, {posted: false}]);
  await closePage(page);
});

test("the same text and verdict are approved together, each by its own hash; what differs stays", async () => {
  const text = "Thank you for telling us.";
  const page = await desk([1, 2, 3, 4].map(id => suggestion(id, {text: id === 4 ? `${text} Really.` : text})));
  await key(page, "b");
  await page.getByRole("button", {name: "Approve 3 items"}).waitFor();
  await page.getByRole("checkbox").last().uncheck();
  await page.locator(".dialog button.first:not([aria-disabled=true])").click();
  await until(() => said("bulk").length, n => n === 1);
  assert.deepEqual(said("bulk")[0].body, [1, 2].map(id => ({id, hash: said("bulk")[0].body.find(i => i.id === id).hash})));
  assert.deepEqual([1, 2, 3, 4].map(id => queue.items.get(id).state), ["approved", "approved", "open", "open"]);
  await page.locator(".toast", {hasText: "2 approved."}).getByRole("button", {name: "Undo"}).click();
  await page.getByText("2 taken back.").waitFor();
  assert.deepEqual([1, 2].map(id => queue.items.get(id).state), ["open", "open"]);
  await closePage(page);
});

test("filters live in the address, and views keep them", async () => {
  const page = await desk([suggestion(1, {words: "first"}), suggestion(2, {words: "second", department: "billing"})]);
  await page.getByRole("button", {name: "Filters"}).click();
  await page.getByLabel("Department").selectOption("billing");
  await until(() => listed(page), l => l.join() === "second");
  assert.equal(new URL(page.url()).searchParams.get("department"), "billing");
  await page.getByRole("button", {name: "Views"}).click();
  await page.getByRole("menuitem", {name: "Save this view"}).click();
  await page.getByLabel("Name of the view").fill("Money");
  await page.keyboard.press("Enter");
  await until(() => queue.views, v => v[0]?.query === "department=billing");
  await page.getByRole("link", {name: "Everything"}).click();
  await until(() => listed(page), l => l.length === 2);
  await page.getByRole("link", {name: "Money"}).click();
  await until(() => listed(page), l => l.join() === "second");
  await page.goBack();
  await until(() => listed(page), l => l.length === 2);
  await closePage(page);
});

test("two views of one name are two; one is changed, and goes only when that is meant", async () => {
  queue.views = [["department=billing", 1], ["department=support", 2]].map(([query, id]) => ({id, version: 1, name: "Money", query, department: null}));
  const page = await desk([suggestion(1, {words: "first"}), suggestion(2, {words: "second", department: "billing"})]);
  const menu = async name => {
    await page.getByRole("button", {name: "Views"}).click();
    await page.getByRole("menuitem", {name}).last().click();
  };
  await menu("Money");
  await until(() => listed(page), l => l.join() === "first");
  await page.getByRole("button", {name: "Filters"}).click();
  await page.getByLabel("Kind").selectOption("help");
  await page.waitForURL(/kind=help/);
  await menu("Change the view “Money”…");
  await page.getByLabel("Name of the view").fill("Help");
  await page.keyboard.press("Enter");
  await until(() => queue.views[1], v => v.version === 2);
  assert.deepEqual(queue.views.map(v => [v.name, v.query]), [["Money", "department=billing"], ["Help", "department=support&kind=help"]]);
  await page.getByRole("dialog").waitFor({state: "detached"});
  await menu("Delete the view “Help”");
  await page.waitForTimeout(200);
  assert.equal(queue.views.length, 2);
  await page.getByRole("dialog").getByRole("button", {name: "Delete"}).click();
  await until(() => queue.views.length, n => n === 1);
  await closePage(page);
});

test("the search field keeps the blank between two words", async () => {
  const page = await desk([suggestion(1)]);
  await page.getByLabel("Search").pressSequentially("my password", {delay: 60});
  await page.getByLabel("Search").fill("my ");
  await page.waitForURL(/q=my$/);
  await page.waitForTimeout(100);
  assert.equal(await page.getByLabel("Search").inputValue(), "my ");
  await closePage(page);
});

test("a hundred thousand items are a few lines on the page, and scrolling goes on through them", async () => {
  for (let id = 1; id <= 100_000; id++) queue.items.set(id, {...suggestion(id), version: 1, hash: String(id)});
  queue.list = () => [...queue.items.values()];
  const page = await desk([]);
  await page.locator(".line").first().waitFor();
  for (let i = 0; i < 8; i++) {
    const before = await page.locator(".lines").evaluate(e => e.clientHeight);
    await page.locator(".list").evaluate(e => { e.scrollTop = e.scrollHeight; });
    await until(() => page.locator(".lines").evaluate(e => e.clientHeight), h => h > before);
  }
  assert.ok(await page.locator(".line").count() < 40, "only what can be seen is there");
  const tall = await page.locator(".lines").evaluate(e => e.clientHeight);
  queue.put(suggestion(100_001));
  await page.waitForTimeout(3000);
  assert.ok(await page.locator(".lines").evaluate(e => e.clientHeight) >= tall, "the reader stays where they scrolled to");
  await closePage(page);
});

test("what the page asks when nobody has touched it for a minute says so, and keeps no session alive", async () => {
  const page = await desk([suggestion(1)]);
  const marks = [];
  page.on("request", r => { if (r.url().endsWith("/api/v1/status")) marks.push(r.headers()["x-kith-background"] ?? "by a person"); });
  const next = async () => {
    const before = marks.length;
    queue.tell({type: "status"});
    return until(() => marks[before], Boolean);
  };
  assert.equal(await next(), "by a person");
  await page.clock.setFixedTime(Date.now() + 61_000);
  assert.equal(await next(), "1");
  await page.keyboard.press("Shift");
  assert.equal(await next(), "by a person");
  await closePage(page);
});

test("what is typed into a dialog that is just closing does nothing, whole", async () => {
  const page = await desk([suggestion(1)]);
  await page.locator(".actions .approve:not([aria-disabled=true])").waitFor();
  await page.keyboard.press("?");
  await page.getByRole("heading", {name: "Keys"}).waitFor();
  await page.evaluate(() => {
    const press = key => document.body.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
    press("/");
    document.querySelector("[role=dialog]").removeAttribute("role");  // gone between the two keys
    press("a");
    return fetch("/api/v1/status").then(() => {});  // an approval would be there before it
  });
  assert.deepEqual(said("approve 1"), []);
  await page.reload();
  await item(page).waitFor();
  await key(page, "a");
  await until(() => said("approve 1").length, n => n === 1);
  await closePage(page);
});
