// The main job as its users do it: a visitor in the widget, a person at the console, a real kithd between them.
import assert from "node:assert/strict";
import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {Kithd} from "../support/kith.mjs";
import {console_csp} from "./double.mjs";
import {fetch_checked} from "../support/openapi.mjs";
import {choose, closePage, conversation, conversationIs, key, launchBrowser, listed, newPage, openWidget, say, setUp, signIn, until} from "./support.mjs";

const ada = {login: "ada", name: "Ada", password: "correct horse battery staple"};
let kithd, browser, desk, codes;

before(async () => {
  kithd = await Kithd.make({accounts: "  - id: site-chat\n    platform: webchat\n    demo: true\n"});
  await kithd.start();
  // A page that is open finds the daemon again only where it was.
  const file = join(kithd.folder, "kith.yaml");
  await writeFile(file, (await readFile(file, "utf8")).replace("port: 0", `port: ${new URL(kithd.base).port}`));
  browser = await launchBrowser();
  desk = await newPage(browser, {allow: ["cut", "refused"]});
});
after(async () => {
  await browser?.close();
  await kithd?.remove();
});

test("the page is served packed, with the policy that the double has", async () => {
  const page = await fetch(`${kithd.base}/console/s/12`, {headers: {"accept-encoding": "gzip, deflate, br"}});
  assert.equal(page.headers.get("content-security-policy"), console_csp);
  assert.equal(page.headers.get("content-encoding"), "br");
  const script = /src="(\/console\/assets\/[^"]+\.js)"/.exec(await page.text())[1];
  const code = await fetch(kithd.base + script);
  assert.match(code.headers.get("cache-control"), /immutable/);
  assert.match(code.headers.get("content-type"), /^text\/javascript/);
  assert.ok((await code.text()).length > 10_000);
});

test("the setup link makes the first person, once", async () => {
  const token = await kithd.setupToken();
  codes = await setUp(desk, kithd.base, token, ada);
  const again = await fetch_checked(`${kithd.base}/api/v1/session/setup`, {method: "POST",
    headers: {"content-type": "application/json", "x-kith-request": "1"}, body: JSON.stringify({...ada, token, login: "eve"})});
  assert.ok(again.status >= 400 && again.status < 500, `${again.status}`);
});

test("a visitor asks, the operator approves with a key, the answer appears in the widget", async () => {
  const visitor = await newPage(browser);
  await visitor.goto(`${kithd.base}/demo`);
  await openWidget(visitor);
  await say(visitor, "how do I reset my password?");
  await until(() => listed(desk), lines => lines.some(l => l.includes("reset my password")), "nothing in the queue");
  await choose(desk, "reset my password");
  assert.deepEqual(await desk.locator(".part-message mark").allTextContents(), ["reset my password"]);
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
  await desk.locator(".part-message .quote").getByText("<img").waitFor();
  assert.equal(await desk.locator(".item img").count(), 0);
  await key(desk, "r");
  await desk.locator("[role=menu][data-state=open]").waitFor();
  await key(desk, "1");
  await until(() => listed(desk), lines => !lines.some(l => l.includes("<img")), "it is still in the queue");
  await closePage(visitor);
});

test("a wrong password is refused, and without a session nothing is shown", async () => {
  const stranger = await newPage(browser, {allow: ["refused", "cut"]});
  const none = await fetch_checked(`${kithd.base}/api/v1/queue`);
  assert.equal(none.status, 401);
  await stranger.goto(`${kithd.base}/console`);
  await stranger.getByLabel("Login").fill(ada.login);
  await stranger.getByLabel("Password", {exact: true}).fill("wrong password, quite long");
  await stranger.keyboard.press("Enter");
  await until(() => stranger.getByRole("alert").innerText(), text => text.trim() !== "", "nothing was said");
  await stranger.getByLabel("Password", {exact: true}).fill(ada.password);
  await stranger.keyboard.press("Enter");
  await stranger.getByLabel("Code of your authenticator app").fill("000000");
  await stranger.keyboard.press("Enter");
  await stranger.getByText("That is not the code of now").waitFor();
  assert.equal(await stranger.getByLabel("Code of your authenticator app").count(), 1, "a wrong code does not ask for the password again");
  await stranger.getByRole("button", {name: "I have no access to the app"}).click();
  await stranger.getByLabel("A recovery code").fill(codes[0]);
  await stranger.keyboard.press("Enter");
  await stranger.locator(".shell").waitFor();
  await closePage(stranger);
});

test("the daemon is restarted under an open page, which recovers by itself with what was being written", async () => {
  const visitor = await newPage(browser);
  await visitor.goto(`${kithd.base}/demo`);
  await openWidget(visitor);
  await say(visitor, "please tell me how do I reset my password?");
  await until(() => listed(desk), lines => lines.some(l => l.includes("please tell me")), "nothing in the queue");
  await closePage(visitor);
  await choose(desk, "please tell me");
  await desk.locator(".part-message .quote").getByText("please tell me").waitFor();
  await key(desk, "e");
  await desk.getByLabel("Your wording").fill("half a thought");
  await kithd.stop();
  await kithd.start();
  await desk.locator(".live").getByText("Live", {exact: true}).waitFor({timeout: 40_000});
  assert.equal(await desk.getByLabel("Your wording").inputValue(), "half a thought");
  assert.ok((await listed(desk)).some(l => l.includes("please tell me")));
  await closePage(desk);
});
