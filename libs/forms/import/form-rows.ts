/** Rows of a filled form beside the targets in force: by headings and name, each once, none missing, targets as they are. */
import type { Indicator } from '#domain/performance/events.js';
import type { Findings } from '#forms/findings.js';
import type { ReadRow } from './form-table.js';

export interface RowOfIndicator {
  readonly indicator: Indicator;
  readonly row: ReadRow;
}

type Named = Pick<Indicator, 'level1' | 'level2' | 'keyWork' | 'level3'>;

const keyOf = ({ level1, level2, keyWork = '', level3 }: Named): string =>
  [level1, level2, keyWork, level3].map((text) => text.replace(/\s+/gu, '')).join('\n');

/** Columns that print a target, with its text. */
const TARGETS = { half: ({ half }: Indicator) => half.text, annual: ({ annual }: Indicator) => annual.text } as const;

/** In the order of the form. What does not fit is told at its cell, or at the sheet for what is not there. */
export function rowsOfIndicators(
  rows: readonly ReadRow[],
  indicators: readonly Indicator[],
  { sheet, findings }: { readonly sheet: string; readonly findings: Findings },
): readonly RowOfIndicator[] {
  const known = new Map(indicators.map((indicator) => [keyOf(indicator), indicator]));
  const found = new Map<string, ReadRow>();
  const paired = rows.flatMap((row) => {
    const { level1 = '', level2 = '', keyWork, level3 } = row.values;
    if (level3 === undefined) return [];
    const key = keyOf({ level1, level2, ...(keyWork !== undefined && { keyWork }), level3 });
    const indicator = known.get(key);
    const before = found.get(key);
    if (indicator === undefined) findings.problem(row.at('level3'), 'INDICATOR_UNKNOWN', { found: level3 });
    if (before !== undefined) {
      findings.problem(row.at('level3'), 'INDICATOR_REPEATED', { row: level3, first: before.at('level3') });
    }
    found.set(key, before ?? row);
    if (indicator === undefined || before !== undefined) return [];
    reportTargets(row, indicator, findings);
    return [{ indicator, row }];
  });
  for (const indicator of indicators) {
    if (found.has(keyOf(indicator))) continue;
    findings.problem(sheet, 'INDICATOR_NOT_IN_FORM', { indicator: indicator.indicator, row: indicator.level3 });
  }
  return paired;
}

function reportTargets(row: ReadRow, indicator: Indicator, findings: Findings): void {
  for (const [column, textOf] of Object.entries(TARGETS)) {
    const printed = row.values[column];
    const inForce = textOf(indicator);
    if (printed === undefined || sameTarget(printed, inForce)) continue;
    findings.problem(row.at(column), 'TARGET_CHANGED', { found: printed, expected: inForce });
  }
}

const sameTarget = (left: string, right: string): boolean => plainTarget(left) === plainTarget(right);

/** Glyphs of one meaning alike. */
const plainTarget = (text: string): string =>
  text
    .replace(/\s+/gu, '')
    .replace(/^(＝|=)/u, '＝')
    .replace(/^(>=|≧)/u, '≥')
    .replace(/^(<=|≦)/u, '≤')
    .replace(/％/gu, '%');
