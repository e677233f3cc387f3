// A real kithd for a test: its own folder, ports that the system picks, ended by process id.
import assert from "node:assert/strict";
import {execFile, spawn} from "node:child_process";
import {mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import http from "node:http";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {promisify} from "node:util";

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

  /// The link that sets the console's password, while none is set.
  async setupToken() {
    return (await readFile(join(this.folder, "state/setup-link"), "utf8")).trim().split("#setup=")[1];
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
    await rm(this.folder, {recursive: true, force: true});
  }

  /// One request to the API over the Unix socket: {status, body}.
  api(method, path, body, more = {}) {
    return new Promise((done, failed) => {
      const headers = {...(body === undefined ? {} : {"content-type": "application/json"}), ...more};
      const request = http.request({socketPath: this.socket, method, path: `/api/v1${path}`, headers, agent: false}, response => {
        let text = "";
        response.setEncoding("utf8").on("data", d => { text += d; });
        response.on("end", () => done({status: response.statusCode, body: text ? JSON.parse(text) : null}));
      });
      request.on("error", failed);
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  async get(path) {
    const {status, body} = await this.api("GET", path);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  }

  suggestions(state = "open") { return this.get(`/suggestions?state=${state}`).then(list => list.items); }

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

  /// The kith command: {code, out, err}.
  async command(...args) {
    try {
      const {stdout, stderr} = await promisify(execFile)(kith, ["--socket", this.socket, ...args]);
      return {code: 0, out: stdout, err: stderr};
    } catch (e) {
      return {code: e.code, out: e.stdout, err: e.stderr};
    }
  }
}
