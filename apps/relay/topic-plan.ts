/** The topics of the system, as a deploy step makes them: nobody makes one by sending or asking. */
import { setTimeout as pause } from 'node:timers/promises';
import { EVENTS_TOPIC } from '#messaging/event-message.js';
import { MessagingUnavailable, NoSuchTopic, type Messaging, type TopicSettings } from '#messaging/port.js';
import { REJECTED_TOPIC, TREASURY_TOPIC } from '#messaging/treasury.js';

export interface PlannedTopic extends TopicSettings {
  readonly topic: string;
  readonly partitions: number;
}

const DAY_MS = 86_400_000;

/**
 * Events need not be kept for long: the log has them all, and each second brings heartbeats. Payment notices are kept for a
 * quarter, so that a ledger that was away misses none; what was rejected, until somebody has looked.
 */
export const plannedTopics = (partitions: number): readonly PlannedTopic[] => [
  { topic: EVENTS_TOPIC, partitions, retentionMs: 7 * DAY_MS },
  { topic: TREASURY_TOPIC, partitions, retentionMs: 92 * DAY_MS },
  { topic: REJECTED_TOPIC, partitions: 1, retentionMs: 'for-ever' },
];

/** Some topics are there with other partitions. They are left as they are: `message` says what to do. */
export class TopicsDiffer extends Error {
  override readonly name = 'TopicsDiffer';
  constructor(faults: readonly string[]) {
    super(
      [
        'These topics are there with another number of partitions, and are left as they are:',
        ...faults.map((fault) => `  ${fault}`),
        'Set KAFKA_PARTITIONS to the number that is there. To change it, stop relay and projectors, delete the topic, run',
        'this step again and rebuild the read models: a stream may go to another partition.',
      ].join('\n'),
    );
  }
}

/**
 * Makes what is missing. Resolves with a line for each topic; rejects with `TopicsDiffer` after all have been looked at, and
 * with `MessagingUnavailable` when it is to be tried again.
 */
export async function ensureTopics(messaging: Messaging, planned: readonly PlannedTopic[]): Promise<readonly string[]> {
  const lines: string[] = [];
  const faults: string[] = [];
  for (const { topic, partitions, ...settings } of planned) {
    const made = await messaging.createTopic(topic, partitions, settings);
    const found = await messaging.partitions(topic);
    // The brokers of a cluster learn of it one after another.
    if (found === undefined) throw new MessagingUnavailable({ cause: new NoSuchTopic(topic) });
    if (found === partitions) lines.push(`${topic}: ${counted(partitions)}, ${made ? 'made' : 'there already'}`);
    else faults.push(`${topic}: ${counted(found)}, wanted are ${partitions}`);
  }
  if (faults.length > 0) throw new TopicsDiffer(faults);
  return lines;
}

const counted = (partitions: number): string => `${partitions} partition${partitions === 1 ? '' : 's'}`;

const RETRY_MS = 500;

/** The same, while brokers that still start are waited for until `patienceMs` are over. */
export async function ensureTopicsInTime(
  messaging: Messaging,
  planned: readonly PlannedTopic[],
  patienceMs: number,
): Promise<readonly string[]> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await ensureTopics(messaging, planned);
    } catch (error) {
      if (!(error instanceof MessagingUnavailable) || performance.now() > deadline) throw error;
      await pause(RETRY_MS);
    }
  }
}
