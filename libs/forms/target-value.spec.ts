import { describe, expect, it } from '@jest/globals';
import { Findings } from './findings.js';
import { readTarget } from './target-value.js';

describe('a target as printed', () => {
  it.each`
    text              | comparator | value        | decimals | unit        | note
    ${'＝38%'}        | ${'='}     | ${'38'}      | ${0}     | ${'%'}      | ${''}
    ${'=38%'}         | ${'='}     | ${'38'}      | ${0}     | ${'%'}      | ${''}
    ${'≤10.50%'}      | ${'<='}    | ${'10.50'}   | ${2}     | ${'%'}      | ${''}
    ${'≥-2%'}         | ${'>='}    | ${'-2'}      | ${0}     | ${'%'}      | ${''}
    ${'＝112800平米'} | ${'='}     | ${'112800'}  | ${0}     | ${'平方米'} | ${''}
    ${'＝１６个'}     | ${'='}     | ${'16'}      | ${0}     | ${'个'}     | ${'FULL_WIDTH_DIGITS'}
    ${'＝3座'}        | ${'='}     | ${'3'}       | ${0}     | ${'座'}     | ${'UNIT_NOT_LISTED'}
    ${'健全'}         | ${'word'}  | ${undefined} | ${0}     | ${''}       | ${''}
    ${'显著提升'}     | ${'word'}  | ${undefined} | ${0}     | ${''}       | ${'WORD_NOT_LISTED'}
  `('$text is $comparator $value $unit', ({ text, comparator, value, decimals, unit, note }) => {
    const findings = new Findings();
    const target = { comparator, text, ...(value && { value }), decimals, unit };
    expect(readTarget(text as string, 'here', findings)).toEqual(target);
    expect(findings.problems).toEqual([]);
    expect(findings.notes.map(({ code }) => code)).toEqual(note === '' ? [] : [note]);
  });

  it.each`
    text            | code
    ${'＝1,000个'}  | ${'AMOUNT_NOT_DECIMAL'}
    ${'＝１，０个'} | ${'AMOUNT_NOT_DECIMAL'}
    ${'＝007个'}    | ${'AMOUNT_NOT_DECIMAL'}
    ${'＝1.2.3%'}   | ${'AMOUNT_NOT_DECIMAL'}
    ${'38%'}        | ${'TARGET_NOT_READABLE'}
    ${'＞38%'}      | ${'TARGET_NOT_READABLE'}
    ${'＝四成'}     | ${'TARGET_NOT_READABLE'}
    ${''}           | ${'TARGET_NOT_READABLE'}
  `('$text is refused: $code', ({ text, code }) => {
    const findings = new Findings();
    expect(readTarget(text as string, 'here', findings)).toBeUndefined();
    expect(findings.problems).toEqual([{ at: 'here', code, found: text }]);
  });
});
