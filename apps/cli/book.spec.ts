import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { contentKey } from './key.js';
import { problem, standIn, type Answer, type StandIn } from './stand-in.js';

const BASE = '/api/v1/units/U0001/years/2024';
const AT = ['--unit', 'U0001', '--year', '2024'];
const words = (text: string) => [...text.split(' '), ...AT];

const written = (type: string, data: object, more: object = {}): Answer => ({
  status: 201,
  headers: { 'stream-revision': '41' },
  body: {
    stream: 'budget-U0001-2024',
    revision: 41,
    position: '1042',
    replayed: false,
    unchanged: false,
    events: [
      {
        id: 'e',
        type,
        version: 1,
        revision: 41,
        effectiveDate: '2024-06-28',
        recordedAt: '2024-07-01T08:15:02.113Z',
        data,
      },
    ],
    ...more,
  },
});

let system: StandIn | undefined;
let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'budget-cli-'))));
afterAll(() => rm(folder, { recursive: true }));
afterEach(async () => {
  await system?.close();
  system = undefined;
});
const stand = async (answers: Readonly<Record<string, Answer | readonly Answer[]>>) =>
  (system = await standIn(answers));

const PAY = words(
  'pay --voucher V-2024-0117 --line P05 --amount 92080.00 --date 2024-06-28 --payee 某工程公司 --purpose 工程款',
);
const payment = {
  voucherNo: 'V-2024-0117',
  effectiveDate: '2024-06-28',
  line: 'P05',
  amount: '92080.00',
  payee: { name: '某工程公司', kind: 'organisation' },
  purpose: '工程款',
};

describe('a payment', () => {
  it('is sent as the API wants it, under a key made from its content', async () => {
    const { budget, asked } = await stand({ [`POST ${BASE}/payments`]: written('PaymentExecuted', payment) });
    expect(await budget(PAY)).toEqual({
      code: 0,
      err: '',
      out:
        'Recorded at 2024-07-01T08:15:02.113Z: budget-U0001-2024, revision 41, log position 1042\n' +
        '  PaymentExecuted 2024-06-28: voucherNo V-2024-0117, effectiveDate 2024-06-28, line P05, amount 92080.00, ' +
        'payee 某工程公司, purpose 工程款\n',
    });
    const [sent] = asked;
    expect(JSON.parse(sent?.body ?? '')).toEqual(payment);
    expect(sent?.headers['idempotency-key']).toBe(
      contentKey({ method: 'POST', path: `${BASE}/payments`, body: payment }),
    );
    expect(sent?.headers['if-match']).toBeUndefined();
  });

  it('given twice is one request twice, and the second answer says that nothing is new', async () => {
    const replay = written('PaymentExecuted', payment, { replayed: true });
    const { budget, asked } = await stand({ [`POST ${BASE}/payments`]: [written('PaymentExecuted', payment), replay] });
    await budget(PAY);
    const { code, out } = await budget(PAY);
    expect(code).toBe(0);
    expect(out).toMatch(/^Nothing new was written: this very command was recorded at 2024-07-01T08:15:02.113Z/);
    expect(out).toContain('--key WORD');
    expect(asked[0]?.headers['idempotency-key']).toBe(asked[1]?.headers['idempotency-key']);
  });

  it('equal to one that was booked under another key is told so', async () => {
    const unchanged = written('PaymentExecuted', payment, { unchanged: true, events: [] });
    const { budget } = await stand({ [`POST ${BASE}/payments`]: unchanged });
    expect((await budget(PAY)).out).toMatch(/^Nothing new was written: an equal entry is booked already/);
  });

  it('that overdraws its line is booked, and says so', async () => {
    const answer = written('PaymentExecuted', { ...payment, overdrawn: true });
    const { budget } = await stand({ [`POST ${BASE}/payments`]: answer });
    const { code, out } = await budget(PAY);
    expect(code).toBe(0);
    expect(out).toContain('! line P05 is overdrawn by this; it shows as a violation');
  });

  it('takes all its options, a key and a revision of the caller', async () => {
    const { budget, asked } = await stand({ [`POST ${BASE}/payments`]: written('PaymentExecuted', payment) });
    const more =
      '--request R1 --final --code 31009 --origin-year 2023 --belongs-to 2024-03-05 --payee-kind person --payee-ref 3205 --key k1 --if-match 40';
    await budget([...PAY, ...more.split(' ')]);
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
      ...payment,
      belongsTo: '2024-03-05',
      payee: { name: '某工程公司', ref: '3205', kind: 'person' },
      requestId: 'R1',
      final: true,
      departmentEconomic: '31009',
      originYear: 2023,
    });
    expect(asked[0]?.headers).toMatchObject({ 'idempotency-key': 'k1', 'if-match': '"40"' });
  });

  it('prints the very body of the API as JSON', async () => {
    const answer = written('PaymentExecuted', payment);
    const { budget } = await stand({ [`POST ${BASE}/payments`]: answer });
    expect((await budget([...PAY, '--format', 'json'])).out).toBe(`${JSON.stringify(answer.body, null, 2)}\n`);
  });
});

