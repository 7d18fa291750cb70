/**
 * The stand-in as a process of its own: `node dist/test/support/eventstoredb/main.js [--port N] [--dir FOLDER]`. Prints
 * `Ready at esdb://…` when it listens. A parent with an IPC channel switches faults by messages: `{ fault, args }`.
 */
import { parseArgs } from 'node:util';
import type { Faults } from './faults.js';
import { startStandIn } from './stand-in.js';

/** A call of one of the faults' methods. */
export interface FaultMessage {
  readonly fault: keyof Faults;
  readonly args: readonly unknown[];
}

const { values } = parseArgs({ options: { port: { type: 'string' }, dir: { type: 'string' } } });
const standIn = await startStandIn({
  port: Number(values.port ?? 0),
  ...(values.dir === undefined ? {} : { dir: values.dir }),
});
process.on('message', ({ fault, args }: FaultMessage) => {
  (standIn.faults[fault] as (...given: readonly unknown[]) => unknown)(...args);
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void standIn.stop().then(() => process.exit(0)));
}
process.stdout.write(`Ready at ${standIn.url}\n`);
