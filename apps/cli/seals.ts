/** Verbs of the auditor: what was sealed, whether it comes out the same, and what came in since. */
import type { Command } from 'commander';
import type { LineBody, LinesBody, RateBody, RatesBody } from './bodies.js';
import { does, type Cli } from './cli.js';
import { path, type Query } from './client.js';
import { LINE_COLUMNS, RATE_COLUMNS } from './columns.js';
import type { Given } from './given.js';
import { knownAtOf } from './moment.js';
import { pageOf, pageOptions, pages } from './paging.js';
import { askedPlace, baseOf, placeOf, placeOptions } from './place.js';
import { renderLines, renderRates } from './render.js';
import { KEPT_COLUMNS, RESTATEMENT_COLUMNS, SEAL_COLUMNS, restatementRows } from './seal-columns.js';
import type { RestatementBody, SealedBody, SealsBody } from './seal-bodies.js';
import { renderReproduction, renderRestatement, renderSeal, renderSeals } from './render-seals.js';
import { show, viewOf, viewOptions, type Shapes, type View } from './view.js';

const REPORTS = ['rates', 'lines'] as const;

export function sealVerbs(program: Command, cli: Cli): void {
  const seals = sealOptions(program.command('seals [number]'))
    .description('the seals of the year; or one of them with what it keeps, and whether that comes out the same today')
    .option('--report <kind>', 'of one seal: print its report, rates or lines')
    .option('--verify', 'of one seal: exit code 1 unless every report comes out the same, byte for byte');
  does(cli, seals, async (given, number = '') => {
    const kind = given.optionalChoice('report', REPORTS);
    if (number === '') {
      given.onlyWith('<number>', ['report', 'verify']);
      return listed(cli, given);
    }
    return one(cli, given, { number, kind, verify: given.flag('verify') });
  });

  const restatement = pageOptions(sealOptions(program.command('restatement <number>'))).description(
    'what touches a sealed period and is not in its reports, and what that changes',
  );
  does(cli, restatement, restated(cli));
}

const sealOptions = (command: Command): Command =>
  viewOptions(
    placeOptions(command).option(
      '--known-at <when>',
      'a date, an instant or a log position: only what was recorded by then',
    ),
  );

interface Asked {
  readonly address: string;
  readonly query: Query;
  readonly view: View;
}

/** All faults of the command line first; then unit and year, which may have to be asked for. */
async function ask(cli: Cli, given: Given, below: string): Promise<Asked> {
  const view = viewOf(given, cli.terminal);
  const query = knownAtOf(given);
  const wanted = askedPlace(given);
  given.check();
  const place = await placeOf(cli.client(), wanted);
  const title = `${place.unit} ${place.year}`;
  return { address: `${baseOf(place)}${below}`, query, view: { ...view, style: { ...view.style, title } } };
}

async function listed(cli: Cli, given: Given): Promise<void> {
  const { address, query, view } = await ask(cli, given, '/seals');
  const { body } = await cli.client().get<SealsBody>(address, query);
  await show(cli, view, body, { table: renderSeals, columns: SEAL_COLUMNS, rows: ({ seals }) => seals });
}

async function one(
  cli: Cli,
  given: Given,
  asked: { readonly number: string; readonly kind: (typeof REPORTS)[number] | undefined; readonly verify: boolean },
): Promise<number> {
  const { number, kind, verify } = asked;
  const { address, query, view } = await ask(cli, given, path`/seals/${number}`);
  const { body } = await cli.client().get<SealedBody>(address, query);
  if (kind === undefined) await show(cli, view, body, SEALED);
  if (kind === 'rates') await show(cli, view, body, RATES);
  if (kind === 'lines') await show(cli, view, body, LINES);
  // Beside a report for programs, what is wrong with it goes where they do not read.
  if (kind !== undefined && !body.reproduction.same) cli.terminal.err(renderReproduction(body, view.style));
  return verify && !body.reproduction.same ? 1 : 0;
}

const SEALED: Shapes<SealedBody, SealedBody['reports'][number]> = {
  table: renderSeal,
  columns: KEPT_COLUMNS,
  rows: ({ reports }) => reports,
};

/** The parts of a report together, as the answer of the read that has the same figures. */
const ratesOf = ({ reports, seal: _seal, reproduction: _told, ...moment }: SealedBody): RatesBody => ({
  ...moment,
  rates: reports.flatMap(({ content }) => content?.rates ?? []),
});

const linesOf = ({ reports, seal: _seal, reproduction: _told, ...moment }: SealedBody): LinesBody => {
  const totals = reports.flatMap(({ content }) => content?.totals ?? []);
  const whole = totals.find(({ scope }) => scope.funds === 'all' && scope.expenditure === 'all');
  return {
    ...moment,
    lines: reports.flatMap(({ content }) => content?.lines ?? []),
    totals: whole?.figures ?? {},
  };
};

const RATES: Shapes<SealedBody, RateBody> = {
  table: (body, style) => renderRates(ratesOf(body), style, { views: true }),
  columns: RATE_COLUMNS,
  rows: (body) => ratesOf(body).rates,
};
const LINES: Shapes<SealedBody, LineBody> = {
  table: (body, style) => renderLines(linesOf(body), style),
  columns: LINE_COLUMNS,
  rows: (body) => linesOf(body).lines,
};

const restated =
  (cli: Cli) =>
  async (given: Given, number = ''): Promise<void> => {
    const lang = given.optionalText('lang') ?? 'zh';
    const page = pageOf(given);
    const { address, query, view } = await ask(cli, given, path`/seals/${number}/restatement`);
    const body = await pages<RestatementBody>(cli, address, { query: { ...query, lang }, ...page });
    await show(cli, view, body, { table: renderRestatement, columns: RESTATEMENT_COLUMNS, rows: restatementRows });
  };
