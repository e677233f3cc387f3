// A stand-in for kithd, for the pages alone: it speaks the protocols of the widget and the console and serves the files
// with the headers that kithd serves them with. It proves nothing about kithd, which is tested with the same flows
// (support.mjs takes a base address) elsewhere.
import {createHash, randomUUID} from "node:crypto";
import {readFileSync} from "node:fs";
import {createServer} from "node:http";
import {WebSocketServer} from "ws";

const root = new URL("../../", import.meta.url);
const types = {html: "text/html; charset=utf-8", css: "text/css; charset=utf-8", js: "text/javascript; charset=utf-8"};
const file = path => readFileSync(new URL(path, root), "utf8");

export const console_csp = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
  "form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// Starts on a free port. {base, webchat, queue, close()}
export async function start_double() {
  const webchat = new Webchat();
  const queue = new Queue();
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://double");
    const send = (status, type, body, headers = {}) => {
      response.writeHead(status, {"content-type": type, "x-content-type-options": "nosniff", "cache-control": "no-store", ...headers});
      response.end(body);
    };
    if (url.pathname.startsWith("/api/v1/")) return queue.serve(request, url, send);
    const page = {
      "/demo": ["platforms/webchat/web/demo.html", `default-src 'none'; script-src 'self'; style-src 'self'; connect-src ws://${request.headers.host}; ` +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"],
      "/console": ["daemon/console/web/console.html", console_csp],
    }[url.pathname];
    if (page) return send(200, types.html, file(page[0]).replaceAll("{{account}}", "site"), {"content-security-policy": page[1]});
    const asset = /^\/(?:(demo)|(console)|webchat\/site)\/([a-z]+\.(css|js))$/.exec(url.pathname);
    if (asset) return send(200, types[asset[4]], file(`${asset[2] ? "daemon/console" : "platforms/webchat"}/web/${asset[3]}`));
    send(404, "text/plain", "not here");
  });
  const sockets = new WebSocketServer({noServer: true, handleProtocols: offered => [...offered][0]});
  server.on("upgrade", (request, socket, rest) => {
    const to = request.url === "/webchat/site/socket" ? webchat : request.url === "/api/v1/events" && queue.user_of(request) ? queue : null;
    if (!to || (to === webchat && webchat.away)) return socket.end("HTTP/1.1 503 Service Unavailable\r\n\r\n");
    sockets.handleUpgrade(request, socket, rest, ws => to.meet(ws));
  });
  await new Promise(done => server.listen(0, "127.0.0.1", done));
  return {
    base: `http://127.0.0.1:${server.address().port}`, webchat, queue,
    async close() {
      for (const ws of sockets.clients) ws.terminate();
      server.closeAllConnections();
      await new Promise(done => server.close(done));
    },
  };
}

/// A page of another origin that embeds the widget under the strictest policy which still allows it.
export async function start_company(widget_base, attributes = "") {
  const csp = `default-src 'none'; script-src ${widget_base}; connect-src ws${widget_base.slice(4)}; style-src 'none'; ` +
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
  const server = createServer((request, response) => {
    response.writeHead(200, {"content-type": types.html, "content-security-policy": csp});
    response.end(`<!doctype html><html lang="en"><title>Company</title><p>A page.</p>` +
      `<script src="${widget_base}/webchat/site/widget.js" ${attributes} defer></script></html>`);
  });
  await new Promise(done => server.listen(0, "127.0.0.1", done));
  return {base: `http://127.0.0.1:${server.address().port}`, close: () => { server.closeAllConnections(); server.close(); }};
}

class Webchat {
  visitors = new Map();        // token → messages
  links = new Map();           // socket → token
  heard = [];                  // every frame that a client sent
  quiet = {after_seconds: 60, text: "We are away from the desk and will answer here."};
  limit = 2000;
  away = false;                // refuse connections
  on_say = () => "keep";       // "keep" · "cut" (before it is stored) · "keep and cut" (stored, no ack) · {error code}

  meet(ws) {
    ws.on("close", () => this.links.delete(ws));
    ws.on("message", data => {
      const frame = JSON.parse(data);
      this.heard.push(frame);
      if (frame.type === "hello") this.#hello(ws, frame);
      else if (frame.type === "say") this.#say(ws, frame);
      else ws.send(JSON.stringify({type: "error", code: "bad_frame", detail: "what is that?"}));
    });
  }

