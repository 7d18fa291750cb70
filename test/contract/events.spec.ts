/**
 * The stored format of every event, as samples. NEVER edit or delete a sample: events like it lie in ledgers for ever, and
 * the digests below notice. A new version of a shape adds a sample beside the old one, and a step to `upcast.ts`.
 */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { budgetDecider } from '#domain/budget/decide.js';
import type { BudgetEvent } from '#domain/budget/events.js';
import { apply } from '#domain/budget/evolve.js';
import { civilDate } from '#domain/calendar.js';
import { directoryDecider } from '#domain/directory/decide.js';
import type { DirectoryEvent } from '#domain/directory/events.js';
import type { EventMeta, NewEvent } from '#domain/envelope.js';
import { formatYuan } from '#domain/money.js';
import { performanceDecider } from '#domain/performance/decide.js';
import type { PerformanceEvent } from '#domain/performance/events.js';
import { standingOf } from '#domain/performance/standing.js';
import { approvedTargets } from '#domain/performance/state.js';
import { canonicalJson } from '#event-store/canonical.js';

type AnyEvent = BudgetEvent | PerformanceEvent | DirectoryEvent;
type Type = AnyEvent['type'];
type Sample = Omit<NewEvent, 'id'>;
type Keys<Of> = { readonly [Key in keyof Of]-?: true };

const FOLDER = new URL('events/', import.meta.url);
const budget = budgetDecider('U0001', 2024);
const performance = performanceDecider(2024);
const VERSIONS: Readonly<Record<Type, number>> = {
  ...budget.versions,
  ...performance.versions,
  ...directoryDecider.versions,
};

const sample = (type: string, version: number): Sample =>
  JSON.parse(readFileSync(new URL(`${type}.v${version}.json`, FOLDER), 'utf8')) as Sample;

/** The current data of a sample, through the upcast of its family. */
function current<Event extends AnyEvent>(type: Event['type'], version: number): Event {
  const { effectiveDate, belongsTo, data } = sample(type, version);
  const family = [budget, performance, directoryDecider].find(({ versions }) => type in versions);
  const event = { type, effectiveDate, data: family?.upcast(type, version, data) };
  return (belongsTo === undefined ? event : { ...event, belongsTo }) as Event;
}

