import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { budgetDecider } from '#domain/budget/decide.js';
import { formatYuan, fen } from '#domain/money.js';
import { parseTableText } from '#forms/import/table-text.js';
import { toPlan, type PlanOptions, type PlanReading } from './plan.js';
import type { PerformanceTable } from './table.js';

const read = (path: string): PerformanceTable => {
  const { content, problems } = parseTableText(readFileSync(new URL(path, import.meta.url)));
  if (content === undefined) throw new Error(JSON.stringify(problems));
  return content;
};
const suzhou = read('../../test/golden/suzhou-2024.txt');
/** 某市档案馆, 2025: basic 300, P01 档案数字化 100, P02 库房改造 500 万元; general 400, government funds 500. */
const archive = read('./import/bad/table.good');
const codes = (reading: PlanReading) => reading.problems.map(({ at, code }) => [at, code]);
const plan = (table: PerformanceTable, options?: PlanOptions) => {
  const reading = toPlan(table, options);
  if (reading.content === undefined) throw new Error(JSON.stringify(reading.problems));
  return reading.content;
};

describe('the plan of the published table', () => {
  const { approveBudget, indicators, fundBasis } = plan(suzhou);

  it('is dated 1 January, which is marked assumed', () => {
    expect([approveBudget.effectiveDate, approveBudget.dateAssumed]).toEqual(['2024-01-01', true]);
  });
  it('has income from two sources, in yuan', () => {
    expect(approveBudget.income.map(({ source, fen: amount }) => [source, formatYuan(amount)])).toEqual([
      ['general-public', '19656600.00'],
      ['government-funds', '2041765800.00'],
    ]);
  });
  it('has 20 lines in printed order with the plan by mid-year', () => {
    expect(approveBudget.lines.map(({ line }) => line).slice(0, 3)).toEqual(['B01', 'P01', 'P02']);
    expect(approveBudget.lines[2]).toEqual({
      line: 'P02',
      name: '高新区外围道路建设支出',
      expenditure: 'project',
      fund: 'government-funds',
      originalFen: 18_417_570_000,
      halfYearPlanFen: 9_208_000_000,
    });
  });
  it('says that every fund nature is inferred', () => {
    expect([...new Set(fundBasis.values())]).toEqual(['inferred']);
  });
  it('has the 81 indicators', () => expect(indicators).toHaveLength(81));
  it('is accepted by the budget of the year', () => {
    const decider = budgetDecider('U0001', 2024);
    expect(decider.decide(approveBudget, decider.initialState())).toMatchObject({ accepted: true });
  });
});

describe('the approval', () => {
  it('takes its date and document from the request', () => {
    const document = { number: '某财预〔2025〕1号' };
    const { approveBudget } = plan(archive, { approvedOn: '2025-02-10', document });
    expect(approveBudget).toMatchObject({ effectiveDate: '2025-02-10', document });
    expect(approveBudget).not.toHaveProperty('dateAssumed');
  });
  it.each([
    ['2025-02-30', 'DATE_NOT_VALID'],
    ['2024-12-31', 'DATE_OUTSIDE_YEAR'],
  ])('of %s is refused: %s', (approvedOn, code) => {
    expect(codes(toPlan(archive, { approvedOn }))).toEqual([['/approval/approvedOn', code]]);
  });
});

