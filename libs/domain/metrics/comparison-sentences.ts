/**
 * A comparison in the few sentences that a reader wants first, in Chinese and English: the rate that counts, what moved it, the
 * totals, the lines, and the verdicts that turned.
 */
import { EXPENDITURE_WORDS, FUND_WORDS } from '#domain/budget/words.js';
import { type CivilDate, shanghaiDate } from '#domain/calendar.js';
import {
  type Amount,
  type AmountChange,
  type LineChange,
  type RateChange,
  isMoved,
} from '#domain/metrics/comparison.js';
import { figureOf, figureOfKind } from '#domain/metrics/figures.js';
import type { Scope } from '#domain/metrics/quantities.js';
import type { Rate } from '#domain/metrics/report.js';
import type { MovedSum, Why } from '#domain/metrics/why-moved.js';
import { type Fen, fen, sum } from '#domain/money.js';
import { type Language, type Words, yuanInWords } from '#domain/sentence.js';

export interface ComparedMoment {
  readonly asOf: CivilDate;
  /** UTC ms. */
  readonly knownAt: number;
  /** Number of the seal that the moment is that of. */
  readonly seal?: number;
}

export interface Compared {
  readonly a: ComparedMoment;
  readonly b: ComparedMoment;
  /** Of the totals: only those that differ. */
  readonly totals: readonly AmountChange[];
  readonly lines: readonly (LineChange & { readonly name: string })[];
  readonly rates: readonly RateChange[];
  readonly moved: readonly MovedSum[];
}

/** Three to five sentences in each language. */
export const comparisonSentences = (compared: Compared): Readonly<Record<Language, readonly string[]>> => ({
  zh: sentencesIn('zh', compared),
  en: sentencesIn('en', compared),
});

const sentencesIn = (language: Language, compared: Compared): readonly string[] =>
  [
    headline(compared, language),
    movedPart(compared, language),
    totalsPart(compared, language),
    linesPart(compared, language),
    verdictsPart(compared, language),
  ].filter((sentence) => sentence !== '');

// ---- The rate that counts -----------------------------------------------------------------------------------------

/** 预算执行率, in the scope of its target where it has one. */
const headlineRate = (rates: readonly RateChange[]): RateChange | undefined => {
  const execution = rates.filter(({ a, b }) => (b ?? a)?.metric === 'execution-rate');
  return execution.find(({ a, b }) => (b ?? a)?.indicator !== undefined) ?? execution[0];
};

function headline({ a, b, rates }: Compared, language: Language): string {
  const zh = language === 'zh';
  const [knownA, knownB] = knownWords(a, b, language);
  const rate = headlineRate(rates);
  const named = rate?.b ?? rate?.a;
  if (rate === undefined || named === undefined) {
    return zh
      ? `${at(a, knownA, language)}，与${at(b, knownB, language)}相比。`
      : `${at(a, knownA, language)} against ${at(b, knownB, language)}.`;
  }
  const [before, after] = [percentOf(rate.a, language), percentOf(rate.b, language)];
  const name = rateName(named, language);
  const change = pointsPart(rate, language);
  if (a.asOf === b.asOf) {
    return zh
      ? `截至 ${a.asOf}：${name}${knownA} ${before}，${knownB} ${after}${change}。`
      : `As of ${a.asOf}: ${name} ${before} ${knownA}, ${after} ${knownB}${change}.`;
  }
  return zh
    ? `${name}：${at(a, knownA, language)} ${before}，${at(b, knownB, language)} ${after}${change}。`
    : `${name}: ${before} ${at(a, knownA, language)}, ${after} ${at(b, knownB, language)}${change}.`;
}

const at = ({ asOf }: ComparedMoment, known: string, language: Language): string =>
  language === 'zh' ? `截至 ${asOf} ${known}` : `as of ${asOf} ${known}`;

/** The day in China on which each was known; with the time where both are the same day. */
function knownWords(a: ComparedMoment, b: ComparedMoment, language: Language): readonly [string, string] {
  const timed = a.knownAt !== b.knownAt && shanghaiDate(a.knownAt) === shanghaiDate(b.knownAt);
  const words = ({ knownAt, seal }: ComparedMoment): string => {
    if (seal !== undefined) return language === 'zh' ? `按第 ${seal} 次封存时所知` : `as known at seal ${seal}`;
    const when = timed ? shanghaiTime(knownAt) : shanghaiDate(knownAt);
    return language === 'zh' ? `按 ${when} 所知` : `as known on ${when}`;
  };
  return [words(a), words(b)];
}

