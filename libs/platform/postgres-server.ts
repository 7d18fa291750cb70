/** The server process of one cluster: its settings, starting it, and stopping it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fchownSync, openSync } from 'node:fs';
import { open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PostgresStartError } from '#platform/postgres-account.js';
import {
  dataDirectoryOf,
  isAlive,
  probe,
  readPidFile,
  spawnOptionsOf,
  worksIn,
  type Cluster,
} from '#platform/postgres-cluster.js';

export interface Server {
  readonly pid: number;
  readonly port: number;
  readonly attached: boolean;
  /** Resolves when the process has ended. */
  readonly ended: Promise<unknown>;
}

export interface ServerOptions {
  /** Gets short lines for people: what is being done, what takes long. */
  readonly log: (line: string) => void;
  /** False gives up surviving a power cut for speed: for tests only. */
  readonly durable?: boolean;
}

/** How long recovery after a crash, or another process's start or stop, may take before we give up. */
export const PATIENCE_MS = 300_000;

const settings = (port: number, durable: boolean): Record<string, string> => ({
  listen_addresses: '127.0.0.1',
  port: String(port),
  unix_socket_directories: '',
  max_connections: '200',
  // For two cores and a few GiB; the projections write much, so checkpoints are far apart.
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  jit: 'off',
  autovacuum: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  // Statements hold payees and amounts; they stay out of the server's log.
  log_min_error_statement: 'panic',
  fsync: durable ? 'on' : 'off',
  full_page_writes: durable ? 'on' : 'off',
  // Also in tests: a killed server loses nothing that was acknowledged.
  synchronous_commit: 'on',
});

/**
 * Starts the server and waits until it takes connections. Undefined when it gave way to another server or to a taken
 * port: look again. Throws a `PostgresStartError` with what the server said for anything else.
 */
export async function launch(cluster: Cluster, options: ServerOptions, port: number): Promise<Server | undefined> {
  const logFile = join(cluster.folder, 'server.log');
  const offset = await rotate(logFile);
  const child = spawnServer(cluster, logFile, settings(port, options.durable !== false));
  let exited = false;
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      exited = true;
      resolve();
    });
  });
  const deadline = Date.now() + PATIENCE_MS;
  for (let rounds = 1; Date.now() < deadline; rounds += 1) {
    await Promise.race([pause(20), ended]);
    const running = await readPidFile(cluster);
    if (running?.ready && running.port === port && (await probe(cluster, port)) === 'ours') {
      // On Windows the child is only pg_ctl.
      return {
        pid: running.pid,
        port,
        attached: false,
        ended: running.pid === child.pid ? ended : untilGone(running.pid),
      };
    }
    if (exited && process.platform !== 'win32') return explainExit(cluster, await readFrom(logFile, offset));
    if (rounds === 150) options.log('PostgreSQL recovers from a crash, waiting');
  }
  throw tookTooLong(cluster, child.pid);
}

/** In a process group of its own, so that Ctrl-C reaches us and not the server. */
function spawnServer(cluster: Cluster, logFile: string, values: Record<string, string>): ChildProcess {
  const flags = Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const output = openSync(logFile, 'a', 0o600);
  try {
    if (cluster.account) fchownSync(output, cluster.account.uid, cluster.account.gid);
    const common = { ...spawnOptionsOf(cluster), stdio: ['ignore', output, output] as ['ignore', number, number] };
    const child =
      process.platform === 'win32'
        ? spawn(cluster.binaries.pgCtl, ['start', '-W', '-D', cluster.folder, '-o', quoted(flags)], common)
        : spawn(cluster.binaries.postgres, ['-D', dataDirectoryOf(cluster), ...flags], { ...common, detached: true });
    child.unref();
    return child;
  } finally {
    closeSync(output);
  }
}

/** Undefined for the reasons that pass by looking again. */
function explainExit(cluster: Cluster, said: string): undefined {
  const passing = /lock file "postmaster.pid" already exists|could not create any TCP\/IP sockets|shared memory block/;
  if (passing.test(said)) return undefined;
  const last = said.trim().split('\n').slice(-10).join('\n');
  throw new PostgresStartError('SERVER_ENDED', `PostgreSQL did not start in ${cluster.folder}:\n${last}`);
}

/** Fast shutdown: open transactions are rolled back, everything is written, then the process ends. Nothing if none runs. */
export async function endServer(cluster: Cluster, options: ServerOptions): Promise<void> {
  const running = await readPidFile(cluster);
  if (!running || !isAlive(running.pid) || (await worksIn(cluster, running.pid)) === false) return;
  for (let rounds = 0; isAlive(running.pid); rounds += 1) {
    // A server that has only just begun to start may miss the first request.
    if (rounds % 100 === 0) await askToEnd(cluster, running.pid);
    if (rounds === 500) options.log('PostgreSQL takes long to stop, waiting');
    await pause(20);
  }
}

async function askToEnd(cluster: Cluster, pid: number): Promise<void> {
  if (process.platform === 'win32') {
    const flags = ['stop', '-W', '-m', 'fast', '-D', cluster.folder];
    const stop = spawn(cluster.binaries.pgCtl, flags, { ...spawnOptionsOf(cluster), stdio: 'ignore' });
    await new Promise((resolve, reject) => stop.once('error', reject).once('exit', resolve));
    return;
  }
  try {
    process.kill(pid, 'SIGINT');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** For a server that is not our child. */
export async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await pause(250, undefined, { ref: false });
}

export const tookTooLong = (cluster: Cluster, pid: number | undefined): PostgresStartError =>
  new PostgresStartError(
    'SERVER_BUSY',
    `PostgreSQL in ${cluster.folder} (process ${pid ?? 'unknown'}) was not ready within ${PATIENCE_MS / 60_000} minutes; ` +
      `${join(cluster.folder, 'server.log')} says why.`,
  );

const MAX_LOG_BYTES = 10 * 1024 * 1024;

/** Keeps the log of the server and one before it. Returns the size at which new lines begin. */
async function rotate(logFile: string): Promise<number> {
  const size = await stat(logFile).then(
    (found) => found.size,
    () => 0,
  );
  if (size < MAX_LOG_BYTES) return size;
  await rename(logFile, `${logFile}.1`);
  return 0;
}

async function readFrom(file: string, offset: number): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read(Buffer.alloc(Math.max(0, size - offset)), { position: offset });
    return buffer.toString('utf8');
  } finally {
    await handle.close();
  }
}

/** `pg_ctl -o` takes one string. */
const quoted = (flags: readonly string[]): string => flags.map((flag) => `"${flag}"`).join(' ');
