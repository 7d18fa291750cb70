/** Opens the workbook of a form within the time that an upload may take, and says which form it holds. */
import { OFFICIAL_FORMS } from '#forms/definitions/official-forms.js';
import type { Reading } from '#forms/findings.js';
import type { Workbook } from '#forms/workbook/cells.js';
import { isCompoundFile } from '#forms/workbook/compound-file.js';
import { afterMilliseconds, WORKBOOK_LIMITS } from '#forms/workbook/limits.js';
import { readWorkbook } from '#forms/workbook/read-workbook.js';
import { isZip } from '#forms/workbook/zip-directory.js';
import { holdsForm } from './form-workbook.js';

/** A form is read in well under a second; a file that takes longer was made to. */
const LONGEST_READING_MS = 1_500;

/** By its first bytes: an xlsx file, or the container of old and of encrypted ones, which the reader refuses with its reason. */
export const isWorkbook = (bytes: Uint8Array): boolean => isZip(bytes) || isCompoundFile(bytes);

export const openWorkbook = (bytes: Uint8Array): Reading<Workbook> =>
  readWorkbook(bytes, { ...WORKBOOK_LIMITS, outOfTime: afterMilliseconds(LONGEST_READING_MS) });

/** Id of the form on a visible sheet; `undefined` when there is none, or the file could not be opened. */
export function formIn({ content }: Reading<Workbook>): string | undefined {
  return content && OFFICIAL_FORMS.find((layout) => holdsForm(content, layout))?.id;
}
