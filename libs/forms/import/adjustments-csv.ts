/**
 * Adjustments as CSV (design 8), validated as a whole like payments. Rows of one adjustment are one booking, wherever they
 * stand in the file.
 */
import { parseCivilDate, type CivilDate } from '#domain/calendar.js';
import type { Movement, NewAdjustment } from '#domain/budget/commands.js';
import { REASON_CODES, type ReasonCode } from '#domain/budget/events.js';
import { MOVEMENTS_LIMIT } from '#domain/budget/rules.js';
import { Findings, place, present, type Reading } from '#forms/findings.js';
import {
  amountCell,
  dateCell,
  lineCell,
  optionalDateCell,
  reportDuplicate,
  wordCell,
  type CsvOptions,
} from './csv-cells.js';
import { readRows, type CsvRow, type Header } from './csv-rows.js';
import { plainText } from './json-shape.js';

/** Rows of one adjustment together, in the order of the file; `rows` are their numbers. */
export interface AdjustmentRows {
  readonly rows: readonly number[];
  readonly adjustment: NewAdjustment;
}

const ADJUSTMENT_HEADER: Header<
  | 'adjustmentId'
  | 'effectiveDate'
  | 'kind'
  | 'from'
  | 'to'
  | 'amount'
  | 'reasonCode'
  | 'documentNumber'
  | 'documentDate'
  | 'belongsTo'
> = {
  required: ['adjustmentId', 'effectiveDate', 'kind', 'from', 'to', 'amount', 'reasonCode', 'documentNumber'],
  optional: ['documentDate', 'belongsTo'],
};

/** Bytes of an adjustments file in, the adjustments or all problems out, in the order in which each first stands. */
export function parseAdjustmentsCsv(bytes: Uint8Array, options: CsvOptions): Reading<readonly AdjustmentRows[]> {
  const findings = new Findings();
  const groups = new Map<string, ReadMovement[]>();
  for (const csvRow of readRows(bytes, ADJUSTMENT_HEADER, findings) ?? []) {
    const read = readMovement(csvRow, options, findings);
    const group = groups.get(read.adjustmentId ?? '');
    if (read.adjustmentId === undefined) continue;
    if (group === undefined) groups.set(read.adjustmentId, [read]);
    else group.push(read);
  }
  for (const [adjustmentId, group] of groups) reportGroup(adjustmentId, group, findings);
  return findings.reading(() =>
    [...groups].map(([adjustmentId, group]) => {
      const [first] = group;
      const { effectiveDate, belongsTo, reasonCode, document } = present(first, 'the first row');
      return {
        rows: group.map(({ row }) => row),
        adjustment: {
          adjustmentId,
          effectiveDate: present(effectiveDate, 'the date'),
          ...(belongsTo && { belongsTo }),
          reasonCode: present(reasonCode, 'the reason'),
          ...(document && { document }),
          movements: group.map(({ movement }) => present(movement, 'the movement')),
        },
      };
    }),
  );
}

interface ReadMovement {
  readonly row: number;
  readonly adjustmentId: string | undefined;
  readonly effectiveDate: CivilDate | undefined;
  readonly belongsTo: CivilDate | undefined;
  readonly reasonCode: ReasonCode | undefined;
  readonly document: { readonly number: string; readonly date?: CivilDate } | undefined;
  readonly movement: Movement | undefined;
}

type AdjustmentRow = CsvRow<(typeof ADJUSTMENT_HEADER)['required'][number]>;

