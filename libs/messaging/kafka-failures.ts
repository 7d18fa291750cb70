/** What the Kafka client's failures mean: whether another try may help, and which word of the port they are. */
import kafkajs from 'kafkajs';
import { MessagingUnavailable, NoSuchTopic } from './port.js';

// Node does not find this name among the exports of the package, which is CommonJS.
const { KafkaJSError } = kafkajs;

/** In words of the port, or as it is when another try would not help. */
export function meaningOf(error: unknown, topic: string): unknown {
  if (!(error instanceof KafkaJSError)) return error;
  const cause = rootOf(error);
  if ((cause as { type?: string }).type === 'UNKNOWN_TOPIC_OR_PARTITION') return new NoSuchTopic(topic);
  return isPassing(error) ? new MessagingUnavailable({ cause: error }) : error;
}

const rootOf = (error: unknown): unknown => {
  const { cause } = error as { cause?: unknown };
  return cause === undefined || cause === null || cause === error ? error : rootOf(cause);
};

/** Whether the same may succeed later. The client wraps what it gave up repeating, and marks the rest. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof KafkaJSError)) return false;
  return (
    error.name === 'KafkaJSNumberOfRetriesExceeded' || (rootOf(error) as { retriable?: boolean }).retriable === true
  );
}
