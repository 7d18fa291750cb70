/** Appends through the adapter beside the same appends by the store's own client, on the stand-in, which keeps its log on disk. */
import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { payment, round, type Round, type Row } from '../event-log.js';
import { median, quantile, rounded } from '../read-model.js';
import type { Stage } from './stage.js';

const CALLERS = [8, 64] as const;
const ROUNDS = 5;

export async function eventStoreBench({ store, eventStoreUrl }: Stage): Promise<Row[]> {
  const client = EventStoreDBClient.connectionString(eventStoreUrl);
  const bare = (stream: string, n: number): Promise<unknown> => {
    const { id, type, data, meta } = payment(n);
    const event = jsonEvent({ id, type, data: data as Record<string, unknown>, metadata: { ...meta } });
    return client.appendToStream(stream, event, { expectedRevision: n === 0 ? NO_STREAM : BigInt(n - 1) });
  };
  const adapted = (stream: string, n: number): Promise<unknown> =>
    store.append(stream, n === 0 ? 'none' : n - 1, [payment(n)]);
  try {
    const rows: Row[] = [];
    for (const callers of CALLERS) {
      const ofBare: Round[] = [];
      const ofAdapter: Round[] = [];
      for (let nth = 0; nth < ROUNDS; nth += 1) {
        const run = randomUUID().slice(0, 8);
        ofBare.push(await round(callers, (caller, n) => bare(`bench-${run}-${caller}-bare`, n)));
        ofAdapter.push(await round(callers, (caller, n) => adapted(`bench-${run}-${caller}`, n)));
      }
      const [yardstick, ours] = [ofBare, ofAdapter].map(summed) as [Summed, Summed];
      const factor = (ours.median / yardstick.median).toFixed(2);
      rows.push(
        { name: `appends by the client itself, ${callers} callers`, ...yardstick, aim: 'yardstick', met: null },
        {
          name: `appends through the adapter, ${callers} callers`,
          ...ours,
          aim: `shown (${factor} × bare)`,
          met: null,
        },
      );
    }
    return rows;
  } finally {
    await client.dispose();
  }
}

type Summed = Pick<Row, 'unit' | 'median' | 'p99'>;

const summed = (rounds: readonly Round[]): Summed => ({
  unit: 'appends/s',
  median: Math.round(median(rounds.map(({ perSecond }) => perSecond))),
  p99: rounded(
    quantile(
      rounds.flatMap(({ latencies }) => latencies),
      0.99,
    ),
  ),
});
