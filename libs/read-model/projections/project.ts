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
  const booked = new Set<string>();
  const needed: PaperName[] = [];
  for (const event of events) {
    needed.push(...papersNeeded(event).filter((name) => !booked.has(name.join(' '))));
    const own = paperOf(event);
    if (own !== undefined) booked.add(own.join(' '));
    if (event.type === 'BudgetApprovalWithdrawn') await source.enterPapers(ledger, 'carryOvers', 'all');
  }
  for (const [kind, ids] of papersMissing(ledger, needed)) await source.enterPapers(ledger, kind, ids);
  // The reversal of a return changes the voucher too, which only the return names.
  const vouchers = needed.flatMap(([kind, id]): PaperName[] => {
    const voucherNo = kind === 'returns' ? ledger.papers.returns.get(id)?.voucherNo : undefined;
    return voucherNo === undefined ? [] : [['vouchers', voucherNo]];
  });
  for (const [kind, ids] of papersMissing(ledger, vouchers)) await source.enterPapers(ledger, kind, ids);
}
