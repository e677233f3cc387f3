// The queue with 100,000 open items, as a person opens it: a real kithd and a real browser, to the frame that shows the
// list and the first item. From another page of the console, which may take 200 ms; and from nothing, as a ratio to a
// queue of one hundred, which is as much as a list shows. Run by `./dev bench`.
import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {readFileSync} from "node:fs";
import {join} from "node:path";
import {launchBrowser, newPage, setUp} from "../browser/support.mjs";
import {Kithd, source} from "../support/kith.mjs";
import {Loopback} from "../support/loopback.mjs";

const most_ms = 200, most_ratio = 2;
const tries = 15;
const items = readFileSync(join(source, "tests/bench/full_queue.sql"), "utf8");
const middle = all => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];

/// In the page: `shown` is when the list and the first item could be read last, since the navigation.
function watch() {
  window.wait = () => new Promise(done => {
    const there = () => document.querySelector(".line .line-text") && document.querySelector(".part-message") &&
      (seen.disconnect(), requestAnimationFrame(() => setTimeout(() => done(performance.now()))));
    const seen = new MutationObserver(there);
    seen.observe(document, {childList: true, subtree: true});
    there();
  });
  window.shown = window.wait();
}

async function opening(browser, platform, count) {
  const kithd = await Kithd.make({accounts: `  - id: acc\n    platform: loopback\n    url: ${platform.url}\n`});
  try {
    await kithd.start();
    await kithd.stop();
    execFileSync("sqlite3", [join(kithd.folder, "state/kith.db")], {input: items.replaceAll("i < 100000", `i < ${count}`)});
    await kithd.start();
    const page = await newPage(browser);
    await setUp(page, kithd.base, await kithd.setupToken(), {login: "ada", name: "Ada", password: "correct horse battery staple"});
    await page.addInitScript(watch);
    const rests = () => page.waitForLoadState("networkidle");  // nothing of this try is left for the next
    const anew = [], turned = [];
    for (let i = 0; i < tries; i++) {
      await page.goto(`${kithd.base}/console`);
      anew.push(await page.evaluate(() => window.shown));
      await rests();
      await page.locator("nav a", {hasText: "Contacts"}).click();
      await page.locator("main h1").waitFor();
      await rests();
      turned.push(await page.evaluate(async () => {
        const link = [...document.querySelectorAll("nav a")].find(a => a.textContent.includes("Queue")), began = performance.now();
        link.click();
        return await window.wait() - began;
      }));
      await rests();
    }
    await page.context().close();
    return {anew: middle(anew), turned: middle(turned)};
  } finally {
    await kithd.remove();
  }
}

const browser = await launchBrowser();
const platform = await new Loopback().start();
try {
  const few = await opening(browser, platform, 100), all = await opening(browser, platform, 100_000);
  const say = ({turned, anew}) => `${turned.toFixed(0)} ms from another page and ${anew.toFixed(0)} ms from nothing`;
  console.log(`the queue opens in ${say(all)} with 100,000 open items, and in ${say(few)} with 100`);
  assert.ok(all.turned < most_ms, `from another page it may take ${most_ms} ms`);
  assert.ok(all.anew < most_ratio * few.anew, `from nothing it may take ${most_ratio} times what it takes with 100`);
} finally {
  await browser.close();
  await platform.stop();
}
