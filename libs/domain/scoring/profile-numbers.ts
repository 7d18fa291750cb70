/** The decimals of a profile that every row is compared with, read once and kept as long as the profile lives. */
import { type Ratio, decimalRatio } from '#domain/ratio.js';
import type { QualitativeGrade, ScoringProfile } from '#domain/scoring/profile.js';

export interface ProfileNumbers {
  readonly threshold: Ratio;
  readonly zeroTargetThreshold: Ratio;
  /** Best first. */
  readonly bands: readonly { readonly grade: QualitativeGrade; readonly from: Ratio; readonly to: Ratio }[];
}

const known = new WeakMap<ScoringProfile, ProfileNumbers>();

/** Throws a RangeError for a profile whose numbers are none: `checkProfile` finds them first. */
export function numbersOf(profile: ScoringProfile): ProfileNumbers {
  const kept = known.get(profile);
  if (kept !== undefined) return kept;
  const { overAchievement, qualitative } = profile;
  const made = {
    threshold: decimalRatio(overAchievement.threshold),
    zeroTargetThreshold: decimalRatio(overAchievement.zeroTargetThreshold),
    bands: qualitative.map(({ grade, from, to }) => ({ grade, from: decimalRatio(from), to: decimalRatio(to) })),
  };
  known.set(profile, made);
  return made;
}
