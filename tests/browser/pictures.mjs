// The pictures of docs/console.md: twelve days of a small company's questions, through a real kithd whose clock is moved
// (libfaketime), then each page in light and dark, on a desk and on a phone. Run by `./dev pictures`.
import assert from "node:assert/strict";
import {existsSync} from "node:fs";
import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {Kithd, seen, source} from "../support/kith.mjs";
import {Loopback} from "../support/loopback.mjs";
import {signIn} from "../support/people.mjs";
import {launchBrowser, newPage} from "./support.mjs";

const to = join(source, "docs/pictures");
const day = 24 * 3600_000;
const days = Number(process.argv[2] ?? 12);

const library = ["x86_64", "aarch64", "riscv64"].map(cpu => `/usr/lib/${cpu}-linux-gnu/faketime/libfaketime.so.1`).find(existsSync);
assert.ok(library, "install the package faketime");

/// The same days each time.
let seed = 7;
const chance = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
const one_of = all => all[Math.floor(chance() * all.length)];

const people = ["Mira Okafor", "Jonas Brandt", "Priya Nair", "Tom Ellery", "Léa Moreau", "Sven Lindqvist", "Aiko Tanaka", "Carlos Méndez",
  "Hanna Weiß", "Oluwaseun Ade", "Greta Holm", "Yusuf Demir", "Nell Carter", "Ivo Petrov", "Bea Rossi", "Kofi Mensah"];
const said = [
  ["how do I reset my password?", "en"], ["I can’t log in since this morning", "en"], ["Help, I'm locked out and my team is waiting", "en"],
  ["Ich kann mich seit heute nicht mehr einloggen", "de"], ["Wie kann ich mein Passwort zurücksetzen?", "de"],
  ["I think I was charged twice this month", "en"], ["Where can I find the receipt for last year?", "en"], ["Mir wurde doppelt abgebucht!", "de"],
  ["I think I found a bug in the export", "en"], ["the app keeps crashing when I open a photo", "en"], ["Die App stürzt beim Start immer ab", "de"],
  ["is the site down?", "en"], ["can I talk to a real person please?", "en"],
  ["do you have a student discount?", "en"], ["which formats can I import?", "en"], ["loving the new colours today", "en"],
];
const thanks = ["Thank you so much, it works again!", "thanks, that helped"];
const reasons = ["Not meant for us", "Already answered", "The answer does not fit"];

