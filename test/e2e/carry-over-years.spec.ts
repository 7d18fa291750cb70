/** Three years of one unit through the API: closed, carried over, opened again, and every yuan shown with its origin. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { budgetAt } from '../../apps/cli/stand-in.js';
import { startTestSystem, type TestSystem } from '../support/system.js';

let system: TestSystem;
/** Position of the last write: what is read must include it. */
let last = '';
const clock = { now: Date.parse('2022-01-05T01:00:00Z') };
const base = (year: number) => `/api/v1/units/T1/years/${year}`;
const day = (date: string) => (clock.now = Date.parse(`${date}T01:00:00Z`));

async function write(path: string, body: object, ifMatch?: string): Promise<any> {
  const headers = ifMatch === undefined ? {} : { 'if-match': ifMatch };
  const answer = await system.send('POST', path, body, { headers });
  expect([answer.status, answer.body.faults ?? answer.body.detail]).toEqual([201, undefined]);
  last = answer.body.position;
  return answer.body;
}

const line = (id: string, original: string, expenditure = 'project') => ({
  line: id,
  name: `项目 ${id}`,
  expenditure,
  fund: 'general-public',
  original,
});

/** Every year the same: basic B01 100.00, project P01 300.00, beside what is carried in. */
const approve = (year: number, carried: { basic: string; project: string }) =>
  write(`${base(year)}/budget`, {
    effectiveDate: `${year}-01-06`,
    income: [],
    basic: carried.basic,
    project: carried.project,
    lines: [line('B01', '100.00', 'basic'), line('P01', '300.00')],
  });

const pay = (year: number, voucherNo: string, to: string, amount: string, date = `${year}-05-01`) =>
  write(`${base(year)}/payments`, {
    voucherNo,
    effectiveDate: date,
    line: to,
    amount,
    payee: { name: '某公司', kind: 'organisation' },
    purpose: '货款',
  });

async function withRevision(year: number, path: string, body: object): Promise<any> {
  const { headers } = await system.get(`${base(year)}/payment-plan?atLeast=${last}`);
  return write(`${base(year)}${path}`, body, headers.get('etag') ?? '');
}
/** Closes a year and waits for the next one to be opened by it. */
async function close(year: number, effectiveDate = `${year}-12-31`): Promise<void> {
  await withRevision(year, '/close', { effectiveDate });
  const { body } = await system.get(`/api/v1/processes?unit=T1&year=${year}&limit=1&atLeast=${last}`);
  expect(body.entries[0]).toMatchObject({ rule: 'carry-forward', year, state: 'done' });
  last = body.entries[0].written.position;
}

const read = async (path: string): Promise<any> => {
  const { status, body } = await system.get(`${path}${path.includes('?') ? '&' : '?'}atLeast=${last}`);
  expect([status, body.code]).toEqual([200, undefined]);
  return body;
};

/** Just before 2023 was opened again. */
const BEFORE_REOPENING = '2024-05-31T00:00:00.000Z';

beforeAll(async () => {
  system = await startTestSystem({ clock: () => clock.now });
  await write('/api/v1/units', { unit: 'T1', name: '测试单位', validFrom: '2022-01-01' });
  await approve(2022, { basic: '100.00', project: '300.00' });
  await pay(2022, 'V1', 'B01', '60.00');
  await pay(2022, 'V2', 'P01', '250.00');
  day('2023-01-05');
  await close(2022);
  await approve(2023, { basic: '140.00', project: '350.00' });
  await pay(2023, 'V1', 'B01', '10.00');
  await pay(2023, 'V2', 'P01', '70.00');
  day('2024-01-05');
  await close(2023);
  await approve(2024, { basic: '230.00', project: '580.00' });
  await pay(2024, 'V1', 'P01', '80.00', '2024-02-01');
  day('2024-06-01');
  await withRevision(2023, '/reopenings', { kind: 'year', effectiveDate: '2024-06-01', reason: '审计调整' });
  await pay(2023, 'V3', 'P01', '20.00', '2023-12-30');
  await close(2023, '2024-06-01');
  day('2024-07-01');
});
afterAll(() => system.stop());

