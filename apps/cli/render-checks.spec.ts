import { describe, expect, it } from '@jest/globals';
import { PLAIN } from './page.js';
import { renderCoherence, renderWorkAndMoney } from './render-checks.js';
import { checkRows } from './table-columns.js';

const moment = { asOf: '2024-06-30', knownAt: '2024-07-01T00:00:00.000Z', position: '29' };
const all = { funds: 'all', expenditure: 'all' } as const;
const general = { funds: ['general-public'], expenditure: 'all' } as const;
const rate = {
  indicator: 'I08',
  metric: 'execution-rate',
  checkpoint: 'half',
  target: { comparator: '=', value: '38', unit: '%' },
  implied: [
    { scope: all, status: 'OK', percent: '44.16', fits: false },
    { scope: general, status: 'OK', percent: '38.20', fits: true },
  ],
};
const finding = {
  code: 'UNIT_SPELT_TWO_WAYS',
  severity: 'WARNS',
  indicators: ['I35', 'I41'],
  facts: { unit: '平方米', spellings: ['平米', '平方米'] },
};
/** Without the two lines of unit and moment. */
const below = (text: string): string => text.slice(text.indexOf('\n\n') + 2);

describe('what does not fit together in a table', () => {
  it('stands below the rates and what the plan comes to', () => {
    expect(below(renderCoherence({ ...moment, coherence: [rate], findings: [finding] }))).toMatchInlineSnapshot(`
     "编号  代码            目标   口径            计划
     ----  --------------  -----  ------------  ------  -
     I08   execution-rate  ＝38%  全部资金      44.16%
     I08   execution-rate  ＝38%  一般公共预算  38.20%  ✓

     性质  编号      发现
     ----  --------  ----------------  ----------------------------------
     提示  I35、I41  同一单位写法不一  unit 平方米; spellings 平米+平方米
     "
    `);
  });

  it('is said to be nothing only when the plan fits every rate as well', () => {
    const unfit = { ...rate, implied: rate.implied.slice(0, 1) };
    const en = { ...PLAIN, language: 'en' } as const;
    expect(renderCoherence({ ...moment, coherence: [rate], findings: [] })).toMatch(/未发现不一致。\n$/);
    expect(renderCoherence({ ...moment, coherence: [unfit], findings: [] }, en)).toMatch(
      /I08 ＝38%: the plan fits it in no scope\.\n$/,
    );
  });

  it('is a row of CSV each, behind the findings the rates scope by scope', () => {
    expect(checkRows({ ...moment, coherence: [rate], findings: [finding] })).toEqual([
      { ...finding, facts: 'unit 平方米; spellings 平米+平方米' },
      { code: 'execution-rate', indicators: ['I08'], scope: 'all/all', percent: '44.16', fits: false },
      { code: 'execution-rate', indicators: ['I08'], scope: 'general-public/all', percent: '38.20', fits: true },
    ]);
  });
});

describe('work beside money', () => {
  it('tells where one runs ahead, and of a shared line with which other indicators', () => {
    const linked = {
      indicator: 'I33',
      level3: '完成收储地块数量',
      lines: [{ line: 'P05' }],
      work: { status: 'NONE', reason: 'NO_RESULT' },
      money: { status: 'OK', paid: '46040000.00', current: '92080000.00', percent: '50.00' },
      flags: [{ code: 'PAID_WITHOUT_RESULT' }, { code: 'LINE_SHARED', line: 'P05', indicators: ['I34'] }],
    };
    expect(below(renderWorkAndMoney({ ...moment, thresholds: 1, linked: [linked] }))).toMatchInlineSnapshot(`
     "编号  三级指标          关联项目  已完成         执行数   变动后预算数  执行率  百分点  发现
     ----  ----------------  --------  ------  -------------  -------------  ------  ------  ----------------------------------------
     I33   完成收储地块数量  P05       无结果  46,040,000.00  92,080,000.00  50.00%          已支付无结果；项目由多个指标共用 P05 I34
     "
    `);
  });

  it('says how indicators are linked when none is', () => {
    expect(renderWorkAndMoney({ ...moment, thresholds: 1, linked: [] })).toContain('budget link');
  });
});
