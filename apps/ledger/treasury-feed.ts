/**
 * The treasury feed: notices of payments, returns and corrections become entries in the books. What becomes of a batch is in
 * `treasury-batch.ts`; the group's place moves when that is durable.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { MessagingUnavailable, NoSuchTopic, type Batch, type Consumer } from '#messaging/port.js';
import { REJECTED_TOPIC, TREASURY_TOPIC } from '#messaging/treasury.js';
import { takeBatch, type BatchOptions } from './treasury-batch.js';

export const TREASURY_GROUP = 'budget.treasury';

export interface FeedOptions extends Omit<BatchOptions, 'rejectedPartitions'> {
  /** The broker refuses this process for good: it should end. */
  readonly onFatal: (error: unknown) => void;
}

export interface TreasuryFeed {
  /** Rejects with what is wrong while the broker cannot be reached, a topic is not there, or the last batch failed. */
  check(): Promise<void>;
  /** Resolves when no notice is being booked. */
  stop(): Promise<void>;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/** Goes on where its group stopped. Returns at once and tries to reach the broker until it can. */
export function startTreasuryFeed(options: FeedOptions): TreasuryFeed {
  const { messaging, logger, onFatal } = options;
  const stopping = new AbortController();
  let consumer: Consumer | undefined;
  /** Why nothing is consumed yet. */
  let waiting: Error | undefined = new Error('the treasury feed has not reached the broker yet');
  /** Partitions whose last batch failed. */
  const failing = new Map<number, Error>();
  const onError = (error: unknown): void => logger.error({ err: error }, 'treasury feed');

  const consume = async (): Promise<Consumer> => {
    const rejectedPartitions = await messaging.partitions(REJECTED_TOPIC);
    if ((await messaging.partitions(TREASURY_TOPIC)) === undefined) throw new NoSuchTopic(TREASURY_TOPIC);
    if (rejectedPartitions === undefined) throw new NoSuchTopic(REJECTED_TOPIC);
    const handler = async (batch: Batch): Promise<void> => {
      try {
        await takeBatch(batch, { ...options, rejectedPartitions });
        failing.delete(batch.partition);
      } catch (error) {
        if (batch.isOurs()) failing.set(batch.partition, asError(error));
        throw error;
      }
    };
    const onAssigned = async (partitions: readonly number[]): Promise<void> => {
      for (const partition of failing.keys()) if (!partitions.includes(partition)) failing.delete(partition);
    };
    const member = { topic: TREASURY_TOPIC, group: TREASURY_GROUP, handler, onAssigned };
    return messaging.consume({ ...member, onError, onFatal });
  };

  const connecting = (async (): Promise<void> => {
    for (let tries = 0; !stopping.signal.aborted; tries += 1) {
      try {
        consumer = await consume();
        waiting = undefined;
        return;
      } catch (error) {
        waiting = asError(error);
        onError(error);
        if (!(error instanceof MessagingUnavailable || error instanceof NoSuchTopic)) return onFatal(error);
        const ms = Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS);
        await pause(ms, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
      }
    }
  })();

  return {
    check: async () => {
      if (waiting !== undefined) throw waiting;
      for (const error of failing.values()) throw error;
      // A broker that went away is told to nobody here.
      await messaging.ends(TREASURY_TOPIC);
    },
    stop: async () => {
      stopping.abort();
      await connecting;
      await consumer?.stop();
    },
  };
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
