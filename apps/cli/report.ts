/** Verbs that read: lines, rates, targets, explanation, journal, history, monthly plan. */
import type { Command } from 'commander';
import type { HistoryBody, JournalBody, LinesBody, OverviewBody, RatesBody, TargetsBody } from './bodies.js';
import type { PlanBody } from './catalogue-bodies.js';
import { book, bookOptions, dateOptions } from './book.js';
import { does, type Cli } from './cli.js';
import type { Query } from './client.js';
import { ENTRY_COLUMNS, HISTORY_COLUMNS, LINE_COLUMNS, PLAN_COLUMNS, RATE_COLUMNS, TARGET_COLUMNS } from './columns.js';
import { explainCommand, explained, type ExplainedBody } from './explain.js';
import type { Given } from './given.js';
import { readJson } from './json-file.js';
import { momentOf, momentOptions, scopeOf, scopeOptions } from './moment.js';
import { pageOf, pageOptions, pages } from './paging.js';
import { askedPlace, baseOf, placeOf, placeOptions } from './place.js';
import { renderHistory, renderJournal, renderPlan } from './render-entries.js';
import { renderLines, renderOverview, renderRates, renderTargets } from './render.js';
import { show, viewOf, viewOptions, type Shapes } from './view.js';
import { watch } from './watch.js';
import { planBooking } from './year.js';

export interface Report<Body, Row> extends Shapes<Body, Row> {
  /** Address below the unit and year. */
  readonly address: string;
  readonly query: Query;
  /** Follows `next` when asked for all; absent on reports that are not paged. */
  readonly paged?: true;
}

const reportOptions = (command: Command): Command => viewOptions(momentOptions(placeOptions(command)));

/** A verb that prints one report of one unit and year. `read` may only look at what is given. */
export function reports<Body, Row>(
  cli: Cli,
  command: Command,
  read: (given: Given, ...names: readonly string[]) => Report<Body, Row>,
): void {
  does(cli, reportOptions(command), (given, ...names) => report(cli, given, read(given, ...names)));
}

export async function report<Body, Row>(cli: Cli, given: Given, asked: Report<Body, Row>): Promise<void> {
  const view = viewOf(given, cli.terminal);
  const query = { ...momentOf(given), ...asked.query };
  const page = asked.paged ? pageOf(given) : undefined;
  const wanted = askedPlace(given);
  given.check();
  const client = cli.client();
  const place = await placeOf(client, wanted);
  const address = `${baseOf(place)}${asked.address}`;
  const body =
    page === undefined
      ? (await client.get<Body>(address, query)).body
      : await pages<Body>(cli, address, { query, ...page });
  const titled = { ...view, style: { ...view.style, title: `${place.unit} ${place.year}` } };
  await show(cli, titled, body, asked);
}

const LINES: Report<LinesBody, LinesBody['lines'][number]> = {
  address: '/lines',
  query: {},
  table: renderLines,
  columns: LINE_COLUMNS,
  rows: ({ lines }) => lines,
};
const ENTRIES = { columns: ENTRY_COLUMNS, rows: ({ entries }: JournalBody) => entries };

