import type { Envelope } from '#domain/envelope.js';
import type { LogReader } from '#read-model/projections/log-reader.js';

/** Events of one stream up to a place of the log. */
export async function* eventsUpTo(
  end: bigint,
  log: Pick<LogReader, 'read' | 'order'>,
  { stream, from }: { readonly stream: string; readonly from: number },
): AsyncIterable<Envelope> {
  for await (const envelope of log.read(stream, { from })) {
    if (log.order(envelope.position) > end) return;
    yield envelope;
  }
}

/** The same events, several at a time. */
export async function* pagesOf(
  events: AsyncIterable<Envelope>,
  size: number,
): AsyncGenerator<readonly Envelope[], void> {
  let page: Envelope[] = [];
  for await (const envelope of events) {
    page.push(envelope);
    if (page.length < size) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
