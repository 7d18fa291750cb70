/** The whole sample as a log file: the published table with a synthetic year, and an invented unit with a closed year. */
import type { Envelope } from '#domain/envelope.js';
import { logFileHeader, logFileLine } from '#event-store/log-file.js';
import { keepBooks } from './bookkeeper.js';
import { closedYear } from './closed-year.js';
import { inventedTargets } from './invented-targets.js';
import { openYear } from './open-year.js';
import { suzhouPlan } from './suzhou-plan.js';
import { suzhouReports } from './suzhou-reports.js';
import { suzhouWork } from './suzhou-work.js';
import { suzhouYear } from './suzhou-year.js';
import { inventedUnits } from './units.js';

/** Where the sample lies below the root of the repository. */
export const SAMPLE_FOLDER = 'apps/standalone/sample';
export const SAMPLE_FILE = `${SAMPLE_FOLDER}/sample.ndjson`;
/** The published figures of the land reserve centre, without its prose. */
export const FORM_FILE = `${SAMPLE_FOLDER}/suzhou-2024.json`;

/** All events in the order recorded; `form` is the content of `FORM_FILE`. The same bytes for the same form, for ever. */
export const sampleEvents = (form: Uint8Array): readonly Envelope[] =>
  keepBooks([
    ...inventedUnits(),
    ...closedYear(),
    ...suzhouPlan(form),
    ...openYear(),
    ...inventedTargets(),
    ...suzhouYear(),
    ...suzhouWork(),
    ...suzhouReports(),
  ]);

export const sampleText = (form: Uint8Array): string => logFileHeader() + sampleEvents(form).map(logFileLine).join('');
