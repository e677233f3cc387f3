// The console in a real browser against a double of the daemon; kithd itself is tested elsewhere.
import assert from "node:assert/strict";
import {after, before, beforeEach, afterEach, test} from "node:test";
import {start_double, suggestion} from "./double.mjs";
import {choose, closePage, key, launchBrowser, listed, newPage, setUp, shownState, signIn, until} from "./support.mjs";

const password = "correct horse battery";
let browser, double, queue;
before(async () => { browser = await launchBrowser(); });
after(() => browser.close());
beforeEach(async () => {
  double = await start_double();
  queue = double.queue;
});
afterEach(() => double.close());

/// A page that is signed in, with these suggestions in the queue. With `clock`, its time stands until it is moved.
async function desk(items, {clock = false, ...options} = {}) {
  items.forEach(item => queue.put(item));
  const page = await newPage(browser, {...options, allow: ["refused", ...options.allow ?? []]});
  if (clock) await page.clock.install();
  await signIn(page, double.base, password);
  if (items.length) await page.locator("#detail .part-message").waitFor();
  if (clock) await page.clock.pauseAt(Date.now() + 5000);
  return page;
}

const said = call => queue.calls.filter(c => c.call === call);
const detail = page => page.locator("#detail");
const verdict = (decision, rule, why) => ({decision, reasons: [{rule, says: decision, why}]});

function contains(text, all) {
  for (const words of all) assert.ok(text.includes(words), `${words} is missing in ${text}`);
}

test("the first start asks twice for a password of twelve characters", async () => {
  queue.setup = "one-time+token";
  queue.password = null;
  const page = await newPage(browser, {allow: ["refused"]});
  await page.goto(`${double.base}/console#setup=${encodeURIComponent("one-time+token")}`);
  const fill = async (first, second) => {
    await page.getByLabel("New password").fill(first);
    await page.getByLabel("The same again").fill(second);
    await page.getByRole("button", {name: "Set the password"}).click();
  };
  await fill("too short", "too short");
  await page.getByText("At least 12 characters").and(page.getByRole("alert")).waitFor();
  await fill("long enough for us", "long enough for me");
  await page.getByText("not the same").waitFor();
  assert.equal(queue.password, null);
  await fill("long enough for us", "long enough for us");
  await page.locator("#desk").waitFor();
  assert.equal(queue.password, "long enough for us");
  assert.equal(await page.evaluate(() => location.hash), "", "the token does not stay in the address");
  await closePage(page);
});

test("a used link says so, and the helper of the real tests gets in with a good one", async () => {
  const page = await newPage(browser, {allow: ["refused"]});
  await page.goto(`${double.base}/console#setup=old`);
  await page.getByLabel("New password").fill("long enough for us");
  await page.getByLabel("The same again").fill("long enough for us");
  await page.keyboard.press("Enter");
  await page.getByText("This link is not valid any more").waitFor();
  queue.setup = "new";
  await setUp(page, double.base, "new", "long enough for us");
  await closePage(page);
});

test("signing in: a wrong password, the right one, out again", async () => {
  queue.put(suggestion(1));
  const page = await newPage(browser, {allow: ["refused"]});
  await page.goto(`${double.base}/console`);
  await page.getByLabel("Password", {exact: true}).fill("wrong");
  await page.keyboard.press("Enter");
  await page.getByText("That is not the password. Four attempts are left.").waitFor();
  await signIn(page, double.base, password);
  assert.deepEqual(await listed(page), ["How do I reset my password?"]);
  assert.equal((await page.context().cookies())[0].httpOnly, true);
  await page.getByRole("button", {name: "Sign out"}).click();
  await page.locator("#door").waitFor();
  assert.equal(await page.locator("#list li").count(), 0);
  await closePage(page);
});

test("a session that ends brings the door, and what was being written is still there after it", async () => {
  const page = await desk([suggestion(1)]);
  await key(page, "e");
  await page.getByLabel("Your wording").fill("half a thought");
  queue.session = null;
  await page.getByRole("button", {name: "Save"}).click();
  await page.locator("#door").waitFor();
  await page.getByLabel("Password", {exact: true}).fill(password);
  await page.keyboard.press("Enter");
  await page.locator("#desk").waitFor();
  assert.equal(await page.getByLabel("Your wording").inputValue(), "half a thought");
  await closePage(page);
});

