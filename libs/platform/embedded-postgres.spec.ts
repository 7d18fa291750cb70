import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chown, cp, mkdtemp, readdir, readFile, readlink, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { startPostgres, type EmbeddedPostgres } from '#platform/embedded-postgres.js';
import { serverAccount } from '#platform/postgres-account.js';
import { findBinaries } from '#platform/postgres-binaries.js';
import { isAlive } from '#platform/postgres-cluster.js';
import { compileLibraries, type CompiledLibraries } from '../../test/support/compiled.js';

// Starting and recovering a real server on a busy machine.
jest.setTimeout(120_000);

const folders: string[] = [];
const servers: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];
let libraries: CompiledLibraries;

beforeAll(async () => {
  libraries = await compileLibraries('platform', 'domain');
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const server of servers.splice(0)) await server.stop();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

afterAll(() => libraries.remove());

/** A folder that, like a home of mode 0700, only its owner may enter. */
async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-spec-'));
  folders.push(folder);
  return folder;
}

async function start(dataDir: string, durable = false): Promise<EmbeddedPostgres> {
  const server = await startPostgres({ dataDir, durable, log: () => {} });
  servers.push(server);
  return server;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Asks again until the server answers: it is being brought back. */
async function queryWhenBack(url: string, sql: string): Promise<Record<string, unknown>[]> {
  for (;;) {
    try {
      return await query(url, sql);
    } catch (error) {
      // An answer in SQL's own words is an answer.
      if (/^42/.test(String((error as { code?: unknown }).code))) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

const postmaster = async (dataDir: string): Promise<number> =>
  Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);

/** A Node process of its own that starts PostgreSQL, tells the outcome and goes on. */
async function startElsewhere(dataDir: string): Promise<{ child: ChildProcess; url: string; attached: boolean }> {
  const program = `
    import { startPostgres } from '${libraries.url('platform/embedded-postgres')}';
    const { url, attached } = await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, durable: false, log: () => {} });
    console.log(JSON.stringify({ url, attached }));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, ...(JSON.parse(line) as { url: string; attached: boolean }) };
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

describe('the embedded PostgreSQL', () => {
  it('starts, stops, and finds its data again', async () => {
    const dataDir = await newFolder();
    const first = await start(dataDir);
    expect(first.attached).toBe(false);
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    expect(await readdir(join(dataDir, 'postgres'))).not.toContain('postmaster.pid');
    const second = await start(dataDir);
    expect(second.attached).toBe(false);
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('is durable, speaks UTF-8 without a locale, and listens on loopback with a password only', async () => {
    const dataDir = await newFolder();
    const { url } = await start(dataDir, true);
    const [settings] = await query(
      url,
      `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
              current_setting('listen_addresses') AS listen, current_setting('unix_socket_directories') AS sockets,
              pg_encoding_to_char(encoding) AS encoding, datcollate AS locale
         FROM pg_database WHERE datname = current_database()`,
    );
    expect(settings).toEqual({
      fsync: 'on',
      commit: 'on',
      listen: '127.0.0.1',
      sockets: '',
      encoding: 'UTF8',
      locale: 'C',
    });
    const wrong = url.replace(/:[^:@/]+@/, ':guess@');
    await expect(query(wrong, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    const secret = await stat(join(dataDir, 'postgres', 'ledger-secret.json'));
    expect(secret.mode & 0o777).toBe(0o600);
  });

  it('is found again, with all its data, after the process that started it was killed', async () => {
    const dataDir = await newFolder();
    const { child, url } = await startElsewhere(dataDir);
    await query(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await kill(child);
    const server = await start(dataDir);
    expect(server).toMatchObject({ attached: true, url });
    expect(await query(server.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    const pid = await postmaster(dataDir);
    await server.stop();
    expect(isAlive(pid)).toBe(false);
  });

  it('recovers when it was killed together with its process', async () => {
    const dataDir = await newFolder();
    const { child, url } = await startElsewhere(dataDir);
    await query(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await kill(child);
    process.kill(await postmaster(dataDir), 'SIGKILL');
    const server = await start(dataDir);
    expect(await query(server.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('comes back under the same address when it dies while in use', async () => {
    const dataDir = await newFolder();
    const { url } = await start(dataDir);
    await query(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    process.kill(await postmaster(dataDir), 'SIGKILL');
    expect(await queryWhenBack(url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('is one server for all who start it at once', async () => {
    const dataDir = await newFolder();
    const all = await Promise.all([startElsewhere(dataDir), startElsewhere(dataDir), start(dataDir)]);
    expect(new Set(all.map(({ url }) => url)).size).toBe(1);
    expect(all.filter(({ attached }) => !attached)).toHaveLength(1);
    expect((await readdir(dataDir)).sort()).toEqual(['postgres']);
  });

  it('is brought back by those who still use it when another one stops it', async () => {
    const dataDir = await newFolder();
    const [first, second] = [await start(dataDir), await start(dataDir)];
    expect(second).toMatchObject({ attached: true, url: first.url });
    await first.stop();
    expect(await queryWhenBack(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('starts beside a pid file whose number belongs to another process by now', async () => {
    const dataDir = await newFolder();
    const first = await start(dataDir);
    const pidFile = join(dataDir, 'postgres', 'postmaster.pid');
    const text = await readFile(pidFile, 'utf8');
    await first.stop();
    await writeFile(pidFile, text.replace(/^\d+/, String(process.pid)));
    expect((await start(dataDir)).attached).toBe(false);
  });

  it('is not mistaken for that of a copied folder', async () => {
    const [dataDir, copy] = [await newFolder(), await newFolder()];
    const first = await start(dataDir);
    await first.stop();
    await cp(dataDir, copy, { recursive: true });
    const account = await serverAccount(join(dataDir, 'postgres'));
    if (account) await handOverAll(join(copy, 'postgres'), account.uid, account.gid);
    const original = await start(dataDir);
    await cp(join(dataDir, 'postgres', 'postmaster.pid'), join(copy, 'postgres', 'postmaster.pid'));
    const other = await start(copy);
    expect(other.attached).toBe(false);
    expect(other.url).not.toBe(original.url);
  });
});

async function handOverAll(folder: string, uid: number, gid: number): Promise<void> {
  await chown(folder, uid, gid);
  for (const entry of await readdir(folder, { recursive: true })) await chown(join(folder, entry), uid, gid);
}

describe('the embedded PostgreSQL says what to do', () => {
  it('when the data folder cannot be written', async () => {
    const folder = await newFolder();
    await writeFile(join(folder, 'file'), '');
    await expect(start(join(folder, 'file', 'data'))).rejects.toMatchObject({
      code: 'DATA_DIR_NOT_WRITABLE',
      message: expect.stringContaining(`${join(folder, 'file', 'data')} cannot be written`) as unknown,
    });
  });

  it('when the data was made by another major version', async () => {
    const dataDir = await newFolder();
    await (await start(dataDir)).stop();
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '12\n');
    await expect(start(dataDir)).rejects.toMatchObject({
      code: 'WRONG_VERSION',
      message: expect.stringMatching(/made by PostgreSQL 12; this is PostgreSQL 18/) as unknown,
    });
  });

  it('when the server does not start, in its own words', async () => {
    const dataDir = await newFolder();
    await (await start(dataDir)).stop();
    await writeFile(join(dataDir, 'postgres', 'postgresql.conf'), 'no_such_setting = 1\n');
    await expect(start(dataDir)).rejects.toMatchObject({
      code: 'SERVER_ENDED',
      message: expect.stringContaining('no_such_setting') as unknown,
    });
  });

  it('when its password is gone', async () => {
    const dataDir = await newFolder();
    await (await start(dataDir)).stop();
    await unlink(join(dataDir, 'postgres', 'ledger-secret.json'));
    await expect(start(dataDir)).rejects.toMatchObject({ code: 'NO_SECRET' });
  });
});

describe('the programs', () => {
  it('get back the links that npm strips', async () => {
    const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
    const root = dirname(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)));
    const links = JSON.parse(await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8')) as { target: string }[];
    // A link that only compilers use: other specs run the server meanwhile.
    const link = join(
      root,
      links.map(({ target }) => target).find((target) => /libpgtypes\.(so|dylib)$/.test(target))!,
    );
    const before = await readlink(link);
    await unlink(link);
    await findBinaries(undefined);
    expect(await readlink(link)).toBe(before);
  });
});
