/** What the year before does to a seal, and a restatement against a fold of all events at their true dates. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { budgetStream } from '#domain/budget/decide.js';
import type { BudgetEvent } from '#domain/budget/events.js';
import {
  add,
  adjust,
  approved,
  carryOver,
  cut,
  freeze,
  on,
  pay,
  plan,
  reopen,
  returnPayment,
  reversePayment,
  seal,
  transfer,
  yuan,
} from '#domain/budget/specification.js';
import { civilDate } from '#domain/calendar.js';
import { enter, openBooks, pictureOf } from '#domain/metrics/books.js';
import { lineQuantities } from '#domain/metrics/quantities.js';
import { formatYuan } from '#domain/money.js';
import { keptOf, readSources } from '#event-store/reports.js';
import { startReadSystem, U1_2024, type ReadSystem } from '../../test/support/read-system.js';

let system: ReadSystem;
beforeAll(async () => {
  system = await startReadSystem();
  await system.register({ type: 'RegisterUnit', unit: 'U1', name: '测试单位', validFrom: civilDate('2023-01-01') });
  const coded = (amount: string) => ({ amount, codes: { departmentEconomic: '30217' } });
  await system.book('U1', 2023, approved({ B01: coded('100.00') }, on('2023-01-01')));
  await system.book(
    ...(['U1', 2024] as const),
    approved({
      B01: coded('120.00'),
      P01: { amount: '1000.00', halfYearPlanFen: yuan('400.00'), codes: { departmentEconomic: '30201' } },
      P02: { amount: '500.00', codes: { departmentEconomic: '30201' } },
    }),
    pay('V1', 'P01', '300.00'),
    pay('V2', 'P02', '40.00', on('05-31')),
  );
  await sealed('06-30', '07-02');
});
afterAll(() => system.stop());

async function sealed(through: string, date: string) {
  const asOf = civilDate(`2024-${through}`);
  const sources = await readSources(system.store, { unit: 'U1', year: 2024, asOf }, () => Infinity);
  await system.book('U1', 2024, { ...seal(through, on(date)), ...keptOf(sources) });
}
const restatement = async (number = 1, query = '') =>
  (await system.get(`${U1_2024}/seals/${number}/restatement?lang=en${query}`)).body;
const late = (date: string, belongsTo: string) => ({ ...on(date), belongsTo: civilDate(`2024-${belongsTo}`) });

describe('a change of the year before', () => {
  it('that moves a sealed rate is in the restatement, and moves that rate only', async () => {
    expect((await restatement()).touched).toBe(false);
    await system.book('U1', 2023, adjust('A1', [cut('B01', '20.00')], on('2023-12-20')));
    const body = await restatement();
    expect(body.entries).toMatchObject([
      { touches: 'year-before', stream: 'budget-U1-2023', ref: 'A1', effects: [{ kind: 'cut', amount: '20.00' }] },
    ]);
    expect(body.lines).toEqual([]);
    expect(body.rates).toMatchObject([
      {
        sealed: { metric: 'three-public-change', percent: '20.00' },
        restated: { percent: '50.00' },
        ...{ change: '30.00', since: body.entries[0].recordedAt },
      },
    ]);
  });

  it('that moves none is not', async () => {
    await system.book('U1', 2023, freeze('F1', 'B01', '5.00', on('2023-12-21')));
    expect((await restatement()).count).toBe(1);
  });
});

describe('whatever comes later', () => {
  it('the restated lines are a fold of all events at their true dates', async () => {
    await system.book(
      ...(['U1', 2024] as const),
      pay('V3', 'P01', '55.55', late('07-03', '06-29')),
      returnPayment('R1', 'V1', '10.00', late('07-04', '06-30')),
      reversePayment('V2', late('07-04', '06-01')),
      adjust('A2', [transfer('P01', 'P02', '7.00'), add('P02', '3.00')], late('07-05', '04-01')),
      plan('P02', [...Array<string>(6).fill('100.00'), ...Array<string>(6).fill('503.00')], late('07-06', '02-01')),
      pay('V4', 'P01', '1000.00', on('07-07')),
      reopen('06-30', on('07-08')),
      carryOver('C1', 'P01', '12.00'),
      plan('P01', Array<string>(12).fill('450.00'), on('05-01')),
      pay('V5', 'P02', '9.00', on('06-30')),
    );
    await sealed('06-30', '07-09');
    await system.book('U1', 2024, pay('V6', 'P02', '1.25', late('07-10', '06-15')));
    for (const number of [1, 2]) {
      const shown = await restatement(number);
      const { seal: of } = shown;
      const kept = (await system.get(`${U1_2024}/seals/${of.number}`)).body.reports[0].content.lines;
      const oracle = await atTrueDates('2024-06-30');
      for (const line of kept) {
        const changes = shown.lines.find((moved: any) => moved.line === line.line)?.changes ?? [];
        for (const amount of ['current', 'paid', 'carryOverIn', 'transferredOut', 'available', 'planned'] as const) {
          const { restated = line[amount === 'planned' ? 'plannedToDate' : amount] } =
            changes.find((change: any) => change.amount === amount) ?? {};
          expect([number, line.line, amount, restated]).toEqual([
            ...[number, line.line, amount, formatYuan(oracle.get(line.line)![amount])],
          ]);
        }
      }
    }
    expect((await restatement(2)).entries.map(({ ref, knownWhenSealed }: any) => [ref, knownWhenSealed])).toEqual([
      ...[
        ['V3', true],
        ['V1', true],
        ['V2', true],
        ['A2', true],
        ['A2', true],
        [undefined, true],
        ['V6', undefined],
      ],
    ]);
  });

  async function atTrueDates(asOf: string) {
    const books = openBooks({ unit: 'U1', year: 2024, asOf: civilDate(asOf) });
    for await (const event of system.store.read(budgetStream('U1', 2024))) {
      enter(books, { ...event, effectiveDate: event.belongsTo ?? event.effectiveDate } as unknown as BudgetEvent);
    }
    return lineQuantities(pictureOf(books));
  }
});
