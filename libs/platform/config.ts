/**
 * The environment, read once and checked as a whole. No other file of the product reads `process.env` (design 8 lists the
 * variables, `README.md` explains them). Until accounts exist `npm start` listens on loopback only; the processes of a
 * distributed system may listen elsewhere, behind the one proxy that is let in.
 */
import { userInfo } from 'node:os';
import { resolve } from 'node:path';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface Config {
  /** TCP port; 0 lets the system pick a free one. */
  readonly port: number;
  /** Address that a process of a distributed system listens on; `npm start` refuses any but loopback. */
  readonly listenHost: string;
  /** Names, `host` or `host:port`, that callers outside this machine use; loopback names are always taken. */
  readonly publicHosts: readonly string[];
  /** Absolute path of the folder that holds everything the process keeps on disk. */
  readonly dataDir: string;
  /** `postgres://` URL of a server to use in place of the embedded one. */
  readonly databaseUrl?: string;
  readonly eventStoreUrl?: string;
  /** `host:port` of each broker. */
  readonly kafkaBrokers?: readonly string[];
  /** Partitions of the topic of events: fixed once it is made. */
  readonly kafkaPartitions: number;
  /** Where the command line finds a running system, without a slash at the end. */
  readonly budgetUrl: string;
  readonly logLevel: LogLevel;
  /** Name recorded as the actor of every event until accounts exist. */
  readonly actor: string;
}

export interface ConfigFault {
  readonly variable: string;
  readonly code: string;
  readonly message: string;
}

/** Thrown with every fault of the environment at once; `message` is ready to be shown to the operator. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly faults: readonly ConfigFault[]) {
    super(['The configuration is not usable:', ...faults.map((fault) => `  ${fault.message}`)].join('\n'));
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What a distributed process cannot do without, by variable: the setting, and what it is for. */
const NEEDED = {
  DATABASE_URL: ['databaseUrl', 'the PostgreSQL that holds the read models and what the processes keep'],
  EVENTSTORE_URL: ['eventStoreUrl', 'the EventStoreDB that holds the log, such as esdb://eventstore:2113?tls=true'],
  KAFKA_BROKERS: ['kafkaBrokers', 'host:port of each broker that carries the events, separated by commas'],
} as const satisfies Record<string, readonly [keyof Config, string]>;

export type Needed = keyof typeof NEEDED;
type Setting<Variable extends Needed> = (typeof NEEDED)[Variable][0];
/** The configuration of a process that needs these variables. */
export type ConfigWith<Variable extends Needed> = Config & Required<Pick<Config, Setting<Variable>>>;

/**
 * Reads the environment of a process that cannot do without some variables. Throws a `ConfigError` that names all faults,
 * what is missing and what is malformed.
 */
export function readConfigWith<Variable extends Needed>(
  needed: readonly Variable[],
  environment: Environment = process.env,
): ConfigWith<Variable> {
  return readAll(environment, needed) as ConfigWith<Variable>;
}

/** Reads the environment. An empty variable counts as not set. Throws a `ConfigError` that names all faults. */
export const readConfig = (environment: Environment = process.env): Config => readAll(environment, []);

/** Throws a `ConfigError` for settings of a distributed process, which `npm start` must not follow. */
export function requireOwnMachine({ listenHost, publicHosts }: Pick<Config, 'listenHost' | 'publicHosts'>): void {
  const why = 'npm start answers its own machine only, since it has no accounts yet; leave it out';
  const fault = (variable: string, text: string): ConfigFault => {
    return { variable, code: 'ONLY_DISTRIBUTED', message: `${variable}=${text}: ${why}` };
  };
  const faults = [
    ...(LOOPBACK_ADDRESSES.includes(listenHost) ? [] : [fault('LISTEN_HOST', listenHost)]),
    ...(publicHosts.length === 0 ? [] : [fault('PUBLIC_HOSTS', publicHosts.join(','))]),
  ];
  if (faults.length > 0) throw new ConfigError(faults);
}

const LOOPBACK_ADDRESSES = ['127.0.0.1', 'localhost', '::1'];

