/**
 * Whether a real Kafka can be had here. Without Java or the broker's jars the suites that need one are skipped, with one
 * line that says how to get it; where everything must be tested (`CI=true`) they run and fail.
 */
import type { describe as Describe, it as It } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const POM = join('test', 'support', 'kafka', 'pom.xml');
const OLDEST_JAVA = 17;

/** Brokers that somebody else looks after, from the environment; undefined when specs start their own. */
export function givenBrokers(): readonly string[] | undefined {
  const brokers = process.env['KAFKA_BROKERS']?.trim();
  return brokers ? brokers.split(',').map((broker) => broker.trim()) : undefined;
}

/** The folder of the broker's jars, whether they are there or not. */
export function jarFolder(): string {
  const version = /<kafka\.version>([^<]+)</.exec(readFileSync(join(process.cwd(), POM), 'utf8'))?.[1];
  if (version === undefined) throw new Error(`${POM} names no kafka.version`);
  return join(process.cwd(), 'node_modules', '.cache', 'kafka', version);
}

/** Undefined when Kafka can be started (or is given); else what is missing and how to get it. */
export function kafkaOrReason(): string | undefined {
  if (process.env['CI'] === 'true' || givenBrokers() !== undefined) return undefined;
  return missing();
}

/** What keeps a broker from being started here, `CI` or not. */
export function missing(): string | undefined {
  const java = javaVersion();
  if (java === undefined) return `no Java: install Java ${OLDEST_JAVA} and Maven, ${HOW}`;
  if (java < OLDEST_JAVA) return `Java ${java} is too old: install Java ${OLDEST_JAVA} and Maven, ${HOW}`;
  if (!hasJars()) return `no broker: ${HOW}`;
  return undefined;
}

const HOW = `run "mvn -q -f ${POM}", or set KAFKA_BROKERS=host:port of a broker that may be written to`;

/** The broker itself and what it needs first; Maven copies in the order of the tree, so a copy that was cut short lacks some. */
const hasJars = (): boolean => {
  const version = jarFolder().split(/[\\/]/).at(-1)!;
  return ['kafka_2.13', 'kafka-clients', 'kafka-server', 'kafka-metadata', 'kafka-group-coordinator'].every((jar) =>
    existsSync(join(jarFolder(), `${jar}-${version}.jar`)),
  );
};

function javaVersion(): number | undefined {
  try {
    // `java -version` writes to standard error; `--version`, since 9, does not.
    return Number(/\b(\d+)/.exec(execFileSync('java', ['--version'], { encoding: 'utf8', stdio: 'pipe' }))?.[1]);
  } catch {
    return undefined;
  }
}

/**
 * A suite that needs Kafka. Where there is none, one skipped line stands for it; how to get Kafka is said once for all.
 * `ownBrokers`: those that are given do not help, since it kills them.
 */
export function describeKafka(
  title: string,
  suite: () => void,
  { ownBrokers = false }: { readonly ownBrokers?: boolean } = {},
): void {
  // Not imported: outside of Jest, where brokers are wanted too, the package cannot be loaded.
  const { describe, it } = globalThis as unknown as { readonly describe: typeof Describe; readonly it: typeof It };
  const reason = ownBrokers && process.env['CI'] !== 'true' ? missing() : kafkaOrReason();
  if (reason === undefined) return describe(title, suite);
  sayOnce(`suites that need Kafka are skipped, there is ${reason}`);
  describe(title, () => it.skip('because Kafka is missing: the whole suite', () => undefined));
}

/** Once per run of Jest, whatever the number of workers: making a folder succeeds once. */
function sayOnce(line: string): void {
  const folder = process.env['TEST_POSTGRES_DIR'];
  try {
    if (folder !== undefined) mkdirSync(join(folder, 'kafka-is-missing'));
    process.stderr.write(`${line}\n`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
