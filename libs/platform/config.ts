/**
 * The environment, read once and checked as a whole. No other file of the product reads `process.env`. There is no HOST:
 * until accounts exist the product listens on loopback only (design 8 lists the variables, `README.md` explains them).
 */
import { userInfo } from 'node:os';
import { resolve } from 'node:path';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface Config {
  /** TCP port on loopback; 0 lets the system pick a free one. */
  readonly port: number;
  /** Absolute path of the folder that holds everything the process keeps on disk. */
  readonly dataDir: string;
  /** `postgres://` URL of a server to use in place of the embedded one. */
  readonly databaseUrl?: string;
  readonly eventStoreUrl?: string;
  /** `host:port` of each broker. */
  readonly kafkaBrokers?: readonly string[];
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

/** Reads the environment. An empty variable counts as not set. Throws a `ConfigError` that names all faults. */
export function readConfig(environment: Environment = process.env): Config {
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
  const eventStoreUrl = read('EVENTSTORE_URL', parseUrl(['esdb:', 'esdb+discover:']));
  const kafkaBrokers = read('KAFKA_BROKERS', parseBrokers);
  const config: Config = {
    port,
    dataDir: resolve(read('DATA_DIR', parsePath) ?? '.data'),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    ...(eventStoreUrl === undefined ? {} : { eventStoreUrl }),
    ...(kafkaBrokers === undefined ? {} : { kafkaBrokers }),
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
