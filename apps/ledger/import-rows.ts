/** Import of payments or adjustments from CSV: booked in commands of up to 500 movements, in the order of the file. */
import type { BudgetCommand } from '#domain/budget/commands.js';
import { budgetDecider, budgetStream, decide } from '#domain/budget/decide.js';
import { MOVEMENTS_LIMIT } from '#domain/budget/rules.js';
import { copyOf, type BudgetState } from '#domain/budget/state.js';
import { evolve } from '#domain/budget/evolve.js';
import { formatYuan } from '#domain/money.js';
import { presentMoney } from '#domain/present.js';
import type { Handler } from '#event-store/handler.js';
import { place, PROBLEMS_LISTED, type Reading } from '#forms/findings.js';
import { parseAdjustmentsCsv, type AdjustmentRows } from '#forms/import/adjustments-csv.js';
import { lineDirectory, type CsvOptions } from '#forms/import/csv-cells.js';
import { parsePaymentsCsv, type PaymentRow } from '#forms/import/payments-csv.js';
import {
  faultsOf,
  rowOf,
  ROWS_SHOWN,
  seen,
  stepKey,
  type ImportPlan,
  type ProblemAt,
  type Step,
} from './import-plan.js';
import { noted, told } from './import-table.js';
import { REFUSALS } from './refusals.js';
import type { Upload } from './upload.js';

type BudgetStep = Extract<Step, { on: 'budget' }>;

/** `unit` and `year` are registered and checked by the caller. */
export async function planRowImport(
  handler: Handler,
  upload: Upload,
  { unit, year }: { readonly unit: string; readonly year: number },
): Promise<ImportPlan> {
  const stream = budgetStream(unit, year);
  const { state, revision } = await handler.load(stream, budgetDecider(unit, year));
  const live = [...state.lines].filter(([, line]) => line.live);
  const options = { year, lines: lineDirectory(live.map(([line, { name }]) => ({ line, name }))) };
  const read = upload.kind === 'payments' ? readPayments : readAdjustments;
  const { reading, rows, steps } = read(upload, options, state);
  const tried = reading.content === undefined ? { problems: [], repeats: 0 } : tryOut(state, steps);
  const problems = [...reading.problems.map(told), ...tried.problems];
  return {
    unit,
    year,
    revisions: { [stream]: seen(revision) },
    rows: rows.slice(0, ROWS_SHOWN),
    rowCount: rows.length,
    repeats: tried.repeats,
    controls: [],
    notes: reading.notes.map(noted),
    inferences: [],
    differences: [],
    problems: problems.slice(0, PROBLEMS_LISTED),
    problemCount: reading.problemCount + tried.problems.length,
    steps: problems.length === 0 ? steps : [],
  };
}

interface RowReading {
  readonly reading: Reading<unknown>;
  readonly rows: readonly object[];
  readonly steps: readonly BudgetStep[];
}

function readPayments(upload: Upload, options: CsvOptions, state: BudgetState): RowReading {
  const reading = parsePaymentsCsv(upload.bytes, options);
  const content = reading.content ?? [];
  const steps = chunks(content, () => 1).map((chunk: readonly PaymentRow[]) =>
    stepOf(upload, state, {
      rows: chunk.map(({ row }) => row),
      numbers: chunk.map(({ payment }) => `voucher ${payment.voucherNo}`),
      command: { type: 'ExecutePayments', payments: chunk.map(({ payment }) => payment) },
    }),
  );
  const rows = content.map(({ row, payment: { fen, payee, ...payment } }) => ({
    row,
    ...payment,
    amount: formatYuan(fen),
    payee: payee.name,
  }));
  return { reading, rows, steps };
}

function readAdjustments(upload: Upload, options: CsvOptions, state: BudgetState): RowReading {
  const reading = parseAdjustmentsCsv(upload.bytes, options);
  const content = reading.content ?? [];
  const steps = chunks(content, ({ adjustment }) => adjustment.movements.length).map(
    (chunk: readonly AdjustmentRows[]) =>
      stepOf(upload, state, {
        rows: chunk.map(({ rows: [first = 0] }) => first),
        numbers: chunk.map(({ adjustment }) => `adjustment ${adjustment.adjustmentId}`),
        command: { type: 'Adjust', adjustments: chunk.map(({ adjustment }) => adjustment) },
      }),
  );
  const rows = content.map(({ rows: numbers, adjustment }) => ({
    rows: numbers,
    ...(presentMoney(adjustment) as object),
  }));
  return { reading, rows, steps };
}

/** In order, each as full as the limit of one command allows; an entry is never split. */
function chunks<Entry>(entries: readonly Entry[], sizeOf: (entry: Entry) => number): Entry[][] {
  const all: Entry[][] = [];
  let size = 0;
  for (const entry of entries) {
    const added = sizeOf(entry);
    const last = all.at(-1);
    if (last === undefined || size + added > MOVEMENTS_LIMIT) {
      all.push([entry]);
      size = added;
    } else {
      last.push(entry);
      size += added;
    }
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
  part: { readonly rows: readonly number[]; readonly numbers: readonly string[]; readonly command: BudgetCommand },
): BudgetStep {
  const reversed = part.numbers.reduce((left, number) => left + (reversals.get(number) ?? 0), 0);
  const span = `${part.rows[0] ?? 0}-${part.rows.at(-1) ?? 0}`;
  return { on: 'budget', key: stepKey(upload, `${span}:${reversed}`), rows: part.rows, command: part.command };
}

/** Decides the commands one after another on a copy of the books, as they would be booked. */
function tryOut(state: BudgetState, steps: readonly BudgetStep[]): { problems: ProblemAt[]; repeats: number } {
  const books = copyOf(state);
  const problems: ProblemAt[] = [];
  let repeats = 0;
  for (const { command, rows } of steps) {
    const decision = decide(command, books);
    if (decision.accepted) {
      for (const event of decision.events) evolve(books, event);
      if (command.type === 'ExecutePayments') repeats += rows.length - decision.events.length;
      continue;
    }
    for (const fault of faultsOf(decision.rejection)) {
      const words = REFUSALS[fault.code][1] as (given: typeof fault) => string;
      problems.push({ at: place(rowOf(fault.at, rows) ?? 0), code: fault.code, message: words(fault) });
    }
  }
  return { problems, repeats };
}
