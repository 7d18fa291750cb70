/**
 * One reader of live updates. While it keeps up it is handed each step of the feed; when its connection is full, or it comes
 * back from an earlier place, it reads the log itself from where it is, a page a message, until it has caught up. Nothing is
 * kept for a slow reader but its place.
 */
import { Readable } from 'node:stream';
import { Logger } from '@nestjs/common';
import type { Standing } from '#read-model/queries/standing.js';
import type { LiveFeed } from './live-feed.js';
import { heartbeat, hello, messageOf, type LiveFilter } from './live-messages.js';
import { tellings, type Log, type Telling } from './tellings.js';

/** What may wait for a reader in this process, in bytes, before it counts as slow. */
const FULL_BYTES = 16_384;

export interface LiveReader {
  readonly filter: LiveFilter;
  /** Where the reader is, as of what stands now. */
  readonly from: Standing;
}

interface Shared {
  readonly feed: LiveFeed;
  readonly log: Log;
  /** Readers that catch up read the log one page after another, so that many at once do not crowd out everything else. */
  readonly inTurn: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

export class LiveStream {
  /** What is sent. Destroy it, or close the connection, and all is freed. */
  readonly body: Readable;
  readonly #log = new Logger('live updates');
  #at: Standing;
  #hasRoom = true;
  #gotRoom: () => void = () => undefined;
  #catchingUp = false;
  #ended = false;

  constructor(
    private readonly shared: Shared,
    private readonly reader: LiveReader,
    now: Standing,
  ) {
    this.#at = reader.from;
    this.body = new Readable({ highWaterMark: FULL_BYTES, read: () => this.#emptied() });
    this.body.once('close', () => this.#gotRoom());
    this.#send(hello(reader.from, now, reader.filter));
    this.#goOn();
  }

  /** A step of the feed, which led on from `before`. */
  take(telling: Telling, before: Standing): void {
    if (this.#open && this.#at === before && this.#hasRoom && !this.#catchingUp) this.#tell(telling);
    else this.#goOn();
  }

  /** A sign of life, unless the reader has not taken yet what was sent. It names the place up to which all has been told. */
  beat(): void {
    if (this.#open && this.#hasRoom) this.#send(heartbeat(this.#at));
  }

  end(): void {
    if (!this.#open) return;
    this.#ended = true;
    this.body.push(null);
    this.#gotRoom();
  }

  get #open(): boolean {
    return !this.#ended && !this.body.destroyed;
  }

  #goOn(): void {
    if (this.#catchingUp || !this.#hasRoom || !this.#open || this.#at === this.shared.feed.at) return;
    this.#catchingUp = true;
    this.#catchUp().catch((error: unknown) => {
      // The reader comes back by itself, with the place that it has reached.
      this.#log.warn('a live stream ends, the log cannot be read', error);
      this.end();
    });
  }

  async #catchUp(): Promise<void> {
    while (this.#open && this.#at !== this.shared.feed.at) {
      const to = this.shared.feed.at;
      // It has read past what is projected so far: the next step wakes it.
      if (to.order < this.#at.order) break;
      const steps = tellings(this.shared.log, this.#at, to);
      for (;;) {
        const step = await this.shared.inTurn(() => steps.next());
        if (step.done === true || !(await this.#room())) break;
        this.#tell(step.value);
      }
      await steps.return(undefined);
    }
    this.#catchingUp = false;
  }

  #tell(telling: Telling): void {
    const text = messageOf(telling, this.reader.filter);
    if (text !== undefined) this.#send(text);
    this.#at = telling.at;
  }

  #send(text: string): void {
    this.#hasRoom = this.body.push(text);
  }

  /** False when the stream has ended meanwhile. */
  async #room(): Promise<boolean> {
    if (!this.#hasRoom && this.#open) await new Promise<void>((resolve) => (this.#gotRoom = resolve));
    return this.#open;
  }

  #emptied(): void {
    this.#hasRoom = true;
    this.#gotRoom();
    this.#goOn();
  }
}
