/** Three years of one unit: what was left of one is brought into the next, and the way back is shown. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BroughtForward, BudgetCommand } from '#domain/budget/commands.js';
import {
  adjust,
  approved,
  closeYear,
  lot,
  on,
  openLine,
  pay,
  reopenYear,
  reviseCarryOver,
  takeBack,
  transfer,
} from '#domain/budget/specification.js';
import { civilDate } from '#domain/calendar.js';
import { startReadSystem, type ReadSystem } from '../../test/support/read-system.js';

let system: ReadSystem;
/** Log positions after each chapter. */
const known: Record<string, string> = {};

const bring = (date: string, ...carryOvers: readonly [BroughtForward, BroughtForward['source']?][]): BudgetCommand => ({
  type: 'BringCarryOverForward',
  effectiveDate: civilDate(date),
  carryOvers: carryOvers.map(([entry, source]) => ({ ...entry, ...(source === undefined ? {} : { source }) })),
});

/** The last closing of a year, as a carry-over cites it. */
async function closing(year: number): Promise<NonNullable<BroughtForward['source']>> {
  const stream = `budget-U1-${year}`;
  let found: NonNullable<BroughtForward['source']> | undefined;
  for await (const { type, revision, data } of system.store.read(stream)) {
    if (type === 'YearClosed') found = { stream, revision, closure: (data as { closure: number }).closure };
  }
  return found!;
}
const eventId = async ({ stream, revision }: { stream: string; revision: number }): Promise<string> => {
  for await (const event of system.store.read(stream, { from: revision, limit: 1 })) return event.id;
  throw new Error(`no revision ${revision}`);
};

const book = (year: number, ...commands: BudgetCommand[]) => system.book('U1', year, ...commands);

/** B01 is basic, P01 a project, both of the general public budget; P02 to P04 are projects of government funds. */
async function tell(): Promise<void> {
  const { clock } = system;
  const government = { fund: 'government-funds' } as const;
  clock.now = Date.parse('2022-01-05T01:00:00Z');
  await system.register({ type: 'RegisterUnit', unit: 'U1', name: '测试单位', validFrom: civilDate('2022-01-01') });
  const basic = { amount: '100.00', expenditure: 'basic', name: '基本支出' } as const;
  await book(
    2022,
    approved({ B01: basic, P01: '200.00', P02: { amount: '300.00', ...government } }, on('2022-01-05')),
    pay('V1', 'B01', '60.00', on('2022-05-01')),
    pay('V2', 'P01', '150.00', on('2022-05-01')),
    pay('V3', 'P02', '100.00', on('2022-05-01')),
  );
  clock.now = Date.parse('2023-01-03T01:00:00Z');
  await book(2022, closeYear([], on('2022-12-31')));

  await book(
    2023,
    approved({ B01: basic, P01: '200.00' }, on('2023-01-04')),
    openLine('P03', government, on('2023-01-04')),
    openLine('P04', government, on('2023-01-04')),
    bring(
      '2023-01-04',
      [lot('C1', 'B01', '40.00', 2022), await closing(2022)],
      [lot('C2', 'P01', '50.00', 2022)],
      [{ ...lot('C3', 'P03', '200.00', 2022), originLine: 'P02' }, await closing(2022)],
    ),
    pay('V1', 'B01', '20.00', on('2023-05-01')),
    pay('V2', 'P01', '10.00', on('2023-05-01')),
    adjust('A1', [transfer('P03', 'P04', '30.00', { originYear: 2022 })], on('2023-06-01')),
    pay('V3', 'P03', '120.00', on('2023-07-01')),
  );
  clock.now = Date.parse('2024-01-03T01:00:00Z');
  await book(2023, closeYear([], on('2023-12-31')));
  known['closed'] = await book(2023, takeBack('K1', 'P01', '15.00', { ...on('2024-01-02'), originYear: 2022 }));

  await book(
    2024,
    approved({ B01: basic, P01: '10.00' }, on('2024-01-04')),
    bring(
      '2024-01-04',
      [lot('D1', 'B01', '20.00', 2022), await closing(2023)],
      [lot('D2', 'B01', '100.00', 2023), await closing(2023)],
      [lot('D3', 'P01', '200.00', 2023), await closing(2023)],
    ),
  );
  known['brought'] = await book(2024, pay('V1', 'P01', '60.00', on('2024-02-01')));
  clock.now = Date.parse('2024-03-01T01:00:00Z');
  known['reopened'] = await book(2023, reopenYear(on('2024-03-01')), pay('V9', 'P01', '50.00', on('2023-12-30')));
  await book(2023, closeYear([], on('2024-03-02')));
  known['again'] = await book(2024, {
    ...reviseCarryOver('D3', '175.00', on('2024-03-02')),
    reason: 'closed again',
    source: await closing(2023),
  });
  clock.now = Date.parse('2024-06-01T01:00:00Z');
}

