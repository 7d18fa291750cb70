/**
 * The computer's clock is set forward and back by a day, under load and between two starts. Timers go on as before, as on a
 * real computer. Seed: see campaign.ts.
 */
import { describe, expect, it } from '@jest/globals';
import { campaign, patience, rounds, type Stage } from './campaign.js';
import { UNITS, yearPath } from './commands.js';
import type { Home } from './home.js';
import type { Sent } from './load.js';
import { readLog } from './oracle.js';

const ROUNDS = rounds({ short: 5, full: 20 });
const DAY_MS = 86_400_000;

/** From right to a day late, a day early, a day late and so on. */
const shiftOf = (round: number): number => (round % 2 === 0 ? DAY_MS : -DAY_MS);

describe('a clock that jumps by a day', () => {
  it(
    `forward and back: what is recorded keeps its order and its dates, ${ROUNDS} times`,
    () =>
      campaign({
        fault: 'clock a day forward and back',
        rounds: ROUNDS,
        strike: async (stage, round) => {
          const before = await frozenAnswers(stage);
          await stage.app.shiftClock(shiftOf(round));
          expect(await stage.app.isReady()).toBe(true);
          await stage.load.moves(32);
          expect(await stage.app.isReady()).toBe(true);
          expect(await again(stage, before)).toEqual(before);

          // The next start finds a log that is a day ahead of its clock, or a day behind.
          await stage.app.kill();
          const since = performance.now();
          await stage.restart({ clockShiftMs: -shiftOf(round) });
          const ready = performance.now() - since;
          await stage.load.moves(32);
          expect(await again(stage, before)).toEqual(before);
          return ready;
        },
        examine: ({ home, load }) => expectGivenDates(home, load.sent),
      }),
    patience(ROUNDS),
  );
});

/** What was known at some moment of the past, by the link to it. */
type Frozen = Readonly<Record<string, unknown>>;

/** By position and by instant, of what is recorded by now. */
async function frozenAnswers(stage: Stage): Promise<Frozen> {
  const answers: Record<string, unknown> = {};
  for (const unit of UNITS) {
    const { position, recordedAt } = await lines(stage, yearPath(unit) + '/lines?asOf=2024-12-31');
    // More than one event may have the stamp of the last one, so the instant before it is asked for.
    const instant = new Date(Date.parse(recordedAt as string) - 1).toISOString();
    for (const knownAt of [position, instant]) {
      const path = `${yearPath(unit)}/lines?asOf=2024-12-31&knownAt=${String(knownAt)}`;
      answers[path] = await lines(stage, path);
    }
  }
  return answers;
}

async function again(stage: Stage, before: Frozen): Promise<Frozen> {
  const answers: Record<string, unknown> = {};
  for (const path of Object.keys(before)) answers[path] = await lines(stage, path);
  return answers;
}

async function lines({ app }: Stage, path: string): Promise<Record<string, unknown>> {
  const answer = await fetch(`${app.address}${path}`);
  const body = (await answer.json()) as Record<string, unknown>;
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(body)}`);
  return body;
}

/** Every event is dated as its request said, whatever the clock showed. */
async function expectGivenDates(home: Home, sent: readonly Sent[]): Promise<void> {
  const given = new Map(sent.map(({ commandId, body }) => [commandId, body['effectiveDate'] ?? body['validFrom']]));
  const others = (await readLog(home)).filter(({ commandId, effectiveDate }) => given.get(commandId) !== effectiveDate);
  expect(others).toEqual([]);
}
