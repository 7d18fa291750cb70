/** Verbs about what was reached: results of indicators and base facts. */
import type { Command } from 'commander';
import { FACTS, type FactKind } from '#domain/performance/facts.js';
import { book, bookOptions, type Booking } from './book.js';
import { collect, does, type Cli } from './cli.js';
import { path } from './client.js';
import { evidenceOf, evidenceOptions } from './evidence.js';
import { defined, type Given } from './given.js';
import { pageOptions } from './paging.js';
import type { FactBody, FactsBody, ResultBody, ResultsBody } from './performance-bodies.js';
import { FACT_COLUMNS, RESULT_COLUMNS } from './performance-columns.js';
import { renderFacts, renderResults } from './render-performance.js';
import { reports } from './report.js';

const CHECKPOINTS = ['half', 'annual'] as const;
const FACT_KINDS = Object.keys(FACTS) as FactKind[];

/** A verb that lists, with verbs below it that write: options behind their name are theirs. */
export const group = (program: Command, name: string, description: string): Command =>
  program.command(name).description(description).enablePositionalOptions();

export function resultVerbs(program: Command, cli: Cli): void {
  const results = group(program, 'results', 'results of indicators as recorded; or record, correct and withdraw them')
    .option('--indicator <id>', 'only of this indicator')
    .option('--from <date>', 'from this date on')
    .option('--to <date>', 'up to and including this date');
  reports<ResultsBody, ResultBody>(cli, pageOptions(results), (given) => ({
    address: '/results',
    query: {
      indicator: given.optionalText('indicator'),
      from: given.optionalDate('from'),
      to: given.optionalDate('to'),
    },
    paged: true,
    table: renderResults,
    columns: RESULT_COLUMNS,
    rows: (body) => body.results,
  }));
  writes(
    cli,
    valueOptions(results.command('record').description('record the result of an indicator'))
      .option('--indicator <id>', 'indicator, such as I41')
      .option('--date <date>', 'date that it holds for; never assumed')
      .option('--id <number>', 'id of the result (default: indicator and date)')
      .option('--checkpoint <which>', `the report that it is for, ${CHECKPOINTS.join(' or ')}: a later date is refused`)
      .option('--note <words>', 'what should be known of it'),
    (given) => {
      const indicator = given.text('indicator');
      const effectiveDate = given.date('date');
      const body = {
        resultId: given.optionalText('id') ?? `${indicator}-${effectiveDate}`,
        effectiveDate,
        indicator,
        ...valueOf(given),
        note: given.optionalText('note'),
        checkpoint: given.optionalChoice('checkpoint', CHECKPOINTS),
      };
      return { address: '/results', body, more: evidenceOf(given) };
    },
  );
  writes(
    cli,
    valueOptions(results.command('correct <id>').description('correct a result; the correction has its date')).option(
      '--reason <words>',
      'what was wrong',
    ),
    (given, id = '') => ({
      address: path`/results/${id}/correction`,
      body: { ...valueOf(given), reason: given.text('reason') },
      more: evidenceOf(given),
    }),
  );
  writes(cli, withdrawing(results, 'a result'), (given, id = '') => ({
    address: path`/results/${id}/withdrawal`,
    body: { reason: given.text('reason') },
  }));
}

export function factVerbs(program: Command, cli: Cli): void {
  const facts = group(
    program,
    'facts',
    'base facts, from which the computed indicators come; or record, correct and withdraw them',
  ).option('--fact <kind>', 'only of this kind');
  reports<FactsBody, FactBody>(cli, facts, (given) => ({
    address: '/base-facts',
    query: { fact: given.optionalChoice('fact', FACT_KINDS) },
    table: renderFacts,
    columns: FACT_COLUMNS,
    rows: ({ recorded }) => recorded,
  }));
  writes(
    cli,
    evidenceOptions(facts.command('record').description('record a base fact'))
      .option('--fact <kind>', FACT_KINDS.join(', '))
      .option('--value <number>', 'as it stands on the date; running totals count from 1 January')
      .option('--date <date>', 'date that it holds for; never assumed')
      .option('--id <number>', 'id of the entry (default: kind and date)'),
    (given) => {
      const fact = given.choice('fact', FACT_KINDS);
      const effectiveDate = given.date('date');
      const factId = given.optionalText('id') ?? `${fact}-${effectiveDate}`;
      return {
        address: '/base-facts',
        body: { factId, effectiveDate, fact, value: given.text('value') },
        more: evidenceOf(given),
      };
    },
  );
  writes(
    cli,
    facts
      .command('correct <id>')
      .description('correct a base fact; the correction has its date')
      .option('--value <number>', 'what is right')
      .option('--reason <words>', 'what was wrong'),
    (given, id = '') => ({
      address: path`/base-facts/${id}/correction`,
      body: { value: given.text('value'), reason: given.text('reason') },
    }),
  );
  writes(cli, withdrawing(facts, 'a base fact'), (given, id = '') => ({
    address: path`/base-facts/${id}/withdrawal`,
    body: { reason: given.text('reason') },
  }));
}

/** A verb that writes what `read` makes of its options and names, which say their dates themselves. */
export function writes(cli: Cli, command: Command, read: (given: Given, ...names: readonly string[]) => Booking): void {
  does(cli, bookOptions(command), async (given, ...names) => book(cli, given, read(given, ...names)));
}

const withdrawing = (verb: Command, what: string): Command =>
  verb
    .command('withdraw <id>')
    .description(`withdraw ${what} that should not have been recorded`)
    .option('--reason <words>', 'why it does not count');

const valueOptions = (command: Command): Command =>
  evidenceOptions(command)
    .option('--value <value>', 'as the form prints it, such as 17, 17个, 98.5% or 健全')
    .option('--met <point>', 'point of the checklist that is met; may be given several times', collect)
    .option('--unmet <point>', 'point that is not met; may be given several times', collect);

/** A number with the unit that it was written in, a word, or the points of a checklist. */
function valueOf(given: Given): { readonly result: object; readonly unit?: string | undefined } {
  const points = [
    ...given.list('met').map((point) => ({ point, met: true })),
    ...given.list('unmet').map((point) => ({ point, met: false })),
  ];
  if (points.length > 0) {
    given.alone('value', ['met', 'unmet']);
    return { result: { points } };
  }
  const text = given.text('value');
  const [, value, unit = ''] = /^(-?\d+(?:\.\d+)?)\s*([^\d.,]*)$/.exec(text) ?? [];
  if (value === undefined) return { result: { text } };
  return defined({ result: { value }, unit: unit === '' ? undefined : unit }) as ReturnType<typeof valueOf>;
}
