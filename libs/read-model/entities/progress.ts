/** How far the projections have come. No column holds the time at which a projection ran: a rebuild gives the same rows. */
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { instantColumn, orderColumn } from '#read-model/entities/columns.js';

/**
 * The log's time: the first and the last event at which the running maximum of `recordedAt` had this value. Only events are
 * entered, so that it is the same however the log was delivered, and the same after a rebuild.
 */
@Entity('log_clock')
@Index('log_clock_by_first_position', ['firstPosition'])
export class LogClock {
  @PrimaryColumn('bigint', { transformer: instantColumn }) recordedAt: number;
  @Column('bigint', { transformer: orderColumn }) firstPosition: bigint;
  @Column('bigint', { transformer: orderColumn }) position: bigint;
  /** The position as its store writes it. */
  @Column('text') opaque: string;
}

/**
 * One row for each part of the log that is delivered by itself; a batch moves it, and whoever finds it moved is not the
 * owner. Everything of its part up to there is in the read models; a part without news moves all the same.
 */
@Entity('projection_position')
export class ProjectionPosition {
  @PrimaryColumn('text') partition: string;
  @Column('bigint', { transformer: orderColumn }) position: bigint;
  /** The position as its store writes it, `start` before the first event. */
  @Column('text') opaque: string;
  /** The log's time there; 0 before the first event. */
  @Column('bigint', { transformer: instantColumn }) recordedAt: number;
}

@Entity('stream_position')
export class StreamPosition {
  @PrimaryColumn('text', { collation: 'C' }) stream: string;
  /** Of the last event that is in the read models. */
  @Column('integer') revision: number;
  @Column('bigint', { transformer: orderColumn }) firstPosition: bigint;
  @Column('bigint', { transformer: orderColumn }) position: bigint;
}

/** A stream that stopped at an event which cannot be projected. Its reads are stale; later events wait in the log. */
@Entity('parked')
export class Parked {
  @PrimaryColumn('text', { collation: 'C' }) stream: string;
  @Column('integer') revision: number;
  @Column('bigint', { transformer: orderColumn }) position: bigint;
  @Column('uuid') eventId: string;
  @Column('text') type: string;
  @Column('text') error: string;
  /** Revision of the last event kept back. */
  @Column('integer') heldRevision: number;
}