/** SHA-256 of the canonical text of each sample. Add lines; never change one. */
const DIGESTS: Readonly<Record<string, string>> = {
  'BudgetLineOpened.v1': 'a1504f2493c130e70dd0c9e15b23928c6484eb5cd33561951b430eb5c48bb64a',
  'BudgetApproved.v1': '2df76971dd3959cf89e04be0e6caa1021d9fcec149c7375acf0e7ce5dd8fe28d',
  'BudgetLineApproved.v1': '98bebf89f22c09945ec17ce17edb057eda1365dd0a3a7b7fb471a1919d41d327',
  'BudgetLineReclassified.v1': 'dce3ecf0f812310a8fc9595d65d7270e0b828a843257d7766f42c47521e32afa',
  'CarryOverBroughtForward.v1': '896cd45389210d3356fb7e737c39678b26f36526445bd9c17ebcf9cb243c6943',
  'CarryOverRevised.v1': '6bb9d6e6f1012485351be5c24087d428a787a484997160f104c9545684e06cb8',
  'BudgetAdded.v1': '218ba6ac336729541a73320942bb9e159f96d4b4775268d473ac68c4b749fd4d',
  'BudgetCut.v1': '6f64e1e3ec1339d38a9f16721d7403d75bb49be5d9ffb6cf33b416e50eb41f36',
  'BudgetTransferred.v1': '52e3898f7041e3f788dacba66b668ce23aa307c2d8106ec5ade276e71be39aed',
  'AdjustmentReversed.v1': '24043e2b05353c67c8d097ad99f5df5ed037fca815c50f0a003d2511cca663ba',
  'BudgetFrozen.v1': 'a487490991cd3ae879b3a9b4d217dabea555236fe590abf4d575941ddefbf2eb',
  'BudgetReleased.v1': 'cdaaa66eea6fd7ea831d0a6c1fae0b3ed6a7d4f6b671b7a9eb153506c2815f67',
  'PaymentPlanSet.v1': '7915a38ffb2151e141697ecd6654724c12857c5c48e332a30e93e61c15bc6979',
  'PaymentRequested.v1': '673c30dc0ab1edb3d93cbcc40174332f3e33de9263a6b7a2788e96deeb754beb',
  'PaymentRequestCancelled.v1': 'c80e2447cf3f1bdfacc58e17f60d7f1730b179f6cd2baa158b97f5135f11019d',
  'PaymentExecuted.v1': '3520fd73ce7c5ad0c28e8ee580d5fe1e62c8d90c9abeac9fc593fdb5da6d7ea8',
  'PaymentReturned.v1': 'a93f2129179f2cec4050fea19a54ff7514b4a6eeaedfa08837714b44d6de0a7d',
  'PaymentReturnReversed.v1': '2034003f3b7c9ccc16fe0f50cfa803f3136559fa143a29d4434021f39e5ff6fa',
  'PaymentReclassified.v1': '0865909266694b5dda5cc1820dc82a81baaee5d37823013bd0d8df1513a2e3e7',
  'PaymentReattributed.v1': '0cf193aa6a894c0dd3a98ca2edb049fee6e8360498d71f789ba166336323be8b',
  'PaymentReversed.v1': '9a119d17d9e5887df0a83eff8b86af9dccbf3e45ea1101ddf63830eb903116cd',
  'PeriodSealed.v1': '7d0247a0f6c642e780494e08deb38b48539ab3c2f7409625052d9ea24d8200e3',
  'PeriodReopened.v1': '82021d693e1625d36a87b941c39e2d06abf6c5f612ecf30eb2d6479a991904be',
  'YearClosed.v1': '8c3392d2de23bf0392ecbc37997a35952e4c61dfc09b498fb5e07974b04da1fd',
  'YearClosed.v2': '61a8d958be66cd6b8a270ec11ed6c9fb71199a54b2a4a92dc85c8b93f9e4416a',
  'YearReopened.v1': 'b4b93e9d2dc9427eb8a2d4bf4f5a79d0b0acb0edd7eee6cb26892983cf2186b3',
  'SurplusTakenBack.v1': '06fec4886980bd620a4ec27eda40db280d28c95bef07177ce1d31bb7849b8c7a',
  'SurplusTakeBackReversed.v1': '4ec4256c034dd2f91fee4890001ad988d51e01a4c7359d7e6da5ee3e7a8ac4e3',
  'BudgetApprovalWithdrawn.v1': 'e421a510158049a40848b39d14e6f675c146af0ec069aa235ed12c4d30f92846',
  'TargetsApproved.v1': '006791cfd3e475ab69192d6410c28ac624555db254795d8c64436aaf0b877775',
  'TargetsApproved.v2': 'a89e03078021fb906fa6f0e95e6cf83b41a359b3c082e1b9fac691c9bcf59a6c',
  'TargetRevised.v1': '3728a66b3417bae96bba870fd29d171022abc10ad4a0f17e50fe6ed26d83e1e6',
  'IndicatorAdded.v1': 'a1c624b59ec64b5e137306feac30294460aeaae48e5c9e59cc6e66284f0b2cc2',
  'IndicatorWithdrawn.v1': '87ff157fa536abe6ae520f2f98f760612f0dc2f146af3b0ea54ac83e14e99c6b',
  'NarrativeStated.v1': '82ef689c8cf3221c41239f52ae2385271e84a5446971696ad31778ea25cc606d',
  'IndicatorLinked.v1': '20ba9365a566be1815c7e82b9771a33f915f785842978a3e4659581f98a59f15',
  'IndicatorResultRecorded.v1': '7c7f0d41dc8b08b930827ef19eb9e2a119a6265c07dcc706b52a03e57f704f79',
  'ResultCorrected.v1': '1a6f6b38c5156caad662a63011c807206456b32b5819df4021e2da25b6f7fa8b',
  'ResultWithdrawn.v1': '5b0d49493b7e853248d35b144e741730b1d560f0e893686f3826282bdc220ec4',
  'BaseFactRecorded.v1': '5c0497a38972372fbb2d442d28bd1bb9e1b63b9c80467f75d4e5a678e0f8af08',
  'BaseFactCorrected.v1': '688f53471833d94083cd2f178cc7038170c4da9f03e68087d24297d0940539ce',
  'BaseFactWithdrawn.v1': 'd7eb459ffbcbad8f5e03d0aeba71c8bfb41b8e7d8f74fc8bcc053241f996f11a',
  'ThresholdsSet.v1': 'f3ddcf67788853316c923d89410ccc0da5132d8ceee96fdd59e0dfc7447b887b',
  'ScoringProfileChosen.v1': 'df70bcc78f7d223fcbe679f055da2e43a07ee28406761162874a93a2709f8255',
  'DeviationExplained.v1': '2cb4ad5b4f7c5973133b86aec5ccbdea0469448f7f6db6c46bb089949612e7ec',
  'MonitoringSubmitted.v1': 'abcd159cfb355492752055394293fab0c91ef26b11861243d2cdf6b7bf44c4de',
  'MonitoringWithdrawn.v1': 'b339f4300deedb92edcd262e51f8fd6cf1de1ac76eb841df858e348d5a2de89a',
  'RectificationOpened.v1': '3464b2708392edb24aad105ff8708bb40e304ed16919621aef279564c01d061e',
  'RectificationClosed.v1': '4df95ea86dd33190f9b00368f1c01571e3f84af2972f76b9b1a34b1c435002ed',
  'IndicatorAssessed.v1': 'f03c68b4e60e6441feba41f92d4b089ecfb311709620a10c3d2de9a0909f175d',
  'SelfEvaluationSubmitted.v1': '856cfa29c09f9b4e2a921d485017ed41abf114c2e037b444f304e72acb09bd2b',
  'SelfEvaluationWithdrawn.v1': '47d72d39cfbb133e4164331c6ab896e64db3b7521c668d84fa22dae822378341',
  'UnitRegistered.v1': '2c350f0dcf8a079c5cd7ae7e54bda3cec247e999efddf739880138c18e57a4e3',
  'UnitRenamed.v1': 'b0404c7ca8e9528ea246638061196a574e7db8c85893b30e3386839641a14cbf',
  'UnitMoved.v1': '8c36d2375d8417415621d6bb7812624ffccf8ecdf15b0743f2db246878d8067e',
};

