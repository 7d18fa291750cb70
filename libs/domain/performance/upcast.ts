/** Brings the data of a stored event of a performance table up to its current version, one step a version. */
import { PERFORMANCE_EVENT_VERSIONS } from '#domain/performance/events.js';
import { upcaster } from '#domain/upcaster.js';

export const upcast = upcaster(PERFORMANCE_EVENT_VERSIONS, {
  // Indicators may state a tolerance, a checklist and a written standard; those before had none, as leaving out means.
  TargetsApproved: { 1: (data) => data },
});
