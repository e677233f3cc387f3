// The console's side of the double: people, sessions, the queue and its live events, as the API's contract has them.
import {createHash, randomUUID} from "node:crypto";

const minute = 60_000;
export const iso = ms => new Date(ms).toISOString();

/// A suggestion with everything in it, changed by `with_these` (`words`: those of the message).
export function suggestion(id, with_these = {}) {
  const {words = "How do I reset my password?", mark = "reset my password", at = iso(Date.now() - (1000 - id) * minute / 10), ...rest} = with_these;
  const begin = Buffer.byteLength(words.slice(0, words.indexOf(mark)));
  return {
    id, message_id: 1000 + id, thread: `t${id}`, state: "open", account: "site", platform: "bluesky", department: "support", language: "en", kind: "help", reply: "steps",
    playbook: {id: "sign-in-trouble", title: "Cannot sign in", revision: "3f2a9c01d4e5aa", commit: "5f1c2b7a9d3e"},
    text: `Hi Person ${id}, sorry you're locked out. Open the sign-in page, choose "Forgotten?", and follow the letter we send you.`,
    words, marks: words.includes(mark) ? [{trigger: "phrase", begin, end: begin + Buffer.byteLength(mark)}] : [], message_revision: "1", deleted: false, url: "https://example.org/m",
    contact: {id: 500 + id, handle: `person${id}.example`, name: `Person ${id}`, stage: "attention", customer: false,
      path: [{at, from: "", to: "attention", why: "wrote to us"}]},
    written_at: at, expires_at: null, urgency: 0, because: "", purpose: "reply",
    verdict: {decision: "allow", reasons: [{rule: "house.reciprocity", says: "allow", why: "three helpful replies before this one"}], packs: [], not_before: null},
    cites: [{id: "reset-password", title: "Resetting a password", text: "Choose Forgotten? and follow the letter.", url: "https://example.org/help", review_by: "2027-01-01", owner: "support"}],
    others: [], changed: [], questions: [], history: [], first_approval_by: null, assigned: null, snoozed_until: null, claim: null, reason: null, receipt: null, undo_until: null, held: null,
    thread_lines: [{native_id: `at://root${id}`, author: {handle: "other.example", name: ""}, ours: false, text: "Anybody else locked out today?", written_at: at},
      {native_id: `at://m${id}`, author: {handle: `person${id}.example`, name: `Person ${id}`}, ours: false, text: words, written_at: at}],
    ...rest,
  };
}

export class Queue {
  items = new Map();
  people = {ada: {id: 1, name: "Ada", password: "correct horse battery", role: "admin", totp: "123456"}};
  setups = new Map();          // token → login of a person who may set a password
  sessions = new Map();        // cookie → {login, factor}
  sockets = new Map();         // socket → {login, looking}
  canaries = new Set();
  calls = [];                  // {call: "approve 1", body, by}
  views = [];
  seq = 0;
  boot = randomUUID();
  ring = [];
  away = false;
  undo_ms = 10_000;
  before_answer = null;        // called once, before the next write is judged, which waits for it
  no_answer = false;           // no write is answered, nor done
  broken = null;               // what of the API (a pattern of paths) cannot be had
  shown = [];                  // the items that were looked at, as the record has them
  links = new Map();           // token → {id, hash, used}
  status = {
    version: "0.1.0", started_at: iso(Date.now()), accounts: [{id: "site", platform: "webchat", state: "running", since: iso(Date.now()), detail: "", last_event_at: iso(Date.now()), gaps: 0}],
    playbooks: {count: 3, live: 2, commit: "5f1c2b7a9d3e", loaded_at: iso(Date.now()), errors: []}, stopped: [], packs: [], canaries: {rate: 0},
  };
  #timers = new Set();

