// The list: what of the queue has been loaded, in the daemon's order, kept true by the live events.
import {SvelteMap} from "svelte/reactivity";
import {events, type Event} from "../../app/events.svelte";
import {asProblem, type Problem} from "../../app/problem";
import type {QueueItem} from "../../app/types";
import {api, type Counts} from "./api";

const page = 100, most_at_once = 200;
export const filter_names = ["state", "department", "account", "platform", "kind", "language", "assigned", "snoozed", "stage", "playbook", "q"] as const;
export type Filter = Record<string, string>;

/// What of the address is a filter.
export function filter_of(query: URLSearchParams): Filter {
  const out: Filter = {};
  for (const name of filter_names) if (query.get(name)) out[name] = query.get(name)!;
  return out;
}

class QueueList {
  ids = $state.raw<number[]>([]);
  items = new SvelteMap<number, QueueItem>();
  loaded = $state(false);
  trouble = $state.raw<Problem | null>(null);
  counts = $state.raw<Counts | null>(null);
  next = $state<string | null>(null);
  /// The one that stays in the list although it is over, while it is looked at.
  kept: number | null = null;
  #filter: Filter = {};
  #run = 0;
  #loading = false;
  #again = 0;
  #of_message = new Map<number, Set<number>>();

  get filter() { return this.#filter; }

  /// Shows what passes another filter.
  show(filter: Filter) {
    this.#filter = filter;
    this.loaded = false;
    this.ids = [];
    this.next = null;
    void this.load();
  }

  /// Loads anew as much as is there, at least a page; what is there stays on the screen meanwhile.
  async load() {
    const run = ++this.#run;
    this.#loading = true;
    void api.counts().then(c => { this.counts = c; }, () => {});
    try {
      const wanted = Math.max(page, this.ids.length), found: QueueItem[] = [];
      let next: string | null = null;
      do {
        const answer = await api.list({...this.#query(), limit: Math.min(most_at_once, wanted - found.length), ...next && {cursor: next}});
        if (run !== this.#run) return;
        found.push(...answer.items);
        next = answer.next;
      } while (next && found.length < wanted);
      for (const item of found) this.#put(item);
      this.ids = this.#with_kept([...new Set(found.map(i => i.id))]);
      this.next = next;
      this.trouble = null;
      this.#prune();
    } catch (e) {
      if (run === this.#run) this.trouble = asProblem(e);
    } finally {
      if (run === this.#run) {
        this.#loading = false;
        this.loaded = true;
      }
    }
  }

  /// The reader has come near the end of what is loaded.
  async more() {
    if (!this.next || this.#loading) return;
    const run = this.#run;
    this.#loading = true;
    try {
      const answer = await api.list({...this.#query(), limit: page, cursor: this.next});
      if (run !== this.#run) return;
      const there = new Set(this.ids);
      for (const item of answer.items) this.#put(item);
      this.ids = [...this.ids, ...answer.items.map(i => i.id).filter(id => !there.has(id))];
      this.next = answer.next;
    } catch { /* scrolling further tries again */ } finally {
      if (run === this.#run) this.#loading = false;
    }
  }

  #query() { return {state: "open", ...this.#filter}; }

  #with_kept(ids: number[]): number[] {
    const at = this.kept === null ? -1 : this.ids.indexOf(this.kept);
    if (at < 0 || ids.includes(this.kept!)) return ids;
    return [...ids.slice(0, at), this.kept!, ...ids.slice(at)];
  }

  #put(item: QueueItem) {
    const known = this.items.get(item.id);
    if (known && known.version > item.version) return;
    this.items.set(item.id, item);
    const beside = this.#of_message.get(item.message);
    if (beside) beside.add(item.id);
    else this.#of_message.set(item.message, new Set([item.id]));
  }

  #drop(id: number) {
    const item = this.items.get(id);
    if (!item) return;
    this.items.delete(id);
    const beside = this.#of_message.get(item.message);
    beside?.delete(id);
    if (!beside?.size) this.#of_message.delete(item.message);
  }

  /// What is not in the list is not held: it comes and goes all day.
  #prune() {
    if (this.items.size <= this.ids.length + 50) return;
    const listed = new Set(this.ids);
    for (const id of [...this.items.keys()]) if (!listed.has(id) && id !== this.kept) this.#drop(id);
  }

  /// Could it be in the list? What only the daemon can tell (a search, a stage) is asked for.
  #passes(item: QueueItem): boolean | null {
    const f = this.#query() as Filter;
    if (item.state !== f.state) return false;
    if (f.department && item.department !== f.department && !(item.assigned && "department" in item.assigned && item.assigned.department === f.department)) return false;
    for (const name of ["account", "platform", "kind", "language", "playbook"] as const) if (f[name] && item[name] !== f[name]) return false;
    if (Boolean(item.snoozed_until && Date.parse(item.snoozed_until) > Date.now()) !== Boolean(f.snoozed)) return false;
    return f.q || f.stage || f.assigned ? null : true;
  }

  take(event: Event) {
    if (event.type === "claim") {
      for (const id of this.#of_message.get(event.message) ?? []) this.items.set(id, {...this.items.get(id)!, claim: event.claim});
    } else if (event.type === "item") this.#news(event.item);
  }

  #news(item: QueueItem) {
    const listed = this.ids.includes(item.id), passes = this.#passes(item);
    if (listed || passes || item.id === this.kept) this.#put(item);
    if (listed && passes === false && item.id !== this.kept) this.ids = this.ids.filter(id => id !== item.id);
    if (!listed && passes) this.ids = this.#inserted(item);
    this.#prune();
    if (!listed || passes === null) this.#later();
  }

  /// Where the daemon would have it, nearly; the next loading puts it right.
  #inserted(item: QueueItem): number[] {
    const all = this.ids.map(id => this.items.get(id)!);
    let at = all.findLastIndex(i => i.thread === item.thread) + 1;
    if (!at) at = all.findIndex((i, k) => i.urgency < item.urgency && all[k - 1]?.thread !== i.thread);
    if (at < 0 && this.next) return this.ids;
    return at < 0 ? [...this.ids, item.id] : [...this.ids.slice(0, at), item.id, ...this.ids.slice(at)];
  }

  /// However many come, the list is loaded anew at most every two seconds.
  #later() {
    if (this.#again) return;
    this.#again = window.setTimeout(() => {
      this.#again = 0;
      void this.load();
    }, 2000);
  }

  /// One was read by itself, before its event came: what is over by then must go like any other.
  see({id, version, state}: {id: number; version: number; state: QueueItem["state"]}) {
    const known = this.items.get(id);
    if (known && known.version < version) this.items.set(id, {...known, version, state});
  }

  /// Another one is looked at: those that are over go.
  keep(id: number | null) {
    const before = this.kept;
    this.kept = id;
    const item = before === null ? undefined : this.items.get(before);
    if (item && before !== id && this.#passes(item) === false) this.ids = this.ids.filter(i => i !== before);
  }

  /// The next open one after `id` (before it, where none is after).
  after(id: number): number | null {
    const at = this.ids.indexOf(id);
    const open = (i: number) => i !== id && this.items.get(i)?.state === "open";
    return this.ids.slice(at + 1).find(open) ?? this.ids.slice(0, Math.max(at, 0)).findLast(open) ?? null;
  }

  start() {
    const stops = [events.on(e => this.take(e)), events.onAnew(() => void this.load())];
    return () => { for (const stop of stops) stop(); };
  }
}

export const queue = new QueueList();
