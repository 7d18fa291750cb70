/** 部门整体绩效运行监控表: budget progress and goals at a stage of the year. Source: rule book 3.1, 财预〔2019〕136号 (default layout). */
import { FUND_WORDS } from '#domain/budget/words.js';
import type { DeviationCause, Likelihood } from '#domain/performance/events.js';
import type { MonitoredFunds, MonitoredIndicator, MonitoringForm } from '#domain/performance/monitoring-form.js';
import type { FormColumn, FormContent, FormLayout, Row } from '#forms/layout.js';

export const CAUSES = {
  funding: '经费保障',
  system: '制度保障',
  staff: '人员保障',
  hardware: '硬件条件保障',
  other: '其他',
} as const satisfies Record<DeviationCause, string>;

export const LIKELIHOODS = {
  certain: '确定能',
  possible: '有可能',
  impossible: '完全不可能',
} as const satisfies Record<Likelihood, string>;

export const causeKey = (cause: string): string => `cause-${cause}`;
export const likelihoodKey = (likelihood: string): string => `likelihood-${likelihood}`;

const heading = (key: string, label: string): FormColumn => ({ key, label, span: 1, format: 'text', down: true });
const value = (key: string, label: string, rest: Partial<FormColumn> = {}): FormColumn => ({
  key,
  label,
  span: 1,
  format: 'value',
  ...rest,
});
const money = (key: string, label: string, span: number, rest: Partial<FormColumn> = {}): FormColumn => ({
  key,
  label,
  span,
  format: 'amount',
  ...rest,
});
const ticks = (words: Readonly<Record<string, string>>, keyOf: (key: string) => string, group: string): FormColumn[] =>
  Object.entries(words).map(([key, label]) => ({ key: keyOf(key), label, group, span: 1, format: 'tick' }));

export const MONITORING: FormLayout = {
  id: 'monitoring',
  titles: ['部门整体绩效运行监控表', '部门整体支出绩效运行监控表', '部门整体绩效目标执行监控表', '绩效运行监控表'],
  sheetName: '绩效运行监控表',
  widths: [8, 11, 15, 22, 9, 9, 10, 10, 6, 6, 6, 7, 5, 17, 6, 6, 7, 12],
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
            span: 6,
            format: 'text',
            required: true,
          },
          {
            key: 'stage',
            label: '监控期间',
            spellings: ['监控时段', '监控阶段'],
            labelSpan: 5,
            span: 5,
            format: 'stage',
            required: true,
          },
        ],
      ],
    },
    {
      kind: 'table',
      key: 'funds',
      sides: [{ label: '资金情况（{unit}）', spellings: ['预算执行情况（{unit}）'], span: 2 }],
      columns: [
        {
          key: 'row',
          label: '资金性质',
          spellings: ['资金来源', '项目'],
          span: 2,
          format: 'text',
          required: true,
          align: 'left',
        },
        money('original', '年初预算数', 2, { required: true }),
        money('current', '调整后预算数', 2, { required: true }),
        money('executed', '1-{stage}月执行数', 5, { required: true }),
        { key: 'rate', label: '1-{stage}月执行率', spellings: ['执行率'], span: 1, format: 'percent', dash: '—' },
        money('forecast', '全年预计执行数', 4, { dash: '—' }),
      ],
      fixed: [],
      repeats: true,
    },
    {
      kind: 'fields',
      rows: [
        [
          {
            key: 'annualGoal',
            label: '年度总体目标',
            spellings: ['年度目标'],
            labelSpan: 2,
            span: 16,
            format: 'text',
            lines: 2,
          },
        ],
      ],
    },
    {
      kind: 'table',
      key: 'indicators',
      sides: [],
      columns: [
        { ...heading('level1', '一级指标'), required: true },
        { ...heading('level2', '二级指标'), required: true },
        { ...heading('keyWork', '重点工作'), optional: true },
        { key: 'level3', label: '三级指标', span: 1, format: 'text', required: true, align: 'left' },
        value('half', '半年指标值', { required: true, optional: true }),
        value('annual', '年度指标值', { required: true, spellings: ['全年指标值'] }),
        value('result', '1-{stage}月执行情况'),
        value('forecast', '全年预计完成情况'),
        ...ticks(CAUSES, causeKey, '偏差原因分析'),
        { key: 'explanation', label: '原因说明', group: '偏差原因分析', span: 1, format: 'text', align: 'left' },
        ...ticks(LIKELIHOODS, likelihoodKey, '完成目标可能性'),
        { key: 'remark', label: '备注', span: 1, format: 'text', align: 'left' },
      ],
      fixed: [],
      repeats: true,
    },
  ],
};

/** The names of the rows of funds as they are printed. */
export const FUND_ROWS: Readonly<Record<string, string>> = {
  total: '年度资金总额',
  ...Object.fromEntries(Object.entries(FUND_WORDS).map(([fund, { zh }]) => [fund, `其中：${zh}`])),
};

export function monitoringContent(form: MonitoringForm): FormContent {
  const { unitName, year, stage, annualGoal } = form;
  return {
    title: MONITORING.titles[0] ?? '',
    year,
    fields: { unitName, stage: String(stage), ...(annualGoal !== undefined && { annualGoal }) },
    tables: { funds: form.funds.map(fundsRow), indicators: form.indicators.map(indicatorRow) },
  };
}

const fundsRow = ({ row, original, current, executed, rate, forecast }: MonitoredFunds): Row => ({
  row: FUND_ROWS[row] ?? row,
  original,
  current,
  executed,
  ...(rate !== null && { rate }),
  ...(forecast !== null && { forecast }),
});

function indicatorRow(given: MonitoredIndicator): Row {
  const { level1, level2, keyWork, level3, half, annual, result, forecast, causes, explanation, likelihood, remark } =
    given;
  return {
    level1,
    level2,
    ...(keyWork !== undefined && { keyWork }),
    level3,
    half,
    annual,
    ...(result !== null && { result }),
    ...(forecast !== null && { forecast }),
    ...Object.fromEntries(causes.map((cause) => [causeKey(cause), 'yes'])),
    ...(explanation !== undefined && { explanation }),
    ...(likelihood !== undefined && { [likelihoodKey(likelihood)]: 'yes' }),
    ...(remark !== undefined && { remark }),
  };
}
