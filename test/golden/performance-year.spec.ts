/**
 * The published table of 81 indicators through its year: targets and money of the sample, results as a clerk would record them,
 * the monitoring form of months 1 to 6 and the self-evaluation of the year. What is computed rests on the sample's books.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { checkpointDate, civilDate, type Checkpoint, type CivilDate } from '#domain/calendar.js';
import type { Envelope } from '#domain/envelope.js';
import type { NewResult, PerformanceCommand } from '#domain/performance/commands.js';
import { decide, performanceStream } from '#domain/performance/decide.js';
import type { FormSources, Indicator, PerformanceEvent } from '#domain/performance/events.js';
import { evolve } from '#domain/performance/evolve.js';
import { formulasOf, monitoringForm } from '#domain/performance/monitoring.js';
import type { MonitoringForm } from '#domain/performance/monitoring-form.js';
import { selfEvaluation, type SelfEvaluation } from '#domain/performance/self-evaluation.js';
import { standingAt, submitted } from '#domain/performance/standing.js';
import { emptyTable, type PerformanceState } from '#domain/performance/state.js';
import { DEFAULT_THRESHOLDS } from '#domain/scoring/lights.js';
import { FORM_FILE, sampleEvents } from '../../apps/standalone/sample/sample.js';
import { pictureOf } from './picture.js';

const [UNIT, YEAR] = ['U0001', 2024];
const HALF = checkpointDate(YEAR, 'half');
const YEAR_END = checkpointDate(YEAR, 'annual');

/** Results that are not as planned, by name: at mid-year, and at the end of the year. The others are just as the target says. */
const COURSE: Readonly<Record<string, readonly [half: string, annual: string]>> = {
  道路工程数量: ['11', '22'],
  道路建设规模: ['60000', '201000.5'],
  污染治理面积: ['174', '643'],
  土壤调查项目数量: ['4', '10'],
  管理存量房数量: ['5300', '4850'],
  七通一平项目报告数: ['31', '90'],
  工程验收合格率: ['98.5', '100'],
  治理及时性: ['及时', '较及时'],
  土壤污染治理复检机制健全性: ['较健全', '健全'],
  公用经费控制率: ['46.20', '92.40'],
  '“三公经费”变动率': ['-3.50', '-3.50'],
};

/** Base facts that seven indicators are computed of: at mid-year, and at the end of the year. */
const FACTS = `
  establishment                35         35
  staff-in-post                34         35
  fixed-assets           52000000   52000000
  fixed-assets-in-use    52000000   51480000
  procurement-planned      600000    1420000
  procurement-contracted   600000    1350000
  procurement-paid         380000    1300000
  non-tax-planned         1000000    2500000
  non-tax-collected       1080000    2600000
  non-tax-refunded          30000      50000
  project-money-required 2045880100 2045880100
  project-money-covered  2045880100 2045880100
  organisation-tasks-planned   12         24
  organisation-tasks-on-time   12         24
  training-tasks-planned       10         20
  training-tasks-on-time        9         20
`;

/** The formula of base facts behind each name (rule book 2.2). */
const COMPUTED: Readonly<Record<string, string>> = {
  政府采购执行率: 'procurement-execution',
  非税收入预算完成率: 'non-tax-completion',
  固定资产利用率: 'fixed-asset-utilisation',
  在职人员控制率: 'staff-control',
  绩效管理覆盖率: 'performance-coverage',
  组织建设工作及时完成率: 'organisation-timeliness',
  业务学习与培训及时完成率: 'training-timeliness',
};

let log: readonly Envelope[];
let targets: readonly Indicator[];
const state: PerformanceState = emptyTable(YEAR);

function say(command: PerformanceCommand): void {
  const decision = decide(command, state);
  if (!decision.accepted) throw new Error(JSON.stringify(decision.rejection));
  for (const event of decision.events) evolve(state, event);
}

const pictureAt = (asOf: CivilDate) => pictureOf(log, { unit: UNIT, year: YEAR, asOf });
const at = (asOf: CivilDate) => ({
  ...{ unit: UNIT, unitName: '某市土地储备管理中心', year: YEAR },
  ...{ standing: standingAt(state, asOf), picture: pictureAt(asOf) },
});
const monitored = (): MonitoringForm => monitoringForm({ ...at(HALF), stage: 6 });
const evaluated = (): SelfEvaluation => selfEvaluation(at(YEAR_END));
const sources = (asOf: CivilDate, formulas: FormSources['formulas']): FormSources => ({
  asOf,
  knownAt: 0,
  streams: [{ stream: performanceStream(UNIT, YEAR), revision: state.revision - 1 }],
  formulas,
});

/** The books of the sample are not coded well enough for two formulas by economic code. */
const isRecorded = ({ metric, level3 }: Indicator) => metric === undefined || level3 in COURSE;

