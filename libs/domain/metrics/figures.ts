/**
 * The base quantities that lines, totals, the overview and series show, as formulas with a version of their own: what each is
 * made of, so that any of them opens to the entries behind it. Symbols of rule book 2.1.
 */
import type { EffectKind } from '#domain/budget/effects.js';
import type { Amount } from '#domain/metrics/comparison.js';
import { type Metric, BUDGET_KINDS } from '#domain/metrics/metric.js';
import {
  type Picture,
  type Quantities,
  type Scope,
  ALL,
  inScope,
  lineQuantities,
  quantities,
} from '#domain/metrics/quantities.js';
import type { Fen } from '#domain/money.js';

/** Kinds of effects that a figure is added up from, each as it counts in it. */
export type Parts = readonly { readonly kind: EffectKind; readonly sign: 1 | -1 }[];

export interface FigureFormula extends Pick<Metric, 'version' | 'name' | 'formula' | 'source'> {
  /** Name of the column in every answer. */
  readonly id: string;
  /** In the formulas of rates; some figures have none. */
  readonly symbol?: string;
  /** Where it stands in `Quantities`. */
  readonly quantity: Amount;
  /** What its entries are, and how they add up to it. Of P(t): the entries of B(t), on which it rests. */
  readonly parts: Parts;
  /** P(t) is read from the plans in force, not added up from entries. */
  readonly plan?: true;
}

const plus = (...kinds: readonly EffectKind[]): Parts => kinds.map((kind) => ({ kind, sign: 1 }));
const minus = (...kinds: readonly EffectKind[]): Parts => kinds.map((kind) => ({ kind, sign: -1 }));

const BUDGET: Parts = BUDGET_KINDS.map((kind) => ({
  kind,
  sign: kind === 'cut' || kind === 'transferred-out' ? -1 : 1,
}));

const REGISTERED = [
  {
    id: 'original',
    version: 1,
    name: { zh: '年初批复数', en: 'Original budget' },
    symbol: 'B0',
    formula: 'B0 = approved amounts in force, less approvals withdrawn',
    source: '年初批复数, 年初预算数 (rule book 2.1)',
    quantity: 'original',
    parts: plus('original'),
  },
  {
    id: 'carryOverIn',
    version: 1,
    name: { zh: '上年结转', en: 'Carry-over brought in' },
    symbol: 'C0',
    formula: 'C0 = carry-over brought in, as revised',
    source: '上年结转 (rule book 2.1; 2.3, 4)',
    quantity: 'carryOverIn',
    parts: plus('carry-over-in'),
  },
  {
    id: 'added',
    version: 1,
    name: { zh: '追加', en: 'Additions' },
    symbol: 'A+',
    formula: 'A+ = additions, less those reversed',
    source: '追加 (rule book 2.1)',
    quantity: 'added',
    parts: plus('added'),
  },
  {
    id: 'cut',
    version: 1,
    name: { zh: '追减', en: 'Cuts' },
    symbol: 'A−',
    formula: 'A− = cuts as positive amounts, less those reversed',
    source: '追减 (rule book 2.1)',
    quantity: 'cut',
    parts: plus('cut'),
  },
  {
    id: 'transferredIn',
    version: 1,
    name: { zh: '调剂转入', en: 'Transferred in' },
    formula: 'transfers into each line, less those reversed',
    source: '调剂 (rule book 2.1; 2.3, 1)',
    quantity: 'transferredIn',
    parts: plus('transferred-in'),
  },
  {
    id: 'transferredOut',
    version: 1,
    name: { zh: '调剂转出', en: 'Transferred out' },
    formula: 'transfers out of each line, less those reversed',
    source: '调剂 (rule book 2.1; 2.3, 1)',
    quantity: 'transferredOut',
    parts: plus('transferred-out'),
  },
  {
    id: 'current',
    version: 1,
    name: { zh: '变动后预算数', en: 'Current budget' },
    symbol: 'B',
    formula: 'B = B0 + C0 + A+ − A− + transferred in − transferred out, not lowered by take-backs',
    source: '变动后预算数, 调整后预算数 (rule book 2.1; 2.3, 4 and 5)',
    quantity: 'current',
    parts: BUDGET,
  },
  {
    id: 'frozen',
    version: 1,
    name: { zh: '冻结', en: 'Frozen' },
    formula: 'frozen, less released',
    source: '冻结 (design 6.3)',
    quantity: 'frozen',
    parts: plus('frozen'),
  },
  {
    id: 'requested',
    version: 1,
    name: { zh: '已申请未支付', en: 'Requested, not yet paid' },
    formula: 'requested, less what was paid on requests, given up or cancelled',
    source: '支付申请 (design 6.3; rule book 10.2)',
    quantity: 'requested',
    parts: plus('requested'),
  },
  {
    id: 'paid',
    version: 1,
    name: { zh: '执行数', en: 'Paid' },
    symbol: 'X',
    formula: 'X = paid, less returns within the year and bookings reversed',
    source: '执行数, 实际支付 (rule book 2.1 and 8)',
    quantity: 'paid',
    parts: plus('paid'),
  },
  {
    id: 'takenBack',
    version: 1,
    name: { zh: '收回', en: 'Taken back' },
    formula: 'surplus taken back, less take-backs reversed; lowers what is available, never B',
    source: '收回 (rule book 2.3, 5; 7)',
    quantity: 'takenBack',
    parts: plus('taken-back'),
  },
  {
    id: 'available',
    version: 1,
    name: { zh: '可用余额', en: 'Available' },
    formula: 'B − taken back − frozen − requested − X; negative when overdrawn',
    source: '可用余额 (design 6.3; rule book 2.3, 9)',
    quantity: 'available',
    parts: [...BUDGET, ...minus('taken-back', 'frozen', 'requested', 'paid')],
  },
  {
    id: 'plannedToDate',
    version: 1,
    name: { zh: '计划执行数', en: 'Planned to date' },
    symbol: 'P',
    formula:
      'P = sum over lines of the plan in force at asOf, evenly by day between its points: 0, half-year value on 30 June, B on ' +
      '31 December; or the twelve monthly values; without a plan B evenly over the year',
    source: '计划执行数, 用款计划 (rule book 2.1; 13, 8)',
    quantity: 'planned',
    parts: BUDGET,
    plan: true,
  },
] as const satisfies readonly FigureFormula[];

