// Short notes at the foot of the page, read out by a live region.
export interface Toast { id: number; text: string; bad: boolean; action?: {label: string; run: () => void}; until: number }

class Toasts {
  all = $state.raw<Toast[]>([]);
  #next = 1;

  /// Stays for `ms`; with an action at least as long as the action is of use.
  say(text: string, {bad = false, action, ms = 6000}: {bad?: boolean; action?: Toast["action"]; ms?: number} = {}) {
    const id = this.#next++;
    this.all = [...this.all.slice(-2), {id, text, bad, ...action && {action}, until: Date.now() + ms}];
    setTimeout(() => this.drop(id), ms);
    return id;
  }

  drop(id: number) { this.all = this.all.filter(t => t.id !== id); }
}

export const toasts = new Toasts();
