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
      'budget.events.v1: already there with 12 partitions',
      'treasury.payments.v1: already there with 12 partitions',
      'treasury.payments.v1.rejected: already there with 1 partition',
    ]);
  });

  it('refuses a topic of events with other partitions, and makes the rest', async () => {
    const messaging = createInProcessMessaging();
    await messaging.createTopic('budget.events.v1', 3);
    const refused = ensureTopics(messaging, plannedTopics(12));
    await expect(refused).rejects.toThrow(TopicsDiffer);
    await expect(refused).rejects.toThrow('budget.events.v1 is there with 3 partitions, wanted are 12');
    await expect(refused).rejects.toThrow('Set KAFKA_PARTITIONS=3.');
    await expect(refused).rejects.toThrow(/deploy\/README\.md, Partitions, says how to change it\.$/);
    expect(await messaging.partitions('treasury.payments.v1.rejected')).toBe(1);
    expect(await messaging.partitions('budget.events.v1')).toBe(3);
  });

  it('is content with any number of partitions of the treasury', async () => {
    const messaging = createInProcessMessaging();
    await messaging.createTopic('treasury.payments.v1', 6);
    await messaging.createTopic('treasury.payments.v1.rejected', 2);
    expect(await ensureTopics(messaging, plannedTopics(12))).toEqual([
      'budget.events.v1: 12 partitions, made',
      'treasury.payments.v1: already there with 6 partitions',
      'treasury.payments.v1.rejected: already there with 2 partitions',
    ]);
  });
});
