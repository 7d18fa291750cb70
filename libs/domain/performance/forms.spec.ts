/** What may be submitted, withdrawn, explained, assessed and rectified, and by which thresholds and profile it is read. */
import { describe, expect, it } from '@jest/globals';
import type { PerformanceCommand, SubmitMonitoring, SubmitSelfEvaluation } from '#domain/performance/commands.js';
import type { MonitoredIndicator, MonitoringForm } from '#domain/performance/monitoring-form.js';
import { printed } from '#domain/performance/indicator.fixture.js';
import type {
  EvaluatedFunds,
  EvaluatedIndicator,
  SelfEvaluationForm,
} from '#domain/performance/self-evaluation-form.js';
import { approved, given, on, recorded, result, revised } from '#domain/performance/specification.js';
import { DEFAULT_THRESHOLDS } from '#domain/scoring/lights.js';
import { profileById, type ScoringProfile } from '#domain/scoring/profile.js';

const table = approved('道路 flow ＝16条 ＝22条', '及时性 word 及时 及时');
const nationalProfile = profileById('whole-department') as ScoringProfile;

const row = (indicator: string, more: Partial<MonitoredIndicator> = {}): MonitoredIndicator => ({
  ...{ indicator, level1: '履职', level2: '土地', level3: indicator, half: '', annual: '' },
  ...{ result: null, verdict: 'met', light: 'green', forecast: null, causes: [] },
  ...more,
});
const monitoring = (
  revision: number,
  indicators: readonly MonitoredIndicator[] = [row('道路'), row('及时性')],
  more: Partial<MonitoringForm> = {},
): SubmitMonitoring => ({
  type: 'SubmitMonitoring',
  effectiveDate: on('07-10'),
  thresholds: DEFAULT_THRESHOLDS,
  sources: {
    ...{ asOf: on('06-30'), knownAt: 0, formulas: [] },
    streams: [{ stream: 'performance-U1-2024', revision }],
  },
  form: {
    ...{ form: 'monitoring', version: 1, unit: 'U1', unitName: '某单位', year: 2024, stage: 6, through: on('06-30') },
    ...{ funds: [], indicators, overall: 'green', counts: { red: 0, yellow: 0, green: 2, blue: 0, 'not-assessed': 0 } },
    ...more,
  },
});
const withdrawal = (stage: number, submission: number): PerformanceCommand => ({
  type: 'WithdrawMonitoring',
  effectiveDate: on('07-12'),
  stage,
  submission,
  reason: '有误',
});

