/** The indicators of a table counted, and the worst of them. */
import { LIGHT_STATES, overallLight } from '#domain/scoring/lights.js';
import type { JudgedIndicator, JudgedTable } from './judged-table.js';
import type { IndicatorsAtAGlanceDto, WorstIndicatorDto } from './overview.dto.js';
import { resultOf } from './target-answer.js';

const MOST = 10;

export function atAGlance({ indicators }: JudgedTable): IndicatorsAtAGlanceDto {
  const verdicts = { met: 0, missed: 0, 'not-assessed': 0 };
  for (const { outcome } of indicators) verdicts[outcome.verdict] += 1;
  const { counts } = overallLight(indicators.map(({ light }) => light.state));
  const bad = indicators.filter(({ light: { state } }) => state === 'red' || state === 'yellow');
  const worst = bad.toSorted(worstFirst).slice(0, MOST).map(worstDto);
  return { indicators: indicators.length, verdicts, lights: counts, worst };
}

/** Of one light those that missed their target first; then in printed order. */
const worstFirst = (a: JudgedIndicator, b: JudgedIndicator): number =>
  LIGHT_STATES.indexOf(a.light.state) - LIGHT_STATES.indexOf(b.light.state) || missed(b) - missed(a);

const missed = ({ outcome: { verdict } }: JudgedIndicator): number => Number(verdict === 'missed');

function worstDto({ indicator, light, outcome }: JudgedIndicator): WorstIndicatorDto {
  const { verdict, distance } = outcome;
  const { result } = resultOf(outcome);
  return {
    indicator: indicator.indicator,
    level3: indicator.level3,
    light: light.state,
    verdict,
    result,
    ...(distance === undefined ? {} : { distance }),
  };
}
