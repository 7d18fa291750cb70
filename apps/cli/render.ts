/** Reports as text for people: lines, rates, targets, overview. Pure: an answer of the API in, a table out. */
import {
  AMOUNTS,
  type AmountName,
  type Amounts,
  type LinesBody,
  type OverviewBody,
  type RateBody,
  type RatesBody,
  type TargetBody,
  type TargetsBody,
} from './bodies.js';
import { isNegative, isZero, roundingWords, shownAmount, type MoneyUnit } from './amounts.js';
import { columnWord, targetWord, valueWord, type Language } from './labels.js';
import { figures, headings, page, PLAIN, scopeWord, type Style } from './page.js';
import { lightCell } from './render-performance.js';
import { paint, printable, table, type Cell } from './table.js';

/** Columns that stand there even when every figure in them is 0. */
const ALWAYS: ReadonlySet<AmountName> = new Set(['original', 'current', 'paid', 'available', 'plannedToDate']);

/** Lines with their base quantities and the totals. Columns of zeros are named below the table instead of shown. */
export function renderLines(body: LinesBody, style: Style = PLAIN): string {
  const { language, moneyUnit, colours } = style;
  const known = AMOUNTS.filter((name) => body.lines.some((line) => line[name] !== undefined) || ALWAYS.has(name));
  const shown = known.filter((name) => ALWAYS.has(name) || body.lines.some((line) => !isZero(line[name])));
  const amount = (of: Amounts & { plannedAssumed?: boolean }, name: AmountName): Cell => {
    const mark = name === 'plannedToDate' && of.plannedAssumed ? '*' : '';
    return amountCell(of[name], moneyUnit, mark);
  };
  const text = table(
    [...headings(['line', 'name', 'fund'], language), ...figures(shown, language)],
    body.lines.map((line) => [
      line.line,
      line.name,
      valueWord(line.fund, language),
      ...shown.map((name) => amount(line, name)),
    ]),
    { foot: [columnWord('total', language), '', '', ...shown.map((name) => amount(body.totals, name))], colours },
  );
  const notes = moneyUnit === 'wan' ? shown.map((name) => roundingOf(name, body, language)) : [];
  const hidden = known.filter((name) => !shown.includes(name)).map((name) => columnWord(name, language));
  if (body.lines.some(({ plannedAssumed }) => plannedAssumed)) notes.push(assumedNote(language));
  notes.unshift(unapproved(body, language));
  if (hidden.length > 0) {
    notes.push(language === 'zh' ? `全部为零的列未列出：${hidden.join('、')}。` : `All zero: ${hidden.join(', ')}.`);
  }
  return page(body, style, text, notes);
}

/** What is negative is overdrawn. */
const amountCell = (yuan: string | undefined, unit: MoneyUnit, mark = ''): Cell => ({
  text: `${mark}${shownAmount(yuan, unit)}`,
  ...(isNegative(yuan) ? { tone: 'bad' } : {}),
});

const roundingOf = (name: AmountName, body: LinesBody, language: Language): string | undefined =>
  roundingWords(columnWord(name, language), {
    rows: body.lines.map((line) => line[name] ?? '0.00'),
    total: body.totals[name] ?? '0.00',
    language,
  });

const unapproved = ({ approved }: { readonly approved?: boolean }, language: Language): string | undefined => {
  if (approved !== false) return undefined;
  return language === 'zh' ? '预算尚未批复。' : 'The budget is not approved yet.';
};

/** rule book 13, 8: without a half-year value the plan is time-proportional. */
const assumedNote = (language: Language): string =>
  language === 'zh' ? '* 计划数按时间比例推定。' : '* the plan is assumed to be time-proportional.';

