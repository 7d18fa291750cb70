/** Messages of a live stream as text/event-stream, and which of them a reader wants. */
import type { Standing, Stop } from '#read-model/queries/standing.js';
import { familyOf } from '#read-model/projections/streams.js';
import type { ChangedDto, ChangesDto, HelloDto, StaleTellingDto, StaleStreamDto } from './live.dto.js';
import type { Change, Telling } from './tellings.js';
import { staleWords } from './year-reads.js';

/** A reader of one unit, of one year, or of everything. What the directory says of a unit concerns all its years. */
export interface LiveFilter {
  readonly unit?: string;
  readonly year?: number;
}

interface Concerned {
  readonly unit?: string;
  readonly year?: number;
}

/** How long a reader waits before it comes back, in ms. */
export const RETRY_MS = 2_000;

const concerns = (filter: LiveFilter, { unit, year }: Concerned): boolean =>
  (filter.unit === undefined || unit === undefined || unit === filter.unit) &&
  (filter.year === undefined || year === undefined || year === filter.year);

/**
 * The first message. `from` is where the reader's own place is, which must not move before it has been told what lies
 * between.
 */
export function hello(from: Standing, now: Standing, filter: LiveFilter): string {
  const stale = [...now.parked.values()].map(staleStream).filter((stream) => concerns(filter, stream));
  const body: HelloDto = { position: now.position, ...timeOf(now), stale };
  return `retry: ${RETRY_MS}\n${message('hello', from, body)}`;
}

/** `undefined` when nothing of it concerns the reader. */
export function messageOf(telling: Telling, filter: LiveFilter): string | undefined {
  const { at } = telling;
  if ('stop' in telling) {
    const stream = staleStream(telling.stop);
    const body: StaleTellingDto = { position: at.position, ...timeOf(at), ...stream };
    return concerns(filter, stream) ? message('stale', at, body) : undefined;
  }
  const changes = telling.changes.filter((change) => concerns(filter, change));
  if (changes.length === 0) return undefined;
  const body: ChangesDto = { position: at.position, ...timeOf(at), changes: changes.map(changed) };
  return message('change', at, body);
}

/** Keeps an idle connection open and moves the reader's place past what did not concern it. */
export const heartbeat = ({ position }: Standing): string => `: here\nid: ${position}\n\n`;

const message = (event: string, { position }: Standing, body: object): string =>
  `id: ${position}\nevent: ${event}\ndata: ${JSON.stringify(body)}\n\n`;

const timeOf = ({ recordedAt }: Standing): { readonly recordedAt?: string } =>
  recordedAt === 0 ? {} : { recordedAt: new Date(recordedAt).toISOString() };

const changed = ({ unit, year, family, revision, events, types }: Change): ChangedDto => ({
  unit,
  ...(year === undefined ? {} : { year }),
  family,
  revision,
  events,
  types,
});

function staleStream(stop: Stop): StaleStreamDto {
  const family = familyOf(stop.stream);
  if (family === undefined) throw new Error(`${stop.stream} feeds no read model and cannot be parked`);
  return { ...family, revision: stop.revision, reason: staleWords(stop) };
}
