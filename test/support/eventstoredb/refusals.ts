/** The statuses that calls end with, in the words of the server. */
import { Metadata, status } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';

export class CallRefused extends Error {
  readonly metadata = new Metadata();

  /** `trailers`: what the client makes its error of. */
  constructor(
    readonly code: status,
    readonly details: string,
    trailers: Readonly<Record<string, string>> = {},
  ) {
    super(details);
    for (const [name, value] of Object.entries(trailers)) this.metadata.set(name, value);
  }
}

/** What the server says where it did not expect a request. */
export const unexpected = (): CallRefused => new CallRefused(status.UNKNOWN, 'Exception was thrown by handler.');

export const invalid = (details: string): CallRefused => new CallRefused(status.INVALID_ARGUMENT, details);

/** A oneof that must be set and is not. */
export const notSet = (type: string): CallRefused => invalid(`'None' is not a valid EventStore.Client.Streams.${type}`);

export function streamDeleted(stream: string): CallRefused {
  return new CallRefused(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });
}

/** -1 stands for no stream, -2 for any, -4 for one that exists. */
export function deletionRefused(stream: string, expected: string, actual: number): CallRefused {
  const details = `Delete failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${actual}`;
  return new CallRefused(status.FAILED_PRECONDITION, details, {
    exception: 'wrong-expected-version',
    'stream-name': stream,
    'expected-version': expected,
    'actual-version': String(actual),
  });
}

export function appendTooLarge(limit: number): CallRefused {
  return new CallRefused(status.INVALID_ARGUMENT, `Maximum Append Size of ${limit} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(limit),
  });
}

export function metadataMissing(name: string): CallRefused {
  return new CallRefused(status.INVALID_ARGUMENT, `Required Metadata Property '${name}' is missing`, {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  });
}

export function notLeader(leader: { readonly host: string; readonly port: number }): CallRefused {
  return new CallRefused(status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': leader.host,
    'leader-endpoint-port': String(leader.port),
  });
}

export const unavailable = (): CallRefused => new CallRefused(status.UNAVAILABLE, 'Server Is Not Ready');

/** What a handler threw, as the error that ends its call. A mistake of the stand-in shows itself by its own words. */
export function asServiceError(error: unknown): Partial<ServiceError> {
  if (error instanceof CallRefused) return error;
  return new CallRefused(
    status.INTERNAL,
    `the stand-in failed: ${String(error instanceof Error ? error.stack : error)}`,
  );
}