describe('a monitoring form', () => {
  it('is frozen with what it was made of, and numbered within its stage', () => {
    given(table)
      .when(monitoring(0))
      .thenSays([
        'MonitoringSubmitted',
        { stage: 6, submission: 1, form: { indicators: [{ indicator: '道路' }, {}] } },
      ]);
  });

  it('is superseded by the next one of its stage; both are kept', () => {
    const outcome = given(table, monitoring(0))
      .when(monitoring(1, [row('道路', { remark: '改' }), row('及时性')]))
      .thenSays(['MonitoringSubmitted', { submission: 2 }]);
    expect(
      outcome
        .standing()
        .monitoring.get(6)
        ?.map(({ submission }) => submission),
    ).toEqual([1, 2]);
  });

  it('asked twice is submitted once', () => {
    given(table, monitoring(0)).when(monitoring(0)).thenNothing();
  });

  it('asked again is submitted once too: its own event is all that moved since it was made', () => {
    const again = { ...monitoring(1), effectiveDate: on('07-11') } as SubmitMonitoring;
    given(table, monitoring(0))
      .when({ ...again, sources: { ...again.sources, knownAt: 1_720_600_000_000 } })
      .thenNothing();
  });

  it.each<[string, (again: SubmitMonitoring) => SubmitMonitoring]>([
    [
      'the budget has moved',
      (again) => ({
        ...again,
        sources: { ...again.sources, streams: [...again.sources.streams, { stream: 'budget-U1-2024', revision: 3 }] },
      }),
    ],
    [
      'a formula is another',
      (again) => ({ ...again, sources: { ...again.sources, formulas: [{ metric: 'execution-rate', version: 2 }] } }),
    ],
    ['the thresholds are others', (again) => ({ ...again, thresholds: { ...DEFAULT_THRESHOLDS, version: 2 } })],
  ])('is another submission when %s', (_what, changed) => {
    given(table, monitoring(0))
      .when(changed(monitoring(1)))
      .thenSays(['MonitoringSubmitted', { submission: 2 }]);
  });

  it('is not submitted before its months are over', () => {
    given(table)
      .when({ ...monitoring(0), effectiveDate: on('06-29') })
      .thenRejectsAll('FORM_TOO_EARLY /effectiveDate');
    given(table)
      .when({ ...monitoring(0), effectiveDate: on('01-20') })
      .thenRejects('FORM_TOO_EARLY', { date: '2024-01-20', through: '2024-06-30' });
    given(table)
      .when({ ...monitoring(0), effectiveDate: on('06-30') })
      .thenSays(['MonitoringSubmitted', {}]);
  });

  it('is of the last day of its months, and so are the books behind it', () => {
    const { sources, ...rest } = monitoring(0, undefined, { through: on('07-01') });
    given(table)
      .when({ ...rest, sources: { ...sources, asOf: on('06-29') } })
      .thenRejectsAll('FORM_OF_OTHER_PERIOD /form/through', 'FORM_OF_OTHER_PERIOD /sources/asOf');
  });

  it('is not made of what was known before something else was said', () => {
    given(table, recorded(result('R1', '道路', ['06-30', '16'])))
      .when(monitoring(0))
      .thenRejects('SOURCES_OUTDATED', { cited: 0, revision: 1 });
  });

  it('has a row for every indicator of its last day', () => {
    given(table)
      .when(monitoring(0, [row('道路'), row('道路'), row('桥')]))
      .thenRejects('FORM_ROWS_DIFFER', {
        missing: ['及时性'],
        unknown: ['道路', '桥'],
      });
    given(table, revised('07-05', { withdraw: ['及时性'] }))
      .when(monitoring(1))
      .thenSays(['MonitoringSubmitted', {}]);
  });

  it('explains every row that missed or is red, all of them named at once', () => {
    const rows = [
      row('道路', { verdict: 'missed', light: 'yellow' }),
      row('及时性', { light: 'red', causes: ['other'] }),
    ];
    given(table)
      .when(monitoring(0, rows))
      .thenRejectsAll('EXPLANATION_MISSING /form/indicators/0', 'EXPLANATION_MISSING /form/indicators/1');
  });

  it.each([
    ['a cause that is ticked', { causes: ['staff'] }],
    ['其他 with words', { causes: ['other'], explanation: '连续降雨' }],
  ] as const)('is explained by %s', (_what, said) => {
    given(table)
      .when(monitoring(0, [row('道路', { verdict: 'missed', ...said }), row('及时性')]))
      .thenSays(['MonitoringSubmitted', {}]);
  });

  it.each([
    ['of no month', monitoring(0, [], { stage: 13 }), 'STAGE_OUTSIDE_YEAR'],
    ['of another year', monitoring(0, [], { year: 2023 }), 'FORM_OF_OTHER_YEAR'],
    ['two years later', { ...monitoring(0), effectiveDate: on('2026-01-01') }, 'DATE_OUTSIDE_FOLLOW_UP'],
  ])('is refused when it is %s', (_what, command, code) => {
    given(table).when(command).thenRejects(code);
  });

  it('is withdrawn once, and keeps its number', () => {
    given(table, monitoring(0))
      .when(withdrawal(6, 1))
      .thenSays(['MonitoringWithdrawn', { submission: 1 }]);
    given(table, monitoring(0), withdrawal(6, 1))
      .when(withdrawal(6, 1))
      .thenRejects('ALREADY_WITHDRAWN', { number: '6/1' });
    given(table, monitoring(0), withdrawal(6, 1))
      .when(monitoring(2))
      .thenSays(['MonitoringSubmitted', { submission: 2 }]);
    given(table).when(withdrawal(6, 1)).thenRejects('UNKNOWN_NUMBER', { kind: 'monitoring' });
  });
});

