// A stand-in for kithd, for the pages alone: it speaks the protocols of the widget and the console and serves the files
// with the headers that kithd serves them with. It proves nothing about kithd, which is tested with the same flows
// (support.mjs takes a base address) elsewhere.
import {randomUUID} from "node:crypto";
import {existsSync, readFileSync, readdirSync} from "node:fs";
import {createServer} from "node:http";
import {extname} from "node:path";
import {WebSocketServer} from "ws";
import {Queue} from "./queue.mjs";

const root = new URL("../../", import.meta.url);
const types = {html: "text/html; charset=utf-8", css: "text/css; charset=utf-8", js: "text/javascript; charset=utf-8"};
const file = path => readFileSync(new URL(path, root), "utf8");

export const console_csp = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
  "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html";

/// Where build.mjs has left the page: there is one build of it.
export function built_page() {
  const name = readdirSync(new URL("build/web/", root)).find(n => /^[0-9a-f]{16}$/.test(n));
  if (!name) throw new Error("the console's page is not built: build kithd first");
  return new URL(`build/web/${name}/dist/`, root);
}

/// The page's file for an address below /console, as kithd has it; null: there is none.
function console_file(path) {
  const asset = /^\/console\/(assets\/[\w.-]+)$/.exec(path)?.[1];
  const url = new URL(asset ?? "index.html", built_page());
  return existsSync(url) ? {content: readFileSync(url), type: types[extname(url.pathname).slice(1)], page: !asset} : null;
}

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
    if (url.pathname === "/favicon.ico") return send(204, "text/plain", "");
    if (url.pathname === "/demo") {
      return send(200, types.html, file("platforms/webchat/web/demo.html").replaceAll("{{account}}", "site"), {"content-security-policy":
        `default-src 'none'; script-src 'self'; style-src 'self'; connect-src ws://${request.headers.host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`});
    }
    const page = /^\/console(\/|$)/.test(url.pathname) && console_file(url.pathname);
    if (page) return send(200, page.type, page.content, page.page ? {"content-security-policy": console_csp} : {});
    const asset = /^\/(?:demo|webchat\/site)\/([a-z]+\.(css|js))$/.exec(url.pathname);
    if (asset) return send(200, types[asset[2]], file(`platforms/webchat/web/${asset[1]}`));
    send(404, "text/plain", "not here");
  });
  const sockets = new WebSocketServer({noServer: true, handleProtocols: offered => [...offered][0]});
  server.on("upgrade", (request, socket, rest) => {
    const url = new URL(request.url, "http://double");
    const to = url.pathname === "/webchat/site/socket" ? webchat : url.pathname === "/api/v1/events" && queue.inside(request) ? queue : null;
    if (!to || to.away) return socket.end("HTTP/1.1 503 Service Unavailable\r\n\r\n");
    sockets.handleUpgrade(request, socket, rest, ws => to.meet(ws, request, url));
  });
  await new Promise(done => server.listen(0, "127.0.0.1", done));
  return {
    base: `http://127.0.0.1:${server.address().port}`, webchat, queue,
    async close() {
      for (const ws of sockets.clients) ws.terminate();
      server.closeAllConnections();
      await new Promise(done => server.close(done));
      queue.stop();
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
