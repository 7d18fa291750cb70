/** The official forms that there are, by the id that addresses and commands use. A further one is a file and a line here. */
import { MONITORING } from '#forms/definitions/monitoring.js';
import { PROJECT_SELF_EVALUATION } from '#forms/definitions/project-self-evaluation.js';
import { SELF_EVALUATION } from '#forms/definitions/self-evaluation.js';
import { TARGET_TABLE } from '#forms/definitions/target-table.js';
import type { FormLayout } from '#forms/layout.js';

export const OFFICIAL_FORMS: readonly FormLayout[] = [
  TARGET_TABLE,
  MONITORING,
  SELF_EVALUATION,
  PROJECT_SELF_EVALUATION,
];
