import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
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

  it('is seen behind a byte order mark and blank lines', () => {
    expect(recogniseFile(bytes('\ufeff\n\n{ "form": 1 }'))).toBe('json-form');
    expect(recogniseFile(bytes('\ufeff"voucherNo",effectiveDate'))).toBe('payments-csv');
  });
});
