// The door: the first start, signing in with a second factor, out again.
import assert from "node:assert/strict";
import {after, afterEach, before, beforeEach, test} from "node:test";
import {start_double} from "./double.mjs";
import {suggestion} from "./queue.mjs";
import {closePage, enter, key, launchBrowser, listed, newPage, signIn, until} from "./support.mjs";

let browser, double, queue;
before(async () => { browser = await launchBrowser(); });
after(() => browser.close());
beforeEach(async () => { double = await start_double(); queue = double.queue; });
afterEach(() => double.close());

test("the first start: a password of twelve characters twice, the second factor, the recovery codes", async () => {
  queue.people = {};
  queue.setups.set("one-time+token");
  const page = await newPage(browser, {allow: ["refused"]});
  await page.goto(`${double.base}/console/setup#${encodeURIComponent("one-time+token")}`);
  const fill = async (first, second) => {
    await page.getByLabel("Your name").fill("Ada");
    await page.getByLabel("Login").fill("ada");
    await page.getByLabel("New password").fill(first);
    await page.getByLabel("The same again").fill(second);
    await page.keyboard.press("Enter");
  };
  await fill("too short", "too short");
  await page.getByRole("alert").getByText("At least 12 characters").waitFor();
  await fill("long enough for us", "long enough for me");
  await page.getByText("not the same").waitFor();
  assert.equal(queue.people.ada, undefined);
  await fill("long enough for us", "long enough for us");
  const qr = page.getByRole("img", {name: "QR code for the authenticator app"});
  await qr.waitFor();
  assert.ok((await qr.locator("path").getAttribute("d")).length > 2000, "the code is drawn");
  assert.equal(await page.evaluate(() => location.hash), "", "the token does not stay in the address");
  await page.getByText("JBSWY3DPEHPK3PXP").waitFor();
  await page.getByLabel("Code of your authenticator app").fill("000000");
  await page.keyboard.press("Enter");
  await page.getByText("Look at the clock of your phone.").waitFor();
  await page.getByLabel("Code of your authenticator app").fill("123 456");
  await page.keyboard.press("Enter");
  await until(() => page.locator(".codes li").count(), n => n === 10);
  await page.getByRole("button", {name: "I have kept the codes"}).click();
  await page.locator(".shell").waitFor();
  await closePage(page);
});

test("a used link says so", async () => {
  const page = await newPage(browser, {allow: ["refused"]});
  await page.goto(`${double.base}/console/setup#old`);
  for (const label of ["Your name", "Login"]) await page.getByLabel(label).fill("ada");
  for (const label of ["New password", "The same again"]) await page.getByLabel(label).fill("long enough for us");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("You may not do this.").waitFor();
  await closePage(page);
});

test("signing in: a wrong password, a wrong code, the right ones, out again", async () => {
  queue.put(suggestion(1));
  const page = await newPage(browser, {allow: ["refused"]});
  await page.goto(`${double.base}/console`);
  await page.getByLabel("Login").fill("ada");
  await page.getByLabel("Password", {exact: true}).fill("wrong");
  await page.keyboard.press("Enter");
  await page.getByText("Login and password do not go together.").waitFor();
  await page.getByLabel("Password", {exact: true}).fill(queue.people.ada.password);
  await page.keyboard.press("Enter");
  await page.getByLabel("Code of your authenticator app").fill("999999");
  await page.keyboard.press("Enter");
  await page.getByText("That is not the code of now").waitFor();
  assert.equal(await page.getByLabel("Code of your authenticator app").count(), 1, "login and password still stand");
  queue.sessions.clear();
  await page.keyboard.press("Enter");
  await page.getByText("That took too long. Sign in again.").waitFor();
  await page.getByLabel("Password", {exact: true}).fill(queue.people.ada.password);
  await page.keyboard.press("Enter");
  assert.equal(await page.locator(".line").count(), 0, "nothing is shown before the second factor");
  await page.getByRole("button", {name: "I have no access to the app"}).click();
  await page.getByLabel("A recovery code").fill("aaaa-bbbb");
  await page.keyboard.press("Enter");
  await until(() => listed(page), l => l.join() === "How do I reset my password?");
  assert.equal((await page.context().cookies())[0].httpOnly, true);
  await page.getByRole("button", {name: "Ada"}).click();
  await page.getByRole("menuitem", {name: "Sign out"}).click();
  await page.getByLabel("Password", {exact: true}).waitFor();
  assert.equal(await page.locator(".line").count(), 0);
  await closePage(page);
});

