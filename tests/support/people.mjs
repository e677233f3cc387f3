// People at the console: over TCP, with the cookies and the second factor that a browser and an app would have.
import assert from "node:assert/strict";
import {createHmac} from "node:crypto";
import {fetch_checked} from "./openapi.mjs";

export const password = "correct horse battery staple";

/// RFC 6238: the code of a step of 30 seconds.
export function totp(secret, step) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map(c => alphabet.indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map(b => parseInt(b, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", key).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

export const step_now = (moved = 0) => Math.floor((Date.now() + moved) / 30_000);

export class Person {
  jar = {};
  last_step = 0;
  moved = 0;  // how far the daemon's clock is ahead of ours, in milliseconds

  constructor(kithd, {login, name = login, password: own = password}) {
    Object.assign(this, {kithd, login, name, password: own});
  }

  /// As the console's page: {status, body, headers}. The jar keeps the cookies.
  async call(method, path, body, headers = {}) {
    const cookie = Object.entries(this.jar).map(([k, v]) => `${k}=${v}`).join("; ");
    const response = await fetch_checked(`${this.kithd.base}/api/v1${path}`, {method, body: body && JSON.stringify(body), headers: {
      ...(body ? {"content-type": "application/json"} : {}), "x-kith-request": "1", ...(cookie ? {cookie} : {}), ...headers}});
    for (const line of response.headers.getSetCookie()) {
      const [, key, value] = line.match(/^([^=]+)=([^;]*)/);
      if (value) this.jar[key] = value;
      else delete this.jar[key];
    }
    const text = await response.text();
    return {status: response.status, body: text ? JSON.parse(text) : null, headers: response.headers};
  }

  async ok(method, path, body, headers) {
    const answer = await this.call(method, path, body, headers);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /// A code that was not used yet. One is good for 30 seconds before and after its own: the fourth within a minute
  /// has to wait.
  async code() {
    while (this.last_step >= step_now(this.moved) + 1) await new Promise(done => setTimeout(done, 200));
    const soon = Math.floor((Date.now() + this.moved + 3_000) / 30_000);  // it must still be good when it arrives
    this.last_step = Math.max(this.last_step + 1, soon - 1);
    return totp(this.secret, this.last_step);
  }

  /// With the token of a set-up link: a password, then a second factor.
  async setUp(token) {
    const {login, name} = this;
    const half = await this.ok("POST", "/session/setup", {token, login, name, password: this.password});
    assert.equal(half.second_factor, "setup");
    return this.enrol();
  }

  async enrol() {
    this.secret = (await this.ok("POST", "/me/totp", {})).secret;
    this.last_step = 0;
    this.recovery_codes = (await this.ok("POST", "/me/totp/confirm", {code: await this.code()})).recovery_codes;
    return this;
  }

  async signIn() {
    const half = await this.ok("POST", "/session", {login: this.login, password: this.password});
    assert.equal(half.second_factor, "needed");
    const whole = await this.ok("POST", "/session/second", {code: await this.code()});
    assert.equal(whole.second_factor, "done");
    return this;
  }
}

/// Somebody who is signed in. The first is made by the set-up link and so is an admin; others are invited.
export async function signIn(kithd, {login = "ann", name, role = "admin", departments = [], accounts = [], email = ""} = {}) {
  const person = new Person(kithd, {login, name});
  const options = await person.ok("GET", "/session/options");
  if (options.needs_setup && role === "admin") return person.setUp(await kithd.setupToken());
  const {status, body} = await kithd.api("POST", "/users", {login, name: name ?? login, email, role, departments, accounts});
  assert.equal(status, 200, JSON.stringify(body));
  return person.setUp(body.setup_url.split("#")[1]);
}
