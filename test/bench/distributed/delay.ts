/** From a payment's HTTP answer to its row in the read models, at a steady rate, beside the way of a bare message. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Row } from '../event-log.js';
import { median, quantile, rounded } from '../read-model.js';
import { start } from './processes.js';
import { asking, environmentOf, kafka, type Stage } from './stage.js';

const PER_SECOND = 200;
const ROUNDS = 3;
const ROUND_MS = 10_000;
const UNITS = 8;
const LINES = 20;
const AIM_MS = 1_000;

export async function delayBench(stage: Stage): Promise<Row[]> {
  const url = await stage.newDatabase();
  const environment = environmentOf(stage, url);
  const processes = [await start('projector', environment)];
  try {
    for (const name of ['relay', 'ledger'] as const) processes.push(await start(name, environment));
    const ledger = processes.at(-1)!.address;
    const units = Array.from({ length: UNITS }, () => `D${randomUUID().slice(0, 8).toUpperCase()}`);
    for (const unit of units) await openUnit(ledger, unit);
    const delays: number[][] = [];
    const bare: number[][] = [];
    // What is there from before must not be waited for in the first round.
    await paymentRound(url, ledger, units, 2_000);
    for (let round = 0; round < ROUNDS; round += 1) {
      delays.push(await paymentRound(url, ledger, units, ROUND_MS));
      bare.push(await bareRound(stage));
    }
    const p99 = (rounds: readonly number[][]): number => rounded(median(rounds.map((one) => quantile(one, 0.99))));
    const p50 = (rounds: readonly number[][]): number => rounded(median(rounds.map((one) => median(one))));
    return [
      {
        name: `bare message through Kafka, ${PER_SECOND}/s`,
        unit: 'ms',
        median: p50(bare),
        p99: p99(bare),
        aim: 'yardstick',
        met: null,
      },
      {
        name: `from HTTP answer to visible row, ${PER_SECOND} payments/s`,
        unit: 'ms',
        median: p50(delays),
        p99: p99(delays),
        aim: `p99 ≤ ${AIM_MS}`,
        met: p99(delays) <= AIM_MS,
      },
    ];
  } finally {
    for (const running of processes.reverse()) await running.stop();
  }
}

/** Milliseconds of each payment. */
async function paymentRound(url: string, ledger: string, units: readonly string[], forMs: number): Promise<number[]> {
  const seen = watchStreams(url);
  const delays = await atRate(forMs, async (n) => {
    const unit = units[n % units.length]!;
    const events = await pay(ledger, unit, n);
    const answered = performance.now();
    return (await seen.reaches(`budget-${unit}-2024`, events.at(-1)!.revision)) - answered;
  });
  await seen.stop();
  // A row may well be there before the answer is.
  return delays.map((delay) => Math.max(0, delay));
}

/** Begins `work` so often a second, whatever becomes of it; what each resolves with. */
async function atRate(forMs: number, work: (n: number) => Promise<number>): Promise<number[]> {
  const results: Promise<number>[] = [];
  const started = performance.now();
  while (performance.now() - started < forMs) {
    const due = Math.floor(((performance.now() - started) / 1_000) * PER_SECOND);
    while (results.length <= due) results.push(work(results.length));
    await pause(1);
  }
  return Promise.all(results);
}

/** Looks at the projected revisions all the time; says when one was first seen. */
function watchStreams(url: string) {
  const waiting: { stream: string; revision: number; resolve: (at: number) => void }[] = [];
  let going = true;
  const watching = (async () => {
    const database = await asking(url);
    while (going) {
      const rows = await database.rows<{ stream: string; revision: number }>(
        'SELECT stream, revision FROM read.stream_position',
      );
      const at = performance.now();
      const revisions = new Map(rows.map(({ stream, revision }) => [stream, revision]));
      for (const one of waiting.splice(0)) {
        if ((revisions.get(one.stream) ?? -1) >= one.revision) one.resolve(at);
        else waiting.push(one);
      }
      await pause(2);
    }
    await database.end();
  })();
  return {
    reaches: (stream: string, revision: number) =>
      new Promise<number>((resolve) => waiting.push({ stream, revision, resolve })),
    stop: async () => {
      going = false;
      await watching;
    },
  };
}

async function bareRound({ brokers, admin }: Stage): Promise<number[]> {
  const topic = `bench.delay.${randomUUID()}`;
  await admin.createTopics({ topics: [{ topic, numPartitions: 12 }], waitForLeaders: true });
  const client = kafka(brokers);
  const [producer, consumer] = [client.producer(), client.consumer({ groupId: topic })];
  await Promise.all([producer.connect(), consumer.connect()]);
  const waiting = new Map<string, (at: number) => void>();
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
    await consumer.run({
      eachMessage: async ({ message }) => waiting.get(String(message.key))?.(performance.now()),
    });
    await joined;
    return await atRate(ROUND_MS / 2, async (n) => {
      const arrived = new Promise<number>((resolve) => waiting.set(String(n), resolve));
      await producer.send({ topic, acks: -1, messages: [{ key: String(n), value: Buffer.alloc(400, 'x') }] });
      const sent = performance.now();
      return Math.max(0, (await arrived) - sent);
    });
  } finally {
    await Promise.all([producer.disconnect(), consumer.disconnect()]);
    await admin.deleteTopics({ topics: [topic] });
  }
}

async function post(ledger: string, path: string, body: object): Promise<{ events: { revision: number }[] }> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
  const answer = await fetch(`${ledger}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (answer.status !== 201) throw new Error(`${path} answered ${answer.status}: ${text}`);
  return JSON.parse(text) as { events: { revision: number }[] };
}

async function openUnit(ledger: string, unit: string): Promise<void> {
  await post(ledger, '/api/v1/units', { unit, name: unit, validFrom: '2024-01-01' });
  await post(ledger, `/api/v1/units/${unit}/years/2024/budget`, {
    effectiveDate: '2024-01-01',
    income: [],
    basic: '0.00',
    project: `${LINES}000000000.00`,
    lines: Array.from({ length: LINES }, (_, line) => ({
      line: `P${line}`,
      name: `项目 ${line}`,
      expenditure: 'project',
      fund: 'general-public',
      original: '1000000000.00',
    })),
  });
}

async function pay(ledger: string, unit: string, n: number): Promise<readonly { readonly revision: number }[]> {
  const { events } = await post(ledger, `/api/v1/units/${unit}/years/2024/payments`, {
    voucherNo: `V-${randomUUID()}`,
    effectiveDate: '2024-06-28',
    line: `P${n % LINES}`,
    amount: '12.34',
    payee: { name: '某公司', kind: 'organisation' },
    purpose: '货款',
  });
  return events;
}
