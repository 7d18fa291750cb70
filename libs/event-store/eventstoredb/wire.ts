/** Requests to EventStoreDB and its records, as the messages that its stubs know. */
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type * as wire from '@eventstore/db-client/generated/streams_pb.js';
import type { Envelope } from '#domain/envelope.js';
import type { ExpectedRevision } from '../port.js';
import { decode, type EncodedEvent, type StoredEvent } from '../serialise.js';
import type { Place } from './followed.js';

/** What is asked to be appended; `correlation` comes back with the answer. */
export function appendRequest(
  correlation: string,
  stream: string,
  expected: ExpectedRevision,
  events: readonly Pick<EncodedEvent, 'id' | 'type' | 'data' | 'metadata'>[],
): wire.BatchAppendReq {
  const options = new streams.BatchAppendReq.Options();
  options.setStreamIdentifier(nameOf(stream));
  if (expected === 'none') options.setNoStream(new shared.Empty());
  else options.setStreamPosition(String(expected));
  const request = new streams.BatchAppendReq();
  request.setCorrelationId(uuid(correlation));
  request.setOptions(options);
  request.setProposedMessagesList(events.map(proposed));
  request.setIsFinal(true);
  return request;
}

/** Marked as JSON, so that the store's own tools show it; the bytes are exactly those of `serialise.ts`. */
function proposed({
  id,
  type,
  data,
  metadata,
}: Pick<EncodedEvent, 'id' | 'type' | 'data' | 'metadata'>): wire.BatchAppendReq.ProposedMessage {
  const message = new streams.BatchAppendReq.ProposedMessage();
  message.setId(uuid(id));
  message.getMetadataMap().set('type', type).set('content-type', 'application/json');
  message.setData(bytes(data));
  if (metadata !== '') message.setCustomMetadata(bytes(metadata));
  return message;
}

export interface PageRequest {
  readonly backwards?: boolean;
  /** At least 1: the server refuses 0 for a stream and never answers it for `$all`. */
  readonly count: number;
}

/** Part of a stream, `from` included; `end` only backwards. */
export function streamRequest(stream: string, from: number | 'end', page: PageRequest): wire.ReadReq {
  const of = new streams.ReadReq.Options.StreamOptions();
  of.setStreamIdentifier(nameOf(stream));
  if (from === 'end') of.setEnd(new shared.Empty());
  else of.setRevision(String(from));
  const options = pageOptions(page);
  options.setStream(of);
  options.setNoFilter(new shared.Empty());
  return readRequest(options);
}

/** Part of `$all`: forwards the record at `from` is included, backwards it is not. */
export function allRequest(from: Place | 'start' | 'end', page: PageRequest): wire.ReadReq {
  const options = pageOptions(page);
  options.setAll(allFrom(from));
  options.setNoFilter(new shared.Empty());
  return readRequest(options);
}

/** Records after which the server names its place at the latest, when none of them is for us. */
const CHECKPOINT_RECORDS = 1_000;

/** Everything of plain streams after a place (it is not included), and what comes. */
export function subscribeRequest(after: Place | 'start'): wire.ReadReq {
  const options = new streams.ReadReq.Options();
  options.setAll(allFrom(after));
  options.setSubscription(new streams.ReadReq.Options.SubscriptionOptions());
  const plain = new streams.ReadReq.Options.FilterOptions.Expression();
  plain.setRegex('^[^$]');
  const filter = new streams.ReadReq.Options.FilterOptions();
  filter.setStreamIdentifier(plain);
  filter.setMax(CHECKPOINT_RECORDS);
  filter.setCheckpointintervalmultiplier(1);
  options.setFilter(filter);
  return readRequest(options);
}

function pageOptions({ backwards = false, count }: PageRequest): wire.ReadReq.Options {
  const options = new streams.ReadReq.Options();
  options.setReadDirection(backwards ? 1 : 0);
  options.setCount(String(count));
  return options;
}

function allFrom(place: Place | 'start' | 'end'): wire.ReadReq.Options.AllOptions {
  const all = new streams.ReadReq.Options.AllOptions();
  if (place === 'start') all.setStart(new shared.Empty());
  else if (place === 'end') all.setEnd(new shared.Empty());
  else {
    const position = new streams.ReadReq.Options.Position();
    position.setCommitPosition(String(place.commit));
    position.setPreparePosition(String(place.prepare));
    all.setPosition(position);
  }
  return all;
}

function readRequest(options: wire.ReadReq.Options): wire.ReadReq {
  options.setResolveLinks(false);
  const ids = new streams.ReadReq.Options.UUIDOption();
  ids.setString(new shared.Empty());
  options.setUuidOption(ids);
  const request = new streams.ReadReq();
  request.setOptions(options);
  return request;
}

/** One record of the store, not yet looked into. */
export type Stored = wire.ReadResp.ReadEvent.RecordedEvent;

export const CLOCK = 'clock';

export const streamOf = (record: Stored): string => text(record.getStreamIdentifier()?.getStreamName_asU8());

export const placeOf = (record: Stored): Place => ({
  commit: BigInt(record.getCommitPosition()),
  prepare: BigInt(record.getPreparePosition()),
});

/** UTC ms at which the server stored the record; it counts in 100 ns. */
export const createdOf = (record: Stored): number =>
  Number(BigInt(record.getMetadataMap().get('created') ?? '0') / 10_000n);

const OURS = /^[a-z][A-Za-z0-9-]{0,99}$/;
/** Every event of the product says who recorded it, first, and in which version it is written, last. */
const METADATA = /^\{"actor":.*"version":\d+\}$/;

/**
 * The envelope of a record; nothing for one that is no event of the product: a mark of the clock, or of the server itself or
 * another program in the same cluster, which have other names or other metadata.
 *
 * An imported event keeps the instant of the log that it comes from, but none ahead of this log: a file from a clock that
 * went wrong would carry the time of everything after it away.
 */
export const envelopeOf = (record: Stored, stream = streamOf(record)): Envelope | undefined =>
  storedAndEnvelope(record, stream)?.envelope;

/** The same with the texts that it was read from. */
export function storedAndEnvelope(
  record: Stored,
  stream: string,
): { readonly stored: StoredEvent; readonly envelope: Envelope } | undefined {
  if (stream === CLOCK || !OURS.test(stream)) return undefined;
  const metadata = text(record.getCustomMetadata_asU8());
  if (!METADATA.test(metadata)) return undefined;
  const created = createdOf(record);
  const stored: StoredEvent = {
    position: record.getCommitPosition(),
    stream,
    revision: Number(record.getStreamRevision()),
    id: record.getId()?.getString() ?? '',
    type: record.getMetadataMap().get('type') ?? '',
    data: text(record.getData_asU8()),
    metadata,
    recordedAt: created,
  };
  const envelope = decode(stored);
  const { recordedAt = created } = envelope.meta;
  return { stored, envelope: recordedAt < created ? { ...envelope, recordedAt } : envelope };
}

const text = (of: Uint8Array | undefined): string =>
  of === undefined ? '' : Buffer.from(of.buffer, of.byteOffset, of.byteLength).toString('utf8');

const encoder = new TextEncoder();
const bytes = (of: string): Uint8Array => encoder.encode(of);

function nameOf(stream: string): InstanceType<typeof shared.StreamIdentifier> {
  const name = new shared.StreamIdentifier();
  name.setStreamName(bytes(stream));
  return name;
}

function uuid(of: string): InstanceType<typeof shared.UUID> {
  const id = new shared.UUID();
  id.setString(of);
  return id;
}
