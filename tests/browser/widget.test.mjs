// The widget in a real browser against a double of the daemon; kithd itself is tested elsewhere.
import assert from "node:assert/strict";
import {after, before, beforeEach, afterEach, test} from "node:test";
import {start_company, start_double} from "./double.mjs";
import {closePage, conversation, conversationIs, launchBrowser, newPage, openWidget, say, until} from "./support.mjs";

let browser, double;
before(async () => { browser = await launchBrowser(); });
after(() => browser.close());
beforeEach(async () => { double = await start_double(); });
afterEach(() => double.close());

const field = page => page.locator("kith-webchat textarea");

test("a visitor asks and is answered", async () => {
  const page = await newPage(browser);
  await page.goto(`${double.base}/demo`);
  assert.equal(double.webchat.heard.length, 0, "nothing connects before the chat is opened");
  await openWidget(page);
  await say(page, "Do you mend brakes?");
  await conversationIs(page, ["Do you mend brakes?"]);
  double.webchat.staff_says("Yes, while you wait.");
  await conversationIs(page, ["Do you mend brakes?", "Yes, while you wait."]);
  assert.equal(await page.locator("kith-webchat .staff .who").textContent(), "Ada");
  await closePage(page);
});

test("the thread survives a reload, and nothing of it is asked for twice", async () => {
  const page = await newPage(browser);
  await page.goto(`${double.base}/demo`);
  await openWidget(page);
  await say(page, "one");
  await conversationIs(page, ["one"]);
  double.webchat.staff_says("two");
  await conversationIs(page, ["one", "two"]);
  await page.reload();
  await conversationIs(page, ["one", "two"]);
  const hellos = double.webchat.heard.filter(f => f.type === "hello");
  assert.equal(hellos[0].visitor, undefined);
  assert.ok(hellos[1].visitor);
  assert.equal(hellos[1].after, 0);
  assert.equal(double.webchat.visitors.size, 1);
  await closePage(page);
});

for (const [what, name] of [["cut", "a message whose link is cut before it is stored is sent again with the same id and shown once"],
                            ["keep and cut", "a message that is stored but whose acknowledgement is lost is found in the thread and shown once"]]) {
  test(name, async () => {
    const page = await newPage(browser, {allow: ["cut"]});
    await page.goto(`${double.base}/demo`);
    await openWidget(page);
    await say(page, "first");
    await conversationIs(page, ["first"]);
    let cuts = 1;
    double.webchat.on_say = () => cuts-- > 0 ? what : "keep";
    await say(page, "do not lose me");
    await conversationIs(page, ["first", "do not lose me"]);
    const again = double.webchat.heard.filter(f => f.text === "do not lose me");
    assert.equal(new Set(again.map(f => f.id)).size, 1);
    assert.equal(again.length, what === "cut" ? 2 : 1, "what the thread already has is not sent again");
    const [messages] = double.webchat.visitors.values();
    assert.deepEqual(messages.map(m => m.text), ["first", "do not lose me"]);
    const hellos = double.webchat.heard.filter(f => f.type === "hello");
    assert.equal(hellos.at(-1).after, 1, "it goes on after what it has seen");
    await closePage(page);
  });
}

test("a message written while the daemon is away outlives a reload and arrives once", async () => {
  const page = await newPage(browser, {allow: ["cut"]});
  await page.goto(`${double.base}/demo`);
  await openWidget(page);
  await say(page, "hello");
  await conversationIs(page, ["hello"]);
  double.webchat.away = true;
  double.webchat.cut();
  await page.locator("kith-webchat .state:not([hidden])").waitFor();
  await say(page, "kept");
  assert.deepEqual((await conversation(page)).at(-1), {from: "visitor", text: "kept", state: "waiting"});
  await page.reload();
  await until(() => conversation(page), rows => rows.at(-1).text === "kept" && rows.at(-1).state === "waiting");
  double.webchat.away = false;
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await conversationIs(page, ["hello", "kept"]);
  assert.equal([...double.webchat.visitors.values()][0].length, 2);
  await closePage(page);
});

test("messages written in a row while the line is down arrive in their order", async () => {
  const page = await newPage(browser, {allow: ["cut"]});
  await page.goto(`${double.base}/demo`);
  await openWidget(page);
  await say(page, "0");
  await conversationIs(page, ["0"]);
  await page.context().setOffline(true);
  for (const text of ["1", "2", "3"]) await say(page, text);
  double.webchat.staff_says("meanwhile");
  await page.context().setOffline(false);
  await conversationIs(page, ["0", "meanwhile", "1", "2", "3"]);
  await closePage(page);
});

test("a message that is refused says so and can be tried again with the same id", async () => {
  const page = await newPage(browser);
  await page.goto(`${double.base}/demo`);
  await openWidget(page);
  double.webchat.on_say = () => ({error: "too_fast"});
  await say(page, "quick");
  await until(() => conversation(page), rows => rows.at(-1).state === "failed");
  assert.match(await page.locator("kith-webchat .failed .meta").textContent(), /^not sent \(too many messages at once\) – Try again$/);
  double.webchat.on_say = () => "keep";
  await page.getByRole("button", {name: "Try again"}).click();
  await conversationIs(page, ["quick"]);
  const said = double.webchat.heard.filter(f => f.type === "say");
  assert.equal(said.length, 2);
  assert.equal(said[0].id, said[1].id);
  await closePage(page);
});