  #hello(ws, {visitor, after}) {
    const token = this.visitors.has(visitor) ? visitor : randomUUID();
    if (!this.visitors.has(token)) this.visitors.set(token, []);
    this.links.set(ws, token);
    ws.send(JSON.stringify({type: "welcome", visitor: token, limits: {text: this.limit}, quiet: this.quiet,
                            messages: this.visitors.get(token).filter(m => m.seq > (after ?? 0))}));
  }

  #say(ws, {id, text}) {
    const what = this.on_say({id, text});
    if (what.error) return ws.send(JSON.stringify({type: "error", code: what.error, detail: "no", id}));
    if (what === "cut") return ws.terminate();
    const messages = this.visitors.get(this.links.get(ws));
    const known = messages.find(m => m.id === id);
    const message = known ?? {seq: messages.length + 1, id, from: "visitor", text, at: new Date().toISOString()};
    if (!known) messages.push(message);
    if (what === "keep and cut") return ws.terminate();
    ws.send(JSON.stringify({type: "ack", id, seq: message.seq}));
  }

  /// To every visitor there is.
  staff_says(text, name = "Ada") {
    for (const [token, messages] of this.visitors) {
      const message = {seq: messages.length + 1, id: randomUUID(), from: "staff", name, text, at: new Date().toISOString()};
      messages.push(message);
      for (const [ws, t] of this.links) if (t === token) ws.send(JSON.stringify({type: "message", ...message}));
    }
  }

  cut() {
    for (const ws of this.links.keys()) ws.terminate();
  }
}

class Queue {
  items = new Map();
  sockets = new Set();
  canaries = new Set();        // ids of drafts that are wrong on purpose
  calls = [];                  // "approve 1", ... in order, with their bodies
  seq = 0;
  password = "correct horse battery";
  setup = null;                // the token, while there is no password
  session = null;
  before_answer = null;        // called once, before the next write is judged
  status = {
    version: "0.1.0", started_at: new Date().toISOString(), queue: {approved: 0, sending: 0, unsure: 0},
    accounts: [{id: "site", platform: "webchat", state: "running", since: new Date().toISOString(), detail: "", last_event_at: new Date().toISOString(), gaps: 0}],
    playbooks: {count: 3, live: 2, commit: "5f1c2b7a9d3e4f60718293a4b5c6d7e8f9012345", loaded_at: new Date().toISOString(), errors: []},
  };

  meet(ws) {
    this.sockets.add(ws);
    ws.on("close", () => this.sockets.delete(ws));
    ws.send(JSON.stringify({type: "hello", seq: this.seq}));
  }

  user_of(request) {
    return this.session && request.headers.cookie?.includes(`kith=${this.session}`) ? "operator" : null;
  }

  /// Puts or changes an item and tells the console; its version rises by `by`.
  put(item, by = 1) {
    const before = this.items.get(item.id);
    const now = {...before, ...item, version: (before?.version ?? 0) + by};
    now.length = {used: [...now.text].length, limit: 300, unit: "graphemes"};
    now.hash = createHash("sha256").update(JSON.stringify([now.text, now.message, now.verdict])).digest("hex");
    this.items.set(now.id, now);
    this.seq += 1;
    for (const ws of this.sockets) ws.send(JSON.stringify({type: "suggestion", seq: this.seq, id: now.id, state: now.state}));
    return now;
  }

