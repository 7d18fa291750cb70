/** One life of the node, from its start to its kill: what the services work on. */
import type { Commits } from './commits.js';
import type { FaultSwitches, Leader } from './faults.js';

export interface Life {
  readonly commits: Commits;
  readonly faults: FaultSwitches;
  /** How each call that is open is ended. */
  readonly calls: Set<(error: unknown) => void>;
  readonly address: Leader;
  /** Resolves when the node is no longer to be silent; undefined when it is not. */
  asleep(): Promise<void> | undefined;
  /** What the real server's process does when something is written to a stream named `$$`: it ends. */
  die(): void;
}
