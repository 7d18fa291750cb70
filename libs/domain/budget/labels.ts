/** Events of a budget as sentences; `#domain/sentence.js` adds date, document, reason, lateness and recorder. */
import type { BudgetEvent, CarryOverSource, LineCodes, Payee } from '#domain/budget/events.js';
import { EXPENDITURE_WORDS, FUND_WORDS, INCOME_WORDS, LOT_CLASS_WORDS, REASON_WORDS } from '#domain/budget/words.js';
import { type Fen, ZERO, sum } from '#domain/money.js';
import {
  type Labels,
  type Language,
  type Told,
  type TellingOptions,
  sentenceOf,
  yuanInWords,
} from '#domain/sentence.js';

/** The event in one sentence, in yuan. Throws on an event that has no label. */
export const budgetSentence = (event: Told<BudgetEvent>, options: TellingOptions): string =>
  sentenceOf(BUDGET_LABELS, event, options);

const zh = (amount: Fen): string => yuanInWords(amount, 'zh');
const en = (amount: Fen): string => yuanInWords(amount, 'en');

const BUDGET_LABELS = {
  BudgetApproved: {
    zh: (d) =>
      `批复预算 ${zh(sum([d.basicFen, d.projectFen]))}：基本支出 ${zh(d.basicFen)}，项目支出 ${zh(d.projectFen)}` +
      `${incomePart(d.income, 'zh')}${d.dateAssumed ? '，批复日期为假定' : ''}`,
    en: (d) =>
      `Budget of ${en(sum([d.basicFen, d.projectFen]))} approved: basic ${en(d.basicFen)}, project ${en(d.projectFen)}` +
      `${incomePart(d.income, 'en')}${d.dateAssumed ? ', the date of approval is assumed' : ''}`,
  },
  BudgetApprovalWithdrawn: { zh: () => '撤回预算批复', en: () => 'Approval of the budget withdrawn' },
  BudgetLineOpened: {
    zh: (d) => `设立预算项目 ${d.line} ${d.name}（${identity(d, 'zh')}）`,
    en: (d) => `Line ${d.line} ${d.name} opened (${identity(d, 'en')})`,
  },
  BudgetLineReclassified: {
    zh: (d, line) => `变更 ${line(d.line)} 的科目：${codesPart(d.codes, 'zh') || '不编科目'}`,
    en: (d, line) => `Codes of ${line(d.line)} changed: ${codesPart(d.codes, 'en') || 'no codes'}`,
  },
  BudgetLineApproved: {
    zh: (d) =>
      `批复 ${d.line} ${d.name} 年初预算 ${zh(d.originalFen)}` +
      `${d.halfYearPlanFen === undefined ? '' : `，半年计划执行 ${zh(d.halfYearPlanFen)}`}（${identity(d, 'zh')}）`,
    en: (d) =>
      `${d.line} ${d.name} approved with ${en(d.originalFen)}` +
      `${d.halfYearPlanFen === undefined ? '' : `, ${en(d.halfYearPlanFen)} planned by mid-year`} (${identity(d, 'en')})`,
  },
  CarryOverBroughtForward: {
    zh: (d, line) =>
      `转入 ${d.originYear} 年结转资金 ${zh(d.fen)} 至 ${line(d.line)}（原项目 ${d.originLine}，结转号 ${d.carryOverId}${sourcePart(d.source, 'zh')}）`,
    en: (d, line) =>
      `${en(d.fen)} of ${d.originYear} brought forward to ${line(d.line)} (from line ${d.originLine}, carry-over ${d.carryOverId}${sourcePart(d.source, 'en')})`,
  },
  CarryOverRevised: {
    zh: (d) =>
      d.fromFen === d.toFen
        ? `结转号 ${d.carryOverId} 的结转资金 ${zh(d.toFen)} 与结账相符`
        : `结转号 ${d.carryOverId} 的结转资金由 ${zh(d.fromFen)} 改为 ${zh(d.toFen)}`,
    en: (d) =>
      d.fromFen === d.toFen
        ? `Carry-over ${d.carryOverId} of ${en(d.toFen)} confirmed by the close`
        : `Carry-over ${d.carryOverId} revised from ${en(d.fromFen)} to ${en(d.toFen)}`,
  },
  BudgetAdded: {
    zh: (d, line) => `追加 ${line(d.line)} 预算 ${zh(d.fen)}${paperPart(d, 'zh')}`,
    en: (d, line) => `${en(d.fen)} added to ${line(d.line)}${paperPart(d, 'en')}`,
  },
  BudgetCut: {
    zh: (d, line) => `追减 ${line(d.line)} 预算 ${zh(d.fen)}${paperPart(d, 'zh')}`,
    en: (d, line) => `${en(d.fen)} cut from ${line(d.line)}${paperPart(d, 'en')}`,
  },
  BudgetTransferred: {
    zh: (d, line) =>
      `从 ${line(d.from)} 调剂 ${zh(d.fen)} 至 ${line(d.to)}${paperPart(d, 'zh')}` +
      `${d.structural === false ? '，非结构性' : ''}`,
    en: (d, line) =>
      `${en(d.fen)} transferred from ${line(d.from)} to ${line(d.to)}${paperPart(d, 'en')}` +
      `${d.structural === false ? ', not structural' : ''}`,
  },
  AdjustmentReversed: {
    zh: (d) => `冲销调整 ${d.adjustmentId} 的全部变动`,
    en: (d) => `All movements of adjustment ${d.adjustmentId} taken back`,
  },
  BudgetFrozen: {
    zh: (d, line) => `冻结 ${line(d.line)} 预算 ${zh(d.fen)}（冻结号 ${d.freezeId}）`,
    en: (d, line) => `${en(d.fen)} of ${line(d.line)} frozen (freeze ${d.freezeId})`,
  },
  BudgetReleased: {
    zh: (d, line) => `解冻 ${line(d.line)} 预算 ${zh(d.fen)}（冻结号 ${d.freezeId}）`,
    en: (d, line) => `${en(d.fen)} of ${line(d.line)} released (freeze ${d.freezeId})`,
  },
  PaymentPlanSet: {
    zh: (d, line) =>
      `设定 ${line(d.line)} 用款计划：至 6 月末累计 ${zh(d.cumulativeFen[5] ?? ZERO)}，` +
      `至 12 月末累计 ${zh(d.cumulativeFen[11] ?? ZERO)}`,
    en: (d, line) =>
      `Payment plan of ${line(d.line)} set: ${en(d.cumulativeFen[5] ?? ZERO)} by the end of June, ` +
      `${en(d.cumulativeFen[11] ?? ZERO)} by the end of December`,
  },
  PaymentRequested: {
    zh: (d, line) =>
      `申请支付 ${zh(d.fen)} 给 ${payee(d.payee, 'zh')}（申请 ${d.requestId}${d.contract ? `，合同 ${d.contract}` : ''}），` +
      `用途 ${d.purpose}，列 ${line(d.line)}`,
    en: (d, line) =>
      `${en(d.fen)} requested for ${payee(d.payee, 'en')} (request ${d.requestId}` +
      `${d.contract ? `, contract ${d.contract}` : ''}), purpose ${d.purpose}, on ${line(d.line)}`,
  },
  PaymentRequestCancelled: {
    zh: (d, line) => `取消支付申请 ${d.requestId} 尚未支付的 ${zh(d.fen)}，退回 ${line(d.line)}`,
    en: (d, line) => `Request ${d.requestId} cancelled: its open ${en(d.fen)} are back on ${line(d.line)}`,
  },
  PaymentExecuted: {
    zh: (d, line) =>
      `支付 ${zh(d.fen)} 给 ${payee(d.payee, 'zh')}（凭证 ${d.voucherNo}${d.requestId ? `，申请 ${d.requestId}` : ''}），` +
      `用途 ${d.purpose}，列 ${line(d.line)}` +
      `${d.departmentEconomic ? `，部门经济科目 ${d.departmentEconomic}` : ''}` +
      `${d.originYear === undefined ? '' : `，使用 ${d.originYear} 年资金`}` +
      `${d.overdrawn ? '，记录时超出可用预算' : ''}${d.beforeApproval ? '，发生在预算批复之前' : ''}`,
    en: (d, line) =>
      `${en(d.fen)} paid to ${payee(d.payee, 'en')} (voucher ${d.voucherNo}${d.requestId ? `, request ${d.requestId}` : ''}), ` +
      `purpose ${d.purpose}, on ${line(d.line)}` +
      `${d.departmentEconomic ? `, department economic code ${d.departmentEconomic}` : ''}` +
      `${d.originYear === undefined ? '' : `, from money of ${d.originYear}`}` +
      `${d.overdrawn ? ', above what was available when it was recorded' : ''}` +
      `${d.beforeApproval ? ', before the budget was approved' : ''}`,
  },
  PaymentReturned: {
    zh: (d) =>
      `凭证 ${d.voucherNo} ${RETURN_WORDS[d.kind].zh.name} ${zh(d.fen)}（${RETURN_WORDS[d.kind].zh.by}，退回单 ${d.returnNo}）`,
    en: (d) => `${en(d.fen)} of voucher ${d.voucherNo} returned, ${RETURN_WORDS[d.kind].en} (return ${d.returnNo})`,
  },
  PaymentReturnReversed: {
    zh: (d) => `冲销退回单 ${d.returnNo}`,
    en: (d) => `Return ${d.returnNo} taken back`,
  },
  PaymentReclassified: {
    zh: (d) => `凭证 ${d.voucherNo} 的部门经济科目由 ${d.fromCode || '未编'} 更正为 ${d.toCode || '未编'}`,
    en: (d) =>
      `Department economic code of voucher ${d.voucherNo} corrected from ${d.fromCode || 'none'} to ${d.toCode || 'none'}`,
  },
  PaymentReattributed: {
    zh: (d, line) => `凭证 ${d.voucherNo} 更正列支：${zh(d.fen)} 由 ${line(d.fromLine)} 改列 ${line(d.toLine)}`,
    en: (d, line) =>
      `${en(d.fen)} of voucher ${d.voucherNo} moved from ${line(d.fromLine)} to ${line(d.toLine)}, the right line`,
  },
  PaymentReversed: {
    zh: (d) => `冲销凭证 ${d.voucherNo} 的剩余金额，该号可重新入账`,
    en: (d) => `The rest of voucher ${d.voucherNo} taken back as a booking error; its number may be booked again`,
  },
  PeriodSealed: {
    zh: (d) => `封存 ${d.through} 及以前的期间`,
    en: (d) => `Period through ${d.through} sealed`,
  },
  PeriodReopened: {
    zh: (d) => `解除 ${d.through} 及以前期间的封存`,
    en: (d) => `Period through ${d.through} reopened`,
  },
  YearClosed: {
    zh: (d) => `年度结账（第 ${d.closure} 次）：${closingPart(d.lots, 'zh')}${targetPart(d.lots, 'zh')}`,
    en: (d) => `Year closed (closure ${d.closure}): ${closingPart(d.lots, 'en')}${targetPart(d.lots, 'en')}`,
  },
  YearReopened: {
    zh: (d) => `撤销第 ${d.closure} 次年度结账，其结转结余不再有效`,
    en: (d) => `Year reopened: the carry-over and surplus of closure ${d.closure} no longer count`,
  },
  SurplusTakenBack: {
    zh: (d, line) => `收回 ${line(d.line)} 的 ${d.originYear} 年资金 ${zh(d.fen)}（收回号 ${d.takeBackId}）`,
    en: (d, line) => `${en(d.fen)} of ${d.originYear} taken back from ${line(d.line)} (take-back ${d.takeBackId})`,
  },
  SurplusTakeBackReversed: {
    zh: (d) => `冲销收回 ${d.takeBackId}`,
    en: (d) => `Take-back ${d.takeBackId} reversed`,
  },
} as const satisfies Labels<BudgetEvent>;

