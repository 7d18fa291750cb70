/** Carried-over money, years side by side and curves as text for people. Pure: an answer of the API in, a table out. */
import { LOT_CLASS_WORDS } from '#domain/budget/words.js';
import { isNegative, isZero, shownAmount } from './amounts.js';
import type { RateBody } from './bodies.js';
import { columnWord, targetWord, valueWord, type Language } from './labels.js';
import { figures, headings, page, PLAIN, scopeWord, type Style } from './page.js';
import { table, type Cell } from './table.js';
import type { CarryOversBody, ClosingBody, LotBody, OverYearsBody, PointBody, SeriesBody } from './years-bodies.js';

/** Lots of earlier years, what the close of the year left, and the rates of carry-over and surplus year by year. */
export function renderCarryOvers(body: CarryOversBody, style: Style = PLAIN): string {
  const { language } = style;
  const zh = language === 'zh';
  const state = `${columnWord('state', language)}: ${valueWord(body.state, language)}`;
  const parts = [state, '', lotsTable(body, style)];
  if (body.closing !== undefined) parts.push(closingTable(body.closing, style));
  parts.push(ratesTable(body, style));
  const notes = [
    body.lots.some(({ provisional }) => provisional)
      ? zh
        ? '* 来源年度已反结账，金额可能变动。'
        : '* a source year is open again: the amount may still change.'
      : undefined,
    body.lots.some(({ lineage }) => lineage.some(({ cited }) => !cited))
      ? zh
        ? '? 未引用结账事件，按年度与科目对应。'
        : '? cites no closing; matched by year and line.'
      : undefined,
    ...(body.overdrawn ?? []).map(({ line, name, amount }) =>
      zh
        ? `! ${line} ${name} 超支 ${amount}，不属于任何结转额度，未计入上表。`
        : `! ${line} ${name} has spent ${amount} beyond all it holds: in no lot, not in the table.`,
    ),
    ...(body.closing?.takenBackBefore ?? []).map(({ line, name, originYear, amount }) =>
      zh
        ? `本次结账前已收回结余：${line} ${name} ${originYear} 年 ${amount}。`
        : `Surplus taken back before this closing: ${line} ${name}, ${amount} of ${originYear}.`,
    ),
    ...(body.closing?.unexplained ?? []).map(({ year, line, carryOverId, amount }) =>
      zh
        ? `${year} 年 ${line} 的结转 ${carryOverId}（${amount}）在结账中没有对应金额。`
        : `${carryOverId} on ${line} of ${year} (${amount}) comes from no lot of the closing.`,
    ),
  ];
  return page(body, style, parts.join('\n'), notes);
}

function lotsTable({ lots, totals }: CarryOversBody, { language, moneyUnit, colours }: Style): string {
  const amount = (yuan: string): Cell => ({
    text: shownAmount(yuan, moneyUnit),
    ...(isNegative(yuan) ? { tone: 'bad' } : {}),
  });
  // What came in and what later closings made of it, where that differs.
  const revised = lots.some((lot) => !isZero(lot.revised));
  const sums = (of: CarryOversBody['totals']['all']): Cell[] =>
    [...(revised ? [of.broughtIn, of.revised] : []), of.carryOverIn, of.budget, of.paid, of.takenBack, of.unspent].map(
      amount,
    );
  return table(
    [
      ...headings(['line', 'name', 'fund'], language),
      ...figures(
        [
          'originYear',
          'age',
          ...(revised ? (['broughtIn', 'revised'] as const) : []),
          'carryOverIn',
          'left',
          'paid',
          'takenBack',
          'unspent',
        ],
        language,
      ),
      ...headings(['becomesSurplusOn', 'lineage'], language),
    ],
    lots.map((lot) => [
      lot.line,
      lot.name,
      valueWord(lot.fund, language),
      `${lot.provisional ? '*' : ''}${lot.originYear}`,
      String(lot.age),
      ...sums(lot),
      lot.becomesSurplusOn ?? valueWord(lot.becomesSurplusReason ?? '', language),
      lineageWords(lot, language),
    ]),
    { foot: [columnWord('total', language), '', '', '', '', ...sums(totals.all)], colours },
  );
}

/** `2023 P01 < 2022 P02`, nearest first; `?` before a step that no closing is cited for, and why the chain breaks off. */
export const lineageWords = ({ lineage }: Pick<LotBody, 'lineage'>, language: Language): string =>
  lineage
    .map(({ year, line, cited, ends }) => {
      const broken = ends === undefined || ends === 'ORIGIN' ? '' : ` (${valueWord(ends, language)})`;
      return `${cited ? '' : '?'}${year} ${line}${broken}`;
    })
    .join(' < ');

