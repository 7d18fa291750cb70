/**
 * 部门整体预算绩效目标表, Suzhou layout: the table that is filed with the budget. Its words are those of `performance-form.ts`, which
 * the reader of the text layer uses. Source: rule book 1.1.
 */
import type { Narrative } from '#domain/performance/events.js';
import { formatYuan, type Fen } from '#domain/money.js';
import type { FixedRow, FormColumn, FormContent, FormLayout, Row, TableBlock } from '#forms/layout.js';
import { PERFORMANCE_FORM, type FirstLevel } from '#forms/performance-form.js';
import {
  APPROPRIATION_ROWS,
  INCOME_ROWS,
  type IncomeRow,
  type PerformanceTable,
  type TableLine,
} from '#forms/table.js';

const {
  sections,
  incomeRows,
  incomeHeadings,
  incomeColumns,
  expenditureColumns,
  expenditureRows,
  layouts,
  firstLevels,
} = PERFORMANCE_FORM;

const wording = ([label = '', ...spellings]: readonly string[]) => ({ label, spellings });

const FUNDS = { label: '部门整体资金（{unit}）', spellings: ['部门整体资金({unit})', '部门整体资金'], span: 1 };
const NAME = { key: 'row', label: '', span: 3, format: 'row' } as const;
const amount = (key: string, label: string, span: number): FormColumn => ({
  key,
  label,
  span,
  format: 'amount',
  required: true,
});

/** Sources of the appropriation stand under its heading, the subtotal first. */
const UNDER_APPROPRIATION: readonly IncomeRow[] = ['appropriation', ...APPROPRIATION_ROWS];
const INCOME: readonly FixedRow[] = INCOME_ROWS.map((key) => ({
  key,
  ...wording(incomeRows[key]),
  ...(UNDER_APPROPRIATION.includes(key) && { under: incomeHeadings[0] ?? '' }),
}));

/** Columns of the sheet that each column of an indicator block takes, by layout: both have six together. */
const SPANS: Readonly<Record<FirstLevel['layout'], Readonly<Partial<Record<string, number>>>>> = {
  plain: { level3: 2 },
  duties: {},
};

function indicators(key: string, layout: FirstLevel['layout']): TableBlock {
  const columns = layouts[layout].map(({ key: column, heading }): FormColumn => {
    const heads = column === 'level1' || column === 'level2' || column === 'keyWork';
    return {
      key: column,
      label: heading,
      span: SPANS[layout][column] ?? 1,
      format: heads || column === 'level3' ? 'text' : 'value',
      ...(heads ? { down: true, required: true } : {}),
      ...(column === 'level3' && { align: 'left', required: true }),
    };
  });
  return { kind: 'table', key, sides: [], columns, fixed: [], repeats: true };
}

const BLOCKS = [1, 2, 3] as const;
const blockKey = (block: number): string => `indicators${block}`;
const layoutOf = (block: number): FirstLevel['layout'] =>
  firstLevels.find((level) => level.block === block)?.layout ?? 'plain';

const prose = (key: string, names: readonly string[], lines: number) => [
  { key, ...wording(names), labelSpan: 1, span: 5, format: 'text' as const, lines },
];

export const TARGET_TABLE: FormLayout = {
  id: 'targets',
  titles: [PERFORMANCE_FORM.title],
  sheetName: '绩效目标表',
  widths: [14, 15, 21, 26, 14, 14],
  orientation: 'portrait',
  // The longest block; a sheet repeats one range of rows only.
  headingsOf: blockKey(2),
  blocks: [
    {
      kind: 'fields',
      rows: [
        [{ key: 'unitName', ...wording(sections.unit), labelSpan: 1, span: 5, format: 'text', required: true }],
        prose('duties', sections.duties, 3),
        prose('staffing', sections.staffing, 2),
      ],
    },
    {
      kind: 'table',
      key: 'income',
      sides: [FUNDS, { ...wording(sections.income), span: 1 }],
      columns: [{ ...NAME, span: 2 }, amount('annual', incomeColumns[0] ?? '', 2)],
      fixed: INCOME,
      repeats: false,
    },
    {
      kind: 'table',
      key: 'expenditure',
      sides: [FUNDS, { ...wording(sections.expenditure), span: 1 }],
      columns: [
        { ...NAME, span: 2 },
        amount('half', expenditureColumns.half, 1),
        amount('annual', expenditureColumns.annual, 1),
      ],
      fixed: [
        { key: 'basic', ...wording(expenditureRows.basic) },
        { key: 'project', ...wording(expenditureRows.project) },
      ],
      repeats: true,
    },
    {
      kind: 'fields',
      rows: [prose('longTermGoal', sections.longTermGoal, 3), prose('annualGoal', sections.annualGoal, 3)],
    },
    ...BLOCKS.map((block) => indicators(blockKey(block), layoutOf(block))),
  ],
};

