import { describe, expect, it } from '@jest/globals';
import { createInProcessMessaging } from '#messaging/in-process.js';
import { ensureTopics, plannedTopics, TopicsDiffer } from './topic-plan.js';

describe('the deploy step for topics', () => {
  it('makes what is missing, and is content with it the second time', async () => {
    const messaging = createInProcessMessaging();
    expect(await ensureTopics(messaging, plannedTopics(12))).toEqual([
      'budget.events.v1: 12 partitions, made',
      'treasury.payments.v1: 12 partitions, made',
      'treasury.payments.v1.rejected: 1 partition, made',
    ]);
    expect(await ensureTopics(messaging, plannedTopics(12))).toEqual([
      'budget.events.v1: 12 partitions, there already',
      'treasury.payments.v1: 12 partitions, there already',
      'treasury.payments.v1.rejected: 1 partition, there already',
    ]);
  });

  it('refuses topics with other partitions, all at once, and makes the rest', async () => {
    const messaging = createInProcessMessaging();
    await messaging.createTopic('budget.events.v1', 3);
    await messaging.createTopic('treasury.payments.v1', 6);
    const refused = ensureTopics(messaging, plannedTopics(12));
    await expect(refused).rejects.toThrow(TopicsDiffer);
    await expect(refused).rejects.toThrow('budget.events.v1: 3 partitions, wanted are 12');
    await expect(refused).rejects.toThrow('treasury.payments.v1: 6 partitions, wanted are 12');
    await expect(refused).rejects.toThrow('Set KAFKA_PARTITIONS to the number that is there');
    expect(await messaging.partitions('treasury.payments.v1.rejected')).toBe(1);
    expect(await messaging.partitions('budget.events.v1')).toBe(3);
  });
});
