// The usual reasons and times, in the order of their keys.
import type {Key} from "../../app/words.svelte";

/// `said` goes on record: the same words whatever the reader's language, so that they can be counted.
export const reasons: {word: Key; said: string}[] = [
  {word: "reject.not-meant", said: "Not meant for us"},
  {word: "reject.answered", said: "Already answered"},
  {word: "reject.no-fit", said: "The answer does not fit"},
  {word: "reject.tone", said: "The tone does not fit"},
  {word: "reject.person", said: "Better by a person who knows them"},
];

const hours = (n: number) => () => new Date(Date.now() + n * 3_600_000);

/// Nine o'clock of the reader's zone, so many days from today.
function nine(days: (weekday: number) => number) {
  return () => {
    const at = new Date();
    at.setDate(at.getDate() + days(at.getDay()));
    at.setHours(9, 0, 0, 0);
    return at;
  };
}

export const snoozes: {word: Key; until: () => Date}[] = [
  {word: "snooze.hour", until: hours(1)},
  {word: "snooze.three", until: hours(3)},
  {word: "snooze.morning", until: nine(() => 1)},
  {word: "snooze.monday", until: nine(weekday => (8 - weekday) % 7 || 7)},
];
