/** Projectors that share the partitions of a topic: who joins, leaves, dies; what is lost, doubled, damaged or not there yet. */
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { approved, pay } from '#domain/budget/specification.js';
import type { Envelope } from '#domain/envelope.js';
import type { EventStore } from '#event-store/port.js';
import { EVENTS_TOPIC, eventMessage, heartbeatMessages } from '#messaging/event-message.js';
import { createInProcessBroker, createInProcessMessaging } from '#messaging/in-process.js';
import type { Messaging, OutgoingMessage } from '#messaging/port.js';
import { createLogger } from '#platform/logging.js';
import type { Startable } from '#platform/parts.js';
import { openReadModels } from '#read-model/data-source.js';
import { createProjector } from '#read-model/projections/projector.js';
import { preparePartitions } from '#read-model/projections/partitions.js';
import { verify } from '#read-model/projections/verify.js';
import { freshness } from '#read-model/queries/known.js';
import { RecordedLog } from '#read-model/specification.js';
import { createDatabase, type TestDatabase } from '../../test/support/postgres.js';
import { topicPartitions } from './member.js';
import { createProjectorProcess } from './projector-process.js';

const PARTITIONS = 4;
const UNITS = ['A', 'B', 'C', 'D', 'E', 'F'];
const partitions = topicPartitions(PARTITIONS);

let database: TestDatabase;
let log: RecordedLog;
let broker: ReturnType<typeof createInProcessBroker>;
let messaging: Messaging;
let sent: number;
let running: Instance[];

beforeEach(async () => {
  database = await createDatabase();
  log = new RecordedLog();
  broker = createInProcessBroker();
  messaging = createInProcessMessaging(broker);
  sent = 0;
  running = [];
  for (const unit of UNITS) log.book(unit, 2024, approved({ L: '9000.00' }));
});

afterEach(async () => {
  await Promise.all(running.map(({ process }) => process.stop()));
  await messaging.close();
  await database.drop();
});

const book = (unit: string, ...vouchers: string[]): void =>
  void log.book(unit, 2024, ...vouchers.map((voucher) => pay(voucher, 'L', '1.00')));

/** The log as an event store that only reads. */
const store = (): EventStore => {
  const reader: Partial<EventStore> = {
    readAll: (after, limit) => log.readAll(after, limit),
    read: (stream, options) => log.read(stream, options),
    settled: () => log.settled(),
    order: (position) => log.order(position),
    head: async () => ({ revision: 'none' as const }),
    close: async () => undefined,
  };
  return reader as EventStore;
};

const messageOf = (envelope: Envelope): OutgoingMessage => {
  const { version, effectiveDate, belongsTo, meta, data, recordedAt } = envelope;
  const metadata = JSON.stringify({ ...meta, version, effectiveDate, belongsTo });
  const target = { partitions: PARTITIONS, source: 'spec' };
  return eventMessage({ envelope, data: JSON.stringify(data), metadata, time: recordedAt }, target);
};

/** Sends what was booked since, and a heartbeat; `damage` may change messages on the way. */
async function relay(damage: (message: OutgoingMessage) => OutgoingMessage = (message) => message): Promise<void> {
  const news = log.events.slice(sent);
  sent = log.events.length;
  await messaging.publish(EVENTS_TOPIC, news.map(messageOf).map(damage));
  await heartbeat();
}

async function heartbeat(): Promise<void> {
  const last = log.events.at(-1)!;
  const at = { position: last.position, time: last.recordedAt };
  await messaging.publish(EVENTS_TOPIC, heartbeatMessages(at, { partitions: PARTITIONS, source: 'spec' }));
}

interface Instance {
  readonly process: Startable<NestFastifyApplication>;
  readonly app: NestFastifyApplication;
  readonly fatal: Promise<Error>;
  readonly told: { msg: string; err?: Error }[];
}

