/** The feed over a log and a broker in memory and a tray in PostgreSQL: what becomes of every message, whatever fails. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import type { BudgetCommand } from '#domain/budget/commands.js';
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import {
  approved,
  closeYear,
  on,
  openLine,
  pay,
  PAYEE,
  reopen,
  reopenYear,
  requestPayment,
  reversePayment,
  seal,
} from '#domain/budget/specification.js';
import { civilDate } from '#domain/calendar.js';
import { DIRECTORY_STREAM, directoryDecider, type DirectoryCommand } from '#domain/directory/decide.js';
import { presentMoney } from '#domain/present.js';
import { createHandler } from '#event-store/handler.js';
import { createMemoryLog, createMemoryStore } from '#event-store/memory.js';
import { StoreUnavailable, type EventStore } from '#event-store/port.js';
import { createInProcessBroker, createInProcessMessaging } from '#messaging/in-process.js';
import { partitionOf } from '#messaging/partition.js';
import { MessagingUnavailable, type IncomingMessage, type Messaging } from '#messaging/port.js';
import { REJECTED_TOPIC, TREASURY_TOPIC } from '#messaging/treasury.js';
import { createLogger } from '#platform/logging.js';
import { createDatabase, type TestDatabase } from '../../test/support/postgres.js';
import { NoticeBooking } from './treasury-booking.js';
import { TreasuryDesk } from './treasury-desk.js';
import { startTreasuryFeed, type TreasuryFeed } from './treasury-feed.js';
import { createTray, type Tray } from './treasury-tray.js';

const PARTITIONS = 3;
const logger = createLogger('silent');
const clock = () => Date.UTC(2024, 6, 1);

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

/** What survives a process: log, broker and database. */
class Machine {
  readonly log = createMemoryLog();
  readonly broker = createInProcessBroker();
  readonly messaging = createInProcessMessaging(this.broker);
  readonly counts = new Map<string, number>();
  readonly errors: unknown[] = [];
  readonly tray: Tray;
  /** What a spec does to the store of the feed. */
  wrap: (store: EventStore) => EventStore = (store) => store;
  wrapTray: (tray: Tray) => Tray = (tray) => tray;
  wrapMessaging: (messaging: Messaging) => Messaging = (messaging) => messaging;
  private readonly store = createMemoryStore({ log: this.log });
  private readonly clerk = createHandler({ store: this.store });
  desk!: TreasuryDesk;
  feed: TreasuryFeed | undefined;

  constructor() {
    this.tray = createTray({ url: database.url, onError: (error) => this.errors.push(error) });
  }

  async start(): Promise<void> {
    await this.messaging.createTopic(TREASURY_TOPIC, PARTITIONS);
    await this.messaging.createTopic(REJECTED_TOPIC, 2);
    const store = this.wrap(createMemoryStore({ log: this.log }));
    const handler = createHandler({ store, unknownPausesMs: [0, 0] });
    const booking = new NoticeBooking(handler, (error) => this.errors.push(error));
    const tray = this.wrapTray(this.tray);
    this.desk = new TreasuryDesk({ tray, booking, by: 'clerk', logger, clock });
    this.feed = startTreasuryFeed({
      messaging: this.wrapMessaging(this.messaging),
      ...{ booking, tray, desk: this.desk, logger, clock },
      counted: (outcome) => void this.counts.set(outcome, (this.counts.get(outcome) ?? 0) + 1),
      onFatal: (error) => this.errors.push(error),
    });
  }

  async stop(): Promise<void> {
    await this.feed?.stop();
    await this.desk.stop();
    this.feed = undefined;
  }

  /** As a person or another process does. */
  async book(command: BudgetCommand, year = 2024, unit = 'U1'): Promise<void> {
    const meta = { commandId: randomUUID(), actor: { id: 'clerk' } };
    const outcome = await this.clerk.handle(budgetStream(unit, year), budgetDecider(unit, year), command, { meta });
    if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
  }

  async register(unit: string): Promise<void> {
    const meta = { commandId: randomUUID(), actor: { id: 'clerk' } };
    const command: DirectoryCommand = { type: 'RegisterUnit', unit, name: unit, validFrom: civilDate('2024-01-01') };
    const outcome = await this.clerk.handle(DIRECTORY_STREAM, directoryDecider, command, { meta });
    if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
  }

