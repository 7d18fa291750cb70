/** 部门整体绩效自评表: the year's funds, goal and indicators with their scores. Source: rule book 3.2, 财预〔2020〕10号 (default layout). */
import type {
  EvaluatedFunds,
  EvaluatedIndicator,
  SelfEvaluationForm,
} from '#domain/performance/self-evaluation-form.js';
import type { FieldsBlock, FixedRow, FormColumn, FormContent, FormLayout, Row } from '#forms/layout.js';

export const FUND_ROWS = {
  total: '年度资金总额',
  appropriation: '其中：当年财政拨款',
  'carry-over': '上年结转资金',
  other: '其他资金',
} as const satisfies Record<EvaluatedFunds['row'], string>;

/** The words of other offices for the same rows. */
const OTHER_WORDS: Readonly<Record<EvaluatedFunds['row'], readonly string[]>> = {
  total: ['资金总额', '年度资金总额：'],
  appropriation: ['其中：本年财政拨款', '其中：财政拨款', '当年财政拨款', '本年财政拨款', '财政拨款'],
  'carry-over': ['上年结转', '其中：上年结转资金'],
  other: ['其中：其他资金'],
};

export const FUNDS: readonly FixedRow[] = (Object.keys(FUND_ROWS) as EvaluatedFunds['row'][]).map((key) => ({
  key,
  label: FUND_ROWS[key],
  spellings: OTHER_WORDS[key],
}));

/** Columns of the funds block of every self-evaluation form; `spans` by key, one where none is given. */
export const fundsColumns = (spans: Readonly<Record<string, number>>): readonly FormColumn[] => {
  const span = (key: string) => ({ key, span: spans[key] ?? 1 });
  return [
    { ...span('row'), label: '', format: 'row' },
    { ...span('original'), label: '年初预算数', format: 'amount', required: true },
    { ...span('current'), label: '全年预算数（A）', spellings: ['全年预算数'], format: 'amount', required: true },
    { ...span('executed'), label: '全年执行数（B）', spellings: ['全年执行数'], format: 'amount', required: true },
    { ...span('points'), label: '分值', format: 'points', dash: '—' },
    { ...span('rate'), label: '执行率（B/A）', spellings: ['执行率'], format: 'percent', dash: '—' },
    { ...span('score'), label: '得分', format: 'points', dash: '—' },
  ];
};

export const CAUSE_COLUMN: FormColumn = {
  key: 'cause',
  label: '偏差原因分析及改进措施',
  spellings: ['偏差原因分析', '未完成原因和改进措施', '偏差原因及改进措施'],
  span: 1,
  format: 'text',
  align: 'left',
};

/** The goal of the year and what became of it. */
export const GOALS: FieldsBlock = {
  kind: 'fields',
  rows: [
    [
      {
        key: 'annualGoal',
        label: '预期目标',
        spellings: ['年度预期目标'],
        labelSpan: 2,
        span: 7,
        format: 'text',
        lines: 2,
      },
    ],
    [
      {
        key: 'annualOutcome',
        label: '实际完成情况',
        spellings: ['年度目标实际完成情况', '目标实际完成情况'],
        labelSpan: 2,
        span: 7,
        format: 'text',
        lines: 2,
      },
    ],
  ],
};

export const SELF_EVALUATION: FormLayout = {
  id: 'self-evaluation',
  titles: ['部门整体绩效自评表', '部门整体支出绩效自评表', '单位整体绩效自评表', '单位整体支出绩效自评表'],
  sheetName: '绩效自评表',
  widths: [11, 14, 20, 27, 14, 14, 10, 10, 30],
  orientation: 'landscape',
  headingsOf: 'indicators',
  blocks: [
    {
      kind: 'fields',
      rows: [
        [
          {
            key: 'unitName',
            label: '单位名称',
            spellings: ['部门名称', '单位（部门）名称', '部门（单位）名称'],
            labelSpan: 2,
            span: 4,
            format: 'text',
            required: true,
          },
          { key: 'grade', label: '自评等级', spellings: ['自评等次'], labelSpan: 2, span: 1, format: 'text' },
        ],
      ],
    },
    {
      kind: 'table',
      key: 'funds',
      sides: [{ label: '年度资金（{unit}）', spellings: ['项目资金（{unit}）', '部门整体资金（{unit}）'], span: 2 }],
      columns: fundsColumns({}),
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
        { key: 'keyWork', label: '重点工作', span: 1, format: 'text', down: true, optional: true },
        { key: 'level3', label: '三级指标', span: 1, format: 'text', required: true, align: 'left' },
        { key: 'annual', label: '年度指标值', spellings: ['全年指标值'], span: 1, format: 'value', required: true },
        { key: 'actual', label: '实际完成值', spellings: ['全年实际完成值', '全年完成值'], span: 1, format: 'value' },
        { key: 'points', label: '分值', span: 1, format: 'points', required: true },
        { key: 'score', label: '得分', span: 1, format: 'points', dash: '—' },
        CAUSE_COLUMN,
      ],
      fixed: [],
      repeats: true,
      closing: { label: '总分', spellings: ['合计', '总计'], fields: { points: 'possible', score: 'total' } },
    },
  ],
};

export function selfEvaluationContent(form: SelfEvaluationForm): FormContent {
  const { unitName, year, annualGoal, annualOutcome, possible, total, grade } = form;
  return {
    title: SELF_EVALUATION.titles[0] ?? '',
    year,
    fields: {
      unitName,
      grade,
      ...(annualGoal !== undefined && { annualGoal }),
      ...(annualOutcome !== undefined && { annualOutcome }),
      possible,
      total,
    },
    tables: { funds: form.funds.map(fundsRow), indicators: form.indicators.map(indicatorRow) },
  };
}

const fundsRow = ({ row, original, current, executed, rate, points, score }: EvaluatedFunds): Row => ({
  row,
  original,
  current,
  executed,
  ...(points !== undefined && { points }),
  ...(rate !== null && { rate }),
  ...(score !== undefined && { score }),
});

const indicatorRow = (given: EvaluatedIndicator): Row => {
  const { level1, level2, keyWork, level3, annual, actual, points, score, cause, improvement } = given;
  const text = causeText(cause, improvement);
  return {
    level1,
    level2,
    ...(keyWork !== undefined && { keyWork }),
    level3,
    annual,
    ...(actual !== null && { actual }),
    points,
    ...(score !== null && { score }),
    ...(text !== undefined && { cause: text }),
  };
};

const IMPROVEMENT = '改进措施：';

/** Cause and improvement are two paragraphs of one cell. */
export function causeText(cause: string | undefined, improvement: string | undefined): string | undefined {
  if (improvement === undefined) return cause;
  return cause === undefined ? `${IMPROVEMENT}${improvement}` : `${cause}\n${IMPROVEMENT}${improvement}`;
}

/** The other way; a text without the heading is the cause. */
export function causeParts(text: string | undefined): { readonly cause?: string; readonly improvement?: string } {
  const [, cause, improvement] = /^([\s\S]*?)(?:\s*改进措施[：:]\s*([\s\S]*))?$/u.exec(text ?? '') ?? [];
  return { ...(cause && { cause }), ...(improvement && { improvement }) };
}
