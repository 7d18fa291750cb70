/** A filled 项目支出绩效自评表. It belongs to no books: it is read as it stands, and scored again. */
import { formatYuan, parseYuan, sum, type Fen } from '#domain/money.js';
import type { EvaluatedFunds } from '#domain/performance/self-evaluation-form.js';
import {
  PROJECT_SELF_EVALUATION,
  type ProjectFunds,
  type ProjectIndicator,
  type ProjectSelfEvaluation,
} from '#forms/definitions/project-self-evaluation.js';
import { Findings, present, type Reading } from '#forms/findings.js';
import type { Workbook } from '#forms/workbook/cells.js';
import type { ReadRow } from './form-table.js';
import { readFormInto, type ReadForm } from './form-workbook.js';
import { reportPoints } from './points-total.js';

export function readProjectSelfEvaluation(workbook: Workbook): Reading<ProjectSelfEvaluation> {
  const findings = new Findings();
  const form = readFormInto(workbook, PROJECT_SELF_EVALUATION, findings);
  if (form !== undefined) {
    reportFunds(form, findings);
    reportPoints(form, findings);
  }
  return findings.reading(() => contentOf(present(form, 'the form')));
}

function contentOf({ title, year, fields, tables }: ReadForm): ProjectSelfEvaluation {
  const { project, unitName, ...others } = fields;
  return {
    title,
    year,
    project: present(project, 'the project'),
    unitName: present(unitName, 'the unit'),
    ...others,
    funds: (tables['funds'] ?? []).map(({ values }) => values as unknown as ProjectFunds),
    indicators: (tables['indicators'] ?? []).map(({ values }) => values as unknown as ProjectIndicator),
  };
}

/** Rule book 4.8: the rows of the funds add up to their total. */
function reportFunds({ tables }: ReadForm, findings: Findings): void {
  const rows = new Map((tables['funds'] ?? []).map((row) => [row.values['row'] as EvaluatedFunds['row'], row]));
  const total = rows.get('total');
  const parts = [...rows].filter(([key]) => key !== 'total').map(([, row]) => row);
  if (total === undefined) return;
  for (const column of ['original', 'current', 'executed'] as const) {
    const expected = fenOf(total, column);
    const actual = parts.map((row) => fenOf(row, column)).filter((amount) => amount !== undefined);
    if (expected === undefined || actual.length < parts.length) continue;
    const parted = sum(actual);
    if (parted === expected) continue;
    const facts = { name: '年度资金总额 = 各项资金之和', expected: formatYuan(expected), actual: formatYuan(parted) };
    findings.problem(total.at(column), 'CONTROL_TOTAL_DIFFERS', facts);
  }
}

function fenOf(row: ReadRow, column: string): Fen | undefined {
  const text = row.values[column];
  const amount = text === undefined ? undefined : parseYuan(text);
  return typeof amount === 'string' ? undefined : amount;
}
