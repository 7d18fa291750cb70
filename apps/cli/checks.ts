/** Verbs that look at a performance table as a whole: whether it fits together, work beside money, its texts. */
import type { Command } from 'commander';
import { bookOptions, book } from './book.js';
import { does, type Cli } from './cli.js';
import { defined, type Given } from './given.js';
import { readJson } from './json-file.js';
import { renderCoherence, renderNarrative, renderWorkAndMoney, textsOf } from './render-checks.js';
import { reports } from './report.js';
import { group } from './results.js';
import {
  TEXTS,
  type BesideBody,
  type CoherenceBody,
  type NarrativeBody,
  type WorkAndMoneyBody,
} from './table-bodies.js';
import { BESIDE_COLUMNS, CHECK_COLUMNS, checkRows, NARRATIVE_COLUMNS } from './table-columns.js';

export function checkVerbs(program: Command, cli: Cli): void {
  reports<CoherenceBody, ReturnType<typeof checkRows>[number]>(
    cli,
    program
      .command('coherence')
      .description('whether the table fits the plan and itself: rates, units, weights, words'),
    () => ({ address: '/coherence', query: {}, table: renderCoherence, columns: CHECK_COLUMNS, rows: checkRows }),
  );
  reports<WorkAndMoneyBody, BesideBody>(
    cli,
    program
      .command('work-and-money')
      .description('indicators beside the money of the lines that do their work, and where one runs ahead'),
    () => ({
      address: '/money-beside-work',
      query: {},
      table: renderWorkAndMoney,
      columns: BESIDE_COLUMNS,
      rows: ({ linked }) => linked,
    }),
  );
  narrativeVerbs(program, cli);
}

function narrativeVerbs(program: Command, cli: Cli): void {
  const narrative = group(
    program,
    'narrative',
    'the texts of the table: duties, goals, what came of them; or state them',
  );
  reports<NarrativeBody, readonly [string, string]>(cli, narrative, () => ({
    address: '/narrative',
    query: {},
    table: renderNarrative,
    columns: NARRATIVE_COLUMNS,
    rows: textsOf,
  }));
  const state = TEXTS.reduce(
    (command, [, option]) => command.option(`--${option} <words>`),
    narrative
      .command('state')
      .description('state the texts from a date on, all of them: one that is left out is not stated any more')
      .option('--date <date>', 'day of the paper; never assumed')
      .option('--file <json>', 'the body of PUT …/narrative'),
  );
  does(cli, bookOptions(state), async (given) => {
    const whole = { method: 'PUT', address: '/narrative', revisionOf: '/targets' } as const;
    const file = given.optionalText('file');
    if (file === undefined) return book(cli, given, { ...whole, body: stated(given) });
    given.alone('file', ['date', ...TEXTS.map(([, option]) => option)]);
    return book(cli, given, { ...whole, body: await readJson(file), fromFile: true });
  });
}

function stated(given: Given): Readonly<Record<string, unknown>> {
  const texts = TEXTS.map(([name, option]) => [name, given.optionalText(option)] as const);
  if (texts.every(([, words]) => words === undefined)) {
    given.fault(
      'annual-goal',
      'REQUIRED',
      `give at least one of ${TEXTS.map(([, option]) => `--${option}`).join(', ')}`,
    );
  }
  return defined({ effectiveDate: given.date('date'), ...Object.fromEntries(texts) });
}
