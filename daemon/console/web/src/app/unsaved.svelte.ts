// What is typed and known to this page alone: the reader is asked before it is lost.
import {untrack} from "svelte";

class Unsaved {
  #parts = $state.raw<(() => boolean)[]>([]);
  /// The answer that is waited for, while the reader is asked.
  asked = $state.raw<((leave: boolean) => void) | null>(null);

  /// It may be lost: the reader said so, or somebody else is at the page.
  given_up = false;

  get any() { return !this.given_up && this.#parts.some(part => part()); }

  /// `part` says whether it holds something, until the function that this returns is called.
  add(part: () => boolean) {
    this.#parts = [...untrack(() => this.#parts), part];
    return () => { this.#parts = this.#parts.filter(p => p !== part); };
  }

  /// May it be lost?
  async ask(): Promise<boolean> {
    if (!this.any) return true;
    const leave = await new Promise<boolean>(answer => { this.asked = answer; });
    this.asked = null;
    this.given_up = leave;
    return leave;
  }
}

export const unsaved = new Unsaved();
