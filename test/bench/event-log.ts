/**
 * Speed of the event log on PostgreSQL: appends beside bare autocommit inserts into a table of the same shape in the same
 * run, replay, and a command on a long stream that is not in memory.
 */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import { civilDate } from '#domain/calendar.js';
import type { NewEvent, Position } from '#domain/envelope.js';
import { fen } from '#domain/money.js';
import { createHandler, type HandleContext, type Handler } from '#event-store/handler.js';
import { openPostgresStore, type PostgresStore } from '#event-store/postgres/store.js';

export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  readonly p99?: number;
  readonly aim: string;
  readonly met: boolean | null;
}

const ROUNDS = 5;
const ROUND_MS = 2_000;
const CALLERS = [1, 8, 64] as const;

export interface Round {
  readonly perSecond: number;
  /** Milliseconds of each call. */
  readonly latencies: readonly number[];
}

/** `append(caller, n)` does the n-th write of one caller; every caller waits for its answer before it goes on. */
export async function round(callers: number, append: (caller: number, n: number) => Promise<unknown>): Promise<Round> {
  const latencies: number[] = [];
  const started = performance.now();
  const end = started + ROUND_MS;
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      for (let n = 0; performance.now() < end; n += 1) {
        const before = performance.now();
        await append(caller, n);
        latencies.push(performance.now() - before);
      }
    }),
  );
  return { perSecond: (latencies.length / (performance.now() - started)) * 1_000, latencies };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
const p99 = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? 0;

export function payment(n: number): NewEvent {
  const commandId = randomUUID();
  return {
    id: randomUUID(),
    type: 'PaymentExecuted',
    version: 1,
    effectiveDate: civilDate('2024-06-28'),
    data: { ...paymentOf(n), fen: 123_456 + n, overdrawn: false, beforeApproval: false },
    meta: {
      commandId,
      actor: { id: 'clerk', name: '张会计' },
      requestHash: 'a'.repeat(64),
      causationId: commandId,
      correlationId: commandId,
    },
  };
}

const paymentOf = (n: number) => ({
  voucherNo: `V-${n}`,
  line: 'P01',
  payee: { name: '苏州某某工程有限公司', kind: 'organisation' as const },
  purpose: '土地储备管护费用',
});

export async function eventLogBench(url: string): Promise<Row[]> {
  const store = await openPostgresStore({ url });
  try {
    const rows: Row[] = [];
    await createBareTable(url);
    for (const callers of CALLERS) rows.push(...(await appends(url, store, callers)));
    const stream = await longStream(store);
    rows.push(...(await replay(store, stream)));
    rows.push(...(await longStreamCommands(store, stream)));
    return rows;
  } finally {
    await store.close();
  }
}

/** Rounds of the two take turns, so that whatever else the machine does meets both. */
async function appends(url: string, store: PostgresStore, callers: number): Promise<Row[]> {
  const bare = await bareInserts(url, callers);
  const ofBare: Round[] = [];
  const ofStore: Round[] = [];
  for (let index = 0; index < ROUNDS; index += 1) {
    const run = randomUUID().slice(0, 8);
    ofBare.push(await round(callers, (caller, n) => bare.insert(`${run}-${caller}`, n, caller)));
    ofStore.push(
      await round(callers, (caller, n) =>
        store.append(`bench-${run}-${caller}`, n === 0 ? 'none' : n - 1, [payment(n)]),
      ),
    );
  }
  await bare.close();
  const bareMedian = median(ofBare.map((one) => one.perSecond));
  const storeMedian = median(ofStore.map((one) => one.perSecond));
  const slowest = p99(ofStore.flatMap((one) => one.latencies));
  const factor = storeMedian / bareMedian;
  const aimed = { 1: undefined, 8: 1.8, 64: 4 }[callers];
  return [
    {
      name: `bare autocommit inserts, ${callers} callers`,
      unit: 'inserts/s',
      median: Math.round(bareMedian),
      p99: rounded(p99(ofBare.flatMap((one) => one.latencies))),
      aim: 'yardstick',
      met: null,
    },
    {
      name: `event-log appends, ${callers} callers`,
      unit: 'appends/s',
      median: Math.round(storeMedian),
      p99: rounded(slowest),
      aim: aimed === undefined ? 'shown' : `≥ ${aimed} × bare (here ${factor.toFixed(2)} ×), p99 ≤ 10 ms`,
      met: aimed === undefined ? null : factor >= aimed && slowest <= 10,
    },
  ];
}

const rounded = (ms: number): number => Math.round(ms * 100) / 100;

/** The columns and indexes of `log.event`. It is kept from round to round, so that it grows as the log does. */
async function createBareTable(url: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`
    CREATE TABLE bare (position bigserial PRIMARY KEY, stream text COLLATE "C" NOT NULL, revision integer NOT NULL,
      id uuid NOT NULL UNIQUE, type text COLLATE "C" NOT NULL, data bytea NOT NULL, metadata bytea NOT NULL,
      recorded_at bigint NOT NULL, UNIQUE (stream, revision))`);
  await client.end();
}

