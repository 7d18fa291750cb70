/** The write side of a distributed system as a process. */
import { readConfigWith } from '#platform/config.js';
import { runProcess } from '#platform/run.js';
import { createLedgerProcess } from './ledger-process.js';

runProcess({
  name: 'ledger',
  config: () => readConfigWith(['DATABASE_URL', 'EVENTSTORE_URL', 'KAFKA_BROKERS']),
  create: createLedgerProcess,
});
