/** In what form an answer is shown: `table` for people, `json` exactly as the API gives it, `csv` for programs. */
import type { Command } from 'commander';
import { MONEY_UNITS } from './amounts.js';
import type { Cli } from './cli.js';
import { csv, type CsvColumn } from './csv.js';
import type { Given } from './given.js';
import { LANGUAGES } from './labels.js';
import type { Style } from './page.js';
import type { Terminal } from './terminal.js';

const FORMATS = ['table', 'json', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

export interface View {
  readonly format: Format;
  readonly style: Style;
}

/** `formats`: those that the verb has. */
export const viewOptions = (command: Command, formats: readonly Format[] = FORMATS): Command =>
  command
    .option('--format <format>', `${formats.join(', ')} (default: table)`)
    .option('--lang <language>', 'words of tables: zh, en (default: zh)')
    .option('--unit-of-money <unit>', 'amounts of tables: yuan, wan for 万元 (default: yuan)');

export function viewOf(given: Given, terminal: Terminal, formats: readonly Format[] = FORMATS): View {
  const format = given.optionalChoice('format', formats) ?? 'table';
  if (format !== 'table' && given.has('unit-of-money')) {
    given.fault('unit-of-money', 'TABLES_ONLY', `is for tables; ${format} always has exact yuan`);
  }
  return {
    format,
    style: {
      language: given.optionalChoice('lang', LANGUAGES) ?? 'zh',
      moneyUnit: given.optionalChoice('unit-of-money', MONEY_UNITS) ?? 'yuan',
      colours: terminal.colours,
    },
  };
}

export interface Shapes<Body, Row> {
  readonly table: (body: Body, style: Style) => string;
  readonly columns: readonly CsvColumn<Row>[];
  readonly rows: (body: Body) => readonly Row[];
}

export async function show<Body, Row>(cli: Cli, view: View, body: Body, shapes: Shapes<Body, Row>): Promise<void> {
  await cli.terminal.out(textOf(view, body, shapes));
}

export function textOf<Body, Row>({ format, style }: View, body: Body, shapes: Shapes<Body, Row>): string {
  if (format === 'json') return jsonText(body);
  if (format === 'csv') return csv(shapes.columns, shapes.rows(body));
  return shapes.table(body, style);
}

/** The API's own body, indented: members keep their order. */
export const jsonText = (body: unknown): string => `${JSON.stringify(body, null, 2)}\n`;
