/**
 * The moment in which other read models are put in the place of those in use. The projector is stopped first, while readers
 * go on; the readers are shut out only for the renaming, and nobody is made to wait behind one that takes long.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseError, type ClientBase } from 'pg';
import type { Filling } from '#read-model/projections/filling.js';
import { inUse } from '#read-model/projections/in-use.js';
import { IN_USE } from '#read-model/projections/schema.js';

export interface ExchangeOptions {
  /** How long readers that come meanwhile may have to wait for one that came before, in ms. */
  readonly shutOutMs?: number;
  /** How long to try, in ms. */
  readonly patienceMs?: number;
}

/** A batch of the projector takes less. */
const PROJECTOR_MS = 2_000;
const SHUT_OUT_MS = 50;
const PATIENCE_MS = 60_000;
const PAUSE_MS = 100;

/**
 * Brings the tables of `filling` near to where those in use are, then to the furthest place that any partition of them has
 * reached, and lets `rename` exchange them, in one transaction. What a partition brings after that and is there already is
 * skipped. Returns the number of events taken in. Rejects, with nothing exchanged, when readers do not let go in time.
 */
export async function exchange(
  filling: Filling,
  rename: (client: ClientBase) => Promise<void>,
  { shutOutMs = SHUT_OUT_MS, patienceMs = PATIENCE_MS }: ExchangeOptions = {},
): Promise<number> {
  const giveUpAt = Date.now() + patienceMs;
  let events = 0;
  for (;;) {
    events += await filling.approach({ matching: false });
    try {
      return await filling.transaction(async (client) => {
        await client.query(`SET LOCAL lock_timeout = ${PROJECTOR_MS}`);
        await client.query(`LOCK TABLE ${IN_USE}.projection_position IN SHARE MODE`);
        const used = await inUse(client);
        const last = used === undefined ? 0 : await filling.pass(used);
        await client.query(`SET LOCAL lock_timeout = ${shutOutMs}`);
        await client.query(`LOCK TABLE ${IN_USE}.projection_position IN ACCESS EXCLUSIVE MODE`);
        await rename(client);
        return events + last;
      });
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      if (Date.now() >= giveUpAt) {
        throw new Error('readers did not let go of the read models in use; nothing has changed', { cause: error });
      }
      await pause(PAUSE_MS);
    }
  }
}

const LOCK_NOT_AVAILABLE = '55P03';
const isLockTimeout = (error: unknown): boolean => error instanceof DatabaseError && error.code === LOCK_NOT_AVAILABLE;
