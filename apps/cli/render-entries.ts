/** Entries of the log as text for people: journal, history, explanation of a figure, monthly plan, units, formulas. */
import { shownAmount } from './amounts.js';
import type { EntryBody, ExplanationBody, HistoryBody, JournalBody } from './bodies.js';
import type { FormulasBody, PlanBody, UnitsBody } from './catalogue-bodies.js';
import { nameOf } from './bodies.js';
import { columnWord, inputWord, valueWord, type Language } from './labels.js';
import { figures, headings, localTime, page, PLAIN, scopeWord, type Style } from './page.js';
import { printable, table } from './table.js';

export const renderJournal = (body: JournalBody, style: Style = PLAIN): string =>
  page(body, style, entriesTable(body.entries, style), [more(body.next, style.language)]);

/** Money effects, one a row: what was booked, for when, and when it was recorded. */
export function entriesTable(entries: readonly EntryBody[], { language, moneyUnit, colours }: Style): string {
  return table(
    [
      ...headings(['date', 'belongsTo', 'kind', 'line', 'number'], language),
      ...figures(['amount'], language),
      ...headings(['payee', 'document', 'actor', 'recordedAt'], language),
      ...figures(['revision'], language),
    ],
    entries.map((entry) => [
      entry.effectiveDate,
      entry.belongsTo ?? '',
      valueWord(entry.kind, language),
      entry.line,
      entry.ref ?? '',
      shownAmount(entry.amount, moneyUnit),
      entry.payee?.name ?? '',
      entry.document?.number ?? '',
      nameOf(entry.actor),
      localTime(entry.recordedAt),
      String(entry.revision),
    ]),
    { colours },
  );
}

/** Events as sentences in the order of their stream. */
export function renderHistory(body: HistoryBody, style: Style = PLAIN): string {
  const { language, colours } = style;
  const text = table(
    [...figures(['revision'], language), ...headings(['date', 'recordedAt', 'actor', 'sentence'], language)],
    body.entries.map((entry) => [
      String(entry.revision),
      entry.effectiveDate,
      localTime(entry.recordedAt),
      nameOf(entry.actor),
      entry.sentence,
    ]),
    { colours },
  );
  return page(body, style, text, [more(body.next, language)]);
}

/** A figure down to its events: formula, inputs, entries, and the link under which it stays the same. */
export function renderExplanation(body: ExplanationBody, style: Style = PLAIN): string {
  const { language, moneyUnit, colours } = style;
  const zh = language === 'zh';
  const amount = (yuan: string | null) => shownAmount(yuan, moneyUnit);
  const value = body.percent === null ? valueWord(body.reason ?? body.status, language) : `${body.percent}%`;
  const numerator = `${columnWord('numerator', language)} ${amount(body.numerator) || '-'}`;
  const denominator = `${columnWord('denominator', language)} ${amount(body.denominator) || '-'}`;
  const inputs = table(
    [...headings(['input', 'formula'], language), ...figures(['amount'], language)],
    body.inputs.map(({ name, symbol, amount: yuan }) => [inputWord(name, language), symbol ?? '', amount(yuan)]),
    { colours },
  );
  const text = [
    `${body.name[language]} (${body.metric}, v${body.version}), ${scopeWord(body.scope, language)}: ${value}`,
    `${columnWord('formula', language)}: ${body.formula}`,
    `${columnWord('source', language)}: ${body.source}`,
    `${numerator}; ${denominator}`,
  ].map(printable);
  const plans = body.plans === undefined ? [] : [plansTable(body.plans, style)];
  const prior = body.priorYear && `${zh ? '上年明细' : 'Entries of the year before'}: ${body.priorYear.journal}`;
  const link = `${zh ? '固定链接' : 'Permanent link'}: ${body.link}`;
  const whole = [...text, '', inputs, ...plans, entriesTable(body.entries, style)].join('\n');
  return page(body, style, whole, [more(body.next, language), prior, link]);
}

export function plansTable(
  plans: NonNullable<ExplanationBody['plans']>,
  { language, moneyUnit, colours }: Style,
): string {
  return table(
    [...headings(['line', 'plan', 'date'], language), ...figures(['plannedToDate'], language)],
    plans.map(({ line, kind, effectiveDate = '', plannedToDate, assumed }) => [
      line,
      valueWord(kind, language),
      effectiveDate,
      `${assumed ? '*' : ''}${shownAmount(plannedToDate, moneyUnit)}`,
    ]),
    { colours },
  );
}

/** One line: its twelve months. Several: the ends of the quarters; json and csv give all months. */
export function renderPlan(body: PlanBody, style: Style = PLAIN): string {
  const { language, moneyUnit, colours } = style;
  const [only, another] = body.plans;
  if (only && !another) {
    const columns = [...figures(['month'], language), ...figures(['plannedToDate'], language)];
    const rows = only.cumulative.map((yuan, month) => [String(month + 1), shownAmount(yuan, moneyUnit)]);
    return page(body, style, table(columns, rows, { colours }), [`${columnWord('line', language)} ${only.line}`]);
  }
  const quarters = [3, 6, 9, 12];
  const ends = quarters.map((month) => ({
    heading: language === 'zh' ? `至${month}月` : `to month ${month}`,
    align: 'right' as const,
  }));
  const rows = body.plans.map(({ line, name, kind, cumulative }) => [
    line,
    name,
    valueWord(kind, language),
    ...quarters.map((month) => shownAmount(cumulative[month - 1], moneyUnit)),
  ]);
  return page(body, style, table([...headings(['line', 'name', 'plan'], language), ...ends], rows, { colours }));
}

export const renderUnits = ({ units }: UnitsBody, { language, colours }: Style = PLAIN): string =>
  table(
    headings(['unit', 'name', 'parent'], language),
    units.map(({ unit, name, parent = '' }) => [unit, name, parent]),
    { colours },
  );

/** Formulas of rates, then the amounts that they are put together from. */
export const allFormulas = ({ formulas, quantities = [] }: FormulasBody): FormulasBody['formulas'] => [
  ...formulas,
  ...quantities,
];

export const renderFormulas = (body: FormulasBody, { language, colours }: Style = PLAIN): string =>
  table(
    [
      ...headings(['metric'], language),
      ...figures(['version'], language),
      ...headings(['name', 'formula', 'source'], language),
    ],
    allFormulas(body).map(({ id, version, name, formula, source }) => [
      id,
      String(version),
      name[language],
      formula,
      source,
    ]),
    { colours },
  );

export function more(next: string | undefined, language: Language): string | undefined {
  if (next === undefined) return undefined;
  return language === 'zh' ? `还有更多：--all，或 --cursor ${next}` : `There is more: --all, or --cursor ${next}`;
}