describe('three years through the API', () => {
  it('show every carried yuan with line, year, age and the day on which it becomes surplus', async () => {
    const { lots, totals } = await read(`${base(2024)}/carry-over`);
    const told = lots.map((lot: any) =>
      [lot.line, lot.originYear, lot.age, lot.carryOverIn, lot.paid, lot.unspent, lot.becomesSurplusOn].join(' '),
    );
    expect(told).toEqual([
      'B01 2022 2 30.00 0.00 30.00 ',
      'B01 2023 1 100.00 0.00 100.00 ',
      'P01 2023 1 260.00 80.00 180.00 2024-12-31',
    ]);
    const lines = await read(`${base(2024)}/lines`);
    expect([totals.all.carryOverIn, lines.totals.carryOverIn]).toEqual(['390.00', '390.00']);
    expect(lots[0].lineage.map(({ year, into, closed, ends }: any) => [year, into, closed, ends])).toEqual([
      [2023, 'JZ2024-B01-2022', '30.00', undefined],
      [2022, 'JZ2023-B01-2022', '40.00', 'ORIGIN'],
    ]);
    expect(lots[2].carryOvers[0].revisions).toMatchObject([
      {
        ...{ from: '280.00', to: '260.00', difference: '-20.00', reason: '2023年度第2次结账' },
        source: { stream: 'budget-T1-2023', closure: 2 },
      },
    ]);
  });

  it('show what became of a close, and what was known of it before it was undone', async () => {
    const now = await read(`${base(2023)}/carry-over`);
    expect(now.closing).toMatchObject({ closure: 2, effectiveDate: '2024-06-01' });
    expect(
      now.closing.lots.map(({ line: of, class: kind, amount, difference, due }: any) => [
        of,
        kind,
        amount,
        difference,
        due,
      ]),
    ).toEqual([
      ['B01', 'carry-over', '30.00', '0.00', '0.00'],
      ['B01', 'carry-over', '100.00', '0.00', '0.00'],
      ['P01', 'carry-over', '260.00', '0.00', '0.00'],
    ]);
    const before = await read(`${base(2023)}/carry-over?knownAt=${BEFORE_REOPENING}`);
    expect(before.closing).toMatchObject({ closure: 1, byClass: [{ amount: '410.00', difference: '0.00' }, {}] });
  });

  it('stand side by side', async () => {
    const { columns, lines } = await read('/api/v1/units/T1/over-years');
    expect(lines.map(({ values }: any) => values.join(' '))).toEqual([
      '400.00 490.00 790.00',
      '310.00 100.00 80.00',
      '77.50 20.41 10.13',
      '90.00 390.00 ',
      '0.00 0.00 ',
    ]);
    expect(columns.map(({ asOf, state, unspent }: any) => [asOf, state, unspent])).toEqual([
      ['2022-12-31', 'closed', '90.00'],
      ['2023-12-31', 'closed', '390.00'],
      ['2024-07-01', 'open', '710.00'],
    ]);
    expect(columns[1].carryOverChange).toMatchObject({ percent: '333.33' });
  });

  it('say at every month’s end what the lines say', async () => {
    const { points } = await read(`${base(2024)}/series?knownAt=${BEFORE_REOPENING}`);
    for (const { date, current, paid, planned } of points.filter((point: any) => point.paid !== undefined)) {
      const { totals } = await read(`${base(2024)}/lines?asOf=${date}&knownAt=${BEFORE_REOPENING}`);
      expect([date, current, paid, planned]).toEqual([date, totals.current, totals.paid, totals.plannedToDate]);
    }
  });
});

