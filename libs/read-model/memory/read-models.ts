/**
 * The read models in memory: for tests of everything above them, with the semantics of those in PostgreSQL. A batch is
 * written as a whole with its position or not at all, and only from the position that its writer believes in.
 */
import { fen } from '#domain/money.js';
import { UnitChange } from '#read-model/entities/directory.js';
import { BudgetLine, LineDefinition, PlanRow } from '#read-model/entities/lines.js';
import { Account, DayBalance, Journal } from '#read-model/entities/money.js';
import {
  Adjustment,
  CarryOver,
  Freeze,
  Payment,
  PaymentRequest,
  PaymentReturn,
  TakeBack,
} from '#read-model/entities/papers.js';
import { PerformanceEntry } from '#read-model/entities/performance.js';
import { LogClock, Parked, ProjectionPosition, StreamPosition } from '#read-model/entities/progress.js';
import { Mention, Milestone } from '#read-model/entities/story.js';
import { memorySource } from '#read-model/memory/source.js';
import { MemoryTable, type Undo } from '#read-model/memory/table.js';
import type { Absorbed } from '#read-model/projections/absorb.js';
import { PAPER_KINDS, type Changes, type LineNow, type PaperKind } from '#read-model/projections/changes.js';
import { joined, type Place } from '#read-model/projections/clock.js';
import { PAPERS } from '#read-model/projections/paper-entries.js';
import type { ReadTables } from '#read-model/projections/read-tables.js';
import type { Source } from '#read-model/projections/source.js';
import { TOTAL_COLUMNS, dayBalances, lineTotals } from '#read-model/projections/sums.js';
import { AnotherOwner } from '#read-model/projections/transaction.js';
import { additions } from '#read-model/projections/write.js';

const memoryTables = () =>
  ({
    account: new MemoryTable(Account),
    journal: new MemoryTable(Journal),
    dayBalance: new MemoryTable(DayBalance),
    budgetLine: new MemoryTable(BudgetLine),
    definition: new MemoryTable(LineDefinition),
    plan: new MemoryTable(PlanRow),
    papers: {
      vouchers: new MemoryTable(Payment),
      returns: new MemoryTable(PaymentReturn),
      requests: new MemoryTable(PaymentRequest),
      freezes: new MemoryTable(Freeze),
      adjustments: new MemoryTable(Adjustment),
      carryOvers: new MemoryTable(CarryOver),
      takeBacks: new MemoryTable(TakeBack),
    },
    milestone: new MemoryTable(Milestone),
    mention: new MemoryTable(Mention),
    performance: new MemoryTable(PerformanceEntry),
    unitChange: new MemoryTable(UnitChange),
    logClock: new MemoryTable(LogClock),
    projectionPosition: new MemoryTable(ProjectionPosition),
    streamPosition: new MemoryTable(StreamPosition),
    parked: new MemoryTable(Parked),
  }) satisfies ReadTables;

export type MemoryTables = ReturnType<typeof memoryTables>;

export class MemoryReadModels {
  readonly tables: MemoryTables = memoryTables();
  /** What earlier batches left here, for an `Absorber`. */
  readonly source: Source = memorySource(this.tables);

  /** The stored place of a partition; one is made at `start` for a new partition. */
  storedPlace(partition: string, start: bigint): Place {
    const stored = this.tables.projectionPosition.find({ partition });
    if (stored !== undefined) return placeOf(stored);
    const place: Place = { position: start, opaque: 'start', recordedAt: 0 };
    this.tables.projectionPosition.add({ partition, ...place }, []);
    return place;
  }

  /**
   * Writes everything of a batch, sums included, and moves the position of the partition. Throws `AnotherOwner` when the
   * position is not at `place`, and an error on rows that cannot be; nothing is written then.
   */
  apply(partition: string, place: Place, absorbed: Absorbed): void {
    const stored = this.tables.projectionPosition.find({ partition });
    if (stored?.position !== place.position) throw new AnotherOwner(partition, place);
    this.#together((undo) => {
      this.#writeLines(absorbed.changes, undo);
      for (const { table, rows } of additions(this.tables, absorbed.changes)) {
        for (const row of rows) (table as MemoryTable<object>).add(row as object, undo);
      }
      for (const kind of PAPER_KINDS) this.#changePapers(kind, absorbed.changes, undo);
      this.#addSums(absorbed.changes, undo);
      this.#writeProgress(partition, absorbed, undo);
    });
  }

  #together(write: (undo: Undo[]) => void): void {
    const undo: Undo[] = [];
    try {
      write(undo);
    } catch (error) {
      for (const takeBack of undo.reverse()) takeBack();
      throw error;
    }
  }

  /** What lines are now; their totals stay. */
  #writeLines({ lines }: Changes, undo: Undo[]): void {
    const { budgetLine } = this.tables;
    for (const line of lines.values()) {
      const stored = budgetLine.find(line);
      budgetLine.put({ ...(stored ?? { ...line, ...NO_TOTALS }), ...line } satisfies LineNow as BudgetLine, undo);
    }
  }

  #changePapers<Kind extends PaperKind>(kind: Kind, { changed }: Changes, undo: Undo[]): void {
    const table: MemoryTable<object> = this.tables.papers[kind];
    for (const row of changed[kind]) table.change(row, PAPERS[kind].changing as never[], undo);
  }

  #addSums({ effects }: Changes, undo: Undo[]): void {
    const { dayBalance, budgetLine } = this.tables;
    for (const balance of dayBalances(effects)) {
      const stored = dayBalance.find(balance);
      dayBalance.put({ ...balance, fen: fen((stored?.fen ?? 0) + balance.fen) }, undo);
    }
    for (const totals of lineTotals(effects)) {
      const stored = budgetLine.find(totals);
      if (stored === undefined) throw new Error(`there is no line ${totals.line} to be summed`);
      for (const column of Object.values(TOTAL_COLUMNS)) stored[column] = fen(stored[column] + totals[column]);
      budgetLine.put(stored, undo);
    }
  }

  #writeProgress(partition: string, { heads, parked, clock, place }: Absorbed, undo: Undo[]): void {
    const { streamPosition, logClock, projectionPosition } = this.tables;
    for (const head of heads) {
      const { firstPosition } = streamPosition.find(head) ?? head;
      streamPosition.put({ ...head, firstPosition }, undo);
    }
    for (const row of parked) {
      const stored = this.tables.parked.find(row);
      this.tables.parked.put({ ...(stored ?? row), heldRevision: row.heldRevision }, undo);
    }
    for (const row of clock) logClock.put(joined(logClock.find(row), row), undo);
    projectionPosition.put({ partition, ...place }, undo);
  }
}

const NO_TOTALS = Object.fromEntries(Object.values(TOTAL_COLUMNS).map((column) => [column, fen(0)]));

const placeOf = ({ position, opaque, recordedAt }: ProjectionPosition): Place => ({
  position,
  opaque: opaque as Place['opaque'],
  recordedAt,
});
