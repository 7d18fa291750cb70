/**
 * A sealed report beside what it would say today: everything whose true date lies in the period, known by now. The sealed side
 * is what the seal keeps; a seal without readable reports is worked out again from the read models.
 */
import type { EffectKind } from '#domain/budget/effects.js';
import type { CivilDate } from '#domain/calendar.js';
import type { Envelope } from '#domain/envelope.js';
import {
  amountChanges,
  isMoved,
  rateChanges,
  type AmountChange,
  type LineChange,
  type RateChange,
} from '#domain/metrics/comparison.js';
import {
  ALL,
  inScope,
  lineQuantities,
  quantities,
  type OfLine,
  type Picture,
  type Quantities,
} from '#domain/metrics/quantities.js';
import { metricById, METRICS } from '#domain/metrics/registry.js';
import { isReport } from '#domain/metrics/reproduction.js';
import { nextCheckpoint, ratesReport, type Rate } from '#domain/metrics/report.js';
import { LINE_AMOUNTS, type Report } from '#domain/metrics/sealed-report.js';
import type { Fen } from '#domain/money.js';
import type { At } from '#read-model/queries/at.js';
import { figures } from '#read-model/queries/figures.js';
import { plansByLine } from '#read-model/queries/lines.js';
import { picture, pictureInputs, pictureOf } from '#read-model/queries/picture.js';
import {
  figuresOfYearBefore,
  lateApprovals,
  silentPlaces,
  touchingFigures,
  type Sealed,
  type TouchingFigure,
} from '#read-model/queries/restatement.js';
import type { Snapshot } from '#read-model/queries/snapshot.js';
import { TARGET_EVENTS, targets } from '#read-model/queries/performance.js';
import { eventsAt } from './log-events.js';
import { digestHolds, keptReport, sealData } from './seal-reproduction.js';
import { sealedLines, sealedRates } from './sealed-content.js';
import type { Sources } from './sources.js';

export type LineRestated = LineChange & { readonly since?: number };
export type RateRestated = RateChange & { readonly since?: number };

export interface Restatement {
  /** Where the sealed side comes from: what the seal keeps, or the read models at what it cites. */
  readonly basis: 'reports' | 'read-models';
  readonly totals: readonly AmountChange[];
  /** Only what moved. `since`: UTC ms of the first entry behind it. */
  readonly lines: readonly LineRestated[];
  readonly rates: readonly RateRestated[];
  /** Events without money effects that touch the period. */
  readonly silent: readonly Envelope[];
}

/** Base quantities whose effects may move a figure of the year before that a rate looks at. */
export const KINDS_BEFORE: readonly EffectKind[] = [
  ...new Set(METRICS.flatMap(({ inputs }) => ('priorYear' in inputs && inputs.priorYear ? inputs.kinds : []))),
];

/** The true date: a late fact names it, any other has its own. */
export const trueDate = ({ belongsTo, effectiveDate }: Envelope): CivilDate => belongsTo ?? effectiveDate;

export async function restatementOf(
  { opened, store }: { readonly opened: Snapshot; readonly store: Sources['store'] },
  sealed: Sealed,
  event: Envelope,
): Promise<Restatement> {
  const { unit, year, through, cited, until } = sealed;
  const then: At = { unit, year, asOf: through, knownAt: cited };
  const now: At = { ...then, knownAt: until };
  const silent = (await eventsAt(store, await silentPlaces(opened, sealed))).filter(
    (told) => trueDate(told) <= through,
  );
  const moved = await touchingFigures(opened, sealed);
  const movedBefore = await figuresOfYearBefore(opened, sealed);
  const after = await restatedPicture(opened, { then, now, moved, late: await latePlans(opened, sealed, silent) });
  const indicators = await targets(opened, now);
  const { basis, lines, totals, rates, checkpoint } = readKept(event) ?? (await workedOut(opened, then));
  const known = new Set(rates.map(({ metric }) => metric));
  const restated = ratesReport(after, indicators, { checkpoint }).filter(({ metric }) => known.has(metric));
  const causes = { moved, movedBefore, silent };
  return {
    basis,
    totals: amountChanges(totals, quantities(after, ALL)),
    lines: lineChangesOf(lines, lineQuantities(after)).map((change) => ({ ...change, ...sinceOfLine(change, causes) })),
    rates: rateChanges(rates, restated)
      .filter(isMoved)
      .map((change) => ({ ...change, ...sinceOfRate(change, causes) })),
    silent,
  };
}

/** Plans that are dated behind the period and belong to it. */
async function latePlans(
  opened: Snapshot,
  sealed: Sealed,
  silent: readonly Envelope[],
): Promise<ReadonlyMap<bigint, CivilDate>> {
  const late = silent.filter(({ type, effectiveDate }) => type === 'PaymentPlanSet' && effectiveDate > sealed.through);
  const approvals = await lateApprovals(opened, sealed);
  return new Map([...approvals, ...late.map((event) => [BigInt(event.position), trueDate(event)] as const)]);
}

