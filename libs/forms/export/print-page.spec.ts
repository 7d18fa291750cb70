import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { MONITORING } from '#forms/definitions/monitoring.js';
import { TARGET_TABLE, targetTableContent } from '#forms/definitions/target-table.js';
import { layOut } from '#forms/grid.js';
import { parseTableText } from '#forms/import/table-text.js';
import type { FormContent } from '#forms/layout.js';
import { printPage } from './print-page.js';

const golden = readFileSync(new URL('../../../test/golden/suzhou-2024.txt', import.meta.url));
const content = targetTableContent(parseTableText(golden).content!);
const page = printPage(layOut(TARGET_TABLE, content, { unit: '万元' }));
const textOf = (html: string) => html.replace(/<[^>]*>/g, '\n');

describe('the page of the Suzhou table', () => {
  it('stands for itself: no script, no request, and a policy that forbids both', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|src=|url\(|@import|https?:|javascript:/i);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it('is printed on A4 upright, with page numbers', () => {
    expect(page).toMatch(/@page \{ size: A4 portrait;/);
    expect(page).toContain('counter(pages)');
  });

  it('shows amounts with two decimals and every one of the 81 indicators', () => {
    const shown = textOf(page).split('\n');
    expect(shown).toEqual(expect.arrayContaining(['206142.24', '600.00', '1554.23', '＝38%']));
    const names = Object.values(content.tables).flatMap((rows) => rows.flatMap(({ level3 }) => level3 ?? []));
    expect(names).toHaveLength(81);
    expect(names.filter((name) => !shown.includes(name))).toEqual([]);
  });

  it('repeats the headings of each table of indicators, and no cell leaves its group of rows', () => {
    expect(page.match(/<thead>/g)).toHaveLength(3);
    for (const [, head = ''] of page.matchAll(/<thead>([\s\S]*?)<\/thead>/g)) {
      const rows = head.match(/<tr>/g)!.length;
      const spans = [...head.matchAll(/rowspan="(\d+)"/g)].map(([, span]) => Number(span));
      expect(Math.max(1, ...spans)).toBeLessThanOrEqual(rows);
    }
  });

  it.each([...page.matchAll(/<table>[\s\S]*?<\/table>/g)].map(([table], index) => [index + 1, table] as const))(
    'has as many cells in every row of table %i as the sheet has columns',
    (_number, table) => {
      const open: number[] = [];
      for (const [, row = ''] of table.matchAll(/<tr>([\s\S]*?)<\/tr>/g)) {
        const cells = [...row.matchAll(/<t[dh] [^>]*?(?: rowspan="(\d+)")?(?: colspan="(\d+)")?>/g)];
        const above = open.filter((left) => left > 0).length;
        const own = cells.reduce((sum, [, , columns = '1']) => sum + Number(columns), 0);
        expect(above + own).toBe(TARGET_TABLE.widths.length);
        for (let at = 0; at < open.length; at += 1) open[at] = open[at]! - 1;
        for (const [, rows = '1', columns = '1'] of cells) {
          for (let count = 0; count < Number(columns); count += 1) open.push(Number(rows) - 1);
        }
      }
    },
  );
});

describe('texts that people write', () => {
  const odd: FormContent = {
    title: '<script>alert(1)</script>绩效运行监控表',
    year: 2024,
    fields: { unitName: `a&b"c'd<e>`, stage: '7', annualGoal: '第一行\n第二行' },
    tables: {
      funds: [{ row: '年度资金总额', original: '10000.33', current: '0.00', executed: '-20000.00' }],
      indicators: [],
    },
  };
  const html = printPage(layOut(MONITORING, odd, { unit: '万元' }));

  it('are escaped', () => {
    expect(html).not.toContain('<script');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).toContain('a&amp;b&quot;c&#39;d&lt;e&gt;');
  });

  it('bring the months of their stage into the headings', () => {
    expect(textOf(html)).toContain('1-7月执行数');
  });

  it('are told when an amount is shown rounded: 10000.33 yuan as 1.00 万元', () => {
    expect(textOf(html).split('\n')).toEqual(expect.arrayContaining(['1.00', '-2.00']));
    expect(html).toContain('单元格内为准确值');
    expect(printPage(layOut(MONITORING, odd, { unit: '元' }))).not.toContain('单元格内为准确值');
  });
});
