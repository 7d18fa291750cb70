import { describe, expect, it } from '@jest/globals';
import type { LinesBody, OverviewBody, RatesBody, TargetsBody } from './bodies.js';
import { PLAIN } from './page.js';
import { renderLines, renderOverview, renderRates, renderTargets } from './render.js';

const moment = { asOf: '2024-06-30', knownAt: '2024-07-01T08:15:02.113Z', position: '4711' };
const zero = {
  carryOverIn: '0.00',
  cut: '0.00',
  transferredIn: '0.00',
  transferredOut: '0.00',
  frozen: '0.00',
  requested: '0.00',
};

const lines: LinesBody = {
  ...moment,
  approved: true,
  lines: [
    {
      ...zero,
      line: 'B01',
      name: '基本支出',
      expenditure: 'basic',
      fund: 'general-public',
      original: '15542350.00',
      added: '0.00',
      current: '15542350.00',
      paid: '6000000.00',
      available: '9542350.00',
      plannedToDate: '6000000.00',
    },
    {
      ...zero,
      line: 'P05',
      name: '征地和拆迁补偿',
      expenditure: 'project',
      fund: 'government-funds',
      original: '92080050.00',
      added: '1000050.00',
      current: '93080100.00',
      paid: '93080200.01',
      available: '-100.01',
      plannedToDate: '46040000.00',
      plannedAssumed: true,
    },
  ],
  totals: {
    ...zero,
    original: '107622400.00',
    added: '1000050.00',
    current: '108622450.00',
    paid: '99080200.01',
    available: '9542249.99',
    plannedToDate: '52040000.00',
  },
};

const rates: RatesBody = {
  ...moment,
  rates: [
    {
      metric: 'execution-rate',
      version: 1,
      name: { zh: '预算执行率', en: 'Budget execution rate' },
      scope: { funds: 'all', expenditure: 'all' },
      status: 'OK',
      numerator: '910258100.00',
      denominator: '2061422400.00',
      percent: '44.16',
    },
    {
      metric: 'execution-rate',
      version: 1,
      name: { zh: '预算执行率', en: 'Budget execution rate' },
      scope: { funds: ['general-public'], expenditure: 'all' },
      status: 'OK',
      numerator: '7508100.00',
      denominator: '19656600.00',
      percent: '38.20',
      indicator: 'I08',
      target: { checkpoint: 'half', comparator: '=', value: '38' },
      verdict: 'met',
      distance: '0.20',
    },
    {
      metric: 'execution-rate-original',
      version: 1,
      name: { zh: '预算执行率（年初预算口径）', en: 'Budget execution rate (original budget)' },
      viewOf: 'execution-rate',
      scope: { funds: 'all', expenditure: 'all' },
      status: 'OK',
      numerator: '1.00',
      denominator: '2.00',
      percent: '50.00',
    },
    {
      metric: 'carry-over-rate',
      version: 1,
      name: { zh: '结转结余率', en: 'Carry-over rate' },
      scope: { funds: 'all', expenditure: 'project' },
      status: 'NOT_APPLICABLE',
      reason: 'YEAR_END_ONLY',
      numerator: null,
      denominator: null,
      percent: null,
      target: { checkpoint: 'half', comparator: '<=', value: '10' },
      verdict: 'not-assessed',
    },
  ],
};

