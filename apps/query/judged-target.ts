/** One indicator at one checkpoint: its result, the verdict and the distance to it. */
import { type Checkpoint, checkpointDate } from '#domain/calendar.js';
import { ALL, type Picture } from '#domain/metrics/quantities.js';
import { metricById } from '#domain/metrics/registry.js';
import type { Indicator } from '#domain/performance/events.js';
import { formatDecimal } from '#domain/ratio.js';
import { inUnit, judge, targetOf } from '#domain/scoring/verdict.js';
import type { TargetDto } from './targets.dto.js';

type Judged = Pick<TargetDto, 'result' | 'verdict' | 'distance' | 'exceeded' | 'violation' | 'reason'>;

const withoutResult = (reason: string): Judged => ({ result: null, verdict: 'not-assessed', reason });

export const judgedTarget = (indicator: Indicator, picture: Picture, checkpoint: Checkpoint): TargetDto => ({
  ...indicator,
  ...judged(indicator, picture, checkpoint),
});

/** Before the checkpoint's date the result as it stands and the distance are given, but no verdict (design 4). */
function judged(indicator: Indicator, picture: Picture, checkpoint: Checkpoint): Judged {
  const target = targetOf(indicator, checkpoint);
  if (target === undefined || indicator.metric === undefined) return withoutResult('NO_RESULT');
  const metric = metricById(indicator.metric);
  if (metric === undefined) return withoutResult('UNKNOWN_METRIC');
  const result = metric.compute(picture, indicator.scope ?? ALL);
  const at = { asOf: picture.asOf, checkpointDate: checkpointDate(picture.year, checkpoint) };
  const { verdict, distance, exceeded, violation, reason } = judge(result, target, at);
  return {
    result:
      result.status === 'OK' ? formatDecimal(inUnit(result.ratio, target.unit), Math.max(2, target.decimals)) : null,
    verdict,
    ...(distance === undefined ? {} : { distance: distance.text }),
    ...(exceeded ? { exceeded } : {}),
    ...(violation ? { violation } : {}),
    ...(reason === undefined ? {} : { reason }),
  };
}
