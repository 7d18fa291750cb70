/**
 * Seals a period on the facts that the caller has seen: the revision in If-Match is the one that the reports are made of and
 * that the seal is appended to. A repeat answers what was stored; nothing is made again for it.
 */
import type { BudgetCommand } from '#domain/budget/commands.js';
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import { yearOf, type CivilDate } from '#domain/calendar.js';
import { METRICS } from '#domain/metrics/registry.js';
import { performanceStream } from '#domain/performance/decide.js';
import type { Handler } from '#event-store/handler.js';
import type { EventStore, ExpectedRevision } from '#event-store/port.js';
import { keptOf, readSources, type TakenSources } from '#event-store/reports.js';
import { Problem } from '#platform/problem.js';
import { commandIdOf, revisionMismatch, type Recording } from './recording.js';
import type { UnitYear } from './unit-year.js';
import type { WriteRequest } from './write-request.js';

interface Seal {
  readonly effectiveDate: CivilDate;
  readonly through: CivilDate;
  readonly reason: string;
}

/** How often the reports are made again because a stream moved meanwhile. */
const TRIES = 5;

export class Sealing {
  constructor(
    private readonly recording: Recording,
    private readonly handler: Handler,
    private readonly store: EventStore,
  ) {}

  /** Throws 412 when the stream has moved on since If-Match, 422 `REPORTS_TOO_LARGE`, and what the rules refuse. */
  async seal(at: UnitYear, seal: Seal, request: WriteRequest) {
    const { unit, year } = at;
    await this.recording.requireUnit(unit);
    const stream = budgetStream(unit, year);
    const { knows } = await this.handler.load(stream, budgetDecider(unit, year));
    const repeated = request.key !== undefined && !request.dryRun && knows(commandIdOf(stream, request.key));
    // A date of another year is refused whatever the books say, and no report can be made for it.
    if (repeated || yearOf(seal.through) !== year) {
      return this.recording.budget(unit, year, commandOf(seal), request);
    }
    for (let attempt = 1; ; attempt += 1) {
      const sources = await this.sourcesOf(at, seal, request.ifRevision);
      const ifRevision = sources.streams.budget?.revision ?? 'none';
      if (request.ifRevision !== undefined && request.ifRevision !== ifRevision) throw revisionMismatch(ifRevision);
      const command = commandOf(seal, sources);
      const last = attempt === TRIES;
      if (await this.hasMoved(at, sources)) {
        if (last) throw booksMoving();
        continue;
      }
      try {
        return await this.recording.budget(unit, year, command, { ...request, ifRevision });
      } catch (error) {
        const again = !last && request.ifRevision === undefined && isMismatch(error);
        if (!again) throw tooLarge(error);
      }
    }
  }

  private sourcesOf({ unit, year }: UnitYear, { through }: Seal, ifRevision: ExpectedRevision | undefined) {
    const stream = budgetStream(unit, year);
    const seen = ifRevision === undefined ? Infinity : ifRevision === 'none' ? -1 : ifRevision;
    return readSources(this.store, { unit, year, asOf: through }, (name) => (name === stream ? seen : Infinity));
  }

  /** What is cited must have been so at one moment: of the streams beside the one appended to, nobody else takes care. */
  private async hasMoved({ unit, year }: UnitYear, { streams }: TakenSources): Promise<boolean> {
    const [performance, before] = await Promise.all([
      this.store.head(performanceStream(unit, year)),
      this.store.head(budgetStream(unit, year - 1)),
    ]);
    return (
      performance.revision !== (streams.performance?.revision ?? 'none') ||
      before.revision !== (streams.before?.revision ?? 'none')
    );
  }
}

type SealPeriod = Extract<BudgetCommand, { type: 'SealPeriod' }>;

/** Without sources: a command that is only looked up or refused. */
const commandOf = (seal: Seal, sources?: TakenSources): SealPeriod => ({
  type: 'SealPeriod',
  ...seal,
  formulas: METRICS.map(({ id, version }) => ({ metric: id, version })),
  ...(sources === undefined ? { knownAt: 0, streams: [] } : keptOf(sources)),
});

const isMismatch = (error: unknown): boolean => error instanceof Problem && error.code === 'REVISION_MISMATCH';

/** A seal cannot be sent in parts. */
function tooLarge(error: unknown): unknown {
  if ((error as Error).name !== 'AppendTooLarge') return error;
  const { bytes } = error as { readonly bytes?: unknown };
  return new Problem(422, 'REPORTS_TOO_LARGE', {
    detail: `${(error as Error).message}: the reports of this seal have more lines and targets than one seal can keep.`,
    bytes,
  });
}

const booksMoving = (): Problem =>
  new Problem(
    503,
    'BOOKS_MOVING',
    { detail: 'Targets or the year before changed each time the reports were made. Send the same request again.' },
    { 'retry-after': '1' },
  );
