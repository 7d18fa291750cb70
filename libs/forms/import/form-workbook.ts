/**
 * Reads a filled form out of a workbook by the form's layout: the sheet by its title, tables by their headings, texts by their
 * names. What stands elsewhere than the form prints it is found or told, by cell; everything at once.
 */
import type { AmountUnit } from '#forms/amount.js';
import { Findings, present, WHOLE_FILE, type Reading } from '#forms/findings.js';
import {
  isWording,
  plainWords,
  tablesOf,
  worded,
  wordedValues,
  type Block,
  type FormContent,
  type FormField,
  type FormLayout,
  type TableBlock,
  type Wording,
} from '#forms/layout.js';
import { plainDigits } from '#forms/target-value.js';
import type { Sheet, Workbook } from '#forms/workbook/cells.js';
import { readCell } from './form-cells.js';
import { findHeadingRow, readHeadings } from './form-headings.js';
import { isRemark, readTable, type ReadRow } from './form-table.js';
import { SheetView } from './sheet-view.js';

/** A form as it stands in a file. Fields and cells that are empty are absent; `at` is the cell of a field. */
export interface ReadForm {
  readonly title: string;
  readonly year: number;
  readonly unit: AmountUnit;
  readonly sheet: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly tables: Readonly<Record<string, readonly ReadRow[]>>;
  at(field: string): string;
}

/** The content of the form, or all problems by cell. */
export function readForm(workbook: Workbook, layout: FormLayout): Reading<FormContent> {
  const findings = new Findings();
  const form = readFormInto(workbook, layout, findings);
  return findings.reading(() => contentOf(present(form, 'the form')));
}

export function contentOf({ title, year, fields, tables }: ReadForm): FormContent {
  const rows = Object.entries(tables).map(([key, read]) => [key, read.map(({ values }) => values)] as const);
  return { title, year, fields, tables: Object.fromEntries(rows) };
}

/** Whether a visible sheet has this form's title. */
export const holdsForm = (workbook: Workbook, layout: FormLayout): boolean =>
  workbook.sheets.some((sheet) => !sheet.hidden && titleOf(new SheetView(sheet), layout) !== undefined);

/**
 * For readers that say more about the form; what they find belongs to the same findings. `others`: forms that the file was looked
 * through for before, told when it holds none of them.
 */
export function readFormInto(
  workbook: Workbook,
  layout: FormLayout,
  findings: Findings,
  others: readonly FormLayout[] = [],
): ReadForm | undefined {
  const found = findSheet(workbook.sheets, { layout, others, findings });
  if (found === undefined) return undefined;
  const { view, title } = found;
  if (!view.measured) {
    findings.problem(view.name, 'MERGES_TOO_MANY');
    return undefined;
  }
  const before = findings.problemCount;
  const unit = readUnit(view, layout, findings);
  const anchors = findBlocks({ view, layout, unit, findings }, title.row);
  const year = readYear(view, title, anchors, findings);
  const fields: Record<string, string> = {};
  const places = new Map<string, string>();
  const tables: Record<string, readonly ReadRow[]> = {};
  for (const { block: printed, row, end } of anchors) {
    if (printed.kind === 'fields') {
      const others = printed.rows.flat();
      for (const field of others) readField(field, { view, from: row, end, others, findings, fields, places });
      continue;
    }
    const block = filledIn(printed, { unit, stage: fields['stage'] });
    const headings = readHeadings(block, row, view, findings);
    if (headings === undefined) continue;
    const read = readTable({ block, headings, view, unit: unit ?? '万元', findings }, end);
    tables[block.key] = read.rows;
    Object.assign(fields, read.closing);
    if (end === view.rows) noteRest(view, read.end, findings);
  }
  if (findings.problemCount > before && year === undefined) return undefined;
  return {
    title: title.text,
    year: year ?? 0,
    unit: unit ?? '万元',
    sheet: view.name,
    fields,
    tables,
    at: (field) => places.get(field) ?? view.name,
  };
}

interface Title {
  readonly row: number;
  readonly column: number;
  readonly text: string;
}

/** Titles stand at the top; a form may have a line or two of its own above. */
const TITLE_ROWS = 15;

