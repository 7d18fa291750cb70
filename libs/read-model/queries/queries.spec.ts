/** One unit's 2024, told in full, and what its readers ask. Amounts in fen. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import {
  add,
  adjust,
  approved,
  carryOver,
  closeYear,
  on,
  openLine,
  pay,
  plan,
  reattribute,
  reclassifyLine,
  requestPayment,
  returnPayment,
  reverseAdjustment,
  seal,
  transfer,
  withdraw,
  yuan,
} from '#domain/budget/specification.js';
import { civilDate, type CivilDate } from '#domain/calendar.js';
import { performanceStream } from '#domain/performance/decide.js';
import { openReadModels } from '#read-model/data-source.js';
import { createProjector } from '#read-model/projections/projector.js';
import type { At } from '#read-model/queries/at.js';
import { figures } from '#read-model/queries/figures.js';
import { historyPlaces } from '#read-model/queries/history.js';
import { journal, type JournalFilter } from '#read-model/queries/journal.js';
import { firstPosition, freshness, placeAt, streamRevision, timeOf } from '#read-model/queries/known.js';
import { lineDefinitions, plansByLine } from '#read-model/queries/lines.js';
import { milestones } from '#read-model/queries/milestones.js';
import { picture } from '#read-model/queries/picture.js';
import { targets } from '#read-model/queries/performance.js';
import { units, years } from '#read-model/queries/units.js';
import { RecordedLog } from '#read-model/specification.js';
import { createDatabase, type TestDatabase } from '../../../test/support/postgres.js';

let database: TestDatabase;
let dataSource: DataSource;
const log = new RecordedLog();
/** Order of the last event after each chapter. */
const known: Record<string, bigint> = {};

const indicator = (name: string, half: string) => ({
  ...{
    indicator: name,
    block: 1,
    level1: '过程',
    level2: '预算执行',
    level3: '预算执行率',
    kind: 'RATIO',
    comparator: '=',
  },
  ...{ half: { text: `＝${half}%`, value: half }, annual: { text: '＝100%', value: '100' }, decimals: 0, unit: '%' },
  checkpointBasis: 'FULL_YEAR',
});

function tell(): void {
  const now = () => BigInt(log.events.length);
  const registered = (unit: string, name: string, parent?: string) => ({
    type: 'UnitRegistered',
    effectiveDate: civilDate('2024-01-01'),
    data: { unit, name, ...(parent === undefined ? {} : { parent }), validFrom: civilDate('2024-01-01') },
  });
  log.append('directory', [registered('U1', '财政局'), registered('U2', '土地储备中心', 'U1')]);
  log.append('directory', [
    {
      type: 'UnitRenamed',
      effectiveDate: civilDate('2024-07-01'),
      data: { unit: 'U2', name: '储备中心', validFrom: civilDate('2024-07-01') },
    },
    {
      type: 'UnitMoved',
      effectiveDate: civilDate('2024-07-01'),
      data: { unit: 'U2', parent: null, validFrom: civilDate('2024-07-01') },
    },
  ]);
  log.book(
    'U2',
    2023,
    approved({ A: '700.00' }, on('2023-01-01')),
    pay('V1', 'A', '600.00', on('2023-05-01')),
    closeYear([], on('2023-12-31')),
  );
  known['2023'] = now();

  log.now = Date.parse('2024-01-10T02:00:00Z');
  log.book('U2', 2024, approved({ A: '1.00', Z: '2.00' }), withdraw(on('01-15')));
  known['withdrawn'] = now();
  log.now = Date.parse('2024-01-16T02:00:00Z');
  log.book(
    'U2',
    2024,
    approved({
      A: { amount: '1000.00', halfYearPlanFen: yuan('400.00') },
      B: { amount: '500.00', expenditure: 'basic', codes: { departmentEconomic: '30201' } },
    }),
    carryOver('C1', 'A', '100.00'),
    openLine('N', {}, on('09-01')),
  );
  known['approved'] = now();
  log.append(performanceStream('U2', 2024), [
    {
      type: 'TargetsApproved',
      effectiveDate: civilDate('2024-01-20'),
      data: { indicators: [indicator('I01', '38'), indicator('I02', '50')] },
    },
  ]);

  log.now = Date.parse('2024-06-20T02:00:00Z');
  log.actor = { id: 'zhang', name: '张会计' };
  log.book(
    'U2',
    2024,
    requestPayment('A', '50.00', on('03-01')),
    pay('V1', 'A', '200.00', { ...on('03-31'), payee: { name: '甲公司', kind: 'organisation' } }),
    pay('V2', 'B', '30.00', { ...on('06-15'), payee: { name: '乙公司', kind: 'organisation' } }),
    adjust('A1', [add('A', '10.00'), transfer('A', 'N', '5.00')], {
      ...on('04-01'),
      document: { number: '财〔2024〕7号' },
    }),
    plan('A', [...Array<string>(11).fill('300.00'), '900.00'], on('05-01')),
  );
  known['june'] = now();
  log.now = Date.parse('2024-07-03T02:00:00Z');
  log.actor = { id: 'li' };
  log.book(
    'U2',
    2024,
    pay('V3', 'A', '40.00', { ...on('06-28'), payee: { name: '甲公司', kind: 'organisation' } }),
    returnPayment('T1', 'V2', '10.00', on('07-02')),
    reattribute('V1', 'A', 'B', { amount: '20.00', ...on('07-02') }),
    reverseAdjustment('A1', on('07-02')),
    reclassifyLine('B', '30211', on('07-03')),
    seal('06-30', on('07-03')),
  );
}

