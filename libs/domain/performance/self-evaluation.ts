/**
 * Fills the self-evaluation form 绩效自评表 with what is known on 31 December: money from the books, results from the table,
 * scores by the profile, and what people said of each row. Rule book 3.2, 4.
 */
import { APPROPRIATION_FUNDS, type FundNature } from '#domain/budget/events.js';
import { lastDayOf } from '#domain/calendar.js';
import { type Side, THREE_PUBLIC, economicAmount } from '#domain/metrics/economic.js';
import { executionRate } from '#domain/metrics/execution-rate.js';
import { lotsByLine } from '#domain/metrics/line-lots.js';
import { ALL, type Picture, type Scope, inScope, quantities } from '#domain/metrics/quantities.js';
import { type MetricResult, share } from '#domain/metrics/result.js';
import { type Fen, ZERO, formatYuan, subtract, sum } from '#domain/money.js';
import type { Indicator } from '#domain/performance/events.js';
import { resultFrom } from '#domain/performance/monitoring.js';
import { type Outcome, achievedOf, outcomeOf, profileOf } from '#domain/performance/outcome.js';
import {
  EXECUTION_RATE_ROW,
  type EvaluatedFunds,
  type EvaluatedIndicator,
  type SelfEvaluationForm,
} from '#domain/performance/self-evaluation-form.js';
import type { Standing } from '#domain/performance/standing.js';
import type { Assessment } from '#domain/performance/state.js';
import { formatDecimal, formatPercent } from '#domain/ratio.js';
import { checkEvaluation } from '#domain/scoring/checks.js';
import type { EvaluationSheet, ThreePublicFigures } from '#domain/scoring/evaluation-sheet.js';
import { formatPoints } from '#domain/scoring/points.js';
import type { ScoringProfile } from '#domain/scoring/profile.js';
import type { Score } from '#domain/scoring/score.js';
import { type ScoredTable, scoreTable } from '#domain/scoring/score-table.js';

export interface SelfEvaluationOf {
  readonly unit: string;
  readonly unitName: string;
  readonly year: number;
  /** As of 31 December. */
  readonly standing: Standing;
  /** As of the same day. */
  readonly picture: Picture;
  /** Default: the one chosen for the table, else the whole-department profile. */
  readonly profile?: ScoringProfile;
  /** The work that the money was for is done. */
  readonly finished?: boolean;
}

/** The form, and the scores behind it with all that they still ask for. */
export interface SelfEvaluation {
  readonly form: SelfEvaluationForm;
  readonly table: ScoredTable;
  readonly profile: ScoringProfile;
}

export const selfEvaluationForm = (of: SelfEvaluationOf): SelfEvaluationForm => selfEvaluation(of).form;

/** Throws a RangeError when what is known is of another day than 31 December. */
export function selfEvaluation(of: SelfEvaluationOf): SelfEvaluation {
  const { unit, unitName, year, standing, picture, profile = profileOf(standing), finished } = of;
  const through = lastDayOf(year);
  if (standing.asOf !== through || picture.asOf !== through) {
    throw new RangeError(`a form through ${through} is not made of what held on ${standing.asOf} and ${picture.asOf}`);
  }
  const { indicators, assessments } = standing;
  const ofRate = indicators.some(({ indicator }) => indicator === EXECUTION_RATE_ROW)
    ? undefined
    : assessments.get(EXECUTION_RATE_ROW);
  const outcomes = new Map(
    indicators.map((row) => [row.indicator, outcomeOf(row, { standing, picture, checkpoint: 'annual' })] as const),
  );
  const table = scoreTable({
    profile,
    indicators,
    results: new Map(
      [...outcomes].flatMap(([id, outcome]) => {
        const achieved = achievedOf(outcome);
        return achieved === undefined ? [] : [[id, achieved] as const];
      }),
    ),
    executionRate: {
      result: executionRate.compute(picture, ALL),
      ...(finished === undefined ? {} : { finished }),
      ...(ofRate?.cause === undefined ? {} : { cause: ofRate.cause }),
    },
    assessments: new Map([...assessments].filter(([id]) => outcomes.has(id))),
  });
  const { annualGoal, annualOutcome } = standing.narrative;
  const filled = {
    form: 'self-evaluation',
    version: 1,
    unit,
    unitName,
    year,
    through,
    ...(annualGoal === undefined ? {} : { annualGoal }),
    ...(annualOutcome === undefined ? {} : { annualOutcome }),
    ...(finished === true ? { finished } : {}),
    funds: fundsRows(picture, table.execution, ofRate),
    indicators: indicators.map((row, index) =>
      evaluated(row, outcomes.get(row.indicator), table.rows[index], standing),
    ),
    profile: table.profile,
    groups: table.groups.map(({ group, possible, points }) => ({
      group,
      points: formatPoints(possible),
      score: formatPoints(points),
    })),
    possible: formatPoints(table.possible),
    total: formatPoints(table.total),
    grade: table.grade?.name.zh ?? '',
  } as const;
  const exact = filled.indicators.map((row) => withExactActual(row, outcomes.get(row.indicator)));
  const sheet = { ...sheetOf({ ...filled, indicators: exact }, indicators), ...threePublicOf(picture) };
  const checks = checkEvaluation(sheet, profile);
  return { form: { ...filled, checks }, table, profile };
}

