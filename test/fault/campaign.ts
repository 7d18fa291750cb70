/**
 * One fault, again and again: load, the fault, load again, rest, judgement. Each campaign becomes a row of the fault table,
 * also when it fails.
 *
 * `FAULT_SEED` gives the seed of all choices of the clients and of when faults strike (the run prints it first, and the table
 * with each row), `FAULT_ROUNDS` says how often: `few` (3 rounds of each, the default), `short` or `full`.
 */
import { randomInt } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { start, type App, type AppOptions } from './app.js';
import { Load } from './load.js';
import { embeddedHome, type Home } from './home.js';
import { judge, NOTHING_FOUND, type Findings } from './oracle.js';
import { Random } from './random.js';

const FEW = 3;

/** How many rounds this run plays of a fault. */
export function rounds(counts: { readonly short: number; readonly full: number }): number {
  const wanted = process.env['FAULT_ROUNDS'];
  return wanted === 'short' || wanted === 'full' ? counts[wanted] : FEW;
}

const SEED = Number(process.env['FAULT_SEED'] ?? randomInt(2 ** 31));

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
  private constructor(
    readonly home: Home,
    public app: App,
    readonly random: Random,
    readonly options: AppOptions,
  ) {
    this.load = new Load(() => this.app.address, random.fork());
  }

  readonly load: Load;

  static async open(home: Home, random: Random, options: AppOptions): Promise<Stage> {
    const stage = new Stage(home, await start(home, options), random, options);
    await stage.load.prepare();
    return stage;
  }

  /** Starts the system again after it has ended. Resolves when it is ready. */
  async restart(options = this.options): Promise<void> {
    await this.app.ended;
    this.app = await start(this.home, options);
  }

  async close(): Promise<void> {
    await this.load.rest();
    await this.app.stop();
  }
}

/** After so many rounds begins a new log: a round looks at all of it. */
const ROUNDS_OF_ONE_LOG = 25;

export async function campaign({ fault, rounds: count, strike, examine, ...rest }: Campaign): Promise<void> {
  const random = new Random(SEED);
  const report = new Report(fault, count, rest.aimMs);
  let stage: Stage | undefined;
  let home: Home | undefined;
  try {
    for (let round = 0; round < count; round += 1) {
      if (round % ROUNDS_OF_ONE_LOG === 0) {
        await stage?.close();
        await home?.remove();
        home = await (rest.home ?? embeddedHome)();
        stage = await Stage.open(home, random.fork(), rest.app ?? {});
        report.watch(stage.load);
      }
      await play(stage as Stage, report, (at) => strike(at, round));
      await examine?.(stage as Stage, round);
      report.played += 1;
    }
    await stage?.close();
    report.result = 'held';
  } finally {
    await stage?.app.kill();
    await home?.remove();
    report.write();
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
  } finally {
    await load.rest();
  }
  const findings = await judge(home, stage.app.address ?? '', load.sent);
  report.found(findings);
  expect(findings).toEqual(NOTHING_FOUND);
  expect(load.faults).toEqual([]);
}

/** One row of the fault table. */
export interface FaultRow {
  readonly fault: string;
  readonly rounds: number;
  readonly sent: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly slowestReadyMs?: number;
  readonly aimMs?: number;
  readonly findings: { readonly [Kind in keyof Findings]: number };
  readonly seed: number;
  readonly result: 'held' | 'FAILED';
}

class Report {
  played = 0;
  result: FaultRow['result'] = 'FAILED';
  readonly #loads: Load[] = [];
  #slowest: number | undefined;
  #findings: FaultRow['findings'] = { lost: 0, doubled: 0, order: 0, differing: 0, sums: 0 };

  constructor(
    private readonly fault: string,
    private readonly rounds: number,
    private readonly aimMs: number | undefined,
  ) {}

  watch(load: Load): void {
    this.#loads.push(load);
  }

  readyIn(ms: number | undefined): void {
    if (ms !== undefined) this.#slowest = Math.max(this.#slowest ?? 0, Math.round(ms));
  }

  /** The log is judged as a whole each time: the last judgement holds for all rounds on it. */
  found(findings: Findings): void {
    const worst = (kind: keyof Findings): number => Math.max(this.#findings[kind], findings[kind].length);
    this.#findings = {
      lost: worst('lost'),
      doubled: worst('doubled'),
      order: worst('order'),
      differing: worst('differing'),
      sums: worst('sums'),
    };
  }

  /** Adds the row to the file that the run collects, if it collects one. */
  write(): void {
    const file = process.env['FAULT_TABLE_FILE'];
    if (file === undefined) return;
    const commands = this.#loads.flatMap(({ sent }) => sent);
    const row: FaultRow = {
      fault: this.fault,
      rounds: this.played,
      sent: commands.length,
      acknowledged: commands.filter(({ outcome }) => outcome === 'acknowledged').length,
      refused: commands.filter(({ outcome }) => outcome === 'refused').length,
      ...(this.#slowest === undefined ? {} : { slowestReadyMs: this.#slowest }),
      ...(this.aimMs === undefined ? {} : { aimMs: this.aimMs }),
      findings: this.#findings,
      seed: SEED,
      result: this.result === 'held' && this.played === this.rounds ? 'held' : 'FAILED',
    };
    appendFileSync(file, `${JSON.stringify(row)}\n`);
  }
}
