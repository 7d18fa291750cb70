/** The relay's process while what it needs is away: it lives and says that it is not ready. */
import { afterEach, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { EventStoreDb } from '#event-store/eventstoredb/store.js';
import { createInProcessMessaging } from '#messaging/in-process.js';
import { MessagingUnavailable } from '#messaging/port.js';
import { createLogger } from '#platform/logging.js';
import type { Startable } from '#platform/parts.js';
import { createRelayProcess } from './relay-process.js';

let running: Startable<NestFastifyApplication> | undefined;
afterEach(() => running?.stop());

const config = {
  databaseUrl: 'postgres://nobody@127.0.0.1:1/none',
  eventStoreUrl: 'esdb://127.0.0.1:1?tls=false',
  kafkaBrokers: ['127.0.0.1:1'],
  kafkaPartitions: 4,
  publicHosts: [],
};

it('answers without a broker, and is not ready', async () => {
  const away = () => Promise.reject(new MessagingUnavailable());
  const log = { head: async () => undefined, close: async () => undefined } as unknown as EventStoreDb;
  running = createRelayProcess(config, createLogger('silent'), {
    openLog: async () => log,
    openMessaging: () => ({ ...createInProcessMessaging(), partitions: away }),
  });
  const app = await running.start();
  const ask = async (url: string) => app.inject({ method: 'GET', url });
  expect((await ask('/livez')).statusCode).toBe(200);
  const ready = await ask('/readyz');
  expect(ready.statusCode).toBe(503);
  expect(ready.json()).toMatchObject({ failing: ['broker', 'database'] });
});
