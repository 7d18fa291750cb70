/** What must be so of any form before it is frozen: it is this year's, made of what is known now, with a row for each indicator. */
import type { CivilDate } from '#domain/calendar.js';
import type { FormSources } from '#domain/performance/events.js';
import type { PerformanceFault } from '#domain/performance/rejections.js';
import { indicatorAt } from '#domain/performance/standing.js';
import type { PerformanceState } from '#domain/performance/state.js';

export const performanceStream = (unit: string, year: number): string => `performance-${unit}-${year}`;

interface AnyForm {
  readonly unit: string;
  readonly year: number;
  readonly indicators: readonly { readonly indicator: string }[];
}

export function formFaults(
  state: PerformanceState,
  form: AnyForm,
  { sources, through }: { readonly sources: FormSources; readonly through: CivilDate },
): PerformanceFault[] {
  const { year } = state;
  if (form.year !== year) return [{ at: '/form/year', code: 'FORM_OF_OTHER_YEAR', formYear: form.year, year }];
  return [...sourceFaults(state, form, sources), ...rowFaults(state, form, through)];
}

/** A result that came in since would be missing from the frozen form. */
function sourceFaults(state: PerformanceState, { unit, year }: AnyForm, { streams }: FormSources): PerformanceFault[] {
  const cited = streams.find(({ stream }) => stream === performanceStream(unit, year))?.revision ?? -1;
  const revision = state.revision - 1;
  return cited === revision ? [] : [{ at: '/sources/streams', code: 'SOURCES_OUTDATED', cited, revision }];
}

function rowFaults(state: PerformanceState, { indicators }: AnyForm, through: CivilDate): PerformanceFault[] {
  const wanted = state.order.filter((id) => indicatorAt(state, id, through).length > 0);
  const named = indicators.map(({ indicator }) => indicator);
  const missing = wanted.filter((id) => !named.includes(id));
  const unknown = named.filter((id, index) => !wanted.includes(id) || named.indexOf(id) !== index);
  if (missing.length + unknown.length === 0) return [];
  return [{ at: '/form/indicators', code: 'FORM_ROWS_DIFFER', missing, unknown }];
}
