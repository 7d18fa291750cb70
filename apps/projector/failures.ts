/** Which failures pass by themselves, and which end the process: nothing that it could do again would mend them. */
import { isConnectionFailure } from '#read-model/queries/snapshot.js';

/** By name: what is thrown may have come through another copy of its module. */
const PASSING = new Set([
  'AnotherOwner',
  'DatabaseUnavailable',
  'LogBehind',
  'MessagingUnavailable',
  'NoSuchTopic',
  'StoreUnavailable',
  'TakenAway',
]);

/**
 * Outages, a log or a topic that is not there yet, and transactions that lost to others. What is left is a wrong password, a
 * missing table, a database of another log, a bug: tried again it would be the same, in silence.
 */
export const isPassing = (error: unknown): boolean =>
  error instanceof Error &&
  (PASSING.has(error.name) || isConnectionFailure(error) || LOST.test((error as { code?: string }).code ?? ''));

/** Serialization failures and deadlocks, lack of resources, operator intervention; names that cannot be resolved yet. */
const LOST = /^(40|53|55|57|EAI_AGAIN)/;
