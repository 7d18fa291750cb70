import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { formatWanYuan, fen, type Fen } from '#domain/money.js';
import { toPlan } from '#forms/plan.js';
import { parseTableText } from './table-text.js';

const golden = readFileSync(new URL('../../../test/golden/suzhou-2024.txt', import.meta.url));
const text = golden.toString('utf8');
const bytes = (content: string) => new TextEncoder().encode(content);
const { content, problems, notes, controls } = parseTableText(golden);
const table = () => {
  if (content === undefined) throw new Error(JSON.stringify(problems));
  return content;
};
const wanYuan = (amounts: readonly Fen[]) => formatWanYuan(fen(amounts.reduce((left, right) => left + right, 0)));

describe('the published table of 2024', () => {
  it('is read without a problem', () => expect(problems).toEqual([]));

  it('has a title, a year, a unit and amounts in 万元', () => {
    const { title, year, unitName, amountUnit } = table();
    expect({ title, year, unitName, amountUnit }).toEqual({
      title: '苏州市市级部门整体预算绩效目标表',
      year: 2024,
      unitName: '苏州市土地储备中心',
      amountUnit: '万元',
    });
  });

  it('has 206142.24 万元 in 20 lines: basic and 19 projects', () => {
    const { lines, basic, project } = table();
    expect(lines).toHaveLength(20);
    expect(wanYuan(lines.map(({ annualFen }) => annualFen))).toBe('206142.24');
    expect(lines.filter(({ expenditure }) => expenditure === 'basic').map(({ line }) => line)).toEqual(['B01']);
    expect([basic.halfFen, basic.annualFen, project.halfFen, project.annualFen].map(formatWanYuan)).toEqual([
      '600.00',
      '1554.23',
      '90425.81',
      '204588.01',
    ]);
  });

  it.each`
    line     | name                            | half          | annual
    ${'P01'} | ${'伙食经费'}                   | ${'13.56'}    | ${'33.89'}
    ${'P02'} | ${'高新区外围道路建设支出'}     | ${'9208.00'}  | ${'18417.57'}
    ${'P08'} | ${'定销房管理等其他土地支出'}   | ${'830.00'}   | ${'1770.00'}
    ${'P17'} | ${'姑苏区征地和拆迁补偿'}       | ${'34000.00'} | ${'79531.00'}
    ${'P18'} | ${'体检经费'}                   | ${'0.00'}     | ${'10.10'}
    ${'P19'} | ${'姑苏区地块污染土壤治理支出'} | ${'1285.00'}  | ${'3583.00'}
  `('has line $line $name with $half by mid-year of $annual', ({ line, name, half, annual }) => {
    const found = table().lines.find((entry) => entry.line === line);
    expect([found?.name, wanYuan([found!.halfFen]), wanYuan([found!.annualFen])]).toEqual([name, half, annual]);
  });

  it('has 81 indicators: 6 of 决策, 26 of 过程, 40 of 履职, 9 of 效益', () => {
    const count = (level1: string) => table().indicators.filter((entry) => entry.level1 === level1).length;
    expect(['决策', '过程', '履职', '效益指标', '满意度指标'].map(count)).toEqual([6, 26, 40, 9, 0]);
    expect(
      table()
        .indicators.map(({ indicator }) => indicator)
        .at(-1),
    ).toBe('I81');
  });

  it('has 50 quantitative and 31 qualitative indicators', () => {
    const qualitative = table().indicators.filter(({ kind }) => kind === 'QUALITATIVE');
    expect([table().indicators.length - qualitative.length, qualitative.length]).toEqual([50, 31]);
    expect(
      qualitative.every(({ comparator, half, annual }) => comparator === 'word' && half.text === annual.text),
    ).toBe(true);
  });

  it('counts the indicators of 过程 by heading as 9, 6, 3, 2, 3 and 3', () => {
    const headings = ['预算执行', '预算管理', '资产管理', '项目管理', '人员管理', '机构建设'];
    const count = (level2: string) => table().indicators.filter((entry) => entry.level2 === level2).length;
    expect(headings.map(count)).toEqual([9, 6, 3, 2, 3, 3]);
  });

  it('names the two headings that have no indicator', () => {
    expect(table().emptyHeadings).toEqual([
      { level1: '效益指标', level2: '经济效益' },
      { level1: '满意度指标', level2: '服务对象满意度' },
    ]);
  });

  it('joins headings and names that are wrapped, also over a page break', () => {
    const of = (id: string) => {
      const found = table().indicators.find(({ indicator }) => indicator === id);
      return [found?.level2, found?.keyWork, found?.level3];
    };
    expect(of('I33')).toEqual([
      '储备土地出入库信息化管理建设和储备土地档案管理',
      '储备土地出入库信息化管理建设和储备土地档案管理',
      '储备土地出入库信息化管理建设和储备土地档案管理及时性',
    ]);
    expect(of('I48')).toEqual([
      '储备土地供应前的管护',
      '对在库和在拆的收储地块进行管护，保障地块及时供应上市',
      '储备地块上市条件达标率',
    ]);
    expect(of('I57').slice(0, 2)).toEqual(of('I56').slice(0, 2));
    expect(of('I58')).toEqual(['具体土地储备项目申报', '及时做好土地储备项目申报', '项目申报及时性']);
    expect(of('I69')[2]).toBe('相城区道路建设工程分部分项验收合格率');
  });

  it('binds targets to the formulas that compute them', () => {
    const bound = table().indicators.filter(({ metric }) => metric !== undefined);
    expect(bound.map(({ level3, metric, half, annual }) => [level3, metric, half.text, annual.text])).toEqual([
      ['预算调整率', 'adjustment-rate', '＝0%', '＝0%'],
      ['支付进度符合率', 'payment-progress', '＝100%', '＝100%'],
      ['预算执行率', 'execution-rate', '＝38%', '＝100%'],
      ['预算偏差率', 'budget-deviation', '≤10%', '≤10%'],
      ['结转结余率', 'carry-over-rate', '＝0%', '＝0%'],
      ['公用经费控制率', 'running-cost-control', '≤100%', '≤100%'],
      ['“三公经费”变动率', 'three-public-change', '≤0%', '≤0%'],
      ['政府采购执行率', 'procurement-execution', '＝100%', '＝100%'],
      ['非税收入预算完成率', 'non-tax-completion', '≥100%', '≥100%'],
      ['绩效管理覆盖率', 'performance-coverage', '＝100%', '＝100%'],
      ['固定资产利用率', 'fixed-asset-utilisation', '＝100%', '＝100%'],
      ['在职人员控制率', 'staff-control', '＝100%', '＝100%'],
      ['组织建设工作及时完成率', 'organisation-timeliness', '＝100%', '＝100%'],
      ['业务学习与培训及时完成率', 'training-timeliness', '＝100%', '＝100%'],
    ]);
  });

  it('reads the execution rate as a ratio without a scope: that is for the coherence check', () => {
    expect(table().indicators.find(({ level3 }) => level3 === '预算执行率')).toEqual({
      indicator: 'I09',
      block: 1,
      level1: '过程',
      level2: '预算执行',
      level3: '预算执行率',
      kind: 'RATIO',
      comparator: '=',
      half: { text: '＝38%', value: '38' },
      annual: { text: '＝100%', value: '100' },
      decimals: 0,
      unit: '%',
      checkpointBasis: 'FULL_YEAR',
      metric: 'execution-rate',
    });
  });

  it('reads 平米 and 平方米 as one unit and keeps what is printed', () => {
    const areas = table().indicators.filter(({ unit }) => unit === '平方米');
    expect(areas.map(({ annual }) => annual.text)).toEqual([
      '＝220000平米',
      '＝450989平方米',
      '＝1150平米',
      '＝145275平米',
      '＝600平米',
    ]);
    expect(notes).toContainEqual(expect.objectContaining({ code: 'UNIT_NORMALISED', spelling: '平米', indicators: 4 }));
  });

  it('tells levels from running totals', () => {
    const levels = table().indicators.filter(({ kind }) => kind === 'STOCK_LEVEL');
    expect(levels.map(({ level3, half, annual }) => `${level3} ${half.value}→${annual.value}`)).toEqual([
      '管护土地面积 7000→7000',
      '定销房后续管理小区 34→34',
      '管理存量房数量 5300→4800',
    ]);
  });
});

