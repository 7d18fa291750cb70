/** What each row of a table weighs under a profile: as stated, else in equal parts that add up exactly (rule book 4.1). */
import {
  type Hundredths,
  NO_POINTS,
  equalParts,
  formatPoints,
  hundredths,
  pointsOf,
  readPoints,
  sumPoints,
} from '#domain/scoring/points.js';
import type { ScoringGroup, ScoringProfile } from '#domain/scoring/profile.js';
import type { Indicator } from '#domain/performance/events.js';

export type WeightProblem = { readonly at: string } & (
  | { readonly code: 'INDICATOR_WITHOUT_GROUP'; readonly level1: string; readonly level2: string }
  | { readonly code: 'WEIGHT_NOT_POINTS'; readonly found: string }
  | { readonly code: 'WEIGHTS_PARTLY_STATED'; readonly stated: number; readonly indicators: number }
  | { readonly code: 'WEIGHTS_DO_NOT_ADD_UP'; readonly sum: string; readonly weight: string }
  | { readonly code: 'GROUP_WITHOUT_INDICATORS'; readonly weight: string }
);

export interface WeightedGroup {
  readonly group: ScoringGroup;
  /** Its own, with what empty groups gave it. */
  readonly weight: Hundredths;
  /** Ids, in code order. */
  readonly indicators: readonly string[];
}

export interface RowWeights {
  /** By indicator; an indicator without a group weighs nothing. */
  readonly rows: ReadonlyMap<string, Hundredths>;
  readonly groupOf: ReadonlyMap<string, string>;
  /** In the order of the profile. */
  readonly groups: readonly WeightedGroup[];
  readonly problems: readonly WeightProblem[];
}

const known = new WeakMap<ScoringProfile, WeakMap<readonly Indicator[], RowWeights>>();

/** The order of the indicators changes nothing. Kept as long as the table lives: the same table is scored many times. */
export function rowWeights(profile: ScoringProfile, indicators: readonly Indicator[]): RowWeights {
  const tables = known.get(profile) ?? new WeakMap<readonly Indicator[], RowWeights>();
  known.set(profile, tables);
  const kept = tables.get(indicators);
  if (kept !== undefined) return kept;
  const made = weigh(profile, indicators);
  tables.set(indicators, made);
  return made;
}

function weigh(profile: ScoringProfile, indicators: readonly Indicator[]): RowWeights {
  const problems: WeightProblem[] = [];
  const members = new Map<string, Indicator[]>(profile.groups.map(({ group }) => [group, []]));
  const rows = new Map<string, Hundredths>();
  const groupOf = new Map<string, string>();
  for (const indicator of [...indicators].sort((a, b) => (a.indicator < b.indicator ? -1 : 1))) {
    const group = groupOfIndicator(indicator, profile);
    rows.set(indicator.indicator, NO_POINTS);
    if (group === undefined) {
      const { indicator: at, level1, level2 } = indicator;
      problems.push({ at, code: 'INDICATOR_WITHOUT_GROUP', level1, level2 });
      continue;
    }
    groupOf.set(indicator.indicator, group);
    members.get(group)?.push(indicator);
  }
  const isEmpty = emptyGroups(profile, (group) => members.get(group)?.length !== 0);
  const weights = groupWeights(profile, isEmpty);
  const groups = profile.groups.map((group): WeightedGroup => {
    const own = members.get(group.group) ?? [];
    const weight = weights.get(group.group) ?? NO_POINTS;
    for (const [indicator, part] of shareOut(group.group, weight, own, problems)) rows.set(indicator, part);
    return { group, weight, indicators: own.map(({ indicator }) => indicator) };
  });
  for (const { group, weight, ifEmptyTo = [] } of profile.groups) {
    if (isEmpty(group) && ifEmptyTo.every(isEmpty)) {
      problems.push({ at: group, code: 'GROUP_WITHOUT_INDICATORS', weight: formatPoints(pointsOf(weight)) });
    }
  }
  return { rows, groupOf, groups, problems };
}

/** Whether a group has nothing that could bear its weight. The funds block always has its rate. */
export const emptyGroups =
  (profile: ScoringProfile, hasIndicators: (group: string) => boolean) =>
  (group: string): boolean =>
    !isFundsBlock(profile, group) && !hasIndicators(group);

/** What each group weighs in a table, by group: its own, with what empty groups gave it. */
export const groupWeights = (
  profile: ScoringProfile,
  isEmpty: (group: string) => boolean,
): ReadonlyMap<string, Hundredths> =>
  new Map(
    profile.groups.map(({ group, weight }) => [
      group,
      isEmpty(group) ? NO_POINTS : hundredths(pointsOf(weight) + given(group, profile, isEmpty)),
    ]),
  );

/** The group of the second-level name, else that of the first-level name. Blanks do not count. */
export function groupOfIndicator(
  { level1, level2 }: Pick<Indicator, 'level1' | 'level2'>,
  { groups }: Pick<ScoringProfile, 'groups'>,
): string | undefined {
  const [first, second] = [withoutBlanks(level1), withoutBlanks(level2)];
  const group =
    groups.find(({ level2: names = [] }) => names.includes(second)) ??
    groups.find(({ level1: names }) => names.includes(first));
  return group?.group;
}

const withoutBlanks = (text: string): string => text.replace(/\s/g, '');

export const isFundsBlock = ({ executionRate }: ScoringProfile, group: string): boolean =>
  executionRate.place === 'funds-block' && executionRate.group === group;

/** What `group` gets of the weights of empty groups. */
function given(group: string, { groups }: ScoringProfile, isEmpty: (group: string) => boolean): number {
  return groups.reduce((sum, { group: other, weight, ifEmptyTo = [] }) => {
    const heirs = ifEmptyTo.filter((heir) => !isEmpty(heir));
    const index = heirs.indexOf(group);
    if (index < 0 || !isEmpty(other)) return sum;
    return sum + (equalParts(pointsOf(weight), heirs.length)[index] ?? 0);
  }, 0);
}

function shareOut(
  group: string,
  weight: Hundredths,
  indicators: readonly Indicator[],
  problems: WeightProblem[],
): readonly (readonly [string, Hundredths])[] {
  if (indicators.length === 0) return [];
  const stated = new Map<string, Hundredths>();
  for (const { indicator, weight: own } of indicators) {
    if (own === undefined) continue;
    const points = readPoints(String(own));
    if (points === undefined) problems.push({ at: indicator, code: 'WEIGHT_NOT_POINTS', found: String(own) });
    stated.set(indicator, points ?? NO_POINTS);
  }
  const sum = sumPoints(stated.values());
  const silent = indicators.filter(({ indicator }) => !stated.has(indicator));
  const rest = hundredths(Math.max(0, weight - sum));
  const parts = equalParts(rest, Math.max(1, silent.length));
  if (stated.size > 0 && silent.length > 0) {
    const [count, all] = [stated.size, indicators.length];
    problems.push({ at: group, code: 'WEIGHTS_PARTLY_STATED', stated: count, indicators: all });
  }
  if (sum > weight || (silent.length === 0 && sum < weight)) {
    const [printed, wanted] = [formatPoints(sum), formatPoints(weight)];
    problems.push({ at: group, code: 'WEIGHTS_DO_NOT_ADD_UP', sum: printed, weight: wanted });
  }
  return [...stated, ...silent.map(({ indicator }, index) => [indicator, parts[index] ?? NO_POINTS] as const)];
}
