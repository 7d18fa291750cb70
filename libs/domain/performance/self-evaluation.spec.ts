import { describe, expect, it } from '@jest/globals';
import { picture } from '#domain/metrics/picture.fixture.js';
import type { Indicator } from '#domain/performance/events.js';
import { printed } from '#domain/performance/indicator.fixture.js';
import { selfEvaluation } from '#domain/performance/self-evaluation.js';
import { approved, given, on, recorded, result } from '#domain/performance/specification.js';
import { standingAt } from '#domain/performance/standing.js';
import { profileById, type ScoringProfile } from '#domain/scoring/profile.js';

const BOOKS = `
  P01 GP project original       900.00
  P01 GP project carry-over-in  100.00 lot=2023
  P01 GP project paid           300.00
  P02 UF project original        50.00
  P02 UF project paid            10.00
`;

const evaluate = (books: string, profile: string, ...rows: readonly Indicator[]) => {
  const { state } = given(approved(...rows), recorded(result('R1', '道路', ['12-31', '11'])));
  const found = profileById(profile);
  if (found === undefined) throw new Error(`no profile ${profile}`);
  const year = { unit: 'U1', unitName: '某单位', year: 2024, profile: found };
  return selfEvaluation({ ...year, standing: standingAt(state, on('12-31')), picture: picture('2024-12-31', books) });
};
const nationalProject = (): ScoringProfile => {
  const found = profileById('national-project');
  if (found === undefined) throw new Error('there is no national-project');
  return found;
};
const output = { level1: '产出指标', level2: '数量指标' };

