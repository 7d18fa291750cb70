import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { formWorkbook } from '#forms/export/form-workbook.js';
import { OFFICIAL_FORMS } from '#forms/definitions/official-forms.js';
import { recogniseFile } from './recognise.js';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('what a file is', () => {
  it.each`
    file                                   | kind
    ${'table.good'}                        | ${'table-text'}
    ${'table.good-gbk'}                    | ${'table-text'}
    ${'table.YEAR_MISSING.bad'}            | ${'table-text'}
    ${'json.good'}                         | ${'json-form'}
    ${'json.JSON_NOT_VALID.bad'}           | ${'json-form'}
    ${'payments.good'}                     | ${'payments-csv'}
    ${'payments.HEADER_WRONG.columns.bad'} | ${'payments-csv'}
    ${'adjustments.good'}                  | ${'adjustments-csv'}
    ${'results.good'}                      | ${'results-csv'}
    ${'table.FORM_NOT_RECOGNISED.bad'}     | ${undefined}
    ${'table.FILE_NOT_TEXT.bad'}           | ${undefined}
    ${'table.ENCODING_UNKNOWN.bad'}        | ${undefined}
  `('$file is $kind', ({ file, kind }) => {
    expect(recogniseFile(readFileSync(new URL(`./bad/${String(file)}`, import.meta.url)))).toBe(kind);
  });

  it.each([
    ['targets', 'target-workbook'],
    ['monitoring', 'monitoring-workbook'],
    ['self-evaluation', 'self-evaluation-workbook'],
    ['project-self-evaluation', 'project-workbook'],
  ])('is for a workbook what its sheet is called: %s', (id, kind) => {
    const layout = OFFICIAL_FORMS.find((form) => form.id === id)!;
    const content = { title: layout.titles[0]!, year: 2024, fields: {}, tables: {} };
    expect(recogniseFile(formWorkbook(layout, content, { unit: '万元' }))).toBe(kind);
  });

  it('goes to the reader of the target table when it is a workbook without a form, which says so', () => {
    expect(recogniseFile(Uint8Array.of(0x50, 0x4b, 5, 6, ...Array.from({ length: 18 }, () => 0)))).toBe(
      'target-workbook',
    );
  });

  it('is seen behind a byte order mark and blank lines', () => {
    expect(recogniseFile(bytes('\ufeff\n\n{ "form": 1 }'))).toBe('json-form');
    expect(recogniseFile(bytes('\ufeff"voucherNo",effectiveDate'))).toBe('payments-csv');
  });
});
