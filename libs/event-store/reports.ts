/** What a seal keeps, made from the log: streams are read once, up to given revisions, and each report becomes text and digest. */
import { createHash } from 'node:crypto';
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import type { BudgetEvent, PeriodSealed } from '#domain/budget/events.js';
import { lastDayOf } from '#domain/calendar.js';
import type { Envelope } from '#domain/envelope.js';
import { enter, openBooks, type BooksOf } from '#domain/metrics/books.js';
import { sealedReports, type Cited, type ReportSources, type SealedReport } from '#domain/metrics/sealed-report.js';
import { performanceDecider, performanceStream } from '#domain/performance/decide.js';
import type { PerformanceEvent } from '#domain/performance/events.js';
import { standingAt, type Standing } from '#domain/performance/standing.js';
import { canonicalJson } from './canonical.js';
import type { EventStore } from './port.js';

export type KeptText = PeriodSealed['data']['reports'][number];

/** What was taken of the three streams that the reports of a unit and year rest on. */
export interface TakenSources extends ReportSources {
  /** The whole performance table as of the date; `targets` are its indicators. */
  readonly standing: Standing;
  /** UTC ms of the last event taken; 0 when there is none. */
  readonly recordedAt: number;
}

/** A stream cannot be folded: one of its events cannot follow those before it. */
export class StreamDamaged extends Error {
  override readonly name = 'StreamDamaged';
  constructor(
    readonly stream: string,
    readonly revision: number,
    options: ErrorOptions,
  ) {
    super(`${stream}: the event at revision ${revision} cannot follow those before it`, options);
  }
}

export interface OpenSources {
  /** This year's budget, its targets, last year's budget: to be taken one after the other, each in its order. */
  readonly streams: readonly string[];
  /** One more event of one of the streams, as stored. Throws `StreamDamaged`. */
  readonly take: (event: Envelope) => void;
  readonly sources: () => TakenSources;
}

/** Sources of the reports through `of.asOf`, before any event. */
export function openSources(of: BooksOf): OpenSources {
  const { unit, year, asOf } = of;
  const budget = budgetDecider(unit, year);
  const performance = performanceDecider(year);
  const books = openBooks(of);
  const before = openBooks({ unit, year: year - 1, asOf: lastDayOf(year - 1) });
  const table = performance.initialState();
  const names = [budgetStream(unit, year), performanceStream(unit, year), budgetStream(unit, year - 1)] as const;
  const takers: Readonly<Record<string, (event: Envelope) => void>> = {
    [names[0]]: (event) => enter(books, current<BudgetEvent>(event, budget)),
    [names[1]]: (event) => performance.evolve(table, current<PerformanceEvent>(event, performance)),
    [names[2]]: (event) => enter(before, current<BudgetEvent>(event, budget)),
  };
  const last = new Map<string, Envelope>();
  const cited = (name: string): Cited | undefined => {
    const event = last.get(name);
    return event && { stream: name, revision: event.revision };
  };
  return {
    streams: names,
    take(event) {
      const { stream, revision } = event;
      try {
        takers[stream]?.(event);
      } catch (cause) {
        throw new StreamDamaged(stream, revision, { cause });
      }
      last.set(stream, event);
    },
    sources: () => {
      const standing = standingAt(table, asOf);
      return {
        books,
        before,
        standing,
        targets: standing.indicators,
        streams: { budget: cited(names[0]), performance: cited(names[1]), before: cited(names[2]) },
        recordedAt: Math.max(0, ...[...last.values()].map(({ recordedAt }) => recordedAt)),
      };
    },
  };
}

const current = <Event>(
  event: Envelope,
  { upcast }: { readonly upcast: (type: string, version: number, data: unknown) => unknown },
): Event => ({ ...event, data: upcast(event.type, event.version, event.data) }) as unknown as Event;

/** Last revision to read of a stream: `Infinity` for all, below 0 for nothing. */
export type UpTo = (stream: string) => number;

/** Reads what the reports through `of.asOf` rest on. Throws `StreamDamaged`, `StoreUnavailable`. */
export async function readSources(store: Pick<EventStore, 'read'>, of: BooksOf, upTo: UpTo): Promise<TakenSources> {
  const { streams, take, sources } = openSources(of);
  for (const stream of streams) {
    const until = upTo(stream);
    if (until < 0) continue;
    for await (const event of store.read(stream, Number.isFinite(until) ? { limit: until + 1 } : {})) take(event);
  }
  return sources();
}

/** The reports as they are stored: canonical text and its digest. `metrics`: the formulas to use, default all. */
export const reportTexts = (
  sources: ReportSources,
  metrics?: readonly string[],
): readonly (SealedReport & KeptText)[] =>
  sealedReports(sources, { bytesOf, ...(metrics === undefined ? {} : { metrics }) }).map((report) => {
    const text = canonicalJson(report.value);
    return { ...report, sha256: digestOfText(text), canonicalJson: text };
  });

const bytesOf = (value: unknown): number => Buffer.byteLength(canonicalJson(value));

/** SHA-256 (hex) of the UTF-8 bytes of a text: what `sha256sum` says of the file. */
export const digestOfText = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What a seal says of the sources that it was made on, and the reports themselves. */
export const keptOf = (sources: TakenSources): Pick<PeriodSealed['data'], 'knownAt' | 'streams' | 'reports'> => ({
  knownAt: sources.recordedAt,
  streams: Object.values(sources.streams).filter((cited) => cited !== undefined),
  reports: reportTexts(sources).map(({ kind, scope, sha256, canonicalJson: text }) => ({
    kind,
    scope,
    sha256,
    canonicalJson: text,
  })),
});