beforeAll(async () => {
  system = await startReadSystem();
  await tell();
});
afterAll(() => system.stop());

const get = async (year: number, query = '') => {
  const { status, body } = await system.get(`/api/v1/units/U1/years/${year}/carry-over${query}`);
  expect([status, body.code]).toEqual([200, undefined]);
  return body;
};
const lotOf = (body: any, line: string, originYear: number) =>
  body.lots.find((entry: any) => entry.line === line && entry.originYear === originYear);

describe('a carried-over lot', () => {
  it('says how old it is, what it was made of, what is left of it and when it becomes surplus', async () => {
    const body = await get(2024, `?knownAt=${known['brought']}`);
    expect(body).toMatchObject({ state: 'open', asOf: '2024-06-01' });
    expect(body).not.toHaveProperty('closing');
    expect(body).not.toHaveProperty('provisional');
    const source = { ...(await closing(2023)), revision: (await firstClosing(2023)).revision, closure: 1 };
    expect(lotOf(body, 'P01', 2023)).toEqual({
      ...{ line: 'P01', name: 'Line P01', fund: 'general-public', expenditure: 'project', originYear: 2023, age: 1 },
      ...{ broughtIn: '200.00', revised: '0.00', carryOverIn: '200.00', transferredIn: '0.00' },
      ...{ transferredOut: '0.00', cut: '0.00', takenOtherwise: '0.00', budget: '200.00' },
      ...{ paid: '60.00', takenBack: '0.00', unspent: '140.00' },
      becomesSurplusOn: '2024-12-31',
      classAtYearEnd: 'surplus',
      carryOvers: [
        {
          carryOverId: 'D3',
          sourceYear: 2023,
          sourceLine: 'P01',
          source: { ...source, eventId: await eventId(source) },
          broughtIn: '200.00',
          amount: '200.00',
          revisions: [],
          effectiveDate: '2024-01-04',
          eventId: expect.any(String),
          recordedAt: expect.stringMatching(/^2024-01-03T01:00:/),
        },
      ],
      transferredFrom: [],
      lineage: [
        {
          ...{ year: 2023, line: 'P01', name: 'Line P01', originYear: 2023, into: 'D3', carried: '200.00' },
          ...{ closed: '200.00', class: 'carry-over', reason: 'unspent', cited: true, carryOverIds: [] },
          closing: { ...source, eventId: await eventId(source) },
          transferredFrom: [],
          ends: 'ORIGIN',
        },
      ],
    });
  });

  it('of basic expenditure never becomes surplus and is followed through all years to its origin', async () => {
    const lot2022 = lotOf(await get(2024), 'B01', 2022);
    expect(lot2022).toMatchObject({
      age: 2,
      unspent: '20.00',
      becomesSurplusOn: null,
      becomesSurplusReason: 'BASIC_EXPENDITURE',
      classAtYearEnd: 'carry-over',
    });
    expect(lot2022.lineage).toMatchObject([
      { year: 2023, into: 'D1', carried: '20.00', closed: '20.00', cited: true, carryOverIds: ['C1'] },
      { year: 2022, into: 'C1', carried: '40.00', closed: '40.00', cited: true, carryOverIds: [], ends: 'ORIGIN' },
    ]);
  });

  it('that was entered by hand says so and shows the lot of the closing in force, not cited', async () => {
    const entered = lotOf(await get(2023, '?asOf=2023-06-30'), 'P01', 2022);
    expect(entered.carryOvers).toMatchObject([
      { carryOverId: 'C2', source: null, sourceReason: 'ENTERED_BY_HAND', sourceYear: 2022, sourceLine: 'P01' },
    ]);
    expect(entered.lineage).toMatchObject([
      { year: 2022, into: 'C2', carried: '50.00', closed: '50.00', cited: false, ends: 'ORIGIN' },
    ]);
  });

  it('moved to another line is followed to where it was moved from', async () => {
    const body = await get(2023, '?asOf=2023-12-30');
    const moved = { fromLine: 'P03', amount: '30.00', adjustmentIds: ['A1'] };
    expect(lotOf(body, 'P04', 2022)).toMatchObject({
      ...{ carryOverIn: '0.00', transferredIn: '30.00', budget: '30.00', unspent: '30.00', carryOvers: [] },
      transferredFrom: [moved],
      lineage: [{ year: 2022, line: 'P02', into: 'C3', carried: '200.00', closed: '200.00', ends: 'ORIGIN' }],
    });
    expect(lotOf(body, 'P03', 2022)).toMatchObject({ transferredOut: '30.00', budget: '170.00', unspent: '50.00' });
    const before = await get(2023, '?asOf=2023-05-31');
    expect(lotOf(before, 'P04', 2022)).toBeUndefined();
  });

  it('is provisional while its source year is open again, and shows the revision that followed', async () => {
    const open = await get(2024, `?knownAt=${known['reopened']}`);
    expect(open.provisional).toBe(true);
    expect(lotOf(open, 'P01', 2023)).toMatchObject({ provisional: true, carryOvers: [{ provisional: true }] });
    const now = await get(2024);
    expect(now).not.toHaveProperty('provisional');
    const again = await closing(2023);
    expect(lotOf(now, 'P01', 2023)).toMatchObject({
      ...{ broughtIn: '200.00', revised: '-25.00', carryOverIn: '175.00', unspent: '115.00' },
      carryOvers: [
        {
          broughtIn: '200.00',
          amount: '175.00',
          source: { closure: 1 },
          revisions: [
            {
              ...{ from: '200.00', to: '175.00', difference: '-25.00', reason: 'closed again' },
              source: { ...again, eventId: await eventId(again) },
              effectiveDate: '2024-03-02',
            },
          ],
        },
      ],
      lineage: [{ carried: '175.00', closed: '175.00', closing: { closure: 2 } }],
    });
    expect(lotOf(await get(2024, '?asOf=2024-03-01'), 'P01', 2023).carryOvers[0].revisions).toEqual([]);
  });
});

