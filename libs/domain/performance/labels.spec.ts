import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { civilDate } from '#domain/calendar.js';
import { PERFORMANCE_EVENT_VERSIONS, type Indicator, type PerformanceEvent } from '#domain/performance/events.js';
import { printed } from '#domain/performance/indicator.fixture.js';
import { performanceSentence } from '#domain/performance/labels.js';

/** The stored sample of each type, told in both languages. */
const TOLD: readonly (readonly [type: PerformanceEvent['type'], zh: string, en: string])[] = [
  [
    'TargetsApproved',
    '2024-01-20 批准绩效目标 3 项（定量 2 项，定性 1 项），批准日期为假定，文号 样本〔2024〕1号《关于批复绩效目标的通知》（2024-01-20）。',
    '2024-01-20 3 targets approved (2 quantitative, 1 qualitative), the date of approval is assumed, document 样本〔2024〕1号 “关于批复绩效目标的通知” of 2024-01-20.',
  ],
  [
    'TargetRevised',
    '2024-07-05 调整指标 I03 完工道路数 的目标：半年 ≥10条，全年 ≥25条 → ≥20条，文号 样本〔2024〕18号《关于调整绩效目标的通知》（2024-07-05），原因：追减工程预算。',
    '2024-07-05 Target of I03 完工道路数 revised: half-year ≥10条, full-year ≥25条 → ≥20条, document 样本〔2024〕18号 “关于调整绩效目标的通知” of 2024-07-05, because: 追减工程预算.',
  ],
  [
    'IndicatorAdded',
    '2024-07-05 增加指标 I04 惠及居民户数：半年 ≥100户，全年 ≥300户，列于 I03 之后，文号 样本〔2024〕18号《关于调整绩效目标的通知》（2024-07-05），原因：新增民生项目。',
    '2024-07-05 Indicator I04 惠及居民户数 added: half-year ≥100户, full-year ≥300户, behind I03, document 样本〔2024〕18号 “关于调整绩效目标的通知” of 2024-07-05, because: 新增民生项目.',
  ],
  [
    'IndicatorWithdrawn',
    '2024-09-01 取消指标 I04，文号 样本〔2024〕18号《关于调整绩效目标的通知》（2024-07-05），原因：项目停止。',
    '2024-09-01 Indicator I04 withdrawn, document 样本〔2024〕18号 “关于调整绩效目标的通知” of 2024-07-05, because: 项目停止.',
  ],
  [
    'NarrativeStated',
    '2024-01-20 填写 6 段文字：主要职能、机构设置、人员配置、中长期目标、年度目标、年度目标完成情况。',
    '2024-01-20 6 texts stated: duties, organisation, staffing, long-term goal, annual goal, outcome of the annual goal.',
  ],
  [
    'IndicatorLinked',
    '2024-01-20 指标 I03 关联预算项目 P01 征地补偿、P02。',
    '2024-01-20 Indicator I03 linked to P01 征地补偿, P02.',
  ],
  [
    'IndicatorResultRecorded',
    '2024-06-28 登记指标 I03 的结果 4条（R-1，依据：竣工验收单），备注：两条待验收。',
    '2024-06-28 Result of I03 recorded: 4条 (R-1, evidence: 竣工验收单), note: 两条待验收.',
  ],
  [
    'ResultCorrected',
    '2024-06-28 更正结果 R-1 为 5条（依据：竣工验收单），原因：漏计一条。',
    '2024-06-28 Result R-1 corrected to 5条 (evidence: 竣工验收单), because: 漏计一条.',
  ],
  [
    'ResultWithdrawn',
    '2024-06-28 撤回结果 R-1，原因：指标录错。',
    '2024-06-28 Result R-1 withdrawn, because: 指标录错.',
  ],
  [
    'BaseFactRecorded',
    '2024-06-30 登记基础数据 在职人员 34 人（F-1，依据：竣工验收单）。',
    '2024-06-30 Base fact recorded: staff in post 34 persons (F-1, evidence: 竣工验收单).',
  ],
  [
    'BaseFactCorrected',
    '2024-06-30 更正基础数据 F-1 为 33，原因：一人已调出。',
    '2024-06-30 Base fact F-1 corrected to 33, because: 一人已调出.',
  ],
  [
    'BaseFactWithdrawn',
    '2024-06-30 撤回基础数据 F-1，原因：重复登记。',
    '2024-06-30 Base fact F-1 withdrawn, because: 重复登记.',
  ],
  [
    'ThresholdsSet',
    '2024-06-01 设定预警阈值第 2 版：工作 < 50 % ■, < 75 % ▲, ≥ 120 % ◆，资金 < 60 % ■, < 80 % ▲，原因：按主管部门要求。',
    '2024-06-01 Light thresholds set, version 2: work < 50 % ■, < 75 % ▲, ≥ 120 % ◆, money < 60 % ■, < 80 % ▲, because: 按主管部门要求.',
  ],
  [
    'ScoringProfileChosen',
    '2024-12-31 选用评分规则 部门整体绩效自评（权重由单位设定）（whole-department 第 1 版），原因：按部门整体自评口径。',
    '2024-12-31 Scoring profile chosen: Whole department, weights set by the unit (whole-department, version 1), because: 按部门整体自评口径.',
  ],
  [
    'DeviationExplained',
    '2024-07-08 说明 1 至 6 月监控中的指标 I03：全年预计 20，偏差原因 经费保障、其他，征地补偿款到位较晚，完成可能性 有可能，备注 三季度加快进度。',
    '2024-07-08 I03 explained for the monitoring of months 1 to 6: forecast 20, cause funding, other, 征地补偿款到位较晚, goal reachable: possible, remark 三季度加快进度.',
  ],
  [
    'MonitoringSubmitted',
    '2024-07-10 提交 1 至 6 月绩效运行监控表（第 1 次）：总体 红灯，严重偏差（■ 1，● 1，○ 1）。',
    '2024-07-10 Monitoring form of months 1 to 6 submitted (submission 1): overall red: far off (■ 1, ● 1, ○ 1).',
  ],
  [
    'MonitoringWithdrawn',
    '2024-07-12 撤回 1 至 6 月绩效运行监控表（第 1 次提交），原因：结果有误。',
    '2024-07-12 Monitoring form of months 1 to 6 withdrawn (submission 1), because: 结果有误.',
  ],
  [
    'RectificationOpened',
    '2024-07-15 要求整改 ZG-1（涉及 I03、P01 征地补偿）：加快道路工程进度，期限 2024-09-30，文号 样本〔2024〕18号《关于调整绩效目标的通知》（2024-07-05）。',
    '2024-07-15 Rectification ZG-1 required (about I03, P01 征地补偿): 加快道路工程进度, due 2024-09-30, document 样本〔2024〕18号 “关于调整绩效目标的通知” of 2024-07-05.',
  ],
  [
    'RectificationClosed',
    '2024-09-20 整改 ZG-1 办结（已完成，依据：竣工验收单）：增加施工班组。',
    '2024-09-20 Rectification ZG-1 closed (done, evidence: 竣工验收单): 增加施工班组.',
  ],
  [
    'IndicatorAssessed',
    '2025-01-20 自评指标 I02：部分达成并具有一定效果，得分 2.00，偏差原因 两项制度未修订，改进措施 上半年完成修订。',
    '2025-01-20 I02 assessed: partly reached, with some effect, score 2.00, cause 两项制度未修订, improvement 上半年完成修订.',
  ],
  [
    'SelfEvaluationSubmitted',
    '2025-02-10 提交绩效自评表（第 1 次）：3 项指标，得分 21.66 / 23.00，等级 优。',
    '2025-02-10 Self-evaluation submitted (submission 1): 3 indicators, score 21.66 of 23.00, grade 优.',
  ],
  [
    'SelfEvaluationWithdrawn',
    '2025-02-12 撤回绩效自评表（第 1 次提交），原因：评分有误。',
    '2025-02-12 Self-evaluation withdrawn (submission 1), because: 评分有误.',
  ],
];

