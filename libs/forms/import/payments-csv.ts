/**
 * Payments as CSV (design 8), validated as a whole: one bad row refuses the file, and all bad rows are listed. Whether a
 * line has the money is not asked here; a payment is a fact.
 */
import type { NewPayment } from '#domain/budget/commands.js';
import { Findings, place, present, type Reading } from '#forms/findings.js';
import { amountCell, dateCell, lineCell, optionalDateCell, reportDuplicate, type CsvOptions } from './csv-cells.js';
import { readRows, type Header } from './csv-rows.js';
import { ECONOMIC_CODE } from './json-form-shape.js';
import { plainText } from './json-shape.js';

/** A row of the file and what it books. `row` is what a spreadsheet shows: the header is row 1. */
export interface PaymentRow {
  readonly row: number;
  readonly payment: NewPayment;
}

const PAYMENT_HEADER: Header<
  'voucherNo' | 'effectiveDate' | 'line' | 'amount' | 'payee' | 'purpose' | 'economicCode' | 'requestId' | 'belongsTo'
> = {
  required: ['voucherNo', 'effectiveDate', 'line', 'amount', 'payee', 'purpose'],
  optional: ['economicCode', 'requestId', 'belongsTo'],
};

/** Bytes of a payments file in, its rows or all its problems out. Payees are organisations. */
export function parsePaymentsCsv(bytes: Uint8Array, options: CsvOptions): Reading<readonly PaymentRow[]> {
  const findings = new Findings();
  const seen = new Map<string, { row: number; same: string }>();
  const payments = (readRows(bytes, PAYMENT_HEADER, findings) ?? []).map(({ row, cell }) => {
    const at = (column: Parameters<typeof cell>[0]) => place(row, column);
    const voucherNo = plainText(cell('voucherNo'), 64, at('voucherNo'), findings);
    const effectiveDate = dateCell(cell('effectiveDate'), options.year, at('effectiveDate'), findings);
    const belongsTo = optionalDateCell(cell('belongsTo'), options.year, at('belongsTo'), findings);
    const line = lineCell(cell('line'), options.lines, at('line'), findings);
    const amount = amountCell(cell('amount'), at('amount'), findings);
    const payee = plainText(cell('payee'), 200, at('payee'), findings);
    const purpose = plainText(cell('purpose'), 400, at('purpose'), findings);
    const requestId = cell('requestId') && plainText(cell('requestId'), 64, at('requestId'), findings);
    const economic = cell('economicCode');
    if (economic !== '' && !ECONOMIC_CODE.test(economic)) {
      findings.problem(at('economicCode'), 'CODE_NOT_VALID', { found: economic });
    }
    const same = JSON.stringify([effectiveDate, line, amount, payee, purpose, requestId, economic, belongsTo]);
    if (voucherNo !== undefined) reportDuplicate(seen, voucherNo, { row, same }, at('voucherNo'), findings);
    return { row, voucherNo, effectiveDate, belongsTo, line, amount, payee, purpose, requestId, economic };
  });
  return findings.reading(() =>
    payments.map(({ row, economic, requestId, belongsTo, ...paid }) => ({
      row,
      payment: {
        effectiveDate: present(paid.effectiveDate, 'the date'),
        ...(belongsTo && { belongsTo }),
        voucherNo: present(paid.voucherNo, 'the voucher number'),
        line: present(paid.line, 'the line'),
        fen: present(paid.amount, 'the amount'),
        payee: { name: present(paid.payee, 'the payee'), kind: 'organisation' },
        purpose: present(paid.purpose, 'the purpose'),
        ...(requestId && { requestId }),
        ...(economic && { departmentEconomic: economic }),
      },
    })),
  );
}
