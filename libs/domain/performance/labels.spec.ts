import { describe, expect, it } from '@jest/globals';
import { civilDate } from '#domain/calendar.js';
import type { Indicator } from '#domain/performance/events.js';
import { performanceSentence } from '#domain/performance/labels.js';

const quantitative = { indicator: 'I01', comparator: '=' } as Indicator;
const word = { indicator: 'I02', comparator: 'word' } as Indicator;

describe('events of the performance table as sentences', () => {
  it('count the targets of both kinds', () => {
    const event = {
      type: 'TargetsApproved',
      effectiveDate: civilDate('2024-01-01'),
      data: {
        indicators: [quantitative, quantitative, word],
        document: { number: '财预〔2024〕2号' },
        dateAssumed: true,
      },
    } as const;
    expect(performanceSentence(event, { language: 'zh' })).toBe(
      '2024-01-01 批准绩效目标 3 项（定量 2 项，定性 1 项），批准日期为假定，文号 财预〔2024〕2号。',
    );
    expect(performanceSentence(event, { language: 'en' })).toBe(
      '2024-01-01 3 targets approved (2 quantitative, 1 qualitative), the date of approval is assumed, document 财预〔2024〕2号.',
    );
  });
});
