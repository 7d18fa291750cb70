import { describe, expect, it } from '@jest/globals';
import { printed } from '#domain/performance/indicator.fixture.js';
import {
  approved,
  corrected,
  fact,
  facts,
  given,
  recorded,
  result,
  revised,
  withdrawn,
} from '#domain/performance/specification.js';

const POINTS = ['制度已制定', '内容完整', '有效执行'];
const met = (...points: readonly string[]) => ({
  points: points.map((point) => ({ point, met: point !== '有效执行' })),
});

const table = approved(
  '道路 flow ＝16条 ＝22条',
  '存量房 stock ＝5300套 ＝4800套',
  '合格率 ratio ≥95% ≥95%',
  '控制率 ratio ≤100% ≤100%',
  '征地 flow ＝7000平方米 ＝9000平方米',
  printed('执行率 ratio ＝38% ＝100%', { metric: 'execution-rate' }),
  printed('公用经费控制率 ratio ≤100% ≤100%', { metric: 'running-cost-control' }),
  '及时性 word 及时 及时',
  printed('健全性 word 健全 健全', { checklist: POINTS }),
);

describe('a result', () => {
  it('is recorded for a date of the year with what was seen, many at once', () => {
    const outcome = given(table)
      .when(recorded(result('R1', '道路', ['06-28', '4']), result('R2', '及时性', ['06-30', '较及时'])))
      .thenSays(
        ['IndicatorResultRecorded', { on: '2024-06-28', resultId: 'R1', result: { value: '4' } }],
        ['IndicatorResultRecorded', { on: '2024-06-30', resultId: 'R2', result: { text: '较及时' } }],
      );
    expect(outcome.standing('06-29').results.get('道路')).toMatchObject([{ resultId: 'R1', revisions: [1] }]);
    expect(outcome.standing('06-27').results.size).toBe(0);
  });

  it('may be for a day that is still to come: nobody here knows what day it is', () => {
    given(table)
      .when(recorded(result('R1', '道路', ['12-31', '22'])))
      .thenSays(['IndicatorResultRecorded', {}]);
  });

  it('may be for a day before the approval: the work of a year begins with the year', () => {
    given(table)
      .when(recorded(result('R1', '道路', ['01-10', '1'])))
      .thenSays(['IndicatorResultRecorded', { on: '2024-01-10' }]);
  });

  it('is judged by the indicator as it was on its date', () => {
    const checked = revised('07-01', { revise: [printed('及时性 word 及时 及时', { checklist: POINTS })] });
    given(table, checked)
      .when(
        recorded(result('R1', '及时性', ['06-30', met(...POINTS)]), result('R2', '及时性', ['07-01', met(...POINTS)])),
      )
      .thenRejectsAll('CHECKLIST_DIFFERS /results/0/result/points');
  });

  it('keeps the unit of its target as it was, and words have none', () => {
    const outcome = given(table)
      .when(
        recorded(result('R1', '征地', ['06-28', '6800'], { unit: '平米' }), result('R2', '及时性', ['06-30', '及时'])),
      )
      .thenSays(['IndicatorResultRecorded', { unit: '平方米' }], ['IndicatorResultRecorded', { unit: undefined }]);
    expect(outcome.standing().results.get('征地')).toMatchObject([{ unit: '平方米' }]);
    given(table, recorded(result('R1', '征地', ['06-28', '6800'])))
      .when(corrected('R1', '6900'))
      .thenSays(['ResultCorrected', { result: { value: '6900' }, unit: '平方米' }]);
  });

  it('is not from before a new unit once that is known: it would be read in it', () => {
    const inMu = revised('07-05', { revise: [printed('征地 flow ＝10亩 ＝13亩')] });
    given(table, inMu)
      .when(recorded(result('R1', '征地', ['06-30', '7000']), result('R2', '征地', ['07-05', '10'])))
      .thenRejectsAll('RESULTS_IN_OTHER_UNIT /results/0/effectiveDate');
    given(table, inMu)
      .when(recorded(result('R1', '征地', ['06-30', '7000'])))
      .thenRejects('RESULTS_IN_OTHER_UNIT', { results: ['R1'], target: { unit: '亩' }, from: '2024-07-05' });
    given(table, inMu)
      .when(recorded(result('R2', '征地', ['07-05', '10'])))
      .thenSays(['IndicatorResultRecorded', { unit: '亩' }]);
    const back = revised('07-05', { revise: [printed('征地 flow ＝7000平方米 ＝8000平方米')] });
    given(table, inMu, back)
      .when(recorded(result('R1', '征地', ['06-30', '7000'])))
      .thenSays(['IndicatorResultRecorded', { unit: '平方米' }]);
  });

  it.each([
    ['text for a number', result('R', '道路', ['06-30', '较多']), 'RESULT_NOT_A_NUMBER', { unit: '条' }],
    ['points for a number', result('R', '道路', ['06-30', met('制度已制定')]), 'RESULT_NOT_A_NUMBER', {}],
    ['a number for a word', result('R', '及时性', ['06-30', '95']), 'RESULT_NOT_A_WORD', { target: '及时' }],
    ['a percent sign in the value', result('R', '合格率', ['06-30', { value: '95%' }]), 'VALUE_NOT_DECIMAL', {}],
    ['an exponent', result('R', '道路', ['06-30', { value: '1e3' }]), 'VALUE_NOT_DECIMAL', {}],
    ['21 digits', result('R', '道路', ['06-30', { value: '1'.repeat(21) }]), 'VALUE_NOT_DECIMAL', {}],
    ['nothing', result('R', '道路', ['06-30', {}]), 'RESULT_NOT_ONE_VALUE', {}],
    ['two values', result('R', '道路', ['06-30', { value: '1', text: '1' }]), 'RESULT_NOT_ONE_VALUE', {}],
    ['an unknown indicator', result('R', '桥', ['06-30', '1']), 'UNKNOWN_INDICATOR', { at: '/results/0/indicator' }],
    ['another year', result('R', '道路', ['2023-12-31', '1']), 'DATE_OUTSIDE_YEAR', {}],
    ['亩 for 平方米', result('R', '征地', ['06-30', '10'], { unit: '亩' }), 'UNIT_DIFFERS', { unit: '平方米' }],
    ['105 % of a part', result('R', '合格率', ['06-30', '105']), 'PERCENTAGE_ABOVE_100', { found: '105' }],
    [
      'what the books compute',
      result('R', '执行率', ['06-30', '38']),
      'RESULT_IS_COMPUTED',
      { metric: 'execution-rate' },
    ],
    [
      'a checklist with other points',
      result('R', '健全性', ['06-30', met('制度已制定', '制度已制定', '已公示')]),
      'CHECKLIST_DIFFERS',
      { missing: ['内容完整', '有效执行'], unknown: ['已公示'], twice: ['制度已制定'] },
    ],
    [
      'a checklist without a point, where there is one',
      result('R', '健全性', ['06-30', { points: [] }]),
      'CHECKLIST_DIFFERS',
      { missing: POINTS },
    ],
    ['a checklist without a point', result('R', '及时性', ['06-30', { points: [] }]), 'CHECKLIST_DIFFERS', {}],
    ['a checklist where there is none', result('R', '及时性', ['06-30', met('已公示')]), 'CHECKLIST_DIFFERS', {}],
  ])('is refused when it is %s', (_what, entry, code, told) => {
    given(table).when(recorded(entry)).thenRejects(code, told);
  });

  it.each([
    ['平米, which is 平方米', result('R', '征地', ['06-30', '6800.5'], { unit: '平米' })],
    ['108.70 % of something against a base', result('R', '控制率', ['06-30', '108.70'])],
    ['what the books may lack the codes for', result('R', '公用经费控制率', ['06-30', '92.4'])],
    ['below 0', result('R', '控制率', ['06-30', '-0.5'])],
    ['every point of the checklist once', result('R', '健全性', ['06-30', met(...POINTS)])],
    ['a word where there is a checklist too', result('R', '健全性', ['06-30', '健全'])],
  ])('may be %s', (_what, entry) => {
    given(table)
      .when(recorded(entry))
      .thenSays(['IndicatorResultRecorded', { result: entry.result }]);
  });

  it('of a report is not from after its checkpoint', () => {
    const forHalf = { ...recorded(result('R', '道路', ['07-01', '4'])), checkpoint: 'half' as const };
    given(table).when(forHalf).thenRejects('RESULT_AFTER_CHECKPOINT', {
      date: '2024-07-01',
      checkpointDate: '2024-06-30',
      at: '/results/0/effectiveDate',
    });
    given(table)
      .when({ ...recorded(result('R', '道路', ['06-30', '4'])), checkpoint: 'half' })
      .thenSays(['IndicatorResultRecorded', {}]);
  });

  it('is refused with every other of the file, each fault at its place, and nothing is said', () => {
    given(table)
      .when(
        recorded(
          result('R1', '道路', ['06-30', '4']),
          result('R2', '桥', ['2023-01-01', '4']),
          result('R1', '存量房', ['06-30', '很多']),
        ),
      )
      .thenRejectsAll(
        'DATE_OUTSIDE_YEAR /results/1/effectiveDate',
        'UNKNOWN_INDICATOR /results/1/indicator',
        'NUMBER_TAKEN /results/2',
        'RESULT_NOT_A_NUMBER /results/2/result',
      );
  });

  it('needs the targets, and rows, but no more than 2,000', () => {
    given()
      .when(recorded(result('R', '道路', ['06-30', '4'])))
      .thenRejects('TARGETS_NOT_APPROVED');
    given(table).when(recorded()).thenRejectsAll('NOTHING_TO_DO /results');
    const many = Array.from({ length: 2001 }, (_, index) => result(`R${index}`, '道路', ['06-30', '4']));
    given(table)
      .when(recorded(...many))
      .thenRejects('TOO_MANY_ROWS', { count: 2001, limit: 2000 });
  });

  it('of an indicator that has ended is for an earlier day', () => {
    const ended = revised('07-05', { withdraw: ['道路'] });
    given(table, ended)
      .when(recorded(result('R1', '道路', ['07-05', '4'])))
      .thenRejects('INDICATOR_ENDED', { endedOn: '2024-07-05' });
    given(table, ended)
      .when(recorded(result('R1', '道路', ['07-04', '4'])))
      .thenSays(['IndicatorResultRecorded', {}]);
  });
});

