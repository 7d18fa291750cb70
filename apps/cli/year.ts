/** Verbs that open, plan and seal a year. */
import type { Command } from 'commander';
import { book, bookOptions, books, datesOf, type Booking } from './book.js';
import { does, type Cli } from './cli.js';
import { path } from './client.js';
import { defined, type Given } from './given.js';
import { readJson } from './json-file.js';

export function yearVerbs(program: Command, cli: Cli): void {
  const approve = program
    .command('approve <file>')
    .description('approve the plan of a year from a JSON file: the body of POST …/budget (see /api/docs)');
  does(cli, bookOptions(approve), async (given, file = '') => {
    const body = await readJson(file);
    const year = /^(\d{4})-/.exec(String(body['effectiveDate']))?.[1];
    await book(cli, given, {
      address: '/budget',
      body,
      fromFile: true,
      ...(year === undefined ? {} : { year: Number(year) }),
    });
  });
  books(
    cli,
    program
      .command('withdraw')
      .description('withdraw an approval entered wrongly, before any movement')
      .option('--reason <words>', 'what was wrong'),
    (given) => ({ address: '/budget/withdrawal', body: { ...datesOf(given), reason: given.text('reason') } }),
  );
  openLineVerb(program, cli);
  recodeVerb(program, cli);
  carryOverVerbs(program, cli);
  books(
    cli,
    program
      .command('seal')
      .description('seal a period: dates in it are refused from now on')
      .option('--through <date>', 'last date of the period')
      .option('--reason <words>', 'why'),
    (given) => ({
      address: '/seals',
      body: { through: given.date('through'), ...datesOf(given), reason: given.text('reason') },
      revisionOf: '/payment-plan',
    }),
  );
  books(
    cli,
    program
      .command('reopen <what>')
      .description('reopen a sealed period or a closed year: period or year')
      .option('--through <date>', 'period: last date of its seal')
      .option('--reason <words>', 'why'),
    (given, kind = '') => {
      if (kind !== 'period' && kind !== 'year') given.argument('what', `${kind} is none of period, year`);
      if (kind === 'year' && given.has('through'))
        given.fault('through', 'NOT_TOGETHER', 'goes with a period, not with a year');
      const through = kind === 'period' ? given.date('through') : undefined;
      const body = { kind, through, ...datesOf(given), reason: given.text('reason') };
      return { address: '/reopenings', body, revisionOf: '/payment-plan' };
    },
  );
}

function openLineVerb(program: Command, cli: Cli): void {
  books(
    cli,
    program
      .command('open-line')
      .description('open a line that begins during the year or before approval; it has no amount yet')
      .option('--line <line>', 'id of the line')
      .option('--name <name>', 'name of the line')
      .option('--expenditure <kind>', 'basic or project')
      .option('--fund <nature>', 'fund nature, such as general-public'),
    (given) => ({
      address: '/lines',
      body: {
        ...datesOf(given),
        lines: [
          {
            line: given.text('line'),
            name: given.text('name'),
            expenditure: given.choice('expenditure', ['basic', 'project']),
            fund: given.fundNature('fund'),
          },
        ],
      },
    }),
  );
}

/** Codes of a line by option. */
const CODES = {
  function: 'function',
  'government-economic': 'governmentEconomic',
  economic: 'departmentEconomic',
  project: 'project',
};

function recodeVerb(program: Command, cli: Cli): void {
  books(
    cli,
    program
      .command('recode <line>')
      .description('give a line other codes from a date on')
      .option('--function <code>', 'function code, such as 2120801')
      .option('--government-economic <code>', 'government economic code, such as 50502')
      .option('--economic <code>', 'department economic code, such as 30201')
      .option('--project <code>', 'project code')
      .option('--reason <words>', 'why'),
    (given, line = '') => {
      const codes = defined(
        Object.fromEntries(Object.entries(CODES).map(([option, code]) => [code, given.optionalText(option)])),
      );
      if (Object.keys(codes).length === 0) given.fault('economic', 'REQUIRED', 'give at least one code');
      const body = { ...datesOf(given), codes, reason: given.text('reason') };
      return { address: path`/lines/${line}/reclassification`, body };
    },
  );
}

function carryOverVerbs(program: Command, cli: Cli): void {
  books(
    cli,
    program
      .command('carry-over')
      .description("bring last year's money of a line forward")
      .option('--id <number>', 'number of the carry-over')
      .option('--line <line>', 'line that it goes to')
      .option('--origin-year <year>', 'year in which it was first approved')
      .option('--origin-line <line>', 'line of that year (default: the same id)')
      .option('--amount <yuan>', 'amount in yuan'),
    (given) => {
      const line = given.text('line');
      const carryOver = {
        carryOverId: given.text('id'),
        line,
        originYear: given.year('origin-year'),
        originLine: given.optionalText('origin-line') ?? line,
        amount: given.amount('amount'),
      };
      return { address: '/carry-overs', body: { ...datesOf(given), carryOvers: [carryOver] } };
    },
  );
  books(
    cli,
    program
      .command('revise <carry-over>')
      .description('correct an amount brought forward')
      .option('--to <yuan>', 'the right amount in yuan')
      .option('--reason <words>', 'why'),
    (given, carryOver = '') => ({
      address: path`/carry-overs/${carryOver}/revision`,
      body: { ...datesOf(given), to: given.amount('to'), reason: given.text('reason') },
    }),
  );
}

/** Sets the monthly plan of one line. */
export function planBooking(given: Given): Booking {
  const line = given.text('line');
  const cumulative = given
    .text('cumulative')
    .split(/[,，\s]+/)
    .map((amount) => given.readAmount('cumulative', amount));
  if (cumulative.length !== 12) {
    given.fault('cumulative', 'NOT_TWELVE', `has ${cumulative.length} amounts: give one for each month, January first`);
  }
  const body = { ...datesOf(given), plans: [{ line, cumulative }] };
  return { method: 'PUT', address: '/payment-plan', body, revisionOf: '/payment-plan' };
}
