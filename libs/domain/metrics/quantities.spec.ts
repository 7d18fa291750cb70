import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EFFECT_KINDS } from '#domain/budget/effects.js';
import { fen, formatYuan } from '#domain/money.js';
import { figures, yuan } from '#domain/metrics/picture.fixture.js';
import { ALL, type Figure, type Quantities, lineQuantities, quantities, scopeKey } from '#domain/metrics/quantities.js';

const BASIC = { funds: 'all', expenditure: 'basic' } as const;
const PROJECT = { funds: 'all', expenditure: 'project' } as const;

describe('base quantities of a scope', () => {
  const books = figures(`
    B01 GP basic   original         1000.00
    B01 GP basic   cut                50.00
    B01 GP basic   transferred-out    30.00 crossing
    B01 GP basic   paid              400.00
    B01 GP basic   frozen             20.00
    P01 GP project original          500.00
    P01 GP project carry-over-in      80.00 lot=2023
    P01 GP project added              70.00 exempt
    P01 GP project transferred-in     30.00 crossing
    P01 GP project transferred-out    10.00 loose
    P01 GP project requested          15.00
    P02 GP project transferred-in     10.00 loose
    P02 GP project taken-back          4.00 lot=2023
    P03 GF project original         9000.00
    P03 GF project paid             1000.00
    P03 GF project planned          2000.00 assumed
    B01 GP basic   planned           500.00
  `);

  it('adds up every symbol of rule book 2.1 over all funds', () => {
    expect(quantities(books, ALL)).toEqual({
      original: yuan('10500.00'),
      carryOverIn: yuan('80.00'),
      added: yuan('70.00'),
      cut: yuan('50.00'),
      transferredIn: yuan('40.00'),
      transferredOut: yuan('40.00'),
      current: yuan('10600.00'),
      frozen: yuan('20.00'),
      requested: yuan('15.00'),
      paid: yuan('1400.00'),
      takenBack: yuan('4.00'),
      available: yuan('9161.00'),
      planned: yuan('2500.00'),
      plannedAssumed: true,
      transferred: yuan('40.00'),
      exempt: { added: yuan('70.00'), cut: yuan('0.00'), transferred: yuan('0.00') },
      notStructural: yuan('10.00'),
    });
  });

  it.each([
    // scope, current, transferred: a crossing transfer is in either half, and once in the whole
    ['all', ALL, '10600.00', '40.00'],
    ['basic', BASIC, '920.00', '30.00'],
    ['project', PROJECT, '9680.00', '40.00'],
    ['general public', { funds: ['general-public'], expenditure: 'all' }, '1600.00', '40.00'],
    ['government funds', { funds: ['government-funds'], expenditure: 'all' }, '9000.00', '0.00'],
    ['basic of government funds', { funds: ['government-funds'], expenditure: 'basic' }, '0.00', '0.00'],
  ] as const)('in scope %s the current budget and the transfers are', (_, scope, current, transferred) => {
    const result = quantities(books, scope);
    expect([result.current, result.transferred].map(formatYuan)).toEqual([current, transferred]);
  });

  it('marks P(t) as assumed only where an assumed line plans money', () => {
    expect(quantities(books, BASIC).plannedAssumed).toBe(false);
    expect(quantities(figures('P01 GP project planned 0.00 assumed'), ALL).plannedAssumed).toBe(false);
  });

  it('gives the same quantities by line, lines in order, each transfer at both of its lines', () => {
    const lines = [...lineQuantities(books).values()];
    expect(
      lines.map(({ line, current, available, transferred }) => [
        line,
        ...[current, available, transferred].map(formatYuan),
      ]),
    ).toEqual([
      ['B01', '920.00', '500.00', '30.00'],
      ['P01', '670.00', '655.00', '40.00'],
      ['P02', '10.00', '6.00', '10.00'],
      ['P03', '9000.00', '8000.00', '0.00'],
    ]);
    expect(lines[3]).toMatchObject({ fund: 'government-funds', expenditure: 'project', planned: yuan('2000.00') });
  });

  it('lets a reversal take an exempt transfer back from every sum', () => {
    const reversed = figures(`
      P01 GP project transferred-out 10.00 exempt
      P02 GP project transferred-in  10.00 exempt
      P01 GP project transferred-out −10.00 exempt
      P02 GP project transferred-in  −10.00 exempt
    `);
    expect(quantities(reversed, ALL)).toMatchObject({ transferred: 0, transferredIn: 0, current: 0 });
    expect(quantities(reversed, ALL).exempt.transferred).toBe(0);
  });

  it('knows a scope by what it selects', () => {
    expect(scopeKey({ funds: ['unit-funds', 'general-public'], expenditure: 'all' })).toBe(
      scopeKey({ funds: ['general-public', 'unit-funds', 'general-public'], expenditure: 'all' }),
    );
    expect(scopeKey(ALL)).not.toBe(scopeKey(BASIC));
  });
});

