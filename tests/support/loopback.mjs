// The server that the loopback platform talks to (platforms/loopback/README.md), with the faults that stories ask for.
import http from "node:http";

export class Loopback {
  events = [];      // {type, ...}, numbered from 1
  messages = new Map();
  replies = [];     // what was posted: {key, to, text, id}
  posts = 0;        // requests to post, whatever came of them
  postFault = null; // null | "refuse" | "fail" | "late" (carried out, never answered) | "drop" (not carried out, never answered) | "nonsense" (carried out, answered with what is no answer)
  keyed = true;     // the same key posts once
  now = () => new Date().toISOString(); // the platform's clock
  automated = true; // what the account's profile says
  onPost = null;    // called when a post arrives, before it is answered
  threadFault = null; // null | "fail": what comes of reading a thread
  onThread = null;  // called when a thread is read, before it is answered
  #waiting = new Set();
  #sockets = new Set();

  async start() {
    this.server = http.createServer((request, response) => this.#answer(request, response));
    this.server.on("connection", s => { this.#sockets.add(s); s.on("close", () => this.#sockets.delete(s)); });
    await new Promise(done => this.server.listen(0, "127.0.0.1", done));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  async stop() {
    for (const s of this.#sockets) s.destroy();
    await new Promise(done => this.server.close(done));
  }

  // ---- what people do

  say({id, author, text, thread = id, parent = "", addressed = true, bot = false, language = "en", name = author, url = "", at = this.now(), ...more}) {
    const message = {id, author, name, text, thread, parent, addressed, bot, language, url, ...more, revision: "1", at};
    this.messages.set(id, message);
    this.#happened({type: "message", ...message});
  }

  edit(id, text, {announced = true} = {}) {
    const message = this.messages.get(id);
    message.text = text;
    message.revision = String(Number(message.revision) + 1);
    if (announced) this.#happened({type: "message", ...message});
  }

  delete(id, {announced = true} = {}) {
    this.messages.delete(id);
    if (announced) this.#happened({type: "delete", id});
  }

  follow(author, id = "") { this.#happened({type: "follow", author, name: author, id}); }

  unfollow(author) { this.#happened({type: "unfollow", author}); }

  /// A like, or a dislike, of the reply `to` of ours.
  react(author, to, {good = true, id = ""} = {}) { this.#happened({type: "react", author, name: author, to, good, id}); }

  /// A person of ours answers by hand: it stands in the thread, and Kith did not send it.
  colleague({id, text, thread}) {
    this.messages.set(id, {id, author: "house", name: "house", text, thread, ours: true, revision: "1", at: this.now()});
  }

  block(author) { this.#happened({type: "block", author}); }

  report(author) { this.#happened({type: "report", author}); }

  gap(from, to, cause) { this.#happened({type: "gap", from, to, cause}); }

  /// The same event once more, as platforms do.
  repeat(n) { this.#happened(this.events[n - 1]); }

  // ---- the calls

  #happened(event) {
    this.events.push(event);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  #answer(request, response) {
    const url = new URL(request.url, this.url);
    const parts = url.pathname.split("/").map(decodeURIComponent);
    if (url.pathname === "/events") return this.#eventsAfter(Number(url.searchParams.get("after")), response);
    if (parts[1] === "threads") return this.#thread(parts[2], response);
    if (request.method === "POST" && url.pathname === "/replies") {
      let body = "";
      request.on("data", d => { body += d; }).on("end", () => this.#post(JSON.parse(body), response));
      return undefined;
    }
    if (parts[1] === "profile") return send(response, 200, {automated: this.automated});
    if (parts[1] === "replies") {
      const found = this.replies.find(r => r.key === parts[2]);
      return found ? send(response, 200, receipt(found)) : send(response, 404, {});
    }
    return send(response, 404, {});
  }

  #eventsAfter(after, response) {
    const give = () => send(response, 200, {events: this.events.slice(after), next: this.events.length});
    if (this.events.length > after) return give();
    this.#waiting.add(give);
    response.on("close", () => this.#waiting.delete(give));
    return undefined;
  }

  async #thread(id, response) {
    if (this.onThread) await this.onThread(id);
    if (this.threadFault === "fail") return send(response, 503, {error: "down"});
    const target = this.messages.get(id);
    const lines = [...this.messages.values(), ...this.replies.map(r => ({...r, ours: true, author: "house", revision: "1", thread: this.messages.get(r.to)?.thread}))]
      .filter(m => target && m.thread === target.thread);
    return send(response, 200, {messages: lines, revision: target?.revision ?? ""});
  }

  async #post(body, response) {
    this.posts += 1;
    if (this.onPost) await this.onPost(body);
    if (this.postFault === "refuse") return send(response, 422, {error: "not wanted here"});
    if (this.postFault === "fail") return send(response, 503, {error: "down"});
    if (this.postFault === "drop") return undefined;
    const known = this.keyed && this.replies.find(r => r.key === body.key);
    const reply = known || {...body, id: `r${this.replies.length + 1}`, at: this.now()};
    if (!known) this.replies.push(reply);
    if (this.postFault === "late") return undefined;
    if (this.postFault === "nonsense") return response.writeHead(200, {"content-type": "text/html"}).end("<html>thanks");
    return send(response, 200, receipt(reply));
  }
}

const receipt = r => ({id: r.id, url: `https://example.com/${r.id}`, at: r.at});

function send(response, status, body) {
  if (response.destroyed) return;
  response.writeHead(status, {"content-type": "application/json"}).end(JSON.stringify(body));
}
