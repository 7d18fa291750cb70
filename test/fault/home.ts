/** Where the data of a system under test live: a folder with an embedded PostgreSQL, or a database on the run's server. */
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { isAlive } from '#platform/postgres-cluster.js';
import { createDatabase } from '../support/postgres.js';

export interface Home {
  /** What a process that uses these data is given. */
  readonly environment: Readonly<Record<string, string>>;
  /** The data folder; empty for a database that is given. */
  readonly folder: string;
  /** `postgres://` URL of the database, once there is one. */
  url(): Promise<string>;
  /** Ends a server that is left without its system, and removes the data. */
  remove(): Promise<void>;
}

/** The folder of this run of Jest, which is swept at its end. */
export function runFolder(): string {
  const folder = process.env['TEST_POSTGRES_DIR'];
  if (folder === undefined) throw new Error('no folder of the run: run Jest with the globalSetup of package.json');
  return folder;
}

/** A new data folder, or one that is there. */
export async function embeddedHome(given?: string): Promise<Home & { endServer(): Promise<void> }> {
  const folder = given ?? join(runFolder(), `fault-${randomUUID()}`);
  await mkdir(folder, { mode: 0o700, recursive: true });
  /** One that is left without its system. */
  const endServer = async (): Promise<void> => {
    const { pid } = serverOf(folder);
    if (pid > 0 && isAlive(pid)) process.kill(pid, 'SIGQUIT');
    while (pid > 0 && isAlive(pid)) await pause(20);
  };
  return {
    environment: { DATA_DIR: folder },
    folder,
    url: async () => {
      const secret = JSON.parse(await readFile(join(folder, 'postgres', 'ledger-secret.json'), 'utf8')) as Secret;
      return `postgres://${secret.user}:${secret.password}@127.0.0.1:${serverOf(folder).port}/ledger`;
    },
    endServer,
    remove: async () => {
      await endServer();
      rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}

interface Secret {
  readonly user: string;
  readonly password: string;
}

/** The server's process and port as its pid file has them; zeros while there is none. */
export function serverOf(folder: string): { readonly pid: number; readonly port: number } {
  try {
    const [pid, , , port] = readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(pid), port: Number(port ?? 0) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { pid: 0, port: 0 };
  }
}

/** A new database on the run's server. */
export async function databaseHome(): Promise<Home> {
  const database = await createDatabase();
  return {
    environment: { DATABASE_URL: database.url },
    folder: '',
    url: async () => database.url,
    remove: () => database.drop(),
  };
}

/** Rows of one statement, on a connection of its own. */
export async function ask<Row extends pg.QueryResultRow>(home: Home, statement: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: await home.url() });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
