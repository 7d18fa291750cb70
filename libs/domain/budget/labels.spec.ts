import { describe, expect, it } from '@jest/globals';
import type { BudgetEvent } from '#domain/budget/events.js';
import { budgetSentence } from '#domain/budget/labels.js';
import { civilDate } from '#domain/calendar.js';
import { parseYuan, type Fen } from '#domain/money.js';
import { yuanInWords } from '#domain/sentence.js';

const yuan = (text: string): Fen => parseYuan(text) as Fen;
const names: Record<string, string> = { B01: '基本支出', P01: '培训费', P02: '征地补偿' };
const lineName = (line: string) => names[line];
const on = <Type extends BudgetEvent['type']>(type: Type, data: Extract<BudgetEvent, { type: Type }>['data']) =>
  ({ type, effectiveDate: civilDate('2024-06-30'), data }) as Extract<BudgetEvent, { type: Type }>;

const payee = { name: '城建公司', kind: 'organisation' } as const;
const document = { number: '财预〔2024〕9号', title: '关于追加预算的通知', date: civilDate('2024-06-12') } as const;
const adjusting = { adjustmentId: 'ADJ-1', reasonCode: 'NATIONAL_POLICY', document } as const;
const line = { line: 'P01', name: '培训费', expenditure: 'project', fund: 'general-public' } as const;

