/** A read's answers on their way out: no faster than the client takes them, so that a slow reader fills no memory. */
import type { ServerWritableStream } from '@grpc/grpc-js';
import { setTimeout as pause } from 'node:timers/promises';
import type { FaultSwitches } from './faults.js';
import type { StoredEvent } from './log.js';
import { withStructuredId, type streams } from './messages.js';

export class ReadCall {
  /** Resolves when the client has gone or the call has ended. */
  readonly cancelled: Promise<void>;
  isOver = false;
  #over!: () => void;
  readonly #call: ServerWritableStream<streams.ReadReq, Buffer>;
  readonly #faults: FaultSwitches;
  readonly #structuredIds: boolean;

  constructor(call: ServerWritableStream<streams.ReadReq, Buffer>, faults: FaultSwitches, structuredIds: boolean) {
    this.#call = call;
    this.#faults = faults;
    this.#structuredIds = structuredIds;
    this.cancelled = new Promise((resolve) => (this.#over = resolve));
    call.on('cancelled', () => this.over());
    call.on('close', () => this.over());
  }

  over(): void {
    this.isOver = true;
    this.#over();
  }

  /** A promise when the next must wait for it. */
  sendEvent(event: StoredEvent): Promise<void> | undefined {
    const bytes = this.#structuredIds ? withStructuredId(event.encoded) : event.encoded;
    return this.#faults.readDelayMs === 0 ? this.send(bytes) : this.#sendSlowly(bytes);
  }

  send(bytes: Buffer): Promise<void> | undefined {
    if (this.isOver || this.#call.write(bytes)) return undefined;
    return Promise.race([new Promise<void>((resolve) => this.#call.once('drain', resolve)), this.cancelled]);
  }

  async #sendSlowly(bytes: Buffer): Promise<void> {
    await Promise.race([pause(this.#faults.readDelayMs), this.cancelled]);
    await this.send(bytes);
  }
}