/** Every key that the data of a type may have, told by the compiler; the samples have them all. */
const KEYS: { readonly [T in Type]: Keys<Extract<AnyEvent, { type: T }>['data']> } = {
  BudgetLineOpened: { line: true, name: true, expenditure: true, fund: true, codes: true },
  BudgetApproved: { income: true, basicFen: true, projectFen: true, document: true, dateAssumed: true },
  BudgetLineApproved: {
    line: true,
    name: true,
    expenditure: true,
    fund: true,
    codes: true,
    originalFen: true,
    halfYearPlanFen: true,
    economic: true,
  },
  BudgetLineReclassified: { line: true, codes: true, reason: true },
  CarryOverBroughtForward: {
    carryOverId: true,
    line: true,
    originYear: true,
    originLine: true,
    fen: true,
    source: true,
  },
  CarryOverRevised: { carryOverId: true, fromFen: true, toFen: true, reason: true, source: true },
  BudgetAdded: {
    adjustmentId: true,
    reasonCode: true,
    document: true,
    line: true,
    fen: true,
    proposedFen: true,
    economic: true,
    counterpart: true,
  },
  BudgetCut: {
    adjustmentId: true,
    reasonCode: true,
    document: true,
    line: true,
    fen: true,
    proposedFen: true,
    originYear: true,
    economic: true,
    counterpart: true,
  },
  BudgetTransferred: {
    adjustmentId: true,
    reasonCode: true,
    document: true,
    from: true,
    to: true,
    fen: true,
    structural: true,
    originYear: true,
    fromEconomic: true,
    toEconomic: true,
  },
  AdjustmentReversed: { adjustmentId: true, reason: true },
  BudgetFrozen: { freezeId: true, line: true, fen: true, reason: true },
  BudgetReleased: { freezeId: true, line: true, fen: true },
  PaymentPlanSet: { line: true, cumulativeFen: true },
  PaymentRequested: { requestId: true, line: true, fen: true, payee: true, purpose: true, contract: true },
  PaymentRequestCancelled: { requestId: true, line: true, fen: true, reason: true },
  PaymentExecuted: {
    voucherNo: true,
    requestId: true,
    final: true,
    line: true,
    fen: true,
    payee: true,
    purpose: true,
    departmentEconomic: true,
    originYear: true,
    overdrawn: true,
    beforeApproval: true,
  },
  PaymentReturned: { returnNo: true, voucherNo: true, fen: true, kind: true },
  PaymentReturnReversed: { returnNo: true, reason: true },
  PaymentReclassified: { voucherNo: true, fromCode: true, toCode: true },
  PaymentReattributed: { voucherNo: true, fromLine: true, toLine: true, fen: true },
  PaymentReversed: { voucherNo: true, reason: true },
  PeriodSealed: { through: true, reason: true, knownAt: true, streams: true, formulas: true, reports: true },
  PeriodReopened: { through: true, reason: true },
  YearClosed: { closure: true, lots: true },
  YearReopened: { closure: true, reason: true },
  SurplusTakenBack: { takeBackId: true, line: true, originYear: true, fen: true, document: true },
  SurplusTakeBackReversed: { takeBackId: true, reason: true },
  BudgetApprovalWithdrawn: { reason: true },
  TargetsApproved: { indicators: true, document: true, dateAssumed: true },
  TargetRevised: { indicator: true, from: true, to: true, reason: true, document: true },
  IndicatorAdded: { indicator: true, after: true, reason: true, document: true },
  IndicatorWithdrawn: { indicator: true, reason: true, document: true },
  NarrativeStated: { narrative: true },
  IndicatorLinked: { indicator: true, lines: true },
  IndicatorResultRecorded: { resultId: true, indicator: true, result: true, unit: true, evidence: true, note: true },
  ResultCorrected: { resultId: true, result: true, unit: true, evidence: true, reason: true },
  ResultWithdrawn: { resultId: true, reason: true },
  BaseFactRecorded: { factId: true, fact: true, value: true, evidence: true },
  BaseFactCorrected: { factId: true, value: true, reason: true },
  BaseFactWithdrawn: { factId: true, reason: true },
  ThresholdsSet: { thresholds: true, reason: true },
  ScoringProfileChosen: { profile: true, reason: true },
  DeviationExplained: {
    stage: true,
    indicator: true,
    forecast: true,
    causes: true,
    explanation: true,
    likelihood: true,
    remark: true,
  },
  MonitoringSubmitted: { stage: true, submission: true, sources: true, thresholds: true, form: true },
  MonitoringWithdrawn: { stage: true, submission: true, reason: true },
  RectificationOpened: {
    rectificationId: true,
    indicator: true,
    line: true,
    stage: true,
    requirement: true,
    due: true,
    document: true,
  },
  RectificationClosed: { rectificationId: true, measures: true, conclusion: true, evidence: true },
  IndicatorAssessed: { indicator: true, grade: true, score: true, cause: true, improvement: true },
  SelfEvaluationSubmitted: { submission: true, sources: true, profile: true, form: true },
  SelfEvaluationWithdrawn: { submission: true, reason: true },
  UnitRegistered: { unit: true, name: true, parent: true, validFrom: true },
  UnitRenamed: { unit: true, name: true, validFrom: true },
  UnitMoved: { unit: true, parent: true, validFrom: true },
};

