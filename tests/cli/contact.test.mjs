// kith contact: what people see of the ledger, merging, and forgetting.
import assert from "node:assert/strict";
import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {Kithd, until} from "../support/kith.mjs";
import {Loopback} from "../support/loopback.mjs";

let platform, kithd;

before(async () => {
  platform = await new Loopback().start();
  kithd = await Kithd.make({accounts: `  - id: square\n    platform: loopback\n    url: ${platform.url}\n`});
  await kithd.start();
});
after(async () => {
  await kithd.remove();
  await platform.stop();
});

async function ok(...args) {
  const {code, out, err} = await kithd.command(...args);
  assert.equal(code, 0, err);
  return out;
}
const json = async (...args) => JSON.parse(await ok("--json", ...args));
const stands = (who, stage) => until(() => json("contact", "show", who), c => c.stages[0]?.stage === stage, `${who} is not at ${stage}`);

test("list, show and explain", async () => {
  platform.say({id: "m1", author: "ann", text: "how do I reset my password?"});
  platform.follow("bob");
  await stands("ann", "attraction");
  await stands("bob", "audience");
  assert.match(await ok("contact", "list"), /ann +attraction on square +\d{4}-/);
  assert.doesNotMatch(await ok("contact", "list", "--stage", "audience"), /ann/);
  assert.match(await ok("contact", "show", "ann"), /on square: attraction since \d{4}-\d\d-\d\d, until \d{4}-/);
  assert.match(await ok("contact", "explain", "ann"), /none -> attraction, by spoke_to_us\n +evidence \d+: spoke_to_us at \S+, message \d+  m1/);
  const wrong = await kithd.command("contact", "list", "--stage", "friend");
  assert.equal(wrong.code, 1);
  assert.match(wrong.err, /stage: attention/);
  assert.match((await kithd.command("contact", "show", "nobody")).err, /there is no contact 'nobody'/);
});

test("merge needs a reason, and split takes it back", async () => {
  assert.notEqual((await kithd.command("contact", "merge", "ann", "bob")).code, 0);
  const whole = await json("contact", "merge", "ann", "bob", "--reason", "she said so");
  assert.deepEqual(whole.identities.map(i => i.handle), ["ann", "bob"]);
  assert.equal(whole.stages[0].stage, "audience");
  assert.match(await ok("contact", "show", "ann"), /identity \d+ merged into \d+ on \S+ by \S+: she said so/);
  const bob = whole.identities.find(i => i.handle === "bob").number;
  await ok("contact", "split", String(bob), "--reason", "it was a joke");
  assert.equal((await json("contact", "show", "ann")).stages[0].stage, "attraction");
});

test("a time zone must be one", async () => {
  assert.equal((await json("contact", "zone", "ann", "Europe/Berlin")).zone, "Europe/Berlin");
  assert.match((await kithd.command("contact", "zone", "ann", "Middle/Earth")).err, /such as Europe\/Berlin/);
});

test("export holds what they wrote, and forget leaves nothing of it", async () => {
  platform.say({id: "z1", author: "zebrastripe", text: "how do I reset my password? quaggaquestion"});
  const s = await kithd.openFor("z1");
  await stands("zebrastripe", "attraction");
  const all = await json("contact", "export", "zebrastripe");
  assert.equal(all.messages[0].text, "how do I reset my password? quaggaquestion");
  assert.equal(all.messages[0].suggestions[0].id, s.id);
  assert.equal(all.evidence[0].signal, "spoke_to_us");

  assert.match(await ok("contact", "forget", "zebrastripe"), /1 identities, 1 messages, /);
  await kithd.stateIs(s.id, "withdrawn");
  assert.match((await kithd.command("contact", "show", "zebrastripe")).err, /there is no contact/);
  const words = async () => {
    let bytes = kithd.log;
    for (const f of await readdir(join(kithd.folder, "state"))) bytes += await readFile(join(kithd.folder, "state", f), "latin1");
    return ["zebrastripe", "quaggaquestion"].filter(w => bytes.includes(w));
  };
  // The running daemon cleans its file; nothing is left in it, nor in the log.
  await until(words, w => w.length === 0, "words are left");
  // Said once more by the platform, it stays forgotten.
  platform.repeat(platform.events.length);
  platform.say({id: "m9", author: "ann", text: "how do I reset my password?"});
  await kithd.openFor("m9");
  assert.deepEqual(await words(), []);
});
