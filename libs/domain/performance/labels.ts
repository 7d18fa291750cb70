/** Events of the performance table as sentences; `#domain/sentence.js` adds date, document, lateness and recorder. */
import type { Indicator, PerformanceEvent } from '#domain/performance/events.js';
import { type Labels, type TellingOptions, type Told, sentenceOf } from '#domain/sentence.js';

/** The event in one sentence. Throws on an event that has no label. */
export const performanceSentence = (event: Told<PerformanceEvent>, options: TellingOptions): string =>
  sentenceOf(PERFORMANCE_LABELS, event, options);

const quantitative = (indicators: readonly Indicator[]): number =>
  indicators.filter(({ comparator }) => comparator !== 'word').length;

const PERFORMANCE_LABELS = {
  TargetsApproved: {
    zh: ({ indicators, dateAssumed }) => {
      const counted = quantitative(indicators);
      return (
        `批准绩效目标 ${indicators.length} 项（定量 ${counted} 项，定性 ${indicators.length - counted} 项）` +
        `${dateAssumed ? '，批准日期为假定' : ''}`
      );
    },
    en: ({ indicators, dateAssumed }) => {
      const counted = quantitative(indicators);
      return (
        `${indicators.length} targets approved (${counted} quantitative, ${indicators.length - counted} qualitative)` +
        `${dateAssumed ? ', the date of approval is assumed' : ''}`
      );
    },
  },
} as const satisfies Labels<PerformanceEvent>;