describe('what is said of a row', () => {
  const explain = (stage: number, ...indicators: readonly string[]): PerformanceCommand => ({
    ...{ type: 'ExplainDeviations', effectiveDate: on('07-08'), stage },
    rows: indicators.map((indicator) => ({ indicator, causes: ['funding'], explanation: '到位较晚' })),
  });

  it('belongs to the stage, whatever day it is said on, and what is said later replaces it', () => {
    const outcome = given(table, explain(6, '道路')).when(explain(7, '道路', '及时性'));
    outcome.thenSays(['DeviationExplained', { stage: 7, indicator: '道路' }], ['DeviationExplained', {}]);
    expect(outcome.standing('06-30').explanations.get(6)?.get('道路')).toMatchObject({ explanation: '到位较晚' });
    given(table, explain(6, '道路')).when(explain(6, '道路')).thenNothing();
  });

  it('is refused as a whole', () => {
    given(table)
      .when(explain(6, '桥', '道路', '道路'))
      .thenRejectsAll('UNKNOWN_INDICATOR /rows/0/indicator', 'DUPLICATE_INDICATOR /rows/2/indicator');
    given(table).when(explain(0, '道路')).thenRejectsAll('STAGE_OUTSIDE_YEAR /stage');
    given().when(explain(6, '道路')).thenRejects('TARGETS_NOT_APPROVED');
    given(table).when(explain(6)).thenRejectsAll('NOTHING_TO_DO /rows');
  });
});

const evaluatedRow = (indicator: string, more: Partial<EvaluatedIndicator> = {}): EvaluatedIndicator => ({
  ...{ indicator, level1: '履职', level2: '土地的前期开发整理', level3: indicator },
  ...{ annual: indicator === '道路' ? '＝22条' : '及时', actual: indicator === '道路' ? '22条' : '及时' },
  ...{ points: '50.00', score: '50.00', rule: 'TARGET_MET' },
  ...more,
});
const evaluation = (
  indicators: readonly EvaluatedIndicator[] = [evaluatedRow('道路'), evaluatedRow('及时性')],
  more: Partial<SelfEvaluationForm> = {},
): PerformanceCommand => ({
  type: 'SubmitSelfEvaluation',
  effectiveDate: on('2025-02-10'),
  profile: nationalProfile,
  sources: {
    ...{ asOf: on('12-31'), knownAt: 0, formulas: [] },
    streams: [{ stream: 'performance-U1-2024', revision: 0 }],
  },
  form: {
    ...{ form: 'self-evaluation', version: 1, unit: 'U1', unitName: '某单位', year: 2024, through: on('12-31') },
    ...{ funds: [], indicators, groups: [], profile: { id: nationalProfile.id, version: nationalProfile.version } },
    ...{ possible: '100.00', total: '100.00', grade: '优', checks: [] },
    ...more,
  },
});

const unweighed = evaluatedRow('及时性', { points: '0.00', score: '0.00' });
/** 90 of 100 paid. */
const total = (more: Partial<EvaluatedFunds> = {}): EvaluatedFunds => ({
  ...{ row: 'total', original: '100.00', current: '100.00', executed: '90.00', rate: '90.00' },
  ...more,
});
const formatted = (points: number): string => points.toFixed(2);
const fundsProfile = profileById('national-project') as ScoringProfile;
/** By a profile that gives 10 points for the execution rate, the 90 others all got. */
const byFunds = (more: Partial<SelfEvaluationForm>, profile = fundsProfile): PerformanceCommand => {
  const rows = ['道路', '及时性'].map((indicator) => evaluatedRow(indicator, { points: '45.00', score: '45.00' }));
  const named = { id: profile.id, version: profile.version };
  return { ...(evaluation(rows, { profile: named, ...more }) as SubmitSelfEvaluation), profile };
};

