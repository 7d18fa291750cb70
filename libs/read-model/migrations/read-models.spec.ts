import { describe, expect, it } from '@jest/globals';
import { PERFORMANCE_EVENT_VERSIONS } from '#domain/performance/events.js';
import { KEPT_SHAPES } from '#read-model/migrations/read-models.js';

describe('the layout of the read models', () => {
  it('is a later one when the shape of a performance event is: its data is kept as it was projected', () => {
    expect(KEPT_SHAPES).toEqual(PERFORMANCE_EVENT_VERSIONS);
  });
});
