/**
 * One seed: clients, ledger processes, log, transport, projectors and readers in a world where things go wrong for a while, twice.
 * Then nothing more goes wrong: everything asked must be answered, the read models must catch up, and all checks must hold.
 */
import type { EventStore } from '#event-store/port.js';
import type { ProjectedInto } from '#read-model/memory/projector.js';
import { MemoryReadModels } from '#read-model/memory/read-models.js';
import { findings } from './checks.js';
import { LedgerProcess, client, sendOnce, type Correspondence, type Send } from './ledger.js';
import { SharedLog, type Faults, type Process } from './log.js';
import { Broker, ProjectorSeat, partitionsOf, reachedOverNetwork, tailed, type Projecting } from './projecting.js';
import { reader, type Asked } from './reading.js';
import { World } from './world.js';

/** What is put in the place of a part, to see that the checks find it. */
export interface Variant {
  readonly send?: Send;
  readonly store?: (store: EventStore, process: Process, parts: Parts) => EventStore;
  readonly into?: (into: ProjectedInto, process: Process, parts: Parts) => ProjectedInto;
  readonly readersWait?: boolean;
  readonly readersKeepToThen?: boolean;
}

export interface Parts {
  readonly world: World;
  readonly log: SharedLog;
  readonly faults: Faults;
  readonly models: MemoryReadModels;
}

export interface Result {
  readonly seed: number;
  readonly findings: readonly string[];
  readonly traceHash: string;
  readonly lastLines: readonly string[];
  readonly sent: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly events: number;
  /** What happened, and how often. */
  readonly happened: ReadonlyMap<string, number>;
}

/**
 * Something that dies and starts again while the world runs: a process manager beside these would be one more. What it does on
 * its own, by timers and the store it is given, happens in the world by itself.
 */
interface Actor {
  /** Kills one of its processes, and starts another after a while. */
  replaceOne(): void;
  /** Whether nothing is left for it to do. */
  readonly idle: boolean;
}

const PHASES = 2;
const CLIENTS = 4;
const REQUESTS = 6;
const READERS = 2;
const QUESTIONS = 5;
/** How long things go wrong in each phase, and how long everything may take afterwards, in the world's time. */
const FAULTY_MS = 4_000;
const QUIET_MS = 120_000;

/** Plays a seed. The same seed gives the same trace. */
export async function simulate(seed: number, variant: Variant = {}): Promise<Result> {
  const world = new World(seed);
  return world.rule(() => play(world, variant));
}

async function play(world: World, variant: Variant): Promise<Result> {
  const faults: Faults = { on: true, outageUntil: 0, skew: 0 };
  const log = new SharedLog(world, faults);
  const models = new MemoryReadModels();
  const parts: Parts = { world, log, faults, models };
  const storeFor = (process: Process): EventStore => {
    const store = log.storeFor(process);
    return variant.store?.(store, process, parts) ?? store;
  };
  const correspondence: Correspondence = { sent: new Map(), answers: new Map() };
  const asked: Asked[] = [];
  const ledgers = new Ledgers(world, storeFor);
  const over = reachedOverNetwork(parts);
  const into = (process: Process): ProjectedInto => variant.into?.(over(process), process, parts) ?? over(process);
  const delivery = new Delivery({ ...parts, into }, world.chance.happens(0.4));
  const actors: readonly Actor[] = [ledgers, delivery];
  const idle = (): boolean => actors.every((actor) => actor.idle);
  const results: string[] = [];

  for (let phase = 0; phase < PHASES && results.length === 0; phase += 1) {
    faults.on = true;
    let busy = CLIENTS + READERS;
    const done = (): void => void (busy -= 1);
    const failed = (error: unknown): void => void results.push(`lost: a client or reader fails: ${String(error)}`);
    const clients = { world, log, ledgers: () => ledgers.alive, send: variant.send ?? sendOnce, correspondence };
    for (let n = 0; n < CLIENTS; n += 1) client(`${phase}-${n}`, REQUESTS, clients).then(done, failed);
    const { readersWait: waits = true, readersKeepToThen: keepsToThen = true } = variant;
    const store = storeFor({ name: 'reader', dead: false });
    const reading = { world, log, models, store, inParts: delivery.inParts, asked, waits, keepsToThen };
    for (let n = 0; n < READERS; n += 1) reader(QUESTIONS, reading).then(done, failed);
    haunt(parts, actors);
    await world.until(() => busy === 0, FAULTY_MS);
    faults.on = false;
    world.note('nothing more goes wrong');
    const quiet = await world.until(() => results.length > 0 || (busy === 0 && idle()), QUIET_MS);
    if (!quiet)
      results.push(`lost: nothing moves: ${busy} still wait, read models ${delivery.idle ? 'are' : 'are not'} there`);
    results.push(
      ...(await findings({ events: log.decodedAnew(), models, correspondence, asked, inParts: delivery.inParts })),
    );
  }
  const { seed, lastLines } = world;
  const { sent, answers } = correspondence;
  const refused = [...answers.values()].filter((all) => all.every(({ answer }) => answer.kind === 'rejected')).length;
  const acknowledged = answers.size - refused;
  const counts = { sent: sent.size, acknowledged, refused, events: log.events.length };
  const { happened } = world;
  return { seed, findings: results, traceHash: world.traceHash(), lastLines, happened, ...counts };
}

