// A page that is looked at stays true: it reads again when the daemon tells of something new, but not at each of many events.
import {events} from "./events.svelte";
import type {Loaded} from "./load.svelte";

const pause = 3000;

/// Loads now, and again after events, until the function that this returns is called.
export function renew<T>(what: Loaded<T>) {
  let timer = 0;
  const soon = () => {
    if (timer) return;
    timer = window.setTimeout(() => {
      timer = 0;
      if (!document.hidden) void what.load();
    }, pause);
  };
  void what.load();
  const stops = [events.on(e => { if (e.type !== "presence" && e.type !== "claim") soon(); }), events.onAnew(soon)];
  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
  };
}
