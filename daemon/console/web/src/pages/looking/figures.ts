// The figures' shapes (GET /stats/NAME), and what a page makes of them.
import {address} from "../../app/router.svelte";
import {locale, number} from "../../app/words.svelte";

/// The queries of GET /stats/items that list what stands behind each column of a row.
export interface Row { items: Record<string, string | undefined> }
export interface Step extends Row { day: string; from: string; to: string }

interface Figure { name: string; unit: string; from: string; to: string; zone: string }
export interface QueueOverTime extends Figure { steps: (Step & {came: number; went: number; waiting: number})[] }
interface Times extends Row { answered: number; median: number | null; p90: number | null }
export interface TimeToAnswer extends Figure {
  steps: (Step & Times)[]; departments: (Times & {department: string; goal: number | null})[];
  goal: number | null; answered: number; median: number | null; p90: number | null;
}
export interface Outcomes extends Figure {
  rows: (Row & {playbook: string; title: string; outcome: string; reason: string; count: number; median_distance: number | null})[];
}
export interface HelpfulPromotional extends Figure {
  steps: (Step & {helpful: number; promotional: number})[]; helpful: number; promotional: number; helpful_per_promotional: number | null;
}
export interface PathFlow extends Figure {
  moves: (Row & {from: string; to: string; count: number})[]; stages: (Row & {stage: string; contacts: number})[];
}
export const ages = ["under_1h", "under_4h", "under_1d", "under_3d", "older"] as const;
export interface Unanswered extends Figure {
  departments: (Row & {department: string; count: number; oldest: number} & Record<typeof ages[number], number>)[]; whole: boolean;
}
export interface AnswersThatSolve extends Figure {
  answers: (Row & {answer: string; owner: string; posted: number; solved: number; not_solved: number; undecided: number; rate: number | null})[];
  whole: boolean;
}
export interface Canaries extends Figure {
  steps: (Step & {caught: number; missed: number; rate: number | null})[]; caught: number; missed: number; rate: number | null;
}
export interface Health extends Figure {
  intervals: (Row & {account: string; state: string; detail: string; from: string; to: string})[];
  gaps: (Row & {account: string; from: string; to: string; cause: string})[];
}

/// The page that lists what stands behind a figure.
export const behind = (query: string) => `${address("looking/items")}?${query}`;

/// 5400 → "1.5 h": one unit, at most one digit after the point.
export function span(seconds: number | null): string {
  if (seconds === null) return "–";
  const [unit, size] = ([["day", 86_400], ["hour", 3600], ["minute", 60]] as const).find(([, s]) => seconds >= s) ?? ["second", 1];
  return new Intl.NumberFormat(locale(), {style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1}).format(seconds / size);
}
export const share = (rate: number | null): string =>
  rate === null ? "–" : new Intl.NumberFormat(locale(), {style: "percent", maximumFractionDigits: 0}).format(rate);
export const count = (n: number | null): string => n === null ? "–" : number(n);
/// A step's day, in words.
export const day = (text: string): string =>
  new Intl.DateTimeFormat(locale(), {weekday: "short", day: "numeric", month: "short", timeZone: "UTC"}).format(Date.parse(text));
