/** A performance table as a whole, as text for people. Pure: an answer of the API in, text out. */
import { shownAmount } from './amounts.js';
import { targetWord, valueWord, type Language } from './labels.js';
import { figures, headings, page, PLAIN, scopeWord, type Style } from './page.js';
import {
  TEXTS,
  type BesideBody,
  type CoherenceBody,
  type CoherentBody,
  type MismatchBody,
  type NarrativeBody,
  type ProfilesBody,
  type WorkAndMoneyBody,
} from './table-bodies.js';
import { factWords } from './table-columns.js';
import { table, type Cell } from './table.js';

/** Rates with a target beside what the plan comes to, scope by scope, and below it what else does not fit together. */
export function renderCoherence(body: CoherenceBody, style: Style = PLAIN): string {
  const { language, colours } = style;
  const { coherence, findings } = body;
  const rates = table(
    [
      ...headings(['indicator', 'metric', 'target', 'scope'], language),
      ...figures(['plan'], language),
      { heading: '' },
    ],
    coherence.flatMap(({ indicator, metric, target: { comparator, value, unit }, implied }) =>
      implied.map(({ scope, reason, status, percent, fits }) => [
        indicator,
        metric,
        targetWord(comparator, value, unit),
        scopeWord(scope, language),
        percent === undefined ? valueWord(reason ?? status, language) : `${percent}%`,
        fits ? ({ text: '✓', tone: 'good' } as const) : '',
      ]),
    ),
    { colours },
  );
  const found = table(
    [...headings(['why', 'indicator', 'finding'], language), { heading: '' }],
    findings.map(({ code, severity, indicators, facts }) => [
      { text: valueWord(severity, language), ...(severity === 'REFUSES' ? { tone: 'bad' as const } : {}) },
      indicators.join('、'),
      valueWord(code, language),
      factWords(facts),
    ]),
    { colours },
  );
  const parts = [coherence.length === 0 ? '' : rates, findings.length === 0 ? '' : found];
  const text = parts.filter((part) => part !== '').join('\n');
  const unfit = coherence.filter(({ implied }) => !implied.some(({ fits }) => fits));
  const none = language === 'zh' ? '未发现不一致。' : 'Nothing was found that does not fit together.';
  const clean = unfit.length + findings.length === 0;
  return page(body, style, text, [...unfit.map((rate) => unfitWords(rate, language)), clean ? none : undefined]);
}

function unfitWords({ indicator, target: { comparator, value, unit } }: CoherentBody, language: Language): string {
  const target = `${indicator} ${targetWord(comparator, value, unit)}`;
  return language === 'zh' ? `${target}：各口径均与计划不符。` : `${target}: the plan fits it in no scope.`;
}

export function renderWorkAndMoney(body: WorkAndMoneyBody, style: Style = PLAIN): string {
  const { language, moneyUnit, colours } = style;
  const text = table(
    [
      ...headings(['indicator', 'level3', 'lines'], language),
      ...figures(['done', 'paid', 'current', 'execution', 'points'], language),
      ...headings(['finding'], language),
    ],
    body.linked.map(({ indicator, level3, lines, work, money, gap = '', flags }) => [
      indicator,
      level3,
      lines.map(({ line }) => line).join('、'),
      share(work, language),
      shownAmount(money.paid, moneyUnit),
      shownAmount(money.current, moneyUnit),
      share(money, language),
      gap,
      flagsCell(flags, language),
    ]),
    { colours },
  );
  const none =
    language === 'zh'
      ? '没有指标与项目关联：budget link。'
      : 'No indicator is linked to lines: budget link names them.';
  return page(body, style, text, [body.linked.length === 0 ? none : undefined]);
}

const share = ({ percent, reason = '' }: BesideBody['work'], language: Language): string =>
  percent === undefined ? valueWord(reason, language) : `${percent}%`;

function flagsCell(flags: readonly MismatchBody[], language: Language): Cell {
  const words = flags.map(({ code, line, indicators = [] }) =>
    [valueWord(code, language), line, ...indicators].filter((part) => part !== undefined).join(' '),
  );
  return { text: words.join('；'), ...(flags.length === 0 ? {} : { tone: 'bad' as const }) };
}

/** Texts that are stated, in printed order. */
export const textsOf = (body: NarrativeBody): readonly (readonly [string, string])[] =>
  TEXTS.flatMap(([name]) => {
    const words = body[name];
    return words === undefined ? [] : [[name, words] as const];
  });

export function renderNarrative(body: NarrativeBody, style: Style = PLAIN): string {
  const { language, colours } = style;
  const texts = textsOf(body);
  if (texts.length === 0) return page(body, style, language === 'zh' ? '尚未填写。' : 'Nothing is stated yet.');
  const rows = texts.map(([name, words]) => [valueWord(name, language), words]);
  return page(body, style, table(headings(['name', 'text'], language), rows, { colours }));
}

export const renderProfiles = ({ profiles }: ProfilesBody, { language, colours }: Style = PLAIN): string =>
  table(
    [
      { heading: 'id' },
      ...headings(['name'], language),
      ...figures(['version', 'weight'], language),
      ...headings(['source'], language),
    ],
    profiles.map(({ id, version, name, rules, source }) => [
      id,
      name[language],
      String(version),
      rules.total ?? '',
      source,
    ]),
    { colours },
  );