describe('a self-evaluation', () => {
  it('is frozen in the year after, with the profile in full', () => {
    given(table)
      .when(evaluation())
      .thenSays(['SelfEvaluationSubmitted', { on: '2025-02-10', submission: 1, profile: { id: 'whole-department' } }]);
    given(table, evaluation()).when(evaluation()).thenNothing();
    given(table)
      .when({ ...evaluation(), effectiveDate: on('12-30') } as PerformanceCommand)
      .thenRejects('FORM_TOO_EARLY', { date: '2024-12-30', through: '2024-12-31' });
  });

  it.each<[string, EvaluatedIndicator, string, string]>([
    ['lost points without a cause', evaluatedRow('道路', { actual: '11条', score: '25.00' }), '75.00', 'CAUSE_MISSING'],
    ['far more than asked without a cause', evaluatedRow('道路', { actual: '29条' }), '100.00', 'CAUSE_MISSING'],
    ['a score above its points', evaluatedRow('道路', { score: '50.01' }), '100.01', 'CHECK_FAILED'],
    [
      'a score that its result does not give',
      evaluatedRow('道路', { actual: '11条', score: '30.00', cause: '降雨' }),
      '80.00',
      'CHECK_FAILED',
    ],
    [
      'no score, to be chosen',
      evaluatedRow('道路', { score: null, reason: 'SCORE_NOT_CHOSEN' }),
      '50.00',
      'SCORE_MISSING',
    ],
    [
      'no result, and no cause',
      evaluatedRow('道路', { score: null, actual: null, reason: 'NO_RESULT' }),
      '50.00',
      'CAUSE_MISSING',
    ],
    ['a total that is not the sum', evaluatedRow('道路'), '99.99', 'TOTAL_DIFFERS'],
  ])('is refused with %s', (_what, first, total, code) => {
    given(table)
      .when(evaluation([first, evaluatedRow('及时性')], { total }))
      .thenRejects(code);
  });

  it('is refused with a word scored outside its band: 部分达成 of 50 is 30.00 to 39.99', () => {
    const rows = [
      evaluatedRow('道路'),
      evaluatedRow('及时性', { actual: '较及时', score: '45.00', cause: '两次超期' }),
    ];
    given(table)
      .when(evaluation(rows, { total: '95.00' }))
      .thenRejects('CHECK_FAILED', {
        indicator: '及时性',
        check: 'INDICATOR_SCORE',
        facts: { from: '30.00', to: '40.00' },
      });
  });

  it('may lose points with a cause, and leave out what does not apply', () => {
    const rows = [
      evaluatedRow('道路', { actual: '11条', score: '25.00', cause: '连续降雨' }),
      evaluatedRow('及时性', { actual: null, score: null, reason: 'ZERO_OVER_ZERO' }),
    ];
    given(table)
      .when(evaluation(rows, { total: '25.00' }))
      .thenSays(['SelfEvaluationSubmitted', {}]);
  });

  // The check that the form fails, where, by what.
  it.each<[string, string, Partial<SelfEvaluationForm>]>([
    ['BUDGET_NOT_ZERO', '/form/funds/0', { funds: [total({ current: '0.00', executed: '0.00', rate: null })] }],
    ['EXECUTION_RATE', '/form/funds/0', { funds: [total({ rate: '91.00' })] }],
    ['FUND_ROWS_SUM', '/form/funds', { funds: [total(), { ...total(), row: 'other', executed: '80.00' }] }],
    ['NAME_AND_CODE', '/form', { checks: [{ check: 'NAME_AND_CODE', outcome: 'FAILED', at: '公务接待费' }] }],
    [
      'POINTS_SUM',
      '/form',
      { indicators: [evaluatedRow('道路', { points: '35.00', score: '35.00' }), unweighed], total: '35.00' },
    ],
  ])('that fails %s is refused', (check, at, more) => {
    given(table).when(evaluation(undefined, more)).thenRejects('CHECK_FAILED', { check, at });
  });

  it('is not frozen by a profile that cannot score: it could not be checked', () => {
    const broken = { ...(evaluation() as SubmitSelfEvaluation), profile: { ...nationalProfile, total: '90' } };
    given(table)
      .when(broken)
      .thenRejects('PROFILE_UNUSABLE', { at: '/profile/groups', problem: 'GROUP_WEIGHTS_DO_NOT_ADD_UP' });
  });

  it('says why the execution rate of the funds lost points, or is below the rate that the profile names', () => {
    const scored = (score: string, more: Partial<EvaluatedFunds> = {}) =>
      byFunds({ funds: [total({ points: '10.00', score, ...more })], total: formatted(90 + Number(score)) });
    given(table).when(scored('9.00')).thenRejectsAll('CAUSE_MISSING /form/funds/0');
    given(table).when(scored('9.00')).thenRejects('CAUSE_MISSING', { indicator: 'execution-rate', why: 'points-lost' });
    given(table)
      .when(scored('9.00', { cause: ' ' }))
      .thenRejects('CAUSE_MISSING', { indicator: 'execution-rate' });
    given(table)
      .when(scored('9.00', { cause: '尾款未到期' }))
      .thenSays(['SelfEvaluationSubmitted', {}]);
  });

  it('that is finished within its budget has full points by such a profile, and explains a low rate all the same', () => {
    const rate: ScoringProfile['executionRate'] = {
      ...{ place: 'funds-block', group: 'execution', explainBelowPercent: '95' },
      rule: { kind: 'bands', finishedWithinBudget: '1', bands: [{ fromPercent: '0', share: '0.5' }] },
    };
    const profile: ScoringProfile = { ...fundsProfile, executionRate: rate };
    const full = { funds: [total({ points: '10.00', score: '10.00' })], total: '100.00' };
    given(table)
      .when(byFunds(full, profile))
      .thenRejects('CHECK_FAILED', { check: 'EXECUTION_SCORE', facts: { given: '10.00', computed: '5.00' } });
    given(table)
      .when(byFunds({ ...full, finished: true }, profile))
      .thenRejectsAll('CAUSE_MISSING /form/funds/0');
    given(table)
      .when(byFunds({ ...full, finished: true }, profile))
      .thenRejects('CAUSE_MISSING', { why: 'low-execution' });
    const explained = [total({ points: '10.00', score: '10.00', cause: '招标节约' })];
    given(table)
      .when(byFunds({ ...full, funds: explained, finished: true }, profile))
      .thenSays(['SelfEvaluationSubmitted', { form: { finished: true } }]);
  });

  it('explains a low rate that stands among the indicators, whatever its target', () => {
    const profile: ScoringProfile = {
      ...nationalProfile,
      executionRate: { ...nationalProfile.executionRate, explainBelowPercent: '90' },
    };
    const rate = printed('预算执行率 ratio ≥40% ≥80%', { metric: 'execution-rate' });
    const rows = (cause?: string) => [
      evaluatedRow('道路'),
      evaluatedRow('预算执行率', {
        ...{ annual: '≥80%', actual: '85.00%', resultFrom: { metric: 'execution-rate', version: 1 } },
        ...(cause === undefined ? {} : { cause }),
      }),
    ];
    const submit = (cause?: string) => ({ ...(evaluation(rows(cause)) as SubmitSelfEvaluation), profile });
    const known = given(approved('道路 flow ＝16条 ＝22条', rate));
    known.when(submit()).thenRejectsAll('CAUSE_MISSING /form/indicators/1');
    known.when(submit('招标节约')).thenSays(['SelfEvaluationSubmitted', {}]);
  });

  it('sent again as it was is the same one, though the table has moved by its own submission', () => {
    const again = (revision: number, more: { readonly knownAt?: number; readonly budget?: number } = {}) => {
      const asked = evaluation() as SubmitSelfEvaluation;
      const { knownAt = 0, budget = 7 } = more;
      const streams = [
        { stream: 'budget-U1-2024', revision: budget },
        { stream: 'performance-U1-2024', revision },
      ];
      return { ...asked, sources: { ...asked.sources, knownAt, streams } };
    };
    given(table, again(0))
      .when(again(1, { knownAt: 5 }))
      .thenNothing();
    given(table, again(0))
      .when(again(1, { budget: 8 }))
      .thenSays(['SelfEvaluationSubmitted', { submission: 2 }]);
  });

  it('is scored by the profile that it names', () => {
    given(table)
      .when(evaluation(undefined, { profile: { id: 'national-project', version: 1 } }))
      .thenRejects('PROFILE_DIFFERS', { formProfile: 'national-project 1' });
  });

  it('is withdrawn once', () => {
    const away = {
      type: 'WithdrawSelfEvaluation',
      effectiveDate: on('2025-02-12'),
      submission: 1,
      reason: '有误',
    } as const;
    given(table, evaluation())
      .when(away)
      .thenSays(['SelfEvaluationWithdrawn', { submission: 1 }]);
    given(table, evaluation(), away).when(away).thenRejects('ALREADY_WITHDRAWN');
    given(table).when(away).thenRejects('UNKNOWN_NUMBER', { kind: 'self-evaluation' });
  });
});

