import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { fen } from '#domain/money.js';
import { toPlan } from '#forms/plan.js';
import type { PerformanceTable } from '#forms/table.js';
import { parseJsonForm, toJsonForm } from './json-form.js';
import { parseTableText } from './table-text.js';

const read = (path: string) => readFileSync(new URL(path, import.meta.url));
const archive = parseTableText(read('./bad/table.good')).content!;
const suzhou = parseTableText(read('../../../test/golden/suzhou-2024.txt')).content!;
const parse = (value: unknown) => parseJsonForm(new TextEncoder().encode(JSON.stringify(value)));
const form = (change: (form: any) => void) => {
  const file = structuredClone(toJsonForm(archive));
  change(file);
  return file;
};

describe('the JSON form', () => {
  it.each([
    ['the published table', suzhou],
    ['a table in yuan', { ...archive, amountUnit: '元' } satisfies PerformanceTable],
    [
      'all that the printed form does not say',
      {
        ...archive,
        unitCode: 'U0007',
        approval: { approvedOn: '2025-01-20', document: { number: '某财预〔2025〕1号', date: '2025-01-18' } },
        lines: archive.lines.map((line) => ({
          ...line,
          fund: 'general-public',
          fundBasis: 'confirmed',
          codes: { function: '2010301', departmentEconomic: '30227', governmentEconomic: '502', project: 'X-1' },
          economic: [{ departmentEconomic: '302', fen: fen(1) }],
        })),
        carryOverByLine: [{ line: 'P01', originYear: 2024, fen: fen(123_456), originLine: 'P03' }],
        indicators: archive.indicators.map((indicator) => {
          const { metric: _metric, ...unbound } = indicator;
          return {
            ...unbound,
            scope: { funds: ['other', 'unit-funds'], expenditure: 'project' },
            scopeBasis: 'stated',
            weight: 2.5,
          };
        }),
      } as unknown as PerformanceTable,
    ],
  ])('gives %s back as it was', (_, table) => {
    const { content, problems } = parse(toJsonForm(table));
    expect(problems).toEqual([]);
    expect(content).toEqual(table);
  });

  it('writes amounts exactly, whatever their unit', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.constantFrom('万元' as const, '元' as const), (amount, amountUnit) => {
        const exact = fen(amount);
        const table = {
          ...archive,
          amountUnit,
          income: {
            ...archive.income,
            total: exact,
            appropriation: exact,
            'general-public': exact,
            'government-funds': fen(0),
          },
          basic: { halfFen: fen(0), annualFen: exact },
          project: { halfFen: fen(0), annualFen: fen(0) },
          lines: [{ ...archive.lines[0]!, halfFen: fen(0), annualFen: exact }],
        };
        expect(parse(toJsonForm(table)).content).toEqual(table);
      }),
      { numRuns: 50, seed: 2 },
    );
  });

  it('numbers lines and indicators in their order when the file does not', () => {
    const file = form((entry) => {
      for (const line of entry.lines) delete line.line;
      for (const indicator of entry.indicators) {
        for (const key of ['indicator', 'kind', 'checkpointBasis', 'metric']) delete indicator[key];
      }
    });
    expect(parse(file).content).toEqual(archive);
  });

  it('may split basic expenditure over two lines of different funds', () => {
    const file = form((entry) => {
      entry.lines.splice(
        0,
        1,
        { name: '基本支出（财政）', expenditure: 'basic', half: '100', annual: '200', fund: 'general-public' },
        { name: '基本支出（专户）', expenditure: 'basic', half: '50', annual: '100', fund: 'government-funds' },
      );
    });
    expect(parse(file).content?.lines.map(({ line }) => line)).toEqual(['B01', 'B02', 'P01', 'P02']);
  });

  it('lets a target state its kind, its basis and that no formula computes it', () => {
    const file = form((entry) => {
      Object.assign(entry.indicators[1], { metric: 'none', checkpointBasis: 'POINT_IN_TIME' });
      Object.assign(entry.indicators[3], { kind: 'STOCK_LEVEL' });
    });
    const { content } = parse(file);
    expect(content?.indicators[1]).toMatchObject({ level3: '预算执行率', checkpointBasis: 'POINT_IN_TIME' });
    expect(content?.indicators[1]).not.toHaveProperty('metric');
    expect(content?.indicators[3]?.kind).toBe('STOCK_LEVEL');
  });

  it('sorts the natures of a scope', () => {
    const file = form((entry) => {
      entry.indicators[1].scope = { funds: ['other', 'general-public'], expenditure: 'all' };
    });
    expect(parse(file).content?.indicators[1]).toMatchObject({
      scope: { funds: ['general-public', 'other'], expenditure: 'all' },
      scopeBasis: 'stated',
    });
  });

  it('never throws, whatever JSON it is given', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.jsonValue({ maxDepth: 3 }), (whole, part) => {
        const file = form((entry) => {
          entry.lines[1].annual = part;
          entry.indicators[0].half = part;
          entry.approval = part;
        });
        expect(parse(whole).content).toBeUndefined();
        expect(parse(file).problemCount).toBeGreaterThan(0);
      }),
      { numRuns: 150, seed: 6, endOnFailure: true },
    );
  });
});

describe('the sample', () => {
  const { content, problems, controls } = parseJsonForm(read('../../../apps/standalone/sample/suzhou-2024.json'));

  it('is read without a problem and all its control totals hold', () => {
    expect(problems).toEqual([]);
    expect(controls.map(({ ok }) => ok)).toEqual(Array.from({ length: 7 }, () => true));
  });
  it('is the published table, with the fund natures that its figures force', () => {
    const { funds } = toPlan(suzhou);
    const lines = suzhou.lines.map((line) => ({ ...line, fund: funds.get(line.line), fundBasis: 'inferred' }));
    expect(content).toEqual({ ...suzhou, lines });
  });
  it('makes the same plan', () => {
    expect(toPlan(content!).content).toEqual(toPlan(suzhou).content);
  });
});
