/**
 * Any commands in any order over a small world, where ids, indicators and dates collide all the time. A failure prints the seed
 * and the shortest sequence that shows it.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { civilDate, lastDayOf, lastDayOfMonth } from '#domain/calendar.js';
import type { PerformanceCommand } from '#domain/performance/commands.js';
import { decide } from '#domain/performance/decide.js';
import type { DeviationCause, PerformanceEvent } from '#domain/performance/events.js';
import { evolve } from '#domain/performance/evolve.js';
import type { FactKind } from '#domain/performance/facts.js';
import { printed } from '#domain/performance/indicator.fixture.js';
import type { MonitoringForm } from '#domain/performance/monitoring-form.js';
import { standingAt, standingOf } from '#domain/performance/standing.js';
import { emptyTable, type PerformanceState } from '#domain/performance/state.js';
import { compare, decimalRatio } from '#domain/ratio.js';
import { DEFAULT_THRESHOLDS } from '#domain/scoring/lights.js';
import { SCORING_PROFILES } from '#domain/scoring/profile.js';

const YEAR = 2024;

// ---- The world ----------------------------------------------------------------------------------------------------

const ROWS = ['A flow ＝16条 ＝22条', 'B word 及时 及时', 'C stock ＝5300套 ＝4800套', 'D ratio ≥95% ≥95%'] as const;
const indicator = fc.constantFrom('A', 'B', 'C', 'D');
const definition = fc
  .tuple(fc.constantFrom(...ROWS), fc.constantFrom({}, { weight: 5 }, { weight: -1 }, { tolerance: '1' }))
  .map(([row, more]) => printed(row, more));
const day = fc
  .oneof(
    {
      weight: 12,
      arbitrary: fc.constantFrom('2024-01-01', '2024-01-20', '2024-03-31', '2024-06-30', '2024-07-01', '2024-12-31'),
    },
    { weight: 1, arbitrary: fc.constantFrom('2023-12-31', '2025-02-01', '2026-01-01') },
  )
  .map(civilDate);
const id = (letter: string) => fc.constantFrom(...[1, 2, 3].map((n) => `${letter}${n}`));
const value = fc.constantFrom('0', '1', '9', '10', '12.5', '-1', '101', '1e3', '');
const said = fc.oneof(
  value.map((text) => ({ value: text })),
  fc.constantFrom('及时', '较及时', '').map((text) => ({ text })),
  fc.constant({ points: [{ point: '已制定', met: true }] }),
);
const evidence = fc.constantFrom([], [{ title: '验收单' }]);
const stage = fc.constantFrom(6, 6, 7, 12, 13);
const reason = fc.constant('r');
const cause = fc.constantFrom<DeviationCause>('funding', 'other');

const command = <Type extends PerformanceCommand['type']>(
  type: Type,
  entry: fc.Arbitrary<object>,
): fc.Arbitrary<PerformanceCommand> =>
  entry.map((found) => Object.assign({ type }, found) as unknown as PerformanceCommand);

const result = fc.record({ resultId: id('R'), indicator, effectiveDate: day, result: said, evidence });
const fact = fc.record({
  ...{ factId: id('F'), effectiveDate: day, value, evidence },
  fact: fc.constantFrom<FactKind>('establishment', 'procurement-paid'),
});
const checkpoint = fc.constantFrom({}, {}, { checkpoint: 'half' as const });

const anyCommand: fc.Arbitrary<PerformanceCommand> = fc.oneof(
  {
    weight: 3,
    arbitrary: command(
      'ApproveTargets',
      fc.record({ effectiveDate: day, indicators: fc.array(definition, { minLength: 1, maxLength: 4 }) }),
    ),
  },
  {
    weight: 2,
    arbitrary: command(
      'ReviseTargets',
      fc.record({
        ...{ effectiveDate: day, reason },
        revise: fc.array(definition, { maxLength: 1 }),
        add: fc.array(
          definition.map((added) => ({ indicator: added, after: 'A' })),
          { maxLength: 1 },
        ),
        withdraw: fc.array(indicator, { maxLength: 1 }),
      }),
    ),
  },
  {
    weight: 8,
    arbitrary: fc
      .tuple(command('RecordResults', fc.record({ results: fc.array(result, { maxLength: 3 }) })), checkpoint)
      .map(([asked, more]) => ({ ...asked, ...more })),
  },
  { weight: 2, arbitrary: command('CorrectResult', fc.record({ resultId: id('R'), result: said, evidence, reason })) },
  { weight: 1, arbitrary: command('WithdrawResult', fc.record({ resultId: id('R'), reason })) },
  { weight: 4, arbitrary: command('RecordBaseFacts', fc.record({ facts: fc.array(fact, { maxLength: 3 }) })) },
  { weight: 1, arbitrary: command('CorrectBaseFact', fc.record({ factId: id('F'), value, reason })) },
  { weight: 1, arbitrary: command('WithdrawBaseFact', fc.record({ factId: id('F'), reason })) },
  {
    weight: 1,
    arbitrary: command(
      'StateNarrative',
      fc.record({ effectiveDate: day, narrative: fc.constantFrom({}, { annualGoal: '一' }, { annualGoal: '二' }) }),
    ),
  },
  {
    weight: 1,
    arbitrary: command(
      'LinkIndicators',
      fc.record({
        effectiveDate: day,
        links: fc.array(fc.record({ indicator, lines: fc.array(id('P'), { maxLength: 2 }) }), { maxLength: 2 }),
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: command(
      'SetThresholds',
      fc.record({
        ...{ effectiveDate: day, reason },
        thresholds: fc.constantFrom('50', '60', '95').map((redBelow) => ({
          ...DEFAULT_THRESHOLDS,
          work: { redBelow, yellowBelow: '80' },
        })),
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: command(
      'ChooseScoringProfile',
      fc.record({ effectiveDate: day, profile: fc.constantFrom(...SCORING_PROFILES) }),
    ),
  },
  {
    weight: 2,
    arbitrary: command(
      'ExplainDeviations',
      fc.record({
        ...{ effectiveDate: day, stage },
        rows: fc.array(fc.record({ indicator, causes: fc.array(cause, { maxLength: 1 }) }), { maxLength: 2 }),
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: command(
      'WithdrawMonitoring',
      fc.record({ effectiveDate: day, stage, submission: fc.constantFrom(1, 2), reason }),
    ),
  },
  {
    weight: 1,
    arbitrary: command(
      'OpenRectification',
      fc.record({ effectiveDate: day, rectificationId: id('Z'), requirement: fc.constantFrom('一', '二') }),
    ),
  },
  {
    weight: 1,
    arbitrary: command(
      'CloseRectification',
      fc.record({
        ...{ effectiveDate: day, rectificationId: id('Z'), measures: reason, evidence },
        conclusion: fc.constantFrom('done', 'partly'),
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: command(
      'AssessIndicators',
      fc.record({
        effectiveDate: day,
        rows: fc.array(
          fc.record(
            { indicator, score: fc.constantFrom('1.5', '101'), cause: fc.constant('降雨') },
            { requiredKeys: ['indicator'] },
          ),
          { maxLength: 2 },
        ),
      }),
    ),
  },
  { weight: 3, arbitrary: command('SubmitMonitoring', fc.record({ effectiveDate: day, stage })) },
);

/** A form that fits what is known, or one event less: only the state says which rows it needs. */
function fitted(asked: PerformanceCommand, state: PerformanceState): PerformanceCommand {
  if (asked.type !== 'SubmitMonitoring') return asked;
  const { effectiveDate, stage: months } = asked as unknown as {
    effectiveDate: typeof asked.effectiveDate;
    stage: number;
  };
  const through = months > 12 ? lastDayOf(YEAR) : lastDayOfMonth(YEAR, months);
  const form = {
    ...{ form: 'monitoring', version: 1, unit: 'U1', unitName: '某单位', year: YEAR, stage: months, through },
    ...{ funds: [], overall: 'green', counts: { red: 0, yellow: 0, green: 0, blue: 0, 'not-assessed': 0 } },
    indicators: standingAt(state, through).indicators.map((row) => ({
      ...{ indicator: row.indicator, level1: '', level2: '', level3: '', half: '', annual: '', result: null },
      ...{ verdict: 'met', light: 'green', forecast: null, causes: [] },
    })),
  } as unknown as MonitoringForm;
  const streams = [{ stream: 'performance-U1-2024', revision: state.revision - 1 - (months % 2) }];
  const sources = { asOf: through, knownAt: 0, streams, formulas: [] };
  return { type: 'SubmitMonitoring', effectiveDate, thresholds: DEFAULT_THRESHOLDS, sources, form };
}

