// A single act of a button: done and said, or the reason why not.
import {asProblem} from "./problem";
import {tell} from "./tell";
import {toasts} from "./toasts.svelte";

/// Was it done?
export async function attempt(act: () => Promise<unknown>, said = ""): Promise<boolean> {
  try {
    await act();
  } catch (e) {
    tell(asProblem(e));
    return false;
  }
  if (said) toasts.say(said);
  return true;
}
