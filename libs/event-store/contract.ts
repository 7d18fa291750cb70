/**
 * What every adapter of the event store must do, as one suite. An adapter's spec calls `eventStoreContract` with a way to
 * make a store over a log of its own; nothing here knows which adapter it runs against.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendContract } from './contract/appending.js';
import { subscribeContract } from './contract/following.js';
import { readContract } from './contract/reading.js';
import { sampleEvent, type StoreUnderTest } from './contract/subject.js';
import { timeContract } from './contract/time.js';
import { StoreUnavailable } from './port.js';

export function eventStoreContract(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(`${name}, as an event store`, () => {
    let subject: StoreUnderTest;
    beforeEach(async () => {
      subject = await create();
    });
    afterEach(() => subject.dispose());

    appendContract(() => subject);
    readContract(() => subject);
    timeContract(() => subject);
    subscribeContract(() => subject);

    it('once closed has stopped its subscriptions and refuses appends', async () => {
      const { store } = subject;
      store.subscribe('start', async () => undefined);
      await store.close();
      const refused = await store.append('budget-A-2024', 'none', [sampleEvent()]).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(StoreUnavailable);
      expect(refused).toMatchObject({ outcome: 'refused' });
    });
  });
}
