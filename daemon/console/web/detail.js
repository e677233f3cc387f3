// The pane on the right: one suggestion, everything a person needs to decide, and the forms.
import {ago, fill, h, link} from "./dom.js";
import {make_answer_form, make_ask_form, make_edit_form, make_reject_form} from "./forms.js";
import {differences, pieces, ranges} from "./text.js";

const settle_ms = 400;        // what has just appeared cannot be approved by a key meant for what was there before
const long_text = 20000;      // more than that is shown on demand

/// Text with its invisible characters made visible and ranges marked.
function marked(text, found) {
  const visible = part => pieces(part).map(p => p.code ? h("span", {class: "code", title: "an invisible character"}, p.code) : p.text);
  const out = [];
  let from = 0;
  for (const {begin, end} of found) {
    out.push(...visible(text.slice(from, begin)), h("mark", {}, visible(text.slice(begin, end))));
    from = end;
  }
  return [...out, ...visible(text.slice(from))];
}

/// A block of somebody's text, isolated: its direction ends where it ends.
function block(text, matched = []) {
  const found = ranges(text, matched);
  const show = part => marked(part, found.filter(r => r.begin < part.length).map(r => ({begin: r.begin, end: Math.min(r.end, part.length)})));
  const e = h("div", {class: "text", dir: "auto"}, show(text.slice(0, long_text)));
  if (text.length <= long_text) return e;
  const more = h("button", {type: "button", onclick: () => e.replaceChildren(...show(text))},
    `Show all ${text.length.toLocaleString("en")} characters`);
  e.append("… ", more);
  return e;
}

const name_of = author => h("bdi", {class: "author"}, author?.name || author?.handle || author?.id || "somebody");

function head({item}) {
  const facts = [item.account, item.platform, item.department, item.language].filter(Boolean);
  return [
    h("button", {type: "button", class: "back", "data-key": "back", "data-act": "back"}, "‹ List"),
    h("h2", {tabindex: "-1", "data-key": "title"}, "Reply to ", name_of(item.message.author),
      h("span", {class: `badge ${item.state}`}, item.state)),
    h("p", {class: "soft"}, facts.join(" · "), " · suggested ", ago(item.created_at)),
    item.state === "open" && item.approved_by?.length > 0 && h("p", {}, `Approved by ${item.approved_by}; a second person must agree.`),
    item.state !== "open" && h("p", {},
      item.decided_at && [`Decided `, ago(item.decided_at)], item.approved_by && `, approved by ${[item.approved_by].flat().join(" and ")}`,
      item.reason && h("span", {}, ". Reason: ", h("bdi", {}, item.reason)),
      item.receipt && [". ", link(item.receipt.url, "Look at the reply"), " ", ago(item.receipt.at)]),
  ];
}

function notices({item, problem, notes}) {
  return [
    problem && h("div", {class: "notice error", role: "alert"}, h("strong", {}, problem.message), problem.detail && h("p", {}, problem.detail)),
    notes.length > 0 && h("div", {class: "notice", role: "alert"}, h("strong", {}, "This changed while you were looking at it"),
      h("ul", {}, notes.map(text => h("li", {}, text)))),
    item.canary && h("div", {class: "notice", role: "alert"}, h("strong", {}, "A canary"), h("p", {}, item.canary.told)),
    item.purpose === "occasion" && h("div", {class: "notice"}, h("strong", {}, "An occasion"),
      h("p", {}, "The message is only where it is told: see what was matched. The customer agreed to be written to.")),
    item.changed?.length > 0 && h("div", {class: "notice"}, h("strong", {}, "It came back to the queue"),
      h("ul", {}, item.changed.map(text => h("li", {}, text)))),
    item.state === "unsure" && h("div", {class: "notice"}, h("strong", {}, "It is not known whether this reply was posted"),
      h("p", {}, "Look on the platform, then say what you found. It is not sent again before you do.")),
  ];
}

function message({item}) {
  const {message: m, matched = []} = item;
  const bytes = new TextEncoder().encode(m.text);
  const words = x => x.words || new TextDecoder().decode(bytes.slice(x.begin, x.end));
  return [
    h("h3", {}, "The message"),
    h("p", {class: "by"}, name_of(m.author), m.author?.handle && h("bdi", {class: "soft"}, ` ${m.author.handle}`), " ", ago(m.written_at),
      m.url && [" · ", link(m.url, "look at it")], m.deleted && h("span", {class: "badge deny"}, "deleted")),
    block(m.text, matched),
    matched.length > 0 && h("p", {class: "soft"}, "Matched: ",
      matched.map((x, i) => [i > 0 && ", ", h("span", {}, x.trigger, " (", h("bdi", {}, marked(words(x), [])), ")")]).flat()),
  ];
}

