/**
 * What in a performance table does not fit together, beyond the rates of `coherence.ts`: units spelt two ways, totals that
 * fall, weights that do not add up, names that wrap, percentages that cannot be, words where numbers belong. Every finding says
 * whether a table may be approved with it.
 */
import type { Indicator, TargetValue } from '#domain/performance/events.js';
import { isPartOfWhole, namesFlow } from '#domain/performance/name-words.js';
import { canonicalUnit, printedUnit } from '#domain/performance/units.js';
import { type Ratio, compare, decimalRatio, formatDecimal, plus, wholeRatio } from '#domain/ratio.js';

export type TableFindingCode =
  | 'UNIT_SPELT_TWO_WAYS'
  | 'UNITS_DIFFER'
  | 'HALF_ABOVE_ANNUAL'
  | 'FLOW_SHRINKS'
  | 'WEIGHT_NOT_POSITIVE'
  | 'WEIGHTS_DO_NOT_ADD_UP'
  | 'WEIGHT_MISSING'
  | 'NAME_WRAPS'
  | 'NAME_REPEATED'
  | 'PERCENT_ABOVE_100'
  | 'WORD_FOR_NUMBER'
  | 'NUMBER_FOR_WORD';

export interface TableFinding {
  readonly code: TableFindingCode;
  readonly severity: 'REFUSES' | 'WARNS';
  /** In printed order. */
  readonly indicators: readonly string[];
  readonly facts: Readonly<Record<string, string | readonly string[]>>;
}

/** A part of the table with a weight of its own, as scoring profiles state it; `level2` goes before `level1`. */
export interface WeightGroup {
  readonly group: string;
  readonly weight: string;
  readonly level1: readonly string[];
  readonly level2?: readonly string[];
}

export interface WeightRules {
  /** What all weights together come to. */
  readonly total: string;
  readonly groups?: readonly WeightGroup[];
}

/** 100 points over all indicators; a profile with points for the funds block states less. */
export const WHOLE_TABLE: WeightRules = { total: '100' };

/** All findings, check by check, each in printed order. */
export const tableFindings = (
  indicators: readonly Indicator[],
  weights: WeightRules = WHOLE_TABLE,
): readonly TableFinding[] => [
  ...unitFindings(indicators),
  ...indicators.flatMap(courseFindings),
  ...weightFindings(indicators, weights),
  ...indicators.flatMap(wrappedNames),
  ...repeatedNames(indicators),
  ...indicators.flatMap(percentFindings),
  ...indicators.flatMap(kindFindings),
];

type Facts = TableFinding['facts'];
const refuses = (code: TableFindingCode, indicators: readonly Indicator[], facts: Facts): TableFinding => ({
  code,
  severity: 'REFUSES',
  indicators: indicators.map(({ indicator }) => indicator),
  facts,
});
const warns = (code: TableFindingCode, indicators: readonly Indicator[], facts: Facts): TableFinding => ({
  ...refuses(code, indicators, facts),
  severity: 'WARNS',
});

/** One unit in several spellings over the table, and two units within one row. */
function unitFindings(indicators: readonly Indicator[]): readonly TableFinding[] {
  const spelt = indicators.map((indicator) => ({
    indicator,
    half: printedUnit(indicator.half.text),
    annual: printedUnit(indicator.annual.text),
  }));
  const units = new Set(spelt.map(({ annual }) => canonicalUnit(annual)));
  const twoWays = [...units].flatMap((unit) => {
    const rows = spelt.filter(({ annual }) => annual !== '' && canonicalUnit(annual) === unit);
    const spellings = [...new Set(rows.flatMap(({ half, annual }) => [half, annual]))].filter(
      (spelling) => canonicalUnit(spelling) === unit,
    );
    if (spellings.length < 2) return [];
    const found = rows.map(({ indicator }) => indicator);
    return [warns('UNIT_SPELT_TWO_WAYS', found, { unit, spellings })];
  });
  const differing = spelt
    .filter(({ half, annual }) => half !== '' && annual !== '' && canonicalUnit(half) !== canonicalUnit(annual))
    .map(({ indicator, half, annual }) => refuses('UNITS_DIFFER', [indicator], { half, annual }));
  return [...twoWays, ...differing];
}

/** A running total cannot fall; a quantity that is named like one and falls was taken for a level only because it does. */
function courseFindings(indicator: Indicator): readonly TableFinding[] {
  const { kind, level3, half, annual } = indicator;
  const [before, after] = [valueOf(half.value), valueOf(annual.value)];
  if (before === undefined || after === undefined || compare(before, after) <= 0) return [];
  const facts = { half: half.text, annual: annual.text };
  if (kind === 'FLOW_CUMULATIVE') return [refuses('HALF_ABOVE_ANNUAL', [indicator], facts)];
  return kind === 'STOCK_LEVEL' && namesFlow(level3) ? [warns('FLOW_SHRINKS', [indicator], facts)] : [];
}