/** The sealed figures and the effects that touch the period, with the lines, plans and last year's figures of now. */
async function restatedPicture(
  opened: Snapshot,
  asked: {
    readonly then: At;
    readonly now: At;
    readonly moved: readonly TouchingFigure[];
    readonly late: ReadonlyMap<bigint, CivilDate>;
  },
): Promise<Picture> {
  const { then, now, moved, late } = asked;
  const inputs = await pictureInputs(opened, now);
  return pictureOf({
    ...inputs,
    plans: await plansByLine(opened, now, late),
    figures: [...(await figures(opened, then)), ...moved],
  });
}

type SealedAmounts = OfLine & { readonly amounts: Partial<Readonly<Record<(typeof LINE_AMOUNTS)[number], Fen>>> };

interface SealedSide {
  readonly basis: Restatement['basis'];
  readonly lines: ReadonlyMap<string, SealedAmounts>;
  readonly totals: SealedAmounts['amounts'];
  readonly rates: readonly Rate[];
  readonly checkpoint: Report['checkpoint'];
}

/** What the seal keeps; `undefined` when there is nothing or it cannot be trusted. */
function readKept(event: Envelope): SealedSide | undefined {
  const { reports } = sealData(event);
  if (reports.length === 0 || !reports.every(digestHolds)) return undefined;
  const values = reports.map((report) => keptReport(report).value);
  if (!values.every(isReport)) return undefined;
  const ofLines = values.filter((value) => value.form === 'sealed-lines');
  const ofRates = values.filter((value) => value.form === 'sealed-rates');
  const [first] = ofLines;
  if (first === undefined || ofRates.length === 0) return undefined;
  const all = first.totals.find(({ funds, expenditure }) => funds === 'all' && expenditure === 'all')?.amounts ?? [];
  return {
    basis: 'reports',
    lines: new Map(ofLines.flatMap(sealedLines).map((line) => [line.line, line])),
    totals: Object.fromEntries(LINE_AMOUNTS.map((amount, index) => [amount, all[index]])),
    rates: ofRates.flatMap(sealedRates),
    checkpoint: first.checkpoint,
  };
}

async function workedOut(opened: Snapshot, then: At): Promise<SealedSide> {
  const known = await picture(opened, then);
  const checkpoint = nextCheckpoint(known);
  const lines = [...lineQuantities(known)].map(([line, of]) => [line, { ...of, amounts: of }] as const);
  return {
    basis: 'read-models',
    lines: new Map(lines),
    totals: quantities(known, ALL),
    rates: ratesReport(known, await targets(opened, then), { checkpoint }),
    checkpoint,
  };
}

function lineChangesOf(
  sealed: ReadonlyMap<string, SealedAmounts>,
  restated: ReadonlyMap<string, OfLine & Quantities>,
): readonly LineChange[] {
  return [...new Set([...sealed.keys(), ...restated.keys()])].sort().flatMap((line) => {
    const [a, b] = [sealed.get(line), restated.get(line)];
    const of = b ?? a;
    const changes = amountChanges(a?.amounts ?? {}, b ?? {});
    if (of === undefined || changes.length === 0) return [];
    return [{ line, fund: of.fund, expenditure: of.expenditure, changes }];
  });
}

interface Causes {
  readonly moved: readonly TouchingFigure[];
  readonly movedBefore: readonly TouchingFigure[];
  readonly silent: readonly Envelope[];
}

const first = (moments: readonly number[]): { readonly since?: number } =>
  moments.length === 0 ? {} : { since: Math.min(...moments) };

const sinceOfLine = ({ line }: LineChange, { moved, silent }: Causes) =>
  first([
    ...moved.filter((figure) => figure.line === line).map(({ since }) => since),
    ...silent.filter((event) => lineNamed(event) === line).map(({ recordedAt }) => recordedAt),
  ]);

const lineNamed = ({ data }: Envelope): unknown => (data as { readonly line?: unknown }).line;

const isTargetEvent = (type: string): boolean => (TARGET_EVENTS as readonly string[]).includes(type);

/** The first of what goes into the formula in that scope; a plan that is assumed moves with the budget. */
function sinceOfRate({ a, b }: RateChange, { moved, movedBefore, silent }: Causes) {
  const rate = b ?? a;
  const metric = rate === undefined ? undefined : metricById(rate.metric);
  if (rate === undefined || metric === undefined) return {};
  const { inputs } = metric;
  const kinds = new Set<EffectKind>(inputs.kinds);
  const goesIn = (figure: TouchingFigure): boolean =>
    inScope(rate.scope, figure) && (kinds.has(figure.kind) || inputs.plan === true);
  const targetMoved = JSON.stringify(a?.target) !== JSON.stringify(b?.target);
  return first([
    ...moved.filter(goesIn).map(({ since }) => since),
    ...(inputs.priorYear ? movedBefore.filter(goesIn).map(({ since }) => since) : []),
    ...silent
      .filter(({ type }) => (inputs.plan && type === 'PaymentPlanSet') || (targetMoved && isTargetEvent(type)))
      .map(({ recordedAt }) => recordedAt),
  ]);
}
