/** The live projections into read models in memory: the life of a batch as in `projections/projector.ts`, without SQL. */
import type { Envelope, Position } from '#domain/envelope.js';
import { Absorber, type Absorbed } from '#read-model/projections/absorb.js';
import type { Place } from '#read-model/projections/clock.js';
import type { LogReader } from '#read-model/projections/log-reader.js';
import { WHOLE_LOG } from '#read-model/projections/partitions.js';
import { sourceOfPart, type Source } from '#read-model/projections/source.js';

/** Where rows are kept. `MemoryReadModels` behind a promise, or behind the faults of a test. */
export interface ProjectedInto {
  readonly source: Source;
  storedPlace(partition: string, start: bigint): Promise<Place>;
  apply(partition: string, place: Place, absorbed: Absorbed): Promise<void>;
}

export interface MemoryProjectorOptions {
  readonly into: ProjectedInto;
  readonly log: LogReader;
  readonly partition?: string;
}

export async function createMemoryProjector(options: MemoryProjectorOptions): Promise<MemoryProjector> {
  const projector = new MemoryProjector(options);
  await projector.open();
  return projector;
}

export class MemoryProjector {
  readonly #partition: string;
  readonly #absorber: Absorber;
  #place: Place;
  /** Whether memory is as that place left it. */
  #inStep = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: MemoryProjectorOptions) {
    const { into, log, partition = WHOLE_LOG } = options;
    this.#partition = partition;
    this.#place = { position: log.order('start'), opaque: 'start', recordedAt: 0 };
    this.#absorber = new Absorber(this.#place, partition === WHOLE_LOG ? into.source : sourceOfPart(into.source), log);
  }

  get position(): Position | 'start' {
    return this.#place.opaque;
  }

  /** The stored place, read again after a failure. */
  async open(): Promise<Place> {
    if (this.#inStep) return this.#place;
    const { into, log } = this.options;
    this.#place = await into.storedPlace(this.#partition, log.order('start'));
    this.#absorber.forget(this.#place);
    this.#inStep = true;
    return this.#place;
  }

  /** Takes a batch in; what is there already is skipped. Rejects with `AnotherOwner`: the batch may be delivered again. */
  handle(batch: readonly Envelope[]): Promise<void> {
    const result = this.#turn.then(() => this.#take(batch));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #take(batch: readonly Envelope[]): Promise<void> {
    const place = await this.open();
    if (this.#absorber.has(batch)) return;
    // Whatever happens on the way, memory counts only once the rows are known to be written.
    this.#inStep = false;
    const absorbed = await this.#absorber.absorb(batch);
    await this.options.into.apply(this.#partition, place, absorbed);
    this.#place = this.#absorber.place;
    this.#inStep = true;
  }
}
