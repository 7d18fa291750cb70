/** Append: options, then one message for each event, half-close, one answer. */
import type { Life } from './life.js';
import { empty, streamName, streams } from './messages.js';
import { NO_STREAM } from './log.js';
import { EventRefused, expectationOf, MAXIMUM_APPEND_BYTES, proposedEvent, type Expectation } from './proposed.js';
import { append as appendByRules, type Outcome } from './rules.js';
import { appendTooLarge, metadataMissing, notLeader, notSet, streamDeleted, unexpected } from './refusals.js';
import type { ProposedEvent } from './messages.js';

interface AppendCall {
  readonly messages: readonly streams.AppendReq[];
  readonly answer: (response: streams.AppendResp) => void;
  readonly end: (error: unknown) => void;
}

interface Append {
  readonly stream: string;
  readonly expectation: Expectation;
  readonly events: readonly ProposedEvent[];
}

/** `answer` and `end` are called once, one of them; what is wrong with the request is thrown. */
export function append(life: Life, { messages, answer, end }: AppendCall): void {
  const { faults, commits } = life;
  if (faults.leader !== undefined) throw notLeader(faults.leader);
  const { stream, expectation, events } = appendOf(messages);
  if (stream === '$$') return life.die();
  commits.submit(() => {
    const outcome = appendByRules(commits.log, stream, expectation.expected, events);
    if (outcome.kind === 'deleted') return () => end(streamDeleted(stream));
    const response = responseTo(outcome, expectation);
    return () => faults.reply({ send: () => answer(response), end });
  });
}

function appendOf([first, ...rest]: readonly streams.AppendReq[]): Append {
  const options = first?.getOptions();
  if (options === undefined) throw unexpected();
  const stream = streamName(options.getStreamIdentifier());
  if (stream === undefined || stream === '') throw unexpected();
  const expectation = expectationOf(options, options.hasRevision() ? options.getRevision() : undefined);
  if (expectation === undefined) throw notSet('AppendReq+Types+Options+ExpectedStreamRevisionOneofCase');
  let size = 0;
  const events = rest.map((message) => {
    const event = readEvent(message);
    size += event.data.length;
    if (size > MAXIMUM_APPEND_BYTES) throw appendTooLarge(MAXIMUM_APPEND_BYTES);
    return event;
  });
  return { stream, expectation, events };
}

function readEvent(message: streams.AppendReq): ProposedEvent {
  const proposed = message.getProposedMessage();
  if (proposed === undefined) throw unexpected();
  try {
    return proposedEvent(proposed);
  } catch (error) {
    if (!(error instanceof EventRefused)) throw error;
    throw error.missing === undefined ? unexpected() : metadataMissing(error.missing);
  }
}

function responseTo(outcome: Exclude<Outcome, { kind: 'deleted' }>, expectation: Expectation): streams.AppendResp {
  if (outcome.kind === 'wrong-version') {
    return new streams.AppendResp().setWrongExpectedVersion(wrongVersion(outcome.last, expectation));
  }
  const position = new streams.AppendResp.Position()
    .setCommitPosition(String(outcome.position))
    .setPreparePosition(String(outcome.position));
  const success = new streams.AppendResp.Success().setPosition(position);
  if (outcome.last === NO_STREAM) success.setNoStream(empty());
  else success.setCurrentRevision(String(outcome.last));
  return new streams.AppendResp().setSuccess(success);
}

/**
 * Every value twice, in the fields of old clients and in the present ones. The old field for "no stream" would hold the
 * largest number of 64 bits, which the generated code can read and not write: it is left out.
 */
function wrongVersion(last: number, { sent }: Expectation): streams.AppendResp.WrongExpectedVersion {
  const refusal = new streams.AppendResp.WrongExpectedVersion();
  if (last === NO_STREAM) refusal.setNoStream2060(empty()).setCurrentNoStream(empty());
  else refusal.setCurrentRevision2060(last).setCurrentRevision(String(last));
  if (sent === 'any') return refusal.setAny2060(empty()).setExpectedAny(empty());
  if (sent === 'exists') return refusal.setStreamExists2060(empty()).setExpectedStreamExists(empty());
  if (sent === 'none') return refusal.setExpectedNoStream(empty());
  const old = Number(sent.revision);
  if (old < 2 ** 64) refusal.setExpectedRevision2060(old);
  return refusal.setExpectedRevision(sent.revision);
}
