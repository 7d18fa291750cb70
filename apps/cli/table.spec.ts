import { describe, expect, it } from '@jest/globals';
import { table } from './table.js';

const text = (...lines: string[]) => lines.map((line) => `${line}\n`).join('');

describe('a table', () => {
  it('keeps columns straight under Chinese headings and beside Chinese names', () => {
    const columns = [{ heading: '编号' }, { heading: '名称' }, { heading: '执行数', align: 'right' as const }];
    const rows = [
      ['P01', '伙食经费', '338,900.00'],
      ['P11', 'IT 系统（一期）', '0.00'],
    ];
    expect(table(columns, rows, { foot: ['合计', '', '338,900.00'] })).toBe(
      text(
        '编号  名称                 执行数',
        '----  ---------------  ----------',
        'P01   伙食经费         338,900.00',
        'P11   IT 系统（一期）        0.00',
        '----  ---------------  ----------',
        '合计                   338,900.00',
      ),
    );
  });

  it('colours a cell without moving its neighbours', () => {
    const columns = [{ heading: '判定' }, { heading: '差距' }];
    const rows = [[{ text: '达标', tone: 'good' as const }, '0.20']];
    expect(table(columns, rows, { colours: true })).toBe(text('判定  差距', '----  ----', '\x1b[32m达标\x1b[0m  0.20'));
    expect(table(columns, rows)).toBe(text('判定  差距', '----  ----', '达标  0.20'));
  });

  it('shows escape sequences and turned text instead of obeying them', () => {
    expect(table([{ heading: 'payee' }], [['\x1b[31mred\nsecond\u202eline']])).toBe(
      text('payee', '------------------------------', '\\u001b[31mred second\\u202eline'),
    );
  });

  it('ends no line with blanks', () => {
    expect(table([{ heading: 'a' }, { heading: 'b' }], [['x', '']])).toBe(text('a  b', '-  -', 'x'));
  });
});
