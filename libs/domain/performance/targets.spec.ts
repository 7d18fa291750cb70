import { describe, expect, it } from '@jest/globals';
import type { Indicator } from '#domain/performance/events.js';
import { printed } from '#domain/performance/indicator.fixture.js';
import {
  approved,
  given,
  recorded,
  result,
  revised,
  withdrawn as withdrawnResult,
} from '#domain/performance/specification.js';

const table = approved('道路 flow ＝16条 ＝22条', '存量房 stock ＝5300套 ＝4800套', '健全性 word 健全 健全');

describe('targets are revised as the budget changes', () => {
  it('as they were and as they are, from the date on', () => {
    const outcome = given(table)
      .when(
        revised('07-05', { revise: [printed('道路 flow ＝16条 ＝18条')], document: { number: '样本〔2024〕18号' } }),
      )
      .thenSays([
        'TargetRevised',
        { on: '2024-07-05', indicator: '道路', from: { annual: { value: '22' } }, to: { annual: { value: '18' } } },
      ]);
    expect(annualOn(outcome, '07-04')).toBe('＝22条');
    expect(annualOn(outcome, '07-05')).toBe('＝18条');
  });

  it('several at once, for one reason and by one document', () => {
    const outcome = given(table)
      .when(
        revised('07-05', {
          revise: [printed('道路 flow ＝16条 ＝18条')],
          add: [{ indicator: printed('惠民 flow ≥100户 ≥300户'), after: '道路' }],
          withdraw: ['存量房'],
        }),
      )
      .thenSays(
        ['TargetRevised', { indicator: '道路', reason: '预算调整' }],
        ['IndicatorAdded', { after: '道路', reason: '预算调整' }],
        ['IndicatorWithdrawn', { indicator: '存量房', reason: '预算调整' }],
      );
    expect(idsOn(outcome, '07-04')).toEqual(['道路', '存量房', '健全性']);
    expect(idsOn(outcome, '12-31')).toEqual(['道路', '惠民', '健全性']);
  });

  it('once: what is so already is not said again', () => {
    const asked = revised('07-05', {
      revise: [printed('道路 flow ＝16条 ＝18条')],
      add: [{ indicator: printed('惠民 flow ≥100户 ≥300户') }],
      withdraw: ['存量房'],
    });
    given(table, asked).when(asked).thenNothing();
  });

  it('with all that is wrong at once, and nothing said', () => {
    given(table)
      .when(
        revised('01-10', {
          revise: [printed('桥 flow ＝1座 ＝2座'), printed('道路 flow ＝16条 ＝18条', { annual: { text: '＝18条' } })],
          add: [
            { indicator: printed('健全性 word 健全 健全') },
            { indicator: printed('渠 flow ＝1条 ＝2条'), after: '河' },
          ],
        }),
      )
      .thenRejectsAll(
        'DATE_BEFORE_ENTRY /effectiveDate',
        'UNKNOWN_INDICATOR /revise/0',
        'TARGET_VALUE_MISSING /revise/1',
        'DUPLICATE_INDICATOR /add/0',
        'UNKNOWN_INDICATOR /add/1/after',
      );
  });

  it.each([
    [
      'before the approval of the table',
      given().when(revised('07-05', { withdraw: ['道路'] })),
      'TARGETS_NOT_APPROVED',
    ],
    ['of nothing', given(table).when(revised('07-05', {})), 'NOTHING_TO_DO'],
    [
      'twice in one command',
      given(table).when(revised('07-05', { withdraw: ['道路', '道路'] })),
      'DUPLICATE_INDICATOR',
    ],
    [
      'before the last revision',
      given(table, revised('07-05', { revise: [printed('道路 flow ＝16条 ＝18条')] })).when(
        revised('06-01', { revise: [printed('道路 flow ＝16条 ＝20条')] }),
      ),
      'DATE_BEFORE_ENTRY',
    ],
    [
      'of an indicator that has ended',
      given(table, revised('07-05', { withdraw: ['道路'] })).when(
        revised('08-01', { revise: [printed('道路 flow ＝16条 ＝18条')] }),
      ),
      'INDICATOR_ENDED',
    ],
    [
      'of more than 2,000 rows',
      given(table).when(revised('07-05', { withdraw: Array<string>(2001).fill('道路') })),
      'TOO_MANY_ROWS',
    ],
    ['in another year', given(table).when(revised('2025-01-05', { withdraw: ['道路'] })), 'DATE_OUTSIDE_YEAR'],
  ])('not %s', (_what, outcome, code) => {
    outcome.thenRejects(code);
  });
});

