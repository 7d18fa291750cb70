import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FundNature } from '#domain/budget/events.js';
import { fen } from '#domain/money.js';
import { inferFundNatures, SEARCHED_LINES, type FundedLine, type FundIncome } from './fund-natures.js';

const line = (id: string, yuan: number, rest: Partial<FundedLine> = {}): FundedLine => ({
  line: id,
  expenditure: id.startsWith('B') ? 'basic' : 'project',
  fen: fen(yuan * 100),
  ...rest,
});
const income = (amounts: Partial<Record<FundNature, number>>): FundIncome[] =>
  Object.entries(amounts).map(([fund, yuan]) => ({ fund: fund as FundNature, fen: fen(yuan * 100) }));
const forced = (lines: readonly FundedLine[], amounts: Partial<Record<FundNature, number>>) => {
  const reading = inferFundNatures(lines, income(amounts));
  return reading.status === 'forced' ? Object.fromEntries(reading.funds) : reading;
};

describe('fund natures that the figures force', () => {
  it('one nature: all lines have it', () => {
    expect(forced([line('B01', 300), line('P01', 0), line('P02', 100)], { 'general-public': 400 })).toEqual({
      B01: 'general-public',
      P01: 'general-public',
      P02: 'general-public',
    });
  });

  it('two natures: the only lines that add up to what basic expenditure leaves of the general budget', () => {
    expect(
      forced([line('B01', 300), line('P01', 100), line('P02', 500)], {
        'general-public': 400,
        'government-funds': 500,
      }),
    ).toEqual({ B01: 'general-public', P01: 'general-public', P02: 'government-funds' });
  });

  it('three natures', () => {
    expect(
      forced([line('B01', 10), line('P01', 1), line('P02', 2), line('P03', 4), line('P04', 8)], {
        'general-public': 11,
        'government-funds': 6,
        other: 8,
      }),
    ).toMatchObject({ P01: 'general-public', P02: 'government-funds', P03: 'government-funds', P04: 'other' });
  });

  it('what is known narrows the search: two equal lines, one of them stated', () => {
    const lines = [line('B01', 300), line('P01', 100), line('P02', 100, { fund: 'government-funds' })];
    expect(forced(lines, { 'general-public': 400, 'government-funds': 100 })).toMatchObject({ P01: 'general-public' });
  });
});

describe('fund natures that a person has to state', () => {
  it.each`
    why                                       | lines                                                     | amounts                                  | reason          | solutions | asked
    ${'two lines of the same amount'}         | ${[line('B01', 300), line('P01', 100), line('P02', 100)]} | ${{ 'general-public': 400, other: 100 }} | ${'several'}    | ${2}      | ${['P01', 'P02']}
    ${'two different sets of lines'}          | ${[line('P01', 1), line('P02', 2), line('P03', 3)]}       | ${{ 'general-public': 3, other: 3 }}     | ${'several'}    | ${2}      | ${['P01', 'P02', 'P03']}
    ${'no set of lines adds up'}              | ${[line('B01', 300), line('P01', 100), line('P02', 500)]} | ${{ 'general-public': 450, other: 450 }} | ${'none'}       | ${0}      | ${['P01', 'P02']}
    ${'basic is above the general budget'}    | ${[line('B01', 300), line('P01', 100)]}                   | ${{ 'general-public': 100, other: 300 }} | ${'none'}       | ${0}      | ${['P01']}
    ${'a line without money fits any nature'} | ${[line('B01', 1), line('P01', 0), line('P02', 5)]}       | ${{ 'general-public': 1, other: 5 }}     | ${'zero-lines'} | ${1}      | ${['P01']}
  `('$why', ({ lines, amounts, reason, solutions, asked }) => {
    expect(inferFundNatures(lines as FundedLine[], income(amounts as Record<FundNature, number>))).toEqual({
      status: 'ask',
      reason,
      solutions,
      lines: asked,
    });
  });

  it('more than 40 lines of two natures are not searched', () => {
    const lines = Array.from({ length: SEARCHED_LINES + 1 }, (_, index) =>
      line(`P${index}`, 2 ** (index % 20) + index),
    );
    const total = lines.reduce((sum, entry) => sum + entry.fen / 100, 0);
    const reading = inferFundNatures(lines, income({ 'general-public': 1, other: total - 1 }));
    expect(reading).toMatchObject({ status: 'ask', reason: 'too-large' });
  });

  it('40 lines of small round amounts have many solutions, and the search stops at the second', () => {
    const lines = Array.from({ length: 40 }, (_, index) => line(`P${index}`, 100 * (1 + (index % 7))));
    const total = lines.reduce((sum, entry) => sum + entry.fen / 100, 0);
    const amounts = { 'general-public': 1_000, 'government-funds': 2_000, other: total - 3_000 };
    expect(inferFundNatures(lines, income(amounts))).toMatchObject({ status: 'ask', reason: 'several', solutions: 2 });
  });

  it('amounts beyond exact sums are not searched', () => {
    const half = { fen: fen(Number.MAX_SAFE_INTEGER) };
    const reading = inferFundNatures([line('P01', 0, half), line('P02', 0, half)], income({ other: 1 }));
    expect(reading.status).toBe('ask');
  });
});

describe('the search against trying everything', () => {
  const natures = ['general-public', 'government-funds', 'other'] as const;

  it('agrees on which assignment is the only one, for up to 9 lines of small amounts', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 9 });
    const cases = fc.tuple(amounts, fc.array(fc.nat(2), { minLength: 9, maxLength: 9 }));
    fc.assert(
      fc.property(cases, ([yuan, chosen]) => {
        const lines = yuan.map((amount, index) => line(`P${index}`, amount));
        const totals = natures.map((_, nature) =>
          yuan.reduce((sum, amount, index) => sum + (chosen[index] === nature ? amount : 0), 0),
        );
        const funded = natures.map((fund, index) => ({ fund, fen: fen((totals[index] ?? 0) * 100) }));
        let solutions = 0;
        for (let code = 0; code < 3 ** yuan.length; code += 1) {
          const sums = [0, 0, 0];
          yuan.forEach((amount, index) => {
            const nature = Math.floor(code / 3 ** index) % 3;
            sums[nature] = (sums[nature] ?? 0) + amount;
          });
          if (sums.every((sum, nature) => sum === totals[nature])) solutions += 1;
        }
        const reading = inferFundNatures(lines, funded);
        if (solutions > 1) expect(reading).toMatchObject({ status: 'ask', reason: 'several' });
        else {
          const expected = Object.fromEntries(yuan.map((_, index) => [`P${index}`, natures[chosen[index] ?? 0]]));
          expect(reading.status === 'forced' && Object.fromEntries(reading.funds)).toEqual(expected);
        }
      }),
      { numRuns: 60, seed: 5, endOnFailure: true },
    );
  });
});
