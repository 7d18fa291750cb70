/**
 * Real PostgreSQL without anything to install: started in the data folder, found again when a killed process left it
 * running, brought back when it dies, and stopped cleanly. Any number of processes may call this on one folder:
 * PostgreSQL's own lock file decides who starts the server, the others use it.
 */
import { access, constants, mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DiskFull, requireDiskSpace } from '#platform/disk.js';
import { PostgresStartError, serverAccount } from '#platform/postgres-account.js';
import { findBinaries } from '#platform/postgres-binaries.js';
import {
  DATABASE,
  ensureCluster,
  ensureDatabase,
  isAlive,
  probe,
  readPidFile,
  removeStalePidFile,
  urlOf,
  worksIn,
  type Cluster,
  type RunningServer,
} from '#platform/postgres-cluster.js';
import {
  endServer,
  launch,
  PATIENCE_MS,
  tookTooLong,
  untilGone,
  type Server,
  type ServerOptions,
} from '#platform/postgres-server.js';

export { PostgresStartError };

export interface PostgresOptions extends ServerOptions {
  /** The cluster is its subfolder `postgres`. */
  readonly dataDir: string;
}

export interface EmbeddedPostgres {
  /** `postgres://` URL with user, password, port and the database `ledger`. It stays the same while this process runs. */
  readonly url: string;
  /** True when the server was already running: a process before was killed, or another one is at work. */
  readonly attached: boolean;
  /** Stops the server for all who use it and waits until it has ended. Only the holder of the log's lease may call it. */
  stop(): Promise<void>;
  /** Leaves the server running for others and no longer looks after it. */
  leave(): void;
}

/** Starts PostgreSQL in `dataDir` or attaches to the one that runs there. Throws a `PostgresStartError` that says what to do. */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  await requireWritable(dataDir);
  const folder = join(dataDir, 'postgres');
  const account = await serverAccount(folder);
  const cluster: Cluster = { folder, account, binaries: await findBinaries(account) };
  try {
    const server = await bringUp(cluster, options);
    await ensureDatabase(cluster, server.port);
    const url = await urlOf(cluster, server.port, DATABASE);
    return { url, attached: server.attached, ...lookAfter(cluster, server, options) };
  } catch (error) {
    throw await explain(error, dataDir);
  }
}

/** A full disk has many ways to be told, most of them cut short by it. */
async function explain(error: unknown, dataDir: string): Promise<unknown> {
  const full = await requireDiskSpace(dataDir).catch((reason: unknown) => reason);
  if (!(full instanceof DiskFull)) return error;
  const message =
    `PostgreSQL cannot be started: ${full.message}. Free some space there, or name another folder: ` +
    'DATA_DIR=/path/to/folder';
  return new PostgresStartError('DISK_FULL', message, { cause: error });
}

/** One server at work in the cluster, whoever started it. With `port`, a server that is started uses exactly that one. */
async function bringUp(cluster: Cluster, options: ServerOptions, port?: number): Promise<Server> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let rounds = 0; ; rounds += 1) {
    await ensureCluster(cluster, options);
    const running = await readPidFile(cluster);
    const state = running ? await stateOf(cluster, running) : 'gone';
    if (running && state === 'ours') return { ...running, attached: true, ended: untilGone(running.pid) };
    if (running && state === 'stale') await removeStalePidFile(cluster, running);
    if (state !== 'busy') {
      const started = await launch(cluster, options, port ?? (await freePort()));
      if (started) return started;
    }
    if (Date.now() > deadline) throw tookTooLong(cluster, running?.pid);
    if (rounds === 60) options.log('PostgreSQL in this folder is starting or stopping, waiting');
    await pause(50);
  }
}

/**
 * What the pid file stands for. `busy`: a server of this folder that does not answer yet, or no longer. `stale`: a process
 * that has nothing to do with this folder (ids are used again, and a copied folder brings the pid file of its original).
 */
async function stateOf(cluster: Cluster, running: RunningServer): Promise<'ours' | 'stale' | 'busy' | 'gone'> {
  if (!isAlive(running.pid)) return 'gone';
  const answer = running.port > 0 ? await probe(cluster, running.port) : 'silent';
  if (answer === 'ours') return 'ours';
  const here = await worksIn(cluster, running.pid);
  if (here === false) return 'stale';
  if (answer !== 'another') return 'busy';
  if (here === undefined) return 'stale';
  throw new PostgresStartError(
    'WRONG_SECRET',
    `PostgreSQL (process ${running.pid}) runs in ${cluster.folder} but does not accept the password kept there. Restore the ` +
      'file ledger-secret.json from a backup.',
  );
}

/** Between two attempts to bring the server back: what keeps it away may end at any moment, and an attempt costs little. */
const LONGEST_PAUSE_MS = 3_000;

/**
 * Brings the server back whenever it ends without our asking, on the same port, so that connection pools recover by
 * themselves.
 */
function lookAfter(cluster: Cluster, first: Server, options: ServerOptions): Pick<EmbeddedPostgres, 'stop' | 'leave'> {
  let active = true;
  let revival: Promise<Server | undefined> = Promise.resolve(first);
  const revive = async (): Promise<Server | undefined> => {
    for (let attempt = 0; active; attempt += 1) {
      try {
        options.log('PostgreSQL has ended unexpectedly, starting it again');
        return await bringUp(cluster, options, first.port);
      } catch (error) {
        const { message } = (await explain(error, join(cluster.folder, '..'))) as Error;
        options.log(`${message}; it is tried again until it succeeds`);
        await pause(Math.min(LONGEST_PAUSE_MS, 250 * 2 ** attempt), undefined, { ref: false });
      }
    }
    return undefined;
  };
  const watch = (server: Server | undefined): void => {
    void server?.ended.then(() => {
      if (active) (revival = revive()).then(watch, () => {});
    });
  };
  watch(first);
  const end = async (): Promise<void> => {
    active = false;
    await revival;
    await endServer(cluster, options);
  };
  let ending: Promise<void> | undefined;
  return {
    leave: () => {
      active = false;
    },
    // Only once: by the second call the folder may have a server of somebody else.
    stop: () => (ending ??= end()),
  };
}

async function requireWritable(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true });
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new PostgresStartError(
      'DATA_DIR_NOT_WRITABLE',
      `The data folder ${dataDir} cannot be written (${(cause as NodeJS.ErrnoException).code}). Give this account the right ` +
        'to write there, or name another folder: DATA_DIR=/path/to/folder',
      { cause },
    );
  }
}

/** A port that is free now. If someone takes it before the server does, the server ends and another one is picked. */
async function freePort(): Promise<number> {
  const listener = createServer();
  await new Promise<void>((resolve, reject) => listener.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('a listener without an address');
  return address.port;
}
