/** Three brokers, of which any one may be gone: nothing waits for it. Seed: see table-row.ts. */
import { afterAll, beforeAll, it } from '@jest/globals';
import { roundsOf } from '../table-row.js';
import { describeFaults, patience, suffer } from './faults.js';
import { startDistributed, type System } from './system.js';

const ROUNDS = roundsOf({ few: 1, short: 3, full: 9 });

let system: System;

describeFaults('a distributed system on three brokers', () => {
  beforeAll(async () => {
    system = await startDistributed({ brokers: 3, processes: { ledger: 1, relay: 1, projector: 2, query: 1 } });
  }, patience());
  afterAll(() => system?.stop(), patience());

  it(
    `goes on while one of them is killed, and takes it back with and without its data, ${ROUNDS} times`,
    () =>
      suffer(system, {
        fault: 'distributed: one of three brokers killed',
        rounds: ROUNDS,
        aimMs: 15_000,
        strike: async ({ load }, round) => {
          const broker = round % 3;
          await system.brokers.kill(broker);
          const served = await system.servesAgain(load);
          await system.brokers.revive(broker, { wipe: system.random.fraction() < 0.5 });
          await system.servesAgain(load);
          return served;
        },
      }),
    patience(ROUNDS),
  );
});
