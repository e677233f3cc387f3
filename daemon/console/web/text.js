// Pure functions on text: marks at byte offsets, invisible characters, lengths, what differs.

/// Characters that change how a line reads without being seen: controls, marks of direction, zero width.
const invisible = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u2060\u202a-\u202e\u2066-\u2069\ufeff]/g;

/// Splits a text into {text} and {code} ("U+202E") pieces.
export function pieces(text) {
  const found = [];
  let from = 0;
  for (const one of text.matchAll(invisible)) {
    if (one.index > from) found.push({text: text.slice(from, one.index)});
    found.push({code: "U+" + one[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0")});
    from = one.index + 1;
  }
  if (from < text.length) found.push({text: text.slice(from)});
  return found;
}

function utf8_length(code_point) {
  return code_point < 0x80 ? 1 : code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
}

/// Byte offsets in the UTF-8 of `text` → sorted, disjoint ranges of string indices. An offset within a character takes
/// in the whole character; what lies outside the text, or is empty, is dropped.
export function ranges(text, matched) {
  const wanted = matched.filter(m => Number.isFinite(m.begin) && m.end > m.begin).sort((a, b) => a.begin - b.begin);
  const merged = [];
  for (const {begin, end} of wanted) {
    const last = merged.at(-1);
    if (last && begin <= last.end) last.end = Math.max(last.end, end);
    else merged.push({begin, end});
  }
  const found = [];
  let byte = 0, index = 0, open = -1, next = 0;
  for (const character of text) {
    if (next === merged.length) break;
    const after = byte + utf8_length(character.codePointAt(0));
    if (open < 0 && after > merged[next].begin) open = index;
    index += character.length;
    byte = after;
    if (open >= 0 && byte >= merged[next].end) {
      found.push({begin: open, end: index});
      open = -1;
      next += 1;
    }
  }
  if (open >= 0) found.push({begin: open, end: index});
  return found;
}

/// How long a text is in a platform's unit; null where only the daemon can tell.
export function length_in(unit, text) {
  if (/grapheme/.test(unit)) return [...new Intl.Segmenter().segment(text)].length;
  if (/byte/.test(unit)) return new TextEncoder().encode(text).length;
  if (/code.?point|character/.test(unit)) return [...text].length;
  return null;
}

/// What a person must be told when a suggestion is no longer what they were looking at.
export function differences(before, after) {
  const told = [];
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  if (before.state !== after.state) told.push(`It is now ${after.state}${after.approved_by ? ` (${after.approved_by})` : ""}.`);
  if (after.message.deleted && !before.message.deleted) told.push("The message was deleted.");
  else if (before.message.text !== after.message.text) told.push("The message was edited by its author.");
  if (before.text !== after.text) told.push("The text of the reply changed.");
  if (before.verdict?.decision !== after.verdict?.decision)
    told.push(`The verdict changed from ${before.verdict?.decision} to ${after.verdict?.decision}.`);
  else if (!same(before.verdict, after.verdict)) told.push("The reasons of the verdict changed.");
  if (before.playbook?.revision !== after.playbook?.revision) told.push("The playbook changed.");
  if (!same(before.cites, after.cites)) told.push("The answers it cites changed.");
  for (const note of after.changed ?? []) if (!(before.changed ?? []).includes(note)) told.push(note);
  if (!told.length && before.version !== after.version) told.push("It was saved again with nothing that you can see changed.");
  return told;
}