describe('lines as a table', () => {
  it('align under Chinese headings, leave columns of zeros out and say so', () => {
    expect(renderLines(lines, { ...PLAIN, title: 'U0001 2024' })).toMatchInlineSnapshot(`
     "U0001 2024
     截至 2024-06-30，按 2024-07-01 16:15:02.113 +08:00 所知，日志位置 4711，单位：元

     编号  名称            资金性质          年初批复数          追加    变动后预算数         执行数      可用余额      计划执行数
     ----  --------------  ------------  --------------  ------------  --------------  -------------  ------------  --------------
     B01   基本支出        一般公共预算   15,542,350.00          0.00   15,542,350.00   6,000,000.00  9,542,350.00    6,000,000.00
     P05   征地和拆迁补偿  政府性基金     92,080,050.00  1,000,050.00   93,080,100.00  93,080,200.01       -100.01  *46,040,000.00
     ----  --------------  ------------  --------------  ------------  --------------  -------------  ------------  --------------
     合计                                107,622,400.00  1,000,050.00  108,622,450.00  99,080,200.01  9,542,249.99   52,040,000.00
     * 计划数按时间比例推定。
     全部为零的列未列出：上年结转、追减、调入、调出、冻结、已申请。
     "
    `);
  });

  it('are shown in 万元 with two decimals, the total exact, and the rounding explained', () => {
    expect(renderLines(lines, { ...PLAIN, moneyUnit: 'wan' })).toMatchInlineSnapshot(`
     "截至 2024-06-30，按 2024-07-01 16:15:02.113 +08:00 所知，日志位置 4711，单位：万元

     编号  名称            资金性质      年初批复数    追加  变动后预算数    执行数  可用余额  计划执行数
     ----  --------------  ------------  ----------  ------  ------------  --------  --------  ----------
     B01   基本支出        一般公共预算    1,554.24    0.00      1,554.24    600.00    954.24      600.00
     P05   征地和拆迁补偿  政府性基金      9,208.01  100.01      9,308.01  9,308.02     -0.01   *4,604.00
     ----  --------------  ------------  ----------  ------  ------------  --------  --------  ----------
     合计                                 10,762.24  100.01     10,862.25  9,908.02    954.22    5,204.00
     年初批复数：各行取整后相加为 10,762.25，合计 10,762.24 为准确值取整，相差 -0.01。
     可用余额：各行取整后相加为 954.23，合计 954.22 为准确值取整，相差 -0.01。
     * 计划数按时间比例推定。
     全部为零的列未列出：上年结转、追减、调入、调出、冻结、已申请。
     "
    `);
  });

  it('mark what is overdrawn in red on a terminal only', () => {
    expect(renderLines(lines, { ...PLAIN, colours: true })).toContain('\x1b[31m-100.01\x1b[0m');
    expect(renderLines(lines)).not.toContain('\x1b');
  });

  it('say that a budget is not approved, and that an answer is out of date', () => {
    const stale = { ...lines, approved: false, stale: true as const, staleReason: 'event 6 could not be projected' };
    expect(renderLines(stale)).toContain('预算尚未批复。');
    expect(renderLines(stale)).toContain('数据可能不是最新：event 6 could not be projected');
  });
});

describe('rates as a table', () => {
  it('stand beside target, verdict and distance; figures that do not exist are words, not zeros', () => {
    expect(renderRates(rates)).toMatchInlineSnapshot(`
     "截至 2024-06-30，按 2024-07-01 16:15:02.113 +08:00 所知，日志位置 4711，单位：元

     指标        代码             口径                    结果  目标   判定  差距            分子              分母
     ----------  ---------------  ------------------  --------  -----  ----  ----  --------------  ----------------
     预算执行率  execution-rate   全部资金              44.16%                     910,258,100.00  2,061,422,400.00
     预算执行率  execution-rate   一般公共预算          38.20%  ＝38%  达标  0.20    7,508,100.00     19,656,600.00
     结转结余率  carry-over-rate  全部资金, 项目支出  年末指标  ≤10%   未评
     ＝ 按目标印出的小数位四舍五入后比较；高于非零目标也算达标。
     另有 1 个登记口径：--views。
     "
    `);
  });

  it('have English words too, and registered views when asked for', () => {
    expect(renderRates(rates, { ...PLAIN, language: 'en' }, { views: true })).toMatchInlineSnapshot(`
     "as of 2024-06-30, known at 2024-07-01 16:15:02.113 +08:00, log position 4711, amounts in yuan

     Rate                                     Metric                   Scope                           Result  Target  Verdict       Distance       Numerator       Denominator
     ---------------------------------------  -----------------------  ---------------------  ---------------  ------  ------------  --------  --------------  ----------------
     Budget execution rate                    execution-rate           all funds                       44.16%                                  910,258,100.00  2,061,422,400.00
     Budget execution rate                    execution-rate           general public budget           38.20%  ＝38%   met               0.20    7,508,100.00     19,656,600.00
     Budget execution rate (original budget)  execution-rate-original  all funds                       50.00%                                            1.00              2.00
     Carry-over rate                          carry-over-rate          all funds, project     year-end figure  ≤10%    not assessed
     = compares after rounding to the decimals of the target; above a target other than 0 is met too.
     "
    `);
  });

  it('are green when met and dim when not assessed', () => {
    const text = renderRates(rates, { ...PLAIN, colours: true });
    expect(text).toContain('\x1b[32m达标\x1b[0m');
    expect(text).toContain('\x1b[2m未评\x1b[0m');
  });
});

