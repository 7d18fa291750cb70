import { describe, expect, it } from '@jest/globals';
import { civilDate } from '#domain/calendar.js';
import { fold } from '#domain/decider.js';
import type { ApproveTargets } from '#domain/performance/commands.js';
import { performanceDecider } from '#domain/performance/decide.js';
import type { Indicator } from '#domain/performance/events.js';

const decider = performanceDecider(2024);
const target = (indicator: string, more: Partial<Indicator> = {}): Indicator => ({
  indicator,
  block: 1,
  level1: '过程',
  level2: '预算执行',
  level3: '预算执行率',
  kind: 'RATIO',
  comparator: '=',
  half: { text: '＝38%', value: '38' },
  annual: { text: '＝100%', value: '100' },
  decimals: 0,
  unit: '%',
  checkpointBasis: 'FULL_YEAR',
  ...more,
});
const approve = (indicators: readonly Indicator[], more: Partial<ApproveTargets> = {}): ApproveTargets => ({
  type: 'ApproveTargets',
  effectiveDate: civilDate('2024-01-20'),
  indicators,
  ...more,
});
const word = { comparator: 'word', half: { text: '健全' }, annual: { text: '健全' } } as const;

describe('the targets of a year', () => {
  it('are approved as a whole, in one event', () => {
    const decision = decider.decide(
      approve([target('I01'), target('I02', word)], { dateAssumed: true }),
      decider.initialState(),
    );
    expect(decision).toMatchObject({
      accepted: true,
      events: [{ type: 'TargetsApproved', effectiveDate: '2024-01-20', data: { dateAssumed: true } }],
    });
    const state = fold(decider, decision.accepted ? decision.events : []);
    expect(state).toMatchObject({ year: 2024, approved: { effectiveDate: '2024-01-20', dateAssumed: true } });
    expect(state.order).toEqual(['I01', 'I02']);
  });

  it.each<[string, ApproveTargets, object]>([
    [
      'another year',
      approve([target('I01')], { effectiveDate: civilDate('2025-01-01') }),
      { code: 'DATE_OUTSIDE_YEAR', at: '/effectiveDate' },
    ],
    ['no indicator', approve([]), { code: 'NOTHING_TO_DO', at: '/indicators' }],
    ['one id twice', approve([target('I01'), target('I01')]), { code: 'DUPLICATE_INDICATOR', at: '/indicators/1' }],
    [
      'a number without a value',
      approve([target('I01', { half: { text: '＝38%' } })]),
      { code: 'TARGET_VALUE_MISSING', indicator: 'I01' },
    ],
    [
      'a value with its unit',
      approve([target('I01', { annual: { text: '＝100%', value: '100%' } })]),
      { code: 'TARGET_VALUE_MISSING' },
    ],
    [
      'a half-year target of a running total above the annual one',
      approve([
        target('I01', {
          kind: 'FLOW_CUMULATIVE',
          half: { text: '＝50个', value: '50' },
          annual: { text: '＝40个', value: '40' },
          unit: '个',
        }),
      ]),
      { code: 'TARGET_INCOHERENT', at: '/indicators/0', indicator: 'I01', finding: 'HALF_ABOVE_ANNUAL' },
    ],
    [
      'a printed target that says another number than the one it is judged by',
      approve([target('I01', { annual: { text: '＝120%', value: '150' } })]),
      { code: 'TARGET_TEXT_DIFFERS', at: '/indicators/0/annual', text: '＝120%', value: '150' },
    ],
    [
      'a value with an exponent',
      approve([target('I01', { half: { text: '1000', value: '1e3' } })]),
      { code: 'TARGET_VALUE_MISSING' },
    ],
  ])('refuse %s', (_what, command, rejection) => {
    expect(decider.decide(command, decider.initialState())).toMatchObject({ accepted: false, rejection });
  });

  it('show all faults at once', () => {
    const faults = [{ code: 'DATE_OUTSIDE_YEAR' }, { code: 'NOTHING_TO_DO' }];
    expect(
      decider.decide(approve([], { effectiveDate: civilDate('2023-12-31') }), decider.initialState()),
    ).toMatchObject({
      rejection: { code: 'SEVERAL_FAULTS', faults },
    });
  });

  it('are approved once, and a refusal changes nothing', () => {
    const first = decider.decide(approve([target('I01')]), decider.initialState());
    const state = fold(decider, first.accepted ? first.events : []);
    const before = structuredClone(state);
    expect(decider.decide(approve([target('I02')]), state)).toMatchObject({
      accepted: false,
      rejection: { code: 'TARGETS_ALREADY_APPROVED', approvedOn: '2024-01-20' },
    });
    expect(state).toEqual(before);
  });
});
