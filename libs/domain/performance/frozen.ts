/** What must be so of any form before it is frozen: it is this year's, made of what is known now, with a row for each indicator. */
import { sameEntry } from '#domain/budget/rules.js';
import type { CivilDate } from '#domain/calendar.js';
import type { FormSources } from '#domain/performance/events.js';
import type { PerformanceFault } from '#domain/performance/rejections.js';
import { indicatorAt } from '#domain/performance/standing.js';
import { isOfYear, type PerformanceState } from '#domain/performance/state.js';

export const performanceStream = (unit: string, year: number): string => `performance-${unit}-${year}`;

interface AnyForm {
  readonly unit: string;
  readonly year: number;
  /** Last day of the months covered. */
  readonly through: CivilDate;
  readonly indicators: readonly { readonly indicator: string }[];
}

interface Frozen {
  /** Of the submission. */
  readonly effectiveDate: CivilDate;
  readonly sources: FormSources;
  /** Last day of the months that the form must cover. */
  readonly through: CivilDate;
}

export function formFaults(
  state: PerformanceState,
  form: AnyForm,
  { effectiveDate, sources, through }: Frozen,
): PerformanceFault[] {
  const { year } = state;
  if (form.year !== year) return [{ at: '/form/year', code: 'FORM_OF_OTHER_YEAR', formYear: form.year, year }];
  return [
    ...periodFaults(state, form, { effectiveDate, sources, through }),
    ...sourceFaults(state, form, sources),
    ...rowFaults(state, form, through),
  ];
}

/** Months are reported when they are over, and as they ended: the form and the books behind it are of one date. */
function periodFaults(
  state: PerformanceState,
  form: AnyForm,
  { effectiveDate, sources, through }: Frozen,
): PerformanceFault[] {
  const faults: PerformanceFault[] = [];
  // That a date is before the year is said by itself.
  if (isOfYear(state, effectiveDate) && effectiveDate < through) {
    faults.push({ at: '/effectiveDate', code: 'FORM_TOO_EARLY', date: effectiveDate, through });
  }
  const dates = { '/form/through': form.through, '/sources/asOf': sources.asOf };
  for (const [at, found] of Object.entries(dates)) {
    if (found !== through) faults.push({ at, code: 'FORM_OF_OTHER_PERIOD', found, through });
  }
  return faults;
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

/**
 * Whether two forms were made of the same books and formulas. The table's own revision, and when its last event was recorded,
 * move with the submission itself: what changed in the table is in the form.
 */
export const isOfSameSources = (a: FormSources, b: FormSources, own: string): boolean =>
  sameEntry(withoutOwn(a, own), withoutOwn(b, own));

const withoutOwn = ({ knownAt: _moves, streams, ...rest }: FormSources, own: string): object => ({
  ...rest,
  streams: streams.filter(({ stream }) => stream !== own),
});
