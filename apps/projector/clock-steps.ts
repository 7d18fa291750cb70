/** The stretches of the log in which the store's clock had stepped back, as the relay keeps them. */
import type { DataSource } from 'typeorm';
import type { ClockSteps } from '#read-model/projections/logged-time.js';

interface StepRow {
  readonly from_position: string;
  readonly through_position: string;
  readonly time: string;
}

export const storedClockSteps =
  (dataSource: DataSource): ClockSteps =>
  async (from, through) => {
    const rows = await dataSource
      .query<StepRow[]>(
        `SELECT from_position, through_position, time FROM relay.clock_step
         WHERE through_position >= $1 AND from_position <= $2`,
        [String(from), String(through)],
      )
      .catch((error: unknown): StepRow[] => {
        // No relay has ever run on this database: nothing was delivered, and nothing has another time than its own.
        if (NOT_THERE.has((error as { code?: string }).code ?? '')) return [];
        throw error;
      });
    return rows.map(({ from_position, through_position, time }) => ({
      from: BigInt(from_position),
      through: BigInt(through_position),
      time: Number(time),
    }));
  };

/** Undefined table, undefined schema. */
const NOT_THERE = new Set(['42P01', '3F000']);
