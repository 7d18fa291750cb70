/** A member of a consumer group: joins, delivers, keeps the group's place, and comes back by itself until it is stopped. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Consumer as KafkaClient, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { isPassing } from './kafka-failures.js';
import type { Batch, Consumer, ConsumeOptions, IncomingMessage } from './port.js';

const SESSION_MS = 6_000;
const HEARTBEAT_MS = 2_000;
/** How long a broker holds a request for more when there is nothing; a stop waits for it. */
const LONGEST_WAIT_MS = 500;
/** Partitions whose batches are handled at the same time. */
export const SIDE_BY_SIDE = 32;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

const pauseMs = (failures: number): number => Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);

export interface MembershipTiming {
  /** A member that says nothing for so long is given up, ms; the brokers' lower limit is usually 6 s. */
  readonly sessionTimeoutMs?: number;
  readonly heartbeatMs?: number;
}

export class KafkaConsumer implements Consumer {
  readonly #stopping = new AbortController();
  readonly #finished: Promise<void>;
  /** Counts the times that partitions were given out. */
  #assignment = 0;
  #assigned: Promise<void> = Promise.resolve();
  /** The group has given up this member: what it works on belongs to others now. */
  #expelled = false;
  readonly #failures = new Map<number, number>();

  constructor(
    private readonly kafka: Kafka,
    private readonly options: ConsumeOptions,
    private readonly timing: MembershipTiming,
  ) {
    this.#finished = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#finished;
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#stopping.signal.aborted; failures += 1) {
      const before = this.#assignment;
      const failure = await this.#membership();
      if (this.#stopping.signal.aborted) return;
      if (!isPassing(failure)) {
        (this.options.onFatal ?? this.options.onError)?.(failure);
        return;
      }
      this.options.onError?.(failure);
      if (this.#assignment !== before) failures = 0;
      await this.#pause(pauseMs(failures));
    }
  }

  /** From joining to a failure that the client cannot mend, which is returned, or a stop. */
  async #membership(): Promise<unknown> {
    const { topic, group } = this.options;
    const client = this.kafka.consumer({
      groupId: group,
      sessionTimeout: this.timing.sessionTimeoutMs ?? SESSION_MS,
      heartbeatInterval: this.#heartbeatMs,
      maxWaitTimeInMs: LONGEST_WAIT_MS,
      allowAutoTopicCreation: false,
      // It comes back here, with a client that knows nothing of the failure.
      retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 1_000, restartOnFailure: async () => false },
    });
    const crash = new Promise<unknown>((resolve) =>
      client.on(client.events.CRASH, ({ payload }) => resolve(payload.error)),
    );
    client.on(client.events.GROUP_JOIN, ({ payload }) => this.#assign(payload.memberAssignment[topic] ?? []));
    try {
      await client.connect();
      await client.subscribe({ topics: [topic], fromBeginning: true });
      await client.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: SIDE_BY_SIDE,
        eachBatch: (payload) => this.#take(payload),
      });
      return await Promise.race([crash, this.#stopped()]);
    } catch (error) {
      return error;
    } finally {
      await this.#disconnect(client);
    }
  }

  async #disconnect(client: KafkaClient): Promise<void> {
    try {
      await client.disconnect();
    } catch (error) {
      this.options.onError?.(error);
    }
  }

  /** Handlers of an earlier assignment may still run: the client joins again while some of them work. */
  #assign(partitions: readonly number[]): void {
    this.#assignment += 1;
    this.#expelled = false;
    const assignment = this.#assignment;
    const told = async (): Promise<void> => {
      for (let failures = 0; this.#isCurrent(assignment); failures += 1) {
        try {
          return await this.options.onAssigned?.([...partitions]);
        } catch (error) {
          this.options.onError?.(error);
          await this.#pause(pauseMs(failures));
        }
      }
    };
    // One after the other: what an earlier call began is done when the next one says what holds now.
    this.#assigned = this.#assigned.then(told);
  }

  readonly #isCurrent = (assignment: number): boolean =>
    this.#assignment === assignment && !this.#expelled && !this.#stopping.signal.aborted;

  async #take(payload: EachBatchPayload): Promise<void> {
    const { topic, partition, messages } = payload.batch;
    const assignment = this.#assignment;
    const heartbeat = (): Promise<void> => payload.heartbeat().catch((error: unknown) => this.#unheard(error));
    const beats = setInterval(() => void heartbeat(), this.#heartbeatMs);
    const batch: Batch = {
      partition,
      messages: messages.map((message) => arrived(partition, message)),
      heartbeat,
      isOurs: () => this.#assignment === assignment && !this.#expelled,
    };
    try {
      await this.#assigned;
      if (!this.#isCurrent(assignment)) return;
      await this.options.handler(batch);
      this.#failures.delete(partition);
      // The place is kept by whoever has the partition now, and that one's is not moved by what was ours.
      if (!batch.isOurs()) return;
    } catch (error) {
      this.options.onError?.(error);
      this.#comeBack(payload);
      return;
    } finally {
      clearInterval(beats);
    }
    const last = messages.at(-1)!.offset;
    payload.resolveOffset(last);
    const place = { partition, offset: String(BigInt(last) + 1n) };
    await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [place] }] });
  }

  /** Nothing of the batch is resolved, so it is fetched again; the other partitions go on meanwhile. */
  #comeBack(payload: EachBatchPayload): void {
    const { partition } = payload.batch;
    const failures = this.#failures.get(partition) ?? 0;
    this.#failures.set(partition, failures + 1);
    const resume = payload.pause();
    setTimeout(resume, pauseMs(failures)).unref();
  }

  /** A group that gives its partitions out anew waits until we have finished; one that does not know us does not. */
  #unheard(error: unknown): void {
    const type = (error as { type?: string }).type;
    if (type === 'UNKNOWN_MEMBER_ID' || type === 'ILLEGAL_GENERATION') this.#expelled = true;
  }

  get #heartbeatMs(): number {
    return this.timing.heartbeatMs ?? HEARTBEAT_MS;
  }

  #stopped(): Promise<void> {
    const { signal } = this.#stopping;
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }

  async #pause(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}

function arrived(partition: number, message: KafkaMessage): IncomingMessage {
  const headers: Record<string, string> = {};
  for (const name in message.headers) {
    const value = message.headers[name];
    // Others may send a name twice, or without a value.
    headers[name] = String((Array.isArray(value) ? value.at(-1) : value) ?? '');
  }
  return {
    partition,
    offset: BigInt(message.offset),
    key: message.key === null ? null : message.key.toString(),
    headers,
    value: message.value,
  };
}
