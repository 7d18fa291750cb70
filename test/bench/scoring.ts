/**
 * Speed of scoring: 10,000 tables of 81 indicators, 50 with numbers and 31 with words, each with results of its own. The
 * bound is what the exact arithmetic of the numbers alone takes in the same run: reading each result and one division.
 */
import { divide, fen } from '#domain/money.js';
import { share } from '#domain/metrics/result.js';
import type { Indicator } from '#domain/performance/events.js';
import { decimalRatio } from '#domain/ratio.js';
import { type ScoringProfile, profileById } from '#domain/scoring/profile.js';
import type { Achieved } from '#domain/scoring/score.js';
import { scoreTable } from '#domain/scoring/score-table.js';
import type { Row } from './event-log.js';

const TABLES = 10_000;
const BATCH = 500;
const ROUNDS = 5;
const INDICATORS = 81;
const WORDS = 31;
const AIM = 2_000;

type Results = ReadonlyMap<string, Achieved>;

export function scoringBench(): Promise<Row[]> {
  const profile = profileById('whole-department');
  if (profile === undefined) throw new Error('the profile for whole departments is not there');
  const indicators = Array.from({ length: INDICATORS }, (_, n) => indicator(n));
  const rounds = Array.from({ length: ROUNDS + 1 }, () => oneRound(indicators, profile)).slice(1);
  const bare = median(rounds.map((round) => round.bare));
  const perSecond = median(rounds.map((round) => round.scored));
  const rows: Row[] = [
    {
      name: `scoring ${TABLES.toLocaleString('en-US')} tables of ${INDICATORS} indicators`,
      unit: 'tables/s',
      median: Math.round(perSecond),
      aim: `≥ ${AIM.toLocaleString('en-US')}`,
      met: perSecond >= AIM,
    },
    {
      name: 'bound of scoring: the exact arithmetic of their numbers alone',
      unit: 'tables/s',
      median: Math.round(bare),
      aim: '',
      met: null,
    },
  ];
  return Promise.resolve(rows);
}

/** Tables a second, scored and with the arithmetic alone. Results are made between the stretches that are measured. */
function oneRound(indicators: readonly Indicator[], profile: ScoringProfile): { scored: number; bare: number } {
  let [scoredMs, bareMs, points, checked] = [0, 0, 0, 0n];
  for (let first = 0; first < TABLES; first += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, next) => resultsOf(indicators, first + next));
    let started = performance.now();
    for (const results of batch) points += scoreTable({ profile, indicators, results }).total;
    scoredMs += performance.now() - started;
    started = performance.now();
    for (const results of batch) checked += arithmetic(results);
    bareMs += performance.now() - started;
  }
  if (points === 0 || checked === 0n) throw new Error('nothing was scored');
  return { scored: (TABLES / scoredMs) * 1_000, bare: (TABLES / bareMs) * 1_000 };
}

function arithmetic(results: Results): bigint {
  let sum = 0n;
  for (const { value } of results.values()) {
    if (value === undefined) continue;
    const { numerator, denominator } = decimalRatio(value);
    sum += divide(numerator * 87n, denominator * 100n, 'half-up');
  }
  return sum;
}

/** Level 1 of the rows as in the printed table: 6 decision, 26 process, 40 duties, 9 benefit. */
const level1Of = (n: number): string => (n < 6 ? '决策' : n < 32 ? '过程' : n < 72 ? '履职' : '效益指标');
const TARGETS = [
  { comparator: '=', text: '＝100%', value: '100', unit: '%', kind: 'RATIO' },
  { comparator: '>=', text: '≥95.5%', value: '95.5', unit: '%', kind: 'RATIO' },
  { comparator: '<=', text: '≤10%', value: '10', unit: '%', kind: 'RATIO' },
  { comparator: '=', text: '＝0%', value: '0', unit: '%', kind: 'RATIO' },
  { comparator: '=', text: '＝220000平方米', value: '220000', unit: '平方米', kind: 'FLOW_CUMULATIVE' },
] as const;

function indicator(n: number): Indicator {
  const printed = {
    indicator: `I${String(n + 1).padStart(2, '0')}`,
    block: n < 32 ? 1 : n < 72 ? 2 : 3,
    level1: level1Of(n),
    level2: '前期开发',
    level3: `指标 ${n + 1}`,
    checkpointBasis: 'FULL_YEAR',
  } as const;
  if (isWord(n)) {
    const word = { text: '健全' };
    return { ...printed, kind: 'QUALITATIVE', comparator: 'word', half: word, annual: word, decimals: 0, unit: '' };
  }
  const { comparator, text, value, unit, kind } = TARGETS[n % TARGETS.length] ?? TARGETS[0];
  const target = { text, value };
  return { ...printed, kind, comparator, half: target, annual: target, decimals: text.includes('.') ? 1 : 0, unit };
}

const isWord = (n: number): boolean => (n * WORDS) % INDICATORS < WORDS;

/** Words with and without a checklist, numbers around their targets, one figure in ten a computed share. */
function resultsOf(indicators: readonly Indicator[], table: number): Results {
  return new Map(
    indicators.map(({ indicator: id, annual }, n): [string, Achieved] => {
      const chance = (table * 7919 + n * 104_729) % 1_000;
      if (annual.value === undefined) return [id, chance % 2 === 0 ? { text: '健全' } : checklist(chance % 5)];
      if (n % 10 === 0) return [id, { metric: share(fen(chance * 1_357), fen(1_000_003)) }];
      return [id, { value: ((Number(annual.value) * (700 + chance)) / 1_000).toFixed(2) }];
    }),
  );
}

const checklist = (met: number): Achieved => ({
  points: [0, 1, 2, 3, 4].map((point) => ({ met: point <= met })),
});

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
