/**
 * What time it is at a place of the log. The server stamps what it stores and says nothing of what it has not stored, so a
 * store that wants to know that an instant is past writes an empty event, a mark, and reads when it was stamped. Marks stand
 * in a stream of their own that keeps only the last few; they are no events of the product.
 *
 * The time of the log is the running maximum of its stamps, marks among them: nothing behind a mark is earlier than it, even
 * if the server's clock steps back.
 */
import { v4 as uuid } from 'uuid';
import type { Position } from '#domain/envelope.js';
import { FutureInstant, WrongRevision } from '../port.js';
import type { Appender } from './appender.js';
import type { Reader } from './reader.js';
import { CLOCK, createdOf, type Stored } from './wire.js';

interface Mark {
  readonly position: Position;
  readonly revision: number;
  /** UTC ms, by the server's clock. */
  readonly recordedAt: number;
}

const KEPT_MARKS = 16;
/** The server's clock may be behind the one that the caller looked at. Beyond this its word holds: the instant is not past. */
const LONGEST_LAG_MS = 1_000;

export class Clock {
  #last: Mark | undefined;
  #marking: Promise<Mark> | undefined;

  constructor(
    private readonly appender: Appender,
    private readonly reader: Reader,
  ) {}

  /**
   * A place of the log behind everything that is or ever will be stamped at or before `instant` (UTC ms). Throws
   * `FutureInstant` if the server's clock is not there yet, and `StoreUnavailable`.
   */
  async after(instant: number): Promise<Position> {
    if (this.#last && this.#last.recordedAt > instant) return this.#last.position;
    const newest = await this.#newest();
    if (newest && newest.recordedAt > instant) return newest.position;
    for (let waited = 0; ;) {
      const mark = await this.#mark();
      if (mark.recordedAt > instant) return mark.position;
      const lag = instant - mark.recordedAt + 1;
      waited += lag;
      if (waited > LONGEST_LAG_MS) throw new FutureInstant(instant, mark.recordedAt);
      await new Promise((resolve) => setTimeout(resolve, lag));
    }
  }

  /** A mark written now. Callers at the same time share one, and so do processes. */
  #mark(): Promise<Mark> {
    this.#marking ??= this.#append().finally(() => (this.#marking = undefined));
    return this.#marking;
  }

  async #append(): Promise<Mark> {
    if (this.#last === undefined) await this.#limit();
    const event = { id: uuid(), type: 'ClockRead', data: '{}', metadata: '' };
    await unlessAnotherDid(this.appender.append(CLOCK, this.#last?.revision ?? 'none', [event]));
    const mark = await this.#newest();
    if (mark === undefined) throw new Error('the mark that was just written cannot be read');
    return mark;
  }

  /** Before the first mark: the stream keeps a few. */
  async #limit(): Promise<void> {
    const data = JSON.stringify({ $maxCount: KEPT_MARKS });
    const event = { id: uuid(), type: '$metadata', data, metadata: '' };
    await unlessAnotherDid(this.appender.append(`$$${CLOCK}`, 'none', [event]));
  }

  async #newest(): Promise<Mark | undefined> {
    const record = await this.reader.last(CLOCK);
    return record && (this.#last = markOf(record));
  }
}

async function unlessAnotherDid(append: Promise<unknown>): Promise<void> {
  try {
    await append;
  } catch (error) {
    if (!(error instanceof WrongRevision)) throw error;
  }
}

const markOf = (record: Stored): Mark => ({
  position: record.getCommitPosition() as Position,
  revision: Number(record.getStreamRevision()),
  recordedAt: createdOf(record),
});
