/** Appends through the adapter beside the same appends by the store's own client, on the stand-in, which keeps its log on disk. */
import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { civilDate } from '#domain/calendar.js';
import type { NewEvent } from '#domain/envelope.js';
import type { Row } from '../event-log.js';
import { median, quantile, rounded } from '../read-model.js';
import type { Stage } from './stage.js';

const CALLERS = [8, 64] as const;
const ROUNDS = 5;
const ROUND_MS = 2_000;

interface Round {
  readonly perSecond: number;
  /** Milliseconds of each call. */
  readonly latencies: readonly number[];
}

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
        ofBare.push(await round(callers, bare));
        ofAdapter.push(await round(callers, adapted));
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

/** Every caller writes a stream of its own and waits for its answer before it goes on. */
async function round(callers: number, append: (stream: string, n: number) => Promise<unknown>): Promise<Round> {
  const run = randomUUID().slice(0, 8);
  const latencies: number[] = [];
  const started = performance.now();
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      for (let n = 0; performance.now() < started + ROUND_MS; n += 1) {
        const before = performance.now();
        await append(`bench-${run}-${caller}`, n);
        latencies.push(performance.now() - before);
      }
    }),
  );
  return { perSecond: (latencies.length / (performance.now() - started)) * 1_000, latencies };
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

function payment(n: number): NewEvent {
  const commandId = randomUUID();
  return {
    id: randomUUID(),
    type: 'PaymentExecuted',
    version: 1,
    effectiveDate: civilDate('2024-06-28'),
    data: {
      voucherNo: `V-${n}`,
      line: 'P01',
      fen: 123_456 + n,
      payee: { name: '苏州某某工程有限公司', kind: 'organisation' },
      purpose: '土地储备管护费用',
      overdrawn: false,
      beforeApproval: false,
    },
    meta: {
      commandId,
      actor: { id: 'clerk', name: '张会计' },
      requestHash: 'a'.repeat(64),
      causationId: commandId,
      correlationId: commandId,
    },
  };
}
