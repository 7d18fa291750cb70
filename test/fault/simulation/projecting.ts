/**
 * Transport and projectors. One log is delivered as a whole by its own tail, or in parts by a relay and a broker that keeps the
 * order of each stream only. Batches come late, twice, overlapping and torn; projectors die before and after they write, start
 * anew from what is stored, and now and then the one before lives on beside the new one.
 */
import type { Envelope, Position } from '#domain/envelope.js';
import type { EventStore, Subscription } from '#event-store/port.js';
import { createMemoryProjector, type MemoryProjector, type ProjectedInto } from '#read-model/memory/projector.js';
import type { MemoryReadModels } from '#read-model/memory/read-models.js';
import { WHOLE_LOG } from '#read-model/projections/partitions.js';
import { AnotherOwner } from '#read-model/projections/transaction.js';
import { never, type Faults, type Process, type SharedLog } from './log.js';
import type { World } from './world.js';

type Batch = readonly Envelope[];

export interface Projecting {
  readonly world: World;
  readonly log: SharedLog;
  readonly faults: Faults;
  readonly models: MemoryReadModels;
  /** How a projector of this process keeps its rows. */
  readonly into: (process: Process) => ProjectedInto;
}

/** Brings the log to a projector that lives until `process` dies. */
export type Transport = (projector: MemoryProjector, process: Process, store: EventStore) => void;

/** A place for projectors of one partition: whoever dies there is followed by another. */
export class ProjectorSeat {
  #process: Process | undefined;
  #generation = 0;

  constructor(
    private readonly projecting: Projecting,
    private readonly partition: string,
    private readonly transport: Transport,
  ) {}

  start(): void {
    const { world, log } = this.projecting;
    this.#generation += 1;
    const process = { name: `projector ${this.partition} ${this.#generation}`, dead: false };
    this.#process = process;
    void this.#open(process, log.storeFor(process));
    world.note(`${process.name} starts`);
  }

  /** Kills the projector, or leaves it alive beside the next one. */
  replace(): void {
    const { world } = this.projecting;
    const process = this.#process;
    if (process === undefined) return;
    if (world.chance.happens(0.7)) process.dead = true;
    world.count(process.dead ? 'a projector was killed' : 'two projectors lived');
    world.note(`${process.name} ${process.dead ? 'is killed' : 'is followed while it lives'}`);
    world.later(world.chance.below(200), () => this.start());
    this.#process = undefined;
  }

  async #open(process: Process, store: EventStore): Promise<void> {
    const { into, world } = this.projecting;
    for (;;) {
      try {
        const options = { into: into(process), log: store, partition: this.partition };
        return this.transport(await createMemoryProjector(options), process, store);
      } catch (error) {
        world.note(`${process.name} cannot start: ${String(error)}`);
        await world.pause(50);
      }
    }
  }
}

/** Read models behind a network, whose writes are slow, fail, or succeed without a word. */
export const reachedOverNetwork =
  ({ world, faults, models }: Omit<Projecting, 'into'>) =>
  (process: Process): ProjectedInto => {
    const fails = (share: number): boolean => world.chance.happens(share) && faults.on;
    const travel = async (): Promise<void> => {
      await world.pause(world.chance.below(5));
      if (process.dead) return never();
    };
    return {
      source: models.source,
      async storedPlace(partition, start) {
        await travel();
        return models.storedPlace(partition, start);
      },
      async apply(partition, place, absorbed) {
        await travel();
        if (fails(0.05)) throw new Error('the database did not take the batch');
        try {
          models.apply(partition, place, absorbed);
        } catch (error) {
          if (error instanceof AnotherOwner) world.count('a projector found another owner');
          throw error;
        }
        world.note(`${process.name} writes up to ${absorbed.place.position}`);
        await travel();
        if (fails(0.05)) throw new Error('nobody knows whether the database took the batch');
      },
    };
  };

/** The whole log by the tail of its store, with what a network makes of batches. */
export function tailed({ world, faults }: Pick<Projecting, 'world' | 'faults'>): Transport {
  return (projector, process, store) => {
    let before: Batch = [];
    let subscription: Subscription | undefined = undefined;
    const deliver = async (batch: Batch): Promise<void> => {
      if (process.dead) return never();
      await world.pause(world.chance.below(10));
      const fault = faults.on ? world.chance.weighted({ none: 70, torn: 10, twice: 10, overlapping: 10 }) : 'none';
      if (fault !== 'none') world.count(`a batch came ${fault}`);
      if (fault === 'torn') {
        await projector.handle(batch.slice(0, world.chance.below(batch.length)));
        throw new Error('the batch was torn');
      }
      if (fault === 'overlapping') await projector.handle([...before, ...batch]);
      await projector.handle(batch);
      if (fault === 'twice') await projector.handle(batch);
      before = batch;
    };
    subscription = store.subscribe(projector.position, deliver, {
      batchSize: 1 + world.chance.below(20),
      onError: (error) => {
        if (process.dead) void subscription?.stop();
        world.note(`${process.name} gets a batch again: ${String(error)}`);
      },
    });
  };
}

