import { afterEach, describe, expect, it } from '@jest/globals';
import { problem, standIn, type Answer, type StandIn } from './stand-in.js';

const BASE = '/api/v1/units/U0001/years/2024';
const words = (text: string) => [...text.split(' '), '--unit', 'U0001', '--year', '2024'];

let system: StandIn | undefined;
afterEach(async () => {
  await system?.close();
  system = undefined;
});
const stand = async (answers: Readonly<Record<string, Answer | readonly Answer[]>>) =>
  (system = await standIn({
    [`GET ${BASE}/payment-plan`]: { headers: { 'stream-revision': '40' }, body: { plans: [] } },
    ...answers,
  }));

const preview = {
  year: 2024,
  closure: 2,
  nextYear: 2025,
  lots: [
    {
      ...{ line: 'P01', name: '培训费', expenditure: 'project', fund: 'general-public', originYear: 2024 },
      ...{ amount: '30000.00', class: 'carry-over', reason: 'unspent', toLine: 'P07', opens: true },
      ...{ existing: '25000.00', difference: '5000.00' },
    },
    {
      ...{ line: 'P03', name: '维护', expenditure: 'project', fund: 'general-public', originYear: 2023 },
      ...{ amount: '800.00', class: 'surplus', reason: 'two-years' },
    },
  ],
  withdrawn: [{ carryOverId: 'JZ2025-P04-2024', line: 'P04', originYear: 2024, amount: '10.00' }],
  totals: {
    unspent: '30800.00',
    carryOver: '30000.00',
    surplus: '800.00',
    existing: '25010.00',
    difference: '4990.00',
  },
  warnings: [
    { code: 'PRIOR_YEAR_OPEN', year: 2023, message: '2023 is not closed' },
    { code: 'LINE_OVERDRAWN', line: 'B01', name: '基本', available: '-5.00', message: 'line B01 is overdrawn' },
  ],
};

