/** Where the read models stand as a whole: how far they have come, and which streams stopped before that. */
import { freshness, type KnownPlace } from './known.js';
import { reading, type ReadFrom } from './snapshot.js';

/** A stream that stopped at an event which cannot be projected. */
export interface Stop {
  readonly stream: string;
  /** Of the event that it stopped at; this one and what follows it are not in the read models. */
  readonly revision: number;
  /** Place of that event in the log's order. */
  readonly order: bigint;
  readonly error: string;
}

export interface Standing extends KnownPlace {
  /** By stream. */
  readonly parked: ReadonlyMap<string, Stop>;
}

/** Both from one snapshot: what is parked is parked at this place. */
export const standing = (from: ReadFrom): Promise<Standing> =>
  reading(from, async (opened) => {
    const place = await freshness(opened);
    const rows = await opened.rows<Omit<Stop, 'order'> & { readonly position: string }>(
      'SELECT stream, revision, position, error FROM parked ORDER BY position',
      [],
    );
    const stops = rows.map(({ position, ...row }): Stop => ({ ...row, order: BigInt(position) }));
    return { ...place, parked: new Map(stops.map((stop) => [stop.stream, stop])) };
  });
