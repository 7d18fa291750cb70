/** The field's own words for the codes of a performance table, in Chinese and English; the glossary explains them. */
import type { DeviationCause, Grade, Likelihood, RectificationClosed } from '#domain/performance/events.js';
import type { FactDefinition } from '#domain/performance/facts.js';
import type { Words } from '#domain/sentence.js';

/** Rule book 3.1, 偏差原因分析. */
export const CAUSE_WORDS = {
  funding: { zh: '经费保障', en: 'funding' },
  system: { zh: '制度保障', en: 'rules' },
  staff: { zh: '人员保障', en: 'staff' },
  hardware: { zh: '硬件条件保障', en: 'hardware' },
  other: { zh: '其他', en: 'other' },
} as const satisfies Record<DeviationCause, Words>;

/** Rule book 3.1, 完成目标可能性. */
export const LIKELIHOOD_WORDS = {
  certain: { zh: '确定能', en: 'certain' },
  possible: { zh: '有可能', en: 'possible' },
  impossible: { zh: '完全不可能', en: 'impossible' },
} as const satisfies Record<Likelihood, Words>;

/** Rule book 4.3. */
export const GRADE_WORDS = {
  reached: { zh: '达成', en: 'reached' },
  partly: { zh: '部分达成并具有一定效果', en: 'partly reached, with some effect' },
  'not-reached': { zh: '未达成且效果较差', en: 'not reached, little effect' },
} as const satisfies Record<Grade, Words>;

export const CONCLUSION_WORDS = {
  done: { zh: '已完成', en: 'done' },
  partly: { zh: '部分完成', en: 'partly done' },
  'not-done': { zh: '未完成', en: 'not done' },
} as const satisfies Record<RectificationClosed['data']['conclusion'], Words>;

export const FACT_UNIT_WORDS = {
  person: { zh: '人', en: 'persons' },
  yuan: { zh: '元', en: 'yuan' },
  project: { zh: '个', en: 'projects' },
  task: { zh: '项', en: 'tasks' },
} as const satisfies Record<FactDefinition['unit'], Words>;
