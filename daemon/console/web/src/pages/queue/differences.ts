// What a person must be told when an item is no longer what they were looking at.
import type {Detail} from "../../app/types";
import {named, t} from "../../app/words.svelte";

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/// Who took the last step that is on record.
const last_by = (item: Detail) => item.history.findLast(h => h.who !== "kith")?.who ?? "";

/// That of the replies which this is about; the item's own where it is not said.
const reply = (item: Detail, id: number): Pick<Detail, "text" | "verdict" | "cites"> | undefined =>
  item.id === id ? item : item.candidates.find(c => c.id === id);

/// `seen`: the reply that was looked at.
export function differences(before: Detail, after: Detail, seen = before.id): string[] {
  const told: string[] = [], was = reply(before, seen) ?? before, now = reply(after, seen);
  if (before.state !== after.state) {
    const state = named("state", after.state), name = last_by(after);
    told.push(name ? t("changed.state-by", {state, name}) : t("changed.state", {state}));
  } else if (!before.first_approval_by && after.first_approval_by) {
    told.push(t("item.first-approval", {name: after.first_approval_by}));
  }
  if (after.message.deleted && !before.message.deleted) told.push(t("changed.deleted"));
  else if (before.message.text !== after.message.text) told.push(t("changed.message"));
  if (now) {
    if (was.text !== now.text) told.push(t("changed.text"));
    if (was.verdict.decision !== now.verdict.decision) {
      told.push(t("changed.verdict", {from: named("verdict", was.verdict.decision), to: named("verdict", now.verdict.decision)}));
    } else if (!same(was.verdict.reasons, now.verdict.reasons)) told.push(t("changed.reasons"));
    if (!same(was.cites, now.cites)) told.push(t("changed.cites"));
  } else if (after.state === "open") told.push(t("changed.reply-gone"));
  if (before.playbook.revision !== after.playbook.revision) told.push(t("changed.playbook"));
  if (after.thread_lines.length > before.thread_lines.length) told.push(t("changed.thread"));
  for (const note of after.changed) if (!before.changed.includes(note)) told.push(note);
  return told;
}
