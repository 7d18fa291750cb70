/** For specs: waiting for a condition, never for a time. */
import { setTimeout as pause } from 'node:timers/promises';

/** Asks until the answer is as wanted; the spec's own time limit ends what never comes. */
export async function until<Result>(ask: () => Promise<Result>, holds: (result: Result) => boolean): Promise<Result> {
  for (;;) {
    const result = await ask();
    if (holds(result)) return result;
    await pause(20);
  }
}