async function start(
  change: { kafkaPartitions?: number; databaseUrl?: string; alone?: boolean } = {},
): Promise<Instance> {
  const { alone = false, ...settings } = change;
  const told: Instance['told'] = [];
  const logger = createLogger('silent');
  const hear = (details: { err?: Error }, msg: string): void => void told.push({ ...details, msg });
  Object.assign(logger, { error: hear, fatal: hear });
  let end: (error: Error) => void = () => undefined;
  const fatal = new Promise<Error>((resolve) => (end = resolve));
  const config = {
    databaseUrl: database.url,
    eventStoreUrl: '',
    kafkaBrokers: [],
    kafkaPartitions: PARTITIONS,
    publicHosts: [],
    ...settings,
  };
  const process = createProjectorProcess(config, logger, {
    openLog: async () => store(),
    openMessaging: () => createInProcessMessaging(broker),
    ...(alone ? {} : { onFatal: (error: unknown) => end(error as Error) }),
  });
  const app = await process.start();
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  const instance = { process, app, fatal, told };
  running.push(instance);
  return instance;
}

async function stop(instance: Instance): Promise<void> {
  running.splice(running.indexOf(instance), 1);
  await instance.process.stop();
}

const ask = async ({ app }: Instance, method: 'GET' | 'POST', url: string) => {
  const answer = await app.inject({ method, url, headers: { host: 'localhost' } });
  return {
    status: answer.statusCode,
    text: answer.body,
    body: answer.body.startsWith('{') ? JSON.parse(answer.body.split('\n').at(-2) ?? answer.body) : undefined,
  };
};

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

const isReady = async (instance: Instance): Promise<boolean> => (await ask(instance, 'GET', '/readyz')).status === 200;