test("a session that ends brings the door, and what was being written is still there after it", async () => {
  queue.put(suggestion(1));
  const page = await newPage(browser, {allow: ["refused"]});
  await signIn(page, double.base);
  await page.locator(".item").waitFor();
  await key(page, "e");
  await page.getByLabel("Your wording").fill("half a thought");
  queue.end_sessions();
  await enter(page);
  await page.locator(".item").waitFor();
  assert.equal(await page.getByLabel("Your wording").inputValue(), "half a thought");
  await closePage(page);
});

test("what came while the door was shown is in the queue after it; a dialog does not lie over the door", async () => {
  queue.put(suggestion(1, {words: "first"}));
  const page = await newPage(browser, {allow: ["refused"]});
  await signIn(page, double.base);
  await page.locator(".item").waitFor();
  await page.locator(".live").getByText("Live", {exact: true}).waitFor();
  await key(page, "?");
  await page.getByRole("dialog").waitFor();
  queue.end_sessions();
  await page.getByLabel("Login").waitFor();
  await until(() => page.getByRole("dialog").count(), n => n === 0);
  queue.put(suggestion(2, {words: "second"}));
  await enter(page);
  await page.getByRole("dialog", {name: "Keys"}).waitFor();
  await page.keyboard.press("Escape");
  await until(() => listed(page), l => l.join() === "first,second");
  await closePage(page);
});

test("what the page asks for while the door is shown does not send anybody back to the password", async () => {
  queue.put(suggestion(1));
  const page = await newPage(browser, {allow: ["refused"]});
  await signIn(page, double.base);
  await page.locator(".live").getByText("Live", {exact: true}).waitFor();
  queue.put(suggestion(2));  // the list is loaded anew in two seconds
  queue.end_sessions();
  await page.getByLabel("Login").fill("ada");
  await page.getByLabel("Password", {exact: true}).fill(queue.people.ada.password);
  await page.keyboard.press("Enter");
  await page.getByLabel("Code of your authenticator app").waitFor();
  await page.waitForTimeout(2500);
  await page.getByLabel("Code of your authenticator app").fill("123456");
  await page.keyboard.press("Enter");
  await page.locator(".shell").waitFor();
  await closePage(page);
});

test("whoever signs in next finds nothing of what the one before was writing", async () => {
  queue.people.bob = {id: 2, name: "Bob", password: "correct horse battery", role: "approver", totp: "123456"};
  queue.put(suggestion(1));
  const page = await newPage(browser, {allow: ["refused"]});
  await signIn(page, double.base);
  await page.locator(".item").waitFor();
  await key(page, "e");
  await page.getByLabel("Your wording").fill("for Ada's eyes");
  queue.end_sessions();
  await Promise.all([page.waitForEvent("load"), enter(page, {login: "bob"})]);
  await page.locator(".actions .approve:not([aria-disabled=true])").waitFor();
  await key(page, "e");
  assert.equal(await page.getByLabel("Your wording").inputValue(), queue.items.get(1).text);
  await closePage(page);
});

test("who leaves is asked about what they typed", async () => {
  queue.put(suggestion(1));
  const page = await newPage(browser, {allow: ["refused"]});
  await signIn(page, double.base);
  await page.locator(".item").waitFor();
  await key(page, "e");
  await page.getByLabel("Your wording").fill("half a thought");
  const [asked] = await Promise.all([page.waitForEvent("dialog"), page.close({runBeforeUnload: true})]);
  assert.equal(asked.type(), "beforeunload");
  await asked.dismiss();
  const sign_out = async () => {
    await page.getByRole("button", {name: "Ada"}).click();
    await page.getByRole("menuitem", {name: "Sign out"}).click();
  };
  await sign_out();
  await page.getByRole("button", {name: "Stay"}).click();
  assert.equal(await page.getByLabel("Your wording").inputValue(), "half a thought");
  await sign_out();
  await page.getByRole("button", {name: "Sign out all the same"}).click();
  await page.getByLabel("Login").waitFor();
  await closePage(page);
});