const SAMPLES = new URL('../../../test/contract/events/', import.meta.url);

function sample(type: PerformanceEvent['type']): PerformanceEvent {
  const file = new URL(`${type}.v${PERFORMANCE_EVENT_VERSIONS[type]}.json`, SAMPLES);
  const { effectiveDate, data } = JSON.parse(readFileSync(file, 'utf8')) as PerformanceEvent;
  return { type, effectiveDate, data } as PerformanceEvent;
}

const lineName = (line: string) => (line === 'P01' ? '征地补偿' : undefined);
const quantitative = { indicator: 'I01', comparator: '=' } as Indicator;
const word = { indicator: 'I02', comparator: 'word' } as Indicator;

describe('events of the performance table as sentences', () => {
  it.each(TOLD)('%s', (type, zh, en) => {
    expect(performanceSentence(sample(type), { language: 'zh', lineName })).toBe(zh);
    expect(performanceSentence(sample(type), { language: 'en', lineName })).toBe(en);
  });

  it('are told of every type', () => {
    expect(TOLD.map(([type]) => type).sort()).toEqual(Object.keys(PERFORMANCE_EVENT_VERSIONS).sort());
  });

  it('count the targets of both kinds', () => {
    const event = {
      type: 'TargetsApproved',
      effectiveDate: civilDate('2024-01-01'),
      data: { indicators: [quantitative, quantitative, word] },
    } as const;
    expect(performanceSentence(event, { language: 'zh' })).toBe(
      '2024-01-01 批准绩效目标 3 项（定量 2 项，定性 1 项）。',
    );
  });

  it('count the points of a checklist that are met, and leave out what is not said', () => {
    const points = [
      { point: '已制定', met: true },
      { point: '已执行', met: false },
    ];
    const event = {
      type: 'IndicatorResultRecorded',
      effectiveDate: civilDate('2024-06-30'),
      data: { resultId: 'R1', indicator: 'I02', result: { points }, evidence: [] },
    } as const;
    expect(performanceSentence(event, { language: 'zh' })).toBe(
      '2024-06-30 登记指标 I02 的结果 2 个要点中符合 1 个（R1）。',
    );
    expect(performanceSentence(event, { language: 'en' })).toBe(
      '2024-06-30 Result of I02 recorded: 1 of 2 points met (R1).',
    );
  });

  it.each([
    ['is the first', { after: null }, '，列于首位', ', as the first'],
    ['is the last', {}, '', ''],
  ])('say when an added indicator %s', (_what, place, zh, en) => {
    const event = {
      type: 'IndicatorAdded',
      effectiveDate: civilDate('2024-07-05'),
      data: { indicator: printed('桥 flow ＝1座 ＝2座'), ...place, reason: '增加' },
    } as const;
    expect(performanceSentence(event, { language: 'zh' })).toMatch(new RegExp(`，全年 [^，]*${zh}，原因：增加。$`));
    expect(performanceSentence(event, { language: 'en' })).toMatch(
      new RegExp(`, full-year [^,]*${en}, because: 增加.$`),
    );
  });

  it('say when an indicator does the work of no line any more', () => {
    const event = {
      type: 'IndicatorLinked',
      effectiveDate: civilDate('2024-06-30'),
      data: { indicator: 'I03', lines: [] },
    } as const;
    expect(performanceSentence(event, { language: 'zh' })).toBe('2024-06-30 取消指标 I03 与预算项目的关联。');
    expect(performanceSentence(event, { language: 'en' })).toBe('2024-06-30 Indicator I03 linked to no line.');
  });
});
