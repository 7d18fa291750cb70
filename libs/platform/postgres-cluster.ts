/**
 * One database cluster on disk: making it, the secret that opens it, and telling whether a server is at work in it. A
 * cluster appears in its place complete, by one rename, so that two processes that make it at once end up with one.
 */
import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, readlink, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import pg from 'pg';
import { operatingSystemVariables } from '#platform/config.js';
import { handOver, PostgresStartError, type ServerAccount } from '#platform/postgres-account.js';
import type { Binaries } from '#platform/postgres-binaries.js';

export interface Cluster {
  /** Absolute path of the data directory. */
  readonly folder: string;
  readonly account: ServerAccount | undefined;
  readonly binaries: Binaries;
}

export interface ClusterOptions {
  readonly log: (line: string) => void;
  readonly durable?: boolean;
}

export const DATABASE = 'ledger';
const SUPERUSER = 'ledger';
const SECRET_FILE = 'ledger-secret.json';
const SERVER_HOST = '127.0.0.1';

/**
 * How PostgreSQL is told where the cluster is. As another account on Linux: through its own working directory, which we
 * enter before the account changes; so a cluster below root's 0700 home works without any right for that account there.
 */
export const dataDirectoryOf = ({ folder, account }: Cluster): string =>
  account && process.platform === 'linux' ? '/proc/self/cwd' : folder;

/** What every program of the server gets: its folder, its account, and none of our environment. */
export const spawnOptionsOf = ({ folder, account }: Cluster, cwd = folder) => ({
  cwd,
  env: { ...operatingSystemVariables(), LC_ALL: 'C', TZ: 'UTC' },
  ...(account ? { uid: account.uid, gid: account.gid } : {}),
});

/** Makes the cluster unless it is there. Throws when it cannot be made, or belongs to another version or account. */
export async function ensureCluster(cluster: Cluster, options: ClusterOptions): Promise<void> {
  const major = await readFile(join(cluster.folder, 'PG_VERSION'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EACCES' || error.code === 'EPERM') throw belongsToOthers(cluster, error);
    return ignoreMissing(error);
  });
  if (major === undefined) {
    options.log(`preparing the database in ${cluster.folder}`);
    return createCluster(cluster, options.durable !== false);
  }
  if (major.trim() === cluster.binaries.major) return;
  throw new PostgresStartError(
    'WRONG_VERSION',
    `${cluster.folder} was made by PostgreSQL ${major.trim()}; this is PostgreSQL ${cluster.binaries.major}. Start the ` +
      'version that made it, export the log, and import it into a new DATA_DIR.',
  );
}

const belongsToOthers = ({ folder }: Cluster, cause: unknown): PostgresStartError =>
  new PostgresStartError(
    'NOT_YOUR_CLUSTER',
    `The database in ${folder} belongs to another account, perhaps because it was made as root. Start as that account, give ` +
      `the folder to this one (chown -R), or name another folder: DATA_DIR=/path/to/folder`,
    { cause },
  );

async function createCluster(cluster: Cluster, durable: boolean): Promise<void> {
  const parent = join(cluster.folder, '..');
  await removeDebris(parent, basename(cluster.folder));
  const staging = `${cluster.folder}.new-${process.pid}-${randomUUID()}`;
  await mkdir(staging, { mode: 0o700 });
  const secretFolder = await mkdtemp(join(tmpdir(), 'budget-ledger-'));
  try {
    const password = randomBytes(24).toString('base64url');
    const passwordFile = join(secretFolder, 'password');
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    for (const path of [staging, secretFolder, passwordFile]) await handOver(path, cluster.account);
    const made: Cluster = { ...cluster, folder: staging };
    const flags = [
      '--username',
      SUPERUSER,
      '--pwfile',
      passwordFile,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
    ];
    await runInitdb(made, ['-D', dataDirectoryOf(made), ...flags, ...(durable ? [] : ['--no-sync'])]);
    await writeFile(join(staging, SECRET_FILE), JSON.stringify({ user: SUPERUSER, password }), { mode: 0o600 });
    await handOver(join(staging, SECRET_FILE), cluster.account);
    await rename(staging, cluster.folder).catch(ignoreExisting);
  } finally {
    await rm(staging, { recursive: true, force: true });
    await rm(secretFolder, { recursive: true, force: true });
  }
}

