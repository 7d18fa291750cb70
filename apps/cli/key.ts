import { createHash } from 'node:crypto';
import { canonicalJson, toNfc } from '#event-store/canonical.js';

export interface KeyedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  /** Revision that the caller saw, on requests that hang on it. */
  readonly revision?: string;
}

/**
 * The idempotency key of a command that names none: `cli-` and the SHA-256 of method, path and canonical body. So the same
 * command given twice, also after a broken connection, is booked once. Where what is asked hangs on what stands there (a
 * seal, a close, a new payment plan), the revision seen is part of it: closing again after a reopening is a new command.
 */
export function contentKey({ method, path, body, revision }: KeyedRequest): string {
  const request = { method, path, body, ...(revision === undefined ? {} : { revision }) };
  return `cli-${createHash('sha256')
    .update(canonicalJson(toNfc(request)))
    .digest('hex')}`;
}
