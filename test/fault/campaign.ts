/**
 * One fault, again and again: load, the fault, load again, rest, judgement. Each campaign becomes a row of the fault table,
 * also when it fails.
 *
 * `FAULT_SEED` gives the seed of all choices of the clients and of when faults strike (the run prints it first, and the table
 * with each row), `FAULT_ROUNDS` says how often: `few` (3 rounds of each, the default), `short` or `full`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { launch, type App, type AppOptions } from './app.js';
import { Load } from './load.js';
import { embeddedHome, type Home } from './home.js';
import { judge, logOf, NOTHING_FOUND } from './oracle.js';
import { Random } from './random.js';
import { Report, roundsOf, SEED } from './table-row.js';

const FEW = 3;

/** How many rounds this run plays of a fault. */
export const rounds = (counts: { readonly short: number; readonly full: number }): number =>
  roundsOf({ few: FEW, ...counts });

/** A run that has lost its way ends by itself. */
export const patience = (count: number): number => 240_000 + count * 60_000;

export interface Campaign {
  /** As the table names it. */
  readonly fault: string;
  readonly rounds: number;
  /** How soon the system should serve again, ms; measured and shown, not asserted. */
  readonly aimMs?: number;
  /** Where the data live; a new data folder by default. */
  readonly home?: () => Promise<Home>;
  readonly app?: AppOptions;
  /** Does its worst while the load goes on. Resolves when the system serves again, with how long that took, ms. */
  readonly strike: (stage: Stage, round: number) => Promise<number | undefined>;
  /** Looks at the system at rest, after the judgement. */
  readonly examine?: (stage: Stage, round: number) => Promise<void>;
}

/** What a fault can lay its hands on. */
export class Stage {
  /** The process that users know. */
  app: App;
  readonly load: Load;
  readonly #launched: App[] = [];

  constructor(
    readonly home: Home,
    readonly random: Random,
    private readonly options: AppOptions,
  ) {
    this.app = this.launch();
    this.load = new Load(() => this.app.address, random.fork());
  }

  /** Another process on the same data. */
  launch(options: AppOptions = this.options): App {
    const app = launch(this.home, options);
    this.#launched.push(app);
    return app;
  }

  /** Starts the system again after it has ended. Resolves when it is ready. */
  async restart(options: AppOptions = this.options): Promise<void> {
    await this.app.ended;
    this.app = this.launch(options);
    await this.app.ready();
  }

  /** The same, for a system that dies by itself. Resolves with the time from its death until it is ready, ms. */
  readonly restartAfterDeath = async (): Promise<number> => {
    await this.app.dies();
    const since = performance.now();
    await this.restart();
    return performance.now() - since;
  };

  async killAll(): Promise<void> {
    for (const app of this.#launched) await app.kill();
  }
}

/** After so many rounds begins a new log: a round looks at all of it. */
const ROUNDS_OF_ONE_LOG = 25;

export async function campaign({ fault, rounds: count, strike, examine, ...rest }: Campaign): Promise<void> {
  const random = new Random(SEED);
  const report = new Report(fault, count, rest.aimMs);
  const loads: Load[] = [];
  let home: Home | undefined;
  let stage: Stage | undefined;
  const end = async (): Promise<void> => {
    await stage?.killAll();
    await home?.remove();
  };
  const begin = async (): Promise<Stage> => {
    await stage?.app.stop();
    await end();
    home = await (rest.home ?? embeddedHome)();
    stage = new Stage(home, random.fork(), rest.app ?? {});
    loads.push(stage.load);
    await stage.app.ready();
    await stage.load.prepare();
    return stage;
  };
  try {
    for (let round = 0; round < count; round += 1) {
      if (stage === undefined || round % ROUNDS_OF_ONE_LOG === 0) stage = await begin();
      await play(stage, report, (at) => strike(at, round));
      await examine?.(stage, round);
      report.played += 1;
    }
    await stage?.app.stop();
    report.result = 'held';
  } finally {
    await end();
    report.write(loads.flatMap(({ sent }) => sent));
  }
}

const CLIENTS = 16;

async function play(stage: Stage, report: Report, strike: (stage: Stage) => Promise<number | undefined>) {
  const { load, random, home } = stage;
  load.begin();
  try {
    await load.moves(CLIENTS * 2);
    await pause(random.between(0, 300));
    report.readyIn(await strike(stage));
    await load.moves(CLIENTS * 2);
    await load.rest();
  } catch (error) {
    await load.giveUp();
    throw error;
  }
  const findings = await judge(logOf(home), stage.app.address ?? '', load.sent);
  report.found(findings);
  expect(findings).toEqual(NOTHING_FOUND);
  expect(load.faults).toEqual([]);
}