async function firstClosing(year: number): Promise<{ stream: string; revision: number }> {
  const stream = `budget-U1-${year}`;
  for await (const { type, revision } of system.store.read(stream)) {
    if (type === 'YearClosed') return { stream, revision };
  }
  throw new Error(`${year} was never closed`);
}

describe('totals', () => {
  it('are C0 and the sums of the lots, by age, fund and class at the end of the year', async () => {
    const { totals } = await get(2023, '?asOf=2023-12-31');
    expect(totals.all).toMatchObject({ carryOverIn: '290.00', budget: '290.00', paid: '190.00', unspent: '100.00' });
    const { body } = await system.get('/api/v1/units/U1/years/2023/lines?asOf=2023-12-31');
    expect(totals.all.carryOverIn).toBe(body.totals.carryOverIn);
    expect(totals.byAge).toMatchObject([{ age: 1, unspent: '100.00' }]);
    expect(totals.byFund).toMatchObject([
      { fund: 'general-public', unspent: '20.00' },
      { fund: 'government-funds', unspent: '80.00' },
    ]);
    expect(totals.byClass).toMatchObject([
      { classAtYearEnd: 'carry-over', unspent: '20.00' },
      { classAtYearEnd: 'surplus', unspent: '80.00' },
    ]);
    expect((await get(2024)).totals.byAge).toMatchObject([
      { age: 1, carryOverIn: '275.00' },
      { age: 2, carryOverIn: '20.00' },
    ]);
  });

  it('are those of a scope', async () => {
    const { totals, lots } = await get(2023, '?asOf=2023-12-31&funds=general-public&expenditure=project');
    expect(lots.map(({ line }: any) => line)).toEqual(['P01']);
    expect(totals.all).toMatchObject({ carryOverIn: '50.00', unspent: '0.00' });
  });
});

