import { afterEach, describe, expect, it } from '@jest/globals';
import type { CompareBody, FigureExplanationBody, MovedBody } from './compare-bodies.js';
import { renderCompare } from './render-compare.js';
import { renderFigure } from './render-figure.js';
import { problem, standIn, type Answer, type StandIn } from './stand-in.js';

const BASE = '/api/v1/units/U0001/years/2024';
const words = (text: string) => [...text.split(' '), '--unit', 'U0001', '--year', '2024'];

const event = (voucher: number, more: Partial<MovedBody> = {}): MovedBody => ({
  revision: voucher,
  stream: 'budget-U0001-2024',
  position: String(voucher),
  recordedAt: '2024-07-03T07:02:44.913Z',
  effectiveDate: '2024-06-28',
  type: 'PaymentExecuted',
  sentence: `2024-06-28 支付 148,100.00 元 给 某公司（凭证 V-${voucher}），列 P05 征地和拆迁补偿。`,
  actor: { id: 'local', name: 'sample' },
  eventId: `e${voucher}`,
  why: 'entry',
  late: true,
  onlyIn: 'b',
  effects: [{ line: 'P05', kind: 'paid', amount: '148100.00' }],
  ...more,
});
const scope = { funds: ['general-public'], expenditure: 'all' };
const execution = {
  metric: 'execution-rate',
  version: 1,
  name: { zh: '预算执行率', en: 'Budget execution rate' },
  scope,
  status: 'OK',
  numerator: '7508100.00',
  denominator: '19656600.00',
};
const paid = { figure: 'paid', a: '7360000.00', b: '7508100.00', change: '148100.00' };
const available = { figure: 'available', a: '12296600.00', b: '12148500.00', change: '-148100.00' };
const body: CompareBody = {
  a: { asOf: '2024-06-30', knownAt: '2024-06-30T15:59:59.999Z', position: '351', seal: 1 },
  b: { asOf: '2024-06-30', knownAt: '2024-07-31T15:59:59.999Z', position: '603' },
  summary: {
    events: 2,
    late: 2,
    sentences: { zh: ['其间变动 2 笔。', '涉及 1 个项目。'], en: ['2 events lie between them.', '1 line moved.'] },
  },
  totals: { changes: [paid, available] },
  lines: [{ line: 'P05', name: '征地和拆迁补偿', changes: [paid, available] }],
  rates: [
    {
      ...{ metric: 'execution-rate', name: execution.name, scope, indicator: 'I08' },
      a: { ...execution, percent: '37.44', verdict: 'missed' },
      b: { ...execution, percent: '38.20', verdict: 'met' },
      ...{ change: '0.76', moved: true },
    },
    {
      ...{ metric: 'payment-progress', name: { zh: '支付进度符合率', en: 'Payment progress' }, scope },
      a: { ...execution, percent: null, status: 'NOT_APPLICABLE', reason: 'ZERO_OVER_ZERO' },
      ...{ moved: true },
    },
    {
      ...{ metric: 'adjustment-rate', name: { zh: '预算调整率', en: 'Budget adjustment rate' }, scope },
      ...{ a: { ...execution, percent: '0.00' }, b: { ...execution, percent: '0.00' }, change: '0.00', moved: false },
    },
    {
      ...{ metric: 'execution-rate-original', name: execution.name, viewOf: 'execution-rate', scope },
      ...{ a: { ...execution, percent: '1.00' }, b: { ...execution, percent: '2.00' }, change: '1.00', moved: true },
    },
  ],
  entries: [event(1), event(2, { why: 'plan', onlyIn: 'a', effects: [], sentence: '设定用款计划。' })],
  next: 'c1',
  link: `${BASE}/compare?a=seal%3A1&b=2024-06-30%402024-07-31T15%3A59%3A59.999Z`,
};

let system: StandIn | undefined;
afterEach(async () => {
  await system?.close();
  system = undefined;
});
const stand = async (answers: Readonly<Record<string, Answer | readonly Answer[]>>) =>
  (system = await standIn(answers));

