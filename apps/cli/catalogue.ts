/** Verbs about what holds for the whole system: units, formulas, shipped scoring profiles. */
import type { Command } from 'commander';
import type { FormulasBody, UnitsBody } from './catalogue-bodies.js';
import { book, bookOptions } from './book.js';
import { does, type Cli } from './cli.js';
import { FORMULA_COLUMNS, UNIT_COLUMNS } from './columns.js';
import { allFormulas, renderFormulas, renderUnits } from './render-entries.js';
import { renderProfiles } from './render-checks.js';
import type { ProfilesBody } from './table-bodies.js';
import { SHIPPED_PROFILE_COLUMNS } from './table-columns.js';
import { atLeastOf, KNOWN_AT, knownAtOf } from './moment.js';
import { show, viewOf, viewOptions } from './view.js';

export function catalogueVerbs(program: Command, cli: Cli): void {
  const units = program
    .command('units')
    .description('registered units; or register one')
    .option('--add <code>', 'register a unit: 1 to 21 capital letters and digits')
    .option('--name <name>', 'its name')
    .option('--parent <code>', 'the unit it belongs to')
    .option('--valid-from <date>', 'date from which it exists')
    .option('--at <date>', 'units, names and places of this date')
    .option('--known-at <when>', KNOWN_AT)
    .option('--at-least <position>', 'log position of a write that must be included; waits for it');
  does(cli, bookOptions(units, ['table', 'json', 'csv']), async (given) => {
    given.alone('add', ['unit', 'year', 'at', 'known-at', 'at-least']);
    if (given.has('add')) {
      const body = {
        unit: given.text('add'),
        name: given.text('name'),
        parent: given.optionalText('parent'),
        validFrom: given.date('valid-from'),
      };
      return book(cli, given, { address: '/api/v1/units', ofSystem: true, body });
    }
    given.onlyWith('--add', ['name', 'parent', 'valid-from', 'key', 'if-match', 'dry-run']);
    const view = viewOf(given, cli.terminal);
    const query = {
      asOf: given.optionalDate('at'),
      ...knownAtOf(given),
      ...atLeastOf(given),
    };
    given.check();
    const { body } = await cli.client().get<UnitsBody>('/api/v1/units', query);
    await show(cli, view, body, { table: renderUnits, columns: UNIT_COLUMNS, rows: (answer) => answer.units });
  });

  const formulas = program.command('formulas').description('every formula with its version and source');
  does(cli, viewOptions(formulas), async (given) => {
    const view = viewOf(given, cli.terminal);
    given.check();
    const { body } = await cli.client().get<FormulasBody>('/api/v1/formulas');
    await show(cli, view, body, { table: renderFormulas, columns: FORMULA_COLUMNS, rows: allFormulas });
  });

  const profiles = program.command('scoring-profiles').description('scoring profiles that come with the program');
  does(cli, viewOptions(profiles), async (given) => {
    const view = viewOf(given, cli.terminal);
    given.check();
    const { body } = await cli.client().get<ProfilesBody>('/api/v1/scoring-profiles');
    const rows = (answer: ProfilesBody) => answer.profiles;
    await show(cli, view, body, { table: renderProfiles, columns: SHIPPED_PROFILE_COLUMNS, rows });
  });
}
