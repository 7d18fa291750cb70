import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatYuan } from '#domain/money.js';
import { picture } from '#domain/metrics/picture.fixture.js';
import { ALL, type Picture, type Scope } from '#domain/metrics/quantities.js';
import { type MetricId, metricById } from '#domain/metrics/registry.js';
import { formatPercent } from '#domain/ratio.js';

const BASIC: Scope = { funds: 'all', expenditure: 'basic' };
const PROJECT: Scope = { funds: 'all', expenditure: 'project' };
const GENERAL_PUBLIC: Scope = { funds: ['general-public'], expenditure: 'all' };

/** `"30.00 / 100.00 = 30.00 %"`, with the sign, the assumption, or the reason and what is known. */
function show(metric: MetricId, books: Picture, scope: Scope = ALL): string {
  const result = metricById(metric)?.compute(books, scope);
  if (result === undefined) throw new Error(metric);
  if (result.status === 'OK') {
    const amounts = `${formatYuan(result.numerator)} / ${formatYuan(result.denominator)}`;
    const signed = result.signed ? ` (${formatPercent(result.signed)})` : '';
    return `${amounts} = ${formatPercent(result.ratio)} %${signed}${result.assumed ? ' assumed' : ''}`;
  }
  const increase = result.status === 'NOT_COMPUTABLE' && result.increaseFen;
  const coverage =
    result.reason === 'NOT_ALL_CODED' &&
    result.coverage &&
    `${formatYuan(result.coverage.codedFen)} of ${formatYuan(result.coverage.totalFen)}`;
  return [result.status, result.reason, increase && `+${formatYuan(increase)}`, coverage].filter(Boolean).join(' ');
}

describe('execution, rule book 2.2 and 2.3', () => {
  const books = picture(
    '2024-06-30',
    `P01 GP project original      100.00
     P01 GP project carry-over-in  20.00 lot=2023
     P01 GP project added          60.00
     P01 GP project cut            30.00
     P01 GP project paid           60.00
     P01 GP project taken-back     50.00
     P01 GP project planned        80.00`,
  );

  it('is over the adjusted budget, carry-over in, take-back left out', () =>
    expect(show('execution-rate', books)).toBe('60.00 / 150.00 = 40.00 %'));
  it('is shown over the original budget too', () =>
    expect(show('execution-rate-original', books)).toBe('60.00 / 100.00 = 60.00 %'));
  it('is compared with the plan to date', () =>
    expect(show('payment-progress', books)).toBe('60.00 / 80.00 = 75.00 %'));
  it('giving money back on 31 December does not make 100 %', () => {
    const giving = picture(
      '2024-12-31',
      'P01 GP project original 100.00\nP01 GP project paid 40.00\nP01 GP project taken-back 60.00',
    );
    expect(show('execution-rate', giving)).toBe('40.00 / 100.00 = 40.00 %');
    expect(show('carry-over-rate', giving)).toBe('60.00 / 100.00 = 60.00 %');
  });
  it('over-execution is shown, not capped', () => {
    const over = picture('2024-12-31', 'P01 GP project original 100.00\nP01 GP project paid 130.00');
    expect(show('execution-rate', over)).toBe('130.00 / 100.00 = 130.00 %');
    expect(show('carry-over-rate', over)).toBe('-30.00 / 100.00 = -30.00 %');
  });
  it.each([
    ['P01 GP project paid 0.00', 'NOT_APPLICABLE ZERO_OVER_ZERO'],
    ['P01 GP project paid 1.00', 'NOT_COMPUTABLE ZERO_DENOMINATOR'],
    ['P01 GP project carry-over-in −1.00 lot=2023', 'NOT_COMPUTABLE NEGATIVE_DENOMINATOR'],
  ])('%s is %s', (row, expected) => expect(show('execution-rate', picture('2024-06-30', row))).toBe(expected));
  it('says where the plan is an assumption', () => {
    const assumed = picture('2024-06-30', 'P01 GP project paid 10.00\nP01 GP project planned 40.00 assumed');
    expect(show('payment-progress', assumed)).toBe('10.00 / 40.00 = 25.00 % assumed');
    expect(show('budget-deviation', assumed)).toBe('30.00 / 40.00 = 75.00 % (-75.00) assumed');
  });
});

