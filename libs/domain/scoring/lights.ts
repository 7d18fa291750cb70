/**
 * Monitoring lights 预警灯 of rule book 4.7: their states, the bounds between them, and the worst of many. Every state has a word
 * and a shape, so that no reader needs its colour.
 *
 * NOTE: `LightState` and `LightThresholds` are stored inside events; a new bound is a new optional field whose absence means
 * what was meant before.
 */
export type LightState = 'red' | 'yellow' | 'green' | 'blue' | 'not-assessed';

export interface LightSign {
  readonly word: { readonly zh: string; readonly en: string };
  readonly shape: 'square' | 'triangle' | 'circle' | 'diamond' | 'ring';
  /** The shape as a character, for tables of text. */
  readonly sign: string;
}

/** Worst first. */
export const LIGHTS = {
  red: { word: { zh: '红灯，严重偏差', en: 'red: far off' }, shape: 'square', sign: '■' },
  yellow: { word: { zh: '黄灯，有偏差', en: 'yellow: behind' }, shape: 'triangle', sign: '▲' },
  green: { word: { zh: '绿灯，正常', en: 'green: on course' }, shape: 'circle', sign: '●' },
  blue: { word: { zh: '蓝灯，大幅超额', en: 'blue: far above' }, shape: 'diamond', sign: '◆' },
  'not-assessed': { word: { zh: '未评', en: 'not assessed' }, shape: 'ring', sign: '○' },
} as const satisfies Record<LightState, LightSign>;

export const LIGHT_STATES = ['red', 'yellow', 'green', 'blue', 'not-assessed'] as const satisfies readonly LightState[];

export interface OverallLight {
  readonly state: LightState;
  readonly reason?: 'NOTHING_ASSESSED';
  readonly counts: Readonly<Record<LightState, number>>;
}

/** The worst of the lights, red before yellow before green before blue; what is not assessed is counted and left out. */
export function overallLight(lights: readonly LightState[]): OverallLight {
  const counts = { red: 0, yellow: 0, green: 0, blue: 0, 'not-assessed': 0 };
  for (const light of lights) counts[light] += 1;
  const state = LIGHT_STATES.find((known) => counts[known] > 0) ?? 'not-assessed';
  return { state, ...(state === 'not-assessed' ? { reason: 'NOTHING_ASSESSED' } : {}), counts };
}

/** Percentages of what is wanted to date, as decimals: red below the first, yellow below the second, green, blue from the third. */
export interface LightBounds {
  readonly redBelow: string;
  readonly yellowBelow: string;
  /** Absent: nothing is blue. */
  readonly blueFrom?: string;
}

export interface LightThresholds {
  /** 1 is the product's own; a unit's sets count on. */
  readonly version: number;
  /** Of indicators. */
  readonly work: LightBounds;
  /** Of payments. */
  readonly money: LightBounds;
  /** Percentage points by which the shares of work done and money paid may differ. */
  readonly workMoneyGap: string;
}

/** Lights: rule book 4.7. The gap is ours: no published rule gives one. */
export const DEFAULT_THRESHOLDS: LightThresholds = {
  version: 1,
  work: { redBelow: '60', yellowBelow: '80', blueFrom: '120' },
  money: { redBelow: '60', yellowBelow: '80' },
  workMoneyGap: '20',
};

/** `at` is a JSON pointer into the thresholds. */
export type ThresholdProblem = { readonly at: string } & (
  | { readonly code: 'THRESHOLD_VERSION'; readonly version: number }
  | { readonly code: 'THRESHOLD_NOT_DECIMAL'; readonly found: string }
  | { readonly code: 'THRESHOLD_OUT_OF_RANGE'; readonly found: string; readonly from: string; readonly to: string }
  | { readonly code: 'THRESHOLDS_NOT_ASCENDING'; readonly found: string; readonly above: string }
);

const PERCENT = /^(0|[1-9]\d{0,15})(\.\d{1,4})?$/;
/** No bound is higher: ten times what is wanted. */
const HIGHEST = 1000;

/** What keeps thresholds from being used, all at once; none when they can be. */
export function checkThresholds(thresholds: LightThresholds): readonly ThresholdProblem[] {
  const { version, work, money, workMoneyGap } = thresholds;
  return [
    ...(Number.isSafeInteger(version) && version >= 1
      ? []
      : [{ at: '/version', code: 'THRESHOLD_VERSION' as const, version }]),
    ...boundProblems('/work', work),
    ...boundProblems('/money', money),
    ...percentProblems('/workMoneyGap', workMoneyGap, { from: 0, to: 100 }),
  ];
}

function boundProblems(at: string, { redBelow, yellowBelow, blueFrom }: LightBounds): readonly ThresholdProblem[] {
  const problems = [
    ...percentProblems(`${at}/redBelow`, redBelow, { from: 0, to: 100 }),
    ...percentProblems(`${at}/yellowBelow`, yellowBelow, { from: 0, to: 100 }),
    ...(blueFrom === undefined ? [] : percentProblems(`${at}/blueFrom`, blueFrom, { from: 100, to: HIGHEST })),
  ];
  if (problems.length > 0 || Number(redBelow) <= Number(yellowBelow)) return problems;
  return [{ at: `${at}/yellowBelow`, code: 'THRESHOLDS_NOT_ASCENDING', found: yellowBelow, above: redBelow }];
}

function percentProblems(
  at: string,
  found: string,
  { from, to }: { readonly from: number; readonly to: number },
): readonly ThresholdProblem[] {
  if (!PERCENT.test(found)) return [{ at, code: 'THRESHOLD_NOT_DECIMAL', found }];
  if (Number(found) >= from && Number(found) <= to) return [];
  return [{ at, code: 'THRESHOLD_OUT_OF_RANGE', found, from: String(from), to: String(to) }];
}