async function runInitdb(cluster: Cluster, flags: readonly string[]): Promise<void> {
  const initdb = spawn(cluster.binaries.initdb, flags, {
    ...spawnOptionsOf(cluster),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [initdb.stdout, initdb.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const status = await new Promise<number | null>((resolve, reject) => {
    initdb.on('error', reject);
    initdb.on('close', resolve);
  });
  if (status === 0) return;
  throw new PostgresStartError(
    'INITDB_FAILED',
    `The database in ${cluster.folder} cannot be prepared: ${said.trim().slice(-2_000)}`,
  );
}

/** Clusters that a process began to make and did not live to finish. */
async function removeDebris(parent: string, name: string): Promise<void> {
  for (const entry of await readdir(parent)) {
    const maker = new RegExp(`^${name}\\.new-(\\d+)-`).exec(entry)?.[1];
    if (maker !== undefined && !isAlive(Number(maker))) await rm(join(parent, entry), { recursive: true, force: true });
  }
}

export interface RunningServer {
  readonly pid: number;
  readonly port: number;
  /** It has written that it takes connections. */
  readonly ready: boolean;
}

/** What `postmaster.pid` says; undefined when there is none, or it is not complete yet. */
export async function readPidFile({ folder }: Cluster): Promise<RunningServer | undefined> {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(ignoreMissing);
  const [pid, , , port, , , , status] = text?.split('\n') ?? [];
  if (!Number(pid)) return undefined;
  return { pid: Number(pid), port: Number(port ?? 0), ready: status?.trim() === 'ready' };
}

/** Takes a pid file away that names no server of this folder; left alone when it changed meanwhile. */
export async function removeStalePidFile({ folder }: Cluster, stale: RunningServer): Promise<void> {
  const aside = join(folder, `stale-${randomUUID()}.pid`);
  await rename(join(folder, 'postmaster.pid'), aside).catch(ignoreMissing);
  const moved = await readFile(aside, 'utf8').catch(ignoreMissing);
  if (moved !== undefined && Number(moved.split('\n')[0]) !== stale.pid)
    await rename(aside, join(folder, 'postmaster.pid'));
  else await rm(aside, { force: true });
}

/** True for a live process, also one that we may not signal; false for one that has ended and was not collected yet. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Whether the live process `pid` works in this folder; undefined where the system does not tell. */
export async function worksIn({ folder }: Cluster, pid: number): Promise<boolean | undefined> {
  if (process.platform !== 'linux') return undefined;
  const workingFolder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  return workingFolder === (await realpath(folder));
}

export type Probe = 'ours' | 'another' | 'starting' | 'silent';

/**
 * Asks the server on a port whether it serves this very folder: it must know our password and be able to read back a file
 * that we have just written there (a copy of the folder has the same password).
 */
export async function probe(cluster: Cluster, port: number): Promise<Probe> {
  const token = randomUUID();
  const file = `probe-${token}`;
  try {
    await writeFile(join(cluster.folder, file), token, { mode: 0o644 });
    return await withClient(cluster, port, 'postgres', async (client) => {
      const { rows } = await client.query<{ content: string | null }>('SELECT pg_read_file($1, true) AS content', [
        file,
      ]);
      return rows[0]?.content === token ? 'ours' : 'another';
    });
  } catch (error) {
    if (error instanceof PostgresStartError) throw error;
    const code = (error as { code?: unknown }).code;
    // Nothing can be told apart without a file.
    if (code === 'ENOSPC') throw error;
    if (code === '57P03') return 'starting';
    return code === '28P01' || code === '28000' ? 'another' : 'silent';
  } finally {
    await rm(join(cluster.folder, file), { force: true });
  }
}

/** Makes the database of the product in a new cluster. */
export async function ensureDatabase(cluster: Cluster, port: number): Promise<void> {
  await withClient(cluster, port, 'postgres', async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount) return;
    await client.query(`CREATE DATABASE ${DATABASE}`).catch((error: { code?: unknown }) => {
      // Another process that starts at the same time was first.
      if (error.code !== '42P04' && error.code !== '23505') throw error;
    });
  });
}

/** `postgres://` URL of a database of the cluster, with its password. */
export async function urlOf(cluster: Cluster, port: number, database: string): Promise<string> {
  const { user, password } = await readSecret(cluster);
  return `postgres://${user}:${password}@${SERVER_HOST}:${port}/${database}`;
}

async function readSecret({ folder }: Cluster): Promise<{ user: string; password: string }> {
  const file = join(folder, SECRET_FILE);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new PostgresStartError(
      'NO_SECRET',
      `${file}, the password of the database, cannot be read. Restore it from a backup.`,
      { cause },
    );
  });
  return JSON.parse(text) as { user: string; password: string };
}

async function withClient<T>(
  cluster: Cluster,
  port: number,
  database: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: await urlOf(cluster, port, database),
    connectionTimeoutMillis: 2_000,
    query_timeout: 10_000,
  });
  // A connection that breaks between two queries is reported by the next query.
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST' && error.code !== 'ENOTEMPTY') throw error;
}
