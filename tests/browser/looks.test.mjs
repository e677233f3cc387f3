// How the page holds up: its weight, for whom it works, how fast a person gets through it.
import assert from "node:assert/strict";
import {readFileSync, readdirSync} from "node:fs";
import {createRequire} from "node:module";
import {after, afterEach, before, beforeEach, test} from "node:test";
import {gzipSync} from "node:zlib";
import {built_page, start_double} from "./double.mjs";
import {iso, suggestion} from "./queue.mjs";
import {choose, closePage, escape, key, launchBrowser, newPage, showing, signIn, until} from "./support.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let browser, double, queue;
before(async () => { browser = await launchBrowser(); });
after(() => browser.close());
beforeEach(async () => { double = await start_double(); queue = double.queue; });
afterEach(() => double.close());

const verdict = (decision, rule, why) => ({decision, reasons: [{rule, says: decision, why}], packs: [], not_before: null});

/// One of each kind of thing that the queue shows.
function fill() {
  const soon = iso(Date.now() + 40 * 60_000);
  queue.status.stopped = [{scope: "playbook wifi", by: "kith", reason: "too many rejections", at: iso(Date.now())}];
  queue.status.canaries = {rate: 0.02};
  queue.people.bob = {id: 2, name: "Bob", password: "x", role: "approver", totp: "1"};
  queue.put(suggestion(1, {urgency: 3, because: "expires within the hour", expires_at: soon, contact: {...suggestion(1).contact, customer: true}, others: [9],
    questions: [{id: 7, department: "billing", text: "Is it so?", asked_by: "Ada", asked_at: iso(Date.now()), answer: null, answered_by: null, answered_at: null, kept_as: null}]}));
  queue.put(suggestion(9, {others: [1], thread: "t1", kind: "ask", text: "Which device?"}));
  queue.put(suggestion(2, {thread: "t1", changed: ["The thread went on."], assigned: {login: "bob", name: "Bob"}}));
  queue.put(suggestion(3, {verdict: verdict("second", "x.y", "first contact"), first_approval_by: "Bob", claim: {login: "bob", name: "Bob", until: soon}}));
  queue.put(suggestion(4, {verdict: verdict("deny", "x.y", "an offer"), words: "\u202ehidden", mark: "hidden"}));
}

/// What axe-core finds on the page as it is. It is handed over by the driver: the page's policy lets no script in.
async function violations(page) {
  await page.evaluate(axe);
  const {violations: found} = await page.evaluate(() => window.axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}));
  return found.map(v => `${v.id}: ${v.nodes.map(n => n.target.join(" ")).slice(0, 3).join("; ")} (${v.nodes[0].any[0]?.message ?? v.help})`);
}

for (const colorScheme of ["light", "dark"]) {
  test(`axe-core finds nothing on any page that is ${colorScheme}`, async () => {
    fill();
    const page = await newPage(browser, {allow: ["refused"], colorScheme, reducedMotion: "reduce"});
    const clean = async where => assert.deepEqual(await violations(page), [], where);
    await page.goto(`${double.base}/console`);
    await page.getByLabel("Login").waitFor();
    await clean("the door");
    await page.goto(`${double.base}/console/setup#x`);
    await page.getByLabel("Your name").waitFor();
    await clean("set up");
    await signIn(page, double.base);
    await page.locator(".candidates").waitFor();
    await clean("the queue");
    for (const id of [2, 3, 4]) {
      await page.goto(`${double.base}/console/s/${id}`);
      await page.locator(`.item[data-id="${id}"]`).waitFor();
      await clean(`item ${id}`);
    }
    await page.goto(`${double.base}/console/s/1`);
    await page.locator(".candidates").waitFor();
    await page.getByRole("button", {name: "Filters"}).click();
    for (const [press, there] of [["e", "form.edit"], ["q", ".small-form"], ["r", ".menu"], ["?", ".keys"], ["b", ".bulk, .dialog p"], ["Control+k", ".commands-list"]]) {
      await page.locator(".actions").click({position: {x: 2, y: 2}});
      await page.keyboard.press(press);
      await page.locator(there).first().waitFor();
      await clean(press);
      await page.keyboard.press("Escape");
      await page.locator(there).first().waitFor({state: "detached"});
    }
    queue.links.set("tok", {id: 1, hash: queue.items.get(1).hash, used: null});
    await page.goto(`${double.base}/console/a/tok`);
    await page.getByRole("button", {name: "Approve exactly this"}).waitFor();
    await clean("the approval link");
    await closePage(page);
  });
}

