/**
 * A CSV of what the treasury has paid, got back and corrected, as notices: the columns of a payments file, then `kind`,
 * `number` and `toLine`. A payment fills what it always does; of the others a row fills what its kind says here.
 */
import { parseCivilDate, yearOf } from '#domain/calendar.js';
import { formatYuan, type Fen } from '#domain/money.js';
import { Findings, place, type Problem } from '#forms/findings.js';
import { amountCell, optionalDateCell, reportDuplicate, wordCell } from '#forms/import/csv-cells.js';
import { readRows, type CsvRow, type Header } from '#forms/import/csv-rows.js';
import { plainText } from '#forms/import/json-shape.js';
import { PROBLEMS } from '#forms/problem-codes.js';
import { numberOf, type TreasuryNotice } from '#messaging/treasury.js';
import type { Fault } from './faults.js';
import { quote } from './given.js';
import type { Place } from './place.js';

export interface NoticeRow {
  /** As a spreadsheet shows it: the header is row 1. */
  readonly row: number;
  readonly notice: TreasuryNotice;
}

export type NoticeRows = { readonly rows: readonly NoticeRow[] } | { readonly faults: readonly Fault[] };

const COLUMNS = {
  required: ['voucherNo', 'effectiveDate', 'line', 'amount', 'payee', 'purpose'],
  optional: ['economicCode', 'requestId', 'belongsTo', 'kind', 'number', 'toLine'],
} as const satisfies Header<string>;
type Column = (typeof COLUMNS)['required' | 'optional'][number];

/** As the verb's help shows it. */
export const FEED_HEADER = `${COLUMNS.required.join(',')}[,${COLUMNS.optional.join(',')}]`;

const KINDS = ['payment', 'passive-return', 'active-return', 'correction'] as const;

/** What a row of each kind fills beside `voucherNo` and `effectiveDate`; what is not named stays empty. */
const FILLED: Readonly<Record<(typeof KINDS)[number] | 'code-correction', readonly Column[]>> = {
  payment: ['line', 'amount', 'payee', 'purpose', 'economicCode', 'requestId', 'belongsTo'],
  'passive-return': ['number', 'amount'],
  'active-return': ['number', 'amount'],
  correction: ['number', 'line', 'toLine', 'amount'],
  'code-correction': ['number', 'economicCode'],
};

const ECONOMIC_CODE = /^3\d{2}(\d{2})?$/;
/** The largest amount that a notice may hold, in digits before the point. */
const LARGEST_DIGITS = 13;
const FAULTS_TOLD = 1_000;

/** Bytes of a file in, its notices or all its faults out. Payees are organisations. */
export function readNoticeRows(bytes: Uint8Array, at: Place): NoticeRows {
  const whole = new Findings();
  const rows = readRows<Column>(bytes, COLUMNS, whole) ?? [];
  const seen = new Map<string, { row: number; same: string }>();
  const read = rows.map((row) => new RowReader(row, at));
  const faults = whole.problems.map(told);
  const notices: NoticeRow[] = [];
  for (const reader of read) {
    const notice = reader.notice();
    if (notice !== undefined) {
      const entry = { row: reader.row, same: JSON.stringify(notice) };
      const column = notice.kind === 'payment' ? 'voucherNo' : 'number';
      reportDuplicate(
        seen,
        `${notice.kind} ${numberOf(notice)}`,
        entry,
        place(reader.row, column),
        reader.findings,
        numberOf(notice),
      );
      notices.push({ row: reader.row, notice });
    }
    faults.push(...reader.findings.problems.map(told), ...reader.faults);
  }
  if (faults.length === 0) return { rows: notices };
  const left = faults.length - FAULTS_TOLD;
  return { faults: left > 0 ? [...faults.slice(0, FAULTS_TOLD), { message: `… and ${left} more` }] : faults };
}

/** With every fact of the problem: what was found stands before the words, the others behind them. */
function told({ at, code, found, ...facts }: Problem): Fault {
  const { meaning, remedy } = PROBLEMS[code];
  const others = Object.entries({ ...(typeof found === 'string' ? {} : { found }), ...facts })
    .filter(([, fact]) => fact !== undefined)
    .map(([name, fact]) => `${name}: ${Array.isArray(fact) ? fact.join(', ') : String(fact)}`);
  const before = typeof found === 'string' ? `${quote(found)}: ` : '';
  const behind = others.length === 0 ? '' : ` (${others.join('; ')})`;
  return { place: at, code, message: `${before}${meaning} ${remedy}${behind}` };
}

class RowReader {
  readonly findings = new Findings();
  readonly faults: Fault[] = [];
  readonly row: number;
  private readonly cell: (column: Column) => string;

  constructor(
    { row, cell }: CsvRow<Column>,
    private readonly at: Place,
  ) {
    this.row = row;
    this.cell = cell;
  }