/** Once any weight is stated: in each group, and over the table. Rows that state none share what the others leave. */
function weightFindings(
  indicators: readonly Indicator[],
  { total, groups = [] }: WeightRules,
): readonly TableFinding[] {
  const stated = indicators.filter(({ weight }) => weight !== undefined);
  if (stated.length === 0) return [];
  const missing = indicators.filter(({ weight }) => weight === undefined);
  const notPositive = stated.filter(({ weight }) => !(weight !== undefined && weight > 0));
  return [
    ...notPositive.map((row) => refuses('WEIGHT_NOT_POSITIVE', [row], { weight: String(row.weight) })),
    ...groups.flatMap(({ group, weight }) =>
      sumFindings(
        indicators.filter((row) => groupOf(row, groups)?.group === group),
        weight,
        { group },
      ),
    ),
    ...sumFindings(indicators, total, {}),
    ...(missing.length === 0 ? [] : [warns('WEIGHT_MISSING', missing, { stated: String(stated.length) })]),
  ];
}

const groupOf = ({ level1, level2 }: Indicator, groups: readonly WeightGroup[]): WeightGroup | undefined =>
  groups.find((group) => group.level2?.includes(level2)) ?? groups.find((group) => group.level1.includes(level1));

function sumFindings(rows: readonly Indicator[], wanted: string, facts: Facts): readonly TableFinding[] {
  const stated = rows.filter(({ weight }) => weight !== undefined);
  if (stated.length === 0) return [];
  const sum = stated.map(({ weight }) => weightOf(weight)).reduce(plus, wholeRatio(0));
  const order = compare(sum, decimalRatio(wanted));
  if (order === 0 || (order < 0 && stated.length < rows.length)) return [];
  return [refuses('WEIGHTS_DO_NOT_ADD_UP', stated, { ...facts, wanted, sum: formatDecimal(sum, 2) })];
}

/** A stored weight is a number with few decimals; to the sixth, as it prints. */
const weightOf = (weight: number | undefined): Ratio => decimalRatio((weight ?? 0).toFixed(6));

const NAMES = ['level1', 'level2', 'keyWork', 'level3'] as const;
const HAN = '[\\p{Script=Han}、，（）“”]';
/** A break or blank between Chinese characters, or a name that begins or ends as only a piece of one does. */
const WRAPPED = new RegExp(`[\\r\\n\\t]|${HAN}\\s+${HAN}|^[、，；）)”]|[、，；（(“]$`, 'u');

function wrappedNames(indicator: Indicator): readonly TableFinding[] {
  return NAMES.flatMap((member) => {
    const found = indicator[member];
    return found !== undefined && WRAPPED.test(found) ? [warns('NAME_WRAPS', [indicator], { member, found })] : [];
  });
}

/** The same name again, blanks and quotation marks aside; or one that is its own first half twice. */
function repeatedNames(indicators: readonly Indicator[]): readonly TableFinding[] {
  const byName = new Map<string, Indicator[]>();
  for (const indicator of indicators) {
    const key = plainName(indicator.level3);
    byName.set(key, [...(byName.get(key) ?? []), indicator]);
  }
  const again = [...byName.values()].filter((rows) => rows.length > 1);
  const doubled = indicators.filter(({ level3 }) => /^(.{2,})\1$/u.test(plainName(level3)));
  return [
    ...again.map((rows) =>
      // Under one duty the two cannot be told apart in a form; under two they can.
      (new Set(rows.map(placeOf)).size < rows.length ? refuses : warns)('NAME_REPEATED', rows, {
        name: rows[0]?.level3 ?? '',
        under: rows.map(({ level2 }) => level2),
      }),
    ),
    ...doubled.map((row) => warns('NAME_REPEATED', [row], { name: row.level3 })),
  ];
}

const plainName = (name: string): string => name.replace(/[\s“”"＂「」‘’']/g, '');
const placeOf = ({ level1, level2, keyWork = '' }: Indicator): string =>
  [level1, level2, keyWork].map(plainName).join('/');

/** A part of a whole above 100 %: asked for, it can never be reached; allowed, it limits nothing. */
function percentFindings(indicator: Indicator): readonly TableFinding[] {
  const { unit, level3, comparator, half, annual } = indicator;
  if (canonicalUnit(unit) !== '%' || !isPartOfWhole(level3)) return [];
  const above = [half, annual].filter(({ value }) => value !== undefined && compare(decimalRatio(value), HUNDRED) > 0);
  if (above.length === 0) return [];
  const found = [...new Set(above.map(({ text }) => text))];
  return [(comparator === '<=' ? warns : refuses)('PERCENT_ABOVE_100', [indicator], { name: level3, found })];
}

const HUNDRED = wholeRatio(100);

function kindFindings(indicator: Indicator): readonly TableFinding[] {
  const { kind, comparator, half, annual } = indicator;
  const isWord = ({ text, value }: TargetValue): boolean => value === undefined && text !== '';
  const hasWord = comparator === 'word' || isWord(half) || isWord(annual);
  const facts = { kind, half: half.text, annual: annual.text };
  if (kind !== 'QUALITATIVE') return hasWord ? [refuses('WORD_FOR_NUMBER', [indicator], facts)] : [];
  return comparator === 'word' ? [] : [refuses('NUMBER_FOR_WORD', [indicator], facts)];
}

const valueOf = (text: string | undefined): Ratio | undefined => (text === undefined ? undefined : decimalRatio(text));
