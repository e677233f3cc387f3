// What a person must be told when an item is no longer what they were looking at.
import type {Detail} from "../../app/types";
import {named, t} from "../../app/words.svelte";

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/// Who took the last step that is on record.
const last_by = (item: Detail) => item.history.findLast(h => h.who !== "kith")?.who ?? "";

export function differences(before: Detail, after: Detail): string[] {
  const told: string[] = [];
  if (before.state !== after.state) {
    const state = named("state", after.state), name = last_by(after);
    told.push(name ? t("changed.state-by", {state, name}) : t("changed.state", {state}));
  } else if (!before.first_approval_by && after.first_approval_by) {
    told.push(t("item.first-approval", {name: after.first_approval_by}));
  }
  if (after.message.deleted && !before.message.deleted) told.push(t("changed.deleted"));
  else if (before.message.text !== after.message.text) told.push(t("changed.message"));
  if (before.text !== after.text) told.push(t("changed.text"));
  if (before.verdict.decision !== after.verdict.decision) {
    told.push(t("changed.verdict", {from: named("verdict", before.verdict.decision), to: named("verdict", after.verdict.decision)}));
  } else if (!same(before.verdict.reasons, after.verdict.reasons)) told.push(t("changed.reasons"));
  if (before.playbook.revision !== after.playbook.revision) told.push(t("changed.playbook"));
  if (!same(before.cites, after.cites)) told.push(t("changed.cites"));
  if (after.thread_lines.length > before.thread_lines.length) told.push(t("changed.thread"));
  for (const note of after.changed) if (!before.changed.includes(note)) told.push(note);
  return told;
}