describe('the command line', () => {
  const budget = async (words: string): Promise<string> => {
    const { code, out, err } = await budgetAt(system.address, [...words.split(' '), '--unit', 'T1']);
    expect([code, err]).toEqual([0, '']);
    return out.replace(/^.*(日志位置|log position).*$/m, '');
  };

  it('prints carried-over money with its origin', async () => {
    expect(await budget('carry-overs --year 2024')).toMatchInlineSnapshot(`
     "T1 2024


     状态: 未结账

     编号  名称      资金性质      资金年度  账龄  原转入  重新结账调整  上年结转  结转额度  执行数  收回  未使用  转结余日      来源
     ----  --------  ------------  --------  ----  ------  ------------  --------  --------  ------  ----  ------  ------------  -------------------
     B01   项目 B01  一般公共预算      2022     2   30.00          0.00     30.00     30.00    0.00  0.00   30.00  基本支出不转  2023 B01 < 2022 B01
     B01   项目 B01  一般公共预算      2023     1  100.00          0.00    100.00    100.00    0.00  0.00  100.00  基本支出不转  2023 B01
     P01   项目 P01  一般公共预算      2023     1  280.00        -20.00    260.00    260.00   80.00  0.00  180.00  2024-12-31    2023 P01
     ----  --------  ------------  --------  ----  ------  ------------  --------  --------  ------  ----  ------  ------------  -------------------
     合计                                          410.00        -20.00    390.00    390.00   80.00  0.00  310.00

     年度  业务日期    状态    结转结余率  结转结余变动率
     ----  ----------  ------  ----------  --------------
     2022  2022-12-31  已结账      22.50%      无上年数据
     2023  2023-12-31  已结账      79.59%         333.33%
     2024  2024-07-01  未结账    年末指标        年末指标
     "
    `);
    expect(await budget('carry-overs --year 2023 --lang en')).toMatchInlineSnapshot(`
     "T1 2023


     State: closed

     Line   Name      Fund                   Origin  Age  Carry-over   Held   Paid  Taken back  Unspent  Surplus from              From
     -----  --------  ---------------------  ------  ---  ----------  -----  -----  ----------  -------  ------------------------  --------
     B01    项目 B01  general public budget    2022    1       40.00  40.00  10.00        0.00    30.00  never: basic expenditure  2022 B01
     P01    项目 P01  general public budget    2022    1       50.00  50.00  50.00        0.00     0.00  nothing left              2022 P01
     -----  --------  ---------------------  ------  ---  ----------  -----  -----  ----------  -------  ------------------------  --------
     Total                                                     90.00  90.00  60.00        0.00    30.00

     Closing 2 of 2024-06-01

     Line  Name      Origin  Class       Reason   Amount  Went to          Difference  Taken back   Due
     ----  --------  ------  ----------  -------  ------  ---------------  ----------  ----------  ----
     B01   项目 B01    2022  carry-over  unspent   30.00  2024 B01 30.00         0.00        0.00  0.00
     B01   项目 B01    2023  carry-over  unspent  100.00  2024 B01 100.00        0.00        0.00  0.00
     P01   项目 P01    2023  carry-over  unspent  260.00  2024 P01 260.00        0.00        0.00  0.00

     Year  Date        State   Carry-over and surplus rate  Change of carry-over and surplus
     ----  ----------  ------  ---------------------------  --------------------------------
     2022  2022-12-31  closed                       22.50%                     no prior year
     2023  2023-12-31  closed                       79.59%                           333.33%
     "
    `);
    expect((await budget('carry-overs --year 2024 --format csv')).split('\r\n')[3]).toMatchInlineSnapshot(
      `"P01,项目 P01,general-public,project,2023,1,280.00,-20.00,260.00,0.00,0.00,0.00,0.00,260.00,80.00,0.00,180.00,2024-12-31,,surplus,,JZ2024-P01-2023,budget-T1-2023@9,2023 P01"`,
    );
  });

  it('prints the years side by side', async () => {
    expect(await budget('over-years')).toMatchInlineSnapshot(`
     "T1 测试单位


                           2022        2023        2024
     --------------  ----------  ----------  ----------
     变动后预算数        400.00      490.00      790.00
     执行数              310.00      100.00       80.00
     预算执行率          77.50%      20.41%      10.13%
     结转                 90.00      390.00     *710.00
     结余                  0.00        0.00
     结转结余率          22.50%      79.59%    年末指标
     结转结余变动率  无上年数据     333.33%    年末指标
     状态                已结账      已结账      未结账
     截至            2022-12-31  2023-12-31  2024-07-01
     全部资金
     * 未结账：变动后预算数减执行数，尚未区分结转与结余。
     "
    `);
    expect(await budget('over-years --from 2022 --to 2023 --format csv')).toMatchInlineSnapshot(`
     "year,asOf,state,current,paid,executionRate,carryOver,surplus,unspent,takenBack,carryOverRate,carryOverChange
     2022,2022-12-31,closed,400.00,310.00,77.50,90.00,0.00,90.00,0.00,22.50,
     2023,2023-12-31,closed,490.00,100.00,20.41,390.00,0.00,390.00,0.00,79.59,333.33
     "
    `);
  });

  it('prints the curve of a line', async () => {
    expect(await budget('series --year 2024 --by day --line P01 --at half')).toMatchInlineSnapshot(`
     "T1 2024


     业务日期    计划执行数  执行数  变动后预算数  预算执行率
     ----------  ----------  ------  ------------  ----------
     2024-01-01       *0.71    0.00        260.00       0.00%
     2024-01-06       *9.18    0.00        560.00       0.00%
     2024-01-31      *47.43    0.00        560.00       0.00%
     2024-02-01      *48.96   80.00        560.00      14.29%
     2024-02-29      *91.80   80.00        560.00      14.29%
     2024-03-31     *139.23   80.00        560.00      14.29%
     2024-04-30     *185.14   80.00        560.00      14.29%
     2024-05-31     *232.57   80.00        560.00      14.29%
     2024-06-30     *278.47   80.00        560.00      14.29%
     2024-07-31     *325.90
     2024-08-31     *373.33
     2024-09-30     *419.23
     2024-10-31     *466.67
     2024-11-30     *512.57
     2024-12-31     *560.00
     编号 P01, 全部资金
     * 计划数按时间比例推定。
     "
    `);
    expect((await budget('series --year 2024 --format csv')).split('\r\n').slice(0, 3)).toMatchInlineSnapshot(`
     [
       "date,planned,current,paid,percent,reason,plannedAssumed,explanation",
       "2024-01-31,66.91,790.00,0.00,0.00,,true,/api/v1/units/T1/years/2024/figures/paid/explanation?asOf=2024-01-31&knownAt=2024-06-01T01%3A00%3A00.000Z&funds=all&expenditure=all",
       "2024-02-29,129.50,790.00,80.00,10.13,,true,/api/v1/units/T1/years/2024/figures/paid/explanation?asOf=2024-02-29&knownAt=2024-06-01T01%3A00%3A00.000Z&funds=all&expenditure=all",
     ]
    `);
  });
});