function resultsFor(checkpoint: Checkpoint): readonly NewResult[] {
  return targets.filter(isRecorded).map((indicator): NewResult => {
    const { value, text } = indicator[checkpoint];
    const said = COURSE[indicator.level3]?.[checkpoint === 'half' ? 0 : 1] ?? value ?? text;
    return {
      resultId: `${checkpoint}-${indicator.indicator}`,
      indicator: indicator.indicator,
      effectiveDate: checkpointDate(YEAR, checkpoint),
      result: indicator.comparator === 'word' ? { text: said } : { value: said },
      evidence: [{ title: '统计表' }],
    };
  });
}

function sayFacts(checkpoint: Checkpoint): void {
  const facts = FACTS.trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .map(([fact = '', half = '', annual = '']) => ({
      ...{ factId: `${checkpoint}-${fact}`, fact, value: checkpoint === 'half' ? half : annual },
      ...{ effectiveDate: checkpointDate(YEAR, checkpoint), evidence: [] },
    }));
  say({ type: 'RecordBaseFacts', checkpoint, facts } as PerformanceCommand);
}

beforeAll(async () => {
  log = sampleEvents(await readFile(FORM_FILE));
  const approval = log.find(({ stream }) => stream === performanceStream(UNIT, YEAR)) as unknown as PerformanceEvent;
  if (approval.type !== 'TargetsApproved') throw new Error('the sample approves its targets first');
  targets = approval.data.indicators.map((indicator): Indicator => {
    const metric = COMPUTED[indicator.level3] ?? indicator.metric;
    return metric === undefined ? indicator : { ...indicator, metric };
  });
  say({ type: 'ApproveTargets', effectiveDate: approval.effectiveDate, indicators: targets });
  say({ type: 'RecordResults', checkpoint: 'half', results: resultsFor('half') });
  sayFacts('half');
});

const rowOf = <Row extends { readonly level3: string }>(rows: readonly Row[], name: string): Row => {
  const row = rows.find(({ level3 }) => level3 === name);
  if (row === undefined) throw new Error(`no row ${name}`);
  return row;
};

describe('at mid-year', () => {
  it('81 indicators have a row: 69 recorded, 7 computed of base facts, 5 of money, one of them not before the year ends', () => {
    const { indicators } = monitored();
    expect(indicators).toHaveLength(81);
    const from = (test: (of: NonNullable<(typeof indicators)[number]['resultFrom']>) => boolean) =>
      indicators.filter(({ resultFrom }) => resultFrom !== undefined && test(resultFrom)).length;
    const isFact = new Set(Object.values(COMPUTED));
    expect(from((of) => 'resultId' in of)).toBe(69);
    expect(from((of) => 'metric' in of && isFact.has(of.metric))).toBe(7);
    expect(from((of) => 'metric' in of && !isFact.has(of.metric))).toBe(5);
    expect(indicators.filter(({ result }) => result === null).map(({ level3 }) => level3)).toEqual(['结转结余率']);
  });

  it.each([
    ['预算执行率', { half: '＝38%', result: '37.29%', verdict: 'missed', distance: '-0.71' }],
    ['公用经费控制率', { result: '46.20%', verdict: 'met', light: 'green' }],
    ['道路工程数量', { result: '11条', verdict: 'missed', distance: '-5.00', light: 'yellow', forecast: '22条' }],
    ['道路建设规模', { result: '60000平方米', verdict: 'missed', light: 'red' }],
    ['土壤调查项目数量', { result: '4个', verdict: 'met', light: 'blue' }],
    ['管理存量房数量', { result: '5300套', verdict: 'met', light: 'green', forecast: '5300套' }],
    ['工程验收合格率', { result: '98.5%', verdict: 'missed', distance: '-1.50' }],
    ['结转结余率', { result: null, verdict: 'not-assessed', reason: 'YEAR_END_ONLY', light: 'not-assessed' }],
    ['在职人员控制率', { result: '97.14%', verdict: 'missed', distance: '-2.86' }],
    ['政府采购执行率', { result: '100.00%', verdict: 'met', light: 'green' }],
    ['非税收入预算完成率', { result: '105.00%', verdict: 'met' }],
    ['业务学习与培训及时完成率', { result: '90.00%', verdict: 'missed' }],
    ['治理及时性', { result: '及时', verdict: 'met', light: 'green', forecast: null }],
    ['土壤污染治理复检机制健全性', { result: '较健全', verdict: 'missed', light: 'yellow' }],
  ])('%s', (name, wanted) => {
    expect(rowOf(monitored().indicators, name)).toMatchObject(wanted);
  });

  it('money stands by fund nature and adds up', () => {
    const { funds } = monitored();
    expect(funds.map(({ row, original, executed, rate }) => [row, original, executed, rate])).toEqual([
      ['total', '2061422400.00', '881742854.16', '42.77'],
      ['general-public', '19656600.00', '7405354.16', '37.29'],
      ['government-funds', '2041765800.00', '874337500.00', '42.82'],
    ]);
  });

  it('the form is submitted once every row that missed or is red is explained, all of them named at once', () => {
    const form = monitored();
    const missed = form.indicators.filter(({ verdict, light }) => verdict === 'missed' || light === 'red');
    const submit = (): PerformanceCommand => {
      const made = monitored();
      return {
        ...{ type: 'SubmitMonitoring', effectiveDate: civilDate('2024-07-10'), thresholds: DEFAULT_THRESHOLDS },
        ...{ sources: sources(HALF, formulasOf(made)), form: made },
      } as const;
    };
    const refused = decide(submit(), state);
    expect(refused.accepted ? [] : faultsIn(refused.rejection)).toEqual(
      missed.map(({ indicator }) => `EXPLANATION_MISSING ${indicator}`),
    );
    say({
      type: 'ExplainDeviations',
      effectiveDate: civilDate('2024-07-08'),
      stage: 6,
      rows: missed.map(({ indicator }) => ({ indicator, causes: ['funding'], likelihood: 'possible' })),
    });
    say(submit());
    const frozen = submitted(state.monitoring.get(6))?.form;
    expect(frozen?.counts).toEqual(form.counts);
    expect(frozen?.indicators.filter(({ causes }) => causes.length > 0)).toHaveLength(missed.length);
    expect(Buffer.byteLength(JSON.stringify(frozen))).toBeLessThan(60_000);
  });
});