test("a hundred mixed items are cleared by keys alone: under four an item, in under two minutes", async () => {
  for (let id = 1; id <= 100; id++) queue.put(suggestion(id, {words: `question ${id}`, verdict: id % 7 ? suggestion(id).verdict : verdict("second", "x.y", "first contact"), first_approval_by: id % 7 ? null : "Bob"}));
  const page = await newPage(browser, {allow: ["refused"]});
  await signIn(page, double.base);
  let pressed = 0;
  const press = async name => { pressed += 1; await key(page, name); };
  const started = Date.now();
  for (let id = 1; id <= 100; id++) {
    await showing(page, `question ${id}`);
    if (id % 5 === 1) {
      await press("r");
      await page.locator("[role=menu][data-state=open]").waitFor();
      await press("2");
    } else if (id % 5 === 2) {
      await press("s");
      await page.locator("[role=menu][data-state=open]").waitFor();
      await press("1");
    } else if (id % 5 === 3 && id % 7) {
      await press("e");
      await page.getByLabel("Your wording").waitFor();
      await page.keyboard.type("!");
      await press("Control+Enter");
    } else await press("a");
  }
  await page.locator(".empty").first().waitFor();
  const seconds = (Date.now() - started) / 1000;
  assert.ok(pressed / 100 < 4, `${pressed} presses`);
  assert.ok(seconds < 120, `${seconds} s`);
  assert.equal([...queue.items.values()].filter(i => i.state === "open" && !i.snoozed_until).length, 0);
  console.log(`100 items: ${pressed} presses beside the words typed, ${seconds.toFixed(1)} s`);
  await closePage(page);
});

test("all of it is reached by the Tab key, and the reader sees where they are", async () => {
  queue.put(suggestion(1));
  const page = await newPage(browser, {allow: ["refused"]});
  await signIn(page, double.base);
  await page.locator(".actions .approve:not([aria-disabled=true])").waitFor();
  const reached = new Set();
  for (let i = 0; i < 50; i++) {
    await page.keyboard.press("Tab");
    const {name, seen} = await page.evaluate(() => {
      const e = document.activeElement, style = getComputedStyle(e);
      return {name: e === document.body ? null : (e.getAttribute("aria-label") ?? e.innerText ?? "").replace(/\s+/g, " ").trim(), seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0};
    });
    if (name === null) continue;  // between the end of the page and its beginning
    assert.ok(seen, `${name} has no visible focus`);
    reached.add(name.replace(/ \w$/, ""));
  }
  for (const name of ["To the content", "Queue", "Search", "Filters", "Views", "Approve", "Edit", "Reject…", "Snooze…", "Assign…", "Ask…", "More"]) assert.ok(reached.has(name), `${name} of ${[...reached].join(", ")}`);
  await closePage(page);
});

test("with reduced motion nothing moves", async () => {
  queue.put(suggestion(1));
  const page = await newPage(browser, {allow: ["refused"], reducedMotion: "reduce"});
  await signIn(page, double.base);
  await page.locator(".item").waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  await escape(page);
  await page.keyboard.press("r");
  await page.locator("[role=menu][data-state=open]").waitFor();
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
  await page.emulateMedia({reducedMotion: "no-preference"});
  await escape(page);
  await page.keyboard.press("?");
  assert.notEqual(await page.locator(".dialog").evaluate(e => getComputedStyle(e).animationName), "none", "and otherwise something does");
  await closePage(page);
});

const phone = {viewport: {width: 375, height: 740}, hasTouch: true, isMobile: true};