describe('an assessment', () => {
  const assess = (score: string, indicator = '及时性'): PerformanceCommand => ({
    ...{ type: 'AssessIndicators', effectiveDate: on('2025-01-20') },
    rows: [{ indicator, grade: 'partly', score, cause: '两次超期' }],
  });

  it('is said of a row once and replaced by the next', () => {
    const outcome = given(table, assess('3.00'))
      .when(assess('3.10'))
      .thenSays(['IndicatorAssessed', { score: '3.10' }]);
    expect(outcome.standing().assessments.get('及时性')).toMatchObject({ score: '3.10' });
    given(table, assess('3.00')).when(assess('3.00')).thenNothing();
  });

  it.each(['-1', '100.01', '3.001', '三分'])('gives no %s points', (score) => {
    given(table).when(assess(score)).thenRejects('SCORE_IMPOSSIBLE', { at: '/rows/0/score', score });
  });

  it('is of an indicator of the table', () => {
    given(table).when(assess('3', '桥')).thenRejects('UNKNOWN_INDICATOR');
  });

  it('chooses no points of a number: they are computed, and would be lost', () => {
    given(table).when(assess('3', '道路')).thenRejectsAll('SCORE_NOT_TO_CHOOSE /rows/0/score');
    const asWord = printed('道路 word 建成 建成');
    given(table, revised('07-01', { revise: [asWord] }))
      .when(assess('3', '道路'))
      .thenSays(['IndicatorAssessed', { indicator: '道路', score: '3' }]);
  });

  it('says the cause of the execution rate where the profile scores the funds, and chooses no points of it', () => {
    const ofRate = (more: object = {}): PerformanceCommand => ({
      ...{ type: 'AssessIndicators', effectiveDate: on('2025-01-20') },
      rows: [{ indicator: 'execution-rate', cause: '尾款未到期', improvement: '提前结算', ...more }],
    });
    const chosen: PerformanceCommand = {
      ...{ type: 'ChooseScoringProfile', effectiveDate: on('2025-01-10') },
      profile: fundsProfile,
    };
    given(table).when(ofRate()).thenRejects('UNKNOWN_INDICATOR', { indicator: 'execution-rate' });
    const outcome = given(table, chosen)
      .when(ofRate())
      .thenSays(['IndicatorAssessed', { indicator: 'execution-rate', cause: '尾款未到期' }]);
    expect(outcome.standing().assessments.get('execution-rate')).toMatchObject({ improvement: '提前结算' });
    given(table, chosen)
      .when(ofRate({ grade: 'partly', score: '8' }))
      .thenRejectsAll('SCORE_NOT_TO_CHOOSE /rows/0/grade', 'SCORE_NOT_TO_CHOOSE /rows/0/score');
  });
});

