import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CivilDate } from '#domain/calendar.js';
import { orderColumn } from '#read-model/entities/columns.js';

/** One event about a unit. `name` is null where it stays; `parent` counts only where `placed`. */
@Entity('unit_change')
export class UnitChange {
  @PrimaryColumn('text', { collation: 'C' }) unit: string;
  @PrimaryColumn('bigint', { transformer: orderColumn }) position: bigint;
  @Column('date') validFrom: CivilDate;
  @Column('text', { nullable: true }) name: string | null;
  @Column('boolean') placed: boolean;
  /** Null: at the top of the tree. */
  @Column({ type: 'text', nullable: true, collation: 'C' }) parent: string | null;
}
