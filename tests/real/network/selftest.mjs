// Run with the Node of the build folder: FOLDER/node_modules/.bin/node --test selftest.mjs
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { load } from './modules.mjs';

const { AtpAgent } = await load('@atproto/api');
const { decodeAll } = await load('@atproto/lex-cbor');
const { readCar } = await load('@atproto/repo');
const { default: WebSocket } = await load('ws');

const START_MS = 180_000;  // beside other tests, on a machine that is shared

async function until(what, milliseconds, check) {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const result = await check();
    if (result) return result;
    if (Date.now() > deadline) assert.fail(`not within ${milliseconds} ms: ${what}`);
    await wait(50);
  }
}

// The program in a temp folder of its own, so that whatever it leaves behind is seen.
function launch(t) {
  const temp = mkdtempSync(join(tmpdir(), 'kith-selftest-'));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'network.mjs')], {
    env: { ...process.env, TMPDIR: temp },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGKILL');
    await exited;
    for (const name of postgresFolders(child.pid)) rmSync(join('/tmp', name), { recursive: true, force: true });
    rmSync(temp, { recursive: true, force: true });
  });
  return { child, exited, temp, pid: child.pid };
}

async function firstLine({ child, exited }) {
  const lines = createInterface({ input: child.stdout });
  const result = await Promise.race([
    once(lines, 'line'),
    exited.then(() => assert.fail('ended before it was ready')),
    wait(START_MS, undefined, { ref: false }).then(() => assert.fail('not ready in time')),
  ]);
  lines.on('line', (line) => assert.fail(`more on standard output: ${line}`));
  return JSON.parse(result[0]);
}

// Process id and start time of everything below `root`: an id alone may be used again.
function descendants(root) {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(statOf).filter(Boolean);
  const found = [];
  const visit = (pid) => {
    for (const one of all.filter((other) => other.parent === pid)) {
      found.push(one);
      visit(one.pid);
    }
  };
  visit(root);
  return found;
}

function statOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\) /s, '').split(' ');
    return { pid: Number(pid), state: fields[0], parent: Number(fields[1]), started: fields[19] };
  } catch {
    return undefined;
  }
}

const isAlive = ({ pid, started }) => {
  const now = statOf(pid);
  return now !== undefined && now.started === started && now.state !== 'Z';
};

const postgresFolders = (pid) => readdirSync('/tmp').filter((name) => name.startsWith(`kith-pg-${pid}-`));

// Local addresses, as the kernel writes them, of what the process listens on.
function listening(pid) {
  const sockets = new Set();
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    try {
      sockets.add(readlinkSync(`/proc/${pid}/fd/${fd}`).match(/^socket:\[(\d+)\]$/)?.[1]);
    } catch {
      // Closed meanwhile.
    }
  }
  return ['tcp', 'tcp6'].flatMap((kind) => {
    const rows = readFileSync(`/proc/${pid}/net/${kind}`, 'utf8').trim().split('\n').slice(1);
    return rows.map((row) => row.trim().split(/\s+/))
      .filter((row) => row[3] === '0A' && sockets.has(row[9]))
      .map((row) => row[1].split(':')[0]);
  });
}

