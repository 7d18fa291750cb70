/** A read's answers on their way out: no faster than the client takes them, so that a slow reader fills no memory. */
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { Life } from './life.js';
import type { StoredEvent } from './log.js';
import { withStructuredId, type streams } from './messages.js';

export class ReadCall {
  isOver = false;
  /** Resolves when the client has gone or the call has ended. */
  readonly cancelled: Promise<void>;
  #cancel!: () => void;
  #goOn: () => void = () => {};

  constructor(
    private readonly life: Life,
    private readonly call: ServerWritableStream<streams.ReadReq, Buffer>,
    private readonly structuredIds: boolean,
  ) {
    this.cancelled = new Promise((resolve) => (this.#cancel = resolve));
    const over = (): void => {
      this.isOver = true;
      this.#cancel();
      this.#goOn();
    };
    call.on('cancelled', over);
    call.on('close', over);
    call.on('drain', () => this.#goOn());
  }

  /** A promise when the next must wait for it, as most often it need not. */
  sendEvent(event: StoredEvent): Promise<void> | undefined {
    const bytes = this.structuredIds ? withStructuredId(event.encoded) : event.encoded;
    const rest = this.life.faults.rest();
    return rest === undefined ? this.send(bytes) : rest.then(() => this.send(bytes));
  }

  send(bytes: Buffer): Promise<void> | undefined {
    const asleep = this.life.asleep();
    if (asleep !== undefined) return asleep.then(() => this.send(bytes));
    if (this.isOver || this.call.write(bytes)) return undefined;
    return new Promise((resolve) => (this.#goOn = resolve));
  }
}
