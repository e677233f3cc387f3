// The console: signs in, keeps the copy of the queue true, and turns keys and clicks into decisions.
import {api, listen} from "./api.js";
import {Detail} from "./detail.js";
import {$, refresh_times} from "./dom.js";
import {draw_list, focus_line} from "./list.js";
import {show_door} from "./session.js";
import {draw_status, draw_stopped} from "./status.js";
import {Store, view_of} from "./store.js";
import {differences} from "./text.js";

let line = null;            // the WebSocket, while somebody is signed in
let view = "open";
let selected = null;        // id
let place = 0;              // where in the list the selected one was, for when it is gone
let busy = null;            // id of the item that a decision is under way for
let status = null, live = false, drawing = false;
const problems = new Map(); // id → what went wrong with it

const store = new Store({changed: draw, failed});
const detail = new Detail($("detail"), {act, redraw: draw_now});
const narrow = matchMedia("(max-width: 820px)");

// ---- drawing

/// Draws at the end of the current task, once however often it was asked.
function draw() {
  if (drawing) return;
  drawing = true;
  queueMicrotask(() => {
    drawing = false;
    draw_now();
  });
}

function draw_now() {
  const items = store.view(view, selected);
  const at = items.findIndex(item => item.id === selected);
  if (at >= 0) place = at;
  if (selected === null && items.length && !narrow.matches) return select(items[Math.min(place, items.length - 1)].id);
  const item = store.items.get(selected) ?? null;
  if (!item) selected = null;
  draw_list($("list"), {items, view, selected, loaded: store.loaded, select: id => select(id, true)});
  detail.draw(item, {problem: problems.get(selected), busy: busy === selected});
  $("desk").dataset.showing = item ? "item" : "list";
  for (const tab of document.querySelectorAll("nav [data-view]")) {
    if (tab.dataset.view === view) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
    const count = tab.querySelector(".count");
    if (count) count.textContent = store.view(tab.dataset.view, selected).filter(i => i.state === tab.dataset.view).length || "";
  }
  const open = store.view("open", selected).filter(i => i.state === "open").length;
  document.title = open ? `(${open}) Kith` : "Kith";
  draw_status($("status"), status, live);
  draw_stopped($("stopped"), status?.stopped, status?.packs);
}

function select(id, by_hand = false) {
  if (selected !== null && selected !== id) problems.delete(selected);
  selected = id;
  draw_now();
  if (id !== null) store.refresh(id);  // for its thread
  if (by_hand && narrow.matches) $("detail").querySelector("h2")?.focus();
}

function step(by) {
  const items = store.view(view, selected);
  if (!items.length) return;
  const at = items.findIndex(item => item.id === selected);
  const to = at < 0 ? Math.min(place, items.length - 1) : Math.max(0, Math.min(items.length - 1, at + by));
  select(items[to].id);
  focus_line($("list"), items[to].id);
}

let toast_timer = 0;
function say(text) {
  clearTimeout(toast_timer);
  $("toast").textContent = text;
  toast_timer = setTimeout(() => { $("toast").textContent = ""; }, 6000);
}

// ---- deciding

/// Carries out one decision, then fetches the item anew: what the daemon says of it is what is shown.
async function decide(item, verb, body, done) {
  if (busy !== null) return;
  busy = item.id;
  problems.delete(item.id);
  draw();
  let went_wrong = null, answer = null;
  try {
    answer = await (verb === "answer" ? api.answer(body.id, body.text) : api.act(item.id, verb, body));
    if (verb === "reject") look_at_status();  // it may have paused its playbook
  } catch (problem) {
    went_wrong = problem;
  }
  await store.refresh(item.id);
  busy = null;
  if (went_wrong?.status === 401) failed(went_wrong);
  else if (went_wrong) {
    problems.set(item.id, went_wrong);
    const now = store.items.get(item.id);
    const draft = detail.draft(item.id);  // an edit form tells by itself what changed
    if ([409, 412].includes(went_wrong.status) && now && draft?.mode !== "edit") detail.note(item.id, differences(draft?.base ?? item, now));
  } else {
    detail.notes.delete(item.id);
    if (answer?.canary) {  // the item stays selected: it says what was wrong with it
      detail.end(item.id, true);
      say(answer.canary.caught ? "Well seen: a canary." : "That was a canary. Nothing was sent.");
    } else done();
  }
  draw();
}

/// The next one that still waits, after one has been decided.
function go_on(decided) {
  const items = store.view("open", null).filter(item => item.state === "open" && item.id !== decided.id);
  const next = items.find(item => Date.parse(item.created_at) > Date.parse(decided.created_at)) ?? items.at(-1);
  if (selected !== decided.id || view !== "open") return;
  const had_keyboard = !document.activeElement || document.activeElement === document.body || $("desk").contains(document.activeElement);
  select(narrow.matches ? null : next?.id ?? null);
  if (next && had_keyboard && !narrow.matches) focus_line($("list"), next.id);
}