describe('at the end of the year', () => {
  beforeAll(() => {
    say({ type: 'RecordResults', checkpoint: 'annual', results: resultsFor('annual') });
    sayFacts('annual');
  });

  it('nothing of mid-year has changed', () => {
    expect(monitored().indicators).toEqual(submitted(state.monitoring.get(6))?.form.indicators);
  });

  it.each([
    ['道路工程数量', { actual: '22条', rule: 'TARGET_MET' }],
    ['道路建设规模', { actual: '201000.5平方米', rule: 'PROPORTIONAL' }],
    ['土壤调查项目数量', { actual: '10个', rule: 'TARGET_MET' }],
    ['在职人员控制率', { actual: '100.00%', rule: 'TARGET_MET' }],
    ['固定资产利用率', { actual: '99.00%', rule: 'PROPORTIONAL' }],
    ['非税收入预算完成率', { actual: '102.00%', rule: 'TARGET_MET' }],
    ['治理及时性', { actual: '较及时', score: null, reason: 'SCORE_NOT_CHOSEN', grade: 'partly' }],
    ['土壤污染治理复检机制健全性', { actual: '健全', rule: 'GRADE_PROPOSED', grade: 'reached' }],
  ])('%s', (name, wanted) => {
    expect(rowOf(evaluated().form.indicators, name)).toMatchObject(wanted);
  });

  it('rows of funds add up to the total', () => {
    const { funds } = evaluated().form;
    expect(funds.map(({ row }) => row)).toEqual(['total', 'appropriation', 'carry-over', 'other']);
    const cents = (text: string) => Math.round(Number(text) * 100);
    for (const column of ['original', 'current', 'executed'] as const) {
      const [total, ...parts] = funds.map((row) => cents(row[column]));
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
    }
  });

  it('the form is scored and submitted once people have chosen scores and said why points are lost', () => {
    const submit = (): PerformanceCommand => {
      const { form, profile } = evaluated();
      return {
        ...{ type: 'SubmitSelfEvaluation', effectiveDate: civilDate('2025-02-10'), profile },
        ...{ sources: sources(YEAR_END, formulasOf(form)), form },
      } as const;
    };
    const { table } = evaluated();
    const refused = decide(submit(), state);
    expect(refused.accepted ? [] : faultsIn(refused.rejection)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^CAUSE_MISSING/), expect.stringMatching(/^SCORE_MISSING/)]),
    );
    const asked = new Set([
      ...table.needsCause.map(({ at: row }) => row),
      ...table.rows.filter(({ score }) => score.status === 'open').map(({ indicator }) => indicator),
    ]);
    say({
      type: 'AssessIndicators',
      effectiveDate: civilDate('2025-01-20'),
      rows: [...asked].map((indicator) => {
        const [problem] = table.rows.find((row) => row.indicator === indicator)?.score.problems ?? [];
        const said = { indicator, cause: '进度晚于计划', improvement: '提前安排' };
        return problem?.code === 'SCORE_NOT_CHOSEN' ? { ...said, score: problem.from } : said;
      }),
    });
    say(submit());
    const { form } = evaluated();
    expect(submitted(state.selfEvaluations)?.form).toEqual(form);
    expect([form.possible, form.total, form.grade]).toEqual(['100.00', '98.28', '优']);
    expect(form.checks.filter(({ outcome }) => outcome === 'FAILED')).toEqual([]);
    expect(form.indicators.filter(({ score, reason }) => score === null && reason === undefined)).toEqual([]);
  });
});

const faultsIn = (rejection: object): readonly string[] => {
  const { faults = [rejection] } = rejection as { faults?: readonly object[] };
  return faults.map((fault) => {
    const { code, indicator = '' } = fault as { code: string; indicator?: string };
    return `${code} ${indicator}`.trim();
  });
};