test("a text over the limit cannot be sent and the reason is shown", async () => {
  const page = await newPage(browser);
  double.webchat.limit = 20;
  await page.goto(`${double.base}/demo`);
  await openWidget(page);
  await until(() => double.webchat.links.size, n => n === 1);
  await page.locator("kith-webchat .state").waitFor({state: "hidden"});
  await say(page, "🙂".repeat(21));
  assert.equal(await page.locator("kith-webchat .count").textContent(), "1 characters too long");
  assert.ok(await page.locator("kith-webchat .send").isDisabled());
  await say(page, "🙂".repeat(20));
  await conversationIs(page, ["🙂".repeat(20)]);
  await closePage(page);
});

test("hostile text is only text", async () => {
  const page = await newPage(browser);
  await page.goto(`${double.base}/demo`);
  await openWidget(page);
  await say(page, "<img src=x onerror=alert(1)> https://visitor.example/");
  await conversationIs(page, ["<img src=x onerror=alert(1)> https://visitor.example/"]);
  const hostile = ["<script>document.title='owned'</script>", "javascript:alert(1) data:text/html,x JaVaScRiPt://example.org/%0aalert(1)",
                   "\u202egnp.exe https://real.example/path\u202egnp and https://bank.example@evil.example/", "https://ok.example/a(b). (https://two.example/)",
                   "x".repeat(1 << 20)];
  for (const text of hostile) double.webchat.staff_says(text, "<b>Ada</b>\u202e");
  await until(() => conversation(page), rows => rows.filter(r => r.from === "staff").length === hostile.length);
  const rows = (await conversation(page)).filter(r => r.from === "staff");
  assert.deepEqual(rows.slice(0, 4).map(r => r.text), hostile.slice(0, 4));
  assert.ok(rows[4].text.length < 21000 && rows[4].text.endsWith("(too long to show)"));
  const links = await page.locator("kith-webchat .log a").evaluateAll(all => all.map(a => [a.href, a.textContent, a.rel, a.target]));
  assert.deepEqual(links.map(l => l[0]), ["https://real.example/path", "https://ok.example/a(b)", "https://two.example/"]);
  assert.ok(links.every(l => l[2] === "noopener noreferrer" && l[3] === "_blank"));
  assert.equal(await page.locator("kith-webchat .log :is(img, script, b)").count(), 0);
  assert.notEqual(await page.title(), "owned");
  const width = await page.locator("kith-webchat .log").evaluate(log => log.scrollWidth - log.clientWidth);
  assert.equal(width, 0, "a long line does not widen the panel");
  await closePage(page);
});

test("a daemon that sends nonsense is ignored and the chat goes on", async () => {
  const page = await newPage(browser);
  await page.goto(`${double.base}/demo`);
  await openWidget(page);
  await until(() => double.webchat.links.size, n => n === 1);
  const [ws] = double.webchat.links.keys();
  for (const data of ["{", "null", "[]", "7", '{"type":"constructor"}', '{"type":"message"}', '{"type":"message","seq":"1","text":"x"}', '{"type":"ack"}'])
    ws.send(data);
  await say(page, "still here");
  await conversationIs(page, ["still here"]);
  await closePage(page);
});

test("what the daemon tells twice is shown once, and what comes late is put in its place", async () => {
  const page = await newPage(browser, {allow: ["cut"]});
  await page.goto(`${double.base}/demo`);
  await openWidget(page);
  await say(page, "one");
  await conversationIs(page, ["one"]);
  const [[ws, token]] = double.webchat.links;
  const staff = (seq, text) => ({seq, id: `s${seq}`, from: "staff", name: "Ada", text, at: new Date().toISOString()});
  double.webchat.visitors.get(token).push(staff(2, "two"), staff(3, "three"));
  for (const m of [staff(3, "three"), staff(2, "two"), staff(3, "three"), {...double.webchat.visitors.get(token)[0]}])
    ws.send(JSON.stringify({type: "message", ...m}));
  await conversationIs(page, ["one", "two", "three"]);
  ws.send(JSON.stringify({type: "ack", id: "never sent", seq: 9}));
  await say(page, "four");
  await until(() => conversation(page), rows => rows.some(r => r.text === "four" && r.state === "there"));
  assert.equal((await conversation(page)).filter(r => r.from !== "system").length, 4);
  await closePage(page);
});

test("where nobody answers the visitor is told once, until somebody does", async () => {
  const page = await newPage(browser);
  double.webchat.quiet = {after_seconds: 60, text: "Nobody is here now."};
  await page.clock.install();
  await page.goto(`${double.base}/demo`);
  await openWidget(page);
  const told = async () => (await conversation(page)).filter(r => r.text === "Nobody is here now.").length;
  await say(page, "anybody?");
  await conversationIs(page, ["anybody?"]);
  await page.clock.fastForward(55000);
  assert.equal(await told(), 0);
  await page.clock.fastForward(6000);
  await until(told, n => n === 1);
  await say(page, "hello?");
  await conversationIs(page, ["anybody?", "hello?"]);
  await page.clock.fastForward(120000);
  assert.equal(await told(), 1);
  double.webchat.staff_says("I am.");
  await until(told, n => n === 0);
  await closePage(page);
});

