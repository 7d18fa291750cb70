/**
 * Events and heartbeats as messages: CloudEvents 1.0 in Kafka's binary mode. Attributes are headers, the value is the
 * event's data exactly as it is stored.
 */
import type { CivilDate } from '#domain/calendar.js';
import type { Envelope, EventMeta, Position } from '#domain/envelope.js';
import type { IncomingMessage, OutgoingMessage } from './port.js';
import { partitionOf } from './partition.js';

export const EVENTS_TOPIC = 'budget.events.v1';

/** An event with the two texts that the log holds of it. */
export interface EventToSend {
  readonly envelope: Envelope;
  /** Canonical JSON, as stored. */
  readonly data: string;
  readonly metadata: string;
  /** Log time: the running maximum of `recordedAt` along the log, UTC ms. */
  readonly time: number;
}

/** Says of its partition: all events up to this place of the log have been sent before it. `time` is the log time there. */
export interface Heartbeat {
  readonly position: Position;
  readonly time: number;
}

/** What a message says. An event's `recordedAt` is the log time. */
export type Arrival =
  { readonly kind: 'event'; readonly envelope: Envelope } | ({ readonly kind: 'heartbeat' } & Heartbeat);

/** A message of the topic that is none of ours, or is damaged; `message` says what of it. */
export class UnreadableMessage extends Error {
  override readonly name = 'UnreadableMessage';
  constructor(
    readonly partition: number,
    readonly offset: bigint,
    what: string,
    options?: ErrorOptions,
  ) {
    super(`the message at offset ${offset} of partition ${partition} cannot be read: ${what}`, options);
  }
}

const HEARTBEAT = 'budget.heartbeat';

/**
 * Metadata travel whole, whatever their length: the broker sets no limit to a header, and a cut one would be no JSON. An
 * append is at most 1,000,000 bytes with its metadata, so the message fits a topic's usual limit of 1 MiB.
 */
export function eventMessage(event: EventToSend, target: { partitions: number; source: string }): OutgoingMessage {
  const { id, type, stream, revision, position, version, meta } = event.envelope;
  const headers: Record<string, string> = {
    ce_specversion: '1.0',
    ce_id: id,
    ce_type: type,
    ce_source: target.source,
    ce_subject: stream,
    ce_time: new Date(event.time).toISOString(),
    ce_revision: String(revision),
    ce_position: position,
    ce_eventversion: String(version),
    ce_meta: event.metadata,
    'content-type': 'application/json',
  };
  if (meta.traceparent !== undefined) headers['traceparent'] = meta.traceparent;
  return { partition: partitionOf(stream, target.partitions), key: stream, headers, value: Buffer.from(event.data) };
}

/** One heartbeat for each partition. */
export function heartbeatMessages(
  { position, time }: Heartbeat,
  { partitions, source }: { partitions: number; source: string },
): readonly OutgoingMessage[] {
  const headers = {
    ce_specversion: '1.0',
    ce_id: `heartbeat-${position}`,
    ce_type: HEARTBEAT,
    ce_source: source,
    ce_time: new Date(time).toISOString(),
    ce_position: position,
  };
  return Array.from({ length: partitions }, (_, partition) => ({ partition, key: null, headers, value: null }));
}

/** Reads a message. Throws `UnreadableMessage`. */
export function readMessage(message: IncomingMessage): Arrival {
  const reject = (what: string, options?: ErrorOptions): never => {
    throw new UnreadableMessage(message.partition, message.offset, what, options);
  };
  const header = (name: string): string => message.headers[name] ?? reject(`no header ${name}`);
  const matching = (name: string, pattern: RegExp): string => {
    const text = header(name);
    return pattern.test(text) ? text : reject(`${name} is ${JSON.stringify(text.slice(0, 40))}`);
  };
  const time = Date.parse(header('ce_time'));
  if (Number.isNaN(time)) reject('ce_time is no instant');
  const position = matching('ce_position', /^\d{1,18}$/) as Position;
  const type = header('ce_type');
  if (type === HEARTBEAT) return { kind: 'heartbeat', position, time };
  if (message.value === null) reject('an event without data');
  try {
    const metadata: unknown = JSON.parse(header('ce_meta'));
    if (!isStoredMetadata(metadata)) return reject('ce_meta is no object with an effectiveDate');
    const { version: _version, effectiveDate, belongsTo, ...meta } = metadata;
    const envelope: Envelope = {
      id: header('ce_id'),
      stream: header('ce_subject'),
      revision: Number(matching('ce_revision', /^\d{1,15}$/)),
      position,
      type,
      version: Number(matching('ce_eventversion', /^\d{1,9}$/)),
      effectiveDate,
      recordedAt: time,
      data: JSON.parse(textOf(message.value!)) as unknown,
      meta,
    };
    return { kind: 'event', envelope: belongsTo === undefined ? envelope : { ...envelope, belongsTo } };
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    return reject('data or metadata are no JSON', { cause });
  }
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();

interface StoredMetadata extends EventMeta {
  readonly version: number;
  readonly effectiveDate: CivilDate;
  readonly belongsTo?: CivilDate;
}

/** As far as reading rests on it; whoever wrote the event checked the rest. */
const isStoredMetadata = (value: unknown): value is StoredMetadata =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as { effectiveDate?: unknown }).effectiveDate === 'string';
