/**
 * The relay: of several processes one, the holder of the lease, brings the log to the topic; the others stand by and take
 * over. See `sending.ts` for the work itself.
 */
import { createLease, type Holding, type Lease } from '#platform/lease.js';
import { openPlaces } from './schema.js';
import { sendWhileOurs, type SendingParts, type SentCounts } from './sending.js';

export interface RelayOptions extends Omit<SendingParts, 'places' | 'counts' | 'heartbeatMs'> {
  /** `postgres://` URL of the database with the lease and the place. */
  readonly databaseUrl: string;
  readonly leaseMs?: number;
  readonly heartbeatMs?: number;
  /** Nothing can be sent until somebody mends it, such as a topic with another number of partitions. */
  readonly onFatal: (error: unknown) => void;
}

export interface Relay {
  readonly isActive: boolean;
  readonly sent: Readonly<SentCounts>;
  /** Rejects when the database with lease and place does not answer. */
  check(): Promise<void>;
  /** Ends the sending, then gives the lease back. */
  stop(): Promise<void>;
}

const HEARTBEAT_MS = 1_000;
const LEASE = 'relay';

export function startRelay(options: RelayOptions): Relay {
  const { databaseUrl, target, heartbeatMs = HEARTBEAT_MS, leaseMs, onError, onFatal } = options;
  const counts: SentCounts = { events: 0, completeAt: undefined, time: undefined };
  const places = openPlaces({ url: databaseUrl, topic: target.topic, onError });
  const stopping = new AbortController();
  let working: Promise<void> = Promise.resolve();
  let ending: AbortController | undefined;

  const work = async (holding: Holding, signal: AbortSignal): Promise<void> => {
    try {
      await sendWhileOurs({ ...options, heartbeatMs, places, counts }, holding, signal);
    } catch (error) {
      onFatal(error);
    }
  };
  const lease: Lease = createLease({
    url: databaseUrl,
    name: LEASE,
    ...(leaseMs === undefined ? {} : { leaseMs }),
    onTaken: (holding) => {
      const taken = (ending = new AbortController());
      const signal = AbortSignal.any([stopping.signal, taken.signal]);
      working = working.then(() => work(holding, signal));
    },
    onLost: () => ending?.abort(),
    onError,
  });

  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    stopping.abort();
    await working;
    await lease.stop();
    await places.close();
  };

  return {
    get isActive() {
      return lease.holding !== undefined;
    },
    sent: counts,
    check: () => places.check(),
    stop: () => (stopped ??= stop()),
  };
}