describe('the closing', () => {
  it('shows what became of every lot: where it went, what is due, and what does not fit', async () => {
    const body = await get(2023, `?checkpoint=annual&knownAt=${known['brought']}`);
    expect(body.state).toBe('closed');
    expect(body.closing).toMatchObject({ closure: 1, stream: 'budget-U1-2023', unexplained: [] });
    const shown = body.closing.lots.map((entry: any) =>
      [entry.line, entry.originYear, entry.class, entry.reason, entry.amount, entry.difference, entry.due].join(' '),
    );
    expect(shown).toEqual([
      'B01 2022 carry-over unspent 20.00 0.00 0.00',
      'B01 2023 carry-over unspent 100.00 0.00 0.00',
      'P01 2022 surplus two-years 40.00 0.00 25.00',
      'P01 2023 carry-over unspent 200.00 0.00 0.00',
      'P03 2022 surplus two-years 50.00 0.00 50.00',
      'P04 2022 surplus two-years 30.00 0.00 30.00',
    ]);
    expect(body.closing.lots[3].went).toEqual([{ year: 2024, line: 'P01', carryOverId: 'D3', amount: '200.00' }]);
    expect(body.closing.byClass).toEqual([
      { class: 'carry-over', amount: '320.00', went: '320.00', difference: '0.00', takenBack: '0.00', due: '0.00' },
      { class: 'surplus', amount: '120.00', went: '0.00', difference: '0.00', takenBack: '15.00', due: '105.00' },
    ]);
    expect(lotOf(body, 'P01', 2022)).toMatchObject({ becomesSurplusOn: '2023-12-31' });
  });

  it('shows what the next year has not brought in yet', async () => {
    const body = await get(2023, `?checkpoint=annual&knownAt=${known['closed']}`);
    expect(body.closing.byClass[0]).toMatchObject({ went: '0.00', difference: '-320.00' });
  });

  it('is none as of an earlier date, and none while the year is open again', async () => {
    expect(await get(2023, '?asOf=2023-12-30')).toMatchObject({ state: 'open' });
    const open = await get(2023, `?checkpoint=annual&knownAt=${known['reopened']}`);
    expect(open.state).toBe('reopened');
    expect(open).not.toHaveProperty('closing');
  });

  it('makes its lots surplus on its own date', async () => {
    const body = await get(2023, '?checkpoint=annual');
    expect(body.closing).toMatchObject({ closure: 2, effectiveDate: '2024-03-02' });
    // 50.00 more was paid of P01 before the year's end: 40.00 was left of 2022.
    expect(lotOf(body, 'P03', 2022).becomesSurplusOn).toBe('2024-03-02');
    expect(lotOf(body, 'P01', 2022)).toMatchObject({ unspent: '0.00', becomesSurplusReason: 'NOTHING_LEFT' });
  });
});

describe('the rates of carry-over and surplus', () => {
  it('are those of every year known then, with reasons where there is none', async () => {
    const { rates } = await get(2024);
    const told = rates.map(({ year, asOf, state, carryOverRate, carryOverChange }: any) =>
      [
        year,
        asOf,
        state,
        carryOverRate.percent ?? carryOverRate.reason,
        carryOverChange.percent ?? carryOverChange.reason,
      ].join(' '),
    );
    expect(told).toEqual([
      // 290.00 of 600.00
      '2022 2022-12-31 closed 48.33 NO_PRIOR_YEAR',
      // 390.00 of 590.00, against 290.00
      '2023 2023-12-31 closed 66.10 34.48',
      '2024 2024-06-01 open YEAR_END_ONLY YEAR_END_ONLY',
    ]);
    expect((await get(2022, '?checkpoint=annual&knownAt=2022-12-01')).rates).toMatchObject([
      { year: 2022, asOf: '2022-12-01', state: 'open', carryOverRate: { reason: 'YEAR_END_ONLY' } },
    ]);
  });
});