test("on a phone the list and the item take turns, and everything can be hit with a thumb", async () => {
  queue.put(suggestion(1, {words: "first", contact: {...suggestion(1).contact, name: "W".repeat(80)}}));
  queue.put(suggestion(2, {words: "second"}));
  const page = await newPage(browser, {allow: ["refused"], ...phone});
  await signIn(page, double.base);
  const small = () => page.evaluate(() => [...document.querySelectorAll("button, .line a, .top nav a, .quick a, input, select")].filter(e => e.checkVisibility()).map(e => ({e, r: e.getBoundingClientRect()}))
    .filter(({r}) => r.width && (r.height < 40 || r.width < 40)).map(({e, r}) => `${e.innerText || e.className} ${Math.round(r.width)}x${Math.round(r.height)}`));
  assert.deepEqual(await small(), []);
  await choose(page, "first");
  await page.locator(".item").waitFor();
  assert.equal(await page.locator(".list").isVisible(), false);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 375);
  assert.deepEqual(await small(), []);
  await page.getByRole("button", {name: "List"}).tap();
  await until(() => page.evaluate(() => document.activeElement.closest(".line")?.dataset.id), id => id === "1", "the focus is where the item was");
  await choose(page, "first");
  await page.locator(".actions .approve:not([aria-disabled=true])").tap();
  await page.locator(".list").waitFor();
  assert.equal(queue.items.get(1).state, "approved");
  await page.getByRole("button", {name: "Undo"}).tap();
  await page.locator(".item").waitFor();
  await until(() => queue.items.get(1).state, s => s === "open");
  await page.getByRole("button", {name: "More"}).tap();
  await page.getByRole("menuitem", {name: "Assign…"}).tap();
  await page.getByRole("menuitem", {name: "To me"}).tap();
  await page.getByText("Assigned to Ada").waitFor();
  await page.getByRole("button", {name: "More"}).tap();
  await page.getByRole("menuitem", {name: "Snooze…"}).tap();
  await page.getByRole("menuitem", {name: "For an hour"}).tap();
  await until(() => queue.items.get(1).snoozed_until, Boolean);
  await closePage(page);
});

test("a phone approves by a link that shows the exact text again, once; a changed one approves nothing", async () => {
  const {verdict} = suggestion(1), reasons = Array.from({length: 40}, (_, i) => ({rule: `house.rule-${i}`, says: "allow", why: "it is as it should be"}));
  queue.put(suggestion(1, {verdict: {...verdict, reasons}}));
  const desk = await newPage(browser, {allow: ["refused"]});
  await signIn(desk, double.base);
  await desk.locator(".item").waitFor();
  await key(desk, "l");
  const address = await desk.locator(".dialog .secret").innerText();
  const page = await newPage(browser, {allow: ["refused"], ...phone});
  await page.goto(address);
  await page.locator(".quote.ours").getByText(queue.items.get(1).text).waitFor();
  const button = page.locator(".big:not([aria-disabled=true])");
  await button.waitFor();
  const {y, height} = await button.boundingBox();
  assert.ok(y > 0 && y + height <= phone.viewport.height, `the button is at ${y}, below all the reasons`);
  await button.tap();
  await page.getByText("Approved. Thank you.").waitFor();
  assert.deepEqual(queue.calls.filter(c => c.call === "approve 1 by link").map(c => c.body), [{hash: queue.items.get(1).hash}]);
  await page.reload();
  await page.getByText("This link has been used.").waitFor();
  queue.put(suggestion(2));
  queue.links.set("other", {id: 2, hash: queue.items.get(2).hash, used: null});
  queue.put({id: 2, text: "Changed."});
  await page.goto(`${double.base}/console/a/other`);
  await page.getByText("What it was made for has changed").waitFor();
  assert.equal(await page.locator(".big").count(), 0);
  await closePage(page);
  await closePage(desk);
});

test("the page speaks German to who asks for it", async () => {
  queue.put(suggestion(1));
  queue.people.ada.language = "de";
  const page = await newPage(browser, {allow: ["refused"]});
  await signIn(page, double.base);
  await page.getByRole("button", {name: /^Freigeben/}).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "de");
  await closePage(page);
});

test("the first load is under 150 kB, packed with gzip", async () => {
  queue.put(suggestion(1));
  const page = await newPage(browser, {allow: ["refused"]});
  const loaded = new Set();
  page.on("response", r => { if (new URL(r.url()).pathname.startsWith("/console")) loaded.add(r.url()); });
  await signIn(page, double.base);
  await page.locator(".item").waitFor();
  let bytes = 0;
  for (const url of loaded) {
    const path = new URL(url).pathname.replace(/^\/console\/?/, "");
    bytes += gzipSync(readFileSync(new URL(path.startsWith("assets/") ? path : "index.html", built_page())), {level: 9}).length;
  }
  assert.ok(loaded.size >= 3 && bytes > 50_000, "what was measured is the page");
  assert.ok(bytes < 150_000, `${bytes} bytes`);
  console.log(`first load: ${bytes} bytes in ${loaded.size} files`);
  assert.ok(readdirSync(new URL("assets/", built_page())).some(f => f.endsWith(".br")), "and is packed with brotli too");
  await closePage(page);
});
