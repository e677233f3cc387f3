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

const ended = 4401;        // the session is over
const patience = 10_000;   // for the daemon's hello
const quiet = 60_000;      // after so long without a word a line may be dead, and nobody was told

/// What one listener cannot bear is not the others' loss.
function attempt(f: () => void) {
  try { f(); } catch (e) { console.error(e); }
}

class Events {
  live = $state(false);
  /// Who else looks at which message.
  people = $state<Record<number, Person[]>>({});
  #socket: WebSocket | null = null;
  #seq = 0;
  #boot = "";
  #attempts = 0;
  #timer = 0;        // until the next attempt, or until the one under way is given up
  #stands = false;   // has the daemon said hello on this line?
  #heard = 0;        // when the line last said anything
  #old: WebSocket | null = null;  // the line before, until the new one stands
  #wanted = false;
  #looking: number | null = null;
  #listeners = new Set<Listener>();
  #anew = new Set<() => void>();
  #over: () => void = () => {};

  constructor() {
    addEventListener("online", () => this.#wake(0));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.#wake(5000); });
    setInterval(() => { if (this.#socket) this.#wake(quiet); }, 15_000);
  }

  /// `over` is called when the session has ended.
  start(over: () => void) {
    this.#over = over;
    this.#wanted = true;
    if (!this.#socket) this.#connect();  // where it was: what happened meanwhile is told, or all is loaded anew
  }

  stop() {
    this.#wanted = false;
    clearTimeout(this.#timer);
    const lines = [this.#socket, this.#old];
    this.#socket = this.#old = null;
    this.live = false;
    this.people = {};
    for (const line of lines) line?.close(1000);
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
    this.#old?.close(1000);
    this.#old = this.#socket;
    this.#stands = false;
    const after = this.#boot ? `?after=${this.#seq}&boot=${encodeURIComponent(this.#boot)}` : "";
    const socket = this.#socket = new WebSocket(`ws${location.origin.slice(4)}/api/v1/events${after}`, "kith.events.1");
    socket.onmessage = e => { if (socket === this.#socket) this.#receive(e.data as string); };
    socket.onclose = e => { if (socket === this.#socket) this.#lost(e.code); };
    this.#timer = window.setTimeout(() => {
      if (socket !== this.#socket) return;
      this.#lost(0);
      socket.close(1000);
    }, patience);
  }

  #receive(data: string) {
    this.#heard = Date.now();
    let frame: (Event | Hello)[];
    try { frame = JSON.parse(data) as (Event | Hello)[]; } catch { return; }
    for (const event of frame) {
      if (event.type === "hello") this.#greeted(event);
      else {
        if (event.type === "presence") this.people[event.message] = event.people;
        else this.#seq = Math.max(this.#seq, event.seq);
        for (const listener of this.#listeners) attempt(() => listener(event));
      }
    }
  }

  #greeted(hello: Hello) {
    clearTimeout(this.#timer);
    this.#old?.close(1000);
    this.#old = null;
    this.#stands = true;
    this.#attempts = 0;
    this.#boot = hello.boot;
    if (!hello.resumed) this.#seq = hello.seq;
    this.live = true;
    this.#tell();
    // The first time too: what was loaded before the line stood may have changed since.
    if (!hello.resumed) for (const load of this.#anew) attempt(load);
  }

  #lost(code: number) {
    clearTimeout(this.#timer);
    this.#old?.close(1000);
    this.#socket = this.#old = null;
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

  /// A line that said nothing for so long is tried by another, which goes on where this one is.
  #wake(silence: number) {
    if (this.#wanted && (!this.#socket || this.#stands && Date.now() - this.#heard >= silence)) this.#connect();
  }
}

export const events = new Events();
