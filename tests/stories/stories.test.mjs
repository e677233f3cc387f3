// Runs every *.story of this folder: README.md has the language.
import assert from "node:assert/strict";
import {readdir, readFile} from "node:fs/promises";
import {test} from "node:test";
import {Kithd} from "../support/kith.mjs";
import {Loopback} from "../support/loopback.mjs";
import {sentences} from "./sentences.mjs";

const folder = new URL(".", import.meta.url);

async function tell(text) {
  const lines = text.split("\n").map((line, i) => ({number: i + 1, words: line.trim()}))
    .filter(({words}) => words && !words.startsWith("#"));
  const setting = lines[0].words.match(/^idempotency: (\w+)$/);
  if (setting) lines.shift();
  const platform = await new Loopback().start();
  const kithd = await Kithd.make({
    accounts: `  - id: square\n    platform: loopback\n    url: ${platform.url}\n    idempotency: ${setting?.[1] ?? "native"}\n`,
  });
  const story = {platform, kithd, shown: new Map()};
  try {
    if (!lines[0].words.startsWith("kithd starts")) await kithd.start();
    for (const {number, words} of lines) {
      const found = sentences.find(([form]) => form.test(words));
      assert.ok(found, `line ${number}: no such sentence: ${words}`);
      try {
        await found[1](story, ...words.match(found[0]).slice(1));
      } catch (e) {
        e.message = `line ${number}, "${words}": ${e.message}\n${kithd.log.slice(-3000)}`;
        throw e;
      }
    }
    await kithd.stop();
  } finally {
    await kithd.remove();
    await platform.stop();
  }
}

const files = (await readdir(folder)).filter(name => name.endsWith(".story")).sort();
assert.ok(files.length > 0);
// Mostly they wait; each has a daemon and a platform of its own.
test("stories", {concurrency: 4}, t => Promise.all(files.map(name =>
  t.test(name.replace(".story", "").replaceAll("_", " "), async () => tell(await readFile(new URL(name, folder), "utf8"))))));
