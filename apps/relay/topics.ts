/**
 * Deploy step: makes the topics that are missing, and refuses one of events that is there with other partitions. May be run
 * again at any time. Ends with 0, 2 for what an operator can mend, 3 when no broker answers within a minute.
 */
import { ConfigError, readConfigWith } from '#platform/config.js';
import { createKafkaMessaging } from '#messaging/kafka.js';
import { MessagingUnavailable } from '#messaging/port.js';
import { ensureTopicsInTime, plannedTopics, TopicsDiffer } from './topic-plan.js';

const PATIENCE_MS = 60_000;

async function main(): Promise<void> {
  const { kafkaBrokers, kafkaPartitions } = readConfigWith(['KAFKA_BROKERS']);
  const messaging = createKafkaMessaging({ brokers: kafkaBrokers, clientId: 'budget-topics' });
  try {
    const lines = await ensureTopicsInTime(messaging, plannedTopics(kafkaPartitions), PATIENCE_MS);
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  } catch (error) {
    if (!(error instanceof MessagingUnavailable)) throw error;
    process.stderr.write(`No broker answers at KAFKA_BROKERS=${kafkaBrokers.join(',')}. Start Kafka, and try again.\n`);
    process.exitCode = 3;
  } finally {
    await messaging.close();
  }
}

main().catch((error: unknown) => {
  const told = error instanceof ConfigError || error instanceof TopicsDiffer;
  process.stderr.write(`${told ? error.message : String((error as Error).stack ?? error)}\n`);
  process.exitCode = told ? 2 : 1;
});
