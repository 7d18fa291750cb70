/** The questions of `queries/figures.ts` and `queries/known.ts`, answered from the read models in memory, each the same way. */
import { budgetStream } from '#domain/budget/decide.js';
import type { Figure } from '#domain/metrics/quantities.js';
import { fen } from '#domain/money.js';
import type { Account } from '#read-model/entities/money.js';
import type { LogClock } from '#read-model/entities/progress.js';
import type { MemoryReadModels, MemoryTables } from '#read-model/memory/read-models.js';
import { facetOf } from '#read-model/projections/accounts.js';
import type { At } from '#read-model/queries/at.js';
import type { KnownPlace } from '#read-model/queries/known.js';
import type { Position } from '#domain/envelope.js';

/** How sums for a past known-at are made. */
export type PastSums = 'less-later' | 'from-journal';

/** One sum for each account that has any effect by then, by account. Fen; exact. `past` is chosen as the queries do. */
export function figuresInMemory({ tables }: MemoryReadModels, at: At, past = pastSums(tables, at)): readonly Figure[] {
  const sums = new Map<number, number>();
  const add = (account: number, amount: number) => sums.set(account, (sums.get(account) ?? 0) + amount);
  const { unit, year, asOf, knownAt } = at;
  if (knownAt === undefined || past === 'less-later') {
    for (const balance of tables.dayBalance.of(unit, year))
      if (balance.effectiveDate <= asOf) add(balance.account, balance.fen);
  }
  if (knownAt !== undefined) {
    const sign = past === 'less-later' ? -1 : 1;
    for (const row of tables.journal.of(unit, year)) {
      const counts = past === 'less-later' ? row.position > knownAt : row.position <= knownAt;
      if (counts && row.effectiveDate <= asOf) add(row.account, sign * row.fen);
    }
  }
  return [...tables.account.of(unit, year)].flatMap((account) => {
    const amount = sums.get(account.account) ?? 0;
    return amount === 0 ? [] : [figureOf(account, amount)];
  });
}

/** The revision known then against the newest tells which side of the journal is shorter. */
function pastSums(tables: MemoryTables, { unit, year, knownAt = -1n }: At): PastSums {
  let known = -1;
  for (const { position, revision } of tables.journal.of(unit, year)) if (position <= knownAt) known = revision;
  const newest = tables.streamPosition.find({ stream: budgetStream(unit, year) })?.revision ?? -1;
  return (known + 1) * 2 > newest + 1 ? 'less-later' : 'from-journal';
}

function figureOf({ line, fund, expenditure, kind, economic, facet, originYear }: Account, amount: number): Figure {
  const counted = facetOf(facet);
  return {
    line,
    fund,
    expenditure,
    kind,
    economic,
    ...(counted === undefined ? {} : { facet: counted }),
    ...(originYear === null ? {} : { originYear }),
    fen: fen(amount),
  };
}

const START: KnownPlace = { order: -1n, position: 'start', recordedAt: 0 };

/** The last place that all partitions include. */
export function freshnessInMemory({ tables }: MemoryReadModels): KnownPlace {
  const [first] = [...tables.projectionPosition.all()].sort((a, b) => (a.position < b.position ? -1 : 1));
  return first === undefined ? START : known(first);
}

/** The last place whose time is at or before an instant (UTC ms). Exact once the projections have passed that instant. */
export function placeInMemory({ tables }: MemoryReadModels, instant: number): KnownPlace {
  let last: Readonly<LogClock> | undefined;
  for (const row of tables.logClock.rows())
    if (row.recordedAt <= instant && row.recordedAt >= (last?.recordedAt ?? 0)) last = row;
  return last === undefined ? START : known(last);
}

const known = (row: { position: bigint; opaque: string; recordedAt: number }): KnownPlace => ({
  order: row.position,
  position: row.opaque as Position | 'start',
  recordedAt: row.recordedAt,
});
