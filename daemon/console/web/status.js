// The line at the top: are the accounts well, are the playbooks. And below it, what is stopped.
import {ago, fill, h} from "./dom.js";

const well = new Set(["running", "connected", "listening", "online", "ready", "up"]);

function account(a) {
  return h("li", {class: well.has(a.state) ? "well" : "ill"},
    h("strong", {}, a.id), ` (${a.platform}): ${a.state}, since `, ago(a.since),
    a.detail && h("span", {class: "detail"}, ` – ${a.detail}`),
    a.gaps > 0 && h("span", {class: "detail"}, ` – ${a.gaps} ${a.gaps === 1 ? "gap" : "gaps"}`),
    a.last_event_at && h("span", {class: "soft"}, " – last heard ", ago(a.last_event_at)));
}

export function draw_status(e, status, live) {
  fill(e, [status, live], () => {
    const accounts = status?.accounts ?? [];
    const books = status?.playbooks ?? {};
    const ill = accounts.filter(a => !well.has(a.state)).length;
    const errors = books.errors ?? [];
    const open = e.querySelector("details")?.open ?? false;
    const canaries = status?.canaries?.rate > 0 &&
      h("p", {class: "canaries"}, "Some drafts are canaries: wrong on purpose, and never sent. Read each before you approve it.");
    const all = h("details", {open},
      h("summary", {"data-key": "summary"},
        h("span", {class: live ? "dot well" : "dot ill"}), live ? "Live" : "Not live: trying again", status && " · ",
        status && `${accounts.length} ${accounts.length === 1 ? "account" : "accounts"}`,
        ill > 0 && h("span", {class: "ill"}, `, ${ill} not well`),
        status && ` · ${books.live ?? 0} of ${books.count ?? 0} playbooks live`,
        errors.length > 0 && h("span", {class: "ill"}, `, ${errors.length} ${errors.length === 1 ? "error" : "errors"}`)),
      h("ul", {}, accounts.map(account)),
      errors.length > 0 && h("div", {}, h("p", {}, "What is wrong with the playbooks and packs; what was in use before stays in use."),
        h("ul", {class: "errors"}, errors.map(text => h("li", {}, h("pre", {}, text))))),
      h("p", {class: "soft"}, `Kith ${status?.version ?? ""}`,
        books.commit && ` · playbooks ${books.commit.slice(0, 12)}`, books.loaded_at && [" loaded ", ago(books.loaded_at)]));
    return [all, canaries];
  });
}

/// "account site-chat" → what people read of it.
const stopped_words = scope => scope === "all" ? "All sending is stopped" : `${scope[0].toUpperCase()}${scope.slice(1)} is stopped`;

/// Nothing where nothing is stopped and every pack is in force: without its pack nothing is sent on a platform.
export function draw_stopped(e, stopped = [], packs = []) {
  const missing = packs.filter(p => !p.in_force);
  fill(e, [stopped, missing], () => [...stopped.map(b => h("p", {},
    h("strong", {}, stopped_words(b.scope)), ` by ${b.by}, `, ago(b.at), ": ", h("bdi", {}, b.reason),
    h("span", {class: "soft"}, ` – kith resume ${b.scope}`))),
  ...missing.map(p => h("p", {},
    h("strong", {}, p.id === "house" ? "Nothing is sent anywhere" : `Nothing is sent on ${p.id}`), ": ", h("bdi", {}, p.detail)))]);
}
