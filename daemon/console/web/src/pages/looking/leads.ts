import {go} from "../../app/router.svelte";

/// A click on a part of a picture goes where it leads (data-to). The table beside it has the same as links.
export function leads(host: HTMLElement) {
  const click = (e: MouseEvent) => {
    const to = e.target instanceof Element ? e.target.closest("[data-to]")?.getAttribute("data-to") : null;
    if (to) go(to);
  };
  host.addEventListener("click", click);
  return {destroy: () => host.removeEventListener("click", click)};
}
