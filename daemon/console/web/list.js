// The list on the left: one line a message.
import {ago, fill, h} from "./dom.js";
import {pieces} from "./text.js";

const empty = {
  open: "Nothing is waiting. New suggestions appear here by themselves.",
  unsure: "Every reply that was sent is accounted for.",
  closed: "Nothing has been decided yet.",
};

const first_line = text => pieces(text.slice(0, 200)).map(p => p.text ?? " ").join("").replace(/\s+/g, " ").trim();

function line(item) {
  const {author} = item.message;
  return [
    h("span", {class: "line-head"},
      h("bdi", {class: "author"}, author.name || author.handle || author.id),
      item.state !== "open" && h("span", {class: `badge ${item.state}`}, item.state),
      item.state === "open" && item.verdict?.decision !== "allow" && h("span", {class: `badge ${item.verdict?.decision}`}, item.verdict?.decision,
        item.approved_by && ": 1 of 2"),
      item.changed?.length > 0 && item.state === "open" && h("span", {class: "badge changed"}, "came back"),
      ago(item.created_at)),
    h("span", {class: "line-text", dir: "auto"}, first_line(item.message.text) || "(no text)"),
    h("span", {class: "line-foot"}, `${item.account} · ${item.playbook?.title ?? ""}`),
  ];
}

/// Brings the list into agreement with `items`. Lines are kept by id, so that focus stays where it is.
export function draw_list(list, {items, view, selected, loaded, select}) {
  const had = new Map([...list.children].map(e => [e.dataset.id, e]));
  const wanted = items.map(item => {
    const e = had.get(String(item.id)) ?? h("li", {"data-id": item.id}, h("button", {type: "button", onclick: () => select(item.id)}));
    const button = e.firstChild;
    fill(button, item, () => line(item));
    if (item.id === selected) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    return e;
  });
  if (!wanted.length) {
    const said = loaded ? empty[view] : "Loading…";
    const e = had.get("") ?? h("li", {"data-id": "", class: "empty"});
    if (e.textContent !== said) e.textContent = said;
    wanted.push(e);
  }
  for (const e of had.values()) if (!wanted.includes(e)) e.remove();
  wanted.forEach((e, i) => { if (list.children[i] !== e) list.insertBefore(e, list.children[i] ?? null); });
}

/// Puts the keyboard, and the reader's eye, on one line.
export function focus_line(list, id) {
  const button = list.querySelector(`[data-id="${CSS.escape(String(id))}"] button`);
  button?.focus();
  button?.scrollIntoView({block: "nearest"});
}
