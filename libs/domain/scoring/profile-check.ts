/** Whether a scoring profile holds together, and the same profile with a unit's own group weights. All faults at once. */
import { compare, decimalRatio } from '#domain/ratio.js';
import { formatPoints, hundredths, readPoints } from '#domain/scoring/points.js';
import type { ExecutionRateRule, ScoringProfile } from '#domain/scoring/profile.js';

/** `at`: a JSON pointer into the profile. */
export type ProfileProblem = { readonly at: string } & (
  | { readonly code: 'NOT_POINTS' | 'NOT_A_SHARE' | 'NOT_A_NUMBER' | 'STEP_NOT_POSITIVE'; readonly found: string }
  | { readonly code: 'GROUP_WEIGHTS_DO_NOT_ADD_UP'; readonly sum: string; readonly total: string }
  | { readonly code: 'GROUP_TWICE' | 'GROUP_UNKNOWN'; readonly group: string }
  | { readonly code: 'NAME_IN_TWO_GROUPS'; readonly name: string }
  | { readonly code: 'BANDS_OVERLAP_OR_GAP'; readonly upper: string; readonly lower: string }
  | { readonly code: 'BANDS_NOT_WHOLE' | 'BANDS_NOT_DESCENDING' | 'GRADES_NOT_DESCENDING' | 'GRADES_NOT_TO_ZERO' }
  | { readonly code: 'THRESHOLD_TOO_LOW'; readonly found: string }
  /** A rule that no document gives is used, and `ownRules` does not say so. */
  | { readonly code: 'OWN_RULE_NOT_NAMED'; readonly rule: 'over-achievement-deduction' }
);

/** Nothing for a profile that can score. */
export function checkProfile(profile: ScoringProfile): readonly ProfileProblem[] {
  return [
    ...groupProblems(profile),
    ...qualitativeProblems(profile),
    ...executionProblems(profile),
    ...deductionProblems(profile),
    ...overAchievementProblems(profile),
    ...gradeProblems(profile),
  ];
}

/**
 * The profile with other group weights, still to be checked; groups that are not named keep theirs. Weights that a unit
 * sets are its own and no longer the product's.
 */
export function withGroupWeights(
  profile: ScoringProfile,
  weights: Readonly<Record<string, string>>,
): { readonly profile: ScoringProfile; readonly problems: readonly ProfileProblem[] } {
  const groups = profile.groups.map((group) => ({ ...group, weight: weights[group.group] ?? group.weight }));
  const changed = {
    ...profile,
    groups,
    ownRules: profile.ownRules.filter((rule) => rule !== 'group-weights'),
  };
  const unknown = Object.keys(weights)
    .filter((group) => profile.groups.every((known) => known.group !== group))
    .map((group): ProfileProblem => ({ at: `/groups/${group}`, code: 'GROUP_UNKNOWN', group }));
  return { profile: changed, problems: [...unknown, ...checkProfile(changed)] };
}

const DECIMAL = /^-?\d{1,15}(\.\d{1,15})?$/;
const isDecimal = (text: string): boolean => DECIMAL.test(text);
const isPositive = (text: string): boolean => isDecimal(text) && decimalRatio(text).numerator > 0n;
const isShare = (text: string): boolean =>
  isDecimal(text) && decimalRatio(text).numerator >= 0n && compare(decimalRatio(text), decimalRatio('1')) <= 0;

const pointsProblems = (at: string, text: string): readonly ProfileProblem[] =>
  readPoints(text) === undefined ? [{ at, code: 'NOT_POINTS', found: text }] : [];
const shareProblems = (at: string, text: string): readonly ProfileProblem[] =>
  isShare(text) ? [] : [{ at, code: 'NOT_A_SHARE', found: text }];
const numberProblems = (at: string, text: string): readonly ProfileProblem[] =>
  isDecimal(text) ? [] : [{ at, code: 'NOT_A_NUMBER', found: text }];
const stepProblems = (at: string, text: string): readonly ProfileProblem[] =>
  isPositive(text) ? [] : [{ at, code: 'STEP_NOT_POSITIVE', found: text }];

function groupProblems({ groups, total, executionRate }: ScoringProfile): readonly ProfileProblem[] {
  const problems = [
    ...pointsProblems('/total', total),
    ...groups.flatMap(({ weight }, index) => pointsProblems(`/groups/${index}/weight`, weight)),
  ];
  const known = new Set<string>();
  const names = new Set<string>();
  groups.forEach(({ group, level1, level2 = [] }, index) => {
    if (known.has(group)) problems.push({ at: `/groups/${index}`, code: 'GROUP_TWICE', group });
    known.add(group);
    for (const name of [...level1.map((each) => `1 ${each}`), ...level2.map((each) => `2 ${each}`)]) {
      if (names.has(name)) {
        problems.push({ at: `/groups/${index}`, code: 'NAME_IN_TWO_GROUPS', name: name.slice(2) });
      }
      names.add(name);
    }
  });
  groups.forEach(({ ifEmptyTo = [] }, index) => {
    for (const group of ifEmptyTo) {
      if (!known.has(group)) problems.push({ at: `/groups/${index}/ifEmptyTo`, code: 'GROUP_UNKNOWN', group });
    }
  });
  if (executionRate.place === 'funds-block' && !known.has(executionRate.group)) {
    problems.push({ at: '/executionRate/group', code: 'GROUP_UNKNOWN', group: executionRate.group });
  }
  const sum = groups.reduce((left, { weight }) => left + (readPoints(weight) ?? 0), 0);
  const whole = readPoints(total);
  if (whole !== undefined && sum !== whole) {
    const printed = formatPoints(hundredths(sum));
    problems.push({ at: '/groups', code: 'GROUP_WEIGHTS_DO_NOT_ADD_UP', sum: printed, total: formatPoints(whole) });
  }
  return problems;
}

