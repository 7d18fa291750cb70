/**
 * Messaging over Apache Kafka, by `kafkajs`. One request is in flight and every in-sync replica must hold it; the client
 * neither repeats a request by itself nor numbers messages (its idempotence), so who sends decides what is sent again.
 */
import { setTimeout as pause } from 'node:timers/promises';
import {
  Kafka,
  logLevel,
  Partitioners,
  type Admin,
  type ITopicMetadata,
  type LogEntry,
  type Message,
  type Producer,
} from 'kafkajs';
import { KafkaConsumer, type MembershipTiming } from './kafka-consumer.js';
import { meaningOf } from './kafka-failures.js';
import {
  MessagingUnavailable,
  NoSuchTopic,
  type Consumer,
  type Messaging,
  type OutgoingMessage,
  type TopicSettings,
} from './port.js';

export interface KafkaOptions extends MembershipTiming {
  /** `host:port` of some brokers; the others are learned from them. */
  readonly brokers: readonly string[];
  /** What brokers call this process in their logs. */
  readonly clientId: string;
  /** The client's own warnings. Failures of calls are told to their callers, and those of consumers to `onError`. */
  readonly log?: (message: string, details: object) => void;
}

const CONNECT_MS = 3_000;
const LOOK_MS = 50;
const LOOKS = 100;
/** The broker gives up waiting for its replicas before we give up waiting for the broker. */
const REPLICAS_MS = 8_000;
const REQUEST_MS = 10_000;

/** Connects when it is first used. */
export function createKafkaMessaging(options: KafkaOptions): Messaging {
  return new KafkaMessaging(options);
}

