/** What a trial would do to every rate: the same report on the same facts, with and without its events. */
import type { DomainEvent } from '#domain/envelope.js';
import type { Rate } from '#domain/metrics/report.js';

export interface RateChange {
  readonly metric: string;
  readonly name: Rate['name'];
  readonly scope: Rate['scope'];
  /** Percent with two decimals, null where there is no figure. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface RateEffect {
  readonly asOf: string;
  readonly checkpoint: string;
  readonly rates: readonly RateChange[];
}

/** Works the effect out; injected, because it needs the read models. */
export type DryRunEffect = (unit: string, year: number, events: readonly DomainEvent[]) => Promise<RateEffect>;
