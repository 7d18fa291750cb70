/** Results and base facts as they were recorded: each with what corrected it and what took it back, told by their events. */
import type { CivilDate } from '#domain/calendar.js';
import type { PerformanceEntry } from '#read-model/queries/performance.js';

type Of<Type extends PerformanceEntry['type']> = Extract<PerformanceEntry, { readonly type: Type }>;

const EVENTS = {
  result: {
    id: 'resultId',
    first: 'IndicatorResultRecorded',
    corrected: 'ResultCorrected',
    withdrawn: 'ResultWithdrawn',
  },
  fact: { id: 'factId', first: 'BaseFactRecorded', corrected: 'BaseFactCorrected', withdrawn: 'BaseFactWithdrawn' },
} as const satisfies Record<string, Readonly<Record<string, PerformanceEntry['type'] | 'resultId' | 'factId'>>>;

type Kind = keyof typeof EVENTS;

export interface Recorded<K extends Kind> {
  readonly id: string;
  /** The date that it holds for. */
  readonly date: CivilDate;
  readonly first: Of<(typeof EVENTS)[K]['first']>;
  readonly corrections: readonly Of<(typeof EVENTS)[K]['corrected']>[];
  readonly withdrawn?: Of<(typeof EVENTS)[K]['withdrawn']>;
}

/** Types of the events that a kind of entry is told by. */
export const eventsOfKind = (kind: Kind): readonly PerformanceEntry['type'][] => {
  const { first, corrected, withdrawn } = EVENTS[kind];
  return [first, corrected, withdrawn];
};

/** Entries dated up to and including `until`, by date and then in the order recorded. An id belongs to one entry for ever. */
export function recordedEntries<K extends Kind>(
  kind: K,
  entries: readonly PerformanceEntry[],
  until: CivilDate,
): readonly Recorded<K>[] {
  const { id: idName, first, corrected, withdrawn } = EVENTS[kind];
  const found = new Map<string, Recorded<K>>();
  for (const entry of entries) {
    if (entry.effectiveDate > until) continue;
    const id = (entry.data as Readonly<Record<string, unknown>>)[idName];
    if (typeof id !== 'string') continue;
    if (entry.type === first) {
      const { effectiveDate: date } = entry;
      found.set(id, { id, date, first: entry as Recorded<K>['first'], corrections: [] });
      continue;
    }
    const known = found.get(id);
    if (known === undefined) throw new Error(`${entry.type} names ${id}, which was not recorded before`);
    if (entry.type === corrected) {
      const correction = entry as Recorded<K>['corrections'][number];
      found.set(id, { ...known, corrections: [...known.corrections, correction] });
    }
    if (entry.type === withdrawn) {
      found.set(id, { ...known, withdrawn: entry as NonNullable<Recorded<K>['withdrawn']> });
    }
  }
  return [...found.values()].sort(byDate);
}

/** The events that an entry is made of, in the order recorded. */
export const eventsOfEntry = ({ first, corrections, withdrawn }: Events): readonly PerformanceEntry[] => [
  first,
  ...corrections,
  ...(withdrawn === undefined ? [] : [withdrawn]),
];

interface Events {
  readonly first: PerformanceEntry;
  readonly corrections: readonly PerformanceEntry[];
  readonly withdrawn?: PerformanceEntry;
}

type Placed = Pick<Events, 'first'> & { readonly date: CivilDate };

const byDate = (a: Placed, b: Placed): number =>
  a.date < b.date ? -1 : a.date > b.date ? 1 : a.first.position < b.first.position ? -1 : 1;