describe('adjustment, rule book 2.3, 1–4', () => {
  const books = picture(
    '2024-06-30',
    `B01 GP basic   original         400.00
     P01 GP project original         500.00
     P02 GF project original         100.00
     P01 GP project carry-over-in    999.00 lot=2023
     P01 GP project added             80.00
     P01 GP project added            100.00 exempt
     P02 GF project cut               10.00
     P02 GF project cut                5.00 exempt
     B01 GP basic   transferred-out   20.00 crossing
     P01 GP project transferred-in    20.00 crossing
     P01 GP project transferred-out   30.00 loose
     P03 GP project transferred-in    30.00 loose
     P01 GP project transferred-out    7.00 exempt loose
     P03 GP project transferred-in     7.00 exempt loose`,
  );

  it.each([
    // carry-over brought in is in none of them; 80 + 10 + 20 + 30
    ['adjustment-rate', ALL, '140.00 / 1000.00 = 14.00 %'],
    ['adjustment-rate-all', ALL, '252.00 / 1000.00 = 25.20 %'],
    ['adjustment-rate-net', ALL, '165.00 / 1000.00 = 16.50 %'],
    ['adjustment-rate-structural-only', ALL, '110.00 / 1000.00 = 11.00 %'],
    // the crossing transfer counts in either half
    ['adjustment-rate', BASIC, '20.00 / 400.00 = 5.00 %'],
    ['adjustment-rate', PROJECT, '140.00 / 600.00 = 23.33 %'],
    ['adjustment-rate', GENERAL_PUBLIC, '130.00 / 900.00 = 14.44 %'],
    ['adjustment-rate-net', { funds: ['government-funds'], expenditure: 'all' }, '-15.00 / 100.00 = -15.00 %'],
  ] as const)('%s', (metric, scope, expected) => expect(show(metric, books, scope)).toBe(expected));

  it('a reversed adjustment leaves gross and net sums', () => {
    const reversed = picture(
      '2024-06-30',
      `
      P01 GP project original 100.00
      P01 GP project added     40.00
      P01 GP project added    −40.00`,
    );
    expect(show('adjustment-rate', reversed)).toBe('0.00 / 100.00 = 0.00 %');
  });
});

describe('deviation', () => {
  const table = `
    P01 GP project original 100.00
    P01 GP project added     25.00
    P01 GP project paid      45.00
    P01 GP project planned   50.00`;
  it.each([
    ['budget-deviation', '2024-06-30', '5.00 / 50.00 = 10.00 % (-10.00)'],
    ['budget-deviation', '2024-12-30', '5.00 / 50.00 = 10.00 % (-10.00)'],
    ['budget-deviation', '2024-12-31', '80.00 / 125.00 = 64.00 % (-64.00)'],
    ['budget-deviation-adjusted', '2024-06-30', '25.00 / 100.00 = 25.00 % (25.00)'],
    ['budget-deviation-final-account', '2024-06-30', 'NOT_APPLICABLE YEAR_END_ONLY'],
    ['budget-deviation-final-account', '2024-12-31', '55.00 / 100.00 = 55.00 % (-55.00)'],
  ] as const)('%s on %s', (metric, asOf, expected) => expect(show(metric, picture(asOf, table))).toBe(expected));

  it('over the plan is positive, and paid without a plan has no rate', () => {
    expect(
      show('budget-deviation', picture('2024-06-30', 'P01 GP project paid 6.00\nP01 GP project planned 5.00')),
    ).toBe('1.00 / 5.00 = 20.00 % (20.00)');
    expect(show('budget-deviation', picture('2024-06-30', 'P01 GP project paid 6.00'))).toBe(
      'NOT_COMPUTABLE ZERO_DENOMINATOR',
    );
  });
});

