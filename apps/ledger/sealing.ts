/** Seals a period on the facts that the caller has seen: the revision in If-Match is the one the seal names. */
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import type { CivilDate } from '#domain/calendar.js';
import type { Decider, Rejection } from '#domain/decider.js';
import type { DomainEvent } from '#domain/envelope.js';
import { METRICS } from '#domain/metrics/registry.js';
import { performanceDecider, performanceStream } from '#domain/performance/decide.js';
import type { Handler } from '#event-store/handler.js';
import type { EventStore } from '#event-store/port.js';
import type { Recording } from './recording.js';
import type { UnitYear } from './unit-year.js';
import type { WriteRequest } from './write-request.js';

interface Seal {
  readonly effectiveDate: CivilDate;
  readonly through: CivilDate;
  readonly reason: string;
}

export class Sealing {
  constructor(
    private readonly recording: Recording,
    private readonly handler: Handler,
    private readonly store: EventStore,
  ) {}

  async seal({ unit, year }: UnitYear, seal: Seal, request: WriteRequest) {
    await this.recording.requireUnit(unit);
    const heads = await Promise.all([
      this.headOf(budgetStream(unit, year), budgetDecider(unit, year)),
      this.headOf(performanceStream(unit, year), performanceDecider(year)),
    ]);
    const known = heads.filter((head) => head !== undefined);
    return this.recording.budget(
      unit,
      year,
      {
        type: 'SealPeriod',
        ...seal,
        knownAt: Math.max(0, ...known.map(({ recordedAt }) => recordedAt)),
        streams: known.map(({ stream, revision }) => ({ stream, revision })),
        formulas: METRICS.map(({ id, version }) => ({ metric: id, version })),
      },
      request,
    );
  }

  private async headOf<S, C, E extends DomainEvent, N extends Rejection>(stream: string, decider: Decider<S, C, E, N>) {
    const { revision } = await this.handler.load(stream, decider);
    if (revision < 0) return undefined;
    for await (const { recordedAt } of this.store.read(stream, { from: revision, limit: 1 })) {
      return { stream, revision, recordedAt };
    }
    throw new Error(`stream ${stream} has no event at its revision ${revision}`);
  }
}
