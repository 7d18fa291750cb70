/**
 * What a distributed system stands on fails and comes back: the event store and the broker. One system for all of it. Seed:
 * see table-row.ts.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { smallAddition, UNITS, yearPath } from '../commands.js';
import { roundsOf } from '../table-row.js';
import { describeFaults, patience, suffer, type Stage } from './faults.js';
import { startDistributed, type System } from './system.js';
import { eventsIn } from './topic.js';

/** Longer than every timeout on the way to the event store. */
const AWAY_MS = roundsOf({ few: 15_000, short: 20_000, full: 60_000 });
const LONG_MS = roundsOf({ few: 15_000, short: 60_000, full: 60_000 });
const SOME = roundsOf({ few: 1, short: 2, full: 10 });

let system: System;

describeFaults('a distributed system', () => {
  beforeAll(async () => {
    system = await startDistributed();
  }, patience());
  afterAll(() => system?.stop(), patience());

  it.each([
    ['cannot be reached', 'refused', LONG_MS],
    ['says nothing', 'silent', AWAY_MS],
  ] as const)(
    'refuses writes with what to do while the event store %s, goes on reading, and comes back by itself',
    (what, how, ms) =>
      suffer(system, {
        fault: `distributed: event store ${what}, ${ms / 1_000} s`,
        aimMs: 15_000,
        strike: (stage) => withoutEventStore(stage, how, ms),
      }),
    patience(),
  );

  it(
    `books once what the event store had stored without a word, ${SOME} times`,
    () =>
      suffer(system, {
        fault: 'distributed: replies lost after the commit',
        rounds: SOME,
        strike: async ({ load }) => {
          for (const how of ['ended', 'silent'] as const) {
            await system.eventStoreFault('loseReplies', system.random.between(1, 12), how);
            await load.moves(64);
          }
          return system.servesAgain(load);
        },
      }),
    patience(SOME),
  );

  it(
    `waits for a leader that the event store does not have for a while, ${SOME} times`,
    () =>
      suffer(system, {
        fault: 'distributed: event store not the leader',
        rounds: SOME,
        aimMs: 15_000,
        strike: async ({ load }) => {
          const { hostname, port } = new URL(system.eventStoreUrl);
          await system.eventStoreFault('notLeader', { host: hostname, port: Number(port) });
          await pause(system.random.between(2_000, 6_000));
          await system.eventStoreFault('none');
          return system.servesAgain(load);
        },
      }),
    patience(SOME),
  );

  it(
    `goes on where it was when the broker is killed and comes back, ${SOME} times`,
    () =>
      suffer(system, {
        fault: 'distributed: broker killed',
        rounds: SOME,
        aimMs: 15_000,
        strike: async ({ load }) => {
          await system.brokers.kill(0);
          // Nothing of it is on the way of a write.
          await load.moves(64);
          await pause(system.random.between(0, 3_000));
          await system.brokers.revive(0);
          return system.servesAgain(load);
        },
      }),
    patience(SOME),
  );

  it(
    `fills the topic again from the log when the broker has lost its data, ${SOME} times`,
    () =>
      suffer(system, {
        fault: "distributed: broker's data wiped",
        rounds: SOME,
        aimMs: 30_000,
        strike: async ({ load }) => {
          await system.brokers.kill(0);
          await load.moves(32);
          await system.brokers.revive(0, { wipe: true });
          const since = performance.now();
          await system.makeTopic();
          await system.servesAgain(load);
          return performance.now() - since;
        },
        examine: async () => {
          const sent = new Set(await eventsIn(system.brokers));
          const log = await system.source.read();
          expect(log.filter(({ id }) => !sent.has(id))).toEqual([]);
          expect(sent.size).toBe(log.length);
        },
      }),
    patience(SOME),
  );
});

async function withoutEventStore({ load }: Stage, how: 'refused' | 'silent', ms: number): Promise<number> {
  await system.eventStoreFault('unavailable', how);
  const until = performance.now() + ms;
  const refused = await refusal(load);
  expect(refused.body).toMatchObject({
    code: 'STORE_UNAVAILABLE',
    detail: expect.stringMatching(/Send the same request with the same Idempotency-Key again/i) as unknown,
  });
  for (const app of system.of('ledger')) {
    // A store that is silent is only known by waiting for it.
    while (await app.isReady()) await pause(50);
    expect([app.isAlive, (await fetch(`${app.address}/livez`)).status]).toEqual([true, 200]);
  }
  for (const unit of UNITS) {
    const answer = await fetch(`${system.address}${yearPath(unit)}/lines`);
    expect([unit, answer.status, await answer.json()]).toEqual([unit, 200, expect.objectContaining({})]);
  }
  await pause(Math.max(0, until - performance.now()));
  expect(load.faults).toEqual([]);
  await system.eventStoreFault('none');
  return system.servesAgain(load);
}

/** The first answer that refuses a write; every new write is tried once. */
async function refusal(load: Stage['load']): Promise<{ readonly status: number; readonly body: unknown }> {
  for (;;) {
    const { answer } = await load.once(smallAddition(system.random.oneOf(UNITS)), { patienceMs: 30_000 });
    if (answer?.status === 503) return answer;
    if (answer !== undefined && answer.status !== 201) throw new Error(JSON.stringify(answer));
  }
}
