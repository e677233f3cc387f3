/* Kith's chat for a company's own site: <script src="https://HOST/webchat/ACCOUNT/widget.js" defer></script>
 *
 * Asks nothing of the page but script-src and connect-src for HOST: styles are constructed sheets in a closed shadow
 * root, nothing is ever parsed as markup, nothing else is loaded. Nothing connects and nothing is stored before the
 * visitor opens the chat for the first time.
 *
 * On the tag, all optional: data-title, data-greeting, data-color="#rrggbb", data-lang="en|de". */
(() => {
  "use strict";

  const script = document.currentScript;
  const place = /^http(s?:\/\/[^?#]*\/webchat\/([\w.~%-]+))\/widget\.js(?:[?#]|$)/.exec(script ? script.src : "");
  if (!place || document.querySelector("kith-webchat")) return;
  const socket_url = `ws${place[1]}/socket`;
  const given = (name, most) => (script.dataset[name] || "").trim().slice(0, most);

  // ---- words

  const words = {
    en: {
      title: "Chat", greeting: "Hello! How can we help?", open: "Open chat", close: "Close chat", log: "Conversation",
      label: "Your message", hint: "Write a message", send: "Send", you: "You", team: "Our team", sending: "sending…",
      failed: "not sent", again: "Try again", connecting: "Connecting…", offline: "No connection. Trying again…",
      fresh: n => n === 1 ? "1 new message" : `${n} new messages`, from: name => `New message from ${name}`,
      left: n => n < 0 ? `${-n} characters too long` : `${n} characters left`, cut: "… (too long to show)",
      wrong: "Something went wrong. Please try again.",
      why: {too_long: "too long", too_fast: "too many messages at once"},
    },
    de: {
      title: "Chat", greeting: "Hallo! Wie können wir helfen?", open: "Chat öffnen", close: "Chat schließen",
      log: "Unterhaltung", label: "Ihre Nachricht", hint: "Nachricht schreiben", send: "Senden", you: "Sie",
      team: "Unser Team", sending: "wird gesendet …", failed: "nicht gesendet", again: "Noch einmal versuchen",
      connecting: "Verbindung wird hergestellt …", offline: "Keine Verbindung. Neuer Versuch läuft …",
      fresh: n => n === 1 ? "1 neue Nachricht" : `${n} neue Nachrichten`, from: name => `Neue Nachricht von ${name}`,
      left: n => n < 0 ? `${-n} Zeichen zu lang` : `noch ${n} Zeichen`, cut: "… (zu lang zum Anzeigen)",
      wrong: "Etwas ist schiefgegangen. Bitte versuchen Sie es noch einmal.",
      why: {too_long: "zu lang", too_fast: "zu viele Nachrichten auf einmal"},
    },
  };
  const language = [given("lang", 35), document.documentElement.lang, navigator.language, "en"]
    .find(tag => /^[a-z]{2,3}(-[a-z0-9]{1,8})*$/i.test(tag || ""));
  const tongue = /^de\b/i.test(language) ? "de" : "en";
  const say = words[tongue];
  const locale = [navigator.language, language].find(tag => tag.startsWith(tongue)) || tongue;

  // ---- what is kept between pages; in memory where the browser denies storage

  const memory = new Map();
  const keep = (area, name) => {
    const key = `kith.webchat.${place[2]}.${name}`;
    return {
      get() {
        try { return window[area].getItem(key) ?? memory.get(key) ?? ""; } catch { return memory.get(key) ?? ""; }
      },
      set(value) {
        memory.set(key, String(value));
        try { window[area].setItem(key, String(value)); } catch { /* denied or full: memory has it */ }
      },
    };
  };
  const kept_visitor = keep("localStorage", "visitor");
  const kept_read = keep("localStorage", "read");
  const kept_unsent = keep("sessionStorage", "unsent");  // of this tab: two tabs must not send each other's
  const kept_open = keep("sessionStorage", "open");

  // ---- state

  let visitor = kept_visitor.get();
  let newest = 0;                 // highest seq shown
  let unread = 0;
  let limit = 2000;               // code points
  let quiet = null;
  let unsent = [];                // {id, text, failed?}: ours, without an ack; oldest first
  try {
    unsent = JSON.parse(kept_unsent.get()).filter(m => typeof m.id === "string" && typeof m.text === "string");
  } catch { /* nothing kept */ }
  const rows = new Map();         // id of one of ours, or seq → its row

  // ---- the furniture

  function make(tag, properties, ...children) {
    const e = document.createElement(tag);
    for (const [name, value] of Object.entries(properties || {})) {
      if (name === "class") e.className = value;
      else if (name.startsWith("on")) e.addEventListener(name.slice(2), value);
      else e.setAttribute(name, value);
    }
    e.append(...children);
    return e;
  }

  function icon(path) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    for (const [name, value] of [["viewBox", "0 0 24 24"], ["aria-hidden", "true"]]) svg.setAttribute(name, value);
    const p = document.createElementNS("http://www.w3.org/2000/svg", "path");
    p.setAttribute("d", path);
    svg.append(p);
    return svg;
  }

  const title = given("title", 60) || say.title;
  const badge = make("span", {class: "badge", hidden: ""});
  const bubble = make("button", {class: "bubble", type: "button", "aria-expanded": "false", "aria-controls": "panel",
                                 "aria-label": say.open, onclick: () => toggle(panel.hidden)},
    icon("M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-8l-5 4v-4H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z"), badge);
  const state = make("p", {class: "state", role: "status", hidden: ""});
  const log = make("div", {class: "log", role: "log", "aria-live": "polite", "aria-label": say.log, tabindex: "0"});
  const input = make("textarea", {id: "input", rows: "1", placeholder: say.hint, autocomplete: "off",
                                  "aria-describedby": "count", oninput: measure, onkeydown: on_type});
  const count = make("p", {id: "count", class: "count", role: "status"});
  const send = make("button", {class: "send", type: "submit", "aria-label": say.send}, icon("M3 4l19 8-19 8v-6l12-2-12-2z"));
  const panel = make("section", {id: "panel", class: "panel", role: "dialog", "aria-labelledby": "title", hidden: ""},
    make("header", {}, make("h2", {id: "title"}, title),
      make("button", {class: "close", type: "button", "aria-label": say.close, onclick: () => toggle(false)},
        icon("M6 4.6L4.6 6l6 6-6 6L6 19.4l6-6 6 6 1.4-1.4-6-6 6-6L18 4.6l-6 6z"))),
    state, log,
    make("form", {onsubmit: e => { e.preventDefault(); submit(); }},
      make("label", {for: "input", class: "unseen"}, say.label), input, send, count));
  const herald = make("p", {class: "unseen", role: "status"});  // speaks while the panel is closed

  // ---- rows of the conversation

  /// `text` as text nodes; http and https addresses as links where `links`.
  function fill(e, text, links) {
    const shown = text.length > 20000 ? text.slice(0, 20000) + say.cut : text;
    let from = 0;
    // An address ends at white space, quotes, controls and marks of direction, and before punctuation that ends a sentence.
    const address = /\bhttps?:\/\/[^\s<>"'`\u0000-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/gi;
    for (const found of links ? shown.matchAll(address) : []) {
      const href = found[0].replace(/[.,;:!?…]+$/, "").replace(/^([^(]*)\)+$/, "$1");
      let url;
      try { url = new URL(href); } catch { continue; }
      if (!/^https?:$/.test(url.protocol) || url.username || url.password) continue;
      e.append(shown.slice(from, found.index),
        make("a", {href: url.href, target: "_blank", rel: "noopener noreferrer"}, href));
      from = found.index + href.length;
    }
    e.append(shown.slice(from));
    return e;
  }

  function when(at) {
    const date = new Date(at);
    if (isNaN(date)) return "";
    const today = date.toDateString() === new Date().toDateString();
    const form = today ? {timeStyle: "short"} : {dateStyle: "medium", timeStyle: "short"};
    return make("time", {datetime: date.toISOString()}, new Intl.DateTimeFormat(locale, form).format(date));
  }

  /// Makes a change that may move the end of the conversation out of sight, for somebody who was reading there.
  function keep_end(change, always = false) {
    const at_end = always || log.scrollHeight - log.scrollTop - log.clientHeight < 60;
    change();
    if (at_end) log.scrollTop = log.scrollHeight;
  }

  /// Puts a row where its number belongs; what has no number yet stays last.
  function put(row, order) {
    row.order = order;
    const before = [...log.children].find(e => e !== row && e.order > order) || null;
    if (row.isConnected && row.nextElementSibling === before) return;
    keep_end(() => log.insertBefore(row, before), order === Infinity);
  }

  function make_row(kind, name, text) {
    return make("div", {class: `row ${kind}`},
      make("p", {class: kind === "visitor" ? "who unseen" : "who"}, make("bdi", {}, name)),
      fill(make("p", {class: "text", dir: "auto"}), text, kind === "staff"), make("p", {class: "meta"}));
  }

  function system_row(text, order) {
    const row = make("div", {class: "row system"}, make("p", {class: "text", dir: "auto"}, text));
    put(row, order);
    return row;
  }

  function show(m) {
    if (!Number.isSafeInteger(m.seq) || typeof m.text !== "string" || rows.has(m.seq)) return;
    const ours = m.from !== "staff";
    const waiting = ours && rows.get(m.id);
    const row = waiting || make_row(ours ? "visitor" : "staff", ours ? say.you : String(m.name || say.team).slice(0, 80), m.text);
    settle(m.id, row, m.seq, m.at);
    if (ours) return;
    if (panel.hidden && m.seq > Number(kept_read.get())) {
      unread += 1;
      herald.textContent = say.from(m.name || say.team);
    }
    tell();
  }

  /// A row that has its number: it is no longer waiting.
  function settle(id, row, seq, at) {
    newest = Math.max(newest, seq);
    rows.set(seq, row);
    row.classList.remove("waiting", "failed");
    row.lastElementChild.replaceChildren(when(at));
    put(row, seq);
    if (!rows.delete(id)) return;
    unsent = unsent.filter(m => m.id !== id);
    save_unsent();
  }

  function show_unsent(m) {
    let row = rows.get(m.id);
    if (!row) {
      row = make_row("visitor", say.you, m.text);
      rows.set(m.id, row);
      put(row, Infinity);
    }
    row.classList.toggle("waiting", !m.failed);
    row.classList.toggle("failed", Boolean(m.failed));
    const why = m.failed && say.why[m.failed] ? ` (${say.why[m.failed]})` : "";
    keep_end(() => row.lastElementChild.replaceChildren(...(m.failed
      ? [`${say.failed}${why} – `, make("button", {type: "button", class: "again", onclick: () => try_again(m)}, say.again)]
      : [say.sending])));
  }

  function save_unsent() {
    kept_unsent.set(JSON.stringify(unsent));
    if (unsent.every(m => m.failed)) clearTimeout(ack_timer);
  }

  function tell() {
    if (!panel.hidden) {
      unread = 0;
      if (newest > Number(kept_read.get())) kept_read.set(newest);
    }
    badge.hidden = unread === 0;
    badge.textContent = unread > 9 ? "9+" : String(unread);
    bubble.setAttribute("aria-label", !panel.hidden ? say.close : unread ? `${say.open}, ${say.fresh(unread)}` : say.open);
  }

  // ---- the panel

  function toggle(open, focus = true) {
    panel.hidden = !open;
    bubble.setAttribute("aria-expanded", String(open));
    kept_open.set(open ? "1" : "");
    if (open) {
      if (!socket) connect();
      log.scrollTop = log.scrollHeight;
    }
    if (focus) (open ? input : bubble).focus();
    tell();
  }

  function measure() {
    keep_end(() => {
      input.rows = 1;
      input.rows = Math.min(6, Math.max(1, Math.floor(input.scrollHeight / 22)));
    });
    const left = limit - [...input.value.trim()].length;
    count.textContent = left < Math.min(200, limit / 5) ? say.left(left) : "";
    send.disabled = left < 0;
  }

  function on_type(e) {
    if (e.key !== "Enter" || e.shiftKey || e.isComposing || e.keyCode === 229) return;
    e.preventDefault();
    submit();
  }

  function uuid() {
    if (crypto.randomUUID) return crypto.randomUUID();  // absent on plain http
    const b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = b[6] & 0x0f | 0x40;
    b[8] = b[8] & 0x3f | 0x80;
    return Array.from(b, (x, i) => ([4, 6, 8, 10].includes(i) ? "-" : "") + x.toString(16).padStart(2, "0")).join("");
  }

  function submit() {
    const text = input.value.trim();
    if (!text || [...text].length > limit) return;
    const m = {id: uuid(), text};
    unsent.push(m);
    save_unsent();
    show_unsent(m);
    input.value = "";
    measure();
    transmit(m);
  }

  function try_again(m) {
    delete m.failed;
    save_unsent();
    show_unsent(m);
    input.focus();
    transmit(m);
  }

  // ---- the line

  let socket = null, welcomed = 0, attempts = 0;
  let retry_timer = 0, welcome_timer = 0, ack_timer = 0, quiet_timer = 0;

  function connect() {
    hang_up();
    show_state();
    const s = socket = new WebSocket(socket_url, "kith.webchat.1");
    s.onopen = () => s.send(JSON.stringify({type: "hello", visitor: visitor || undefined, after: newest, lang: language,
                                            page: location.origin + location.pathname}));  // a query may hold secrets
    s.onmessage = e => { if (s === socket) receive(e.data); };
    s.onclose = () => { if (s === socket) lost(); };
    welcome_timer = setTimeout(lost, 20000);
  }

  function hang_up() {
    for (const timer of [retry_timer, welcome_timer, ack_timer]) clearTimeout(timer);
    const s = socket;
    socket = null;
    if (welcomed && Date.now() - welcomed > 10000) attempts = 0;  // one that ends at once is no success
    welcomed = 0;
    if (s) s.close();
  }

  /// Full jitter: a daemon that restarts is not met by all its visitors at once.
  function lost() {
    hang_up();
    attempts += 1;
    show_state();
    retry_timer = setTimeout(connect, Math.random() * Math.min(60000, 500 * 2 ** attempts));
  }

  function show_state(text = welcomed ? "" : attempts ? say.offline : say.connecting) {
    state.hidden = !text;
    state.textContent = text;
  }

  function transmit(m) {
    if (!socket) connect();
    if (!welcomed) return;  // the welcome sends all that waits
    socket.send(JSON.stringify({type: "say", id: m.id, text: m.text}));
    clearTimeout(ack_timer);
    ack_timer = setTimeout(lost, 15000);  // the link is dead and does not know it
  }

  const on = {
    welcome(frame) {
      clearTimeout(welcome_timer);
      welcomed = Date.now();
      if (visitor && frame.visitor !== visitor) forget();
      visitor = String(frame.visitor || "");
      kept_visitor.set(visitor);
      limit = frame.limits && frame.limits.text > 0 ? frame.limits.text : limit;
      quiet = frame.quiet && frame.quiet.after_seconds > 0 && frame.quiet.text ? frame.quiet : null;
      (Array.isArray(frame.messages) ? frame.messages : []).forEach(show);
      unsent.filter(m => !m.failed).forEach(transmit);
      show_state();
      measure();
      watch_quiet();
    },
    message(frame) {
      show(frame);
      watch_quiet();
    },
    ack(frame) {
      const m = unsent.find(one => one.id === frame.id);
      if (!m || !Number.isSafeInteger(frame.seq)) return;
      if (rows.has(frame.seq)) rows.get(m.id).remove();  // the same, already shown as a message
      settle(m.id, rows.get(frame.seq) || rows.get(m.id), frame.seq, frame.at || Date.now());
      watch_quiet();
    },
    error(frame) {
      const m = unsent.find(one => one.id === frame.id);
      if (!m) return show_state(say.wrong);
      m.failed = String(frame.code || "error");
      save_unsent();
      show_unsent(m);
    },
  };

  function receive(data) {
    let frame;
    try { frame = JSON.parse(data); } catch { return; }
    if (frame && Object.hasOwn(on, frame.type)) on[frame.type](frame);
  }

  /// The daemon no longer knows us: what was shown belongs to a visitor who is gone.
  function forget() {
    for (const row of [...log.children]) if (row.order > 0 && row.order < Infinity) row.remove();
    for (const key of [...rows.keys()]) if (typeof key === "number") rows.delete(key);
    newest = unread = 0;
    kept_read.set(0);
    tell();
  }

  // ---- nobody answers

  let quiet_row = null;

  function watch_quiet() {
    clearTimeout(quiet_timer);
    const last = rows.get(newest);
    if (!last || last.classList.contains("staff")) {
      if (quiet_row) quiet_row.remove();
      quiet_row = null;
      return;
    }
    if (!quiet || quiet_row) return;
    const time = last.querySelector("time");
    const passed = Math.max(0, Date.now() - Date.parse(time ? time.dateTime : "") || 0);
    quiet_timer = setTimeout(() => { quiet_row = system_row(quiet.text, newest + 0.5); },
      Math.max(0, quiet.after_seconds * 1000 - passed));
  }

  // ---- looks

  const hex = /^#(?:[0-9a-f]{3}){1,2}$/i.test(given("color", 7)) ? given("color", 7) : "#2f5d50";
  const full = hex.length === 4 ? hex.replace(/[0-9a-f]/gi, "$&$&") : hex;
  const light = [1, 3, 5].map(i => parseInt(full.slice(i, i + 2), 16) / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);

  const css = `
:host { all: initial !important; position: fixed !important; inset: auto 0 0 auto !important; z-index: 2147483000 !important;
  font: 15px/22px system-ui, sans-serif !important; color-scheme: light dark !important; direction: ltr !important;
  --accent: ${full}; --on-accent: ${light > 0.179 ? "#000" : "#fff"};
  --paper: #fff; --ink: #1c2321; --soft: #5b6663; --line: #d9dedc; --staff: #eef1f0; --bad: #a3261b; --link: #0b57a4; }
@media (prefers-color-scheme: dark) {
  :host { --paper: #171c1b; --ink: #e9eeec; --soft: #a3afab; --line: #37403d; --staff: #262d2b; --bad: #ff9a8f; --link: #8fc1ff; } }
* { box-sizing: border-box; margin: 0; font: inherit; color: inherit; }
[hidden] { display: none !important; }
button { cursor: pointer; border: 1px solid transparent; background: none; padding: 0; }
:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; box-shadow: 0 0 0 2px var(--paper); }
svg { width: 26px; height: 26px; fill: currentColor; display: block; margin: auto; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.bubble { position: fixed; right: 20px; bottom: 20px; width: 58px; height: 58px; border-radius: 50%;
  background: var(--accent); color: var(--on-accent); box-shadow: 0 3px 14px #0005; }
.badge { position: absolute; top: -4px; right: -4px; min-width: 22px; padding: 0 6px; border-radius: 11px;
  background: #b3261e; color: #fff; font-size: 13px; font-weight: 600; text-align: center; }
.panel { position: fixed; right: 20px; bottom: 92px; width: 372px; height: min(600px, calc(100dvh - 112px)); display: flex;
  flex-direction: column; overflow: hidden; background: var(--paper); color: var(--ink); border: 1px solid var(--line);
  border-radius: 14px; box-shadow: 0 10px 40px #0004; animation: rise .14s ease-out; }
@keyframes rise { from { opacity: 0; transform: translateY(10px); } }
header { display: flex; align-items: center; gap: 8px; padding: 10px 8px 10px 16px; background: var(--accent); color: var(--on-accent); }
h2 { flex: 1; font-size: 17px; font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.close { width: 40px; height: 40px; border-radius: 8px; }
.close svg { width: 20px; height: 20px; }
.close:focus-visible { outline-color: var(--on-accent); outline-offset: -3px; box-shadow: none; }
.state { padding: 4px 16px; font-size: 13px; background: var(--staff); color: var(--soft); }
.log { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 14px 14px 6px; display: flex; flex-direction: column; gap: 10px; }
.log:focus-visible { outline-offset: -3px; box-shadow: none; }
.row { max-width: 84%; align-self: flex-start; flex: none; display: flex; flex-direction: column; align-items: flex-start; }
.row:first-child { margin-top: auto; }
.who, .meta { font-size: 12.5px; line-height: 18px; color: var(--soft); padding: 0 4px; overflow: hidden; text-overflow: ellipsis; }
.text { padding: 8px 12px; border-radius: 14px; border: 1px solid transparent; background: var(--staff); white-space: pre-wrap;
  overflow-wrap: anywhere; unicode-bidi: isolate; }
.staff .text { border-bottom-left-radius: 4px; }
.row > * { max-width: 100%; }
.visitor { align-self: flex-end; align-items: flex-end; }
.visitor .text { background: var(--accent); color: var(--on-accent); border-bottom-right-radius: 4px; }
.visitor .meta { text-align: right; }
.waiting .text { opacity: .72; }
.failed .text { border: 1px dashed var(--bad); background: none; color: var(--ink); }
.failed .meta, .count { color: var(--bad); }
.again { text-decoration: underline; }
.system { align-self: center; text-align: center; text-wrap: balance; }
.system .text { background: none; color: var(--soft); font-size: 14px; }
.text a { color: var(--link); }
form { display: flex; flex-wrap: wrap; align-items: flex-end; gap: 8px; padding: 10px; border-top: 1px solid var(--line); }
textarea { flex: 1; min-width: 0; resize: none; padding: 8px 12px; border: 1px solid var(--soft); border-radius: 12px;
  background: var(--paper); font-size: 16px; }
textarea:focus-visible { outline-offset: -1px; box-shadow: none; }
textarea::placeholder { color: var(--soft); opacity: 1; }
.send { width: 42px; height: 42px; border-radius: 50%; background: var(--accent); color: var(--on-accent); }
.send:disabled { opacity: .45; cursor: default; }
.count { flex-basis: 100%; font-size: 12.5px; line-height: 18px; }
.count:empty { position: absolute; }
@media (max-width: 480px) {
  .panel { inset: 0; width: auto; height: 100dvh; border: 0; border-radius: 0; }
  .panel:not([hidden]) ~ .bubble { display: none; } }
@media (prefers-reduced-motion: reduce) { .panel { animation: none; } }
@media print { :host { display: none !important; } }`;

  // ---- begin

  function begin() {
    const host = document.createElement("kith-webchat");
    host.lang = tongue;
    const root = host.attachShadow({mode: "closed"});
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
    root.append(panel, bubble, herald);
    for (const type of ["keydown", "keypress", "keyup"]) {
      root.addEventListener(type, e => {
        e.stopPropagation();  // what is typed here must not set off the page's own shortcuts
        if (type === "keydown" && e.key === "Escape" && !panel.hidden && !e.isComposing) toggle(false);
      });
    }
    document.body.append(host);
    system_row(given("greeting", 500) || say.greeting, 0);
    unsent.forEach(show_unsent);
    tell();
    if (kept_open.get()) toggle(true, false);
    else if (visitor) connect();

    let hidden_at = 0;
    addEventListener("online", () => { if (visitor || socket || attempts) connect(); });
    addEventListener("offline", () => { if (socket) lost(); });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return void (hidden_at = Date.now());
      // After a sleep the link may be dead without knowing; a new one costs little and loses nothing.
      if ((attempts && !welcomed) || (socket && Date.now() - hidden_at > 60000)) connect();
    });
  }

  if (document.body) begin();
  else addEventListener("DOMContentLoaded", begin);
})();
