/**
 * Real Kafka for specs. One broker runs per run of Jest, started by the first spec that asks and found by the others, each
 * with topics and groups of its own names; a spec that kills brokers starts its own. `available.ts` says whether there is
 * any; whatever a spec leaves running is ended by `test-server.mjs`.
 */
import { Kafka, logLevel } from 'kafkajs';
import { randomInt, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { givenBrokers, missing } from './available.js';
import { end, format, isAlive, lastWords, launch, type BrokerPlace } from './broker.js';

export interface Brokers {
  /** `host:port` of each, also of those that are down. */
  readonly brokers: readonly string[];
  /** Holds all that they keep on disk. */
  readonly folder: string;
  /** SIGKILL; `index` counts from 0. */
  kill(index: number): Promise<void>;
  /** Starts it again, on its data or on an empty disk, and waits until the whole cluster answers. */
  revive(index: number, options?: { readonly wipe?: boolean }): Promise<void>;
  /** Ends all of them and removes their folders. */
  stop(): Promise<void>;
}

const START_MS = 90_000;

/** The brokers that the specs of a run share: those of `KAFKA_BROKERS`, or one that is started by whoever asks first. */
export async function sharedBrokers(): Promise<readonly string[]> {
  return givenBrokers() ?? (shared ??= findOrStart());
}

let shared: Promise<readonly string[]> | undefined;

/** Making the folder succeeds once, so one worker starts the broker; the others wait for its word, or for its end. */
async function findOrStart(): Promise<readonly string[]> {
  const folder = join(await runFolder(), 'kafka', 'shared');
  const [word, owner] = [join(folder, 'brokers.json'), join(folder, 'owner')];
  await mkdir(join(folder, '..'), { recursive: true });
  const first = await mkdir(folder).then(
    () => true,
    () => false,
  );
  if (first) {
    await writeFile(owner, String(process.pid));
    const { brokers } = await startIn(folder, 1);
    await writeFile(`${word}.new`, JSON.stringify(brokers));
    await rename(`${word}.new`, word);
    return brokers;
  }
  for (;;) {
    const found = await readFile(word, 'utf8').catch(() => undefined);
    if (found !== undefined) return JSON.parse(found) as string[];
    const starter = Number(await readFile(owner, 'utf8').catch(() => '0'));
    if (starter > 0 && !(await isAlive(starter))) throw new Error('the worker that was to start Kafka has ended');
    await pause(100);
  }
}

/** A cluster of the caller's own, who stops it. With three, each partition is on all, and two must hold a message. */
export async function startBrokers({ count = 1 }: { readonly count?: 1 | 3 } = {}): Promise<Brokers> {
  return startIn(join(await runFolder(), 'kafka', randomUUID()), count);
}

/** The folder of the run of Jest; outside of Jest one of the same kind, which the next run clears away if we do not. */
const runFolder = async (): Promise<string> =>
  process.env['TEST_POSTGRES_DIR'] ?? (ownFolder ??= mkdtemp(join(tmpdir(), `ledger-tests-${process.pid}-`)));

let ownFolder: Promise<string> | undefined;

async function startIn(folder: string, count: number): Promise<Brokers> {
  const obstacle = missing();
  if (obstacle !== undefined) throw new Error(`Kafka cannot be started: ${obstacle}`);
  const ports = await freePorts(count * 2);
  const places = Array.from({ length: count }, (_, index): BrokerPlace => {
    const id = index + 1;
    return { id, folder: join(folder, `broker-${id}`), port: ports[index]!, controllerPort: ports[count + index]! };
  });
  const brokers = places.map(({ port }) => `127.0.0.1:${port}`);
  const pids = new Map<BrokerPlace, number>();
  const stop = async (): Promise<void> => {
    await Promise.all([...pids.values()].map(end));
    await rm(folder, { recursive: true, force: true, maxRetries: 20 });
  };
  try {
    await Promise.all(places.map((place) => format(place, places)));
    for (const place of places) pids.set(place, await launch(place));
    await untilAnswering(brokers, places, pids);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    brokers,
    folder,
    stop,
    async kill(index) {
      await end(pids.get(places[index]!)!);
      pids.delete(places[index]!);
    },
    async revive(index, { wipe = false } = {}) {
      const place = places[index]!;
      if (pids.has(place)) throw new Error(`broker ${index} is running: kill it first`);
      if (wipe) await format(place, places);
      pids.set(place, await launch(place));
      // Brokers that the spec keeps down are not waited for.
      await untilAnswering(brokers, places, pids);
    },
  };
}

/** Asks each broker that runs whether it knows all that run. Throws with a broker's last words when one has ended. */
async function untilAnswering(
  brokers: readonly string[],
  places: readonly BrokerPlace[],
  pids: ReadonlyMap<BrokerPlace, number>,
): Promise<void> {
  const deadline = Date.now() + START_MS;
  const alone = places.filter((place) => pids.has(place));
  const isMajority = alone.length * 2 > places.length;
  for (const place of alone) {
    while (!(await knows(brokers[places.indexOf(place)]!, isMajority ? alone.length : 0))) {
      if (!(await isAlive(pids.get(place)!)) || Date.now() > deadline)
        throw new Error(`Kafka broker ${place.id} did not start:\n${await lastWords(place)}`);
      await pause(50);
    }
  }
}

async function knows(broker: string, count: number): Promise<boolean> {
  const kafka = new Kafka({
    brokers: [broker],
    connectionTimeout: 1_000,
    requestTimeout: 2_000,
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const cluster = await admin.describeCluster();
    return cluster.brokers.length >= count && (count === 0 || cluster.controller !== null);
  } catch {
    return false;
  } finally {
    await admin.disconnect();
  }
}

/**
 * Ports below those that the system gives to outgoing connections: a client that keeps trying a dead broker's port could
 * otherwise be given that very port, and be connected with itself.
 */
async function freePorts(count: number): Promise<readonly number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = randomInt(20_000, 32_000);
    if (!found.has(port) && (await isFree(port))) found.add(port);
  }
  return [...found];
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
