/**
 * The distributed form on one machine: a real broker, real PostgreSQL, and the stand-in for the event store as a process of
 * its own. Every figure stands beside a bare one of the same run.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openEventStoreDb } from '#event-store/eventstoredb/store.js';
import { startBrokers } from '../../support/kafka/brokers.js';
import type { Row } from '../event-log.js';
import { delayBench } from './delay.js';
import { eventStoreBench } from './event-store.js';
import { complete, start } from './processes.js';
import { projectorBench } from './projector.js';
import { relayBench } from './relay.js';
import { environmentOf, kafka, type Stage } from './stage.js';

export async function distributedBench(url: string): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-bench-events-'));
  const brokers = await startBrokers();
  const eventStore = await start('event store', {}, '--dir', folder);
  // Filling the log is not what is measured: on a slow machine it may wait.
  const store = await openEventStoreDb({ url: eventStore.address, timeoutMs: 60_000 });
  const admin = kafka(brokers.brokers).admin();
  try {
    await admin.connect();
    const newDatabase = databasesBeside(url);
    const stage: Stage = { brokers: brokers.brokers, eventStoreUrl: eventStore.address, store, admin, newDatabase };
    await complete('topics', environmentOf(stage, url));
    const { rows, events } = await relayBench(stage);
    const projected = await projectorBench(stage, events);
    const delayed = await delayBench(stage);
    return [...(await eventStoreBench(stage)), ...rows, ...projected, ...delayed];
  } finally {
    await admin.disconnect();
    await store.close();
    await eventStore.stop();
    await brokers.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Databases on the same server, one after another. */
function databasesBeside(url: string): () => Promise<string> {
  let count = 0;
  return async () => {
    const own = new URL(url);
    own.pathname += `_${(count += 1)}`;
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(`CREATE DATABASE ${own.pathname.slice(1)}`);
    } finally {
      await client.end();
    }
    return own.href;
  };
}
