/** `compare`: two moments of a year side by side. */
import type { Command } from 'commander';
import { does, type Cli } from './cli.js';
import type { CompareBody } from './compare-bodies.js';
import { CHANGE_COLUMNS, MOVED_COLUMNS, movedEffects, movedFigures } from './compare-columns.js';
import { scopeOf, scopeOptions } from './moment.js';
import { pageOf, pageOptions, pages } from './paging.js';
import { askedPlace, baseOf, placeOf, placeOptions } from './place.js';
import { renderCompare } from './render-compare.js';
import { show, viewOf, viewOptions } from './view.js';

const MOMENTS = `
A moment is half, annual or a date, and after @ what was known: a date, an instant or a log position; without it: now.
seal:N is the date through which seal N seals, as known when it was sealed. Without [b]: the date of <a>, now.
  budget compare half@2024-06-30              the half-year as it was known then, and now
  budget compare 2024-03-31 half --all        what happened in the second quarter, every event
  budget compare seal:1                       what was booked since the seal under dates of its period
                                              (\`budget restatement 1\` has the late facts that belong to it)`;

export function compareVerb(program: Command, cli: Cli): void {
  const command = program
    .command('compare')
    .argument('<a>', 'moment, such as half@2024-06-30 or seal:1')
    .argument('[b]', 'moment; default: the date of the first, as known now')
    .description('two moments side by side: figures and rates at both, what moved, and the events that moved it')
    .option('--events', 'csv: the events between them, in place of the figures that moved')
    .addHelpText('after', MOMENTS);
  does(cli, viewOptions(pageOptions(scopeOptions(placeOptions(command)))), async (given, a, b) => {
    const view = viewOf(given, cli.terminal);
    const events = given.flag('events');
    if (events && view.format !== 'csv') given.fault('events', 'NOT_TOGETHER', 'goes only with --format csv');
    const query = { a, ...(b === '' ? {} : { b }), ...scopeOf(given), lang: view.style.language };
    const page = pageOf(given);
    const wanted = askedPlace(given);
    given.check();
    const place = await placeOf(cli.client(), wanted);
    const body = await pages<CompareBody>(cli, `${baseOf(place)}/compare`, { query, ...page });
    const titled = { ...view, style: { ...view.style, title: `${place.unit} ${place.year}` } };
    const table = renderCompare;
    if (events) return show(cli, titled, body, { table, columns: MOVED_COLUMNS, rows: movedEffects });
    return show(cli, titled, body, { table, columns: CHANGE_COLUMNS, rows: movedFigures });
  });
}
