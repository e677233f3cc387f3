// What a page reads from the daemon: one thing, or a list that comes in parts. Each may be read again.
import {asProblem, type Problem} from "./problem";
import type {Page} from "./types";

export class Loaded<T> {
  value = $state.raw<T | null>(null);
  problem = $state.raw<Problem | null>(null);
  #read: () => Promise<T>;
  #turn = 0;

  constructor(read: () => Promise<T>) { this.#read = read; }

  /// What was there stays until the new is there. Of two that run at once, the later one counts.
  async load() {
    const turn = ++this.#turn;
    try {
      const value = await this.#read();
      if (turn === this.#turn) { this.value = value; this.problem = null; }
    } catch (e) {
      if (turn === this.#turn) this.problem = asProblem(e);
    }
  }

  /// Nothing, as at the beginning; an answer that is on its way is dropped.
  clear() {
    this.#turn++;
    this.value = this.problem = null;
  }
}

export class Listed<T> {
  items = $state.raw<T[]>([]);
  next = $state<string | null>(null);
  problem = $state.raw<Problem | null>(null);
  loaded = $state(false);
  busy = $state(false);
  #read: (cursor: string | null) => Promise<Page<T>>;
  #turn = 0;

  constructor(read: (cursor: string | null) => Promise<Page<T>>) { this.#read = read; }

  /// From the beginning.
  async load() { await this.#part(null); }
  async more() { if (this.next !== null && !this.busy) await this.#part(this.next); }

  async #part(cursor: string | null) {
    const turn = ++this.#turn;
    this.busy = true;
    try {
      const part = await this.#read(cursor);
      if (turn !== this.#turn) return;
      this.items = cursor === null ? part.items : [...this.items, ...part.items];
      this.next = part.next ?? null;
      this.problem = null;
      this.loaded = true;
    } catch (e) {
      if (turn === this.#turn) this.problem = asProblem(e);
    } finally {
      if (turn === this.#turn) this.busy = false;
    }
  }
}
