/**
 * Processes of a distributed system die, pause, join and leave while it works. One system for all of it. Seed: see
 * table-row.ts.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { ask } from '../home.js';
import { roundsOf } from '../table-row.js';
import { describeFaults, patience, suffer, type Stage } from './faults.js';
import { startDistributed, type Kind, type System } from './system.js';
import { untilShared } from './topic.js';

const KILLS = roundsOf({ few: 1, short: 5, full: 20 });
const SOME = roundsOf({ few: 1, short: 2, full: 10 });

/** How long load goes on for a comparison of two speeds, ms. */
const SPEED_MS = roundsOf({ few: 3_000, short: 5_000, full: 15_000 });

let system: System;

describeFaults('a distributed system', () => {
  beforeAll(async () => {
    system = await startDistributed();
  }, patience());
  afterAll(() => system?.stop(), patience());

  it.each(['ledger', 'relay', 'projector'] as const)(
    `loses nothing and doubles nothing when a %s is killed, ${KILLS} times`,
    (kind) =>
      suffer(system, {
        fault: `distributed: SIGKILL of a ${kind}`,
        rounds: KILLS,
        aimMs: AIM_MS[kind],
        strike: async (stage) => {
          const victim = kind === 'relay' ? await system.activeRelay() : system.random.oneOf(system.of(kind));
          const since = performance.now();
          await victim.kill();
          await system.servesAgain(stage.load);
          const served = performance.now() - since;
          // As an orchestrator does; who is left has done the work meanwhile.
          await system.launch(kind).ready();
          return served;
        },
      }),
    patience(KILLS),
  );

  it(
    `has another relay take over from a paused one, which stands back when it is resumed, ${SOME} times`,
    () =>
      suffer(system, {
        fault: 'distributed: relay paused, resumed',
        rounds: SOME,
        aimMs: 15_000,
        strike: async ({ load }) => {
          const first = await system.activeRelay();
          const before = await epoch();
          first.signal('SIGSTOP');
          const since = performance.now();
          try {
            await system.servesAgain(load);
          } finally {
            first.signal('SIGCONT');
          }
          const served = performance.now() - since;
          const second = await system.activeRelay();
          expect([second.pid === first.pid, (await epoch()) > before]).toEqual([false, true]);
          await load.moves(32);
          expect((await system.activeRelay()).pid).toBe(second.pid);
          // It is of use again: as the only one that is left, it does the work.
          if (!first.isAlive) await system.launch('relay').ready();
          await second.kill();
          await system.servesAgain(load);
          await system.launch('relay').ready();
          return served;
        },
      }),
    patience(SOME),
  );

  it(
    `gives the partitions out anew in the middle of the work when a projector joins and when one leaves, ${SOME} times`,
    () =>
      suffer(system, {
        fault: 'distributed: a projector joins, one leaves',
        rounds: SOME,
        strike: async ({ load }) => {
          const third = system.launch('projector');
          await third.ready();
          await untilShared(system.brokers, 3);
          await load.moves(64);
          await third.stop();
          await untilShared(system.brokers, 2);
          return system.servesAgain(load);
        },
      }),
    patience(SOME),
  );

  it(
    'keeps the speed of its writes while the projectors are ten times slower',
    () => {
      let note = '';
      return suffer(system, {
        fault: 'distributed: projectors ten times slower',
        strike: async ({ load }) => {
          const usual = await acknowledgedPerSecond(load);
          await brake(10);
          const slowed = await acknowledgedPerSecond(load);
          await brake(1);
          note = `acknowledged/s: ${usual} before, ${slowed} while slowed`;
          return system.servesAgain(load);
        },
        examine: async () => note,
      });
    },
    patience(),
  );
});

const AIM_MS = { ledger: 5_000, relay: 15_000, projector: 15_000 } as const satisfies Partial<Record<Kind, number>>;

async function epoch(): Promise<bigint> {
  const rows = await ask<{ epoch: string }>(system.home, `SELECT epoch::text FROM lease.lease WHERE name = 'relay'`);
  return BigInt(rows[0]?.epoch ?? 0);
}

async function brake(timesSlower: number): Promise<void> {
  await Promise.all(system.of('projector').map((app) => app.tell({ timesSlower })));
}

async function acknowledgedPerSecond(load: Stage['load']): Promise<number> {
  const before = load.acknowledged;
  const since = performance.now();
  await pause(SPEED_MS);
  return Math.round(((load.acknowledged - before) / (performance.now() - since)) * 1_000);
}
