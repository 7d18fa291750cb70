/** Verbs of the manager that move budget between lines or hold it back: adjust, freeze, release, take-back. */
import type { Command } from 'commander';
import { REASON_CODES, type ReasonCode } from '#domain/budget/events.js';
import { book, bookOptions, books, dateOptions, datesOf } from './book.js';
import { collect, does, type Cli } from './cli.js';
import { path } from './client.js';
import { defined, type Given, quote } from './given.js';
import { importFile } from './import.js';

export const documentOptions = (command: Command): Command =>
  command
    .option('--document <number>', 'number of the document it rests on')
    .option('--document-date <date>', 'date of the document')
    .option('--document-title <title>', 'title of the document');

export function documentOf(given: Given): Record<string, unknown> | undefined {
  const [date, title] = [given.optionalDate('document-date'), given.optionalText('document-title')];
  const number = given.optionalText('document');
  if (number !== undefined) return defined({ number, title, date });
  if (date !== undefined || title !== undefined)
    given.fault('document', 'REQUIRED', 'is required with its date or title');
  return undefined;
}

export function adjustVerbs(program: Command, cli: Cli): void {
  adjustVerb(program, cli);
  books(
    cli,
    program
      .command('freeze')
      .description('freeze money of a line')
      .option('--id <number>', 'number of the freeze')
      .option('--line <line>', 'line')
      .option('--amount <yuan>', 'amount in yuan')
      .option('--reason <words>', 'why'),
    (given) => ({
      address: '/freezes',
      body: {
        freezeId: given.text('id'),
        ...datesOf(given),
        line: given.text('line'),
        amount: given.amount('amount'),
        reason: given.optionalText('reason'),
      },
    }),
  );
  books(
    cli,
    program
      .command('release <freeze>')
      .description('release a freeze, or part of it')
      .option('--amount <yuan>', 'amount in yuan (default: all that is still frozen)'),
    (given, freeze = '') => ({
      address: path`/freezes/${freeze}/release`,
      body: { ...datesOf(given), amount: given.optionalAmount('amount') },
    }),
  );
  books(
    cli,
    documentOptions(program.command('take-back').description('record surplus that was taken back'))
      .option('--id <number>', 'number of the take-back')
      .option('--line <line>', 'line')
      .option('--origin-year <year>', 'year in which the money was first approved')
      .option('--amount <yuan>', 'amount in yuan'),
    (given) => ({
      address: '/take-backs',
      body: {
        takeBackId: given.text('id'),
        ...datesOf(given),
        line: given.text('line'),
        originYear: given.year('origin-year'),
        amount: given.amount('amount'),
        document: documentOf(given),
      },
    }),
  );
}

const SINGLE = [
  'id',
  'date',
  'belongs-to',
  'add',
  'cut',
  'transfer',
  'reason',
  'document',
  'document-date',
  'document-title',
];

function adjustVerb(program: Command, cli: Cli): void {
  const command = program
    .command('adjust')
    .description('add to, cut and transfer between lines, all movements at once; or a CSV file of adjustments')
    .option('--id <number>', 'number of the adjustment')
    .option('--add <line=amount>', 'addition; may be given several times', collect)
    .option('--cut <line=amount>', 'cut; AMOUNT@YEAR takes money carried over from that year', collect)
    .option('--transfer <from:to=amount>', 'transfer; AMOUNT@YEAR moves money carried over from that year', collect)
    .option('--reason <code>', REASON_CODES.join(', '))
    .option('--file <csv>', 'CSV file: adjustmentId,effectiveDate,kind,from,to,amount,reasonCode,documentNumber')
    .option('--yes', 'book the file without asking');
  does(cli, bookOptions(dateOptions(documentOptions(command))), async (given) => {
    const file = given.optionalText('file');
    if (file !== undefined) {
      given.alone('file', [...SINGLE, 'key', 'if-match']);
      return importFile(cli, given, { file, kind: 'adjustments' });
    }
    return book(cli, given, {
      address: '/adjustments',
      body: {
        adjustmentId: given.text('id'),
        ...datesOf(given),
        reasonCode: reasonOf(given),
        document: documentOf(given),
        movements: movementsOf(given),
      },
    });
  });
}

/** Codes as people type them: `national-policy` is `NATIONAL_POLICY`. */
function reasonOf(given: Given): ReasonCode | undefined {
  const text = given.text('reason');
  const code = REASON_CODES.find((known) => known === text.toUpperCase().replaceAll('-', '_'));
  if (text !== '' && code === undefined) {
    given.fault('reason', 'NOT_A_CHOICE', `${quote(text)} is none of ${REASON_CODES.join(', ')}`);
  }
  return code;
}

/** Movements in the order add, cut, transfer. Line ids may hold `=`: the last one parts the amount off. */
function movementsOf(given: Given): readonly Record<string, unknown>[] {
  const add = given.list('add').map((text) => {
    const { name, amount, originYear } = parts(given, 'add', text);
    if (originYear !== undefined) given.fault('add', 'NOT_A_MOVEMENT', `${quote(text)}: an addition names no year`);
    return { kind: 'add', line: name, amount };
  });
  const cut = given.list('cut').map((text) => {
    const { name, amount, originYear } = parts(given, 'cut', text);
    return defined({ kind: 'cut', line: name, amount, originYear });
  });
  const transfer = given.list('transfer').map((text) => {
    const { name, amount, originYear } = parts(given, 'transfer', text);
    const [from, to, ...others] = name.split(':');
    if (!from || !to || others.length > 0)
      given.fault('transfer', 'NOT_A_MOVEMENT', `${quote(text)}: write FROM:TO=AMOUNT`);
    return defined({ kind: 'transfer', from, to, amount, originYear });
  });
  const movements = [...add, ...cut, ...transfer];
  if (movements.length === 0) given.fault('add', 'REQUIRED', 'give at least one of --add, --cut and --transfer');
  return movements;
}

function parts(given: Given, option: string, text: string): { name: string; amount: string; originYear?: number } {
  const match = /^(.+)=([^=@]*)(?:@(\d{4}))?$/.exec(text);
  if (match === null) {
    const form = option === 'transfer' ? 'FROM:TO=AMOUNT' : 'LINE=AMOUNT';
    given.fault(option, 'NOT_A_MOVEMENT', `${quote(text)}: write ${form}`);
    return { name: 'a:b', amount: '' };
  }
  const [, name = '', amount = '', year] = match;
  given.readAmount(option, amount);
  return { name, amount, ...(year === undefined ? {} : { originYear: Number(year) }) };
}