/** In an order that a year could take, what each sample does to the figures: line, kind, yuan, economic code. */
const STORY: Readonly<Record<BudgetEvent['type'], readonly string[]>> = {
  BudgetLineOpened: [],
  BudgetApproved: [],
  BudgetLineApproved: ['P01 original 6000.00 31009', 'P01 original 4000.00 31009'],
  BudgetLineReclassified: [],
  CarryOverBroughtForward: ['P01 carry-over-in 2500.00 31005'],
  CarryOverRevised: ['P01 carry-over-in -500.00 31005'],
  BudgetAdded: ['P01 added 6000.00 31009', 'P01 added 2000.00 31005'],
  BudgetCut: ['P01 cut 6000.00 31009', 'P01 cut 1000.00 31005'],
  BudgetTransferred: [
    'P01 transferred-out 6000.00 31009',
    'P01 transferred-out 500.00 31005',
    'P02 transferred-in 6000.00 31009',
    'P02 transferred-in 500.00 31009',
  ],
  AdjustmentReversed: [
    'P01 added -6000.00 31009',
    'P01 added -2000.00 31005',
    'P01 cut -6000.00 31009',
    'P01 cut -1000.00 31005',
    'P01 transferred-out -6000.00 31009',
    'P01 transferred-out -500.00 31005',
    'P02 transferred-in -6000.00 31009',
    'P02 transferred-in -500.00 31009',
  ],
  BudgetFrozen: ['P01 frozen 3000.00'],
  BudgetReleased: ['P01 frozen -1000.00'],
  PaymentPlanSet: [],
  PaymentRequested: ['P01 requested 5000.00'],
  PaymentRequestCancelled: ['P01 requested -2000.00'],
  PaymentExecuted: ['P01 paid 1200.50 30227', 'P01 requested -3000.00'],
  PaymentReturned: ['P01 paid -200.50 30227'],
  PaymentReturnReversed: ['P01 paid 200.50 30227'],
  PaymentReclassified: ['P01 paid -1200.50 30227', 'P01 paid 1200.50 30226'],
  PaymentReattributed: ['P01 paid -0.50 30226', 'P02 paid 0.50 30226'],
  PaymentReversed: ['P01 paid -1200.00 30226', 'P02 paid -0.50 30226'],
  PeriodSealed: [],
  PeriodReopened: [],
  YearClosed: [],
  YearReopened: [],
  SurplusTakenBack: ['P01 taken-back 1500.00'],
  SurplusTakeBackReversed: ['P01 taken-back -1500.00'],
  BudgetApprovalWithdrawn: ['P01 original -6000.00 31009', 'P01 original -4000.00 31009'],
};

