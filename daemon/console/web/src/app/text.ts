// Pure functions on text: what cannot be seen, marks at byte offsets, lengths.

export interface Bytes { begin: number; end: number }

/// Characters that change how a line reads without being seen: controls, marks of direction, zero width,
/// and the tags of U+E0000 that are no part of a flag. A flag comes first, whole, and is left alone.
const flag = 0x1f3f4;
const invisible = /\u{1f3f4}[\u{e0020}-\u{e007e}]{1,6}\u{e007f}|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u180e\u200b\u2028\u2029\u2060\u202a-\u202e\u2066-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/gu;

/// A letter with so many marks on it that they would reach into other lines: all but the first eight are counted.
const heaped = /(\p{M}{8})(\p{M}+)/gu;

export interface Part { text?: string; code?: string }

/// Splits a text into {text} and {code} ("U+202E", "+40") pieces.
export function pieces(text: string): Part[] {
  const found: {at: number; length: number; code: string}[] = [];
  for (const one of text.matchAll(invisible)) {
    if (one[0].codePointAt(0) === flag) continue;
    found.push({at: one.index, length: one[0].length, code: "U+" + one[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")});
  }
  for (const one of text.matchAll(heaped)) {
    found.push({at: one.index + one[1]!.length, length: one[2]!.length, code: `+${[...one[2]!].length}`});
  }
  found.sort((a, b) => a.at - b.at);
  const out: Part[] = [];
  let from = 0;
  for (const {at, length, code} of found) {
    if (at > from) out.push({text: text.slice(from, at)});
    out.push({code});
    from = at + length;
  }
  if (from < text.length) out.push({text: text.slice(from)});
  return out;
}

/// One line of a list: blanks folded, nothing invisible.
export const one_line = (text: string): string =>
  pieces(text.slice(0, 400)).map(p => p.text ?? " ").join("").replace(/\s+/g, " ").trim();

const utf8_length = (code_point: number) => code_point < 0x80 ? 1 : code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;

/// Byte offsets in the UTF-8 of `text` → sorted, disjoint ranges of string indices. An offset within a character takes
/// in the whole character; what lies outside the text, or is empty, is dropped.
export function ranges(text: string, matched: Bytes[]): Bytes[] {
  const wanted = matched.filter(m => Number.isFinite(m.begin) && m.end > m.begin).sort((a, b) => a.begin - b.begin);
  const merged: Bytes[] = [];
  for (const {begin, end} of wanted) {
    const last = merged.at(-1);
    if (last && begin <= last.end) last.end = Math.max(last.end, end);
    else merged.push({begin, end});
  }
  const found: Bytes[] = [];
  let byte = 0, index = 0, open = -1, next = 0;
  for (const character of text) {
    const range = merged[next];
    if (!range) break;
    const after = byte + utf8_length(character.codePointAt(0)!);
    if (open < 0 && after > range.begin) open = index;
    index += character.length;
    byte = after;
    if (open >= 0 && byte >= range.end) {
      found.push({begin: open, end: index});
      open = -1;
      next += 1;
    }
  }
  if (open >= 0) found.push({begin: open, end: index});
  return found;
}

/// How long a text is in a platform's unit; null where only the daemon can tell.
export function length_in(unit: string, text: string): number | null {
  if (/grapheme/.test(unit)) return [...new Intl.Segmenter().segment(text)].length;
  if (/byte/.test(unit)) return new TextEncoder().encode(text).length;
  if (/code.?point|character/.test(unit)) return [...text].length;
  return null;
}
