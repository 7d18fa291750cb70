/**
 * A batch of the treasury's messages. It is done when every outcome is durable: an event in the log, an entry in the tray, or a
 * message among the rejected. If that fails half way the batch comes again, and what was done is found done. Only a rejected
 * message may then stand there twice; it names its place.
 */
import type { Batch, IncomingMessage, Messaging, OutgoingMessage } from '#messaging/port.js';
import { REJECTED_TOPIC, TREASURY_TOPIC, type TreasuryNotice } from '#messaging/treasury.js';
import type { Logger } from '#platform/logging.js';
import type { Fault } from '#platform/problem.js';
import { continued, TRACEPARENT, traceFields, traceparentOf } from '#platform/trace.js';
import type { NoticeBooking, NoticeOrigin, NoticeOutcome } from './treasury-booking.js';
import { EARLIER_WAITS, type TreasuryDesk } from './treasury-desk.js';
import { idsOf, readNotice } from './treasury-notice.js';
import { voucherKey, Waiting } from './treasury-order.js';
import type { Tray, TrayEntry } from './treasury-tray.js';

/** `repeated`: known already; `tray`: waits there; `rejected`: no notice, or one that can never be booked. */
export const MESSAGE_OUTCOMES = ['booked', 'repeated', 'tray', 'rejected'] as const;
export type MessageOutcome = (typeof MESSAGE_OUTCOMES)[number];

export interface BatchOptions {
  readonly messaging: Messaging;
  readonly booking: NoticeBooking;
  readonly tray: Tray;
  readonly desk: Pick<TreasuryDesk, 'tryBudget'>;
  readonly logger: Logger;
  /** UTC ms. */
  readonly clock: () => number;
  readonly counted: (outcome: MessageOutcome) => void;
  /** Of the topic of the rejected. */
  readonly rejectedPartitions: number;
}

/** Messages that are booked together. */
const CHUNK = 500;

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
 * In the order of the messages of each unit. Those about different vouchers are decided together; the second one about a
 * voucher waits for the first, and with it whatever comes after, because what follows a notice that waits has to wait too.
 */
async function bookAll(
  partition: number,
  messages: readonly IncomingMessage[],
  { booking, tray }: BatchOptions,
): Promise<readonly Taken[]> {
  const taken: Taken[] = [];
  const read: { readonly index: number; readonly notice: TreasuryNotice; readonly id: string }[] = [];
  for (const [index, message] of messages.entries()) {
    const reading = readNotice(message.value);
    const about = { message, origin: originOf(partition, message) };
    if ('notice' in reading) read.push({ index, notice: reading.notice, id: idsOf(reading.notice).id });
    taken.push(
      'notice' in reading
        ? { ...about, notice: reading.notice, outcome: { kind: 'known' } }
        : { ...about, outcome: { kind: 'malformed', problems: reading.problems } },
    );
  }
  const known = new Set((await tray.known(read.map(({ id }) => id))).keys());
  const waiting = new Waiting(await tray.held(read.map(({ notice }) => notice)));

  const take = async ({ index, notice, id }: (typeof read)[number]): Promise<void> => {
    if (known.has(id)) return;
    const { origin } = taken[index] as Taken;
    const outcome: NoticeOutcome = waiting.before(notice)
      ? { kind: 'waits', reason: EARLIER_WAITS }
      : await booking.book(notice, origin);
    taken[index] = { ...(taken[index] as Taken), outcome };
    if (outcome.kind !== 'waits') return;
    waiting.add(notice);
    known.add(id);
  };
  const takeUnit = async (notices: typeof read): Promise<void> => {
    for (const run of runs(notices, ({ notice }) => voucherKey(notice))) await allOf(run.map(take));
  };
  const units = new Map<string, typeof read>();
  for (const one of read) units.set(one.notice.unit, [...(units.get(one.notice.unit) ?? []), one]);
  await allOf([...units.values()].map(takeUnit));
  return taken;
}

/** Pieces, each as long as no key comes twice in it. */
function runs<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[][] {
  const all: Item[][] = [];
  let keys = new Set<string>();
  for (const item of items) {
    const key = keyOf(item);
    if (all.length === 0 || keys.has(key)) {
      all.push([]);
      keys = new Set();
    }
    keys.add(key);
    all.at(-1)?.push(item);
  }
  return all;
}

/** Rejects with the first failure once all have ended: none may go on while the batch is delivered again. */
async function allOf(work: readonly Promise<void>[]): Promise<void> {
  for (const one of await Promise.allSettled(work)) if (one.status === 'rejected') throw one.reason;
}

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
const PROBLEMS_BYTES = 100_000;
/** Of key, value and headers: with what is told beside them, a larger message could be one that the broker does not take. */
const BYTES_KEPT = 900_000;

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
    'rejected-problems': problemsText(outcome.problems),
  };
  const bytes = Buffer.byteLength(key ?? '') + (value?.length ?? 0) + Buffer.byteLength(JSON.stringify(headers));
  const kept =
    bytes <= BYTES_KEPT
      ? { key, value, headers: { ...headers, ...told } }
      : { key: null, value: null, headers: { ...told, 'rejected-left-out': `${bytes} bytes` } };
  return [{ partition: partition % partitions, ...kept }];
}

/** As JSON: the first that have room; how many there are is told beside them. */
function problemsText(problems: readonly Fault[]): string {
  const texts: string[] = [];
  let bytes = 0;
  for (const problem of problems.slice(0, PROBLEMS_TOLD)) {
    const text = JSON.stringify(problem);
    bytes += Buffer.byteLength(text) + 1;
    if (bytes > PROBLEMS_BYTES) break;
    texts.push(text);
  }
  return `[${texts.join()}]`;
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
