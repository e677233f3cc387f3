// A private, throwaway PostgreSQL: own folder, own Unix socket, no TCP port, nothing synced to
// disk. It ends with the process that started it, even when that one is killed.
import { execFile, spawn } from 'node:child_process';
import { access, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { chownSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export async function startPostgres() {
  const bin = await findBinaries();
  // Always directly in /tmp: a socket path may have 107 bytes at most, and the user `postgres`
  // must be able to get there, which a private TMPDIR of root would prevent.
  const dir = await mkdtemp(`/tmp/kith-pg-${process.pid}-`);
  try {
    return await startIn(dir, bin);
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
}

async function startIn(dir, bin) {
  const data = join(dir, 'data');
  // The signal is what the kernel sends when this process ends, in whatever way.
  const prefix = [...(await dropRoot(dir)), '--pdeathsig', 'INT'];

  await run('setpriv', [
    ...prefix, join(bin, 'initdb'), '-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync',
    '--no-locale', '-E', 'UTF8', '--no-instructions',
  ], { cwd: dir });

  const settings = {
    listen_addresses: '',
    unix_socket_directories: dir,
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
    jit: 'off',
    max_parallel_workers_per_gather: '0',
    max_connections: '150',
  };
  const child = spawn('setpriv', [
    ...prefix, join(bin, 'postgres'), '-D', data,
    ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
  ], {
    cwd: dir,
    // Own session: Ctrl-C in a terminal is for the program, which then stops this in order.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });

  let log = '';
  child.stderr.on('data', (chunk) => {
    log = (log + chunk).slice(-4000);
  });
  const exited = new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', (error) => {
      log += error.message;
      resolve();
    });
  });
  const running = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;

  const stop = async () => {
    // INT is a fast shutdown, QUIT an immediate one.
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL']) {
      if (!running()) break;
      child.kill(signal);
      await Promise.race([exited, wait(5000, undefined, { ref: false })]);
    }
    await rm(dir, { recursive: true, force: true });
  };

  const deadline = Date.now() + 30_000;
  while (!(await isReady(data))) {
    if (!running() || Date.now() > deadline) {
      await stop();
      throw new Error(`postgres did not start: ${log}`);
    }
    await wait(20);
  }
  return {
    url: `postgresql://postgres@localhost/postgres?host=${encodeURIComponent(dir)}`,
    pid: child.pid,
    exited,
    stop,
  };
}

// The last line of the server's own pid file is its state.
async function isReady(data) {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  return text.split('\n')[7]?.trim() === 'ready';
}

// PostgreSQL refuses to run as root.
async function dropRoot(dir) {
  if (process.getuid() !== 0) return [];
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'postgres'])).stdout)),
  );
  chownSync(dir, uid, gid);
  return ['--reuid', String(uid), '--regid', String(gid), '--clear-groups'];
}

// Debian keeps the server's programs out of PATH.
async function findBinaries() {
  const root = '/usr/lib/postgresql';
  const versions = await readdir(root).catch(() => []);
  versions.sort((a, b) => Number(b) - Number(a));
  const folders = [
    process.env.KITH_POSTGRES_BIN,
    ...versions.map((version) => join(root, version, 'bin')),
    ...(process.env.PATH ?? '').split(':'),
  ];
  for (const folder of folders.filter(Boolean)) {
    const found = await Promise.all(
      ['initdb', 'postgres'].map((name) => access(join(folder, name)).then(() => true, () => false)),
    );
    if (found.every(Boolean)) return folder;
  }
  throw new Error('PostgreSQL is not installed (initdb and postgres not found)');
}
