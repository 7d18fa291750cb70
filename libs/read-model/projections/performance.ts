/** Events of a performance table as rows: each as it is, and the lines that its history belongs to. */
import type { PerformanceEvent } from '#domain/performance/events.js';
import { NO_LINE } from '#read-model/entities/story.js';
import type { Changes } from '#read-model/projections/changes.js';
import { assertStorable } from '#read-model/projections/storable.js';
import type { Fact } from '#read-model/projections/streams.js';

export function projectPerformance(
  { unit, year }: { readonly unit: string; readonly year: number },
  { event, envelope, position, recordedAt }: Fact<PerformanceEvent>,
  changes: Changes,
): void {
  assertStorable(envelope);
  const { type, effectiveDate, belongsTo = null, data } = event;
  const { id, stream, revision, meta } = envelope;
  const { id: actor, name: actorName = null } = meta.actor;
  changes.performance.push({
    ...{ unit, year, position, revision, eventId: id, effectiveDate, belongsTo, type, data },
    ...{ actor, actorName, recordedAt },
  });
  for (const line of new Set(linesNamed(event))) {
    changes.mentions.push({ unit, year, position, line, stream, revision, effectiveDate });
  }
}

/** At least one. The targets concern every line; results, facts and forms belong to the history of none. */
function linesNamed({ type, data }: PerformanceEvent): readonly string[] {
  switch (type) {
    case 'TargetsApproved':
    case 'TargetRevised':
    case 'IndicatorAdded':
    case 'IndicatorWithdrawn':
      return [''];
    case 'IndicatorLinked':
      return data.lines.length === 0 ? [NO_LINE] : data.lines;
    case 'RectificationOpened':
      return [data.line ?? NO_LINE];
    default:
      return [NO_LINE];
  }
}
