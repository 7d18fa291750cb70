/** What a failure of the store means for the one who asked. */
import {
  AccessDeniedError,
  CancelledError,
  MaxAppendSizeExceededError,
  NotLeaderError,
  StreamDeletedError,
  UnavailableError,
  WrongExpectedVersionError,
  convertToCommandError,
} from '@eventstore/db-client';
import { StoreUnavailable, WrongRevision, type ExpectedRevision } from '../port.js';

/**
 * What a failed append is told as. Only what the store refuses in so many words was surely not written. All else is unknown
 * (timeout, deadline, cancelled, not the leader, unavailable, a plain error with code 14, "Server Is Not Ready" at start, and
 * whatever a later server says): the same ids at the same exact revision may be sent again until they are answered.
 */
export function appendFailure(error: unknown, stream: string, expected: ExpectedRevision): Error {
  if (error instanceof StoreUnavailable || error instanceof WrongRevision) return error;
  if (error instanceof WrongExpectedVersionError) {
    return new WrongRevision(stream, expected, revisionOf(error.actualVersion));
  }
  if (error instanceof StreamDeletedError) {
    return new Error(
      `stream ${stream} was deleted in the event store; the ledger deletes none. Restore it from a backup.`,
    );
  }
  if (error instanceof MaxAppendSizeExceededError) {
    const message = `the event store takes ${error.maxAppendSize} bytes in one append, the ledger needs 1,000,000: raise its MaxAppendSize`;
    return new StoreUnavailable('refused', { cause: new Error(message) });
  }
  if (error instanceof AccessDeniedError) {
    const message = 'the event store denies access: check user and password in EVENTSTORE_URL';
    return new StoreUnavailable('refused', { cause: new Error(message, { cause: error }) });
  }
  return new StoreUnavailable('unknown', { cause: error });
}

/** What a failed read is told as: nothing was asked to be written, so there is nothing unknown. */
export function readFailure(error: unknown): Error {
  if (error instanceof StoreUnavailable) return error;
  const cause = error instanceof Error ? convertToCommandError(error) : error;
  if (isOffBoundary(cause)) {
    const message = 'the position is no place of this log: the reader belongs to another log';
    return new Error(message, { cause });
  }
  return new StoreUnavailable('refused', { cause });
}

/** The words of the server for a subscription that is to begin inside an event. */
const isOffBoundary = (cause: unknown): boolean =>
  cause instanceof Error && cause.message.includes('Trying to read from an invalid position');

/** Whether a call failed for its connection and not for what it asked. */
export function lostConnection(error: unknown): boolean {
  const cause = error instanceof Error ? convertToCommandError(error) : error;
  return cause instanceof UnavailableError || cause instanceof CancelledError || cause instanceof NotLeaderError;
}

const revisionOf = (version: unknown): ExpectedRevision | undefined => {
  if (version === 'no_stream') return 'none';
  return typeof version === 'bigint' ? Number(version) : undefined;
};

export const silent = (what: string, ms: number): Error => new Error(`the event store: ${what} within ${ms} ms`);
