/**
 * The treasury feed: notices of payments, returns and corrections become entries in the books. A batch is done when every
 * outcome is durable: an event in the log, an entry in the tray, or a message among the rejected. If that fails half way
 * the batch comes again, and what was done is found done. Only a rejected message may then stand there twice; it names its place.
 */
import { setTimeout as pause } from 'node:timers/promises';
import {
  MessagingUnavailable,
  type Batch,
  type Consumer,
  type IncomingMessage,
  type Messaging,
  type OutgoingMessage,
} from '#messaging/port.js';
import { REJECTED_TOPIC, TREASURY_TOPIC, type TreasuryNotice } from '#messaging/treasury.js';
import type { Logger } from '#platform/logging.js';
import type { Fault } from '#platform/problem.js';
import { continued, TRACEPARENT, traceFields, traceparentOf } from '#platform/trace.js';
import type { NoticeBooking, NoticeOrigin, NoticeOutcome } from './treasury-booking.js';
import { EARLIER_WAITS, type TreasuryDesk } from './treasury-desk.js';
import { idsOf, readNotice } from './treasury-notice.js';
import type { Tray, TrayEntry, VoucherPlace } from './treasury-tray.js';

export const TREASURY_GROUP = 'budget.treasury';

/** `repeated`: known already; `tray`: waits there; `rejected`: no notice, or one that can never be booked. */
export const MESSAGE_OUTCOMES = ['booked', 'repeated', 'tray', 'rejected'] as const;
export type MessageOutcome = (typeof MESSAGE_OUTCOMES)[number];

export interface FeedOptions {
  readonly messaging: Messaging;
  readonly booking: NoticeBooking;
  readonly tray: Tray;
  readonly desk: Pick<TreasuryDesk, 'tryBudget'>;
  readonly logger: Logger;
  /** UTC ms. */
  readonly clock: () => number;
  readonly counted: (outcome: MessageOutcome) => void;
  /** The broker refuses this process for good: it should end. */
  readonly onFatal: (error: unknown) => void;
}

export interface TreasuryFeed {
  /** Rejects with what is wrong while nothing is consumed, or the last batch failed. */
  check(): Promise<void>;
  /** Resolves when no notice is being booked. */
  stop(): Promise<void>;
}

/** Messages that are booked together. */
const CHUNK = 500;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/** A topic is missing: making topics is a step of the deployment, not of a process that may be misconfigured. */
export class TopicMissing extends Error {
  override readonly name = 'TopicMissing';
  constructor(readonly topic: string) {
    super(`there is no topic ${topic}: run the step of the deployment that creates topics`);
  }
}

/** Goes on where its group stopped. Returns at once and tries to reach the broker until it can. */
export function startTreasuryFeed(options: FeedOptions): TreasuryFeed {
  const { messaging, logger, onFatal } = options;
  const stopping = new AbortController();
  let consumer: Consumer | undefined;
  let failure: Error | undefined = new Error('the treasury feed has not reached the broker yet');
  const note = (error: unknown): void => {
    failure = error instanceof Error ? error : new Error(String(error));
    logger.error({ err: error }, 'treasury feed');
  };

  const consume = async (): Promise<Consumer> => {
    const rejectedPartitions = await messaging.partitions(REJECTED_TOPIC);
    if ((await messaging.partitions(TREASURY_TOPIC)) === undefined) throw new TopicMissing(TREASURY_TOPIC);
    if (rejectedPartitions === undefined) throw new TopicMissing(REJECTED_TOPIC);
    const handler = async (batch: Batch): Promise<void> => {
      await takeBatch(batch, { ...options, rejectedPartitions });
      failure = undefined;
    };
    return messaging.consume({ topic: TREASURY_TOPIC, group: TREASURY_GROUP, handler, onError: note, onFatal });
  };

  const connecting = (async (): Promise<void> => {
    for (let tries = 0; !stopping.signal.aborted; tries += 1) {
      try {
        consumer = await consume();
        failure = undefined;
        return;
      } catch (error) {
        note(error);
        if (!(error instanceof MessagingUnavailable || error instanceof TopicMissing)) return onFatal(error);
        const ms = Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS);
        await pause(ms, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
      }
    }
  })();

  return {
    check: async () => {
      if (failure !== undefined) throw failure;
    },
    stop: async () => {
      stopping.abort();
      await connecting;
      await consumer?.stop();
    },
  };
}

export interface BatchOptions extends Omit<FeedOptions, 'onFatal'> {
  readonly rejectedPartitions: number;
}

/** Resolves when the outcome of every message is durable. Rejects when the batch must come again. */
export async function takeBatch(batch: Batch, options: BatchOptions): Promise<void> {
  for (let from = 0; from < batch.messages.length; from += CHUNK) {
    if (!batch.isOurs()) throw new Error(`partition ${batch.partition} was taken away in the middle of a batch`);
    await takeChunk(batch.partition, batch.messages.slice(from, from + CHUNK), options);
    await batch.heartbeat();
  }
}

/** A message as read, and what became of it. */
interface Taken {
  readonly message: IncomingMessage;
  readonly origin: NoticeOrigin;
  readonly notice?: TreasuryNotice;
  readonly outcome:
    NoticeOutcome | { readonly kind: 'known' } | { readonly kind: 'malformed'; readonly problems: readonly Fault[] };
}