function titleOf(view: SheetView, { titles }: FormLayout): Title | undefined {
  for (let row = 0; row < Math.min(TITLE_ROWS, view.rows); row += 1) {
    for (let column = 0; column < view.columns; column += 1) {
      const text = view.ownText(row, column);
      const words = plainWords(text).replace(/\(.*\)$/u, '');
      if (titles.some((title) => words.endsWith(title))) return { row, column, text };
    }
  }
  return undefined;
}

interface Search {
  readonly layout: FormLayout;
  readonly others: readonly FormLayout[];
  readonly findings: Findings;
}

function findSheet(
  sheets: readonly Sheet[],
  { layout, others, findings }: Search,
): { readonly view: SheetView; readonly title: Title } | undefined {
  const all = sheets.flatMap((sheet) => {
    const view = new SheetView(sheet);
    const title = titleOf(view, layout);
    return title === undefined ? [] : [{ view, title, hidden: sheet.hidden }];
  });
  const visible = all.filter(({ hidden }) => !hidden);
  for (const { view, hidden } of all) if (hidden) findings.note(view.name, 'SHEET_HIDDEN');
  const [first, ...further] = visible;
  if (first === undefined) {
    const names = sheets.filter(({ hidden }) => !hidden).map(({ name }) => name);
    const none = others.every((other) => !holdsForm({ sheets }, other));
    const expected = [...new Set([layout, ...(none ? others : [])])].map(({ titles }) => titles[0] ?? '');
    findings.problem(WHOLE_FILE, 'SHEET_MISSING', { expected, sheets: names });
    return undefined;
  }
  for (const { view } of further) findings.problem(view.name, 'FORM_REPEATED', { first: first.view.name });
  return further.length > 0 ? undefined : first;
}

/** The unit of the amounts stands in the words at the side of the funds, or on a line of its own. */
function readUnit(view: SheetView, layout: FormLayout, findings: Findings): AmountUnit | undefined {
  const wordings: readonly Wording[] = tablesOf(layout).flatMap(({ sides }) => sides);
  const withUnit = wordings.find(({ label }) => label.includes('{unit}'));
  if (withUnit === undefined) return undefined;
  for (let row = 0; row < view.rows; row += 1) {
    for (let column = 0; column < view.columns; column += 1) {
      const text = view.ownText(row, column);
      if (text === '' || text.length > 60) continue;
      const alone = /^(?:金额)?单位:(万元|元)$/u.exec(plainWords(text))?.[1];
      const found = alone ?? wordings.map((wording) => wordedValues(wording, text)['unit']).find((unit) => unit);
      if (found === '万元' || found === '元') return found;
    }
  }
  findings.problem(view.name, 'CURRENCY_UNIT_MISSING', { expected: withUnit.label.replace('{unit}', '万元') });
  return undefined;
}

interface FormWords {
  readonly unit: AmountUnit | undefined;
  readonly stage?: string | undefined;
}

/** The block with the words that its form prints; those with gaps are spellings, so that other forms' words still match. */
function filledIn(block: TableBlock, { unit = '万元', stage }: FormWords): TableBlock {
  const fill = <Of extends Wording>(words: Of): Of => ({
    ...words,
    label: worded(words.label, { unit, ...(stage !== undefined && { stage }) }),
    spellings: [words.label, ...(words.spellings ?? [])],
  });
  return { ...block, sides: block.sides.map(fill), columns: block.columns.map(fill) };
}

interface Anchor {
  readonly block: Block;
  readonly row: number;
  /** Where the next block begins. */
  readonly end: number;
}

interface Blocks {
  readonly view: SheetView;
  readonly layout: FormLayout;
  readonly unit: AmountUnit | undefined;
  readonly findings: Findings;
}

/** Where each block begins, in the order of the form; those that are not there are told. */
function findBlocks({ view, layout, unit, findings }: Blocks, titleRow: number): readonly Anchor[] {
  let from = titleRow;
  const found: { readonly block: Block; readonly row: number }[] = [];
  for (const block of layout.blocks) {
    const row =
      block.kind === 'fields'
        ? firstField(view, block.rows.flat(), from)
        : findHeadingRow(
            block,
            tablesOf(layout).filter((other) => other !== block),
            view,
            from,
          );
    if (row === undefined) {
      if (block.kind === 'table' || block.rows.flat().some(({ required }) => required)) {
        findings.problem(view.name, 'SECTION_MISSING', { section: nameOf(block, unit) });
      }
      continue;
    }
    found.push({ block, row });
    from = block.kind === 'fields' ? row : row + 1;
  }
  return found.map((anchor, index) => ({ ...anchor, end: found[index + 1]?.row ?? view.rows }));
}