/** Something goes wrong every now and then, as long as anything may. */
function haunt(parts: Parts, actors: readonly Actor[]): void {
  const { world, faults } = parts;
  world.later(50 + world.chance.below(400), () => {
    if (!faults.on) return;
    const what = world.chance.weighted({ death: 60, outage: 15, skew: 10, nothing: 15 });
    if (what === 'death') world.chance.pick(actors)?.replaceOne();
    else if (what === 'outage') {
      faults.outageUntil = world.now + world.chance.below(800);
      world.note('the log cannot be reached');
      world.count('the log could not be reached');
    } else if (what === 'skew') {
      faults.skew = world.chance.pick([0, -DAY_MS, DAY_MS, 500, -500]);
      world.note(`the clock of the log is off by ${faults.skew}`);
      world.count('the clock stepped');
    }
    haunt(parts, actors);
  });
}

const DAY_MS = 86_400_000;

/** Two processes on one log; who dies is followed by another after a while. */
class Ledgers implements Actor {
  /** Their work is their clients'. */
  readonly idle = true;
  #generation = 0;
  readonly #processes: LedgerProcess[] = [];

  constructor(
    private readonly world: World,
    private readonly storeFor: (process: Process) => EventStore,
  ) {
    for (let n = 0; n < 2; n += 1) this.#start();
  }

  /** Those that take commands; a dead one is asked too until it is replaced. */
  get alive(): readonly LedgerProcess[] {
    return this.#processes;
  }

  replaceOne(): void {
    const nth = this.world.chance.below(this.#processes.length);
    const process = this.#processes[nth];
    if (process === undefined || process.dead) return;
    process.dead = true;
    this.world.note(`${process.name} is killed`);
    this.world.count('a ledger was killed');
    this.world.later(this.world.chance.below(300), () => {
      this.#processes.splice(this.#processes.indexOf(process), 1);
      this.#start();
    });
  }

  #start(): void {
    this.#generation += 1;
    this.#processes.push(new LedgerProcess(`ledger ${this.#generation}`, this.storeFor));
  }
}

/** The log as a whole, or in parts, and a seat for a projector of each. */
class Delivery implements Actor {
  readonly #seats: readonly ProjectorSeat[];
  readonly #broker: Broker | undefined;

  constructor(
    private readonly projecting: Projecting,
    readonly inParts: boolean,
  ) {
    this.#broker = inParts ? new Broker(projecting) : undefined;
    this.#broker?.startRelay();
    this.#seats = partitionsOf(inParts).map(
      (partition, nth) => new ProjectorSeat(projecting, partition, this.#broker?.consumed(nth) ?? tailed(projecting)),
    );
    for (const seat of this.#seats) seat.start();
  }

  replaceOne(): void {
    const { chance } = this.projecting.world;
    if (this.#broker !== undefined && chance.happens(0.3)) this.#broker.replaceRelay();
    else chance.pick(this.#seats)?.replace();
  }

  /** Whether everything in the log has been taken in. */
  get idle(): boolean {
    const { log, models } = this.projecting;
    if (this.#broker !== undefined) return this.#broker.empty;
    const [place] = [...models.tables.projectionPosition.rows()];
    return (place?.opaque ?? 'start') === (log.events.at(-1)?.position ?? 'start');
  }
}
