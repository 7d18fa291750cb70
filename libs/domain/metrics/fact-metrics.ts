/** The indicators that base facts compute (rule book 2.2), in the order in which reports list them. Registered views stand behind theirs. */
import { lastDayOf } from '#domain/calendar.js';
import { type FactMetric, type FactPicture, factShare } from '#domain/metrics/fact-metric.js';
import { FRAMEWORK_DATE } from '#domain/metrics/metric.js';
import type { FactKind } from '#domain/performance/facts.js';

const FRAMEWORK = '财预〔2013〕53号';

/** On 31 December the plan to date is the year's: without a plan the budget stands for it. */
const atYearEnd = ({ year, asOf }: FactPicture, budget: FactKind): FactKind | undefined =>
  asOf === lastDayOf(year) ? budget : undefined;

/** Contract value of the year's procurement ÷ what was planned by then. Savings make it fall under 100 %. */
export const procurementExecution = {
  id: 'procurement-execution',
  version: 1,
  name: { zh: '政府采购执行率', en: 'Procurement execution rate' },
  formula: 'contracted / planned to date; on 31 December without a plan: contracted / procurement budget',
  source: `${FRAMEWORK} 政府采购执行率, default definition (rule book 1.6, 2.2; 13, 6)`,
  parameters: { numerator: 'contract value', denominator: 'planned to date' },
  validFrom: FRAMEWORK_DATE,
  checkpointBasis: 'PLAN_TO_DATE',
  checkpoints: {
    half: 'contracted by 30 June over what was planned by then',
    annual: 'contracted in the year over the plan',
  },
  facts: ['procurement-contracted', 'procurement-planned', 'procurement-budget'],
  compute: (picture) =>
    factShare(picture, {
      part: 'procurement-contracted',
      whole: 'procurement-planned',
      orWhole: atYearEnd(picture, 'procurement-budget'),
    }),
} as const satisfies FactMetric;

export const procurementExecutionPaid = {
  ...procurementExecution,
  id: 'procurement-execution-paid',
  name: { zh: '政府采购执行率（支付口径）', en: 'Procurement execution rate, paid' },
  formula: 'paid / planned to date; on 31 December without a plan: paid / procurement budget',
  source: 'variant of 政府采购执行率 with what was paid (rule book 2.2; 13, 6)',
  parameters: { numerator: 'paid', denominator: 'planned to date' },
  checkpoints: { half: 'paid by 30 June over what was planned by then', annual: 'paid in the year over the plan' },
  viewOf: 'procurement-execution',
  facts: ['procurement-paid', 'procurement-planned', 'procurement-budget'],
  compute: (picture) =>
    factShare(picture, {
      part: 'procurement-paid',
      whole: 'procurement-planned',
      orWhole: atYearEnd(picture, 'procurement-budget'),
    }),
} as const satisfies FactMetric;

/** Non-tax revenue paid in, net of refunds, ÷ what was planned by then. Without a recorded refund there was none. */
export const nonTaxCompletion = {
  id: 'non-tax-completion',
  version: 1,
  name: { zh: '非税收入预算完成率', en: 'Non-tax revenue completion rate' },
  formula: '(paid in − refunded) / planned to date; on 31 December without a plan: / non-tax budget',
  source: 'our definition by name, not in the reference framework (rule book 1.6, 2.2, 5.5)',
  parameters: { numerator: 'paid in, net of refunds', denominator: 'planned to date' },
  validFrom: FRAMEWORK_DATE,
  checkpointBasis: 'PLAN_TO_DATE',
  checkpoints: {
    half: 'paid in by 30 June over what was planned by then',
    annual: 'paid in in the year over its budget',
  },
  facts: ['non-tax-collected', 'non-tax-refunded', 'non-tax-planned', 'non-tax-budget'],
  compute: (picture) =>
    factShare(picture, {
      part: 'non-tax-collected',
      less: 'non-tax-refunded',
      whole: 'non-tax-planned',
      orWhole: atYearEnd(picture, 'non-tax-budget'),
    }),
} as const satisfies FactMetric;

/** By original value. */
export const fixedAssetUtilisation = {
  id: 'fixed-asset-utilisation',
  version: 1,
  name: { zh: '固定资产利用率', en: 'Fixed asset utilisation' },
  formula: 'fixed assets in use / all fixed assets',
  source: `${FRAMEWORK} 固定资产利用率, default definition (rule book 2.2)`,
  parameters: { measure: 'original value' },
  validFrom: FRAMEWORK_DATE,
  checkpointBasis: 'POINT_IN_TIME',
  checkpoints: { half: 'as it stood on 30 June', annual: 'as it stood on 31 December' },
  facts: ['fixed-assets-in-use', 'fixed-assets'],
  compute: (picture) => factShare(picture, { part: 'fixed-assets-in-use', whole: 'fixed-assets' }),
} as const satisfies FactMetric;