describe('fund natures of a plan', () => {
  it('a mapping by id or name goes before the figures', () => {
    const { approveBudget, fundBasis } = plan(archive, {
      funds: { P01: 'general-public', 库房改造: 'government-funds' },
    });
    expect(approveBudget.lines.map(({ line, fund }) => [line, fund, fundBasis.get(line)])).toEqual([
      ['B01', 'general-public', 'inferred'],
      ['P01', 'general-public', 'stated'],
      ['P02', 'government-funds', 'stated'],
    ]);
  });
  it('a mapping that does not add up is refused with both figures', () => {
    const reading = toPlan(archive, { funds: { P01: 'government-funds', P02: 'general-public' } });
    expect(reading.problems).toEqual([
      {
        at: '/income/general-public',
        code: 'FUND_TOTAL_DIFFERS',
        check: 'general-public',
        name: 'general-public = 该资金性质各行之和',
        expected: '4000000.00',
        actual: '8000000.00',
        difference: '4000000.00',
      },
      expect.objectContaining({ at: '/income/government-funds', code: 'FUND_TOTAL_DIFFERS' }),
    ]);
  });
  it('unknown lines and natures are refused', () => {
    expect(codes(toPlan(archive, { funds: { P09: 'general-public', P01: 'tax' } }))).toEqual([
      ['funds: P09', 'LINE_UNKNOWN'],
      ['funds: P01', 'VALUE_NOT_ALLOWED'],
    ]);
  });
  it('figures that fit in two ways are asked for, and an answer settles them', () => {
    const twins = { ...archive, lines: archive.lines.map((line) => ({ ...line, annualFen: fen(300_000_000) })) };
    const income = { ...archive.income, 'general-public': fen(600_000_000), 'government-funds': fen(300_000_000) };
    const table = { ...twins, income };
    expect(toPlan(table).problems).toEqual([
      {
        at: '/lines',
        code: 'FUND_NATURE_NEEDED',
        reason: 'several',
        solutions: 2,
        lines: ['P01 档案数字化', 'P02 库房改造'],
      },
    ]);
    expect([...toPlan(table, { funds: { P02: 'government-funds' } }).funds]).toEqual([
      ['P02', 'government-funds'],
      ['B01', 'general-public'],
      ['P01', 'general-public'],
    ]);
  });
});

/** Rule book 13, 9: printed amounts include carry-over. */
describe('last year’s carry-over', () => {
  const carried: PerformanceTable = {
    ...archive,
    income: {
      ...archive.income,
      appropriation: fen(850_000_000),
      'general-public': fen(350_000_000),
      'carry-over': fen(50_000_000),
    },
  };
  const split = [{ line: 'P01', originYear: 2024, fen: fen(50_000_000) }];

  it('is asked for by line, never booked twice', () => {
    expect(codes(toPlan(carried))).toEqual([['/income/carry-over', 'CARRY_OVER_SPLIT_NEEDED']]);
  });
  it('is taken off the printed amount and brought forward', () => {
    const { approveBudget } = plan(carried, { carryOverByLine: split });
    expect(approveBudget.lines.map(({ line, originalFen, fund }) => [line, originalFen / 1e6, fund])).toEqual([
      ['B01', 300, 'general-public'],
      ['P01', 50, 'general-public'],
      ['P02', 500, 'government-funds'],
    ]);
    expect(approveBudget.carryOvers).toEqual([
      { carryOverId: 'P01-2024', line: 'P01', originYear: 2024, originLine: 'P01', fen: 50_000_000 },
    ]);
    expect(approveBudget.income).toContainEqual({ source: 'carry-over', fen: 50_000_000 });
    expect([approveBudget.basicFen, approveBudget.projectFen]).toEqual([300_000_000, 600_000_000]);
  });
  it('is accepted by the budget of the year', () => {
    const decider = budgetDecider('U0001', 2025);
    const { approveBudget } = plan(carried, { carryOverByLine: split });
    expect(decider.decide(approveBudget, decider.initialState())).toMatchObject({ accepted: true });
  });
  it('must add up to the printed figure and fit its lines, all faults at once', () => {
    const faulty = [
      { line: 'P01', originYear: 2024, fen: fen(100_000_001) },
      { line: 'P09', originYear: 2025, fen: fen(0) },
    ];
    expect(codes(toPlan(carried, { carryOverByLine: faulty, approvedOn: '2025-02-30' }))).toEqual([
      ['/carryOverByLine/1/line', 'LINE_UNKNOWN'],
      ['/carryOverByLine/1/originYear', 'ORIGIN_YEAR_NOT_PAST'],
      ['/carryOverByLine/1/amount', 'AMOUNT_NOT_POSITIVE'],
      ['/carryOverByLine', 'CARRY_OVER_TOTAL_DIFFERS'],
      ['/carryOverByLine/0', 'CARRY_OVER_ABOVE_LINE'],
      ['/approval/approvedOn', 'DATE_NOT_VALID'],
    ]);
  });
});