export function reportVerbs(program: Command, cli: Cli): void {
  reports<OverviewBody, OverviewBody['rates'][number]>(
    cli,
    program.command('overview').description('the first look: rates against the next checkpoint, totals, violations'),
    () => ({ address: '', query: {}, table: renderOverview, columns: RATE_COLUMNS, rows: ({ rates }) => rates }),
  );
  const lines = program
    .command('lines')
    .description('lines with their budget, payments and what is available')
    .option('--watch', 'print again whenever something of the unit and year has come in, until Ctrl-C');
  does(cli, reportOptions(lines), (given) =>
    given.flag('watch') ? watch(cli, given, LINES) : report(cli, given, LINES),
  );
  reports<RatesBody, RatesBody['rates'][number]>(
    cli,
    scopeOptions(
      program.command('rates').description('every rate against its target, with verdict and distance'),
    ).option('--views', 'registered views of the rates too'),
    (given) => ({
      address: '/rates',
      query: scopeOf(given),
      table: (body, style) => renderRates(body, style, { views: given.flag('views') }),
      columns: RATE_COLUMNS,
      rows: ({ rates }) => rates,
    }),
  );
  reports<ExplainedBody, ExplainedBody['entries'][number]>(cli, explainCommand(program), (given, name = '') => ({
    ...explained(given, name),
    paged: true,
    ...ENTRIES,
  }));
  reports<JournalBody, JournalBody['entries'][number]>(cli, journalCommand(program), (given) => ({
    address: '/journal',
    query: journalQuery(given),
    paged: true,
    table: renderJournal,
    ...ENTRIES,
  }));
  reports<HistoryBody, HistoryBody['entries'][number]>(
    cli,
    pageOptions(program.command('history').description('what happened, as sentences')).option(
      '--line <line>',
      'only this line',
    ),
    (given) => ({
      address: '/history',
      query: { line: given.optionalText('line'), lang: given.optionalText('lang') ?? 'zh' },
      paged: true,
      table: renderHistory,
      columns: HISTORY_COLUMNS,
      rows: ({ entries }) => entries,
    }),
  );
  targetsVerb(program, cli);
  planVerb(program, cli);
}

export const journalCommand = (program: Command): Command =>
  pageOptions(program.command('journal').description('money movements, one a row'))
    .option('--line <line>', 'only this line')
    .option('--kind <kind>', 'only this kind, such as paid')
    .option('--person <name>', 'only what this person recorded')
    .option('--ref <number>', 'only this voucher, adjustment, request or freeze')
    .option('--from <date>', 'from this date on')
    .option('--to <date>', 'up to and including this date')
    .option('--min-amount <yuan>', 'at least this amount')
    .option('--max-amount <yuan>', 'at most this amount');

const journalQuery = (given: Given): Query => ({
  line: given.optionalText('line'),
  kind: given.optionalText('kind'),
  person: given.optionalText('person'),
  ref: given.optionalText('ref'),
  from: given.optionalDate('from'),
  to: given.optionalDate('to'),
  minAmount: given.optionalAmount('min-amount'),
  maxAmount: given.optionalAmount('max-amount'),
});

function targetsVerb(program: Command, cli: Cli): void {
  const command = program
    .command('targets')
    .description('every indicator with its targets, result and verdict; or approve the table from a JSON file')
    .option('--set <file>', 'JSON file: the body of PUT …/targets');
  does(cli, bookOptions(momentOptions(command), ['table', 'json', 'csv']), async (given) => {
    const file = given.optionalText('set');
    if (file !== undefined) {
      given.alone('set', ['at', 'known-at', 'at-least']);
      const body = await readJson(file);
      return book(cli, given, { method: 'PUT', address: '/targets', body, fromFile: true, revisionOf: '/targets' });
    }
    given.onlyWith('--set', ['key', 'if-match', 'dry-run']);
    return report<TargetsBody, TargetsBody['targets'][number]>(cli, given, {
      address: '/targets',
      query: {},
      table: renderTargets,
      columns: TARGET_COLUMNS,
      rows: ({ targets }) => targets,
    });
  });
}

function planVerb(program: Command, cli: Cli): void {
  const command = program
    .command('plan')
    .description('monthly payment plan: show it, or set that of a line')
    .option('--line <line>', 'line')
    .option('--cumulative <amounts>', 'twelve cumulative amounts in yuan, January first, separated by commas');
  does(cli, bookOptions(momentOptions(dateOptions(command)), ['table', 'json', 'csv']), async (given) => {
    if (given.has('cumulative')) {
      given.alone('cumulative', ['at', 'known-at', 'at-least']);
      return book(cli, given, planBooking(given));
    }
    given.onlyWith('--cumulative', ['key', 'if-match', 'dry-run', 'date', 'belongs-to']);
    const line = given.optionalText('line');
    const chosen = ({ plans }: PlanBody) => plans.filter((plan) => line === undefined || plan.line === line);
    return report<PlanBody, PlanBody['plans'][number]>(cli, given, {
      address: '/payment-plan',
      query: {},
      table: (body, style) => renderPlan({ ...body, plans: chosen(body) }, style),
      columns: PLAN_COLUMNS,
      rows: chosen,
    });
  });
}
