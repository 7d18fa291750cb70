import { describe, expect, it } from '@jest/globals';
import { arrayLiteral, copyText, type Table } from '#read-model/projections/tables.js';

describe('an array literal', () => {
  it.each([
    ['bigint', [1n, -2, null], '{1,-2,NULL}'],
    ['boolean', [true, false], '{true,false}'],
    ['date', ['2024-02-29', null], '{2024-02-29,NULL}'],
    ['text', ['a', '', null, 'NULL'], '{"a","",NULL,"NULL"}'],
    ['text', ['say "yes"', 'back\\slash', 'a,b', '{}'], '{"say \\"yes\\"","back\\\\slash","a,b","{}"}'],
    ['text', ['line\nbreak', '预算'], '{"line\nbreak","预算"}'],
    ['jsonb', [{ a: '"' }, null], '{"{\\"a\\":\\"\\\\\\"\\"}",NULL}'],
    ['text', [], '{}'],
  ])('of %s holds %j', (type, values, literal) => {
    expect(arrayLiteral(values, type)).toBe(literal);
  });
});

describe('the text of a COPY', () => {
  const column = (property: string, type: string) => ({ name: property, property, type, isKey: false, read: String });
  const table: Table<object> = {
    name: 't',
    columns: [column('a', 'text'), column('b', 'bigint'), column('c', 'jsonb')],
  };

  it('escapes what would end a field or a row', () => {
    expect(copyText(table, [{ a: 'tab\tnew\nline\rback\\slash', b: 1n, c: { x: 'a\nb' } }])).toBe(
      'tab\\tnew\\nline\\rback\\\\slash\t1\t{"x":"a\\\\nb"}\n',
    );
  });

  it('tells nothing from an empty text', () => {
    expect(
      copyText(table, [
        { a: '', b: null, c: null },
        { a: null, b: 0, c: [] },
      ]),
    ).toBe('\t\\N\t\\N\n\\N\t0\t[]\n');
  });
});