function closingTable({ closure, effectiveDate, lots }: ClosingBody, { language, moneyUnit, colours }: Style): string {
  const title = language === 'zh' ? `第 ${closure} 次结账，${effectiveDate}` : `Closing ${closure} of ${effectiveDate}`;
  const rows = table(
    [
      ...headings(['line', 'name'], language),
      ...figures(['originYear'], language),
      ...headings(['class', 'reason'], language),
      ...figures(['amount'], language),
      ...headings(['went'], language),
      ...figures(['difference', 'takenBack', 'due'], language),
    ],
    lots.map((lot) => [
      lot.line,
      lot.name,
      String(lot.originYear),
      LOT_CLASS_WORDS[lot.class][language],
      valueWord(lot.reason, language),
      shownAmount(lot.amount, moneyUnit),
      lot.went.map(({ year, line, amount }) => `${year} ${line} ${shownAmount(amount, moneyUnit)}`).join('; '),
      { text: shownAmount(lot.difference, moneyUnit), ...(isZero(lot.difference) ? {} : { tone: 'bad' }) },
      shownAmount(lot.takenBack, moneyUnit),
      shownAmount(lot.due, moneyUnit),
    ]),
    { colours },
  );
  return `${title}\n\n${rows}`;
}

const ratesTable = ({ rates }: CarryOversBody, { language, colours }: Style): string =>
  table(
    [
      ...figures(['year'], language),
      ...headings(['date', 'state'], language),
      ...[rates[0]?.carryOverRate, rates[0]?.carryOverChange].map((rate) => ({
        heading: rate?.name[language] ?? '',
        align: 'right' as const,
      })),
    ],
    rates.map(({ year, asOf, state, carryOverRate, carryOverChange }) => [
      String(year),
      asOf,
      valueWord(state, language),
      rateCell(carryOverRate, language),
      rateCell(carryOverChange, language),
    ]),
    { colours },
  );

const rateCell = ({ percent, reason, status }: RateBody, language: Language): Cell =>
  percent === null ? { text: valueWord(reason ?? status, language), tone: 'dim' } : { text: `${percent}%` };

/** A column a year, five lines, and the rates of what was left. */
export function renderOverYears(body: OverYearsBody, style: Style = PLAIN): string {
  const { language, moneyUnit, colours } = style;
  const zh = language === 'zh';
  const { columns, lines, missing } = body;
  const cellOf = (line: OverYearsBody['lines'][number], index: number): Cell => {
    const column = columns[index];
    const value = line.values[index] ?? null;
    if (column === undefined) return { text: '' };
    if (line.line === 'execution-rate') return rateCell(column.executionRate, language);
    if (value !== null) return { text: shownAmount(value, moneyUnit) };
    // What is not split yet stands where the money that goes on will stand.
    return line.line === 'carry-over'
      ? { text: `*${shownAmount(column.unspent, moneyUnit)}`, tone: 'dim' }
      : { text: '' };
  };
  const years = columns.map(({ year }) => ({ heading: String(year), align: 'right' as const }));
  const text = table(
    [{ heading: '' }, ...years],
    [
      ...lines.map((line) => [line.name[language], ...columns.map((_, index) => cellOf(line, index))]),
      ...(['carryOverRate', 'carryOverChange'] as const).map((rate) => [
        columns[0]?.[rate].name[language] ?? '',
        ...columns.map((column) => rateCell(column[rate], language)),
      ]),
      [columnWord('state', language), ...columns.map(({ state }) => valueWord(state, language))],
      [zh ? '截至' : 'As of', ...columns.map(({ asOf }) => asOf)],
    ],
    { colours },
  );
  const notes = [
    scopeWord(body.scope, language),
    columns.some(({ state }) => state !== 'closed')
      ? zh
        ? '* 未结账：变动后预算数减执行数，尚未区分结转与结余。'
        : '* not closed: budget less paid, not split into carry-over and surplus yet.'
      : undefined,
    missing.length > 0 ? `${zh ? '没有数据的年度' : 'Years without data'}: ${missing.join(', ')}` : undefined,
    body.staleReason && `${zh ? '数据可能不是最新' : 'May be out of date'}: ${body.staleReason}`,
  ];
  const { knownAt, position } = body;
  return page({ asOf: columns.at(-1)?.asOf ?? '', knownAt, position }, style, text, notes);
}

/** A row a point; after the date asked for there is only the plan. */
export function renderSeries(body: SeriesBody, style: Style = PLAIN): string {
  const { language, moneyUnit, colours } = style;
  const zh = language === 'zh';
  const rate = { heading: zh ? '预算执行率' : 'Execution rate', align: 'right' as const };
  const text = table(
    [...headings(['date'], language), ...figures(['planned', 'paid', 'current'], language), rate],
    body.points.map((point) => [
      point.date,
      `${point.plannedAssumed ? '*' : ''}${shownAmount(point.planned, moneyUnit)}`,
      shownAmount(point.paid, moneyUnit),
      shownAmount(point.current, moneyUnit),
      percentCell(point, language),
    ]),
    { colours },
  );
  const notes = [
    `${body.line === undefined ? '' : `${columnWord('line', language)} ${body.line}, `}${scopeWord(body.scope, language)}`,
    body.points.some(({ plannedAssumed }) => plannedAssumed)
      ? zh
        ? '* 计划数按时间比例推定。'
        : '* the plan is assumed to be time-proportional.'
      : undefined,
    ...body.targets.map(
      ({ indicator, date, comparator, percent }) =>
        `${columnWord('target', language)} ${indicator}: ${date} ${targetWord(comparator, percent)}`,
    ),
  ];
  return page(body, style, text, notes);
}

function percentCell({ percent, reason }: PointBody, language: Language): Cell {
  if (percent === undefined) return { text: '' };
  return percent === null ? { text: valueWord(reason ?? '', language), tone: 'dim' } : { text: `${percent}%` };
}
