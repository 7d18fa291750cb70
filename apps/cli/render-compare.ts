/** Two moments side by side as text for people: what to read first, then figures, rates, lines, and the events behind them. */
import { isNegative, shownAmount, type MoneyUnit } from './amounts.js';
import type { RateBody } from './bodies.js';
import type { ChangeBody, CompareBody, RateChangeBody } from './compare-bodies.js';
import { columnWord, valueWord, type ColumnName, type Language } from './labels.js';
import { figures, headings, localTime, page, PLAIN, scopeWord, type Style } from './page.js';
import { more } from './render-entries.js';
import { printable, table, type Cell } from './table.js';

export function renderCompare(body: CompareBody, style: Style = PLAIN): string {
  const { language } = style;
  const zh = language === 'zh';
  const sentences = body.summary.sentences[language].map((sentence) => printable(`- ${sentence}`));
  const parts = [
    [printable(against(body, language)), '', ...sentences, ''].join('\n'),
    totalsTable(body, style),
    linesTable(body, style),
    ratesTable(body, style),
    eventsTable(body, style),
  ].filter((part) => part !== '');
  const link = `${zh ? '固定链接' : 'Permanent link'}: ${body.link}`;
  // The head of the page is the second moment; the one it is compared with stands below it.
  return page({ ...body, ...body.b }, style, parts.join('\n'), [more(body.next, language), link]);
}

function against({ a, b, scope }: CompareBody, language: Language): string {
  const zh = language === 'zh';
  const sealOf = ({ seal }: CompareBody['a']) => seal !== undefined && (zh ? `第 ${seal} 次封存` : `seal ${seal}`);
  const known = zh
    ? `截至 ${a.asOf}，按 ${localTime(a.knownAt)} 所知，日志位置 ${a.position}`
    : `as of ${a.asOf}, known at ${localTime(a.knownAt)}, log position ${a.position}`;
  const former = [sealOf(a), known].filter(Boolean).join(zh ? '：' : ': ');
  return [
    sealOf(b),
    zh ? `对比 ${former}` : `compared with ${former}`,
    scope && (zh ? `口径 ${scopeWord(scope, language)}` : `scope ${scopeWord(scope, language)}`),
  ]
    .filter(Boolean)
    .join(zh ? '；' : '; ');
}

const MOVED = ['before', 'after', 'difference'] as const satisfies readonly ColumnName[];

const changeCells = ({ a, b, change }: ChangeBody, unit: MoneyUnit): readonly (string | Cell)[] => [
  shownAmount(a, unit),
  shownAmount(b, unit),
  signed(change, shownAmount(change, unit)),
];

/** A rise carries its sign too. */
const signed = (exact: string, shown: string): string =>
  isNegative(exact) || /^0(\.0+)?$/.test(exact) ? shown : `+${shown}`;

const figureWord = (figure: string, language: Language): string => columnWord(figure as ColumnName, language);

function totalsTable({ totals: { changes } }: CompareBody, { language, moneyUnit, colours }: Style): string {
  if (changes.length === 0) return '';
  return table(
    [{ heading: columnWord('total', language) }, ...figures(MOVED, language)],
    changes.map((change) => [figureWord(change.figure, language), ...changeCells(change, moneyUnit)]),
    { colours },
  );
}

function linesTable({ lines }: CompareBody, { language, moneyUnit, colours }: Style): string {
  if (lines.length === 0) return '';
  return table(
    [...headings(['line', 'name', 'figure'], language), ...figures(MOVED, language)],
    lines.flatMap(({ line, name, changes }) =>
      changes.map((change, index) => [
        index === 0 ? line : '',
        index === 0 ? name : '',
        figureWord(change.figure, language),
        ...changeCells(change, moneyUnit),
      ]),
    ),
    { colours },
  );
}

/** Rates that moved; registered views of them are in json and csv. */
function ratesTable({ rates }: CompareBody, { language, colours }: Style): string {
  const shown = rates.filter(({ moved, viewOf }) => moved && viewOf === undefined);
  if (shown.length === 0) return '';
  return table(
    [
      ...headings(['rate', 'metric', 'scope'], language),
      ...figures(['before', 'after', 'points'], language),
      ...headings(['verdict'], language),
    ],
    shown.map((rate) => [
      rate.name[language],
      rate.metric,
      scopeWord(rate.scope, language),
      percentOf(rate.a, language),
      percentOf(rate.b, language),
      rate.change === undefined ? '' : signed(rate.change, rate.change),
      verdictOf(rate, language),
    ]),
    { colours },
  );
}

function percentOf(rate: RateBody | undefined, language: Language): Cell {
  if (rate === undefined) return { text: '-', tone: 'dim' };
  if (rate.percent === null) return { text: valueWord(rate.reason ?? rate.status, language), tone: 'dim' };
  return { text: `${rate.percent}%` };
}

function verdictOf({ a, b }: RateChangeBody, language: Language): Cell {
  const [before, after] = [a?.verdict, b?.verdict];
  if (after === undefined) return { text: before === undefined ? '' : valueWord(before, language) };
  const text = before === undefined || before === after ? '' : `${valueWord(before, language)} → `;
  const tone = after === 'met' ? 'good' : after === 'missed' ? 'bad' : 'dim';
  return { text: `${text}${valueWord(after, language)}`, tone };
}

function eventsTable({ entries }: CompareBody, { language, colours }: Style): string {
  if (entries.length === 0) return '';
  return table(
    [...headings(['date', 'recordedAt', 'why', 'sentence'], language)],
    entries.map(({ effectiveDate, recordedAt, why, late, onlyIn, sentence }) => [
      effectiveDate,
      localTime(recordedAt),
      `${onlyIn === 'a' ? '− ' : ''}${whyWord(why, late, language)}`,
      sentence,
    ]),
    { colours },
  );
}

const whyWord = (why: string, late: boolean | undefined, language: Language): string => {
  if (!late) return valueWord(why, language);
  return language === 'zh' ? `${valueWord('late', 'zh')}${valueWord(why, 'zh')}` : `late ${valueWord(why, 'en')}`;
};
