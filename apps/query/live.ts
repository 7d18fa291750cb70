/** All live streams of this process: opens them, keeps them alive, and ends them when the process stops. */
import type { ServerResponse } from 'node:http';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Position } from '#domain/envelope.js';
import { Problem } from '#platform/problem.js';
import { snapshot } from '#read-model/queries/snapshot.js';
import { units, years } from '#read-model/queries/units.js';
import { settled } from './freshness.js';
import { LiveFeed } from './live-feed.js';
import type { LiveFilter } from './live-messages.js';
import { LiveStream } from './live-stream.js';
import { unknownUnit } from './missing.js';
import { Sources } from './sources.js';
import { standingAfter } from './tellings.js';

/** How long a connection may take to send what it still holds when the process stops. */
const LAST_WORDS_MS = 200;

export interface LiveRequest {
  readonly filter: LiveFilter;
  /** Everything after it is told first. */
  readonly after?: Position | 'start';
  readonly response: ServerResponse;
}

@Injectable()
export class Live implements OnModuleDestroy {
  readonly #feed: LiveFeed;
  /** With the answer that each is sent as. */
  readonly #streams = new Map<LiveStream, ServerResponse>();
  #beats: NodeJS.Timeout | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #stopping = false;

  constructor(private readonly sources: Sources) {
    this.#feed = new LiveFeed(sources);
  }

  get open(): number {
    return this.#streams.size;
  }

  /** Whether the log is being followed: only while somebody listens. */
  get following(): boolean {
    return this.#feed.running;
  }

  /** Bytes held in this process for readers that do not take them. */
  get waitingBytes(): number {
    return [...this.#streams.keys()].reduce((bytes, { body }) => bytes + body.readableLength, 0);
  }

  /**
   * A stream of what has come in after a position; without one, of what comes in from now on. Throws 404 `UNKNOWN_UNIT`, 422
   * `POSITION_BEYOND_END`, 503 `STOPPING`.
   */
  async stream({ filter, after, response }: LiveRequest): Promise<LiveStream> {
    if (this.#stopping) throw new Problem(503, 'STOPPING', { detail: 'The system is stopping. Try again.' });
    if (filter.unit !== undefined) await this.#requireUnit(filter.unit);
    let stream: LiveStream | undefined;
    const take: LiveStream['take'] = (telling, before) => stream?.take(telling, before);
    try {
      const now = await this.#feed.follow(take);
      if (after !== undefined) await this.#requireWithin(after, now.order);
      const { feed, log } = { feed: this.#feed, log: this.sources.store };
      const from = after === undefined ? now : standingAfter(log, after, now);
      const opened = new LiveStream({ feed, log, inTurn: (work) => this.#inTurn(work) }, { filter, from }, now);
      stream = opened;
      this.#enter(opened, response, () => this.#feed.leave(take));
      return opened;
    } catch (error) {
      this.#feed.leave(take);
      throw error;
    }
  }

  /** Comes before the server is asked to close, which waits for every connection. */
  async onModuleDestroy(): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#streams].map(([stream, response]) => ended(stream, response)));
  }

  #enter(stream: LiveStream, response: ServerResponse, left: () => void): void {
    this.#streams.set(stream, response);
    this.#beats ??= setInterval(() => this.#beat(), this.sources.heartbeatMs).unref();
    stream.body.once('close', () => {
      this.#streams.delete(stream);
      left();
      if (this.#streams.size > 0) return;
      clearInterval(this.#beats);
      this.#beats = undefined;
    });
  }

  #beat(): void {
    for (const stream of this.#streams.keys()) stream.beat();
  }

  async #requireUnit(unit: string): Promise<void> {
    const known = await snapshot(this.sources.dataSource, async (opened) => {
      if ((await units(opened)).some((entry) => entry.unit === unit)) return true;
      return (await years(opened, unit)).length > 0;
    });
    if (!known) throw unknownUnit(unit);
  }

  async #requireWithin(after: Position | 'start', projected: bigint): Promise<void> {
    const { store, clock } = this.sources;
    if (store.order(after) <= projected) return;
    const end = await settled(this.sources, clock() - 1);
    if (end !== undefined && store.order(after) > store.order(end)) throw positionBeyondEnd(after, end);
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

/** Resolves when the connection is done with, which is forced when its reader takes nothing. */
function ended(stream: LiveStream, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => response.destroy(), LAST_WORDS_MS);
    response.once('close', () => {
      clearTimeout(force);
      resolve();
    });
    stream.end();
  });
}

/** 422 for a place that this log has not reached: the reader belongs to another one, or this one was reset. */
export const positionBeyondEnd = (after: string, end: string): Problem =>
  new Problem(422, 'POSITION_BEYOND_END', {
    detail:
      `The log has no position ${after}; it ends at ${end}. This is not the log that the position came from: read anew, ` +
      'and follow from the position of that answer.',
    position: after,
    end,
  });