const at = (asOf: string, knownAt?: bigint): At => ({
  unit: 'U2',
  year: 2024,
  asOf: civilDate(asOf),
  ...(knownAt === undefined ? {} : { knownAt }),
});

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

const paid = async (moment: At, line: string): Promise<number> =>
  (await figures(dataSource, moment))
    .filter((figure) => figure.line === line && figure.kind === 'paid')
    .reduce((left, { fen }) => left + fen, 0);

describe('figures', () => {
  it('show a late June payment only to those who ask after it was recorded', async () => {
    expect(await paid(at('2024-06-30'), 'A')).toBe(24000);
    expect(await paid(at('2024-06-30', known['june']), 'A')).toBe(20000);
    expect(await paid(at('2024-12-31'), 'A')).toBe(22000);
    expect(await paid(at('2024-12-31', known['june']), 'A')).toBe(20000);
  });

  it('carry the code, the lot and how an adjustment counts, and leave out what came to nothing', async () => {
    const now = await figures(dataSource, at('2024-12-31'));
    expect(now.filter(({ kind }) => ['added', 'transferred-out', 'transferred-in'].includes(kind))).toEqual([]);
    const june = await figures(dataSource, at('2024-06-30'));
    expect(june).toContainEqual({
      ...{ line: 'A', fund: 'general-public', expenditure: 'project', kind: 'added', economic: '', fen: 1000 },
      facet: { exempt: false, structural: true, crossing: false },
    });
    expect(june).toContainEqual(
      expect.objectContaining({ line: 'A', kind: 'carry-over-in', originYear: 2023, fen: 10000 }),
    );
    expect(june).toContainEqual(
      expect.objectContaining({ line: 'B', kind: 'original', economic: '30201', fen: 50000 }),
    );
  });

  it('are none before anything was known', async () => {
    expect(await figures(dataSource, at('2024-12-31', known['2023']))).toEqual([]);
  });
});

describe('lines and plans', () => {
  const ids = async (moment: At) => (await lineDefinitions(dataSource, moment)).map(({ line }) => line);

  it('are those of the approval that stands', async () => {
    expect(await ids(at('2024-01-14', known['withdrawn']))).toEqual(['A', 'Z']);
    expect(await ids(at('2024-01-15', known['withdrawn']))).toEqual([]);
    expect(await ids(at('2024-01-14', known['approved']))).toEqual(['A', 'B', 'N', 'Z']);
    expect(await ids(at('2024-06-30'))).toEqual(['A', 'B', 'N']);
  });

  it('have the codes of the date that is asked for', async () => {
    const codes = async (asOf: string) =>
      (await lineDefinitions(dataSource, at(asOf))).find(({ line }) => line === 'B')?.codes;
    expect(await codes('2024-07-02')).toEqual({ departmentEconomic: '30201' });
    expect(await codes('2024-07-03')).toEqual({ departmentEconomic: '30211' });
  });

  it('have the plans known by then; a withdrawal ends those before it, whatever date the next one bears', async () => {
    const plansOfA = async (moment: At) => (await plansByLine(dataSource, moment)).get('A');
    expect(await plansOfA(at('2024-02-01', known['withdrawn']))).toEqual([
      { kind: 'withdrawn', effectiveDate: '2024-01-15' },
    ]);
    const standing = { kind: 'approved', effectiveDate: '2024-01-01', halfYearPlanFen: 40000 };
    expect(await plansOfA(at('2024-02-01'))).toEqual([standing]);
    expect(await plansOfA(at('2024-05-01'))).toEqual([
      standing,
      { kind: 'monthly', effectiveDate: '2024-05-01', cumulativeFen: [...Array<number>(11).fill(30000), 90000] },
    ]);
  });
});

