/** Every check of a self-evaluation that the rule book lists in 4.8; what lacks data is told as such, never passed. */
import type { EvaluationCheck, EvaluationSheet } from '#domain/scoring/evaluation-sheet.js';
import { fundsChecks } from '#domain/scoring/funds-checks.js';
import { indicatorChecks, sumChecks } from '#domain/scoring/indicator-checks.js';
import type { ScoringProfile } from '#domain/scoring/profile.js';
import { spendingChecks } from '#domain/scoring/spending-checks.js';

export const checkEvaluation = (sheet: EvaluationSheet, profile: ScoringProfile): readonly EvaluationCheck[] => [
  ...fundsChecks(sheet, profile),
  ...indicatorChecks(sheet, profile),
  ...sumChecks(sheet, profile),
  ...spendingChecks(sheet),
];
