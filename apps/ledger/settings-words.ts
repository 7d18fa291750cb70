/** What a caller reads of thresholds and scoring profiles that do not hold together. The compiler names a code that is missing. */
import type { ThresholdProblem } from '#domain/scoring/lights.js';
import type { ProfileProblem } from '#domain/scoring/profile-check.js';

type Found<Problem, Code> = Problem extends { readonly code: infer Codes }
  ? Code extends Codes
    ? Problem
    : never
  : never;
type WordsOf<Problem extends { readonly code: string }> = {
  readonly [Code in Problem['code']]: (problem: Found<Problem, Code>) => string;
};

const THRESHOLDS = {
  THRESHOLD_VERSION: ({ version }) => `version ${version} is not a whole number from 1`,
  THRESHOLD_NOT_DECIMAL: ({ found }) => `"${found}" is not a percentage written as a decimal, such as "60" or "62.5"`,
  THRESHOLD_OUT_OF_RANGE: ({ found, from, to }) => `${found} is not between ${from} and ${to}`,
  THRESHOLDS_NOT_ASCENDING: ({ found, above }) => `yellow ends at ${found}, below ${above} where red ends`,
} as const satisfies WordsOf<ThresholdProblem>;

const PROFILES = {
  NOT_POINTS: ({ found }) => `"${found}" is not a number of points with at most two decimals`,
  NOT_A_SHARE: ({ found }) => `"${found}" is not a share from 0 to 1, such as "0.80"`,
  NOT_A_NUMBER: ({ found }) => `"${found}" is not a plain decimal`,
  STEP_NOT_POSITIVE: ({ found }) => `a step of "${found}" is not above 0`,
  GROUP_WEIGHTS_DO_NOT_ADD_UP: ({ sum, total }) => `the weights of the groups add up to ${sum}, not to ${total}`,
  GROUP_TWICE: ({ group }) => `group ${group} stands here twice`,
  GROUP_UNKNOWN: ({ group }) => `there is no group ${group} in this profile`,
  NAME_IN_TWO_GROUPS: ({ name }) => `${name} belongs to two groups`,
  BANDS_OVERLAP_OR_GAP: ({ upper, lower }) => `one band begins at ${upper}, the next one ends at ${lower}`,
  BANDS_NOT_WHOLE: () => 'the bands must be the three grades and cover everything from 0 to 1',
  BANDS_NOT_DESCENDING: () => 'the bands must go from the best to the worst',
  GRADES_NOT_DESCENDING: () => 'the grades must go from the best to the worst',
  GRADES_NOT_TO_ZERO: () => 'the last grade must begin at 0',
  THRESHOLD_TOO_LOW: ({ found }) => `an over-achievement threshold of ${found} would ask about every target just met`,
  OWN_RULE_NOT_NAMED: ({ rule }) => `${rule} is used, and ownRules does not name it`,
} as const satisfies WordsOf<ProfileProblem>;

/** The words of a problem that the rules told by its code and its facts. */
export const thresholdWords = (code: string, facts: object): string => told(THRESHOLDS, code, facts);
export const profileWords = (code: string, facts: object): string => told(PROFILES, code, facts);

function told(words: Readonly<Record<string, (problem: never) => string>>, code: string, facts: object): string {
  const found = Object.hasOwn(words, code) ? words[code] : undefined;
  if (found === undefined) throw new Error(`there are no words for ${code}`);
  return found(facts as never);
}
