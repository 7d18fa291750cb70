/** One Kafka broker as a process of its own: controller and broker in one (KRaft mode), formatted, started and ended by its id. */
import { execFile, spawn } from 'node:child_process';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { jarFolder } from './available.js';

export interface BrokerPlace {
  /** From 1. */
  readonly id: number;
  /** Holds the broker's settings, data, process id and output. */
  readonly folder: string;
  readonly port: number;
  readonly controllerPort: number;
}

/** 22 characters of base64, as Kafka wants its ids; every cluster of the tests may have the same. */
const CLUSTER = 'ledgertestsledgertests';

/** A small heap and the quick compiler only: a spec waits for the start, not for the last tenth of throughput. */
const JAVA = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'];
const classPath = (): string[] => ['-cp', join(jarFolder(), '*')];

/** Writes the settings and an empty, formatted data folder. */
export async function format(place: BrokerPlace, all: readonly BrokerPlace[]): Promise<void> {
  await rm(dataOf(place), { recursive: true, force: true });
  await mkdir(place.folder, { recursive: true });
  await writeFile(settingsFileOf(place), settings(place, all));
  const tool = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER, '-c', settingsFileOf(place)];
  await promisify(execFile)('java', [...JAVA, ...classPath(), ...tool]);
}

const dataOf = ({ folder }: BrokerPlace): string => join(folder, 'data');
const settingsFileOf = ({ folder }: BrokerPlace): string => join(folder, 'server.properties');

/** What a small cluster for tests needs differently: nothing waits for late members, few threads, small buffers. */
function settings(place: BrokerPlace, all: readonly BrokerPlace[]): string {
  const voters = all.map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`).join(',');
  const entries = {
    'process.roles': 'broker,controller',
    'node.id': place.id,
    'controller.quorum.voters': voters,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${place.port},CONTROLLER://127.0.0.1:${place.controllerPort}`,
    'log.dirs': dataOf(place),
    'auto.create.topics.enable': false,
    'default.replication.factor': all.length,
    'min.insync.replicas': all.length > 1 ? 2 : 1,
    'offsets.topic.replication.factor': all.length,
    'offsets.topic.num.partitions': 1,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1000,
    'log.cleaner.dedupe.buffer.size': 2_097_152,
    'log.cleaner.io.buffer.size': 65_536,
    'num.network.threads': 2,
    'num.io.threads': 2,
    'broker.session.timeout.ms': 3000,
    'broker.heartbeat.interval.ms': 500,
    'replica.lag.time.max.ms': 5000,
  };
  return Object.entries(entries)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Starts a formatted broker; it outlives this process. Its id stands in the file `pid`, its output in `output`. */
export async function launch(place: BrokerPlace): Promise<number> {
  const output = await open(join(place.folder, 'output'), 'a');
  try {
    const child = spawn('java', ['-Xmx256m', ...JAVA, ...classPath(), 'kafka.Kafka', settingsFileOf(place)], {
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
    });
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.unref();
    await writeFile(join(place.folder, 'pid'), String(child.pid));
    return child.pid!;
  } finally {
    await output.close();
  }
}

/** Ends a broker as a power cut would, and waits until it is gone. */
export async function end(pid: number): Promise<void> {
  if (!(await isAlive(pid))) return;
  process.kill(pid, 'SIGKILL');
  while (await isAlive(pid)) await pause(20);
}

/** One that has ended and that nobody has asked about yet is not alive. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) [ZX] /.test(await readFile(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** The last of what a broker said, for the message of a start that failed. */
export async function lastWords({ folder }: BrokerPlace): Promise<string> {
  const output = await readFile(join(folder, 'output'), 'utf8').catch(() => '');
  return output.split('\n').slice(-15).join('\n');
}
