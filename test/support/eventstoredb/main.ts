/**
 * The stand-in as a process of its own: `node dist/test/support/eventstoredb/main.js [--port N] [--dir FOLDER]`. Prints
 * `Ready at esdb://…` when it listens.
 */
import { parseArgs } from 'node:util';
import { startStandIn } from './stand-in.js';

const { values } = parseArgs({ options: { port: { type: 'string' }, dir: { type: 'string' } } });
const standIn = await startStandIn({
  port: Number(values.port ?? 0),
  ...(values.dir === undefined ? {} : { dir: values.dir }),
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void standIn.stop().then(() => process.exit(0)));
}
process.stdout.write(`Ready at ${standIn.url}\n`);
