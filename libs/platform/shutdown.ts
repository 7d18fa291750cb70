/** One Ctrl-C stops cleanly with exit code 0, a second one at once. */
import type { Logger } from '#platform/logging.js';

/** Run by npm, one Ctrl-C arrives twice: from the terminal and from npm. Nobody presses a key that fast. */
const SAME_KEY_MS = 1_000;

/**
 * Calls `stop` on the first SIGINT, SIGTERM or SIGHUP and then ends the process: 0 when it resolved, 1 when it failed or took
 * longer than `patienceMs`. Another signal a second or more later ends the process at once with 130.
 */
export function stopOnSignals(stop: () => Promise<void>, options: { logger: Logger; patienceMs?: number }): void {
  const { logger, patienceMs = 30_000 } = options;
  let since: number | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (since !== undefined) {
      if (performance.now() - since >= SAME_KEY_MS) process.exit(130);
      return;
    }
    since = performance.now();
    logger.info({ signal }, 'stopping');
    const overdue = setTimeout(() => {
      logger.error({ patienceMs }, 'stopping takes too long, giving up');
      process.exit(1);
    }, patienceMs);
    stop().then(
      () => {
        clearTimeout(overdue);
        process.exit(0);
      },
      (error: unknown) => {
        logger.error({ err: error }, 'could not stop cleanly');
        process.exit(1);
      },
    );
  };
  // SIGHUP: the terminal was closed.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
}
