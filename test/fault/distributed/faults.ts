/** One fault of a distributed system that runs on: load, the fault, load again, rest, judgement; so often as the run says. */
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { describeKafka } from '../../support/kafka/available.js';
import type { Load } from '../load.js';
import { judge, NOTHING_FOUND } from '../oracle.js';
import { Report } from '../table-row.js';
import type { System } from './system.js';

export interface Fault {
  /** As the table names it. */
  readonly fault: string;
  readonly rounds?: number;
  /** How soon the system should serve again, ms; measured and shown, not asserted. */
  readonly aimMs?: number;
  /** Does its worst while the load goes on. Resolves when the system serves again, with how long that took, ms. */
  readonly strike: (stage: Stage, round: number) => Promise<number | undefined>;
  /** Looks at the system at rest, after the judgement. Resolves with a figure for the table, if there is one. */
  readonly examine?: (stage: Stage, round: number) => Promise<string | void>;
}

/** Skipped, with the reason in its title, where no broker can be started. */
export const describeFaults = (title: string, suite: () => void): void =>
  describeKafka(title, suite, { ownBrokers: true });

export interface Stage {
  readonly system: System;
  readonly load: Load;
}

/** What a run that has lost its way may take; each judgement looks at the whole log. */
export const patience = (rounds = 1): number => 240_000 + rounds * 90_000;

const FEW = 32;

export async function suffer(system: System, { fault, rounds = 1, aimMs, strike, examine }: Fault): Promise<void> {
  const report = new Report(fault, rounds, aimMs);
  const stage = { system, load: system.newLoad() };
  try {
    for (let round = 0; round < rounds; round += 1) {
      await play(stage, report, () => strike(stage, round));
      report.note = (await examine?.(stage, round)) ?? report.note;
      report.played += 1;
    }
    report.result = 'held';
  } finally {
    report.write(stage.load.sent);
  }
}

async function play({ system, load }: Stage, report: Report, strike: () => Promise<number | undefined>): Promise<void> {
  load.begin();
  try {
    await load.moves(FEW);
    await pause(system.random.between(0, 300));
    report.readyIn(await strike());
    await load.moves(FEW);
    await load.rest();
  } catch (error) {
    await load.giveUp();
    throw new Error(`the system does not hold:\n${system.lastWords()}`, { cause: error });
  }
  const findings = await judge(system.source, system.address, system.sent);
  report.found(findings);
  expect(findings).toEqual(NOTHING_FOUND);
  expect(load.faults).toEqual([]);
}
