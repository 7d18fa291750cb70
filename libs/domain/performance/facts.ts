/**
 * Base facts 基础数据 that the computed indicators of rule book 2.2 rest on: what they are called, their unit, and whether they
 * are a level at a date or count from 1 January.
 */
import type { Words } from '#domain/sentence.js';

export type FactKind =
  | 'establishment'
  | 'staff-in-post'
  | 'fixed-assets'
  | 'fixed-assets-in-use'
  | 'procurement-budget'
  | 'procurement-planned'
  | 'procurement-contracted'
  | 'procurement-paid'
  | 'non-tax-budget'
  | 'non-tax-planned'
  | 'non-tax-collected'
  | 'non-tax-refunded'
  | 'project-money-required'
  | 'project-money-covered'
  | 'projects-required'
  | 'projects-covered'
  | 'organisation-tasks-planned'
  | 'organisation-tasks-on-time'
  | 'training-tasks-planned'
  | 'training-tasks-on-time';

export interface FactDefinition {
  readonly name: Words;
  readonly unit: 'person' | 'yuan' | 'project' | 'task';
  readonly kind: 'level' | 'running-total';
}

export const FACTS: Readonly<Record<FactKind, FactDefinition>> = {
  establishment: { name: { zh: '人员编制', en: 'establishment' }, unit: 'person', kind: 'level' },
  'staff-in-post': { name: { zh: '在职人员', en: 'staff in post' }, unit: 'person', kind: 'level' },
  'fixed-assets': { name: { zh: '固定资产原值', en: 'fixed assets, original value' }, unit: 'yuan', kind: 'level' },
  'fixed-assets-in-use': { name: { zh: '在用固定资产原值', en: 'fixed assets in use' }, unit: 'yuan', kind: 'level' },
  'procurement-budget': { name: { zh: '政府采购预算', en: 'procurement budget' }, unit: 'yuan', kind: 'level' },
  'procurement-planned': {
    name: { zh: '政府采购计划数', en: 'procurement planned to date' },
    unit: 'yuan',
    kind: 'running-total',
  },
  'procurement-contracted': {
    name: { zh: '政府采购合同金额', en: 'procurement contracted' },
    unit: 'yuan',
    kind: 'running-total',
  },
  'procurement-paid': {
    name: { zh: '政府采购支付金额', en: 'procurement paid' },
    unit: 'yuan',
    kind: 'running-total',
  },
  'non-tax-budget': { name: { zh: '非税收入预算', en: 'non-tax revenue budget' }, unit: 'yuan', kind: 'level' },
  'non-tax-planned': {
    name: { zh: '非税收入计划数', en: 'non-tax revenue planned to date' },
    unit: 'yuan',
    kind: 'running-total',
  },
  'non-tax-collected': {
    name: { zh: '非税收入上缴数', en: 'non-tax revenue paid in' },
    unit: 'yuan',
    kind: 'running-total',
  },
  'non-tax-refunded': {
    name: { zh: '非税收入退付数', en: 'non-tax revenue refunded' },
    unit: 'yuan',
    kind: 'running-total',
  },
  'project-money-required': {
    name: { zh: '应纳入绩效管理的项目资金', en: 'project money that must be under performance management' },
    unit: 'yuan',
    kind: 'level',
  },
  'project-money-covered': {
    name: { zh: '已纳入绩效管理的项目资金', en: 'project money under performance management' },
    unit: 'yuan',
    kind: 'level',
  },
  'projects-required': {
    name: { zh: '应纳入绩效管理的项目数', en: 'projects that must be under performance management' },
    unit: 'project',
    kind: 'level',
  },
  'projects-covered': {
    name: { zh: '已纳入绩效管理的项目数', en: 'projects under performance management' },
    unit: 'project',
    kind: 'level',
  },
  'organisation-tasks-planned': {
    name: { zh: '组织建设计划任务数', en: 'organisation tasks planned to date' },
    unit: 'task',
    kind: 'running-total',
  },
  'organisation-tasks-on-time': {
    name: { zh: '组织建设按时完成任务数', en: 'organisation tasks done on time' },
    unit: 'task',
    kind: 'running-total',
  },
  'training-tasks-planned': {
    name: { zh: '学习培训计划任务数', en: 'training tasks planned to date' },
    unit: 'task',
    kind: 'running-total',
  },
  'training-tasks-on-time': {
    name: { zh: '学习培训按时完成任务数', en: 'training tasks done on time' },
    unit: 'task',
    kind: 'running-total',
  },
};

export const FACT_KINDS = Object.keys(FACTS) as readonly FactKind[];

/** Facts that are part of another: never above it on the same date. Staff in post may be above the establishment. */
export const PARTS: Readonly<Partial<Record<FactKind, FactKind>>> = {
  'fixed-assets-in-use': 'fixed-assets',
  'project-money-covered': 'project-money-required',
  'projects-covered': 'projects-required',
  'organisation-tasks-on-time': 'organisation-tasks-planned',
  'training-tasks-on-time': 'training-tasks-planned',
};
