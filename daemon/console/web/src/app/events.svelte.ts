// The live events: one WebSocket that comes back by itself and goes on where it was.
import type {Claim, Person, QueueItem} from "./types";

export type Event =
  | {type: "item"; seq: number; item: QueueItem}
  | {type: "claim"; seq: number; id: number; message: number; claim: Claim | null}
  | {type: "status"; seq: number}
  | {type: "question"; seq: number; id: number}
  | {type: "presence"; message: number; people: Person[]};
type Hello = {type: "hello"; seq: number; boot: string; resumed: boolean};

type Listener = (event: Event) => void;

const ended = 4401;  // the session is over

class Events {
  live = $state(false);
  /// Who else looks at which message.
  people = $state<Record<number, Person[]>>({});
  #socket: WebSocket | null = null;
  #seq = 0;
  #boot = "";
  #attempts = 0;
  #timer = 0;
  #wanted = false;
  #looking: number | null = null;
  #listeners = new Set<Listener>();
  #anew = new Set<() => void>();
  #over: () => void = () => {};

  constructor() {
    addEventListener("online", () => this.#wake());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.#wake(); });
  }

  /// `over` is called when the session has ended.
  start(over: () => void) {
    this.#over = over;
    this.#wanted = true;
    this.#seq = 0;
    this.#boot = "";
    if (!this.#socket) this.#connect();
  }

  stop() {
    this.#wanted = false;
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    this.live = false;
    this.people = {};
    socket?.close(1000);
  }

  /// Each event, until the function that this returns is called.
  on(listener: Listener) {
    this.#listeners.add(listener);
    return () => { this.#listeners.delete(listener); };
  }

  /// When everything may have changed: load it all again.
  onAnew(load: () => void) {
    this.#anew.add(load);
    return () => { this.#anew.delete(load); };
  }

  looking(message: number | null) {
    if (this.#looking === message) return;
    this.#looking = message;
    this.#tell();
  }

  #tell() {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({type: "looking", message: this.#looking}));
  }

  #connect() {
    clearTimeout(this.#timer);
    const after = this.#boot ? `?after=${this.#seq}&boot=${encodeURIComponent(this.#boot)}` : "";
    const socket = this.#socket = new WebSocket(`ws${location.origin.slice(4)}/api/v1/events${after}`, "kith.events.1");
    socket.onmessage = e => { if (socket === this.#socket) this.#receive(e.data as string); };
    socket.onclose = e => { if (socket === this.#socket) this.#lost(e.code); };
  }

  #receive(data: string) {
    let frame: (Event | Hello)[];
    try { frame = JSON.parse(data) as (Event | Hello)[]; } catch { return; }
    for (const event of frame) {
      if (event.type === "hello") this.#greeted(event);
      else {
        if (event.type === "presence") this.people[event.message] = event.people;
        else this.#seq = Math.max(this.#seq, event.seq);
        for (const listener of this.#listeners) listener(event);
      }
    }
  }

  #greeted(hello: Hello) {
    const first = this.#boot === "";
    this.#attempts = 0;
    this.#boot = hello.boot;
    if (!hello.resumed) this.#seq = hello.seq;
    this.live = true;
    this.#tell();
    if (!hello.resumed && !first) for (const load of this.#anew) load();
  }

  #lost(code: number) {
    this.#socket = null;
    this.live = false;
    this.people = {};
    if (!this.#wanted) return;
    if (code === ended) {
      this.#wanted = false;
      return this.#over();
    }
    this.#attempts += 1;
    this.#timer = window.setTimeout(() => this.#connect(), Math.random() * Math.min(30_000, 300 * 2 ** this.#attempts));
  }

  #wake() {
    if (this.#wanted && !this.#socket) this.#connect();
  }
}

export const events = new Events();
