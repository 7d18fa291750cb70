/**
 * Given these commands, when this one is asked, then these events or this refusal: rules of a performance table as sentences.
 * A wrong expectation throws with what came instead. Pure, so that any runner can use it.
 */
import { civilDate, lastDayOf, type CivilDate } from '#domain/calendar.js';
import type { NewBaseFact, NewResult, PerformanceCommand, ReviseTargets } from '#domain/performance/commands.js';
import { decide } from '#domain/performance/decide.js';
import type { Evidence, Indicator, PerformanceEvent, ResultValue } from '#domain/performance/events.js';
import { evolve } from '#domain/performance/evolve.js';
import type { FactKind } from '#domain/performance/facts.js';
import { printed } from '#domain/performance/indicator.fixture.js';
import type { PerformanceRejection } from '#domain/performance/rejections.js';
import { standingAt, type Standing } from '#domain/performance/standing.js';
import { emptyTable, type PerformanceState } from '#domain/performance/state.js';

export const YEAR = 2024;
type Of<Type extends PerformanceCommand['type']> = Extract<PerformanceCommand, { type: Type }>;
type Facts = Readonly<Record<string, unknown>>;

/** `on('06-30')` of the year; a whole date as it is. */
export const on = (day: string): CivilDate => civilDate(day.length === 5 ? `${YEAR}-${day}` : day);

export interface Outcome {
  /** Exactly these events, each with at least these facts. */
  thenSays(...expected: readonly (readonly [PerformanceEvent['type'], Facts])[]): Outcome;
  /** Accepted without an event: it is said already. */
  thenNothing(): Outcome;
  /** Refused with this fault, alone or among others, with at least these facts. */
  thenRejects(code: string, facts?: Facts): Outcome;
  /** Refused with exactly these codes at these places, in this order: `'CODE /at'`. */
  thenRejectsAll(...expected: readonly string[]): Outcome;
  readonly state: PerformanceState;
  /** What holds afterwards on a date, 31 December unless named. */
  standing(day?: string): Standing;
}

/** Each command must be accepted; its events make the state. */
export function given(...commands: readonly PerformanceCommand[]): {
  when(command: PerformanceCommand): Outcome;
  state: PerformanceState;
} {
  const state = emptyTable(YEAR);
  for (const command of commands) {
    const decision = decide(command, state);
    if (!decision.accepted) throw new Error(`given, but refused: ${show(command)}\n${show(decision.rejection)}`);
    for (const event of decision.events) evolve(state, event);
  }
  return { state, when: (command) => outcome(state, command) };
}

function outcome(state: PerformanceState, command: PerformanceCommand): Outcome {
  const decision = decide(command, state);
  for (const event of decision.accepted ? decision.events : []) evolve(state, event);
  const fail = (wanted: string): never => {
    throw new Error(`expected ${wanted}\ncame     ${show(decision.accepted ? decision.events : decision.rejection)}`);
  };
  const faults = decision.accepted ? [] : faultsOf(decision.rejection);
  const self: Outcome = {
    state,
    thenSays(...expected) {
      const events = decision.accepted ? decision.events : [];
      const wanted = expected.map(([type, facts]) => ({ ...facts, type }));
      if (events.length !== wanted.length) fail(show(wanted));
      if (!events.every((event, index) => holds(shown(event), wanted[index]))) fail(show(wanted));
      return self;
    },
    thenNothing() {
      if (!decision.accepted || decision.events.length > 0) fail('no event');
      return self;
    },
    thenRejects(code, facts = {}) {
      if (!faults.some((fault) => holds(fault, { code, ...facts }))) fail(show({ code, ...facts }));
      return self;
    },
    thenRejectsAll(...expected) {
      const came = faults.map((fault) => `${fault.code} ${'at' in fault ? (fault.at ?? '') : ''}`.trim());
      if (!holds(came, expected)) fail(show(expected));
      return self;
    },
    standing: (day) => standingAt(state, day === undefined ? lastDayOf(YEAR) : on(day)),
  };
  return self;
}

const shown = ({ type, effectiveDate, data }: PerformanceEvent): Facts => ({ ...data, type, on: effectiveDate });

export const faultsOf = (rejection: PerformanceRejection): readonly PerformanceRejection[] =>
  rejection.code === 'SEVERAL_FAULTS' ? rejection.faults : [rejection];

/** Whether `came` has at least what `wanted` says; lists must be of equal length. */
function holds(came: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return Object.is(came, wanted);
  if (typeof came !== 'object' || came === null) return false;
  if (Array.isArray(wanted) && (!Array.isArray(came) || came.length !== wanted.length)) return false;
  return Object.entries(wanted).every(([key, value]) => holds((came as Facts)[key], value));
}

const show = (value: unknown): string => JSON.stringify(value);

// ---- What is said -------------------------------------------------------------------------------------------------

/** Targets as printed: `approved('道路 flow ＝16条 ＝22条', …)`; the name is the id. */
export const approved = (...rows: readonly (string | Indicator)[]): Of<'ApproveTargets'> => ({
  type: 'ApproveTargets',
  effectiveDate: on('01-20'),
  indicators: rows.map((row) => (typeof row === 'string' ? printed(row) : row)),
});

export const revised = (day: string, more: Partial<Omit<ReviseTargets, 'type'>>): ReviseTargets => ({
  type: 'ReviseTargets',
  effectiveDate: on(day),
  reason: '预算调整',
  ...more,
});

const SEEN: readonly Evidence[] = [{ title: '验收单' }];
/** `'17'` is a value, `'健全'` a word. */
const valueOf = (said: string | ResultValue): ResultValue => {
  if (typeof said !== 'string') return said;
  return /^[-\d]/.test(said) ? { value: said } : { text: said };
};

export const result = (
  resultId: string,
  indicator: string,
  [day, said]: readonly [day: string, said: string | ResultValue],
  more: Partial<NewResult> = {},
): NewResult => ({ resultId, indicator, effectiveDate: on(day), result: valueOf(said), evidence: SEEN, ...more });

export const recorded = (...results: readonly NewResult[]): Of<'RecordResults'> => ({ type: 'RecordResults', results });

export const corrected = (resultId: string, said: string | ResultValue): Of<'CorrectResult'> => ({
  type: 'CorrectResult',
  resultId,
  result: valueOf(said),
  evidence: SEEN,
  reason: '录错',
});

export const withdrawn = (resultId: string): Of<'WithdrawResult'> => ({
  type: 'WithdrawResult',
  resultId,
  reason: '重复登记',
});

export const fact = (
  factId: string,
  kind: FactKind,
  [day, value]: readonly [day: string, value: string],
): NewBaseFact => ({ factId, fact: kind, effectiveDate: on(day), value, evidence: SEEN });

export const facts = (...rows: readonly NewBaseFact[]): Of<'RecordBaseFacts'> => ({
  type: 'RecordBaseFacts',
  facts: rows,
});
