/** The reading loop behind `subscribe`, the same for every adapter that can say "what comes after this position". */
import type { Envelope, Position } from '#domain/envelope.js';
import { PositionBeyondEnd, type EventStore, type Subscription } from './port.js';

export interface TailedLog {
  /** Events after a position in order, at most `limit`; none at the end. */
  readonly after: (position: Position | 'start', limit: number) => Promise<readonly Envelope[]>;
  readonly end: () => Promise<Position | 'start'>;
  readonly order: EventStore['order'];
  /** Rung after every append that the adapter hears of. */
  readonly bell: Bell;
  /** How long to sleep at the end of the log before looking again without a ring. */
  readonly pollMs: number;
}

/** Wakes sleepers. A sleeper says which ring it heard last, so no ring between reading and sleeping is lost. */
export class Bell {
  #rings = 0;
  readonly #sleepers = new Set<() => void>();

  get rings(): number {
    return this.#rings;
  }

  ring(): void {
    this.#rings += 1;
    for (const wake of [...this.#sleepers]) wake();
  }

  /** Resolves at the first ring after number `heard`, after `maxMs`, or when `signal` aborts. */
  async sleep(heard: number, maxMs: number, signal: AbortSignal): Promise<void> {
    if (this.#rings !== heard || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#sleepers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, maxMs);
      timer.unref();
      this.#sleepers.add(wake);
      signal.addEventListener('abort', wake);
    });
  }
}

const DEFAULT_BATCH = 500;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** Starts a subscription; the semantics are those of `EventStore.subscribe`. */
export function tail(
  log: TailedLog,
  after: Position | 'start',
  handler: (events: readonly Envelope[]) => Promise<void>,
  options: { readonly batchSize?: number; readonly onError?: (error: unknown) => void } = {},
): Subscription {
  const { batchSize = DEFAULT_BATCH, onError = warn } = options;
  const stopping = new AbortController();
  const finished = follow();
  return {
    stop: async () => {
      stopping.abort();
      await finished;
    },
  };

  async function follow(): Promise<void> {
    let position = after;
    let batch: readonly Envelope[] = [];
    let failures = 0;
    let checked = after === 'start';
    while (!stopping.signal.aborted) {
      try {
        if (!checked) await refuseBeyondEnd(log, after);
        checked = true;
        const heard = log.bell.rings;
        if (batch.length === 0) batch = await log.after(position, batchSize);
        if (stopping.signal.aborted) return;
        const last = batch.at(-1);
        if (last) {
          await handler(batch);
          position = last.position;
          batch = [];
        } else {
          await log.bell.sleep(heard, log.pollMs, stopping.signal);
        }
        failures = 0;
      } catch (error) {
        onError(error);
        if (error instanceof PositionBeyondEnd) return;
        await pause(Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS), stopping.signal);
        failures += 1;
      }
    }
  }
}

async function refuseBeyondEnd(log: TailedLog, position: Position | 'start'): Promise<void> {
  const end = await log.end();
  if (position !== 'start' && log.order(position) > log.order(end)) throw new PositionBeyondEnd(position, end);
}

/** A pause that ends early on abort; it does not keep the process alive. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Bell().sleep(0, ms, signal);
}

const warn = (error: unknown): void => process.emitWarning(String(error), { code: 'SUBSCRIPTION' });
