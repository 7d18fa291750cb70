import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect as dial, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Envelope, NewEvent } from '#domain/envelope.js';
import { collect, sampleEvent, sampleEvents, until } from '#event-store/contract/subject.js';
import { StoreUnavailable, type EventStore, type ExpectedRevision } from '#event-store/port.js';
import { openPostgresStore, type PostgresStore } from '#event-store/postgres/store.js';
import { startPostgres } from '#platform/embedded-postgres.js';
import { createDatabase } from '../../../test/support/postgres.js';

// A server is killed and recovers, on a busy machine.
jest.setTimeout(120_000);

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function open(url: string, timeoutMs?: number): Promise<PostgresStore> {
  const store = await openPostgresStore({ url, onError: () => undefined, ...(timeoutMs && { timeoutMs }) });
  cleanups.push(() => store.close());
  return store;
}

async function newDatabase(): Promise<string> {
  const database = await createDatabase();
  cleanups.push(() => database.drop());
  return database.url;
}

/** Appends until it is answered, the way every caller of the port has to. */
async function appendFirmly(
  store: EventStore,
  stream: string,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
): Promise<readonly Envelope[]> {
  for (;;) {
    try {
      return await store.append(stream, expected, events);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** Sixteen writers and a live reader go on while `disturb` does its worst; then the log is compared with the answers. */
async function survives(store: EventStore, disturb: (answered: () => number) => Promise<void>): Promise<void> {
  const answers: Envelope[] = [];
  const seen: Envelope[] = [];
  const subscription = store.subscribe('start', async (events) => void seen.push(...events), {
    onError: () => undefined,
  });
  let disturbing = true;
  const writers = Array.from({ length: 16 }, async (_, writer) => {
    for (let n = 0; disturbing; n += 1) {
      const expected = n === 0 ? 'none' : 2 * n - 1;
      answers.push(...(await appendFirmly(store, `budget-U${writer}-2024`, expected, sampleEvents(2))));
    }
  });
  await disturb(() => answers.length);
  disturbing = false;
  await Promise.all(writers);
  const all: Envelope[] = [];
  for (;;) {
    const page = await store.readAll(all.at(-1)?.position ?? 'start', 5_000);
    all.push(...page);
    if (page.length < 5_000) break;
  }
  await until(() => seen.length >= all.length);
  await subscription.stop();
  const byPosition = [...answers].sort((a, b) => Number(store.order(a.position) - store.order(b.position)));
  expect(byPosition.map(({ id, position }) => ({ id, position }))).toEqual(
    all.map(({ id, position }) => ({ id, position })),
  );
  expect(all.map((event) => Number(event.position))).toEqual(all.map((_, index) => index + 1));
  expect(seen.map((event) => event.id)).toEqual(all.map((event) => event.id));
}

describe('a database whose connections are cut under load', () => {
  it('holds every answered append once, in order, and goes on by itself', async () => {
    const url = await newDatabase();
    const store = await open(url);
    const admin = new pg.Client(url);
    await admin.connect();
    cleanups.push(() => admin.end());
    await survives(store, async (answered) => {
      for (let cut = 0; cut < 10; cut += 1) {
        const before = answered();
        await until(() => answered() > before + 200);
        await admin.query(`
          SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND pid <> pg_backend_pid()`);
      }
    });
  });
});

describe('a database server that is killed under load', () => {
  it('holds every answered append once, in order, and the store goes on when it is back', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'ledger-spec-'));
    cleanups.push(() => rm(dataDir, { recursive: true, force: true }));
    const server = await startPostgres({ dataDir, durable: false, log: () => undefined });
    cleanups.push(() => server.stop());
    const store = await open(server.url);
    await survives(store, async (answered) => {
      for (let kill = 0; kill < 2; kill += 1) {
        const before = answered();
        await until(() => answered() > before + 200);
        const pidFile = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8');
        process.kill(Number(pidFile.split('\n')[0]), 'SIGKILL');
        const afterKill = answered();
        await until(() => answered() > afterKill + 200);
      }
    });
  });
});

describe('a database that hangs', () => {
  it('is an error in bounded time, and the outcome is told apart', async () => {
    const url = await newDatabase();
    const wire = await tap(url);
    const store = await open(wire.url, 300);
    await store.append('budget-A-2024', 'none', [sampleEvent()]);
    const [sent, waiting] = [sampleEvent(), sampleEvent()];
    wire.holdReplies();
    const first = store.append('budget-A-2024', 0, [sent]).catch((error: unknown) => error);
    await until(() => wire.held() > 0);
    const second = store.append('budget-B-2024', 'none', [waiting]).catch((error: unknown) => error);
    expect(await first).toMatchObject({ name: 'StoreUnavailable', outcome: 'unknown' });
    expect(await second).toMatchObject({ name: 'StoreUnavailable', outcome: 'refused' });
    expect(await collect(store.read('budget-A-2024')).catch((error: unknown) => error)).toMatchObject({
      name: 'StoreUnavailable',
    });
    await expect(store.settled(1)).rejects.toBeInstanceOf(StoreUnavailable);
    wire.letGo();
    await appendFirmly(store, 'budget-B-2024', 'none', [waiting]);
    const [stored] = await appendFirmly(store, 'budget-A-2024', 0, [sent]);
    expect(stored).toMatchObject({ id: sent.id, revision: 1, position: '2' });
    expect(await store.readAll('start', 10)).toHaveLength(3);
  });

  it('refuses to be opened when it cannot be reached', async () => {
    const url = new URL(await newDatabase());
    url.port = '1';
    await expect(openPostgresStore({ url: url.href })).rejects.toBeInstanceOf(StoreUnavailable);
  });
});

/** A wire to the database on which replies can be held back; requests always get through. */
async function tap(url: string) {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let holding = false;
  let heldBytes = 0;
  const release: (() => void)[] = [];
  const server = createServer((near) => {
    const far = dial(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => [near, far].forEach((one) => one.destroy()));
    }
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => {
      if (!holding) return void near.write(bytes);
      heldBytes += bytes.length;
      release.push(() => near.write(bytes));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(async () => {
    sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => server.close(resolve));
  });
  const tapped = new URL(url);
  tapped.port = String((server.address() as AddressInfo).port);
  return {
    url: tapped.href,
    holdReplies: () => (holding = true),
    held: () => heldBytes,
    letGo: () => {
      holding = false;
      for (const one of release.splice(0)) one();
    },
  };
}