describe('targets as a table', () => {
  it('stand with both values as printed, and inferred scopes are named', () => {
    const body: TargetsBody = {
      ...moment,
      targets: [
        {
          indicator: 'I08',
          block: 1,
          level1: '过程',
          level2: '预算执行',
          level3: '预算执行率',
          comparator: '=',
          half: { text: '＝38%', value: '38' },
          annual: { text: '＝100%', value: '100' },
          unit: '%',
          metric: 'execution-rate',
          scope: { funds: ['general-public'], expenditure: 'all' },
          scopeBasis: 'inferred',
          result: '38.20',
          verdict: 'met',
          distance: '0.20',
        },
        {
          indicator: 'I01',
          block: 1,
          level1: '决策',
          level2: '计划制定',
          level3: '计划制定健全性',
          comparator: 'word',
          half: { text: '健全' },
          annual: { text: '健全' },
          unit: '',
          result: null,
          verdict: 'not-assessed',
        },
      ],
    };
    expect(renderTargets(body)).toMatchInlineSnapshot(`
     "截至 2024-06-30，按 2024-07-01 16:15:02.113 +08:00 所知，日志位置 4711，单位：元

     编号  一级指标  二级指标  三级指标        口径          半年指标值  全年指标值    结果  判定  差距
     ----  --------  --------  --------------  ------------  ----------  ----------  ------  ----  ----
     I08   过程      预算执行  预算执行率      一般公共预算       ＝38%      ＝100%  38.20%  达标  0.20
     I01   决策      计划制定  计划制定健全性                      健全        健全          未评
     口径为推断：I08。
     "
    `);
  });
});

describe('the overview', () => {
  it('shows rates, totals and violations', () => {
    const body: OverviewBody = {
      ...moment,
      unit: 'U0001',
      unitName: '某单位',
      year: 2024,
      approved: true,
      totals: lines.totals,
      rates: rates.rates.slice(1, 2),
      violations: [{ code: 'LINE_OVERDRAWN', message: 'P05: 100.01 more is paid than its budget holds' }],
    };
    expect(renderOverview(body)).toMatchInlineSnapshot(`
     "U0001 某单位 2024
     截至 2024-06-30，按 2024-07-01 16:15:02.113 +08:00 所知，日志位置 4711，单位：元

     指标        代码            口径            结果  目标   判定  差距          分子           分母
     ----------  --------------  ------------  ------  -----  ----  ----  ------------  -------------
     预算执行率  execution-rate  一般公共预算  38.20%  ＝38%  达标  0.20  7,508,100.00  19,656,600.00
     ＝ 按目标印出的小数位四舍五入后比较；高于非零目标也算达标。

                             合计
     ------------  --------------
     年初批复数    107,622,400.00
     上年结转                0.00
     追加            1,000,050.00
     追减                    0.00
     调入                    0.00
     调出                    0.00
     变动后预算数  108,622,450.00
     冻结                    0.00
     已申请                  0.00
     执行数         99,080,200.01
     可用余额        9,542,249.99
     计划执行数     52,040,000.00

     ! P05: 100.01 more is paid than its budget holds [LINE_OVERDRAWN]
     "
    `);
  });
});
