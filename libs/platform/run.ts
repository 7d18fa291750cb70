/** The life of a process of a distributed system: read the environment, start, listen, run until it is told to stop. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConfigError, type Config } from '#platform/config.js';
import { listen, PortTaken } from '#platform/http.js';
import { createLogger, type Logger } from '#platform/logging.js';
import type { Startable } from '#platform/parts.js';
import { stopOnSignals } from '#platform/shutdown.js';

export interface Run<Settings extends Config> {
  /** As it stands in the log. */
  readonly name: string;
  /** Throws a `ConfigError`. */
  readonly config: () => Settings;
  readonly create: (config: Settings, logger: Logger) => Startable<NestFastifyApplication>;
}

/**
 * Runs until a signal. Ends with 0 when it stopped cleanly, 2 for what an operator can mend (configuration, a port that is
 * taken), 1 for a bug.
 */
export function runProcess<Settings extends Config>(run: Run<Settings>): void {
  started(run).catch(endFor([ConfigError, PortTaken]));
}

/** Ends the process: with 2 for errors of these types, which an operator can mend, in words; with 1 and the stack for others. */
export const endFor =
  (mendable: readonly ErrorType[]) =>
  (error: unknown): void => {
    const told = mendable.some((type) => error instanceof type);
    process.stderr.write(`${told ? (error as Error).message : String((error as Error).stack ?? error)}\n`);
    process.exit(told ? 2 : 1);
  };

// Constructors take what they like.
type ErrorType = abstract new (...args: never[]) => Error;

async function started<Settings extends Config>({ name, config: read, create }: Run<Settings>): Promise<void> {
  const config = read();
  const logger = createLogger(config.logLevel);
  await runUntilSignal(create(config, logger), logger, async (app) => {
    const address = await listen(app, { host: config.listenHost, port: config.port });
    logger.info({ address }, `${name} is listening`);
  });
}

/** Starts, then serves until a signal stops it. What was begun is stopped when the start or `serve` fails. */
export async function runUntilSignal<App>(
  system: Startable<App>,
  logger: Logger,
  serve: (app: App) => Promise<void>,
): Promise<void> {
  let stopping = false;
  stopOnSignals(
    () => {
      stopping = true;
      return system.stop();
    },
    { logger },
  );
  try {
    await serve(await system.start());
  } catch (error) {
    if (stopping) return;
    await system.stop();
    throw error;
  }
}