describe('what is asked', () => {
  it.each([
    ['compare half@2024-06-30', '/compare?a=half%402024-06-30&lang=zh'],
    ['compare seal:1 2024-07-31 --lang en', '/compare?a=seal%3A1&b=2024-07-31&lang=en'],
    [
      'compare half annual --funds 政府性基金 --expenditure project --limit 5',
      '/compare?a=half&b=annual&funds=government-funds&expenditure=project&lang=zh&limit=5',
    ],
    ['explain paid --line P05 --at half', '/figures/paid/explanation?checkpoint=half&line=P05'],
    ['explain plannedToDate --funds all', '/figures/plannedToDate/explanation?funds=all'],
    ['explain payments', '/rates/payments/explanation'],
  ])('%s', async (verb, address) => {
    const { budget, asked } = await stand({});
    await budget(words(verb));
    expect(asked[0]?.path).toBe(`${BASE}${address}`);
  });

  it.each([
    ['explain execution-rate --line P05', '--line: goes with an amount: original, '],
    ['explain paid --line P05 --funds all', '--funds: does not go together with --line [NOT_TOGETHER]'],
    ['compare half --events', '--events: goes only with --format csv [NOT_TOGETHER]'],
    ['compare', "missing required argument 'a'"],
  ])('%s is bad input', async (verb, message) => {
    const { budget, asked } = await stand({});
    const { code, err } = await budget(words(verb));
    expect([code, asked.length]).toEqual([2, 0]);
    expect(err).toContain(message);
  });

  it('a moment that is none is told by its place', async () => {
    const faults = [{ parameter: 'a', code: 'INVALID_MOMENT', message: 'a must begin with half' }];
    const { budget } = await stand({
      [`GET ${BASE}/compare`]: problem(400, 'INVALID_REQUEST', 'One thing.', { faults }),
    });
    const { code, err } = await budget(words('compare june'));
    expect([code, err]).toEqual([2, expect.stringContaining('<a>: a must begin with half')]);
  });
});

