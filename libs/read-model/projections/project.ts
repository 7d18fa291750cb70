/** New events of one stream as rows, after the papers that they name have been loaded. */
import type { BudgetEvent } from '#domain/budget/events.js';
import type { DirectoryEvent } from '#domain/directory/events.js';
import type { DomainEvent, Envelope } from '#domain/envelope.js';
import type { PerformanceEvent } from '#domain/performance/events.js';
import { projectBudget } from '#read-model/projections/budget.js';
import type { Changes } from '#read-model/projections/changes.js';
import type { Recorded } from '#read-model/projections/clock.js';
import { projectDirectory } from '#read-model/projections/directory.js';
import type { Ledger } from '#read-model/projections/ledger.js';
import { paperOf, papersMissing, papersNeeded, type PaperName } from '#read-model/projections/papers.js';
import { projectPerformance } from '#read-model/projections/performance.js';
import type { Source } from '#read-model/projections/source.js';
import { currentEvent, familyOf, type Fact, type Family } from '#read-model/projections/streams.js';

/** An event that cannot be projected, and why. Its stream stops before it. */
export interface Poison {
  readonly stream: string;
  readonly revision: number;
  readonly error: string;
}

export class PoisonFound extends Error {
  override readonly name = 'PoisonFound';
  constructor(
    readonly poison: Poison,
    options: ErrorOptions,
  ) {
    super(`${poison.stream} cannot be projected from revision ${poison.revision} on`, options);
  }
}

interface Work {
  readonly stream: string;
  readonly events: readonly Recorded[];
  readonly changes: Changes;
}

/** Returns the ledger of a budget as the events leave it. Throws `PoisonFound`, after which memory is not to be trusted. */
export async function projectStream(
  { stream, events, changes }: Work,
  known: Ledger | undefined,
  source: Source,
): Promise<Ledger | undefined> {
  const family = familyOf(stream);
  if (family === undefined) throw new Error(`${stream} feeds no read model`);
  const facts = events.map((recorded) => factOf(family, recorded));
  if (family.family !== 'budget') {
    for (const fact of facts) {
      orPoison(fact.envelope, () =>
        family.family === 'performance'
          ? projectPerformance(family, fact as Fact<PerformanceEvent>, changes)
          : projectDirectory(fact as Fact<DirectoryEvent>, changes),
      );
    }
    return undefined;
  }
  const ledger = known ?? (await source.ledger(stream, family.unit, family.year));
  const budgetFacts = facts as readonly Fact<BudgetEvent>[];
  await loadPapers(
    ledger,
    budgetFacts.map(({ event }) => event),
    source,
  );
  for (const fact of budgetFacts) orPoison(fact.envelope, () => projectBudget(ledger, fact, changes));
  return ledger;
}

function factOf(family: Family, { envelope, position, recordedAt }: Recorded): Fact {
  const event: DomainEvent = orPoison(envelope, () => currentEvent(family, envelope));
  return { envelope, event, position, recordedAt };
}

function orPoison<Result>({ stream, revision }: Envelope, project: () => Result): Result {
  try {
    return project();
  } catch (cause) {
    const error = cause instanceof Error ? cause.message : String(cause);
    throw new PoisonFound({ stream, revision, error }, { cause });
  }
}

/** Enters the papers that events name and that neither the ledger knows nor the events before them booked. */
async function loadPapers(ledger: Ledger, events: readonly BudgetEvent[], source: Source): Promise<void> {
  const needed = events.flatMap((event) => papersNeeded(event).filter(([kind, id]) => !ledger.papers[kind].has(id)));
  if (events.some(({ type }) => type === 'BudgetApprovalWithdrawn'))
    await source.enterPapers(ledger, 'carryOvers', 'all');
  if (needed.length > 0) await enter(ledger, notBookedBefore(needed, events), source);
  // The reversal of a return changes the voucher too, which only the return names.
  const vouchers = events.flatMap(({ type, data }): PaperName[] => {
    const voucherNo =
      type === 'PaymentReturnReversed' ? ledger.papers.returns.get(data.returnNo)?.voucherNo : undefined;
    return voucherNo === undefined ? [] : [['vouchers', voucherNo]];
  });
  if (vouchers.length > 0) await enter(ledger, vouchers, source);
}

async function enter(ledger: Ledger, names: readonly PaperName[], source: Source): Promise<void> {
  for (const [kind, ids] of papersMissing(ledger, names)) await source.enterPapers(ledger, kind, ids);
}

/** Of the papers needed, those that no event among these books before it is needed. */
function notBookedBefore(needed: readonly PaperName[], events: readonly BudgetEvent[]): PaperName[] {
  const wanted = new Set(needed.map((name) => name.join(' ')));
  const booked = new Set<string>();
  return events.flatMap((event) => {
    const missing = papersNeeded(event).filter((name) => wanted.has(name.join(' ')) && !booked.has(name.join(' ')));
    const own = paperOf(event);
    if (own !== undefined) booked.add(own.join(' '));
    return missing;
  });
}
