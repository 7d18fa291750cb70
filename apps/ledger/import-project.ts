/** A project's self-evaluation: no books hold it, so it is shown and scored again, and nothing is booked. */
import { profileById, type ScoringProfile } from '#domain/scoring/profile.js';
import { readProjectSelfEvaluation } from '#forms/import/project-self-evaluation-form.js';
import { inWords, rescored } from '#forms/rescored.js';
import { unread } from './import-forms.js';
import type { ImportPlan } from './import-plan.js';
import type { Upload } from './upload.js';
import type { OpenUpload } from './workbooks.js';

/** The national project form, 10/50/30/10. Rule book 4.1. */
const PROFILE_ID = 'national-project';

/** Every row with its score on paper, the one by the profile, and the rule that explains the difference. */
export function planProjectImport(upload: Upload, open: OpenUpload): ImportPlan {
  const opened = open(upload);
  if (opened.content === undefined) return unread(opened);
  const { content: form, ...reading } = readProjectSelfEvaluation(opened.content);
  const shown = unread(reading);
  if (form === undefined) return shown;
  const { rows } = rescored(form, profile());
  return {
    ...shown,
    unitName: form.unitName,
    year: form.year,
    rows: rows.map(inWords),
    indicatorCount: form.indicators.length,
    content: [upload.sha256],
  };
}

function profile(): ScoringProfile {
  const found = profileById(PROFILE_ID);
  if (found === undefined) throw new Error(`there is no scoring profile ${PROFILE_ID}`);
  return found;
}
