import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parseResultsCsv, type KnownIndicator } from './results-csv.js';

const INDICATORS: readonly KnownIndicator[] = [
  { indicator: 'I01', level3: '目标合理性', comparator: 'word', kind: 'QUALITATIVE', unit: '' },
  { indicator: 'I02', level3: '完成路段', comparator: '=', kind: 'FLOW_CUMULATIVE', unit: '个' },
  { indicator: 'I03', level3: '管护面积', comparator: '>=', kind: 'STOCK_LEVEL', unit: '平方米' },
  { indicator: 'I04', level3: '变动率', comparator: '<=', kind: 'RATIO', unit: '%' },
  { indicator: 'I05', level3: '完成率', comparator: '>=', kind: 'RATIO', unit: '%' },
];
const read = (text: string) => parseResultsCsv(new TextEncoder().encode(text), { year: 2025, indicators: INDICATORS });
const valueOf = (indicator: string, value: string) =>
  read(`resultId,date,indicator,value\nR1,2025-06-30,${indicator},${value}\n`).content?.[0]?.result.result;

describe('a file of results', () => {
  it('gives one result a row, with the row as a spreadsheet shows it', () => {
    const good = parseResultsCsv(readFileSync(new URL('./bad/results.good', import.meta.url)), {
      year: 2025,
      indicators: INDICATORS,
    });
    expect(good.content?.slice(0, 2)).toEqual([
      {
        row: 2,
        result: {
          effectiveDate: '2025-06-30',
          resultId: 'R1',
          indicator: 'I02',
          result: { value: '17' },
          evidence: [{ title: '竣工验收单' }],
          note: '含结转 3 个',
        },
      },
      {
        row: 3,
        result: {
          effectiveDate: '2025-06-30',
          resultId: 'R2',
          indicator: 'I02',
          result: { value: '18' },
          evidence: [{ title: '市建〔2025〕3号', document: { number: '市建〔2025〕3号' } }],
        },
      },
    ]);
    expect(good.notes).toEqual([{ at: '第 7 行, value', code: 'FULL_WIDTH_DIGITS', found: '１００%' }]);
  });

  it.each`
    indicator | written       | value                  | why
    ${'I02'}  | ${'17个'}     | ${{ value: '17' }}     | ${'as the form prints it'}
    ${'I02'}  | ${'＝17个'}   | ${{ value: '17' }}     | ${'with the sign of the target before it'}
    ${'I02'}  | ${'17 个'}    | ${{ value: '17' }}     | ${'a blank before the unit'}
    ${'I02'}  | ${'17'}       | ${{ value: '17' }}     | ${'a bare number'}
    ${'I03'}  | ${'700.50㎡'} | ${{ value: '700.50' }} | ${'a unit in another spelling; decimals as written'}
    ${'I04'}  | ${'-3.2%'}    | ${{ value: '-3.2' }}   | ${'a rate of change may fall'}
    ${'I04'}  | ${'－3.2％'}  | ${{ value: '-3.2' }}   | ${'signs of full width'}
    ${'I01'}  | ${'较健全'}   | ${{ text: '较健全' }}  | ${'a word, whatever the target says'}
    ${'I02'}  | ${'≥17个'}    | ${undefined}           | ${'a limit is no result'}
    ${'I02'}  | ${'017'}      | ${undefined}           | ${'an id that was taken for a number'}
    ${'I02'}  | ${'17个路段'} | ${undefined}           | ${'words behind the unit'}
    ${'I03'}  | ${'10亩'}     | ${undefined}           | ${'亩 for 平方米: nothing is converted'}
  `('reads $written of $indicator: $why', ({ indicator, written, value }) => {
    expect(valueOf(indicator as string, written as string)).toEqual(value);
  });

  it('has content if and only if there is no problem', () => {
    const one = read('resultId,date,indicator,value\nR1,2025-06-30,I02,17\nR2,2025-06-30,I09,17\n');
    expect(one).toMatchObject({ problemCount: 1, problems: [{ code: 'INDICATOR_UNKNOWN', found: 'I09' }] });
    expect(one.content).toBeUndefined();
  });
});