/** Rates beside their targets. Registered views of a rate are counted below the table unless `views` asks for them. */
export function renderRates(body: RatesBody, style: Style = PLAIN, { views = false } = {}): string {
  const { language, moneyUnit, colours } = style;
  const shown = body.rates.filter(({ viewOf }) => views || viewOf === undefined);
  const text = table(
    [
      ...headings(['rate', 'metric', 'scope'], language),
      ...figures(['result'], language),
      ...headings(['target', 'verdict'], language),
      ...figures(['distance', 'numerator', 'denominator'], language),
    ],
    shown.map((rate) => [
      rate.name[language],
      rate.metric,
      scopeWord(rate.scope, language),
      resultOf(rate, language),
      rate.target ? targetWord(rate.target.comparator, rate.target.value) : '',
      verdictOf(rate.verdict, rate.exceeded ? 'EXCEEDED' : rate.status === 'OK' ? rate.reason : undefined, language),
      rate.distance ?? '',
      shownAmount(rate.numerator, moneyUnit),
      shownAmount(rate.denominator, moneyUnit),
    ]),
    { colours },
  );
  const notes = [unapproved(body, language)];
  const hidden = body.rates.length - shown.length;
  if (shown.some(({ assumed }) => assumed)) {
    notes.push(
      language === 'zh' ? '* 含按时间比例推定的计划数。' : '* rests on a plan assumed to be time-proportional.',
    );
  }
  if (shown.some(({ verdict, target }) => verdict === 'met' && target?.comparator === '=')) {
    notes.push(
      language === 'zh'
        ? '＝ 按目标印出的小数位四舍五入后比较；高于非零目标也算达标。'
        : '= compares after rounding to the decimals of the target; above a target other than 0 is met too.',
    );
  }
  if (hidden > 0) {
    notes.push(language === 'zh' ? `另有 ${hidden} 个登记口径：--views。` : `${hidden} registered views: --views.`);
  }
  return page(body, style, text, notes);
}

/** Every indicator with both targets, and verdict, distance and light where there is a result. */
export function renderTargets(body: TargetsBody, style: Style = PLAIN): string {
  const { language, colours } = style;
  const lit = body.targets.some(({ light }) => light !== undefined);
  const text = table(
    [
      ...headings(['indicator', 'level1', 'level2', 'level3', 'scope'], language),
      ...figures(['half', 'annual', 'result'], language),
      ...headings(['verdict'], language),
      ...figures(['distance'], language),
      ...headings(lit ? ['light'] : [], language),
    ],
    body.targets.map((target) => [
      target.indicator,
      target.level1,
      target.level2,
      target.level3,
      target.scope ? scopeWord(target.scope, language) : '',
      target.half.text,
      target.annual.text,
      target.result == null ? '' : `${target.result}${target.unit === '%' ? '%' : ''}`,
      verdictOf(target.verdict, target.reason, language),
      target.distance ?? '',
      ...(lit ? [lightCell(target.light?.state, language)] : []),
    ]),
    { colours },
  );
  return page(body, style, text, [inferred(body.targets, language)]);
}

function inferred(targets: readonly TargetBody[], language: Language): string | undefined {
  const found = targets.filter(({ scopeBasis }) => scopeBasis === 'inferred').map(({ indicator }) => indicator);
  if (found.length === 0) return undefined;
  return language === 'zh' ? `口径为推断：${found.join('、')}。` : `Scope inferred, not stated: ${found.join(', ')}.`;
}

const resultOf = (rate: RateBody, language: Language): Cell =>
  rate.percent === null
    ? { text: valueWord(rate.reason ?? rate.status, language), tone: rate.violation ? 'bad' : 'dim' }
    : { text: `${rate.assumed ? '*' : ''}${rate.percent}%` };

const TONES = { met: 'good', missed: 'bad', 'not-assessed': 'dim' } as const;

function verdictOf(verdict: string | undefined, reason: string | undefined, language: Language): Cell {
  if (verdict === undefined) return { text: '' };
  const why =
    reason === undefined ? '' : language === 'zh' ? `（${valueWord(reason, 'zh')}）` : ` (${valueWord(reason, 'en')})`;
  const text = `${valueWord(verdict, language)}${why}`;
  return verdict in TONES ? { text, tone: TONES[verdict as keyof typeof TONES] } : { text };
}

/** The first look at a year: totals, rates against the next checkpoint, and what is not as it should be. */
export function renderOverview(body: OverviewBody, style: Style = PLAIN): string {
  const { language, moneyUnit, colours } = style;
  const totals = table(
    [{ heading: '' }, ...figures(['total'], language)],
    AMOUNTS.filter((name) => body.totals[name] !== undefined).map((name) => [
      columnWord(name, language),
      amountCell(body.totals[name], moneyUnit),
    ]),
    { colours },
  );
  const title = `${body.unit} ${body.unitName} ${body.year}`;
  const violations = body.violations.map(({ code, message }) => printable(`! ${message} [${code}]`));
  const told = violations.map((text) => `${colours ? paint({ text, tone: 'bad' }) : text}\n`);
  return [renderRates(body, { ...style, title }), totals, ...told].filter(Boolean).join('\n');
}
