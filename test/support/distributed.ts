/**
 * The distributed system in the process of the spec: event store (a stand-in), broker, relay, projector, ledgers, queries and the
 * single entry, each with the code that it runs as a process of its own. A database, a log and topics of its own.
 */
import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { openEventStoreDb, type EventStoreDb } from '#event-store/eventstoredb/store.js';
import { createInProcessBroker, createInProcessMessaging } from '#messaging/in-process.js';
import { EVENTS_TOPIC } from '#messaging/event-message.js';
import { createKafkaMessaging } from '#messaging/kafka.js';
import type { Messaging } from '#messaging/port.js';
import { listenOnLoopback } from '#platform/http.js';
import { createLogger } from '#platform/logging.js';
import { startable, type Parts, type Startable } from '#platform/parts.js';
import { createLedgerProcess } from '../../apps/ledger/ledger-process.js';
import { createProjectorProcess } from '../../apps/projector/projector-process.js';
import { createQueryProcess } from '../../apps/query/query-process.js';
import { startRelay, type Relay } from '../../apps/relay/relay.js';
import { describeSystem } from '../../apps/standalone/openapi.js';
import { askingAt } from './asking.js';
import { startStandIn, type StandIn } from './eventstoredb/stand-in.js';
import { sharedBrokers } from './kafka/brokers.js';
import { createDatabase } from './postgres.js';
import { prefixed } from './prefixed.js';
import { startProxy } from './proxy.js';
import type { TestSystem, TestSystemOptions } from './system.js';
import { until } from './until.js';

export interface DistributedOptions extends Pick<TestSystemOptions, 'clock'> {
  /** Without Kafka: messages within the process, with the semantics of a broker. */
  readonly broker?: 'kafka' | 'in-process';
  readonly partitions?: number;
  readonly ledgers?: number;
  readonly queries?: number;
  readonly projectors?: number;
  /** How long a ledger or relay that died keeps others from taking over, ms. */
  readonly leaseMs?: number;
  /** Between two signs of life on an idle live stream, ms. */
  readonly heartbeatMs?: number;
}

/** A process of it, which a spec may stop and start again; its address is another one then. */
export interface Instance {
  readonly address: string;
  stop(): Promise<void>;
  start(): Promise<void>;
}

export interface DistributedSystem extends TestSystem {
  readonly standIn: StandIn;
  /** The log, as a process beside the others sees it. */
  readonly log: EventStoreDb;
  readonly ledgers: readonly Instance[];
  readonly queries: readonly Instance[];
  readonly projectors: readonly Instance[];
  /** Stops the relay, or starts it again. */
  relay(runs: boolean): Promise<void>;
}

const logger = createLogger('silent');
let description: Promise<OpenAPIObject> | undefined;

export async function startDistributedSystem(options: DistributedOptions = {}): Promise<DistributedSystem> {
  const system = startable((parts) => started(options, parts));
  return { ...(await system.start()), stop: () => system.stop() };
}

