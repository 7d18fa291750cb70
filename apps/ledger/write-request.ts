/**
 * What every write carries beside its body: the caller's key, the revision it saw, whether it is only a trial, and the
 * digest by which a repeat is known.
 */
import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ExpectedRevision } from '#event-store/port.js';
import { canonicalBytes } from '#event-store/canonical.js';
import { invalidRequest, Problem, type Fault } from '#platform/problem.js';
import { storableFaults } from '#platform/storable.js';
import { traceOf, traceparentOf } from '#platform/trace.js';

export interface WriteRequest {
  /** Absent only on a trial. */
  readonly key: string | undefined;
  readonly ifRevision: ExpectedRevision | undefined;
  readonly dryRun: boolean;
  /** SHA-256 (hex) of method, path and canonical body. */
  readonly requestHash: string;
  readonly correlationId: string;
  /** This hop of the caller's trace, stored with the first event: what the event causes is told apart by it. */
  readonly traceparent: string;
}

/** Reads the headers and query of a write, with all their faults at once. */
export const Write = createParamDecorator((options: { ifMatch?: 'required' } | undefined, context: ExecutionContext) =>
  readWriteRequest(context.switchToHttp().getRequest<FastifyRequest>(), options?.ifMatch === 'required'),
);

export function readWriteRequest(request: FastifyRequest, ifMatchRequired: boolean): WriteRequest {
  const faults: Fault[] = [];
  const dryRun = readDryRun(request.query as Record<string, unknown>, faults);
  const key = readKey(request.headers['idempotency-key'], dryRun, faults);
  const ifRevision = readIfMatch(request.headers['if-match'], faults);
  if (request.body !== undefined) faults.push(...storableFaults(request.body));
  if (faults.length > 0) throw invalidRequest(faults);
  if (ifMatchRequired && ifRevision === undefined && !dryRun) {
    throw new Problem(428, 'IF_MATCH_REQUIRED', {
      detail: 'Send If-Match with the Stream-Revision you saw, or "none" for a stream that does not exist yet.',
    });
  }
  const path = request.url.split('?', 1)[0] ?? '';
  return {
    key,
    ifRevision,
    dryRun,
    requestHash: digestOf(request.method, path, request.body ?? null),
    correlationId: request.id,
    traceparent: traceparentOf(traceOf(request.raw)),
  };
}

/** SHA-256 (hex) of what was asked: method, path and canonical body. */
export const digestOf = (operation: string, path: string, body: unknown): string =>
  createHash('sha256').update(`${operation} ${path}\n`).update(canonicalBytes(body)).digest('hex');

function readDryRun(query: Record<string, unknown>, faults: Fault[]): boolean {
  for (const parameter of Object.keys(query)) {
    if (parameter !== 'dryRun')
      faults.push({ parameter, code: 'UNKNOWN_PROPERTY', message: `${parameter} is not known` });
  }
  const { dryRun } = query;
  if (dryRun !== undefined && dryRun !== 'true' && dryRun !== 'false') {
    faults.push({ parameter: 'dryRun', code: 'INVALID_VALUE', message: 'dryRun must be true or false' });
  }
  return dryRun === 'true';
}

function readKey(header: string | string[] | undefined, dryRun: boolean, faults: Fault[]): string | undefined {
  if (header === undefined) {
    const message = 'send Idempotency-Key with a text of your own; the same key again repeats the answer';
    if (!dryRun) faults.push({ parameter: 'Idempotency-Key', code: 'REQUIRED', message });
    return undefined;
  }
  if (typeof header === 'string' && /^[\x21-\x7e]{1,200}$/.test(header)) return header;
  const message = 'Idempotency-Key must be 1 to 200 printable ASCII characters without spaces';
  faults.push({ parameter: 'Idempotency-Key', code: 'INVALID_VALUE', message });
  return undefined;
}

function readIfMatch(header: string | undefined, faults: Fault[]): ExpectedRevision | undefined {
  if (header === undefined) return undefined;
  const match = /^"(none|0|[1-9]\d{0,14})"$/.exec(header);
  if (match) return match[1] === 'none' ? 'none' : Number(match[1]);
  const message = 'If-Match must be one revision in quotes, such as "41", or "none"';
  faults.push({ parameter: 'If-Match', code: 'INVALID_VALUE', message });
  return undefined;
}
