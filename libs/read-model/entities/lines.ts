/** Lines of a budget: as they are now, as they were defined, and what was planned for them. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Expenditure, FundNature } from '#domain/budget/events.js';
import type { LineState } from '#domain/budget/state.js';
import type { CivilDate } from '#domain/calendar.js';
import type { Fen } from '#domain/money.js';
import { fenColumn, orderColumn } from '#read-model/entities/columns.js';

/** A line with its totals over all dates, as known now. */
@Entity('budget_line')
export class BudgetLine {
  @PrimaryColumn('text', { collation: 'C' }) unit: string;
  @PrimaryColumn('smallint') year: number;
  @PrimaryColumn('text', { collation: 'C' }) line: string;
  @Column('text') name: string;
  @Column('text') expenditure: Expenditure;
  @Column('text') fund: FundNature;
  /** Codes from each date on, earliest first. */
  @Column('jsonb') codes: LineState['codes'];
  /** Opened by itself, not only by an approval. */
  @Column('boolean') opened: boolean;
  /** False once its approval was withdrawn: the line no longer exists. */
  @Column('boolean') live: boolean;
  @Column('bigint', { transformer: fenColumn, default: 0 }) originalFen: Fen;
  @Column('bigint', { transformer: fenColumn, default: 0 }) carryOverInFen: Fen;
  @Column('bigint', { transformer: fenColumn, default: 0 }) addedFen: Fen;
  @Column('bigint', { transformer: fenColumn, default: 0 }) cutFen: Fen;
  @Column('bigint', { transformer: fenColumn, default: 0 }) transferredInFen: Fen;
  @Column('bigint', { transformer: fenColumn, default: 0 }) transferredOutFen: Fen;
  @Column('bigint', { transformer: fenColumn, default: 0 }) frozenFen: Fen;
  @Column('bigint', { transformer: fenColumn, default: 0 }) requestedFen: Fen;
  @Column('bigint', { transformer: fenColumn, default: 0 }) paidFen: Fen;
  @Column('bigint', { transformer: fenColumn, default: 0 }) takenBackFen: Fen;
}

/** What one event leaves a line as. `withdrawn` only where the line ends with its approval. */
@Entity('line_definition')
export class LineDefinition {
  @PrimaryColumn('text', { collation: 'C' }) unit: string;
  @PrimaryColumn('smallint') year: number;
  @PrimaryColumn('text', { collation: 'C' }) line: string;
  @PrimaryColumn('bigint', { transformer: orderColumn }) position: bigint;
  @Column('date') effectiveDate: CivilDate;
  @Column('text') kind: 'opened' | 'approved' | 'reclassified' | 'withdrawn';
  @Column('text') name: string;
  @Column('text') expenditure: Expenditure;
  @Column('text') fund: FundNature;
  @Column('jsonb') codes: LineState['codes'];
}

/** A plan of cumulative payment, or its end. Rule book 13, 8. */
@Entity('plan')
export class PlanRow {
  @PrimaryColumn('text', { collation: 'C' }) unit: string;
  @PrimaryColumn('smallint') year: number;
  @PrimaryColumn('text', { collation: 'C' }) line: string;
  @PrimaryColumn('bigint', { transformer: orderColumn }) position: bigint;
  @Column('date') effectiveDate: CivilDate;
  @Column('text') kind: 'approved' | 'monthly' | 'withdrawn';
  @Column('bigint', { nullable: true, transformer: fenColumn }) halfYearPlanFen: Fen | null;
  /** Twelve amounts, January first; null unless monthly. */
  @Column('jsonb', { nullable: true }) cumulativeFen: readonly Fen[] | null;
}
