import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { approved, carryOver, closeYear, on, pay, reopenYear } from '#domain/budget/specification.js';
import { civilDate } from '#domain/calendar.js';
import { startReadSystem, type ReadSystem } from '../../test/support/read-system.js';

let system: ReadSystem;
/** Log positions after each chapter. */
const known: Record<string, string> = {};

beforeAll(async () => {
  system = await startReadSystem('2023-01-05T01:00:00Z');
  const { clock } = system;
  for (const unit of ['U1', 'U2']) {
    await system.register({ type: 'RegisterUnit', unit, name: '测试单位', validFrom: civilDate('2023-01-01') });
  }
  const plan = { B01: { amount: '100.00', expenditure: 'basic' }, P01: '300.00' } as const;
  await system.book('U1', 2023, approved(plan, on('2023-01-05')), pay('V1', 'P01', '200.00', on('2023-05-01')));
  clock.now = Date.parse('2023-06-15T01:00:00Z');
  known['summer'] = await system.book('U1', 2023, pay('V2', 'B01', '40.00', on('2023-06-01')));
  clock.now = Date.parse('2024-01-03T01:00:00Z');
  await system.book('U1', 2023, closeYear([{ line: 'P01', reason: 'finished' }], on('2023-12-31')));
  await system.book(
    'U1',
    2024,
    approved({ ...plan, G01: { amount: '500.00', fund: 'government-funds' } }),
    { ...carryOver('C1', 'B01', '60.00', 2023), ...on('2024-01-04') },
    pay('V1', 'B01', '80.00', on('2024-02-01')),
    pay('V2', 'G01', '450.00', on('2024-02-01')),
  );
  clock.now = Date.parse('2025-01-05T01:00:00Z');
  known['closed'] = await system.book('U1', 2024, closeYear([], on('2024-12-31')));
  await system.book('U1', 2024, reopenYear(on('2025-01-05')));
  clock.now = Date.parse('2025-03-01T01:00:00Z');
  await system.book('U1', 2024, closeYear([{ line: 'P01', reason: 'plan-changed' }], on('2025-01-05')));
  await system.book(
    'U1',
    2025,
    approved({ B01: plan.B01 }, on('2025-01-06')),
    pay('V1', 'B01', '25.00', on('2025-02-01')),
  );
});
afterAll(() => system.stop());

const ask = (query: string, unit = 'U1') => system.get(`/api/v1/units/${unit}/over-years${query}`);
/** Each line as its values, one a column. */
const told = async (query: string): Promise<Record<string, unknown>> => {
  const { body } = await ask(query);
  return Object.fromEntries(body.lines.map(({ line, values }: any) => [line, values.join(' ')]));
};

describe('the report over years', () => {
  it('has a column a year and five lines; an open year has no split yet', async () => {
    const { status, body } = await ask('');
    expect([status, body.from, body.to, body.missing]).toEqual([200, 2023, 2025, []]);
    expect(await told('')).toEqual({
      current: '400.00 960.00 100.00',
      paid: '240.00 530.00 25.00',
      'execution-rate': '60.00 55.21 25.00',
      'carry-over': '60.00 130.00 ',
      surplus: '100.00 300.00 ',
    });
    expect(body.columns).toMatchObject([
      { year: 2023, asOf: '2023-12-31', state: 'closed', closed: true, unspent: '160.00' },
      { year: 2024, asOf: '2024-12-31', state: 'closed', closed: true, unspent: '430.00' },
      { year: 2025, asOf: '2025-03-01', state: 'open', closed: false, open: true, unspent: '75.00' },
    ]);
    expect(
      body.columns.map(({ carryOverRate, carryOverChange }: any) => [
        carryOverRate.percent ?? carryOverRate.reason,
        carryOverChange.percent ?? carryOverChange.reason,
      ]),
    ).toEqual([
      ['40.00', 'NO_PRIOR_YEAR'],
      ['44.79', '168.75'],
      ['YEAR_END_ONLY', 'YEAR_END_ONLY'],
    ]);
  });

  it('is as known then: the closing in force, and of a running year the day', async () => {
    expect(await told(`?knownAt=${known['closed']}`)).toMatchObject({
      'carry-over': '60.00 430.00',
      surplus: '100.00 0.00',
    });
    const summer = (await ask(`?knownAt=${known['summer']}`)).body;
    expect(summer.columns).toMatchObject([{ year: 2023, asOf: '2023-06-15', state: 'open', unspent: '160.00' }]);
    const open = (await ask('?knownAt=2025-02-01')).body;
    expect(open.columns[1]).toMatchObject({ state: 'reopened', closed: false, open: true });
  });

  it('is that of a scope and a range', async () => {
    expect(await told('?funds=government-funds&from=2024&to=2024')).toEqual({
      current: '500.00',
      paid: '450.00',
      'execution-rate': '90.00',
      'carry-over': '50.00',
      surplus: '0.00',
    });
    expect((await ask('?from=2021&to=2023')).body).toMatchObject({ missing: [2021, 2022], columns: [{ year: 2023 }] });
  });

  it.each([
    ['U9', '', 404, 'UNKNOWN_UNIT'],
    ['U2', '', 404, 'UNKNOWN_YEAR'],
    ['U1', '?knownAt=2023-01-01', 404, 'NOTHING_KNOWN_YET'],
    ['U1', '?from=2017&to=2019', 422, 'NO_YEAR_IN_RANGE'],
    ['U1', '?from=2026', 422, 'NO_YEAR_IN_RANGE'],
    ['U1', '?from=2025&to=2023', 400, 'INVALID_REQUEST'],
    ['U1', '?from=24', 400, 'INVALID_REQUEST'],
    ['U1', '?knownAt=2099-01-01', 422, 'KNOWN_AT_NOT_PAST'],
    ['U1', '?asOf=2024-06-30', 400, 'INVALID_REQUEST'],
    ['U1', '?atLeast=999999', 503, 'READ_MODEL_BEHIND'],
  ])('%s%s is %i %s', async (unit, query, status, code) => {
    const answer = await ask(query, unit);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('refuses a range without data with the years that there are', async () => {
    expect((await ask('?from=2017&to=2019')).body).toMatchObject({ years: [2023, 2024, 2025] });
  });
});
