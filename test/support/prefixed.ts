/** For specs: a messaging in which every topic and group bears a prefix, so that many systems share one broker. */
import type { Messaging } from '#messaging/port.js';

/** Closing it closes the one below. */
export const prefixed = (messaging: Messaging, prefix: string): Messaging => ({
  partitions: (topic) => messaging.partitions(prefix + topic),
  createTopic: (topic, ...rest) => messaging.createTopic(prefix + topic, ...rest),
  ends: (topic) => messaging.ends(prefix + topic),
  publish: (topic, messages) => messaging.publish(prefix + topic, messages),
  consume: (options) => messaging.consume({ ...options, topic: prefix + options.topic, group: prefix + options.group }),
  close: () => messaging.close(),
});
