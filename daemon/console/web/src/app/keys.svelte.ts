// The one table of keys. A page adds its own while it is shown; `?` and the command menu read the same table.
import {untrack} from "svelte";
import type {Key} from "./words.svelte";

export interface Command {
  key: string;                   // as KeyboardEvent.key says it; "" for one that has none
  word: Key;                     // what it does
  values?: Record<string, string | number>;  // in the word
  group: "keys.move" | "keys.act" | "keys.page";
  run: () => void;
  may?: () => boolean;           // greyed and ignored where false
}

class Keys {
  #layers = $state.raw<(() => Command[])[]>([]);
  on = $state(true);             // single keys can be switched off (WCAG 2.1.4)
  get commands(): Command[] { return this.#layers.flatMap(layer => layer()); }

  /// Adds commands until the function that this returns is called; later layers win.
  add(commands: () => Command[]) {
    this.#layers = [...untrack(() => this.#layers), commands];
    return () => { this.#layers = this.#layers.filter(l => l !== commands); };
  }

  find(key: string): Command | undefined { return this.commands.findLast(c => c.key === key); }
}

export const keys = new Keys();

/// Typing, or within something that has keys of its own.
const busy = (target: EventTarget | null) => target instanceof Element &&
  target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], [role=menu], [role=dialog], [role=alertdialog]") !== null;

/// Of the last key that a dialog on its way out swallowed: what is typed on with it must not act either, or "/a" typed
/// too early would search for nothing and approve.
let swallowed = -Infinity;
const burst_ms = 500;

addEventListener("keydown", e => {
  if (e.defaultPrevented || e.isComposing || e.ctrlKey || e.metaKey || e.altKey || e.repeat && !/^Arrow|^[jk]$/.test(e.key)) return;
  if (!keys.on || busy(e.target)) return;
  if (document.querySelector("[role=dialog], [role=alertdialog], [role=menu][data-state=open]") || e.timeStamp - swallowed < burst_ms) {
    swallowed = e.timeStamp;
    return;
  }
  const command = keys.find(e.key);
  if (!command || command.may?.() === false) return;
  // A button or link that has the focus keeps Enter and Space.
  if ((e.key === "Enter" || e.key === " ") && e.target instanceof Element && e.target.closest("a, button, summary")) return;
  e.preventDefault();
  command.run();
});
