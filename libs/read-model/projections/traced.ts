/** The last hop of a trace: what a request or a message of the treasury has written can be read from now on. */
import type { Envelope } from '#domain/envelope.js';
import type { Logger } from '#platform/logging.js';
import { continued, parseTraceparent } from '#platform/trace.js';

/**
 * At debug level a line for every command whose events are in the read models now, with its trace and a hop of its own. The
 * trace stands on the first event of a command only; at other levels nothing is done.
 */
export function logProjected(logger: Logger, events: readonly Envelope[], about: object = {}): void {
  if (!logger.isLevelEnabled('debug')) return;
  for (const { stream, revision, position, meta } of events) {
    const caller = meta.traceparent === undefined ? undefined : parseTraceparent(meta.traceparent);
    if (caller === undefined) continue;
    const { traceId, spanId } = continued(meta.traceparent);
    const { correlationId } = meta;
    const hop = { traceId, spanId, parentId: caller.spanId, ...(correlationId && { correlationId }) };
    logger.debug({ ...about, ...hop, stream, revision, position }, 'in the read models');
  }
}