async function started(options: DistributedOptions, parts: Parts): Promise<Omit<DistributedSystem, 'stop'>> {
  const { clock = Date.now, partitions = 3, leaseMs = 9_000 } = options;
  const { ledgers = 2, queries = 2, projectors = 1 } = options;
  const database = await createDatabase();
  await parts.started(database, () => database.drop());
  // The clock of the server is the one that the spec moves.
  const standIn = await startStandIn(options.clock && { clock: clockOf(clock) });
  await parts.started(standIn, () => standIn.stop());
  const log = await openEventStoreDb({ url: standIn.url, clock });
  await parts.started(log, () => log.close());

  const openMessaging = await messagingFor(options, `spec-${randomUUID()}.`);
  const messaging = openMessaging();
  await parts.started(messaging, () => messaging.close());
  await messaging.createTopic(EVENTS_TOPIC, partitions);

  const config = {
    ...{ databaseUrl: database.url, eventStoreUrl: standIn.url, publicHosts: [], actor: 'spec' },
    ...{ kafkaBrokers: [], kafkaPartitions: partitions },
  };
  const relaying = (): Relay =>
    startRelay({
      ...{ log, messaging, databaseUrl: database.url, leaseMs, heartbeatMs: 200 },
      target: { topic: EVENTS_TOPIC, partitions, source: 'urn:budget-ledger:spec' },
      ...{ onError: ignored, onFatal: fail },
    });
  let relay: Relay | undefined = relaying();
  await parts.started(relay, async () => relay?.stop());

  const document = await (description ??= describeSystem());
  const shared = { clock, document };
  const several = (count: number, create: () => Startable<NestFastifyApplication>): Promise<RunningInstance[]> =>
    Promise.all(
      Array.from({ length: count }, async () => {
        const instance = new RunningInstance(create);
        await instance.start();
        return parts.started(instance, () => instance.stop());
      }),
    );
  const projectorInstances = await several(projectors, () =>
    createProjectorProcess(config, logger, { clock, openMessaging, onFatal: fail }),
  );
  const ledgerInstances = await several(ledgers, () =>
    createLedgerProcess({ ...config, kafkaBrokers: undefined }, logger, { ...shared, leaseMs }),
  );
  const { heartbeatMs } = options;
  const queryOptions = { ...shared, ...(heartbeatMs === undefined ? {} : { heartbeatMs }) };
  const queryInstances = await several(queries, () => createQueryProcess(config, logger, queryOptions));

  const proxy = await startProxy({
    ledger: () => addressesOf(ledgerInstances),
    query: () => addressesOf(queryInstances),
    projector: () => addressesOf(projectorInstances),
  });
  await parts.started(proxy, () => proxy.stop());
  const asking = askingAt(proxy.address);
  const end = () => endOf(log);
  for (const { address } of [...ledgerInstances, ...queryInstances, ...projectorInstances]) {
    await until(
      () => askingAt(address).get('/readyz'),
      ({ status }) => status === 200,
    );
  }
  // Whoever asks first sees what the log holds already.
  await until(
    async () => asking.get(`/api/v1/units?atLeast=${await end()}`),
    ({ status }) => status === 200,
  );

  return {
    ...asking,
    url: database.url,
    events: async () => (await everything(log)).length,
    end,
    eventsUpTo: async (position) =>
      (await everything(log)).filter((event) => log.order(event.position) <= log.order(position as never)).length,
    standIn,
    log,
    ledgers: ledgerInstances,
    queries: queryInstances,
    projectors: projectorInstances,
    relay: async (runs) => {
      await relay?.stop();
      relay = runs ? relaying() : undefined;
    },
  };
}

/** Each process has a connection of its own. */
async function messagingFor({ broker = 'kafka' }: DistributedOptions, prefix: string): Promise<() => Messaging> {
  if (broker === 'in-process') {
    const shared = createInProcessBroker();
    return () => createInProcessMessaging(shared);
  }
  const brokers = await sharedBrokers();
  return () => prefixed(createKafkaMessaging({ brokers, clientId: 'spec' }), prefix);
}

class RunningInstance implements Instance {
  address = '';
  #running: Startable<NestFastifyApplication> | undefined;

  constructor(private readonly create: () => Startable<NestFastifyApplication>) {}

  async start(): Promise<void> {
    const running = (this.#running = this.create());
    this.address = await listenOnLoopback(await running.start(), 0);
  }

  async stop(): Promise<void> {
    this.address = '';
    await this.#running?.stop();
    this.#running = undefined;
  }
}

const clockOf = (clock: () => number): { now: number } => ({
  get now() {
    return clock();
  },
});

/** Of those that run. */
const addressesOf = (instances: readonly Instance[]): string[] =>
  instances.map(({ address }) => address).filter((address) => address !== '');

const everything = (log: EventStoreDb) => log.readAll('start', 1_000_000);

/** Found from the end of a stream that only grows would need an index that the log has not; specs' logs are small. */
const endOf = async (log: EventStoreDb): Promise<string> => (await everything(log)).at(-1)?.position ?? '0';

/** Specs take brokers and databases away; whoever is concerned is told by an answer. */
const ignored = (): void => undefined;

const fail = (error: unknown): void => {
  throw error;
};
