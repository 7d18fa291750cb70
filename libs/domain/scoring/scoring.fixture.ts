/** Indicators, results and profiles from the short texts that the specs of scoring print. */
import { type MetricResult, share } from '#domain/metrics/result.js';
import { fen } from '#domain/money.js';
import type { IndicatorKind } from '#domain/performance/events.js';
import { pointsOf } from '#domain/scoring/points.js';
import { type ScoringProfile, profileById } from '#domain/scoring/profile.js';
import type { Assessment } from '#domain/scoring/qualitative.js';
import type { Indicator } from '#domain/performance/events.js';
import { type Achieved, type Score, scoreIndicator } from '#domain/scoring/score.js';

const COMPARATORS = { '＝': '=', '≥': '>=', '≤': '<=' } as const;
const KINDS: Readonly<Record<string, IndicatorKind>> = {
  ratio: 'RATIO',
  flow: 'FLOW_CUMULATIVE',
  stock: 'STOCK_LEVEL',
};

/** `＝29个`, `≤100%`, `健全`. The kind of a number is a ratio for %, else a flow, unless it is given. */
export function indicatorOf(text: string, more: Partial<Indicator> & { readonly kindName?: string } = {}): Indicator {
  const { kindName, ...rest } = more;
  const comparator = COMPARATORS[text.charAt(0) as keyof typeof COMPARATORS] as '=' | undefined;
  const [, value = '', unit = ''] = /^[＝≥≤](-?[\d.]+)(.*)$/.exec(text) ?? [];
  const target = comparator === undefined ? { text } : { text, value };
  return {
    indicator: 'I01',
    block: 2,
    level1: '履职',
    level2: '前期开发',
    level3: '道路工程数量',
    kind:
      comparator === undefined
        ? 'QUALITATIVE'
        : (KINDS[kindName ?? ''] ?? (unit === '%' ? 'RATIO' : 'FLOW_CUMULATIVE')),
    comparator: comparator ?? 'word',
    half: target,
    annual: target,
    decimals: value.split('.')[1]?.length ?? 0,
    unit,
    checkpointBasis: 'FULL_YEAR',
    ...rest,
  };
}

/** A shipped profile with some of its rules changed. */
export function profileWith(changes: Partial<ScoringProfile> = {}, id = 'national-project'): ScoringProfile {
  const profile = profileById(id);
  if (profile === undefined) throw new Error(`no profile ${id}`);
  return { ...profile, ...changes };
}

/** `12.5` a reported number, `健全` a word, `3of4` a checklist, `a/b` a computed share of two amounts in yuan. */
export function resultOf(text: string): Achieved {
  const [, met, of] = /^(\d+)of(\d+)$/.exec(text) ?? [];
  if (met !== undefined) {
    return { points: Array.from({ length: Number(of) }, (_, index) => ({ met: index < Number(met) })) };
  }
  const [, numerator, denominator] = /^(-?[\d.]+)\/(-?[\d.]+)$/.exec(text) ?? [];
  if (numerator !== undefined && denominator !== undefined) return { metric: shareOfYuan(numerator, denominator) };
  return /^-?\d/.test(text) ? { value: text } : { text };
}

/** Amounts with at most two decimals. */
export const shareOfYuan = (numerator: string, denominator: string): MetricResult =>
  share(fen(Math.round(Number(numerator) * 100)), fen(Math.round(Number(denominator) * 100)));

interface Row {
  readonly target: string;
  readonly actual: string;
  readonly weight?: string;
  readonly profile?: Partial<ScoringProfile>;
  readonly indicator?: Partial<Indicator> & { readonly kindName?: string };
  readonly assessment?: Assessment;
}

/** The score of one row; `—` is a row without a result. */
export function scoreRow({ target, actual, weight = '10', profile = {}, indicator = {}, assessment }: Row): Score {
  return scoreIndicator(
    {
      indicator: indicatorOf(target, indicator),
      weight: pointsOf(weight),
      result: actual === '—' ? undefined : resultOf(actual),
      assessment,
    },
    profileWith(profile),
  );
}

/** Rows of a text table: columns are two blanks or more apart; what stands behind `#` is the source or the reason. */
export const rowsOf = (text: string): string[][] =>
  text
    .trim()
    .split('\n')
    .map((line) => {
      const [cells = '', source] = line.trim().split(/\s*#\s*/);
      return [...cells.split(/\s{2,}/), ...(source === undefined ? [] : [source])];
    });
