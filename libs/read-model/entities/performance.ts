/** What happened to performance tables. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CivilDate } from '#domain/calendar.js';
import type { PerformanceEvent } from '#domain/performance/events.js';
import { instantColumn, orderColumn } from '#read-model/entities/columns.js';

/**
 * One event of a performance table. What the table is at a date is worked out of them by the domain when it is asked for: a
 * year has a few thousand, and what one of them means depends on the date that is asked about.
 */
@Entity('performance_entry')
export class PerformanceEntry {
  @PrimaryColumn('text', { collation: 'C' }) unit: string;
  @PrimaryColumn('smallint') year: number;
  @PrimaryColumn('bigint', { transformer: orderColumn }) position: bigint;
  @Column('integer') revision: number;
  @Column('uuid') eventId: string;
  @Column('date') effectiveDate: CivilDate;
  @Column('date', { nullable: true }) belongsTo: CivilDate | null;
  @Column('text') type: PerformanceEvent['type'];
  /** In the shape of the version that `KEPT_SHAPES` of the migration names. */
  @Column('jsonb') data: PerformanceEvent['data'];
  @Column('text') actor: string;
  @Column('text', { nullable: true }) actorName: string | null;
  /** Running maximum of `recordedAt` along the log, UTC milliseconds: never decreasing. */
  @Column('bigint', { transformer: instantColumn }) recordedAt: number;
}
