/**
 * W3C trace context (Recommendation, version 00): which trace a request or a message belongs to, so that logs of all
 * processes can be put together. Only the identity is carried on. No spans are recorded or sent anywhere, hence no SDK: what
 * an operator asks, "what became of this request", the logs and the event's metadata answer by trace id.
 */
import { randomBytes } from 'node:crypto';

export interface Trace {
  /** 32 lower-case hexadecimal digits, not all zero. */
  readonly traceId: string;
  /** 16 of them: this hop. Who reads `traceparentOf` takes it for its parent. */
  readonly spanId: string;
  /** 2 of them; only the bits that the standard defines are carried on, the others are 0. */
  readonly flags: string;
}

export const TRACEPARENT = 'traceparent';

const FIELDS = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
/** `sampled` and `random`: what a caller says of its own trace. */
const KNOWN_FLAGS = 0b11;

/**
 * Reads a `traceparent`. `undefined` for one that the grammar does not allow, for version ff, and for ids of zeros only. A
 * later version is read as far as this one goes, as the standard asks.
 */
export function parseTraceparent(text: string): Trace | undefined {
  const [, version, traceId = '', spanId = '', flags = '', more] = FIELDS.exec(text) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, flags: (parseInt(flags, 16) & KNOWN_FLAGS).toString(16).padStart(2, '0') };
}

export const traceparentOf = ({ traceId, spanId, flags }: Trace): string => `00-${traceId}-${spanId}-${flags}`;

/** The next hop of the trace that a header names; a new trace when there is none or it is malformed. */
export function continued(header: string | readonly string[] | undefined): Trace {
  const caller = typeof header === 'string' ? parseTraceparent(header) : undefined;
  return caller === undefined ? newTrace() : { ...caller, spanId: randomId(8) };
}

/** Not marked as sampled: nobody has recorded anything of it. */
export const newTrace = (): Trace => ({ traceId: randomId(16), spanId: randomId(8), flags: '00' });

/** For log lines: the trace of a stored or received `traceparent`, and nothing for one that is none. */
export function traceFields(traceparent: string | undefined): { traceId?: string; spanId?: string } {
  const trace = traceparent === undefined ? undefined : parseTraceparent(traceparent);
  return trace === undefined ? {} : { traceId: trace.traceId, spanId: trace.spanId };
}

/** One trace for each request, whoever asks first: its logger or its handler. */
const traces = new WeakMap<object, Trace>();

/** The trace of a request as Node has it: taken over from its `traceparent`, or begun. */
export function traceOf(request: { readonly headers: Readonly<Record<string, string | string[] | undefined>> }): Trace {
  const known = traces.get(request);
  if (known !== undefined) return known;
  const trace = continued(request.headers[TRACEPARENT]);
  traces.set(request, trace);
  return trace;
}

/** Random, never all zero. */
function randomId(bytes: number): string {
  for (;;) {
    const id = randomBytes(bytes);
    if (id.some((byte) => byte !== 0)) return id.toString('hex');
  }
}
