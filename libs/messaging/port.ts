/**
 * Messages between the processes of a distributed system: topics of numbered partitions, each in a fixed order. Every adapter
 * passes the one suite in `contract.ts`. Nothing here knows what a message says.
 */

/** A message as it is sent. Header names and values are text; `key` is what Kafka tools show, it does not choose the partition. */
export interface OutgoingMessage {
  readonly partition: number;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** `null` for a message that is only its headers. */
  readonly value: Uint8Array | null;
}

/** A message as it arrives. `offset` counts from 0 in its partition and is not dense. */
export interface IncomingMessage extends OutgoingMessage {
  readonly offset: bigint;
}

export interface Messaging {
  /** How many partitions a topic has; `undefined` for one that is not there. Topics are never made by asking or sending. */
  partitions(topic: string): Promise<number | undefined>;

  /** Makes a topic; false when it was there already, whatever its partitions and settings. */
  createTopic(topic: string, partitions: number, settings?: TopicSettings): Promise<boolean>;

  /** Of each partition the offset that its next message will get. Throws `NoSuchTopic` or `MessagingUnavailable`. */
  ends(topic: string): Promise<readonly bigint[]>;

  /**
   * Resolves with the offset of the last message of each partition sent to, once every in-sync replica holds all of them. In
   * a partition they stand in the order given. Throws `NoSuchTopic` or `MessagingUnavailable`; after the latter any of them
   * may be there: send all again. One call at a time; the next waits for it.
   */
  publish(topic: string, messages: readonly OutgoingMessage[]): Promise<ReadonlyMap<number, bigint>>;

  /**
   * Joins a group that shares the partitions of a topic, and delivers from where the group stopped (or the beginning).
   * Resolves before it has joined: brokers or a topic that are not there are told to `onError` and tried again.
   */
  consume(options: ConsumeOptions): Promise<Consumer>;

  close(): Promise<void>;
}

export interface TopicSettings {
  /** Messages are kept at least so long, ms, or for ever; without it as long as the broker's own settings say. */
  readonly retentionMs?: number | 'for-ever';
}

export interface ConsumeOptions {
  readonly topic: string;
  readonly group: string;
  /**
   * A batch of one partition, in its order. The next one of that partition comes when the promise is settled; then the
   * group's place moves past it. A batch whose handler rejects is delivered again after a pause, at least once in all.
   * Partitions are handled side by side.
   */
  readonly handler: (batch: Batch) => Promise<void>;
  /**
   * This member has these partitions now, all of them, and holds no others. Settles before the first batch of each; when it
   * rejects it is called again after a pause.
   */
  readonly onAssigned?: (partitions: readonly number[]) => Promise<void>;
  /** What no caller hears of: handlers that reject, brokers that cannot be reached. */
  readonly onError?: (error: unknown) => void;
  /** Nothing can be done any more, such as credentials refused: the process should end. */
  readonly onFatal?: (error: unknown) => void;
}

export interface Batch {
  readonly partition: number;
  readonly messages: readonly IncomingMessage[];
  /** Tells the group that this member lives; to be called now and then in long work. */
  readonly heartbeat: () => Promise<void>;
  /** False once the partition was taken away: what is done for it now is done twice. */
  readonly isOurs: () => boolean;
}

export interface Consumer {
  /** Resolves when no handler runs and none will; the place of what was handled is kept. */
  stop(): Promise<void>;
}

/** No broker answers, or not in time. What was being sent may or may not be there. */
export class MessagingUnavailable extends Error {
  override readonly name = 'MessagingUnavailable';
  constructor(options?: ErrorOptions) {
    super('the message broker is not available', options);
  }
}

/** The topic is not there. Nothing was sent. */
export class NoSuchTopic extends Error {
  override readonly name = 'NoSuchTopic';
  constructor(readonly topic: string) {
    super(`the topic ${topic} does not exist`);
  }
}
