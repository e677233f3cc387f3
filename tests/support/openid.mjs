// A real OpenID provider (oidc-provider from npm) on loopback, whose people sign in with one click.
import {generateKeyPairSync, randomUUID} from "node:crypto";
import http from "node:http";
import https from "node:https";

import Provider from "oidc-provider";

const page = who => `<!doctype html><html lang="en"><title>The provider</title><h1>The provider</h1>
<form method="post"><button name="answer" value="yes">Go on as ${who}</button><button name="answer" value="no">Refuse</button></form>`;

function new_key(kind) {
  const {privateKey} = kind === "EC" ? generateKeyPairSync("ec", {namedCurve: "P-256"}) : generateKeyPairSync("rsa", {modulusLength: 2048});
  return {...privateKey.export({format: "jwk"}), kid: randomUUID(), use: "sig"};
}

export class OpenIdProvider {
  /// As whom people sign in, and how they prove it.
  person = {subject: "ann-at-the-provider", amr: ["pwd"], acr: undefined};
  client = {client_id: "kith", client_secret: "a secret of the provider's"};
  secret = this.client.client_secret;
  asked = [];   // "METHOD /path" of each request

  /// For browsers `localhost` is another site than 127.0.0.1. `tls`: {cert, key}.
  constructor(host = "127.0.0.1", tls = null) { Object.assign(this, {host, tls}); }

  /// Listens; `serve` makes it a provider.
  async listen() {
    const answer = (request, response) => this.#answer(request, response);
    this.server = this.tls ? https.createServer(this.tls, answer) : http.createServer(answer);
    await new Promise(done => this.server.listen(this.port ?? 0, "127.0.0.1", done));
    this.port = this.server.address().port;
    this.issuer = `http${this.tls ? "s" : ""}://${this.host}:${this.port}`;
    return this;
  }

  async close() {
    this.server.closeAllConnections();
    await new Promise(done => this.server.close(done));
  }

  /// With keys of its own, and nothing that it knew before. `base`: of the kithd that people are sent back to.
  serve(base, {algorithm = "RS256", more = {}} = {}) {
    this.base = base;
    const redirect = `${base}/api/v1/session/oidc/callback`;
    this.provider = new Provider(this.issuer, {
      clients: [{...this.client, redirect_uris: [redirect], response_types: ["code"], grant_types: ["authorization_code"],
        id_token_signed_response_alg: algorithm, ...more}],
      jwks: {keys: [new_key("RSA"), new_key("EC")]},
      enabledJWA: {idTokenSigningAlgValues: ["RS256", "PS256", "ES256", "HS256"]},
      claims: {openid: ["sub", "amr", "acr"]},
      acrValues: ["urn:two-factors"],
      cookies: {keys: ["for the tests"]},
      pkce: {required: () => true},
      features: {devInteractions: {enabled: false}},
      interactions: {url: (_, interaction) => `/interaction/${interaction.uid}`},
      ttl: {Session: 600, Grant: 600, Interaction: 600, IdToken: 300, AccessToken: 300, AuthorizationCode: 60},
      findAccount: (_, subject) => ({accountId: subject, claims: () => ({sub: subject})}),
      async loadExistingGrant({oidc}) {
        const grant = new oidc.provider.Grant({clientId: oidc.client.clientId, accountId: oidc.session.accountId});
        grant.addOIDCScope("openid");
        await grant.save();
        return grant;
      },
    });
    this.callback = this.provider.callback();
    return this;
  }

  async #answer(request, response) {
    this.asked.push(`${request.method} ${new URL(request.url, this.issuer).pathname}`);
    if (!request.url.startsWith("/interaction/")) return this.callback(request, response);
    if (request.method === "GET") return response.writeHead(200, {"content-type": "text/html"}).end(page(this.person.subject));
    const {subject, ...proof} = this.person, said = Buffer.concat(await request.toArray()).toString();
    return this.provider.interactionFinished(request, response, said === "answer=no" ?
      {error: "access_denied", error_description: "<b>they said no</b>"} : {login: {accountId: subject, ...proof}});
  }

  /// What a browser does from there on, until it is sent back: the address that it is sent to.
  async visit(url, answer = "yes") {
    const jar = {};
    let method = "GET", body;
    for (let step = 0; step < 10; ++step) {
      const cookie = Object.entries(jar).map(([k, v]) => `${k}=${v}`).join("; ");
      const response = await fetch(url, {method, body, redirect: "manual",
        headers: {cookie, ...(body && {"content-type": "application/x-www-form-urlencoded"})}});
      for (const line of response.headers.getSetCookie()) {
        const [, key, value] = line.match(/^([^=]+)=([^;]*)/);
        jar[key] = value;
      }
      const to = response.headers.get("location");
      if (to) {
        url = new URL(to, url).href;
        if (url.startsWith(`${this.base}/`)) return url;
        [method, body] = ["GET", undefined];
      } else if (response.status === 200) {
        [method, body] = ["POST", `answer=${answer}`];
      } else {
        throw new Error(`the provider answered ${response.status}: ${await response.text()}`);
      }
    }
    throw new Error("the provider sends nobody back");
  }
}