describe('carry-over and surplus, rule book 2.2 and 13, 4', () => {
  const now = 'P01 GP project original 100.00\nP01 GP project paid 70.00';
  const before = 'P01 GP project original 80.00\nP01 GP project paid 60.00';
  it.each([
    ['carry-over-rate', '2024-06-30', before, 'NOT_APPLICABLE YEAR_END_ONLY'],
    ['carry-over-rate', '2024-12-31', undefined, '30.00 / 100.00 = 30.00 %'],
    ['carry-over-rate-of-spending', '2024-12-31', undefined, '30.00 / 70.00 = 42.86 %'],
    ['carry-over-change', '2024-06-30', before, 'NOT_APPLICABLE YEAR_END_ONLY'],
    ['carry-over-change', '2024-12-31', before, '10.00 / 20.00 = 50.00 %'],
    ['carry-over-change', '2024-12-31', undefined, 'NOT_COMPUTABLE NO_PRIOR_YEAR'],
    [
      'carry-over-change',
      '2024-12-31',
      'P01 GP project original 1.00\nP01 GP project paid 1.00',
      'NOT_COMPUTABLE ZERO_DENOMINATOR +30.00',
    ],
  ] as const)('%s on %s', (metric, asOf, prior, expected) =>
    expect(show(metric, picture(asOf, now, prior))).toBe(expected),
  );

  it.each([
    ['all of it', '', '30.00 / 30.00 = 100.00 %'],
    ['payments fill the oldest lot first', 'P01 GP project paid 25.00', '5.00 / 30.00 = 16.67 %'],
    ['payments beyond it are of this year', 'P01 GP project paid 90.00', '0.00 / 30.00 = 0.00 %'],
    ['a payment that names this year leaves it', 'P01 GP project paid 90.00 lot=2024', '30.00 / 30.00 = 100.00 %'],
    ['a payment that names its lot', 'P01 GP project paid 10.00 lot=2023', '20.00 / 30.00 = 66.67 %'],
    [
      'each line has its own lots',
      'P02 GP project original 50.00\nP02 GP project paid 50.00',
      '30.00 / 30.00 = 100.00 %',
    ],
    ['a cut takes this year first', 'P01 GP project cut 90.00', '30.00 / 30.00 = 100.00 %'],
    ['then the youngest lot', 'P01 GP project cut 105.00', '25.00 / 25.00 = 100.00 %'],
    ['money given back was not spent', 'P01 GP project taken-back 10.00 lot=2022', '30.00 / 30.00 = 100.00 %'],
  ])('unspent part of earlier money: %s', (_, rows, expected) => {
    const lots = `
      P01 GP project original      100.00
      P01 GP project carry-over-in  10.00 lot=2022
      P01 GP project carry-over-in  20.00 lot=2023`;
    expect(show('prior-carry-over-unspent', picture('2024-06-30', `${lots}\n${rows}`))).toBe(expected);
  });

  it('moves with carried-over money that is transferred', () => {
    const moved = picture(
      '2024-06-30',
      `
      P01 GP project carry-over-in   20.00 lot=2023
      P01 GP project transferred-out 15.00 lot=2023 crossing
      B01 GP basic   transferred-in  15.00 lot=2023 crossing
      B01 GP basic   paid             6.00`,
    );
    expect(show('prior-carry-over-unspent', moved, BASIC)).toBe('9.00 / 15.00 = 60.00 %');
    expect(show('prior-carry-over-unspent', moved, PROJECT)).toBe('5.00 / 5.00 = 100.00 %');
    expect(show('prior-carry-over-unspent', moved)).toBe('14.00 / 20.00 = 70.00 %');
  });
});

describe('by department economic code, rule book 6.3', () => {
  const coded = `
    B01 GP basic   original 100.00 code=30201
    B01 GP basic   original  20.00 code=310
    B01 GP basic   original 500.00 code=30101
    B01 GP basic   added     30.00 code=302
    B01 GP basic   paid      45.00 code=30299
    B01 GP basic   paid     250.00 code=301
    P01 GP project original 900.00 code=30227`;

  it('running cost is basic expenditure in 302 and 310, project money coded or not', () => {
    const books = picture('2024-06-30', `${coded}\nP01 GP project paid 5.00`);
    expect(show('running-cost-control', books)).toBe('45.00 / 150.00 = 30.00 %');
    expect(show('running-cost-control-original', books)).toBe('45.00 / 120.00 = 37.50 %');
    expect(show('running-cost-control', books, PROJECT)).toBe('NOT_APPLICABLE ZERO_OVER_ZERO');
  });

  it.each([
    ['an uncoded payment', 'B01 GP basic paid 5.00', '945.00 of 950.00'],
    ['an uncoded budget', 'B01 GP basic added 5.00', '945.00 of 950.00'],
    ['what is no code', 'B01 GP basic paid 5.00 code=30', '945.00 of 950.00'],
    ['nor is a prefix', 'B01 GP basic paid 5.00 code=3029', '945.00 of 950.00'],
  ])('%s leaves it without an answer', (_, row, coverage) =>
    expect(show('running-cost-control', picture('2024-06-30', `${coded}\n${row}`))).toBe(
      `NOT_COMPUTABLE NOT_ALL_CODED ${coverage}`,
    ),
  );

  it('an uncoded payment that was given its code, or taken back, is no gap', () => {
    const mended = 'B01 GP basic paid 5.00\nB01 GP basic paid −5.00\nB01 GP basic paid 5.00 code=30201';
    expect(show('running-cost-control', picture('2024-06-30', `${coded}\n${mended}`))).toBe('50.00 / 150.00 = 33.33 %');
  });

  const items = `
    B01 GP basic original 10.00 code=30212
    B01 GP basic original 20.00 code=30217
    B01 GP basic original 30.00 code=31013
    B01 GP basic original  5.00 code=30913
    B01 GP basic original 15.00 code=30231
    B01 GP basic original 99.00 code=30239
    B01 GP basic original 99.00 code=301`;

  it('three-public money is five items; a class that holds none of them needs no item', () =>
    expect(show('three-public-control', picture('2024-06-30', `${items}\nB01 GP basic paid 20.00 code=30217`))).toBe(
      '20.00 / 80.00 = 25.00 %',
    ));
  it('a class that holds one of them does not tell', () =>
    expect(show('three-public-control', picture('2024-06-30', `${items}\nB01 GP basic paid 20.00 code=302`))).toBe(
      'NOT_COMPUTABLE NOT_ALL_CODED 278.00 of 298.00',
    ));
  it('over the original budget too', () => {
    const books = picture(
      '2024-06-30',
      `${items}\nB01 GP basic added 20.00 code=30217\nB01 GP basic paid 20.00 code=30217`,
    );
    expect(show('three-public-control', books)).toBe('20.00 / 100.00 = 20.00 %');
    expect(show('three-public-control-original', books)).toBe('20.00 / 80.00 = 25.00 %');
  });

  it.each([
    [
      'less than the year before',
      'B01 GP basic original 30.00 code=30217',
      'B01 GP basic original 40.00 code=30217',
      '-10.00 / 40.00 = -25.00 %',
    ],
    [
      'nothing, as before',
      'B01 GP basic original 30.00 code=30201',
      'B01 GP basic original 40.00 code=30201',
      '0.00 / 0.00 = 0.00 %',
    ],
    [
      'from nothing',
      'B01 GP basic original 30.00 code=30217',
      'B01 GP basic original 40.00 code=30201',
      'NOT_COMPUTABLE ZERO_DENOMINATOR +30.00',
    ],
    [
      'uncoded the year before',
      'B01 GP basic original 30.00 code=30217',
      'B01 GP basic original 40.00',
      'NOT_COMPUTABLE NOT_ALL_CODED 30.00 of 70.00',
    ],
    [
      'uncoded this year',
      'B01 GP basic original 30.00',
      'B01 GP basic original 40.00 code=30217',
      'NOT_COMPUTABLE NOT_ALL_CODED 40.00 of 70.00',
    ],
    ['without a year before', 'B01 GP basic original 30.00 code=30217', undefined, 'NOT_COMPUTABLE NO_PRIOR_YEAR'],
  ])('change of the budget: %s', (_, now, before, expected) =>
    expect(show('three-public-change', picture('2024-06-30', `${now}\nB01 GP basic paid 1.00`, before))).toBe(expected),
  );

  it('change of what was spent is a year-end figure', () => {
    const now = 'B01 GP basic original 30.00\nB01 GP basic paid 6.00 code=30217';
    const before = 'B01 GP basic paid 8.00 code=30212';
    expect(show('three-public-change-actual', picture('2024-06-30', now, before))).toBe('NOT_APPLICABLE YEAR_END_ONLY');
    expect(show('three-public-change-actual', picture('2024-12-31', now, before))).toBe('-2.00 / 8.00 = -25.00 %');
  });
});

