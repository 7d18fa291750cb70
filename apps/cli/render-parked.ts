/** Streams that stopped, and what a second try came to, as text for people. */
import { shownAmount } from './amounts.js';
import { AMOUNTS, type AmountName, type ScopeBody } from './bodies.js';
import { columnWord, type Language } from './labels.js';
import { figures, headings, localTime, PLAIN, scopeWord, type Style } from './page.js';
import { printable, table } from './table.js';

export interface StoppedBody {
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly error: string;
  /** Events that no answer includes: the one that stopped it and all after it. */
  readonly heldBack: number;
  readonly since: string;
}

export interface ParkedBody {
  readonly parked: readonly StoppedBody[];
}

export interface RetriedBody {
  readonly stream: string;
  /** The stream goes on: all its events are in the read models. */
  readonly resumed: boolean;
  readonly parked?: StoppedBody;
  /** Of the unit and year; amounts are yuan strings, rates percentages, null where there is no such figure. */
  readonly difference?: {
    readonly asOf: string;
    readonly lines: readonly {
      readonly line: string;
      readonly changes: readonly {
        readonly amount: string;
        readonly before: string;
        readonly after: string;
        readonly change: string;
      }[];
    }[];
    readonly rates: readonly {
      readonly metric: string;
      readonly name: { readonly zh: string; readonly en: string };
      readonly scope: ScopeBody;
      readonly before: string | null;
      readonly after: string | null;
      readonly change?: string;
    }[];
  };
}

export function renderParked({ parked }: ParkedBody, style: Style = PLAIN): string {
  const { language, colours } = style;
  if (parked.length === 0) return language === 'zh' ? '没有停住的事件流。\n' : 'No stream is parked.\n';
  return table(
    [
      ...headings(['stream'], language),
      ...figures(['revision'], language),
      ...headings(['type'], language),
      ...figures(['heldBack'], language),
      ...headings(['since', 'error'], language),
    ],
    parked.map(({ stream, revision, type, heldBack, since, error }) => [
      stream,
      String(revision),
      type,
      String(heldBack),
      localTime(since),
      { text: error, tone: 'bad' },
    ]),
    { colours },
  );
}

export function renderRetried({ stream, parked, difference }: RetriedBody, style: Style = PLAIN): string {
  const head = printable(parked === undefined ? resumedWords(stream, style) : stoppedWords(parked, style));
  return difference === undefined ? `${head}\n` : `${head}\n${differenceText(difference, style)}`;
}

const resumedWords = (stream: string, { language }: Style): string =>
  language === 'zh' ? `${stream} 已恢复：全部事件都已计入。` : `${stream} goes on: all its events are projected.`;

const stoppedWords = ({ stream, revision, type, error, heldBack }: StoppedBody, { language }: Style): string =>
  language === 'zh'
    ? `${stream} 仍停在第 ${revision} 号事件 ${type}：${error}（滞留 ${heldBack} 个事件）`
    : `${stream} still stops at event ${revision}, ${type}: ${error} (${heldBack} events held back)`;

function differenceText(difference: NonNullable<RetriedBody['difference']>, style: Style): string {
  const { asOf, lines, rates } = difference;
  const { language } = style;
  const zh = language === 'zh';
  if (lines.length + rates.length === 0) {
    return zh ? `截至 ${asOf}，各项数字没有变化。\n` : `No figure as of ${asOf} has changed.\n`;
  }
  const parts = [
    ...(lines.length > 0 ? [linesTable(lines, style)] : []),
    ...(rates.length > 0 ? [ratesTable(rates, style)] : []),
  ];
  return `${zh ? `截至 ${asOf} 的变化：` : `What changed as of ${asOf}:`}\n\n${parts.join('\n')}`;
}

const CHANGE_COLUMNS = ['before', 'after', 'difference'] as const;

const linesTable = (
  lines: NonNullable<RetriedBody['difference']>['lines'],
  { language, colours, moneyUnit }: Style,
): string =>
  table(
    [...headings(['line', 'kind'], language), ...figures(CHANGE_COLUMNS, language)],
    lines.flatMap(({ line, changes }) =>
      changes.map(({ amount, before, after, change }) => [
        line,
        amountWord(amount, language),
        shownAmount(before, moneyUnit),
        shownAmount(after, moneyUnit),
        shownAmount(change, moneyUnit),
      ]),
    ),
    { colours },
  );

const amountWord = (amount: string, language: Language): string =>
  (AMOUNTS as readonly string[]).includes(amount) ? columnWord(amount as AmountName, language) : amount;

const ratesTable = (rates: NonNullable<RetriedBody['difference']>['rates'], { language, colours }: Style): string =>
  table(
    [...headings(['rate', 'metric', 'scope'], language), ...figures(CHANGE_COLUMNS, language)],
    rates.map(({ name, metric, scope, before, after, change }) => [
      name[language],
      metric,
      scopeWord(scope, language),
      percentWord(before),
      percentWord(after),
      change ?? '',
    ]),
    { colours },
  );

const percentWord = (percent: string | null): string => (percent === null ? '-' : `${percent}%`);
