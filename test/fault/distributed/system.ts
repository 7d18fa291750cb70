/**
 * A distributed system of real processes: event store, brokers, PostgreSQL, ledgers, relays, projectors and queries behind
 * one proxy. Any of them can be killed, paused and replaced while it works.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openEventStoreDb, type EventStoreDb } from '#event-store/eventstoredb/store.js';
import { startBrokers, type Brokers } from '../../support/kafka/brokers.js';
import { startProxy, type Proxy } from '../../support/proxy.js';
import { App } from '../app.js';
import { smallAddition, UNITS, yearPath } from '../commands.js';
import { ask, databaseHome, runFolder, type Home } from '../home.js';
import { Load, type Sent } from '../load.js';
import type { LogRow, LogSource } from '../oracle.js';
import { Random } from '../random.js';
import { SEED } from '../table-row.js';
import type { ProcessName } from './entry.js';
import type { SwitchFault } from './event-store.js';

const ENTRY = fileURLToPath(new URL('../../../dist/test/fault/distributed/entry.js', import.meta.url));
const TOPICS = fileURLToPath(new URL('../../../dist/apps/relay/topics.js', import.meta.url));

export type Kind = Exclude<ProcessName, 'event-store'>;

/** Two of each that must take over from each other. */
const TWO_OF_EACH: Readonly<Record<Kind, number>> = { ledger: 2, relay: 2, projector: 2, query: 1 };
const KINDS = Object.keys(TWO_OF_EACH) as Kind[];
export const PARTITIONS = 6;

/** Far beyond every aim. */
const NEVER_MS = 120_000;

export interface SystemOptions {
  readonly brokers?: 1 | 3;
  readonly processes?: Readonly<Record<Kind, number>>;
}

/** Starts everything and opens the books: five units with their plans, which can be read. */
export async function startDistributed(options: SystemOptions = {}): Promise<System> {
  const { brokers: count = 1, processes = TWO_OF_EACH } = options;
  const folder = join(runFolder(), `event-store-${randomUUID()}`);
  mkdirSync(folder);
  const [home, brokers] = await Promise.all([databaseHome(), startBrokers({ count })]);
  const system = new System(home, brokers, folder);
  try {
    await system.begin(processes);
    return system;
  } catch (error) {
    await system.stop();
    throw error;
  }
}

export class System {
  readonly random = new Random(SEED);
  readonly loads: Load[] = [];
  readonly #apps: Record<Kind, App[]> = { ledger: [], relay: [], projector: [], query: [] };
  /** All that were ever started. */
  readonly #launched: App[] = [];
  #eventStore!: App;
  #store: EventStoreDb | undefined;
  #proxy: Proxy | undefined;

  constructor(
    readonly home: Home,
    readonly brokers: Brokers,
    private readonly folder: string,
  ) {}

