import { describe, expect, it } from '@jest/globals';
import { parseAdjustmentsCsv } from './adjustments-csv.js';
import { lineDirectory } from './csv-cells.js';
import { FILE_LIMIT_BYTES } from './decode.js';
import { parseJsonForm } from './json-form.js';
import { parsePaymentsCsv } from './payments-csv.js';
import { parseTableText } from './table-text.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const options = { year: 2025, lines: lineDirectory([{ line: 'P01', name: '库房改造' }]) };
const header = 'voucherNo,effectiveDate,line,amount,payee,purpose';
const payments = (count: number, row = (index: number) => `V${index},2025-03-01,P01,1.00,某公司,服务费`) =>
  bytes([header, ...Array.from({ length: count }, (_, index) => row(index + 1))].join('\n'));

describe('files that are too large', () => {
  const large = new Uint8Array(FILE_LIMIT_BYTES + 1).fill(0x20);

  it.each([
    ['a table', parseTableText],
    ['a JSON form', parseJsonForm],
    ['a payments file', (file: Uint8Array) => parsePaymentsCsv(file, options)],
    ['an adjustments file', (file: Uint8Array) => parseAdjustmentsCsv(file, options)],
  ])('%s above 32 MiB is refused with the figure', (_, read) => {
    expect(read(large).problems).toEqual([
      { at: '文件', code: 'FILE_TOO_LARGE', bytes: 33_554_433, limit: 33_554_432 },
    ]);
  });

  it('100,001 rows are refused with the figure, without looking at them', () => {
    const reading = parsePaymentsCsv(
      payments(100_001, () => 'not a row'),
      options,
    );
    expect(reading.problems).toEqual([{ at: '文件', code: 'TOO_MANY_ROWS', rows: 100_001, limit: 100_000 }]);
  });

  it('100,000 rows are read', () => {
    const reading = parsePaymentsCsv(payments(100_000), options);
    expect(reading.problems).toEqual([]);
    expect(reading.content).toHaveLength(100_000);
    expect(reading.content?.at(-1)).toMatchObject({ row: 100_001, payment: { voucherNo: 'V100000', fen: 100 } });
  });

  it('a thousand problems are listed, and all are counted', () => {
    const reading = parsePaymentsCsv(
      payments(3_000, (index) => `V${index},2024-03-01,P09,1.00,某公司,服务费`),
      options,
    );
    expect([reading.problems.length, reading.problemCount, reading.content]).toEqual([1_000, 6_000, undefined]);
  });

  it('an adjustment of 501 movements is refused: one booking holds 500', () => {
    const rows = Array.from({ length: 501 }, (_, index) => `A1,2025-04-01,add,,P01,${index + 1}.00,ORDINARY,`);
    const file = ['adjustmentId,effectiveDate,kind,from,to,amount,reasonCode,documentNumber', ...rows].join('\n');
    expect(parseAdjustmentsCsv(bytes(file), options).problems).toEqual([
      { at: '第 2 行, adjustmentId', code: 'TOO_MANY_MOVEMENTS', adjustmentId: 'A1', movements: 501, limit: 500 },
    ]);
  });
});

describe('tables that are too long', () => {
  const heading = '一级指标 二级指标 三级指标 半年指标值 全年指标值';
  const form = (projects: string, indicators: string) =>
    `某市市级部门整体预算绩效目标表\n2025年度\n单位名称 某市档案馆\n主要职能\n机构设置及人员配置\n部门整体资金（万元）\n收入 全年预算数
资金总额 2001\n小计 2001\n一般公共预算资金 2001\n政府性基金 0\n财政专户管理资金 0\n国有资本金 0\n社保基金 0\n上年结转资金 0\n其他资金 0
支出 半年计划执行数 全年预算数\n基本支出 0 0\n项目支出 0 2001\n${projects}\n中长期目标\n年度目标\n${heading}\n决策\n计划制定\n${indicators}`;
  const rows = (count: number, row: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => row(index)).join('\n');

  it('2,001 lines are refused: an approved plan is one append', () => {
    const { problems } = parseTableText(
      bytes(
        form(
          rows(2_001, (index) => `项目${index} 0 1`),
          '工作计划 健全 健全',
        ),
      ),
    );
    expect(problems).toContainEqual({ at: '支出', code: 'TOO_MANY_LINES', lines: 2_001, limit: 2_000 });
  });
  it('2,001 indicators are refused', () => {
    const { problems } = parseTableText(
      bytes(
        form(
          '项目 0 2001',
          rows(2_001, (index) => `指标${index} 健全 健全`),
        ),
      ),
    );
    expect(problems).toContainEqual({ at: '指标', code: 'TOO_MANY_INDICATORS', indicators: 2_001, limit: 2_000 });
  });
  it('10,000 lines of prose between two rows are no names', () => {
    const { problems } = parseTableText(
      bytes(
        form(
          rows(10_000, () => '说明文字'),
          '工作计划 健全 健全',
        ),
      ),
    );
    expect(problems.map(({ code }) => code)).toContain('TEXT_UNEXPECTED');
  });
  it.each([
    [20_001, 20_001 + 25, 20_000],
    [300_000, 300_000 + 25, 200_000],
  ])('%d lines are no table at all', (count, found, limit) => {
    const { problems } = parseTableText(
      bytes(
        form(
          rows(count, () => '项目 0 0'),
          '工作计划 健全 健全',
        ),
      ),
    );
    expect(problems).toEqual([{ at: '文件', code: 'TOO_MANY_ROWS', rows: found, limit }]);
  });
});

describe('JSON that would break a reader', () => {
  it.each([33, 10_000, 1_000_000])('nested %d deep is refused before anything recursive sees it', (depth) => {
    const nested = bytes('['.repeat(depth) + ']'.repeat(depth));
    expect(parseJsonForm(nested).problems).toEqual([expect.objectContaining({ code: 'JSON_TOO_DEEP', limit: 32 })]);
  });
  it('objects nested 10,000 deep are refused as well', () => {
    const nested = bytes('{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000));
    expect(parseJsonForm(nested).problems).toEqual([expect.objectContaining({ code: 'JSON_TOO_DEEP', limit: 32 })]);
  });
  it('brackets inside strings are no nesting', () => {
    const { problems } = parseJsonForm(bytes(JSON.stringify({ form: '['.repeat(100) })));
    expect(problems.map(({ code }) => code)).not.toContain('JSON_TOO_DEEP');
  });
  it('an amount of a million digits is refused at once', () => {
    const { problems } = parseJsonForm(
      bytes(JSON.stringify({ amountUnit: '元', basic: { half: '9'.repeat(1e6), annual: '0' } })),
    );
    expect(problems).toContainEqual(expect.objectContaining({ at: '/basic/half', code: 'AMOUNT_OUT_OF_RANGE' }));
  });
  it.each(['__proto__', 'constructor', 'prototype', '__pro\\u0074o__'])(
    'the key %s is refused wherever it stands',
    (key) => {
      const { problems } = parseJsonForm(bytes(`{"lines":[{"${key}":{"fund":"other"}}]}`));
      const decoded = JSON.parse(`"${key}"`) as string;
      expect(problems).toContainEqual({ at: `/lines/0/${decoded}`, code: 'KEY_FORBIDDEN', key: decoded });
      expect(({} as Record<string, unknown>)['fund']).toBeUndefined();
    },
  );
});
