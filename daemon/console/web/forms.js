// The two forms of the detail pane. A form lives as long as its draft: the pane is redrawn around it.
import {h} from "./dom.js";
import {differences, length_in} from "./text.js";

let serial = 0;

/// A draft is {mode, base, form, field, serial, open, update(item, busy)}; `base` is the item as it was when the person
/// began, and what they send is sent against its version.
export function make_edit_form(item, {submit, cancel}) {
  const field = h("textarea", {rows: 6, dir: "auto", id: `edit-${++serial}`, spellcheck: "true"});
  field.value = item.text;
  const count = h("p", {class: "soft"});
  const notice = h("div", {class: "notice", role: "alert", hidden: true});
  const save = h("button", {type: "submit", class: "first", title: "Ctrl+Enter"}, "Save");
  const over = h("button", {type: "button", onclick: () => { field.value = draft.now.text; measure(); field.focus(); }}, "Start over");
  const form = h("form", {class: "edit"}, notice, h("label", {for: field.id}, "Your wording"), field, count,
    h("div", {class: "buttons"}, save, h("button", {type: "button", onclick: cancel}, "Cancel"), over));
  const draft = {mode: "edit", base: item, now: item, form, field, serial, open: true, update};

  function measure() {
    const {limit, unit} = draft.now.length ?? {};
    const used = length_in(String(unit), field.value);
    count.textContent = used === null ? `At most ${limit} ${unit}` : `${used} of ${limit} ${unit}`;
    count.className = used > limit ? "ill" : "soft";
  }

  function update(now, busy) {
    draft.now = now;
    const over_now = now.state !== "open";
    save.disabled = busy || over_now;
    const stale = now.version !== draft.base.version;
    const shown = stale ? now.version : null;
    if (notice.shown === shown) return;
    notice.shown = shown;
    notice.hidden = !stale;
    notice.replaceChildren(...(stale ? changed(now, over_now) : []));
    measure();
    if (document.activeElement === field) field.scrollIntoView({block: "nearest"});
  }

  function changed(now, over_now) {
    const take = text => () => {
      draft.base = now;
      if (text !== null) field.value = text;
      update(now, false);
      measure();
      field.focus();
    };
    return [
      h("strong", {}, over_now ? "This can no longer be edited" : "This changed while you were editing"),
      h("ul", {}, differences(draft.base, now).map(text => h("li", {}, text))),
      now.text !== draft.base.text && h("blockquote", {class: "text", dir: "auto"}, now.text),
      !over_now && h("div", {class: "buttons"}, h("button", {type: "button", onclick: take(null)}, "Keep my wording"),
        now.text !== draft.base.text && h("button", {type: "button", onclick: take(now.text)}, "Use the new text")),
    ].filter(Boolean);
  }

  form.addEventListener("submit", e => {
    e.preventDefault();
    if (!save.disabled && field.value.trim()) submit(field.value);
  });
  field.addEventListener("input", measure);
  field.addEventListener("keydown", e => { if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) form.requestSubmit(); });
  measure();
  return draft;
}

const usual = ["Not meant for us", "Already answered", "The answer does not fit", "The tone does not fit", "Better by a person who knows them"];

export function make_reject_form(item, {submit, cancel}) {
  const id = `reject-${++serial}`;
  const field = h("input", {id, type: "text", list: `${id}-usual`, maxlength: 500, required: true, autocomplete: "off"});
  const send = h("button", {type: "submit", class: "first"}, "Reject");
  const form = h("form", {class: "reject"}, h("label", {for: id}, "Why not? A few words for those who keep the playbook"), field,
    h("datalist", {id: `${id}-usual`}, usual.map(text => h("option", {value: text}))),
    h("div", {class: "buttons"}, send, h("button", {type: "button", onclick: cancel}, "Cancel")));
  const draft = {mode: "reject", base: item, form, field, serial, open: true, update(now, busy) { send.disabled = busy || now.state !== "open"; }};
  form.addEventListener("submit", e => {
    e.preventDefault();
    if (!send.disabled && field.value.trim()) submit(field.value.trim());
  });
  return draft;
}

/// A question to a department, inside the suggestion. `departments` is a promise of [{id, name}].
export function make_ask_form(item, {submit, cancel, departments}) {
  const id = `ask-${++serial}`;
  const who = h("input", {id: `${id}-who`, type: "text", list: `${id}-all`, required: true, maxlength: 64, autocomplete: "off", value: item.department});
  const all = h("datalist", {id: `${id}-all`});
  departments.then(list => all.replaceChildren(...list.map(d => h("option", {value: d.id}, d.name))), () => {});
  const field = h("textarea", {id, rows: 3, dir: "auto", required: true, maxlength: 1000, spellcheck: "true"});
  const send = h("button", {type: "submit", class: "first"}, "Ask");
  const form = h("form", {class: "ask"}, h("label", {for: `${id}-who`}, "The department"), who, all,
    h("label", {for: id}, "Your question"), field,
    h("div", {class: "buttons"}, send, h("button", {type: "button", onclick: cancel}, "Cancel")));
  const draft = {mode: "ask", base: item, form, field, serial, open: true, update(now, busy) { send.disabled = busy || now.state !== "open"; }};
  form.addEventListener("submit", e => {
    e.preventDefault();
    if (!send.disabled && field.value.trim()) submit({department: who.value.trim(), text: field.value.trim()});
  });
  return draft;
}

export function make_answer_form(item, question, {submit, cancel}) {
  const id = `answer-${++serial}`;
  const field = h("textarea", {id, rows: 3, dir: "auto", required: true, maxlength: 1000, spellcheck: "true"});
  const send = h("button", {type: "submit", class: "first"}, "Answer");
  const form = h("form", {class: "ask"}, h("label", {for: id}, `The answer to ${question.asked_by}`), field,
    h("div", {class: "buttons"}, send, h("button", {type: "button", onclick: cancel}, "Cancel")));
  const draft = {mode: `answer-${question.id}`, base: item, form, field, serial, open: true, update(_, busy) { send.disabled = busy; }};
  form.addEventListener("submit", e => {
    e.preventDefault();
    if (!send.disabled && field.value.trim()) submit({id: question.id, text: field.value.trim()});
  });
  return draft;
}