test("an answer that comes while the chat is closed is counted on the button and remembered as read", async () => {
  const page = await newPage(browser);
  await page.goto(`${double.base}/demo`);
  await openWidget(page);
  await say(page, "question");
  await conversationIs(page, ["question"]);
  await page.keyboard.press("Escape");
  double.webchat.staff_says("answer");
  await page.getByRole("button", {name: "Open chat, 1 new message"}).waitFor();
  await page.reload();
  await page.getByRole("button", {name: "Open chat, 1 new message"}).click();
  await conversationIs(page, ["question", "answer"]);
  await page.keyboard.press("Escape");
  await page.reload();
  await conversationIs(page, ["question", "answer"]);
  assert.equal(await page.locator("kith-webchat .bubble").getAttribute("aria-label"), "Open chat");
  await closePage(page);
});

test("the keyboard is enough", async () => {
  const page = await newPage(browser);
  await page.goto(`${double.base}/demo`);
  await page.evaluate(() => {
    window.heard = "";
    addEventListener("keydown", e => { window.heard += e.key; });
  });
  const bubble = page.locator("kith-webchat .bubble");
  await bubble.focus();
  await page.keyboard.press("Enter");
  assert.equal(await field(page).evaluate(e => e.getRootNode().activeElement === e), true, "the field has the focus");
  await page.keyboard.type("two");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("lines");
  await page.keyboard.press("Enter");
  await conversationIs(page, ["two\nlines"]);
  await page.keyboard.press("Escape");
  assert.equal(await bubble.evaluate(e => e.getRootNode().activeElement === e), true, "the focus is back on the button");
  assert.equal(await page.evaluate(() => window.heard), "", "the page's own shortcuts do not hear what is typed in the chat");
  const log = page.locator("kith-webchat .log");
  assert.deepEqual([await log.getAttribute("role"), await log.getAttribute("aria-live")], ["log", "polite"]);
  await closePage(page);
});

test("it works on another company's page under the strictest policy, in German, in their colour", async t => {
  const company = await start_company(double.base, 'data-lang="de" data-title="Beispiel &lt;b&gt;" data-color="#ffd000"');
  t.after(company.close);
  const page = await newPage(browser);
  await page.goto(`${company.base}/page?secret=1#x`);
  await openWidget(page);
  await say(page, "Guten Tag");
  await conversationIs(page, ["Guten Tag"]);
  const hello = double.webchat.heard.find(f => f.type === "hello");
  assert.deepEqual([hello.lang, hello.page], ["de", `${company.base}/page`]);
  assert.equal(await page.locator("kith-webchat h2").textContent(), "Beispiel <b>");
  const colours = await page.locator("kith-webchat .bubble").evaluate(e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color, getComputedStyle(e).position]);
  assert.deepEqual(colours, ["rgb(255, 208, 0)", "rgb(0, 0, 0)", "fixed"]);
  await closePage(page);
});

test("a colour that is not a colour is not used", async t => {
  const company = await start_company(double.base, 'data-color="red;}:host{display:none"');
  t.after(company.close);
  const page = await newPage(browser);
  await page.goto(company.base);
  await openWidget(page);
  assert.equal(await page.locator("kith-webchat .bubble").evaluate(e => getComputedStyle(e).backgroundColor), "rgb(47, 93, 80)");
  await closePage(page);
});

test("it works where storage is denied and where there is no randomUUID", async () => {
  const page = await newPage(browser, {allow: ["cut"]});
  await page.addInitScript(() => {
    for (const area of ["localStorage", "sessionStorage"])
      Object.defineProperty(window, area, {get() { throw new DOMException("denied", "SecurityError"); }});
    crypto.randomUUID = undefined;
  });
  await page.goto(`${double.base}/demo`);
  await openWidget(page);
  await say(page, "one");
  await conversationIs(page, ["one"]);
  double.webchat.cut();
  await say(page, "two");
  await conversationIs(page, ["one", "two"]);
  assert.equal(double.webchat.visitors.size, 1, "the token is kept in memory");
  assert.match(double.webchat.heard.find(f => f.type === "say").id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  await closePage(page);
});

test("a visitor whom the daemon has forgotten begins a new thread", async () => {
  const page = await newPage(browser, {allow: ["cut"]});
  await page.goto(`${double.base}/demo`);
  await openWidget(page);
  await say(page, "old");
  await conversationIs(page, ["old"]);
  double.webchat.visitors.clear();
  double.webchat.cut();
  await conversationIs(page, []);
  await say(page, "new");
  await conversationIs(page, ["new"]);
  await closePage(page);
});

test("the page cannot look into the chat", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${double.base}/demo`);
  assert.equal(await page.locator("kith-webchat").evaluate(e => e.shadowRoot), null);
  await context.close();
});