describe('an id of a result', () => {
  const first = recorded(result('R1', '道路', ['06-28', '4']));

  it('says the same thing twice without an event, in one command too', () => {
    given(table, first).when(first).thenNothing();
    const respelled = revised('07-05', { revise: [printed('征地 flow ＝7000平米 ＝9000平米')] });
    const land = recorded(result('R2', '征地', ['06-28', '6800']));
    given(table, land, respelled).when(land).thenNothing();
    given(table)
      .when(recorded(result('R1', '道路', ['06-28', '4']), result('R1', '道路', ['06-28', '4'])))
      .thenSays(['IndicatorResultRecorded', {}]);
  });

  it('says nothing else, and the refusal shows what it said first', () => {
    given(table, first)
      .when(recorded(result('R1', '道路', ['06-28', '5'])))
      .thenRejects('NUMBER_TAKEN', {
        number: 'R1',
        first: { effectiveDate: '2024-06-28', data: { result: { value: '4' } } },
      });
  });

  it('is not used again after it was withdrawn', () => {
    given(table, first, withdrawn('R1')).when(first).thenRejects('ALREADY_WITHDRAWN', { number: 'R1' });
  });
});

describe('a result that was wrong', () => {
  const first = recorded(result('R1', '道路', ['03-31', '10']), result('R2', '道路', ['06-28', '12']));

  it('is corrected by a later event, dated like it, and keeps its history', () => {
    const outcome = given(table, first)
      .when(corrected('R1', '9'))
      .thenSays(['ResultCorrected', { on: '2024-03-31', result: { value: '9' }, reason: '录错' }]);
    expect(outcome.standing('03-31').results.get('道路')).toMatchObject([
      { result: { value: '9' }, revisions: [1, 3], first: { result: { value: '10' } } },
    ]);
  });

  it('may be corrected to more than a later one: then that is what comes next', () => {
    given(table, first).when(corrected('R1', '14')).thenSays(['ResultCorrected', {}]);
  });

  it('is withdrawn once', () => {
    const outcome = given(table, first)
      .when(withdrawn('R2'))
      .thenSays(['ResultWithdrawn', { on: '2024-06-28' }]);
    expect(
      outcome
        .standing()
        .results.get('道路')
        ?.map(({ resultId }) => resultId),
    ).toEqual(['R1']);
    given(table, first, withdrawn('R2')).when(withdrawn('R2')).thenRejects('ALREADY_WITHDRAWN');
    given(table, first, withdrawn('R2')).when(corrected('R2', '1')).thenRejects('ALREADY_WITHDRAWN');
  });

  it('must be there, and a correction to what it says already is none', () => {
    given(table).when(corrected('R9', '1')).thenRejects('UNKNOWN_NUMBER', { kind: 'result', number: 'R9' });
    given(table).when(withdrawn('R9')).thenRejects('UNKNOWN_NUMBER');
    given(table, first).when(corrected('R1', '10')).thenNothing();
    given(table, first).when(corrected('R1', '很多')).thenRejectsAll('RESULT_NOT_A_NUMBER /result');
  });
});

