/**
 * The performance table of the invented unit in 2024: targets approved late, changed with the budget in summer, a result that
 * was read wrongly, one entered for the wrong indicator, and a base fact counted twice.
 */
import { civilDate } from '#domain/calendar.js';
import type { Evidence, Indicator, ResultValue } from '#domain/performance/events.js';
import { DEFAULT_THRESHOLDS } from '#domain/scoring/lights.js';
import { inTargets, type Entry } from './bookkeeper.js';
import { INVENTED } from './units.js';

const YEAR = 2024;
const write = inTargets(INVENTED, YEAR);
const APPROVED = civilDate('2024-03-15');
const SUMMER = civilDate('2024-08-01');
const HALF = civilDate('2024-06-30');
const CHECKLIST = ['制度已制定', '内容合法、合规、完整', '制度得到有效执行'];
const SEEN: readonly Evidence[] = [{ title: '业务统计表（示例）' }];

const execution: Indicator = {
  indicator: 'I01',
  block: 1,
  level1: '过程',
  level2: '预算执行',
  level3: '预算执行率',
  kind: 'RATIO',
  comparator: '>=',
  half: { text: '≥45%', value: '45' },
  annual: { text: '≥95%', value: '95' },
  decimals: 0,
  unit: '%',
  checkpointBasis: 'FULL_YEAR',
  metric: 'execution-rate',
  scope: { funds: 'all', expenditure: 'all' },
  scopeBasis: 'stated',
};
const rules: Indicator = {
  indicator: 'I02',
  block: 1,
  level1: '过程',
  level2: '预算管理',
  level3: '预算管理制度健全性',
  kind: 'QUALITATIVE',
  comparator: 'word',
  half: { text: '健全' },
  annual: { text: '健全' },
  decimals: 0,
  unit: '',
  checkpointBasis: 'POINT_IN_TIME',
  checklist: CHECKLIST,
};
const surveys: Indicator = {
  indicator: 'I03',
  block: 2,
  level1: '履职',
  level2: '专项业务',
  keyWork: '专项调研',
  level3: '专项调研次数',
  kind: 'FLOW_CUMULATIVE',
  comparator: '=',
  half: { text: '＝4次', value: '4' },
  annual: { text: '＝10次', value: '10' },
  decimals: 0,
  unit: '次',
  checkpointBasis: 'FULL_YEAR',
};
const devices: Indicator = {
  ...surveys,
  indicator: 'I04',
  keyWork: '信息系统运维',
  level3: '在用终端数量',
  kind: 'STOCK_LEVEL',
  half: { text: '＝120台', value: '120' },
  annual: { text: '＝120台', value: '120' },
  unit: '台',
  checkpointBasis: 'POINT_IN_TIME',
  tolerance: '2',
};
const reports: Indicator = {
  ...surveys,
  indicator: 'I05',
  keyWork: '专项调研',
  level3: '专项调研报告数量',
  half: { text: '＝2份', value: '2' },
  annual: { text: '＝5份', value: '5' },
  unit: '份',
};
const drills: Indicator = {
  ...surveys,
  indicator: 'I06',
  keyWork: '应急演练',
  level3: '应急演练次数',
  half: { text: '＝0次', value: '0' },
  annual: { text: '＝2次', value: '2' },
};

export function inventedTargets(): Entry[] {
  return [
    write('2024-04-15T10:02:41.330', {
      type: 'ApproveTargets',
      effectiveDate: APPROVED,
      indicators: [execution, rules, surveys, devices, reports],
      document: { number: '示例〔2024〕12号', date: APPROVED },
    }),
    ...recorded(),
    write('2024-08-05T15:20:18.904', {
      type: 'ReviseTargets',
      effectiveDate: SUMMER,
      reason: '预算调整后同步调整绩效目标（示例）',
      document: { number: '示例〔2024〕31号', date: SUMMER },
      revise: [{ ...surveys, annual: { text: '＝8次', value: '8' } }],
      add: [{ indicator: drills, after: 'I03' }],
      withdraw: ['I05'],
    }),
    write('2024-08-05T15:31:40.276', {
      type: 'SetThresholds',
      effectiveDate: SUMMER,
      thresholds: { ...DEFAULT_THRESHOLDS, version: 2, work: { redBelow: '70', yellowBelow: '90', blueFrom: '120' } },
      reason: '主管部门要求从严监控（示例）',
    }),
  ];
}

/** Half-year results and facts, with what was corrected and taken back. */
function recorded(): Entry[] {
  const found: readonly (readonly [string, ResultValue])[] = [
    ['I02', { points: CHECKLIST.map((point, index) => ({ point, met: index < 2 })) }],
    ['I03', { value: '5' }],
    ['I04', { value: '119' }],
    ['I05', { value: '2' }],
  ];
  const results = found.map(([indicator, result]) => ({
    effectiveDate: HALF,
    resultId: `JG${YEAR}-06-${indicator}`,
    indicator,
    result,
    evidence: SEEN,
  }));
  return [
    write('2024-07-08T09:40:12.118', { type: 'RecordResults', checkpoint: 'half', results }),
    write('2024-07-09T11:05:37.650', {
      type: 'CorrectResult',
      resultId: `JG${YEAR}-06-I03`,
      result: { value: '4' },
      evidence: SEEN,
      reason: '一次调研在7月进行，多计（示例）',
    }),
    write('2024-07-09T11:12:02.481', {
      type: 'WithdrawResult',
      resultId: `JG${YEAR}-06-I05`,
      reason: '报告尚未定稿（示例）',
    }),
    write('2024-07-09T14:30:55.009', {
      type: 'RecordBaseFacts',
      checkpoint: 'half',
      facts: [
        { effectiveDate: HALF, factId: 'JC2024-06-1', fact: 'establishment', value: '20', evidence: SEEN },
        { effectiveDate: HALF, factId: 'JC2024-06-2', fact: 'staff-in-post', value: '20', evidence: SEEN },
        { effectiveDate: HALF, factId: 'JC2024-06-3', fact: 'projects-required', value: '4', evidence: SEEN },
      ],
    }),
    write('2024-07-10T09:15:26.774', {
      type: 'CorrectBaseFact',
      factId: 'JC2024-06-2',
      value: '19',
      reason: '一人已于6月调出（示例）',
    }),
    write('2024-07-10T09:18:51.402', {
      type: 'WithdrawBaseFact',
      factId: 'JC2024-06-3',
      reason: '统计口径未定（示例）',
    }),
  ];
}
