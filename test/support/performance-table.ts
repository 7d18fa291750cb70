/** For specs: a small performance table of T1 and 2024 with one indicator of each kind, as requests. */
import { approvePlan, UNIT_YEAR, type TestSystem } from './system.js';

const row = (indicator: string, level3: string, more: object) => ({
  indicator,
  block: 2,
  level1: '履职',
  level2: '道路建设',
  level3,
  checkpointBasis: 'FULL_YEAR',
  decimals: 0,
  ...more,
});

const number = (half: string, annual: string, unit: string) => ({
  comparator: '=',
  half: { text: `＝${half}${unit}`, value: half },
  annual: { text: `＝${annual}${unit}`, value: annual },
  unit,
});

export const ROADS = row('I01', '完成路段', { kind: 'FLOW_CUMULATIVE', ...number('10', '40', '个') });
export const LAND = row('I02', '管护面积', { kind: 'STOCK_LEVEL', ...number('7000', '7000', '平方米') });
export const SATISFIED = row('I03', '群众满意度', {
  kind: 'RATIO',
  comparator: '>=',
  half: { text: '≥90%', value: '90' },
  annual: { text: '≥90%', value: '90' },
  unit: '%',
});
export const RULES = row('I04', '管理制度健全性', {
  kind: 'QUALITATIVE',
  comparator: 'word',
  half: { text: '健全' },
  annual: { text: '健全' },
  unit: '',
  checklist: ['制度齐全', '有效执行'],
});
export const RATE = row('I05', '预算执行率', {
  block: 1,
  level1: '过程',
  level2: '预算执行',
  kind: 'RATIO',
  ...number('38', '100', '%'),
  metric: 'execution-rate',
  scope: { funds: 'all', expenditure: 'all' },
  scopeBasis: 'stated',
});

export const TABLE = [ROADS, LAND, SATISFIED, RULES, RATE];

export const result = (resultId: string, indicator: string, value: string, more: object = {}) => ({
  resultId,
  effectiveDate: '2024-06-30',
  indicator,
  result: { value },
  evidence: [{ title: '现场核查记录' }],
  ...more,
});

/** A plan with lines P1 and P2, and the table approved beside it. */
export async function approveTable(system: TestSystem, indicators: readonly object[] = TABLE): Promise<void> {
  await approvePlan(system, { P1: '1000.00', P2: '500.00' });
  const body = { effectiveDate: '2024-01-20', indicators };
  const { status, body: answer } = await system.send('PUT', `${UNIT_YEAR}/targets`, body, {
    headers: { 'if-match': '"none"' },
  });
  if (status !== 200) throw new Error(`the table was answered ${status}: ${JSON.stringify(answer)}`);
}
