/** Import of payments or adjustments from CSV: booked in commands of up to 500 movements, in the order of the file. */
import type { BudgetCommand, Movement } from '#domain/budget/commands.js';
import { budgetDecider, budgetStream, decide } from '#domain/budget/decide.js';
import { MOVEMENTS_LIMIT } from '#domain/budget/rules.js';
import { copyOf, type BudgetState } from '#domain/budget/state.js';
import { evolve } from '#domain/budget/evolve.js';
import { formatYuan } from '#domain/money.js';
import type { Handler } from '#event-store/handler.js';
import { MAX_APPEND_BYTES } from '#event-store/port.js';
import { PROBLEMS_LISTED, type Reading } from '#forms/findings.js';
import { parseAdjustmentsCsv, type AdjustmentRows } from '#forms/import/adjustments-csv.js';
import { lineDirectory, type CsvOptions } from '#forms/import/csv-cells.js';
import { parsePaymentsCsv, type PaymentRow } from '#forms/import/payments-csv.js';
import { ROWS_SHOWN, seen, stepKey, type EntryRows, type ImportPlan } from './import-plan.js';
import { noted, told } from './import-table.js';
import { tryOut } from './import-trial.js';
import type { Upload } from './upload.js';

type RowCommand = Extract<BudgetCommand, { type: 'ExecutePayments' | 'Adjust' }>;

interface RowStep {
  readonly on: 'budget';
  readonly key: string;
  readonly entries: EntryRows;
  readonly command: RowCommand;
}

/** `unit` and `year` are registered and checked by the caller. */
export async function planRowImport(
  handler: Handler,
  upload: Upload,
  { unit, year }: { readonly unit: string; readonly year: number },
): Promise<ImportPlan> {
  const stream = budgetStream(unit, year);
  const { state, revision } = await handler.load(stream, budgetDecider(unit, year));
  // At once: the state is the handler's, and others book on it while this import is tried out.
  const books = copyOf(state);
  const live = [...books.lines].filter(([, line]) => line.live);
  const options = { year, lines: lineDirectory(live.map(([line, { name }]) => ({ line, name }))) };
  const read = upload.kind === 'payments' ? readPayments : readAdjustments;
  const { reading, rows, rowCount, steps } = read(upload, options, books);
  const tried = await tryOut(books, steps, { decide, evolve, freshRows });
  const problems = [...reading.problems.map(told), ...tried.problems];
  return {
    unit,
    year,
    revisions: { [stream]: seen(revision) },
    rows: rows.slice(0, ROWS_SHOWN),
    rowCount,
    repeats: rowCount - tried.fresh.reduce((left, fresh) => left + fresh, 0),
    controls: [],
    notes: reading.notes.map(noted),
    inferences: [],
    differences: [],
    problems: problems.slice(0, PROBLEMS_LISTED),
    problemCount: reading.problemCount + tried.problems.length,
    content: steps.map(({ key, command }) => [key, command]),
    steps:
      problems.length > 0
        ? []
        : steps.map((step, index) => ({ ...step, fresh: tried.fresh[index] ?? 0 })).filter(({ fresh }) => fresh > 0),
  };
}

interface RowReading {
  readonly reading: Reading<unknown>;
  readonly rows: readonly object[];
  readonly rowCount: number;
  readonly steps: readonly RowStep[];
}

function readPayments(upload: Upload, options: CsvOptions, books: BudgetState): RowReading {
  const reading = parsePaymentsCsv(upload.bytes, options);
  const content = reading.content ?? [];
  const sizeOf = ({ payment }: PaymentRow) => ({ movements: 1, bytes: eventBytes(payment) });
  const steps = chunks(content, sizeOf).map((chunk) =>
    stepOf(upload, books, {
      entries: chunk.map(({ row }) => [row]),
      numbers: chunk.map(({ payment }) => `voucher ${payment.voucherNo}`),
      command: { type: 'ExecutePayments', payments: chunk.map(({ payment }) => payment) },
    }),
  );
  const rows = content.slice(0, ROWS_SHOWN).map(({ row, payment: { fen, payee, ...payment } }) => ({
    row,
    ...payment,
    amount: formatYuan(fen),
    payee: payee.name,
  }));
  return { reading, rows, rowCount: content.length, steps };
}

