// A stand-in for kithd for the pages beside the queue: the routes that they ask, with answers as the API's document has
// them. What a page sends is kept in `calls`. It proves nothing about kithd.
import {createHash, randomBytes} from "node:crypto";
import {existsSync, readFileSync} from "node:fs";
import {createServer} from "node:http";
import {extname} from "node:path";
import {WebSocketServer} from "ws";
import {built_page, console_csp} from "./double.mjs";

const types = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"};

const ago = (minutes = 0) => new Date(Date.now() - minutes * 60_000).toISOString();
const later = minutes => ago(-minutes);
const hour = 60, day = 24 * hour;
const list = items => ({items, next: null});

export const hostile = "<img src=x onerror=alert(1)> \u202egnp.exe\u202c \u200b{{constructor}}";

/// The chain's hash, as daemon/observe/audit_chain.cpp makes it.
const sha256 = fields => {
  const hash = createHash("sha256");
  for (const field of fields) hash.update(`${Buffer.byteLength(String(field))}:${field}`);
  return hash.digest("hex");
};

export function record(count) {
  const out = [];
  let previous = "0".repeat(64);
  for (let number = 1; number <= count; ++number) {
    const micros = 1_790_000_000_000_000 + number * 1_000_123;
    const at = `${new Date(Math.floor(micros / 1000)).toISOString().slice(0, 19)}.${String(micros % 1_000_000).padStart(6, "0")}Z`;
    const salt = randomBytes(8).toString("hex"), detail = number === 2 ? hostile : `detail ${number}: grüße`;
    const entry = {number, at, actor: number % 3 ? "ann" : "kith", act: number % 2 ? "approve" : "deliver", message: number, suggestion: number % 4 ? number : 0,
      commitment: sha256([salt, detail]), previous, salt, detail};
    entry.hash = previous = sha256([previous, number, micros, entry.actor, entry.act, entry.message, entry.suggestion, entry.commitment]);
    out.push(entry);
  }
  return out;
}

/// The last so many days, each with its own row.
function days(count, row) {
  return Array.from({length: count}, (_, i) => {
    const from = new Date(Date.now() - (count - 1 - i) * day * 60_000);
    from.setUTCHours(0, 0, 0, 0);
    return {day: from.toISOString().slice(0, 10), from: from.toISOString(), to: new Date(+from + day * 60_000).toISOString(), ...row(i, from.toISOString())};
  });
}
const query = (figure, more) => new URLSearchParams({figure, from: ago(30 * day), to: ago(), ...more}).toString();
const linked = (figure, values, more = () => ({})) =>
  ({...values, items: Object.fromEntries(Object.keys(values).filter(k => typeof values[k] === "number").map(k => [k, query(figure, more(k))]))});

