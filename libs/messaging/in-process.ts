/** Messaging within one process, with the semantics of a broker: for tests of everything above the port. */
import {
  MessagingUnavailable,
  NoSuchTopic,
  type Batch,
  type Consumer,
  type ConsumeOptions,
  type IncomingMessage,
  type Messaging,
  type OutgoingMessage,
} from './port.js';

/** What survives those who send and read, as a broker would. Emptying `topics` and `places` is losing its disk. */
export interface InProcessBroker {
  readonly topics: Map<string, IncomingMessage[][]>;
  /** By group and topic, of each partition the offset that comes next. */
  readonly places: Map<string, Map<number, bigint>>;
  readonly groups: Map<string, Group>;
}

export const createInProcessBroker = (): InProcessBroker => ({
  topics: new Map(),
  places: new Map(),
  groups: new Map(),
});

const BATCH = 500;
const RETRY_MS = 20;

export function createInProcessMessaging(broker: InProcessBroker = createInProcessBroker()): Messaging {
  const consumers = new Set<Consumer>();
  let closed = false;
  let sending: Promise<unknown> = Promise.resolve();
  /** Answers on a later turn, as a broker would: nothing above may count on anything else. */
  const answer = async <T>(work: () => T): Promise<T> => {
    await new Promise(setImmediate);
    if (closed) throw new MessagingUnavailable({ cause: new Error('closed') });
    return work();
  };
  const partitionsOf = (topic: string): IncomingMessage[][] => {
    const partitions = broker.topics.get(topic);
    if (partitions === undefined) throw new NoSuchTopic(topic);
    return partitions;
  };

  return {
    partitions: (topic) => answer(() => broker.topics.get(topic)?.length),

    createTopic: (topic, partitions) =>
      answer(() => {
        if (broker.topics.has(topic)) return false;
        broker.topics.set(
          topic,
          Array.from({ length: partitions }, () => []),
        );
        return true;
      }),

    ends: (topic) => answer(() => partitionsOf(topic).map((messages) => BigInt(messages.length))),

    publish: (topic, messages) => {
      const sent = sending.then(() =>
        answer(() => {
          const last = append(partitionsOf(topic), messages);
          for (const group of broker.groups.values()) group.wake();
          return last;
        }),
      );
      sending = sent.catch(() => undefined);
      return sent;
    },

    consume: async (options) => {
      const name = `${options.group}/${options.topic}`;
      const group = broker.groups.get(name) ?? new Group(broker, name);
      broker.groups.set(name, group);
      const member = group.join(options);
      const consumer: Consumer = {
        stop: async () => {
          consumers.delete(consumer);
          await group.leave(member);
        },
      };
      consumers.add(consumer);
      return consumer;
    },

    close: async () => {
      closed = true;
      await Promise.all([...consumers].map((consumer) => consumer.stop()));
    },
  };
}

function append(partitions: IncomingMessage[][], messages: readonly OutgoingMessage[]): Map<number, bigint> {
  const stray = messages.find(({ partition }) => partitions[partition] === undefined);
  if (stray) throw new TypeError(`the topic has ${partitions.length} partitions, none is number ${stray.partition}`);
  const last = new Map<number, bigint>();
  for (const message of messages) {
    const { partition, key, headers, value } = message;
    const offset = BigInt(partitions[partition]!.length);
    partitions[partition]!.push({ partition, key, headers: { ...headers }, value: value?.slice() ?? null, offset });
    last.set(partition, offset);
  }
  return last;
}

interface Member {
  readonly options: ConsumeOptions;
  /** Aborted when its partitions are given out anew. */
  assignment: AbortController;
  working: Promise<unknown>;
}

/** Those who share a topic. Whoever joins or leaves lets all finish what they do; then the partitions are given out anew. */
class Group {
  readonly #members: Member[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #sleepers: (() => void)[] = [];

  constructor(
    private readonly broker: InProcessBroker,
    private readonly name: string,
  ) {}

  join(options: ConsumeOptions): Member {
    const member: Member = { options, assignment: new AbortController(), working: Promise.resolve() };
    this.#members.push(member);
    void this.#rebalance();
    return member;
  }

  async leave(member: Member): Promise<void> {
    const index = this.#members.indexOf(member);
    if (index >= 0) this.#members.splice(index, 1);
    member.assignment.abort();
    this.wake();
    await member.working;
    await this.#rebalance();
  }

  wake(): void {
    for (const resume of this.#sleepers.splice(0)) resume();
  }

  #rebalance(): Promise<unknown> {
    for (const member of this.#members) member.assignment.abort();
    this.wake();
    this.#turn = this.#turn.then(async () => {
      await Promise.all(this.#members.map((member) => member.working));
      const members = [...this.#members];
      for (const [index, member] of members.entries()) {
        member.assignment = new AbortController();
        member.working = this.#work(member, { index, of: members.length }, member.assignment.signal);
      }
    });
    return this.#turn;
  }

  /** One member with its share, until the partitions are given out anew. */
  async #work({ options }: Member, share: { index: number; of: number }, signal: AbortSignal): Promise<void> {
    const mine: number[] = [];
    const begin = async (): Promise<void> => {
      const partitions = this.broker.topics.get(options.topic);
      if (partitions === undefined) throw new NoSuchTopic(options.topic);
      mine.splice(0, Infinity, ...[...partitions.keys()].filter((partition) => partition % share.of === share.index));
      await options.onAssigned?.(mine);
    };
    await this.#untilDone(begin, options, signal);
    await Promise.all(mine.map((partition) => this.#deliver(partition, options, signal)));
  }

  async #deliver(partition: number, options: ConsumeOptions, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const places = this.broker.places.get(this.name) ?? new Map<number, bigint>();
      this.broker.places.set(this.name, places);
      const from = Number(places.get(partition) ?? 0n);
      const messages = this.broker.topics.get(options.topic)?.[partition]?.slice(from, from + BATCH) ?? [];
      if (messages.length === 0) {
        await new Promise<void>((resolve) => this.#sleepers.push(resolve));
        continue;
      }
      const batch: Batch = { partition, messages, heartbeat: async () => undefined, isOurs: () => !signal.aborted };
      const handle = async (): Promise<void> => {
        await options.handler(batch);
        places.set(partition, BigInt(from + messages.length));
      };
      await this.#untilDone(handle, options, signal);
    }
  }

  /** Again after a pause while it rejects. */
  async #untilDone(work: () => Promise<void>, options: ConsumeOptions, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        // On a later turn, as from a network.
        await new Promise(setImmediate);
        return await work();
      } catch (error) {
        options.onError?.(error);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }
}
