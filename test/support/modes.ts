/** For specs of what must be the same however the system runs: as one process, and distributed over a real broker. */
import { describe } from '@jest/globals';
import { startDistributedSystem } from './distributed.js';
import { describeKafka } from './kafka/available.js';
import { startTestSystem, type TestSystem, type TestSystemOptions } from './system.js';

export type StartSystem = (options?: Pick<TestSystemOptions, 'clock'>) => Promise<TestSystem>;

/** The suite once in each mode; without a Kafka the second is skipped, with the reason in its title. */
export function describeInBothModes(suite: (start: StartSystem, mode: 'standalone' | 'distributed') => void): void {
  describe('standalone', () => suite(startTestSystem, 'standalone'));
  describeKafka('distributed', () => suite(startDistributedSystem, 'distributed'));
}