/** A computed figure is scored exactly and printed rounded: 0.004 % misses ≤0 %, and 0.00 % would not. */
const withExactActual = (row: EvaluatedIndicator, outcome: Outcome | undefined): EvaluatedIndicator =>
  outcome?.computed === undefined || outcome.exact === undefined
    ? row
    : { ...row, actual: `${formatDecimal(outcome.exact, CHECKED_DECIMALS)}${unitOf(row)}` };

/** No checked value has more. */
const CHECKED_DECIMALS = 8;
const unitOf = ({ actual }: EvaluatedIndicator): string => /[^\d.-]*$/.exec(actual ?? '')?.[0] ?? '';

/** The form as the checks of rule book 4.8 read it, with the approved indicator beside each row. */
export const sheetOf = (
  { funds, indicators, total, finished }: Pick<SelfEvaluationForm, 'funds' | 'indicators' | 'total' | 'finished'>,
  definitions: readonly Indicator[],
): EvaluationSheet => {
  const byId = new Map(definitions.map((definition) => [definition.indicator, definition]));
  return {
    funds,
    indicators: indicators.map((row) => {
      const definition = byId.get(row.indicator);
      return definition === undefined ? row : { ...row, definition };
    }),
    total,
    ...(finished === undefined ? {} : { finished }),
  };
};

// ---- Money --------------------------------------------------------------------------------------------------------

/** 其他资金. */
const OTHER = ['unit-funds', 'other'] as const satisfies readonly FundNature[];

interface Sums {
  readonly original: Fen;
  readonly current: Fen;
  readonly executed: Fen;
}

/** The total, and of it this year's appropriation, what earlier years left, and other funds: they add up to it. */
function fundsRows(
  picture: Picture,
  execution: Score | undefined,
  said: Assessment | undefined,
): readonly EvaluatedFunds[] {
  const total = sumsOf(picture, ALL);
  const appropriation = { funds: APPROPRIATION_FUNDS, expenditure: 'all' } as const;
  const other = { funds: OTHER, expenditure: 'all' } as const;
  const scored =
    execution === undefined
      ? {}
      : { points: formatPoints(execution.weight), ...scoreOf(execution), ...reasonsOf(said) };
  return [
    { ...fundsRow('total', total), ...scored },
    fundsRow('appropriation', less(sumsOf(picture, appropriation), earlierYears(picture, appropriation))),
    fundsRow('carry-over', earlierYears(picture, ALL)),
    fundsRow('other', less(sumsOf(picture, other), earlierYears(picture, other))),
  ];
}

const scoreOf = ({ status, points }: Score): Pick<EvaluatedFunds, 'score'> =>
  status === 'scored' ? { score: formatPoints(points) } : {};

function sumsOf(picture: Picture, scope: Scope): Sums {
  const { original, current, paid } = quantities(picture, scope);
  return { original, current, executed: paid };
}

