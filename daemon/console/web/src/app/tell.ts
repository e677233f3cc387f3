// A problem in words: a title that the reader's language has, and the daemon's own detail.
import type {Problem} from "./problem";
import {toasts} from "./toasts.svelte";
import {named, t} from "./words.svelte";

export function words_of(problem: Problem): string {
  const title = problem.type ? named("problem", problem.type) : problem.message;
  return [title === problem.type ? problem.message : title, problem.detail].filter(Boolean).join(" ") || t("problem.no-answer");
}

/// A session that ended shows the door by itself.
export function tell(problem: Problem) {
  if (problem.status !== 401 && problem.type !== "aborted") toasts.say(words_of(problem), {bad: true, ms: 10_000});
}
