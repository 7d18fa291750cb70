/** Verbs over time: carried-over money and its age, the years of a unit side by side, the curves of a year. */
import type { Command } from 'commander';
import { does, type Cli } from './cli.js';
import { path } from './client.js';
import { knownAtOf, scopeOf, scopeOptions } from './moment.js';
import { unitOf } from './place.js';
import { renderCarryOvers, renderOverYears, renderSeries } from './render-years.js';
import { reports } from './report.js';
import { show, viewOf, viewOptions } from './view.js';
import type { CarryOversBody, LotBody, OverYearsBody, PointBody, SeriesBody } from './years-bodies.js';
import { LOT_COLUMNS, OVER_YEARS_COLUMNS, overYearsRows, POINT_COLUMNS } from './years-columns.js';

export function yearsVerbs(program: Command, cli: Cli): void {
  reports<CarryOversBody, LotBody>(
    cli,
    scopeOptions(
      program
        .command('carry-overs')
        .description('carried-over money: where it comes from, how old it is, and what the close of the year left'),
    ),
    (given) => ({
      address: '/carry-over',
      query: scopeOf(given),
      table: renderCarryOvers,
      columns: LOT_COLUMNS,
      rows: ({ lots }) => lots,
    }),
  );
  reports<SeriesBody, PointBody>(
    cli,
    scopeOptions(program.command('series').description('planned and actual payment from month to month, or day to day'))
      .option('--by <step>', 'month, day (default: month)')
      .option('--line <line>', 'only this line'),
    (given) => ({
      address: '/series',
      query: {
        ...scopeOf(given),
        by: given.optionalChoice('by', ['month', 'day']),
        line: given.optionalText('line'),
      },
      table: renderSeries,
      columns: POINT_COLUMNS,
      rows: ({ points }) => points,
    }),
  );
  overYearsVerb(program, cli);
}

function overYearsVerb(program: Command, cli: Cli): void {
  const command = program
    .command('over-years')
    .description('budget, payment, execution rate, carry-over and surplus of every year')
    .option('--unit <code>', 'unit; may be left out when there is only one')
    .option('--from <year>', 'first year (default: the first in the ledger)')
    .option('--to <year>', 'last year (default: the last in the ledger)')
    .option('--known-at <when>', 'a date, an instant or a log position: only what was recorded by then');
  does(cli, viewOptions(scopeOptions(command)), async (given) => {
    const view = viewOf(given, cli.terminal);
    const unit = given.optionalText('unit');
    const [from, to] = [given.optionalYear('from'), given.optionalYear('to')].map((year) => year?.toString());
    const query = { from, to, ...knownAtOf(given), ...scopeOf(given) };
    given.check();
    const client = cli.client();
    const of = await unitOf(client, unit === undefined ? {} : { unit });
    const { body } = await client.get<OverYearsBody>(path`/api/v1/units/${of}/over-years`, query);
    const titled = { ...view, style: { ...view.style, title: `${body.unit} ${body.unitName}` } };
    await show(cli, titled, body, { table: renderOverYears, columns: OVER_YEARS_COLUMNS, rows: overYearsRows });
  });
}