describe('a self-evaluation form', () => {
  it('splits the funds into this year’s appropriation, what earlier years left (paid first), and other funds', () => {
    const { funds } = evaluate(BOOKS, 'national-project', printed('道路 flow ＝16条 ＝22条', output)).form;
    expect(funds.map(({ row, original, current, executed, rate }) => [row, original, current, executed, rate])).toEqual(
      [
        ['total', '950.00', '1050.00', '310.00', '29.52'],
        ['appropriation', '900.00', '900.00', '200.00', '22.22'],
        ['carry-over', '0.00', '100.00', '100.00', '100.00'],
        ['other', '50.00', '50.00', '10.00', '20.00'],
      ],
    );
  });

  it('scores the funds block where the profile has it bear points: 10 × 310 / 1050 = 2.95', () => {
    const { form, table } = evaluate(BOOKS, 'national-project', printed('道路 flow ＝16条 ＝22条', output));
    expect(form.funds[0]).toMatchObject({ points: '10.00', score: '2.95' });
    expect(form.funds.slice(1).every(({ points, score }) => points === undefined && score === undefined)).toBe(true);
    expect(form.indicators[0]).toMatchObject({ actual: '11条', points: '50.00', score: '25.00', rule: 'PROPORTIONAL' });
    expect(table.needsCause.map(({ at }) => at)).toEqual(['道路', 'execution']);
  });

  it('says why the execution rate lost points, as a person said of it, and asks no more', () => {
    const said = {
      type: 'AssessIndicators',
      effectiveDate: on('2025-01-20'),
      rows: [{ indicator: 'execution-rate', cause: '尾款未到期', improvement: '提前结算' }],
    } as const;
    const profile = nationalProject();
    const chosen = { type: 'ChooseScoringProfile', effectiveDate: on('2025-01-10'), profile } as const;
    const roads = printed('道路 flow ＝16条 ＝22条', output);
    const { state } = given(approved(roads), recorded(result('R1', '道路', ['12-31', '22'])), chosen, said);
    const known = { standing: standingAt(state, on('12-31')), picture: picture('2024-12-31', BOOKS) };
    const { form, table } = selfEvaluation({ unit: 'U1', unitName: '某单位', year: 2024, ...known });
    expect(form.funds[0]).toMatchObject({ score: '2.95', cause: '尾款未到期', improvement: '提前结算' });
    expect(form.funds.slice(1).every(({ cause }) => cause === undefined)).toBe(true);
    expect(table.needsCause).toEqual([]);
    expect(table.problems.filter(({ code }) => code === 'INDICATOR_UNKNOWN')).toEqual([]);
  });

  it('says that the work is finished when whoever submits says so, and passes its own check by that', () => {
    const profile: ScoringProfile = {
      ...nationalProject(),
      executionRate: {
        ...{ place: 'funds-block', group: 'execution' },
        rule: { kind: 'bands', finishedWithinBudget: '1', bands: [{ fromPercent: '0', share: '0.5' }] },
      },
    };
    const { state } = given(approved(printed('道路 flow ＝16条 ＝22条', output)));
    const known = { standing: standingAt(state, on('12-31')), picture: picture('2024-12-31', BOOKS) };
    const made = (finished?: boolean) =>
      selfEvaluation({
        ...{ unit: 'U1', unitName: '某单位', year: 2024, profile, ...known },
        ...(finished === undefined ? {} : { finished }),
      }).form;
    const checked = { check: 'EXECUTION_SCORE', outcome: 'PASSED', at: 'total' };
    expect(made(true)).toMatchObject({ finished: true, funds: [{ score: '10.00' }, {}, {}, {}] });
    expect(made(true).checks).toContainEqual(checked);
    for (const unfinished of [made(false), made()]) {
      expect(unfinished).not.toHaveProperty('finished');
      expect(unfinished.funds[0]).toMatchObject({ score: '5.00' });
      expect(unfinished.checks).toContainEqual(checked);
    }
  });

  it('says of a budget of nothing that there is no rate, and fails the check instead of giving 0', () => {
    const { form } = evaluate('', 'national-project', printed('道路 flow ＝16条 ＝22条', output));
    expect(form.funds[0]).toMatchObject({ rate: null, reason: 'ZERO_OVER_ZERO' });
    expect(form.funds[0]).not.toHaveProperty('score');
    expect(form.checks).toContainEqual({ check: 'BUDGET_NOT_ZERO', outcome: 'FAILED', at: 'total' });
  });

  it('leaves out what does not apply yet, with the reason, and gives no grade while something is open', () => {
    const rows = [
      printed('道路 flow ＝16条 ＝22条', output),
      printed('机制健全性 word 健全 健全', output),
      printed('执行率 ratio ＝38% ＝100%', { ...output, metric: 'execution-rate' }),
    ];
    const { form, table } = evaluate('', 'national-project', ...rows);
    expect(form.indicators.map(({ score, reason }) => [score, reason])).toEqual([
      ['8.33', undefined],
      [null, 'NO_RESULT'],
      [null, 'ZERO_OVER_ZERO'],
    ]);
    expect([form.grade, table.complete]).toEqual(['', false]);
  });

  it('checks a computed figure exactly: 0.001 % misses ≤0 %, though it is printed 0.00 %', () => {
    const row = printed('支出率 ratio ≤0% ≤0%', { ...output, metric: 'execution-rate' });
    const books = 'P01 GP project original 1000.00\nP01 GP project paid 0.01';
    const { form } = evaluate(books, 'national-project', printed('道路 flow ＝16条 ＝22条', output), row);
    expect(form.indicators[1]).toMatchObject({ actual: '0.00%', score: '0.00' });
    expect(form.checks.filter(({ check, at }) => check === 'INDICATOR_SCORE' && at === '支出率')).toEqual([]);
  });

  it('tells what it could not check for want of data, and never passes it', () => {
    const { checks } = evaluate(BOOKS, 'national-project', printed('道路 flow ＝16条 ＝22条', output)).form;
    const lacking = checks.filter(({ outcome }) => outcome === 'INSUFFICIENT_DATA').map(({ check }) => check);
    expect(lacking).toEqual(
      expect.arrayContaining(['THREE_PUBLIC_SUM', 'THREE_PUBLIC_WITHIN_BUDGET', 'NAME_AND_CODE']),
    );
  });

  it('is made of what held on 31 December only', () => {
    const { state } = given(approved('道路 flow ＝16条 ＝22条'));
    const of = { unit: 'U1', unitName: '某单位', year: 2024, picture: picture('2024-12-31', BOOKS) };
    expect(() => selfEvaluation({ ...of, standing: standingAt(state, on('12-30')) })).toThrow(RangeError);
  });
});
