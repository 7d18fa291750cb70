/**
 * The live projections: each batch of the log is one transaction that holds the position, writes the rows and moves it. Who
 * finds the position elsewhere is not the owner and aborts; who finds other read models there takes them over as they are.
 */
import type { ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import type { Envelope, Position } from '#domain/envelope.js';
import type { Parked } from '#read-model/entities/progress.js';
import { Absorber } from '#read-model/projections/absorb.js';
import type { Place } from '#read-model/projections/clock.js';
import { LogBehind, type LogReader } from '#read-model/projections/log-reader.js';
import { eventsUpTo, pagesOf } from '#read-model/projections/pages.js';
import { WHOLE_LOG, type Partition } from '#read-model/projections/partitions.js';
import { Progress } from '#read-model/projections/progress.js';
import type { Poison } from '#read-model/projections/project.js';
import { readTables, type ReadTables } from '#read-model/projections/read-tables.js';
import { sourceOfPart, sqlSource } from '#read-model/projections/source.js';
import {
  Exchanged,
  isRefusedData,
  owning,
  storedPlace,
  type Held,
  type StoredPlace,
} from '#read-model/projections/transaction.js';
import { writeBatch } from '#read-model/projections/write.js';

export interface ProjectorOptions {
  readonly dataSource: DataSource;
  /** For a partition its events carry the log's time as `recordedAt`: see `loggedTime`. */
  readonly log: LogReader;
  readonly progress?: Progress;
  /** The part of the log that is delivered here; prepared by `preparePartitions`. Without it, the whole log. */
  readonly partition?: Partition;
}

export interface HandleOptions {
  /** Called now and then while what is missing is read from the log, which may take long. */
  readonly alive?: () => Promise<void>;
}

export interface Projector {
  /** Where to subscribe from: the last position that is in the read models. */
  readonly position: Position | 'start';
  /** The same with the log's time there, as last known. */
  readonly place: Place;
  /** Of a partition it hears nothing: how far the read models are depends on all of them. */
  readonly progress: Progress;
  /**
   * Takes a batch in the log's order. What is there already is skipped, so a batch may come twice. `through`, for a
   * partition: nothing of it lies between the batch, which may be empty, and there. Rejects with `AnotherOwner` or the
   * database's error; the same batch may then be delivered again.
   */
  handle(batch: readonly Envelope[], through?: Place, options?: HandleOptions): Promise<void>;
  /** For a partition: something of it was left out before what is delivered next. It will be looked up in the log. */
  doubt(): void;
  /**
   * Projects a parked stream again from where it stopped; also by a projector that brings nothing, beside the one that does.
   * Resolves with what still stops it, `undefined` when it goes on. Rejects with the database's error, and the stream stays
   * parked.
   */
  retryParked(stream: string): Promise<Parked | undefined>;
}

export async function createProjector(options: ProjectorOptions): Promise<Projector> {
  const projector = new LiveProjector(options);
  await projector.open();
  return projector;
}

class LiveProjector implements Projector {
  readonly progress: Progress;
  readonly #tables: ReadTables;
  readonly #partition: string;
  readonly #absorber: Absorber;
  /** The last place known to be committed. */
  #place: StoredPlace;
  /** Whether memory is as that place left it. */
  #inStep = false;
  /** Of the whole log: up to here batches were taken in; they will not be delivered again. */
  #delivered: bigint;
  /** Of a partition: whether what is delivered next begins where the place is. */
  #follows = false;
  #client: ClientBase | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: ProjectorOptions) {
    const { dataSource, log, progress = new Progress(dataSource), partition } = options;
    this.progress = progress;
    this.#partition = partition?.name ?? WHOLE_LOG;
    this.#tables = readTables(dataSource);
    this.#place = { position: log.order('start'), opaque: 'start', recordedAt: 0, table: 0 };
    this.#delivered = this.#place.position;
    const source = sqlSource(this.#tables, () => this.#ownClient());
    const own = partition === undefined ? source : sourceOfPart(source, partition.owns);
    this.#absorber = new Absorber(this.#place, own, log);
  }

  get position(): Position | 'start' {
    return this.#place.opaque;
  }

  get place(): Place {
    return this.#place;
  }

  /** The stored place, read again after a failure. */
  async open(): Promise<StoredPlace> {
    if (this.#inStep) return this.#place;
    const { dataSource, log, partition } = this.options;
    this.#place = await storedPlace(dataSource, this.#partition, log.order('start'));
    this.#absorber.forget(this.#place);
    this.#inStep = true;
    this.#follows = false;
    if (partition === undefined) this.progress.standsAt(this.#place.position);
    return this.#place;
  }

  doubt(): void {
    this.#follows = false;
  }

  handle(batch: readonly Envelope[], through?: Place, options: HandleOptions = {}): Promise<void> {
    return this.#inTurn(async () => {
      this.#requireOwn(batch);
      await this.#onThoseInUse(async () => {
        if (this.options.partition === undefined) await this.#catchUp();
        else await this.#fillBefore(this.options.partition, { batch, through, ...options });
        await this.#take(batch, new Map(), through);
      });
      this.#delivered = this.#place.position;
    });
  }

  retryParked(stream: string): Promise<Parked | undefined> {
    return this.#inTurn(() => this.#onThoseInUse(() => this.#retry(stream)));
  }

  /** Two projectors of one stream would write its rows twice. */
  #requireOwn(batch: readonly Envelope[]): void {
    const { partition } = this.options;
    const foreign = partition && batch.find(({ stream }) => !partition.owns(stream));
    if (foreign !== undefined) throw new Error(`${foreign.stream} came in partition ${partition?.name}, not its own`);
  }

  /** Does the work on the read models that are in use, again when they are exchanged meanwhile. */
  async #onThoseInUse<Result>(work: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof Exchanged)) throw error;
      }
    }
  }

  /**
   * Read models that were put in use, or a database that lost its last commits in a crash, may be behind what was delivered
   * here: the log has what is missing.
   */
  async #catchUp(): Promise<void> {
    for (;;) {
      const { position, opaque } = await this.open();
      if (position >= this.#delivered) return;
      const page = await this.options.log.readAll(opaque, PAGE);
      if (page.length === 0)
        throw new LogBehind(`the log ends before position ${this.#delivered}, which it had delivered`);
      await this.#take(page, new Map());
    }
  }

  /**
   * The same for a partition, which cannot know what was delivered before it was opened: whatever its broker takes for done
   * and the read models have not lies between the stored place and what comes now.
   */
  async #fillBefore(
    { owns }: Partition,
    {
      batch,
      through,
      alive,
    }: HandleOptions & { readonly batch: readonly Envelope[]; readonly through?: Place | undefined },
  ): Promise<void> {
    const { log } = this.options;
    const { position, opaque } = await this.open();
    if (this.#follows) return;
    const first = batch[0] === undefined ? through?.position : log.order(batch[0].position);
    let [reached, after] = [position, opaque];
    while (first !== undefined && reached < first) {
      const page = await log.readAll(after, PAGE);
      const missing = page.filter((event) => owns(event.stream) && log.order(event.position) <= first);
      if (missing.length > 0) await this.#take(missing, new Map());
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) {
        const isThere = batch[0] === undefined || (last !== undefined && log.order(last.position) >= first);
        if (!isThere) throw new LogBehind(`the log ends before position ${first}, which it had delivered`);
        break;
      }
      [reached, after] = [log.order(last.position), last.position];
      await alive?.();
    }
    // What came before the place says nothing of what comes after it.
    this.#follows = first !== undefined && first > position;
  }

  async #take(batch: readonly Envelope[], poisons: ReadonlyMap<string, Poison>, through?: Place): Promise<void> {
    const { position } = await this.open();
    const moves = through !== undefined && through.position > position;
    if (!moves && this.#absorber.has(batch)) return;
    try {
      await this.#owning((client) => this.#write(client, batch, { poisons, through }));
    } catch (error) {
      const poison = isRefusedData(error) ? await this.#culprit(() => batch, { poisons }) : undefined;
      if (poison === undefined) throw error;
      return this.#take(batch, new Map([...poisons, [poison.stream, poison]]), through);
    }
    this.#committed();
  }

  #committed(): void {
    this.#place = { ...this.#absorber.place, table: this.#place.table };
    this.#inStep = true;
    if (this.options.partition === undefined) this.progress.announce(this.#place.position);
  }

  async #write(
    client: ClientBase,
    batch: readonly Envelope[],
    { poisons, through }: { readonly poisons?: ReadonlyMap<string, Poison>; readonly through?: Place | undefined } = {},
  ): Promise<readonly Parked[]> {
    const absorbed = await this.#absorber.absorb(batch, poisons, through);
    await writeBatch(client, this.#tables, { partition: this.#partition, absorbed });
    return absorbed.parked;
  }

  /** The event that the database refuses, found by writing one after another; nothing of it stays. */
  async #culprit(
    events: () => Iterable<Envelope> | AsyncIterable<Envelope>,
    { poisons, begin }: { readonly poisons: ReadonlyMap<string, Poison>; readonly begin?: Begin },
  ): Promise<Poison | undefined> {
    let poison: Poison | undefined;
    const find = async (client: ClientBase, held: Held): Promise<void> => {
      await begin?.(client, held);
      for await (const envelope of events()) {
        const { stream, revision } = envelope;
        if (revision >= (poisons.get(stream)?.revision ?? Infinity)) continue;
        try {
          await this.#write(client, [envelope]);
        } catch (error) {
          if (!isRefusedData(error)) throw error;
          poison = { stream, revision, error: error.message };
          return;
        }
      }
    };
    await this.#owning(find, { discard: true, anywhere: begin !== undefined });
    return poison;
  }

  /** Wherever the position is: it does not move, and the projector that moves it sees that the stream goes on. */
  async #retry(stream: string, poisons: ReadonlyMap<string, Poison> = new Map()): Promise<Parked | undefined> {
    let from: number | undefined;
    let end = 0n;
    const unpark: Begin = async (client, { place }) => {
      this.#absorber.forget(place);
      const { rows } = await client.query('DELETE FROM parked WHERE stream = $1 RETURNING revision', [stream]);
      from = (rows as { revision: number }[])[0]?.revision;
      end = place.position;
    };
    const waiting = (): AsyncIterable<Envelope> => eventsUpTo(end, this.options.log, { stream, from: from ?? 0 });
    const resume = async (client: ClientBase, held: Held): Promise<Parked | undefined> => {
      await unpark(client, held);
      let parked: Parked | undefined;
      if (from === undefined) return undefined;
      for await (const page of pagesOf(waiting(), PAGE)) {
        parked = (await this.#write(client, page, { poisons })).at(-1) ?? parked;
      }
      return parked;
    };
    try {
      return await this.#owning(resume, { anywhere: true });
    } catch (error) {
      const poison = isRefusedData(error) ? await this.#culprit(waiting, { poisons, begin: unpark }) : undefined;
      if (poison === undefined) throw error;
      return this.#retry(stream, new Map([...poisons, [poison.stream, poison]]));
    }
  }

  async #owning<Result>(
    work: (client: ClientBase, held: Held) => Promise<Result>,
    { discard = false, anywhere = false }: { readonly discard?: boolean; readonly anywhere?: boolean } = {},
  ): Promise<Result> {
    const { dataSource, partition } = this.options;
    const owns = partition?.owns ?? (() => true);
    const expected = anywhere ? {} : { place: await this.open() };
    // Whatever happens inside, memory counts only once the commit is known to have happened.
    this.#inStep = false;
    return owning(
      { dataSource, partition: this.#partition, ...expected },
      async (client, held) => {
        const parked = held.parked.filter(({ stream }) => owns(stream));
        if (!anywhere && !this.#absorber.agrees(parked)) throw new Exchanged();
        this.#client = client;
        return work(client, held);
      },
      { discard },
    );
  }

  #ownClient(): Promise<ClientBase> {
    if (this.#client === undefined) throw new Error('read models are loaded only within a batch');
    return Promise.resolve(this.#client);
  }

  /** One batch after another, whoever brings them. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

type Begin = (client: ClientBase, held: Held) => Promise<void>;

const PAGE = 1_000;
