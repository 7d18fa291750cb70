/** `npm start`: the whole system in one process. Prints the address and the tables, and runs until it is stopped. */
import { ConfigError, readConfig, requireOwnMachine } from '#platform/config.js';
import { listenOnLoopback, PortTaken, requireFreePort } from '#platform/http.js';
import { createLogger } from '#platform/logging.js';
import { PostgresStartError } from '#platform/embedded-postgres.js';
import { endFor, runUntilSignal } from '#platform/run.js';
import { printWelcome } from './welcome.js';
import { createSystem } from './system.js';

async function main(): Promise<void> {
  const config = readConfig();
  requireOwnMachine(config);
  const logger = createLogger(config.logLevel);
  const empty = readArguments(process.argv.slice(2));
  // Before anything is started: the message must not have to wait for a database.
  await requireFreePort(config.port);
  await runUntilSignal(createSystem(config, logger, { sample: !empty }), logger, async (app) =>
    printWelcome(await listenOnLoopback(app, config.port), process.stdout),
  );
}

function readArguments(given: readonly string[]): boolean {
  const unknown = given.filter((argument) => argument !== '--empty');
  if (unknown.length > 0) throw new UsageError(`unknown: ${unknown.join(' ')}. Usage: npm start [-- --empty]`);
  return given.includes('--empty');
}

class UsageError extends Error {}

main().catch(endFor([ConfigError, PortTaken, PostgresStartError, UsageError]));
