// What kithd answers, checked against daemon/console/openapi.yaml: an answer that the document does not have fails the
// test that got it, with the path, the status and the place in the answer.
import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import http from "node:http";
import {join} from "node:path";

import Ajv2020 from "ajv/dist/2020.js";
import formats from "ajv-formats";
import {parse} from "yaml";

const source = process.env.KITH_SOURCE_DIR ?? new URL("../..", import.meta.url).pathname;
const base = "/api/v1";

/// A document, its schemas compiled when they are first needed.
export class Document {
  #ajv = formats(new Ajv2020({strict: false, allErrors: true, validateFormats: true}));
  #compiled = new Map();

  constructor(text) {
    this.all = parse(text);
    this.#ajv.addSchema(this.all, "openapi");
    this.routes = Object.keys(this.all.paths).map(path => ({path, parts: path.split("/")}));
  }

  /// The document's path for one of a request, literal parts before those in braces; null: there is none.
  path_of(path) {
    const parts = path.split("/");
    const fits = this.routes.filter(r => r.parts.length === parts.length && r.parts.every((p, i) => p === parts[i] || (p.startsWith("{") && parts[i])));
    const literals = r => r.parts.map(p => p.startsWith("{") ? "b" : "a").join("");
    return fits.sort((a, b) => literals(a) < literals(b) ? -1 : 1)[0]?.path ?? null;
  }

  /// What is wrong with one answer, in words; empty: nothing is. `target` begins after /api/v1.
  complaints({method, target, status, type, body, sent}) {
    const url = new URL(`http://kith${target}`);
    const path = this.path_of(url.pathname);
    const where = `${method} ${path ?? url.pathname} answered ${status}`;
    const operation = path && this.all.paths[path][(method === "HEAD" ? "GET" : method).toLowerCase()];
    if (!operation) {
      const known = path ? status === 405 : status === 404;
      return known ? this.#against("#/components/schemas/Problem", body, where) : [`${where}: this is not in the document`];
    }
    const at = ["paths", path, method.toLowerCase(), "responses", String(status)];
    const [response, pointer] = this.#found(operation.responses[status], at);
    if (!response) return [`${where}: the document has no such status there`];
    const out = this.#parameters(operation, url, where);
    if (status < 300 && sent !== undefined && operation.requestBody) out.push(...this.#request(operation, path, method, sent, where));
    const content = type?.split(";")[0];
    if (!response.content) return body === null || body === "" ? out : [...out, `${where}: the document has no body there`];
    if (method === "HEAD") return out;
    if (!response.content[content]) return [...out, `${where} with ${content}: the document has ${Object.keys(response.content).join(", ")}`];
    return [...out, ...this.#against(`${pointer}/content/${escaped(content)}/schema`, body, where)];
  }

  /// Follows a $ref to a component: the thing, and its JSON pointer.
  #found(thing, at) {
    if (!thing?.$ref) return [thing, `#/${at.map(escaped).join("/")}`];
    return [thing.$ref.slice(2).split("/").reduce((o, key) => o?.[key], this.all), thing.$ref];
  }

  #parameters(operation, url, where) {
    const known = (operation.parameters ?? []).map(p => this.#found(p, [])[0]).filter(p => p.in === "query").map(p => p.name);
    return [...url.searchParams.keys()].filter(name => !known.includes(name)).map(name => `${where}: the document has no parameter ${name}`);
  }

  /// What the daemon took, the document must allow.
  #request(operation, path, method, sent, where) {
    const [request, pointer] = this.#found(operation.requestBody, ["paths", path, method.toLowerCase(), "requestBody"]);
    return request ? this.#against(`${pointer}/content/application~1json/schema`, sent, `${where}, its request`) : [];
  }

  #against(pointer, value, where) {
    let check = this.#compiled.get(pointer);
    if (!check) this.#compiled.set(pointer, check = this.#ajv.compile({$ref: `openapi${pointer}`}));
    if (check(value)) return [];
    return check.errors.map(e => `${where}: ${e.instancePath || "/"} ${e.message}${e.params.additionalProperty ?? e.params.unevaluatedProperty ? ` (${e.params.additionalProperty ?? e.params.unevaluatedProperty})` : ""}`);
  }
}

const escaped = key => key.replaceAll("~", "~0").replaceAll("/", "~1").replaceAll("{", "%7B").replaceAll("}", "%7D");

export const document = new Document(readFileSync(join(source, "daemon/console/openapi.yaml"), "utf8"));

/// Fails unless the document has this answer. `url` may have a host; what is not below /api/v1 is not checked.
export function check_answer({method, url, status, type, text, sent}) {
  const target = new URL(url, "http://kith");
  if (!target.pathname.startsWith(`${base}/`)) return;
  const is_json = /[/+]json/.test(type ?? "");
  let body = text;
  if (is_json && text) body = JSON.parse(text);
  else if (!text) body = null;
  const wrong = document.complaints({method, target: target.pathname.slice(base.length) + target.search, status, type, body, sent});
  assert.deepEqual(wrong, [], `the answer is not what daemon/console/openapi.yaml says:\n  ${wrong.join("\n  ")}`);
}

/// fetch() of a test, its answer checked.
export async function fetch_checked(url, options = {}) {
  const response = await fetch(url, options);
  const text = await response.clone().text();
  const sent = typeof options.body === "string" ? JSON.parse(options.body) : undefined;
  check_answer({method: options.method ?? "GET", url, status: response.status, type: response.headers.get("content-type"), text, sent});
  return response;
}

/// A door to the daemon's socket that looks at what passes: for the kith command.
export class CheckedDoor {
  #wrong = [];

  async open(path, to) {
    this.path = path;
    this.server = http.createServer((request, response) => this.#pass(request, response, to));
    await new Promise((done, failed) => this.server.once("error", failed).listen(path, done));
    this.server.unref();
    return this;
  }

  close() { this.server.close(); }

  /// Fails if something passed that the document does not have.
  check() {
    const wrong = this.#wrong.splice(0);
    if (wrong.length) throw wrong[0];
  }

  async #pass(request, response, to) {
    const sent = Buffer.concat(await request.toArray());
    const onward = http.request({socketPath: to, method: request.method, path: request.url, headers: request.headers, agent: false}, async answer => {
      const got = Buffer.concat(await answer.toArray());
      try {
        check_answer({method: request.method, url: request.url, status: answer.statusCode, type: answer.headers["content-type"],
          text: got.toString(), sent: sent.length ? JSON.parse(sent.toString()) : undefined});
      } catch (e) {
        this.#wrong.push(e);
      }
      response.writeHead(answer.statusCode, answer.headers).end(got);
    });
    onward.on("error", () => response.destroy());
    onward.end(sent);
  }
}
