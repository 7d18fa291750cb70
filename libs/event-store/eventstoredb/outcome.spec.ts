import {
  AccessDeniedError,
  CancelledError,
  DeadlineExceededError,
  MaxAppendSizeExceededError,
  NotLeaderError,
  StreamDeletedError,
  TimeoutError,
  UnavailableError,
  UnknownError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { Metadata, type ServiceError } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { appendFailure, readFailure, silent } from '#event-store/eventstoredb/outcome.js';
import { StoreUnavailable, WrongRevision } from '#event-store/port.js';

/** An error as grpc-js makes it of a call's status. */
function status(code: number, details: string, trailers: Record<string, string> = {}): ServiceError {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, value);
  return Object.assign(new Error(`${code} ${details}`), { code, details, metadata });
}

const notLeader = { exception: 'not-leader', 'leader-endpoint-host': '127.0.0.1', 'leader-endpoint-port': '2113' };

describe('an append is told as unknown after', () => {
  it.each<[string, Error]>([
    ['its time limit', silent('no answer to an append', 5)],
    ['a timeout of the server', new TimeoutError(status(10, 'aborted'))],
    ['a deadline', new DeadlineExceededError(status(4, 'deadline'))],
    ['a cancelled call', new CancelledError(status(1, 'cancelled'))],
    ['a call cancelled here', status(1, 'Cancelled on client')],
    ['an unavailable server', new UnavailableError(status(14, 'unavailable'))],
    ['a plain error with code 14', status(14, 'No connection established')],
    ['a server that is not the leader', new NotLeaderError(status(5, 'leader', notLeader))],
    ['a server at start', new UnknownError(undefined, 'Could not recognize Server Is Not Ready')],
    ['an error that nobody foresaw', status(2, 'Exception was thrown by handler.')],
  ])('%s', (_, error) => {
    expect(appendFailure(error, 'budget-A-2024', 3)).toMatchObject({
      name: 'StoreUnavailable',
      outcome: 'unknown',
      cause: error,
    });
  });
});

describe('an append is told as refused after', () => {
  it.each<[string, Error, string]>([
    ['denied access', new AccessDeniedError(status(7, 'denied')), 'EVENTSTORE_URL'],
    ['a smaller size limit than ours', new MaxAppendSizeExceededError(undefined, 500_000), '500000 bytes'],
  ])('%s, with what to do', (_, error, word) => {
    const failure = appendFailure(error, 'budget-A-2024', 3) as StoreUnavailable;
    expect(failure).toMatchObject({ name: 'StoreUnavailable', outcome: 'refused' });
    expect((failure.cause as Error).message).toContain(word);
  });
});

describe('a wrong revision', () => {
  it.each([
    ['no_stream', 'none'],
    [7n, 7],
    ['stream_exists', undefined],
  ] as const)('says what was found: %s', (current, actual) => {
    const error = new WrongExpectedVersionError(null as never, {
      streamName: 'budget-A-2024',
      current: current as never,
      expected: 3n,
    });
    const failure = appendFailure(error, 'budget-A-2024', 3);
    expect(failure).toBeInstanceOf(WrongRevision);
    expect(failure).toMatchObject({ stream: 'budget-A-2024', expected: 3, actual });
  });
});

it('a deleted stream is no outage', () => {
  const failure = appendFailure(StreamDeletedError.fromStreamName('budget-A-2024'), 'budget-A-2024', 3);
  expect(failure).not.toBeInstanceOf(StoreUnavailable);
  expect(failure.message).toContain('budget-A-2024 was deleted');
});

it('a place inside an event is told as another log', () => {
  const failure = readFailure(status(3, 'Trying to read from an invalid position.'));
  expect(failure.message).toContain('belongs to another log');
  expect(readFailure(status(14, 'unavailable'))).toMatchObject({ outcome: 'refused' });
});
