// The network itself, and what tests do on it in place of the people there.
import { createHmac } from 'node:crypto';
import { load } from './modules.mjs';

const POST = 'app.bsky.feed.post';
// Lets the tests' own helpers write when the limits are switched on for the daemon's sake.
const BYPASS = 'test-control';

export async function startBluesky({ postgresUrl, rateLimits }) {
  const { AtpAgent, AtUri, RichText, AppBskyFeedPost, jsonToLex } = await load('@atproto/api');
  const { JWT_SECRET, TestNetwork, mockResolvers } = await load('@atproto/dev-env');
  const { PDS } = await load('@atproto/pds');

  // A PDS gets random keys and folders when it is made. Remember them by port: the same PDS
  // can then be made again.
  const environments = new Map();
  const fromEnv = PDS.fromEnv;
  PDS.fromEnv = function (env) {
    environments.set(env.port, env);
    return fromEnv.call(this, env);
  };

  const network = await createNetwork(TestNetwork, {
    dbPostgresUrl: postgresUrl,
    pds: {
      enableDidDocWithSession: true,
      rateLimitsEnabled: rateLimits,
      rateLimitBypassKey: BYPASS,
    },
  });

  const urls = {
    pds: `http://127.0.0.1:${network.pds.port}`,
    appview: `http://127.0.0.1:${network.bsky.port}`,
    plc: `http://127.0.0.1:${network.plc.port}`,
  };
  const newAgent = (service) => {
    const agent = new AtpAgent({ service });
    agent.setHeader('x-ratelimit-bypass', BYPASS);
    return agent;
  };
  const anonymous = newAgent(urls.pds);
  const reader = newAgent(urls.appview);
  const agents = new Map();
  let pdsRunning = true;

  const agentOf = (handle) => {
    const agent = agents.get(handle);
    if (!agent) throw new Error(`no such account: ${handle}`);
    return agent;
  };

  const now = () => new Date().toISOString();

  const richText = async (agent, text) => {
    const rich = new RichText({ text });
    await rich.detectFacets(agent);
    return { text: rich.text, ...(rich.facets?.length ? { facets: rich.facets } : {}) };
  };

  const whereIs = (uri) => {
    const { host: repo, collection, rkey } = new AtUri(uri);
    return { repo, collection, rkey };
  };

  const create = async (handle, collection, record, rkey) => {
    const agent = agentOf(handle);
    const { data } = await agent.com.atproto.repo.createRecord({
      repo: agent.assertDid,
      collection,
      rkey,
      record: { $type: collection, ...record },
    });
    return { uri: data.uri, cid: data.cid };
  };

  const actions = {
    async account({ handle, password, email = `${handle}@example.test` }) {
      const agent = newAgent(urls.pds);
      const { data } = await agent.createAccount({ handle, password, email });
      agents.set(handle, agent);
      return { did: data.did, handle: data.handle };
    },

    async post({ handle, text, mention = [], reply, quote, createdAt = now(), langs }) {
      const missing = [mention].flat().filter((other) => !text.includes(`@${other}`));
      const whole = [...missing.map((other) => `@${other}`), text].join(' ');
      return create(handle, POST, {
        ...(await richText(agentOf(handle), whole)),
        ...(reply ? { reply } : {}),
        ...(quote ? { embed: { $type: 'app.bsky.embed.record', record: quote } } : {}),
        ...(langs ? { langs } : {}),
        createdAt,
      });
    },

    async create({ handle, collection, record, rkey }) {
      return create(handle, collection, { createdAt: now(), ...record }, rkey);
    },

    async delete({ handle, uri }) {
      await agentOf(handle).com.atproto.repo.deleteRecord(whereIs(uri));
      return {};
    },

    async put({ handle, uri, text }) {
      const agent = agentOf(handle);
      const place = whereIs(uri);
      const { data: old } = await agent.com.atproto.repo.getRecord(place);
      const { facets, ...kept } = old.value;
      const record = { ...kept, ...(await richText(agent, text)) };
      const { data } = await agent.com.atproto.repo.putRecord({ ...place, record });
      return { uri: data.uri, cid: data.cid };
    },

    async block({ handle, subject }) {
      return create(handle, 'app.bsky.graph.block', { subject, createdAt: now() });
    },

    // An empty `allow` means nobody; the gate has the key of the thread's first post.
    async threadgate({ handle, uri }) {
      const { rkey } = whereIs(uri);
      const gate = { post: uri, allow: [], createdAt: now() };
      return create(handle, 'app.bsky.feed.threadgate', gate, rkey);
    },

    async thread({ uri, as }) {
      const agent = as ? agentOf(as) : reader;
      return (await agent.app.bsky.feed.getPostThread({ uri })).data;
    },

    async record({ uri }) {
      return (await anonymous.com.atproto.repo.getRecord(whereIs(uri))).data;
    },

    async records({ handle }) {
      const records = [];
      let cursor;
      do {
        const { data } = await anonymous.com.atproto.repo.listRecords({
          repo: handle, collection: POST, limit: 100, cursor,
        });
        records.push(...data.records);
        cursor = data.cursor;
      } while (cursor);
      return { records };
    },

    async process() {
      await network.processAll();
      return {};
    },

    async pdsStop() {
      if (!pdsRunning) return {};
      pdsRunning = false;
      await network.pds.server.destroy();
      return {};
    },

    async pdsStart() {
      if (pdsRunning) return {};
      const server = await PDS.fromEnv(environments.get(network.pds.port));
      await server.start();
      network.pds.server = server;
      mockResolvers(server.ctx.idResolver, network.pds);
      pdsRunning = true;
      return {};
    },

    async token({ handle, did = agentOf(handle).assertDid, kind }) {
      if (kind !== 'expired') throw new Error('the only kind is "expired"');
      const issued = Math.floor(Date.now() / 1000) - 3 * 3600;
      const accessJwt = sign(JWT_SECRET, {
        scope: 'com.atproto.access',
        aud: network.pds.ctx.cfg.service.did,
        sub: did,
        iat: issued,
        exp: issued + 2 * 3600,
      });
      return { accessJwt };
    },

    async validate({ record }) {
      const result = AppBskyFeedPost.validateRecord(jsonToLex(record));
      return { valid: result.success, error: result.success ? null : result.error.message };
    },
  };

  // Not network.close(): that first works off all that is left to do, which fails without a PDS.
  const close = () => Promise.allSettled([
    network.ozone.close(),
    network.bsky.close(),
    network.bsync.close(),
    pdsRunning ? network.pds.close() : null,
    network.plc.close(),
  ]);

  return { urls, actions, close };
}

// The libraries pick free ports first and open them seconds later: one may be gone by then.
// What a failed attempt leaves open ends with this process.
async function createNetwork(TestNetwork, params) {
  for (const letter of 'abc') {
    try {
      return await TestNetwork.create({ ...params, dbPostgresSchema: `net_${letter}` });
    } catch (error) {
      if (error?.code !== 'EADDRINUSE' || letter === 'c') throw error;
      console.error('a port was taken meanwhile, starting over');
    }
  }
}

function sign(secret, payload) {
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = `${encode({ typ: 'at+jwt', alg: 'HS256' })}.${encode(payload)}`;
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
}