test("everything a person needs to decide is on the screen", async () => {
  const page = await desk([suggestion(1, {verdict: verdict("second", "bluesky.first-contact", "we never wrote to them")})]);
  const text = await until(() => detail(page).innerText(), t => t.includes("Also in the thread: 1 message"));
  contains(text, ["Person 1", "person1.example", "site · bluesky · support · en", "help", "Cannot sign in", "3f2a9c01d4e5", "of 300 graphemes",
                       "reset-password@3f2a9c01", "Needs two people", "bluesky.first-contact", "we never wrote to them", "Anybody else locked out today?", "phrase (reset my password)"]);
  await closePage(page);
});

test("a banner says what is stopped, by whom and why, and goes when it is resumed", async () => {
  queue.status.stopped = [{scope: "playbook sign-in-trouble", by: "kith", reason: "<b>11 rejections</b>", at: new Date().toISOString()}];
  const page = await desk([suggestion(1)]);
  const banner = page.locator("#stopped");
  await banner.getByText("Playbook sign-in-trouble is stopped").waitFor();
  contains(await banner.innerText(), ["by kith", "<b>11 rejections</b>", "kith resume playbook sign-in-trouble"]);
  queue.status.stopped = [];
  await page.reload();
  await page.locator("#status").getByText("2 of 3 playbooks live").waitFor();
  assert.equal(await banner.innerText(), "");
  await closePage(page);
});

test("a banner says which pack is not in force, and how to mend it", async () => {
  queue.status.packs = [{id: "house", in_force: true, detail: ""}, {id: "bluesky", in_force: false, detail: "its pack expired on 2026-11-22: look at the platform's rules, then set a new date"}];
  const page = await desk([suggestion(1)]);
  const banner = page.locator("#stopped");
  await banner.getByText("Nothing is sent on bluesky").waitFor();
  contains(await banner.innerText(), ["expired on 2026-11-22"]);
  queue.status.packs = [];
  await page.reload();
  await page.locator("#status").getByText("2 of 3 playbooks live").waitFor();
  assert.equal(await banner.innerText(), "");
  await closePage(page);
});

test("the keyboard moves and approves, and goes on to the next", async () => {
  const page = await desk([suggestion(1, {words: "first"}), suggestion(2, {words: "second"}), suggestion(3, {words: "third"})]);
  assert.deepEqual(await listed(page), ["first", "second", "third"]);
  await key(page, "j");
  await key(page, "j");
  await key(page, "k");
  await detail(page).getByText("second", {exact: true}).first().waitFor();
  const {hash} = queue.items.get(2);
  await key(page, "a");
  await detail(page).locator(".part-message").getByText("third", {exact: true}).waitFor();
  assert.deepEqual(said("approve 2"), [{call: "approve 2", body: {hash}}]);
  queue.put({id: 2, state: "delivered", receipt: {native_id: "at://r", url: "https://example.org/r", at: new Date().toISOString()}});
  await until(() => listed(page), l => l.join() === "first,third");
  await page.getByRole("button", {name: "Recent"}).click();
  await until(() => shownState(page), s => s === "delivered");
  assert.equal(await page.getByRole("link", {name: "Look at the reply"}).getAttribute("href"), "https://example.org/r");
  await closePage(page);
});

test("everybody is told of canaries; who approves one reads what was wrong, and stays with it", async () => {
  queue.status.canaries = {rate: 0.02};
  queue.canaries.add(1);
  const page = await desk([suggestion(1, {words: "first"}), suggestion(2, {words: "second"})]);
  await page.locator("#status").getByText("Some drafts are canaries").waitFor();
  await key(page, "a");
  await detail(page).getByText("it calls them Maria. Nothing was sent.").first().waitFor();
  await page.locator("#toast").getByText("That was a canary. Nothing was sent.").waitFor();
  await until(() => listed(page), l => l.join() === "second");
  await closePage(page);
});

test("a key pressed twice does not approve what came up after it", async () => {
  const page = await desk([suggestion(1, {words: "first"}), suggestion(2, {words: "second"})]);
  await page.locator("#detail [data-act=approve]:not([aria-disabled])").waitFor();
  await page.evaluate(() => {
    const press = () => document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "a", bubbles: true, cancelable: true}));
    // The moment the next one is drawn, the finger comes down again.
    new MutationObserver(() => { if (document.querySelector("#detail .part-message .text")?.textContent === "second") press(); })
      .observe(document.getElementById("detail"), {subtree: true, childList: true});
    press();
  });
  await page.getByText("This has just changed: look at it again.").waitFor();
  assert.equal(queue.calls.length, 1);
  await closePage(page);
});