const RETURN_WORDS = {
  passive: { zh: { name: '被动退款', by: '银行退回' }, en: 'passively by the bank' },
  active: { zh: { name: '主动退款', by: '收款人退回' }, en: 'actively by the payee' },
} as const;

const payee = ({ name, ref, kind }: Payee, language: Language): string => {
  const facts = [ref, kind === 'person' ? { zh: '个人', en: 'person' }[language] : undefined].filter(Boolean);
  if (facts.length === 0) return name;
  return language === 'zh' ? `${name}（${facts.join('，')}）` : `${name} (${facts.join(', ')})`;
};

function incomePart(income: Extract<BudgetEvent, { type: 'BudgetApproved' }>['data']['income'], language: Language) {
  if (income.length === 0) return '';
  const sources = income.map(({ source, fen }) => `${INCOME_WORDS[source][language]} ${yuanInWords(fen, language)}`);
  return language === 'zh' ? `；收入 ${sources.join('、')}` : `; income: ${sources.join(', ')}`;
}

type Identity = Extract<BudgetEvent, { type: 'BudgetLineOpened' }>['data'];

function identity({ expenditure, fund, codes }: Identity, language: Language): string {
  return [EXPENDITURE_WORDS[expenditure][language], FUND_WORDS[fund][language], codesPart(codes ?? {}, language)]
    .filter((part) => part !== '')
    .join(language === 'zh' ? '，' : ', ');
}