/** Each row of rule book 1.4. */
describe('the control totals of the published table', () => {
  const net = () => toPlan(table());
  const of = (fund: string) => {
    const { funds } = net();
    const own = table().lines.filter(({ line, expenditure }) => funds.get(line) === fund && expenditure === 'project');
    return [wanYuan(own.map(({ annualFen }) => annualFen)), wanYuan(own.map(({ halfFen }) => halfFen)), own.length];
  };

  it('all hold', () => {
    expect(controls.map(({ check, ok }) => [check, ok])).toEqual([
      ['appropriation-of-sources', true],
      ['total-of-income', true],
      ['expenditure-of-income', true],
      ['basic-lines-annual', true],
      ['basic-lines-half', true],
      ['project-lines-annual', true],
      ['project-lines-half', true],
    ]);
  });
  it('basic 1554.23 + project 204588.01 = 206142.24 = income total', () => {
    const { basic, project, income } = table();
    expect(wanYuan([basic.annualFen, project.annualFen])).toBe('206142.24');
    expect(wanYuan([income.total])).toBe('206142.24');
  });
  it('the 19 project lines add up to 204588.01 for the year and 90425.81 by mid-year', () => {
    const projects = table().lines.filter(({ expenditure }) => expenditure === 'project');
    expect(projects).toHaveLength(19);
    expect(wanYuan(projects.map(({ annualFen }) => annualFen))).toBe('204588.01');
    expect(wanYuan(projects.map(({ halfFen }) => halfFen))).toBe('90425.81');
  });
  it('the plan by mid-year is 91025.81 over all lines', () => {
    expect(wanYuan(table().lines.map(({ halfFen }) => halfFen))).toBe('91025.81');
  });
  it('general budget 1965.66 + government funds 204176.58 = 206142.24', () => {
    const { income } = table();
    expect(wanYuan([income['general-public']])).toBe('1965.66');
    expect(wanYuan([income['government-funds']])).toBe('204176.58');
    expect(wanYuan([income['general-public'], income['government-funds']])).toBe('206142.24');
  });
  it('the 10 land, road and compensation lines are 204176.58 of government funds, 90275.00 by mid-year', () => {
    expect(of('government-funds')).toEqual(['204176.58', '90275.00', 10]);
  });
  it('the 9 small lines are 411.43 of general budget (1965.66 − 1554.23), 150.81 by mid-year', () => {
    expect(of('general-public')).toEqual(['411.43', '150.81', 9]);
  });
});

