// What GET /status says, kept true while somebody is at the page.
import {events} from "./events.svelte";
import {request} from "./http";
import type {Status} from "./types";

class Now {
  now = $state.raw<Status | null>(null);
  #asked = false;

  async load() {
    if (this.#asked) return;
    this.#asked = true;
    try { this.now = await request<Status>("GET", "/status"); } catch { /* the live mark tells; the next event asks again */ }
    this.#asked = false;
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
