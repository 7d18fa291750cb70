/** Whether sealed reports come out the same when they are made again, and exactly where not. */
import { scopeKey } from '#domain/metrics/quantities.js';
import { LINE_AMOUNTS, type FormulaVersion, type Report, type SealedReport } from '#domain/metrics/sealed-report.js';
import { fen, formatYuan } from '#domain/money.js';

export const DIFFERENCE_CODES = [
  /** The seal was made before reports were kept: there is nothing to compare. */
  'NO_REPORTS',
  /** The stored text does not have the digest that is stored beside it. */
  'DIGEST_DIFFERS',
  /** The stored text is no report. */
  'NOT_READABLE',
  /** A form that this program does not make any more. */
  'FORM_UNKNOWN',
  /** The log holds less of a stream than the seal cites. */
  'STREAM_SHORTER',
  /** The log does not hold what the seal rests on: an event cannot follow those before it. */
  'LOG_DAMAGED',
  'FORMULA_VERSION_CHANGED',
  'FIGURE_DIFFERS',
  /** The figures are the same, the text is not. */
  'TEXT_DIFFERS',
] as const;
export type DifferenceCode = (typeof DIFFERENCE_CODES)[number];

/** One reason. `where` names report and figure; amounts are yuan; `null` where there is no such figure. */
export interface Difference {
  readonly code: DifferenceCode;
  readonly where: string;
  readonly sealed: string | null;
  readonly now: string | null;
}

/** What a seal keeps of one report, read back: its value is anything that the text may hold. */
export interface KeptReport {
  readonly kind: string;
  readonly scope: string;
  readonly value: unknown;
}

/**
 * Figures that differ, in the order of the sealed reports, then those that only the new ones have. Figures of a formula that
 * has another version now are left out: the version is the reason.
 */
export function differences(kept: readonly KeptReport[], made: readonly SealedReport[]): readonly Difference[] {
  const readable = kept.filter((report): report is KeptReport & { readonly value: Report } => isReport(report.value));
  const unknown = kept
    .filter(({ value }) => !isReport(value))
    .map(({ kind, scope, value }) => ({
      code: 'FORM_UNKNOWN' as const,
      where: `${kind} ${scope}`,
      sealed: formOf(value),
      now: null,
    }));
  const versions = versionChanges(formulasOf(readable), formulasOf(made));
  const changed = new Set(versions.map(({ where }) => where));
  const [before, after] = [figuresOf(readable, changed), figuresOf(made, changed)];
  const figures = [...new Set([...before.keys(), ...after.keys()])]
    .filter((where) => before.get(where) !== after.get(where))
    .map((where) => ({
      code: 'FIGURE_DIFFERS' as const,
      where,
      sealed: before.get(where) ?? null,
      now: after.get(where) ?? null,
    }));
  return [...unknown, ...versions, ...figures];
}

/** The formulas that sealed reports name, in their order. */
export const formulasOf = (reports: readonly { readonly value: unknown }[]): readonly FormulaVersion[] => [
  ...new Map(
    reports.flatMap(({ value }) =>
      isReport(value) && value.form === 'sealed-rates'
        ? value.formulas.map((formula) => [formula.metric, formula])
        : [],
    ),
  ).values(),
];

function versionChanges(sealed: readonly FormulaVersion[], now: readonly FormulaVersion[]): readonly Difference[] {
  const current = new Map(now.map(({ metric, version }) => [metric, version]));
  return sealed
    .filter(({ metric, version }) => current.get(metric) !== version)
    .map(({ metric, version }) => ({
      code: 'FORMULA_VERSION_CHANGED',
      where: metric,
      sealed: String(version),
      now: current.get(metric)?.toString() ?? null,
    }));
}

const FORMS: Readonly<Record<Report['form'], Report['version']>> = { 'sealed-lines': 1, 'sealed-rates': 1 };

/** Whether a value read back is a report of a form that this program makes. */
export function isReport(value: unknown): value is Report {
  const { form, version, rows, rates, formulas, columns, totals } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof form !== 'string' || !Object.hasOwn(FORMS, form) || FORMS[form as Report['form']] !== version)
    return false;
  return form === 'sealed-lines'
    ? [rows, columns, totals].every(Array.isArray)
    : [rates, formulas].every(Array.isArray);
}

function formOf(value: unknown): string {
  const { form, version } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return `${String(form)} ${String(version)}`;
}

/** Everything that reports say, by where they say it. */
function figuresOf(
  reports: readonly { readonly kind: string; readonly value: Report }[],
  withoutMetrics: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const figures = new Map<string, string>();
  for (const { kind, value } of reports) {
    for (const member of HEADING) figures.set(`${kind} ${member}`, textOf(value[member]));
    if (value.form === 'sealed-lines') {
      noteLines(figures, value);
      continue;
    }
    for (const rate of value.rates) {
      if (withoutMetrics.has(rate.metric)) continue;
      const of = `rates ${rate.metric} ${scopeKey(rate.scope)}${rate.indicator === undefined ? '' : ` ${rate.indicator}`}`;
      for (const [member, figure] of Object.entries(rate)) figures.set(`${of} ${member}`, textOf(figure));
    }
  }
  return figures;
}

const HEADING = ['unit', 'year', 'through', 'checkpoint', 'approved', 'money', 'streams'] as const;

function noteLines(figures: Map<string, string>, { columns, rows, totals }: Report & { form: 'sealed-lines' }): void {
  for (const row of rows) {
    columns.forEach((column, index) => {
      if (column !== 'line') figures.set(`lines ${row[0]} ${column}`, amountText(column, row[index]));
    });
  }
  for (const { amounts, ...scope } of totals) {
    LINE_AMOUNTS.forEach((amount, index) => {
      figures.set(`lines total ${scopeKey(scope)} ${amount}`, amountText(amount, amounts[index]));
    });
  }
}

const amountText = (column: string, figure: unknown): string =>
  (LINE_AMOUNTS as readonly string[]).includes(column) && Number.isSafeInteger(figure)
    ? formatYuan(fen(Number(figure)))
    : textOf(figure);

/** Two values that differ in nothing but the order of their members have one text. */
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value, membersInOrder) ?? 'undefined');

const membersInOrder = (_key: string, value: unknown): unknown =>
  typeof value !== 'object' || value === null || Array.isArray(value)
    ? value
    : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
