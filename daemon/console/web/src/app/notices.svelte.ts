// Desktop notifications: of what is urgent or given to the reader, while the page is not being looked at.
import {events} from "./events.svelte";
import {address, go} from "./router.svelte";
import {door, store, stored} from "./session.svelte";
import {one_line} from "./text";
import type {QueueItem} from "./types";
import {t} from "./words.svelte";

export type Permission = NotificationPermission | "unsupported";

const most_known = 5000;

class Notices {
  permission = $state<Permission>(typeof Notification === "undefined" ? "unsupported" : Notification.permission);
  wanted = $state(stored("desktop") === "on");
  #known = new Set<number>();

  /// Asks the reader, through the browser, if they were not asked yet.
  async want(on: boolean) {
    if (on && this.permission === "default") this.permission = await Notification.requestPermission();
    this.wanted = on && this.permission === "granted";
    store("desktop", this.wanted ? "on" : null);
  }

  #concerns(item: QueueItem) {
    if (item.state !== "open" || item.snoozed_until) return false;
    const mine = item.assigned !== null && "login" in item.assigned && item.assigned.login === door.user?.login;
    return mine || item.urgency >= 2;
  }

  #tell(item: QueueItem) {
    if (!this.wanted || this.permission !== "granted" || document.hasFocus() || this.#known.has(item.id) || !this.#concerns(item)) return;
    if (this.#known.size >= most_known) this.#known.clear();
    this.#known.add(item.id);
    // One at a time: the newest stands for all.
    let note: Notification;
    try {
      note = new Notification(t("notices.title", {department: item.department}), {tag: "kith-queue", body: one_line(`${item.because}: ${item.excerpt}`).slice(0, 160)});
    } catch {  // a phone's browser has the word, not the thing
      this.permission = "unsupported";
      return;
    }
    note.onclick = () => {
      window.focus();
      go(address(`s/${item.id}`));
      note.close();
    };
  }

  start() { return events.on(e => { if (e.type === "item") this.#tell(e.item); }); }
}

export const notices = new Notices();
