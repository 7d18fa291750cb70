/** The projections of a distributed system as a process. */
import { readConfigWith } from '#platform/config.js';
import { runProcess } from '#platform/run.js';
import { createProjectorProcess } from './projector-process.js';

runProcess({
  name: 'projector',
  config: () => readConfigWith(['DATABASE_URL', 'EVENTSTORE_URL', 'KAFKA_BROKERS']),
  create: createProjectorProcess,
});