describe('a rectification', () => {
  const open = {
    type: 'OpenRectification',
    effectiveDate: on('07-15'),
    rectificationId: 'ZG1',
    requirement: '加快进度',
  } as const;
  const close: Extract<PerformanceCommand, { type: 'CloseRectification' }> = {
    ...{ type: 'CloseRectification', effectiveDate: on('09-20'), rectificationId: 'ZG1' },
    ...{ measures: '增加班组', conclusion: 'done', evidence: [] },
  };

  it('is opened once and closed once', () => {
    given(table)
      .when({ ...open, indicator: '道路', stage: 6, due: on('09-30') })
      .thenSays(['RectificationOpened', { indicator: '道路', due: '2024-09-30' }]);
    given(table, open).when(open).thenNothing();
    const outcome = given(table, open)
      .when(close)
      .thenSays(['RectificationClosed', { conclusion: 'done' }]);
    expect(outcome.standing().rectifications).toMatchObject([{ opened: { rectificationId: 'ZG1' }, closed: {} }]);
    given(table, open, close).when(close).thenNothing();
  });

  it.each<[string, PerformanceCommand, string]>([
    ['the same number for something else', { ...open, requirement: '别的' }, 'NUMBER_TAKEN'],
    ['closing what is closed otherwise', { ...close, conclusion: 'partly' }, 'RECTIFICATION_CLOSED'],
    ['closing what was never opened', { ...close, rectificationId: 'ZG9' }, 'UNKNOWN_NUMBER'],
    ['a date before it was due to begin', { ...open, rectificationId: 'ZG2', due: on('07-14') }, 'DATE_BEFORE_ENTRY'],
    ['an indicator that is not there', { ...open, rectificationId: 'ZG2', indicator: '桥' }, 'UNKNOWN_INDICATOR'],
    ['a stage that is no month', { ...open, rectificationId: 'ZG2', stage: 0 }, 'STAGE_OUTSIDE_YEAR'],
  ])('refuses %s', (_what, command, code) => {
    given(table, open, close).when(command).thenRejects(code);
  });

  it('is not closed before it was opened', () => {
    given(table, open)
      .when({ ...close, effectiveDate: on('07-14') })
      .thenRejects('DATE_BEFORE_ENTRY');
  });
});

