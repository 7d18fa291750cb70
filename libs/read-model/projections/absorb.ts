/**
 * Takes batches of the log in and says which rows they add and change. Keeps in memory what the next batch is likely to
 * need; everything it keeps can be loaded again, so after any failure it forgets all of it.
 */
import type { Envelope } from '#domain/envelope.js';
import type { LogClock, Parked, StreamPosition } from '#read-model/entities/progress.js';
import { arrivals } from '#read-model/projections/arrivals.js';
import { noChanges, type Changes } from '#read-model/projections/changes.js';
import type { Place, Recorded } from '#read-model/projections/clock.js';
import { recentLedgers, type Ledgers } from '#read-model/projections/ledgers.js';
import type { LogReader } from '#read-model/projections/log-reader.js';
import { PoisonFound, projectStream, type Poison } from '#read-model/projections/project.js';
import type { Source } from '#read-model/projections/source.js';
import { familyOf } from '#read-model/projections/streams.js';

/** What a batch comes to. */
export interface Absorbed {
  readonly changes: Changes;
  readonly heads: readonly StreamPosition[];
  readonly parked: readonly Parked[];
  readonly clock: readonly LogClock[];
  readonly place: Place;
}

export class Absorber {
  #place: Place;
  readonly #heads = new Map<string, StreamPosition>();
  #parked: Map<string, Parked> | undefined;

  constructor(
    place: Place,
    private readonly source: Source,
    private readonly log: Pick<LogReader, 'read' | 'order'>,
    private readonly ledgers: Ledgers = recentLedgers(),
  ) {
    this.#place = place;
  }

  /** The last place taken in. */
  get place(): Place {
    return this.#place;
  }

  /** Forgets all that can be loaded again, and goes back to a place. */
  forget(place: Place): void {
    this.#place = place;
    this.#heads.clear();
    this.#parked = undefined;
    this.ledgers.clear();
  }

  /** Whether these are the streams that memory takes for stopped, and where. */
  agrees(parked: readonly Pick<Parked, 'stream' | 'revision'>[]): boolean {
    const known = this.#parked;
    if (known === undefined) return true;
    return (
      parked.length === known.size && parked.every(({ stream, revision }) => known.get(stream)?.revision === revision)
    );
  }

  /** Whether everything of a batch was taken in, as far as memory tells. */
  has(batch: readonly Envelope[]): boolean {
    return batch.every(({ stream, revision, position }) => {
      if (this.log.order(position) > this.#place.position) return false;
      return (this.#heads.get(stream)?.revision ?? -1) >= revision || familyOf(stream) === undefined;
    });
  }

  /**
   * Rows for the events of a batch that are not in the read models yet. An event that cannot be projected, or is the one
   * in `poisons`, parks its stream: it and what follows it are kept back. `through`: a place that is reached with the batch,
   * because nothing lies between its last event and there.
   */
  async absorb(
    batch: readonly Envelope[],
    poisons: ReadonlyMap<string, Poison> = new Map(),
    through?: Place,
  ): Promise<Absorbed> {
    const before = this.#place;
    const stops = new Map(poisons);
    for (;;) {
      try {
        return await this.absorbOnce(batch, stops, through);
      } catch (error) {
        if (!(error instanceof PoisonFound)) throw error;
        // Part of the batch is in memory already: begin again without the event.
        stops.set(error.poison.stream, error.poison);
        this.forget(before);
      }
    }
  }

  /** The same, but throws `PoisonFound`; memory is not to be trusted after it. */
  async absorbOnce(batch: readonly Envelope[], stops: ReadonlyMap<string, Poison>, through?: Place): Promise<Absorbed> {
    const parked = (this.#parked ??= new Map((await this.source.parked()).map((row) => [row.stream, row])));
    await this.#loadHeads(batch);
    const revision = (stream: string): number | undefined =>
      familyOf(stream) === undefined || parked.has(stream) ? undefined : (this.#heads.get(stream)?.revision ?? -1);
    const { timesAt } = this.source;
    const { streams, clock, place: last } = await arrivals(batch, { place: this.#place, revision, timesAt }, this.log);
    const changes = noChanges();
    const heads: StreamPosition[] = [];
    const held = keptBack(batch, parked);
    for (const [stream, events] of streams) {
      const stop = stops.get(stream);
      const at = stop === undefined ? -1 : events.findIndex(({ envelope }) => envelope.revision === stop.revision);
      const good = at < 0 ? events : events.slice(0, at);
      if (good.length > 0) heads.push(await this.#project(stream, good, changes));
      if (stop !== undefined && at >= 0) held.push(parkedRow(stop, events.slice(at)));
    }
    for (const row of held) parked.set(row.stream, row);
    const place = further(last, through);
    this.#place = place;
    return { changes, heads, parked: held, clock, place };
  }

  async #loadHeads(batch: readonly Envelope[]): Promise<void> {
    const streams = new Set(batch.map(({ stream }) => stream));
    const unknown = [...streams].filter((stream) => !this.#heads.has(stream));
    if (unknown.length === 0) return;
    for (const head of await this.source.heads(unknown)) this.#heads.set(head.stream, head);
  }

  async #project(stream: string, events: readonly Recorded[], changes: Changes): Promise<StreamPosition> {
    const ledger = await projectStream({ stream, events, changes }, this.ledgers.get(stream), this.source);
    if (ledger !== undefined) this.ledgers.keep(ledger);
    const [first, last] = [events[0], events.at(-1)];
    if (first === undefined || last === undefined) throw new Error(`nothing to project of ${stream}`);
    const firstPosition = this.#heads.get(stream)?.firstPosition ?? first.position;
    const head = { stream, revision: last.envelope.revision, firstPosition, position: last.position };
    this.#heads.set(stream, head);
    return head;
  }
}

function further(place: Place, through: Place | undefined): Place {
  if (through === undefined || through.position <= place.position) return place;
  return { ...through, recordedAt: Math.max(place.recordedAt, through.recordedAt) };
}

function parkedRow({ stream, revision, error }: Poison, events: readonly Recorded[]): Parked {
  const [stop, last] = [events[0], events.at(-1)];
  if (stop === undefined || last === undefined) throw new Error(`nothing to park of ${stream}`);
  const { envelope, position } = stop;
  const heldRevision = last.envelope.revision;
  return { stream, revision, position, eventId: envelope.id, type: envelope.type, error, heldRevision };
}

/** Rows of streams that were parked before and have more events now. */
function keptBack(batch: readonly Envelope[], parked: ReadonlyMap<string, Parked>): Parked[] {
  const held = new Map<string, Parked>();
  for (const { stream, revision } of batch) {
    const row = held.get(stream) ?? parked.get(stream);
    if (row !== undefined && revision > row.heldRevision) held.set(stream, { ...row, heldRevision: revision });
  }
  return [...held.values()];
}
