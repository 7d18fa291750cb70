/** Speed of the relay on a backlog: from the first message in the topic to the last one acknowledged by the broker. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Message } from 'kafkajs';
import type { Position } from '#domain/envelope.js';
import { fillLog } from '../booked-log.js';
import type { Row } from '../event-log.js';
import { median } from '../read-model.js';
import { start } from './processes.js';
import { asking, environmentOf, kafka, PARTITIONS, thousands, type Stage } from './stage.js';

const ROUNDS = 5;
const EVENTS = 100_000;
/** Many enough that no partition has much more than the others. */
const UNITS = 48;
const BATCH = 500;
const AIM = 15_000;

export interface Relayed {
  readonly rows: Row[];
  /** Events of budgets that are in the topic by now. */
  readonly events: number;
}

/** Rounds of the relay and of a bare producer take turns. What they leave behind is the backlog of the projectors. */
export async function relayBench(stage: Stage): Promise<Relayed> {
  const url = await stage.newDatabase();
  const ofRelay: number[] = [];
  const ofBare: number[] = [];
  let events = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    await fillLog(stage.store, EVENTS, UNITS);
    const positions = await newPositions(stage);
    events += positions.length;
    ofRelay.push(await relayRound(stage, url, positions));
    ofBare.push(await bareRound(stage));
  }
  const perSecond = Math.round(median(ofRelay));
  const bare = Math.round(median(ofBare));
  const rows: Row[] = [
    {
      name: `bare kafkajs producer, batches of ${BATCH}, messages of the same size`,
      unit: 'messages/s',
      median: bare,
      aim: 'yardstick',
      met: null,
    },
    {
      name: `relay, backlog of ${thousands(EVENTS)}, from the event store to acknowledged`,
      unit: 'events/s',
      median: perSecond,
      aim: `≥ ${thousands(AIM)} (here ${(perSecond / bare).toFixed(2)} × bare)`,
      met: perSecond >= AIM,
    },
  ];
  return { rows, events };
}

const PAGE = 5_000;
let lastPosition: Position | 'start' = 'start';

/** Positions of the events that came since the last call. */
async function newPositions({ store }: Stage): Promise<bigint[]> {
  const positions: bigint[] = [];
  for (;;) {
    const page = await store.readAll(lastPosition, PAGE);
    for (const { position } of page) positions.push(BigInt(position));
    lastPosition = page.at(-1)?.position ?? lastPosition;
    if (page.length < PAGE) return positions;
  }
}

/** Events a second, from the first place that is acknowledged to the last. */
async function relayRound(stage: Stage, url: string, positions: readonly bigint[]): Promise<number> {
  const relay = await start('relay', environmentOf(stage, url));
  const database = await asking(url);
  try {
    const acknowledged = async (): Promise<number> => {
      const place = BigInt(
        await database.one('SELECT coalesce(max(commit_position), 0)::text AS value FROM relay.place'),
      );
      return positions.findIndex((position) => position > place);
    };
    let first = 0;
    while ((first = await acknowledged()) === 0) await pause(5);
    const since = performance.now();
    while ((await acknowledged()) >= 0) await pause(20);
    return ((positions.length - first) / (performance.now() - since)) * 1_000;
  } finally {
    await database.end();
    await relay.stop();
  }
}

/** Messages a second into a topic of its own. */
async function bareRound({ brokers, admin }: Stage): Promise<number> {
  const topic = `bench.bare.${randomUUID()}`;
  await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }], waitForLeaders: true });
  const producer = kafka(brokers).producer({ maxInFlightRequests: 1 });
  await producer.connect();
  try {
    const since = performance.now();
    for (let n = 0; n < EVENTS; n += BATCH) {
      const messages = Array.from({ length: BATCH }, (_, next) => messageOf(n + next));
      await producer.send({ topic, acks: -1, messages });
    }
    return (EVENTS / (performance.now() - since)) * 1_000;
  } finally {
    await producer.disconnect();
    await admin.deleteTopics({ topics: [topic] });
  }
}

/** As large as an event's message: its data, its metadata and ten short headers. */
const messageOf = (n: number): Message => ({
  key: `budget-B${n % UNITS}-2024`,
  partition: n % PARTITIONS,
  value: Buffer.alloc(200, 'x'),
  headers: { ce_meta: 'x'.repeat(330), ...SHORT_HEADERS },
});

const SHORT_HEADERS = Object.fromEntries(Array.from({ length: 10 }, (_, nth) => [`ce_header${nth}`, 'x'.repeat(20)]));