/** One of each type, told in both languages. */
const TOLD: readonly (readonly [event: BudgetEvent, zh: string, en: string])[] = [
  [
    on('BudgetApproved', {
      income: [
        { source: 'general-public', fen: yuan('700.00') },
        { source: 'carry-over', fen: yuan('300.00') },
      ],
      basicFen: yuan('400.00'),
      projectFen: yuan('600.00'),
      document,
      dateAssumed: true,
    }),
    '2024-06-30 批复预算 1,000.00 元：基本支出 400.00 元，项目支出 600.00 元；收入 一般公共预算资金 700.00 元、上年结转资金 300.00 元，批复日期为假定，文号 财预〔2024〕9号《关于追加预算的通知》（2024-06-12）。',
    '2024-06-30 Budget of 1,000.00 yuan approved: basic 400.00 yuan, project 600.00 yuan; income: general public budget 700.00 yuan, prior-year carry-over 300.00 yuan, the date of approval is assumed, document 财预〔2024〕9号 “关于追加预算的通知” of 2024-06-12.',
  ],
  [
    on('BudgetApprovalWithdrawn', { reason: '金额录错' }),
    '2024-06-30 撤回预算批复，原因：金额录错。',
    '2024-06-30 Approval of the budget withdrawn, because: 金额录错.',
  ],
  [
    on('BudgetLineOpened', { ...line, codes: { function: '2120801', departmentEconomic: '30216' } }),
    '2024-06-30 设立预算项目 P01 培训费（项目支出，一般公共预算资金，功能科目 2120801，部门经济科目 30216）。',
    '2024-06-30 Line P01 培训费 opened (project expenditure, general public budget, function 2120801, department economic 30216).',
  ],
  [
    on('BudgetLineReclassified', { line: 'P01', codes: { departmentEconomic: '30227' }, reason: '科目有误' }),
    '2024-06-30 变更 P01 培训费 的科目：部门经济科目 30227，原因：科目有误。',
    '2024-06-30 Codes of P01 培训费 changed: department economic 30227, because: 科目有误.',
  ],
  [
    on('BudgetLineApproved', { ...line, originalFen: yuan('92080000.00'), halfYearPlanFen: yuan('46040000.00') }),
    '2024-06-30 批复 P01 培训费 年初预算 92,080,000.00 元，半年计划执行 46,040,000.00 元（项目支出，一般公共预算资金）。',
    '2024-06-30 P01 培训费 approved with 92,080,000.00 yuan, 46,040,000.00 yuan planned by mid-year (project expenditure, general public budget).',
  ],
  [
    on('CarryOverBroughtForward', {
      carryOverId: 'C-1',
      line: 'P01',
      originYear: 2023,
      originLine: 'P07',
      fen: yuan('50.00'),
    }),
    '2024-06-30 转入 2023 年结转资金 50.00 元 至 P01 培训费（原项目 P07，结转号 C-1）。',
    '2024-06-30 50.00 yuan of 2023 brought forward to P01 培训费 (from line P07, carry-over C-1).',
  ],
  [
    on('CarryOverRevised', { carryOverId: 'C-1', fromFen: yuan('50.00'), toFen: yuan('45.50'), reason: '上年决算' }),
    '2024-06-30 结转号 C-1 的结转资金由 50.00 元 改为 45.50 元，原因：上年决算。',
    '2024-06-30 Carry-over C-1 revised from 50.00 yuan to 45.50 yuan, because: 上年决算.',
  ],
  [
    on('BudgetAdded', { ...adjusting, line: 'P01', fen: yuan('1234.56'), proposedFen: yuan('2000.00') }),
    '2024-06-30 追加 P01 培训费 预算 1,234.56 元（调整 ADJ-1，国家政策，申报 2,000.00 元），文号 财预〔2024〕9号《关于追加预算的通知》（2024-06-12）。',
    '2024-06-30 1,234.56 yuan added to P01 培训费 (adjustment ADJ-1, national policy, 2,000.00 yuan proposed), document 财预〔2024〕9号 “关于追加预算的通知” of 2024-06-12.',
  ],
  [
    on('BudgetCut', {
      adjustmentId: 'ADJ-2',
      reasonCode: 'ORDINARY',
      line: 'P01',
      fen: yuan('10.00'),
      originYear: 2023,
      counterpart: { unit: 'U0002', adjustmentId: 'ADJ-9' },
    }),
    '2024-06-30 追减 P01 培训费 预算 10.00 元（调整 ADJ-2，一般调整，使用 2023 年资金，对方单位 U0002，对方调整 ADJ-9）。',
    '2024-06-30 10.00 yuan cut from P01 培训费 (adjustment ADJ-2, ordinary, money of 2023, unit U0002 at the other end, its adjustment ADJ-9).',
  ],
  [
    on('BudgetTransferred', { ...adjusting, from: 'P01', to: 'P02', fen: yuan('5.00'), structural: false }),
    '2024-06-30 从 P01 培训费 调剂 5.00 元 至 P02 征地补偿（调整 ADJ-1，国家政策），非结构性，文号 财预〔2024〕9号《关于追加预算的通知》（2024-06-12）。',
    '2024-06-30 5.00 yuan transferred from P01 培训费 to P02 征地补偿 (adjustment ADJ-1, national policy), not structural, document 财预〔2024〕9号 “关于追加预算的通知” of 2024-06-12.',
  ],
  [
    on('AdjustmentReversed', { adjustmentId: 'ADJ-1', reason: '重复' }),
    '2024-06-30 冲销调整 ADJ-1 的全部变动，原因：重复。',
    '2024-06-30 All movements of adjustment ADJ-1 taken back, because: 重复.',
  ],
  [
    on('BudgetFrozen', { freezeId: 'F-1', line: 'P01', fen: yuan('7.00'), reason: '审计' }),
    '2024-06-30 冻结 P01 培训费 预算 7.00 元（冻结号 F-1），原因：审计。',
    '2024-06-30 7.00 yuan of P01 培训费 frozen (freeze F-1), because: 审计.',
  ],
  [
    on('BudgetReleased', { freezeId: 'F-1', line: 'P01', fen: yuan('3.00') }),
    '2024-06-30 解冻 P01 培训费 预算 3.00 元（冻结号 F-1）。',
    '2024-06-30 3.00 yuan of P01 培训费 released (freeze F-1).',
  ],
  [
    on('PaymentPlanSet', {
      line: 'P01',
      cumulativeFen: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((n) => yuan(`${n}000.00`)),
    }),
    '2024-06-30 设定 P01 培训费 用款计划：至 6 月末累计 6,000.00 元，至 12 月末累计 12,000.00 元。',
    '2024-06-30 Payment plan of P01 培训费 set: 6,000.00 yuan by the end of June, 12,000.00 yuan by the end of December.',
  ],
  [
    on('PaymentRequested', {
      requestId: 'R-1',
      line: 'P01',
      fen: yuan('80.00'),
      payee,
      purpose: '教材',
      contract: 'HT-3',
    }),
    '2024-06-30 申请支付 80.00 元 给 城建公司（申请 R-1，合同 HT-3），用途 教材，列 P01 培训费。',
    '2024-06-30 80.00 yuan requested for 城建公司 (request R-1, contract HT-3), purpose 教材, on P01 培训费.',
  ],
  [
    on('PaymentRequestCancelled', { requestId: 'R-1', line: 'P01', fen: yuan('20.00'), reason: '不再需要' }),
    '2024-06-30 取消支付申请 R-1 尚未支付的 20.00 元，退回 P01 培训费，原因：不再需要。',
    '2024-06-30 Request R-1 cancelled: its open 20.00 yuan are back on P01 培训费, because: 不再需要.',
  ],
  [
    on('PaymentExecuted', {
      voucherNo: 'V-001',
      requestId: 'R-1',
      line: 'P02',
      fen: yuan('92080.00'),
      payee: { name: '城建公司', ref: '3205', kind: 'person' },
      purpose: '征地补偿款',
      departmentEconomic: '31009',
      originYear: 2023,
      overdrawn: true,
      beforeApproval: true,
    }),
    '2024-06-30 支付 92,080.00 元 给 城建公司（3205，个人）（凭证 V-001，申请 R-1），用途 征地补偿款，列 P02 征地补偿，部门经济科目 31009，使用 2023 年资金，记录时超出可用预算，发生在预算批复之前。',
    '2024-06-30 92,080.00 yuan paid to 城建公司 (3205, person) (voucher V-001, request R-1), purpose 征地补偿款, on P02 征地补偿, department economic code 31009, from money of 2023, above what was available when it was recorded, before the budget was approved.',
  ],
  [
    on('PaymentReturned', { returnNo: 'T-1', voucherNo: 'V-001', fen: yuan('80.00'), kind: 'passive' }),
    '2024-06-30 凭证 V-001 被动退款 80.00 元（银行退回，退回单 T-1）。',
    '2024-06-30 80.00 yuan of voucher V-001 returned, passively by the bank (return T-1).',
  ],
  [
    on('PaymentReturnReversed', { returnNo: 'T-1', reason: '误记' }),
    '2024-06-30 冲销退回单 T-1，原因：误记。',
    '2024-06-30 Return T-1 taken back, because: 误记.',
  ],
  [
    on('PaymentReclassified', { voucherNo: 'V-001', fromCode: '', toCode: '31009' }),
    '2024-06-30 凭证 V-001 的部门经济科目由 未编 更正为 31009。',
    '2024-06-30 Department economic code of voucher V-001 corrected from none to 31009.',
  ],
  [
    on('PaymentReattributed', { voucherNo: 'V-001', fromLine: 'P01', toLine: 'P02', fen: yuan('12.00') }),
    '2024-06-30 凭证 V-001 更正列支：12.00 元 由 P01 培训费 改列 P02 征地补偿。',
    '2024-06-30 12.00 yuan of voucher V-001 moved from P01 培训费 to P02 征地补偿, the right line.',
  ],
  [
    on('PaymentReversed', { voucherNo: 'V-001', reason: '重复入账' }),
    '2024-06-30 冲销凭证 V-001 的剩余金额，该号可重新入账，原因：重复入账。',
    '2024-06-30 The rest of voucher V-001 taken back as a booking error; its number may be booked again, because: 重复入账.',
  ],
  [
    on('PeriodSealed', {
      through: civilDate('2024-06-30'),
      reason: '半年监控',
      knownAt: 1719800000000,
      streams: [],
      formulas: [],
      reports: [],
    }),
    '2024-06-30 封存 2024-06-30 及以前的期间，原因：半年监控。',
    '2024-06-30 Period through 2024-06-30 sealed, because: 半年监控.',
  ],
  [
    on('PeriodReopened', { through: civilDate('2024-06-30'), reason: '补记' }),
    '2024-06-30 解除 2024-06-30 及以前期间的封存，原因：补记。',
    '2024-06-30 Period through 2024-06-30 reopened, because: 补记.',
  ],
  [
    on('YearClosed', {
      closure: 1,
      lots: [
        { line: 'B01', originYear: 2024, fen: yuan('3.00'), class: 'carry-over', reason: 'unspent' },
        { line: 'P01', originYear: 2023, fen: yuan('1.50'), class: 'surplus', reason: 'two-years' },
        { line: 'P02', originYear: 2024, fen: yuan('2.00'), class: 'surplus', reason: 'finished' },
      ],
    }),
    '2024-06-30 年度结账（第 1 次）：结转 3.00 元，结余 3.50 元。',
    '2024-06-30 Year closed (closure 1): carry-over 3.00 yuan, surplus 3.50 yuan.',
  ],
  [
    on('YearClosed', {
      closure: 2,
      lots: [
        { line: 'P01', originYear: 2024, fen: yuan('3.00'), class: 'carry-over', reason: 'unspent', toLine: 'P07' },
        { line: 'P02', originYear: 2024, fen: yuan('2.00'), class: 'carry-over', reason: 'unspent' },
      ],
    }),
    '2024-06-30 年度结账（第 2 次）：结转 5.00 元，结余 0.00 元；转入下年项目 P01 → P07。',
    '2024-06-30 Year closed (closure 2): carry-over 5.00 yuan, surplus 0.00 yuan; to lines of the next year: P01 → P07.',
  ],
  [
    on('CarryOverBroughtForward', {
      carryOverId: 'JZ2024-P07-2023',
      line: 'P01',
      originYear: 2023,
      originLine: 'P07',
      fen: yuan('50.00'),
      source: { stream: 'budget-U0001-2023', revision: 41, closure: 2 },
    }),
    '2024-06-30 转入 2023 年结转资金 50.00 元 至 P01 培训费（原项目 P07，结转号 JZ2024-P07-2023，2023 年第 2 次结账）。',
    '2024-06-30 50.00 yuan of 2023 brought forward to P01 培训费 (from line P07, carry-over JZ2024-P07-2023, closure 2 of 2023).',
  ],
  [
    on('CarryOverRevised', {
      carryOverId: 'C-1',
      fromFen: yuan('50.00'),
      toFen: yuan('50.00'),
      reason: '2023年度第1次结账',
      source: { stream: 'budget-U0001-2023', revision: 41, closure: 1 },
    }),
    '2024-06-30 结转号 C-1 的结转资金 50.00 元 与结账相符，原因：2023年度第1次结账。',
    '2024-06-30 Carry-over C-1 of 50.00 yuan confirmed by the close, because: 2023年度第1次结账.',
  ],
  [
    on('YearReopened', { closure: 1, reason: '审计调整' }),
    '2024-06-30 撤销第 1 次年度结账，其结转结余不再有效，原因：审计调整。',
    '2024-06-30 Year reopened: the carry-over and surplus of closure 1 no longer count, because: 审计调整.',
  ],
  [
    on('SurplusTakenBack', { takeBackId: 'K-1', line: 'P01', originYear: 2023, fen: yuan('1.50'), document }),
    '2024-06-30 收回 P01 培训费 的 2023 年资金 1.50 元（收回号 K-1），文号 财预〔2024〕9号《关于追加预算的通知》（2024-06-12）。',
    '2024-06-30 1.50 yuan of 2023 taken back from P01 培训费 (take-back K-1), document 财预〔2024〕9号 “关于追加预算的通知” of 2024-06-12.',
  ],
  [
    on('SurplusTakeBackReversed', { takeBackId: 'K-1', reason: '误收' }),
    '2024-06-30 冲销收回 K-1，原因：误收。',
    '2024-06-30 Take-back K-1 reversed, because: 误收.',
  ],
];

