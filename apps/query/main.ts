/** The read side of a distributed system as a process. */
import { readConfigWith } from '#platform/config.js';
import { runProcess } from '#platform/run.js';
import { createQueryProcess } from './query-process.js';

runProcess({
  name: 'query',
  config: () => readConfigWith(['DATABASE_URL', 'EVENTSTORE_URL']),
  create: createQueryProcess,
});