describe('a running total', () => {
  const first = recorded(result('R1', '道路', ['03-31', '10']));

  it.each([
    ['below an earlier one', ['06-30', '9']],
    ['above a later one', ['02-28', '11']],
    ['below one of the same day', ['03-31', '9']],
  ] as const)('does not stand %s', (_what, said) => {
    given(table, first)
      .when(recorded(result('R2', '道路', said)))
      .thenRejects('RUNNING_TOTAL_FALLS', { of: '道路', value: said[1], otherValue: '10', otherDate: '2024-03-31' });
  });

  it('does not fall inside one command either', () => {
    given(table)
      .when(recorded(result('R1', '道路', ['06-30', '9']), result('R2', '道路', ['03-31', '10'])))
      .thenRejectsAll('RUNNING_TOTAL_FALLS /results/1/result/value', 'RUNNING_TOTAL_FALLS /results/0/result/value');
  });

  it('may stay, and a level may fall', () => {
    given(table, first)
      .when(recorded(result('R2', '道路', ['06-30', '10.0'])))
      .thenSays(['IndicatorResultRecorded', {}]);
    given(table, recorded(result('S1', '存量房', ['03-31', '5500'])))
      .when(recorded(result('S2', '存量房', ['06-30', '5200'])))
      .thenSays(['IndicatorResultRecorded', {}]);
  });

  it('is compared with what stands, not with what was withdrawn', () => {
    given(table, first, withdrawn('R1'))
      .when(recorded(result('R2', '道路', ['06-30', '9'])))
      .thenSays(['IndicatorResultRecorded', {}]);
  });
});