const shanghaiTime = (instant: number): string =>
  new Date(instant + 8 * 3_600_000).toISOString().replace('T', ' ').slice(0, 19);

const STATUS_WORDS = {
  NOT_APPLICABLE: { zh: '不适用', en: 'not applicable' },
  NOT_COMPUTABLE: { zh: '无法计算', en: 'not computable' },
} as const satisfies Record<Exclude<Rate['status'], 'OK'>, Words>;

function percentOf(rate: Rate | undefined, language: Language): string {
  if (rate === undefined) return language === 'zh' ? '未列' : 'not listed';
  return rate.status === 'OK' ? `${rate.percent}%` : STATUS_WORDS[rate.status][language];
}

function pointsPart({ change }: RateChange, language: Language): string {
  if (change === undefined) return '';
  if (/^-?0\.00$/.test(change)) return language === 'zh' ? '，没有变化' : ', unchanged';
  const points = change.replace('-', '');
  const fell = change.startsWith('-');
  if (language === 'zh') return `，${fell ? '下降' : '上升'} ${points} 个百分点`;
  return `, ${fell ? 'down' : 'up'} ${points} percentage points`;
}

const rateName = ({ name, scope }: Rate, language: Language): string =>
  language === 'zh' ? `${name.zh}（${scopeWords(scope, 'zh')}）` : `${name.en} (${scopeWords(scope, 'en')})`;

function scopeWords({ funds, expenditure }: Scope, language: Language): string {
  const all = language === 'zh' ? '全部资金' : 'all funds';
  const fund = funds === 'all' ? all : funds.map((name) => FUND_WORDS[name][language]).join('+');
  return expenditure === 'all' ? fund : `${fund}, ${EXPENDITURE_WORDS[expenditure][language]}`;
}

// ---- What moved it ------------------------------------------------------------------------------------------------

const WHY_WORDS = {
  entry: { zh: '入账', en: ['entry', 'entries'] },
  correction: { zh: '更正', en: ['correction', 'corrections'] },
  reversal: { zh: '冲销', en: ['reversal', 'reversals'] },
  plan: { zh: '用款计划', en: ['payment plan', 'payment plans'] },
  line: { zh: '项目变更', en: ['change of a line', 'changes of lines'] },
  target: { zh: '绩效目标变更', en: ['change of the targets', 'changes of the targets'] },
} as const satisfies Record<Why, { readonly zh: string; readonly en: readonly [one: string, more: string] }>;

function movedPart({ moved }: Compared, language: Language): string {
  const zh = language === 'zh';
  const events = moved.reduce((count, group) => count + group.events, 0);
  if (events === 0) return zh ? '两者之间没有任何变动。' : 'Nothing lies between them.';
  // What came late explains more than what came in its time.
  const told = [...moved].sort((a, b) => Number(b.late) - Number(a.late)).map((group) => groupWords(group, language));
  return zh
    ? `其间变动 ${events} 笔：${told.join('；')}。`
    : `${events === 1 ? '1 event lies' : `${events} events lie`} between them: ${told.join('; ')}.`;
}

function groupWords({ why, late, onlyIn, events, amounts }: MovedSum, language: Language): string {
  const sign = onlyIn === 'b' ? 1 : -1;
  const money = amounts
    .filter((amount) => amount.fen !== 0)
    .map(
      (amount) =>
        `${nameInSentence(figureOfKind(amount.kind).name, language)} ${signed(fen(sign * amount.fen), language)}`,
    );
  if (language === 'zh') {
    const gone = onlyIn === 'a' ? '不再计入的' : '';
    return `${gone}${late ? '迟记' : ''}${WHY_WORDS[why].zh} ${events} 笔${money.length > 0 ? `（${money.join('，')}）` : ''}`;
  }
  const words = WHY_WORDS[why].en[events === 1 ? 0 : 1];
  const gone = onlyIn === 'a' ? ' no longer counted' : '';
  return `${events} ${late ? 'late ' : ''}${words}${gone}${money.length > 0 ? ` (${money.join(', ')})` : ''}`;
}

const nameInSentence = ({ zh, en }: Words, language: Language): string => (language === 'zh' ? zh : en.toLowerCase());