async function call(base, path, body) {
  const response = await fetch(base + path, body === undefined ? {} : {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

function listen(pds) {
  const seen = [];
  const socket = new WebSocket(`${pds.replace('http', 'ws')}/xrpc/com.atproto.sync.subscribeRepos?cursor=0`);
  socket.on('message', async (message) => {
    const [header, body] = decodeAll(new Uint8Array(message));
    if (header.t !== '#commit') return;
    const { blocks } = await readCar(body.blocks);
    for (const op of body.ops) {
      const bytes = op.cid ? blocks.get(op.cid) : undefined;
      const record = bytes ? [...decodeAll(bytes)][0] : undefined;
      seen.push({ action: op.action, uri: `at://${body.repo}/${op.path}`, record });
    }
  });
  socket.on('error', () => {});
  return { socket, seen };
}

test('the network does what tests need, and leaves nothing behind', { timeout: 180_000 }, async (t) => {
  const run = launch(t);
  const { pds, appview, plc, control } = await firstLine(run);
  const ask = async (path, body) => {
    const answer = await call(control, path, body);
    assert.equal(answer.status, 200, `${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const get = (path, query) => ask(`${path}?${new URLSearchParams(query)}`);

  const password = 'a-long-password';
  const alice = await ask('/account', { handle: 'alice.test', password });
  const bob = await ask('/account', { handle: 'bob.test', password });
  const agent = new AtpAgent({ service: pds });
  await agent.login({ identifier: 'bob.test', password });
  const { socket, seen } = listen(pds);
  t.after(() => socket.terminate());
  let mention;

  await t.test('all of it is on loopback', async () => {
    const addresses = listening(run.pid);
    assert.ok(addresses.length >= 5);
    for (const address of addresses) assert.equal(address, '0100007F');
    for (const url of [pds, appview, plc, control]) {
      assert.equal(new URL(url).hostname, '127.0.0.1');
      assert.ok((await fetch(url)).status < 500);
    }
  });

  await t.test('a mention arrives as a notification and on the firehose', async () => {
    mention = await ask('/post', { handle: 'alice.test', text: 'Grüße, what is Kith?', mention: 'bob.test' });
    const found = await until('notification', 10_000, async () => {
      const { data } = await agent.listNotifications();
      return data.notifications.find((one) => one.uri === mention.uri);
    });
    assert.equal(found.reason, 'mention');
    assert.equal(found.author.did, alice.did);
    assert.equal(found.record.text, '@bob.test Grüße, what is Kith?');
    const event = await until('event', 10_000, () => seen.find((one) => one.uri === mention.uri));
    assert.equal(event.action, 'create');
    assert.equal(event.record.facets[0].features[0].did, bob.did);
  });

  await t.test('a reply is in the thread', async () => {
    const reply = await ask('/post', {
      handle: 'bob.test', text: 'A friend.', reply: { root: mention, parent: mention }, langs: ['en'],
    });
    for (const as of ['alice.test', undefined]) {
      await until('reply in the thread', 10_000, async () => {
        const { thread } = await get('/thread', { uri: mention.uri, ...(as ? { as } : {}) });
        return thread.replies?.some((one) => one.post.uri === reply.uri);
      });
    }
    const quote = await ask('/post', { handle: 'alice.test', text: 'Look', quote: reply });
    const { value } = await get('/record', { uri: quote.uri });
    assert.equal(value.embed.record.uri, reply.uri);
  });

  await t.test('putRecord with swapRecord null twice is one record', async () => {
    const before = (await get('/records', { handle: 'bob.test' })).records.length;
    const put = (text) => agent.com.atproto.repo.putRecord({
      repo: bob.did,
      collection: 'app.bsky.feed.post',
      rkey: '3lkith2222222',
      swapRecord: null,
      record: { $type: 'app.bsky.feed.post', text, createdAt: '2025-01-01T00:00:00.000Z' },
    });
    const [first, second] = [await put('once'), await put('once')];
    assert.ok(first.data.commit);
    assert.equal(second.data.commit, undefined);
    assert.equal(second.data.cid, first.data.cid);
    await assert.rejects(put('twice'), { error: 'InvalidSwap' });
    const { records } = await get('/records', { handle: 'bob.test' });
    assert.equal(records.length, before + 1);
    await until('event', 10_000, () => seen.find((one) => one.uri === first.data.uri));
    assert.equal(seen.filter((one) => one.uri === first.data.uri).length, 1);
  });

  await t.test('edit and delete', async () => {
    const post = await ask('/post', { handle: 'alice.test', text: 'first' });
    const edited = await ask('/put', { handle: 'alice.test', uri: post.uri, text: 'second @bob.test' });
    assert.equal(edited.uri, post.uri);
    assert.notEqual(edited.cid, post.cid);
    const { value } = await get('/record', { uri: post.uri });
    assert.equal(value.text, 'second @bob.test');
    assert.equal(value.facets.length, 1);
    await ask('/delete', { handle: 'alice.test', uri: post.uri });
    const gone = await call(control, `/record?${new URLSearchParams({ uri: post.uri })}`);
    assert.deepEqual([gone.status, gone.body.error], [400, 'RecordNotFound']);
    const actions = () => seen.filter((one) => one.uri === post.uri).map((one) => one.action);
    await until('events', 10_000, () => actions().length === 3);
    assert.deepEqual(actions(), ['create', 'update', 'delete']);
  });

  await t.test('a gated thread and a block show', async () => {
    await ask('/account', { handle: 'carol.test', password });
    const closed = await ask('/post', { handle: 'carol.test', text: 'no replies please' });
    await ask('/threadgate', { handle: 'carol.test', uri: closed.uri });
    await until('replyDisabled', 10_000, async () => {
      const answer = await call(control, `/thread?${new URLSearchParams({ uri: closed.uri, as: 'bob.test' })}`);
      return answer.body.thread?.post?.viewer?.replyDisabled === true;
    });
    await ask('/block', { handle: 'carol.test', subject: bob.did });
    await until('blockedPost', 10_000, async () => {
      const { thread } = await get('/thread', { uri: closed.uri, as: 'bob.test' });
      return thread.$type === 'app.bsky.feed.defs#blockedPost';
    });
  });

  await t.test('posts are checked against the official definitions', async () => {
    const record = { $type: 'app.bsky.feed.post', text: 'hello', createdAt: new Date().toISOString() };
    assert.deepEqual(await ask('/validate', { record }), { valid: true, error: null });
    const bad = await ask('/validate', { record: { ...record, createdAt: 'yesterday' } });
    assert.equal(bad.valid, false);
    assert.match(bad.error, /createdAt/);
    assert.equal((await ask('/validate', { record: { ...record, text: 'x'.repeat(301) } })).valid, false);
  });

  await t.test('an expired token is told apart', async () => {
    const { accessJwt } = await ask('/token', { did: bob.did, kind: 'expired' });
    const response = await fetch(`${pds}/xrpc/com.atproto.server.getSession`, {
      headers: { authorization: `Bearer ${accessJwt}` },
    });
    assert.deepEqual([response.status, (await response.json()).error], [400, 'ExpiredToken']);
  });

  await t.test('the PDS alone can be stopped and started', async () => {
    await ask('/pds/stop', {});
    await assert.rejects(fetch(pds));
    await ask('/pds/start', {});
    assert.equal((await agent.com.atproto.server.getSession()).data.did, bob.did);
    const post = await ask('/post', { handle: 'alice.test', text: 'back again', mention: ['bob.test'] });
    await ask('/process', {});
    await until('notification', 20_000, async () => {
      const { data } = await agent.listNotifications();
      return data.notifications.find((one) => one.uri === post.uri);
    });
  });

  const children = descendants(run.pid);
  assert.ok(children.length > 0);
  await ask('/stop', {});
  assert.deepEqual(await run.exited, [0, null]);
  assert.deepEqual(children.filter(isAlive), []);
  assert.deepEqual(readdirSync(run.temp), []);
  assert.deepEqual(postgresFolders(run.pid), []);
});

for (const [way, end] of [
  ['SIGTERM', (child) => child.kill('SIGTERM')],
  ['a parent that goes away', (child) => child.stdin.end()],
]) {
  test(`${way} in the middle of starting leaves nothing behind`, { timeout: START_MS }, async (t) => {
    const run = launch(t);
    const children = await until('a child process', 20_000, () => {
      const found = descendants(run.pid);
      return found.length > 0 && found;
    });
    end(run.child);
    assert.deepEqual(await run.exited, [0, null]);
    assert.deepEqual(children.filter(isAlive), []);
    assert.deepEqual(readdirSync(run.temp), []);
    assert.deepEqual(postgresFolders(run.pid), []);
  });
}

test('postgres ends even when the program is killed', { timeout: START_MS }, async (t) => {
  const run = launch(t);
  await until('postgres', 20_000, () => (
    postgresFolders(run.pid).some((name) => existsSync(join('/tmp', name, '.s.PGSQL.5432')))
  ));
  const children = descendants(run.pid);
  assert.ok(children.some(isAlive));
  run.child.kill('SIGKILL');
  await run.exited;
  await until('postgres gone', 10_000, () => !children.some(isAlive));
});
