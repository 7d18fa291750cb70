/** Everything that is read from `log.event`. */
import type pg from 'pg';
import type { Envelope, Position } from '#domain/envelope.js';
import { decode } from '../serialise.js';
import { readFailure } from './connection.js';

/** JSON is asked for as text: `bytea` comes in hex, twice as long, and is decoded twice (109,000 events/s against 145,000). */
const EVENT = `position, stream, revision, id, type,
  convert_from(data, 'UTF8'), convert_from(metadata, 'UTF8'), recorded_at`;

type Row = readonly [string, string, string, string, string, string, string, string];

/** Columns come as the text that PostgreSQL sends; the few numbers are converted here. */
const asText = { getTypeParser: () => (value: string) => value };

const PAGE = 1_000;

export interface StreamRange {
  readonly from?: number;
  readonly limit?: number;
}

export class Reader {
  constructor(private readonly pool: pg.Pool) {}

  /** Events of one stream, page by page; the next page is asked for while this one is decoded. */
  async *stream(stream: string, { from = 0, limit = Infinity }: StreamRange = {}): AsyncGenerator<Envelope> {
    let next = from;
    let left = limit;
    let page = left > 0 ? this.#streamPage(stream, next, left) : undefined;
    while (page) {
      const rows = await page;
      const wasFull = rows.length === Math.min(PAGE, left);
      next += rows.length;
      left -= rows.length;
      page = wasFull && left > 0 ? this.#streamPage(stream, next, left) : undefined;
      // A consumer that leaves early never looks at this page; one that stays is told of its failure by the await above.
      page?.catch(() => undefined);
      for (const row of rows) yield toEnvelope(row);
    }
  }

  #streamPage(stream: string, from: number, left: number): Promise<readonly Row[]> {
    return this.#rows(
      'stream',
      `SELECT ${EVENT} FROM log.event WHERE stream = $1 AND revision >= $2 ORDER BY revision LIMIT $3`,
      [stream, from, Math.min(PAGE, left)],
    );
  }

  /**
   * Events after a position in the order of the log. `position > last` is safe here and only here: one sequencer numbers
   * all events and stores one flush after the other, so positions become visible in their order. With a `bigserial`, whose
   * numbers are given before the commit, the same query misses events: 5.6 % measured under load.
   */
  async after(position: string, limit: number): Promise<readonly Envelope[]> {
    const rows = await this.#rows(
      'after',
      `SELECT ${EVENT} FROM log.event WHERE position > $1 ORDER BY position LIMIT $2`,
      [position, limit],
    );
    return rows.map(toEnvelope);
  }

  async end(): Promise<Position | 'start'> {
    const rows = await this.#rows('end', 'SELECT position FROM log.event ORDER BY position DESC LIMIT 1', []);
    return (rows[0]?.[0] as Position | undefined) ?? 'start';
  }

  async head(stream: string): Promise<Envelope | undefined> {
    const rows = await this.#rows(
      'head',
      `SELECT ${EVENT} FROM log.event WHERE stream = $1 ORDER BY revision DESC LIMIT 1`,
      [stream],
    );
    return rows[0] && toEnvelope(rows[0]);
  }

  /**
   * The end of the log after it has been made impossible to stamp an event at or before `instant` (UTC ms), for processes
   * that do not own the log. Two statements: the second must see what the first may have waited for.
   */
  async settled(instant: number): Promise<Position | 'start'> {
    await this.#rows('floor', 'UPDATE log.fence SET floor = $1 WHERE floor < $1 AND EXISTS (SELECT FROM log.event)', [
      instant + 1,
    ]);
    return this.end();
  }

  async #rows(name: string, text: string, values: unknown[]): Promise<readonly Row[]> {
    try {
      const result = await this.pool.query<string[]>({ name, text, values, rowMode: 'array', types: asText } as never);
      return result.rows as unknown as readonly Row[];
    } catch (error) {
      throw readFailure(error);
    }
  }
}

function toEnvelope([position, stream, revision, id, type, data, metadata, recordedAt]: Row): Envelope {
  return decode({
    position,
    stream,
    revision: Number(revision),
    id,
    type,
    data,
    metadata,
    recordedAt: Number(recordedAt),
  });
}
