// Starts a whole Bluesky network on loopback, says where it is in one JSON line, and keeps it
// running until it is told to stop or its parent goes away. See README.md.
import './loopback.cjs';
import { Console } from 'node:console';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startControl } from './control.mjs';
import { startBluesky } from './bluesky.mjs';
import { startPostgres } from './postgres.mjs';

// Standard output is for the one line.
globalThis.console = new Console(process.stderr, process.stderr);

const { values: options } = parseArgs({
  options: {
    log: { type: 'string' },
    'rate-limits': { type: 'boolean', default: false },
  },
});

// The libraries read these when they are loaded, which is later. They leave their files behind,
// so they get a temp folder that can be thrown away as a whole.
const dir = await mkdtemp(join(tmpdir(), 'kith-bsky-'));
Object.assign(process.env, { TMPDIR: dir, NODE_ENV: 'test', REDIS_HOST: '127.0.0.1' });
delete process.env.LOG_ENABLED;
if (options.log) Object.assign(process.env, { LOG_ENABLED: '1', LOG_DESTINATION: options.log });

let stopping = false;
let control;
let bluesky;
let startingPostgres;

async function stop(code = 0) {
  if (stopping) return;
  stopping = true;
  try {
    control?.close();
    if (bluesky) await Promise.race([bluesky.close(), wait(5000)]);
    const postgres = await startingPostgres?.catch(() => undefined);
    await postgres?.stop();
    await rm(dir, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    console.error(error);
    code = 1;
  }
  process.exit(code);
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => stop());
// The parent holds the other end: when it dies, however it dies, this closes.
process.stdin.on('end', () => stop()).on('error', () => stop()).resume();
process.stdout.on('error', () => stop());

// While things are being shut down, libraries complain about what was cut off.
process.on('unhandledRejection', (error) => {
  if (!stopping) console.error(error);
});
process.on('uncaughtException', (error) => {
  if (stopping) return;
  console.error(error);
  stop(1);
});

async function start() {
  startingPostgres = startPostgres();
  const postgres = await startingPostgres;
  if (stopping) return;
  postgres.exited.then(() => {
    if (stopping) return;
    console.error('postgres ended by itself');
    stop(1);
  });
  bluesky = await startBluesky({
    postgresUrl: postgres.url,
    rateLimits: options['rate-limits'],
  });
  if (stopping) return;
  control = await startControl(bluesky.actions, () => stop());
  process.stdout.write(`${JSON.stringify({ ...bluesky.urls, control: control.url })}\n`);
}

start().catch((error) => {
  if (stopping) return;
  console.error(error);
  stop(1);
});