describe('a trial run', () => {
  it('needs no key, writes nothing, and shows every rate that moves', async () => {
    const rate = { metric: 'execution-rate', name: { zh: '预算执行率', en: 'Execution rate' } };
    const effect = {
      checkpoint: 'half',
      asOf: '2024-06-30',
      rates: [
        { ...rate, scope: { funds: 'all', expenditure: 'all' }, before: '44.16', after: '44.20' },
        { ...rate, scope: { funds: ['general-public'], expenditure: 'all' }, before: '38.20', after: '38.20' },
      ],
    };
    const body = {
      dryRun: true,
      events: [{ type: 'PaymentExecuted', effectiveDate: '2024-06-28', data: { line: 'P05' } }],
      effect,
    };
    const { budget, asked } = await stand({ [`POST ${BASE}/payments`]: { status: 200, body } });
    expect((await budget([...PAY, '--dry-run'])).out).toMatchInlineSnapshot(`
     "Trial run, nothing was written. It would record:
       PaymentExecuted 2024-06-28: line P05

     Effect on the rates as of 2024-06-30:
     指标        代码            口径      变动前  变动后
     ----------  --------------  --------  ------  ------
     预算执行率  execution-rate  全部资金  44.16%  44.20%
     Rates that stay as they are: 1.
     "
    `);
    expect(asked[0]?.path).toBe(`${BASE}/payments?dryRun=true`);
    expect(asked[0]?.headers['idempotency-key']).toBeUndefined();
  });
});

describe('what hangs on the revision', () => {
  const CLOSE = words('close --date 2024-12-31 --finished P01 --finished P02 --plan-changed P03');
  const plan = (revision: string): Answer => ({ headers: { 'stream-revision': revision }, body: { plans: [] } });

  it('asks for it first, sends it, and makes it part of the key', async () => {
    const { budget, asked } = await stand({
      [`GET ${BASE}/payment-plan`]: [plan('40'), plan('44')],
      [`POST ${BASE}/close`]: written('YearClosed', { closure: 1, lots: [] }),
    });
    await budget(CLOSE);
    await budget(CLOSE);
    const posts = asked.filter(({ method }) => method === 'POST');
    expect(posts.map(({ headers }) => headers['if-match'])).toEqual(['"40"', '"44"']);
    expect(posts[0]?.headers['idempotency-key']).not.toBe(posts[1]?.headers['idempotency-key']);
    expect(JSON.parse(posts[0]?.body ?? '')).toEqual({
      effectiveDate: '2024-12-31',
      surplus: [
        { line: 'P01', reason: 'finished' },
        { line: 'P02', reason: 'finished' },
        { line: 'P03', reason: 'plan-changed' },
      ],
    });
  });

  it('is sent again when somebody wrote in between, unless the caller named the revision', async () => {
    const moved = problem(412, 'REVISION_MISMATCH', 'The stream has moved on.', { revision: 42 });
    const { budget, asked } = await stand({
      [`GET ${BASE}/payment-plan`]: plan('40'),
      [`POST ${BASE}/close`]: [moved, written('YearClosed', { closure: 1, lots: [] }), moved],
    });
    expect((await budget(CLOSE)).code).toBe(0);
    expect(asked.findLast(({ method }) => method === 'POST')?.headers['if-match']).toBe('"42"');
    expect(await budget([...CLOSE, '--if-match', '40'])).toEqual({
      code: 1,
      out: '',
      err: 'The stream has moved on. [REVISION_MISMATCH]\n',
    });
  });

  it('sets a monthly plan of twelve amounts', async () => {
    const { budget, asked } = await stand({
      [`GET ${BASE}/payment-plan`]: plan('40'),
      [`PUT ${BASE}/payment-plan`]: written('PaymentPlanSet', {}),
    });
    const amounts = Array.from({ length: 12 }, (_, month) => `${month + 1}0.00`);
    const set = words(`plan --line P01 --date 2024-01-01 --cumulative ${amounts.join(',')}`);
    expect((await budget(set)).code).toBe(0);
    expect(JSON.parse(asked.at(-1)?.body ?? '')).toEqual({
      effectiveDate: '2024-01-01',
      plans: [{ line: 'P01', cumulative: amounts }],
    });
    const short = await budget(words('plan --line P01 --date 2024-01-01 --cumulative 1.00,2.00'));
    expect(short.err).toContain('has 2 amounts: give one for each month');
  });
});

describe('a refusal', () => {
  const faults = [
    { pointer: '/effectiveDate', code: 'DATE_OUTSIDE_YEAR', message: 'not in 2024' },
    { pointer: '/movements/2', code: 'FUND_MISMATCH', message: 'funds are not mixed' },
    { pointer: '/lines/0/fund', code: 'LINE_DIFFERS', message: 'another fund' },
  ];
  const refused = problem(422, 'SEVERAL_FAULTS', 'Refused for 3 reasons; nothing was booked.', { faults });

  it('names the options that filled the body', async () => {
    const { budget } = await stand({ [`POST ${BASE}/payments`]: refused });
    expect((await budget(PAY)).err).toBe(
      'Refused for 3 reasons; nothing was booked. [SEVERAL_FAULTS]\n' +
        '  --date: not in 2024 [DATE_OUTSIDE_YEAR]\n' +
        '  movement 3: funds are not mixed [FUND_MISMATCH]\n' +
        '  --fund: another fund [LINE_DIFFERS]\n',
    );
  });

  it('keeps the pointers into a file', async () => {
    const file = join(folder, 'refused.json');
    await writeFile(file, '{"effectiveDate":"2024-01-10"}');
    const { budget } = await stand({ [`POST ${BASE}/budget`]: refused });
    const { err } = await budget(['approve', file, '--unit', 'U0001']);
    expect(err).toContain('  /lines/0/fund: another fund [LINE_DIFFERS]\n');
  });
});