/** 50 in post on an establishment of 46 are 108.70 %. */
export const staffControl = {
  id: 'staff-control',
  version: 1,
  name: { zh: '在职人员控制率', en: 'Staff control rate' },
  formula: 'staff in post / establishment',
  source: `${FRAMEWORK} 在职人员控制率, default definition (rule book 2.2)`,
  parameters: { numerator: 'staff as in the final accounts', denominator: 'establishment as approved' },
  validFrom: FRAMEWORK_DATE,
  checkpointBasis: 'POINT_IN_TIME',
  checkpoints: { half: 'as it stood on 30 June', annual: 'as it stood on 31 December' },
  facts: ['staff-in-post', 'establishment'],
  compute: (picture) => factShare(picture, { part: 'staff-in-post', whole: 'establishment' }),
} as const satisfies FactMetric;

/** Money of projects with goal, monitoring and evaluation ÷ that of all that must have them. */
export const performanceCoverage = {
  id: 'performance-coverage',
  version: 1,
  name: { zh: '绩效管理覆盖率', en: 'Performance management coverage' },
  formula: 'money of covered projects / money of all projects that must be covered',
  source: 'our definition by name, not in the reference framework (rule book 2.2; 13, 6)',
  parameters: { weighted: 'by money' },
  validFrom: FRAMEWORK_DATE,
  checkpointBasis: 'POINT_IN_TIME',
  checkpoints: { half: 'as it stood on 30 June', annual: 'as it stood on 31 December' },
  facts: ['project-money-covered', 'project-money-required'],
  compute: (picture) => factShare(picture, { part: 'project-money-covered', whole: 'project-money-required' }),
} as const satisfies FactMetric;

export const performanceCoverageCount = {
  ...performanceCoverage,
  id: 'performance-coverage-count',
  name: { zh: '绩效管理覆盖率（项目数口径）', en: 'Performance management coverage, by count' },
  formula: 'covered projects / all projects that must be covered',
  parameters: { weighted: 'by count' },
  viewOf: 'performance-coverage',
  facts: ['projects-covered', 'projects-required'],
  compute: (picture) => factShare(picture, { part: 'projects-covered', whole: 'projects-required' }),
} as const satisfies FactMetric;

const TIMELINESS = {
  version: 1,
  formula: 'tasks done on time / tasks planned by then',
  source: `by name, in the shape of ${FRAMEWORK} 完成及时率, default definition (rule book 2.2)`,
  parameters: { denominator: 'planned to date' },
  validFrom: FRAMEWORK_DATE,
  checkpointBasis: 'PLAN_TO_DATE',
  checkpoints: { half: 'of the tasks planned by 30 June', annual: 'of the tasks planned in the year' },
} as const;

export const organisationTimeliness = {
  ...TIMELINESS,
  id: 'organisation-timeliness',
  name: { zh: '组织建设工作及时完成率', en: 'Organisation tasks done on time' },
  facts: ['organisation-tasks-on-time', 'organisation-tasks-planned'],
  compute: (picture) => factShare(picture, { part: 'organisation-tasks-on-time', whole: 'organisation-tasks-planned' }),
} as const satisfies FactMetric;

export const trainingTimeliness = {
  ...TIMELINESS,
  id: 'training-timeliness',
  name: { zh: '业务学习与培训及时完成率', en: 'Training tasks done on time' },
  facts: ['training-tasks-on-time', 'training-tasks-planned'],
  compute: (picture) => factShare(picture, { part: 'training-tasks-on-time', whole: 'training-tasks-planned' }),
} as const satisfies FactMetric;

const REGISTERED = [
  procurementExecution,
  procurementExecutionPaid,
  nonTaxCompletion,
  fixedAssetUtilisation,
  staffControl,
  performanceCoverage,
  performanceCoverageCount,
  organisationTimeliness,
  trainingTimeliness,
] as const satisfies readonly FactMetric[];

export type FactMetricId = (typeof REGISTERED)[number]['id'];

/** Beside `METRICS`, which seals and rates reports list. */
export const FACT_METRICS: readonly (FactMetric & { readonly id: FactMetricId })[] = REGISTERED;

const byId: ReadonlyMap<string, (typeof FACT_METRICS)[number]> = new Map(
  FACT_METRICS.map((metric) => [metric.id, metric]),
);

/** The formula of that id; `undefined` for an id that is not registered. */
export const factMetricById = (id: string): (typeof FACT_METRICS)[number] | undefined => byId.get(id);
