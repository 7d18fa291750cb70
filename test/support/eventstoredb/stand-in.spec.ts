import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStoreDBClient, jsonEvent, NO_STREAM, START } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { startStandIn, type StandIn } from './stand-in.js';

describe('the stand-in, asked by the real client', () => {
  let standIn: StandIn;
  let client: EventStoreDBClient;
  beforeAll(async () => {
    standIn = await startStandIn();
    client = EventStoreDBClient.connectionString(standIn.url);
  });
  afterAll(async () => {
    await client.dispose();
    await standIn.stop();
  });

  const numbered = (n: number) => jsonEvent({ id: randomUUID(), type: 'Numbered', data: { n } });

  it('writes, reads, and tells a subscriber', async () => {
    await client.appendToStream('first', [numbered(0), numbered(1)], { expectedRevision: NO_STREAM });
    const read: unknown[] = [];
    for await (const { event } of client.readStream('first')) read.push([event?.revision, event?.data]);
    expect(read).toEqual([
      [0n, { n: 0 }],
      [1n, { n: 1 }],
    ]);

    const subscription = client.subscribeToAll({ fromPosition: START });
    const seen: unknown[] = [];
    subscription.on('data', ({ event }) => event?.type === 'Numbered' && seen.push(event.data));
    await once(subscription, 'caughtUp');
    await client.appendToStream('first', [numbered(2)], { expectedRevision: 1n });
    while (seen.length < 3) await once(subscription, 'data');
    expect(seen).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
    await subscription.unsubscribe();
  });
});
