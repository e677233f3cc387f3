/// What went wrong, as the daemon (problem+json) or the network says it. `status` 0: no answer came.
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly type: string,         // the NAME of urn:kith:problem:NAME, "" where there is none
    title: string,
    readonly detail = "",
    readonly field = "",
    readonly errors: {field: string; detail: string}[] = [],
    readonly current: unknown = null,  // the resource as it is now, for a conflict
    readonly retryAfter = 0,       // seconds
  ) {
    super(title);
  }
}

export function asProblem(e: unknown): Problem {
  if (e instanceof Problem) return e;
  return new Problem(0, "broken", e instanceof Error ? e.message : String(e));
}
