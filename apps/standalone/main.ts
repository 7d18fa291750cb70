/** `npm start`: the whole system in one process. Prints the address and the tables, and runs until it is stopped. */
import { ConfigError, readConfig, requireOwnMachine } from '#platform/config.js';
import { listenOnLoopback, PortTaken, requireFreePort } from '#platform/http.js';
import { createLogger } from '#platform/logging.js';
import { PostgresStartError } from '#platform/embedded-postgres.js';
import { stopOnSignals } from '#platform/shutdown.js';
import { printWelcome } from './welcome.js';
import { createSystem } from './system.js';

async function main(): Promise<void> {
  const config = readConfig();
  requireOwnMachine(config);
  const logger = createLogger(config.logLevel);
  const empty = readArguments(process.argv.slice(2));
  // Before anything is started: the message must not have to wait for a database.
  await requireFreePort(config.port);
  const system = createSystem(config, logger, { sample: !empty });
  let stopping = false;
  stopOnSignals(
    () => {
      stopping = true;
      return system.stop();
    },
    { logger },
  );
  try {
    const address = await listenOnLoopback(await system.start(), config.port);
    await printWelcome(address, process.stdout);
  } catch (error) {
    if (stopping) return;
    await system.stop();
    throw error;
  }
}

function readArguments(given: readonly string[]): boolean {
  const unknown = given.filter((argument) => argument !== '--empty');
  if (unknown.length > 0) throw new UsageError(`unknown: ${unknown.join(' ')}. Usage: npm start [-- --empty]`);
  return given.includes('--empty');
}

class UsageError extends Error {}

/** What an operator can mend is said in words; anything else is a bug and keeps its stack. */
const TOLD = [ConfigError, PortTaken, PostgresStartError, UsageError];

main().catch((error: unknown) => {
  const told = TOLD.some((type) => error instanceof type);
  process.stderr.write(`${told ? (error as Error).message : String((error as Error).stack ?? error)}\n`);
  process.exit(told ? 2 : 1);
});