  async begin(processes: Readonly<Record<Kind, number>>): Promise<void> {
    await this.startEventStore();
    this.#store = await openEventStoreDb({ url: this.eventStoreUrl, onError: () => undefined });
    await this.makeTopic();
    for (const kind of KINDS) for (let nth = 0; nth < processes[kind]; nth += 1) this.launch(kind);
    const addresses = (kind: Kind) => (): string[] =>
      this.of(kind).flatMap(({ address }) => (address === undefined ? [] : [address]));
    this.#proxy = await startProxy({
      ledger: addresses('ledger'),
      projector: addresses('projector'),
      query: addresses('query'),
    });
    await Promise.all(this.#launched.filter((app) => app !== this.#eventStore).map((app) => app.ready()));
    await this.newLoad().prepare();
  }

  /** Where users find it. */
  get address(): string {
    return this.#proxy?.address ?? '';
  }

  get eventStoreUrl(): string {
    return this.#eventStore.address ?? '';
  }

  /** Of every load so far. */
  get sent(): readonly Sent[] {
    return this.loads.flatMap(({ sent }) => sent);
  }

  newLoad(): Load {
    const load = new Load(() => this.address, this.random.fork(), `${this.loads.length}-`);
    this.loads.push(load);
    return load;
  }

  /** The log as the event store keeps it. */
  readonly source: LogSource = { read: () => this.#readLog(), isDense: false };

  async #readLog(): Promise<LogRow[]> {
    const rows: LogRow[] = [];
    for (let after: Parameters<EventStoreDb['readAll']>[0] = 'start'; ;) {
      const page = await this.#store!.readAll(after, PAGE);
      for (const { position, stream, revision, id, type, data, meta, effectiveDate, recordedAt } of page) {
        const { commandId, causationId } = meta;
        const cause = causationId === undefined ? {} : { causationId };
        const row = { stream, revision, id, type, data, effectiveDate, recordedAt, commandId, ...cause };
        rows.push({ ...row, position: BigInt(position) });
      }
      if (page.length < PAGE) return rows;
      after = page.at(-1)!.position;
    }
  }

  // ---- Processes --------------------------------------------------------------------------------------------------

  /** Those of a kind that have not ended. */
  of(kind: Kind): readonly App[] {
    return this.#apps[kind].filter(({ isAlive }) => isAlive);
  }

  /** Another process of a kind, which requests go to as soon as it listens. */
  launch(kind: Kind): App {
    const app = this.#spawn(kind, {
      DATABASE_URL: this.home.environment['DATABASE_URL']!,
      EVENTSTORE_URL: this.eventStoreUrl,
      KAFKA_BROKERS: this.brokers.brokers.join(','),
      KAFKA_PARTITIONS: String(PARTITIONS),
    });
    this.#apps[kind].push(app);
    return app;
  }

  async startEventStore(port = 0): Promise<void> {
    this.#eventStore = this.#spawn('event-store', { STAND_IN_DIR: this.folder, STAND_IN_PORT: String(port) });
    while (this.#eventStore.address === undefined) {
      if (!this.#eventStore.isAlive) throw new Error(`the event store did not start:\n${this.#eventStore.said}`);
      await pause(10);
    }
  }

  #spawn(name: ProcessName, environment: Readonly<Record<string, string>>): App {
    const child = spawn(process.execPath, [ENTRY, name], {
      env: { ...process.env, PORT: '0', LOG_LEVEL: 'info', NODE_OPTIONS: '', ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const app = new App(child);
    this.#launched.push(app);
    return app;
  }

  /** Kills a process without a word to anybody, and starts another in its place as an orchestrator would. */
  async replace(kind: Kind, victim: App): Promise<App> {
    await victim.kill();
    const app = this.launch(kind);
    await app.ready();
    return app;
  }

  /** The relay that holds the lease; waits until one does. */
  async activeRelay(): Promise<App> {
    const deadline = performance.now() + NEVER_MS;
    for (;;) {
      const rows = await ask<{ holder: string }>(
        this.home,
        `SELECT holder FROM lease.lease WHERE name = 'relay' AND until > clock_timestamp()`,
      );
      const app = this.of('relay').find(({ pid }) => rows[0]?.holder === `${hostname()}:${pid}`);
      if (app !== undefined) return app;
      if (performance.now() > deadline) throw new Error('no relay takes the lease');
      await pause(50);
    }
  }

  /** The deploy step that makes the topics; what is there already stays. */
  async makeTopic(): Promise<void> {
    const environment = { KAFKA_BROKERS: this.brokers.brokers.join(','), KAFKA_PARTITIONS: String(PARTITIONS) };
    const child = spawn(process.execPath, [TOPICS], {
      env: { ...process.env, NODE_OPTIONS: '', LOG_LEVEL: 'error', ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const app = new App(child);
    const code = await app.ended;
    if (code !== 0) throw new Error(`making the topics ended with ${code}:\n${app.said}`);
  }

  /** Switches a fault of the event store; `none` ends them all. */
  async eventStoreFault(fault: SwitchFault['fault'], ...given: readonly unknown[]): Promise<void> {
    await this.#eventStore.tell({ fault, given } satisfies SwitchFault);
  }

  // ---- Serving ----------------------------------------------------------------------------------------------------

  /** Until a write into each unit is acknowledged and can be read, so that every stream's partition moves. Time it took, ms. */
  async servesAgain(load: Load): Promise<number> {
    const since = performance.now();
    await Promise.all(UNITS.map(async (unit) => this.isRead(await load.perform(smallAddition(unit)))));
    return performance.now() - since;
  }

  /** Until a read includes the write. */
  async isRead({ stream, position }: Sent): Promise<void> {
    const path = `${yearPath(stream.split('-')[1]!)}/lines?atLeast=${position}`;
    const deadline = performance.now() + NEVER_MS;
    for (;;) {
      const answer = await fetch(this.address + path).catch(() => undefined);
      const said = await answer?.text();
      if (answer?.status === 200) return;
      if (performance.now() > deadline) throw new Error(`${path} answers ${said}\n${this.lastWords()}`);
      await pause(20);
    }
  }

  /** What every process said last, for the message of a failure. */
  lastWords(): string {
    return KINDS.flatMap((kind) =>
      this.#apps[kind].map(({ pid, isAlive, said }) => {
        const lines = said.split('\n').slice(-8).join('\n');
        return `${kind} ${pid}${isAlive ? '' : ' (ended)'}: ${lines}`;
      }),
    ).join('\n');
  }

  async stop(): Promise<void> {
    await this.#proxy?.stop();
    await Promise.all(this.#launched.map((app) => app.kill()));
    await this.#store?.close().catch(() => undefined);
    await this.brokers.stop();
    await this.home.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const PAGE = 1_000;