function thread({item}) {
  const all = item.thread_lines ?? item.thread ?? [];
  const at = all.findIndex(t => t.native_id === item.message.native_id);
  const others = all.filter((_, i) => i !== at);
  if (!others.length) return [];
  return h("details", {open: others.length <= 3},
    h("summary", {"data-key": "thread"}, `Also in the thread: ${others.length} ${others.length === 1 ? "message" : "messages"}`),
    h("ol", {class: "thread"}, others.map(t => h("li", {class: t.ours ? "ours" : ""},
      h("p", {class: "by"}, t.ours ? h("strong", {}, "We") : name_of(t.author), " ", ago(t.written_at),
        at >= 0 && all.indexOf(t) > at && h("span", {class: "badge changed"}, "later")),
      block(t.text)))));
}

function reply({item, editing}) {
  const {reply: r = {}, playbook = {}, length = {}} = item;
  return [
    h("h3", {}, "The reply"),
    h("p", {class: "by"}, h("span", {class: "badge kind"}, r.kind), " ", h("strong", {}, playbook.title || playbook.id),
      h("span", {class: "soft", title: playbook.revision}, ` ${r.id ?? ""} · revision ${String(playbook.revision ?? "").slice(0, 12)}`)),
    !editing && block(item.text),
    !editing && h("p", {class: length.used > length.limit ? "ill" : "soft"}, `${length.used} of ${length.limit} ${length.unit}`),
    item.cites?.length > 0 && h("p", {class: "soft"}, `Cites ${item.cites.join(", ")}`),
  ];
}

function alternatives({item, editing}) {
  const others = (item.alternatives ?? []).filter(a => a.id !== item.id);
  if (!others.length || editing || item.state !== "open") return [];
  return h("details", {}, h("summary", {"data-key": "others"}, `${others.length} other ${others.length === 1 ? "reply" : "replies"} to choose from`),
    h("ul", {class: "others"}, others.map(a => h("li", {}, h("p", {class: "by"}, h("span", {class: "badge kind"}, a.kind), ` ${a.reply}`),
      block(a.text), h("button", {type: "button", "data-act": "switch", "data-id": a.id, "data-key": `switch-${a.id}`}, "Take this one instead")))));
}

function questions({item}) {
  const all = item.questions ?? [];
  if (!all.length) return [];
  return [
    h("h3", {}, "Asked of departments"),
    h("ol", {class: "thread"}, all.map(q => h("li", {},
      h("p", {class: "by"}, h("bdi", {class: "author"}, q.asked_by), ` asked @${q.department} `, ago(q.asked_at),
        !q.answered_at && h("span", {class: "badge changed"}, "waits")),
      block(q.text),
      q.answered_at && h("p", {class: "by"}, h("bdi", {class: "author"}, q.answered_by), " answered ", ago(q.answered_at),
        q.kept_as && h("span", {class: "soft"}, ` · kept as ${q.kept_as}`)),
      q.answered_at ? block(q.answer ?? "")
        : h("button", {type: "button", "data-act": "answer", "data-id": q.id, "data-key": `answer-${q.id}`}, "Answer")))),
  ];
}

const decisions = {allow: "May be sent", second: "Needs two people", deny: "Must not be sent"};

function verdict({item}) {
  const {decision = "deny", reasons = []} = item.verdict ?? {};
  return [
    h("h3", {}, "The verdict"),
    h("p", {}, h("span", {class: `badge ${decision}`}, decision), " ", decisions[decision] ?? decision),
    h("ul", {class: "reasons"}, reasons.map(r => h("li", {}, h("code", {}, r.rule), r.says && ` ${r.says}`, r.why && `: ${r.why}`))),
  ];
}

function actions({item, busy, ready, editing, rejecting, asking}) {
  if (item.state === "unsure")
    return [h("button", {type: "button", "data-act": "posted", "data-key": "posted", disabled: busy}, "It was posted"),
            h("button", {type: "button", "data-act": "not_posted", "data-key": "not_posted", disabled: busy}, "It was not posted")];
  if (item.state !== "open" || editing || rejecting || asking) return [];
  const forbidden = item.verdict?.decision === "deny";
  const second = item.verdict?.decision === "second" && (item.approved_by?.length ? " as the second" : " as the first of two");
  return [
    h("button", {type: "button", class: "first", "data-act": "approve", "data-key": "approve",
                 "aria-disabled": busy || !ready || forbidden ? "true" : null,
                 title: forbidden ? "The policies forbid this: see the verdict" : "a"}, "Approve", second),
    h("button", {type: "button", "data-act": "edit", "data-key": "edit", "aria-disabled": busy ? "true" : null, title: "e"}, "Edit"),
    h("button", {type: "button", "data-act": "reject", "data-key": "reject", "aria-disabled": busy ? "true" : null, title: "r"}, "Reject"),
    h("button", {type: "button", "data-act": "ask", "data-key": "ask", "aria-disabled": busy ? "true" : null}, "Ask a department"),
  ];
}

