/**
 * Speed of the official forms: one table of 81 indicators as a workbook and as a page to print, and the workbook read back. The
 * bound is the writer alone: the same cells without a form around them.
 */
import { formWorkbook, sheetLayout } from '#forms/export/form-workbook.js';
import { printPage } from '#forms/export/print-page.js';
import { layOut } from '#forms/grid.js';
import { MONITORING } from '#forms/definitions/monitoring.js';
import { readForm } from '#forms/import/form-workbook.js';
import type { FormContent, Row as FormRow } from '#forms/layout.js';
import { readWorkbook } from '#forms/workbook/read-workbook.js';
import { writeWorkbook } from '#forms/workbook/write-workbook.js';
import type { Row } from './event-log.js';

const INDICATORS = 81;
const ROUNDS = 15;
const AIM_MS = 300;
const OPTIONS = { unit: '万元' } as const;

export function formsBench(): Promise<Row[]> {
  const content = monitoringOf81();
  const bytes = formWorkbook(MONITORING, content, OPTIONS);
  const grid = layOut(MONITORING, content, OPTIONS);
  const sheet = sheetLayout(grid);
  const row = (name: string, ms: readonly number[], aim?: number): Row => {
    const middle = median(ms);
    const worst = Math.max(...ms);
    const aimed = aim === undefined ? { aim: '', met: null } : { aim: `≤ ${aim} ms`, met: middle <= aim };
    return { name, unit: 'ms', median: middle, p99: worst, ...aimed };
  };
  const table = `one table of ${INDICATORS} indicators`;
  return Promise.resolve([
    row(
      `export of ${table} as xlsx`,
      timed(() => formWorkbook(MONITORING, content, OPTIONS)),
      AIM_MS,
    ),
    row(
      `export of ${table} as a page to print`,
      timed(() => printPage(layOut(MONITORING, content, OPTIONS))),
      AIM_MS,
    ),
    row(
      `bound of the export: its workbook alone`,
      timed(() => writeWorkbook([sheet])),
    ),
    row(
      `reading of ${table} from xlsx`,
      timed(() => readBack(bytes)),
    ),
  ]);
}

function readBack(bytes: Uint8Array): void {
  const { content: workbook } = readWorkbook(bytes);
  const read = workbook && readForm(workbook, MONITORING);
  if (read?.content?.tables['indicators']?.length !== INDICATORS) throw new Error('the form was not read back');
}

/** Milliseconds of each round; the first ones warm up. */
function timed(work: () => unknown): readonly number[] {
  const rounds = Array.from({ length: ROUNDS + 3 }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return rounds.slice(3);
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** As many rows as the printed table has, with everything filled in. */
function monitoringOf81(): FormContent {
  const money = { original: '2061422400.00', current: '2061422400.01', executed: '910258100.33', rate: '44.16' };
  const indicators = Array.from({ length: INDICATORS }, (_, n): FormRow => ({
    level1: n < 6 ? '决策' : n < 32 ? '过程' : n < 72 ? '履职' : '效益指标',
    level2: `二级指标${Math.floor(n / 4)}`,
    level3: `第${n + 1}项指标完成数量及质量`,
    half: `＝${n}个`,
    annual: `＝${n * 2}个`,
    result: `${n}个`,
    forecast: `${n * 2}个`,
    'cause-funding': 'yes',
    explanation: '上级资金下达较晚，项目招标推迟到三季度，预计四季度完成。',
    'likelihood-certain': 'yes',
    remark: '已约谈',
  }));
  return {
    title: '部门整体绩效运行监控表',
    year: 2024,
    fields: { unitName: '某市土地储备中心', stage: '6', annualGoal: '推动土地储备工作再上新台阶。' },
    tables: { funds: [{ row: '年度资金总额', ...money }], indicators },
  };
}
