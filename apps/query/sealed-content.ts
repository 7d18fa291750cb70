/** What a kept report says, as answers show it: amounts in yuan, rates under their names of today. */
import type { Expenditure, FundNature } from '#domain/budget/events.js';
import { isReport } from '#domain/metrics/reproduction.js';
import type { Quantities } from '#domain/metrics/quantities.js';
import { metricById } from '#domain/metrics/registry.js';
import type { Rate } from '#domain/metrics/report.js';
import { LINE_AMOUNTS, type LinesReport, type RatesReport, type SealedRate } from '#domain/metrics/sealed-report.js';
import { ZERO, fen, type Fen } from '#domain/money.js';
import { figuresOf } from './figures.js';
import type { LineDto } from './lines.dto.js';
import type { SealedContentDto } from './seals.dto.js';

/** Amounts of a sealed line in fen, and what it was called where the report had room for it. */
export interface SealedLine {
  readonly line: string;
  readonly name?: string;
  readonly expenditure: Expenditure;
  readonly fund: FundNature;
  readonly amounts: Readonly<Record<(typeof LINE_AMOUNTS)[number], Fen>>;
  readonly plannedAssumed: boolean;
}

/** `undefined` for what is no report of a known form. `names`: of lines, for a report that has none. */
export function contentOf(value: unknown, names: ReadonlyMap<string, string>): SealedContentDto | undefined {
  if (!isReport(value)) return undefined;
  const { checkpoint, approved, part, parts } = value;
  const heading = { checkpoint, approved, part, parts };
  if (value.form === 'sealed-rates') {
    return { ...heading, formulas: value.formulas, rates: sealedRates(value) };
  }
  return {
    ...heading,
    lines: sealedLines(value).map((line) => lineDto(line, names)),
    totals: value.totals.map(({ funds, expenditure, amounts }) => ({
      scope: { funds, expenditure },
      figures: figuresOf(quantitiesOf(amounts)),
    })),
  };
}

export function sealedLines({ columns, rows }: LinesReport): readonly SealedLine[] {
  const place = new Map(columns.map((column, index) => [column, index]));
  return rows.map((row) => {
    const cell = (column: string) => row[place.get(column) ?? -1];
    const name = cell('name');
    return {
      line: String(cell('line')),
      ...(typeof name === 'string' ? { name } : {}),
      expenditure: cell('expenditure') as Expenditure,
      fund: cell('fund') as FundNature,
      amounts: Object.fromEntries(
        LINE_AMOUNTS.map((amount) => [amount, fen(Number(cell(amount) ?? 0))]),
      ) as SealedLine['amounts'],
      plannedAssumed: cell('plannedAssumed') === true,
    };
  });
}

/** Rates with the names that the registry gives them now. */
export const sealedRates = ({ rates }: RatesReport): readonly Rate[] =>
  rates.map((rate: SealedRate): Rate => {
    const metric = metricById(rate.metric);
    const name = metric?.name ?? { zh: rate.metric, en: rate.metric };
    return { ...rate, name, ...(metric?.viewOf === undefined ? {} : { viewOf: metric.viewOf }) };
  });

const lineDto = (
  { line, name, expenditure, fund, amounts, plannedAssumed }: SealedLine,
  names: ReadonlyMap<string, string>,
): LineDto => ({
  line,
  name: name ?? names.get(line) ?? '',
  expenditure,
  fund,
  ...figuresOf({ ...NOTHING, ...amounts, plannedAssumed }),
});

const quantitiesOf = (amounts: readonly Fen[]): Quantities => ({
  ...NOTHING,
  ...Object.fromEntries(LINE_AMOUNTS.map((amount, index) => [amount, amounts[index] ?? ZERO])),
});

/** What figures are shown from has more than a report keeps of it. */
const NOTHING: Quantities = {
  ...(Object.fromEntries(LINE_AMOUNTS.map((amount) => [amount, ZERO])) as Record<(typeof LINE_AMOUNTS)[number], Fen>),
  plannedAssumed: false,
  transferred: ZERO,
  exempt: { added: ZERO, cut: ZERO, transferred: ZERO },
  notStructural: ZERO,
};
