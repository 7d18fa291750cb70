/**
 * What the land reserve centre reports of 2024: the monitoring form of the first half with what it says of each deviation, sent
 * again after a result was corrected, a rectification, and the self-evaluation of January, sent again with a better cause.
 */
import { civilDate, type CivilDate } from '#domain/calendar.js';
import type { DeviationCause, Likelihood } from '#domain/performance/events.js';
import { SCORING_PROFILES } from '#domain/scoring/profile.js';
import { openSources } from '#event-store/reports.js';
import { monitoringSubmission, selfEvaluationSubmission, type FormOf } from '../../ledger/submitting.js';
import { inTargets, type Books, type Entry } from './bookkeeper.js';
import { SUZHOU, SUZHOU_NAME, YEAR } from './suzhou-plan.js';

const write = inTargets(SUZHOU, YEAR);
const HALF = civilDate('2024-06-30');
const END = civilDate('2024-12-31');
const STAGE = 6;

// indicator, cause of the deviation, likelihood of reaching the year's target, explanation
const EXPLANATIONS = `
  I08  other     certain   支付进度略低于计划，三季度集中支付工程款
  I09  other     certain   一般公共预算部分维修和培训安排在下半年
  I29  staff     certain   一名工作人员6月调出，招聘已启动
  I34  system    certain   姑苏区两个项目征收决定公告推迟
  I35  system    certain   随征收项目推迟，三季度完成签约
  I37  system    certain   两个项目进度滞后，已调整节点
  I44  hardware  possible  两个地块修复设备进场推迟
  I46  hardware  possible  修复设备进场推迟，治理面积未达进度
  I47  hardware  possible  受设备进场影响，治理进度滞后
  I52  other     certain   部分房源交付手续未办结
  I57  other     certain   第二批房源公告安排在7月
`;

// indicator, grade and score where a person gives them, cause, improvement
const ASSESSMENTS = `
  I08  –             征收项目尾款未到付款节点        按合同节点细化用款计划
  I09  –             部分维修项目跨年结算            提前组织结算审核
  I11  –             工程尾款结转下年支付            加快项目竣工结算
  I14  –             两项采购节约资金                提高采购预算编制精度
  I46  –             修复设备进场推迟，余量明年完成  提前落实设备和场地
  I47  partly 0.60   治理进度基本及时，个别地块滞后  建立地块治理周报制度
  I75  –             年末两宗地块出让款未到账        加强出让款催缴
`;

/** In words of our own: the sample leaves the published prose out. */
const NARRATIVE = {
  duties: '承担市级土地储备的前期开发、管护、供应准备和定销商品房管理（示例）',
  organisation: '内设机构8个（示例）',
  staffing: '人员编制35名，退休人员7名，公益性人员10名（示例）',
  longTermGoal: '保障城市发展用地，提升储备土地质量（示例）',
  annualGoal: '完成年度土地储备、前期开发和定销房管理任务（示例）',
} as const;

export function suzhouReports(): Entry[] {
  return [
    write('2024-01-03T10:40:27.561', {
      type: 'StateNarrative',
      effectiveDate: civilDate('2024-01-01'),
      narrative: NARRATIVE,
    }),
    ...monitoring(),
    ...rectification(),
    ...selfEvaluation(),
  ];
}

function monitoring(): Entry[] {
  return [
    write('2024-07-09T15:10:02.338', {
      type: 'ExplainDeviations',
      effectiveDate: civilDate('2024-07-09'),
      stage: STAGE,
      rows: rowsOf(EXPLANATIONS).map(([indicator = '', cause, likelihood, explanation = '']) => ({
        indicator,
        causes: [cause as DeviationCause],
        likelihood: likelihood as Likelihood,
        explanation: `${explanation}（示例）`,
      })),
    }),
    submitMonitoring('2024-07-10T09:05:45.120', '2024-07-10'),
    write('2024-07-11T16:22:10.754', {
      type: 'CorrectResult',
      resultId: `JG${YEAR}-06-I40`,
      result: { value: '51' },
      evidence: [{ title: '七通一平项目报告目录（示例）' }],
      reason: '一份报告重复登记（示例）',
    }),
    write('2024-07-11T16:25:37.006', {
      type: 'WithdrawMonitoring',
      effectiveDate: civilDate('2024-07-11'),
      stage: STAGE,
      submission: 1,
      reason: '一项结果更正后重新报送（示例）',
    }),
    submitMonitoring('2024-07-12T10:48:19.492', '2024-07-12'),
  ];
}