describe('a picture', () => {
  it('has the money, the plan of every line by then, and the year before', async () => {
    const half = await picture(dataSource, at('2024-06-30'));
    expect(half.planned).toEqual([
      { line: 'A', fund: 'general-public', expenditure: 'project', fen: 30000, assumed: false },
      { line: 'B', fund: 'general-public', expenditure: 'basic', fen: Math.round((50000 * 182) / 366), assumed: true },
      { line: 'N', fund: 'general-public', expenditure: 'project', fen: Math.round((500 * 182) / 366), assumed: true },
    ]);
    expect(half.priorYear).toContainEqual(expect.objectContaining({ kind: 'paid', fen: 60000 }));
  });

  it('has no year before where none was in the ledger', async () => {
    const picture2023 = await picture(dataSource, { ...at('2023-12-31'), year: 2023 });
    expect(picture2023).not.toHaveProperty('priorYear');
    expect(await picture(dataSource, at('2024-06-30', 1n))).toEqual({
      year: 2024,
      asOf: '2024-06-30',
      figures: [],
      planned: [],
    });
  });
});

describe('the journal', () => {
  const refs = async (filter: JournalFilter, moment = at('2024-12-31')) =>
    (await journal(dataSource, moment, { filter, limit: 100 })).entries.map(({ ref, fen }) => `${ref ?? '-'} ${fen}`);

  it.each<[string, JournalFilter, string[]]>([
    ['a line', { line: 'N' }, ['A1 500', 'A1 -500']],
    ['kinds', { kinds: ['requested', 'carry-over-in'] }, ['C1 10000', 'R1 5000']],
    ['a payee', { person: '乙公司' }, ['V2 3000', 'V2 -1000']],
    ['an actor by id', { person: 'li', kinds: ['added'] }, ['A1 -1000']],
    ['an actor by name', { person: '张会计', kinds: ['added', 'paid'] }, ['V1 20000', 'A1 1000', 'V2 3000']],
    ['dates', { from: '2024-06-15' as CivilDate, to: '2024-06-30' as CivilDate }, ['V2 3000', 'V3 4000']],
    [
      'amounts of either sign',
      { minFen: yuan('10.00'), maxFen: yuan('20.00'), kinds: ['paid'] },
      ['V2 -1000', 'V1 -2000', 'V1 2000'],
    ],
    ['a paper', { ref: 'V1' }, ['V1 20000', 'V1 -2000', 'V1 2000']],
    ['a paper on a line', { ref: 'V1', line: 'B' }, ['V1 2000']],
    ['a scope', { scope: { funds: 'all', expenditure: 'basic' }, kinds: ['paid'] }, ['V2 3000', 'V2 -1000', 'V1 2000']],
    ['a class of codes', { economic: ['302'], kinds: ['paid'] }, ['V2 3000', 'V2 -1000', 'V1 2000']],
    ['a fund without entries', { scope: { funds: ['government-funds'], expenditure: 'all' } }, []],
  ])('lists the entries of %s by date', async (_what, filter, expected) => {
    expect(await refs(filter)).toEqual(expected);
  });

  it('knows only what was recorded by then', async () => {
    expect(await refs({ ref: 'V1' }, at('2024-12-31', known['june']))).toEqual(['V1 20000']);
  });

  it('says all there is to say about an entry', async () => {
    const { entries } = await journal(dataSource, at('2024-12-31'), { filter: { ref: 'A1', line: 'N' }, limit: 1 });
    const booked = log.events.find(({ type }) => type === 'BudgetTransferred')!;
    expect(entries).toEqual([
      {
        ...{ eventId: booked.id, revision: booked.revision, position: BigInt(booked.position), seq: 1 },
        ...{ effectiveDate: '2024-04-01', kind: 'transferred-in', line: 'N', counterLine: 'A', economic: '', fen: 500 },
        ...{
          ref: 'A1',
          document: '财〔2024〕7号',
          recordedAt: booked.recordedAt,
          actor: { id: 'zhang', name: '张会计' },
        },
      },
    ]);
  });
});