describe('a comparison', () => {
  it('is read from the sentences down to the events', () =>
    expect(renderCompare(body)).toMatchInlineSnapshot(`
     "截至 2024-06-30，按 2024-07-31 23:59:59.999 +08:00 所知，日志位置 603，单位：元

     对比 第 1 次封存：截至 2024-06-30，按 2024-06-30 23:59:59.999 +08:00 所知，日志位置 351

     - 其间变动 2 笔。
     - 涉及 1 个项目。

     合计             变动前         变动后         差额
     --------  -------------  -------------  -----------
     执行数     7,360,000.00   7,508,100.00  +148,100.00
     可用余额  12,296,600.00  12,148,500.00  -148,100.00

     编号  名称            金额项           变动前         变动后         差额
     ----  --------------  --------  -------------  -------------  -----------
     P05   征地和拆迁补偿  执行数     7,360,000.00   7,508,100.00  +148,100.00
                           可用余额  12,296,600.00  12,148,500.00  -148,100.00

     指标            代码              口径          变动前  变动后  百分点  判定
     --------------  ----------------  ------------  ------  ------  ------  -------------
     预算执行率      execution-rate    一般公共预算  37.44%  38.20%   +0.76  未达标 → 达标
     支付进度符合率  payment-progress  一般公共预算  零除零       -

     业务日期    登记时间                        性质            事项
     ----------  ------------------------------  --------------  ----------------------------------------------------------------------------
     2024-06-28  2024-07-03 15:02:44.913 +08:00  迟记入账        2024-06-28 支付 148,100.00 元 给 某公司（凭证 V-1），列 P05 征地和拆迁补偿。
     2024-06-28  2024-07-03 15:02:44.913 +08:00  − 迟记用款计划  设定用款计划。
     还有更多：--all，或 --cursor c1
     固定链接: /api/v1/units/U0001/years/2024/compare?a=seal%3A1&b=2024-06-30%402024-07-31T15%3A59%3A59.999Z
     "
    `));

  it('is told in English and in 万元', () =>
    expect(renderCompare(body, { language: 'en', moneyUnit: 'wan', colours: false })).toMatchInlineSnapshot(`
     "as of 2024-06-30, known at 2024-07-31 23:59:59.999 +08:00, log position 603, amounts in 万元 (10,000 yuan)

     compared with seal 1: as of 2024-06-30, known at 2024-06-30 23:59:59.999 +08:00, log position 351

     - 2 events lie between them.
     - 1 line moved.

     Total        Before     After  Difference
     ---------  --------  --------  ----------
     Paid         736.00    750.81      +14.81
     Available  1,229.66  1,214.85      -14.81

     Line  Name            Figure       Before     After  Difference
     ----  --------------  ---------  --------  --------  ----------
     P05   征地和拆迁补偿  Paid         736.00    750.81      +14.81
                           Available  1,229.66  1,214.85      -14.81

     Rate                   Metric            Scope                  Before   After  Points  Verdict
     ---------------------  ----------------  ---------------------  ------  ------  ------  ------------
     Budget execution rate  execution-rate    general public budget  37.44%  38.20%   +0.76  missed → met
     Payment progress       payment-progress  general public budget     0/0       -

     Date        Recorded at                     Why                  What happened
     ----------  ------------------------------  -------------------  ----------------------------------------------------------------------------
     2024-06-28  2024-07-03 15:02:44.913 +08:00  late entry           2024-06-28 支付 148,100.00 元 给 某公司（凭证 V-1），列 P05 征地和拆迁补偿。
     2024-06-28  2024-07-03 15:02:44.913 +08:00  − late payment plan  设定用款计划。
     There is more: --all, or --cursor c1
     Permanent link: /api/v1/units/U0001/years/2024/compare?a=seal%3A1&b=2024-06-30%402024-07-31T15%3A59%3A59.999Z
     "
    `));

  it('of nothing has no tables', () => {
    const summary = { events: 0, late: 0, sentences: { zh: ['两者之间没有任何变动。'], en: [] } };
    const { next: _next, ...same } = { ...body, summary, totals: { changes: [] }, lines: [], rates: [], entries: [] };
    expect(renderCompare(same)).toMatchInlineSnapshot(`
     "截至 2024-06-30，按 2024-07-31 23:59:59.999 +08:00 所知，日志位置 603，单位：元

     对比 第 1 次封存：截至 2024-06-30，按 2024-06-30 23:59:59.999 +08:00 所知，日志位置 351

     - 两者之间没有任何变动。
     固定链接: /api/v1/units/U0001/years/2024/compare?a=seal%3A1&b=2024-06-30%402024-07-31T15%3A59%3A59.999Z
     "
    `);
  });

  it('is the body of the API in JSON, all pages together', async () => {
    const { next: _next, ...last } = { ...body, entries: [event(3)] };
    const { budget } = await stand({ [`GET ${BASE}/compare`]: [{ body }, { body: last }] });
    const { out } = await budget(words('compare seal:1 --all --format json'));
    expect(JSON.parse(out)).toEqual({ ...last, entries: [...body.entries, event(3)] });
  });

  it('is a row for every figure that moved in CSV', async () => {
    const { budget } = await stand({ [`GET ${BASE}/compare`]: { body } });
    expect((await budget(words('compare seal:1 --format csv'))).out.split('\r\n')).toEqual([
      'of,id,name,figure,funds,expenditure,a,b,change,verdictA,verdictB',
      'total,,,paid,all,all,7360000.00,7508100.00,148100.00,,',
      'total,,,available,all,all,12296600.00,12148500.00,-148100.00,,',
      'line,P05,征地和拆迁补偿,paid,all,all,7360000.00,7508100.00,148100.00,,',
      'line,P05,征地和拆迁补偿,available,all,all,12296600.00,12148500.00,-148100.00,,',
      'rate,execution-rate,预算执行率,percent,general-public,all,37.44,38.20,0.76,missed,met',
      'rate,payment-progress,支付进度符合率,percent,general-public,all,,,,,',
      'rate,execution-rate-original,预算执行率,percent,general-public,all,1.00,2.00,1.00,,',
      '',
    ]);
  });

  it('is a row for every effect of every event when asked for', async () => {
    const { budget } = await stand({ [`GET ${BASE}/compare`]: { body } });
    expect((await budget(words('compare seal:1 --format csv --events'))).out.split('\r\n')).toEqual([
      'position,revision,effectiveDate,belongsTo,recordedAt,type,why,late,onlyIn,line,kind,amount,sentence,actor,eventId',
      '1,1,2024-06-28,,2024-07-03T07:02:44.913Z,PaymentExecuted,entry,true,b,P05,paid,148100.00,"2024-06-28 支付 148,100.00 元 给 某公司（凭证 V-1），列 P05 征地和拆迁补偿。",sample,e1',
      '2,2,2024-06-28,,2024-07-03T07:02:44.913Z,PaymentExecuted,plan,true,a,,,,设定用款计划。,sample,e2',
      '',
    ]);
  });
});