class KafkaMessaging implements Messaging {
  readonly #kafka: Kafka;
  readonly #consumers = new Set<Consumer>();
  #admin: Promise<Admin> | undefined;
  #producer: Promise<Producer> | undefined;
  #sending: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(private readonly options: KafkaOptions) {
    this.#kafka = new Kafka({
      clientId: options.clientId,
      brokers: [...options.brokers],
      connectionTimeout: CONNECT_MS,
      requestTimeout: REQUEST_MS,
      retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000 },
      logLevel: logLevel.WARN,
      logCreator: () => (entry: LogEntry) => this.#log(entry),
    });
  }

  async partitions(topic: string): Promise<number | undefined> {
    return (await this.#metadata(topic))?.partitions.length;
  }

  #metadata(topic: string): Promise<ITopicMetadata | undefined> {
    return this.#asAdmin(topic, async (admin) => {
      // Asked for one that is not there, the client repeats the question; asked for all, it does not.
      const { topics } = await admin.fetchTopicMetadata();
      return topics.find(({ name }) => name === topic);
    });
  }

  async createTopic(topic: string, partitions: number, { retentionMs }: TopicSettings = {}): Promise<boolean> {
    const kept = retentionMs === 'for-ever' ? -1 : retentionMs;
    const configEntries = [
      // An event of the largest append has headers too.
      { name: 'max.message.bytes', value: String(2 * 1024 * 1024) },
      ...(kept === undefined ? [] : [{ name: 'retention.ms', value: String(kept) }]),
    ];
    // Replicas by the brokers' `default.replication.factor`.
    const wanted = { topic, numPartitions: partitions, replicationFactor: -1, configEntries };
    const made = await this.#asAdmin(topic, (admin) => admin.createTopics({ topics: [wanted], waitForLeaders: false }));
    // Brokers hear of it a moment later, and only then is there one for each partition.
    for (let looks = 0; looks < LOOKS; looks += 1) {
      if (await this.#isLed(topic)) break;
      await pause(LOOK_MS);
    }
    return made;
  }

  /** Whether every partition has a leader that answers as such: a broker may be named before it knows. */
  async #isLed(topic: string): Promise<boolean> {
    const found = await this.#metadata(topic);
    if (found?.partitions.every(({ leader }) => leader >= 0) !== true) return false;
    return this.#asAdmin(topic, (admin) => admin.fetchTopicOffsets(topic)).then(
      () => true,
      () => false,
    );
  }

  async ends(topic: string): Promise<readonly bigint[]> {
    if ((await this.partitions(topic)) === undefined) throw new NoSuchTopic(topic);
    const offsets = await this.#asAdmin(topic, (admin) => admin.fetchTopicOffsets(topic));
    return offsets.sort((a, b) => a.partition - b.partition).map(({ high }) => BigInt(high));
  }

  publish(topic: string, messages: readonly OutgoingMessage[]): Promise<ReadonlyMap<number, bigint>> {
    const sent = this.#sending.then(() => this.#publish(topic, messages));
    this.#sending = sent.catch(() => undefined);
    return sent;
  }

  async #publish(topic: string, messages: readonly OutgoingMessage[]): Promise<ReadonlyMap<number, bigint>> {
    const last = new Map<number, bigint>();
    for (const part of inParts(messages)) {
      try {
        const producer = await this.#connectedProducer();
        const counts = new Map<number, bigint>();
        for (const { partition } of part) counts.set(partition, (counts.get(partition) ?? 0n) + 1n);
        const answers = await producer.send({ topic, acks: -1, timeout: REPLICAS_MS, messages: part.map(toKafka) });
        for (const { partition, baseOffset } of answers) {
          last.set(partition, BigInt(baseOffset!) + counts.get(partition)! - 1n);
        }
      } catch (error) {
        // With the connection goes whatever of the request still waits in it.
        this.#producer?.then((producer) => producer.disconnect()).catch(() => undefined);
        this.#producer = undefined;
        throw meaningOf(error, topic);
      }
    }
    return last;
  }

  async consume(options: Parameters<Messaging['consume']>[0]): Promise<Consumer> {
    const consumer = new KafkaConsumer(this.#kafka, options, this.options);
    this.#consumers.add(consumer);
    return {
      stop: async () => {
        this.#consumers.delete(consumer);
        await consumer.stop();
      },
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#consumers].map((consumer) => consumer.stop()));
    await this.#sending;
    const clients = await Promise.allSettled([this.#admin, this.#producer]);
    for (const client of clients) if (client.status === 'fulfilled') await client.value?.disconnect();
  }

  async #asAdmin<T>(topic: string, work: (admin: Admin) => Promise<T>, isAgain = false): Promise<T> {
    try {
      return await work(await this.#connectedAdmin());
    } catch (error) {
      this.#admin?.then((admin) => admin.disconnect()).catch(() => undefined);
      this.#admin = undefined;
      const meaning = meaningOf(error, topic);
      // A client that has once asked for a topic's ends asks for that topic ever after, whatever it is to do: a new one does not.
      if (meaning instanceof NoSuchTopic && !isAgain) return this.#asAdmin(topic, work, true);
      throw meaning;
    }
  }

  #connectedAdmin(): Promise<Admin> {
    this.#requireOpen();
    const connect = async (): Promise<Admin> => {
      const admin = this.#kafka.admin();
      await admin.connect();
      return admin;
    };
    return (this.#admin ??= connect());
  }

  #connectedProducer(): Promise<Producer> {
    this.#requireOpen();
    const connect = async (): Promise<Producer> => {
      const producer = this.#kafka.producer({
        allowAutoTopicCreation: false,
        idempotent: false,
        maxInFlightRequests: 1,
        createPartitioner: Partitioners.DefaultPartitioner,
        // A process that was paused must not send again what it had begun before: its lease is asked first.
        retry: { retries: 0 },
      });
      await producer.connect();
      return producer;
    };
    return (this.#producer ??= connect());
  }

  #requireOpen(): void {
    if (this.#closed) throw new MessagingUnavailable({ cause: new Error('closed') });
  }

  #log({ namespace, log: { message, ...details } }: LogEntry): void {
    this.options.log?.(`kafka client, ${namespace}: ${message}`, details);
  }
}

/** Far below what a topic takes as one batch of a partition (1 MiB by default). */
const MAX_PART_BYTES = 900_000;
/** Of a message beside key, headers and value. */
const FRAME_BYTES = 100;

/** Cuts into requests so that no partition gets a batch that is too large; a message that is larger alone goes alone. */
function* inParts(messages: readonly OutgoingMessage[]): Iterable<readonly OutgoingMessage[]> {
  let part: OutgoingMessage[] = [];
  const bytes = new Map<number, number>();
  for (const message of messages) {
    const size = bytesOf(message);
    const total = (bytes.get(message.partition) ?? 0) + size;
    if (total > MAX_PART_BYTES && part.length > 0) {
      yield part;
      part = [];
      bytes.clear();
      bytes.set(message.partition, size);
    } else {
      bytes.set(message.partition, total);
    }
    part.push(message);
  }
  if (part.length > 0) yield part;
}

/** No less than it takes; a text is counted as if every character were the longest. */
function bytesOf({ key, headers, value }: OutgoingMessage): number {
  const texts = [key ?? '', ...Object.entries(headers).flat()];
  return FRAME_BYTES + texts.reduce((sum, text) => sum + text.length * 3 + 10, 0) + (value?.length ?? 0);
}

const toKafka = ({ partition, key, headers, value }: OutgoingMessage): Message => ({
  partition,
  key,
  headers,
  value: value === null ? null : Buffer.from(value.buffer, value.byteOffset, value.byteLength),
});
