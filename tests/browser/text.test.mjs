// The page's pure functions on text, and its words, without a browser.
import assert from "node:assert/strict";
import {test} from "node:test";
import {de} from "../../daemon/console/web/src/i18n/de.ts";
import {en} from "../../daemon/console/web/src/i18n/en.ts";
import {length_in, one_line, pieces, ranges} from "../../daemon/console/web/src/app/text.ts";

const at = (begin, end) => ({begin, end});

test("what cannot be seen is shown by its number", () => {
  assert.deepEqual(pieces("a\u202eb\u0000"), [{text: "a"}, {code: "U+202E"}, {text: "b"}, {code: "U+0000"}]);
  for (const hidden of ["\u200b", "\u2060", "\u2066", "\ufeff", "\u061c", "\u{e0041}"]) assert.equal(pieces(`x${hidden}`)[1]?.code, `U+${hidden.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`);
  for (const fine of ["tab\tand\nline", "👩‍👩‍👧", "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}", "می‌خواهم", "naïve"]) assert.deepEqual(pieces(fine), [{text: fine}]);
});

test("a flag is a flag only as long as one is, and a heap of tags takes no time", () => {
  const tags = text => [...text].map(c => String.fromCodePoint(0xe0000 + c.codePointAt(0))).join("");
  assert.ok(pieces(`🏴${tags("obey me, dear reader")}\u{e007f}`).some(p => p.code));
  const begun = Date.now();
  assert.equal(pieces(`🏴${"\u{e0061}".repeat(100_000)}`).filter(p => p.code).length, 100_000);
  assert.ok(Date.now() - begun < 1000, `${Date.now() - begun} ms`);
});

test("heaps of marks on one letter are cut after eight", () => {
  const [kept, cut, rest] = pieces(`Z${"\u0335".repeat(40)}end`);
  assert.deepEqual([kept.text.length, cut, rest], [9, {code: "+32"}, {text: "end"}]);
});

test("one line has no blanks at its ends and nothing hidden", () => assert.equal(one_line(" a\n\n b\u202e c "), "a b c"));

test("byte offsets become whole characters", () => {
  const text = "👩‍👩 ö";
  assert.deepEqual(ranges(text, [at(1, 2)]), [at(0, 2)]);
  assert.deepEqual(ranges(text, [at(0, 4), at(4, 7)]), [at(0, 3)]);
  assert.deepEqual(ranges(text, [at(12, 14)]), [at(6, 7)]);
  assert.deepEqual(ranges(text, [at(900, 901), at(7, 3), at(4, 4), at(NaN, 3)]), []);
});

test("lengths are measured in the platform's unit", () => {
  assert.equal(length_in("graphemes", "👩‍👩‍👧 Hello"), 7);
  assert.equal(length_in("bytes", "ö"), 2);
  assert.equal(length_in("characters", "👩"), 1);
  assert.equal(length_in("weighted units", "x"), null);
});

test("English and German have the same keys, with the same values in them", () => {
  assert.deepEqual(Object.keys(de), Object.keys(en));
  const values = text => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
  for (const name of Object.keys(en)) {
    assert.deepEqual(values(de[name]), values(en[name]), name);
    assert.equal(de[name].includes("|"), en[name].includes("|"), name);
  }
});
