/** How a report stands on the page: its language and units, what it holds for, and what is said below it. */
import type { Moment, ScopeBody } from './bodies.js';
import { moneyWord, type MoneyUnit } from './amounts.js';
import { columnWord, valueWord, type ColumnName, type Language } from './labels.js';
import { paint, printable, type Column } from './table.js';

export interface Style {
  readonly language: Language;
  readonly moneyUnit: MoneyUnit;
  readonly colours: boolean;
  /** First line of the report: unit and year. */
  readonly title?: string;
}

export const PLAIN: Style = { language: 'zh', moneyUnit: 'yuan', colours: false };

/** Title, moment, table and notes. Notes without words are left out. */
export function page(
  moment: Moment,
  { language, moneyUnit, colours, title }: Style,
  text: string,
  notes: readonly (string | undefined)[] = [],
): string {
  const { stale, staleReason = '' } = moment;
  const words = stale && { zh: `数据可能不是最新：${staleReason}`, en: `May be out of date: ${staleReason}` };
  const warning = words && printable(words[language]);
  const below = [warning && (colours ? paint({ text: warning, tone: 'bad' }) : warning), ...notes.map(told)];
  const head = [title, momentWords(moment, { language, moneyUnit })].map(told);
  return [...head.filter(isSaid), '', text.trimEnd(), ...below.filter(isSaid), ''].join('\n');
}

/** An instant as the clock in China shows it: `2024-06-30 23:59:59.999 +08:00`. China has had one time since 1991. */
export function localTime(instant: string): string {
  const ms = Date.parse(instant);
  if (Number.isNaN(ms)) return instant;
  return `${new Date(ms + 8 * 3_600_000).toISOString().replace('T', ' ').slice(0, -1)} +08:00`;
}

function momentWords(
  { asOf, knownAt, position }: Moment,
  { language, moneyUnit }: Pick<Style, 'language' | 'moneyUnit'>,
) {
  const money = moneyWord(moneyUnit, language);
  return language === 'zh'
    ? `截至 ${asOf}，按 ${localTime(knownAt)} 所知，日志位置 ${position}，${money}`
    : `as of ${asOf}, known at ${localTime(knownAt)}, log position ${position}, ${money}`;
}

const told = (note: string | undefined): string | undefined => (note === undefined ? undefined : printable(note));

const isSaid = (line: string | undefined): line is string => line !== undefined;

/** 一般公共预算+政府性基金, 项目支出; the kind of expenditure is named when it is not all. */
export function scopeWord({ funds, expenditure }: ScopeBody, language: Language): string {
  const fund = funds === 'all' ? valueWord('all', language) : funds.map((name) => valueWord(name, language)).join('+');
  return expenditure === 'all' ? fund : `${fund}, ${valueWord(expenditure, language)}`;
}

export const headings = (names: readonly ColumnName[], language: Language): Column[] =>
  names.map((name) => ({ heading: columnWord(name, language) }));

export const figures = (names: readonly ColumnName[], language: Language): Column[] =>
  names.map((name) => ({ heading: columnWord(name, language), align: 'right' }));