  /** `undefined` when the row has a fault. */
  notice(): TreasuryNotice | undefined {
    const given = this.cell('kind') || 'payment';
    const kind = wordCell(given, KINDS, this.place('kind'), this.findings);
    if (kind === undefined) return undefined;
    const isCode = kind === 'correction' && this.cell('toLine') === '' && this.cell('economicCode') !== '';
    this.emptyBut(isCode ? 'code-correction' : kind);
    const notice = this.read(isCode ? 'code-correction' : kind);
    return this.findings.problemCount + this.faults.length > 0 ? undefined : notice;
  }

  private read(kind: keyof typeof FILLED): TreasuryNotice {
    const { unit, year } = this.at;
    const shared = { unit, year, voucherNo: this.number('voucherNo'), effectiveDate: this.date(kind) };
    switch (kind) {
      case 'payment': {
        const [code, requestId] = [this.cell('economicCode'), this.cell('requestId')];
        return {
          kind,
          ...shared,
          line: this.text('line', 400),
          amount: this.amount(),
          payee: { name: this.text('payee', 200), kind: 'organisation' },
          purpose: this.text('purpose', 400),
          ...(code === '' ? {} : { departmentEconomic: this.code() }),
          ...(requestId === '' ? {} : { requestId: this.number('requestId') }),
        };
      }
      case 'passive-return':
      case 'active-return': {
        const returned = kind === 'passive-return' ? 'passive' : 'active';
        return { kind: 'return', ...shared, returnNo: this.number('number'), amount: this.amount(), returned };
      }
      case 'correction': {
        const [fromLine, toLine] = [this.text('line', 400), this.text('toLine', 400)];
        if (fromLine !== '' && fromLine === toLine) {
          this.fault('toLine', 'SAME_LINE', `${quote(toLine)}: a correction goes from one line to another`);
        }
        return { kind, ...shared, correctionNo: this.number('number'), fromLine, toLine, amount: this.amount() };
      }
      case 'code-correction':
        return { kind, ...shared, correctionNo: this.number('number'), toCode: this.code() };
    }
  }

  private place(column: Column): string {
    return place(this.row, column);
  }

  private fault(column: Column, code: string, message: string): void {
    this.faults.push({ place: this.place(column), code, message });
  }

  private emptyBut(kind: keyof typeof FILLED): void {
    const all: readonly Column[] = ['line', 'amount', 'payee', 'purpose', ...COLUMNS.optional];
    for (const column of all) {
      if (column === 'kind' || FILLED[kind].includes(column) || this.cell(column) === '') continue;
      this.fault(column, 'CELL_NOT_EXPECTED', `must be empty: a ${kind} fills ${FILLED[kind].join(', ')}`);
    }
  }

  private text(column: Column, most: number): string {
    return plainText(this.cell(column), most, this.place(column), this.findings) ?? '';
  }

  /** As the API takes numbers of papers. */
  private number(column: Column): string {
    const text = this.text(column, 64);
    if (/[/\\]|^\.{1,2}$/.test(text) || /\p{C}/u.test(text)) {
      this.fault(column, 'INVALID_NUMBER_TEXT', `${quote(text)}: numbers hold no slashes, and are not . or ..`);
    }
    return text;
  }

  private code(): string {
    const code = this.cell('economicCode');
    if (!ECONOMIC_CODE.test(code)) this.findings.problem(this.place('economicCode'), 'CODE_NOT_VALID', { found: code });
    return code;
  }

  private amount(): string {
    const amount: Fen | undefined = amountCell(this.cell('amount'), this.place('amount'), this.findings);
    if (amount === undefined) return '';
    const text = formatYuan(amount);
    if (text.length > LARGEST_DIGITS + '.00'.length) {
      this.findings.problem(this.place('amount'), 'AMOUNT_OUT_OF_RANGE', { found: text });
    }
    return text;
  }

  /** The date on the paper: of a payments file with late facts that is `belongsTo`. Only a return may be of a later year. */
  private date(kind: keyof typeof FILLED): string {
    const { year } = this.at;
    const text = this.cell('effectiveDate');
    const date = parseCivilDate(text);
    const isReturn = kind === 'passive-return' || kind === 'active-return';
    const late =
      kind === 'payment'
        ? optionalDateCell(this.cell('belongsTo'), year, this.place('belongsTo'), this.findings)
        : undefined;
    if (date === undefined) this.findings.problem(this.place('effectiveDate'), 'DATE_NOT_VALID', { found: text });
    else if (isReturn ? yearOf(date) < year : yearOf(date) !== year) {
      this.findings.problem(this.place('effectiveDate'), 'DATE_OUTSIDE_YEAR', { found: text, year });
    }
    return late ?? text;
  }
}
