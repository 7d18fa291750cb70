/** For specs: waiting for a condition, never for a time. */
import { setTimeout as pause } from 'node:timers/promises';

/** What has not come by then never comes: a spec that has failed must not go on asking. */
const PATIENCE_MS = 50_000;

/** Asks until the answer is as wanted. Throws with the last one when that never comes. */
export async function until<Result>(ask: () => Promise<Result>, holds: (result: Result) => boolean): Promise<Result> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const result = await ask();
    if (holds(result)) return result;
    if (performance.now() > end) throw new Error(`this is how it stayed: ${JSON.stringify(result)}`);
    await pause(20);
  }
}
