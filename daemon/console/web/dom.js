// Building elements. Text becomes text nodes, always: nothing here can make markup of what somebody wrote.

/// h("p", {class: "x", onclick: f, hidden: flag}, "text", node, ...): false, null and undefined are left out.
export function h(tag, properties = {}, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "class") e.className = value;
    else if (name.startsWith("on")) e.addEventListener(name.slice(2), value);
    else e.setAttribute(name, value === true ? "" : value);
  }
  e.append(...children.flat().filter(c => c !== false && c !== null && c !== undefined));
  return e;
}

export const $ = id => document.getElementById(id);

/// A link to elsewhere, or only its words where the address is not plainly of the web.
export function link(address, words) {
  let url;
  try { url = new URL(address); } catch { return h("span", {}, words); }
  if (!/^https?:$/.test(url.protocol)) return h("span", {}, words);
  return h("a", {href: url.href, target: "_blank", rel: "noopener noreferrer"}, words);
}

const relative = new Intl.RelativeTimeFormat("en", {numeric: "auto", style: "short"});
const absolute = new Intl.DateTimeFormat("en-GB", {dateStyle: "medium", timeStyle: "medium"});

function words_for(date) {
  const seconds = (date - Date.now()) / 1000;
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]])
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  return "just now";
}

/// "3 min. ago", kept true by refresh_times().
export function ago(at) {
  const date = new Date(at ?? NaN);
  if (isNaN(date)) return h("span", {}, "");
  return h("time", {datetime: date.toISOString(), title: absolute.format(date)}, words_for(date));
}

export function refresh_times() {
  for (const e of document.querySelectorAll("time[datetime]")) {
    const text = words_for(new Date(e.dateTime));
    if (e.textContent !== text) e.textContent = text;
  }
}

/// Rebuilds the children of `e` only when what they show has changed, so that focus, selection and open details stay.
export function fill(e, shown, build) {
  const key = JSON.stringify(shown) ?? "";
  if (e.shown === key) return;
  e.shown = key;
  const focused = e.contains(document.activeElement) ? document.activeElement.dataset.key : "";
  e.replaceChildren(...[build()].flat().filter(Boolean));
  if (focused) e.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}
