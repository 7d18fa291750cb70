/** `import` and the `--file` of other verbs: preview, question, booking. Nothing is booked before it was shown. */
import { readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { Command } from 'commander';
import { FILE_LIMIT_BYTES } from '#forms/import/decode.js';
import { type FileKind, recogniseFile } from '#forms/import/recognise.js';
import { collect, does, type Cli } from './cli.js';
import { path } from './client.js';
import { BadInput } from './faults.js';
import { type Given, quote } from './given.js';
import { fundNature, unknownFunds } from './labels.js';
import { askedPlace, placeOf, placeOptions } from './place.js';
import { renderOutcome, renderPreview, type OutcomeBody, type PreviewBody } from './render-import.js';
import { jsonText, viewOf, viewOptions } from './view.js';

export const KINDS = [
  'table',
  'payments',
  'adjustments',
  'results',
  'monitoring',
  'self-evaluation',
  'project-self-evaluation',
] as const;
export type Kind = (typeof KINDS)[number];

export function importVerb(program: Command, cli: Cli): void {
  const command = program
    .command('import <file>')
    .description(
      'a performance table (text, JSON or xlsx), a filled form (xlsx), or payments, adjustments or results (CSV): preview, then book',
    )
    .option('--kind <kind>', `${KINDS.join(', ')} (default: by what the file holds)`)
    .option('--approved-on <date>', 'table: date of approval (default: 1 January, marked assumed)')
    .option('--fund <line=nature>', 'table: fund nature of a line; may be given several times', collect)
    .option('--yes', 'book without asking, and accept what was inferred');
  does(cli, viewOptions(placeOptions(command), ['table', 'json']), (given, file = '') => {
    const kind = given.optionalChoice('kind', KINDS);
    return importFile(cli, given, { file, ...(kind === undefined ? {} : { kind }) });
  });
}

/** Exit code 1 when the file or part of it is refused. Without `--yes` a person at a terminal is asked. */
export async function importFile(cli: Cli, given: Given, of: { file: string; kind?: Kind }): Promise<number> {
  const { format, style } = viewOf(given, cli.terminal, ['table', 'json']);
  const approvedOn = given.optionalDate('approved-on');
  const fund = mappingOf(given);
  const asked = askedPlace(given);
  given.check();
  const bytes = await readUpload(of.file);
  const kind = of.kind ?? kindOf(of.file, bytes);
  // A table or a form names its unit and year itself, a CSV file goes into books that are there already.
  const { unit, year } = CSV_KINDS.includes(kind) ? await placeOf(cli.client(), asked) : asked;
  const query = { kind, unit, year: year?.toString(), approvedOn, fund };
  const upload = { name: basename(of.file), bytes };
  const { body: preview } = await cli.client().upload<PreviewBody>('/api/v1/imports', query, upload);
  if (format === 'table') await cli.terminal.out(renderPreview(preview, style));
  const outcome = preview.confirmable && (await wanted(cli, given, format)) ? await confirmed(cli, preview) : undefined;
  if (format === 'json') await cli.terminal.out(jsonText(outcome ?? preview));
  else if (outcome) await cli.terminal.out(renderOutcome(outcome, preview.rowCount));
  if (outcome) return outcome.state === 'booked' ? 0 : 1;
  if (!preview.confirmable) return 1;
  cli.terminal.err('Not booked. Give the same command with --yes to book it.\n');
  return 0;
}

/** `--yes`, or the answer of a person who has seen the preview. */
async function wanted({ terminal }: Cli, given: Given, format: string): Promise<boolean> {
  if (given.flag('dry-run')) return false;
  if (given.flag('yes')) return true;
  return format === 'table' && terminal.interactive && terminal.confirm('Book this?');
}

/** Books what was shown, and nothing else: the preview is named by its fingerprint. */
async function confirmed(cli: Cli, { id, fingerprint }: PreviewBody): Promise<OutcomeBody> {
  const request = { ifMatch: fingerprint };
  return (await cli.client().write<OutcomeBody>('POST', path`/api/v1/imports/${id}/confirmation`, request)).body;
}

/** Bytes of a file to be sent. Throws `BadInput` for one that is not there or larger than the system takes. */
export async function readUpload(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file);
    if (size > FILE_LIMIT_BYTES) {
      const message = `has ${size} bytes, at most ${FILE_LIMIT_BYTES} are accepted; split it`;
      throw new BadInput({ place: file, code: 'FILE_TOO_LARGE', message });
    }
    return await readFile(file);
  } catch (error) {
    if (error instanceof BadInput) throw error;
    const message = `cannot be read (${(error as NodeJS.ErrnoException).code})`;
    throw new BadInput({ place: file, code: 'FILE_NOT_READABLE', message });
  }
}

const KIND_OF_FILE: Readonly<Record<FileKind, Kind>> = {
  'table-text': 'table',
  'json-form': 'table',
  'payments-csv': 'payments',
  'adjustments-csv': 'adjustments',
  'results-csv': 'results',
  'target-workbook': 'table',
  'monitoring-workbook': 'monitoring',
  'self-evaluation-workbook': 'self-evaluation',
  'project-workbook': 'project-self-evaluation',
};

/** Files that name neither unit nor year. */
const CSV_KINDS: readonly Kind[] = ['payments', 'adjustments', 'results'];

/** What the file holds, by its content. A damaged file goes to its reader, which says what is wrong. */
function kindOf(file: string, bytes: Uint8Array): Kind {
  const found = recogniseFile(bytes);
  if (found !== undefined) return KIND_OF_FILE[found];
  if (extname(file).toLowerCase() !== '.csv') return 'table';
  const message =
    'its first line begins with neither voucherNo (payments), adjustmentId (adjustments) nor resultId (results): correct it, or say --kind';
  throw new BadInput({ place: file, code: 'KIND_UNKNOWN', message });
}

/** `P01=general-public`, one for each `--fund`; lines may be named by id or by exact name. */
function mappingOf(given: Given): readonly string[] {
  return given.list('fund').map((text) => {
    const [, line = '', name = ''] = /^(.+)=(.*)$/.exec(text) ?? [];
    const nature = fundNature(name);
    if (line === '') given.fault('fund', 'NOT_A_MAPPING', `${quote(text)}: write LINE=FUND`);
    else if (nature === undefined) given.fault('fund', 'UNKNOWN_FUND', unknownFunds([name]));
    return `${line}=${nature}`;
  });
}
