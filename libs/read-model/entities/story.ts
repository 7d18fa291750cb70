/** What happened apart from money: the milestones of a year, and which events a line's history tells of. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CivilDate } from '#domain/calendar.js';
import { orderColumn } from '#read-model/entities/columns.js';

export type MilestoneKind = 'approved' | 'withdrawn' | 'sealed' | 'reopened' | 'closed' | 'year-reopened';

/** Approval, seals and close of a year, each with both dates. */
@Entity('milestone')
export class Milestone {
  @PrimaryColumn('text', { collation: 'C' }) unit: string;
  @PrimaryColumn('smallint') year: number;
  @PrimaryColumn('bigint', { transformer: orderColumn }) position: bigint;
  @Column('integer') revision: number;
  @Column('date') effectiveDate: CivilDate;
  @Column('text') kind: MilestoneKind;
  /** Data of the event; of a seal's reports only their digests. */
  @Column('jsonb') detail: unknown;
}

/** In the place of a line where an event is about none, nor about all. No line can be called so. */
export const NO_LINE = ' ';

/**
 * A line that an event is about without moving its money; `''` stands for the whole year. With the journal it leads from
 * a line to all events of its history, and every event of a budget or a performance table has a row in one of the two.
 */
@Entity('mention')
export class Mention {
  @PrimaryColumn('text', { collation: 'C' }) unit: string;
  @PrimaryColumn('smallint') year: number;
  @PrimaryColumn('bigint', { transformer: orderColumn }) position: bigint;
  @PrimaryColumn('text', { collation: 'C' }) line: string;
  @Column({ type: 'text', collation: 'C' }) stream: string;
  @Column('integer') revision: number;
  @Column('date') effectiveDate: CivilDate;
}