/** `+92,080.00 元`, `−92,080.00 元`. */
const signed = (amount: Fen, language: Language): string =>
  `${amount < 0 ? '−' : '+'}${yuanInWords(fen(Math.abs(amount)), language)}`;

// ---- Totals, lines and verdicts -----------------------------------------------------------------------------------

/** What a reader asks for first; the others are told when none of these moved. */
const FOREMOST: ReadonlySet<Amount> = new Set(['current', 'paid', 'available', 'planned']);

function totalsPart({ totals }: Compared, language: Language): string {
  const zh = language === 'zh';
  const foremost = totals.filter(({ amount }) => FOREMOST.has(amount));
  const told = (foremost.length > 0 ? foremost : totals).map(({ amount, a, b, change }) => {
    const name = nameInSentence(figureOf(amount).name, language);
    const [before, after] = [yuanInWords(a, language), yuanInWords(b, language)];
    return zh
      ? `${name}由 ${before}变为 ${after}（${signed(change, language)}）`
      : `${name} from ${before} to ${after} (${signed(change, language)})`;
  });
  if (told.length === 0) return zh ? '合计金额没有变化。' : 'The totals are the same.';
  return zh ? `合计：${told.join('；')}。` : `Totals: ${told.join('; ')}.`;
}

const MOST_LINES = 3;

function linesPart({ lines }: Compared, language: Language): string {
  if (lines.length === 0) return '';
  const zh = language === 'zh';
  const told = [...lines]
    .sort((a, b) => sizeOf(b) - sizeOf(a))
    .slice(0, MOST_LINES)
    .map(({ line, name, changes }) => {
      const { amount, change } = largest(changes);
      const moved = `${nameInSentence(figureOf(amount).name, language)} ${signed(change, language)}`;
      return zh ? `${line} ${name}（${moved}）` : `${line} ${name} (${moved})`;
    });
  const count = lines.length;
  if (zh) return `涉及 ${count} 个项目${count > MOST_LINES ? '，变动最大的是 ' : '：'}${told.join('、')}。`;
  const head = count === 1 ? '1 line moved' : `${count} lines moved`;
  return `${head}${count > MOST_LINES ? ', most of all ' : ': '}${told.join(', ')}.`;
}

/** What follows from other amounts, and what moves with the date alone, stands behind what was booked. */
const DERIVED: ReadonlySet<Amount> = new Set(['current', 'available', 'planned']);

function largest(changes: readonly AmountChange[]): AmountChange {
  const booked = changes.filter(({ amount }) => !DERIVED.has(amount));
  const [first, ...others] = booked.length > 0 ? booked : changes;
  if (first === undefined) throw new Error('a line that moved has no change');
  return others.reduce((most, change) => (Math.abs(change.change) > Math.abs(most.change) ? change : most), first);
}

const sizeOf = ({ changes }: LineChange): number =>
  sum(changes.filter(({ amount }) => !DERIVED.has(amount)).map(({ change }) => fen(Math.abs(change))));

const VERDICT_WORDS = {
  met: { zh: '达标', en: 'met' },
  missed: { zh: '未达标', en: 'missed' },
  'not-assessed': { zh: '未评', en: 'not assessed' },
} as const satisfies Record<NonNullable<Rate['verdict']>, Words>;

/** Whether the same target of the same checkpoint is judged otherwise. */
export const isTurned = ({ a, b }: RateChange): boolean =>
  a?.verdict !== undefined &&
  b?.verdict !== undefined &&
  a.target?.checkpoint === b.target?.checkpoint &&
  a.verdict !== b.verdict;

function verdictsPart({ rates }: Compared, language: Language): string {
  const zh = language === 'zh';
  const told = rates
    .filter((rate) => isMoved(rate) && isTurned(rate))
    .flatMap(({ a, b }) => {
      if (a?.verdict === undefined || b?.verdict === undefined) return [];
      const [before, after] = [VERDICT_WORDS[a.verdict][language], VERDICT_WORDS[b.verdict][language]];
      return zh ? `${rateName(b, 'zh')}由${before}变为${after}` : `${rateName(b, 'en')} from ${before} to ${after}`;
    });
  if (told.length === 0) return '';
  return zh ? `判定有变：${told.join('；')}。` : `Verdicts turned: ${told.join('; ')}.`;
}
