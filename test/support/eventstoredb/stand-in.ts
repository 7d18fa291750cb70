/**
 * A stand-in for EventStoreDB 24.2 in specs: the protocol of one node without security, on the service definitions that the
 * client ships. `test/contract/eventstoredb-stand-in.spec.ts` holds it to recordings of a real node.
 */
import grpc from '@grpc/grpc-js';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { Commits } from './commits.js';
import { noFile, openLogFile } from './disk.js';
import { FaultSwitches, type Faults, type Unavailability } from './faults.js';
import type { Life } from './life.js';
import { EventLog } from './log.js';
import { unavailable } from './refusals.js';
import { servicesOf } from './services.js';

export interface StandInOptions {
  /** Folder for the log; without one a restart forgets everything. */
  readonly dir?: string;
  /** 0 or absent: any that is free. */
  readonly port?: number;
  /** What the server takes for now when it stamps an event, in milliseconds since 1970. Default: the computer's clock. */
  readonly clock?: { now: number };
}

export interface StandIn {
  /** `esdb://` address for a client. */
  readonly url: string;
  readonly port: number;
  readonly clock: { now: number } | undefined;
  readonly faults: Faults;
  /** As after `kill -9` and a start on the same data and port; faults are over. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';

export async function startStandIn(options: StandInOptions = {}): Promise<StandIn> {
  const node = new RunningNode(options);
  await node.listen(options.port ?? 0);
  return node;
}

class RunningNode implements StandIn {
  readonly faults = new FaultSwitches((how) => this.#changeAvailability(how));
  readonly clock: { now: number } | undefined;
  readonly #dir: string | undefined;
  readonly #sockets = new Set<Socket>();
  #life!: Life;
  #server!: grpc.Server;
  #inject!: (socket: Socket) => void;
  #listener: Server | undefined;
  #port = 0;
  #asleep: Promise<void> | undefined;
  #wake: () => void = () => {};

  constructor({ dir, clock }: StandInOptions) {
    this.#dir = dir;
    this.clock = clock;
    this.#begin();
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `esdb://${HOST}:${this.#port}?tls=false`;
  }

  /** The listener there is, or a new one. */
  async listen(port: number): Promise<void> {
    if (this.#listener !== undefined) {
      if (!this.#listener.listening) await once(this.#listener, 'listening');
      return;
    }
    const listener = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      this.#inject(socket);
    });
    this.#listener = listener;
    listener.listen(port, HOST);
    await once(listener, 'listening');
    this.#port = (listener.address() as AddressInfo).port;
  }

  async restart(): Promise<void> {
    this.#kill();
    this.#begin();
    this.faults.none();
    await this.listen(this.#port);
  }

  async stop(): Promise<void> {
    this.#kill();
  }

  /** A new life on what is on disk. */
  #begin(): void {
    const file = this.#dir === undefined ? noFile : openLogFile(this.#dir);
    const commits = new Commits(new EventLog(file.kept, () => this.clock?.now ?? Date.now()), file);
    this.#life = {
      commits,
      faults: this.faults,
      calls: new Set(),
      // The port is known when somebody asks.
      address: Object.defineProperty({ host: HOST, port: 0 }, 'port', { get: () => this.#port }),
      asleep: () => this.#asleep,
      die: () => this.#kill(),
    };
    this.#server = new grpc.Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
    for (const [service, handlers] of servicesOf(this.#life)) this.#server.addService(service, handlers);
    const injector = this.#server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
    this.#inject = (socket) => injector.injectConnection(socket);
  }

  /** No word to anybody: connections break, and what was not yet written never will be. */
  #kill(): void {
    this.#disconnect();
    this.#life.commits.stop();
    this.#life.calls.clear();
    this.#server.forceShutdown();
  }

  #disconnect(): void {
    this.#listener?.close();
    this.#listener = undefined;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  #changeAvailability(how: Unavailability | undefined): void {
    const { commits, calls } = this.#life;
    if (how === 'silent') {
      commits.pause();
      this.#asleep ??= new Promise((resolve) => (this.#wake = resolve));
      return;
    }
    this.#asleep = undefined;
    this.#wake();
    commits.resume();
    if (how === 'answered') for (const end of [...calls]) end(unavailable());
    if (how === 'refused') this.#disconnect();
    else void this.listen(this.#port);
  }
}
