/** Where the result of an indicator comes from, and what is said of it. */
import { describe, expect, it } from '@jest/globals';
import { FACT_METRICS, factMetricById } from '#domain/metrics/fact-metrics.js';
import { picture } from '#domain/metrics/picture.fixture.js';
import { METRICS } from '#domain/metrics/registry.js';
import type { PerformanceCommand } from '#domain/performance/commands.js';
import type { Indicator, ResultValue } from '#domain/performance/events.js';
import { FACTS } from '#domain/performance/facts.js';
import { printed } from '#domain/performance/indicator.fixture.js';
import { outcomeOf, type Outcome } from '#domain/performance/outcome.js';
import { approved, fact, facts, given, on, recorded, result } from '#domain/performance/specification.js';
import { standingAt } from '#domain/performance/standing.js';

const BOOKS = 'B01 GP basic original 100.00\nB01 GP basic paid 38.20';

/** The outcome of one indicator on a day after these commands, at the checkpoint ahead. */
function outcome(indicator: Indicator, day: string, ...said: readonly PerformanceCommand[]): Outcome {
  const { state } = given(approved(indicator), ...said);
  const checkpoint = on(day) <= on('06-30') ? 'half' : 'annual';
  return outcomeOf(indicator, { standing: standingAt(state, on(day)), picture: picture(on(day), BOOKS), checkpoint });
}
const says = (indicator: Indicator, said: string | ResultValue, day = '06-30', asked = day) =>
  outcome(indicator, asked, recorded(result('R1', indicator.indicator, [day, said])));

const roads = printed('道路 flow ＝16条 ＝22条');
const word = printed('健全性 word 健全 健全');

describe('the result of an indicator', () => {
  it('is computed of the books where a formula of money is bound to it', () => {
    const rate = printed('预算执行率 ratio ＝38% ＝100%', { metric: 'execution-rate' });
    expect(outcome(rate, '06-30')).toMatchObject({
      source: { kind: 'money', metric: 'execution-rate', version: 1, scope: { funds: 'all' } },
      ...{ printed: '38.20%', value: '38.20', resultDate: '2024-06-30', verdict: 'met', distance: '0.20' },
    });
  });

  it('is what was recorded last by the date, as it was written', () => {
    const twice = recorded(result('R1', '道路', ['03-31', '10']), result('R2', '道路', ['06-30', '12']));
    expect(outcome(roads, '06-29', twice)).toMatchObject({ printed: '10条', resultDate: '2024-03-31', stale: true });
    expect(outcome(roads, '06-30', twice)).toMatchObject({
      source: { kind: 'recorded', result: { resultId: 'R2' } },
      ...{ printed: '12条', value: '12', verdict: 'missed', distance: '-4.00' },
    });
    expect(outcome(roads, '06-30', twice)).not.toHaveProperty('stale');
  });

  it('is none before anything is recorded', () => {
    expect(outcome(roads, '06-30')).toMatchObject({ printed: null, verdict: 'not-assessed', reason: 'NO_RESULT' });
    const strange = printed('某率 ratio ＝38% ＝100%', { metric: 'rate-of-a-later-version' });
    expect(outcome(strange, '06-30')).toMatchObject({ verdict: 'not-assessed', reason: 'UNKNOWN_METRIC' });
  });

  it('has no verdict before its checkpoint, but a distance', () => {
    expect(says(roads, '10', '03-31')).toMatchObject({
      ...{ verdict: 'not-assessed', reason: 'BEFORE_CHECKPOINT', distance: '-6.00' },
    });
    expect(says(word, '健全', '03-31')).toMatchObject({ verdict: 'not-assessed', reason: 'BEFORE_CHECKPOINT' });
  });

  it('of the year’s end says nothing before 31 December, a number or a word', () => {
    const yearEnd = (text: string) => printed(text, { checkpointBasis: 'YEAR_END_ONLY' });
    const [rate, wording] = [yearEnd('结转率 ratio ≤10% ≤10%'), yearEnd('健全性 word 健全 健全')];
    for (const [indicator, said] of [[rate, '12'] as const, [wording, '不健全'] as const]) {
      for (const day of ['06-30', '12-30']) {
        const early = says(indicator, said, day);
        expect(early).toMatchObject({ verdict: 'not-assessed', reason: 'YEAR_END_ONLY' });
        expect(early).not.toHaveProperty('distance');
      }
      expect(says(indicator, said, '12-31')).toMatchObject({ verdict: 'missed' });
    }
  });

  it('is recorded where the books lack the codes that its formula needs', () => {
    const running = printed('公用经费控制率 ratio ≤100% ≤100%', { metric: 'running-cost-control' });
    expect(outcome(running, '06-30')).toMatchObject({
      printed: null,
      verdict: 'not-assessed',
      reason: 'NOT_ALL_CODED',
    });
    expect(says(running, '92.4')).toMatchObject({ source: { kind: 'recorded' }, printed: '92.4%', verdict: 'met' });
  });
});

