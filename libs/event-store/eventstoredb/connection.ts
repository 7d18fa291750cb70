/**
 * The one connection of a store to EventStoreDB. `@eventstore/db-client` finds the node, keeps the channel and moves it when
 * the leader does; the calls themselves are made with the stubs that it ships. Its own `appendToStream` and `subscribeToAll`
 * are not used, because of what they do on top:
 *
 * - All appends of a process wait in one table of the module. A call that breaks rejects those of every other one, and an
 *   answer that then still comes ends the process (a TypeError in a listener). Here each call has a table of its own.
 * - JSON is parsed and written anew: keys that look like integers change their order, and the bytes are no longer ours.
 * - A checkpoint may overtake the events before it, and a handler of checkpoints that throws is an unhandled rejection.
 */
import { EventStoreDBClient } from '@eventstore/db-client';
import grpcStubs from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type * as stubs from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type * as wire from '@eventstore/db-client/generated/streams_pb.js';
import { StoreUnavailable } from '../port.js';
import { silent } from './outcome.js';

export type ReadCall = ReturnType<stubs.StreamsClient['read']>;
export type AppendCall = ReturnType<stubs.StreamsClient['batchAppend']>;
/** Metadata and options of a call. */
type CallArguments = Required<Parameters<stubs.StreamsClient['batchAppend']>>;

/** What the client keeps for classes that extend it. `connectionString` makes no such class, hence the cast below. */
interface Extended {
  GRPCStreamCreator<Call>(
    stub: typeof stubs.StreamsClient,
    name: string,
    open: (client: stubs.StreamsClient) => Call,
  ): () => Promise<Call>;
  callArguments(options: object, callOptions: CallArguments[1]): CallArguments;
  getChannel(): Promise<{ close(): void }>;
  handleError: (this: void, client: unknown, error: Error) => Promise<void>;
  dispose(): Promise<void>;
}

export class Connection {
  readonly #client: Extended;
  #closed = false;
  #connected = false;

  /** `url` as the store's own tools take it, `esdb://…`. Throws for one that cannot be read. */
  constructor(
    url: string,
    readonly timeoutMs: number,
    onError: (error: unknown) => void,
  ) {
    this.#client = EventStoreDBClient.connectionString(url) as unknown as Extended;
    // The client starts this for a call that failed and looks at the outcome no more: without an owner it ends the process.
    const reconnect = this.#client.handleError;
    this.#client.handleError = (client, error) => reconnect(client, error).catch(onError);
  }

  get closed(): boolean {
    return this.#closed;
  }

  batchAppend(): Promise<AppendCall> {
    return this.#open('append', (client) => client.batchAppend(...this.#endless()));
  }

  read(request: wire.ReadReq): Promise<ReadCall> {
    return this.#open('read', (client) => client.read(request, ...this.#endless()));
  }

  /** Ends every call that is open and the connection, which the client by itself would keep. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#client.dispose();
    if (!this.#connected) return;
    this.#client.getChannel().then(
      (channel) => channel.close(),
      () => undefined,
    );
  }

  /** Whoever opens a call watches its time: the deadline of a call would end a subscription that is merely old. */
  #endless(): CallArguments {
    return this.#client.callArguments({}, { deadline: Infinity });
  }

  /** Bounded, because looking for the leader of a cluster may take long. Rejects with `StoreUnavailable`, nothing sent. */
  async #open<Call extends { cancel(): void }>(
    name: string,
    open: (client: stubs.StreamsClient) => Call,
  ): Promise<Call> {
    if (this.#closed) throw new StoreUnavailable('refused', { cause: new Error('closed') });
    const opening = this.#client.GRPCStreamCreator(grpcStubs.StreamsClient, name, open)();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(silent('no connection', this.timeoutMs)), this.timeoutMs);
    });
    try {
      const call = await Promise.race([opening, late]);
      this.#connected = true;
      return call;
    } catch (cause) {
      opening.then(
        (call) => call.cancel(),
        () => undefined,
      );
      throw new StoreUnavailable('refused', { cause });
    } finally {
      clearTimeout(timer);
    }
  }
}
