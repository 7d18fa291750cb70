/**
 * Every file in `bad/` is one small file with one fault (and what follows from it). `bad/expected.txt` says what is found in
 * each, and where. A file without `.bad` is the faultless one that the others were made from.
 */
import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fen } from '#domain/money.js';
import type { Reading } from '#forms/findings.js';
import { FORM_PROBLEMS } from '#forms/form-problem-codes.js';
import { toPlan } from '#forms/plan.js';
import { PROBLEMS } from '#forms/problem-codes.js';
import { parseAdjustmentsCsv } from './adjustments-csv.js';
import { lineDirectory } from './csv-cells.js';
import { parseJsonForm } from './json-form.js';
import { parsePaymentsCsv } from './payments-csv.js';
import { parseResultsCsv, type KnownIndicator } from './results-csv.js';
import { parseTableText } from './table-text.js';

const folder = new URL('./bad/', import.meta.url);
const file = (name: string) => readFileSync(new URL(name, folder));
const options = {
  year: 2025,
  lines: lineDirectory([
    { line: 'B01', name: '基本支出' },
    { line: 'P01', name: '档案数字化' },
    { line: 'P02', name: '库房改造' },
    { line: 'P03', name: '两行同名' },
    { line: 'P04', name: '两行同名' },
  ]),
};
const quantity = { comparator: '=', kind: 'FLOW_CUMULATIVE' } as const;
const indicators: readonly KnownIndicator[] = [
  { indicator: 'I01', level3: '目标合理性', comparator: 'word', kind: 'QUALITATIVE', unit: '' },
  { indicator: 'I02', level3: '完成路段', ...quantity, unit: '个' },
  { indicator: 'I03', level3: '管护面积', ...quantity, unit: '平方米' },
  { indicator: 'I04', level3: '两行同名', ...quantity, unit: '%' },
  { indicator: 'I05', level3: '两行同名', ...quantity, unit: '%' },
];
const readers: Readonly<Record<string, (bytes: Uint8Array) => Reading<unknown>>> = {
  table: parseTableText,
  json: parseJsonForm,
  plan: (bytes) => {
    const reading = parseJsonForm(bytes);
    return reading.content === undefined ? reading : toPlan(reading.content);
  },
  /** A plan of a year whose P01 has 50 万元 of 2024 already. */
  booked: (bytes) => {
    const reading = parseJsonForm(bytes);
    const there = { line: 'P01', originLine: 'P01', originYear: 2024, fen: fen(50_000_000), byClose: true };
    return reading.content === undefined ? reading : toPlan(reading.content, { booked: [there] });
  },
  payments: (bytes) => parsePaymentsCsv(bytes, options),
  adjustments: (bytes) => parseAdjustmentsCsv(bytes, options),
  results: (bytes) => parseResultsCsv(bytes, { year: 2025, indicators }),
};
const expectations = file('expected.txt')
  .toString('utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(' | ').map((part) => part.trim()))
  .map(([name = '', found = '']) => ({ name, found: found === 'none' ? [] : found.split('; ') }));

/** Files too large to keep: `limits.spec.ts` makes them. */
const MADE_IN_LIMITS_SPEC = [
  'FILE_TOO_LARGE',
  'TOO_MANY_ROWS',
  'TOO_MANY_LINES',
  'TOO_MANY_INDICATORS',
  'TOO_MANY_MOVEMENTS',
];

describe('bad files', () => {
  it.each(expectations)('$name: $found', ({ name, found }) => {
    const read = readers[name.split('.')[0] ?? ''];
    if (read === undefined) throw new Error(`no reader for ${name}`);
    const { problems, problemCount, content } = read(file(name));
    expect(problems.map(({ code, at }) => `${code} at ${at === '' ? '/' : at}`)).toEqual(found);
    expect([problemCount, content !== undefined]).toEqual([found.length, found.length === 0]);
    expect(name.endsWith('.bad')).toBe(found.length > 0);
  });

  it('have each an expectation, and each expectation a file', () => {
    const names = readdirSync(folder).filter((name) => name !== 'expected.txt');
    expect(expectations.map(({ name }) => name).sort()).toEqual(names.sort());
  });

  it('are named after a code that they provoke', () => {
    const named = expectations.filter(({ name }) => Object.hasOwn(PROBLEMS, name.split('.')[1] ?? ''));
    for (const { name, found } of named) expect(found.join()).toContain(name.split('.')[1] ?? '');
  });

  it('provoke every code there is', () => {
    const provoked = new Set(expectations.flatMap(({ found }) => found.map((entry) => entry.split(' at ')[0])));
    // Those of workbooks are provoked in `workbook/refusals.spec.ts`, which makes its files.
    const missing = Object.keys(PROBLEMS).filter(
      (code) => !provoked.has(code) && !code.startsWith('WORKBOOK_') && !Object.hasOwn(FORM_PROBLEMS, code),
    );
    expect(missing.sort()).toEqual([...MADE_IN_LIMITS_SPEC].sort());
  });
});
