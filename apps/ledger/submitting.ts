/**
 * Submits a form on the facts that the caller has seen: it is made of the log itself, at the revision in If-Match, which it is
 * appended to, and names the streams it rests on. A repeat answers what was stored; nothing is made again for it.
 */
import { budgetStream } from '#domain/budget/decide.js';
import { lastDayOf, type CivilDate } from '#domain/calendar.js';
import { DIRECTORY_STREAM, directoryDecider } from '#domain/directory/decide.js';
import { coursesOf, pictureOf } from '#domain/metrics/books.js';
import type { PerformanceCommand, SubmitMonitoring, SubmitSelfEvaluation } from '#domain/performance/commands.js';
import { performanceDecider, performanceStream } from '#domain/performance/decide.js';
import type { FormSources } from '#domain/performance/events.js';
import type { MonitoringForm } from '#domain/performance/monitoring-form.js';
import { formulasOf, monitoringForm, stageEnd } from '#domain/performance/monitoring.js';
import type { SelfEvaluationForm } from '#domain/performance/self-evaluation-form.js';
import { selfEvaluation } from '#domain/performance/self-evaluation.js';
import type { Handler } from '#event-store/handler.js';
import type { EventStore, ExpectedRevision } from '#event-store/port.js';
import { readSources, type TakenSources } from '#event-store/reports.js';
import { Problem } from '#platform/problem.js';
import { isRepeat, revisionMismatch, type Recording } from './recording.js';
import type { UnitYear } from './unit-year.js';
import type { WriteRequest } from './write-request.js';

export interface MonitoringAsked {
  readonly stage: number;
  readonly effectiveDate: CivilDate;
}

/** `finished`: the work that the money was for is done. */
export interface SelfEvaluationAsked {
  readonly effectiveDate: CivilDate;
  readonly finished?: boolean;
}

type Submission = SubmitMonitoring | SubmitSelfEvaluation;

export interface FormOf extends UnitYear {
  readonly unitName: string;
  readonly taken: TakenSources;
}

/** A key that is known is answered by what is stored, whatever the command says. */
const LOOKED_UP: PerformanceCommand = { type: 'WithdrawResult', resultId: '', reason: '' };

/** How often a form is made again because a stream moved meanwhile. */
const TRIES = 5;

export class Submitting {
  constructor(
    private readonly recording: Recording,
    private readonly handler: Handler,
    private readonly store: EventStore,
  ) {}

  /** Throws 412 when the stream has moved on since If-Match, and what the rules refuse. */
  monitoring(at: UnitYear, asked: MonitoringAsked, request: WriteRequest) {
    const asOf = stageEnd(at.year, asked.stage);
    return this.submit(at, { asOf, request }, (of) => monitoringSubmission(of, asked));
  }

  /** Like `monitoring`. */
  selfEvaluation(at: UnitYear, asked: SelfEvaluationAsked, request: WriteRequest) {
    return this.submit(at, { asOf: lastDayOf(at.year), request }, (of) => selfEvaluationSubmission(of, asked));
  }

  private async submit(
    at: UnitYear,
    { asOf, request }: { readonly asOf: CivilDate; readonly request: WriteRequest },
    make: (of: FormOf) => Submission,
  ) {
    await this.recording.requireUnit(at.unit);
    const stream = performanceStream(at.unit, at.year);
    const { knows } = await this.handler.load(stream, performanceDecider(at.year));
    if (isRepeat(stream, request, knows)) return this.recording.performance(at, LOOKED_UP, request);
    for (let attempt = 1; ; attempt += 1) {
      const taken = await this.taken(at, asOf, request.ifRevision);
      const ifRevision = taken.streams.performance?.revision ?? 'none';
      if (request.ifRevision !== undefined && request.ifRevision !== ifRevision) throw revisionMismatch(ifRevision);
      const last = attempt === TRIES;
      if (await this.hasMoved(at, taken)) {
        if (last) throw booksMoving();
        continue;
      }
      const command = make({ ...at, unitName: await this.nameOf(at.unit), taken });
      try {
        return await this.recording.performance(at, command, { ...request, ifRevision });
      } catch (error) {
        const again = !last && request.ifRevision === undefined && isMismatch(error);
        if (!again) throw error;
      }
    }
  }

  private taken({ unit, year }: UnitYear, asOf: CivilDate, ifRevision: ExpectedRevision | undefined) {
    const stream = performanceStream(unit, year);
    const seen = ifRevision === undefined ? Infinity : ifRevision === 'none' ? -1 : ifRevision;
    return readSources(this.store, { unit, year, asOf }, (name) => (name === stream ? seen : Infinity));
  }

  /** What is cited must have been so at one moment: of the streams beside the one appended to, nobody else takes care. */
  private async hasMoved({ unit, year }: UnitYear, { streams }: TakenSources): Promise<boolean> {
    const [budget, before] = await Promise.all([
      this.store.head(budgetStream(unit, year)),
      this.store.head(budgetStream(unit, year - 1)),
    ]);
    return (
      budget.revision !== (streams.budget?.revision ?? 'none') ||
      before.revision !== (streams.before?.revision ?? 'none')
    );
  }

  private async nameOf(unit: string): Promise<string> {
    const { state } = await this.handler.load(DIRECTORY_STREAM, directoryDecider);
    return state.units.get(unit)?.name ?? unit;
  }
}

/** The form of the months that was taken of the log, to be appended at the revision of its table. */
export function monitoringSubmission(of: FormOf, { stage, effectiveDate }: MonitoringAsked): SubmitMonitoring {
  const { books, before, standing } = of.taken;
  const picture = pictureOf(books, before);
  const form = monitoringForm({ ...of, stage, standing, picture, courses: coursesOf(books) });
  const { thresholds } = standing;
  return { type: 'SubmitMonitoring', effectiveDate, sources: sourcesOf(of.taken, form), thresholds, form };
}

/** Like `monitoringSubmission`, of the whole year. */
export function selfEvaluationSubmission(
  of: FormOf,
  { effectiveDate, finished = false }: SelfEvaluationAsked,
): SubmitSelfEvaluation {
  const { books, before, standing } = of.taken;
  const { form, profile } = selfEvaluation({ ...of, standing, picture: pictureOf(books, before), finished });
  return { type: 'SubmitSelfEvaluation', effectiveDate, sources: sourcesOf(of.taken, form), profile, form };
}

const sourcesOf = (
  { books: { asOf }, recordedAt, streams }: TakenSources,
  form: MonitoringForm | SelfEvaluationForm,
): FormSources => ({
  asOf,
  knownAt: recordedAt,
  streams: Object.values(streams).filter((cited) => cited !== undefined),
  formulas: formulasOf(form),
});

const isMismatch = (error: unknown): boolean => error instanceof Problem && error.code === 'REVISION_MISMATCH';

const booksMoving = (): Problem =>
  new Problem(
    503,
    'BOOKS_MOVING',
    { detail: 'The books changed each time the form was made. Send the same request again.' },
    { 'retry-after': '1' },
  );
