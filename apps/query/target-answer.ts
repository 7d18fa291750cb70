/** One indicator with its targets, result, verdict and pace, as answers show it. */
import type { WeightRules } from '#domain/metrics/table-coherence.js';
import { decimalRatio, formatDecimal, plus, wholeRatio } from '#domain/ratio.js';
import type { Outcome } from '#domain/performance/outcome.js';
import type { ScoringProfile } from '#domain/scoring/profile.js';
import { lightDto, standDto, work } from './course-answer.js';
import type { JudgedIndicator, JudgedTable } from './judged-table.js';
import { courseOf } from './paced-indicators.js';
import type { TargetDto, TargetsQuery } from './targets.dto.js';

export function targetDto(judged: JudgedIndicator, table: JudgedTable): TargetDto {
  const { indicator, outcome, light } = judged;
  const { resultDate, verdict, reason, distance, exceeded, violation, withinTolerance } = outcome;
  const writing = work(indicator.decimals);
  const lines = table.standing.links.get(indicator.indicator);
  const course = courseOf(judged, table);
  return {
    ...indicator,
    ...resultOf(outcome),
    ...(resultDate === undefined ? {} : { resultDate }),
    verdict,
    ...(distance === undefined ? {} : { distance }),
    ...(exceeded ? { exceeded } : {}),
    ...(violation ? { violation } : {}),
    ...(withinTolerance ? { withinTolerance } : {}),
    ...(reason === undefined ? {} : { reason }),
    light: lightDto(light, writing),
    ...(lines === undefined ? {} : { lines }),
    ...(course === undefined || course.kind === 'level' ? {} : { pace: standDto(course, table.picture.asOf, writing) }),
  };
}

/** A value in the unit of the target, a word, or how many points of a checklist are met; and where it comes from. */
export function resultOf({ source, value, printed }: Outcome): Pick<TargetDto, 'result' | 'points' | 'resultFrom'> {
  const result = value ?? printed;
  switch (source.kind) {
    case 'none':
      return { result };
    case 'money':
      return { result, resultFrom: { metric: source.metric, version: source.version } };
    case 'facts': {
      const { metric, version, facts } = source;
      return { result, resultFrom: { metric, version, facts: facts.map(({ factId }) => factId) } };
    }
    case 'recorded': {
      const { resultId, result: recorded } = source.result;
      const { points } = recorded;
      return { result, ...(points === undefined ? {} : { points }), resultFrom: { resultId } };
    }
    default:
      throw new Error(`unknown source ${(source satisfies never as { kind: string }).kind}`);
  }
}

/** All filters of the query must hold. */
export const isWanted =
  ({ level1, verdict, light }: TargetsQuery) =>
  (judged: JudgedIndicator): boolean =>
    (level1 === undefined || judged.indicator.level1 === level1) &&
    (verdict === undefined || judged.outcome.verdict === verdict) &&
    (light === undefined || judged.light.state === light);

/** The weights that a profile gives to indicators: groups without any, as the funds block, have points of their own. */
export function weightsOf({ groups }: ScoringProfile): WeightRules {
  const ofIndicators = groups.filter(({ level1, level2 }) => level1.length + (level2?.length ?? 0) > 0);
  const total = ofIndicators.map(({ weight }) => decimalRatio(weight)).reduce(plus, wholeRatio(0));
  return { total: formatDecimal(total, 2), groups: ofIndicators };
}
