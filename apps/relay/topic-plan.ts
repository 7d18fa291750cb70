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

/** The topic of events is there with other partitions. It is left as it is: `message` says what to do. */
export class TopicsDiffer extends Error {
  override readonly name = 'TopicsDiffer';
  constructor(topic: string, found: number, wanted: number) {
    super(
      [
        `${topic} is there with ${counted(found)}, wanted are ${wanted}; it is left as it is.`,
        `Set KAFKA_PARTITIONS=${found}. To have another number, a stream must go to another partition:`,
        'deploy/README.md, Partitions, says how to change it.',
      ].join('\n'),
    );
  }
}

/**
 * Makes what is missing. Only of events the partitions must be right: those of the treasury may have any number, and what
 * waits in them is nowhere else. Resolves with a line for each topic; rejects with `TopicsDiffer` after all have been looked
 * at, and with `MessagingUnavailable` when it is to be tried again.
 */
export async function ensureTopics(messaging: Messaging, planned: readonly PlannedTopic[]): Promise<readonly string[]> {
  const lines: string[] = [];
  let differs: TopicsDiffer | undefined;
  for (const { topic, partitions, ...settings } of planned) {
    const made = await messaging.createTopic(topic, partitions, settings);
    const found = await messaging.partitions(topic);
    // The brokers of a cluster learn of it one after another.
    if (found === undefined) throw new MessagingUnavailable({ cause: new NoSuchTopic(topic) });
    lines.push(`${topic}: ${made ? `${counted(found)}, made` : `already there with ${counted(found)}`}`);
    if (topic === EVENTS_TOPIC && found !== partitions) differs = new TopicsDiffer(topic, found, partitions);
  }
  if (differs !== undefined) throw differs;
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