function nameOf(block: Block, unit: AmountUnit | undefined): string {
  if (block.kind === 'fields') return block.rows[0]?.[0]?.label ?? '';
  const { sides, columns } = filledIn(block, { unit });
  return sides.at(-1)?.label ?? columns.map(({ label }) => label).join(' ');
}

function firstField(view: SheetView, fields: readonly FormField[], from: number): number | undefined {
  for (let row = from; row < view.rows; row += 1) {
    for (let column = 0; column < view.columns; column += 1) {
      if (fields.some((field) => isWording(field, view.ownText(row, column)))) return row;
    }
  }
  return undefined;
}

interface FieldReading {
  readonly view: SheetView;
  readonly from: number;
  readonly end: number;
  /** Fields of the same block. */
  readonly others: readonly FormField[];
  readonly findings: Findings;
  readonly fields: Record<string, string>;
  readonly places: Map<string, string>;
}

/** The text right of the name, wherever the name stands in the block. */
function readField(field: FormField, reading: FieldReading): void {
  const { view, from, end, findings, fields, places } = reading;
  const { key, label, format, required } = field;
  for (let row = from; row < end; row += 1) {
    for (let column = 0; column < view.columns; column += 1) {
      if (!isWording(field, view.ownText(row, column))) continue;
      const right = columnOfText(field, row, column, reading);
      const at = view.at(row, right, label);
      const value = readCell(view.seen(row, right), format === 'points' ? 'points' : 'text', {
        at,
        unit: '元',
        findings,
      });
      places.set(key, at);
      const read = format === 'stage' ? stageOf(value, at, findings) : value;
      if (read !== undefined) fields[key] = read;
      else if (required && value === undefined) findings.problem(at, 'CELL_EMPTY');
      return;
    }
  }
  if (required) findings.problem(view.name, 'SECTION_MISSING', { section: label });
}

/**
 * The column of a field's text: beside its name, or further right where the name or the text was one cell over several columns
 * that were cut apart. Not beyond the columns that the form gives to both, nor behind another name.
 */
function columnOfText(field: FormField, row: number, column: number, { view, others, findings }: FieldReading): number {
  const beside = view.rightOf(row, column) + 1;
  if (view.merge(row, beside) !== undefined) return beside;
  for (let right = beside; right < column + field.labelSpan + field.span; right += 1) {
    const text = view.seenText(row, right);
    if (others.some((other) => isWording(other, text))) return beside;
    if (text === '') continue;
    if (right > beside) findings.note(view.at(row, right, field.label), 'MERGE_CUT_FILLED', { found: text });
    return right;
  }
  return beside;
}

/** `1-6月`: the months that a monitoring covers. */
function stageOf(text: string | undefined, at: string, findings: Findings): string | undefined {
  if (text === undefined) return undefined;
  const stage = Number(/^(?:1月?-)?(\d{1,2})月(?:底|末)?$/u.exec(plainWords(text))?.[1]);
  if (stage >= 1 && stage <= 12) return String(stage);
  findings.problem(at, 'STAGE_NOT_READABLE', { found: text });
  return undefined;
}

/** `2024年度` under the title, or in it. */
function readYear(view: SheetView, title: Title, anchors: readonly Anchor[], findings: Findings): number | undefined {
  const end = Math.max(title.row + 1, anchors[0]?.row ?? title.row + 3);
  for (let row = title.row; row < Math.min(end, view.rows); row += 1) {
    for (let column = 0; column < view.columns; column += 1) {
      const match = /(?<!\d)(\d{4})\s*年/u.exec(plainDigits(view.ownText(row, column)).text);
      if (match !== null) return Number(match[1]);
    }
  }
  findings.problem(view.at(title.row, title.column), 'YEAR_MISSING', { expected: '2024年度' });
  return undefined;
}

/** What stands below the last table is not of the form. */
function noteRest(view: SheetView, from: number, findings: Findings): void {
  for (let row = from; row < view.rows; row += 1) {
    for (let column = 0; column < view.columns; column += 1) {
      if (view.ownText(row, column) === '' || isRemark(view, row)) continue;
      findings.note(view.at(row, column), 'CELLS_NOT_READ');
      return;
    }
  }
}