describe('the same table in another dress', () => {
  const codes = (reading: ReturnType<typeof parseTableText>) => reading.notes.map(({ code }) => code);

  it('is the same with a byte order mark', () => {
    expect(parseTableText(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), golden])).content).toEqual(content);
  });
  it('is the same with the line ends of Windows', () => {
    expect(parseTableText(bytes(text.replaceAll('\n', '\r\n'))).content).toEqual(content);
  });
  it('is the same as UTF-16 with its mark, which is noted', () => {
    const reading = parseTableText(Buffer.from(`\ufeff${text}`, 'utf16le'));
    expect(reading.content).toEqual(content);
    expect(codes(reading)).toContain('DECODED_AS_UTF16');
  });
  it('is the same in GBK, which is noted', () => {
    const gbk = readFileSync(new URL('./bad/table.good-gbk', import.meta.url));
    const utf8 = readFileSync(new URL('./bad/table.good', import.meta.url));
    const reading = parseTableText(gbk);
    expect(reading.content).toEqual(parseTableText(utf8).content);
    expect(reading.content?.unitName).toBe('某市档案馆');
    expect(codes(reading)).toContain('DECODED_AS_GB18030');
  });
  it('is the same without a single blank line', () => {
    expect(parseTableText(bytes(text.replace(/\n{2,}/g, '\n'))).content).toEqual(content);
  });
  it('is the same with page numbers between its pages', () => {
    const paged = text.replace('\n\n\n\n决策', '\n\n- 2 -\n\f\n决策').replace('\n\n\n\n履职', '\n\n第 3 页\n\n\n履职');
    expect(paged).not.toBe(text);
    expect(parseTableText(bytes(paged)).content).toEqual(content);
  });
  it('reads full-width digits where a value is expected, and says so', () => {
    const wide = text.replace('资金总额 206142.24', '资金总额 ２０６１４２．２４').replace('＝38%', '＝３８%');
    const reading = parseTableText(bytes(wide));
    expect(reading.problems).toEqual([]);
    expect(reading.content?.income).toEqual(content?.income);
    expect(reading.content?.indicators[8]?.half).toEqual({ text: '＝３８%', value: '38' });
    expect(reading.notes.filter(({ code }) => code === 'FULL_WIDTH_DIGITS').map(({ at }) => at)).toEqual([
      '第 38 行, 全年预算数',
      '第 161 行, 半年指标值',
    ]);
  });
  it('reads radicals that the PDF put for characters', () => {
    const reading = parseTableText(bytes(text.replace('党团活动经费', '党团活动经费').replaceAll('土地', '⼟地')));
    expect(reading.content?.unitName).toBe('苏州市土地储备中心');
    expect(codes(reading)).toContain('RADICALS_REPLACED');
  });
});

