/** Forms that were submitted: what the events say of each, and the place in the log that its sources lead to. */
import type { FormSources } from '#domain/performance/events.js';
import type { At } from '#read-model/queries/at.js';
import { performanceEntries, type PerformanceEntry } from '#read-model/queries/performance.js';
import { citedPlace } from '#read-model/queries/seals.js';
import type { SubmissionDto } from './submission.dto.js';
import { recordedDto, withdrawalDto } from './told-events.js';
import type { YearView } from './year-reads.js';

type Of<Type extends PerformanceEntry['type']> = Extract<PerformanceEntry, { readonly type: Type }>;
type Monitored = Of<'MonitoringSubmitted'>;
type Evaluated = Of<'SelfEvaluationSubmitted'>;

export interface Submitted<Event extends Monitored | Evaluated> {
  readonly event: Event;
  readonly withdrawn?: Of<'MonitoringWithdrawn' | 'SelfEvaluationWithdrawn'>;
}

/** In the order submitted; those withdrawn since among them. */
export async function monitoringSubmissions({ opened, at }: YearView): Promise<readonly Submitted<Monitored>[]> {
  const entries = await performanceEntries(opened, at, ['MonitoringSubmitted', 'MonitoringWithdrawn']);
  return entries.flatMap((event) => {
    if (event.type !== 'MonitoringSubmitted') return [];
    const withdrawn = entries.find(
      (other): other is Of<'MonitoringWithdrawn'> =>
        other.type === 'MonitoringWithdrawn' &&
        other.data.stage === event.data.stage &&
        other.data.submission === event.data.submission,
    );
    return [{ event, ...(withdrawn === undefined ? {} : { withdrawn }) }];
  });
}

export async function evaluationSubmissions({ opened, at }: YearView): Promise<readonly Submitted<Evaluated>[]> {
  const entries = await performanceEntries(opened, at, ['SelfEvaluationSubmitted', 'SelfEvaluationWithdrawn']);
  return entries.flatMap((event) => {
    if (event.type !== 'SelfEvaluationSubmitted') return [];
    const withdrawn = entries.find(
      (other): other is Of<'SelfEvaluationWithdrawn'> =>
        other.type === 'SelfEvaluationWithdrawn' && other.data.submission === event.data.submission,
    );
    return [{ event, ...(withdrawn === undefined ? {} : { withdrawn }) }];
  });
}

export function submissionDto({ event, withdrawn }: Submitted<Monitored | Evaluated>): SubmissionDto {
  const { submission, sources } = event.data;
  return {
    ...recordedDto(event),
    submission,
    submittedOn: event.effectiveDate,
    state: withdrawn === undefined ? 'submitted' : 'withdrawn',
    sources: { ...sources, knownAt: new Date(sources.knownAt).toISOString() },
    ...(withdrawn === undefined ? {} : { withdrawn: withdrawalDto(withdrawn) }),
  };
}

/** What a form's figures are of: all that its sources cite, and nothing recorded after. */
export async function momentOfSources(
  { opened, unit, year }: YearView,
  { streams }: FormSources,
  { position }: PerformanceEntry,
): Promise<Omit<At, 'asOf'>> {
  const { order } = await citedPlace(opened, { streams, position });
  return { unit, year, knownAt: order };
}
