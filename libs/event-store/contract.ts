/**
 * What every adapter of the event store must do, as one suite. An adapter's spec calls `eventStoreContract` with a way to
 * make a store over a log, its own or one that others have used before; nothing here knows which adapter it runs against.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendContract } from './contract/appending.js';
import { subscribeContract } from './contract/following.js';
import { readContract } from './contract/reading.js';
import { sampleEvent, trialOf, type StoreUnderTest, type Traits, type Trial } from './contract/subject.js';
import { timeContract } from './contract/time.js';
import { StoreUnavailable } from './port.js';

export function eventStoreContract(name: string, create: () => Promise<StoreUnderTest>, traits: Traits = {}): void {
  describe(`${name}, as an event store`, () => {
    let subject: Trial;
    beforeEach(async () => {
      subject = await trialOf(await create());
    });
    afterEach(() => subject.dispose());

    appendContract(() => subject, traits);
    readContract(() => subject);
    timeContract(() => subject, traits);
    subscribeContract(() => subject);

    it('once closed has stopped its subscriptions and refuses appends', async () => {
      const { store, before, stream } = subject;
      store.subscribe(before, async () => undefined);
      await store.close();
      const refused = await store.append(stream('A'), 'none', [sampleEvent()]).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(StoreUnavailable);
      expect(refused).toMatchObject({ outcome: 'refused' });
    });
  });
}