// ---- What always holds --------------------------------------------------------------------------------------------

interface Run {
  readonly state: PerformanceState;
  readonly events: PerformanceEvent[];
}

function run(commands: readonly PerformanceCommand[], after?: (asked: PerformanceCommand, run: Run) => void): Run {
  const made: Run = { state: emptyTable(YEAR), events: [] };
  for (const each of commands) {
    const asked = fitted(each, made.state);
    const decision = decide(asked, made.state);
    for (const event of decision.accepted ? decision.events : []) {
      evolve(made.state, event);
      made.events.push(event);
    }
    after?.(asked, made);
  }
  return made;
}

const TABLE: PerformanceCommand = {
  ...{ type: 'ApproveTargets', effectiveDate: civilDate('2024-01-20') },
  indicators: ROWS.map((row) => printed(row)),
};

/** Mostly with a table from the start: without one nearly everything is refused. */
const anyCommands = fc
  .tuple(fc.nat({ max: 5 }), fc.array(anyCommand, { minLength: 1, maxLength: 25 }))
  .map(([chance, commands]) => (chance === 0 ? commands : [TABLE, ...commands]));

const holds = (property: (commands: PerformanceCommand[]) => void, numRuns = 300): void =>
  fc.assert(fc.property(anyCommands, property), { numRuns, seed: 20240630 });

