// What each role may do: every route there is, asked for by each role.
import assert from "node:assert/strict";
import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {Kithd, source} from "../support/kith.mjs";
import {Person, signIn} from "../support/people.mjs";

const roles = ["viewer", "drafter", "approver", "lead", "admin"];

/// The least role of each route. Whoever adds one says here who may use it.
const least = {
  "GET /accounts": "viewer",
  "GET /accounts/{id}": "viewer",
  "POST /accounts/{id}/reconnect": "admin",
  "GET /answers": "viewer",
  "GET /audit/entries": "admin",
  "GET /audit/head": "admin",
  "GET /brakes": "viewer",
  "POST /brakes/resume": "lead",
  "POST /brakes/stop": "approver",
  "GET /canaries": "lead",
  "GET /contacts": "viewer",
  "GET /contacts/{id}": "viewer",
  "GET /contacts/{id}/export": "lead",
  "POST /contacts/{id}/forget": "lead",
  "POST /contacts/{id}/merge": "approver",
  "POST /contacts/{id}/split": "approver",
  "POST /contacts/{id}/zone": "approver",
  "GET /customers": "viewer",
  "POST /customers": "lead",
  "GET /customers/{id}": "viewer",
  "POST /customers/{id}/remove": "approver",
  "GET /departments": "viewer",
  "GET /departments/{id}": "viewer",
  "GET /departments/{id}/digest": "viewer",
  "POST /departments/{id}/digest": "lead",
  "GET /fixes": "viewer",
  "POST /fixes": "approver",
  "PATCH /me": "viewer",
  "DELETE /me/oidc": "viewer",
  "GET /me/sessions": "viewer",
  "DELETE /me/sessions/{id}": "viewer",
  "GET /me/tokens": "viewer",
  "POST /me/tokens": "viewer",
  "DELETE /me/tokens/{id}": "viewer",
  "GET /messages/{id}": "viewer",
  "POST /messages/{id}/customer": "approver",
  "GET /opt-outs": "viewer",
  "POST /opt-outs": "drafter",
  "POST /opt-outs/{id}/lift": "lead",
  "GET /packs": "viewer",
  "GET /playbooks": "viewer",
  "GET /questions": "viewer",
  "GET /questions/{id}": "viewer",
  "POST /questions/{id}/answer": "drafter",
  "POST /questions/{id}/keep": "lead",
  "POST /reload": "lead",
  "GET /queue": "viewer",
  "POST /queue/approve": "approver",
  "GET /queue/counts": "viewer",
  "GET /stats/items": "viewer",
  "GET /stats/{name}": "viewer",
  "GET /status": "viewer",
  "GET /suggestions": "viewer",
  "GET /suggestions/{id}": "viewer",
  "POST /suggestions/{id}/approve": "approver",
  "POST /suggestions/{id}/assign": "approver",
  "POST /suggestions/{id}/check": "drafter",
  "DELETE /suggestions/{id}/claim": "drafter",
  "POST /suggestions/{id}/claim": "drafter",
  "POST /suggestions/{id}/edit": "drafter",
  "POST /suggestions/{id}/handled": "approver",
  "POST /suggestions/{id}/link": "approver",
  "POST /suggestions/{id}/questions": "drafter",
  "POST /suggestions/{id}/reject": "approver",
  "POST /suggestions/{id}/settle": "approver",
  "POST /suggestions/{id}/snooze": "approver",
  "POST /suggestions/{id}/undo": "approver",
  "GET /unanswered": "viewer",
  "GET /views": "viewer",
  "POST /views": "viewer",
  "GET /views/{id}": "viewer",
  "PUT /views/{id}": "viewer",
  "DELETE /views/{id}": "viewer",
  "GET /users": "approver",
  "POST /users": "admin",
  "GET /users/{id}": "admin",
  "PATCH /users/{id}": "admin",
  "DELETE /users/{id}/oidc": "admin",
  "POST /users/{id}/reset": "admin",
  "GET /users/{id}/tokens": "admin",
  "POST /users/{id}/tokens": "admin",
  "DELETE /users/{id}/tokens/{token}": "admin",
};

/// The way in, where there is no role yet.
const way_in = ["GET /session", "POST /session", "DELETE /session", "GET /session/options", "POST /session/second",
  "POST /session/setup", "GET /session/oidc/start", "GET /session/oidc/callback", "POST /me/oidc", "GET /links/{token}", "POST /links/{token}/approve", "GET /openapi.yaml", "POST /me/totp", "POST /me/totp/confirm", "POST /me/password"];

let kithd;
const people = {};

before(async () => {
  kithd = await Kithd.make();
  await kithd.start();
  for (const role of [...roles].reverse()) people[role] = await signIn(kithd, {login: `the-${role}`, role});
});
after(async () => { await kithd.remove(); });

/// From the sources: "METHOD /path" of every route of the API.
async function routes_in_code() {
  const found = new Set(), folder = join(source, "daemon/console");
  for (const file of (await readdir(folder)).filter(f => f.endsWith(".cpp"))) {
    const text = await readFile(join(folder, file), "utf8");
    for (const [, method, path] of text.matchAll(/"(GET|POST|PUT|PATCH|DELETE)",\s*"\/api\/v1([^"]*)"/g)) found.add(`${method} ${path}`);
  }
  return found;
}

test("every route has its role here, and each that is here exists", async () => {
  assert.deepEqual([...await routes_in_code()].sort(), [...Object.keys(least), ...way_in].sort());
});

test("each role may what its rank allows, and nothing above", async () => {
  const wrong = [];
  for (const [route, needs] of Object.entries(least)) {
    const [method, pattern] = route.split(" ");
    const path = pattern.replaceAll(/\{\w+\}/g, "999999");
    for (const role of roles) {
      const {status, body} = await people[role].call(method, path, method === "GET" ? undefined : {});
      const refused = status === 403 && /^this needs the role /.test(body.detail);
      if (refused !== roles.indexOf(role) < roles.indexOf(needs) || status === 401 || status >= 500) wrong.push(`${route} as ${role}: ${status} ${body?.detail}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("without a session there is nothing, nor with half of one", async () => {
  const stranger = new Person(kithd, {login: "stranger"}), half = new Person(kithd, {login: "the-viewer"});
  await half.ok("POST", "/session", {login: half.login, password: half.password});
  for (const route of Object.keys(least)) {
    const [method, pattern] = route.split(" ");
    const path = pattern.replaceAll(/\{\w+\}/g, "999999"), body = method === "GET" ? undefined : {};
    assert.equal((await stranger.call(method, path, body)).status, 401, route);
    const answer = await half.call(method, path, body);
    assert.deepEqual([answer.status, answer.body.type], [401, "urn:kith:problem:second-factor-needed"], route);
  }
});