  async serve(request, url, send) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const json = (status, body, headers) => send(status, "application/json", body === undefined ? "" : JSON.stringify(body), headers);
    const problem = (status, title, detail) => send(status, "application/problem+json", JSON.stringify({title, detail, status}));
    if (request.method !== "GET" && (request.headers["x-kith-request"] !== "1" || request.headers["content-type"] !== "application/json"))
      return problem(403, "Not from the console", "");
    const body = chunks.length ? JSON.parse(Buffer.concat(chunks)) : {};
    if (request.headers["if-match"]) body.version = Number(request.headers["if-match"].slice(1, -1));
    const path = url.pathname.slice("/api/v1".length);
    if (path.startsWith("/session")) return this.#door(request, path, body, json, problem);
    if (!this.user_of(request)) return problem(401, "Not signed in", "");
    if (path === "/status") return json(200, {...this.status, queue: {...this.status.queue, open: this.#in("open").length}});
    if (path === "/suggestions") return json(200, {items: this.#in(url.searchParams.get("state")).map(({thread, ...s}) => s)});
    if (path === "/departments") return json(200, {items: [{id: "billing", name: "Billing"}, {id: "support", name: "Support"}]});
    const answered = /^\/questions\/(\d+)\/answer$/.exec(path);
    if (answered) {
      this.calls.push({call: `answer ${answered[1]}`, body});
      const item = [...this.items.values()].find(i => i.questions?.some(q => q.id === Number(answered[1])));
      this.ask_again(item, item.questions.map(q => ({...q, answer: body.text, answered_by: "bob", answered_at: new Date().toISOString()})));
      return json(200, {});
    }
    const [, id, verb] = /^\/suggestions\/(\d+)(?:\/(\w+))?$/.exec(path) ?? [];
    if (!verb) return this.items.has(Number(id)) ? json(200, this.items.get(Number(id))) : problem(404, "No such suggestion", "");
    this.calls.push({call: `${verb} ${id}`, body});
    this.before_answer?.();
    this.before_answer = null;
    this.#decide(this.items.get(Number(id)), verb, body, json, problem);
  }

  #in(state) {
    const states = state === "closed" ? ["delivered", "refused", "rejected", "withdrawn"] : [state];
    return [...this.items.values()].filter(item => states.includes(item.state));
  }

  #door(request, path, body, json, problem) {
    const open = () => {
      this.session = randomUUID();
      json(200, {user: "operator"}, {"set-cookie": `kith=${this.session}; HttpOnly; SameSite=Strict; Path=/`});
    };
    if (request.method === "GET") return this.user_of(request) ? json(200, {user: "operator"}) : problem(401, "Not signed in", "");
    if (request.method === "DELETE") {
      this.session = null;
      return json(200, {});
    }
    if (path === "/session/setup") {
      if (!this.setup || body.token !== this.setup) return problem(403, "This link is not valid any more", "");
      this.password = body.password;
      this.setup = null;
      return open();
    }
    return body.password === this.password ? open() : problem(401, "That is not the password", "Four attempts are left.");
  }

  /// Other questions on an item: news, and no new version of it.
  ask_again(item, questions) {
    this.put({id: item.id, questions}, 0);
  }

  #decide(item, verb, body, json, problem) {
    if (verb === "questions") {
      this.ask_again(item, [...item.questions ?? [], {id: 70, department: body.department, text: body.text, asked_by: "operator",
        asked_at: new Date().toISOString(), answer: null, answered_by: "", answered_at: null, kept_as: ""}]);
      return json(200, {});
    }
    if (verb === "approve" ? body.hash !== item.hash : body.version !== item.version)
      return problem(409, "This is no longer what you saw", "Look at it again.");
    const decided = {decided_at: new Date().toISOString(), approved_by: "operator"};
    if (this.canaries.has(item.id)) {
      const told = "This was a canary, a draft that was wrong on purpose: it calls them Maria. Nothing was sent.";
      return json(200, this.put({id: item.id, state: "withdrawn", reason: told, canary: {caught: verb !== "approve", told}}));
    }
    if (verb === "approve") this.put({id: item.id, state: "approved", ...decided});
    else if (verb === "edit") {
      if ([...body.text].length > 300) return problem(422, "Too long", "Bluesky takes 300 graphemes.");
      this.put({id: item.id, text: body.text});
    }
    else if (verb === "reject") this.put({id: item.id, state: "rejected", reason: body.reason, decided_at: decided.decided_at});
    else this.put({id: item.id, state: body.posted ? "delivered" : "open"});
    json(200, this.items.get(item.id));
  }
}

/// A suggestion with everything in it, changed by `with_these`.
export function suggestion(id, with_these = {}) {
  const text = with_these.words ?? "How do I reset my password?";
  const at = with_these.at ?? new Date(Date.now() - (100 - id) * 60000).toISOString();
  const author = {id: `did:plc:${id}`, handle: `person${id}.example`, name: `Person ${id}`};
  const mark = with_these.mark ?? "reset my password";
  const begin = Buffer.byteLength(text.slice(0, text.indexOf(mark)));
  const {words, mark: _, at: __, ...rest} = with_these;
  return {
    id, state: "open", account: "site", platform: "bluesky", department: "support", language: "en",
    playbook: {id: "sign-in-trouble", title: "Cannot sign in", revision: "3f2a9c01d4e5"}, reply: {id: "steps", kind: "help"},
    text: `Hi Person ${id}, sorry you're locked out. Open the sign-in page, choose "Forgotten?", and follow the letter we send you.`,
    message: {id, native_id: `at://m${id}`, revision: "1", text, author, url: "https://example.org/m", written_at: at, deleted: false},
    matched: text.includes(mark) ? [{trigger: "phrase", words: mark, begin, end: begin + Buffer.byteLength(mark)}] : [],
    cites: ["reset-password@3f2a9c01"], verdict: {decision: "allow", reasons: [{rule: "house.reciprocity", says: "allow", why: "three helpful replies before this one"}]},
    changed: [], alternatives: [], approved_by: null, decided_at: null, reason: null, receipt: null, created_at: at,
    thread: [{native_id: `at://root${id}`, author: {handle: "other.example"}, ours: false, text: "Anybody else locked out today?", written_at: at},
             {native_id: `at://m${id}`, author, ours: false, text, written_at: at}],
    ...rest,
  };
}