describe('a damaged table', () => {
  const lines = text.split('\n');

  it('is refused wherever it is cut off', () => {
    const last = lines.findLastIndex((line) => line.trim() !== '');
    for (let count = 1; count <= last; count += 1) {
      if ((lines[count - 1] ?? '').trim() === '') continue;
      const reading = parseTableText(bytes(lines.slice(0, count).join('\n')));
      expect([count, reading.problemCount > 0, reading.content]).toEqual([count, true, undefined]);
    }
  });

  it('is refused when any line of the money is lost, with the totals that no longer fit', () => {
    for (const [index, line] of lines.slice(37, 108).entries()) {
      if (!/ \d/.test(line)) continue;
      const reading = parseTableText(bytes(lines.toSpliced(37 + index, 1).join('\n')));
      expect([line, reading.content]).toEqual([line, undefined]);
    }
  });

  it('shows swapped columns once, not line by line', () => {
    const swapped = text.replace(/^(\S+支出|\S+) ([\d.]+) ([\d.]+)$/gm, '$1 $3 $2');
    expect(parseTableText(bytes(swapped)).problems.map(({ at, code }) => [at, code])).toEqual([
      ['第 68 行, 支出', 'COLUMNS_SWAPPED'],
      ['第 38 行, 资金总额', 'CONTROL_TOTAL_DIFFERS'],
    ]);
  });

  it('shows all faults at once, each at its place', () => {
    const faulty = text
      .replace('资金总额 206142.24', '资金总额 206,142.24')
      .replace('水电费 24 60', '水电费 60 24')
      .replace('＝16条 ＝22条', '＝16条 ＝22个')
      .replace('预算偏差率 ≤10% ≤10%', '预算偏差率 ≤10%');
    expect(parseTableText(bytes(faulty)).problems.map(({ at, code }) => [at, code])).toEqual([
      ['第 38 行, 全年预算数', 'AMOUNT_NOT_DECIMAL'],
      ['第 94 行, 半年计划执行数, 全年预算数', 'HALF_ABOVE_ANNUAL'],
      ['第 70 行, 全年预算数', 'CONTROL_TOTAL_DIFFERS'],
      ['第 70 行, 半年计划执行数', 'CONTROL_TOTAL_DIFFERS'],
      ['第 163 行, 全年指标值', 'VALUE_MISSING'],
      ['第 252 行', 'TARGETS_DIFFER'],
    ]);
  });

  it('never throws, whatever is done to it', () => {
    const edit = fc.record({
      at: fc.nat(text.length - 1),
      drop: fc.nat(40),
      put: fc.oneof(
        fc.string({ maxLength: 8 }),
        fc.constantFrom('\n', ' ', '1,000', '＝', '履职', '支出', '\n\n', '，'),
      ),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
        const edited = edits.reduce((left, { at, drop, put }) => left.slice(0, at) + put + left.slice(at + drop), text);
        const reading = parseTableText(bytes(edited));
        expect(reading.problemCount === 0).toBe(reading.content !== undefined);
      }),
      { numRuns: 150, seed: 3, endOnFailure: true },
    );
  });

  it('never throws on bytes that are no table', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        expect(parseTableText(noise).content).toBeUndefined();
      }),
      { numRuns: 200, seed: 4, endOnFailure: true },
    );
  });
});
