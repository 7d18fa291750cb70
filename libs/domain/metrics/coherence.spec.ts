import { describe, expect, it } from '@jest/globals';
import type { Expenditure, FundNature } from '#domain/budget/events.js';
import { type FormLine, coherence } from '#domain/metrics/coherence.js';
import { ratioTarget, yuan } from '#domain/metrics/picture.fixture.js';
import { ALL } from '#domain/metrics/quantities.js';

function line(id: string, fund: FundNature, expenditure: Expenditure, full: string, half?: string): FormLine {
  const value = half === undefined ? {} : { halfYearPlanFen: yuan(half) };
  return { line: id, fund, expenditure, originalFen: yuan(full), ...value };
}
/** Implied at mid-year: all 40, general public 50, other 30, basic 60, project 20. */
const LINES = [
  line('B01', 'general-public', 'basic', '50.00', '35.00'),
  line('B02', 'other', 'basic', '50.00', '25.00'),
  line('P01', 'general-public', 'project', '50.00', '15.00'),
  line('P02', 'other', 'project', '50.00', '5.00'),
];
const proposed = (half: string, annual: string, lines = LINES) =>
  coherence(2024, lines, [ratioTarget('I01', 'execution-rate', half, annual)]).map((entry) => entry.proposedScope);

describe('which scope a target means', () => {
  it.each([
    ['＝50%', '＝100%', { funds: ['general-public'], expenditure: 'all' }],
    ['＝60%', '＝100%', { funds: 'all', expenditure: 'basic' }],
    ['＝40%', '＝100%', ALL],
    ['＝45%', '＝100%', ALL], // fits none
    ['＝50%', '＝95%', { funds: ['general-public'], expenditure: 'all' }], // the annual one fits none and tells nothing
    ['≥50%', '＝100%', { funds: ['general-public'], expenditure: 'all' }], // fits means equal, whatever the comparator
    ['≥20.4%', '＝100%', ALL],
  ] as const)('%s at mid-year, %s at year end', (half, annual, scope) =>
    expect(proposed(half, annual)).toEqual([scope, scope]),
  );

  it('is all funds when several scopes fit', () => {
    const alike = [
      line('P01', 'general-public', 'project', '50.00', '25.00'),
      line('B01', 'other', 'basic', '50.00', '5.00'),
    ];
    expect(proposed('＝50%', '＝100%', alike)[0]).toEqual(ALL);
  });

  it('counts carried-over money apart from the original amount, and plans it', () => {
    const carried = LINES.map((of) => ({ ...of, originalFen: yuan('40.00'), carryOverInFen: yuan('10.00') }));
    expect(proposed('＝50%', '＝100%', carried)[0]).toEqual({ funds: ['general-public'], expenditure: 'all' });
    const checks = coherence(2024, carried, [ratioTarget('I01', 'execution-rate', '＝50%', '＝100%')]);
    expect(checks[1]?.implied[0]).toMatchObject({ scope: ALL, percent: '100.00', fits: true });
  });

  it('plans a line without a half-year value by the day: 182 of 366', () => {
    const [entry] = coherence(
      2024,
      [line('P01', 'other', 'project', '366.00')],
      [ratioTarget('I01', 'execution-rate', '＝50%', '＝100%')],
    );
    expect(entry?.implied[0]).toEqual({ scope: ALL, status: 'OK', percent: '49.73', fits: true });
  });
});

it('leaves out words and indicators without a registered metric', () => {
  const bound = ratioTarget('I01', 'execution-rate', '＝50%', '＝100%');
  const { metric: _, ...unbound } = bound;
  const word = {
    ...bound,
    kind: 'QUALITATIVE',
    comparator: 'word',
    half: { text: '健全' },
    annual: { text: '健全' },
  } as const;
  expect(coherence(2024, LINES, [unbound, word, { ...bound, metric: 'asset-use' }])).toEqual([]);
  expect(coherence(2024, LINES, [{ ...bound, half: { text: '' } }]).map(({ checkpoint }) => checkpoint)).toEqual([
    'annual',
  ]);
});
