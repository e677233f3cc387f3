// What GET /status says, kept true while somebody is at the page.
import {events} from "./events.svelte";
import {request} from "./http";
import type {Status} from "./types";

class Now {
  now = $state.raw<Status | null>(null);
  #running: Promise<void> | null = null;
  #again = false;

  /// Done once what it was at the call is there: an answer that is on its way may be older.
  load(): Promise<void> {
    if (this.#running) this.#again = true;
    return this.#running ??= this.#read();
  }

  async #read() {
    do {
      this.#again = false;
      try { this.now = await request<Status>("GET", "/status"); } catch { /* the live mark tells; the next event asks again */ }
    } while (this.#again);
    this.#running = null;
  }

  start() {
    void this.load();
    const stops = [events.on(e => { if (e.type === "status") void this.load(); }), events.onAnew(() => void this.load())];
    const timer = setInterval(() => { if (!document.hidden && events.live) void this.load(); }, 60_000);
    return () => {
      clearInterval(timer);
      for (const stop of stops) stop();
    };
  }
}

export const status = new Now();