/** Lots of earlier years after transfers and cuts, and what was paid of them: by name, else the oldest first. */
function earlierYears({ figures, year }: Picture, scope: Scope): Sums {
  const own = figures.filter((figure) => inScope(scope, figure));
  const lots = [...lotsByLine(own, year).values()].flat().filter(({ originYear }) => originYear < year);
  return {
    original: ZERO,
    current: sum(lots.map(({ budget }) => budget)),
    executed: sum(lots.map(({ paid }) => paid)),
  };
}

const less = (a: Sums, b: Sums): Sums => ({
  original: subtract(a.original, b.original),
  current: subtract(a.current, b.current),
  executed: subtract(a.executed, b.executed),
});

function fundsRow(row: EvaluatedFunds['row'], { original, current, executed }: Sums): EvaluatedFunds {
  const rate: MetricResult = share(executed, current);
  return {
    row,
    original: formatYuan(original),
    current: formatYuan(current),
    executed: formatYuan(executed),
    rate: rate.status === 'OK' ? formatPercent(rate.ratio) : null,
    ...(rate.status === 'OK' ? {} : { reason: rate.reason }),
  };
}

/** “三公经费” of the books, where every amount is coded well enough to tell; else nothing, which the checks say. */
function threePublicOf(picture: Picture): Pick<EvaluationSheet, 'threePublic'> {
  const [budget, actual] = [threePublicSide(picture, 'current'), threePublicSide(picture, 'paid')];
  if (budget === undefined && actual === undefined) return {};
  return { threePublic: { ...(budget === undefined ? {} : { budget }), ...(actual === undefined ? {} : { actual }) } };
}

function threePublicSide({ figures }: Picture, side: Side): ThreePublicFigures | undefined {
  const { coverage } = economicAmount(figures, ALL, { codes: THREE_PUBLIC, side });
  if (coverage.codedFen !== coverage.totalFen || coverage.totalFen === 0) return undefined;
  const of = (...codes: string[]) => formatYuan(economicAmount(figures, ALL, { codes, side }).fen);
  return {
    total: of(...THREE_PUBLIC),
    trips: of('30212'),
    vehiclePurchase: of('31013', '30913'),
    vehicleRunning: of('30231'),
    reception: of('30217'),
  };
}

// ---- Indicators ---------------------------------------------------------------------------------------------------

function evaluated(
  indicator: Indicator,
  outcome: Outcome | undefined,
  scored: ScoredTable['rows'][number] | undefined,
  { assessments }: Standing,
): EvaluatedIndicator {
  if (outcome === undefined || scored === undefined) throw new Error(`${indicator.indicator} was not scored`);
  const { level1, level2, keyWork, level3, annual } = indicator;
  const { score } = scored;
  const said = assessments.get(indicator.indicator);
  return {
    indicator: indicator.indicator,
    level1,
    level2,
    ...(keyWork === undefined ? {} : { keyWork }),
    level3,
    annual: annual.text,
    actual: outcome.printed,
    ...(outcome.resultDate === undefined ? {} : { resultDate: outcome.resultDate }),
    ...resultFrom(outcome),
    points: formatPoints(score.weight),
    score: score.status === 'scored' ? formatPoints(score.points) : null,
    ...(score.status === 'scored' ? {} : { reason: whyNoScore(score, outcome) }),
    rule: score.rule,
    ...(score.grade === undefined ? {} : { grade: score.grade }),
    ...reasonsOf(said),
  };
}

const reasonsOf = (said: Assessment | undefined): Pick<EvaluatedIndicator, 'cause' | 'improvement'> => ({
  ...(said?.cause === undefined ? {} : { cause: said.cause }),
  ...(said?.improvement === undefined ? {} : { improvement: said.improvement }),
});

/** Left out: why the figure says nothing. Open: what is still missing. */
function whyNoScore({ status, problems }: Score, { computed }: Outcome): string {
  if (status === 'left-out' && computed !== undefined && computed.status !== 'OK') return computed.reason;
  return problems[0]?.code ?? 'NO_SCORE';
}