  async send(...notices: readonly (object | string)[]): Promise<void> {
    await this.sendRaw(notices.map((notice) => ({ notice })));
  }

  async sendRaw(messages: readonly { notice: object | string; headers?: Record<string, string> }[]): Promise<void> {
    await this.messaging.publish(
      TREASURY_TOPIC,
      messages.map(({ notice, headers = {} }) => {
        const { unit = 'U1' } = notice as { unit?: string };
        const value = Buffer.from(typeof notice === 'string' ? notice : JSON.stringify(notice));
        return { partition: partitionOf(unit, PARTITIONS), key: unit, headers, value };
      }),
    );
  }

  /** All that was sent is handled, and the group's place says so. */
  async consumed(): Promise<void> {
    for (;;) {
      const ends = await this.messaging.ends(TREASURY_TOPIC);
      const places = this.broker.places.get(`budget.treasury/${TREASURY_TOPIC}`);
      if (ends.every((end, partition) => (places?.get(partition) ?? 0n) === end)) return;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  async take(...notices: readonly (object | string)[]): Promise<void> {
    await this.send(...notices);
    await this.consumed();
  }

  /** Events of a budget that the treasury caused: type, dates and data in yuan. */
  async booked(year = 2024, unit = 'U1') {
    const found = [];
    for await (const event of this.store.read(budgetStream(unit, year))) {
      const { type, effectiveDate, belongsTo, data, meta } = event;
      if (meta.actor.id !== 'treasury') continue;
      found.push({ type, effectiveDate, ...(belongsTo && { belongsTo }), ...(presentMoney(data) as object), meta });
    }
    return found;
  }

  async waiting() {
    const entries = await this.tray.list({ states: ['waiting'] }, { limit: 1_000 });
    return entries.map(({ notice, reason }) => `${notice.kind} ${notice.voucherNo} ${reason.code}`);
  }

  get rejected(): IncomingMessage[] {
    return (this.broker.topics.get(REJECTED_TOPIC) ?? []).flat();
  }
}

let machine: Machine;
beforeEach(async () => {
  machine = new Machine();
  await machine.register('U1');
  await machine.book(approved({ P01: '100.00', P02: '50.00', P03: { amount: '1.00', name: '道路工程' } }));
  await machine.start();
});
afterEach(async () => {
  await machine.stop();
  await machine.messaging.close();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('DROP SCHEMA IF EXISTS treasury CASCADE');
  await client.end();
  await machine.tray.close();
});

const payment = (voucherNo: string, amount: string, more: object = {}) => ({
  kind: 'payment',
  unit: 'U1',
  year: 2024,
  voucherNo,
  effectiveDate: '2024-06-28',
  line: 'P01',
  amount,
  payee: PAYEE,
  purpose: 'works',
  ...more,
});
const returned = (returnNo: string, voucherNo: string, amount: string, more: object = {}) => ({
  kind: 'return',
  unit: 'U1',
  year: 2024,
  returnNo,
  voucherNo,
  effectiveDate: '2024-06-29',
  amount,
  returned: 'passive',
  ...more,
});
const correction = (correctionNo: string, voucherNo: string, more: object = {}) => ({
  kind: 'correction',
  unit: 'U1',
  year: 2024,
  correctionNo,
  voucherNo,
  effectiveDate: '2024-06-30',
  fromLine: 'P01',
  toLine: 'P02',
  amount: '10.00',
  ...more,
});
const codeCorrection = (correctionNo: string, voucherNo: string, toCode: string) => ({
  kind: 'code-correction',
  unit: 'U1',
  year: 2024,
  correctionNo,
  voucherNo,
  effectiveDate: '2024-06-30',
  toCode,
});

describe('every kind of notice', () => {
  it('is booked in the name of the treasury, in order', async () => {
    await machine.take(
      payment('V1', '60.00'),
      correction('K1', 'V1'),
      codeCorrection('K2', 'V1', '30213'),
      returned('T1', 'V1', '5.00', { effectiveDate: '2024-06-30' }),
    );
    expect(await machine.booked()).toMatchObject([
      { type: 'PaymentExecuted', voucherNo: 'V1', line: 'P01', amount: '60.00', overdrawn: false },
      { type: 'PaymentReattributed', voucherNo: 'V1', fromLine: 'P01', toLine: 'P02', amount: '10.00' },
      { type: 'PaymentReclassified', voucherNo: 'V1', toCode: '30213' },
      { type: 'PaymentReturned', returnNo: 'T1', voucherNo: 'V1', amount: '5.00', kind: 'passive' },
    ]);
    expect(machine.counts).toEqual(new Map([['booked', 4]]));
  });

  it('keeps the order of its unit: what came back before is there to be paid', async () => {
    await machine.take(
      payment('V1', '100.00'),
      returned('T1', 'V1', '40.00', { effectiveDate: '2024-06-28' }),
      payment('V2', '40.00'),
      payment('V3', '0.01'),
    );
    expect((await machine.booked()).map((event) => 'overdrawn' in event && event.overdrawn)).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  it('of a payment on a named line, on a request, with all that it can say', async () => {
    await machine.book(requestPayment('P03', '1.00', { requestId: 'R1' }));
    await machine.take(
      payment('V1', '0.40', {
        line: '道路工程',
        requestId: 'R1',
        final: true,
        departmentEconomic: '31005',
        originYear: 2023,
      }),
    );
    expect(await machine.booked()).toMatchObject([
      { line: 'P03', amount: '0.40', requestId: 'R1', final: true, departmentEconomic: '31005', originYear: 2023 },
    ]);
  });

  it('of a payment above what is available is recorded and marked', async () => {
    await machine.take(payment('V1', '100.00'), payment('V2', '0.01'));
    expect(await machine.booked()).toMatchObject([{ overdrawn: false }, { overdrawn: true, amount: '0.01' }]);
  });

  it('of a return in a later year is booked after the close', async () => {
    await machine.take(payment('V1', '60.00'));
    await machine.book(closeYear());
    await machine.take(returned('T1', 'V1', '5.00', { effectiveDate: '2025-02-01', returned: 'active' }));
    expect((await machine.booked()).at(-1)).toMatchObject({
      type: 'PaymentReturned',
      effectiveDate: '2025-02-01',
      kind: 'active',
    });
  });

  it('of other units goes to their own books', async () => {
    await machine.register('U2');
    await machine.book(approved({ A: '9.00' }), 2024, 'U2');
    await machine.take(payment('V1', '1.00'), payment('V1', '2.00', { unit: 'U2', line: 'A' }));
    expect(await machine.booked()).toMatchObject([{ amount: '1.00' }]);
    expect(await machine.booked(2024, 'U2')).toMatchObject([{ amount: '2.00' }]);
    expect(machine.counts.get('booked')).toBe(2);
  });
});

describe('a repeat', () => {
  const notices = [
    payment('V1', '60.00'),
    returned('T1', 'V1', '5.00'),
    correction('K1', 'V1'),
    codeCorrection('K2', 'V1', '30213'),
  ];

  it('changes nothing, in the same batch, later, written otherwise, or after the broker has lost everything', async () => {
    await machine.take(...notices, ...notices);
    const once = await machine.booked();
    expect(once).toHaveLength(4);
    await machine.take(...notices.map((notice) => Object.fromEntries(Object.entries(notice).reverse())));
    await machine.take({ ...notices[0], amount: '60' }, { ...notices[0], amount: '60.0' });
    await machine.stop();
    machine.broker.topics.clear();
    machine.broker.places.clear();
    machine.broker.groups.clear();
    await machine.start();
    await machine.take(...notices);
    expect(await machine.booked()).toEqual(once);
    expect(await machine.waiting()).toEqual([]);
    expect(machine.rejected).toEqual([]);
    expect([...machine.counts]).toEqual([
      ['booked', 4],
      ['repeated', 14],
    ]);
  });

  it('of what a person has entered books nothing', async () => {
    await machine.book(pay('V1', 'P01', '60.00', on('06-28')));
    await machine.take(payment('V1', '60.00'));
    expect(await machine.booked()).toEqual([]);
    expect(machine.counts.get('repeated')).toBe(1);
  });

  it('after the period was sealed is still one', async () => {
    await machine.take(payment('V1', '60.00'));
    await machine.book(seal('06-30', on('07-01')));
    await machine.take(payment('V1', '60.00'), payment('V1', '60.00', { line: 'Line P01' }));
    expect(await machine.booked()).toHaveLength(1);
    expect(machine.counts.get('repeated')).toBe(2);
  });

  it('of a notice that a person has reversed since does not book it again', async () => {
    await machine.take(payment('V1', '60.00'));
    await machine.book(reversePayment('V1', on('07-02')));
    await machine.take(payment('V1', '60.00'));
    expect(await machine.booked()).toHaveLength(1);
  });

  it('in another trace is the same notice, and the first trace stays', async () => {
    const trace = (digit: string) => ({ traceparent: `00-${digit.repeat(32)}-${digit.repeat(16)}-01` });
    await machine.sendRaw([{ notice: payment('V1', '1.00'), headers: { ...trace('a'), 'x-correlation-id': 'pay-7' } }]);
    await machine.consumed();
    await machine.sendRaw([{ notice: payment('V1', '1.00'), headers: trace('b') }]);
    await machine.consumed();
    const [event] = await machine.booked();
    expect(event?.meta.traceparent).toMatch(/^00-a{32}-(?!a{16})[0-9a-f]{16}-01$/);
    expect(event?.meta.correlationId).toBe('pay-7');
    expect(machine.counts.get('repeated')).toBe(1);
  });
});

describe('dates', () => {
  it('in a sealed period are booked on the first open one, with what they belong to', async () => {
    await machine.take(payment('V1', '60.00', { effectiveDate: '2024-05-02' }));
    await machine.book(seal('06-30', on('07-01')));
    await machine.take(
      payment('V2', '1.00', { effectiveDate: '2024-06-30' }),
      returned('T1', 'V1', '5.00'),
      correction('K1', 'V1'),
      payment('V3', '1.00', { effectiveDate: '2024-07-05' }),
    );
    const late = await machine.booked();
    expect(late.slice(1)).toMatchObject([
      { voucherNo: 'V2', effectiveDate: '2024-07-01', belongsTo: '2024-06-30' },
      { returnNo: 'T1', effectiveDate: '2024-07-01', belongsTo: '2024-06-29' },
      { type: 'PaymentReattributed', effectiveDate: '2024-07-01', belongsTo: '2024-06-30' },
      { voucherNo: 'V3', effectiveDate: '2024-07-05' },
    ]);
    expect(late.at(-1)).not.toHaveProperty('belongsTo');
  });

  it('in a year that is sealed to its end wait until it is not', async () => {
    await machine.book(seal('12-31'));
    await machine.take(payment('V1', '60.00'));
    expect(await machine.waiting()).toEqual(['payment V1 PERIOD_SEALED']);
    await machine.book(reopen('12-31'));
    await machine.desk.sweep();
    expect(await machine.booked()).toMatchObject([{ voucherNo: 'V1', effectiveDate: '2024-06-28' }]);
  });
});

describe('the tray', () => {
  it('keeps what a closed year refuses, and lets it go by itself when the year is reopened, in order', async () => {
    await machine.book(closeYear());
    await machine.take(
      payment('V1', '60.00'),
      returned('T1', 'V1', '5.00'),
      payment('V2', '1.00'),
      correction('K1', 'V2', { amount: '1.00' }),
    );
    expect(await machine.waiting()).toEqual([
      'payment V1 YEAR_CLOSED',
      'return V1 EARLIER_NOTICE_WAITS',
      'payment V2 YEAR_CLOSED',
      'correction V2 EARLIER_NOTICE_WAITS',
    ]);
    await machine.desk.sweep();
    await machine.desk.sweep();
    expect(await machine.booked()).toEqual([]);
    await machine.book(reopenYear());
    await machine.desk.sweep();
    expect(await machine.waiting()).toEqual([]);
    expect(await machine.booked()).toMatchObject([
      { voucherNo: 'V1', type: 'PaymentExecuted' },
      { returnNo: 'T1' },
      { voucherNo: 'V2', type: 'PaymentExecuted' },
      { type: 'PaymentReattributed' },
    ]);
    const [entry] = await machine.tray.list({ states: ['booked'] }, { limit: 1 });
    expect(entry).toMatchObject({
      notice: { voucherNo: 'V1' },
      reason: { code: 'YEAR_CLOSED', detail: '2024 is closed; reopen the year first, or book in an open one' },
      since: clock(),
      origin: { topic: TREASURY_TOPIC, partition: partitionOf('U1', PARTITIONS), offset: '0' },
      written: { stream: 'budget-U1-2024', events: 1 },
    });
  });

  it('tries a budget that has not changed only once', async () => {
    await machine.book(closeYear());
    await machine.take(payment('V1', '60.00'));
    for (let time = 0; time < 3; time += 1) await machine.desk.sweep();
    const [entry] = await machine.tray.list({}, { limit: 1 });
    // When it came, and once more because something might have happened since.
    expect(entry?.attempts).toBe(2);
  });

  it('is looked at by itself, also by a process that starts later', async () => {
    await machine.book(closeYear());
    await machine.take(payment('V1', '60.00'));
    await machine.stop();
    const handler = createHandler({ store: createMemoryStore({ log: machine.log }) });
    const booking = new NoticeBooking(handler, () => undefined);
    const desk = new TreasuryDesk({ tray: machine.tray, booking, by: 'clerk', logger, clock, everyMs: 5 });
    desk.start();
    await machine.book(reopenYear());
    while ((await machine.tray.waiting()) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await desk.stop();
    expect(await machine.booked()).toHaveLength(1);
  });

  it.each([
    [
      'a unit that is not registered',
      'UNKNOWN_UNIT',
      payment('V1', '1.00', { unit: 'U7', line: 'A' }),
      async () => {
        await machine.register('U7');
        await machine.book(approved({ A: '9.00' }), 2024, 'U7');
      },
    ],
    [
      'a year without a plan',
      'UNKNOWN_LINE',
      payment('V1', '1.00', { year: 2025, effectiveDate: '2025-03-01' }),
      () => machine.book(openLine('P01', {}, { effectiveDate: civilDate('2025-01-01') }), 2025),
    ],
    [
      'a line that is not there',
      'UNKNOWN_LINE',
      payment('V1', '1.00', { line: 'P09' }),
      () => machine.book(openLine('P09')),
    ],
    [
      'a request that is not there',
      'UNKNOWN_NUMBER',
      payment('V1', '1.00', { requestId: 'R1' }),
      () => machine.book(requestPayment('P01', '1.00')),
    ],
    [
      'a number with other content',
      'NUMBER_TAKEN',
      payment('V9', '1.00'),
      () => machine.book(reversePayment('V9', on('07-01'))),
    ],
    [
      'a return larger than its payment',
      'RETURN_EXCEEDS_PAYMENT',
      returned('T1', 'V9', '9.00', { effectiveDate: '2024-09-01' }),
      async () => {
        await machine.book(reversePayment('V9', on('07-01')));
        await machine.book(pay('V9', 'P01', '9.00', on('08-01')));
      },
    ],
  ] as const)('keeps a notice of %s until that has changed', async (_what, code, notice, change) => {
    await machine.book(pay('V9', 'P01', '5.00', on('06-01')));
    await machine.take(notice);
    expect(await machine.waiting()).toEqual([`${notice.kind} ${notice.voucherNo} ${code}`]);
    await machine.desk.sweep();
    expect(machine.counts.get('tray')).toBe(1);
    await change();
    await machine.desk.sweep();
    expect(await machine.waiting()).toEqual([]);
    expect(await machine.booked(notice.year, notice.unit)).toHaveLength(1);
  });

  it('keeps a notice on a name that several lines have, and names them', async () => {
    await machine.book(openLine('P04', { name: '道路工程' }));
    await machine.take(payment('V1', '1.00', { line: '道路工程' }), payment('V2', '1.00', { line: 'P04' }));
    expect(await machine.booked()).toMatchObject([{ voucherNo: 'V2', line: 'P04' }]);
    const [entry] = await machine.tray.list({}, { limit: 1 });
    expect(entry?.reason).toEqual({
      code: 'LINE_AMBIGUOUS',
      detail: 'several lines are called 道路工程 (P03, P04); name one by its id',
      faults: [
        {
          pointer: '/line',
          code: 'LINE_AMBIGUOUS',
          message: 'several lines are called 道路工程 (P03, P04); name one by its id',
          lines: ['P03', 'P04'],
        },
      ],
    });
  });

  it('lets a return go as soon as its payment has come after all', async () => {
    await machine.take(returned('T1', 'V1', '5.00'));
    expect(await machine.waiting()).toEqual(['return V1 UNKNOWN_NUMBER']);
    // It must not wait behind what waits for it.
    await machine.take(payment('V1', '60.00'));
    expect(await machine.booked()).toMatchObject([{ type: 'PaymentExecuted' }, { type: 'PaymentReturned' }]);
    expect(await machine.waiting()).toEqual([]);
  });

  it('tries one when it is asked to, after what waits before it', async () => {
    await machine.book(closeYear());
    await machine.take(payment('V1', '60.00'), returned('T1', 'V1', '5.00'));
    const [first, second] = await machine.tray.list({}, { limit: 2 });
    await machine.book(reopenYear());
    expect(await machine.desk.retry(second!.id)).toMatchObject({
      state: 'waiting',
      reason: { code: 'EARLIER_NOTICE_WAITS' },
    });
    expect(await machine.desk.retry(first!.id)).toMatchObject({ state: 'booked', attempts: 2, written: { events: 1 } });
    expect(await machine.desk.retry(second!.id)).toMatchObject({ state: 'booked' });
    expect(await machine.desk.retry(second!.id)).toMatchObject({ state: 'booked' });
    expect(await machine.desk.retry(randomUUID())).toBeUndefined();
    expect(await machine.booked()).toHaveLength(2);
  });

  it('lets a person decide against one; a repeat does not bring it back, a retry does', async () => {
    await machine.book(pay('V1', 'P01', '5.00', on('06-01')));
    await machine.take(payment('V1', '60.00'), returned('T1', 'V1', '5.00'));
    const [first] = await machine.tray.list({}, { limit: 1 });
    const dismissed = { state: 'dismissed', dismissal: { reason: '已手工登记', by: 'clerk', at: clock() } };
    expect(await machine.desk.dismiss(first!.id, '已手工登记')).toMatchObject(dismissed);
    await machine.desk.sweep();
    // What waited behind it does so no longer.
    expect(await machine.booked()).toMatchObject([{ type: 'PaymentReturned' }]);
    await machine.take(payment('V1', '60.00'));
    expect(await machine.desk.dismiss(first!.id, 'again')).toMatchObject(dismissed);
    expect(await machine.waiting()).toEqual([]);
    await machine.book(reversePayment('V1', on('07-01')));
    expect(await machine.desk.retry(first!.id)).toMatchObject({ state: 'booked' });
    expect(await machine.desk.dismiss(first!.id, 'too late')).toMatchObject({ state: 'booked' });
  });
});

describe('the rejected', () => {
  it('are there as they came, with all problems in headers', async () => {
    const headers = { traceparent: `00-${'a'.repeat(32)}-${'a'.repeat(16)}-00`, sender: 'treasury-7' };
    await machine.sendRaw([
      { notice: payment('V1', '1.00') },
      { notice: '{"kind":"payment"', headers },
      { notice: { ...payment('V2', '1,5'), purpose: '' } },
    ]);
    await machine.consumed();
    expect(await machine.booked()).toHaveLength(1);
    const [broken, second] = machine.rejected;
    expect(Buffer.from(broken!.value!).toString()).toBe('{"kind":"payment"');
    expect(broken).toMatchObject({
      key: 'U1',
      headers: {
        ...headers,
        'rejected-topic': TREASURY_TOPIC,
        'rejected-partition': String(partitionOf('U1', PARTITIONS)),
        'rejected-offset': '1',
        'rejected-as': 'malformed',
        'rejected-problem-count': '1',
      },
    });
    const problems = JSON.parse(second!.headers['rejected-problems']!) as { pointer: string }[];
    expect([...new Set(problems.map(({ pointer }) => pointer))]).toEqual(['/amount', '/purpose']);
    expect([...machine.counts]).toEqual([
      ['booked', 1],
      ['rejected', 2],
    ]);
  });

  it.each([
    ['DATE_OUTSIDE_YEAR', 'malformed', payment('V1', '1.00', { effectiveDate: '2025-01-01' })],
    ['ORIGIN_YEAR_NOT_PAST', 'refused', payment('V1', '1.00', { originYear: 2025 })],
    ['SAME_LINE', 'refused', correction('K1', 'V9', { toLine: 'Line P01' })],
    ['REQUEST_ON_OTHER_LINE', 'refused', payment('V1', '1.00', { requestId: 'R1' })],
  ])('hold what can never be booked: %s', async (code, as, notice) => {
    await machine.book(pay('V9', 'P01', '20.00', on('06-01')));
    await machine.book(requestPayment('P02', '1.00'));
    await machine.take(notice);
    expect(machine.rejected.map(({ headers }) => headers['rejected-as'])).toEqual([as]);
    expect(machine.rejected[0]!.headers['rejected-problems']).toContain(`"code":"${code}"`);
    expect(await machine.waiting()).toEqual([]);
  });

  it('hold of a message that is too large to be sent again where it is, and what is wrong with it', async () => {
    await machine.take({ unit: 'U1', junk: 'x'.repeat(1_000_000) }, payment('V1', '1.00'));
    expect(await machine.booked()).toHaveLength(1);
    expect(machine.rejected).toMatchObject([
      {
        value: null,
        headers: { 'rejected-offset': '0', 'rejected-left-out': expect.stringMatching(/^\d{7} bytes$/) },
      },
    ]);
  });

  it('are no larger than the broker takes, however many problems there are', async () => {
    const many = Object.fromEntries(Array.from({ length: 150_000 }, (_, index) => [`x${index}`, 1]));
    const wide = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`${index}${'\u0001'.repeat(2_000)}`, null]),
    );
    await machine.take({ unit: 'U1', ...many }, { unit: 'U1', ...wide }, { unit: 'U1', ['~'.repeat(890_000)]: 1 });
    expect(machine.errors).toEqual([]);
    expect(machine.rejected).toHaveLength(3);
    for (const { headers } of machine.rejected) {
      expect(JSON.parse(headers['rejected-problems']!)).not.toHaveLength(0);
      expect(Buffer.byteLength(JSON.stringify(headers['rejected-problems']))).toBeLessThan(150_000);
    }
  });

  it('hold another correction of the same number', async () => {
    await machine.take(payment('V1', '60.00'), correction('K1', 'V1'), correction('K1', 'V1', { amount: '11.00' }));
    expect(await machine.booked()).toHaveLength(2);
    expect(machine.rejected[0]!.headers['rejected-problems']).toContain(
      '"pointer":"/correctionNo","code":"NUMBER_TAKEN"',
    );
  });
});

describe('while something is away nothing is lost and nothing doubled', () => {
  const notices = Array.from({ length: 40 }, (_, index) => payment(`V${index}`, '1.00'));
  const mixed = [...notices, 'no JSON', payment('W1', '1.00', { line: 'P77' })];

  const allThere = async () => {
    expect(await machine.booked()).toHaveLength(notices.length);
    expect(await machine.waiting()).toEqual(['payment W1 UNKNOWN_LINE']);
    const places = new Set(machine.rejected.map(({ headers }) => headers['rejected-offset']));
    expect([...places]).toEqual(['40']);
  };

  it.each(['refused', 'unknown'] as const)('the event store: %s', async (outcome) => {
    await machine.stop();
    let failures = 5;
    machine.wrap = (store) => ({
      ...store,
      append: async (...request) => {
        failures -= 1;
        if (failures >= 0 && outcome === 'refused') throw new StoreUnavailable('refused');
        const answer = await store.append(...request);
        if (failures >= 0) throw new StoreUnavailable('unknown');
        return answer;
      },
    });
    await machine.start();
    await machine.take(...mixed);
    await allThere();
    await machine.feed?.check();
  });

  it('and the feed says so while it lasts', async () => {
    await machine.stop();
    let isAway = true;
    machine.wrap = (store) => ({
      ...store,
      append: async (...request) => {
        if (isAway) throw new StoreUnavailable('refused');
        return store.append(...request);
      },
    });
    machine.wrapMessaging = (messaging) => ({
      ...messaging,
      ends: async (topic) => {
        if (isAway) throw new MessagingUnavailable();
        return messaging.ends(topic);
      },
    });
    await machine.start();
    await machine.send(...notices);
    const failure = async () => (await machine.feed?.check().catch((error: Error) => error)) as Error | undefined;
    while ((await failure())?.name !== 'StoreUnavailable') await new Promise((resolve) => setTimeout(resolve, 2));
    expect(await machine.booked()).toEqual([]);
    isAway = false;
    await machine.consumed();
    expect(await failure()).toBeUndefined();
    isAway = true;
    expect(await failure()).toBeInstanceOf(MessagingUnavailable);
    expect(await machine.booked()).toHaveLength(notices.length);
  });

  it('the tray, before and after it has stored', async () => {
    await machine.stop();
    let calls = 0;
    machine.wrapTray = (tray) => ({
      ...tray,
      put: async (entries) => {
        calls += 1;
        if (calls === 1) throw new StoreUnavailable('refused');
        await tray.put(entries);
        if (calls === 2) throw new StoreUnavailable('unknown');
      },
    });
    await machine.start();
    await machine.take(...mixed);
    await allThere();
  });

  it('the broker, when it is to take what is rejected', async () => {
    await machine.stop();
    let calls = 0;
    machine.wrapMessaging = (messaging) => ({
      ...messaging,
      publish: async (...request) => {
        calls += 1;
        const answer = calls === 1 ? undefined : await messaging.publish(...request);
        if (calls <= 2 || answer === undefined) throw new Error('no broker');
        return answer;
      },
    });
    await machine.start();
    await machine.take(...mixed);
    await allThere();
    // Sent, but its answer lost: the one case in which a message stands there twice.
    expect(machine.rejected).toHaveLength(2);
  });

  it('the topics, which are made by others', async () => {
    await machine.stop();
    machine.broker.topics.clear();
    machine.broker.places.clear();
    machine.broker.groups.clear();
    const create = machine.messaging.createTopic.bind(machine.messaging);
    machine.messaging.createTopic = async () => false;
    await machine.start();
    await expect(machine.feed?.check()).rejects.toThrow();
    await create(TREASURY_TOPIC, PARTITIONS);
    await create(REJECTED_TOPIC, 1);
    await machine.take(payment('V1', '1.00'));
    expect(await machine.booked()).toHaveLength(1);
    await machine.feed?.check();
  });

  it('a stream that cannot be read holds up nobody else, and what it should have got waits', async () => {
    await machine.register('U2');
    await machine.book(approved({ P01: '9.00' }), 2024, 'U2');
    await machine.stop();
    machine.wrap = (store) => ({
      ...store,
      read: (stream, options) => {
        if (stream === 'budget-U2-2024') throw new Error('damaged');
        return store.read(stream, options);
      },
    });
    await machine.start();
    await machine.take(payment('V1', '1.00', { unit: 'U2' }), payment('V1', '1.00'));
    expect(await machine.booked()).toHaveLength(1);
    expect(await machine.waiting()).toEqual(['payment V1 INTERNAL']);
    expect(machine.errors).toEqual([expect.objectContaining({ message: 'damaged' })]);
    await machine.stop();
    machine.wrap = (store) => store;
    await machine.start();
    await machine.desk.sweep();
    expect(await machine.booked(2024, 'U2')).toHaveLength(1);
  });
});

it('whatever is sent, in whatever order, twice and cut into batches, the books end up the same', async () => {
  const vouchers = ['V1', 'V2', 'V3'];
  const all = vouchers.flatMap((voucher, index) => [
    payment(voucher, `${10 + index}.00`, { effectiveDate: '2024-06-01' }),
    returned(`T${voucher}`, voucher, '1.00', { effectiveDate: '2024-06-20' }),
    correction(`K${voucher}`, voucher, { amount: '2.00', effectiveDate: '2024-06-20' }),
    { ...codeCorrection(`C${voucher}`, voucher, '30213'), effectiveDate: '2024-06-20' },
  ]);
  const seed = Date.now() & 0x7fffffff;
  process.stderr.write(`treasury feed: seed ${seed}\n`);
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length }),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 8 }),
      async (order, cuts) => {
        const unit = `R${(run += 1)}`;
        await machine.register(unit);
        await machine.book(approved({ P01: '100.00', P02: '50.00' }), 2024, unit);
        const sent = order.map((notice) => ({ ...notice, unit }));
        for (let from = 0, turn = 0; from < sent.length; turn += 1) {
          const length = cuts[turn % cuts.length]!;
          await machine.take(...sent.slice(from, from + length));
          from += length;
        }
        await machine.desk.sweep();
        const booked = await machine.booked(2024, unit);
        expect(booked).toHaveLength(all.length);
        const numbers = booked.map((event) =>
          JSON.stringify([event.type, event.effectiveDate, 'voucherNo' in event && event.voucherNo]),
        );
        expect(new Set(numbers).size).toBe(all.length);
        expect(await machine.tray.waiting()).toBe(0);
        expect(machine.rejected).toEqual([]);
      },
    ),
    { seed, numRuns: 10 },
  );
});