describe('close', () => {
  it('says what it caused in the next year, once that can be read', async () => {
    const cause = { type: 'YearClosed', position: '1042', recordedAt: '2025-01-06T01:00:02.000Z' };
    const entry = { id: 'p', rule: 'carry-forward', unit: 'U0001', year: 2024, state: 'done', attempts: 1, cause };
    const written = { revision: 7, position: '1050', events: 8 };
    const answer = { stream: 'budget-U0001-2024', revision: 41, position: '1042', replayed: false, unchanged: false };
    const { budget, asked } = await stand({
      [`POST ${BASE}/close`]: { status: 201, body: { ...answer, events: [] } },
      'GET /api/v1/processes': { status: 200, body: { through: '1042', entries: [{ ...entry, written }] } },
      'GET /api/v1/units': { status: 200, body: { units: [] } },
    });
    const said = await budget([
      'close',
      '--date',
      '2024-12-31',
      '--if-match',
      '40',
      '--unit',
      'U0001',
      '--year',
      '2024',
    ]);
    expect(said).toMatchObject({ code: 0, out: expect.stringContaining('结账，转入 2025 年：完成，登记 8 笔') });
    expect(asked.slice(1).map(({ path }) => path)).toEqual([
      '/api/v1/processes?unit=U0001&year=2024&atLeast=1042',
      '/api/v1/units?atLeast=1050',
    ]);
  });

  it('names lines of the next year', async () => {
    const answer = { stream: 's', revision: 41, position: '9', replayed: false, unchanged: false, events: [] };
    const { budget, asked } = await stand({ [`POST ${BASE}/close`]: { status: 201, body: answer } });
    const said = await budget(words('close --date 2024-12-31 --to P01=P07 --to P=2@2023=P08'));
    expect(said.code).toBe(0);
    expect(said.out).toContain('budget processes');
    expect(JSON.parse(asked.findLast(({ method }) => method === 'POST')?.body ?? '')).toEqual({
      effectiveDate: '2024-12-31',
      lots: [
        { line: 'P01', toLine: 'P07' },
        { line: 'P=2', originYear: 2023, toLine: 'P08' },
      ],
    });
    expect((await budget(words('close --date 2024-12-31 --to P01'))).err).toContain('write LINE=TARGET');
  });

  it('is shown before as a table, in Chinese', async () => {
    const { budget } = await stand({ [`POST ${BASE}/close`]: { body: { dryRun: true, events: [], preview } } });
    const { code, out } = await budget(words('close --date 2024-12-31 --dry-run'));
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
     "2024 年结账预览（第 2 次），结转至 2025 年，单位：元

     编号  名称             资金年度     未支付  类别  原因            转入下年项目   下年已有      变动
     ----  ---------------  --------  ---------  ----  --------------  ------------  ---------  --------
     P01   培训费           2024      30,000.00  结转  未用完          P07（新设）   25,000.00  5,000.00
     P03   维护             2023         800.00  结余  连续两年未用完
           JZ2025-P04-2024  2024                       不再结转        P04               10.00    -10.00
     ----  ---------------  --------  ---------  ----  --------------  ------------  ---------  --------
     合计                             30,800.00                                      25,010.00  4,990.00
     结转 30,000.00，结余 800.00
     ! 2023 年尚未结账：其结转将在之后转入本年
     ! B01 基本 超支：可用余额 -5.00

     试算，未写入任何内容。
     "
    `);
  });

  it('is shown while something blocks it, in English, and refused', async () => {
    const faults = [{ pointer: '', code: 'OPEN_REQUESTS', message: 'payment requests are open (1)', requests: [] }];
    const blocked = problem(409, 'OPEN_REQUESTS', 'payment requests are open (1)', { faults, preview });
    const { budget } = await stand({ [`POST ${BASE}/close`]: blocked });
    const { code, out, err } = await budget(words('close --date 2024-12-31 --dry-run --lang en'));
    expect(code).toBe(1);
    expect(err).toContain('payment requests are open (1) [OPEN_REQUESTS]');
    expect(out).toMatchInlineSnapshot(`
     "Preview of the close of 2024 (closure 2), carried over into 2025, amounts in yuan

     Line   Name             Origin year    Unspent  Class       Reason                 To line     Existing    Change
     -----  ---------------  -----------  ---------  ----------  ---------------------  ---------  ---------  --------
     P01    培训费           2024         30,000.00  carry-over  unspent                P07 (new)  25,000.00  5,000.00
     P03    维护             2023            800.00  surplus     unspent for two years
            JZ2025-P04-2024  2024                                no longer carried      P04            10.00    -10.00
     -----  ---------------  -----------  ---------  ----------  ---------------------  ---------  ---------  --------
     Total                                30,800.00                                                25,010.00  4,990.00
     Carry-over 30,000.00, surplus 800.00
     ! 2023 is not closed
     ! line B01 is overdrawn
     "
    `);
    const json = await budget(words('close --date 2024-12-31 --dry-run --format json'));
    expect(JSON.parse(json.out)).toEqual({ preview });
  });
});

describe('processes', () => {
  const entry = {
    id: '9a0fb1c8-55d4-5a35-9b40-5d0a6dd42f0e',
    rule: 'carry-forward',
    unit: 'U0001',
    year: 2023,
    state: 'refused',
    attempts: 1,
    cause: { type: 'YearClosed', position: '41', recordedAt: '2025-01-06T02:11:05.120Z' },
    target: { unit: 'U0001', year: 2024, stream: 'budget-U0001-2024' },
    rejection: { code: 'YEAR_CLOSED', detail: '2024 is closed', faults: [{ message: '2024 is closed' }] },
  };
  const done = { ...entry, id: '8', state: 'done', rejection: undefined, written: { events: 2 } };

  it('lists what closes caused, in both languages and as CSV', async () => {
    const { budget, asked } = await stand({
      'GET /api/v1/processes': { body: { through: '99', entries: [entry, done] } },
    });
    const list = ['processes', '--unit', 'U0001', '--year', '2023', '--state', 'refused', '--at-least', '41'];
    expect((await budget(list)).out).toMatchInlineSnapshot(`
     "已处理至日志位置 99

     单位代码  年度  事项                登记时间                        状态  结果                         编号
     --------  ----  ------------------  ------------------------------  ----  ---------------------------  ------------------------------------
     U0001     2023  结账，转入 2024 年  2025-01-06 10:11:05.120 +08:00  被拒  YEAR_CLOSED: 2024 is closed  9a0fb1c8-55d4-5a35-9b40-5d0a6dd42f0e
     U0001     2023  结账，转入 2024 年  2025-01-06 10:11:05.120 +08:00  完成  登记 2 笔                    8
     原因消除后重试：budget processes --retry 编号
     "
    `);
    expect(asked[0]?.path).toBe('/api/v1/processes?unit=U0001&year=2023&state=refused&atLeast=41');
    expect((await budget(['processes', '--lang', 'en'])).out).toMatchInlineSnapshot(`
     "Answered through log position 99

     Unit   Year  What              Recorded at                     State    Outcome                      Id
     -----  ----  ----------------  ------------------------------  -------  ---------------------------  ------------------------------------
     U0001  2023  close, into 2024  2025-01-06 10:11:05.120 +08:00  refused  YEAR_CLOSED: 2024 is closed  9a0fb1c8-55d4-5a35-9b40-5d0a6dd42f0e
     U0001  2023  close, into 2024  2025-01-06 10:11:05.120 +08:00  done     2 events written             8
     Once the cause is gone: budget processes --retry ID
     "
    `);
    expect((await budget(['processes', '--format', 'csv'])).out.split('\r\n')[1]).toBe(
      '9a0fb1c8-55d4-5a35-9b40-5d0a6dd42f0e,carry-forward,U0001,2023,refused,1,41,2025-01-06T02:11:05.120Z,,YEAR_CLOSED',
    );
  });

  it('says so when there are none', async () => {
    const { budget } = await stand({ 'GET /api/v1/processes': { body: { through: '99', entries: [] } } });
    expect((await budget(['processes'])).out).toBe('没有结账触发的事项。\n');
  });

  it('tries one again; still refused is a refusal', async () => {
    const { budget } = await stand({
      'POST /api/v1/processes/8/retry': [{ body: entry }, { body: done }],
    });
    expect(await budget(['processes', '--retry', '8'])).toMatchObject({
      code: 1,
      out: 'U0001 2023: 被拒, YEAR_CLOSED: 2024 is closed\n',
    });
    expect(await budget(['processes', '--retry', '8', '--lang', 'en'])).toMatchObject({
      code: 0,
      out: 'U0001 2023: done, 2 events written\n',
    });
    expect((await budget(['processes', '--retry', '8', '--year', '2024'])).code).toBe(2);
  });
});
