/**
 * A process of a distributed system, started as a child by the fault specs: `entry.js ledger` and so on is the product's own
 * `main`, with a brake on its database and an end when whoever started it has ended. `event-store` is the stand-in.
 */
import { brakeOnDemand } from './brake.js';

const PROCESSES = {
  ledger: () => import('../../../apps/ledger/main.js'),
  relay: () => import('../../../apps/relay/main.js'),
  projector: () => import('../../../apps/projector/main.js'),
  query: () => import('../../../apps/query/main.js'),
  'event-store': () => import('./event-store.js'),
} as const;

export type ProcessName = keyof typeof PROCESSES;

const name = process.argv[2] ?? '';
if (!Object.hasOwn(PROCESSES, name)) throw new Error(`no process: ${name}`);
// The channel closes when the process at its other end is gone, however that happened: nobody would stop us any more.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
brakeOnDemand();
await PROCESSES[name as ProcessName]();