const slots = ["head", "notices", "message", "thread", "reply", "questions", "form", "alternatives", "verdict", "actions"];

export class Detail {
  /// `act(verb, argument)` is told what the person wants; `redraw()` is called when time alone changed something.
  constructor(root, {act, redraw}) {
    Object.assign(this, {root, act, redraw, item: null, parts: {}, drafts: new Map(), notes: new Map(), since: 0});
    root.addEventListener("click", e => {
      const button = e.target.closest("button[data-act]");
      if (button && button.getAttribute("aria-disabled") !== "true") act(button.dataset.act, button.dataset.id);
    });
  }

  /// True once the item has been on the screen, as it is, long enough to have been seen.
  ready(item) {
    return this.item?.id === item.id && this.item.hash === item.hash && performance.now() - this.since >= settle_ms;
  }

  /// The open form of an item, if there is one: {mode, base, form, field}.
  draft(id) {
    const d = this.drafts.get(id);
    return d?.open ? d : null;
  }

  draw(item, {problem, busy}) {
    if (!item) return this.#draw_nothing();
    this.#see(item, busy);
    const draft = this.draft(item.id);
    const shown = {item, problem: problem && {message: problem.message, detail: problem.detail}, busy: Boolean(busy),
                   editing: draft?.mode === "edit", rejecting: draft?.mode === "reject",
                   asking: Boolean(draft) && !["edit", "reject"].includes(draft.mode), ready: this.ready(item),
                   notes: draft?.mode === "edit" ? [] : this.notes.get(item.id) ?? []};
    fill(this.parts.head, [item.message.author, item.state, item.account, item.reason, item.receipt, item.approved_by,
                           item.decided_at], () => head(shown));
    fill(this.parts.notices, [shown.problem, shown.notes, item.changed, item.state], () => notices(shown));
    fill(this.parts.message, [item.message, item.matched], () => message(shown));
    fill(this.parts.thread, [item.thread, item.message.native_id], () => thread(shown));
    fill(this.parts.reply, [item.text, item.length, item.reply, item.playbook, item.cites, shown.editing], () => reply(shown));
    fill(this.parts.questions, [item.questions], () => questions(shown));
    fill(this.parts.form, draft ? [draft.serial] : null, () => draft?.form);
    draft?.update(item, shown.busy);
    fill(this.parts.alternatives, [item.alternatives, item.state, shown.editing], () => alternatives(shown));
    fill(this.parts.verdict, item.verdict, () => verdict(shown));
    fill(this.parts.actions, [item.state, item.verdict, item.approved_by, shown.busy, shown.ready, draft?.mode], () => actions(shown));
  }

  #draw_nothing() {
    this.item = null;
    fill(this.root, "nothing", () => h("p", {class: "empty"}, "Choose a suggestion."));
  }

  /// Takes note of what is on the screen now, and of what changed under the reader's eyes.
  #see(item, busy) {
    const before = this.item;
    this.item = item;
    if (before?.id !== item.id) {
      if (before) this.notes.delete(before.id);
      this.parts = Object.fromEntries(slots.map(name => [name, h("section", {class: `part-${name}`})]));
      fill(this.root, item.id, () => slots.map(name => this.parts[name]));
      this.root.scrollTop = 0;
    } else if (before.version !== item.version && before.state === "open" && !busy) {
      this.note(item.id, differences(before, item));
    }
    if (before?.id !== item.id || before.hash !== item.hash) {
      this.since = performance.now();
      setTimeout(this.redraw, settle_ms + 5);
    }
  }

  note(id, lines) {
    this.notes.set(id, lines);
  }

  /// Opens a form: edit, reject, ask, or answer (to the question `about`). What was typed before it was closed is still
  /// in it. `departments` goes with ask.
  begin(mode, item, {about, departments} = {}) {
    let d = this.drafts.get(item.id);
    if (d?.mode !== (about ? `${mode}-${about.id}` : mode)) {
      const then = verb => ({submit: what => this.act(verb, what), cancel: () => this.act("cancel"), departments});
      d = {edit: () => make_edit_form(item, then("save")), reject: () => make_reject_form(item, then("reject_now")),
           ask: () => make_ask_form(item, then("ask_now")), answer: () => make_answer_form(item, about, then("answer_now"))}[mode]();
      this.drafts.set(item.id, d);
    }
    d.open = true;
    this.redraw();
    d.field.focus();
  }

  /// Closes the form of an item; with `forget`, what was typed goes too.
  end(id, forget = false) {
    const d = this.drafts.get(id);
    if (!d) return;
    d.open = false;
    if (forget) this.drafts.delete(id);
    this.redraw();
  }
}
