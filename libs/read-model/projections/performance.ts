/** Events of a performance table as rows. */
import type { PerformanceEvent } from '#domain/performance/events.js';
import type { Changes } from '#read-model/projections/changes.js';
import { assertStorable } from '#read-model/projections/storable.js';
import type { Fact } from '#read-model/projections/streams.js';

export function projectPerformance(
  { unit, year }: { readonly unit: string; readonly year: number },
  { event, envelope, position }: Fact<PerformanceEvent>,
  changes: Changes,
): void {
  assertStorable(envelope);
  const { effectiveDate } = event;
  const { stream, revision } = envelope;
  const approved = event.type === 'TargetsApproved' ? event.data.indicators : [];
  const rows = approved.map((definition, ordinal) => {
    const { indicator } = definition;
    return { unit, year, position, indicator, ordinal, revision, effectiveDate, definition };
  });
  changes.indicators.push(...rows);
  changes.mentions.push({ unit, year, position, line: '', stream, revision, effectiveDate });
}
