/**
 * A budget's event as rows: its money effects as journal rows, what it says of lines and plans, the papers it books or
 * changes, and the lines it merely mentions. Pure: the ledger is given and changed, nothing is read or written elsewhere.
 */
import type { Effect } from '#domain/budget/effects.js';
import type { BudgetEvent } from '#domain/budget/events.js';
import { apply } from '#domain/budget/evolve.js';
import type { LineState } from '#domain/budget/state.js';
import type { LineDefinition, PlanRow } from '#read-model/entities/lines.js';
import type { MilestoneKind } from '#read-model/entities/story.js';
import { accountOf } from '#read-model/projections/accounts.js';
import type { Changes } from '#read-model/projections/changes.js';
import type { Ledger } from '#read-model/projections/ledger.js';
import { payeeOf, recordPapers } from '#read-model/projections/papers.js';
import { assertStorable } from '#read-model/projections/storable.js';
import type { Fact } from '#read-model/projections/streams.js';

/** Throws, with `changes` untouched, on an event that cannot follow or cannot be stored; the ledger is then unusable. */
export function projectBudget(ledger: Ledger, fact: Fact<BudgetEvent>, changes: Changes): void {
  assertStorable(fact.envelope);
  const withdrawn = linesWithdrawn(ledger, fact.event);
  const effects = apply(ledger.state, fact.event);
  journalRows(ledger, fact, { effects, changes });
  recordPapers(ledger, fact, changes);
  recordLines(ledger, fact, { withdrawn, changes });
  recordStory(ledger, fact, { effects, changes });
}

/** Lines of the approval that an event is about to take back. */
const linesWithdrawn = ({ state }: Ledger, { type }: BudgetEvent): ReadonlySet<string> =>
  new Set(type === 'BudgetApprovalWithdrawn' ? state.approval?.effects.map(({ line }) => line) : []);

function journalRows(
  ledger: Ledger,
  fact: Fact<BudgetEvent>,
  { effects, changes }: { readonly effects: readonly Effect[]; readonly changes: Changes },
): void {
  const { event, envelope, position, recordedAt } = fact;
  const { unit, year } = ledger;
  const { actor, document } = envelope.meta;
  const ownDocument = 'document' in event.data ? event.data.document : undefined;
  const payee = payeeOf(ledger, event);
  effects.forEach((effect, seq) => {
    const line = lineOf(ledger, effect.line);
    const account = accountOf(ledger, effect, line, (opened) => changes.accounts.push(opened));
    changes.effects.push({
      account,
      row: {
        unit,
        year,
        position,
        seq,
        revision: envelope.revision,
        eventId: envelope.id,
        account: account.account,
        effectiveDate: event.effectiveDate,
        belongsTo: event.belongsTo ?? null,
        fen: effect.fen,
        counterLine: effect.counterLine ?? null,
        ref: effect.ref ?? null,
        payee,
        document: ownDocument?.number ?? document?.number ?? null,
        actor: actor.id,
        actorName: actor.name ?? null,
        recordedAt,
      },
    });
  });
}

/** What the event says of lines and plans. */
function recordLines(
  ledger: Ledger,
  { event, position }: Fact<BudgetEvent>,
  { withdrawn, changes }: { readonly withdrawn: ReadonlySet<string>; readonly changes: Changes },
): void {
  const { unit, year } = ledger;
  const { effectiveDate } = event;
  const define = (line: string, kind: LineDefinition['kind']) => {
    const { name, expenditure, fund, opened, live, codes } = lineOf(ledger, line);
    const definition = { unit, year, line, name, expenditure, fund, codes: [...codes] };
    changes.definitions.push({ ...definition, position, effectiveDate, kind });
    changes.lines.set(`${unit} ${year} ${line}`, { ...definition, opened, live });
  };
  const plan = (line: string, kind: PlanRow['kind'], amounts: Partial<PlanRow> = {}) =>
    changes.plans.push({
      ...{ unit, year, line, position, effectiveDate, kind, halfYearPlanFen: null, cumulativeFen: null },
      ...amounts,
    });
  switch (event.type) {
    case 'BudgetLineOpened':
      return define(event.data.line, 'opened');
    case 'BudgetLineReclassified':
      return define(event.data.line, 'reclassified');
    case 'BudgetLineApproved':
      define(event.data.line, 'approved');
      plan(event.data.line, 'approved', { halfYearPlanFen: event.data.halfYearPlanFen ?? null });
      return;
    case 'PaymentPlanSet':
      plan(event.data.line, 'monthly', { cumulativeFen: event.data.cumulativeFen });
      return;
    case 'BudgetApprovalWithdrawn':
      for (const line of withdrawn) {
        if (!lineOf(ledger, line).live) define(line, 'withdrawn');
        plan(line, 'withdrawn');
      }
      return;
    default:
  }
}

const MILESTONES: { readonly [Type in BudgetEvent['type']]?: MilestoneKind } = {
  BudgetApproved: 'approved',
  BudgetApprovalWithdrawn: 'withdrawn',
  PeriodSealed: 'sealed',
  PeriodReopened: 'reopened',
  YearClosed: 'closed',
  YearReopened: 'year-reopened',
};

/** Milestones concern all lines. Any other event is mentioned with the lines that it names and no journal row tells of. */
function recordStory(
  ledger: Ledger,
  { event, envelope, position }: Fact<BudgetEvent>,
  { effects, changes }: { readonly effects: readonly Effect[]; readonly changes: Changes },
): void {
  const { unit, year, stream } = ledger;
  const { revision } = envelope;
  const { effectiveDate } = event;
  const mention = (line: string) =>
    changes.mentions.push({ unit, year, position, line, stream, revision, effectiveDate });
  const kind = MILESTONES[event.type];
  if (kind !== undefined) {
    changes.milestones.push({ unit, year, position, revision, effectiveDate, kind, detail: detailOf(event) });
    mention('');
    return;
  }
  const isTold = (line: string): boolean => effects.some((effect) => effect.line === line);
  for (const line of new Set(linesNamed(ledger, event).filter((named) => !isTold(named)))) mention(line);
}

/** A seal's reports may be large: their digests are enough here. */
function detailOf(event: BudgetEvent): unknown {
  if (event.type !== 'PeriodSealed') return event.data;
  return { ...event.data, reports: event.data.reports.map(({ canonicalJson: _text, ...report }) => report) };
}

/** At least one line for every event that is no milestone. */
function linesNamed({ state, papers }: Ledger, { type, data }: BudgetEvent): readonly string[] {
  switch (type) {
    case 'PaymentReturned':
    case 'PaymentReturnReversed':
      return (state.returns.get(data.returnNo)?.taken ?? []).map(({ line }) => line);
    case 'PaymentReclassified':
    case 'PaymentReversed':
      return [papers.vouchers.get(data.voucherNo)?.line ?? ''];
    case 'CarryOverRevised':
      return [papers.carryOvers.get(data.carryOverId)?.line ?? ''];
    default:
      return 'line' in data ? [data.line] : [];
  }
}

function lineOf({ state }: Pick<Ledger, 'state'>, id: string): LineState {
  const line = state.lines.get(id);
  if (line === undefined) throw new Error(`an effect names line ${id}, which is not in the state`);
  return line;
}
