/** The results of a table at two moments: those that are not the same. */
import type { IndicatorAtDto, IndicatorChangeDto, IndicatorsAtBothDto } from './compare.dto.js';
import type { JudgedIndicator } from './judged-table.js';
import { resultOf } from './target-answer.js';

/** In the printed order of `b`, then what only `a` has. */
export function indicatorChanges(a: readonly JudgedIndicator[], b: readonly JudgedIndicator[]): IndicatorsAtBothDto {
  const [before, after] = [byId(a), byId(b)];
  const ids = [...new Set([...after.keys(), ...before.keys()])];
  const changes = ids.flatMap((id) => changeOf(before.get(id), after.get(id)));
  return {
    indicators: ids.length,
    changed: changes.length,
    turned: changes.filter(({ turned }) => turned).length,
    changes,
  };
}

const byId = (indicators: readonly JudgedIndicator[]): ReadonlyMap<string, JudgedIndicator> =>
  new Map(indicators.map((judged) => [judged.indicator.indicator, judged]));

function changeOf(a: JudgedIndicator | undefined, b: JudgedIndicator | undefined): readonly IndicatorChangeDto[] {
  const of = b ?? a;
  if (of === undefined) throw new Error('an indicator of neither moment');
  const [before, after] = [a && atMoment(a), b && atMoment(b)];
  if (before?.result === after?.result && before?.verdict === after?.verdict) return [];
  return [
    {
      indicator: of.indicator.indicator,
      level3: of.indicator.level3,
      ...(before === undefined ? {} : { a: before }),
      ...(after === undefined ? {} : { b: after }),
      ...(before !== undefined && after !== undefined && before.verdict !== after.verdict ? { turned: true } : {}),
    },
  ];
}

function atMoment({ outcome, light }: JudgedIndicator): IndicatorAtDto {
  const { result } = resultOf(outcome);
  return { result, verdict: outcome.verdict, light: light.state };
}
