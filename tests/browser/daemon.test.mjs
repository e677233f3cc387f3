// The main job as its users do it: a visitor in the widget, a person at the console, a real kithd between them.
import assert from "node:assert/strict";
import {after, before, test} from "node:test";
import {Kithd} from "../support/kith.mjs";
import {fetch_checked} from "../support/openapi.mjs";
import {choose, closePage, conversation, conversationIs, key, launchBrowser, listed, newPage, openWidget, say, setUp, shownState, signIn, until} from "./support.mjs";

const password = "correct horse battery staple";
let kithd, browser, desk;

before(async () => {
  kithd = await Kithd.make({accounts: "  - id: site-chat\n    platform: webchat\n    demo: true\n"});
  await kithd.start();
  browser = await launchBrowser();
  desk = await newPage(browser, {allow: ["cut", "refused"]});
});
after(async () => {
  await browser?.close();
  await kithd?.remove();
});

test("the setup link sets the password, once", async () => {
  const token = await kithd.setupToken();
  await setUp(desk, kithd.base, token, password);
  const again = await fetch_checked(`${kithd.base}/api/v1/session/setup`, {method: "POST",
    headers: {"content-type": "application/json", "x-kith-request": "1"}, body: JSON.stringify({token, password: "another long password"})});
  assert.equal(again.status, 409);
});

test("a visitor asks, the operator approves with a key, the answer appears in the widget", async () => {
  const visitor = await newPage(browser);
  await visitor.goto(`${kithd.base}/demo`);
  await openWidget(visitor);
  await say(visitor, "how do I reset my password?");
  await until(() => listed(desk), lines => lines.some(l => l.includes("reset my password")), "nothing in the queue");
  await choose(desk, "reset my password");
  assert.deepEqual(await desk.locator("#detail mark").allTextContents(), ["reset my password"]);
  await key(desk, "a");
  const said = await until(() => conversation(visitor), rows => rows.some(r => r.from === "staff"), "no answer in the widget");
  assert.ok(said.find(r => r.from === "staff").text.length > 20);
  await visitor.reload();
  await until(() => conversation(visitor), rows => rows.filter(r => r.from === "staff").length === 1, "the thread did not survive the reload");
  await closePage(visitor);
});

test("hostile words are words, in the console as in the widget", async () => {
  const visitor = await newPage(browser);
  await visitor.goto(`${kithd.base}/demo`);
  await openWidget(visitor);
  const words = "<img src=x onerror=alert(1)> I forgot my password {{ answer.reset-password }} \u202Eevil";
  await say(visitor, words);
  await conversationIs(visitor, [words]);
  await until(() => listed(desk), lines => lines.some(l => l.includes("<img")), "nothing in the queue");
  await choose(desk, "<img");
  assert.equal(await desk.locator("#detail img").count(), 0);
  await key(desk, "r");
  await desk.keyboard.type("not a question");
  await desk.keyboard.press("Enter");
  await until(() => listed(desk), lines => !lines.some(l => l.includes("<img")), "it is still in the queue");
  await closePage(visitor);
});

test("a wrong password is refused, and without a session nothing is shown", async () => {
  const stranger = await newPage(browser, {allow: ["refused", "cut"]});
  const none = await fetch_checked(`${kithd.base}/api/v1/suggestions`);
  assert.equal(none.status, 401);
  await stranger.goto(`${kithd.base}/console`);
  await stranger.getByLabel("Password", {exact: true}).fill("wrong password, quite long");
  await stranger.keyboard.press("Enter");
  await stranger.getByText(/wrong password/i).waitFor();
  await signIn(stranger, kithd.base, password);
  await closePage(stranger);
});

test("the console finds its way back after the daemon was restarted", async () => {
  await kithd.stop();
  await kithd.start();
  await signIn(desk, kithd.base, password);
  await closePage(desk);
});