describe('composition variance, rule book 10.1', () => {
  it('scales every line of the original budget to what was paid', () => {
    // scaled 50.00 and 150.00, paid 80.00 and 120.00
    const books = picture(
      '2024-12-31',
      `
      P01 GP project original 100.00
      P02 GP project original 300.00
      P02 GP project added    999.00
      P01 GP project paid      80.00
      P02 GP project paid     120.00`,
    );
    expect(show('composition-variance', books)).toBe('60.00 / 200.00 = 30.00 %');
  });
  it('a line opened during the year was in no plan', () => {
    const books = picture(
      '2024-12-31',
      `
      P01 GP project original 100.00
      P01 GP project paid      50.00
      P02 GP project added     50.00
      P02 GP project paid      50.00`,
    );
    expect(show('composition-variance', books)).toBe('100.00 / 100.00 = 100.00 %');
  });
  it.each([
    ['P01 GP project original 100.00', 'NOT_APPLICABLE ZERO_OVER_ZERO'],
    ['P01 GP project paid 100.00', 'NOT_COMPUTABLE ZERO_DENOMINATOR'],
  ])('%s is %s', (row, expected) => expect(show('composition-variance', picture('2024-12-31', row))).toBe(expected));

  it('is 0 for any level of proportional spending, and never above 200 %', () => {
    const originals = fc.array(fc.integer({ min: 1, max: 1e6 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        originals,
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.nat(1e6), { minLength: 8, maxLength: 8 }),
        (weights, level, mix) => {
          const rows = (paid: (weight: number, index: number) => number) =>
            weights
              .map(
                (weight, index) =>
                  `P0${index} GP project original ${weight * 100}\nP0${index} GP project paid ${paid(weight, index)}`,
              )
              .join('\n');
          const compute = (table: string) =>
            metricById('composition-variance')?.compute(picture('2024-12-31', table), ALL);
          expect(compute(rows((weight) => weight * level))).toMatchObject({ status: 'OK', ratio: { numerator: 0n } });
          const mixed = compute(rows((_, index) => mix[index] ?? 0));
          if (mixed?.status === 'OK') expect(mixed.ratio.numerator <= 2n * mixed.ratio.denominator).toBe(true);
        },
      ),
      { seed: 20241231, numRuns: 200 },
    );
  });
});
