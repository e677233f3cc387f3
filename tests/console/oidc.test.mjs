// Single sign-on, with a real OpenID provider: there and back as a browser goes, and every way in which it must fail.
import assert from "node:assert/strict";
import {mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import tls from "node:tls";
import {certificate} from "../digest/support.mjs";
import {Kithd, until} from "../support/kith.mjs";
import {OpenIdProvider} from "../support/openid.mjs";
import {fetch_checked} from "../support/openapi.mjs";
import {Person, signIn} from "../support/people.mjs";

const provider = new OpenIdProvider();
const env = {KITH_OIDC_SECRET: provider.secret};
let kithd, ann, bob;

const is = (answer, status, detail) => {
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  if (detail) assert.match(answer.body.detail, detail);
};

before(async () => {
  await provider.listen();
  kithd = await Kithd.make({more: `sign_in:\n  oidc:\n    name: Example SSO\n    issuer: ${provider.issuer}\n    client_id: kith\n` +
    "    client_secret: env:KITH_OIDC_SECRET\n"});
  await kithd.start(env);
  const file = join(kithd.folder, "kith.yaml");  // the provider knows where people are sent back to
  await writeFile(file, (await readFile(file, "utf8")).replace("port: 0", `port: ${new URL(kithd.base).port}`));
  provider.serve(kithd.base);
  ann = await signIn(kithd, {login: "ann"});
  bob = await signIn(kithd, {login: "bob", role: "approver"});
});
after(async () => {
  await kithd?.remove();
  await provider.close();
});

/// One step of a browser that keeps its cookies, or sends only some: {status, to, cookies}.
async function step(person, url, {only, headers = {}} = {}) {
  const cookie = Object.entries(person.jar).filter(([k]) => !only || only.includes(k)).map(([k, v]) => `${k}=${v}`).join("; ");
  const response = await fetch_checked(new URL(url, kithd.base).href, {redirect: "manual", headers: {...(cookie && {cookie}), ...headers}});
  const cookies = response.headers.getSetCookie();
  for (const line of cookies) {
    const [, key, value] = line.match(/^([^=]+)=([^;]*)/);
    if (value) person.jar[key] = value;
    else delete person.jar[key];
  }
  return {status: response.status, to: response.headers.get("location"), cookies, headers: response.headers};
}
const leave = async (person, more) => (await step(person, "/api/v1/session/oidc/start", more)).to;
/// The provider is another site: of our cookies only the Lax one comes along.
const back = (person, url) => step(person, url, {only: ["kith-oidc"]});
/// There and back.
const walk = async (person, answer) => back(person, await provider.visit(await leave(person), answer));
const somebody = (login = "ann") => new Person(kithd, {login});
const inside = async person => (await person.call("GET", "/session")).status === 200;

test("the page is told of the provider, and the browser is sent there with all that binds the way back", async () => {
  const options = await somebody().ok("GET", "/session/options");
  assert.deepEqual(options.oidc, {name: "Example SSO", url: "/api/v1/session/oidc/start"});
  const person = somebody();
  const {status, to, cookies, headers} = await step(person, options.oidc.url);
  assert.equal(status, 303);
  assert.equal(headers.get("cache-control"), "no-store");
  const url = new URL(to), query = Object.fromEntries(url.searchParams);
  assert.equal(url.origin + url.pathname, `${provider.issuer}/auth`);
  assert.match(query.code_challenge, /^[\w-]{43}$/);
  assert.match(query.state, /^[a-z2-7]{52}$/);
  assert.match(query.nonce, /^[a-z2-7]{52}$/);
  assert.deepEqual([query.response_type, query.code_challenge_method, query.client_id, query.scope, query.redirect_uri],
    ["code", "S256", "kith", "openid", `${kithd.base}/api/v1/session/oidc/callback`]);
  assert.equal(cookies.length, 1);
  assert.match(cookies[0], /^kith-oidc=[a-z2-7]{52}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/);
  assert.notEqual(new URL(await leave(person)).searchParams.get("state"), query.state);
});

test("no other site begins a sign-in", async () => {
  for (const site of ["cross-site", "same-site"]) {
    const {to, cookies} = await step(somebody(), "/api/v1/session/oidc/start", {headers: {"sec-fetch-site": site}});
    assert.deepEqual([to, cookies], ["/console", []]);
  }
});

test("whom no admin invited is nobody, whatever the provider says", async () => {
  const person = somebody();
  assert.equal((await walk(person)).to, "/console?oidc=not-linked");
  assert.equal(await inside(person), false);
  assert.equal((await ann.ok("GET", "/users")).items.length, 2);
});

test("a person who has just signed in links the account, and it is on record", async () => {
  is(await somebody().call("POST", "/me/oidc"), 401);
  is(await ann.call("POST", "/me/oidc", undefined, {"x-kith-request": "0"}), 403, /another site/);
  const {url} = await ann.ok("POST", "/me/oidc");
  const done = await back(ann, await provider.visit(url));
  assert.equal(done.to, "/console/me?oidc=linked");
  assert.match(done.cookies.join(), /^kith-oidc=; Path=\/; HttpOnly; SameSite=Lax; Max-Age=0$/);
  assert.equal((await ann.ok("GET", "/session")).user.oidc.issuer, provider.issuer);
  assert.equal((await ann.ok("GET", "/users/ann")).oidc.issuer, provider.issuer);
  is(await ann.call("POST", "/me/oidc"), 409, /linked already/);
  const {items} = await ann.ok("GET", "/audit/entries?limit=200");
  assert.ok(items.some(e => e.act === "provider-linked" && e.actor === "ann"), JSON.stringify(items.map(e => e.act)));
});

test("then the provider's word is worth a password: the second factor is still asked for", async () => {
  const person = Object.assign(somebody(), {secret: ann.secret, last_step: ann.last_step});
  const done = await walk(person);
  assert.equal(done.to, "/console");
  const session = done.cookies.find(c => c.startsWith("kith="));
  assert.match(session, /^kith=[a-z2-7]{32}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=900$/);
  assert.equal((await person.ok("GET", "/session")).second_factor, "needed");
  is(await person.call("GET", "/status"), 401);
  assert.equal((await person.ok("POST", "/session/second", {code: await person.code()})).second_factor, "done");
  ann.last_step = person.last_step;
  await person.ok("GET", "/status");
});

test("the session that the browser had before ends", async () => {
  const person = somebody();
  await walk(person);
  const before = person.jar.kith;
  await walk(person);
  assert.notEqual(person.jar.kith, before);
  assert.equal(await inside(Object.assign(somebody(), {jar: {kith: before}})), false);
});

test("an account of the provider is one user's", async () => {
  const {url} = await bob.ok("POST", "/me/oidc");
  assert.equal((await back(bob, await provider.visit(url))).to, "/console/me?oidc=taken");
  assert.equal((await bob.ok("GET", "/session")).user.oidc, null);
  // And whoever signs out on the way links nothing.
  const eve = await signIn(kithd, {login: "eve", role: "viewer"});
  const begun = await eve.ok("POST", "/me/oidc");
  provider.person.subject = "eve-at-the-provider";
  const home = await provider.visit(begun.url), cookie = {...eve.jar};
  await eve.call("DELETE", "/session");
  eve.jar = {"kith-oidc": cookie["kith-oidc"]};
  assert.equal((await back(eve, home)).to, "/console/me?oidc=expired");
  assert.equal((await ann.ok("GET", "/users/eve")).oidc, null);
  provider.person.subject = "ann-at-the-provider";
});

test("who refuses there is told so, in no word of the provider's", async () => {
  const person = somebody();
  const home = await provider.visit(await leave(person), "no");
  assert.match(home, /error=access_denied/);
  const {to} = await back(person, home);
  assert.equal(to, "/console?oidc=denied");
  assert.equal(await inside(person), false);
  assert.doesNotMatch(kithd.log, /they said no/);
});

test("an answer is good once, in the browser that asked, and for what it asked", async () => {
  const person = somebody(), home = await provider.visit(await leave(person)), cookie = person.jar["kith-oidc"];
  const other = somebody();
  await leave(other);
  assert.equal((await back(other, home)).to, "/console?oidc=expired", "another browser's state");
  assert.equal((await back(somebody(), home)).to, "/console?oidc=expired", "no cookie");
  const unknown = home.replace(/state=[^&]*/, `state=${"a".repeat(52)}`);
  assert.equal((await back(person, unknown)).to, "/console?oidc=expired", "a state that nobody sent");
  assert.equal((await back(person, home)).to, "/console");
  person.jar = {"kith-oidc": cookie};
  assert.equal((await back(person, home)).to, "/console?oidc=expired", "a second time");
  assert.equal(await inside(person), false);
});

test("a code that was injected is worth nothing: it is bound to who asked for it", async () => {
  const mallory = somebody(), victim = somebody();
  const stolen = new URL(await provider.visit(await leave(mallory))).searchParams.get("code");
  const own = new URL(await provider.visit(await leave(victim)));
  own.searchParams.set("code", stolen);
  assert.equal((await back(victim, own.href)).to, "/console?oidc=failed");
  assert.match(kithd.log, /the token endpoint answered with status 400 and invalid_grant/);
  assert.equal(await inside(victim), false);
});

test("an answer of another issuer is not taken (RFC 9207)", async () => {
  for (const change of [url => url.searchParams.set("iss", "https://evil.example"), url => url.searchParams.delete("iss")]) {
    const person = somebody(), home = new URL(await provider.visit(await leave(person)));
    assert.equal(home.searchParams.get("iss"), provider.issuer);
    change(home);
    assert.equal((await back(person, home.href)).to, "/console?oidc=failed");
  }
  assert.match(kithd.log, /the answer is of another issuer/);
});

test("new keys of the provider are fetched when they are needed; each of the three algorithms is taken", async () => {
  for (const algorithm of ["PS256", "ES256"]) {
    provider.serve(kithd.base, {algorithm});
    const fetched = () => provider.asked.filter(a => a === "GET /jwks").length, before = fetched();
    // At most one look in ten seconds.
    await until(async () => (await walk(somebody())).to, to => to === "/console", "the new key is not taken", 20_000, 1000);
    assert.equal(fetched(), before + 1);
  }
});

test("a token that is signed with the shared secret is refused", async () => {
  provider.serve(kithd.base, {algorithm: "HS256"});
  assert.equal((await walk(somebody())).to, "/console?oidc=failed");
  assert.match(kithd.log, /the ID token is not signed with RS256, PS256 or ES256/);
  provider.serve(kithd.base);
});

test("while the provider is away people are told, and it works again once it is back", async () => {
  const person = somebody(), home = await provider.visit(await leave(person));
  await provider.close();
  assert.equal((await back(person, home)).to, "/console?oidc=unavailable");
  await kithd.stop();
  await kithd.start(env);
  assert.equal(await leave(somebody()), "/console?oidc=unavailable");
  is(await ann.call("POST", "/me/oidc"), 409);
  is(await bob.call("POST", "/me/oidc"), 503, /Example SSO cannot be asked now/);
  assert.equal((await somebody().ok("GET", "/session/options")).password, true);
  await provider.listen();
  await until(() => leave(somebody()), to => to.startsWith(provider.issuer), "it was not asked again");
  assert.equal((await walk(somebody())).to, "/console");
});

test("who fails again and again at the provider's word must wait", async () => {
  provider.person.subject = "nobody-we-know";
  const words = [];
  while (words.length < 60 && words.at(-1) !== "/console?oidc=wait") words.push((await walk(somebody())).to);
  assert.equal(words.at(-1), "/console?oidc=wait", `after ${words.length}`);
  assert.ok(words.length > 20, `after ${words.length}`);
  provider.person.subject = "ann-at-the-provider";
  // What failed at the provider says nothing against a password.
  assert.equal((await somebody().ok("POST", "/session", {login: "ann", password: ann.password})).second_factor, "needed");
  await kithd.stop();  // a restart forgets it
  await kithd.start(env);
});

test("people undo the link, and their other sessions end; admins do it for others", async () => {
  const elsewhere = somebody();
  await walk(elsewhere);
  const me = await ann.ok("DELETE", "/me/oidc");
  assert.equal(me.user.oidc, null);
  assert.equal(await inside(elsewhere), false);
  await ann.ok("GET", "/status");
  is(await ann.call("DELETE", "/me/oidc"), 409, /not linked/);
  assert.equal((await walk(somebody())).to, "/console?oidc=not-linked");
  const link = async (person, subject) => {
    provider.person.subject = subject;
    const {url} = await person.ok("POST", "/me/oidc");
    assert.equal((await back(person, await provider.visit(url))).to, "/console/me?oidc=linked");
  };
  await link(bob, "bob-at-the-provider");
  is(await bob.call("DELETE", "/users/bob/oidc"), 403, /needs the role admin/);
  const unlinked = await ann.ok("DELETE", "/users/bob/oidc");
  assert.equal(unlinked.oidc, null);
  assert.equal(await inside(bob), false);
  is(await ann.call("DELETE", "/users/bob/oidc"), 409, /not linked/);
  const acts = (await ann.ok("GET", "/audit/entries?limit=200")).items.filter(e => e.act === "provider-unlinked");
  assert.deepEqual(acts.map(e => e.actor), ["ann", "ann"]);
  await link(ann, "ann-at-the-provider");
});

test("disabling and a reset end the link", async () => {
  const sue = await signIn(kithd, {login: "sue", role: "viewer"});
  provider.person.subject = "sue-at-the-provider";
  const {url} = await sue.ok("POST", "/me/oidc");
  await back(sue, await provider.visit(url));
  assert.equal((await walk(somebody())).to, "/console");
  const set = async disabled => {
    const seen = await ann.call("GET", "/users/sue");
    return ann.ok("PATCH", "/users/sue", {disabled}, {"if-match": seen.headers.get("etag")});
  };
  const home = await provider.visit(await leave(sue));  // on the way while it happens
  assert.equal((await set(true)).oidc, null);
  assert.equal((await back(sue, home)).to, "/console?oidc=not-linked");
  await set(false);
  assert.equal((await walk(somebody())).to, "/console?oidc=not-linked");
  const max = await signIn(kithd, {login: "max", role: "viewer"});
  provider.person.subject = "max-at-the-provider";
  await back(max, await provider.visit((await max.ok("POST", "/me/oidc")).url));
  const half = somebody(), away = somebody();  // before its second factor, and still at the provider's
  assert.equal((await walk(half)).to, "/console");
  assert.equal((await half.ok("GET", "/session")).second_factor, "needed");
  const late = await provider.visit(await leave(away));
  await ann.ok("POST", "/users/max/reset", {});
  assert.equal(await inside(half), false);
  is(await half.call("POST", "/session/second", {code: "123456"}), 401);
  assert.equal((await back(away, late)).to, "/console?oidc=not-linked");
  assert.equal((await walk(somebody())).to, "/console?oidc=not-linked");
  provider.person.subject = "ann-at-the-provider";
});

test("a house may take the provider's second factor, where the provider says that there was one; PKCE alone serves a public client", async () => {
  await kithd.stop();
  const file = join(kithd.folder, "kith.yaml");
  await writeFile(file, (await readFile(file, "utf8")).replace("    client_secret: env:KITH_OIDC_SECRET\n",
    "    second_factor: {provider: {amr: [mfa], acr: ['urn:two-factors']}}\n"));
  await kithd.start();
  provider.client = {client_id: "kith", token_endpoint_auth_method: "none"};
  provider.serve(kithd.base);
  const how_far = async proof => {
    Object.assign(provider.person, {amr: undefined, acr: undefined}, proof);
    const person = somebody();
    assert.equal((await walk(person)).to, "/console");
    return [person, (await person.ok("GET", "/session")).second_factor];
  };
  assert.equal((await how_far({amr: ["pwd"]}))[1], "needed");
  assert.equal((await how_far({}))[1], "needed");
  assert.equal((await how_far({acr: "urn:two-factors"}))[1], "done");
  const [person, far] = await how_far({amr: ["pwd", "mfa"]});
  assert.equal(far, "done");
  await person.ok("GET", "/status");
  // It has shown us nothing itself: what lets it in is not its to change.
  is(await person.call("POST", "/me/totp", {}), 403, /with your password/);
  is(await person.call("POST", "/me/oidc"), 403, /with your password/);
  await kithd.stop();
  await kithd.start();
  is(await person.call("POST", "/me/totp", {}), 403, /with your password/);
});

test("behind TLS the cookie is this host's own, and the way back is the address that people use", async () => {
  const daemon = await Kithd.make({more: `sign_in: {oidc: {name: SSO, issuer: '${provider.issuer}', client_id: kith}}\n`});
  try {
    await writeFile(daemon.config, (await readFile(daemon.config, "utf8")).replace("port: 0", "port: 0\n  public_url: https://kith.example"));
    await daemon.start();
    const {status, headers} = await daemon.api("GET", "/session/oidc/start");
    assert.equal(status, 303);
    assert.match(headers["set-cookie"][0], /^__Host-kith-oidc=[a-z2-7]{52}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600; Secure$/);
    assert.equal(new URL(headers.location).searchParams.get("redirect_uri"), "https://kith.example/api/v1/session/oidc/callback");
  } finally {
    await daemon.remove();
  }
});

test("a provider with a certificate of the house's own is trusted where its file is named, and nowhere else", async () => {
  const folder = await mkdtemp(join(tmpdir(), "kith-oidc-"));
  const own = await certificate(folder, "localhost");
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), own.cert.toString()]);  // the browser's part of the test
  const secured = await new OpenIdProvider("localhost", own).listen();
  const house = more => Kithd.make({more: `sign_in: {oidc: {name: SSO, issuer: '${secured.issuer}', client_id: kith, client_secret: env:KITH_OIDC_SECRET${more}}}\n`});
  const daemons = [await house(`, extra_ca_file: '${own.file}'`), await house("")];
  const start_of = daemon => daemon.api("GET", "/session/oidc/start").then(answer => answer.headers);
  try {
    for (const daemon of daemons) await daemon.start(env);
    const [trusting, other] = daemons;
    secured.serve(trusting.base);
    const {location, "set-cookie": [cookie]} = await until(() => start_of(trusting), h => h.location.startsWith(secured.issuer), "it is not asked");
    const home = await secured.visit(location);
    const answer = await fetch_checked(home, {redirect: "manual", headers: {cookie: cookie.split(";")[0]}});
    assert.equal(answer.headers.get("location"), "/console?oidc=not-linked");  // its word came, over TLS, from the token endpoint
    assert.ok(secured.asked.includes("POST /token"), secured.asked.join());
    assert.equal((await start_of(other)).location, "/console?oidc=unavailable");
    await until(() => /certificate/.test(other.log), Boolean, "the journal does not say why");
  } finally {
    for (const daemon of daemons) await daemon.remove();
    await secured.close();
    await rm(folder, {recursive: true, force: true});
  }
});

test("a house without a provider has none of it", async () => {
  const plain = await Kithd.make();
  try {
    await plain.start();
    for (const path of ["start", "callback"])
      assert.equal((await fetch_checked(`${plain.base}/api/v1/session/oidc/${path}`, {redirect: "manual"})).status, 404);
    const person = await signIn(plain, {login: "ann"});
    is(await person.call("POST", "/me/oidc"), 404, /names no OpenID provider/);
    is(await person.call("DELETE", "/me/oidc"), 409, /not linked/);
  } finally {
    await plain.remove();
  }
});