export type FigureId = (typeof REGISTERED)[number]['id'];

/** In the order in which reports list them. */
export const FIGURES: readonly (FigureFormula & { readonly id: FigureId })[] = REGISTERED;

const byId: ReadonlyMap<string, (typeof FIGURES)[number]> = new Map(FIGURES.map((figure) => [figure.id, figure]));

/** The figure of that column name; `undefined` for a name that no answer has. */
export const figureById = (id: string): (typeof FIGURES)[number] | undefined => byId.get(id);

/** The figure that shows an amount of `Quantities`. */
export function figureOf(quantity: Amount): (typeof FIGURES)[number] {
  const figure = FIGURES.find((known) => known.quantity === quantity);
  if (figure === undefined) throw new Error(`no figure shows ${quantity}`);
  return figure;
}

/** The figure that effects of one kind alone make up. */
export function figureOfKind(kind: EffectKind): (typeof FIGURES)[number] {
  const figure = FIGURES.find(({ parts }) => parts.length === 1 && parts[0]?.kind === kind);
  if (figure === undefined) throw new Error(`no figure is made of ${kind} alone`);
  return figure;
}

/** What a figure is asked of: one line, or all lines of a scope. */
export type FigureOf = { readonly line: string } | { readonly scope: Scope };

/**
 * All quantities of a line or a scope, in fen; of a line without money: zeros. What belongs to a scope is decided amount by
 * amount, by the fund nature and expenditure under which it was booked.
 */
export function quantitiesOf(picture: Pick<Picture, 'figures' | 'planned'>, of: FigureOf): Quantities {
  const isWanted = 'line' in of ? ({ line }: { line: string }) => line === of.line : within(of.scope);
  const wanted = { figures: picture.figures.filter(isWanted), planned: picture.planned.filter(isWanted) };
  if (!('line' in of)) return quantities(wanted, ALL);
  return lineQuantities(wanted).get(of.line) ?? quantities({ figures: [], planned: [] }, ALL);
}

const within = (scope: Scope) => (line: Parameters<typeof inScope>[1]) => inScope(scope, line);

/** The amount that a figure's parts come to, by kind in fen, in the order of the parts. */
export const partAmounts = (
  picture: Pick<Picture, 'figures'>,
  { parts }: Pick<FigureFormula, 'parts'>,
  of: FigureOf,
): readonly (Parts[number] & { readonly fen: Fen })[] => {
  const sums = quantitiesOf({ figures: picture.figures, planned: [] }, of);
  return parts.map((part) => ({ ...part, fen: sums[figureOfKind(part.kind).quantity] }));
};
