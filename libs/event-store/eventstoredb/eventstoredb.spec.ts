import { expect } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Position } from '#domain/envelope.js';
import { eventStoreContract } from '#event-store/contract.js';
import { until, type Moment, type StoreUnderTest } from '#event-store/contract/subject.js';
import { Connection } from '#event-store/eventstoredb/connection.js';
import type { LogEntry } from '#event-store/eventstoredb/followed.js';
import { Reader } from '#event-store/eventstoredb/reader.js';
import { openEventStoreDb, type EventStoreDb } from '#event-store/eventstoredb/store.js';
import { streamRequest } from '#event-store/eventstoredb/wire.js';
import { startStandIn } from '../../../test/support/eventstoredb/stand-in.js';

const server = process.env['EVENTSTORE_URL'];

if (server === undefined) {
  eventStoreContract('the EventStoreDB adapter on a stand-in', onStandIn, { knowsIdsInPlaceOnly: true });
} else {
  const traits = { knowsIdsInPlaceOnly: true, ofServer: 'the server has a clock of its own' };
  eventStoreContract('the EventStoreDB adapter on a server', () => onServer(server), traits);
}

/** A node of its own for every test; what reopens the store kills the node as well. */
async function onStandIn(): Promise<StoreUnderTest> {
  const dir = await mkdtemp(join(tmpdir(), 'stand-in-'));
  const clock = { now: Date.now() };
  const standIn = await startStandIn({ dir, clock });
  const subject = await subjectOn(standIn.url, clock, () => standIn.restart());
  return {
    ...subject,
    dispose: async () => {
      await subject.dispose();
      await standIn.stop();
      await rm(dir, { recursive: true });
    },
  };
}

async function onServer(url: string): Promise<StoreUnderTest> {
  const clock = {
    get now(): number {
      return Date.now();
    },
  };
  const subject = await subjectOn(url, clock, async () => undefined);
  return { ...subject, end: async () => subject.store.settled(Date.now() - 1) };
}

async function subjectOn(
  url: string,
  clock: { now: number },
  restart: () => Promise<void>,
): Promise<StoreUnderTest & { readonly store: EventStoreDb }> {
  const open = (): Promise<EventStoreDb> => openEventStoreDb({ url, clock: () => clock.now });
  let store = await open();
  return {
    store,
    clock,
    reopen: async () => {
      await store.close();
      await restart();
      store = await open();
      return store;
    },
    storedBytes: (stream, revision) => storedBytes(url, stream, revision),
    moments: (after) => momentsOf(store, after),
    dispose: () => store.close(),
  };
}

/** Events and marks up to the last event, as one who follows the log sees them. */
async function momentsOf(store: EventStoreDb, after: Position | 'start'): Promise<readonly Moment[]> {
  const last = (await store.readAll(after, 10_000)).at(-1)?.position;
  const seen: LogEntry[] = [];
  const place = after === 'start' ? 'start' : { commit: BigInt(after), prepare: BigInt(after) };
  const following = store.follow(place, async (batch) => void seen.push(...batch));
  await until(() => last === undefined || seen.some(({ place: { commit } }) => commit >= BigInt(last)));
  await following.stop();
  return seen.flatMap((entry) => {
    if (entry.kind === 'checkpoint') return [];
    const { recordedAt } = entry.kind === 'event' ? entry.envelope : entry;
    return [{ position: String(entry.place.commit) as Position, recordedAt }];
  });
}

/** What the server sends for one event, before anything is made of it. */
async function storedBytes(
  url: string,
  stream: string,
  revision: number,
): Promise<{ readonly data: Uint8Array; readonly metadata: Uint8Array }> {
  const connection = new Connection(url, 5_000, () => undefined);
  const [record] = await new Reader(connection).page(streamRequest(stream, revision, { count: 1 }));
  await connection.close();
  if (!record) throw new Error(`${stream} has no revision ${revision}`);
  expect(record.getMetadataMap().get('content-type')).toBe('application/json');
  return { data: record.getData_asU8(), metadata: record.getCustomMetadata_asU8() };
}