function readAll(environment: Environment, needed: readonly Needed[]): Config {
  const faults: ConfigFault[] = [];
  const read = <T>(variable: string, parse: (text: string) => T | Refusal): T | undefined => {
    const text = environment[variable]?.trim();
    if (!text) return undefined;
    const value = parse(text);
    if (!(value instanceof Refusal)) return value;
    faults.push({ variable, code: value.code, message: `${variable}=${shown(variable, text)}: ${value.expected}` });
    return undefined;
  };
  const port = read('PORT', parsePort) ?? 3000;
  const databaseUrl = read('DATABASE_URL', parseUrl(['postgres:', 'postgresql:']));
  const eventStoreUrl = read('EVENTSTORE_URL', parseEventStoreUrl);
  const kafkaBrokers = read('KAFKA_BROKERS', parseBrokers);
  for (const variable of needed) {
    if (environment[variable]?.trim()) continue;
    faults.push({ variable, code: 'MISSING', message: `${variable} is not set: give ${NEEDED[variable][1]}` });
  }
  const config: Config = {
    port,
    listenHost: read('LISTEN_HOST', parseHost) ?? '127.0.0.1',
    publicHosts: read('PUBLIC_HOSTS', parseHosts) ?? [],
    dataDir: resolve(read('DATA_DIR', parsePath) ?? '.data'),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    ...(eventStoreUrl === undefined ? {} : { eventStoreUrl }),
    ...(kafkaBrokers === undefined ? {} : { kafkaBrokers }),
    kafkaPartitions: read('KAFKA_PARTITIONS', parsePartitions) ?? 12,
    budgetUrl: read('BUDGET_URL', parseUrl(['http:', 'https:']))?.replace(/\/+$/, '') ?? `http://127.0.0.1:${port}`,
    logLevel: read('LOG_LEVEL', parseLogLevel) ?? 'info',
    actor: read('ACTOR', parseActor) ?? accountName(),
  };
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

class Refusal {
  constructor(
    readonly code: string,
    readonly expected: string,
  ) {}
}

const parsePort = (text: string): number | Refusal =>
  /^\d{1,5}$/.test(text) && Number(text) <= 65_535
    ? Number(text)
    : new Refusal('NOT_A_PORT', 'give a port number from 1 to 65535, or 0 for any free port');

/** As the store's own clients take it: of a cluster several hosts, which no URL has. */
const EVENT_STORE_URL =
  /^esdb(\+discover)?:\/\/([^@/?,\s]+@)?[^@:/?,\s]+(:\d{1,5})?(,[^@:/?,\s]+(:\d{1,5})?)*\/?(\?\S*)?$/;

const parseEventStoreUrl = (text: string): string | Refusal =>
  EVENT_STORE_URL.test(text)
    ? text
    : new Refusal('NOT_A_URL', 'give esdb://host:port?tls=true, or several host:port of a cluster separated by commas');

const HOST = /^(\[[0-9a-f:]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)$/i;

const parseHost = (text: string): string | Refusal =>
  HOST.test(text) || /^[0-9a-f:]+$/i.test(text)
    ? text
    : new Refusal('NOT_A_HOST', 'give one address to listen on, such as 127.0.0.1, or 0.0.0.0 for all');

function parseHosts(text: string): readonly string[] | Refusal {
  const hosts = text.split(',').map((host) => host.trim().toLowerCase());
  const valid = hosts.every((host) => {
    const [, name = '', port = '1'] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(host) ?? [];
    return HOST.test(name) && Number(port) >= 1 && Number(port) <= 65_535;
  });
  return valid ? hosts : new Refusal('NOT_HOSTS', 'give host or host:port of each name, separated by commas');
}

/** Kafka takes more, and one process could not hold what that many keep in memory. */
const MOST_PARTITIONS = 1_000;

const parsePartitions = (text: string): number | Refusal =>
  /^[1-9]\d{0,3}$/.test(text) && Number(text) <= MOST_PARTITIONS
    ? Number(text)
    : new Refusal('NOT_PARTITIONS', `give a number of partitions from 1 to ${MOST_PARTITIONS}`);

const parsePath = (text: string): string | Refusal =>
  text.includes('\0') ? new Refusal('NOT_A_PATH', 'give the path of a folder') : text;

function parseUrl(protocols: readonly string[]): (text: string) => string | Refusal {
  return (text) =>
    URL.canParse(text) && protocols.includes(new URL(text).protocol)
      ? text
      : new Refusal('NOT_A_URL', `give a URL that begins with ${protocols.map((name) => `${name}//`).join(' or ')}`);
}

function parseBrokers(text: string): readonly string[] | Refusal {
  const brokers = text.split(',').map((broker) => broker.trim());
  const valid = brokers.every((broker) => /^[^\s:/]+:\d{1,5}$/.test(broker) && URL.canParse(`tcp://${broker}`));
  return valid ? brokers : new Refusal('NOT_BROKERS', 'give host:port of each broker, separated by commas');
}

const parseLogLevel = (text: string): LogLevel | Refusal =>
  LOG_LEVELS.find((level) => level === text.toLowerCase()) ??
  new Refusal('NOT_A_LOG_LEVEL', `choose one of ${LOG_LEVELS.join(', ')}`);

const parseActor = (text: string): string | Refusal =>
  text.length <= 100 && !/\p{Cc}/u.test(text)
    ? text.normalize('NFC')
    : new Refusal('NOT_AN_ACTOR', 'give a name of at most 100 characters without control characters');

/** A URL may hold a password: only what stands before it is repeated in a message. */
const shown = (variable: string, text: string): string =>
  variable.endsWith('_URL') ? text.replace(/\/\/[^/]*@/, '//…@') : text;

/** Name of the operating system's account; some containers run under an id that has none. */
function accountName(): string {
  try {
    return userInfo().username || 'local';
  } catch {
    return 'local';
  }
}

/** The few variables of the operating system that a child process needs, and none of ours. */
export function operatingSystemVariables(environment: Environment = process.env): Record<string, string> {
  const names = ['PATH', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LD_LIBRARY_PATH'];
  return Object.fromEntries(
    names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
  );
}
