/**
 * The treasury feed from a file on the command line to the books, over a real broker and PostgreSQL and through the ledger as
 * a process; the log is in memory, which outlives the processes here as a server would.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Envelope } from '#domain/envelope.js';
import { createMemoryLog, createMemoryStore } from '#event-store/memory.js';
import { createKafkaMessaging } from '#messaging/kafka.js';
import type { IncomingMessage, Messaging } from '#messaging/port.js';
import { REJECTED_TOPIC, TREASURY_TOPIC } from '#messaging/treasury.js';
import { listen } from '#platform/http.js';
import { createLogger } from '#platform/logging.js';
import type { Startable } from '#platform/parts.js';
import { budgetAt } from '../../apps/cli/stand-in.js';
import { createLedgerProcess } from '../../apps/ledger/ledger-process.js';
import { describeKafka } from '../support/kafka/available.js';
import { startBrokers, type Brokers } from '../support/kafka/brokers.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';

const UNIT_YEAR = '/api/v1/units/T1/years/2024';
const TRACE = '0af7651916cd43dd8448eb211c80319c';

describeKafka('the treasury feed', () => {
  const log = createMemoryLog();
  const store = createMemoryStore({ log });
  let brokers: Brokers;
  let database: TestDatabase;
  let folder: string;
  let messaging: Messaging;
  let ledger: Startable<unknown>;
  let address: string;

  beforeAll(async () => {
    [brokers, database, folder] = await Promise.all([
      startBrokers(),
      createDatabase(),
      mkdtemp(join(tmpdir(), 'treasury-')),
    ]);
    messaging = createKafkaMessaging({ brokers: brokers.brokers, clientId: 'spec' });
    await messaging.createTopic(TREASURY_TOPIC, 3);
    await messaging.createTopic(REJECTED_TOPIC, 1);
    await start();
    await send('POST', '/api/v1/units', { unit: 'T1', name: '测试单位', validFrom: '2024-01-01' });
    const line = (id: string, original: string) => ({
      line: id,
      name: `项目 ${id}`,
      expenditure: 'project',
      fund: 'general-public',
      original,
    });
    await send('POST', `${UNIT_YEAR}/budget`, {
      effectiveDate: '2024-01-20',
      income: [{ source: 'general-public', amount: '1500.00' }],
      basic: '0.00',
      project: '1500.00',
      lines: [line('P01', '1000.00'), line('P02', '500.00')],
    });
  }, 120_000);

  afterAll(async () => {
    await ledger?.stop();
    await messaging?.close();
    await brokers?.stop();
    await database?.drop();
    await rm(folder, { recursive: true, force: true });
  });

  async function start(): Promise<void> {
    const config = {
      databaseUrl: database.url,
      eventStoreUrl: '',
      kafkaBrokers: brokers.brokers,
      publicHosts: [],
      actor: 'spec',
    };
    const running = createLedgerProcess(config, createLogger('silent'), {
      openLog: async () => createMemoryStore({ log }),
    });
    ledger = running;
    address = await listen(await running.start(), { host: '127.0.0.1', port: 0 });
  }

  let keys = 0;
  async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const answer = await fetch(`${address}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        'idempotency-key': `k-${(keys += 1)}`,
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
    return { body: JSON.parse(text) as Record<string, any>, headers: answer.headers };
  }
  const get = async (path: string): Promise<any> => (await fetch(`${address}${path}`)).json();

  async function feed(rows: readonly string[], header: string): Promise<string> {
    const path = join(folder, 'notices.csv');
    await writeFile(path, `${[header, ...rows].join('\n')}\n`);
    const words = [
      'feed',
      path,
      '--unit',
      'T1',
      '--year',
      '2024',
      '--brokers',
      brokers.brokers.join(','),
      '--format',
      'json',
    ];
    const { code, out, err } = await budgetAt(address, words);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    return (JSON.parse(out) as { traceId: string }).traceId;
  }

  async function events(): Promise<Envelope[]> {
    const all: Envelope[] = [];
    for await (const event of store.read('budget-T1-2024')) all.push(event);
    return all.filter(({ meta }) => meta.actor.id === 'treasury');
  }
  async function until<Value>(read: () => Promise<Value>, isSo: (value: Value) => boolean): Promise<Value> {
    for (;;) {
      const value = await read();
      if (isSo(value)) return value;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  const outcomes = async (): Promise<Record<string, number>> => {
    const text = await (await fetch(`${address}/metrics`)).text();
    return Object.fromEntries(
      [...text.matchAll(/^treasury_messages_total\{outcome="(\w+)"\} (\d+)$/gm)].map(([, outcome, count]) => [
        outcome,
        Number(count),
      ]),
    );
  };

  const HEADER = 'voucherNo,effectiveDate,line,amount,payee,purpose';
  const PAYMENTS = [
    ...Array.from({ length: 60 }, (_, index) => `V-${index},2024-03-01,项目 P01,10.00,某公司,货款`),
    'W-1,2024-03-02,P02,600.00,某公司,超支',
    'W-2,2024-03-02,P77,1.00,某公司,货款',
  ];

  it('books a file, keeps what it cannot book in the tray, and answers where it is', async () => {
    const traceId = await feed(PAYMENTS, HEADER);
    const booked = await until(events, (found) => found.length === 61);
    expect(booked.map(({ data }) => (data as { voucherNo: string }).voucherNo)).toEqual([
      ...Array.from({ length: 60 }, (_, index) => `V-${index}`),
      'W-1',
    ]);
    expect(booked.at(-1)?.data).toMatchObject({ line: 'P02', overdrawn: true });
    for (const { meta } of booked) expect(meta.traceparent).toContain(traceId);
    const tray = await until(
      () => get('/api/v1/treasury/tray'),
      ({ entries }) => entries.length === 1,
    );
    expect(tray.entries[0]).toMatchObject({
      state: 'waiting',
      kind: 'payment',
      unit: 'T1',
      year: 2024,
      number: 'W-2',
      amount: '1.00',
      reason: { code: 'UNKNOWN_LINE', detail: 'there is no line P77 in this unit and year; open it first' },
      origin: { topic: TREASURY_TOPIC },
      notice: { line: 'P77' },
    });
    expect(await outcomes()).toEqual({ booked: 61, repeated: 0, tray: 1, rejected: 0 });
  });

  it('changes nothing when the file is sent again, to a ledger that has started anew', async () => {
    const before = await events();
    await ledger.stop();
    await start();
    await feed(PAYMENTS, HEADER);
    await until(outcomes, ({ repeated = 0 }) => repeated === PAYMENTS.length);
    expect(await events()).toEqual(before);
    expect((await get('/api/v1/treasury/tray')).entries).toHaveLength(1);
  });

  it('lets a notice go when its line is opened, at once when it is asked to', async () => {
    const [{ id }] = (await get('/api/v1/treasury/tray')).entries;
    expect((await send('POST', `/api/v1/treasury/tray/${id}/retry`)).body).toMatchObject({
      state: 'waiting',
    });
    await send('POST', `${UNIT_YEAR}/lines`, {
      effectiveDate: '2024-02-01',
      lines: [{ line: 'P77', name: '新项目', expenditure: 'project', fund: 'general-public' }],
    });
    const { body } = await send('POST', `/api/v1/treasury/tray/${id}/retry`);
    expect(body).toMatchObject({ state: 'booked', written: { stream: 'budget-T1-2024', events: 1 } });
    expect((await get('/api/v1/treasury/tray')).entries).toEqual([]);
    expect((await get('/api/v1/treasury/tray?state=booked&unit=T1&year=2024')).entries).toMatchObject([{ id }]);
  });

  it('moves a late notice into the open period, and keeps those of a closed year until it is reopened', async () => {
    const revision = async () => `"${(await store.head('budget-T1-2024')).revision}"`;
    const seal = { effectiveDate: '2024-07-01', through: '2024-06-30', reason: '半年报告' };
    await send('POST', `${UNIT_YEAR}/seals`, seal, { 'if-match': await revision() });
    await feed(['L-1,2024-06-28,P01,1.00,某公司,迟到'], HEADER);
    const late = await until(events, (found) => found.length === 63);
    expect(late.at(-1)).toMatchObject({ effectiveDate: '2024-07-01', belongsTo: '2024-06-28' });

    await send('POST', `${UNIT_YEAR}/close`, { effectiveDate: '2024-12-31' }, { 'if-match': await revision() });
    await feed(
      ['L-2,2024-12-30,P01,2.00,某公司,年末,,', 'L-2,2024-12-31,,0.50,,,passive-return,T-1'],
      `${HEADER},kind,number`,
    );
    const tray = await until(
      () => get('/api/v1/treasury/tray'),
      ({ entries }) => entries.length === 2,
    );
    expect(tray.entries.map(({ reason }: any) => reason.code)).toEqual(['YEAR_CLOSED', 'EARLIER_NOTICE_WAITS']);
    const reopening = { kind: 'year', effectiveDate: '2024-12-31', reason: '补记' };
    await send('POST', `${UNIT_YEAR}/reopenings`, reopening, { 'if-match': await revision() });
    // By itself.
    const all = await until(events, (found) => found.length === 65);
    expect(all.slice(-2).map(({ type }) => type)).toEqual(['PaymentExecuted', 'PaymentReturned']);
    await until(
      () => get('/api/v1/treasury/tray'),
      ({ entries }) => entries.length === 0,
    );
  });

  it('puts a malformed message among the rejected, as it came, with its problems', async () => {
    const value = Buffer.from('{"kind":"payment","unit":"T1","amount":5}');
    const headers = { traceparent: `00-${TRACE}-b7ad6b7169203331-01`, sender: 'bank' };
    await messaging.publish(TREASURY_TOPIC, [{ partition: 2, key: 'T1', headers, value }]);
    const found: IncomingMessage[] = [];
    const consumer = await messaging.consume({
      topic: REJECTED_TOPIC,
      group: 'spec',
      handler: async ({ messages }) => void found.push(...messages),
    });
    await until(
      async () => found.length,
      (count) => count === 1,
    );
    await consumer.stop();
    const [rejected] = found;
    expect(Buffer.from(rejected!.value!)).toEqual(value);
    expect(rejected).toMatchObject({
      key: 'T1',
      headers: { ...headers, 'rejected-topic': TREASURY_TOPIC, 'rejected-partition': '2', 'rejected-as': 'malformed' },
    });
    const problems = JSON.parse(rejected!.headers['rejected-problems']!) as { pointer: string; code: string }[];
    expect(problems.map(({ pointer }) => pointer).sort()).toEqual(
      ['/amount', '/effectiveDate', '/line', '/payee', '/purpose', '/voucherNo', '/year'].sort(),
    );
  });

  it('goes on where it was after the broker was killed', async () => {
    const before = (await events()).length;
    await brokers.kill(0);
    await brokers.revive(0);
    await feed(['L-3,2024-07-02,P01,1.00,某公司,货款'], HEADER);
    await until(events, (found) => found.length === before + 1);
    expect((await events()).at(-1)?.data).toMatchObject({ voucherNo: 'L-3' });
  });
});
