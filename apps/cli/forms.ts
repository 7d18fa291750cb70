/** `forms`: the official forms out as files to fill in or to print, and in again. */
import { extname } from 'node:path';
import type { Command } from 'commander';
import { collect, does, type Cli } from './cli.js';
import { path } from './client.js';
import { importFile } from './import.js';
import { momentOf, momentOptions } from './moment.js';
import { writeWhole } from './output-file.js';
import { askedPlace, baseOf, placeOf, placeOptions } from './place.js';
import { group } from './results.js';
import { viewOptions } from './view.js';

const FORMS = ['targets', 'monitoring', 'self-evaluation'] as const;
const AMOUNTS = ['wan', 'yuan'] as const;
/** By the ending of the file. */
const FORMATS: Readonly<Record<string, { readonly format: string; readonly type: string }>> = {
  '.xlsx': { format: 'xlsx', type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
  '.html': { format: 'html', type: 'text/html' },
};

export function formsVerbs(program: Command, cli: Cli): void {
  const forms = group(program, 'forms', 'the official forms as files: export, import');
  exportForm(forms, cli);
  importForm(forms, cli);
}

function exportForm(forms: Command, cli: Cli): void {
  const command = forms
    .command('export <form>')
    .description(`a form, filled, as a workbook or as a page to print: ${FORMS.join(', ')}`)
    .option('--to <file>', 'file to write: NAME.xlsx or NAME.html')
    .option('--amounts <unit>', 'wan (万元, default) or yuan (元)')
    .option('--stage <month>', 'monitoring: months 1 to this one')
    .option('--submission <number>', 'monitoring, self-evaluation: as it was submitted under this number');
  does(cli, momentOptions(placeOptions(command)), async (given, name = '') => {
    const form = FORMS.find((known) => known === name);
    if (form === undefined) given.argument('form', `${name} is none of ${FORMS.join(', ')}`);
    if (form !== 'monitoring') given.onlyWith('the form monitoring', ['stage']);
    if (form === 'targets') given.onlyWith('the forms monitoring and self-evaluation', ['submission']);
    const to = given.text('to');
    const { format, type } = FORMATS[extname(to).toLowerCase()] ?? {};
    if (to !== '' && format === undefined)
      given.fault('to', 'ENDING_UNKNOWN', `${to}: end the name with .xlsx or .html`);
    const unit = given.optionalChoice('amounts', AMOUNTS);
    const stage = given.optionalText('stage');
    const submission = given.optionalText('submission');
    const moment = momentOf(given);
    const place = askedPlace(given);
    given.check();
    const client = cli.client();
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries({ format, unit, stage, submission, ...moment })) {
      if (typeof value === 'string') query.set(key, value);
    }
    const address = `${baseOf(await placeOf(client, place))}${path`/forms/${form ?? ''}`}?${query.toString()}`;
    await writeWhole(to, client.download(address, type));
  });
}

/** The same as `import`, which knows a form by what it holds. */
function importForm(forms: Command, cli: Cli): void {
  const command = forms
    .command('import <file>')
    .description('a filled form: preview, then book')
    .option('--approved-on <date>', 'target table: date of approval (default: 1 January, marked assumed)')
    .option('--fund <line=nature>', 'target table: fund nature of a line; may be given several times', collect)
    .option('--yes', 'book without asking, and accept what was inferred');
  does(cli, viewOptions(placeOptions(command), ['table', 'json']), (given, file = '') =>
    importFile(cli, given, { file }),
  );
}
