/**
 * 项目支出绩效自评表, the national form of one project: funds with original, adjusted and executed budget, points, rate and score;
 * indicators of three levels with points, score and cause. Source: rule book 3.2, 财预〔2020〕10号 annex 1 (default layout).
 */
import type { EvaluatedFunds } from '#domain/performance/self-evaluation-form.js';
import { CAUSE_COLUMN, FUNDS, GOALS, fundsColumns } from '#forms/definitions/self-evaluation.js';
import type { FormContent, FormLayout, Row } from '#forms/layout.js';

export const PROJECT_SELF_EVALUATION: FormLayout = {
  id: 'project-self-evaluation',
  titles: ['项目支出绩效自评表', '项目绩效自评表', '项目支出绩效目标自评表'],
  sheetName: '项目支出绩效自评表',
  widths: [12, 18, 26, 15, 15, 10, 10, 8, 28],
  orientation: 'landscape',
  headingsOf: 'indicators',
  blocks: [
    {
      kind: 'fields',
      rows: [
        [{ key: 'project', label: '项目名称', labelSpan: 2, span: 7, format: 'text', required: true }],
        [
          { key: 'department', label: '主管部门', labelSpan: 2, span: 2, format: 'text' },
          {
            key: 'unitName',
            label: '实施单位',
            spellings: ['项目单位', '项目实施单位'],
            labelSpan: 2,
            span: 3,
            format: 'text',
            required: true,
          },
        ],
      ],
    },
    {
      kind: 'table',
      key: 'funds',
      sides: [
        { label: '项目资金（{unit}）', spellings: ['项目资金情况（{unit}）', '预算执行情况（{unit}）'], span: 1 },
      ],
      columns: fundsColumns({ score: 2 }),
      fixed: FUNDS,
      repeats: false,
    },
    GOALS,
    {
      kind: 'table',
      key: 'indicators',
      sides: [],
      columns: [
        { key: 'level1', label: '一级指标', span: 1, format: 'text', down: true, required: true },
        { key: 'level2', label: '二级指标', span: 1, format: 'text', down: true, required: true },
        { key: 'level3', label: '三级指标', span: 1, format: 'text', required: true, align: 'left' },
        { key: 'annual', label: '年度指标值', spellings: ['指标值'], span: 1, format: 'value', required: true },
        {
          key: 'actual',
          label: '实际完成值',
          spellings: ['全年实际完成值', '全年完成值', '完成值'],
          span: 1,
          format: 'value',
        },
        { key: 'points', label: '分值', span: 1, format: 'points', required: true },
        { key: 'score', label: '得分', span: 1, format: 'points' },
        { ...CAUSE_COLUMN, span: 2 },
      ],
      fixed: [],
      repeats: true,
      closing: { label: '总分', spellings: ['合计', '总计'], fields: { points: 'possible', score: 'total' } },
    },
  ],
};

/** A project's self-evaluation as a form says it. Amounts are decimal yuan, points and percentages decimals; what is empty is absent. */
export interface ProjectSelfEvaluation {
  readonly title: string;
  readonly year: number;
  readonly project: string;
  readonly department?: string;
  readonly unitName: string;
  readonly annualGoal?: string;
  readonly annualOutcome?: string;
  readonly funds: readonly ProjectFunds[];
  readonly indicators: readonly ProjectIndicator[];
  readonly possible?: string;
  readonly total?: string;
}

export interface ProjectFunds {
  readonly row: EvaluatedFunds['row'];
  readonly original: string;
  readonly current: string;
  readonly executed: string;
  readonly points?: string;
  readonly rate?: string;
  readonly score?: string;
}

export interface ProjectIndicator {
  readonly level1: string;
  readonly level2: string;
  readonly level3: string;
  /** As printed. */
  readonly annual: string;
  readonly actual?: string;
  readonly points: string;
  readonly score?: string;
  readonly cause?: string;
}

export function projectSelfEvaluationContent(form: ProjectSelfEvaluation): FormContent {
  const { title, year, funds, indicators, ...fields } = form;
  return {
    title,
    year,
    fields: { ...fields },
    tables: { funds: funds.map((row): Row => ({ ...row })), indicators: indicators.map((row): Row => ({ ...row })) },
  };
}