function readMovement({ row, cell }: AdjustmentRow, options: CsvOptions, findings: Findings): ReadMovement {
  const at = (column: Parameters<typeof cell>[0]) => place(row, column);
  const reasonCode = wordCell(cell('reasonCode'), REASON_CODES, at('reasonCode'), findings);
  const number = cell('documentNumber') && plainText(cell('documentNumber'), 100, at('documentNumber'), findings);
  const dateText = cell('documentDate');
  const date = dateText === '' ? undefined : parseCivilDate(dateText);
  if (dateText !== '' && date === undefined)
    findings.problem(at('documentDate'), 'DATE_NOT_VALID', { found: dateText });
  if (dateText !== '' && number === '') findings.problem(at('documentNumber'), 'CELL_EMPTY');
  if (reasonCode !== undefined && reasonCode !== 'ORDINARY' && (number === '' || date === undefined)) {
    findings.note(at('documentNumber'), 'EXEMPTION_NOT_DOCUMENTED', { reasonCode });
  }
  return {
    row,
    adjustmentId: plainText(cell('adjustmentId'), 64, at('adjustmentId'), findings),
    effectiveDate: dateCell(cell('effectiveDate'), options.year, at('effectiveDate'), findings),
    belongsTo: optionalDateCell(cell('belongsTo'), options.year, at('belongsTo'), findings),
    reasonCode,
    document: number ? { number, ...(date && { date }) } : undefined,
    movement: movementOf({ row, cell }, options, findings),
  };
}

/** An addition names only the line it goes `to`, a cut only the one it comes `from`, a transfer both. */
function movementOf({ row, cell }: AdjustmentRow, options: CsvOptions, findings: Findings): Movement | undefined {
  const kind = wordCell(cell('kind'), ['add', 'cut', 'transfer'], place(row, 'kind'), findings);
  const amount = amountCell(cell('amount'), place(row, 'amount'), findings);
  const end = (column: 'from' | 'to', used: boolean): string | undefined => {
    const named = cell(column);
    if (used) return lineCell(named, options.lines, place(row, column), findings);
    if (named !== '') findings.problem(place(row, column), 'CELL_NOT_EXPECTED', { found: named, kind: kind ?? '' });
    return undefined;
  };
  if (kind === undefined) return undefined;
  const from = end('from', kind !== 'add');
  const to = end('to', kind !== 'cut');
  if (amount === undefined) return undefined;
  if (kind === 'add') return to === undefined ? undefined : { kind, line: to, fen: amount };
  if (kind === 'cut') return from === undefined ? undefined : { kind, line: from, fen: amount };
  if (from === undefined || to === undefined) return undefined;
  if (from === to) findings.problem(place(row, 'to'), 'SAME_LINE', { line: from });
  return { kind, from, to, fen: amount };
}

/** Rows of one adjustment agree in all but the movement, do not repeat it, and fit one booking. */
function reportGroup(adjustmentId: string, group: readonly ReadMovement[], findings: Findings): void {
  const [first, ...others] = group;
  if (first === undefined) return;
  const seen = new Map<string, { row: number; same: string }>();
  const columns = {
    effectiveDate: ({ effectiveDate }: ReadMovement) => effectiveDate,
    belongsTo: ({ belongsTo }: ReadMovement) => belongsTo,
    reasonCode: ({ reasonCode }: ReadMovement) => reasonCode,
    documentNumber: ({ document }: ReadMovement) => document?.number,
    documentDate: ({ document }: ReadMovement) => document?.date,
  };
  for (const other of others) {
    for (const [column, value] of Object.entries(columns)) {
      if (value(other) === value(first)) continue;
      const facts = { adjustmentId, first: first.row, expected: value(first) ?? '', found: value(other) ?? '' };
      findings.problem(place(other.row, column), 'ADJUSTMENT_INCONSISTENT', facts);
    }
  }
  for (const { row, movement } of group) {
    if (movement === undefined) continue;
    reportDuplicate(
      seen,
      JSON.stringify(movement),
      { row, same: '' },
      place(row, 'adjustmentId'),
      findings,
      adjustmentId,
    );
  }
  if (group.length > MOVEMENTS_LIMIT) {
    const facts = { adjustmentId, movements: group.length, limit: MOVEMENTS_LIMIT };
    findings.problem(place(first.row, 'adjustmentId'), 'TOO_MANY_MOVEMENTS', facts);
  }
}