/** A table as far as it can be printed: books without a half-year plan leave its cells empty. */
export interface PrintedTable extends Omit<PerformanceTable, 'basic' | 'project' | 'lines' | 'amountUnit'> {
  readonly basic: PrintedAmount;
  readonly project: PrintedAmount;
  readonly lines: readonly (PrintedAmount & Pick<TableLine, 'name' | 'expenditure'>)[];
}

export interface PrintedAmount {
  readonly halfFen?: Fen;
  readonly annualFen: Fen;
}

export function targetTableContent(table: PrintedTable): FormContent {
  const { title, year, unitName, narrative = {} } = table;
  const lineRow = ({ name, halfFen, annualFen }: PrintedAmount & { readonly name?: string }): Row => ({
    ...(name !== undefined && { row: name }),
    ...(halfFen !== undefined && { half: formatYuan(halfFen) }),
    annual: formatYuan(annualFen),
  });
  const projects = table.lines.filter(({ expenditure }) => expenditure === 'project');
  return {
    title,
    year,
    fields: { unitName, ...narrativeFields(narrative) },
    tables: {
      income: INCOME_ROWS.map((row) => ({ row, annual: formatYuan(table.income[row]) })),
      expenditure: [
        { ...lineRow(table.basic), row: 'basic' },
        { ...lineRow(table.project), row: 'project' },
        ...projects.map(lineRow),
      ],
      ...Object.fromEntries(BLOCKS.map((block) => [blockKey(block), indicatorRows(table, block)])),
    },
  };
}

/** In printed order; a heading without an indicator stands where the form usually has it. */
function indicatorRows({ indicators: all, emptyHeadings }: PrintedTable, block: number): Row[] {
  const own = all.filter((indicator) => indicator.block === block);
  const known = firstLevels.filter((level) => level.block === block);
  const others = [...new Set(own.map(({ level1 }) => level1))].filter((name) =>
    known.every((level) => level.name !== name),
  );
  return [...known, ...others.map((name) => ({ name, usualSecondLevels: [] as readonly string[] }))].flatMap(
    ({ name, usualSecondLevels }) => {
      const rows: Row[] = own
        .filter(({ level1 }) => level1 === name)
        .map(({ level1, level2, keyWork, level3, half, annual }) => ({
          level1,
          level2,
          ...(keyWork !== undefined && { keyWork }),
          level3,
          half: half.text,
          annual: annual.text,
        }));
      const rank = (level2: string | undefined) => {
        const found = usualSecondLevels.indexOf(level2 ?? '');
        return found < 0 ? usualSecondLevels.length : found;
      };
      for (const { level1, level2 } of emptyHeadings.filter((heading) => heading.level1 === name)) {
        const next = rows.findIndex((row) => rank(row['level2']) > rank(level2));
        rows.splice(next < 0 ? rows.length : next, 0, { level1, level2 });
      }
      return rows;
    },
  );
}

/** Headings that the form prints whether or not a table has indicators for them: those of the levels that may be empty. */
export const headingsWithout = (indicators: PrintedTable['indicators']): PrintedTable['emptyHeadings'] =>
  firstLevels
    .filter(({ mayBeEmpty }) => mayBeEmpty)
    .flatMap(({ name: level1, usualSecondLevels }) =>
      usualSecondLevels
        .filter((level2) => !indicators.some((row) => row.level1 === level1 && row.level2 === level2))
        .map((level2) => ({ level1, level2 })),
    );

const ORGANISATION = '机构设置：';
const STAFFING = '人员配置：';

/** 机构设置 and 人员配置 are two paragraphs of one cell. */
export function narrativeFields({ duties, organisation, staffing, longTermGoal, annualGoal }: Narrative): Row {
  const paragraphs = [
    ...(organisation === undefined ? [] : [`${ORGANISATION}${organisation}`]),
    ...(staffing === undefined ? [] : [`${STAFFING}${staffing}`]),
  ];
  return {
    ...(duties !== undefined && { duties }),
    ...(paragraphs.length > 0 && { staffing: paragraphs.join('\n') }),
    ...(longTermGoal !== undefined && { longTermGoal }),
    ...(annualGoal !== undefined && { annualGoal }),
  };
}

/** The other way; a text without the two headings is about the organisation. `undefined` for no text at all. */
export function narrativeOf(fields: Row): Narrative | undefined {
  const { duties, staffing: text, longTermGoal, annualGoal } = fields;
  const [, organisation, staffing] =
    /^(?:机构设置[：:]\s*)?([\s\S]*?)(?:\s*人员配置[：:]\s*([\s\S]*))?$/u.exec(text ?? '') ?? [];
  const narrative: Narrative = {
    ...(duties && { duties }),
    ...(organisation && { organisation }),
    ...(staffing && { staffing }),
    ...(longTermGoal && { longTermGoal }),
    ...(annualGoal && { annualGoal }),
  };
  return Object.keys(narrative).length === 0 ? undefined : narrative;
}