function figures() {
  const about = (name, unit) => ({name, unit, from: ago(30 * day), to: ago(), zone: "Europe/Berlin"});
  const waves = i => Math.round(12 + 8 * Math.sin(i / 3));
  return {
    "queue-over-time": {...about("queue-over-time", "messages"),
      steps: days(30, i => linked("queue-over-time", {came: waves(i) + 4, went: waves(i + 1), waiting: 20 + waves(i * 2)}, set => ({set})))},
    "time-to-answer": {...about("time-to-answer", "seconds"), goal: 14_400, answered: 312, median: 4200, p90: 15_800,
      steps: days(30, i => i % 11 === 5 ? {answered: 0, median: null, p90: null, items: {}}
        : {answered: 9, median: 3000 + 500 * (i % 4), p90: 9000 + 900 * (i % 9), items: {answered: query("time-to-answer", {})}}),
      departments: [{department: "billing", ...linked("time-to-answer", {answered: 100}), median: 3600, p90: 9000, goal: 14_400},
                    {department: "support", ...linked("time-to-answer", {answered: 212}), median: 5400, p90: 18_000, goal: null}]},
    "outcomes-by-playbook": {...about("outcomes-by-playbook", "suggestions"), rows:
      [["sign-in-trouble", "Cannot sign in", "as-is", "", 120, null], ["sign-in-trouble", "Cannot sign in", "edited", "", 40, 18], ["sign-in-trouble", "Cannot sign in", "rejected", "not meant for us", 12, null],
       ["sign-in-trouble", "Cannot sign in", "expired", "", 7, null], ["invoice-missing", "Where is my invoice?", "as-is", "", 55, null], ["invoice-missing", "Where is my invoice?", "denied", "", 9, null],
       ["thanks", hostile, "as-is", "", 31, null], ["thanks", hostile, "not-chosen", "", 14, null]]
        .map(([playbook, title, outcome, reason, count, median_distance]) => ({playbook, title, outcome, reason, count, median_distance, items: {count: query("outcomes-by-playbook", {playbook, outcome})}}))},
    "helpful-promotional": {...about("helpful-promotional", "replies"), helpful: 250, promotional: 21, helpful_per_promotional: 11.9,
      steps: days(30, i => linked("helpful-promotional", {helpful: waves(i), promotional: i % 5 === 0 ? 2 : 0}))},
    "path-flow": {...about("path-flow", "contacts"),
      stages: [["attention", 420], ["attraction", 180], ["affinity", 90], ["audience", 33], ["advocate", 8]].map(([stage, contacts]) => ({stage, contacts, items: {contacts: query("path-flow", {to_stage: stage})}})),
      moves: [["none", "attention", 64], ["attention", "attraction", 31], ["attraction", "affinity", 17], ["affinity", "audience", 6], ["audience", "advocate", 2], ["attraction", "attention", 9], ["affinity", "attention", 3], ["attention", "affinity", 4]]
        .map(([from, to, count]) => ({from, to, count, items: {count: query("path-flow", {from_stage: from, to_stage: to})}}))},
    "unanswered": {...about("unanswered", "messages"), whole: true, departments:
      [["billing", 9, 90_000, 2, 3, 3, 1, 0], ["support", 14, 500_000, 4, 4, 2, 1, 3], ["", 2, 7000, 1, 1, 0, 0, 0]].map(([department, count, oldest, ...ages]) =>
        ({department, oldest, ...linked("unanswered", {count, under_1h: ages[0], under_4h: ages[1], under_1d: ages[2], under_3d: ages[3], older: ages[4]})}))},
    "answers-that-solve": {...about("answers-that-solve", "replies"), whole: false, answers:
      [["reset-password", "support", 60, 41, 6, 13, .872], ["find-invoice", "billing", 22, 9, 5, 8, .643], ["new-one", "billing", 1, 0, 0, 1, null]].map(([answer, owner, posted, solved, not_solved, undecided, rate]) =>
        ({answer, owner, rate, ...linked("answers-that-solve", {posted, solved, not_solved, undecided})}))},
    "canaries": {...about("canaries", "canaries"), caught: 17, missed: 3, rate: .85,
      steps: days(30, i => i % 4 ? {caught: 0, missed: 0, rate: null, items: {}} : {caught: 2, missed: i % 8 ? 1 : 0, rate: i % 8 ? .667 : 1, items: {caught: query("canaries", {outcome: "caught"})}})},
    "account-health": {...about("account-health", "intervals"),
      intervals: [["site", "running", "", 30 * day, 12 * day], ["site", "waiting", "connection reset", 12 * day, 11 * day], ["site", "running", "", 11 * day, 0],
                  ["bsky-main", "running", "", 30 * day, 20 * day], ["bsky-main", "off", "", 20 * day, 18 * day], ["bsky-main", "running", "", 18 * day, 2 * day], ["bsky-main", "stopped", "the password was refused", 2 * day, 0]]
        .map(([account, state, detail, from, to]) => ({account, state, detail, from: ago(from), to: ago(to), items: {state: query("queue-over-time", {account, set: "came"})}})),
      gaps: [{account: "site", from: ago(12 * day), to: ago(11 * day + 6 * hour), cause: "the cursor was too old", items: {}}]},
  };
}