/** On a connection of its own: another program may be looking at the same time. */
async function inReadModels<Result>(work: (dataSource: DataSource) => Promise<Result>): Promise<Result> {
  const dataSource = await openReadModels(database.url, { poolSize: 2 });
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

const reached = async (dataSource: DataSource): Promise<boolean> =>
  (await freshness(dataSource)).order >= BigInt(log.events.length);

/** Everything that was booked is in the read models as the log has it. */
const expectWhole = (): Promise<void> =>
  inReadModels(async (dataSource) => {
    await until(() => reached(dataSource));
    expect(await verify(dataSource, log, { partitions })).toMatchObject({
      equal: true,
      events: log.events.length,
      differences: [],
    });
  });

const topic = () => messaging.createTopic(EVENTS_TOPIC, PARTITIONS);

describe('a projector', () => {
  it('is ready when it has partitions, and not before', async () => {
    const one = await start();
    await until(() => one.told.some(({ err }) => err?.name === 'NoSuchTopic'));
    const early = await ask(one, 'GET', '/readyz');
    expect([early.status, early.text]).toEqual([503, expect.stringContaining('partitions')]);
    expect((await ask(one, 'POST', '/api/v1/admin/verification')).body).toMatchObject({ code: 'STARTING' });
    await topic();
    await until(() => isReady(one));
    await relay();
    await expectWhole();
    const { text } = await ask(one, 'GET', '/metrics');
    const events = [...text.matchAll(/^projector_events_total\{partition="p\d"\} (\d+)/gm)].map(([, count]) =>
      Number(count),
    );
    expect(events.reduce((total, count) => total + count, 0)).toBe(log.events.length);
    expect(text).toMatch(/^projector_lag_events\{partition="p0"\} 0$/m);
    expect(text).toMatch(/^parked_streams 0$/m);
  });

  it('tells how far it is while no broker answers, by what it last heard of it', async () => {
    await topic();
    const one = await start();
    await until(() => isReady(one));
    await relay();
    await expectWhole();
    const counted = async () => (await ask(one, 'GET', '/metrics')).text.match(/^projector_\w+\{partition.*$/gm);
    const before = await counted();
    expect(before).toHaveLength(3 * PARTITIONS);
    const topics = [...broker.topics];
    broker.topics.clear();
    expect(await counted()).toEqual(before);
    expect(one.told.map(({ err }) => err?.name)).toContain('NoSuchTopic');
    for (const [name, messages] of topics) broker.topics.set(name, messages);
  });

  it('ends with a message where the topic has other partitions than it believes', async () => {
    await topic();
    const other = await start({ kafkaPartitions: 6 });
    expect((await other.fatal).message).toContain('has 4 partitions and KAFKA_PARTITIONS is 6');
  });

  it('ends with 2 and words alone for what an operator can mend, as the process that it is', async () => {
    await topic();
    const exit = jest.spyOn(process, 'exit').mockImplementation(() => undefined as never);
    const write = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
    try {
      const other = await start({ kafkaPartitions: 6, alone: true });
      await until(() => exit.mock.calls.length > 0);
      expect(exit).toHaveBeenCalledWith(2);
      expect(write).toHaveBeenCalledWith(expect.stringMatching(/^the topic .* has 4 partitions .*\n$/));
      await stop(other);
    } finally {
      exit.mockRestore();
      write.mockRestore();
    }
  });

  it('waits for a database that refuses its user, and is not ready meanwhile', async () => {
    await topic();
    const refused = new URL(database.url);
    refused.username = 'nobody-knows';
    refused.password = 'wrong';
    const one = await start({ databaseUrl: refused.href });
    const passwords = () => one.told.filter(({ err }) => (err as { code?: string })?.code?.startsWith('28'));
    await until(() => passwords().length > 1);
    expect((await ask(one, 'GET', '/readyz')).status).toBe(503);
  });

  it('ends with a message on read models of another log, or of one that is followed as a whole', async () => {
    await topic();
    await inReadModels(async (dataSource) => (await createProjector({ dataSource, log })).handle(log.events));
    expect((await (await start()).fatal).message).toContain('from a log followed as a whole, and cannot go on in 4');
    await inReadModels((dataSource) => dataSource.query('DELETE FROM projection_position'));
    log.events.splice(0, log.events.length);
    log.book('Z', 2024, approved({ L: '1.00' }));
    expect((await (await start()).fatal).message).toMatch(/hold revision \d of budget-\w-2024, which the log has not/);
  });

  it('shares with another, and takes over what that one had', async () => {
    await topic();
    const [one, two] = [await start(), await start()];
    await until(async () => (await isReady(one)) && (await isReady(two)));
    for (let n = 0; n < 40; n += 1) {
      for (const unit of UNITS) book(unit, `V${n}`);
      await relay();
      if (n === 20) await stop(two);
      if (n === 25) await start();
      if (n === 30) await stop(one);
    }
    await expectWhole();
  });

  it('skips what comes again: all of it, more than once, after the broker has lost what it had', async () => {
    await topic();
    await start();
    for (const unit of UNITS) book(unit, 'V1', 'V2', 'V3');
    await relay();
    sent = 3;
    await relay();
    await expectWhole();
    broker.topics.set(
      EVENTS_TOPIC,
      Array.from({ length: PARTITIONS }, () => []),
    );
    broker.places.clear();
    sent = 0;
    for (const unit of UNITS) book(unit, 'V4');
    await relay();
    await expectWhole();
  });

  it('reads from the log what the group had for done and PostgreSQL lost', async () => {
    await topic();
    const one = await start();
    for (const unit of UNITS) book(unit, 'V1', 'V2', 'V3');
    await relay();
    await expectWhole();
    await stop(one);
    await inReadModels(async (dataSource) => {
      for (const { tablename } of await dataSource.query<{ tablename: string }[]>(
        `SELECT tablename FROM pg_tables WHERE schemaname = 'read' AND tablename <> 'migrations'`,
      ))
        await dataSource.query(`TRUNCATE ${tablename}`);
      await preparePartitions(dataSource, partitions.names, 0n);
    });
    await start();
    await heartbeat();
    await expectWhole();
  });

  it('goes on after an outage of the database, which readiness tells', async () => {
    await topic();
    const one = await start();
    await relay();
    await expectWhole();
    await setDatabase(false);
    for (const unit of UNITS) book(unit, 'V1');
    await relay();
    await until(() => one.told.some(({ msg }) => msg === 'projections'));
    const away = await ask(one, 'GET', '/readyz');
    expect([away.status, away.text]).toEqual([503, expect.stringContaining('database')]);
    await setDatabase(true);
    await expectWhole();
    await until(() => isReady(one));
  });
});

/** Refuses new connections to the database of this spec and ends those there are, or allows them again. */
async function setDatabase(reachable: boolean): Promise<void> {
  const server = new URL(database.url);
  const name = server.pathname.slice(1);
  server.pathname = '/postgres';
  const client = new pg.Client({ connectionString: server.href });
  await client.connect();
  try {
    await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS ${reachable}`);
    if (!reachable)
      await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
  } finally {
    await client.end();
  }
}

describe('a message that cannot be read', () => {
  const DAMAGE: Readonly<Record<string, (message: OutgoingMessage) => OutgoingMessage>> = {
    'without headers': (message) => ({ ...message, headers: {} }),
    'with a position that is none': (message) => ({ ...message, headers: { ...message.headers, ce_position: 'x' } }),
    'with data that are no JSON': (message) => ({ ...message, value: Buffer.from('{') }),
    'without data': (message) => ({ ...message, value: null }),
    'with metadata that are nothing': (message) => ({ ...message, headers: { ...message.headers, ce_meta: 'null' } }),
  };

  it.each(Object.keys(DAMAGE))('%s is told loudly, and its event comes from the log', async (kind) => {
    await topic();
    const one = await start();
    for (const unit of UNITS) book(unit, 'V1', 'V2', 'V3', 'V4');
    let nth = 0;
    await relay((message) => ((nth += 1) % 5 === 0 ? DAMAGE[kind]!(message) : message));
    await expectWhole();
    const told = one.told.filter(({ msg }) => msg.startsWith('a message cannot be read'));
    expect(told).toHaveLength(Math.floor(nth / 5));
    expect(told[0]?.err?.message).toMatch(/^the message at offset \d+ of partition \d cannot be read: /);
  });

  it('of a stream that belongs to another partition is told too, and nothing stops', async () => {
    await topic();
    const one = await start();
    const message = messageOf(log.events[0]!);
    await messaging.publish(EVENTS_TOPIC, [{ ...message, partition: (message.partition + 1) % PARTITIONS }]);
    await relay();
    await expectWhole();
    const told = one.told.map(({ err }) => err?.message);
    expect(told).toEqual([expect.stringContaining(`${log.events[0]!.stream} belongs to another partition`)]);
  });
});

describe('maintenance by any of several projectors', () => {
  it('retries a parked stream that another one brings, which goes on', async () => {
    await topic();
    book('A', 'V1', 'V2');
    const poisoned = log.events.findIndex(({ stream, revision }) => stream === 'budget-A-2024' && revision === 2);
    const good = log.events[poisoned]!;
    log.events[poisoned] = { ...good, version: 9 };
    const [one, two] = [await start(), await start()];
    await relay();
    await until(async () => (await isReady(one)) && (await isReady(two)));
    await inReadModels((dataSource) => until(() => reached(dataSource)));
    const still = await ask(one, 'POST', '/api/v1/parked/budget-A-2024/retry');
    expect(JSON.parse(still.text)).toMatchObject({ resumed: false, parked: { revision: 2, heldBack: 2 } });

    log.events[poisoned] = good;
    const answers = [
      await ask(one, 'POST', '/api/v1/parked/budget-A-2024/retry'),
      await ask(two, 'POST', '/api/v1/parked/budget-A-2024/retry'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 404]);
    const [line] = JSON.parse(answers[0]!.text).difference.lines as { changes: object[] }[];
    expect(line?.changes).toContainEqual({ amount: 'paid', before: '0.00', after: '2.00', change: '2.00' });
    book('A', 'V3');
    await relay();
    await expectWhole();
  });

  it('verifies, rebuilds and goes back while events come in, one piece of work at a time', async () => {
    await topic();
    const [one, two] = [await start(), await start()];
    await until(async () => (await isReady(one)) && (await isReady(two)));
    let done = false;
    const writing = (async () => {
      for (let n = 0; !done; n += 1) {
        for (const unit of UNITS) book(unit, `V${n}`);
        await relay();
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    for (const instance of [one, two, one]) {
      const rebuilt = await ask(instance, 'POST', '/api/v1/admin/rebuild');
      expect(rebuilt.body).toMatchObject({ result: { switched: true } });
      expect(rebuilt.body.result.comparison).toMatchObject({ differenceCount: 0, differences: [] });
      expect((await ask(instance, 'POST', '/api/v1/admin/verification')).body).toMatchObject({ result: { ok: true } });
    }
    const both = await Promise.all([one, two].map((instance) => ask(instance, 'POST', '/api/v1/admin/rollback')));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    done = true;
    await writing;
    await expectWhole();
  });
});
