/** What is answered while one partition of the log is ahead of another: nothing beyond the place that the answer names. */
import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DataSource } from 'typeorm';
import { approved, pay } from '#domain/budget/specification.js';
import { civilDate } from '#domain/calendar.js';
import type { Position } from '#domain/envelope.js';
import { FutureInstant } from '#event-store/port.js';
import { HealthChecks } from '#platform/health.js';
import { createHttpApp } from '#platform/http.js';
import { createLogger } from '#platform/logging.js';
import { createMetrics } from '#platform/metrics.js';
import { openReadModels } from '#read-model/data-source.js';
import { partitionNamed, preparePartitions, type Partitions } from '#read-model/projections/partitions.js';
import { Progress } from '#read-model/projections/progress.js';
import { createProjector, type Projector } from '#read-model/projections/projector.js';
import { RecordedLog } from '#read-model/specification.js';
import { createDatabase, type TestDatabase } from '../../test/support/postgres.js';
import { QueryModule } from './query.module.js';

const partitions: Partitions = {
  names: ['budgets', 'directory'],
  of: (s) => (s === 'directory' ? 'directory' : 'budgets'),
};
const YEAR = '/api/v1/units/U1/years/2024';

let database: TestDatabase;
let dataSource: DataSource;
let app: NestFastifyApplication;
let log: RecordedLog;
let budgets: Projector;
let directory: Projector;

/** Positions of the spec's log count its events; `mark` is one that lies after them all. */
let mark: bigint;

beforeAll(async () => {
  database = await createDatabase();
  dataSource = await openReadModels(database.url);
  log = new RecordedLog();
  const validFrom = civilDate('2024-01-01');
  log.append('directory', [
    { type: 'UnitRegistered', effectiveDate: validFrom, data: { unit: 'U1', name: '测试单位', validFrom } },
  ]);
  log.book('U1', 2024, approved({ P1: '100.00' }), pay('V1', 'P1', '1.00'));
  mark = 0n;
  await preparePartitions(dataSource, partitions.names, 0n);
  const open = (name: string) => createProjector({ dataSource, log, partition: partitionNamed(partitions, name) });
  [budgets, directory] = [await open('budgets'), await open('directory')];
  const logger = createLogger('silent');
  const store = {
    read: log.read.bind(log),
    readAll: log.readAll.bind(log),
    order: log.order.bind(log),
    settled: async (instant: number) => {
      if (instant >= log.now) throw new FutureInstant(instant, log.now);
      return String(mark > log.events.length ? mark : log.events.length) as Position;
    },
  };
  app = await createHttpApp(
    QueryModule.register({ dataSource, store, progress: new Progress(dataSource), clock: () => log.now, waitMs: 50 }),
    { logger, health: new HealthChecks(logger), metrics: createMetrics() },
  );
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});

afterAll(async () => {
  await app.close();
  await dataSource.destroy();
  await database.drop();
});

async function get(path: string) {
  const answer = await app.inject({ method: 'GET', url: `${YEAR}${path}`, headers: { host: 'localhost' } });
  return { status: answer.statusCode, headers: answer.headers, body: JSON.parse(answer.body) };
}

const ofBudgets = () => log.events.filter(({ stream }) => stream !== 'directory');
const through = (position: number) => ({
  position: BigInt(position),
  opaque: String(position) as Position,
  recordedAt: log.now,
});
const lines = async (asked = '') => {
  const { status, headers, body } = await get(`/lines?asOf=2024-12-31${asked}`);
  return { status, revision: headers['stream-revision'], position: body.position, paid: body.totals?.paid, body };
};

describe('while the partition of the budgets is ahead', () => {
  it('a year that lies beyond is not there yet', async () => {
    await directory.handle(log.events.slice(0, 1));
    await budgets.handle(ofBudgets());
    expect(await lines()).toMatchObject({ status: 404, body: { code: 'UNKNOWN_YEAR' } });
  });

  it('an answer for now ends where all of it is there, with the revision of that place', async () => {
    await directory.handle([], through(log.events.length));
    expect(await lines()).toMatchObject({ status: 200, position: '4', paid: '1.00', revision: '2' });
    log.book('U1', 2024, pay('V2', 'P1', '2.00'));
    await budgets.handle(ofBudgets());
    expect(await lines()).toMatchObject({ position: '4', paid: '1.00', revision: '2' });
    expect(await lines('&atLeast=5')).toMatchObject({ status: 503, body: { code: 'READ_MODEL_BEHIND' } });
    await directory.handle([], through(5));
    expect(await lines('&atLeast=5')).toMatchObject({ position: '5', paid: '3.00', revision: '3' });
  });

  it('heartbeats alone change nothing but the place, and what is known at one is known for ever', async () => {
    const { recordedAt } = (await lines()).body;
    mark = 8n;
    await Promise.all([budgets.handle([], through(9)), directory.handle([], through(8))]);
    const now = await lines();
    expect(now).toMatchObject({ position: '8', paid: '3.00', revision: '3' });
    expect(now.body).toMatchObject({ recordedAt, knownAt: recordedAt });
    const then = await lines('&knownAt=8');
    expect(then.body).toMatchObject({ knownAt: recordedAt, position: '8' });
    // The next event stands after the heartbeats.
    log.events.push(...Array.from({ length: 4 }, () => log.events[0]!));
    log.book('U1', 2024, pay('V3', 'P1', '4.00'));
    const event = log.events.at(-1)!;
    log.events.splice(5, 4);
    await Promise.all([budgets.handle([event]), directory.handle([], through(10))]);
    expect(await lines()).toMatchObject({ position: '10', paid: '7.00', revision: '4' });
    expect((await lines('&knownAt=8')).body).toEqual(then.body);
  });
});
