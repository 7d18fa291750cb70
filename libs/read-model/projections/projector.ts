/**
 * The live projections: each batch of the log is one transaction that holds the position, writes the rows and moves it. Who
 * finds the position elsewhere is not the owner and aborts.
 */
import { DatabaseError, type ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import type { Envelope, Position } from '#domain/envelope.js';
import type { Parked } from '#read-model/entities/progress.js';
import { Absorber } from '#read-model/projections/absorb.js';
import type { Place } from '#read-model/projections/clock.js';
import type { LogReader } from '#read-model/projections/log-reader.js';
import { Progress } from '#read-model/projections/progress.js';
import type { Poison } from '#read-model/projections/project.js';
import { readTables, type ReadTables } from '#read-model/projections/read-tables.js';
import { sourceOfPart, sqlSource } from '#read-model/projections/source.js';
import { owning, storedPlace } from '#read-model/projections/transaction.js';
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
  #place: Place;
  /** Whether memory is as that place left it. */
  #inStep = false;
  #client: ClientBase | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: ProjectorOptions) {
    const { dataSource, log, progress = new Progress(dataSource), partition = WHOLE_LOG } = options;
    this.progress = progress;
    this.#partition = partition;
    this.#tables = readTables(dataSource);
    this.#place = { position: log.order('start'), opaque: 'start', recordedAt: 0 };
    const source = sqlSource(this.#tables, () => this.#ownClient());
    this.#absorber = new Absorber(this.#place, partition === WHOLE_LOG ? source : sourceOfPart(source), log);
  }

  get position(): Position | 'start' {
    return this.#place.opaque;
  }

  /** The stored place, read again after a failure. */
  async open(): Promise<Place> {
    if (this.#inStep) return this.#place;
    const { dataSource, log } = this.options;
    this.#place = await storedPlace(dataSource, this.#partition, log.order('start'));
    this.#absorber.forget(this.#place);
    this.#inStep = true;
    this.progress.announce(this.#place.position);
    return this.#place;
  }

  handle(batch: readonly Envelope[]): Promise<void> {
    return this.#inTurn(() => this.#take(batch, new Map()));
  }

  retryParked(stream: string): Promise<Parked | undefined> {
    return this.#inTurn(() => this.#retry(stream));
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
    this.#place = this.#absorber.place;
    this.#inStep = true;
    this.progress.announce(this.#place.position);
  }

  async #write(client: ClientBase, batch: readonly Envelope[], poisons: ReadonlyMap<string, Poison>): Promise<void> {
    const absorbed = await this.#absorber.absorb(batch, poisons);
    await writeBatch(client, this.#tables, { partition: this.#partition, absorbed });
  }

  /** The event that the database refuses, found by writing one after another; nothing of it stays. */
  async #culprit(batch: readonly Envelope[], poisons: ReadonlyMap<string, Poison>): Promise<Poison | undefined> {
    let poison: Poison | undefined;
    await this.#owning(
      async (client) => {
        for (const envelope of batch) {
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

  async #retry(stream: string): Promise<Parked | undefined> {
    const place = await this.open();
    const { log } = this.options;
    const parked = await this.#owning(async (client) => {
      const { rows } = await client.query('DELETE FROM parked WHERE stream = $1 RETURNING revision', [stream]);
      const from = (rows as { revision: number }[])[0]?.revision;
      if (from === undefined) return undefined;
      this.#absorber.forget(place);
      let left: Parked | undefined;
      for await (const page of pages(log.read(stream, { from }), place.position, log)) {
        const absorbed = await this.#absorber.absorb(page);
        await writeBatch(client, this.#tables, { partition: this.#partition, absorbed });
        left = absorbed.parked.at(-1) ?? left;
      }
      return left;
    });
    this.#committed();
    return parked;
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

/** Whether the database refused the data (SQLSTATE classes 22 and 23), not the connection or the statement. */
const isRefusedData = (error: unknown): error is DatabaseError =>
  error instanceof DatabaseError && /^2[23]/.test(error.code ?? '');

const PAGE = 1_000;

/** Events of one stream up to a place of the log, in pages. */
async function* pages(
  events: AsyncIterable<Envelope>,
  end: bigint,
  log: Pick<LogReader, 'order'>,
): AsyncIterable<readonly Envelope[]> {
  let page: Envelope[] = [];
  for await (const envelope of events) {
    if (log.order(envelope.position) > end) break;
    page.push(envelope);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
