/** The way of the events from the event store to the brokers, as a process. */
import { readConfigWith } from '#platform/config.js';
import { runProcess } from '#platform/run.js';
import { createRelayProcess } from './relay-process.js';

runProcess({
  name: 'relay',
  config: () => readConfigWith(['DATABASE_URL', 'EVENTSTORE_URL', 'KAFKA_BROKERS']),
  create: createRelayProcess,
});
