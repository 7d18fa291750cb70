/**
 * Follows `$all` for as long as it is wanted. A subscription of EventStoreDB ends with its connection and does not come back,
 * and one that begins beyond the end of the log is silent for ever: so it is opened again here, from the last place that was
 * handled, and the end is asked for each time.
 */
import type * as wire from '@eventstore/db-client/generated/streams_pb.js';
import type { Position } from '#domain/envelope.js';
import { PositionBeyondEnd, type Subscription } from '../port.js';
import { Bell, pause } from '../tail.js';
import type { Connection, ReadCall } from './connection.js';
import type { FollowedLog, LogEntry, Place } from './followed.js';
import { readFailure, silent } from './outcome.js';
import type { Reader } from './reader.js';
import { CLOCK, createdOf, placeOf, storedAndEnvelope, streamOf, subscribeRequest } from './wire.js';

const DEFAULT_BATCH = 500;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** Entries read ahead of the handler, in batches. */
const AHEAD = 4;

type Handler = Parameters<FollowedLog['follow']>[1];
type Options = Parameters<FollowedLog['follow']>[2];

/** Starts following; the semantics are those of `FollowedLog.follow`. */
export function follow(
  { connection, reader }: { readonly connection: Connection; readonly reader: Reader },
  after: Place | 'start',
  handler: Handler,
  { batchSize = DEFAULT_BATCH, onError = warn }: Options = {},
): Subscription {
  const stopping = new AbortController();
  const stopped = new Promise<undefined>((resolve) => {
    stopping.signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  let place = after;
  let failures = 0;
  const finished = run();
  return {
    stop: async () => {
      stopping.abort();
      await finished;
    },
  };

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await untilStopped(refuseBeyondEnd(reader, place));
        await once();
      } catch (error) {
        if (stopping.signal.aborted) return;
        tell(onError, error);
        if (error instanceof PositionBeyondEnd) return;
        await rest();
      }
    }
  }

  /** One subscription, until it breaks. */
  async function once(): Promise<void> {
    const opening = connection.read(subscribeRequest(place));
    const call = await untilStopped(opening);
    if (call === undefined) {
      opening.then((late) => late.cancel(), ignore);
      return;
    }
    const feed = new Feed(call, connection.timeoutMs, AHEAD * batchSize);
    try {
      for (;;) {
        const batch = await feed.next(batchSize, stopping.signal);
        if (stopping.signal.aborted) return;
        if (!(await handle(batch))) return;
        place = (batch.at(-1) as LogEntry).place;
        failures = 0;
      }
    } finally {
      feed.close();
    }
  }

  /** Gives one batch to the handler until it takes it; false if nobody wants to know any more. */
  async function handle(batch: readonly LogEntry[]): Promise<boolean> {
    while (!stopping.signal.aborted) {
      try {
        await handler(batch);
        return true;
      } catch (error) {
        tell(onError, error);
        await rest();
      }
    }
    return false;
  }

  /** A store that is silent keeps nobody from stopping; nothing then. */
  function untilStopped<T>(work: Promise<T>): Promise<T | undefined> {
    return Promise.race([work, stopped]);
  }

  async function rest(): Promise<void> {
    await pause(Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS), stopping.signal);
    failures += 1;
  }
}

/** What one subscription has brought and nobody has taken. */
class Feed {
  readonly #answers: wire.ReadResp[] = [];
  readonly #bell = new Bell();
  readonly #opened: NodeJS.Timeout;
  #failure: Error | undefined;
  #closed = false;

  constructor(
    private readonly call: ReadCall,
    timeoutMs: number,
    private readonly most: number,
  ) {
    this.#opened = setTimeout(() => this.#fail(silent('no subscription', timeoutMs)), timeoutMs);
    call.on('data', (answer: wire.ReadResp) => this.#take(answer));
    call.on('error', (error) => this.#fail(error));
    call.on('close', () => this.#fail(new Error('the event store ended the subscription')));
  }

  /** At most `count` entries, at least one; those that came in before a failure come before it. */
  async next(count: number, signal: AbortSignal): Promise<readonly LogEntry[]> {
    const batch: LogEntry[] = [];
    while (batch.length === 0 && !signal.aborted) {
      const heard = this.#bell.rings;
      if (this.#answers.length === 0 && this.#failure) throw readFailure(this.#failure);
      for (const answer of this.#answers.splice(0, count)) {
        const entry = entryOf(answer);
        if (entry?.kind === 'checkpoint' && batch.at(-1)?.kind === 'checkpoint') batch.pop();
        if (entry) batch.push(entry);
      }
      if (this.call.isPaused() && this.#answers.length < this.most / 2) this.call.resume();
      if (batch.length === 0) await this.#bell.sleep(heard, LONGEST_SLEEP_MS, signal);
    }
    return batch;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#opened);
    this.call.cancel();
  }

  /** What still arrives after the end belongs to nobody. */
  #take(answer: wire.ReadResp): void {
    if (this.#closed) return;
    clearTimeout(this.#opened);
    this.#answers.push(answer);
    if (this.#answers.length >= this.most) this.call.pause();
    this.#bell.ring();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    clearTimeout(this.#opened);
    this.#bell.ring();
  }
}

/** Everything that happens rings the bell; the sleep has an end only because a timer needs one. */
const LONGEST_SLEEP_MS = 60_000;

/** A log entry; nothing for what the server says of the subscription itself, and for events of other programs. */
function entryOf(answer: wire.ReadResp): LogEntry | undefined {
  const record = answer.getEvent()?.getEvent();
  if (record) {
    const stream = streamOf(record);
    if (stream === CLOCK) return { kind: 'mark', place: placeOf(record), recordedAt: createdOf(record) };
    const found = storedAndEnvelope(record, stream);
    return found ? { kind: 'event', place: placeOf(record), ...found } : { kind: 'checkpoint', place: placeOf(record) };
  }
  const checkpoint = answer.getCheckpoint();
  if (checkpoint === undefined) return undefined;
  const commit = BigInt(checkpoint.getCommitPosition());
  return { kind: 'checkpoint', place: { commit, prepare: BigInt(checkpoint.getPreparePosition()) } };
}

async function refuseBeyondEnd(reader: Reader, place: Place | 'start'): Promise<void> {
  if (place === 'start') return;
  const end = await reader.end();
  if (end !== 'start' && place.commit <= end.commit) return;
  throw new PositionBeyondEnd(positionOf(place), end === 'start' ? end : positionOf(end));
}

const positionOf = ({ commit }: Place): Position => String(commit) as Position;

/** Somebody else's code, in the middle of a loop that has to go on. */
function tell(onError: (error: unknown) => void, error: unknown): void {
  try {
    onError(error);
  } catch (thrown) {
    warn(thrown);
  }
}

const ignore = (): void => undefined;

const warn = (error: unknown): void => process.emitWarning(String(error), { code: 'SUBSCRIPTION' });