  stop() { for (const timer of this.#timers) clearTimeout(timer); }

  // ---- live events

  meet(ws, request, url) {
    this.sockets.set(ws, {login: this.#session(request).login, looking: null});
    ws.on("close", () => { this.sockets.delete(ws); this.#presence(); });
    ws.on("message", data => {
      const {type, message} = JSON.parse(data);
      if (type === "looking") { this.sockets.get(ws).looking = message; this.#presence(); }
    });
    const after = Number(url.searchParams.get("after")), first = this.ring[0]?.seq ?? this.seq + 1;
    const resumed = url.searchParams.get("boot") === this.boot && after >= first - 1;
    ws.send(JSON.stringify([{type: "hello", seq: this.seq, boot: this.boot, resumed}, ...resumed ? this.ring.filter(e => e.seq > after) : []]));
  }

  /// While `held` is a list, events wait there: they come after the answer to what caused them.
  held = null;
  release() {
    const all = this.held;
    this.held = null;
    for (const event of all) this.tell(event);
  }

  tell(event) {
    if (this.held) return void this.held.push(event);
    this.ring.push({...event, seq: ++this.seq});
    for (const [ws, {deaf}] of this.sockets) if (!deaf) ws.send(JSON.stringify([this.ring.at(-1)]));
  }

  #presence() {
    for (const message of new Set([...this.sockets.values()].map(s => s.looking).filter(Boolean))) {
      const people = [...new Set([...this.sockets.values()].filter(s => s.looking === message).map(s => s.login))].map(l => ({login: l, name: this.people[l].name}));
      for (const ws of this.sockets.keys()) ws.send(JSON.stringify([{type: "presence", message, people}]));
    }
  }

  /// As a restart does: nobody is connected, and nothing can be resumed.
  restart() {
    this.boot = randomUUID();
    this.ring = [];
    this.seq = 0;
    this.cut();
  }
  cut() { for (const ws of this.sockets.keys()) ws.close(1001); }
  /// As a line that is half open: nothing comes through it any more, and nobody is told.
  deafen() { for (const one of this.sockets.values()) one.deaf = true; }
  end_sessions() {
    this.sessions.clear();
    for (const ws of this.sockets.keys()) ws.close(4401);
  }

  // ---- what is shown

  /// Puts or changes an item and tells the pages; its version rises by `by`.
  put(item, by = 1) {
    const before = this.items.get(item.id);
    const now = {...before, ...item, version: (before?.version ?? 0) + by};
    now.hash = createHash("sha256").update(JSON.stringify([now.text, now.words, now.message_revision, now.verdict])).digest("hex");
    this.items.set(now.id, now);
    this.tell({type: "item", item: this.line(now)});
    return now;
  }

  length_of(text) { return {used: [...new Intl.Segmenter().segment(text)].length, most: 300, unit: "graphemes"}; }
  preview_of(text) {
    return text.split(/(https?:\/\/\S+|[@#]\w+)/).filter(Boolean).map(part => /^http/.test(part) ? {text: part, kind: "link", url: part} :
      {text: part, kind: part[0] === "@" ? "mention" : part[0] === "#" ? "tag" : "text"});
  }

  line(i) {
    return {
      id: i.id, version: i.version, message: i.message_id, thread: i.thread, account: i.account, platform: i.platform, department: i.department, playbook: i.playbook.id,
      title: i.playbook.title, kind: i.kind, language: i.language, state: i.state,
      contact: {id: i.contact.id, handle: i.contact.handle, name: i.contact.name, stage: i.contact.stage, customer: i.contact.customer},
      excerpt: i.words.slice(0, 200), draft: i.text.slice(0, 120), received_at: i.written_at, expires_at: i.expires_at, urgency: i.urgency, because: i.because,
      verdict: i.verdict.decision, first_approval_by: i.first_approval_by, assigned: i.assigned, snoozed_until: i.snoozed_until, claim: i.claim,
      candidates: i.others.length + 1, changed: i.changed.length > 0, questions_waiting: i.questions.filter(q => !q.answered_at).length,
    };
  }

  candidate(i, rank) {
    return {id: i.id, version: i.version, hash: i.hash, rank, kind: i.kind, reply: i.reply, text: i.text, language: i.language, verdict: i.verdict,
      length: this.length_of(i.text), cites: i.cites, preview: this.preview_of(i.text)};
  }

  detail(i) {
    const all = [i.id, ...i.others].map(id => this.items.get(id)).filter(c => c && (c.id === i.id || c.state === "open"));
    return {
      ...this.line(i), text: i.text, hash: i.hash, length: this.length_of(i.text), preview: this.preview_of(i.text), reply: {id: i.reply, kind: i.kind}, purpose: i.purpose,
      message: {id: i.message_id, native_id: `at://m${i.id}`, text: i.words, revision: i.message_revision, written_at: i.written_at, url: i.url, marks: i.marks, deleted: i.deleted},
      thread_lines: i.thread_lines, contact: i.contact, candidates: all.map((c, k) => this.candidate(c, k + 1)), cites: i.cites, verdict: i.verdict, playbook: i.playbook,
      questions: i.questions, changed: i.changed, history: i.history, receipt: i.receipt, reason: i.reason, undo_until: i.undo_until, held: i.held, ...i.canary && {canary: i.canary},
    };
  }

  /// By thread, that with the most urgent item first; within a thread by time. An alternative shows with its first.
  list(filter) {
    const hidden = new Set([...this.items.values()].flatMap(i => i.others.filter(o => o > i.id)));
    const found = [...this.items.values()].filter(i => !hidden.has(i.id) && i.state === (filter.get("state") ?? "open") &&
      ["department", "account", "platform", "kind", "language"].every(f => !filter.get(f) || i[f] === filter.get(f)) &&
      (!filter.get("q") || i.words.includes(filter.get("q"))) && Boolean(i.snoozed_until) === Boolean(filter.get("snoozed")));
    const most = new Map();
    for (const i of found) most.set(i.thread, [Math.max(most.get(i.thread)?.[0] ?? 0, i.urgency), Math.min(most.get(i.thread)?.[1] ?? Infinity, Date.parse(i.written_at))]);
    return found.sort((a, b) => most.get(b.thread)[0] - most.get(a.thread)[0] || most.get(a.thread)[1] - most.get(b.thread)[1] ||
      (a.thread < b.thread ? -1 : a.thread > b.thread ? 1 : 0) || Date.parse(a.written_at) - Date.parse(b.written_at) || a.id - b.id);
  }

  // ---- requests

  #session(request) { return this.sessions.get(/kith=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1]); }
  inside(request) { return this.#session(request)?.factor === "done"; }

  async serve(request, url, send) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const json = (status, body, headers) => send(status, "application/json", body === undefined ? "" : JSON.stringify(body), headers);
    const problem = (status, name, title, detail = "", more = {}) =>
      send(status, "application/problem+json", JSON.stringify({type: `urn:kith:problem:${name}`, title, status, detail, ...more}));
    const reply = {json, problem, url, request};
    if (request.method !== "GET" && (request.headers["x-kith-request"] !== "1" || request.headers["content-type"] !== "application/json"))
      return problem(403, "not-allowed", "Not from the console");
    const body = chunks.length ? JSON.parse(Buffer.concat(chunks)) : {};
    const path = url.pathname.slice("/api/v1".length);
    if (this.broken?.test(path)) return problem(503, "unavailable", "Not possible right now");
    if (path.startsWith("/session") || path.startsWith("/me/totp")) return this.#door(path, body, reply);
    if (path.startsWith("/links/")) return this.#link(path, body, reply);
    const session = this.#session(request);
    if (!session) return problem(401, "not-signed-in", "Not signed in");
    if (session.factor !== "done") return problem(401, "second-factor-needed", "The second factor is needed");
    await this.#inside(request.method, path, body, {...reply, by: session.login});
  }

  async #inside(method, path, body, reply) {
    const {json, problem, url, by} = reply;
    if (path === "/status") return json(200, this.status);
    if (path === "/departments") return json(200, {items: [{id: "billing", name: "Billing"}, {id: "support", name: "Support"}], next: null});
    if (path === "/queue/counts") {
      const states = {}, departments = {};
      for (const i of this.items.values()) {
        states[i.state] = (states[i.state] ?? 0) + 1;
        if (i.state === "open") departments[i.department] = (departments[i.department] ?? 0) + 1;
      }
      return json(200, {states, departments: Object.entries(departments).map(([department, open]) => ({department, open})), canaries: 0});
    }
    if (path === "/queue" && method === "GET") {
      const all = this.list(url.searchParams), from = Number(url.searchParams.get("cursor") ?? 0), limit = Number(url.searchParams.get("limit") ?? 50);
      return json(200, {items: all.slice(from, from + limit).map(i => this.line(i)), next: from + limit < all.length ? String(from + limit) : null});
    }
    if (path === "/queue/approve") return this.#bulk(body, reply);
    if (path === "/views") {
      if (method === "GET") return json(200, {items: this.views, next: null});
      this.views.push({id: this.views.length + 1, version: 1, ...body});
      return json(201, this.views.at(-1));
    }
    if (path.startsWith("/views/")) {
      const view = this.views.find(v => v.id === Number(path.slice(7)));
      if (!view) return problem(404, "not-found", "No such view");
      if (reply.request.headers["if-match"] !== `"${view.version}"`) return problem(412, "precondition-failed", "This was changed meanwhile", "", {current: view});
      if (method === "PUT") return json(200, Object.assign(view, body, {version: view.version + 1}));
      this.views = this.views.filter(v => v !== view);
      return json(200, {});
    }
    const answered = /^\/questions\/(\d+)\/answer$/.exec(path)?.[1];
    if (answered) {
      this.calls.push({call: `answer ${answered}`, body, by});
      const item = [...this.items.values()].find(i => i.questions.some(q => q.id === Number(answered)));
      this.put({id: item.id, questions: item.questions.map(q => ({...q, answer: body.text, answered_by: by, answered_at: iso(Date.now())}))}, 0);
      this.tell({type: "question", id: Number(answered)});
      return json(200, {});
    }
    const [, id, verb] = /^\/suggestions\/(\d+)(?:\/(\w+))?$/.exec(path) ?? [];
    const item = this.items.get(Number(id));
    if (!item) return problem(404, "not-found", "No such suggestion");
    if (!verb) {
      if (url.searchParams.get("peek") !== "1") this.shown.push(item.id);
      return json(200, this.detail(item), {etag: `"${item.version}"`});
    }
    if (verb === "check") return this.#check(item, body, reply);
    this.calls.push({call: `${method === "DELETE" ? "release" : verb} ${id}`, body, by, if_match: reply.request.headers["if-match"], once: reply.request.headers["idempotency-key"]});
    if (this.no_answer) return reply.request.socket.destroy();  // the browser may try it once more by itself
    const hold = this.before_answer;
    this.before_answer = null;
    await hold?.();
    this.#act(this.items.get(item.id), method === "DELETE" ? "release" : verb, body, reply);
  }

  #check(item, {text}, {json}) {
    const problems = [], length = this.length_of(text), at = text.indexOf("guarantee");
    if (length.used > length.most) problems.push({kind: "length", begin: 0, end: 0, detail: `${length.used - length.most} too long for ${item.platform}`});
    if (at >= 0) problems.push({kind: "wording", begin: Buffer.byteLength(text.slice(0, at)), end: Buffer.byteLength(text.slice(0, at)) + 9, detail: "The house promises nothing."});
    const verdict = at < 0 ? item.verdict : {...item.verdict, decision: "deny", reasons: [{rule: "house.promises", says: "deny", why: "it promises something"}]};
    json(200, {verdict, length, preview: this.preview_of(text), problems});
  }

  #act(item, verb, body, reply) {
    const {json, problem, by, request} = reply, name = this.people[by].name;
    const record = what => [...item.history, {at: iso(Date.now()), who: name, act: what, suggestion: item.id, detail: ""}];
    const changed = detail => problem(409, "changed", "This is no longer what you saw", detail, {current: this.detail(item)});
    const done = (change, by_version = 1) => json(200, this.detail(this.put({id: item.id, ...change}, by_version)));
    if (["edit", "reject", "snooze", "assign", "handled", "settle", "undo"].includes(verb)) {
      const match = request.headers["if-match"];
      if (!match) return problem(428, "precondition-required", "If-Match is missing");
      if (match !== `"${item.version}"`) return problem(412, "precondition-failed", "This was changed meanwhile", "Look at it again.", {current: this.detail(item)});
    }
    if (this.canaries.has(item.id) && ["approve", "reject"].includes(verb)) {
      const told = "This was a canary, a draft that was wrong on purpose: it calls them Maria. Nothing was sent.";
      return done({state: "withdrawn", canary: {caught: verb !== "approve", told}});
    }
    switch (verb) {
    case "approve": return this.#approve(item, body, {...reply, record, changed, done, name});
    case "undo":
      if (!item.undo_until) return changed("It is being sent.");
      return done({state: "open", undo_until: null, history: record("undone")});
    case "edit":
      if (this.length_of(body.text).used > 300) return problem(422, "invalid", "Too long", "Bluesky takes 300 graphemes.", {field: "text"});
      return done({text: body.text, history: record("edited")});
    case "reject": return done({state: "rejected", reason: body.reason, history: record("rejected")});
    case "handled": return done({state: "handled", reason: body.note, history: record("handled elsewhere")});
    case "snooze": return done({snoozed_until: body.until, history: record("snoozed")});
    case "assign": return done({assigned: body.login ? {login: body.login, name: this.people[body.login]?.name ?? body.login} : body.department ? {department: body.department} : null});
    case "settle": return done({state: body.posted ? "delivered" : "open"});
    case "questions":
      this.put({id: item.id, questions: [...item.questions, {id: 70 + item.questions.length, department: body.department, text: body.text, asked_by: name, asked_at: iso(Date.now()),
        answer: null, answered_by: null, answered_at: null, kept_as: null}]}, 0);
      return json(201, {});
    case "claim":
      if (item.claim && item.claim.login !== by && !body.take) return problem(409, "changed", "Somebody else has it", `${item.claim.name} has it.`, {current: this.detail(item)});
      this.#claim(item, {login: by, name, until: iso(Date.now() + minute)});
      return json(200, {claim: item.claim});
    case "release":
      if (item.claim?.login === by) this.#claim(item, null);
      return json(204);
    case "link": {
      const token = randomUUID();
      this.links.set(token, {id: item.id, hash: item.hash, used: null});
      return json(201, {url: `http://${request.headers.host}/console/a/${token}`, expires_at: iso(Date.now() + 15 * minute)});
    }
    }
    problem(404, "not-found", `There is no ${verb}`);
  }

  #claim(item, claim) {
    item.claim = claim;
    this.tell({type: "claim", id: item.id, message: item.message_id, claim});
  }

  #approve(item, body, {by, name, record, changed, done}) {
    if (item.state !== "open") return changed(`${item.history.at(-1)?.who ?? "Somebody"} was faster: it is ${item.state}.`);
    if (body.hash !== item.hash) return changed("Look at it again.");
    if (item.claim && item.claim.login !== by && !body.despite_claim) return changed(`${item.claim.name} has it.`);
    if (item.verdict.decision === "second" && !item.first_approval_by) return done({first_approval_by: name, history: record("approved, as the first of two")});
    for (const other of item.others) this.put({id: other, state: "withdrawn"});
    done({state: "approved", undo_until: iso(Date.now() + this.undo_ms), claim: null, history: record("approved")});
  }

  #bulk({items}, {json, by}) {
    this.calls.push({call: "bulk", body: items, by});
    json(200, {items: items.map(({id, hash}) => {
      const item = this.items.get(id);
      if (!item || item.hash !== hash || item.state !== "open") return {id, done: false, detail: "changed"};
      this.put({id, state: "approved", undo_until: iso(Date.now() + this.undo_ms), history: [...item.history, {at: iso(Date.now()), who: this.people[by].name, act: "approved", suggestion: id, detail: ""}]});
      return {id, done: true, detail: null};
    })});
  }

  #link(path, body, {json, problem, request}) {
    const [, token, verb] = /^\/links\/([\w-]+)(\/approve)?$/.exec(path) ?? [];
    const link = this.links.get(token), item = this.items.get(link?.id);
    if (!item) return problem(404, "not-found", "No such link", "It may have expired.");
    const good = () => !link.used && item.state === "open" && item.hash === link.hash;
    const view = () => ({suggestion: item.id, login: "ada", expires_at: iso(Date.now() + 15 * minute), used_at: link.used, good: good(), hash: link.hash, state: this.items.get(item.id).state,
      text: item.text, account: item.account, platform: item.platform, verdict: item.verdict,
      message: {text: item.words, written_at: item.written_at, url: item.url, author: {name: item.contact.name, handle: item.contact.handle}}});
    if (!verb || request.method === "GET") return json(200, view());
    if (!good() || body.hash !== item.hash) return problem(409, "changed", "The link is for something else", "Look at it again.");
    link.used = iso(Date.now());
    this.calls.push({call: `approve ${item.id} by link`, body});
    this.put({id: item.id, state: "approved"});
    json(200, view());
  }

  #door(path, body, {json, problem, request}) {
    const session = this.#session(request), {method} = request;
    const open = (login, factor) => {
      const cookie = randomUUID();
      this.sessions.set(cookie, {login, factor});
      return {"set-cookie": `kith=${cookie}; HttpOnly; SameSite=Strict; Path=/`};
    };
    const view = ({login, factor}) => {
      const p = this.people[login];
      return {user: {id: p.id, name: p.name, login, role: p.role, departments: [], accounts: [], language: p.language ?? null, theme: p.theme ?? null}, second_factor: factor,
        absolute_end_at: iso(Date.now() + 12 * 60 * minute)};
    };
    if (path === "/session/options") return json(200, {password: true, oidc: null, needs_setup: this.setups.size > 0 && !Object.keys(this.people).length});
    if (path === "/session" && method === "GET") return session ? json(200, view(session)) : problem(401, "not-signed-in", "Not signed in");
    if (path === "/session" && method === "DELETE") {
      this.sessions.clear();
      return json(204);
    }
    if (path === "/session") {
      const person = this.people[body.login];
      if (person?.password !== body.password) return problem(401, "not-signed-in", "Sign in first", "wrong login or password");
      const factor = person.totp ? "needed" : "setup", headers = open(body.login, factor);
      return json(200, view({login: body.login, factor}), headers);
    }
    if (path === "/session/setup") {
      if (!this.setups.delete(body.token)) return problem(403, "not-allowed", "This link is not valid any more");
      this.people[body.login] = {id: 1 + Object.keys(this.people).length, name: body.name, password: body.password, role: "admin", totp: null};
      return json(200, view({login: body.login, factor: "setup"}), open(body.login, "setup"));
    }
    if (!session) return problem(401, "not-signed-in", "Not signed in");
    const person = this.people[session.login];
    if (path === "/session/second") {
      if (body.code !== person.totp && body.recovery_code !== "aaaa-bbbb") return problem(401, "not-signed-in", "Sign in first", "this is not the code of now, or it was used before");
      session.factor = "done";
      return json(200, view(session));
    }
    if (path === "/me/totp") return json(200, {secret: "JBSWY3DPEHPK3PXP", uri: "otpauth://totp/Kith:ada?secret=JBSWY3DPEHPK3PXP&issuer=Kith"});
    if (body.code !== "123456") return problem(422, "invalid", "That is not the code", "Look at the clock of your phone.", {field: "code"});
    person.totp = "123456";
    session.factor = "done";
    json(200, {recovery_codes: Array.from({length: 10}, (_, i) => `aaaa-bbb${i}`)});
  }
}
