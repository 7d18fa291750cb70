/** The brokers of the tests themselves: shared, killed, revived with and without their data, and gone afterwards. */
import { afterEach, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { existsSync } from 'node:fs';
import { describeKafka } from './available.js';
import { sharedBrokers, startBrokers, type Brokers } from './brokers.js';

let own: Brokers | undefined;

afterEach(async () => {
  await own?.stop();
  own = undefined;
});

describeKafka('brokers for specs', () => {
  const topicsAt = async (brokers: readonly string[], make?: string): Promise<string[]> => {
    const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    try {
      if (make !== undefined) await admin.createTopics({ topics: [{ topic: make, numPartitions: 3 }] });
      return (await admin.listTopics()).filter((topic) => !topic.startsWith('__'));
    } finally {
      await admin.disconnect();
    }
  };

  it('share one, whoever asks', async () => {
    const [one, other] = await Promise.all([sharedBrokers(), sharedBrokers()]);
    expect(other).toEqual(one);
    expect(await topicsAt(one, 'shared-by-all')).toContain('shared-by-all');
  });

  it('keep their data when killed and lose them when wiped', async () => {
    own = await startBrokers();
    expect(await topicsAt(own.brokers, 'kept')).toEqual(['kept']);
    await own.kill(0);
    await own.revive(0);
    expect(await topicsAt(own.brokers)).toEqual(['kept']);
    await own.kill(0);
    await own.revive(0, { wipe: true });
    expect(await topicsAt(own.brokers)).toEqual([]);
  });

  it('go on as two when one of three is killed, and take it back with an empty disk', async () => {
    own = await startBrokers({ count: 3 });
    await topicsAt(own.brokers, 'on-three');
    await own.kill(0);
    expect(await topicsAt(own.brokers.slice(1))).toEqual(['on-three']);
    await own.revive(0, { wipe: true });
    expect(await topicsAt(own.brokers.slice(0, 1))).toEqual(['on-three']);
  });

  it('leave nothing behind', async () => {
    const brokers = await startBrokers();
    expect(existsSync(brokers.folder)).toBe(true);
    await brokers.stop();
    expect(existsSync(brokers.folder)).toBe(false);
  });
});
