/** What words in the name of an indicator say about its figures (rule book 1.3). */

/** A quantity of these is a level at a date, whatever its figures do. */
export const LEVEL_WORDS = ['存量', '管护', '后续管理', '在库', '保有'] as const;
/** A quantity of these accumulates over the year. */
export const FLOW_WORDS = ['工程', '项目', '补偿', '建设', '治理', '征拆', '报告', '公告', '实施'] as const;

/** A part of a whole, which is 100 % at most. */
const PART_OF_WHOLE = [
  '合格率',
  '达标率',
  '覆盖率',
  '公开率',
  '安置率',
  '保障率',
  '履约率',
  '利用率',
  '准确率',
  '及时率',
  '知晓率',
  '优良率',
  '到位率',
  '入库率',
  '满意度',
  '满意率',
] as const;
/** Something against a plan or a base, which may be passed. */
const AGAINST_A_BASE = ['控制率', '完成率', '变动率', '增长率', '执行率', '偏差率', '符合率', '达成率'] as const;

const has = (name: string, words: readonly string[]): boolean => words.some((word) => name.includes(word));

/** Whether a percentage of that name is a part of a whole: above 100 it is a mistake (及时完成率 is against a plan, and may). */
export const isPartOfWhole = (name: string): boolean => has(name, PART_OF_WHOLE) && !has(name, AGAINST_A_BASE);

/** Whether the name says that the quantity counts up over the year. */
export const namesFlow = (name: string): boolean => has(name, FLOW_WORDS) && !has(name, LEVEL_WORDS);
