/**
 * What is stored of an event, shared by event store, messaging and read model. Names and shapes are the stored format
 * for ever: a change of shape is a new `version` with one step in the `upcast.ts` of its folder, a change of meaning a
 * new type.
 */
import type { CivilDate } from '#domain/calendar.js';

/** Opaque place in one store's total order. Compare only through the store's `order`. */
declare const positionBrand: unique symbol;
export type Position = string & { readonly [positionBrand]: true };

export interface Actor {
  readonly id: string;
  readonly name?: string;
}

export interface DocumentRef {
  readonly number: string;
  readonly title?: string;
  readonly date?: CivilDate;
}

/** Who asked for the event, under which key, and why. Stored beside the event's data. */
export interface EventMeta {
  readonly commandId: string;
  readonly actor: Actor;
  readonly approvals?: readonly { readonly actor: Actor; readonly at: string; readonly requestHash: string }[];
  /** SHA-256 (hex) of operation, path and canonical body of the request. On the first event of a command only. */
  readonly requestHash?: string;
  /** What caused the command; absent when nobody but its caller did. On the first event of a command only. */
  readonly causationId?: string;
  /** On the first event of a command only. */
  readonly correlationId?: string;
  readonly reason?: string;
  readonly document?: DocumentRef;
  readonly traceparent?: string;
  /** Only `import-log` writes it: the instant (UTC ms) at which the imported log recorded the event. */
  readonly recordedAt?: number;
}

/** What a decider's event looks like before anything is stored: its type, its dates and its data. */
export interface DomainEvent<Type extends string = string, Data = unknown> {
  readonly type: Type;
  /** Business date from the voucher, never from a clock. */
  readonly effectiveDate: CivilDate;
  /** True date of a late fact booked after its period was sealed. */
  readonly belongsTo?: CivilDate;
  readonly data: Data;
}

/** An event ready to be appended: its id is derived from the command's id and its index (UUIDv5). */
export interface NewEvent extends DomainEvent {
  readonly id: string;
  readonly version: number;
  readonly meta: EventMeta;
}

/** An event as stored. `revision` counts from 0 in its stream; `recordedAt` is UTC milliseconds. */
export interface Envelope extends NewEvent {
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  readonly recordedAt: number;
}
