/** Which read models a stream feeds, and its events brought up to date. */
import { upcast as upcastBudget } from '#domain/budget/upcast.js';
import { directoryDecider } from '#domain/directory/decide.js';
import type { DomainEvent, Envelope } from '#domain/envelope.js';
import { performanceDecider } from '#domain/performance/decide.js';

export type Family =
  | { readonly family: 'budget' | 'performance'; readonly unit: string; readonly year: number }
  | { readonly family: 'directory' };

const UNIT_YEAR_STREAM = /^(budget|performance)-([A-Z0-9]{1,21})-(\d{4})$/;

/** `undefined` for streams that feed no read model. */
export function familyOf(stream: string): Family | undefined {
  if (stream === 'directory') return { family: 'directory' };
  const match = UNIT_YEAR_STREAM.exec(stream);
  if (match === null) return undefined;
  const [, family, unit, year] = match as unknown as [string, 'budget' | 'performance', string, string];
  return { family, unit, year: Number(year) };
}

/** An event at its place in the log, its data in the current shape. */
export interface Fact<Event extends DomainEvent = DomainEvent> {
  readonly envelope: Envelope;
  readonly event: Event;
  readonly position: bigint;
  /** Running maximum of `recordedAt` along the log, UTC milliseconds. */
  readonly recordedAt: number;
}

/** The event of an envelope in its current version. Throws on a type or version that this program does not know. */
export function currentEvent({ family }: Family, envelope: Envelope): DomainEvent {
  const { type, version, data, effectiveDate, belongsTo } = envelope;
  const current = UPCAST[family](type, version, data);
  return { type, effectiveDate, ...(belongsTo === undefined ? {} : { belongsTo }), data: current };
}

const UPCAST: Record<Family['family'], (type: string, version: number, data: unknown) => unknown> = {
  budget: upcastBudget,
  // Its upcast is the same for every year.
  performance: performanceDecider(0).upcast,
  directory: directoryDecider.upcast,
};