describe('what a table is read by', () => {
  it('texts hold from their day and are replaced as a whole', () => {
    const say = (day: string, annualGoal: string): PerformanceCommand => ({
      type: 'StateNarrative',
      effectiveDate: on(day),
      narrative: { annualGoal },
    });
    const outcome = given(say('01-20', '一')).when(say('07-01', '二')).thenSays(['NarrativeStated', {}]);
    expect(outcome.standing('06-30').narrative).toEqual({ annualGoal: '一' });
    expect(outcome.standing('07-01').narrative).toEqual({ annualGoal: '二' });
    given(say('01-20', '一')).when(say('03-01', '一')).thenNothing();
  });

  it('lines behind an indicator hold from their day; none is said by an empty list', () => {
    const link = (day: string, ...lines: readonly string[]): PerformanceCommand => ({
      type: 'LinkIndicators',
      effectiveDate: on(day),
      links: [{ indicator: '道路', lines }],
    });
    const outcome = given(table, link('02-01', 'P02', 'P01', 'P02'))
      .when(link('08-01'))
      .thenSays(['IndicatorLinked', { lines: [] }]);
    expect(outcome.standing('07-31').links.get('道路')).toEqual(['P01', 'P02']);
    expect(outcome.standing().links.size).toBe(0);
    given(table, link('02-01', 'P01', 'P02'))
      .when(link('03-01', 'P02', 'P01'))
      .thenNothing();
    given().when(link('02-01', 'P01')).thenRejects('TARGETS_NOT_APPROVED');
  });

  it('thresholds are numbered on, and hold from their day', () => {
    const set = (day: string, redBelow: string): PerformanceCommand => ({
      ...{ type: 'SetThresholds', effectiveDate: on(day), reason: '主管部门要求' },
      thresholds: { ...DEFAULT_THRESHOLDS, work: { redBelow, yellowBelow: '80' } },
    });
    const outcome = given(set('03-01', '50'))
      .when(set('07-01', '55'))
      .thenSays(['ThresholdsSet', { thresholds: { version: 3, work: { redBelow: '55' } } }]);
    expect(outcome.standing('02-29').thresholds.version).toBe(1);
    expect(outcome.standing('06-30').thresholds.version).toBe(2);
    given(set('03-01', '50')).when(set('04-01', '50')).thenNothing();
    given()
      .when(set('03-01', '90'))
      .thenRejects('THRESHOLDS_UNUSABLE', { at: '/thresholds/work/yellowBelow', problem: 'THRESHOLDS_NOT_ASCENDING' });
  });

  it('a profile is chosen when it can score', () => {
    const choose = (profile: ScoringProfile): PerformanceCommand => ({
      type: 'ChooseScoringProfile',
      effectiveDate: on('2025-01-10'),
      profile,
    });
    given(choose(nationalProfile)).when(choose(nationalProfile)).thenNothing();
    given()
      .when(choose({ ...nationalProfile, total: '90' }))
      .thenRejects('PROFILE_UNUSABLE', { problem: 'GROUP_WEIGHTS_DO_NOT_ADD_UP' });
  });
});
