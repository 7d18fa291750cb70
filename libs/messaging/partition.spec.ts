import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Partitioners } from 'kafkajs';
import { partitionOf } from '#messaging/partition.js';

/** What the client library itself would choose. */
function chosenByKafka(key: string, partitions: number): number {
  const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
    partitionId,
    leader: 1,
    partitionErrorCode: 0,
    replicas: [1],
    isr: [1],
  }));
  return Partitioners.DefaultPartitioner()({ topic: 't', partitionMetadata, message: { key, value: null } });
}

describe('the partition of a stream', () => {
  it('is the one that Kafka gives to its name as key', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 64 }),
        (key, partitions) => {
          expect(partitionOf(key, partitions)).toBe(chosenByKafka(key, partitions));
        },
      ),
      { verbose: 1 },
    );
  });

  it.each([
    ['budget-U0001-2024', 12, 8],
    ['performance-U0001-2024', 12, 10],
    ['directory', 12, 6],
    ['directory', 1, 0],
  ])('of %s among %i is %i, for ever', (stream, partitions, partition) => {
    expect(partitionOf(stream, partitions)).toBe(partition);
  });

  it('spreads the units of a large city evenly: no partition of 12 has a third more than its share', () => {
    const counts = new Array<number>(12).fill(0);
    for (let unit = 0; unit < 6_000; unit += 1)
      counts[partitionOf(`budget-U${String(unit).padStart(4, '0')}-2024`, 12)]! += 1;
    expect(Math.max(...counts)).toBeLessThan((500 * 4) / 3);
  });
});
