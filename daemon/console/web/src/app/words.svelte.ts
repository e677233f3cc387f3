// The words on the screen, in the reader's language; and times in the reader's zone.
import {en, type Key} from "../i18n/en";

export type Language = "en" | "de";
export type {Key};

const tables: Partial<Record<Language, Record<Key, string>>> = {en};

class Words {
  language = $state<Language>("en");
  table = $state.raw<Record<Key, string>>(en);
  /// Moves on each half minute, so that "3 minutes ago" stays true.
  now = $state(Date.now());
}
const words = new Words();
setInterval(() => { words.now = Date.now(); }, 30_000);

export const browserLanguage = (): Language =>
  navigator.languages.map(l => l.slice(0, 2)).find((l): l is Language => l === "en" || l === "de") ?? "en";

/// Null: as the browser says.
export async function setLanguage(wanted: Language | null) {
  let language = wanted ?? browserLanguage();
  // Words that cannot be fetched must not keep anybody out: there is always English.
  if (!tables[language]) await import("../i18n/de").then(found => { tables.de = found.de; }, () => { language = "en"; });
  const table = tables[language] ?? en;
  words.table = table;
  words.language = language;
  document.documentElement.lang = language;
}

export const language = () => words.language;

/// t("queue.waiting", {n: 3}): "{n}" is filled in; "one|other" is chosen between by n.
export function t(key: Key, values: Record<string, string | number> = {}): string {
  let text = words.table[key];
  if (text.includes("|") && typeof values.n === "number") {
    const [one, other] = text.split("|");
    text = (new Intl.PluralRules(words.language).select(values.n) === "one" ? one : other) ?? text;
  }
  return text.replace(/\{(\w+)\}/g, (all, name: string) => {
    const value = values[name];
    return value === undefined ? all : typeof value === "number" ? value.toLocaleString(words.language) : value;
  });
}

/// A word that the daemon has a name for ("state.open"); the name itself where the page has no word for it.
export function named(group: string, name: string): string {
  const key = `${group}.${name}`;
  return Object.hasOwn(words.table, key) ? words.table[key as Key] : name;
}

export const locale = () => words.language === "de" ? "de-DE" : "en-GB";

export function ago(at: string | null | undefined): string {
  const time = Date.parse(at ?? "");
  if (Number.isNaN(time)) return "";
  const seconds = (time - words.now) / 1000;
  const relative = new Intl.RelativeTimeFormat(locale(), {numeric: "auto", style: "narrow"});
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]] as const) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return t(seconds > 15 ? "time.soon" : "time.now");
}

export function moment(at: string | null | undefined): string {
  const time = Date.parse(at ?? "");
  if (Number.isNaN(time)) return "";
  return new Intl.DateTimeFormat(locale(), {dateStyle: "medium", timeStyle: "short"}).format(time);
}

export const number = (n: number) => n.toLocaleString(locale());

/// Of a day without a time, such as "2027-03-01".
export function date(day: string | null | undefined): string {
  const time = Date.parse(day ?? "");
  return Number.isNaN(time) ? "" : new Intl.DateTimeFormat(locale(), {dateStyle: "medium", timeZone: "UTC"}).format(time);
}