const rectification = (): Entry[] => [
  write('2024-07-25T14:12:56.833', {
    type: 'OpenRectification',
    effectiveDate: civilDate('2024-07-25'),
    rectificationId: `ZG${YEAR}-001`,
    indicator: 'I46',
    line: 'P19',
    stage: STAGE,
    requirement: '三季度内完成修复设备进场，按月报送治理面积（示例）',
    due: civilDate('2024-09-30'),
    document: { number: '示例〔2024〕45号', date: civilDate('2024-07-24') },
  }),
  write('2024-09-27T11:30:41.275', {
    type: 'CloseRectification',
    effectiveDate: civilDate('2024-09-27'),
    rectificationId: `ZG${YEAR}-001`,
    measures: '修复设备于8月进场，治理面积按周统计（示例）',
    conclusion: 'done',
    evidence: [{ title: '设备进场验收单（示例）' }],
  }),
];

function selfEvaluation(): Entry[] {
  const profile = SCORING_PROFILES.find(({ id }) => id === 'whole-department');
  if (profile === undefined) throw new Error('there is no profile for a whole department');
  const assess = (recorded: string, on: string, rows: readonly (readonly string[])[]): Entry =>
    write(recorded, {
      type: 'AssessIndicators',
      effectiveDate: civilDate(on),
      rows: rows.map(([indicator = '', ...said]) => {
        const [grade = '–'] = said;
        const [score, cause, improvement] = grade === '–' ? [undefined, ...said.slice(1)] : said.slice(1);
        return {
          indicator,
          ...(grade === '–' ? {} : { grade: grade as 'partly', score: score ?? '' }),
          cause: `${cause}（示例）`,
          improvement: `${improvement}（示例）`,
        };
      }),
    });
  const [first = [], ...others] = rowsOf(ASSESSMENTS);
  return [
    write('2025-01-08T09:12:30.441', {
      type: 'StateNarrative',
      effectiveDate: END,
      narrative: { ...NARRATIVE, annualOutcome: '年度任务基本完成，土壤治理面积未达目标（示例）' },
    }),
    write('2025-01-08T09:40:03.918', {
      type: 'ChooseScoringProfile',
      effectiveDate: civilDate('2025-01-08'),
      profile,
      reason: '部门整体支出绩效自评（示例）',
    }),
    assess('2025-01-10T10:31:44.602', '2025-01-10', [first, ...others]),
    submitSelfEvaluation('2025-01-15T09:20:11.087', '2025-01-15'),
    write('2025-01-17T15:02:26.330', {
      type: 'WithdrawSelfEvaluation',
      effectiveDate: civilDate('2025-01-17'),
      submission: 1,
      reason: '原因分析需补充（示例）',
    }),
    assess('2025-01-17T15:20:58.219', '2025-01-17', [
      [...first.slice(0, 2), '三个征收项目尾款未到合同付款节点', ...first.slice(3)],
    ]),
    submitSelfEvaluation('2025-01-20T10:05:39.774', '2025-01-20'),
  ];
}

const submitMonitoring = (recorded: string, on: string): Entry =>
  write(recorded, (books) => monitoringSubmission(formOf(books, HALF), { stage: STAGE, effectiveDate: civilDate(on) }));

const submitSelfEvaluation = (recorded: string, on: string): Entry =>
  write(recorded, (books) => selfEvaluationSubmission(formOf(books, END), { effectiveDate: civilDate(on) }));

/** What the forms are made of, as the books stand when they are sent. */
function formOf({ budget, targets }: Books, asOf: CivilDate): FormOf {
  const { take, sources } = openSources({ unit: SUZHOU, year: YEAR, asOf });
  for (const book of [budget(SUZHOU, YEAR), targets(SUZHOU, YEAR)]) for (const event of book.events) take(event);
  return { unit: SUZHOU, year: YEAR, unitName: SUZHOU_NAME, taken: sources() };
}

const rowsOf = (table: string): readonly (readonly string[])[] =>
  table
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/));
