import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fieldKeys, fieldsOf, tablesOf } from '#forms/layout.js';
import { OFFICIAL_FORMS } from './official-forms.js';

const total = (spans: readonly number[]) => spans.reduce((sum, span) => sum + span, 0);

describe.each(OFFICIAL_FORMS.map((layout) => [layout.id, layout] as const))('the form %s', (_id, layout) => {
  it('has every row of names and texts as wide as the sheet', () => {
    for (const block of layout.blocks) {
      if (block.kind !== 'fields') continue;
      for (const row of block.rows) {
        expect(total(row.flatMap(({ labelSpan, span }) => [labelSpan, span]))).toBe(layout.widths.length);
      }
    }
  });

  it('has every table as wide as the sheet', () => {
    for (const { sides, columns } of tablesOf(layout)) {
      expect(total([...sides, ...columns].map(({ span }) => span))).toBe(layout.widths.length);
    }
  });

  it('names every field, table and column once', () => {
    const once = (keys: readonly string[]) => expect([...new Set(keys)]).toEqual(keys);
    once(fieldKeys(layout));
    once(tablesOf(layout).map(({ key }) => key));
    for (const { columns, fixed } of tablesOf(layout)) {
      once(columns.map(({ key }) => key));
      once(fixed.map(({ key }) => key));
    }
  });

  it('can be told from the others by its titles, which are plain words', () => {
    const others = OFFICIAL_FORMS.filter((other) => other !== layout).flatMap(({ titles }) => titles);
    for (const title of layout.titles) expect(others.filter((other) => title.endsWith(other))).toEqual([]);
  });

  it('asks for the unit in which its amounts are, when it has amounts', () => {
    const amounts = tablesOf(layout).some(({ columns }) => columns.some(({ format }) => format === 'amount'));
    const told = tablesOf(layout).some(({ sides }) => sides.some(({ label }) => label.includes('{unit}')));
    expect(told).toBe(amounts);
  });

  it('has a unit and a name for it', () => {
    expect(fieldsOf(layout).map(({ key }) => key)).toContain('unitName');
  });
});

it('is known to no part of the mechanism: a further form is a file in this folder', () => {
  const words = OFFICIAL_FORMS.flatMap(({ id, titles }) => [...titles, `'${id}'`]);
  const mechanism = ['layout', 'grid', 'cell-formats', 'export/form-workbook', 'export/print-page'].concat(
    ['sheet-view', 'form-cells', 'form-headings', 'form-table', 'form-workbook'].map((name) => `import/${name}`),
  );
  for (const name of mechanism) {
    const source = readFileSync(new URL(`../${name}.ts`, import.meta.url), 'utf8');
    expect(words.filter((word) => source.includes(word))).toEqual([]);
    expect(source).not.toMatch(/from '.*definitions\//);
  }
  const files = readdirSync(new URL('.', import.meta.url)).filter((name) => /^[\w-]+\.ts$/.test(name));
  expect(files).toHaveLength(OFFICIAL_FORMS.length + 1);
});