const verbs = {
  approve(item) {
    if (item.state !== "open" || item.verdict?.decision === "deny" || detail.draft(item.id)) return;
    if (!detail.ready(item)) return say("This has just changed: look at it again.");
    decide(item, "approve", {hash: item.hash}, () => {
      const waits = store.items.get(item.id)?.state === "open";
      say(waits ? "Approved. A second person must agree." : "Approved.");
      if (!waits) go_on(item);
    });
  },
  edit(item) {
    if (item.state === "open") detail.begin("edit", item);
  },
  save(item, text) {
    const {base} = detail.draft(item.id);
    decide(item, "edit", {version: base.version, text}, () => {
      detail.end(item.id, true);
      say("Saved. It waits for approval.");
      focus_line($("list"), item.id);
    });
  },
  reject(item) {
    if (item.state === "open") detail.begin("reject", item);
  },
  reject_now(item, reason) {
    const draft = detail.draft(item.id);
    decide(item, "reject", {version: draft.base.version, reason}, () => {
      detail.end(item.id, true);
      say("Rejected.");
      go_on(item);
    }).then(() => { draft.base = store.items.get(item.id) ?? draft.base; });  // what changed has been shown
  },
  ask(item) {
    if (item.state === "open") detail.begin("ask", item, {departments: api.departments()});
  },
  ask_now(item, question) {
    decide(item, "questions", question, () => {
      detail.end(item.id, true);
      say(`Asked @${question.department}. The answer appears here.`);
    });
  },
  answer(item, id) {
    const about = item.questions?.find(q => q.id === Number(id));
    if (about) detail.begin("answer", item, {about});
  },
  answer_now(item, given) {
    decide(item, "answer", given, () => {
      detail.end(item.id, true);
      say("Answered.");
    });
  },
  cancel(item) {
    detail.end(item.id);
    focus_line($("list"), item.id);
  },
  posted(item) {
    decide(item, "settle", {version: item.version, posted: true}, () => say("Noted: it was posted."));
  },
  not_posted(item) {
    decide(item, "settle", {version: item.version, posted: false}, () => say("Noted: it was not posted."));
  },
  switch(item, id) {
    const other = Number(id);
    store.refresh(other).then(() => store.items.has(other) ? select(other) : say("That reply is no longer there."));
  },
  back() {
    const was = selected;
    select(null);
    focus_line($("list"), was);
  },
};

function act(verb, argument) {
  const item = store.items.get(selected);
  if (item) verbs[verb](item, argument);
}

// ---- keys

const keys_on = $("keys-on");
try { keys_on.checked = localStorage.getItem("kith.keys") !== "off"; } catch { /* storage is denied */ }
keys_on.onchange = () => { try { localStorage.setItem("kith.keys", keys_on.checked ? "on" : "off"); } catch { /* denied */ } };

const keys = {
  j: () => step(1),
  k: () => step(-1),
  a: () => act("approve"),
  e: () => act("edit"),
  r: () => act("reject"),
  "?": () => $("help").showModal(),
};

document.addEventListener("keydown", e => {
  if ($("desk").hidden || $("help").open || e.isComposing || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === "Escape") {
    if (detail.draft(selected)) act("cancel");
    return;
  }
  const typing = e.target.closest("input, textarea, select, [contenteditable]");
  if (typing || e.repeat || !keys_on.checked || !Object.hasOwn(keys, e.key)) return;
  e.preventDefault();
  keys[e.key]();
});

$("keys").onclick = () => $("help").showModal();
for (const tab of document.querySelectorAll("nav [data-view]")) {
  tab.onclick = () => {
    view = tab.dataset.view;
    place = 0;
    select(null);
  };
}
$("sign-out").onclick = async () => {
  try { await api.sign_out(); } catch (problem) { if (problem.status !== 401) return say(problem.message); }
  location.replace(location.pathname);  // a new page holds nothing of what this one knew
};

// ---- the session

/// What went wrong in the background. That no answer comes, the status line tells already.
function failed(problem) {
  if (problem.status === 401) leave();
  else if (problem.status !== 0) say([problem.message, problem.detail].filter(Boolean).join(". "));
}

async function look_at_status() {
  if (!line || document.hidden) return;
  try {
    status = await api.status();
  } catch (problem) {
    return failed(problem);
  }
  const open = [...store.items.values()].filter(item => view_of(item) === "open" && item.state === "open").length;
  if (status?.queue && store.loaded && status.queue.open !== open && store.running.size === 0) store.load(selected);
  draw();
}

function enter(user) {
  $("door").hidden = true;
  $("desk").hidden = false;
  if (location.hash) history.replaceState(null, "", location.pathname);
  $("user").textContent = user?.name ?? user ?? "";
  line?.stop();
  line = listen({
    on_all: () => { store.load(selected); look_at_status(); },
    on_one: id => store.refresh(id),
    on_line(is_live) {
      live = is_live;
      draw();
      if (!is_live) store.load(selected);  // also tells us whether we are still signed in
    },
  });
  store.load(selected);
  look_at_status();
}

/// Back to the door. What was being typed stays where it is.
function leave() {
  if (!$("door").hidden) return;
  line?.stop();
  line = null;
  show_door(enter);
}

async function begin() {
  try {
    enter((await api.session())?.user);
  } catch (problem) {
    show_door(enter);
    if (problem.status !== 401) $("door-error").textContent = problem.message;
  }
}

setInterval(() => { refresh_times(); look_at_status(); }, 30000);
addEventListener("hashchange", begin);
begin();
