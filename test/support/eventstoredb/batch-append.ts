/** BatchAppend: one long call; appends come in fragments under correlation ids and are answered one by one. */
import any from 'google-protobuf/google/protobuf/any_pb.js';
import protobufEmpty from 'google-protobuf/google/protobuf/empty_pb.js';
import rpcStatus from '@eventstore/db-client/generated/status_pb.js';
import { status } from '@grpc/grpc-js';
import { NO_STREAM } from './log.js';
import { idOf, shared, streamIdentifier, streamName, streams, UnreadableId, UINT64_MAX } from './messages.js';
import type { ProposedEvent } from './messages.js';
import { EventRefused, expectationOf, MAXIMUM_APPEND_BYTES, proposedEvent, type Expectation } from './proposed.js';
import { notLeader, unavailable } from './refusals.js';
import { append as appendByRules, type Outcome } from './rules.js';
import type { Life } from './life.js';

/** An append of which not all fragments have come. */
interface Pending {
  readonly stream: string;
  readonly expectation: Expectation;
  /** Milliseconds since 1970, by the clock of this computer, which the client's is too. */
  readonly deadline: number;
  readonly events: ProposedEvent[];
  bytes: number;
}

type Send = (response: streams.BatchAppendResp) => void;

/** Takes the call's requests one by one. */
export function batchAppend(life: Life, send: Send, end: (error: unknown) => void): (request: Request) => void {
  const { faults, commits } = life;
  const pending = new Map<string, Pending>();
  return (request) => {
    if (faults.leader !== undefined) return end(notLeader(faults.leader));
    const response = (): streams.BatchAppendResp =>
      new streams.BatchAppendResp()
        .setCorrelationId(request.getCorrelationId())
        .setStreamIdentifier(request.getOptions()?.getStreamIdentifier());
    let correlation: string;
    try {
      correlation = idOf(request.getCorrelationId());
      const options = request.getOptions();
      if (options !== undefined) pending.set(correlation, begin(options));
    } catch (error) {
      return send(response().setError(refusalOf(error)));
    }
    const append = pending.get(correlation);
    if (append === undefined) return;
    const answer = response().setStreamIdentifier(streamIdentifier(append.stream));
    try {
      addEvents(append, request);
    } catch (error) {
      pending.delete(correlation);
      return send(answer.setError(refusalOf(error)));
    }
    if (!request.getIsFinal()) return;
    pending.delete(correlation);
    if (append.deadline < Date.now()) return send(answer.setError(refusals.timeout()));
    if (append.stream === '$$') return life.die();
    commits.submit(() => {
      const fate = faults.fateInBatch(pending);
      if (fate === 'gone') return () => {};
      fill(answer, append, appendByRules(commits.log, append.stream, append.expectation.expected, append.events));
      if (fate === 'withheld') return () => {};
      if (fate === 'last') return () => end(unavailable());
      return () => faults.replyInBatch({ send: () => send(answer), end });
    });
  };
}

type Request = streams.BatchAppendReq;

const NO_EXPECTATION =
  'Status(StatusCode="InvalidArgument", Detail="\'None\' is not a valid ' +
  'EventStore.Client.Streams.BatchAppendReq+Types+Options+ExpectedStreamPositionOneofCase")';

function begin(options: streams.BatchAppendReq.Options): Pending {
  const stream = streamName(options.getStreamIdentifier());
  if (stream === undefined) throw new EventRefused('Object reference not set to an instance of an object.');
  if (stream === '') throw new EventRefused("Value cannot be null. (Parameter 'value')");
  const expectation = expectationOf(options, options.hasStreamPosition() ? options.getStreamPosition() : undefined);
  if (expectation === undefined) throw new EventRefused(NO_EXPECTATION);
  const deadline = options.getDeadline()?.toDate().getTime() ?? Infinity;
  return { stream, expectation, deadline, events: [], bytes: 0 };
}

class TooLarge extends Error {}

function addEvents(append: Pending, request: Request): void {
  for (const message of request.getProposedMessagesList()) {
    const event = proposedEvent(message);
    append.bytes += event.data.length;
    if (append.bytes > MAXIMUM_APPEND_BYTES) throw new TooLarge();
    append.events.push(event);
  }
}

function fill(answer: streams.BatchAppendResp, { stream, expectation }: Pending, outcome: Outcome): void {
  if (outcome.kind === 'deleted') answer.setError(refusals.deleted(stream));
  else if (outcome.kind === 'wrong-version') answer.setError(refusals.wrongVersion(outcome.last, expectation));
  else {
    const position = new shared.AllStreamPosition()
      .setCommitPosition(String(outcome.position))
      .setPreparePosition(String(outcome.position));
    const success = new streams.BatchAppendResp.Success().setPosition(position);
    if (outcome.last === NO_STREAM) success.setNoStream(nothing());
    else success.setCurrentRevision(String(outcome.last));
    answer.setSuccess(success);
  }
}

const nothing = (): protobufEmpty.Empty => new protobufEmpty.Empty();

function refusalOf(error: unknown): rpcStatus.Status {
  if (error instanceof TooLarge) return refusals.tooLarge();
  if (error instanceof EventRefused || error instanceof UnreadableId) return refusals.badRequest(error.message);
  throw error;
}

/** The codes are those of `google.rpc.Status` as the server sets them: 6 for a wrong version, not 9. */
const refusals = {
  badRequest: (message: string) =>
    refusal(status.INVALID_ARGUMENT, 'BadRequest', new shared.BadRequest().setMessage(message)),
  timeout: () => refusal(status.DEADLINE_EXCEEDED, 'Timeout', new shared.Timeout()),
  tooLarge: () =>
    refusal(
      status.INVALID_ARGUMENT,
      'MaximumAppendSizeExceeded',
      new shared.MaximumAppendSizeExceeded().setMaxappendsize(MAXIMUM_APPEND_BYTES),
    ),
  deleted: (stream: string) =>
    refusal(
      status.NOT_FOUND,
      'StreamDeleted',
      new shared.StreamDeleted().setStreamIdentifier(streamIdentifier(stream)),
    ),
  wrongVersion: (last: number, expectation: Expectation) =>
    refusal(status.ALREADY_EXISTS, 'WrongExpectedVersion', wrongVersion(last, expectation)),
};

function refusal(code: status, name: string, details: { serializeBinary(): Uint8Array }): rpcStatus.Status {
  const packed = new any.Any();
  packed.pack(details.serializeBinary(), `event_store.client.${name}`);
  return new rpcStatus.Status()
    .setCode(code as number)
    .setMessage(name)
    .setDetails(packed);
}

function wrongVersion(last: number, { sent }: Expectation): shared.WrongExpectedVersion {
  const details = new shared.WrongExpectedVersion();
  if (last === NO_STREAM) details.setCurrentNoStream(nothing());
  else details.setCurrentStreamRevision(String(last));
  if (sent === 'any') return details.setExpectedAny(nothing());
  if (sent === 'exists') return details.setExpectedStreamExists(nothing());
  if (sent === 'none' || sent.revision === UINT64_MAX) return details.setExpectedNoStream(nothing());
  return details.setExpectedStreamPosition(sent.revision);
}
