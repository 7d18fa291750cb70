/** Verbs of the clerk: payment requests, payments, and what corrects them. */
import type { Command } from 'commander';
import { book, bookOptions, books, dateOptions, datesOf, type Booking } from './book.js';
import { does, type Cli } from './cli.js';
import { path } from './client.js';
import { defined, type Given } from './given.js';
import { importFile } from './import.js';

const PAYEE_KINDS = ['organisation', 'person'] as const;

const disbursement = (command: Command): Command =>
  command
    .option('--line <line>', 'line that pays')
    .option('--amount <yuan>', 'amount in yuan, such as 92080.00')
    .option('--payee <name>', 'who is paid')
    .option('--payee-kind <kind>', `${PAYEE_KINDS.join(' or ')} (default: organisation)`)
    .option('--payee-ref <number>', 'account or register number of the payee')
    .option('--purpose <words>', 'what for');

const disbursementOf = (given: Given): Record<string, unknown> => ({
  ...datesOf(given),
  line: given.text('line'),
  amount: given.amount('amount'),
  payee: defined({
    name: given.text('payee'),
    ref: given.optionalText('payee-ref'),
    kind: given.optionalChoice('payee-kind', PAYEE_KINDS) ?? 'organisation',
  }),
  purpose: given.text('purpose'),
});

export function recordVerbs(program: Command, cli: Cli): void {
  payVerb(program, cli);
  books(
    cli,
    disbursement(program.command('request').description('request a payment; refused beyond the available amount'))
      .option('--id <number>', 'number of the request')
      .option('--contract <number>', 'number of the contract'),
    (given) => ({
      address: '/payment-requests',
      body: { requestId: given.text('id'), ...disbursementOf(given), contract: given.optionalText('contract') },
    }),
  );
  books(
    cli,
    program
      .command('cancel <request>')
      .description('cancel what is left of a payment request')
      .option('--reason <words>', 'why'),
    (given, request = '') => ({
      address: path`/payment-requests/${request}/cancellation`,
      body: { ...datesOf(given), reason: given.optionalText('reason') },
    }),
  );
  books(
    cli,
    program
      .command('return <voucher>')
      .description('record money of a payment that came back')
      .option('--number <number>', 'number of the return')
      .option('--amount <yuan>', 'amount in yuan')
      .option('--kind <kind>', 'passive: the bank sent it back; active: the payee did'),
    (given, voucher = '') => ({
      address: path`/payments/${voucher}/returns`,
      body: {
        returnNo: given.text('number'),
        ...datesOf(given),
        amount: given.amount('amount'),
        kind: given.choice('kind', ['passive', 'active']),
      },
    }),
  );
  books(
    cli,
    program
      .command('reattribute <voucher>')
      .description('move a payment, or part of it, to the line it belongs to')
      .option('--from <line>', 'line it stands on')
      .option('--to <line>', 'line it belongs to')
      .option('--amount <yuan>', 'amount in yuan'),
    (given, voucher = '') => ({
      address: path`/payments/${voucher}/reattributions`,
      body: {
        ...datesOf(given),
        fromLine: given.text('from'),
        toLine: given.text('to'),
        amount: given.amount('amount'),
      },
    }),
  );
  books(
    cli,
    program
      .command('reclassify <voucher>')
      .description('correct the department economic code of a payment')
      .option('--to-code <code>', 'the right code, such as 30201'),
    (given, voucher = '') => ({
      address: path`/payments/${voucher}/reclassification`,
      body: { ...datesOf(given), toCode: given.text('to-code') },
    }),
  );
  books(
    cli,
    program
      .command('reverse <what> <number>')
      .description('take back an entry that was a booking error: voucher, return, adjustment or take-back')
      .option('--reason <words>', 'what was wrong'),
    (given, what = '', number = '') => reversal(given, what, number),
  );
}

const REVERSED: Readonly<Record<string, string>> = {
  voucher: '/payments',
  return: '/returns',
  adjustment: '/adjustments',
  'take-back': '/take-backs',
};

function reversal(given: Given, what: string, number: string): Booking {
  const entries = Object.hasOwn(REVERSED, what) ? REVERSED[what] : undefined;
  if (entries === undefined) given.argument('what', `${what} is none of ${Object.keys(REVERSED).join(', ')}`);
  const body = { ...datesOf(given), reason: given.text('reason') };
  return { address: `${entries}${path`/${number}/reversal`}`, body };
}

/** Options that only a single payment has: a file says all this itself. */
const SINGLE = ['voucher', 'line', 'amount', 'date', 'belongs-to', 'payee', 'purpose', 'request', 'final', 'code'];

function payVerb(program: Command, cli: Cli): void {
  const command = disbursement(program.command('pay').description('record one payment, or a CSV file of them'))
    .option('--voucher <number>', 'number of the voucher')
    .option('--request <number>', 'payment request that it settles')
    .option('--final', 'nothing more will be paid on the request: its rest becomes available')
    .option('--code <code>', 'department economic code, such as 30201')
    .option('--origin-year <year>', 'pays from money carried over from that year')
    .option(
      '--file <csv>',
      'CSV file: voucherNo,effectiveDate,line,amount,payee,purpose[,economicCode,requestId,belongsTo]',
    )
    .option('--yes', 'book the file without asking');
  does(cli, bookOptions(dateOptions(command)), async (given) => {
    const file = given.optionalText('file');
    if (file !== undefined) {
      given.alone('file', [...SINGLE, 'payee-kind', 'payee-ref', 'origin-year', 'key', 'if-match']);
      return importFile(cli, given, { file, kind: 'payments' });
    }
    return book(cli, given, {
      address: '/payments',
      body: {
        voucherNo: given.text('voucher'),
        ...disbursementOf(given),
        requestId: given.optionalText('request'),
        final: given.flag('final') || undefined,
        departmentEconomic: given.optionalText('code'),
        originYear: given.optionalYear('origin-year'),
      },
    });
  });
}
