/** SIGKILL under load: of the system itself, of its PostgreSQL, and of one of PostgreSQL's processes. Seed: see campaign.ts. */
import { describe, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive } from '#platform/postgres-cluster.js';
import { NEVER_READY_MS } from './app.js';
import { campaign, patience, rounds, type Stage } from './campaign.js';
import { smallAddition, UNITS } from './commands.js';
import { ask, serverOf } from './home.js';

const APP_ROUNDS = rounds({ short: 20, full: 200 });
const POSTGRES_ROUNDS = rounds({ short: 5, full: 50 });

describe('killed under load', () => {
  it(
    `the system loses nothing and doubles nothing, ${APP_ROUNDS} times`,
    () =>
      campaign({
        fault: 'SIGKILL of the system',
        rounds: APP_ROUNDS,
        aimMs: 5_000,
        strike: async (stage) => {
          const since = performance.now();
          await stage.app.kill();
          await stage.restart();
          return performance.now() - since;
        },
      }),
    patience(APP_ROUNDS),
  );

  it(
    `its PostgreSQL loses nothing and doubles nothing, ${POSTGRES_ROUNDS} times`,
    () =>
      campaign({
        fault: 'SIGKILL of PostgreSQL',
        rounds: POSTGRES_ROUNDS,
        aimMs: 15_000,
        strike: async (stage) => {
          const backends = await backendsOf(stage);
          const { pid } = serverOf(stage.home.folder);
          process.kill(pid, 'SIGKILL');
          return servesAgain(stage, [pid, ...backends]);
        },
      }),
    patience(POSTGRES_ROUNDS),
  );

  it(
    `a backend of its PostgreSQL loses nothing and doubles nothing, ${POSTGRES_ROUNDS} times`,
    () =>
      campaign({
        fault: 'SIGKILL of a PostgreSQL backend',
        rounds: POSTGRES_ROUNDS,
        aimMs: 15_000,
        strike: async (stage) => {
          const backends = await backendsOf(stage);
          process.kill(stage.random.oneOf(backends), 'SIGKILL');
          return servesAgain(stage, backends);
        },
      }),
    patience(POSTGRES_ROUNDS),
  );
});

/** Processes of the server that serve this system's connections. */
async function backendsOf({ home }: Stage): Promise<number[]> {
  const rows = await ask<{ pid: number }>(
    home,
    `SELECT pid FROM pg_stat_activity
     WHERE datname = 'ledger' AND backend_type = 'client backend' AND pid <> pg_backend_pid()`,
  );
  return rows.map(({ pid }) => pid);
}

/** Time until the old processes are gone, the system says that it is ready, and a write is acknowledged. */
async function servesAgain({ app, load, random }: Stage, old: readonly number[]): Promise<number> {
  const since = performance.now();
  while (old.some(isAlive)) await pause(5);
  while (!(await app.isReady())) {
    if (performance.now() - since > NEVER_READY_MS) throw new Error(`not ready again:\n${app.said}`);
    await pause(20);
  }
  await load.perform(smallAddition(random.oneOf(UNITS)));
  return performance.now() - since;
}
