// 50 staff with open pages and 200 new suggestions a second: how long until an event is on every page, and how much
// memory the daemon takes. Run by `./dev bench`, or: node tests/bench/live.mjs [SECONDS] [PAGES] [A_SECOND]
import assert from "node:assert/strict";
import {readFile} from "node:fs/promises";
import {Events} from "../support/events.mjs";
import {Kithd, until} from "../support/kith.mjs";
import {Loopback} from "../support/loopback.mjs";

const [seconds, pages, rate] = [10, 50, 200].map((otherwise, i) => Number(process.argv[2 + i] ?? otherwise));
const platform = await new Loopback().start();
const kithd = await Kithd.make({accounts: `  - id: square\n    platform: loopback\n    url: ${platform.url}\n`});
try {
  await kithd.start();
  const open = await Promise.all(Array.from({length: pages}, () => Events.open(kithd)));
  await until(() => open.every(p => p.hello));
  const delays = [];
  for (const page of open) {
    page.heard = e => {
      if (e.type !== "item") return;
      delays.push(Date.now() - Date.parse(e.item.received_at));
      page.count = (page.count ?? 0) + 1;
    };
  }
  const began = Date.now();
  let said = 0;
  while (Date.now() - began < seconds * 1000) {
    const due = Math.floor((Date.now() - began) / 1000 * rate);
    for (; said < due; ++said)
      platform.say({id: `m${said}`, author: `a${said}`, text: "how do I reset my password?"});
    await new Promise(done => setTimeout(done, 5));
  }
  await until(() => open.every(p => (p.count ?? 0) >= said), Boolean, "events are missing", 120_000);
  const took = (Date.now() - began) / 1000;
  delays.sort((a, b) => a - b);
  const at = q => delays[Math.min(delays.length - 1, Math.floor(delays.length * q))];
  const status = await readFile(`/proc/${kithd.child.pid}/status`, "utf8");
  const memory = Number(status.match(/VmHWM:\s+(\d+)/)[1]) / 1024;
  console.log(`${said} suggestions in ${took.toFixed(1)} s (${(said / took).toFixed(0)} a second) on ${pages} pages, from received to on the page: ` +
    `median ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms; the daemon took at most ${memory.toFixed(0)} MB`);
  assert.ok(at(0.99) < 250, "slower than it may be");
  assert.ok(memory < 300, "more memory than it may take");
  for (const p of open) p.close();
} finally {
  await kithd.remove();
  await platform.stop();
}
