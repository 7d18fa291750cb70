import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { MONITORING } from '#forms/definitions/monitoring.js';
import { TARGET_TABLE, targetTableContent } from '#forms/definitions/target-table.js';
import { layOut, type GridCell } from '#forms/grid.js';
import { parseTableText } from '#forms/import/table-text.js';
import { sheetLayout } from './form-workbook.js';
import { paged } from './page-breaks.js';

const golden = readFileSync(new URL('../../../test/golden/suzhou-2024.txt', import.meta.url));
const table = parseTableText(golden).content!;
const grid = layOut(TARGET_TABLE, targetTableContent(table), { unit: '万元' });
const { cells, breaks } = paged(grid);
const textOf = ({ value }: GridCell): string => (value.kind === 'text' ? value.text : '');
const named = (all: readonly GridCell[], text: string) => all.filter((cell) => textOf(cell) === text);
const cutBy = (row: number, { row: from, rows }: GridCell) => row > from && row < from + rows;

describe('the pages of the Suzhou table', () => {
  it('begin where no second-level heading and no key work goes on', () => {
    const indicators = grid.sections.at(-3)!.from;
    const inside = breaks.filter((row) => row > indicators);
    expect(inside.length).toBeGreaterThan(0);
    const cut = grid.cells.filter(({ column }) => column === 1 || column === 2);
    expect(inside.filter((row) => cut.some((cell) => cutBy(row, cell)))).toEqual([]);
  });

  it('never begin behind a row of headings', () => {
    const headings = new Set(grid.cells.filter(({ kind }) => kind === 'heading').map(({ row }) => row));
    expect(breaks.filter((row) => headings.has(row - 1))).toEqual([]);
  });

  it('say again which first-level heading goes on: 履职 stands on each page that it is on, over the same rows', () => {
    const [whole] = named(grid.cells, '履职');
    const pages = named(cells, '履职');
    expect(pages.length).toBe(1 + breaks.filter((row) => cutBy(row, whole!)).length);
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.reduce((sum, { rows }) => sum + rows, 0)).toBe(whole!.rows);
  });

  it('repeat the headings of the longest block of indicators', () => {
    const [first, last] = grid.repeated;
    const shown = grid.cells.filter(({ row }) => row >= first && row <= last).map(textOf);
    expect(shown).toEqual(['一级指标', '二级指标', '重点工作', '三级指标', '半年指标值', '全年指标值']);
  });

  it('are written into the sheet', () => {
    expect(sheetLayout(grid).print).toMatchObject({ breakBefore: breaks });
  });
});

describe('pages', () => {
  const rows = (count: number) =>
    Array.from({ length: count }, (_, at) => ({
      level1: '产出指标',
      level2: '数量指标',
      level3: `第 ${at} 项`,
      half: '＝1个',
      annual: '＝2个',
    }));
  const monitoring = (count: number, annualGoal = '一') => {
    const fields = { unitName: '某中心', stage: '6', annualGoal };
    const content = {
      title: '部门整体绩效运行监控表',
      year: 2024,
      fields,
      tables: { funds: [], indicators: rows(count) },
    };
    return layOut(MONITORING, content, { unit: '万元' });
  };

  it('are one for a short form', () => {
    expect(paged(monitoring(3))).toEqual({ cells: monitoring(3).cells, breaks: [] });
  });

  it('cut a heading that is longer than a page, and say it again: nothing is lost or doubled', () => {
    const long = monitoring(200);
    const { cells: parted, breaks: starts } = paged(long);
    expect(starts.length).toBeGreaterThan(3);
    expect(named(parted, '数量指标').length).toBe(starts.filter((row) => row > long.sections.at(-1)!.from).length + 1);
    const area = (all: readonly GridCell[]) => all.reduce((sum, cell) => sum + cell.rows * cell.columns, 0);
    expect(area(parted)).toBe(area(long.cells));
  });

  it('never say a long text twice', () => {
    const goal = '目标'.repeat(8_000);
    expect(named(paged(monitoring(2, goal)).cells, goal)).toHaveLength(1);
  });
});
