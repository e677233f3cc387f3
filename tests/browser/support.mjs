// What the browser tests share. Everything takes a page or a base address, so that the same flows run against the
// double of this folder and against a real daemon.
import assert from "node:assert/strict";
import {chromium} from "playwright-core";

const flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/// Debian's Chromium, or the one that KITH_CHROMIUM names; its profile is new and is deleted with it.
export function launchBrowser() {
  return chromium.launch({executablePath: process.env.KITH_CHROMIUM ?? "/usr/bin/chromium", headless: true, args: flags});
}

/// What a browser says by itself where a test cuts a line or a daemon says no.
const noise = {
  cut: /^(WebSocket connection to .* failed|Failed to load resource: net::ERR_)/,
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

/// Signs in as far as the second factor asks; `code`: what the authenticator app would show, or a function of it.
export async function signIn(page, base, {login = "ada", password = "correct horse battery", code = "123456", path = ""} = {}) {
  await page.goto(`${base}/console${path}`);
  await enter(page, {login, password, code});
}

/// At the door that is shown.
export async function enter(page, {login = "ada", password = "correct horse battery", code = "123456"} = {}) {
  await page.getByLabel("Login").fill(login);
  await page.getByLabel("Password", {exact: true}).fill(password);
  await page.keyboard.press("Enter");
  await page.getByLabel(/^Code (of your|Ihrer) /).fill(typeof code === "function" ? await code() : code);
  await page.keyboard.press("Enter");
  await page.locator(".shell").waitFor();
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

/// The state of the item that is shown, as its badge says it.
export function shownState(page) {
  return page.locator(".item h2 .badge.state").textContent();
}

/// Waits until the item that is shown is the one whose message says this.
export async function showing(page, words) {
  await page.locator(".part-message .quote").getByText(words, {exact: true}).waitFor();
}
