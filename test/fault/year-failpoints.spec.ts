/** The system dies while it seals a period and while it closes a year. Seed: see campaign.ts. */
import { describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { campaign, patience, rounds, type Stage } from './campaign.js';
import { approvePlan, budgetCommand, registerUnit, YEAR, type Command } from './commands.js';
import type { Failpoint } from './failpoint.js';
import { databaseHome } from './home.js';
import { readLog } from './oracle.js';

const ROUNDS = rounds({ short: 5, full: 25 });

const POINTS = ['before append', 'after append'] as const;

describe('dying in the middle', () => {
  it.each(POINTS)(
    `of a seal, %s: the period is sealed once, ${ROUNDS} times`,
    (at) =>
      campaign({
        fault: `dies ${at} of a seal`,
        rounds: ROUNDS,
        aimMs: 5_000,
        home: databaseHome,
        strike: async (stage, round) => {
          const { unit, seen } = await newUnit(stage, `S${round}`);
          const seal = { effectiveDate: '2024-07-01', through: '2024-06-30', reason: 'half-year report' };
          const headers = { 'if-match': `"${seen}"` };
          const point = { at, nth: 1, type: 'PeriodSealed', stream: `budget-${unit}-${YEAR}` };
          return dieAt(stage, point, budgetCommand(unit, 'seals', seal, { headers }));
        },
        examine: async ({ load, home }, round) => {
          await load.perform(payment(`S${round}`, '2024-06-30'), 'PERIOD_SEALED');
          expect(await countEvents(home, `budget-S${round}-${YEAR}`, 'PeriodSealed')).toBe(1);
        },
      }),
    patience(ROUNDS),
  );

  it.each(POINTS)(
    `of a year's close, %s: the year is closed once, ${ROUNDS} times`,
    (at) =>
      campaign({
        fault: `dies ${at} of a year's close`,
        rounds: ROUNDS,
        aimMs: 5_000,
        home: databaseHome,
        strike: async (stage, round) => {
          const { unit, seen } = await newUnit(stage, `C${round}`);
          const point = { at, nth: 1, type: 'YearClosed', stream: `budget-${unit}-${YEAR}` };
          return dieAt(stage, point, closing(unit, seen));
        },
        examine: async ({ load, home }, round) => {
          await load.perform(payment(`C${round}`, '2024-12-31'), 'YEAR_CLOSED');
          expect(await countEvents(home, `budget-C${round}-${YEAR}`, 'YearClosed')).toBe(1);
        },
      }),
    patience(ROUNDS),
  );

  it.each(POINTS)(
    `of opening the next year, the close being in the log, %s: its money is brought forward once, ${ROUNDS} times`,
    (at) =>
      campaign({
        fault: `dies ${at} of the carry-over`,
        rounds: ROUNDS,
        aimMs: 5_000,
        home: databaseHome,
        strike: async (stage, round) => {
          const { unit, seen } = await newUnit(stage, `N${round}`);
          const point = { at, nth: 1, type: 'CarryOverBroughtForward', stream: `budget-${unit}-${YEAR + 1}` };
          return dieAt(stage, point, closing(unit, seen));
        },
        examine: async ({ home }, round) => {
          const stream = `budget-N${round}-${YEAR + 1}`;
          while ((await countEvents(home, stream, 'CarryOverBroughtForward')) === 0) await pause(50);
          await pause(200);
          expect(await countEvents(home, stream, 'CarryOverBroughtForward')).toBe(1);
        },
      }),
    patience(ROUNDS),
  );
});

/** A unit with one line and one payment. `seen`: the revision of its stream. */
async function newUnit({ load }: Stage, unit: string): Promise<{ unit: string; seen: number }> {
  await load.perform(registerUnit(unit));
  await load.perform(approvePlan(unit, ['P01'], 1_000));
  const { events } = await load.perform(payment(unit, '2024-03-01'));
  return { unit, seen: events.at(-1)?.revision ?? -1 };
}

/** Sends the command to a system that dies of it; resolves when the one started after it has answered. */
async function dieAt(stage: Stage, failpoint: Failpoint, command: Command): Promise<number> {
  await stage.app.arm(failpoint);
  const answered = stage.load.perform(command);
  const ready = await stage.restartAfterDeath();
  await answered;
  return ready;
}

const payment = (unit: string, effectiveDate: string): Command =>
  budgetCommand(unit, 'payments', {
    voucherNo: `V-${effectiveDate}`,
    effectiveDate,
    line: 'P01',
    amount: '250.00',
    payee: { name: '某公司', kind: 'organisation' },
    purpose: '货款',
  });

const closing = (unit: string, seen: number): Command =>
  budgetCommand(unit, 'close', { effectiveDate: '2024-12-31' }, { headers: { 'if-match': `"${seen}"` } });

async function countEvents(home: Stage['home'], stream: string, type: string): Promise<number> {
  return (await readLog(home)).filter((row) => row.stream === stream && row.type === type).length;
}
