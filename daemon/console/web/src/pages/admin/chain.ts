// The audit chain, checked here and not by the daemon that wrote it: the same check as that of `kith audit verify`.

export interface Entry {
  number: number; at: string; actor: string; act: string; message: number; suggestion: number; commitment: string; previous: string; hash: string;
  salt?: string; detail?: string;
}
export interface Fault { number: number; what: "changed" | "detail" | "removed" | "moved" | "replaced" | "head" }

/// What the first entry has as its `previous`.
export const beginning = "0".repeat(64);

const utf8 = new TextEncoder();

/// Each field with its length in bytes, which keeps two fields from being read as one.
async function sha256(fields: (string | number)[]): Promise<string> {
  const parts = fields.flatMap(f => {
    const bytes = utf8.encode(String(f));
    return [utf8.encode(`${bytes.length}:`), bytes];
  });
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", all));
  return [...digest].map(b => b.toString(16).padStart(2, "0")).join("");
}

/// RFC 3339 with up to six digits of a second → microseconds since 1970; NaN for what is none.
export function micros(at: string): number {
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z$/.exec(at);
  return parts ? Date.parse(`${parts[1]}Z`) * 1000 + Number((parts[2] ?? "").padEnd(6, "0")) : NaN;
}

export const hashOf = (e: Entry) => sha256([e.previous, e.number, micros(e.at), e.actor, e.act, e.message, e.suggestion, e.commitment]);
export const commitTo = (salt: string, detail: string) => sha256([salt, detail]);

/// Is given all entries in their order, from the first; stops at the first fault.
export class Verifier {
  entries = 0;
  withoutDetail = 0;
  newest = {number: 0, hash: beginning};
  fault: Fault | null = null;
  #known: string;
  #seen = false;

  /// `known`: a hash that was kept elsewhere; "": none was.
  constructor(known = "") { this.#known = known.trim().toLowerCase(); }

  async take(part: Entry[]) {
    const checked = await Promise.all(part.map(async e => ({
      e, hash: await hashOf(e), commitment: e.salt === undefined ? null : await commitTo(e.salt, e.detail ?? ""),
    })));
    for (const {e, hash, commitment} of checked) {
      if (this.fault) return;
      this.entries += 1;
      if (e.hash === this.#known) this.#seen = true;
      if (commitment === null && e.commitment) this.withoutDetail += 1;
      const next = this.newest.number + 1;
      if (hash !== e.hash) this.fault = {number: e.number, what: "changed"};
      else if (commitment !== null && commitment !== e.commitment) this.fault = {number: e.number, what: "detail"};
      else if (e.number > next) this.fault = {number: next, what: "removed"};
      else if (e.number < next) this.fault = {number: e.number, what: "moved"};
      else if (e.previous !== this.newest.hash) this.fault = {number: Math.max(1, this.newest.number), what: "replaced"};
      else this.newest = {number: e.number, hash: e.hash};
    }
  }

  /// After the last entry.
  finish(): Fault | null {
    if (!this.fault && this.#known && this.#known !== beginning && !this.#seen) this.fault = {number: this.newest.number + 1, what: "head"};
    return this.fault;
  }
}
