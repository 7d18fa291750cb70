/** The protocol's messages as the stand-in reads and writes them: ids, positions, and the events, each encoded once. */
import { randomUUID } from 'node:crypto';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';

export { shared, streams };

/** What a client gives to be written. */
export interface ProposedEvent {
  /** Lower case, with hyphens. */
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly customMetadata: Uint8Array;
}

/** The revision that a tombstone has. */
export const LAST_REVISION = '9223372036854775807';
export const UINT64_MAX = '18446744073709551615';

export const empty = (): shared.Empty => new shared.Empty();
export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

export function streamIdentifier(stream: string): shared.StreamIdentifier {
  return new shared.StreamIdentifier().setStreamName(Buffer.from(stream));
}

/** Undefined for one that was not sent; empty for one without a name. */
export function streamName(identifier: shared.StreamIdentifier | undefined): string | undefined {
  return identifier === undefined ? undefined : textOf(identifier.getStreamName_asU8());
}

/** Why an id is refused, in the words of the server. */
export class UnreadableId extends Error {}

const WITH_HYPHENS = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const WITHOUT_HYPHENS = /^[0-9a-f]{32}$/;

/** An id in lower case with hyphens, whichever form it was sent in. Throws `UnreadableId`. */
export function idOf(uuid: shared.UUID | undefined): string {
  if (uuid === undefined) throw new UnreadableId("Value cannot be null. (Parameter 'dto')");
  if (uuid.hasString()) {
    const text = uuid.getString().toLowerCase();
    if (WITH_HYPHENS.test(text)) return text;
    if (WITHOUT_HYPHENS.test(text)) return hyphenated(text);
    throw new UnreadableId('Unrecognized Guid format.');
  }
  const halves = uuid.getStructured();
  if (halves === undefined) throw new UnreadableId("Invalid argument: None (Parameter 'dto')");
  const hex = (half: string): string => BigInt.asUintN(64, BigInt(half)).toString(16).padStart(16, '0');
  return hyphenated(hex(halves.getMostSignificantBits()) + hex(halves.getLeastSignificantBits()));
}

const hyphenated = (hex: string): string => hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');

export const uuidAsString = (id: string): shared.UUID => new shared.UUID().setString(id);

export function uuidAsHalves(id: string): shared.UUID {
  const hex = id.replaceAll('-', '');
  const half = (digits: string): string => BigInt.asIntN(64, BigInt(`0x${digits}`)).toString();
  const halves = new shared.UUID.Structured()
    .setMostSignificantBits(half(hex.slice(0, 16)))
    .setLeastSignificantBits(half(hex.slice(16)));
  return new shared.UUID().setStructured(halves);
}

/** Where and when an event was written. */
export interface Stamp {
  readonly stream: string;
  readonly revision: number;
  /** Commit and prepare position, which are equal. */
  readonly position: number;
  /** Milliseconds since 1970. */
  readonly created: number;
}

const TICKS_PER_MS = 10_000n;

/** A time as events carry it: decimal, in units of 100 ns. */
export const ticksOf = (created: number): string => String(BigInt(Math.trunc(created)) * TICKS_PER_MS);

export const contentTypeOf = ({ contentType }: ProposedEvent): string =>
  contentType === 'application/json' ? contentType : 'application/octet-stream';

/** The answer that carries an event to a reader, by the generated code. `wire.ts` is quicker and knows no tombstones. */
export function encodeByMessage(event: ProposedEvent, { stream, revision, position, created }: Stamp): Buffer {
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent()
    .setId(uuidAsString(event.id))
    .setStreamIdentifier(streamIdentifier(stream))
    .setStreamRevision(revision < 0 ? LAST_REVISION : String(revision))
    .setPreparePosition(String(position))
    .setCommitPosition(String(position))
    .setCustomMetadata(event.customMetadata)
    .setData(event.data);
  recorded
    .getMetadataMap()
    .set('type', event.type)
    .set('content-type', contentTypeOf(event))
    .set('created', ticksOf(created));
  const read = new streams.ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(String(position));
  return encode(new streams.ReadResp().setEvent(read));
}

/** The same answer with the id as two halves, which few clients ask for. */
export function withStructuredId(encoded: Buffer): Buffer {
  const answer = streams.ReadResp.deserializeBinary(encoded);
  const recorded = answer.getEvent()?.getEvent();
  recorded?.setId(uuidAsHalves(idOf(recorded.getId())));
  return encode(answer);
}

/** The data of an event that was encoded before. */
export function dataOf(encoded: Buffer): Uint8Array {
  return streams.ReadResp.deserializeBinary(encoded).getEvent()?.getEvent()?.getData_asU8() ?? new Uint8Array();
}

/** A read's other answers. */
export const answers = {
  confirmation: (): Buffer =>
    encode(
      new streams.ReadResp().setConfirmation(
        new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(randomUUID()),
      ),
    ),
  caughtUp: (): Buffer => encode(new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp())),
  checkpoint: (commit: number, prepare: number): Buffer =>
    encode(
      new streams.ReadResp().setCheckpoint(
        new streams.ReadResp.Checkpoint().setCommitPosition(String(commit)).setPreparePosition(String(prepare)),
      ),
    ),
  streamNotFound: (stream: string): Buffer =>
    encode(
      new streams.ReadResp().setStreamNotFound(
        new streams.ReadResp.StreamNotFound().setStreamIdentifier(streamIdentifier(stream)),
      ),
    ),
  firstRevision: (revision: number): Buffer => encode(new streams.ReadResp().setFirstStreamPosition(String(revision))),
  lastRevision: (revision: number): Buffer => encode(new streams.ReadResp().setLastStreamPosition(String(revision))),
};

const encode = (message: streams.ReadResp): Buffer => Buffer.from(message.serializeBinary());