describe('an amount', () => {
  const amount: FigureExplanationBody = {
    ...{ asOf: '2024-06-30', knownAt: '2024-07-31T15:59:59.999Z', position: '603' },
    ...{ figure: 'available', version: 1, name: { zh: '可用余额', en: 'Available' } },
    formula: 'B − taken back − frozen − requested − X; negative when overdrawn',
    source: '可用余额 (design 6.3)',
    line: 'P05',
    amount: '12148500.00',
    inputs: [
      { name: 'original', symbol: 'B0', amount: '19656600.00', sign: 1 },
      { name: 'paid', symbol: 'X', amount: '7508100.00', sign: -1 },
    ],
    entries: [
      {
        ...{ position: '1', revision: 1, kind: 'paid', line: 'P05', ref: 'V-1', effectiveDate: '2024-06-28' },
        ...{ recordedAt: '2024-07-03T07:02:44.913Z', amount: '148100.00', actor: { id: 'local' } },
      },
    ],
    next: 'c1',
    link: `${BASE}/figures/available/explanation?asOf=2024-06-30&knownAt=2024-07-31T15%3A59%3A59.999Z&line=P05`,
  };

  it('opens to its formula, its parts with their signs, and its entries', () =>
    expect(renderFigure(amount)).toMatchInlineSnapshot(`
     "截至 2024-06-30，按 2024-07-31 23:59:59.999 +08:00 所知，日志位置 603，单位：元

     可用余额 (available, v1), P05: 12,148,500.00
     公式: B − taken back − frozen − requested − X; negative when overdrawn
     依据: 可用余额 (design 6.3)

     基础数    公式              金额
     --------  ----  -  -------------
     年初批复  B0    +  19,656,600.00
     支付      X     −   7,508,100.00

     业务日期    所属日期  类别  编号  凭单号        金额  收款人  文号  经办人  登记时间                        序号
     ----------  --------  ----  ----  ------  ----------  ------  ----  ------  ------------------------------  ----
     2024-06-28            支付  P05   V-1     148,100.00                local   2024-07-03 15:02:44.913 +08:00     1
     还有更多：--all，或 --cursor c1
     固定链接: /api/v1/units/U0001/years/2024/figures/available/explanation?asOf=2024-06-30&knownAt=2024-07-31T15%3A59%3A59.999Z&line=P05
     "
    `));

  it('that is planned opens to the plans; of a scope it names the scope', () => {
    const plans = [{ line: 'P05', kind: 'monthly', effectiveDate: '2024-01-01', plannedToDate: '7508100.00' }];
    const { line: _line, ...planned } = { ...amount, figure: 'plannedToDate', assumed: true, plans, scope };
    const text = renderFigure({ ...planned, inputs: [{ name: 'original', symbol: 'B0', amount: '1.00' }] });
    expect(text).toContain('(plannedToDate, v1), 一般公共预算: *12,148,500.00');
    expect(text).toMatch(/P05 +月度用款计划 +2024-01-01 +7,508,100.00/);
    expect(text).toMatch(/年初批复 +B0 +1.00/);
  });

  it('in CSV is its entries', async () => {
    const { budget } = await stand({ [`GET ${BASE}/figures/available/explanation`]: { body: amount } });
    const { out } = await budget(words('explain available --line P05 --format csv'));
    expect(out.split('\r\n')[1]).toBe('1,1,2024-06-28,,2024-07-03T07:02:44.913Z,paid,P05,V-1,148100.00,,,local,');
  });
});

describe('the formulas', () => {
  it('list the amounts that they are put together from', async () => {
    const formula = { id: 'execution-rate', version: 1, name: execution.name, formula: 'X / B', source: '53号' };
    const quantities = [
      { id: 'paid', version: 1, name: { zh: '执行数', en: 'Paid' }, formula: 'X = paid', source: '执行数' },
    ];
    const { budget } = await stand({ 'GET /api/v1/formulas': { body: { formulas: [formula], quantities } } });
    expect((await budget(['formulas'])).out).toMatch(/execution-rate +1 .*\npaid +1 +执行数 +X = paid/);
    expect((await budget(['formulas', '--format', 'csv'])).out.split('\r\n')[2]).toBe('paid,1,执行数,,X = paid,执行数');
  });
});
