import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CivilDate } from '#domain/calendar.js';
import type { Indicator } from '#domain/performance/events.js';
import { orderColumn } from '#read-model/entities/columns.js';

/** One indicator of a performance table, from one approval of the table on. */
@Entity('indicator')
export class IndicatorRow {
  @PrimaryColumn('text', { collation: 'C' }) unit: string;
  @PrimaryColumn('smallint') year: number;
  @PrimaryColumn('bigint', { transformer: orderColumn }) position: bigint;
  @PrimaryColumn('text', { collation: 'C' }) indicator: string;
  /** Place in the printed order, from 0. */
  @Column('integer') ordinal: number;
  @Column('integer') revision: number;
  @Column('date') effectiveDate: CivilDate;
  @Column('jsonb') definition: Indicator;
}
