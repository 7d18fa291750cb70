/** One partition while this member has it: messages become events and heartbeats, and these batches of the projector. */
import type { Envelope } from '#domain/envelope.js';
import { readMessage, UnreadableMessage } from '#messaging/event-message.js';
import type { Batch, IncomingMessage } from '#messaging/port.js';
import type { Place } from '#read-model/projections/clock.js';
import type { LogReader } from '#read-model/projections/log-reader.js';
import type { Projector } from '#read-model/projections/projector.js';
import { AnotherOwner } from '#read-model/projections/transaction.js';

export interface SeatOptions {
  readonly projector: Projector;
  readonly log: Pick<LogReader, 'order'>;
  /** Whether a stream belongs to this partition. */
  readonly owns: (stream: string) => boolean;
  /** Told of each message that cannot be read. */
  readonly onUnreadable: (error: UnreadableMessage) => void;
  /** Told of what is in the read models now. */
  readonly onProjected?: (events: readonly Envelope[]) => void;
}

/** Events of one transaction. More would hold more in memory and keep others waiting longer, and gain little. */
const JOINED = 2_000;

/** The partition was given to another member, which is delivered what this one leaves. */
export class TakenAway extends Error {
  override readonly name = 'TakenAway';
  constructor(partition: number) {
    super(`partition ${partition} was taken away in the middle of a batch`);
  }
}

export class Seat {
  /** Events that this member has put into the read models. */
  events = 0;
  /** Offset of the message that comes next, once one has come. */
  next: bigint | undefined;

  constructor(private readonly options: SeatOptions) {}

  /** How far the partition is in the read models. */
  get place(): Place {
    return this.options.projector.place;
  }

  /** Rejects with what the projector rejects with; what was taken in until then is skipped when the batch comes again. */
  async take(batch: Batch): Promise<void> {
    const first = batch.messages[0]?.offset;
    // Messages that were kept too short a time, or a topic that was made again: what is missing is in the log.
    if (this.next !== undefined && first !== this.next) this.options.projector.doubt();
    this.next ??= first;
    for (const part of this.#partsOf(batch.messages)) {
      // What settles is done for the group: it would never come to whoever has the partition now.
      if (!batch.isOurs()) throw new TakenAway(batch.partition);
      await this.#project(part, batch);
      this.events += part.events.length;
      this.options.onProjected?.(part.events);
      this.next = part.last + 1n;
      await batch.heartbeat();
    }
  }

  async #project({ events, through, hole }: Part, { heartbeat }: Batch): Promise<void> {
    const { projector } = this.options;
    // The event is in the log: there it is read before the next one is taken.
    if (hole) projector.doubt();
    if (events.length === 0 && through === undefined) return;
    const options = { alive: heartbeat };
    try {
      await projector.handle(events, through, options);
    } catch (error) {
      // Another member was ahead, or still is: the place is read anew, and what is there is skipped.
      if (!(error instanceof AnotherOwner)) throw error;
      await projector.handle(events, through, options);
    }
  }

  *#partsOf(messages: readonly IncomingMessage[]): Generator<Part> {
    let part: Part = { events: [], through: undefined, hole: false, last: -1n };
    for (const message of messages) {
      const arrival = this.#read(message);
      if (arrival === undefined) {
        if (part.last >= 0n) yield part;
        part = { events: [], through: undefined, hole: true, last: message.offset };
        continue;
      }
      if ('through' in arrival) part.through = arrival.through;
      else part.events.push(arrival.event);
      part.last = message.offset;
      if (part.events.length < JOINED) continue;
      yield part;
      part = { events: [], through: undefined, hole: false, last: -1n };
    }
    if (part.last >= 0n) yield part;
  }

  /** `undefined` for a message that cannot be read. */
  #read(message: IncomingMessage): { readonly event: Envelope } | { readonly through: Place } | undefined {
    try {
      const arrival = readMessage(message);
      if (arrival.kind === 'event') {
        const { stream } = arrival.envelope;
        if (this.options.owns(stream)) return { event: arrival.envelope };
        throw new UnreadableMessage(message.partition, message.offset, `${stream} belongs to another partition`);
      }
      const { position, time } = arrival;
      return { through: { position: this.options.log.order(position), opaque: position, recordedAt: time } };
    } catch (error) {
      if (!(error instanceof UnreadableMessage)) throw error;
      this.options.onUnreadable(error);
      return undefined;
    }
  }
}

/** Messages that go into one transaction. */
interface Part {
  readonly events: Envelope[];
  /** The last heartbeat among them. */
  through: Place | undefined;
  /** Something before them could not be read. */
  readonly hole: boolean;
  /** Offset of the last of them. */
  last: bigint;
}