test("no key acts in a field", async () => {
  const page = await desk([suggestion(1)]);
  await key(page, "e");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("a jar, kerr?");
  assert.equal(await page.getByLabel("Your wording").inputValue(), "a jar, kerr?");
  assert.equal(queue.calls.length, 0);
  await page.keyboard.press("Escape");
  assert.equal(await page.getByLabel("Your wording").count(), 0);
  await key(page, "e");
  assert.equal(await page.getByLabel("Your wording").inputValue(), "a jar, kerr?", "what was typed is not lost by Esc");
  await page.getByRole("button", {name: "Start over"}).click();
  assert.equal(await page.getByLabel("Your wording").inputValue(), queue.items.get(1).text);
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.getByRole("heading", {name: "Keys"}).waitFor();
  await page.keyboard.press("a");
  await page.keyboard.press("Escape");
  assert.equal(queue.calls.length, 0);
  await closePage(page);
});

test("a reply is edited, measured, and approved as it was edited", async () => {
  const page = await desk([suggestion(1)]);
  const {version} = queue.items.get(1);
  await key(page, "e");
  await page.getByLabel("Your wording").fill("👩‍👩‍👧 Hello");
  await page.getByText("7 of 300 graphemes").waitFor();
  await page.keyboard.press("Control+Enter");
  await detail(page).locator(".part-reply .text").getByText("👩‍👩‍👧 Hello").waitFor();
  assert.deepEqual(said("edit 1")[0].body, {version, text: "👩‍👩‍👧 Hello"});
  assert.equal(await page.locator(".notice").count(), 0, "our own change is not reported as somebody's");
  await key(page, "a");
  await until(() => said("approve 1").length, n => n === 1);
  assert.equal(queue.items.get(1).state, "approved");
  await closePage(page);
});

test("an error is shown by the item and the text stays in the editor", async () => {
  const page = await desk([suggestion(1)]);
  await key(page, "e");
  await page.getByLabel("Your wording").fill("x".repeat(301));
  assert.equal(await page.locator("form.edit .ill").textContent(), "301 of 300 graphemes");
  await page.getByRole("button", {name: "Save"}).click();
  await page.getByRole("alert").getByText("Bluesky takes 300 graphemes.").waitFor();
  assert.equal(await page.getByLabel("Your wording").inputValue(), "x".repeat(301));
  await closePage(page);
});

test("a rejection asks why", async () => {
  const page = await desk([suggestion(1), suggestion(2, {words: "second"})]);
  const {version} = queue.items.get(1);
  await key(page, "r");
  await page.keyboard.press("Enter");
  assert.equal(queue.calls.length, 0, "not without a reason");
  await page.keyboard.type("not for us");
  await page.keyboard.press("Enter");
  await detail(page).locator(".part-message").getByText("second", {exact: true}).waitFor();
  assert.deepEqual(said("reject 1")[0].body, {version, reason: "not for us"});
  await page.getByRole("button", {name: "Recent"}).click();
  await detail(page).getByText("Reason: not for us").waitFor();
  await closePage(page);
});

test("matched words are marked where they stand, after emoji and accents too", async () => {
  const page = await desk([suggestion(1, {words: "👩‍👩‍👧‍👦 naïve 日本 — I can't reset my password 🙃 please"})]);
  assert.equal(await page.locator("#detail .part-message mark").textContent(), "reset my password");
  const at = (begin, end) => [{trigger: "regex", words: "", begin, end}];
  for (const [matched, marks] of [
    [at(1, 2), ["👩"]], [[...at(0, 4), ...at(4, 7)], ["👩‍"]], [[...at(0, 4), ...at(2, 11)], ["👩‍👩"]],
    [at(-5, 4), ["👩"]], [at(80, 9999), 1], [at(9999, 10000), []], [at(7, 3), []], [at(4, 4), []],
  ]) {
    queue.put({id: 1, matched});
    await until(() => page.locator("#detail .part-message mark").allTextContents(),
      found => typeof marks === "number" ? found.length === marks : JSON.stringify(found) === JSON.stringify(marks), JSON.stringify(matched));
  }
  await closePage(page);
});

test("hostile text is only text, and what cannot be seen is shown", async () => {
  const evil = "<img src=x onerror=alert(1)>\u202eevil\u2066 \u0000 javascript:alert(1) {{ contact.name }}";
  const author = {id: "x", handle: "<b>x</b>", name: "<script>document.title='owned'</script>\u202e"};
  const page = await desk([suggestion(1, {words: evil, text: "reply \u202etxt.exe", reason: "<i>"})]);
  queue.put({id: 1, message: {...queue.items.get(1).message, author, url: "javascript:alert(1)"}});
  await detail(page).getByText("<script>").first().waitFor();
  assert.equal(await page.locator(":is(#list, #detail) :is(img, script, b, i)").count(), 0);
  assert.equal(await page.locator("a[href^=javascript]").count(), 0);
  assert.deepEqual(await page.locator("#detail .part-message .text .code").allTextContents(), ["U+202E", "U+2066", "U+0000"]);
  assert.deepEqual(await page.locator("#detail .part-reply .text .code").allTextContents(), ["U+202E"]);
  assert.match(await page.title(), /Kith$/);
  await closePage(page);
});