const DATES = ['2024-01-19', '2024-06-30', '2024-12-31'].map(civilDate);

describe('whatever is asked of a performance table', () => {
  it('a decision changes nothing by itself', () => {
    holds((commands) => {
      const { state } = run(commands.slice(0, -1));
      const before = structuredClone(state);
      for (const asked of commands) decide(fitted(asked, state), state);
      expect(state).toEqual(before);
    });
  });

  it('what is asked twice changes nothing more', () => {
    holds((commands) => {
      run(commands, (asked, { state }) => {
        const again = decide(asked, state);
        expect(again.accepted ? again.events : []).toEqual([]);
      });
    });
  });

  it('every id is said once, and submissions of a stage are numbered from 1', () => {
    holds((commands) => {
      const { events } = run(commands);
      const ids = events.flatMap(({ type, data }) => {
        if (type === 'IndicatorResultRecorded') return [data.resultId];
        if (type === 'BaseFactRecorded') return [data.factId];
        return type === 'RectificationOpened' ? [data.rectificationId] : [];
      });
      expect(new Set(ids).size).toBe(ids.length);
      for (const months of [6, 7, 12]) {
        const numbers = events.flatMap((event) =>
          event.type === 'MonitoringSubmitted' && event.data.stage === months ? [event.data.submission] : [],
        );
        expect(numbers).toEqual(numbers.map((_, index) => index + 1));
      }
    });
  });

  it('what holds at a date is the same from the log as from the state, and counts every event', () => {
    holds((commands) => {
      const { state, events } = run(commands);
      expect(state.revision).toBe(events.length);
      for (const asOf of DATES) expect(standingOf(events, asOf, YEAR)).toEqual(standingAt(state, asOf));
    });
  });

  it('what held is not changed by what is said later of it', () => {
    holds((commands) => {
      const half = Math.floor(commands.length / 2);
      const made = run(commands.slice(0, half));
      const held = DATES.map((asOf) => standingAt(made.state, asOf));
      const kept = structuredClone(held);
      for (const each of commands.slice(half)) {
        const decision = decide(fitted(each, made.state), made.state);
        for (const event of decision.accepted ? decision.events : []) evolve(made.state, event);
      }
      expect(held).toEqual(kept);
    });
  });

  it('a running total falls only where somebody corrected it', () => {
    holds((commands) => {
      const { state, events } = run(
        commands.filter(({ type }) => type !== 'CorrectResult' && type !== 'ReviseTargets'),
      );
      expect(events.some(({ type }) => type === 'ResultCorrected')).toBe(false);
      const values = (standingAt(state, lastDayOf(YEAR)).results.get('A') ?? []).flatMap(
        ({ result: { value: found } }) => (found === undefined ? [] : [decimalRatio(found)]),
      );
      values.forEach((found, index) => {
        const before = values[index - 1];
        expect(before === undefined || compare(before, found) <= 0).toBe(true);
      });
    });
  });

  it('is accepted often enough for all this to say something', () => {
    const seen = new Set<string>();
    holds((commands) => {
      for (const { type } of run(commands).events) seen.add(type);
    });
    expect(seen.size).toBeGreaterThan(17);
  });
});
