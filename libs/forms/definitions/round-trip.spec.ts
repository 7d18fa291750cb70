import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { fen } from '#domain/money.js';
import { formWorkbook } from '#forms/export/form-workbook.js';
import { readForm } from '#forms/import/form-workbook.js';
import { parseTableText } from '#forms/import/table-text.js';
import { readTargetTable } from '#forms/import/target-table-form.js';
import type { PerformanceTable } from '#forms/table.js';
import { readWorkbook } from '#forms/workbook/read-workbook.js';
import { contentArbitrary } from '../../../test/support/form-contents.js';
import { OFFICIAL_FORMS } from './official-forms.js';
import { TARGET_TABLE, targetTableContent } from './target-table.js';

const golden = readFileSync(new URL('../../../test/golden/suzhou-2024.txt', import.meta.url));
const printed = parseTableText(golden).content!;
const table: PerformanceTable = {
  ...printed,
  narrative: {
    duties: '（一）土地出入库。\n（二）前期开发。',
    organisation: '设8个内设机构。',
    staffing: '编制35名。',
    longTermGoal: '现代国际大都市。',
    annualGoal: '=重点抓好以下方面的工作',
  },
};

const readBack = (bytes: Uint8Array) => {
  const { content, problems } = readWorkbook(bytes);
  expect(problems).toEqual([]);
  return content!;
};

describe('the Suzhou table with its 81 indicators', () => {
  it.each(['万元', '元'] as const)('is exported in %s and imported unchanged', (unit) => {
    const bytes = formWorkbook(TARGET_TABLE, targetTableContent(table), { unit });
    const { content, problems } = readTargetTable(readBack(bytes));
    expect(problems).toEqual([]);
    expect(content).toEqual({ ...table, amountUnit: unit });
    expect(content!.indicators).toHaveLength(81);
  });

  it('keeps a fen in 万元, where only two decimals are shown', () => {
    const [line, ...others] = table.lines.filter(({ expenditure }) => expenditure === 'project');
    const moved: PerformanceTable = {
      ...table,
      lines: [
        table.lines[0]!,
        { ...line!, annualFen: fen(line!.annualFen + 1) },
        { ...others[0]!, annualFen: fen(others[0]!.annualFen - 1) },
        ...others.slice(1),
      ],
    };
    const bytes = formWorkbook(TARGET_TABLE, targetTableContent(moved), { unit: '万元' });
    expect(readTargetTable(readBack(bytes)).content).toEqual(moved);
  });
});

describe.each(OFFICIAL_FORMS.map((layout) => [layout.id, layout] as const))(
  'any content of the form %s',
  (_id, layout) => {
    it.each(['万元', '元'] as const)('is exported in %s and imported unchanged', (unit) => {
      const property = fc.property(contentArbitrary(layout), (content) => {
        const workbook = readBack(formWorkbook(layout, content, { unit }));
        const reading = readForm(workbook, layout);
        expect(reading.problems).toEqual([]);
        expect(reading.content).toEqual(content);
      });
      fc.assert(property, { numRuns: 15, seed: 2024 });
    });
  },
);