test("a message of a megabyte in one line is shown in part, whole on demand, and hides nothing", async () => {
  const page = await desk([suggestion(1, {words: "y".repeat(1 << 20) + "end"})]);
  assert.ok((await page.locator("#detail .part-message .text").textContent()).length < 21000);
  await page.locator("#detail .part-message").getByRole("button", {name: "Show all 1,048,579 characters"}).click();
  assert.match(await page.locator("#detail .part-message .text").textContent(), /^y{1048576}end$/);
  assert.equal(await detail(page).evaluate(e => e.scrollWidth > e.clientWidth), false);
  await closePage(page);
});

test("a new suggestion appears by itself, and everything is fetched anew after the line was cut", async () => {
  const page = await desk([suggestion(1, {words: "first"})], {allow: ["cut"]});
  queue.put(suggestion(2, {words: "second"}));
  await until(() => listed(page), l => l.join() === "first,second");
  const sockets = [...queue.sockets];
  queue.sockets.clear();
  queue.put(suggestion(3, {words: "third"}));
  queue.put({id: 1, state: "withdrawn", reason: "the message was deleted"});
  for (const ws of sockets) ws.terminate();
  await until(() => listed(page), l => l.join() === "second,third");
  await until(() => shownState(page), s => s === "withdrawn", "the one that was being looked at says what became of it");
  await closePage(page);
});

test("what changed while the line was down is there once it is back", async () => {
  const page = await desk([suggestion(1, {words: "first"})], {allow: ["cut"], clock: true});
  await page.getByText("Live ·").waitFor();
  const looked = page.waitForResponse(/suggestions\/1$/);
  for (const ws of queue.sockets) ws.terminate();
  await page.getByText("Not live").waitFor();
  await looked;
  queue.put(suggestion(2, {words: "second"}));
  assert.deepEqual(await listed(page), ["first"]);
  await page.clock.fastForward(1100);  // the first pause is at most a second
  await until(() => listed(page), l => l.join() === "first,second");
  await page.getByText("Live ·").waitFor();
  await closePage(page);
});

test("an update while editing takes nothing away and says what changed", async () => {
  const page = await desk([suggestion(1)]);
  await key(page, "e");
  await page.getByLabel("Your wording").fill("my own words");
  queue.put({id: 1, text: "the daemon's new words", changed: ["The thread has a newer message."]});
  await page.getByText("This changed while you were editing").waitFor();
  const notice = await page.locator("form.edit .notice").innerText();
  contains(notice, ["The text of the reply changed.", "The thread has a newer message.", "the daemon's new words"]);
  assert.equal(await page.getByLabel("Your wording").inputValue(), "my own words");
  await page.getByRole("button", {name: "Save"}).click();
  await page.getByRole("alert").getByText("This is no longer what you saw").waitFor();
  assert.equal(await page.getByLabel("Your wording").inputValue(), "my own words");
  await page.getByRole("button", {name: "Keep my wording"}).click();
  await page.getByRole("button", {name: "Save"}).click();
  await detail(page).locator(".part-reply .text").getByText("my own words").waitFor();
  assert.equal(await page.getByText("This changed while").count(), 0, "what was taken note of is not told again");
  await closePage(page);
});

test("a draft waits while another suggestion is looked at", async () => {
  const page = await desk([suggestion(1, {words: "first"}), suggestion(2, {words: "second"})]);
  await key(page, "e");
  await page.getByLabel("Your wording").fill("half");
  await choose(page, "second");
  await detail(page).locator(".part-message").getByText("second", {exact: true}).waitFor();
  assert.equal(await page.getByLabel("Your wording").count(), 0);
  await choose(page, "first");
  assert.equal(await page.getByLabel("Your wording").inputValue(), "half");
  await closePage(page);
});