describe('whatever the books hold', () => {
  const lines = fc.constantFrom(
    { line: 'B01', fund: 'general-public', expenditure: 'basic' } as const,
    { line: 'P01', fund: 'general-public', expenditure: 'project' } as const,
    { line: 'P02', fund: 'general-public', expenditure: 'project' } as const,
    { line: 'P03', fund: 'government-funds', expenditure: 'project' } as const,
  );
  const amounts = fc.integer({ min: -1e12, max: 1e12 }).map(fen);
  const simple = fc
    .record({
      of: lines,
      kind: fc.constantFrom(...EFFECT_KINDS.filter((k) => !k.startsWith('transferred'))),
      fen: amounts,
    })
    .map(({ of, ...rest }): Figure[] => [{ ...of, ...rest, economic: '' }]);
  const transfers = fc
    .record({ from: lines, to: lines, fen: amounts, exempt: fc.boolean(), structural: fc.boolean() })
    .filter(({ from, to }) => from.line !== to.line && from.fund === to.fund)
    .map(({ from, to, fen: amount, exempt, structural }): Figure[] => {
      const facet = { exempt, structural, crossing: from.expenditure !== to.expenditure };
      return [
        { ...from, kind: 'transferred-out', fen: amount, economic: '', facet },
        { ...to, kind: 'transferred-in', fen: amount, economic: '', facet },
      ];
    });
  const ledgers = fc.array(fc.oneof(simple, transfers), { maxLength: 40 }).map((rows) => rows.flat());
  const ADDITIVE = ['original', 'added', 'cut', 'current', 'paid', 'available', 'takenBack'] as const;

  it('lines add up to the scope, scopes to the whole, and each transfer counts once', () => {
    fc.assert(
      fc.property(ledgers, (rows) => {
        const books = { figures: rows, planned: [] };
        const whole = quantities(books, ALL);
        const byLine = [...lineQuantities(books).values()];
        const funds = (['general-public', 'government-funds'] as const).map((fund) =>
          quantities(books, { funds: [fund], expenditure: 'all' }),
        );
        const halves = [quantities(books, BASIC), quantities(books, PROJECT)];
        for (const parts of [byLine, funds, halves] as Quantities[][]) {
          for (const symbol of ADDITIVE) expect(total(parts, symbol)).toBe(whole[symbol]);
        }
        expect(whole.transferredIn).toBe(whole.transferredOut);
        expect(whole.transferred).toBe(whole.transferredOut);
        expect(total(funds, 'transferred')).toBe(whole.transferred);
        expect(total(byLine, 'transferred')).toBe(2 * whole.transferred);
        const crossing = rows
          .filter(({ kind, facet }) => kind === 'transferred-out' && facet?.crossing)
          .reduce((left, row) => left + row.fen, 0);
        expect(total(halves, 'transferred')).toBe(whole.transferred + crossing);
      }),
      { seed: 20240630, numRuns: 300 },
    );
  });

  const total = (parts: Quantities[], symbol: (typeof ADDITIVE)[number] | 'transferred') =>
    parts.reduce((left, part) => left + part[symbol], 0);
});