const CODE_WORDS = {
  function: { zh: '功能科目', en: 'function' },
  governmentEconomic: { zh: '政府经济科目', en: 'government economic' },
  departmentEconomic: { zh: '部门经济科目', en: 'department economic' },
  project: { zh: '项目编码', en: 'project' },
} as const satisfies Record<keyof LineCodes, Readonly<Record<Language, string>>>;

function codesPart(codes: LineCodes, language: Language): string {
  const keys = Object.keys(CODE_WORDS) as (keyof LineCodes)[];
  return keys
    .filter((key) => codes[key] !== undefined)
    .map((key) => `${CODE_WORDS[key][language]} ${codes[key]}`)
    .join(language === 'zh' ? '，' : ', ');
}

type Adjusting = Extract<BudgetEvent, { type: 'BudgetAdded' | 'BudgetCut' | 'BudgetTransferred' }>['data'];

/** Number and reason of an adjustment, and what it says beside the amount. */
function paperPart(data: Adjusting, language: Language): string {
  const { adjustmentId, reasonCode } = data;
  const proposed = 'proposedFen' in data ? data.proposedFen : undefined;
  const origin = 'originYear' in data ? data.originYear : undefined;
  const counterpart = 'counterpart' in data ? data.counterpart : undefined;
  const reason = REASON_WORDS[reasonCode][language];
  const facts =
    language === 'zh'
      ? [
          `调整 ${adjustmentId}，${reason}`,
          proposed === undefined ? '' : `申报 ${zh(proposed)}`,
          origin === undefined ? '' : `使用 ${origin} 年资金`,
          counterpart ? `对方单位 ${counterpart.unit}，对方调整 ${counterpart.adjustmentId}` : '',
        ]
      : [
          `adjustment ${adjustmentId}, ${reason}`,
          proposed === undefined ? '' : `${en(proposed)} proposed`,
          origin === undefined ? '' : `money of ${origin}`,
          counterpart ? `unit ${counterpart.unit} at the other end, its adjustment ${counterpart.adjustmentId}` : '',
        ];
  const told = facts.filter((fact) => fact !== '');
  return language === 'zh' ? `（${told.join('，')}）` : ` (${told.join(', ')})`;
}