describe('a tolerance', () => {
  it.each([
    ['＝16条', '15.3', 'met', true],
    ['＝16条', '15.2', 'missed', undefined],
    ['≥16条', '15.3', 'met', true],
    ['≤16条', '16.7', 'met', true],
    ['≤16条', '16.71', 'missed', undefined],
    ['＝16条', '16', 'met', undefined],
  ])('of 0.7: %s with %s is %s', (target, value, verdict, withinTolerance) => {
    const indicator = printed(`道路 stock ${target} ${target}`, { tolerance: '0.7' });
    const judged = says(indicator, value);
    expect(judged).toMatchObject({ verdict });
    expect(judged.withinTolerance).toBe(withinTolerance);
  });
});

describe('a word', () => {
  const points = (met: number): ResultValue => ({
    points: ['一', '二', '三', '四', '五'].map((point, index) => ({ point, met: index < met })),
  });
  const checked = printed('健全性 word 健全 健全', { checklist: ['一', '二', '三', '四', '五'] });

  it.each([
    ['健全', 'reached', 'met'],
    ['非常健全', 'reached', 'met'],
    ['达成预期指标', 'reached', 'met'],
    ['较健全', 'partly', 'missed'],
    ['基本健全', 'partly', 'missed'],
    ['不健全', 'not-reached', 'missed'],
  ])('%s of the target 健全 is %s: %s', (text, grade, verdict) => {
    expect(says(word, text)).toMatchObject({ printed: text, value: null, grade, verdict });
  });

  it.each([
    ['完成', 'reached'],
    ['已完成', 'reached'],
    ['全部完成年度任务', 'reached'],
    ['达到预期目标', 'reached'],
    ['部分达成年度指标并具有一定效果', 'partly'],
    ['基本完成', 'partly'],
    ['未达成年度指标且效果较差', 'not-reached'],
    ['未完成', 'not-reached'],
    ['没有达到要求', 'not-reached'],
  ])('%s names the grade itself: %s', (text, grade) => {
    expect(says(word, text)).toMatchObject({ grade });
  });

  it.each(['完成情况较差', '达到不了要求', '完成不到一半', '实现难度大', '完成年度任务的一半', '未完成的只有一项'])(
    '%s begins like a grade and is none: it is asked for',
    (text) => {
      const found = says(word, text);
      expect(found).toMatchObject({ verdict: 'not-assessed', reason: 'WORD_NOT_UNDERSTOOD' });
      expect(found).not.toHaveProperty('grade');
    },
  );

  it('that says nothing of the target is not assessed', () => {
    expect(says(word, '蓝色')).toMatchObject({ verdict: 'not-assessed', reason: 'WORD_NOT_UNDERSTOOD' });
  });

  it.each([
    [5, '5/5', 'reached', 'met'],
    [4, '4/5', 'reached', 'met'],
    [3, '3/5', 'partly', 'missed'],
    [2, '2/5', 'not-reached', 'missed'],
  ])('checked by points: %i of 5 are %s, %s: %s', (met, text, grade, verdict) => {
    expect(says(checked, points(met))).toMatchObject({ printed: text, grade, verdict });
  });
});