const identity = (number, more = {}) => ({number, account: "bsky-main", id: `did:plc:${number}`, handle: `person${number}.example`, name: `Person ${number}`, bot: false, blocked: false,
  messages: 3 + number, first_seen_at: ago(40 * day), last_seen_at: ago(number * hour), ...more});
const contact = (id, more = {}) => ({id, zone: id % 2 ? "Europe/Berlin" : "", identities: [identity(id)],
  stages: [{account: "bsky-main", stage: "attraction", since: ago(9 * day), until: null}], decisions: [], ...more});

function world() {
  const department = (id, name, more) => ({id, name, languages: ["en", "de"], queue: {open: 7, oldest_at: ago(3 * hour)}, questions: {waiting: 1, answered: 12, oldest_at: ago(50)},
    unanswered: 3, answers: {count: 4, due: 1, stale: 1},
    digest: {every: "day", to: "webhook", where: "https://hooks.example.org", next_at: later(10 * hour), last: {since: ago(2 * day), until: ago(day), state: "sent", attempts: 1, ended_at: ago(day), error: ""}}, ...more});
  const path = [{account: "bsky-main", at: ago(9 * day), from: "attention", to: "attraction", why: "thanked us after a helpful reply",
                 because: [{id: 1, signal: "thanked", at: ago(9 * day), message: {id: 44, native_id: "at://m44", url: "https://example.org/m44"}},
                           {id: 2, signal: "followed", at: ago(10 * day), event: {native_id: "at://f2", about: "our account"}}]},
                {account: "bsky-main", at: ago(20 * day), from: null, to: "attention", why: "spoke to us", because: []}];
  const person = (id, login, role, more = {}) => ({id, version: 3, login, name: login[0].toUpperCase() + login.slice(1), email: `${login}@example.org`, role, departments: [], accounts: [], disabled: false,
    created_at: ago(90 * day), signed_in_at: ago(id * hour), password_set: true, second_factor_set: true, ...more});
  return {
    me: {user: {id: 1, name: "Ann", login: "ann", role: "admin", departments: [], accounts: [], email: "ann@example.org", language: null, theme: null, notify: {email: ["daily"], possible: true}, recovery_codes: 8},
      second_factor: "done", absolute_end_at: later(10 * hour)},
    status: {version: "0.1.0", started_at: ago(day), accounts: [], queue: {open: 14, approved: 0, sending: 0, unsure: 0}, stopped: [], packs: [], canaries: {rate: 0},
      playbooks: {count: 9, live: 7, commit: "5f1c2b7a9d3e4f60718293a4b5c6d7e8f9012345", loaded_at: ago(2 * hour), errors: []}},
    figures: figures(),
    departments: [department("billing", "Billing"), department("support", "Support & care", {digest: null, unanswered: 0, answers: {count: 2, due: 0, stale: 0}})],
    questions: [{id: 70, message: 5, suggestion: 5, department: "billing", language: "en", text: `Do we refund after 30 days? ${hostile}`, asked_by: "bob", asked_at: ago(50), answer: null, answered_by: "", answered_at: null, kept_as: ""}],
    unanswered: [{message: 90, account: "site", received_at: ago(5 * hour), department: "billing", playbook: "invoice-missing", because: "expired before anybody looked"}],
    answers: [{id: "find-invoice", owner: "billing", review_by: later(10 * day).slice(0, 10), days_left: 10, age: "due", posted: 22, solved: 9, not_solved: 5, undecided: 8},
              {id: "refunds", owner: "billing", review_by: ago(3 * day).slice(0, 10), days_left: -3, age: "stale", posted: 4, solved: 0, not_solved: 0, undecided: 4}],
    contacts: [contact(12, {identities: [identity(12, {name: hostile}), identity(13, {account: "site", id: "v-77", handle: "", name: "Web visitor", blocked: true})],
                            decisions: [{act: "merged", identity: 13, contact: 12, reason: "they said so in the chat", by: "ann", at: ago(8 * day)}]}),
               ...Array.from({length: 6}, (_, i) => contact(11 - i))],
    path,
    opt_outs: [],
    accounts: [{id: "bsky-main", platform: "bluesky", state: "stopped", since: ago(2 * day), detail: "the password was refused", last_event_at: ago(2 * day), messages: 40_213, gaps: 1, automation_label: "absent",
                budgets: [{what: "reads", left: 2800, full_at: null, held: false}, {what: "writes", left: 0, full_at: later(30), held: true}], paused: null, packs: null},
               {id: "site", platform: "webchat", state: "running", since: ago(11 * day), detail: "", last_event_at: ago(1), messages: 812, gaps: 0, automation_label: "unknown", budgets: [], paused: null, packs: "its pack expired on 2026-11-22"}],
    playbooks: [{id: "sign-in-trouble", title: "Cannot sign in", owner: "support", status: "live", revision: "3f2a9c01d4e5aa", paused: null},
                {id: "invoice-missing", title: "Where is my invoice?", owner: "billing", status: "shadow", revision: "91b2", paused: null}],
    packs: [{id: "house", in_force: true, detail: null, pack: {title: "The house's own", source: "", revision: "77aa", checked: ago(40 * day).slice(0, 10), expires: later(200 * day).slice(0, 10), days_left: 200,
              rules: [{id: "house.reciprocity", then: "deny", why: "three helpful replies before an offer", source: "", date: "2026-01-05"}]}},
            {id: "bluesky", in_force: false, detail: "its pack expired on 2026-11-22: look at the platform's rules, then set a new date",
             pack: {title: "Bluesky", source: "https://bsky.social/about/support/tos", revision: "12cd", checked: "2026-08-22", expires: "2026-11-22", days_left: -1,
               rules: [{id: "bluesky.first-contact", then: "second", why: "we never wrote to them", source: "https://bsky.social/about/support/community-guidelines", date: "2026-08-22"}]}}],
    record: record(12),
    canaries: {rate: .02, open: 1, people: [{person: "bob", shown: 12, caught: 10, missed: 2, rate: .833}], departments: [{department: "support", shown: 12, caught: 10, missed: 2, rate: .833}],
      faults: [{fault: "wrong name", shown: 7, caught: 6, missed: 1, rate: .857}]},
    users: [person(1, "ann", "admin"), person(2, "bob", "approver", {departments: ["billing"], accounts: ["site"]}), person(3, "cleo", "viewer", {password_set: false, second_factor_set: false, signed_in_at: null, email: null}),
            person(4, "dora", "lead", {disabled: true})],
    sessions: [{id: 8, current: true, began_at: ago(2 * hour), used_at: ago(0), absolute_end_at: later(600), address: "192.0.2.7", browser: "Firefox on Linux"},
               {id: 5, current: false, began_at: ago(5 * hour), used_at: ago(hour), absolute_end_at: later(300), address: "2001:db8::1", browser: hostile}],
    tokens: [{id: 3, user: 1, name: "reports", scopes: ["read"], created_at: ago(9 * day), expires_at: later(80 * day), used_at: ago(hour)}],
  };
}