async function takeChunk(
  partition: number,
  messages: readonly IncomingMessage[],
  options: BatchOptions,
): Promise<void> {
  const taken = await bookAll(partition, messages, options);
  await options.tray.put(taken.flatMap((one) => entryOf(one, partition, options.clock())));
  const rejected = taken.flatMap((one) => rejectedOf(one, partition, options.rejectedPartitions));
  if (rejected.length > 0) await options.messaging.publish(REJECTED_TOPIC, rejected);
  for (const one of taken) tell(one, options);
  await retryWhere(taken, options);
}

/**
 * In the order of the messages. Those about different vouchers are decided together; those about one voucher wait for each
 * other, because what comes after a notice that waits has to wait too.
 */
async function bookAll(
  partition: number,
  messages: readonly IncomingMessage[],
  { booking, tray }: BatchOptions,
): Promise<readonly Taken[]> {
  const read = messages.map((message) => ({
    message,
    reading: readNotice(message.value),
    origin: originOf(partition, message),
  }));
  const notices = read.flatMap(({ reading }) => ('notice' in reading ? [reading.notice] : []));
  const known = new Set((await tray.known(notices.map((notice) => idsOf(notice).id))).keys());
  const held = new Set((await tray.held(notices)).map(voucherKey));
  const last = new Map<string, Promise<unknown>>();

  const outcomes = read.map(async ({ message, reading, origin }): Promise<Taken> => {
    if ('problems' in reading) return { message, origin, outcome: { kind: 'malformed', problems: reading.problems } };
    const { notice } = reading;
    const key = voucherKey(notice);
    const { id } = idsOf(notice);
    const take = async (): Promise<Taken['outcome']> => {
      if (known.has(id)) return { kind: 'known' };
      const outcome: NoticeOutcome = held.has(key)
        ? { kind: 'waits', reason: EARLIER_WAITS }
        : await booking.book(notice, origin);
      if (outcome.kind !== 'waits') return outcome;
      held.add(key);
      known.add(id);
      return outcome;
    };
    const before = last.get(key);
    const running = before === undefined ? take() : before.then(take);
    last.set(key, running);
    return { message, origin, notice, outcome: await running };
  });
  // None may go on while the batch is delivered again.
  const settled = await Promise.allSettled(outcomes);
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return Promise.all(outcomes);
}

const voucherKey = ({ unit, year, voucherNo }: VoucherPlace): string => `${unit}\n${year}\n${voucherNo}`;

/** A sender's own correlation id is taken over when it is harmless in a log. */
function originOf(partition: number, { offset, headers }: IncomingMessage): NoticeOrigin {
  const given = headers['x-correlation-id'];
  const correlationId =
    given !== undefined && /^[\w.:-]{1,64}$/.test(given) ? given : `treasury-${partition}-${offset}`;
  return { correlationId, traceparent: traceparentOf(continued(headers[TRACEPARENT])) };
}

function entryOf({ message, notice, origin, outcome }: Taken, partition: number, now: number): TrayEntry[] {
  if (notice === undefined || outcome.kind !== 'waits') return [];
  const place = { topic: TREASURY_TOPIC, partition, offset: String(message.offset) };
  const { reason } = outcome;
  return [
    { id: idsOf(notice).id, notice, state: 'waiting', since: now, attempts: 1, reason, origin: place, ...origin },
  ];
}

/** Problems are many in a message that is something else altogether; a header is not the place for all of them. */
const PROBLEMS_TOLD = 100;

/** The message as it came; what is wrong with it stands in headers beside its own. */
function rejectedOf({ message, outcome }: Taken, partition: number, partitions: number): OutgoingMessage[] {
  if (outcome.kind !== 'malformed' && outcome.kind !== 'refused') return [];
  const { key, value, headers, offset } = message;
  const told = {
    'rejected-topic': TREASURY_TOPIC,
    'rejected-partition': String(partition),
    'rejected-offset': String(offset),
    'rejected-as': outcome.kind,
    'rejected-problem-count': String(outcome.problems.length),
    'rejected-problems': JSON.stringify(outcome.problems.slice(0, PROBLEMS_TOLD)),
  };
  return [{ partition: partition % partitions, key, value, headers: { ...headers, ...told } }];
}

function tell({ message, notice, origin, outcome }: Taken, { counted, logger }: BatchOptions): void {
  const about = {
    offset: String(message.offset),
    correlationId: origin.correlationId,
    ...traceFields(origin.traceparent),
    ...(notice && { unit: notice.unit, year: notice.year, kind: notice.kind, voucherNo: notice.voucherNo }),
  };
  switch (outcome.kind) {
    case 'booked':
    case 'repeated':
      return counted(outcome.kind);
    case 'known':
      return counted('repeated');
    case 'waits':
      logger.warn({ ...about, code: outcome.reason.code }, 'a notice of the treasury waits in the tray');
      return counted('tray');
    case 'malformed':
    case 'refused':
      logger.warn({ ...about, problems: outcome.problems.slice(0, 5) }, 'a message of the treasury was rejected');
      return counted('rejected');
  }
}

/** A payment may be what a return in the tray waits for. The batch is done already: what fails here is tried again by the desk. */
async function retryWhere(taken: readonly Taken[], { tray, desk, logger }: BatchOptions): Promise<void> {
  const booked = new Set(
    taken.flatMap(({ notice, outcome }) =>
      notice && outcome.kind === 'booked' ? [`${notice.unit}\n${notice.year}`] : [],
    ),
  );
  if (booked.size === 0) return;
  try {
    for (const place of await tray.places()) {
      if (booked.has(`${place.unit}\n${place.year}`)) await desk.tryBudget(place);
    }
  } catch (error) {
    logger.error({ err: error }, 'treasury tray');
  }
}
