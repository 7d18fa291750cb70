/**
 * The live projections: each batch of the log is one transaction that holds the position, writes the rows and moves it. Who
 * finds the position elsewhere is not the owner and aborts; who finds other read models there takes them over as they are.
 */
import type { ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import type { Envelope, Position } from '#domain/envelope.js';
import type { Parked } from '#read-model/entities/progress.js';
import { Absorber } from '#read-model/projections/absorb.js';
import type { LogReader } from '#read-model/projections/log-reader.js';
import { Progress } from '#read-model/projections/progress.js';
import type { Poison } from '#read-model/projections/project.js';
import { readTables, type ReadTables } from '#read-model/projections/read-tables.js';
import { sourceOfPart, sqlSource } from '#read-model/projections/source.js';
import {
  Exchanged,
  isRefusedData,
  owning,
  storedPlace,
  type StoredPlace,
} from '#read-model/projections/transaction.js';
import { writeBatch } from '#read-model/projections/write.js';

export interface ProjectorOptions {
  readonly dataSource: DataSource;
  readonly log: LogReader;
  readonly progress?: Progress;
  /**
   * Name of the position; one for each part of the log that is delivered by itself. A part brings whole streams, each in the
   * order of its revisions, and its events carry the log's time as `recordedAt`: it cannot be told from a part of them.
   */
  readonly partition?: string;
}

export interface Projector {
  /** Where to subscribe from: the last position that is in the read models. */
  readonly position: Position | 'start';
  readonly progress: Progress;
  /**
   * Takes a batch in the log's order. What is there already is skipped, so a batch may come twice. Rejects with
   * `AnotherOwner` or the database's error; the same batch may then be delivered again.
   */
  handle(batch: readonly Envelope[]): Promise<void>;
  /**
   * Projects a parked stream again from where it stopped. Resolves with what still stops it, `undefined` when it goes on.
   * Rejects with the database's error, and the stream stays parked.
   */
  retryParked(stream: string): Promise<Parked | undefined>;
}

/** Name of the position of a log that is tailed as a whole. */
export const WHOLE_LOG = 'log';

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
  /** Up to here batches were taken in: they will not be delivered again. */
  #delivered: bigint;
  #client: ClientBase | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: ProjectorOptions) {
    const { dataSource, log, progress = new Progress(dataSource), partition = WHOLE_LOG } = options;
    this.progress = progress;
    this.#partition = partition;
    this.#tables = readTables(dataSource);
    this.#place = { position: log.order('start'), opaque: 'start', recordedAt: 0, table: 0 };
    this.#delivered = this.#place.position;
    const source = sqlSource(this.#tables, () => this.#ownClient());
    this.#absorber = new Absorber(this.#place, partition === WHOLE_LOG ? source : sourceOfPart(source), log);
  }

  get position(): Position | 'start' {
    return this.#place.opaque;
  }

  /** The stored place, read again after a failure. */
  async open(): Promise<StoredPlace> {
    if (this.#inStep) return this.#place;
    const { dataSource, log } = this.options;
    this.#place = await storedPlace(dataSource, this.#partition, log.order('start'));
    this.#absorber.forget(this.#place);
    this.#inStep = true;
    this.progress.standsAt(this.#place.position);
    return this.#place;
  }

  handle(batch: readonly Envelope[]): Promise<void> {
    return this.#inTurn(async () => {
      await this.#onThoseInUse(async () => {
        await this.#catchUp();
        await this.#take(batch, new Map());
      });
      this.#delivered = this.#place.position;
    });
  }

  retryParked(stream: string): Promise<Parked | undefined> {
    return this.#inTurn(() => this.#onThoseInUse(() => this.#retry(stream)));
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
      if (page.length === 0) throw new Error(`the log ends before position ${this.#delivered}, which it had delivered`);
      await this.#take(page, new Map());
    }
  }

  async #take(batch: readonly Envelope[], poisons: ReadonlyMap<string, Poison>): Promise<void> {
    await this.open();
    if (this.#absorber.has(batch)) return;
    try {
      await this.#owning((client) => this.#write(client, batch, poisons));
    } catch (error) {
      const poison = isRefusedData(error) ? await this.#culprit(batch, poisons) : undefined;
      if (poison === undefined) throw error;
      return this.#take(batch, new Map([...poisons, [poison.stream, poison]]));
    }
    this.#committed();
  }

  #committed(): void {
    this.#place = { ...this.#absorber.place, table: this.#place.table };
    this.#inStep = true;
    this.progress.announce(this.#place.position);
  }

  async #write(client: ClientBase, batch: readonly Envelope[], poisons: ReadonlyMap<string, Poison>): Promise<void> {
    const absorbed = await this.#absorber.absorb(batch, poisons);
    await writeBatch(client, this.#tables, { partition: this.#partition, absorbed });
  }

  /** The event that the database refuses, found by writing one after another; nothing of it stays. */
  async #culprit(
    events: Iterable<Envelope> | AsyncIterable<Envelope>,
    poisons: ReadonlyMap<string, Poison>,
    begin: (client: ClientBase) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<Poison | undefined> {
    let poison: Poison | undefined;
    await this.#owning(
      async (client) => {
        await begin(client);
        for await (const envelope of events) {
          const { stream, revision } = envelope;
          if (revision >= (poisons.get(stream)?.revision ?? Infinity)) continue;
          try {
            await this.#write(client, [envelope], new Map());
          } catch (error) {
            if (!isRefusedData(error)) throw error;
            poison = { stream, revision, error: error.message };
            return;
          }
        }
      },
      { discard: true },
    );
    return poison;
  }

  async #retry(stream: string, poisons: ReadonlyMap<string, Poison> = new Map()): Promise<Parked | undefined> {
    const place = await this.open();
    let from: number | undefined;
    const unpark = async (client: ClientBase): Promise<void> => {
      const { rows } = await client.query('DELETE FROM parked WHERE stream = $1 RETURNING revision', [stream]);
      from = (rows as { revision: number }[])[0]?.revision;
      this.#absorber.forget(place);
    };
    const waiting = (): AsyncIterable<Envelope> => upTo(place.position, this.options.log, { stream, from: from ?? 0 });
    try {
      const left = await this.#owning(async (client) => {
        await unpark(client);
        if (from === undefined) return undefined;
        let parked: Parked | undefined;
        for await (const page of pages(waiting())) {
          const absorbed = await this.#absorber.absorb(page, poisons);
          await writeBatch(client, this.#tables, { partition: this.#partition, absorbed });
          parked = absorbed.parked.at(-1) ?? parked;
        }
        return parked;
      });
      this.#committed();
      return left;
    } catch (error) {
      const poison = isRefusedData(error) ? await this.#culprit(waiting(), poisons, unpark) : undefined;
      if (poison === undefined) throw error;
      return this.#retry(stream, new Map([...poisons, [poison.stream, poison]]));
    }
  }

  async #owning<Result>(
    work: (client: ClientBase) => Promise<Result>,
    options?: { discard: boolean },
  ): Promise<Result> {
    const { dataSource } = this.options;
    const place = await this.open();
    // Whatever happens inside, memory counts only once the commit is known to have happened.
    this.#inStep = false;
    return owning(
      { dataSource, partition: this.#partition, place },
      async (client) => {
        this.#client = client;
        return work(client);
      },
      options,
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

const PAGE = 1_000;

/** Events of one stream up to a place of the log. */
async function* upTo(
  end: bigint,
  log: Pick<LogReader, 'read' | 'order'>,
  { stream, from }: { readonly stream: string; readonly from: number },
): AsyncIterable<Envelope> {
  for await (const envelope of log.read(stream, { from })) {
    if (log.order(envelope.position) > end) return;
    yield envelope;
  }
}

async function* pages(events: AsyncIterable<Envelope>): AsyncIterable<readonly Envelope[]> {
  let page: Envelope[] = [];
  for await (const envelope of events) {
    page.push(envelope);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