/// Starts on a free port. {base, world, calls, fail, tell(event), close()}
export async function start_pages_double() {
  const dist = built_page();
  const double = {
    world: world(), calls: [],
    /// The next request to this "METHOD path" is answered with this problem.
    fail: new Map(),
    asked: [],
  };
  const sockets = new WebSocketServer({noServer: true, handleProtocols: offered => [...offered][0]});
  let seq = 1;

  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://double");
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const send = (status, type, body, headers = {}) => {
      response.writeHead(status, {"content-type": type, "x-content-type-options": "nosniff", "cache-control": "no-store", ...headers});
      response.end(body);
    };
    if (!url.pathname.startsWith("/api/v1/")) {
      const file = url.pathname.startsWith("/console/assets/") ? url.pathname.slice("/console/".length) : /^\/console(\/|$)/.test(url.pathname) ? "index.html" : "";
      const at = new URL(file, dist);
      if (!file || !existsSync(at)) return send(file ? 404 : 204, "text/plain", "");
      return send(200, types[extname(file)], readFileSync(at), file === "index.html" ? {"content-security-policy": console_csp} : {});
    }
    const path = url.pathname.slice("/api/v1".length), name = `${request.method} ${decodeURIComponent(path)}`;
    const json = (body, status = 200) => send(status, status < 400 ? "application/json" : "application/problem+json", JSON.stringify(body));
    const problem = (status, type, detail = "", more = {}) => json({type: `urn:kith:problem:${type}`, title: type, status, detail, ...more}, status);
    double.asked.push(name + url.search);
    if (request.method !== "GET") {
      if (request.headers["x-kith-request"] !== "1") return problem(403, "not-allowed", "not from the console");
      double.calls.push({call: name, body: chunks.length ? JSON.parse(Buffer.concat(chunks)) : null, ...request.headers["if-match"] && {if_match: request.headers["if-match"]}});
    }
    const wrong = double.fail.get(name);
    if (wrong) {
      double.fail.delete(name);
      return problem(wrong.status, wrong.type, wrong.detail, wrong.more);
    }
    const found = answer(double, request.method, path, url.searchParams, double.calls.at(-1)?.body, request.headers);
    if (found === undefined) return problem(404, "not-found", `there is no ${path}`);
    if (found.problem) return problem(...found.problem);
    if (found.csv) return send(200, "text/csv; charset=utf-8", found.csv);
    json(found);
  });
  server.on("upgrade", (request, socket, rest) => sockets.handleUpgrade(request, socket, rest, ws => {
    ws.on("message", () => {});
    ws.send(JSON.stringify([{type: "hello", seq, boot: "b", resumed: false}]));
  }));
  await new Promise(done => server.listen(0, "127.0.0.1", done));
  return Object.assign(double, {
    base: `http://127.0.0.1:${server.address().port}`,
    tell(event) {
      seq += 1;
      for (const ws of sockets.clients) ws.send(JSON.stringify([{seq, ...event}]));
    },
    async close() {
      for (const ws of sockets.clients) ws.terminate();
      server.closeAllConnections();
      await new Promise(done => server.close(done));
    },
  });
}