export const PARTS = ['part 0', 'part 1'] as const;

/**
 * A broker's topic in parts, filled by a relay that starts again from the place it stored last. Every stream is in one part and
 * keeps its order there; between streams the order is lost.
 */
export class Broker {
  readonly #parts = PARTS.map((): Envelope[] => []);
  /** How much of each part was acknowledged. */
  readonly #acknowledged = PARTS.map(() => 0);
  #relay: Process = { name: 'relay 0', dead: false };
  #stored: { position: Position | 'start'; recordedAt: number } = { position: 'start', recordedAt: 0 };

  constructor(private readonly projecting: Pick<Projecting, 'world' | 'faults' | 'log'>) {}

  /** A relay publishes what follows the stored place, which it stores afterwards. */
  startRelay(): void {
    const { log, world } = this.projecting;
    const process = { name: `relay ${world.now}`, dead: false };
    this.#relay = process;
    let recordedAt = this.#stored.recordedAt;
    log.storeFor(process).subscribe(this.#stored.position, async (batch) => {
      await world.pause(world.chance.below(10));
      if (process.dead) return never();
      for (const event of batch) {
        // The log's time: its own stamps need not keep to it.
        recordedAt = Math.max(recordedAt, event.recordedAt);
        this.#parts[this.#partOf(event.stream)]!.push({ ...event, recordedAt });
      }
      await world.pause(world.chance.below(10));
      if (process.dead) return never();
      this.#stored = { position: batch.at(-1)!.position, recordedAt };
    });
  }

  replaceRelay(): void {
    this.#relay.dead = true;
    this.projecting.world.note('the relay is killed');
    this.projecting.world.count('the relay was killed');
    this.projecting.world.later(this.projecting.world.chance.below(200), () => this.startRelay());
  }

  /** Whether nothing is left to be delivered. */
  get empty(): boolean {
    const { position } = this.#stored;
    const end = this.projecting.log.events.at(-1)?.position ?? 'start';
    return position === end && this.#parts.every((part, nth) => this.#acknowledged[nth] === part.length);
  }

  /** A consumer of one part; what it did not acknowledge comes again. */
  consumed(nth: number): Transport {
    return (projector, process) => void this.#consume(nth, projector, process);
  }

  async #consume(nth: number, projector: MemoryProjector, process: Process): Promise<void> {
    const { world, faults } = this.projecting;
    let next = this.#acknowledged[nth]!;
    while (!process.dead) {
      const window = this.#parts[nth]!.slice(next, next + 1 + world.chance.below(20));
      const batch = faults.on ? mixed(window, world) : window;
      if (batch.some((event, at) => event !== window[at])) world.count('streams came in another order');
      try {
        if (batch.length > 0) {
          if (faults.on && world.chance.happens(0.1))
            await projector.handle(batch.slice(0, Math.ceil(batch.length / 2)));
          await projector.handle(batch);
          next += window.length;
          this.#acknowledged[nth] = Math.max(next, this.#acknowledged[nth]!);
        }
      } catch (error) {
        world.note(`${process.name} gets a batch again: ${String(error)}`);
      }
      await world.pause(5 + world.chance.below(20));
    }
  }

  #partOf(stream: string): number {
    return (stream.codePointAt(8) ?? 0) % PARTS.length;
  }
}

/** The same events, those of each stream in their order, the streams mixed anew. */
function mixed(events: Batch, { chance }: World): Batch {
  const left = new Map<string, Envelope[]>();
  for (const event of events) left.set(event.stream, [...(left.get(event.stream) ?? []), event]);
  const order: Envelope[] = [];
  while (order.length < events.length) {
    const own = chance.pick([...left.values()].filter((rest) => rest.length > 0))!;
    order.push(own.shift()!);
  }
  return order;
}

export const partitionsOf = (inParts: boolean): readonly string[] => (inParts ? PARTS : [WHOLE_LOG]);
