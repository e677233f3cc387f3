// A real kithd for a test: its own folder, ports that the system picks, ended by process id.
import assert from "node:assert/strict";
import {execFile, spawn} from "node:child_process";
import {mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import http from "node:http";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {promisify} from "node:util";

import {check_answer, CheckedDoor} from "./openapi.mjs";

export const source = process.env.KITH_SOURCE_DIR ?? new URL("../..", import.meta.url).pathname;
const kithd = process.env.KITHD ?? join(source, "build/dev/kithd");
export const kith = process.env.KITH ?? join(source, "build/dev/kith");

/// Waits until `read()` gives something that `accept` takes; fails with the last that it gave.
export async function until(read, accept = Boolean, what = "it never came", limit = 15_000, pause = 20) {
  const end = Date.now() + limit;
  let last;
  for (;;) {
    try {
      last = await read();
      if (accept(last)) return last;
    } catch (e) {
      last = e;
    }
    if (Date.now() > end) assert.fail(`${what}; the last was ${last instanceof Error ? last.message : JSON.stringify(last)}`);
    await new Promise(again => setTimeout(again, pause));
  }
}

/// The header of a write that depends on what was seen.
export const seen = suggestion => ({"if-match": `"${suggestion.version}"`});

export class Kithd {
  /// `yaml(daemon)` gives the accounts' part of kith.yaml.
  static async make({accounts = "", playbooks = join(source, "playbooks"), policies = join(source, "policies"), house = "Example Ltd", undo = "0s", more = ""} = {}) {
    const daemon = new Kithd();
    daemon.folder = await mkdtemp(join(tmpdir(), "kith-"));
    daemon.socket = join(daemon.folder, "kith.sock");
    daemon.config = join(daemon.folder, "kith.yaml");
    daemon.log = "";
    await writeFile(daemon.config,
      `house:\n  name: ${house}\nstate: state\nsocket: kith.sock\nplaybooks: ${playbooks}\npolicies: ${policies}\n` +
      `listen:\n  port: 0\nqueue: {undo: ${undo}}\n${accounts && `accounts:\n${accounts}`}${more}`);
    return daemon;
  }

  /// Starts it and waits until it says where it is.
  async start(env = {}) {
    this.child = spawn(kithd, ["--config", this.config], {env: {...process.env, ...env}, stdio: ["ignore", "pipe", "pipe"]});
    this.ended = new Promise(done => this.child.once("exit", (code, signal) => done({code, signal})));
    let said = "";
    this.child.stderr.on("data", d => { this.log += d; });
    this.child.stdout.on("data", d => { said += d; });
    const ready = until(() => said.match(/console: +(http\S+)\/console/), Boolean, "kithd did not start", 60_000);
    const over = this.ended.then(end => { throw new Error(`kithd ended with ${JSON.stringify(end)}: ${this.log}`); });
    this.base = (await Promise.race([ready, over]))[1];
    over.catch(() => {});
    return this;
  }

  /// The token of the link that makes the first admin, while there is none.
  async setupToken() {
    return (await readFile(join(this.folder, "state/setup-link"), "utf8")).trim().split("/console/setup#")[1];
  }

  /// SIGTERM, and a clean end.
  async stop() {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill("SIGTERM");
    const late = setTimeout(() => this.child.kill("SIGKILL"), 30_000);
    const end = await this.ended;
    clearTimeout(late);
    assert.deepEqual(end, {code: 0, signal: null}, `kithd did not stop cleanly: ${this.log.slice(-2000)}`);
  }

  async kill() {
    this.child.kill("SIGKILL");
    await this.ended;
  }

  async remove() {
    if (this.child && this.child.exitCode === null && this.child.signalCode === null) await this.kill();
    this.door?.close();
    await rm(this.folder, {recursive: true, force: true});
  }

  /// One request to the API over the Unix socket: {status, body, headers}. The answer is one that the API's document has.
  async api(method, path, body, more = {}) {
    const url = `/api/v1${path}`;
    const headers = {...(body === undefined ? {} : {"content-type": "application/json"}), ...more};
    const {response, text} = await new Promise((done, failed) => {
      const request = http.request({socketPath: this.socket, method, path: url, headers, agent: false}, answer => {
        let all = "";
        answer.setEncoding("utf8").on("data", d => { all += d; });
        answer.on("end", () => done({response: answer, text: all}));
      });
      request.on("error", failed);
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
    const type = response.headers["content-type"];
    check_answer({method, url, status: response.statusCode, type, text, sent: body});
    return {status: response.statusCode, headers: response.headers, body: text && /json/.test(type) ? JSON.parse(text) : text || null};
  }

  async get(path) {
    const {status, body} = await this.api("GET", path);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  }

  /// All items of a list, part by part.
  async all(path) {
    const items = [];
    for (let next = "", part; next !== null; next = part.next) {
      part = await this.get(`${path}${path.includes("?") ? "&" : "?"}limit=200${next && `&cursor=${next}`}`);
      items.push(...part.items);
    }
    return items;
  }

  suggestions(state = "open") { return this.all(`/suggestions?state=${state}`); }

  /// All suggestions for the message that the platform calls `nativeId`.
  async suggestionsFor(nativeId) {
    const {status, body} = await this.api("GET", `/messages/${encodeURIComponent(nativeId)}`);
    return status === 200 ? body.suggestions : [];
  }

  /// The best open suggestion for a message, as soon as there is one.
  openFor(nativeId) {
    return until(async () => (await this.suggestions()).find(s => s.message.native_id === nativeId), Boolean,
      `no open suggestion for ${nativeId}`);
  }

  async approve(suggestion) {
    const {status, body} = await this.api("POST", `/suggestions/${suggestion.id}/approve`, {hash: suggestion.hash});
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  }

  stateIs(id, state) {
    return until(() => this.get(`/suggestions/${id}`), s => s.state === state, `suggestion ${id} is not ${state}`, 60_000);
  }

  /// The kith command: {code, out, err}. What the daemon answers it is checked as in api().
  async command(...args) {
    const running = this.child && this.child.exitCode === null && this.child.signalCode === null;
    if (running) this.door ??= await new CheckedDoor().open(join(this.folder, "checked.sock"), this.socket);
    const told = ({stdout, stderr, code = 0}) => ({code, out: stdout, err: stderr});
    const said = await promisify(execFile)(kith, ["--socket", running ? this.door.path : this.socket, ...args]).then(told, told);
    this.door?.check();
    return said;
  }
}
