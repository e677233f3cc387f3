// What the page knows of the daemon's suggestions. Ours is only a copy: after each event the item is fetched anew.
import {api} from "./api.js";

const views = {
  open: ["open", "approved", "sending"],
  unsure: ["unsure"],
  closed: ["delivered", "refused", "rejected", "withdrawn"],
};

export const view_of = item => Object.keys(views).find(v => views[v].includes(item.state)) ?? "closed";

export class Store {
  /// `changed()` is called after every change; `failed(problem)` when something could not be fetched.
  constructor({changed, failed}) {
    this.items = new Map();
    this.loaded = false;
    this.changed = changed;
    this.failed = failed;
    this.running = new Map();  // what is being fetched ("all" or an id) → {done, again}
  }

  /// Fetches the three lists; an item that is in none of them is forgotten, unless it is `kept`.
  load(kept) {
    return this.#once("all", async () => {
      const before = new Set(this.items.keys());
      const lists = await Promise.all(Object.keys(views).map(api.list));
      const listed = new Set(lists.flat().map(item => item.id));
      for (const id of before) if (!listed.has(id) && id !== kept) this.items.delete(id);
      lists.flat().forEach(item => this.#put(item));
      this.loaded = true;
      this.changed();
      if (this.items.has(kept)) await this.refresh(kept);  // with its thread
    });
  }

  /// Fetches one item with its thread.
  refresh(id) {
    return this.#once(id, async () => {
      try {
        this.#put(await api.get(id));
      } catch (problem) {
        if (problem.status !== 404) throw problem;
        this.items.delete(id);
      }
      this.changed();
    });
  }

  /// One request at a time for one thing. Who asks meanwhile waits for a later answer than the one under way.
  #once(name, fetch) {
    const running = this.running.get(name);
    if (running) {
      running.again = true;
      return running.done;
    }
    const mine = {again: true};
    mine.done = (async () => {
      try {
        while (mine.again) {
          mine.again = false;
          await fetch();
        }
      } catch (problem) {
        this.failed(problem);
      } finally {
        this.running.delete(name);
      }
    })();
    this.running.set(name, mine);
    return mine.done;
  }

  #put(item) {
    if (!item?.id) return;
    const known = this.items.get(item.id);
    if (known && known.version > item.version) return;  // an older answer that came late
    this.items.set(item.id, {...item, thread: item.thread ?? known?.thread});
  }

  /// Longest waiting first; of what is over, the newest first. Alternatives of one message show as one line.
  view(name, selected) {
    const found = [...this.items.values()].filter(item => view_of(item) === name);
    const time = item => Date.parse(name === "closed" ? item.decided_at ?? item.created_at : item.created_at) || 0;
    found.sort((a, b) => (time(a) - time(b) || a.id - b.id) * (name === "closed" ? -1 : 1));
    const folded = new Set();
    for (const item of [...found].sort((a, b) => (b.id === selected) - (a.id === selected))) {
      if (item.state !== "open" || folded.has(item.id)) continue;
      for (const other of item.alternatives ?? []) if (other.id !== item.id) folded.add(other.id);
    }
    return found.filter(item => item.state !== "open" || !folded.has(item.id));
  }
}
