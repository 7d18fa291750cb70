/**
 * Every "no" of the HTTP API: RFC 9457 `application/problem+json` with a stable code, all faults of the request at once,
 * and the facts behind it. Rules' codes come from the domain; those of the transport are made here.
 */
import { HttpException } from '@nestjs/common';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8';

/** One fault of a request. `pointer` is a JSON pointer (RFC 6901) into the body, `parameter` a name in path or query. */
export interface Fault {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly code: string;
  readonly message: string;
  readonly [fact: string]: unknown;
}

export interface ProblemFacts {
  /** One sentence for people: what happened and what to do. */
  readonly detail?: string;
  readonly faults?: readonly Fault[];
  readonly [fact: string]: unknown;
}

export interface ProblemBody extends ProblemFacts {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
}

/** Thrown by controllers and the transport; the filter answers with `body()`. Headers such as `Retry-After` go along. */
export class Problem extends Error {
  override readonly name = 'Problem';
  constructor(
    readonly status: number,
    readonly code: string,
    readonly facts: ProblemFacts = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(facts.detail ?? code);
  }

  body(): ProblemBody {
    return {
      type: `urn:budget-ledger:problem:${this.code.toLowerCase().replaceAll('_', '-')}`,
      title: titleOf(this.code),
      status: this.status,
      code: this.code,
      ...this.facts,
    };
  }
}

/** A request whose form is wrong (rule book and design leave 422 to content): 400 with every fault. */
export const invalidRequest = (faults: readonly Fault[]): Problem =>
  new Problem(400, 'INVALID_REQUEST', {
    detail:
      faults.length === 1
        ? 'One thing in the request is not as it must be.'
        : `${faults.length} things in the request are not as they must be.`,
    faults,
  });

/**
 * The problem that any thrown value becomes. What nobody foresaw is 500 `INTERNAL`, with the correlation id under which
 * the log holds the cause and nothing of the cause itself.
 */
export function toProblem(error: unknown, correlationId: string): Problem {
  if (error instanceof Problem) return error;
  const name = error instanceof Error ? error.name : '';
  const foreseen = KNOWN[name];
  if (foreseen) return foreseen(error);
  const status = error instanceof HttpException ? error.getStatus() : transportStatus(error);
  const known = status === undefined ? undefined : BY_STATUS[status];
  if (status !== undefined && known) return new Problem(status, known.code, { detail: known.detail });
  if (status !== undefined && status >= 400 && status < 500) {
    return new Problem(status, 'REQUEST_REFUSED', { detail: (error as Error).message });
  }
  return new Problem(500, 'INTERNAL', {
    detail: 'Something went wrong here. The log holds the cause under this correlation id.',
    correlationId,
  });
}

/** Errors of other libraries, known by name so that none has to be imported: the event store, the database. */
const KNOWN: Readonly<Record<string, (error: unknown) => Problem>> = {
  StoreUnavailable: (error) => {
    const isFull = isDiskFull(error);
    const isRefused = (error as { outcome?: unknown }).outcome === 'refused';
    const silent = isRefused ? 'The event log cannot be reached.' : 'The event log did not say whether this is booked.';
    const what = isFull ? 'The disk of the database is full. Free some space, then send' : `${silent} Send`;
    return new Problem(
      503,
      isFull ? 'STORAGE_FULL' : 'STORE_UNAVAILABLE',
      {
        detail: `${what} the same request with the same Idempotency-Key again. GET /readyz names what is missing.`,
        outcome: isRefused ? 'refused' : 'unknown',
      },
      { 'retry-after': '1' },
    );
  },
  WrongRevision: () =>
    new Problem(
      503,
      'STREAM_BUSY',
      { detail: 'Others kept writing to the same stream. Send the same request with the same Idempotency-Key again.' },
      { 'retry-after': '1' },
    ),
  AppendTooLarge: (error) =>
    new Problem(422, 'APPEND_TOO_LARGE', {
      detail: `${(error as Error).message}. Send it in several parts.`,
      bytes: (error as { bytes?: unknown }).bytes,
    }),
  ReadModelsNotThere: (error) =>
    new Problem(
      503,
      (error as { reason?: unknown }).reason === 'OTHER_LAYOUT' ? 'READ_MODELS_OTHER_LAYOUT' : 'READ_MODELS_MISSING',
      { detail: `${(error as Error).message}. Try again.` },
      { 'retry-after': '5' },
    ),
  DatabaseUnavailable: () =>
    new Problem(
      503,
      'DATABASE_UNAVAILABLE',
      { detail: 'The database cannot be reached. Try again.' },
      { 'retry-after': '1' },
    ),
};

/** Whether PostgreSQL's word for a full disk (SQLSTATE 53100) is among the causes. */
function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (error as { code?: unknown }).code === '53100' || isDiskFull(error.cause);
}

const BY_STATUS: Readonly<Record<number, { code: string; detail: string }>> = {
  400: { code: 'BAD_REQUEST', detail: 'The request could not be understood.' },
  404: { code: 'NOT_FOUND', detail: 'There is nothing at this address. /api/docs lists what there is.' },
  405: { code: 'METHOD_NOT_ALLOWED', detail: 'This address does not take that method. /api/docs lists what it takes.' },
  408: { code: 'REQUEST_TIMEOUT', detail: 'The request did not arrive in time.' },
  414: { code: 'ADDRESS_TOO_LONG', detail: 'A part of the address is too long.' },
  503: { code: 'STOPPING', detail: 'The system is stopping. Try again.' },
};

/** Status of an error that Fastify made about the request (`FST_…`), not of any object that happens to carry one. */
function transportStatus(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  return typeof code === 'string' && code.startsWith('FST_') && typeof statusCode === 'number' ? statusCode : undefined;
}

const titleOf = (code: string): string => {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};