describe('an indicator that is added', () => {
  const one = printed('桥 flow ＝1座 ＝2座');
  const other = printed('渠 flow ＝1条 ＝2条');

  it.each([
    ['is the first', null, ['桥', '道路', '存量房', '健全性']],
    ['stands behind the one named', '道路', ['道路', '桥', '存量房', '健全性']],
    ['is the last when nothing is said', undefined, ['道路', '存量房', '健全性', '桥']],
  ])('%s', (_what, after, order) => {
    const entry = { indicator: one, ...(after === undefined ? {} : { after }) };
    const outcome = given(table).when(revised('07-05', { add: [entry] }));
    outcome.thenSays(['IndicatorAdded', after === undefined ? {} : { after }]);
    expect(idsOn(outcome, '12-31')).toEqual(order);
  });

  it('stands behind one that is added before it, not behind one that comes later', () => {
    const inOrder = [
      { indicator: one, after: null },
      { indicator: other, after: '桥' },
    ];
    const outcome = given(table).when(revised('07-05', { add: inOrder }));
    expect(idsOn(outcome, '12-31')).toEqual(['桥', '渠', '道路', '存量房', '健全性']);
    given(table)
      .when(revised('07-05', { add: inOrder.toReversed() }))
      .thenRejectsAll('UNKNOWN_INDICATOR /add/0/after');
    given(table)
      .when(revised('07-05', { add: [{ indicator: one, after: '桥' }] }))
      .thenRejectsAll('UNKNOWN_INDICATOR /add/0/after');
  });
});

describe('a new unit or kind of a target', () => {
  const land = approved('征地 flow ＝7000平方米 ＝9000平方米');
  const measured = recorded(result('R1', '征地', ['03-01', '7000']), result('R2', '征地', ['06-30', '7000']));
  const to = (row: string) => revised('07-05', { revise: [printed(row)] });

  it.each([
    ['a unit', '征地 flow ＝10亩 ＝13亩', { target: { unit: '亩', kind: 'FLOW_CUMULATIVE' } }],
    ['a kind', '征地 stock ＝7000平方米 ＝9000平方米', { target: { unit: '平方米', kind: 'STOCK_LEVEL' } }],
    ['a word', '征地 word 完成 完成', { target: { unit: '', kind: 'QUALITATIVE' } }],
  ])('is refused while results stand, which were not recorded so: %s', (_what, row, told) => {
    given(land, measured)
      .when(to(row))
      .thenRejects('RESULTS_IN_OTHER_UNIT', {
        ...{ at: '/revise/0', indicator: '征地', results: ['R1', 'R2'], from: '2024-07-05' },
        ...{ recordedAs: { unit: '平方米', kind: 'FLOW_CUMULATIVE' }, ...told },
      });
  });

  it('is refused when one of them is withdrawn, and accepted when all are', () => {
    given(land, measured, withdrawnResult('R1'))
      .when(to('征地 flow ＝10亩 ＝13亩'))
      .thenRejects('RESULTS_IN_OTHER_UNIT', { results: ['R2'] });
    given(land, measured, withdrawnResult('R1'), withdrawnResult('R2'))
      .when(to('征地 flow ＝10亩 ＝13亩'))
      .thenSays(['TargetRevised', { to: { unit: '亩' } }]);
  });

  it('is none when the unit is only spelled otherwise', () => {
    given(land, measured).when(to('征地 flow ＝7000平米 ＝8000平米')).thenSays(['TargetRevised', {}]);
  });
});

describe('an indicator', () => {
  const impossible = (more: Partial<Indicator>, row = '道路 flow ＝16条 ＝22条') =>
    given().when(approved(printed(row, more)));

  it.each<[string, Partial<Indicator>, string]>([
    ['weighs nothing less than 0', { weight: -1 }, 'WEIGHT_IMPOSSIBLE'],
    ['weighs 100 at most', { weight: 100.01 }, 'WEIGHT_IMPOSSIBLE'],
    ['weighs hundredths at the least', { weight: 3.333 }, 'WEIGHT_IMPOSSIBLE'],
    ['has no tolerance in words', { tolerance: '5%' }, 'TOLERANCE_IMPOSSIBLE'],
    ['has no tolerance below 0', { tolerance: '-1' }, 'TOLERANCE_IMPOSSIBLE'],
    ['with a number has no checklist', { checklist: ['制度已制定'] }, 'CHECKLIST_IMPOSSIBLE'],
  ])('%s', (_what, more, code) => {
    impossible(more).thenRejects(code, { at: `/indicators/0/${memberOf(code)}` });
  });

  it('checks a point once', () => {
    impossible({ checklist: ['已制定', '已制定'] }, '健全性 word 健全 健全').thenRejects('CHECKLIST_IMPOSSIBLE', {
      reason: 'point-twice',
    });
  });

  it('may weigh 0, 33.33 and 100', () => {
    given()
      .when(approved(...[0, 33.33, 100].map((weight, index) => printed(`I${index} flow ＝1个 ＝2个`, { weight }))))
      .thenSays(['TargetsApproved', {}]);
  });
});

describe('a table', () => {
  it('counts no indicator before its approval', () => {
    expect(
      given(table)
        .when(recorded(result('R1', '道路', ['03-01', '4'])))
        .standing('01-19').indicators,
    ).toEqual([]);
  });
});

const memberOf = (code: string): string =>
  ({ WEIGHT_IMPOSSIBLE: 'weight', TOLERANCE_IMPOSSIBLE: 'tolerance' })[code] ?? 'checklist';
type Told = ReturnType<ReturnType<typeof given>['when']>;
const annualOn = (outcome: Told, day: string) =>
  outcome.standing(day).indicators.find(({ indicator }) => indicator === '道路')?.annual.text;
const idsOn = (outcome: Told, day: string) => outcome.standing(day).indicators.map(({ indicator }) => indicator);
