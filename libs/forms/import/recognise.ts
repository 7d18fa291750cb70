/** Which reader a file belongs to, by its content: names and media types are often wrong. */
import { MONITORING } from '#forms/definitions/monitoring.js';
import { PROJECT_SELF_EVALUATION } from '#forms/definitions/project-self-evaluation.js';
import { SELF_EVALUATION } from '#forms/definitions/self-evaluation.js';
import { TARGET_TABLE } from '#forms/definitions/target-table.js';
import { Findings, type Reading } from '#forms/findings.js';
import { PERFORMANCE_FORM } from '#forms/performance-form.js';
import type { Workbook } from '#forms/workbook/cells.js';
import { decodeText } from './decode.js';
import { formIn, isWorkbook, openWorkbook } from './open-workbook.js';

export const FILE_KINDS = [
  'table-text',
  'json-form',
  'payments-csv',
  'adjustments-csv',
  'results-csv',
  'target-workbook',
  'monitoring-workbook',
  'self-evaluation-workbook',
  'project-workbook',
] as const;
export type FileKind = (typeof FILE_KINDS)[number];

/** By the id of the form that they hold; one without a form goes to the reader of the target table, which says so. */
const WORKBOOK_OF: Readonly<Record<string, FileKind>> = {
  [TARGET_TABLE.id]: 'target-workbook',
  [MONITORING.id]: 'monitoring-workbook',
  [SELF_EVALUATION.id]: 'self-evaluation-workbook',
  [PROJECT_SELF_EVALUATION.id]: 'project-workbook',
};

/** `undefined` for a file that no reader knows. A damaged file still goes to its reader, which says what is wrong. `open` for who reads on. */
export function recogniseFile(
  bytes: Uint8Array,
  open: () => Reading<Workbook> = () => openWorkbook(bytes),
): FileKind | undefined {
  if (isWorkbook(bytes)) return WORKBOOK_OF[formIn(open()) ?? ''] ?? 'target-workbook';
  const text = decodeText(bytes, new Findings());
  if (text === undefined) return undefined;
  const start = text.trimStart().slice(0, 200);
  if (/^[{[]/.test(start)) return 'json-form';
  const [header = ''] = start.split(/[\r\n]/);
  if (/^"?adjustmentId\b/.test(header)) return 'adjustments-csv';
  if (/^"?voucherNo\b/.test(header)) return 'payments-csv';
  if (/^"?resultId\b/.test(header)) return 'results-csv';
  const { sections, title } = PERFORMANCE_FORM;
  const marks = [title, ...sections.unit, ...sections.longTermGoal, '部门整体', '一级指标'];
  return marks.some((mark) => text.includes(mark)) ? 'table-text' : undefined;
}
