/** What only one process at a time may do to the read models of a database, by an advisory lock of PostgreSQL. */
import type { ClientBase } from 'pg';
import type { DataSource } from 'typeorm';

/** By the database; whoever holds one loses it with its connection. */
export type Held = 'layout' | 'maintenance';

/** Both numbers of the lock: ours, and what it is for. */
export const lockOf = (what: Held): readonly [number, number] => [LOCKS, what === 'layout' ? 1 : 2];
const LOCKS = 0x6275_6467;

/** Holds it until the result is called; `undefined` when another process does. */
export async function tryHold(dataSource: DataSource, what: Held): Promise<(() => Promise<void>) | undefined> {
  const runner = dataSource.createQueryRunner();
  try {
    const client = (await runner.connect()) as ClientBase;
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1, $2) AS held', [...lockOf(what)]);
    if (!(rows as { held: boolean }[])[0]?.held) {
      await runner.release();
      return undefined;
    }
    return async () => {
      // Without its connection it is let go already.
      await client.query('SELECT pg_advisory_unlock($1, $2)', [...lockOf(what)]).catch(() => undefined);
      await runner.release();
    };
  } catch (error) {
    await runner.release();
    throw error;
  }
}
