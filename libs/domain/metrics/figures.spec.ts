import { describe, expect, it } from '@jest/globals';
import { EFFECT_KINDS } from '#domain/budget/effects.js';
import { AMOUNTS } from '#domain/metrics/comparison.js';
import { FIGURES, figureById, figureOf, figureOfKind, quantitiesOf, partAmounts } from '#domain/metrics/figures.js';
import { picture, yuan } from '#domain/metrics/picture.fixture.js';
import { ALL, type Scope } from '#domain/metrics/quantities.js';
import { add, negate, sum } from '#domain/money.js';

const BOOKS = picture(
  '2024-06-30',
  `B01 GP basic   original        100.00
   B01 GP basic   transferred-out  20.00 crossing
   P01 GP project original        300.00
   P01 GP project transferred-in   20.00 crossing
   P01 GP project carry-over-in    15.00 lot=2023
   P01 GP project added             7.00 exempt
   P01 GP project cut               2.00
   P01 GP project paid             61.25
   P01 GP project frozen            4.00
   P01 GP project requested         8.50
   P01 GP project taken-back        1.00
   P01 GP project planned         120.00
   P02 GF project original        900.00
   P02 GF project paid            −0.50`,
);
const SCOPES: Scope[] = [
  ALL,
  { funds: ['general-public'], expenditure: 'all' },
  { funds: 'all', expenditure: 'project' },
  { funds: ['government-funds'], expenditure: 'basic' },
];

describe('the registry of figures', () => {
  it('has one for every amount that answers show, in their order', () => {
    expect(FIGURES.map(({ quantity }) => quantity)).toEqual(AMOUNTS);
    for (const amount of AMOUNTS) expect(figureOf(amount).quantity).toBe(amount);
  });

  it('names, versions and sources each', () => {
    for (const { id, version, name, formula, source } of FIGURES) {
      expect(id).toMatch(/^[a-z]+([A-Z][a-z]+)*$/);
      expect(figureById(id)?.id).toBe(id);
      expect(version).toBe(1);
      expect([formula, source, name.zh, name.en].every((text) => text.length > 0)).toBe(true);
      expect(source).toMatch(/rule book|design/);
    }
    expect(figureById('execution-rate')).toBeUndefined();
    expect(figureById('constructor')).toBeUndefined();
  });

  it('has one for every kind of effect alone', () => {
    for (const kind of EFFECT_KINDS) expect(figureOfKind(kind).parts).toEqual([{ kind, sign: 1 }]);
  });
});

describe('a figure', () => {
  it.each(FIGURES.filter(({ plan }) => !plan))('$id is the sum of its parts, of every line and scope', (figure) => {
    for (const of of [...SCOPES.map((scope) => ({ scope })), { line: 'B01' }, { line: 'P01' }, { line: 'P02' }]) {
      const parts = partAmounts(BOOKS, figure, of).map(({ fen, sign }) => (sign === 1 ? fen : negate(fen)));
      expect(sum(parts)).toBe(quantitiesOf(BOOKS, of)[figure.quantity]);
    }
  });

  it('of a line is that of the line alone', () => {
    expect(quantitiesOf(BOOKS, { line: 'P01' })).toMatchObject({
      current: yuan('340.00'),
      available: yuan('265.25'),
      planned: yuan('120.00'),
    });
  });

  it('of all lines is that of each added up', () => {
    for (const { quantity } of FIGURES) {
      const lines = ['B01', 'P01', 'P02'].map((line) => quantitiesOf(BOOKS, { line })[quantity]);
      expect(quantitiesOf(BOOKS, { scope: ALL })[quantity]).toBe(lines.reduce(add));
    }
  });

  it('of a line without money is 0', () => {
    expect(quantitiesOf(BOOKS, { line: 'P99' })).toMatchObject({
      current: 0,
      paid: 0,
      planned: 0,
      plannedAssumed: false,
    });
  });
});
