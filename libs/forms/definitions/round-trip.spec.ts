import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { formWorkbook } from '#forms/export/form-workbook.js';
import { parseTableText } from '#forms/import/table-text.js';
import { readForm } from '#forms/import/form-workbook.js';
import { readTargetTable } from '#forms/import/target-table-form.js';
import { readWorkbook } from '#forms/workbook/read-workbook.js';
import { TARGET_TABLE, targetTableContent } from './target-table.js';

const golden = readFileSync(new URL('../../../test/golden/suzhou-2024.txt', import.meta.url));
const table = parseTableText(golden).content!;

describe('the Suzhou table', () => {
  it.each(['万元', '元'] as const)('comes back unchanged in %s', (unit) => {
    const content = targetTableContent(table);
    const bytes = formWorkbook(TARGET_TABLE, content, { unit });
    const { content: workbook, problems } = readWorkbook(bytes);
    expect(problems).toEqual([]);
    const read = readForm(workbook!, TARGET_TABLE);
    expect(read.problems).toEqual([]);
    expect(read.content).toEqual(content);
    const again = readTargetTable(workbook!);
    expect(again.problems).toEqual([]);
    expect(again.content).toEqual({ ...table, amountUnit: unit });
  });
});
