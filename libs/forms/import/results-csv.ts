/**
 * Results of indicators as CSV, validated as a whole: one bad row refuses the file, and all bad rows are listed. A value
 * may be written as the form prints it (`17个`, `100%`, `健全`) or as a bare number; points of a checklist are not for a cell.
 */
import type { NewResult } from '#domain/performance/commands.js';
import type { Evidence, Indicator, ResultValue } from '#domain/performance/events.js';
import { Findings, place, present, type Reading } from '#forms/findings.js';
import { PERFORMANCE_FORM } from '#forms/performance-form.js';
import { plainDigits } from '#forms/target-value.js';
import { dateCell, reportDuplicate } from './csv-cells.js';
import { readRows, type Header } from './csv-rows.js';
import { plainText } from './json-shape.js';

/** A row of the file and what it records. `row` is what a spreadsheet shows: the header is row 1. */
export interface ResultRow {
  readonly row: number;
  readonly result: NewResult;
}

/** Of an indicator that a file may name, by id or by exact name. */
export type KnownIndicator = Pick<Indicator, 'indicator' | 'level3' | 'comparator' | 'kind' | 'unit'>;

export interface ResultsCsvOptions {
  /** Year of the table: dates outside it are refused. */
  readonly year: number;
  readonly indicators: readonly KnownIndicator[];
}

const RESULT_HEADER: Header<'resultId' | 'date' | 'indicator' | 'value' | 'evidenceTitle' | 'documentNumber' | 'note'> =
  {
    required: ['resultId', 'date', 'indicator', 'value'],
    optional: ['evidenceTitle', 'documentNumber', 'note'],
  };

/** Bytes of a file of results in, its rows or all its problems out. */
export function parseResultsCsv(
  bytes: Uint8Array,
  { year, indicators }: ResultsCsvOptions,
): Reading<readonly ResultRow[]> {
  const findings = new Findings();
  const directory = directoryOf(indicators);
  const seen = new Map<string, { row: number; same: string }>();
  const results = (readRows(bytes, RESULT_HEADER, findings) ?? []).map(({ row, cell }) => {
    const at = (column: Parameters<typeof cell>[0]) => place(row, column);
    const optionalText = (column: Parameters<typeof cell>[0], longest: number): string | undefined =>
      cell(column) === '' ? undefined : plainText(cell(column), longest, at(column), findings);
    const resultId = plainText(cell('resultId'), 64, at('resultId'), findings);
    const date = dateCell(cell('date'), year, at('date'), findings);
    const indicator = indicatorCell(cell('indicator'), directory, at('indicator'), findings);
    const text = plainText(cell('value'), 100, at('value'), findings);
    const value = indicator && text && valueCell(text, indicator, at('value'), findings);
    const title = optionalText('evidenceTitle', 300);
    const number = optionalText('documentNumber', 100);
    const note = optionalText('note', 500);
    const same = JSON.stringify([date, indicator?.indicator, value, title, number, note]);
    if (resultId !== undefined) reportDuplicate(seen, resultId, { row, same }, at('resultId'), findings);
    return { row, resultId, date, indicator, value, evidence: evidenceOf(title, number), note };
  });
  return findings.reading(() =>
    results.map(({ row, resultId, date, indicator, value, evidence, note }) => ({
      row,
      result: {
        effectiveDate: present(date, 'the date'),
        resultId: present(resultId, 'the id'),
        indicator: present(indicator, 'the indicator').indicator,
        result: present(value || undefined, 'the value'),
        evidence,
        ...(note === undefined ? {} : { note }),
      },
    })),
  );
}

/** A paper without words is called by its number. */
function evidenceOf(title: string | undefined, number: string | undefined): readonly Evidence[] {
  const called = title ?? number;
  if (called === undefined) return [];
  return [{ title: called, ...(number === undefined ? {} : { document: { number } }) }];
}

interface IndicatorDirectory {
  readonly byId: ReadonlyMap<string, KnownIndicator>;
  readonly byName: ReadonlyMap<string, readonly KnownIndicator[]>;
}

function directoryOf(indicators: readonly KnownIndicator[]): IndicatorDirectory {
  const byName = new Map<string, KnownIndicator[]>();
  for (const known of indicators) byName.set(known.level3, [...(byName.get(known.level3) ?? []), known]);
  return { byId: new Map(indicators.map((known) => [known.indicator, known])), byName };
}

/** An id goes before a name. */
function indicatorCell(
  value: string,
  { byId, byName }: IndicatorDirectory,
  at: string,
  findings: Findings,
): KnownIndicator | undefined {
  const known = byId.get(value);
  if (known !== undefined) return known;
  const [named, ...others] = byName.get(value.normalize('NFC')) ?? [];
  if (value === '') findings.problem(at, 'CELL_EMPTY');
  else if (named === undefined) findings.problem(at, 'INDICATOR_UNKNOWN', { found: value.slice(0, 80) });
  else if (others.length === 0) return named;
  else {
    const indicators = [named, ...others].map(({ indicator }) => indicator);
    findings.problem(at, 'INDICATOR_AMBIGUOUS', { found: value, indicators });
  }
  return undefined;
}

const QUANTITY = /^[＝=]?\s*([-−－]?[\d０-９.．,，'’]+)\s*([^\d０-９]*)$/u;
const DECIMAL = /^-?(0|[1-9]\d*)(\.\d+)?$/;
/** No figure of a table has more digits; longer ones would be slow to compare. */
const VALUE_LENGTH = 20;

function valueCell(
  text: string,
  { comparator, kind, unit }: KnownIndicator,
  at: string,
  findings: Findings,
): ResultValue | undefined {
  const match = QUANTITY.exec(text);
  if (comparator === 'word' || kind === 'QUALITATIVE') {
    if (match === null) return { text };
    findings.problem(at, 'RESULT_NOT_A_WORD', { found: text });
    return undefined;
  }
  const [, printed = '', suffix = ''] = match ?? [];
  const { text: value, changed } = plainDigits(printed);
  if (!DECIMAL.test(value) || value.length > VALUE_LENGTH) {
    findings.problem(at, 'RESULT_NOT_A_NUMBER', { found: text, unit });
    return undefined;
  }
  const found = spelt(suffix);
  if (found !== '' && found !== spelt(unit)) {
    findings.problem(at, 'UNIT_DIFFERS', { found: suffix, expected: unit });
    return undefined;
  }
  if (changed) findings.note(at, 'FULL_WIDTH_DIGITS', { found: text });
  return { value };
}

const spelt = (unit: string): string => PERFORMANCE_FORM.unitSpellings[unit] ?? unit;
