/** The preview of a close as text for people: what is left of every line, where it would go, and what is worth knowing. */
import { moneyWord, shownAmount } from './amounts.js';
import type { Language } from './labels.js';
import { PLAIN, type Style } from './page.js';
import { paint, printable, table, type Column } from './table.js';

export interface ClosingPreviewBody {
  readonly year: number;
  readonly closure: number;
  readonly nextYear: number;
  readonly lots: readonly {
    readonly line: string;
    readonly name: string;
    readonly originYear: number;
    readonly amount: string;
    readonly class: string;
    readonly reason: string;
    readonly toLine?: string;
    readonly opens?: boolean;
    readonly existing?: string;
    readonly difference?: string;
  }[];
  readonly withdrawn: readonly {
    readonly carryOverId: string;
    readonly line: string;
    readonly originYear: number;
    readonly amount: string;
  }[];
  readonly totals: Readonly<Record<'unspent' | 'carryOver' | 'surplus' | 'existing' | 'difference', string>>;
  readonly warnings: readonly Warning[];
}

interface Warning {
  readonly code: string;
  /** In English. */
  readonly message: string;
  readonly [fact: string]: unknown;
}

type Words = Readonly<Record<Language, string>>;

const HEADINGS: readonly (Words & Pick<Column, 'align'>)[] = [
  { zh: '编号', en: 'Line' },
  { zh: '名称', en: 'Name' },
  { zh: '资金年度', en: 'Origin year' },
  { zh: '未支付', en: 'Unspent', align: 'right' },
  { zh: '类别', en: 'Class' },
  { zh: '原因', en: 'Reason' },
  { zh: '转入下年项目', en: 'To line' },
  { zh: '下年已有', en: 'Existing', align: 'right' },
  { zh: '变动', en: 'Change', align: 'right' },
];

const VALUES: Readonly<Record<string, Words>> = {
  'carry-over': { zh: '结转', en: 'carry-over' },
  surplus: { zh: '结余', en: 'surplus' },
  unspent: { zh: '未用完', en: 'unspent' },
  'two-years': { zh: '连续两年未用完', en: 'unspent for two years' },
  finished: { zh: '项目已完成', en: 'finished' },
  'plan-changed': { zh: '计划已变更', en: 'plan changed' },
};

const NEW_LINE: Words = { zh: '（新设）', en: ' (new)' };

/** Chinese words of warnings; the English ones come with the answer. */
const WARNINGS: Readonly<Record<string, (warning: Warning) => string>> = {
  LINE_OVERDRAWN: ({ line, name, available }) => `${text(line)} ${text(name)} 超支：可用余额 ${text(available)}`,
  PRIOR_YEAR_OPEN: ({ year }) => `${text(year)} 年尚未结账：其结转将在之后转入本年`,
  NEXT_YEAR_CLOSED: ({ year }) => `${text(year)} 年已结账：撤销其结账之前不能转入`,
  NEXT_YEAR_SEALED: ({ year, sealedThrough, bookedOn }) =>
    bookedOn === undefined
      ? `${text(year)} 年全年已封存：解除封存之前不能转入`
      : `${text(year)} 年已封存至 ${text(sealedThrough)}：结转将记在 ${text(bookedOn)}`,
  TARGET_LINE_OPENED: ({ line, toLine }) => `下年没有项目 ${text(toLine)}：将为 ${text(line)} 的结转资金设立`,
  CARRY_OVER_UNMATCHED: ({ carryOverId, line, originYear, amount }) =>
    `下年 ${text(line)} 的结转 ${text(carryOverId)}（${text(originYear)} 年资金 ${text(amount)}）与本次结账无对应`,
};

const text = (fact: unknown): string => (typeof fact === 'string' ? fact : JSON.stringify(fact ?? ''));

export function renderClosingPreview(body: ClosingPreviewBody, style: Style = PLAIN): string {
  const { language, moneyUnit, colours } = style;
  const zh = language === 'zh';
  const { year, nextYear, closure, totals } = body;
  const title = zh
    ? `${year} 年结账预览（第 ${closure} 次），结转至 ${nextYear} 年，${moneyWord(moneyUnit, language)}`
    : `Preview of the close of ${year} (closure ${closure}), carried over into ${nextYear}, ${moneyWord(moneyUnit, language)}`;
  const amount = (yuan: string | undefined) => (yuan === undefined ? '' : shownAmount(yuan, moneyUnit));
  const word = (code: string) => VALUES[code]?.[language] ?? code;
  const columns = HEADINGS.map(({ align, ...words }): Column => ({
    heading: words[language],
    ...(align && { align }),
  }));
  const rows = body.lots.map((lot) => [
    lot.line,
    lot.name,
    String(lot.originYear),
    amount(lot.amount),
    word(lot.class),
    word(lot.reason),
    `${lot.toLine ?? ''}${lot.opens ? NEW_LINE[language] : ''}`,
    amount(lot.existing),
    amount(lot.difference),
  ]);
  const gone = body.withdrawn.map(({ carryOverId, line, originYear, amount: yuan }) => [
    ...['', carryOverId, String(originYear), '', '', zh ? '不再结转' : 'no longer carried', line],
    amount(yuan),
    amount(`-${yuan}`),
  ]);
  const foot = [
    zh ? '合计' : 'Total',
    '',
    '',
    amount(totals.unspent),
    '',
    '',
    '',
    amount(totals.existing),
    amount(totals.difference),
  ];
  const sums = zh
    ? `结转 ${amount(totals.carryOver)}，结余 ${amount(totals.surplus)}`
    : `Carry-over ${amount(totals.carryOver)}, surplus ${amount(totals.surplus)}`;
  const warnings = body.warnings.map((warning) => {
    const words = zh ? (WARNINGS[warning.code]?.(warning) ?? warning.message) : warning.message;
    const line = printable(`! ${words}`);
    return colours ? paint({ text: line, tone: 'bad' }) : line;
  });
  return [title, '', table(columns, [...rows, ...gone], { foot, colours }).trimEnd(), sums, ...warnings, ''].join('\n');
}
