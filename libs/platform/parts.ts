/**
 * The parts of a process: they start in the order in which they need each other and stop in the reverse order, at any stage,
 * also while others still start.
 */

export interface Parts {
  /** A part that has started. When all are being stopped already, it is stopped at once and this throws. */
  readonly started: <Part>(part: Part, stop: () => Promise<void>) => Promise<Part>;
  /** Every part is stopped even when one before it failed; rejects with the first failure. The same call for all callers. */
  readonly stop: () => Promise<void>;
}

/** What runs until it is stopped. */
export interface Startable<Running> {
  /** Resolves when all has started. What has is stopped again when it fails. */
  start(): Promise<Running>;
  /** At any stage, also while it starts. */
  stop(): Promise<void>;
}

/** Something that is started part by part. */
export function startable<Running>(start: (parts: Parts) => Promise<Running>): Startable<Running> {
  const parts = createParts();
  return {
    start: () =>
      start(parts).catch(async (error: unknown) => {
        await parts.stop();
        throw error;
      }),
    stop: () => parts.stop(),
  };
}

function createParts(): Parts {
  const stops: (() => Promise<void>)[] = [];
  let stopping: Promise<void> | undefined;
  return {
    async started(part, stop) {
      if (stopping === undefined) {
        stops.push(stop);
        return part;
      }
      await stop();
      throw new Error('stopped while it started');
    },
    stop: () => (stopping ??= stopAll(stops)),
  };
}

async function stopAll(stops: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const stop of stops.reverse()) {
    await stop().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}
