/**
 * What an event looks like in a log: type, data and metadata, the last two as canonical JSON, the same bytes on every
 * adapter. Metadata holds version, effective date, true date and everything of `EventMeta`.
 */
import type { CivilDate } from '#domain/calendar.js';
import type { Envelope, EventMeta, NewEvent, Position } from '#domain/envelope.js';
import { canonicalJson } from './canonical.js';
import { AppendTooLarge, MAX_APPEND_BYTES, type ExpectedRevision } from './port.js';

export interface EncodedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
  /** UTF-8 bytes of data, metadata and type: what counts against `MAX_APPEND_BYTES`. */
  readonly bytes: number;
  /** UTC ms at which an imported log recorded the event. */
  readonly importedAt?: number;
}

/** One event as a log gives it back. */
export interface StoredEvent {
  readonly position: string;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
  /** UTC ms. */
  readonly recordedAt: number;
}

const STREAM = /^[a-z][A-Za-z0-9-]{0,99}$/;
const TYPE = /^[A-Z][A-Za-z0-9]{0,63}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Texts of events whose size was asked for before they are appended, so that they are not encoded twice. */
const measured = new WeakMap<NewEvent, EncodedEvent>();

/** Bytes that the event will take of an append. Throws a TypeError that names the event if it cannot be stored exactly. */
export function sizeOf(event: NewEvent): number {
  const encoded = measured.get(event) ?? encode(event);
  measured.set(event, encoded);
  return encoded.bytes;
}

/** Text and size of a new event. Throws a TypeError that names the event if it cannot be stored exactly. */
export function encode(event: NewEvent): EncodedEvent {
  const { id, type, version, meta } = event;
  if (!UUID.test(id) || !TYPE.test(type)) throw new TypeError(`event ${type} ${id}: malformed type or id`);
  if (!Number.isInteger(version) || version < 1) throw new TypeError(`event ${type} ${id}: version ${version}`);
  try {
    const data = canonicalJson(event.data);
    const metadata = metadataOf(event);
    const bytes = Buffer.byteLength(data) + Buffer.byteLength(metadata) + type.length;
    const encoded = { id, type, data, metadata, bytes };
    return meta.recordedAt === undefined ? encoded : { ...encoded, importedAt: meta.recordedAt };
  } catch (cause) {
    throw new TypeError(`event ${type} ${id} cannot be stored: ${(cause as Error).message}`, { cause });
  }
}

/** In the order of canonical JSON. Written out, because merging meta and dates into one object takes longer than the text. */
const METADATA = [
  'actor',
  'approvals',
  'belongsTo',
  'causationId',
  'commandId',
  'correlationId',
  'document',
  'effectiveDate',
  'reason',
  'recordedAt',
  'requestHash',
  'traceparent',
  'version',
] as const satisfies readonly (keyof Metadata)[];

function metadataOf({ meta, effectiveDate, belongsTo, version }: NewEvent): string {
  const envelope = belongsTo === undefined ? { effectiveDate, version } : { effectiveDate, belongsTo, version };
  let text = '';
  let written = 0;
  for (const key of METADATA) {
    const value = key in envelope ? envelope[key as keyof typeof envelope] : meta[key as keyof EventMeta];
    if (value === undefined) continue;
    text += `${written === 0 ? '{' : ','}"${key}":${canonicalJson(value)}`;
    written += 1;
  }
  const given = Object.keys(meta).length + Object.keys(envelope).length;
  if (written !== given) throw new TypeError(`metadata holds ${given - written} unknown or undefined properties`);
  return `${text}}`;
}

/**
 * Checks and encodes one append, the same way for every adapter. Throws `AppendTooLarge` with the figure, and a TypeError
 * for what only a bug can cause: a stream name that came from unchecked input, no events, one id twice.
 */
export function encodeAppend(
  stream: string,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
): readonly EncodedEvent[] {
  if (!STREAM.test(stream)) throw new TypeError(`not a stream name: ${JSON.stringify(stream)}`);
  if (expected !== 'none' && !(Number.isInteger(expected) && expected >= 0)) {
    throw new TypeError(`not a revision: ${expected}`);
  }
  if (events.length === 0) throw new TypeError(`append of no events to ${stream}`);
  const encoded = events.map((event) => measured.get(event) ?? encode(event));
  const bytes = encoded.reduce((total, event) => total + event.bytes, 0);
  if (bytes > MAX_APPEND_BYTES) throw new AppendTooLarge(stream, bytes);
  if (encoded.length > 1 && new Set(encoded.map((event) => event.id)).size < encoded.length) {
    throw new TypeError(`append to ${stream} holds one event id twice`);
  }
  return encoded;
}

/** The envelope of a stored event; its data is what was stored, not yet brought to the current version. */
export function decode(stored: StoredEvent): Envelope {
  const { version, effectiveDate, belongsTo, ...meta } = JSON.parse(stored.metadata) as Metadata;
  const envelope = {
    id: stored.id,
    stream: stored.stream,
    revision: stored.revision,
    position: stored.position as Position,
    type: stored.type,
    version,
    effectiveDate,
    recordedAt: stored.recordedAt,
    data: JSON.parse(stored.data) as unknown,
    meta,
  };
  return belongsTo === undefined ? envelope : { ...envelope, belongsTo };
}

interface Metadata extends EventMeta {
  readonly version: number;
  readonly effectiveDate: CivilDate;
  readonly belongsTo?: CivilDate;
}