const stored = Object.entries(VERSIONS).flatMap(([type, latest]) =>
  Array.from({ length: latest }, (_, index) => [type, index + 1] as const),
);

describe('the stored format', () => {
  it('has one sample of every version of every type, and no other', () => {
    const wanted = stored.map(([type, version]) => `${type}.v${version}.json`);
    expect(readdirSync(FOLDER).sort()).toEqual(wanted.sort());
  });

  it.each(stored)('%s v%i has the bytes it always had', (type, version) => {
    const bytes = canonicalJson(sample(type, version));
    expect(canonicalJson(JSON.parse(bytes))).toBe(bytes);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(DIGESTS[`${type}.v${version}`]);
  });

  it.each(stored)('%s v%i has the envelope and the keys that the program knows', (type, version) => {
    const { data, meta, ...rest } = sample(type, version);
    expect(rest).toMatchObject({ type, version });
    expect(
      Object.keys(rest)
        .filter((key) => key !== 'belongsTo')
        .sort(),
    ).toEqual(['effectiveDate', 'type', 'version']);
    expect(Object.keys(meta).sort()).toEqual(Object.keys(META).sort());
    const now = current(type as Type, version).data;
    expect(Object.keys(now).sort()).toEqual(Object.keys(KEYS[type as Type]).sort());
    expect(data).toBeDefined();
  });

  it('of a budget is read as it was meant', () => {
    const state = budget.initialState();
    const effects = Object.keys(STORY).map((type) => [
      type,
      apply(state, current<BudgetEvent>(type as BudgetEvent['type'], 1)).map(({ line, kind, fen, economic }) =>
        `${line} ${kind} ${formatYuan(fen)} ${economic}`.trim(),
      ),
    ]);
    expect(Object.fromEntries(effects)).toEqual(STORY);
    expect(state.vouchers.get('PZ-0001')).toMatchObject({ belongsTo: '2024-02-27', reversed: true });
    expect(state.closures).toBe(1);
  });

  it('of a close names the line of the next year since version 2, and is read without one before', () => {
    const lots = (version: number) => {
      const state = budget.evolve(budget.initialState(), current<BudgetEvent>('YearClosed', version));
      return state.closed?.lots.map(({ line, originYear, toLine }) => [line, originYear, toLine]);
    };
    expect(lots(1)).toEqual([
      ['P01', 2023, undefined],
      ['P01', 2024, undefined],
    ]);
    expect(lots(2)).toEqual([
      ['P01', 2023, undefined],
      ['P01', 2024, 'P02'],
    ]);
  });

  it('of a performance table is read as it was meant', () => {
    const approvedBy = (version: number) =>
      approvedTargets(
        performance.evolve(performance.initialState(), current<PerformanceEvent>('TargetsApproved', version)),
      );
    expect(approvedBy(1)?.on).toBe('2024-01-20');
    expect(approvedBy(1)?.indicators.map(({ indicator, half }) => [indicator, half.value])).toEqual([
      ['I01', '38'],
      ['I02', undefined],
    ]);
    expect(approvedBy(2)?.indicators.map(({ tolerance, checklist }) => [tolerance, checklist?.length])).toEqual([
      [undefined, undefined],
      [undefined, 3],
      ['0.5', undefined],
    ]);
  });

  it('of a year of performance is read as it was meant', () => {
    const events = Object.keys(performance.versions).map((type) =>
      current<PerformanceEvent>(type as PerformanceEvent['type'], type === 'TargetsApproved' ? 2 : 1),
    );
    const standing = standingOf(events, civilDate('2024-08-31'), 2024);
    expect(standing.indicators.map(({ indicator, annual }) => `${indicator} ${annual.text}`)).toEqual([
      'I01 ＝100%',
      'I02 健全',
      'I03 ≥20条',
      'I04 ≥300户',
    ]);
    expect(standing).toMatchObject({ revision: 21, profile: { id: 'whole-department' }, thresholds: { version: 2 } });
    expect([...standing.results, ...standing.facts]).toEqual([]);
    expect(standing.explanations.get(6)?.get('I03')).toMatchObject({ likelihood: 'possible' });
    expect(standing.monitoring.get(6)?.map(({ withdrawn }) => withdrawn?.reason)).toEqual(['结果有误']);
    expect(standing.rectifications.map(({ closed }) => closed?.data.conclusion)).toEqual(['done']);
    expect(standing.selfEvaluations.map(({ form, withdrawn }) => [form.total, withdrawn?.reason])).toEqual([
      ['21.66', '评分有误'],
    ]);
  });

  it('of the directory is read as it was meant', () => {
    const types = ['UnitRegistered', 'UnitRenamed', 'UnitMoved'] as const;
    const events = types.map((type) => current<DirectoryEvent>(type, 1));
    const state = events.reduce(directoryDecider.evolve, directoryDecider.initialState());
    expect(state.units.get('U0001')).toMatchObject({ name: '某市土地储备管理中心', parent: 'U0002' });
  });
});

const META: Keys<EventMeta> = {
  commandId: true,
  actor: true,
  approvals: true,
  requestHash: true,
  causationId: true,
  correlationId: true,
  reason: true,
  document: true,
  traceparent: true,
  recordedAt: true,
};
