// What came of a way to the OpenID provider and back: a word in the address, read once. The address is anybody's to
// write, so a word that the page does not know is none.
import {route} from "./router.svelte";
import {named} from "./words.svelte";

function taken(): string {
  const query = new URLSearchParams(location.search);
  const word = query.get("oidc") ?? "";
  if (!query.has("oidc")) return "";
  query.delete("oidc");
  const rest = query.toString();
  history.replaceState(null, "", location.pathname + (rest ? `?${rest}` : "") + location.hash);
  route.read();
  return word;
}
let word = taken();

/// In the reader's language; empty: nothing is to be said. Then it is said.
export function cameBack(): {text: string; bad: boolean} | null {
  const text = word && named("oidc", word);
  const out = text && text !== word ? {text, bad: word !== "linked"} : null;
  word = "";
  return out;
}