describe('an indicator that base facts compute', () => {
  const staff = printed('在职人员控制率 ratio ＝100% ＝100%', { metric: 'staff-control' });
  const inPost = (day: string, value: string) => facts(fact('F1', 'staff-in-post', [day, value]));
  const posts = facts(fact('F2', 'establishment', ['01-01', '46']));

  it('is exact, and dated like the oldest fact behind it: 50 on 46 are 108.70 %', () => {
    expect(outcome(staff, '06-30', inPost('06-30', '50'), posts)).toMatchObject({
      source: { kind: 'facts', metric: 'staff-control', facts: [{ factId: 'F1' }, { factId: 'F2' }] },
      ...{ printed: '108.70%', resultDate: '2024-01-01', stale: true, verdict: 'met', exceeded: true },
    });
  });

  it('names the facts that nobody recorded, unless somebody recorded the result', () => {
    const missing = outcome(staff, '06-30', posts);
    expect(missing).toMatchObject({ printed: null, verdict: 'not-assessed', reason: 'NO_FACTS' });
    expect(missing.computed).toMatchObject({ missing: ['staff-in-post'] });
    expect(outcome(staff, '06-30', posts, recorded(result('R1', '在职人员控制率', ['06-30', '98'])))).toMatchObject({
      ...{ source: { kind: 'recorded' }, printed: '98%', verdict: 'missed' },
    });
  });

  it('is a violation over nothing, and nothing over nothing says nothing', () => {
    const none = facts(fact('F2', 'establishment', ['01-01', '0']));
    expect(outcome(staff, '06-30', inPost('06-30', '1'), none)).toMatchObject({
      ...{ printed: null, verdict: 'missed', reason: 'ZERO_DENOMINATOR', violation: true },
    });
    expect(outcome(staff, '06-30', inPost('06-30', '0'), none)).toMatchObject({
      ...{ verdict: 'not-assessed', reason: 'ZERO_OVER_ZERO' },
    });
  });

  // name, facts on 30 June (or the day named), the day asked for, result
  it.each<[string, string, string, string]>([
    ['procurement-execution', 'procurement-contracted 540 procurement-planned 600', '06-30', '90.00'],
    ['procurement-execution', 'procurement-contracted 540 procurement-budget 1200', '06-30', 'NO_FACTS'],
    ['procurement-execution', 'procurement-contracted 540 procurement-budget 1200', '12-31', '45.00'],
    ['procurement-execution-paid', 'procurement-paid 300 procurement-planned 600', '06-30', '50.00'],
    ['non-tax-completion', 'non-tax-collected 1080 non-tax-planned 1000', '06-30', '108.00'],
    ['non-tax-completion', 'non-tax-collected 1080 non-tax-refunded 30 non-tax-planned 1000', '06-30', '105.00'],
    ['fixed-asset-utilisation', 'fixed-assets-in-use 2 fixed-assets 3', '06-30', '66.67'],
    ['performance-coverage', 'project-money-covered 99.5 project-money-required 100', '06-30', '99.50'],
    ['performance-coverage-count', 'projects-covered 3 projects-required 4', '06-30', '75.00'],
    ['organisation-timeliness', 'organisation-tasks-on-time 11 organisation-tasks-planned 12', '06-30', '91.67'],
    ['training-timeliness', 'training-tasks-on-time 0 training-tasks-planned 10', '06-30', '0.00'],
  ])('%s of %s on %s: %s', (metric, known, day, wanted) => {
    const words = known.split(' ');
    const rows = words.flatMap((kind, index) =>
      index % 2 === 0 ? [fact(`F${index}`, kind as keyof typeof FACTS, ['06-30', words[index + 1] ?? ''])] : [],
    );
    const found = outcome(printed('某率 ratio ＝100% ＝100%', { metric }), day, facts(...rows));
    expect(found.value ?? found.reason).toBe(wanted);
  });

  it('has a formula with an id of its own, a source, and facts that are defined', () => {
    const ids = [...METRICS, ...FACT_METRICS].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, source, facts: kinds, viewOf } of FACT_METRICS) {
      expect(source).toContain('rule book');
      expect(kinds.filter((kind) => !(kind in FACTS))).toEqual([]);
      expect(viewOf === undefined || factMetricById(viewOf) !== undefined).toBe(true);
      expect(factMetricById(id)?.id).toBe(id);
    }
    expect(factMetricById('execution-rate')).toBeUndefined();
  });
});
