/** Another place's form is a value and nothing else: rows with nature, unit, weight and a written scoring standard (rule book 3.2). */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formWorkbook } from '#forms/export/form-workbook.js';
import { printPage } from '#forms/export/print-page.js';
import { layOut } from '#forms/grid.js';
import { readForm } from '#forms/import/form-workbook.js';
import type { FormLayout } from '#forms/layout.js';
import { readWorkbook } from '#forms/workbook/read-workbook.js';
import { contentArbitrary } from '../../../test/support/form-contents.js';

const text = { span: 1, format: 'text' } as const;
const VARIANT: FormLayout = {
  id: 'weighted-targets',
  titles: ['部门整体绩效目标申报表'],
  sheetName: '申报表',
  widths: [10, 14, 22, 8, 10, 8, 8, 30],
  orientation: 'portrait',
  headingsOf: 'rows',
  blocks: [
    {
      kind: 'fields',
      rows: [[{ key: 'unitName', label: '部门名称', labelSpan: 2, span: 6, format: 'text', required: true }]],
    },
    {
      kind: 'table',
      key: 'money',
      sides: [{ label: '预算资金（{unit}）', span: 2 }],
      columns: [
        { key: 'row', label: '', span: 1, format: 'row' },
        { key: 'amount', label: '金额', span: 5, format: 'amount', required: true },
      ],
      fixed: [
        { key: 'total', label: '合计' },
        { key: 'basic', label: '基本支出' },
        { key: 'project', label: '项目支出' },
      ],
      repeats: false,
    },
    {
      kind: 'table',
      key: 'rows',
      sides: [],
      columns: [
        { ...text, key: 'level1', label: '一级指标', down: true, required: true },
        { ...text, key: 'level2', label: '二级指标', down: true, required: true },
        { ...text, key: 'level3', label: '三级指标', required: true },
        { ...text, key: 'nature', label: '指标性质', group: '指标值' },
        { key: 'value', label: '数值', group: '指标值', span: 1, format: 'value', required: true },
        { ...text, key: 'unit', label: '计量单位', group: '指标值' },
        { key: 'weight', label: '权重', span: 1, format: 'points', required: true },
        { ...text, key: 'standard', label: '评分标准' },
      ],
      fixed: [],
      repeats: true,
      closing: { label: '合计', fields: { weight: 'weights' } },
    },
  ],
};

describe('a form that nobody here has seen', () => {
  it.each(['万元', '元'] as const)('is written in %s, read back unchanged, and printed', (unit) => {
    const property = fc.property(contentArbitrary(VARIANT), (content) => {
      const { content: workbook } = readWorkbook(formWorkbook(VARIANT, content, { unit }));
      const { problems, content: read } = readForm(workbook!, VARIANT);
      expect([problems, read]).toEqual([[], content]);
      expect(printPage(layOut(VARIANT, content, { unit }))).toContain(`预算资金（${unit}）`);
    });
    fc.assert(property, { numRuns: 15, seed: 2024 });
  });
});