describe('a history', () => {
  const typesOf = async (line: string | undefined, moment = at('2024-12-31')): Promise<string[]> => {
    const types: string[] = [];
    for (let after: bigint | undefined; ;) {
      const page = await historyPlaces(dataSource, moment, {
        limit: 2,
        ...(line === undefined ? {} : { line }),
        ...(after === undefined ? {} : { after }),
      });
      types.push(...page.places.map(({ position }) => log.events[Number(position) - 1]!.type));
      after = page.places.at(-1)?.position;
      if (!page.more) return types;
    }
  };

  it('of a line tells every event that moved or named it, and what concerned the whole year', async () => {
    expect(await typesOf('N')).toEqual([
      ...['BudgetApproved', 'BudgetApprovalWithdrawn', 'BudgetApproved', 'BudgetLineOpened', 'TargetsApproved'],
      ...['BudgetTransferred', 'AdjustmentReversed', 'PeriodSealed'],
    ]);
    expect((await typesOf('B')).slice(-4)).toEqual([
      'PaymentReturned',
      'PaymentReattributed',
      'BudgetLineReclassified',
      'PeriodSealed',
    ]);
  });

  it('of a year tells all its events', async () => {
    const own = log.events.filter(({ stream }) => stream.endsWith('-U2-2024')).map(({ type }) => type);
    expect(await typesOf(undefined)).toEqual(own);
    expect(await typesOf(undefined, at('2024-12-31', known['withdrawn']))).toEqual(own.slice(0, 4));
  });
});

describe('what was known when', () => {
  it('is the last place by an instant, and the time of a place', async () => {
    const place = await placeAt(dataSource, Date.parse('2024-06-30T15:59:59.999Z'));
    expect(place).toMatchObject({ order: known['june'], position: String(known['june']) });
    expect(await timeOf(dataSource, known['june']!)).toBe(place.recordedAt);
    expect(await placeAt(dataSource, 0)).toEqual({ order: -1n, position: 'start', recordedAt: 0 });
  });

  it('begins with the first event of a stream and ends where the read models are', async () => {
    expect(await firstPosition(dataSource, ['budget-U2-2024'])).toBe(known['2023']! + 1n);
    expect(await firstPosition(dataSource, ['budget-U9-2024'])).toBeUndefined();
    expect(await streamRevision(dataSource, performanceStream('U2', 2024))).toBe(0);
    expect(await freshness(dataSource)).toMatchObject({ order: BigInt(log.events.length) });
  });
});

describe('everything else', () => {
  it('targets are those approved by the date and known', async () => {
    expect((await targets(dataSource, at('2024-06-30'))).map((target) => target.indicator)).toEqual(['I01', 'I02']);
    expect(await targets(dataSource, at('2024-01-19'))).toEqual([]);
    expect(await targets(dataSource, at('2024-06-30', known['approved']))).toEqual([]);
  });

  it('milestones are in the order recorded', async () => {
    expect((await milestones(dataSource, at('2024-12-31'))).map(({ kind }) => kind)).toEqual([
      ...['approved', 'withdrawn', 'approved', 'sealed'],
    ]);
    expect((await milestones(dataSource, at('2024-01-01', known['withdrawn']))).map(({ kind }) => kind)).toEqual([
      'approved',
    ]);
  });

  it('units are as last named and placed, with their years', async () => {
    expect(await units(dataSource)).toEqual([
      { unit: 'U1', name: '财政局', parent: null, validFrom: '2024-01-01' },
      { unit: 'U2', name: '储备中心', parent: null, validFrom: '2024-01-01' },
    ]);
    expect(await years(dataSource, 'U2')).toEqual([2023, 2024]);
    expect(await years(dataSource, 'U1')).toEqual([]);
  });
});
