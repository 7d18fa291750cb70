/**
 * The stand-in for EventStoreDB as a process of its own, whose faults are switched by messages. Its log and its port are
 * those of `STAND_IN_DIR` and `STAND_IN_PORT`.
 */
import { startStandIn } from '../../support/eventstoredb/stand-in.js';

/** A call of one of the switches, as the parent process sends it; it is answered by the same message. */
export interface SwitchFault {
  readonly fault: 'unavailable' | 'notLeader' | 'loseReplies' | 'none';
  readonly given: readonly unknown[];
}

const standIn = await startStandIn({
  port: Number(process.env['STAND_IN_PORT'] ?? 0),
  dir: process.env['STAND_IN_DIR']!,
});
process.on('message', ({ fault, given }: SwitchFault) => {
  const switches = standIn.faults as Readonly<Record<SwitchFault['fault'], (...given: readonly unknown[]) => void>>;
  switches[fault](...given);
  process.send?.({ fault });
});
process.on('SIGTERM', () => void standIn.stop().finally(() => process.exit(0)));
process.stdout.write(`Ready at ${standIn.url}\n`);
