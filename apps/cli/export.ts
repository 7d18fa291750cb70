/** `export`: a report as a file for a spreadsheet or a program. */
import type { Command } from 'commander';
import type { EntryBody, JournalBody, LinesBody, RatesBody } from './bodies.js';
import { does, type Cli } from './cli.js';
import { ENTRY_COLUMNS, LINE_COLUMNS, RATE_COLUMNS } from './columns.js';
import { csv, csvHeader, csvRows } from './csv.js';
import { momentOf, momentOptions, scopeOf, scopeOptions } from './moment.js';
import { writeWhole } from './output-file.js';
import { following } from './paging.js';
import { askedPlace, baseOf, placeOf, placeOptions } from './place.js';
import { jsonText } from './view.js';

const REPORTS = ['lines', 'rates', 'journal'] as const;
type ReportName = (typeof REPORTS)[number];
const FORMATS = ['csv', 'json'] as const;

/** Tells a spreadsheet that the bytes are UTF-8. */
const BYTE_ORDER_MARK = '\ufeff';

export function exportVerb(program: Command, cli: Cli): void {
  const command = program
    .command('export <report>')
    .description(`a whole report as CSV or JSON: ${REPORTS.join(', ')}`)
    .option('--format <format>', 'csv, json (default: csv)')
    .option('--out <file>', 'file to write (default: standard output)')
    .option('--bom', 'begin CSV with a byte order mark, for spreadsheets that take it for GBK otherwise');
  does(cli, scopeOptions(momentOptions(placeOptions(command))), async (given, name = '') => {
    const report = REPORTS.find((known) => known === name);
    if (report === undefined) given.argument('report', `${name} is none of ${REPORTS.join(', ')}`);
    if (report !== 'rates') given.onlyWith('the report rates', ['funds', 'expenditure']);
    const format = given.optionalChoice('format', FORMATS) ?? 'csv';
    if (format === 'json') given.onlyWith('--format csv', ['bom']);
    const query = { ...momentOf(given), ...scopeOf(given) };
    const out = given.optionalText('out');
    const place = askedPlace(given);
    given.check();
    const address = `${baseOf(await placeOf(cli.client(), place))}/${report}`;
    const texts = textsOf(cli, report ?? 'lines', { address, query, format, bom: given.flag('bom') });
    if (out !== undefined) return writeWhole(out, texts);
    for await (const text of texts) await cli.terminal.out(text);
  });
}

interface Wanted {
  readonly address: string;
  readonly query: ReturnType<typeof scopeOf>;
  readonly format: (typeof FORMATS)[number];
  readonly bom: boolean;
}

/** The report piece by piece: a journal of a million rows is never held as a whole. */
async function* textsOf(cli: Cli, report: ReportName, { address, query, format, bom }: Wanted): AsyncGenerator<string> {
  const client = cli.client();
  if (bom) yield BYTE_ORDER_MARK;
  if (report === 'journal') {
    yield* format === 'csv' ? journalCsv(cli, address, query) : journalJson(cli, address, query);
    return;
  }
  const { body } = await client.get<LinesBody | RatesBody>(address, query);
  if (format === 'json') yield jsonText(body);
  else yield 'lines' in body ? csv(LINE_COLUMNS, body.lines) : csv(RATE_COLUMNS, body.rates);
}

async function* journalCsv(cli: Cli, address: string, query: Wanted['query']): AsyncGenerator<string> {
  yield csvHeader(ENTRY_COLUMNS);
  for await (const page of journalPages(cli, address, query)) yield csvRows(ENTRY_COLUMNS, page.entries);
}

/** One answer as if the API gave all entries at once. */
async function* journalJson(cli: Cli, address: string, query: Wanted['query']): AsyncGenerator<string> {
  let lead = '';
  for await (const { entries, next: _, ...moment } of journalPages(cli, address, query)) {
    if (lead === '') yield `${JSON.stringify(moment, null, 2).slice(0, -2)},\n  "entries": [`;
    for (const entry of entries) {
      yield `${lead}\n    ${JSON.stringify(entry)}`;
      lead = ',';
    }
    lead ||= ' ';
  }
  yield '\n  ]\n}\n';
}

async function* journalPages(cli: Cli, address: string, query: Wanted['query']): AsyncGenerator<JournalBody> {
  const first = (await cli.client().get<JournalBody>(address, { ...query, limit: PAGE })).body;
  let count = 0;
  const counted = ({ entries }: { readonly entries: readonly EntryBody[] }) => {
    count += entries.length;
    cli.terminal.progress(`${count} entries`);
  };
  counted(first);
  yield first;
  for await (const page of following<JournalBody>(cli.client(), address, {
    query: { ...query, limit: PAGE },
    next: first.next,
  })) {
    counted(page);
    yield page;
  }
  cli.terminal.progress('');
}

const PAGE = '1000';