describe('a base fact', () => {
  it('is recorded before the approval too, and read as of a date', () => {
    const outcome = given()
      .when(facts(fact('F1', 'staff-in-post', ['01-01', '34']), fact('F2', 'staff-in-post', ['06-30', '33'])))
      .thenSays(['BaseFactRecorded', { value: '34' }], ['BaseFactRecorded', { value: '33' }]);
    expect(outcome.standing('06-29').facts.get('staff-in-post')?.at(-1)?.value).toBe('34');
    expect(outcome.standing().facts.get('staff-in-post')?.at(-1)?.value).toBe('33');
  });

  it.each([
    ['half a person', fact('F', 'staff-in-post', ['06-30', '33.5']), 'VALUE_NOT_WHOLE'],
    ['less than a fen', fact('F', 'fixed-assets', ['06-30', '0.001']), 'VALUE_NOT_WHOLE'],
    ['less than nothing', fact('F', 'fixed-assets', ['06-30', '-1']), 'VALUE_NEGATIVE'],
    ['words', fact('F', 'establishment', ['06-30', '35人']), 'VALUE_NOT_DECIMAL'],
    ['beyond exact counting', fact('F', 'fixed-assets', ['06-30', '99999999999999999']), 'VALUE_OUT_OF_RANGE'],
    ['of another year', fact('F', 'establishment', ['2025-06-30', '35']), 'DATE_OUTSIDE_YEAR'],
  ])('is refused when it is %s', (_what, entry, code) => {
    given().when(facts(entry)).thenRejects(code);
  });

  it('that is part of another is not above it, as far as that is known by its date', () => {
    const whole = facts(fact('F1', 'fixed-assets', ['03-31', '100']), fact('F2', 'fixed-assets', ['06-30', '90']));
    given(whole)
      .when(facts(fact('F3', 'fixed-assets-in-use', ['06-30', '90.01'])))
      .thenRejects('PART_ABOVE_WHOLE', { whole: 'fixed-assets', wholeValue: '90' });
    given(whole)
      .when(facts(fact('F3', 'fixed-assets-in-use', ['05-31', '100'])))
      .thenSays(['BaseFactRecorded', { value: '100' }]);
    given()
      .when(facts(fact('F3', 'fixed-assets-in-use', ['05-31', '100'])))
      .thenSays(['BaseFactRecorded', {}]);
  });

  it('that counts from 1 January does not fall, a level may', () => {
    const first = facts(
      fact('F1', 'procurement-contracted', ['03-31', '100.00']),
      fact('G1', 'fixed-assets', ['03-31', '9']),
    );
    given(first)
      .when(facts(fact('F2', 'procurement-contracted', ['06-30', '99.99']), fact('G2', 'fixed-assets', ['06-30', '8'])))
      .thenRejectsAll('RUNNING_TOTAL_FALLS /facts/0/value');
  });

  it('is corrected and withdrawn like a result', () => {
    const first = facts(fact('F1', 'establishment', ['01-01', '35']));
    const to = { type: 'CorrectBaseFact', factId: 'F1', value: '36', reason: '批复有变' } as const;
    const away = { type: 'WithdrawBaseFact', factId: 'F1', reason: '重复' } as const;
    given(first)
      .when(to)
      .thenSays(['BaseFactCorrected', { on: '2024-01-01', value: '36' }]);
    given(first, to).when(to).thenNothing();
    given(first)
      .when({ ...to, value: '36.5' })
      .thenRejectsAll('VALUE_NOT_WHOLE /value');
    expect(given(first).when(away).standing().facts.size).toBe(0);
    given(first, away).when(to).thenRejects('ALREADY_WITHDRAWN');
    given(first, away).when(first).thenRejects('ALREADY_WITHDRAWN');
    given().when(to).thenRejects('UNKNOWN_NUMBER', { kind: 'base fact' });
  });
});
