// Where the reader is: the path below /console and the query. Pages ask `route`, and go somewhere with `go`.

const base = "/console";

class Route {
  path = $state("");                       // "", "s/12", "admin/people"
  query = $state(new URLSearchParams());
  hash = $state("");

  constructor() { this.read(); }

  read() {
    this.path = location.pathname.slice(base.length).replace(/^\/+|\/+$/g, "");
    this.query = new URLSearchParams(location.search);
    this.hash = location.hash.slice(1);
  }
  /// The path's parts: ["s", "12"].
  get parts() { return this.path.split("/").filter(Boolean); }
}

export const route = new Route();
addEventListener("popstate", () => route.read());
addEventListener("hashchange", () => route.read());

/// "/console/s/12?department=it" for ("s/12", {department: "it"}).
export function address(path: string, query: URLSearchParams | Record<string, string> = {}): string {
  const text = new URLSearchParams(query).toString();
  return (path ? `${base}/${path}` : base) + (text ? `?${text}` : "");
}

/// `replace` where Back must not lead to where we were: a step in a list is not a page.
export function go(to: string, {replace = false} = {}) {
  if (to === location.pathname + location.search + location.hash) return;
  history[replace ? "replaceState" : "pushState"](null, "", to);
  route.read();
}

/// Clicks on links of ours go without loading the page; those that mean another tab are left alone.
export function followLinks(root: HTMLElement) {
  const click = (e: MouseEvent) => {
    const a = e.target instanceof Element ? e.target.closest("a") : null;
    if (!a || e.defaultPrevented || e.button !== 0 || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
    if (a.target || a.hasAttribute("download") || a.origin !== location.origin || !a.pathname.startsWith(base)) return;
    e.preventDefault();
    go(a.pathname + a.search + a.hash);
  };
  root.addEventListener("click", click);
  return {destroy: () => root.removeEventListener("click", click)};
}