function readAdjustments(upload: Upload, options: CsvOptions, books: BudgetState): RowReading {
  const reading = parseAdjustmentsCsv(upload.bytes, options);
  const content = reading.content ?? [];
  const sizeOf = ({ adjustment: { movements, ...whole } }: AdjustmentRows) => ({
    movements: movements.length,
    bytes: movements.reduce((left, movement) => left + eventBytes({ ...whole, ...movement }), 0),
  });
  const steps = chunks(content, sizeOf).map((chunk) =>
    stepOf(upload, books, {
      entries: chunk.map(({ rows }) => rows),
      numbers: chunk.map(({ adjustment }) => `adjustment ${adjustment.adjustmentId}`),
      command: { type: 'Adjust', adjustments: chunk.map(({ adjustment }) => adjustment) },
    }),
  );
  const rowCount = content.reduce((left, { rows }) => left + rows.length, 0);
  return { reading, rows: content.slice(0, ROWS_SHOWN).flatMap(movementRows), rowCount, steps };
}

/** One shown row for each movement, with the columns of the file. */
const movementRows = ({ rows, adjustment }: AdjustmentRows): object[] =>
  adjustment.movements.map((movement, index) => ({
    row: rows[index],
    adjustmentId: adjustment.adjustmentId,
    effectiveDate: adjustment.effectiveDate,
    ...(adjustment.belongsTo && { belongsTo: adjustment.belongsTo }),
    kind: movement.kind,
    ...endsOf(movement),
    amount: formatYuan(movement.fen),
    reasonCode: adjustment.reasonCode,
    documentNumber: adjustment.document?.number ?? '',
  }));

function endsOf(movement: Movement): { readonly from: string; readonly to: string } {
  if (movement.kind === 'transfer') return { from: movement.from, to: movement.to };
  return movement.kind === 'add' ? { from: '', to: movement.line } : { from: movement.line, to: '' };
}

/** Left free of the limit of one append: the estimate below is not exact. */
const CHUNK_BYTES = 0.9 * MAX_APPEND_BYTES;
/** What an event holds beside its content: actor, command, correlation, hash, dates. */
const METADATA_BYTES = 450;

export const eventBytes = (content: object): number => Buffer.byteLength(JSON.stringify(content)) + METADATA_BYTES;

interface Size {
  readonly movements: number;
  readonly bytes: number;
}

/** In order, each as full as the limits of one command and of one append allow; an entry is never split. */
export function chunks<Entry>(
  entries: readonly Entry[],
  sizeOf: (entry: Entry) => Size,
  limit = MOVEMENTS_LIMIT,
): Entry[][] {
  const all: Entry[][] = [];
  let [movements, bytes] = [0, 0];
  for (const entry of entries) {
    const added = sizeOf(entry);
    const last = all.at(-1);
    const fits = movements + added.movements <= limit && bytes + added.bytes <= CHUNK_BYTES;
    if (last !== undefined && fits) last.push(entry);
    else all.push([entry]);
    const before = last !== undefined && fits ? { movements, bytes } : { movements: 0, bytes: 0 };
    [movements, bytes] = [before.movements + added.movements, before.bytes + added.bytes];
  }
  return all;
}

/**
 * The key names the file, the rows, and how often their numbers were reversed: the same file is booked once, and again what
 * was reversed since.
 */
function stepOf(
  upload: Upload,
  { reversals }: BudgetState,
  part: { readonly entries: EntryRows; readonly numbers: readonly string[]; readonly command: RowCommand },
): RowStep {
  const { entries, command } = part;
  const reversed = part.numbers.reduce((left, number) => left + (reversals.get(number) ?? 0), 0);
  const span = `${entries[0]?.[0] ?? 0}-${entries.at(-1)?.[0] ?? 0}`;
  return { on: 'budget', key: stepKey(upload, `${span}:${reversed}`), entries, command };
}

/** Rows of a refused command that are not booked, each entry looked at by itself. */
function freshRows(books: BudgetState, command: RowCommand, entries: EntryRows): number {
  const alone: readonly RowCommand[] =
    command.type === 'ExecutePayments'
      ? command.payments.map((payment) => ({ ...command, payments: [payment] }))
      : command.adjustments.map((adjustment) => ({ ...command, adjustments: [adjustment] }));
  return alone.reduce((left, single, index) => {
    const decision = decide(single, books);
    const booked = decision.accepted && decision.events.length === 0;
    return left + (booked ? 0 : (entries[index]?.length ?? 0));
  }, 0);
}
