/** The read side as a process: it waits for read models that others make, and says what it waits for. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { civilDate } from '#domain/calendar.js';
import { DIRECTORY_STREAM, directoryDecider } from '#domain/directory/decide.js';
import { openEventStoreDb, type EventStoreDb } from '#event-store/eventstoredb/store.js';
import { createHandler } from '#event-store/handler.js';
import { listenOnLoopback } from '#platform/http.js';
import { createLogger } from '#platform/logging.js';
import { openReadModels } from '#read-model/data-source.js';
import { createProjector } from '#read-model/projections/projector.js';
import { askingAt } from '../../test/support/asking.js';
import { startStandIn, type StandIn } from '../../test/support/eventstoredb/stand-in.js';
import { createDatabase, type TestDatabase } from '../../test/support/postgres.js';
import { until } from '../../test/support/until.js';
import { createQueryProcess, type QueryOptions } from './query-process.js';

let standIn: StandIn;
let database: TestDatabase;
let log: EventStoreDb;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  standIn = await startStandIn();
  log = await openEventStoreDb({ url: standIn.url });
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  standIn.faults.none();
});
afterAll(async () => {
  await log.close();
  await standIn.stop();
});

async function startQuery(options: QueryOptions & { databaseUrl?: string } = {}) {
  const { databaseUrl = database.url, ...rest } = options;
  const config = { databaseUrl, eventStoreUrl: standIn.url, publicHosts: [] };
  const query = createQueryProcess(config, createLogger('silent'), rest);
  stops.push(() => query.stop());
  return askingAt(await listenOnLoopback(await query.start(), 0));
}

async function withDatabase(): Promise<void> {
  const own = (database = await createDatabase());
  stops.push(() => own.drop());
}

async function ask(statement: string): Promise<readonly unknown[]> {
  const client = new pg.Client(database.url);
  await client.connect();
  try {
    return (await client.query(statement)).rows as unknown[];
  } finally {
    await client.end();
  }
}

async function fill(): Promise<void> {
  const dataSource = await openReadModels(database.url);
  const projector = await createProjector({ dataSource, log });
  await projector.handle(await log.readAll('start', 100));
  await dataSource.destroy();
}

async function register(unit: string): Promise<void> {
  const commandId = randomUUID();
  const command = { type: 'RegisterUnit', unit, name: unit, validFrom: civilDate('2024-01-01') } as const;
  const context = { meta: { commandId, actor: { id: 'spec' }, requestHash: '', correlationId: commandId } };
  await createHandler({ store: log }).handle(DIRECTORY_STREAM, directoryDecider, command, context);
}

describe('a query process', () => {
  it('waits for its read models and makes none', async () => {
    await withDatabase();
    const query = await startQuery();
    const missing = await until(
      () => query.get('/api/v1/units'),
      ({ body }) => body.code !== 'DATABASE_UNAVAILABLE',
    );
    expect(missing).toMatchObject({ status: 503, body: { code: 'READ_MODELS_MISSING' } });
    expect(missing.headers.get('retry-after')).toBe('5');
    expect(await query.get('/readyz')).toMatchObject({ status: 503, body: { failing: ['read-models'] } });
    expect((await query.get('/livez')).status).toBe(200);
    expect((await query.get('/api/openapi.json')).status).toBe(200);
    expect(await ask(`SELECT nspname FROM pg_namespace WHERE nspname = 'read'`)).toEqual([]);
    await fill();
    const units = await until(
      () => query.get('/api/v1/units'),
      ({ status }) => status !== 503,
    );
    expect(units).toMatchObject({ status: 200, body: { units: [] } });
    expect(await query.get('/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } });
  });

  it('does not read tables of another layout, also when they come while it runs', async () => {
    await withDatabase();
    await fill();
    const query = await startQuery();
    await until(
      () => query.get('/api/v1/units'),
      ({ status }) => status === 200,
    );
    await ask(`UPDATE read.migrations SET name = 'Other' || name`);
    const other = await until(
      () => query.get('/api/v1/units'),
      ({ status }) => status !== 200,
    );
    expect(other).toMatchObject({ status: 503, body: { code: 'READ_MODELS_OTHER_LAYOUT' } });
    expect((await query.get('/readyz')).body.failing).toEqual(['read-models']);
    await ask(`UPDATE read.migrations SET name = substr(name, 6)`);
    await until(
      () => query.get('/api/v1/units'),
      ({ status }) => status === 200,
    );
  });

  it('starts before its database does', async () => {
    const query = await startQuery({ databaseUrl: 'postgres://127.0.0.1:1/nowhere' });
    expect(await query.get('/api/v1/units')).toMatchObject({ status: 503, body: { code: 'DATABASE_UNAVAILABLE' } });
    expect((await query.get('/readyz')).body.failing).toEqual(['database', 'read-models']);
  });

  it('reads figures without the event store, and says that it is away', async () => {
    await withDatabase();
    await fill();
    const query = await startQuery();
    await until(
      () => query.get('/readyz'),
      ({ body }) => body.status === 'ready' && body.degraded === undefined,
    );
    standIn.faults.unavailable('refused');
    expect((await query.get('/api/v1/units')).status).toBe(200);
    expect(await query.get('/readyz')).toMatchObject({
      status: 200,
      body: { status: 'ready', degraded: ['log', 'projections'] },
    });
    const past = await query.get('/api/v1/units/U1/years/2024/lines?knownAt=2024-06-30');
    expect(past).toMatchObject({ status: 503, body: { code: 'STORE_UNAVAILABLE' } });
    standIn.faults.none();
    await until(
      () => query.get('/readyz'),
      ({ body }) => body.degraded === undefined,
    );
  });

  it('says that its read models are behind the log', async () => {
    await withDatabase();
    await fill();
    let ahead = 0;
    const query = await startQuery({ clock: () => Date.now() + ahead });
    await until(
      () => query.get('/readyz'),
      ({ body }) => body.status === 'ready' && body.degraded === undefined,
    );
    await register('U1');
    // Just now: it may well be on its way.
    expect((await query.get('/readyz')).body.degraded).toBeUndefined();
    ahead = 60_000;
    expect((await query.get('/readyz')).body.degraded).toEqual(['projections']);
    await fill();
    expect((await query.get('/readyz')).body.degraded).toBeUndefined();
    expect((await query.get('/api/v1/units')).body.units).toHaveLength(1);
  });

  it('answers to the names its operator gave, and to no page from elsewhere', async () => {
    await withDatabase();
    const config = { databaseUrl: database.url, eventStoreUrl: standIn.url, publicHosts: ['budget.example.org'] };
    const query = createQueryProcess(config, createLogger('silent'));
    stops.push(() => query.stop());
    const app = await query.start();
    const asked = async (host: string, more: Record<string, string> = {}) =>
      (await app.inject({ method: 'GET', url: '/api/openapi.json', headers: { host, ...more } })).statusCode;
    expect(await asked('budget.example.org')).toBe(200);
    expect(await asked('budget.example.org:8443')).toBe(200);
    expect(await asked('localhost:8080')).toBe(200);
    expect(await asked('evil.example.org')).toBe(403);
    expect(await asked('budget.example.org.evil.example')).toBe(403);
    expect(await asked('budget.example.org', { origin: 'https://budget.example.org' })).toBe(200);
    expect(await asked('budget.example.org:443', { origin: 'https://budget.example.org' })).toBe(200);
    expect(await asked('budget.example.org', { origin: 'https://budget.example.org:8443' })).toBe(403);
    expect(await asked('budget.example.org', { origin: 'https://evil.example.org' })).toBe(403);
    expect(await asked('budget.example.org', { origin: 'null' })).toBe(403);
    // Who watches asks by the address of the process.
    const watched = await app.inject({ method: 'GET', url: '/livez', headers: { host: '10.1.2.3:3000' } });
    expect(watched.statusCode).toBe(200);
  });
});