const platform = await new Loopback().start();
const kithd = await Kithd.make({
  house: "Larkfield Photos", undo: "0s",
  accounts: `  - id: larkfield-social\n    platform: loopback\n    url: ${platform.url}\n  - id: site-chat\n    platform: webchat\n    demo: true\n`,
  more: "goals: {answer_within: 4h}\ncanaries: {rate: 4%}\ndepartments:\n" +
    "  - {id: support, name: Support, languages: [en, de]}\n  - {id: billing, name: Billing, languages: [en, de]}\n" +
    "  - {id: engineering, name: Engineering, languages: [en, de]}\n  - {id: operations, name: Operations, languages: [en, de]}\n",
});
const clock = join(kithd.folder, "clock");
let moved = 0;
platform.now = () => new Date(Date.now() + moved).toISOString();
async function at(ago) {
  moved = -ago;
  await writeFile(clock, `${moved < 0 ? "-" : "+"}${Math.abs(Math.round(moved / 1000))}`);
}
const browser = await launchBrowser();
try {
  await at(days * day);
  await kithd.start({LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: clock, FAKETIME_NO_CACHE: "1", FAKETIME_DONT_FAKE_MONOTONIC: "1"});

  let number = 0;
  const thread_of = new Map();
  const replies = () => platform.replies.length;
  /// Everything that the platform told has been looked at.
  const caught_up = async id => {
    for (let i = 0; i < 500; i++) {
      const {status, body} = await kithd.api("GET", `/messages/${id}`);
      if (status === 200 && body.traces.length) return;
      await new Promise(again => setTimeout(again, 10));
    }
    assert.fail(`${id} was never looked at`);
  };
  for (let ago = days; ago >= 0; ago--) {
    // From breakfast to the evening, some days busier.
    const count = 3 + Math.floor(chance() * 7);
    for (let i = 0; i < count; i++) {
      await at(ago === 0 ? (count - i) * 11 * 60_000 : ago * day - i * 3600_000 * (10 / count));
      const author = one_of(people), name = author;
      const known = thread_of.get(author);
      const happy = known?.answered && chance() < 0.5;
      const [text, language] = happy ? [one_of(thanks), "en"] : one_of(said);
      const id = `m${++number}`;
      const thread = happy ? known.thread : id;
      platform.say({id, author: author.toLowerCase().replace(/\W+/g, "."), name, text, language, thread,
        parent: happy ? known.answered : "", url: `https://social.example/${id}`});
      await caught_up(id);
      if (happy && chance() < 0.4) platform.follow(author.toLowerCase().replace(/\W+/g, "."), `f${number}`);
      const [mine] = (await kithd.suggestionsFor(id)).filter(s => s.state === "open");
      if (!mine || ago === 0) continue;
      // Some time passes until somebody looks.
      await at(ago * day - i * 3600_000 * (10 / count) - (5 + chance() ** 3 * 400) * 60_000);
      let s = await kithd.get(`/suggestions/${mine.id}`);
      const fate = chance();
      if (fate < 0.08) {
        const no = await kithd.api("POST", `/suggestions/${s.id}/reject`, {reason: one_of(reasons)}, seen(s));
        assert.ok(no.status === 200 || no.status === 409 || no.status === 400, JSON.stringify(no.body));
      } else if (fate < 0.9) {
        if (fate > 0.72) {
          const edited = await kithd.api("POST", `/suggestions/${s.id}/edit`, {text: `${s.text} Write to us here if it does not work.`.slice(0, 290)}, seen(s));
          if (edited.status === 200) s = edited.body;
        }
        const before = replies();
        const yes = await kithd.api("POST", `/suggestions/${s.id}/approve`, {hash: s.hash});
        if (yes.status !== 200 || yes.body.state === "open") continue;
        // Sent at once: nobody is there to undo.
        // At night it waits for the morning, and so do we not.
        for (let wait = 0; replies() === before && wait < 60; wait++) await new Promise(again => setTimeout(again, 20));
        const r = platform.replies.find(p => p.to === id);
        thread_of.set(author, {thread, answered: r?.id});
      }
    }
    process.stderr.write(`\r${days - ago + 1} of ${days + 1} days, ${number} messages, ${platform.replies.length} replies `);
  }
  process.stderr.write("\n");
  await at(0);

  const ann = await signIn(kithd, {login: "ann", name: "Ann Reyes"});
  await signIn(kithd, {login: "bob", name: "Bob Haller", role: "lead", departments: ["support"]});
  await signIn(kithd, {login: "carol", name: "Carol Idris", role: "approver", departments: ["billing"]});
  const open = await kithd.suggestions();
  assert.ok(open.length > 0, "nothing is open");
  const some = open.find(s => s.canary !== true) ?? open[0];
  await ann.ok("POST", `/suggestions/${some.id}/questions`, {department: "billing", text: "Is this still so?"});
  const link = await ann.ok("POST", `/suggestions/${some.id}/link`, {});
  const {items: contacts} = await kithd.get("/contacts?limit=50");
  const messages = c => c.identities.reduce((n, i) => n + i.messages, 0);
  const contact = contacts.sort((a, b) => messages(b) - messages(a))[0];

  const pages = {
    "sign-in": null,
    queue: "", item: `s/${some.id}`, looking: "looking", departments: "departments", department: "departments/support",
    contacts: "contacts", contact: `contacts/${contact.id}`, accounts: "admin/accounts/larkfield-social", people: "admin/people",
    playbooks: "admin/playbooks", packs: "admin/packs", audit: "admin/audit", canaries: "admin/canaries", me: "me",
    "approval-link": new URL(link.url).pathname.replace(/^\/console\//, ""),
  };
  await mkdir(to, {recursive: true});
  const host = new URL(kithd.base);
  const cookies = Object.entries(ann.jar).map(([name, value]) => ({name, value, domain: host.hostname, path: "/"}));
  const sizes = {desk: {viewport: {width: 1280, height: 860}}, phone: {viewport: {width: 390, height: 844}, deviceScaleFactor: 1.5, isMobile: true, hasTouch: true}};
  for (const [name, path] of Object.entries(pages)) {
    const shots = [];
    for (const [size, options] of Object.entries(sizes))
      for (const colorScheme of ["light", "dark"]) {
        const page = await newPage(browser, {...options, colorScheme, reducedMotion: "reduce", timezoneId: "Europe/Berlin", allow: ["refused"]});
        if (path !== null) await page.context().addCookies(cookies);
        await page.goto(`${kithd.base}/console/${path ?? ""}`);
        await page.locator(name === "queue" && size === "phone" ? ".line" : name === "item" || name === "queue" ? ".actions" : "h1").first().waitFor();
        await page.waitForFunction(() => !document.querySelector("[aria-busy=true]"));
        await page.waitForFunction(() => document.querySelector(".approve, .big")?.getAttribute("aria-disabled") !== "true");
        await page.evaluate(() => document.fonts.ready);
        shots.push({size, data: (await page.screenshot({type: "png"})).toString("base64")});
        assert.deepEqual(page.complaints, [], name);
        await page.context().close();
      }
    // All four on one sheet.
    const sheet = await browser.newPage({viewport: {width: 2760, height: 860}});
    await sheet.setContent(`<style>body{margin:0;padding:10px;background:#888;display:flex;gap:10px;align-items:start}
      img{display:block} .desk{width:980px} .phone{width:370px}</style>` +
      shots.map(s => `<img class="${s.size}" src="data:image/png;base64,${s.data}">`).join(""));
    await sheet.locator("img").last().waitFor();
    await sheet.screenshot({path: join(to, `${name}.jpg`), type: "jpeg", quality: 72, fullPage: true});
    await sheet.close();
    console.log(`docs/pictures/${name}.jpg`);
  }
} finally {
  await browser.close();
  await kithd.remove();
  await platform.stop();
}
