import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createInProcessBroker, createInProcessMessaging, type InProcessBroker } from '#messaging/in-process.js';
import { partitionOf } from '#messaging/partition.js';
import { MessagingUnavailable, type Messaging } from '#messaging/port.js';
import { TREASURY_TOPIC } from '#messaging/treasury.js';
import type { OpenMessaging } from './feed.js';
import { budgetAt, problem, standIn, type StandIn } from './stand-in.js';

const HEADER = 'voucherNo,effectiveDate,line,amount,payee,purpose';
const FULL = `${HEADER},economicCode,requestId,belongsTo,kind,number,toLine`;
const AT = ['--unit', 'U0001', '--year', '2024'];
const NOWHERE = 'http://127.0.0.1:9';

let folder: string;
let broker: InProcessBroker;
let asked: (readonly string[])[];
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'budget-feed-'))));
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  broker = createInProcessBroker();
  asked = [];
  await createInProcessMessaging(broker).createTopic(TREASURY_TOPIC, 4);
});

const open =
  (wrap: (messaging: Messaging) => Messaging = (messaging) => messaging): OpenMessaging =>
  async (brokers) => {
    asked.push(brokers);
    return wrap(createInProcessMessaging(broker));
  };

async function file(...lines: readonly string[]): Promise<string> {
  const path = join(folder, 'notices.csv');
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

const feed = (path: string, more: readonly string[] = ['--brokers', 'one:9092'], messaging = open()) =>
  budgetAt(NOWHERE, ['feed', path, ...AT, ...more], undefined, messaging);

const sent = () =>
  (broker.topics.get(TREASURY_TOPIC) ?? []).flat().map(({ value, ...message }) => ({
    ...message,
    notice: JSON.parse(Buffer.from(value!).toString()) as Record<string, unknown>,
  }));

describe('feed', () => {
  it('sends a payments file as it is imported, keyed by unit and in order', async () => {
    const path = await file(
      HEADER,
      'V-1,2024-06-28,P01,92080.00,某工程公司,进度款',
      'V-2,2024-06-29,道路工程,5,某公司,"货款, 两批"',
    );
    const { code, out, err } = await feed(path);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /^Sent: notices 2 \(payments 2, returns 0, corrections 0\) for U0001 2024 to treasury\.payments\.v1, trace [0-9a-f]{32}\.\n/,
    );
    expect(asked).toEqual([['one:9092']]);
    const messages = sent();
    expect(messages.map(({ notice }) => notice)).toEqual([
      {
        kind: 'payment',
        unit: 'U0001',
        year: 2024,
        voucherNo: 'V-1',
        effectiveDate: '2024-06-28',
        line: 'P01',
        amount: '92080.00',
        payee: { name: '某工程公司', kind: 'organisation' },
        purpose: '进度款',
      },
      expect.objectContaining({ voucherNo: 'V-2', line: '道路工程', amount: '5.00', purpose: '货款, 两批' }),
    ]);
    for (const [index, { key, partition, headers }] of messages.entries()) {
      expect([key, partition]).toEqual(['U0001', partitionOf('U0001', 4)]);
      expect(headers['traceparent']).toBe(messages[0]!.headers['traceparent']);
      expect(headers['x-correlation-id']).toMatch(new RegExp(`^feed-[0-9a-f]{16}:${index + 2}$`));
    }
  });

  it('sends returns and corrections', async () => {
    const path = await file(
      FULL,
      'V-1,2024-03-01,P01,10.00,某公司,货款,30201,R-1,2024-02-28,,,',
      'V-1,2024-04-01,,1.00,,,,,,passive-return,T-1,',
      'V-1,2025-01-09,,2.00,,,,,,active-return,T-2,',
      'V-1,2024-04-02,P01,3.00,,,,,,correction,K-1,P02',
      'V-1,2024-04-02,,,,,30213,,,correction,K-2,',
    );
    const { code, out, err } = await feed(path, ['--brokers', 'one:9092, two:9092', '--format', 'json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      topic: TREASURY_TOPIC,
      unit: 'U0001',
      year: 2024,
      dryRun: false,
      notices: 5,
      payments: 1,
      returns: 2,
      corrections: 2,
    });
    expect(asked).toEqual([['one:9092', 'two:9092']]);
    const at = { unit: 'U0001', year: 2024, voucherNo: 'V-1' };
    expect(sent().map(({ notice }) => notice)).toMatchObject([
      // The date on the paper, although the file had booked it later.
      { kind: 'payment', effectiveDate: '2024-02-28', departmentEconomic: '30201', requestId: 'R-1' },
      { kind: 'return', ...at, returnNo: 'T-1', amount: '1.00', returned: 'passive', effectiveDate: '2024-04-01' },
      { kind: 'return', ...at, returnNo: 'T-2', amount: '2.00', returned: 'active', effectiveDate: '2025-01-09' },
      { kind: 'correction', ...at, correctionNo: 'K-1', fromLine: 'P01', toLine: 'P02', amount: '3.00' },
      { kind: 'code-correction', ...at, correctionNo: 'K-2', toCode: '30213' },
    ]);
  });

  it('shows all faults at once and sends nothing', async () => {
    const path = await file(
      FULL,
      'V-1,2024-02-30,P01,"1,000",某公司,货款,,,,,,',
      'V/2,2023-06-28,,0,,货款,30,,,,,',
      'V-3,2024-06-28,,1.00,,,,,,refund,T-1,',
      'V-3,2023-06-28,P01,1.00,,,,,,active-return,,',
      'V-4,2024-06-28,P01,1.00,,,30213,,,correction,K-1,P02',
      'V-5,2024-06-28,P01,1.00,某公司,货款',
      'V-6,2024-06-28,P01,1.00,某公司,货款,,,,,,',
      'V-6,2024-06-28,P01,1.00,某公司,货款,,,,,,',
      'V-7,2024-06-28,P01,12345678901234.00,某公司,货款,,,,,,',
    );
    const { code, out, err } = await feed(path);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    const faults = err.split('\n').map((line) => line.trim().replace(/^(第 \d+ 行(?:, \w+)?): .*\[(\w+)\]$/, '$1 $2'));
    expect(faults).toEqual([
      '16 things are not as they must be:',
      '第 7 行 ROW_WIDTH_WRONG',
      '第 2 行, effectiveDate DATE_NOT_VALID',
      '第 2 行, amount AMOUNT_NOT_DECIMAL',
      '第 3 行, effectiveDate DATE_OUTSIDE_YEAR',
      '第 3 行, line CELL_EMPTY',
      '第 3 行, amount AMOUNT_NOT_POSITIVE',
      '第 3 行, payee CELL_EMPTY',
      '第 3 行, economicCode CODE_NOT_VALID',
      '第 3 行, voucherNo INVALID_NUMBER_TEXT',
      '第 4 行, kind VALUE_NOT_ALLOWED',
      '第 5 行, effectiveDate DATE_OUTSIDE_YEAR',
      '第 5 行, number CELL_EMPTY',
      '第 5 行, line CELL_NOT_EXPECTED',
      '第 6 行, economicCode CELL_NOT_EXPECTED',
      '第 9 行, voucherNo DUPLICATE_IN_FILE',
      '第 10 行, amount AMOUNT_OUT_OF_RANGE',
      '',
    ]);
    expect(sent()).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('says with a fault what was expected, what is allowed and what stands where', async () => {
    const heading = await feed(await file('voucher,amount', 'V-1,1.00'), ['--dry-run']);
    expect(heading.err).toContain(
      `(expected: ${HEADER}[,economicCode][,requestId][,belongsTo][,kind][,number][,toLine]) [HEADER_WRONG]`,
    );
    const path = await file(
      FULL,
      'V-1,2024-06-28,P01,1.00,某公司,货款,,,,,,',
      'V-1,2024-06-28,P01,2.00,某公司,货款,,,,,,',
      'V-3,2024-06-28,,1.00,,,,,,refund,T-1,',
      'V-1,2024-06-29,P01,1.00,,,,,,correction,K-1,P01',
    );
    const { code, err } = await feed(path, ['--dry-run']);
    expect(code).toBe(2);
    expect(err).toContain('(number: V-1; first: 2; equal: false) [DUPLICATE_IN_FILE]');
    expect(err).toContain('(allowed: payment, passive-return, active-return, correction) [VALUE_NOT_ALLOWED]');
    expect(err).toContain('第 5 行, toLine: "P01": a correction goes from one line to another [SAME_LINE]');
  });

  it('with --dry-run checks the file, and needs neither broker nor system', async () => {
    const path = await file(HEADER, 'V-1,2024-06-28,P01,1.00,某公司,货款');
    expect(await feed(path, ['--dry-run'])).toEqual({
      code: 0,
      out: 'Not sent: notices 1 (payments 1, returns 0, corrections 0) for U0001 2024 to treasury.payments.v1. The file has no faults.\n',
      err: '',
    });
    expect(asked).toEqual([]);
  });

  it.each([
    [[], /--brokers: is required, unless KAFKA_BROKERS is set/],
    [['--brokers', 'one'], /--brokers: give host:port of each broker/],
    [['--brokers', 'one:9092', '--format', 'csv'], /--format: "csv" is none of table, json/],
  ])('says how it must be called: %j', async (more, words) => {
    const { code, err } = await feed(await file(HEADER, 'V-1,2024-06-28,P01,1.00,某公司,货款'), more);
    expect(err).toMatch(words);
    expect(code).toBe(2);
  });

  it('asks the system for unit and year when they are not said', async () => {
    const system = await standIn({
      'GET /api/v1/units': { body: { units: [{ unit: 'U0001', name: '某单位' }] } },
      'GET /api/v1/units/U0001/years': { body: { years: [{ year: 2024 }] } },
    });
    const path = await file(HEADER, 'V-1,2024-06-28,P01,1.00,某公司,货款');
    const { code } = await budgetAt(system.url, ['feed', path, '--brokers', 'one:9092'], undefined, open());
    await system.close();
    expect(code).toBe(0);
    expect(sent()).toMatchObject([{ key: 'U0001', notice: { year: 2024 } }]);
  });

  it('exits with 3 when no broker answers, and says what to do', async () => {
    const rows = Array.from({ length: 700 }, (_, index) => `V-${index},2024-06-28,P01,1.00,某公司,货款`);
    const path = await file(HEADER, ...rows);
    let calls = 0;
    const failing = open((messaging) => ({
      ...messaging,
      publish: async (...request) => {
        calls += 1;
        if (calls === 2) throw new MessagingUnavailable();
        return messaging.publish(...request);
      },
    }));
    expect(await feed(path, ['--brokers', 'one:9092'], failing)).toEqual({
      code: 3,
      out: '',
      err: 'No broker answers at one:9092. 500 of 700 were sent. Give the same command again: what was sent before is booked once.\n',
    });
    expect((await feed(path)).code).toBe(0);
    expect(sent()).toHaveLength(1_200);
  });

  it('exits with 3 when the topic is not there', async () => {
    broker.topics.clear();
    const { code, err } = await feed(await file(HEADER, 'V-1,2024-06-28,P01,1.00,某公司,货款'));
    expect({ code, err }).toEqual({
      code: 3,
      err: 'There is no topic treasury.payments.v1 at one:9092: the deployment makes it.\n',
    });
  });

  it('describes its file in its help', async () => {
    const { code, out } = await budgetAt(NOWHERE, ['feed', '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`${HEADER}[,economicCode,requestId,belongsTo,kind,number,toLine]`);
    expect(out).toContain('KAFKA_BROKERS');
  });
});

describe('tray', () => {
  let system: StandIn | undefined;
  afterEach(async () => {
    await system?.close();
    system = undefined;
  });
  const ID = '9a0fb1c8-55d4-5a35-9b40-5d0a6dd42f0e';
  const waiting = {
    id: ID,
    state: 'waiting',
    kind: 'payment',
    unit: 'U0001',
    year: 2024,
    number: 'V-1',
    voucherNo: 'V-1',
    effectiveDate: '2024-06-28',
    amount: '92080.00',
    since: '2025-01-06T02:11:05.120Z',
    attempts: 2,
    reason: { code: 'YEAR_CLOSED', detail: '2024 is closed', faults: [] },
  };
  const LIST = 'GET /api/v1/treasury/tray';

  it('lists what waits, and says what to do', async () => {
    system = await standIn({ [LIST]: { body: { entries: [waiting], next: '7' } } });
    const { code, out } = await system.budget(['tray', '--unit', 'U0001', '--year', '2024', '--lang', 'en']);
    expect(code).toBe(0);
    expect(out.split('\n').map((line) => line.trimEnd())).toEqual([
      'Unit   Year  Notice   Number  Voucher  Date           Amount  Since                           State    Reason                       Id',
      '-----  ----  -------  ------  -------  ----------  ---------  ------------------------------  -------  ---------------------------  ------------------------------------',
      `U0001  2024  payment  V-1     V-1      2024-06-28  92,080.00  2025-01-06 10:11:05.120 +08:00  waiting  YEAR_CLOSED: 2024 is closed  ${ID}`,
      'Booked by itself once its reason is gone. At once: budget tray --retry ID. Not at all: budget tray --dismiss ID --reason WHY',
      'There is more: --all, or --cursor 7',
      '',
    ]);
    expect(system.asked.map(({ path }) => path)).toEqual(['/api/v1/treasury/tray?unit=U0001&year=2024']);
  });

  it('tries one again: exit code 1 while it waits', async () => {
    const booked = { ...waiting, state: 'booked', written: { position: '4711', events: 1 } };
    system = await standIn({ [`POST /api/v1/treasury/tray/${ID}/retry`]: [{ body: waiting }, { body: booked }] });
    expect(await system.budget(['tray', '--retry', ID])).toEqual({
      code: 1,
      out: 'U0001 2024 V-1: 待登记，YEAR_CLOSED: 2024 is closed\n',
      err: '',
    });
    expect(await system.budget(['tray', '--retry', ID, '--lang', 'en'])).toEqual({
      code: 0,
      out: 'U0001 2024 V-1: booked, log position 4711\n',
      err: '',
    });
  });

  it('decides against one', async () => {
    const dismissed = { ...waiting, state: 'dismissed', dismissal: { reason: '已手工登记', by: '张会计' } };
    system = await standIn({ [`POST /api/v1/treasury/tray/${ID}/dismissal`]: { body: dismissed } });
    const { code, out } = await system.budget(['tray', '--dismiss', ID, '--reason', '已手工登记']);
    expect({ code, out }).toEqual({ code: 0, out: 'U0001 2024 V-1: 不予登记，张会计: 已手工登记\n' });
    expect(JSON.parse(system.asked[0]!.body)).toEqual({ reason: '已手工登记' });
  });

  it('knows what goes together, and tells what there is not', async () => {
    system = await standIn({ [`POST /api/v1/treasury/tray/${ID}/retry`]: problem(404, 'UNKNOWN_NOTICE', 'No such.') });
    const together = await system.budget(['tray', '--retry', ID, '--dismiss', ID, '--unit', 'U1']);
    expect(together.code).toBe(2);
    expect(together.err).toContain('--dismiss: does not go together with --retry');
    expect((await system.budget(['tray', '--dismiss', ID])).err).toContain('--reason: is required');
    expect((await system.budget(['tray', '--reason', 'x'])).err).toContain('--reason: goes only with --dismiss');
    expect((await system.budget(['tray', '--retry', ID])).code).toBe(2);
  });

  it('is not there in a system that runs in one process, whatever is asked', async () => {
    system = await standIn({});
    for (const argv of [[], ['--retry', ID], ['--dismiss', ID, '--reason', 'x']]) {
      expect(await system.budget(['tray', ...argv])).toEqual({
        code: 2,
        out: '',
        err: 'BUDGET_URL: this system has no tray: only a ledger beside a message broker takes notices of the treasury [NO_TRAY]\n',
      });
    }
  });
});
