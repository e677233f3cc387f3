// Single sign-on in a real browser: the button at the door, the provider at another site, and back again signed in.
import assert from "node:assert/strict";
import {after, before, test} from "node:test";
import {Kithd} from "../support/kith.mjs";
import {OpenIdProvider} from "../support/openid.mjs";
import {closePage, launchBrowser, newPage, setUp, signIn} from "./support.mjs";

const ada = {login: "ada", name: "Ada", password: "correct horse battery staple"};
const provider = new OpenIdProvider("localhost");
let kithd, browser, codes;

before(async () => {
  await provider.listen();
  kithd = await Kithd.make({more: `sign_in:\n  oidc:\n    name: Example SSO\n    issuer: ${provider.issuer}\n    client_id: kith\n` +
    "    client_secret: env:KITH_OIDC_SECRET\n"});
  await kithd.start({KITH_OIDC_SECRET: provider.secret});
  provider.serve(kithd.base);
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await kithd?.remove();
  await provider.close();
});

const at = (page, path) => page.waitForURL(url => url.href === `${kithd.base}${path}`);
const button = (page, name) => page.getByRole("button", {name}).click();

test("a person links the account on the page about them", async () => {
  const page = await newPage(browser, {allow: ["refused"]});
  codes = await setUp(page, kithd.base, await kithd.setupToken(), ada);
  await page.goto(`${kithd.base}/console/me`);
  await button(page, "Link Example SSO");
  await page.getByRole("heading", {name: "The provider"}).waitFor();
  await button(page, "Go on as");
  await page.getByText("Linked. You can sign in that way from now on.").waitFor();
  await page.getByText(`Linked to ${provider.issuer} since`).waitFor();
  await at(page, "/console/me");
  await closePage(page);
});

test("the button at the door leads there and back, and after the second factor into the queue", async () => {
  const page = await newPage(browser, {allow: ["refused"]});
  await page.goto(`${kithd.base}/console`);
  await page.getByRole("link", {name: "Sign in with Example SSO"}).click();
  await page.getByRole("heading", {name: "The provider"}).waitFor();
  await button(page, "Go on as");
  await page.getByRole("heading", {name: "The second factor"}).waitFor();
  await at(page, "/console");
  await button(page, "I have no access to the app");
  await page.getByLabel("A recovery code").fill(codes[0]);
  await page.keyboard.press("Enter");
  await page.locator(".shell").waitFor();
  await page.locator(".live").getByText("Live", {exact: true}).waitFor();
  const cookies = Object.fromEntries((await page.context().cookies(kithd.base)).map(c => [c.name, c]));
  assert.deepEqual(Object.keys(cookies).sort(), ["kith", "kith-device"], "nothing is left of the way");
  assert.deepEqual([cookies.kith.sameSite, cookies.kith.httpOnly], ["Strict", true]);
  await page.reload();
  await page.locator(".shell").waitFor();
  // Once more, known to the provider now: there and back without a question.
  await button(page, "Ada");
  await page.getByRole("menuitem", {name: "Sign out"}).click();
  await page.getByRole("link", {name: "Sign in with Example SSO"}).click();
  await page.getByRole("heading", {name: "The second factor"}).waitFor();
  await closePage(page);
});

test("what goes wrong is said in the reader's language, and no word of the address is repeated", async () => {
  const page = await newPage(browser, {allow: ["refused"], locale: "de-DE"});
  await page.goto(`${kithd.base}/console`);
  await page.getByRole("link", {name: "Mit Example SSO anmelden"}).click();
  await button(page, "Refuse");
  await page.getByRole("alert").getByText("Beim Anbieter wurde nicht zugestimmt.").waitFor();
  await at(page, "/console");
  await page.goto(`${kithd.base}/console?oidc=${encodeURIComponent("Call this number: 555")}`);
  await page.getByLabel("Anmeldename").waitFor();
  assert.doesNotMatch(await page.locator("body").innerText(), /555/);
  provider.person.subject = "a-stranger";
  await page.getByRole("link", {name: "Mit Example SSO anmelden"}).click();
  await button(page, "Go on as");
  await page.getByRole("alert").getByText("Mit diesem Konto ist hier niemand verknüpft.").waitFor();
  await closePage(page);
});

test("the link is undone on the same page", async () => {
  const page = await newPage(browser, {allow: ["refused"]});
  await signIn(page, kithd.base, {...ada, recovery: codes[1]});
  await page.goto(`${kithd.base}/console/admin/people`);
  await page.getByRole("button", {name: "Unlink single sign-on: ada"}).waitFor();
  await page.goto(`${kithd.base}/console/me`);
  await button(page, "Unlink");
  await page.getByText("Unlinked.", {exact: true}).waitFor();
  await page.getByRole("button", {name: "Link Example SSO"}).waitFor();
  await closePage(page);
});