/** The bands cover everything from 0 to the weight, each from where the next one ends. */
function qualitativeProblems({ qualitative }: ScoringProfile): readonly ProfileProblem[] {
  const at = '/qualitative';
  const unreadable = qualitative.flatMap(({ from, to }, index) => [
    ...shareProblems(`${at}/${index}/from`, from),
    ...shareProblems(`${at}/${index}/to`, to),
  ]);
  if (unreadable.length > 0) return unreadable;
  const problems: ProfileProblem[] = [];
  const same = (a: string, b: string): boolean => compare(decimalRatio(a), decimalRatio(b)) === 0;
  const first = qualitative[0];
  const last = qualitative.at(-1);
  const grades = new Set(qualitative.map(({ grade }) => grade));
  const whole = first !== undefined && last !== undefined && same(first.to, '1') && same(last.from, '0');
  if (!whole || grades.size !== 3 || qualitative.length !== 3) problems.push({ at, code: 'BANDS_NOT_WHOLE' });
  qualitative.forEach(({ from, to }, index) => {
    const below = qualitative[index + 1];
    if (compare(decimalRatio(from), decimalRatio(to)) >= 0) {
      problems.push({ at: `${at}/${index}`, code: 'BANDS_NOT_DESCENDING' });
    }
    if (below !== undefined && !same(from, below.to)) {
      problems.push({ at: `${at}/${index}`, code: 'BANDS_OVERLAP_OR_GAP', upper: from, lower: below.to });
    }
  });
  return problems;
}

function executionProblems({ executionRate }: ScoringProfile): readonly ProfileProblem[] {
  const at = '/executionRate';
  const { rule, explainBelowPercent } = executionRate;
  return [
    ...(explainBelowPercent === undefined ? [] : numberProblems(`${at}/explainBelowPercent`, explainBelowPercent)),
    ...ruleProblems(`${at}/rule`, rule),
  ];
}

function ruleProblems(at: string, rule: ExecutionRateRule): readonly ProfileProblem[] {
  switch (rule.kind) {
    case 'proportional':
    case 'by-target':
      return [];
    case 'bands': {
      const problems = [
        ...shareProblems(`${at}/finishedWithinBudget`, rule.finishedWithinBudget),
        ...rule.bands.flatMap(({ fromPercent, share }, index) => [
          ...numberProblems(`${at}/bands/${index}/fromPercent`, fromPercent),
          ...shareProblems(`${at}/bands/${index}/share`, share),
        ]),
      ];
      if (problems.length > 0) return problems;
      const bounds = rule.bands.map(({ fromPercent }) => fromPercent);
      return isDescending(bounds) ? [] : [{ at: `${at}/bands`, code: 'BANDS_NOT_DESCENDING' }];
    }
    case 'steps':
      return [
        ...numberProblems(`${at}/fullFromPercent`, rule.fullFromPercent),
        ...stepProblems(`${at}/stepPercent`, rule.stepPercent),
        ...pointsProblems(`${at}/deduct`, rule.deduct),
      ];
  }
}

function deductionProblems({ zeroTarget, stepDeductions = [] }: ScoringProfile): readonly ProfileProblem[] {
  const zero =
    zeroTarget.kind === 'all-or-nothing'
      ? []
      : [
          ...stepProblems('/zeroTarget/step', zeroTarget.step),
          ...pointsProblems('/zeroTarget/deduct', zeroTarget.deduct),
        ];
  return [
    ...zero,
    ...stepDeductions.flatMap(({ step, deduct, limit }, index) => [
      ...stepProblems(`/stepDeductions/${index}/step`, step),
      ...pointsProblems(`/stepDeductions/${index}/deduct`, deduct),
      ...(limit === 'target' ? [] : numberProblems(`/stepDeductions/${index}/limit/value`, limit.value)),
    ]),
  ];
}

/** A threshold under 1 would ask for an explanation of every target that was just met. */
function overAchievementProblems({ overAchievement, ownRules }: ScoringProfile): readonly ProfileProblem[] {
  const { threshold, zeroTargetThreshold, deduct } = overAchievement;
  const rule = 'over-achievement-deduction' as const;
  const unnamed = deduct !== 'none' && !ownRules.includes(rule);
  const at = '/overAchievement/threshold';
  const low = isDecimal(threshold) && compare(decimalRatio(threshold), decimalRatio('1')) <= 0;
  return [
    ...numberProblems(at, threshold),
    ...(low ? [{ at, code: 'THRESHOLD_TOO_LOW' as const, found: threshold }] : []),
    ...numberProblems('/overAchievement/zeroTargetThreshold', zeroTargetThreshold),
    ...(unnamed ? [{ at: '/ownRules', code: 'OWN_RULE_NOT_NAMED' as const, rule }] : []),
  ];
}

function gradeProblems({ grades }: ScoringProfile): readonly ProfileProblem[] {
  const unreadable = grades.flatMap(({ from }, index) => pointsProblems(`/grades/${index}/from`, from));
  if (unreadable.length > 0) return unreadable;
  const at = '/grades';
  return [
    ...(isDescending(grades.map(({ from }) => from)) ? [] : [{ at, code: 'GRADES_NOT_DESCENDING' as const }]),
    ...(readPoints(grades.at(-1)?.from ?? '') === 0 ? [] : [{ at, code: 'GRADES_NOT_TO_ZERO' as const }]),
  ];
}

const isDescending = (values: readonly string[]): boolean =>
  values.every((value, index) => {
    const next = values[index + 1];
    return next === undefined || compare(decimalRatio(value), decimalRatio(next)) > 0;
  });
