// One request to the daemon's API, and what may come back.
import {Problem} from "./problem";

const base = "/api/v1";

export type Query = Record<string, string | number | boolean | null | undefined>;

export interface Options {
  body?: unknown;
  query?: Query;
  version?: number;     // of what was seen: sent as If-Match
  timeout?: number;     // ms
  harmless?: boolean;   // done twice it is as if done once: it needs no key
  signal?: AbortSignal;
}

export function search(query: Query = {}): string {
  const out = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "" && value !== false) out.set(name, value === true ? "1" : String(value));
  }
  const text = out.toString();
  return text ? `?${text}` : "";
}

interface ProblemBody {
  type?: string; title?: string; detail?: string; field?: string; errors?: {field: string; detail: string}[]; current?: unknown;
}

function problem_of(response: Response, data: ProblemBody | null): Problem {
  const name = /^urn:kith:problem:(.+)$/.exec(data?.type ?? "")?.[1] ?? "";
  return new Problem(response.status, name, data?.title ?? `The daemon answered ${response.status}`, data?.detail ?? "",
    data?.field ?? "", data?.errors ?? [], data?.current ?? null, Number(response.headers.get("retry-after")) || 0);
}

/// Of a person's hand at this page.
let touched = Date.now();
for (const kind of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"])
  globalThis.addEventListener?.(kind, () => { touched = Date.now(); }, {capture: true, passive: true});
const gone_ms = 60_000;

let on_signed_out: () => void = () => {};
/// Called whenever the daemon says that there is no session (any more).
export function whenSignedOut(f: () => void) { on_signed_out = f; }

/// Of writes that got no answer, by what they said: the same said again soon is the same act, and is done once. Whatever
/// is answered, or says something else, is an act of its own.
const unanswered = new Map<string, {key: string; until: number}>();
const remembered_ms = 600_000;

function key_for(act: string): string {
  const now = Date.now();
  for (const [one, {until}] of unanswered) if (until < now) unanswered.delete(one);
  const known = unanswered.get(act);
  unanswered.delete(act);  // while it is on its way nobody else takes it
  return known?.key ?? [...crypto.getRandomValues(new Uint8Array(16))].map(b => b.toString(16).padStart(2, "0")).join("");
}

/// Throws a Problem. Nothing is ever tried twice: whether a write that got no answer was done is not known here.
export async function request<T>(method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE", path: string, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = {accept: "application/json"};
  const init: RequestInit = {method, headers, cache: "no-store", credentials: "same-origin"};
  // What the page asks by itself keeps no session alive.
  if (Date.now() - touched > gone_ms) headers["x-kith-background"] = "1";
  if (method !== "GET") {
    headers["x-kith-request"] = "1";
    headers["content-type"] = "application/json";
    init.body = JSON.stringify(options.body ?? {});
  }
  if (options.version !== undefined) headers["if-match"] = `"${options.version}"`;
  let act = "";
  if (method !== "GET" && !options.harmless) {
    act = [method, path, options.version ?? "", init.body].join("\n");
    headers["idempotency-key"] = key_for(act);
  }
  const keep = () => { if (act) unanswered.set(act, {key: headers["idempotency-key"]!, until: Date.now() + remembered_ms}); };
  const limit = AbortSignal.timeout(options.timeout ?? 20_000);
  init.signal = limit;
  if (options.signal) {
    const both = new AbortController();
    for (const s of [limit, options.signal]) s.addEventListener("abort", () => both.abort(s.reason), {once: true});
    if (options.signal.aborted) both.abort();
    init.signal = both.signal;
  }
  let response: Response, text: string;
  try {
    response = await fetch(base + path + search(options.query), init);
    text = await response.text();
  } catch {
    keep();
    throw new Problem(0, options.signal?.aborted ? "aborted" : method === "GET" ? "no-answer" : "unknown-outcome", "");
  }
  let data: unknown = null;
  try { data = text ? JSON.parse(text) : null; } catch { /* a proxy's page */ }
  if (response.ok) return data as T;
  const problem = problem_of(response, data as ProblemBody | null);
  if (response.status >= 500 || problem.type === "still-running") keep();
  if (response.status === 401 && !path.startsWith("/session") && !path.startsWith("/links/")) on_signed_out();
  throw problem;
}