/** One connection for each caller. */
async function bareInserts(url: string, callers: number) {
  const clients = Array.from({ length: callers }, () => new pg.Client(url));
  await Promise.all(clients.map((client) => client.connect()));
  return {
    insert: (stream: string, n: number, caller: number): Promise<unknown> => {
      const event = payment(n);
      const client = clients[caller] as pg.Client;
      return client.query({
        name: 'insert',
        text: `INSERT INTO bare (stream, revision, id, type, data, metadata, recorded_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        values: [
          `bench-${stream}`,
          n,
          event.id,
          event.type,
          Buffer.from(JSON.stringify(event.data)),
          Buffer.from(JSON.stringify(event.meta)),
          Date.now(),
        ],
      });
    },
    close: async (): Promise<void> => {
      await Promise.all(clients.map((client) => client.end()));
    },
  };
}

const LONG = 100_000;
const UNIT = 'BENCH';
const YEAR = 2024;

/** A unit with one line and 100,000 payments, each a command of its own as clerks and feeds send them. */
async function longStream(store: PostgresStore): Promise<string> {
  const stream = budgetStream(`${UNIT}${Date.now().toString(36).toUpperCase()}`, YEAR);
  const handler = createHandler({ store });
  const effectiveDate = civilDate('2024-01-02');
  const line = { line: 'P01', name: '土地储备管护', expenditure: 'project', fund: 'government-funds' } as const;
  await handler.handle(stream, DECIDER, { type: 'OpenLines', effectiveDate, lines: [line] }, newCommand());
  for (let first = 0; first < LONG; first += 5_000) {
    await Promise.all(Array.from({ length: 5_000 }, (_, index) => pay(handler, stream, first + index)));
  }
  return stream;
}

const DECIDER = budgetDecider(UNIT, YEAR);

async function pay(handler: Handler, stream: string, n: number): Promise<void> {
  const { voucherNo, line, payee, purpose } = paymentOf(n);
  const paid = { voucherNo, line, payee, purpose, fen: fen(100 + n), effectiveDate: civilDate('2024-06-28') };
  const outcome = await handler.handle(stream, DECIDER, { type: 'ExecutePayments', payments: [paid] }, newCommand());
  if (outcome.kind !== 'done') throw new Error(`payment ${n} was answered with ${JSON.stringify(outcome)}`);
}

function newCommand(): HandleContext {
  return { meta: payment(0).meta };
}

/** First on a handler that has nothing in memory, then on the same one. */
async function longStreamCommands(store: PostgresStore, stream: string): Promise<Row[]> {
  const first: number[] = [];
  const then: number[] = [];
  let n = LONG;
  for (let index = 0; index < ROUNDS; index += 1) {
    const handler = createHandler({ store });
    first.push(await took(() => pay(handler, stream, n++)));
    for (let more = 0; more < 100; more += 1) then.push(await took(() => pay(handler, stream, n++)));
  }
  const name = 'command on a stream of 100,000 events';
  return [
    {
      name: `${name}, not in memory`,
      unit: 'ms',
      median: Math.round(median(first)),
      p99: Math.round(Math.max(...first)),
      aim: '≤ 1,500',
      met: median(first) <= 1_500,
    },
    {
      name: `${name}, then`,
      unit: 'ms',
      median: rounded(median(then)),
      p99: rounded(p99(then)),
      aim: '≤ 5',
      met: median(then) <= 5,
    },
  ];
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function replay(store: PostgresStore, stream: string): Promise<Row[]> {
  const ofAll: number[] = [];
  const ofStream: number[] = [];
  for (let index = 0; index < ROUNDS; index += 1) {
    ofAll.push(await perSecond(() => readWholeLog(store)));
    ofStream.push(await perSecond(() => readStream(store, stream)));
  }
  return [
    replayRow('replay of the whole log (readAll)', median(ofAll)),
    replayRow('replay of one stream (read)', median(ofStream)),
  ];
}

const replayRow = (name: string, value: number): Row => ({
  name,
  unit: 'events/s',
  median: Math.round(value),
  aim: '≥ 100,000',
  met: value >= 100_000,
});

async function perSecond(read: () => Promise<number>): Promise<number> {
  const started = performance.now();
  const count = await read();
  return (count / (performance.now() - started)) * 1_000;
}

async function readWholeLog(store: PostgresStore): Promise<number> {
  let count = 0;
  let after: Position | 'start' = 'start';
  for (;;) {
    const page = await store.readAll(after, 2_000);
    count += page.length;
    after = page.at(-1)?.position ?? after;
    if (page.length < 2_000 || count >= LONG) return count;
  }
}

async function readStream(store: PostgresStore, stream: string): Promise<number> {
  let count = 0;
  for await (const event of store.read(stream)) count += event.revision >= 0 ? 1 : 0;
  return count;
}
