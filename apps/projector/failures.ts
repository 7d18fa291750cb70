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
 * Outages, a log or a topic that is not there yet, a database that does not know us yet, and transactions that lost to others.
 * What is left is a missing table, a database of another log, a bug: tried again it would be the same.
 */
export const isPassing = (error: unknown): boolean =>
  error instanceof Error &&
  (PASSING.has(error.name) || isConnectionFailure(error) || LOST.test((error as { code?: string }).code ?? ''));

/** A user or password refused, no such database, serialization failures and deadlocks, lack of resources, operator intervention; names that cannot be resolved yet. */
const LOST = /^(28|3D|40|53|55|57|EAI_AGAIN)/;
