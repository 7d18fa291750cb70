/** Seals of one unit's 2024: through March, reopened, through March again, and through June. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { budgetStream } from '#domain/budget/decide.js';
import { approved, on, pay, plan, reopen, seal } from '#domain/budget/specification.js';
import { civilDate } from '#domain/calendar.js';
import { performanceStream } from '#domain/performance/decide.js';
import { openReadModels } from '#read-model/data-source.js';
import { createProjector } from '#read-model/projections/projector.js';
import { sealMoment, seals } from '#read-model/queries/seals.js';
import { RecordedLog } from '#read-model/specification.js';
import { createDatabase, type TestDatabase } from '../../../test/support/postgres.js';

let database: TestDatabase;
let dataSource: DataSource;
const log = new RecordedLog();
const PLACE = { unit: 'U1', year: 2024 };
const known: Record<string, bigint> = {};

const revisionOf = (stream: string) => ({
  stream,
  revision: log.events.filter((event) => event.stream === stream).length - 1,
});

function tell(): void {
  const mark = (name: string) => (known[name] = BigInt(log.events.length));
  const cited = (...streams: readonly string[]) => ({ streams: streams.map(revisionOf) });
  const budget = budgetStream('U1', 2024);
  log.book('U1', 2023, approved({ A: '50.00' }, on('2023-01-01')), pay('V1', 'A', '10.00', on('2023-02-01')));
  log.book('U1', 2024, approved({ A: '100.00' }), pay('V1', 'A', '10.00', on('03-01')));
  mark('first');
  log.book('U2', 2024, approved({ A: '1.00' }));
  log.book('U1', 2024, { ...seal('03-31', on('04-02')), ...cited(budget), knownAt: 7 });
  mark('sealed once');
  log.book('U1', 2024, reopen('03-31', on('04-03')));
  log.book('U1', 2024, plan('A', Array<string>(12).fill('100.00'), on('01-01')));
  mark('plan');
  log.book('U1', 2024, { ...seal('03-31', on('04-04')), ...cited(budget) });

  // Between what the third seal cites and the seal itself, the other two streams move.
  const earlier = budgetStream('U1', 2023);
  const targets = { type: 'TargetsApproved', effectiveDate: civilDate('2024-01-20'), data: { indicators: [] } };
  log.append(performanceStream('U1', 2024), [targets]);
  log.book('U1', 2023, pay('V2', 'A', '1.00', on('2023-03-01')));
  mark('last cited');
  const streams = [budget, performanceStream('U1', 2024), earlier].map(revisionOf);
  log.book('U1', 2023, pay('V3', 'A', '1.00', on('2023-03-01')));
  log.append(performanceStream('U1', 2024), [targets]);
  log.book('U1', 2024, { ...seal('06-30', on('2025-01-02')), streams });
}

beforeAll(async () => {
  tell();
  database = await createDatabase();
  dataSource = await openReadModels(database.url);
  await (await createProjector({ dataSource, log })).handle(log.events);
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

describe('seals of a year', () => {
  it('are numbered in the order recorded, and say when and why they were reopened', async () => {
    expect(await seals(dataSource, PLACE)).toMatchObject([
      {
        number: 1,
        through: '2024-03-31',
        sealedOn: '2024-04-02',
        knownAt: 7,
        reopened: { on: '2024-04-03', reason: 'a voucher was missing' },
      },
      { number: 2, through: '2024-03-31', sealedOn: '2024-04-04' },
      { number: 3, through: '2024-06-30', sealedOn: '2025-01-02', reports: [] },
    ]);
    expect((await seals(dataSource, PLACE)).map(({ reopened }) => reopened === undefined)).toEqual([false, true, true]);
  });

  it('are those known then: one that was reopened later was in force', async () => {
    const then = await seals(dataSource, { ...PLACE, knownAt: known['sealed once']! });
    expect(then).toMatchObject([{ number: 1 }]);
    expect(then[0]).not.toHaveProperty('reopened');
  });

  it('of another unit are not there', async () =>
    expect(await seals(dataSource, { unit: 'U2', year: 2024 })).toEqual([]));
});

describe('the moment of a seal', () => {
  it('is the date through which it seals, known up to the last event that it cites', async () => {
    expect(await sealMoment(dataSource, PLACE, 1)).toEqual({
      asOf: '2024-03-31',
      order: known['first'],
      position: String(known['first']),
      recordedAt: log.events[Number(known['first']) - 1]!.recordedAt,
    });
  });

  it('finds an event that moved no money', async () =>
    expect(await sealMoment(dataSource, PLACE, 2)).toMatchObject({ asOf: '2024-03-31', order: known['plan'] }));

  it('goes by all streams that the seal cites, and leaves out what it does not', async () =>
    expect(await sealMoment(dataSource, PLACE, 3)).toMatchObject({ asOf: '2024-06-30', order: known['last cited'] }));

  it('is not there for a number that no seal has', async () => {
    for (const number of [0, 4, -1, 1.5]) expect(await sealMoment(dataSource, PLACE, number)).toBeUndefined();
  });
});
