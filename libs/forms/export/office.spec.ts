/** LibreOffice, which knows nothing of this code, opens an exported form and says what stands in it. */
import { expect, it, jest } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { TARGET_TABLE, targetTableContent } from '#forms/definitions/target-table.js';
import { formatAmount } from '#forms/amount.js';
import { readTargetTable } from '#forms/import/target-table-form.js';
import { parseTableText } from '#forms/import/table-text.js';
import { readWorkbook } from '#forms/workbook/read-workbook.js';
import { convertedBy, describeOffice } from '../../../test/support/office.js';
import { formWorkbook } from './form-workbook.js';

const golden = readFileSync(new URL('../../../test/golden/suzhou-2024.txt', import.meta.url));
const table = parseTableText(golden).content!;

// A conversion takes seconds, more beside other work, and one waits for the other.
jest.setTimeout(240_000);

describeOffice('the Suzhou table in LibreOffice', () => {
  const bytes = formWorkbook(TARGET_TABLE, targetTableContent(table), { unit: '万元' });

  it('has the same lines, amounts and targets as CSV', async () => {
    const csv = (await convertedBy(bytes, 'csv')).toString('utf8');
    const rows: string[][] = parse(csv, { relaxColumnCount: true });
    const filled = rows.map((row) => row.filter((cell) => cell !== ''));
    for (const { name, expenditure, halfFen, annualFen } of table.lines) {
      if (expenditure === 'basic') continue;
      expect(filled).toContainEqual([name, formatAmount(halfFen, '万元'), formatAmount(annualFen, '万元')]);
    }
    for (const { level3, half, annual } of table.indicators) {
      expect(filled.some((row) => row.slice(-3).join() === [level3, half.text, annual.text].join())).toBe(true);
    }
  });

  it('is saved there again as xlsx and read unchanged, notes and all', async () => {
    const again = await convertedBy(bytes, 'xlsx');
    const [written, saved] = [bytes, again].map((file) => readTargetTable(readWorkbook(file).content!));
    expect(saved).toEqual(written);
    expect(saved!.content).toEqual(table);
  });

  it('prints to PDF', async () => {
    const pdf = await convertedBy(bytes, 'pdf');
    expect(pdf.subarray(0, 5).toString('latin1')).toBe('%PDF-');
  });
});
