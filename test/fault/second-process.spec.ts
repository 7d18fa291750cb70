/**
 * Two systems on the same data. The second stands by; when the first is paused for longer than its lease, the second takes
 * over, and the first, resumed, writes nothing any more and ends itself. Seed: see campaign.ts.
 */
import { describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { campaign, patience, rounds, type Stage } from './campaign.js';
import { smallAddition, UNITS } from './commands.js';
import { databaseHome, embeddedHome, type Home } from './home.js';
import type { Load } from './load.js';
import { readLog } from './oracle.js';

const ROUNDS = rounds({ short: 3, full: 15 });

/** What a process ends with that lost the log to another one. */
const FENCED = 3;

const HOMES: readonly (readonly [string, () => Promise<Home>])[] = [
  ['a data folder', embeddedHome],
  ['DATABASE_URL', databaseHome],
];

describe('a second system on the same data', () => {
  it.each(HOMES)(
    `in %s stands by and takes over from a paused one, which is fenced when it is resumed, ${ROUNDS} times`,
    (where, home) =>
      campaign({
        fault: `paused, fenced, resumed: ${where}`,
        rounds: ROUNDS,
        home,
        strike: async (stage) => {
          const [first, second] = [stage.app, stage.launch({ logLevel: 'warn' })];
          while (!second.said.includes('another process uses this data') && second.isAlive) await pause(20);
          await stage.load.moves(UNITS.length);
          expect([second.isAlive, second.address]).toEqual([true, undefined]);

          first.signal('SIGSTOP');
          const since = performance.now();
          const late = lateWrites(stage);
          await second.ready();
          const ready = performance.now() - since;
          stage.app = second;

          first.signal('SIGCONT');
          expect(await first.ended).toBe(FENCED);
          await expectRefused(stage.home, await Promise.all(late));
          return ready;
        },
      }),
    patience(ROUNDS),
  );
});

type Late = Awaited<ReturnType<Load['once']>>;

/** Sent to the paused system, which will find them when it is resumed. */
const lateWrites = ({ app, load }: Stage): Promise<Late>[] =>
  UNITS.map((unit) => load.once(smallAddition(unit), { address: app.address, patienceMs: 60_000 }));

async function expectRefused(home: Home, late: readonly Late[]): Promise<void> {
  // 503, or a connection that ended with the process.
  expect(late.map(({ answer }) => answer?.status ?? 503)).toEqual(late.map(() => 503));
  const stored = new Set((await readLog(home)).map(({ commandId }) => commandId));
  expect(late.filter(({ sent }) => stored.has(sent.commandId))).toEqual([]);
}
