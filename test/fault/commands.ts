/** What the clients of the load write: payments, requests, adjustments and returns on fifty lines in five units. */
import { randomUUID } from 'node:crypto';
import { commandIdOf } from '../../apps/ledger/recording.js';
import type { Random } from './random.js';

export const UNITS = ['F1', 'F2', 'F3', 'F4', 'F5'] as const;
export const LINES = Array.from({ length: 10 }, (_, index) => `P${String(index + 1).padStart(2, '0')}`);
export const YEAR = 2024;

export interface Command {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly method: 'POST' | 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  readonly stream: string;
  readonly key: string;
  /** What the log knows it by: derived from stream and key. */
  readonly commandId: string;
}

export const yearPath = (unit: string, year = YEAR): string => `/api/v1/units/${unit}/years/${year}`;

/** A write about one unit and year. */
export function budgetCommand(
  unit: string,
  operation: string,
  body: Command['body'],
  { year = YEAR, headers = {} }: { readonly year?: number; readonly headers?: Command['headers'] } = {},
): Command {
  return command(`budget-${unit}-${year}`, `${yearPath(unit, year)}/${operation}`, body, headers);
}

export const registerUnit = (unit: string): Command =>
  command('directory', '/api/v1/units', { unit, name: `单位 ${unit}`, validFrom: '2024-01-01' });

/** Every line gets the same amount of yuan, enough for all payments and too little for all requests. */
export function approvePlan(unit: string, lines: readonly string[] = LINES, original = 100_000): Command {
  return budgetCommand(unit, 'budget', {
    effectiveDate: '2024-01-01',
    income: [{ source: 'general-public', amount: `${original * lines.length}.00` }],
    basic: '0.00',
    project: `${original * lines.length}.00`,
    lines: lines.map((line) => ({
      line,
      name: `项目 ${line}`,
      expenditure: 'project',
      fund: 'general-public',
      original: `${original}.00`,
    })),
  });
}

/** A write that no rule refuses. */
export const smallAddition = (unit: string): Command =>
  budgetCommand(unit, 'adjustments', {
    adjustmentId: `A-${randomUUID()}`,
    effectiveDate: '2024-05-01',
    reasonCode: 'ORDINARY',
    movements: [{ kind: 'add', line: 'P01', amount: '0.01' }],
  });

function command(stream: string, path: string, body: Command['body'], headers: Command['headers'] = {}): Command {
  const key = randomUUID();
  return { method: 'POST', path, body, headers, stream, key, commandId: commandIdOf(stream, key) };
}

/** One clerk: remembers the vouchers and requests that were acknowledged, to come back to them. */
export class Clerk {
  readonly #vouchers: { unit: string; voucherNo: string }[] = [];
  readonly #requests: { unit: string; requestId: string; line: string }[] = [];
  #count = 0;

  constructor(
    private readonly name: string,
    private readonly random: Random,
  ) {}

  /** The next write. */
  next(): Command {
    this.#count += 1;
    const number = `${this.name}-${this.#count}`;
    const chance = this.random.fraction();
    if (chance < 0.5) return this.#pay(`V-${number}`);
    if (chance < 0.7) return this.#request(`R-${number}`);
    if (chance < 0.88) return this.#adjust(`A-${number}`);
    return this.#return(`T-${number}`) ?? this.#pay(`V-${number}`);
  }

  /** The command is in the books. */
  acknowledged({ stream, body }: Command): void {
    const unit = stream.split('-')[1] ?? '';
    const { voucherNo, returnNo, requestId, line } = body as Record<string, string | undefined>;
    if (returnNo === undefined && voucherNo !== undefined) this.#vouchers.push({ unit, voucherNo });
    else if (requestId !== undefined && line !== undefined) this.#requests.push({ unit, requestId, line });
  }

  #pay(voucherNo: string): Command {
    const request = this.random.fraction() < 0.3 ? this.#requests.shift() : undefined;
    const { unit, line } = request ?? { unit: this.random.oneOf(UNITS), line: this.random.oneOf(LINES) };
    const paid = { voucherNo, ...this.#disbursement(line, 6, 10) };
    return budgetCommand(unit, 'payments', request ? { ...paid, requestId: request.requestId } : paid);
  }

  #request(requestId: string): Command {
    const body = { requestId, ...this.#disbursement(this.random.oneOf(LINES), 1, 5) };
    return budgetCommand(this.random.oneOf(UNITS), 'payment-requests', body);
  }

  #disbursement(line: string, fromMonth: number, toMonth: number) {
    return {
      effectiveDate: this.#date(fromMonth, toMonth),
      line,
      amount: this.#amount(),
      payee: { name: '某公司', kind: 'organisation' },
      purpose: '货款',
    };
  }

  #adjust(adjustmentId: string): Command {
    const [line, from, to] = [this.random.oneOf(LINES), ...this.#twoLines()];
    const movements = {
      add: [{ kind: 'add', line, amount: this.#amount() }],
      cut: [{ kind: 'cut', line, amount: this.#amount() }],
      transfer: [{ kind: 'transfer', from, to, amount: this.#amount() }],
      // Several at once: all of them are in the log or none.
      several: [
        { kind: 'add', line: from, amount: this.#amount() },
        { kind: 'transfer', from, to, amount: this.#amount() },
        { kind: 'cut', line: to, amount: '0.01' },
      ],
    };
    return budgetCommand(this.random.oneOf(UNITS), 'adjustments', {
      adjustmentId,
      effectiveDate: this.#date(1, 10),
      reasonCode: 'ORDINARY',
      movements: movements[this.random.oneOf(['add', 'cut', 'transfer', 'several'] as const)],
    });
  }

  #return(returnNo: string): Command | undefined {
    const voucher = this.#vouchers.shift();
    if (voucher === undefined) return undefined;
    return budgetCommand(voucher.unit, `payments/${voucher.voucherNo}/returns`, {
      returnNo,
      effectiveDate: this.#date(11, 12),
      // Often more than was paid: refused.
      amount: this.#amount(),
      kind: 'passive',
    });
  }

  #twoLines(): [string, string] {
    const from = this.random.between(0, LINES.length - 1);
    const to = (from + this.random.between(1, LINES.length - 1)) % LINES.length;
    return [LINES[from] ?? '', LINES[to] ?? ''];
  }

  #amount(): string {
    return (this.random.between(1, 9_999) / 100).toFixed(2);
  }

  #date(fromMonth: number, toMonth: number): string {
    const [month, day] = [this.random.between(fromMonth, toMonth), this.random.between(1, 28)];
    return `${YEAR}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  }
}
