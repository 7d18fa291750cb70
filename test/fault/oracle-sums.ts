/** Sums of money from the bytes of the log by the plainest arithmetic, and whether an answer's lines agree with them. */
import type { LogRow } from './oracle.js';

/** An amount of yuan in fen; nothing is 0. */
export const yuan = (amount: string | undefined): bigint => BigInt((amount ?? '0.00').replace('.', ''));

type Line = Readonly<Record<string, string>>;

export interface LinesAnswer {
  readonly lines: readonly Line[];
  readonly totals: Line;
}

/** Net payments of each line of one stream, fen: payments less what came back of them. */
export function paidByLine(rows: readonly LogRow[]): Map<string, bigint> {
  const paid = new Map<string, bigint>();
  const lineOf = new Map<string, string>();
  const add = (line: string, fen: bigint): void => void paid.set(line, (paid.get(line) ?? 0n) + fen);
  for (const { type, data } of rows) {
    const { voucherNo, line, fen } = data as { voucherNo: string; line: string; fen: number };
    if (type === 'PaymentExecuted') {
      lineOf.set(voucherNo, line);
      add(line, BigInt(fen));
    }
    if (type === 'PaymentReturned') add(lineOf.get(voucherNo) ?? '', -BigInt(fen));
  }
  return paid;
}

/** What does not add up in the lines of one unit and year; `paid` is what the log says. */
export function openSums({ lines, totals }: LinesAnswer, paid: ReadonlyMap<string, bigint>): string[] {
  const open: string[] = [];
  const check = (what: string, found: bigint, expected: bigint): void => {
    if (found !== expected) open.push(`${what}: ${found} fen, expected ${expected}`);
  };
  for (const line of lines) {
    const of = (column: string): bigint => yuan(line[column]);
    check(`paid of ${line['line']}`, of('paid'), paid.get(line['line'] ?? '') ?? 0n);
    const changed = of('added') - of('cut') + of('transferredIn') - of('transferredOut');
    check(`current of ${line['line']}`, of('current'), of('original') + of('carryOverIn') + changed);
    const bound = of('takenBack') + of('frozen') + of('requested') + of('paid');
    check(`available of ${line['line']}`, of('available'), of('current') - bound);
  }
  for (const column of COLUMNS) {
    check(
      `total of ${column}`,
      yuan(totals[column]),
      lines.reduce((sum, line) => sum + yuan(line[column]), 0n),
    );
  }
  check('transfers', yuan(totals['transferredIn']) - yuan(totals['transferredOut']), 0n);
  check('paid lines', BigInt([...paid.keys()].filter((id) => !lines.some(({ line }) => line === id)).length), 0n);
  return open;
}

const COLUMNS = [
  'original',
  'carryOverIn',
  'added',
  'cut',
  'transferredIn',
  'transferredOut',
  'current',
  'frozen',
  'requested',
  'paid',
  'takenBack',
  'available',
] as const;