function closingPart(lots: Extract<BudgetEvent, { type: 'YearClosed' }>['data']['lots'], language: Language): string {
  return (['carry-over', 'surplus'] as const)
    .map((kind) => {
      const amount = sum(lots.filter((lot) => lot.class === kind).map((lot) => lot.fen));
      return `${LOT_CLASS_WORDS[kind][language]} ${yuanInWords(amount, language)}`;
    })
    .join(language === 'zh' ? '，' : ', ');
}

/** The close that the money comes from, where it is known. */
function sourcePart(source: CarryOverSource | undefined, language: Language): string {
  if (source?.closure === undefined) return '';
  const year = source.stream.slice(-4);
  return language === 'zh' ? `，${year} 年第 ${source.closure} 次结账` : `, closure ${source.closure} of ${year}`;
}

/** Lines of the next year that the close itself named; a close of thousands of lines names the first of them. */
function targetPart(lots: Extract<BudgetEvent, { type: 'YearClosed' }>['data']['lots'], language: Language): string {
  const named = lots.flatMap(({ line, toLine }) => (toLine === undefined ? [] : [{ line, toLine }]));
  if (named.length === 0) return '';
  const pairs = [...new Set(named.map(({ line, toLine }) => `${line} → ${toLine}`))];
  const shown = pairs.slice(0, TARGETS_TOLD).join(language === 'zh' ? '、' : ', ');
  const rest = pairs.length - TARGETS_TOLD;
  if (language === 'zh') return `；转入下年项目 ${shown}${rest > 0 ? ` 等 ${pairs.length} 项` : ''}`;
  return `; to lines of the next year: ${shown}${rest > 0 ? ` and ${rest} more` : ''}`;
}

const TARGETS_TOLD = 10;
