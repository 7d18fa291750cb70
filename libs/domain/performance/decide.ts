/** The performance table of one unit and year as a decider: the targets, approved as a whole. */
import { yearOf, type CivilDate } from '#domain/calendar.js';
import { accept, reject, type Decider, type Decision } from '#domain/decider.js';
import type { DocumentRef } from '#domain/envelope.js';
import { PERFORMANCE_EVENT_VERSIONS, type Indicator, type PerformanceEvent } from '#domain/performance/events.js';
import { upcaster } from '#domain/upcaster.js';

export interface PerformanceState {
  readonly year: number;
  indicators: readonly Indicator[] | undefined;
  approvedOn: CivilDate | undefined;
}

export interface ApproveTargets {
  readonly type: 'ApproveTargets';
  readonly effectiveDate: CivilDate;
  readonly indicators: readonly Indicator[];
  readonly document?: DocumentRef;
  readonly dateAssumed?: true;
}
export type PerformanceCommand = ApproveTargets;

export type PerformanceFault = { readonly at?: string } & (
  | { readonly code: 'TARGETS_ALREADY_APPROVED'; readonly approvedOn: CivilDate }
  | { readonly code: 'DATE_OUTSIDE_YEAR'; readonly date: CivilDate; readonly year: number }
  | { readonly code: 'NOTHING_TO_DO' }
  | { readonly code: 'DUPLICATE_INDICATOR'; readonly indicator: string }
  | { readonly code: 'TARGET_VALUE_MISSING'; readonly indicator: string }
);
export type PerformanceRejection =
  PerformanceFault | { readonly code: 'SEVERAL_FAULTS'; readonly faults: readonly PerformanceFault[] };

export type PerformanceDecider = Decider<PerformanceState, PerformanceCommand, PerformanceEvent, PerformanceRejection>;

export const performanceStream = (unit: string, year: number): string => `performance-${unit}-${year}`;

export const performanceDecider = (year: number): PerformanceDecider => ({
  initialState: () => ({ year, indicators: undefined, approvedOn: undefined }),
  evolve: (state, event) => {
    state.indicators = event.data.indicators;
    state.approvedOn = event.effectiveDate;
    return state;
  },
  decide,
  versions: PERFORMANCE_EVENT_VERSIONS,
  upcast: upcaster(PERFORMANCE_EVENT_VERSIONS, {}),
});

/** The formulas read target values as exact decimals (`decimalRatio`); `38%` or `1e3` is no value. */
const isDecimal = (text: string | undefined): boolean => text !== undefined && /^-?\d+(\.\d+)?$/.test(text);

function decide(
  command: PerformanceCommand,
  state: PerformanceState,
): Decision<PerformanceEvent, PerformanceRejection> {
  const { effectiveDate, indicators, document, dateAssumed } = command;
  const faults: PerformanceFault[] = [];
  if (state.approvedOn !== undefined) faults.push({ code: 'TARGETS_ALREADY_APPROVED', approvedOn: state.approvedOn });
  if (yearOf(effectiveDate) !== state.year) {
    faults.push({ at: '/effectiveDate', code: 'DATE_OUTSIDE_YEAR', date: effectiveDate, year: state.year });
  }
  if (indicators.length === 0) faults.push({ at: '/indicators', code: 'NOTHING_TO_DO' });
  const seen = new Set<string>();
  indicators.forEach(({ indicator, comparator, half, annual }, index) => {
    const at = `/indicators/${index}`;
    if (seen.has(indicator)) faults.push({ at, code: 'DUPLICATE_INDICATOR', indicator });
    seen.add(indicator);
    const numeric = comparator !== 'word';
    if (numeric && !(isDecimal(half.value) && isDecimal(annual.value))) {
      faults.push({ at, code: 'TARGET_VALUE_MISSING', indicator });
    }
  });
  const [first, ...others] = faults;
  if (first !== undefined) return reject(others.length === 0 ? first : { code: 'SEVERAL_FAULTS', faults });
  return accept({
    type: 'TargetsApproved',
    effectiveDate,
    data: { indicators, ...(document ? { document } : {}), ...(dateAssumed ? { dateAssumed } : {}) },
  });
}