test("an approval that comes too late approves nothing and shows what changed", async () => {
  const page = await desk([suggestion(1)]);
  const seen = queue.items.get(1).hash;
  queue.before_answer = () => queue.put({id: 1, text: "Something else entirely.", message: {...queue.items.get(1).message, text: "Never mind, I found it", revision: "2"}, matched: []});
  await key(page, "a");
  await page.getByRole("alert").getByText("This is no longer what you saw").waitFor();
  assert.deepEqual(said("approve 1")[0].body, {hash: seen});
  assert.equal(queue.items.get(1).state, "open");
  const text = await detail(page).innerText();
  contains(text, ["The message was edited by its author.", "The text of the reply changed.", "Something else entirely.", "Never mind, I found it"]);
  await key(page, "a");
  await until(() => queue.items.get(1).state, s => s === "approved");
  await closePage(page);
});

test("what the policies forbid cannot be approved", async () => {
  const page = await desk([suggestion(1, {verdict: verdict("deny", "house.stage", "an offer may not open a conversation")})], {clock: true});
  await detail(page).getByText("Must not be sent").waitFor();
  await page.clock.fastForward(1000);  // long enough on the screen for one that may be sent
  await page.keyboard.press("a");
  await page.locator("#detail [data-act=approve]").click({force: true});
  queue.put({id: 1, verdict: {decision: "allow", reasons: []}});
  await detail(page).getByText("May be sent").waitFor();
  await page.clock.fastForward(1000);
  await key(page, "a");
  await until(() => queue.items.get(1).state, s => s === "approved");
  assert.equal(queue.calls.length, 1, "only what was allowed was asked for");
  await closePage(page);
});

test("a reply whose outcome is unknown asks a person and takes either answer", async () => {
  queue.put(suggestion(1, {state: "unsure", words: "first", approved_by: "operator"}));
  queue.put(suggestion(2, {state: "unsure", words: "second", approved_by: "operator"}));
  const page = await desk([]);
  await page.getByRole("button", {name: "Needs you 2"}).click();
  await detail(page).getByText("It is not known whether this reply was posted").waitFor();
  const versions = [1, 2].map(id => queue.items.get(id).version);
  await page.getByRole("button", {name: "It was posted"}).click();
  await until(() => queue.items.get(1).state, s => s === "delivered");
  await choose(page, "second");
  await page.getByRole("button", {name: "It was not posted"}).click();
  await until(() => queue.items.get(2).state, s => s === "open");
  assert.deepEqual([said("settle 1")[0].body, said("settle 2")[0].body],
    [{version: versions[0], posted: true}, {version: versions[1], posted: false}]);
  await closePage(page);
});

test("another reply to the same message can be taken instead", async () => {
  const other = {id: 2, reply: "ask-device", kind: "ask", text: "Which device are you on?"};
  const page = await desk([suggestion(1, {alternatives: [other]}),
    suggestion(2, {...other, reply: {id: "ask-device", kind: "ask"}, words: "How do I reset my password?", alternatives: [{id: 1, reply: "steps", kind: "help", text: "Hi"}]})]);
  assert.equal((await listed(page)).length, 1, "one message, one line");
  await page.getByText("1 other reply to choose from").click();
  await page.getByRole("button", {name: "Take this one instead"}).click();
  await detail(page).locator(".part-reply").getByText("Which device are you on?").waitFor();
  assert.equal((await listed(page)).length, 1);
  await key(page, "a");
  await until(() => said("approve 2").length, n => n === 1);
  await closePage(page);
});

test("the status line tells of an account and a playbook that are not well", async () => {
  queue.status.accounts.push({id: "sky", platform: "bluesky", state: "unauthorised", since: new Date().toISOString(), detail: "the app password was refused", last_event_at: null, gaps: 2});
  queue.status.playbooks.errors = ["playbooks/wifi.yaml:3:5: no such answer: wifi-pasword"];
  const page = await desk([]);
  await page.getByText("1 not well").waitFor();
  await page.locator("#status summary").click();
  const text = await page.locator("#status").innerText();
  contains(text, ["2 of 3 playbooks live", "1 error", "the app password was refused", "2 gaps", "playbooks/wifi.yaml:3:5: no such answer: wifi-pasword"]);
  await closePage(page);
});

test("on a phone the list and the suggestion take turns", async () => {
  queue.put(suggestion(1, {words: "first"}));
  const page = await newPage(browser, {allow: ["refused"], viewport: {width: 375, height: 740}, hasTouch: true});
  await signIn(page, double.base, password);
  await choose(page, "first");
  assert.equal(await page.locator("#list").isVisible(), false);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 375);
  await page.locator("#detail [data-act=approve]:not([aria-disabled])").click();
  await page.locator("#list").waitFor();
  assert.equal(said("approve 1").length, 1);
  await closePage(page);
});
