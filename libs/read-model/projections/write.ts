/** What a batch comes to as parts of statements. */
import type { ClientBase } from 'pg';
import type { Absorbed } from '#read-model/projections/absorb.js';
import { PAPER_KINDS, type Changes, type PaperKind } from '#read-model/projections/changes.js';
import { PAPERS } from '#read-model/projections/paper-entries.js';
import { WHOLE_LOG } from '#read-model/projections/partitions.js';
import type { ReadTables } from '#read-model/projections/read-tables.js';
import { adding, changing, entering, merging, perform, type Part } from '#read-model/projections/statement.js';
import { TOTAL_COLUMNS, dayBalances, lineTotals } from '#read-model/projections/sums.js';
import type { Table } from '#read-model/projections/tables.js';

/** A table and rows that are only ever added to it. */
export interface Addition {
  readonly table: Table<unknown>;
  readonly rows: readonly unknown[];
}

/** All that a batch adds, but for sums and bookkeeping. */
export function additions(tables: ReadTables, changes: Changes): Addition[] {
  const of = <Row>(table: Table<Row>, rows: readonly Row[]): Addition => ({ table, rows });
  const booked = <Kind extends PaperKind>(kind: Kind) => of(tables.papers[kind], [...changes.booked[kind]]);
  const entries = changes.effects.map(({ row }) => row);
  return [
    of(tables.account, changes.accounts),
    of(tables.journal, entries),
    of(tables.definition, changes.definitions),
    of(tables.plan, changes.plans),
    of(tables.milestone, changes.milestones),
    of(tables.mention, changes.mentions),
    of(tables.performance, changes.performance),
    of(tables.unitChange, changes.units),
    ...PAPER_KINDS.map(booked),
  ];
}

/** Writes everything, sums included, and moves the position of the partition, unless that is done by whoever calls. */
export async function writeBatch(
  client: ClientBase,
  tables: ReadTables,
  { partition, absorbed }: { readonly partition?: string; readonly absorbed: Absorbed },
): Promise<void> {
  const { changes, place } = absorbed;
  const places = partition === undefined ? [] : [{ partition, ...place }];
  const isAlone = partition === undefined || partition === WHOLE_LOG;
  const clock = timesPassed(tables, absorbed);
  // Lines first: their totals are changed by the second statement, which finds only rows that were there before it.
  await perform(client, [linesDefined(tables, changes)]);
  await perform(client, [
    ...additions(tables, changes).map(({ table, rows }) => adding(table, rows)),
    ...papersChanged(tables, changes),
    ...sumsAdded(tables, changes),
    ...headsReached(tables, absorbed),
    entering(tables.projectionPosition, places, { changing: ['position', 'opaque', 'recordedAt'] }),
    ...(isAlone ? [clock] : []),
  ]);
  // The only rows that partitions share: whoever has entered them keeps the others waiting until the commit.
  if (!isAlone) await perform(client, [clock]);
}

/** Another partition may have entered other events of the same time. */
export const timesPassed = ({ logClock }: ReadTables, { clock }: Pick<Absorbed, 'clock'>): Part =>
  merging(
    logClock,
    clock,
    `first_position = least(log_clock.first_position, excluded.first_position),
     position = greatest(log_clock.position, excluded.position),
     opaque = CASE WHEN excluded.position > log_clock.position THEN excluded.opaque ELSE log_clock.opaque END
     WHERE excluded.first_position < log_clock.first_position OR excluded.position > log_clock.position`,
  );

/** Papers that earlier batches booked and this one changes. */
export function papersChanged(tables: ReadTables, { changed }: Pick<Changes, 'changed'>): Part[] {
  const change = <Kind extends PaperKind>(kind: Kind) =>
    changing(tables.papers[kind], [...changed[kind]], { changing: PAPERS[kind].changing });
  return PAPER_KINDS.map(change);
}

/** What lines are now; their totals stay. */
export function linesDefined({ budgetLine }: ReadTables, { lines }: Pick<Changes, 'lines'>): Part {
  const totals = new Set<string>(Object.values(TOTAL_COLUMNS));
  const table = { ...budgetLine, columns: budgetLine.columns.filter(({ property }) => !totals.has(property)) };
  return entering<unknown>(table, [...lines.values()], {
    changing: table.columns.filter(({ isKey }) => !isKey).map(({ property }) => property) as never[],
  });
}

const sumsAdded = ({ dayBalance, budgetLine }: ReadTables, { effects }: Changes): Part[] => [
  entering(dayBalance, dayBalances(effects), { changing: ['fen'], sum: true }),
  changing(budgetLine, lineTotals(effects), { changing: Object.values(TOTAL_COLUMNS), sum: true }),
];

/** How far streams have come, and what is parked. */
export const headsReached = (
  { streamPosition, parked }: ReadTables,
  absorbed: Pick<Absorbed, 'heads' | 'parked'>,
): Part[] => [
  entering(streamPosition, absorbed.heads, { changing: ['revision', 'position'] }),
  entering(parked, absorbed.parked, { changing: ['heldRevision'] }),
];
