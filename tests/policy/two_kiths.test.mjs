// Two daemons that face each other stop after one exchange: each marks what it posts, and answers nothing so marked.
import assert from "node:assert/strict";
import {after, before, test} from "node:test";
import {Kithd, seen, until} from "../support/kith.mjs";
import {Loopback} from "../support/loopback.mjs";

const sides = {};

/// What one side posts reaches the other as a message, with the mark that it carries: what a network does.
function relay(from, to, author) {
  let n = 0;
  from.onPost = body => { to.say({id: `${author}${++n}`, author, text: body.text, thread: "t", via: body.via}); };
}

before(async () => {
  for (const name of ["left", "right"]) {
    const platform = await new Loopback().start();
    const kithd = await Kithd.make({accounts: `  - id: ${name}\n    platform: loopback\n    url: ${platform.url}\n`});
    await kithd.start();
    sides[name] = {platform, kithd};
  }
  relay(sides.left.platform, sides.right.platform, "left");
  relay(sides.right.platform, sides.left.platform, "right");
});
after(async () => {
  for (const {kithd, platform} of Object.values(sides)) {
    await kithd.remove();
    await platform.stop();
  }
});

/// A message is judged, whatever came of it.
const judged = (kithd, id) => until(async () => (await kithd.api("GET", `/messages/${id}`)).body,
  m => m?.traces?.length > 0, `${id} was not judged`, 60_000);

test("two daemons facing each other stop after one exchange", async () => {
  // The reply holds the words that the other side's playbook waits for, and somebody approves everything.
  sides.left.platform.say({id: "m1", author: "ann", text: "how do I reset my password?"});
  const s = await sides.left.kithd.openFor("m1");
  const {body: edited} = await sides.left.kithd.api("POST", `/suggestions/${s.id}/edit`, {text: "Have you tried to reset my password? I cannot sign in."}, seen(s));
  assert.equal(edited.verdict.decision, "allow", JSON.stringify(edited.verdict));
  await sides.left.kithd.approve(edited);
  const heard = await judged(sides.right.kithd, "left1");
  assert.equal(heard.message.automated, true);
  const denied = heard.traces[0].denied;
  assert.ok(denied.length > 0, "a playbook matched it");
  assert.ok(denied.every(d => d.verdict.reasons.some(r => r.rule === "house.not-to-bots" && r.says === "deny")));
  assert.deepEqual(await sides.right.kithd.suggestions(), []);
  assert.equal(sides.right.platform.replies.length, 0);
  assert.equal(sides.left.platform.replies.length, 1);
});

test("the same words without the mark are answered: it is the mark that stops them", async () => {
  sides.right.platform.say({id: "m2", author: "bob", text: "Have you tried to reset my password? I cannot sign in."});
  const s = await sides.right.kithd.openFor("m2");
  assert.equal(s.verdict.decision, "allow");
});
