/**
 * Brings the data of a stored budget event up to its current version, one step a version. A step takes the data of the
 * version before and returns that of the next; steps are never removed.
 */
import { BUDGET_EVENT_VERSIONS } from '#domain/budget/events.js';
import { upcaster } from '#domain/upcaster.js';

export const upcast = upcaster(BUDGET_EVENT_VERSIONS, {
  // Lots may name the line of the next year; a close before that named none, which is what leaving it out means.
  YearClosed: { 1: (data) => data },
});