/// undefined: there is no such thing.
function answer({world}, method, path, params, body, headers) {
  const at = (pattern, verb = "GET") => method === verb && new RegExp(`^${pattern}$`).exec(path)?.map(decodeURIComponent);
  const brakes = () => world.status.stopped;
  let m;
  if (at("/session")) return world.me;
  if (at("/session", "DELETE")) return {};
  if (at("/session/options")) return {password: true, oidc: null, needs_setup: false};
  if (at("/status")) return world.status;
  if (at("/queue/counts")) return {states: {}, departments: {}};
  if (at("/queue") || at("/views")) return list([]);
  if (at("/stats/items")) {
    return params.get("figure") === "path-flow" ? list([{contact: 12, account: "bsky-main", at: ago(9 * day), from: "attention", to: "attraction", why: "thanked us"}])
      : params.get("cursor") ? list([{message: 9, suggestion: null, at: ago(60), account: "site", department: "billing", playbook: "thanks", outcome: "expired"}])
      : {items: [{message: 5, suggestion: 5, at: ago(90), account: "site", department: "billing", playbook: "invoice-missing", outcome: "as-is"}], next: "more"};
  }
  if ((m = at("/stats/([a-z-]+)"))) return params.get("format") === "csv" ? {csv: `day,count\r\n2026-11-23,${m[1].length}\r\n`} : world.figures[m[1]];
  if (at("/departments")) return {...list(world.departments), house: {unanswered: 2}};
  if ((m = at("/departments/([^/]+)"))) {
    const d = world.departments.find(d => d.id === m[1]);
    const asked = world.questions.filter(q => q.department === m[1] && q.answer === null);
    return d && {...d, questions: {...d.questions, waiting: asked.length, items: asked}, unanswered: world.unanswered.filter(u => u.department === m[1]), answers: world.answers.filter(a => a.owner === m[1])};
  }
  if ((m = at("/departments/([^/]+)/digest"))) return {subject: "Billing: 7 wait", text: `Seven wait.\n${hostile}`, html: "", facts: {}};
  if ((m = at("/departments/([^/]+)/digest", "POST"))) return {sent: true, where: "https://hooks.example.org"};
  if ((m = at("/questions/(\\d+)/answer", "POST"))) {
    const q = world.questions.find(q => q.id === Number(m[1]));
    return Object.assign(q, {answer: body.text, answered_by: "ann", answered_at: ago()});
  }
  if ((m = at("/questions/(\\d+)/keep", "POST"))) return {question: world.questions.find(q => q.id === Number(m[1])), file: `playbooks/answers/${body.id}.yaml`, text: `id: ${body.id}\nreview_by: ${body.review_by}\n`};
  if (at("/contacts")) {
    const all = world.contacts.filter(c => (!params.get("account") || c.identities.some(i => i.account === params.get("account"))) && (!params.get("stage") || c.stages.some(s => s.stage === params.get("stage"))));
    const from = Number(params.get("cursor") ?? 0);
    return {items: all.slice(from, from + 5), next: from + 5 < all.length ? String(from + 5) : null};
  }
  const known = who => world.contacts.find(c => String(c.id) === who || c.identities.some(i => i.handle === who || i.id === who));
  if ((m = at("/contacts/([^/]+)"))) {
    const c = known(m[1]);
    return c && {...c, path: world.path};
  }
  if ((m = at("/contacts/([^/]+)/export"))) return {...known(m[1]), path: world.path, evidence: [], messages: [], journal: []};
  if ((m = at("/contacts/([^/]+)/(merge|split|zone|forget)", "POST"))) {
    const c = known(m[1]);
    if (m[2] === "forget") {
      world.contacts = world.contacts.filter(one => one !== c);
      return {forgotten: c.id, identities: c.identities.length, messages: 15, suggestions: 2};
    }
    if (m[2] === "zone") c.zone = body.zone;
    if (m[2] === "merge") {
      const other = known(body.other);
      if (!other) return {problem: [404, "not-found", `there is no contact '${body.other}'`]};
      c.identities.push(...other.identities);
      world.contacts = world.contacts.filter(one => one !== other);
    }
    return {...c ?? known("12"), path: world.path};
  }
  if (at("/opt-outs")) return list(world.opt_outs.filter(o => known(params.get("contact"))?.identities.some(i => i.account === o.account && i.id === o.contact.id)));
  if (at("/opt-outs", "POST")) {
    const o = {id: 4, account: body.account, contact: {id: body.contact, handle: "", name: ""}, how: "person", message: 0, language: "", asked_at: ago(), noted_at: ago(), noted_by: "ann", reason: body.reason, lifted_at: null, lifted_by: "", lift_reason: ""};
    world.opt_outs.push(o);
    return o;
  }
  if ((m = at("/opt-outs/(\\d+)/lift", "POST"))) {
    const o = world.opt_outs.find(o => o.id === Number(m[1]));
    world.opt_outs = world.opt_outs.filter(one => one !== o);
    return o;
  }
  if (at("/accounts")) return list(world.accounts);
  if ((m = at("/accounts/([^/]+)/reconnect", "POST"))) return Object.assign(world.accounts.find(a => a.id === m[1]), {state: "starting", detail: ""});
  if ((m = at("/accounts/([^/]+)"))) {
    const a = world.accounts.find(a => a.id === m[1]);
    return a && {...a, recent_gaps: [{from: ago(12 * day), to: ago(11 * day), cause: "the cursor was too old"}], recent_states: [{state: "running", detail: "", from: ago(30 * day), to: ago(2 * day)}, {state: "stopped", detail: "the password was refused", from: ago(2 * day), to: ago()}]};
  }
  if ((m = at("/brakes/(stop|resume)", "POST"))) {
    const scope = body.what === "all" ? "all" : `${body.what} ${body.id}`, on = m[1] === "stop" ? {by: "ann", reason: body.reason, at: ago()} : null;
    world.status.stopped = [...brakes().filter(b => b.scope !== scope), ...on ? [{scope, ...on}] : []];
    for (const a of world.accounts) if (body.what === "all" || body.what === "account" && body.id === a.id) a.paused = on;
    for (const p of world.playbooks ?? []) if (body.what === "playbook" && body.id === p.id) p.paused = on;
    return list(brakes());
  }
  if (at("/playbooks")) return world.playbooks ? list(world.playbooks) : undefined;
  if (at("/packs")) return list(world.packs);
  if (at("/reload", "POST")) return world.reload ?? {reloaded: true, playbooks: {count: 9, commit: "", loaded_at: ago()}, errors: []};
  if (at("/audit/head")) return {number: world.record.length, hash: world.record.at(-1).hash, at: world.record.at(-1).at};
  if (at("/audit/entries")) {
    const ordered = params.get("order") === "newest" ? [...world.record].reverse() : world.record;
    const all = ordered.filter(e => (!params.get("actor") || e.actor === params.get("actor")) && (!params.get("act") || e.act === params.get("act")));
    const from = Number(params.get("cursor") ?? 0), most = Math.min(5, Number(params.get("limit") ?? 50));
    return {items: all.slice(from, from + most).map(e => params.get("details") === "1" ? e : (({salt, detail, ...rest}) => rest)(e)), next: from + most < all.length ? String(from + most) : null};
  }
  if (at("/canaries")) return world.canaries;
  if (at("/users")) return list(world.users);
  if (at("/users", "POST")) {
    const u = {id: 9, version: 1, disabled: false, created_at: ago(), signed_in_at: null, password_set: false, second_factor_set: false, ...body, name: body.name || body.login, email: body.email || null};
    world.users.push(u);
    return {...u, setup_url: "https://kith.example/console/setup#one-time-token"};
  }
  if ((m = at("/users/(\\d+)", "PATCH"))) {
    const u = world.users.find(u => u.id === Number(m[1]));
    if (!headers["if-match"]) return {problem: [428, "precondition-required"]};
    if (headers["if-match"] !== `"${u.version}"`) return {problem: [412, "precondition-failed", `${u.login} changed meanwhile: look again`, {current: u}]};
    return Object.assign(u, body, {version: u.version + 1});
  }
  if ((m = at("/users/(\\d+)/reset", "POST"))) {
    const u = Object.assign(world.users.find(u => u.id === Number(m[1])), {password_set: false, second_factor_set: false});
    return {...u, setup_url: "https://kith.example/console/setup#another-token"};
  }
  if ((m = at("/(?:me|users/\\d+)/tokens"))) return list(world.tokens);
  if ((m = at("/(?:me|users/\\d+)/tokens/(\\d+)", "DELETE"))) {
    world.tokens = world.tokens.filter(t => t.id !== Number(m[1]));
    return list(world.tokens);
  }
  if (at("/me/tokens", "POST")) {
    const t = {id: 4, user: 1, name: body.name, scopes: body.scopes, created_at: ago(), expires_at: body.expires_at, used_at: null};
    world.tokens.push(t);
    return {...t, token: "kith_abcdefghij"};
  }
  if (at("/me/sessions")) return list(world.sessions);
  if ((m = at("/me/sessions/(\\d+)", "DELETE"))) {
    world.sessions = world.sessions.filter(s => s.id !== Number(m[1]));
    return list(world.sessions);
  }
  if (at("/me", "PATCH")) {
    Object.assign(world.me.user, body, body.notify ? {notify: {...world.me.user.notify, ...body.notify}} : {});
    return world.me;
  }
  if (at("/me/password", "POST")) return body.old === "correct horse battery" ? world.me : {problem: [401, "not-signed-in", "That is not your present password."]};
  if (at("/me/totp", "POST")) return {secret: "JBSWY3DPEHPK3PXP", uri: "otpauth://totp/Kith:ann?secret=JBSWY3DPEHPK3PXP&issuer=Kith"};
  if (at("/me/totp/confirm", "POST")) return {recovery_codes: Array.from({length: 10}, (_, i) => `code-${i}`)};
  return undefined;
}
