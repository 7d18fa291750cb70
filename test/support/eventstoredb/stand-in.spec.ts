import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ANY,
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  START,
  UnavailableError,
  type AppendToStreamOptions,
} from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { appendFile, mkdtemp, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStandIn, type StandIn } from './stand-in.js';

describe('the stand-in, asked by the real client', () => {
  let dir: string;
  let clock: { now: number };
  let standIn: StandIn;
  let client: EventStoreDBClient;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'stand-in-'));
    clock = { now: Date.parse('2026-06-30T12:00:00.123Z') };
    await start();
  });
  afterEach(async () => {
    await stop();
    await rm(dir, { recursive: true });
  });

  async function start(): Promise<void> {
    standIn = await startStandIn({ dir, clock });
    client = EventStoreDBClient.connectionString(standIn.url);
  }

  async function stop(): Promise<void> {
    await client.dispose();
    await standIn.stop();
  }

  const numbered = (n: number, id: string = randomUUID()) => jsonEvent({ id, type: 'Numbered', data: { n } });

  async function append(stream: string, ns: readonly number[], options: AppendToStreamOptions = {}): Promise<bigint> {
    const events = ns.map((n) => numbered(n));
    return (await client.appendToStream(stream, events, options)).nextExpectedRevision;
  }

  async function numbersIn(stream: string, from = client): Promise<unknown[]> {
    const numbers: unknown[] = [];
    for await (const { event } of from.readStream(stream)) numbers.push((event?.data as { n: number }).n);
    return numbers;
  }

  it('writes, reads, and tells a subscriber', async () => {
    await append('books', [0, 1], { expectedRevision: NO_STREAM });
    expect(await numbersIn('books')).toEqual([0, 1]);
    const subscription = client.subscribeToAll({ fromPosition: START });
    const seen: unknown[] = [];
    subscription.on('data', ({ event }) => event?.type === 'Numbered' && seen.push(event.data));
    await once(subscription, 'caughtUp');
    await append('books', [2], { expectedRevision: 1n });
    while (seen.length < 3) await once(subscription, 'data');
    expect(seen).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
    await subscription.unsubscribe();
  });

  it('stamps events by the clock that it is given, which may step back', async () => {
    await append('books', [0]);
    clock.now -= 86_400_000;
    await append('books', [1]);
    const times: (string | undefined)[] = [];
    for await (const { event } of client.readStream('books')) times.push(event?.created.toISOString());
    expect(times).toEqual(['2026-06-30T12:00:00.123Z', '2026-06-29T12:00:00.123Z']);
  });

  it('has its log again after a kill, and breaks what was connected', async () => {
    const id = randomUUID();
    const stored = await client.appendToStream('books', [numbered(0, id)], { expectedRevision: NO_STREAM });
    const ended = await endOf(client);
    const { port } = standIn;
    await standIn.restart();
    expect(await ended()).toBeInstanceOf(UnavailableError);
    expect(standIn.port).toBe(port);
    expect(await numbersIn('books')).toEqual([0]);
    // The exact revision remembers an id, "any" has forgotten it.
    expect(await client.appendToStream('books', [numbered(0, id)], { expectedRevision: NO_STREAM })).toEqual(stored);
    await client.appendToStream('books', [numbered(0, id)], { expectedRevision: ANY });
    expect(await numbersIn('books')).toEqual([0, 0]);
  });

  it('loses no append that it answered, killed while many are on their way', async () => {
    const streams = Array.from({ length: 200 }, (_, n) => `books-${n}`);
    let answered = 0;
    const appends = streams.map(async (stream) => {
      await append(stream, [0], { expectedRevision: NO_STREAM });
      answered += 1;
      if (answered === 20) await standIn.restart();
      return stream;
    });
    const settled = await Promise.allSettled(appends);
    const written = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(written.length).toBeGreaterThanOrEqual(20);
    for (const stream of written) expect(await numbersIn(stream)).toEqual([0]);
  });

  it('is found by a client that asks who leads', async () => {
    const discovering = EventStoreDBClient.connectionString(standIn.url.replace('esdb:', 'esdb+discover:'));
    await discovering.appendToStream('books', [numbered(0)]);
    expect(await numbersIn('books')).toEqual([0]);
    await discovering.dispose();
  });

  it.each([
    ['cut off', (file: string, whole: number) => truncate(file, whole + 20)],
    ['torn', (file: string) => appendFile(file, Buffer.alloc(100, 7))],
  ])('drops a write that is %s at the end of its file, all of it', async (_how, damage) => {
    const file = join(dir, 'events.log');
    await append('books', [0, 1]);
    const whole = (await stat(file)).size;
    await append('books', [2, 3]);
    await stop();
    await damage(file, whole);
    await start();
    const kept = await numbersIn('books');
    expect(kept.slice(0, 2)).toEqual([0, 1]);
    expect(kept.length % 2).toBe(0);
    expect(await append('books', [4], { expectedRevision: BigInt(kept.length - 1) })).toBe(BigInt(kept.length));
    expect(await numbersIn('books')).toEqual([...kept, 4]);
  });

  it('forgets everything with a restart when it has no folder', async () => {
    const forgetful = await startStandIn();
    const other = EventStoreDBClient.connectionString(forgetful.url);
    await other.appendToStream('books', [numbered(0)]);
    const ended = await endOf(other);
    await forgetful.restart();
    await ended();
    await expect(numbersIn('books', other)).rejects.toThrow('books not found');
    await other.dispose();
    await forgetful.stop();
  });

  it('is gone when a stream is named `$$`, as the real server is, until it is started again', async () => {
    await append('books', [0]);
    await expect(append('$$', [1])).rejects.toBeInstanceOf(UnavailableError);
    await expect(numbersIn('books')).rejects.toBeInstanceOf(UnavailableError);
    await standIn.restart();
    expect(await numbersIn('books')).toEqual([0]);
  });
});

/** A live subscription, and the error that will end it. Until then a connection that broke still seems to be there. */
async function endOf(client: EventStoreDBClient): Promise<() => Promise<unknown>> {
  const subscription = client.subscribeToAll({ fromPosition: START });
  subscription.resume();
  const ended = once(subscription, 'error');
  await once(subscription, 'caughtUp');
  return async () => (await ended)[0];
}
