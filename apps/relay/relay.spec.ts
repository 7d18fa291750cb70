/** The relay's rules, on a log in memory and messaging within this process, with real PostgreSQL for lease and place. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import pg from 'pg';
import { PositionBeyondEnd } from '#event-store/port.js';
import { createInProcessBroker, createInProcessMessaging, type InProcessBroker } from '#messaging/in-process.js';
import { MessagingUnavailable, NoSuchTopic, type Messaging } from '#messaging/port.js';
import { chanceOf } from '../../test/support/chance.js';
import { createWrittenLog, type WrittenLog } from '../../test/support/followed-log.js';
import { createDatabase, type TestDatabase } from '../../test/support/postgres.js';
import { factsOf, faultsOf } from '../../test/support/topic-facts.js';
import { startRelay, type Relay, type RelayOptions } from './relay.js';
import { EpochsRestarted, TopicLost, WrongPartitions } from './sending.js';

const TOPIC = 'budget.events.v1';
const PARTITIONS = 4;
const NOON = Date.UTC(2024, 5, 28, 12);

let database: TestDatabase;
let client: pg.Client;
let log: WrittenLog;
let broker: InProcessBroker;
const relays: Relay[] = [];
let over = false;

beforeEach(async () => {
  over = false;
  database = await createDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  log = createWrittenLog(chanceOf(7));
  broker = createInProcessBroker();
  await createInProcessMessaging(broker).createTopic(TOPIC, PARTITIONS);
});

afterEach(async () => {
  over = true;
  await Promise.all(relays.splice(0).map((relay) => relay.stop()));
  await client.end();
  await database.drop();
});

interface Started {
  readonly relay: Relay;
  readonly errors: unknown[];
  readonly fatal: unknown[];
}

function start(options: Partial<RelayOptions> = {}): Started {
  const [errors, fatal]: [unknown[], unknown[]] = [[], []];
  const relay = startRelay({
    log,
    messaging: createInProcessMessaging(broker),
    databaseUrl: database.url,
    target: { topic: TOPIC, partitions: PARTITIONS, source: '/budget-ledger' },
    heartbeatMs: 60_000,
    leaseMs: 60_000,
    onError: (error) => errors.push(error),
    onFatal: (error) => fatal.push(error),
    ...options,
  });
  relays.push(relay);
  return { relay, errors, fatal };
}

const stop = async ({ relay }: Started): Promise<void> => {
  relays.splice(relays.indexOf(relay), 1);
  await relay.stop();
};

/** The runner's own time limit is the only clock; a test that it has ended waits no longer. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!over && !(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

const write = (count: number, at = NOON): void => {
  for (let index = 0; index < count; index += 1) log.write(`budget-U${index % 9}-2024`, at + index);
};
const facts = () => factsOf(broker.topics.get(TOPIC)!);
const events = () => facts().flatMap((partition) => partition.filter(({ kind }) => kind === 'event'));
const isComplete = () => faultsOf(facts(), log.entries).length === 0;
const place = async () => {
  const { rows } = await client.query<{ there: boolean }>(`SELECT to_regclass('relay.place') IS NOT NULL AS there`);
  if (!rows[0]!.there) return undefined;
  const found = await client.query<{ commit_position: string; log_time: string }>('SELECT * FROM relay.place');
  return found.rows[0];
};

describe('the relay', () => {
  it('brings every event to its partition in the order of the log, and goes on after a restart without sending twice', async () => {
    write(1_200);
    const first = start();
    await until(isComplete);
    await until(async () => (await place())?.commit_position === String(log.entries.at(-1)!.place.commit));
    await stop(first);
    write(30, NOON + 5_000);
    const second = start();
    await until(isComplete);
    expect(events()).toHaveLength(1_230);
    expect(second.relay.sent.events).toBe(30);
    expect([...first.errors, ...second.errors]).toEqual([]);
  });

  it('stamps each event with the time of the log, which does not step back, and keeps where the store stamped earlier', async () => {
    log.write('directory', NOON);
    const from = log.write('directory', NOON - 400);
    log.mark(NOON - 300);
    const through = log.write('directory', NOON - 200);
    log.write('directory', NOON + 1);
    start();
    await until(() => events().length === 4);
    expect(events().map(({ time }) => time - NOON)).toEqual([0, 0, 0, 1]);
    const { rows } = await client.query('SELECT * FROM relay.clock_step');
    expect(rows).toEqual([{ from_position: from.position, through_position: through.position, time: String(NOON) }]);
  });

  it('remembers the time of the log over a restart', async () => {
    log.write('directory', NOON);
    const first = start();
    await until(async () => (await place())?.log_time === String(NOON));
    await stop(first);
    log.write('directory', NOON - 400);
    start();
    await until(() => events().length === 2);
    expect(events().map(({ time }) => time)).toEqual([NOON, NOON]);
  });

  it('tells every partition at once when a mark was reached', async () => {
    write(3);
    const { commit } = log.mark(NOON + 50);
    start();
    const beats = () => facts().map((partition) => partition.at(-1));
    await until(() => beats().every((beat) => beat?.position === commit));
    expect(beats()).toEqual(
      Array.from({ length: PARTITIONS }, () => ({ kind: 'heartbeat', position: commit, time: NOON + 50 })),
    );
    expect(isComplete()).toBe(true);
  });

  it('goes on telling while nothing happens, of checkpoints too, and nothing while the log is empty', async () => {
    const { relay } = start({ heartbeatMs: 20 });
    await until(() => relay.sent.completeAt !== undefined);
    expect(facts()).toEqual([[], [], [], []]);
    log.write('directory', NOON);
    const { commit } = log.checkpoint();
    const beats = () => facts().map((partition) => partition.filter(({ position }) => position === commit).length);
    await until(() => beats().every((count) => count >= 3));
    expect(isComplete()).toBe(true);
    const before = relay.sent.completeAt!;
    await until(() => relay.sent.completeAt! > before);
  });

  it('takes over where the one before stopped, and only then', async () => {
    const first = start();
    await until(() => first.relay.isActive);
    const second = start({ leaseMs: 1_200 });
    write(100);
    await until(isComplete);
    expect([second.relay.isActive, second.relay.sent.events]).toEqual([false, 0]);
    await stop(first);
    write(100, NOON + 1_000);
    await until(isComplete);
    expect([second.relay.isActive, second.relay.sent.events]).toEqual([true, 100]);
  });

  it('refuses a topic with another number of partitions, and says what to do', async () => {
    const { fatal } = start({ target: { topic: TOPIC, partitions: 12, source: '/budget-ledger' } });
    await until(() => fatal.length > 0);
    expect(fatal).toEqual([expect.any(WrongPartitions)]);
    expect(String(fatal[0])).toContain('has 4 partitions, but KAFKA_PARTITIONS is 12. Set KAFKA_PARTITIONS=4');
    expect(facts().flat()).toEqual([]);
  });

  it('waits for a topic that is not there', async () => {
    broker.topics.clear();
    write(10);
    const { errors } = start();
    await until(() => errors.some((error) => error instanceof NoSuchTopic));
    await createInProcessMessaging(broker).createTopic(TOPIC, PARTITIONS);
    await until(isComplete);
  });

  it('refuses a log that is shorter than its place', async () => {
    write(10);
    const first = start();
    await until(async () => (await place())?.commit_position === String(log.entries.at(-1)!.place.commit));
    await stop(first);
    log = createWrittenLog(chanceOf(7));
    write(3);
    const { fatal } = start();
    await until(() => fatal.length > 0);
    expect(fatal).toEqual([expect.any(PositionBeyondEnd)]);
  });

  it('refuses a place of a later epoch than the lease has, and says what to do', async () => {
    write(10);
    const first = start();
    await until(async () => (await place())?.commit_position === String(log.entries.at(-1)!.place.commit));
    await stop(first);
    await client.query('UPDATE relay.place SET epoch = 70');
    const second = start();
    await until(() => second.fatal.length > 0);
    expect(second.fatal).toEqual([expect.any(EpochsRestarted)]);
    await stop(second);
    const [told] = /UPDATE .+$/.exec(String(second.fatal[0]))!;
    await client.query(told);
    write(10, NOON + 1_000);
    start();
    await until(isComplete);
  });

  it('fills a topic again that was emptied while it was away', async () => {
    write(700);
    const first = start();
    await until(async () => (await place())?.commit_position === String(log.entries.at(-1)!.place.commit));
    await stop(first);
    broker.topics.clear();
    await createInProcessMessaging(broker).createTopic(TOPIC, PARTITIONS);
    const { errors } = start();
    await until(isComplete);
    expect(errors).toEqual([expect.any(TopicLost)]);
    expect(events()).toHaveLength(700);
  });
});

/** Rounds of chance: outages, lost acknowledgements, crashes, a lease that goes to another, an emptied topic. */
describe('whatever happens, the topic holds every event, each partition in order, and no heartbeat is untrue:', () => {
  const seeds = [1, 2, 3, randomInt(2 ** 31)];

  it.each(seeds)('seed %i', async (seed) => {
    const chance = chanceOf(seed);
    log = createWrittenLog(chance);
    const network = createNetwork(broker);
    const begin = () => start({ messaging: network.connect(), heartbeatMs: 15, leaseMs: 2_400 });
    let [active, standby] = [begin(), begin()];
    let at = NOON;
    for (let round = 0; round < 15; round += 1) {
      for (let count = chance.below(400); count > 0; count -= 1) {
        at += chance.happens(0.02) ? -chance.below(500) : chance.below(4);
        const kind = chance.weighted({ event: 20, mark: 1, checkpoint: 1 });
        if (kind === 'event') log.write(`budget-U${chance.below(40)}-2024`, at);
        else if (kind === 'mark') log.mark(at);
        else log.checkpoint();
      }
      const what = chance.weighted({ nothing: 3, refuse: 2, 'lose answer': 2, crash: 2, 'pass on': 2, empty: 1 });
      if (what === 'refuse') network.next('refuse');
      if (what === 'lose answer') network.next('lose answer');
      if (what === 'pass on') {
        await client
          .query("UPDATE lease.lease SET until = clock_timestamp() - interval '1 second'")
          .catch(() => undefined);
      }
      if (what === 'crash') {
        // What it has sent last is in the topic, and nothing says so in the database.
        network.next('lose answer');
        network.isAway = true;
        await stop(active);
        network.isAway = false;
        [active, standby] = [standby, begin()];
      }
      if (what === 'empty') {
        await until(() => [active, standby].filter(({ relay }) => relay.isActive).length === 1);
        network.isAway = true;
        const before = network.refusals;
        await until(() => network.refusals > before && network.underWay === 0);
        for (const partition of broker.topics.get(TOPIC)!) partition.length = 0;
        network.isAway = false;
      }
      if (chance.happens(0.4)) await until(isComplete);
    }
    await until(isComplete);
    expect([...active.fatal, ...standby.fatal]).toEqual([]);
  });
});

/** Between relays and broker: what happens to the next batch, whoever sends it. */
function createNetwork(to: InProcessBroker) {
  const planned: ('refuse' | 'lose answer')[] = [];
  const network = {
    isAway: false,
    refusals: 0,
    underWay: 0,
    next: (what: 'refuse' | 'lose answer') => void planned.push(what),
    connect(): Messaging {
      const messaging = createInProcessMessaging(to);
      const refuse = (): never => {
        network.refusals += 1;
        throw new MessagingUnavailable();
      };
      return {
        ...messaging,
        ends: async (topic) => (network.isAway ? refuse() : messaging.ends(topic)),
        publish: async (topic, messages) => {
          const what = planned.shift();
          if (what === 'refuse' || (network.isAway && what === undefined)) return refuse();
          network.underWay += 1;
          const sent = await messaging.publish(topic, messages).finally(() => (network.underWay -= 1));
          return what === 'lose answer' ? refuse() : sent;
        },
      };
    },
  };
  return network;
}
