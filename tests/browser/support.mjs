// What the browser tests share. Everything takes a page or a base address, so that the same flows run against the
// double of this folder and against a real daemon.
import assert from "node:assert/strict";
import {createHmac} from "node:crypto";
import {chromium} from "playwright-core";

const flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/// Debian's Chromium, or the one that KITH_CHROMIUM names; its profile is new and is deleted with it.
export function launchBrowser() {
  return chromium.launch({executablePath: process.env.KITH_CHROMIUM ?? "/usr/bin/chromium", headless: true, args: flags});
}

/// What a browser says by itself where a test cuts a line or a daemon says no.
const noise = {
  cut: /^(WebSocket connection to .* failed|Failed to load resource: net::ERR_)/,
  broken: /^Failed to load resource: the server responded with a status of 503/,
  refused: /^Failed to load resource: the server responded with a status of 4\d\d/,
};

/// A page in a context of its own. `complaints` collects violations of the content security policy, errors on the
/// console and uncaught exceptions; `allow` names the noise a test expects ("cut", "refused").
export async function newPage(browser, {allow = [], ...options} = {}) {
  const context = await browser.newContext({viewport: {width: 1280, height: 860}, locale: "en-GB", ...options});
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  page.complaints = [];
  page.on("console", m => {
    if (m.type() === "error" && !allow.some(kind => noise[kind].test(m.text()))) page.complaints.push(m.text());
  });
  page.on("pageerror", e => page.complaints.push(String(e)));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", e => console.error(`violates ${e.violatedDirective}: ${e.blockedURI}`));
    // The driver cannot see into a closed shadow root.
    const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function (init) { return attach.call(this, {...init, mode: "open"}); };
  });
  return page;
}

/// Nothing was violated and nothing complained; closes the page's context.
export async function closePage(page) {
  await page.context().close();
  assert.deepEqual(page.complaints, []);
}

/// Waits until `read()` gives something that `accept` takes; fails with the last that it gave.
export async function until(read, accept, what = "") {
  const end = Date.now() + 8000;
  for (;;) {
    const value = await read();
    if (accept(value)) return value;
    if (Date.now() > end) assert.fail(`${what || "never came"}: ${JSON.stringify(value)}`);
    await new Promise(again => setTimeout(again, 25));
  }
}

// ---- the widget

export async function openWidget(page) {
  await page.getByRole("button", {name: /^(Open chat|Chat öffnen)/}).click();
  await page.locator("kith-webchat textarea").waitFor();
}

export async function say(page, text) {
  await page.locator("kith-webchat textarea").fill(text);
  await page.locator("kith-webchat textarea").press("Enter");
}

/// The conversation as it is read: [{from: "visitor"|"staff"|"system", text, state: "waiting"|"failed"|"there"}]
export function conversation(page) {
  return page.locator("kith-webchat .log").evaluate(log => [...log.children].map(row => ({
    from: ["visitor", "staff", "system"].find(kind => row.classList.contains(kind)),
    text: row.querySelector(".text").textContent,
    state: ["waiting", "failed"].find(state => row.classList.contains(state)) ?? "there",
  })));
}

/// Waits until the conversation has exactly these texts of visitor and staff, all of them there.
export function conversationIs(page, texts) {
  return until(() => conversation(page), rows => {
    const said = rows.filter(r => r.from !== "system");
    return said.every(r => r.state === "there") && JSON.stringify(said.map(r => r.text)) === JSON.stringify(texts);
  }, `the conversation is not ${JSON.stringify(texts)}`);
}

// ---- the console

/// Signs in, with the code of the authenticator app or with a recovery code.
export async function signIn(page, base, {path = "", ...person} = {}) {
  await page.goto(`${base}/console${path}`);
  await enter(page, person);
}

/// At the door that is shown.
export async function enter(page, {login = "ada", password = "correct horse battery", code = "123456", recovery} = {}) {
  await page.getByLabel("Login").fill(login);
  await page.getByLabel("Password", {exact: true}).fill(password);
  await page.keyboard.press("Enter");
  const field = page.getByLabel(/^Code (of your|Ihrer) /);
  await field.waitFor();
  if (recovery) {
    await page.getByRole("button", {name: "I have no access to the app"}).click();
    await page.getByLabel("A recovery code").fill(recovery);
  } else await field.fill(code);
  await page.keyboard.press("Enter");
  await page.locator(".shell").waitFor();
}

/// What an authenticator app shows for this secret (RFC 6238).
export function totp(secret) {
  const bits = [...secret.replace(/[\s=]/g, "")].map(c => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac("sha1", Buffer.from(bits.match(/.{8}/g).map(b => parseInt(b, 2)))).update(counter).digest();
  return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/// The set-up link: a person with a password and a second factor. Gives the recovery codes.
export async function setUp(page, base, token, {login, name, password}) {
  await page.goto(`${base}/console/setup#${encodeURIComponent(token)}`);
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Login").fill(login);
  await page.getByLabel("New password").fill(password);
  await page.getByLabel("The same again").fill(password);
  await page.keyboard.press("Enter");
  const secret = await page.locator(".secret").innerText();
  await page.getByLabel("Code of your authenticator app").fill(totp(secret));
  await page.keyboard.press("Enter");
  await page.locator(".codes li").first().waitFor();
  const codes = await page.locator(".codes li").allInnerTexts();
  await page.getByRole("button", {name: "I have kept the codes"}).click();
  await page.locator(".shell").waitFor();
  return codes;
}

/// The lines of the list, as the words of their messages.
export function listed(page) {
  return page.locator(".line .line-text").allTextContents();
}

export async function choose(page, words) {
  await page.locator(".line a").filter({hasText: words}).first().click();
}

/// Presses a key of the console as an operator does: on the page, once what is shown may be decided.
export async function key(page, name) {
  if (name === "a") await page.locator(".actions .approve:not([aria-disabled=true])").waitFor();
  await page.keyboard.press(name);
}

/// Closes what is open, and waits until it is gone: until then keys are its own.
export async function escape(page) {
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector("[role=dialog], [role=alertdialog], [role=menu]"));
}

/// The state of the item that is shown, as its badge says it.
export function shownState(page) {
  return page.locator(".item h2 .badge.state").textContent();
}

/// Waits until the item that is shown is the one whose message says this.
export async function showing(page, words) {
  await page.locator(".part-message .quote").getByText(words, {exact: true}).waitFor();
}