describe('events of a budget as sentences', () => {
  it.each(TOLD.map(([event, zh, en]) => [event.type, event, zh, en] as const))('%s', (_type, event, zh, en) => {
    expect(budgetSentence(event, { language: 'zh', lineName })).toBe(zh);
    expect(budgetSentence(event, { language: 'en', lineName })).toBe(en);
  });

  const payment = on('PaymentExecuted', {
    voucherNo: 'V-001',
    line: 'P02',
    fen: yuan('92080.00'),
    payee,
    purpose: '征地补偿款',
    overdrawn: false,
    beforeApproval: false,
  });

  it('say who recorded the event and on which day in Shanghai', () => {
    const told = { ...payment, recordedAt: Date.parse('2024-07-02T16:30:00Z'), meta: { actor: { id: 'local' } } };
    expect(budgetSentence(told, { language: 'zh' })).toBe(
      '2024-06-30 支付 92,080.00 元 给 城建公司（凭证 V-001），用途 征地补偿款，列 P02。记录人 local，记录日期 2024-07-03。',
    );
    const named = { ...told, meta: { actor: { id: 'local', name: 'sample' } } };
    expect(budgetSentence(named, { language: 'en', lineName })).toBe(
      '2024-06-30 92,080.00 yuan paid to 城建公司 (voucher V-001), purpose 征地补偿款, on P02 征地补偿. Recorded by sample on 2024-07-03.',
    );
  });

  it('say which sealed period a late fact belongs to', () => {
    const late = { ...payment, effectiveDate: civilDate('2024-07-03'), belongsTo: civilDate('2024-06-28') };
    expect(budgetSentence(late, { language: 'zh' })).toBe(
      '2024-07-03 支付 92,080.00 元 给 城建公司（凭证 V-001），用途 征地补偿款，列 P02。补记：属于 2024-06 期间（业务日期 2024-06-28），该期间已封存。',
    );
    expect(budgetSentence(late, { language: 'en' })).toBe(
      '2024-07-03 92,080.00 yuan paid to 城建公司 (voucher V-001), purpose 征地补偿款, on P02. Late: it belongs to the period 2024-06 (its own date is 2024-06-28), which was sealed.',
    );
  });

  it('give reason and document of the request where the event has none of its own', () => {
    const told = { ...payment, meta: { actor: { id: 'local' }, reason: '应急', document: { number: 'D-7' } } };
    expect(budgetSentence(told, { language: 'zh' })).toBe(
      '2024-06-30 支付 92,080.00 元 给 城建公司（凭证 V-001），用途 征地补偿款，列 P02，文号 D-7，原因：应急。记录人 local。',
    );
  });
});

describe('yuan in words', () => {
  it.each([
    ['0.05', '0.05 元'],
    ['999.00', '999.00 元'],
    ['1000.00', '1,000.00 元'],
    ['-1234567.89', '-1,234,567.89 元'],
    ['90071992547409.91', '90,071,992,547,409.91 元'],
  ])('%s is %s', (amount, words) => expect(yuanInWords(yuan(amount), 'zh')).toBe(words));
});
