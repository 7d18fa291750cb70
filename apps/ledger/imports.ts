/**
 * Imports: a file becomes a preview, a preview becomes bookings. A preview is kept in memory by the digest of its file; the
 * bookings are idempotent by that digest, so after a restart the same file may be sent again and goes on where it stopped.
 * Several ledgers share the files and the fingerprint of the last preview, and each makes its own preview of them.
 */
import { LRUCache } from 'lru-cache';
import type { Handler } from '#event-store/handler.js';
import type { EventStore } from '#event-store/port.js';
import { Problem } from '#platform/problem.js';
import { fingerprintOf, rowOf, type EntryRows, type ImportPlan, type Step } from './import-plan.js';
import {
  agreedTo,
  booksMoved,
  notConfirmable,
  previewChanged,
  running,
  unknownImport,
  type Standing,
} from './imports-refusals.js';
import { planMonitoringImport } from './import-monitoring.js';
import { planProjectImport } from './import-project.js';
import { planResultImport } from './import-results.js';
import { planRowImport } from './import-rows.js';
import { planSelfEvaluationImport } from './import-self-evaluation.js';
import { planTableImport } from './import-table.js';
import type { Recording } from './recording.js';
import { type WriteAnswer } from './recording.js';
import type { Uploads } from './shared-uploads.js';
import type { Upload } from './upload.js';
import { workbooks, type OpenUpload } from './workbooks.js';
import { digestOf, type WriteRequest } from './write-request.js';

/** Files whose previews are kept hold at most this many bytes together. */
const KEPT_BYTES = 256 * 1024 * 1024;

interface Refused {
  /** Row of the file, the header being row 1; `null` when it is not one row that was refused. */
  readonly row: number | null;
  readonly code: string;
  readonly message: string;
}

/** Rows as `rowCount` counts them; `left` are those that are not booked, refused or not tried yet. */
interface Progress extends Standing {
  readonly state: 'previewed' | 'booking' | 'booked' | 'partly';
  /** Events that the last confirmation wrote. */
  readonly written: number;
  readonly refused: readonly Refused[];
  readonly writes: readonly { readonly stream: string; readonly revision: number }[];
  readonly position?: string;
}

interface Kept {
  readonly upload: Upload;
  fingerprint: string;
  preview: object;
  progress: Progress;
}

/** The request that confirms: what it books is told to be of it. */
type Origin = Pick<WriteRequest, 'correlationId' | 'traceparent'>;

export interface Preview {
  /** What a confirmation names in `If-Match`. */
  readonly fingerprint: string;
}

export class Imports {
  private readonly kept = new LRUCache<string, Kept>({
    maxSize: KEPT_BYTES,
    sizeCalculation: ({ upload }) => upload.bytes.length + 1,
  });
  /** Being booked: kept however many files come in. */
  private readonly running = new Map<string, Kept>();

  constructor(
    private readonly handler: Handler,
    private readonly recording: Recording,
    private readonly store: EventStore,
    private readonly uploads?: Uploads,
    /** For whoever reads the file before it comes here. */
    readonly open: OpenUpload = workbooks(),
  ) {}

  /** The same file again renews the preview; how far its booking is stays. */
  async preview(upload: Upload): Promise<Preview> {
    const preview = await this.previewed(upload);
    await this.uploads?.keep({ upload, fingerprint: preview.fingerprint });
    return preview;
  }

  private async previewed(upload: Upload): Promise<Preview> {
    const { id, sha256, kind } = upload;
    const plan = await this.plan(upload);
    const { steps, content: _content, isBooked: _booked, ...shown } = plan;
    const fingerprint = await fingerprintOf(plan);
    const confirmable = plan.problemCount === 0;
    const preview = { id, sha256, kind, fingerprint, ...shown, confirmable };
    const before = this.held(id);
    const goesOn = before !== undefined && isUnderWay(before.progress, steps);
    const progress: Progress = goesOn ? before.progress : startOf(plan);
    if (before === undefined) this.kept.set(id, { upload, fingerprint, preview, progress });
    // The same object, for whoever is booking it.
    else Object.assign(before, { fingerprint, preview, progress });
    return preview;
  }

  async find(id: string): Promise<Preview> {
    const { preview, fingerprint, progress } = await this.need(id);
    return { ...preview, fingerprint, progress } as Preview;
  }

  /** Books what the preview that `ifMatch` names showed; 409 when the books have moved and it would be another one now. */
  async confirm(id: string, ifMatch: string | undefined, origin: Origin): Promise<object> {
    const kept = await this.need(id);
    const agreed = agreedTo(ifMatch);
    const before = kept.progress;
    if (before.state === 'booking') throw running();
    if (agreed !== kept.fingerprint) throw previewChanged();
    // Before anything is waited for: of confirmations that come together, one books.
    kept.progress = { ...before, state: 'booking' };
    this.running.set(id, kept);
    try {
      const plan = await this.agreedPlan(kept, agreed, before);
      return { id, ...(await this.book(kept, plan, origin)) };
    } finally {
      this.running.delete(id);
      if (kept.progress.state === 'booking') kept.progress = before;
    }
  }

  /** The file on the books of now. Throws unless it is what was agreed to. */
  private async agreedPlan({ upload }: Kept, agreed: string, before: Progress): Promise<ImportPlan> {
    const plan = await this.plan(upload);
    // A repeat: nothing is left to agree to.
    if (plan.isBooked) return plan;
    const same = (await fingerprintOf(plan)) === agreed;
    if (same && plan.problemCount === 0) return plan;
    const standing = startOf(plan);
    if (same) throw notConfirmable(plan, standing);
    throw booksMoved(plan, plan.rowCount === 0 ? before : standing);
  }

  private held(id: string): Kept | undefined {
    return this.running.get(id) ?? this.kept.get(id);
  }

  private async need(id: string): Promise<Kept> {
    const kept = this.held(id) ?? (await this.fetched(id));
    if (kept === undefined) throw unknownImport(id);
    // Another ledger may have previewed it since: what a person saw last is what may be agreed to.
    kept.fingerprint = (await this.uploads?.fingerprint(id)) ?? kept.fingerprint;
    return kept;
  }

  /** A file that another ledger was sent, on the books of now. */
  private async fetched(id: string): Promise<Kept | undefined> {
    const found = await this.uploads?.find(id);
    if (found !== undefined) await this.previewed(found.upload);
    return this.held(id);
  }

  private async plan(upload: Upload): Promise<ImportPlan> {
    if (upload.kind === 'table') return planTableImport(this.handler, upload, this.open);
    const parts = { handler: this.handler, store: this.store, open: this.open };
    if (upload.kind === 'monitoring') return planMonitoringImport(parts, upload);
    if (upload.kind === 'self-evaluation') return planSelfEvaluationImport(parts, upload);
    if (upload.kind === 'project-self-evaluation') return planProjectImport(upload, this.open);
    const { unit = '', year = 0 } = upload;
    await this.recording.requireUnit(unit);
    if (upload.kind === 'results') return planResultImport(this.handler, upload, { unit, year });
    return planRowImport(this.handler, upload, { unit, year });
  }

  /** Step by step; a step that is refused because others wrote meanwhile ends the booking with what is left. */
  private async book(kept: Kept, plan: ImportPlan, origin: Origin): Promise<Progress> {
    const { unit = '', year = 0 } = plan;
    const { writes, position } = kept.progress;
    const earlier = position === undefined ? { writes } : { writes, position };
    kept.progress = { ...startOf(plan), ...earlier, state: 'booking' };
    for (const step of plan.steps) {
      try {
        kept.progress = advanced(kept.progress, step, await this.take(step, unit, year, origin));
      } catch (error) {
        // The first step of a form: nothing is booked, and it would be another one now.
        if (step.ifRevision !== undefined && isMoved(error)) throw booksMoved(plan, startOf(plan));
        kept.progress = { ...kept.progress, state: 'partly' };
        if (!(error instanceof Problem) || error.status >= 500) throw error;
        kept.progress = { ...kept.progress, refused: refusedRows(error, step.entries) };
        return kept.progress;
      }
    }
    kept.progress = { ...kept.progress, state: 'booked' };
    return kept.progress;
  }

  private async take(step: Step, unit: string, year: number, origin: Origin): Promise<WriteAnswer> {
    const request: WriteRequest = {
      key: step.key,
      ifRevision: step.ifRevision,
      dryRun: false,
      requestHash: digestOf('IMPORT', step.key, null),
      ...origin,
    };
    const answer = await this.record(step, unit, year, request);
    if ('dryRun' in answer) throw new Error('an import was answered as a trial');
    return answer;
  }

  private record(step: Step, unit: string, year: number, request: WriteRequest) {
    switch (step.on) {
      case 'directory':
        return this.recording.directory(step.command, request);
      case 'budget':
        return this.recording.budget(unit, year, step.command, request);
      case 'performance':
        return this.recording.performance({ unit, year }, step.command, request);
      case 'form':
        return this.recording.form({ unit, year }, step.command, request);
    }
  }
}

const isMoved = (error: unknown): boolean => error instanceof Problem && error.code === 'REVISION_MISMATCH';

/** Before anything is booked by a confirmation: what stands in the books already counts as booked. */
const startOf = ({ rowCount, repeats }: ImportPlan): Progress => ({
  state: 'previewed',
  booked: repeats,
  left: rowCount - repeats,
  written: 0,
  refused: [],
  writes: [],
});

/** What is booked stays so, unless it was taken back since and there is something to book again. */
const isUnderWay = ({ state }: Progress, steps: readonly Step[]): boolean =>
  state === 'booking' || state === 'partly' || (state === 'booked' && steps.length === 0);

function advanced(progress: Progress, { fresh }: Step, answer: WriteAnswer): Progress {
  const { stream, revision, position, replayed, events } = answer;
  return {
    ...progress,
    booked: progress.booked + fresh,
    left: progress.left - fresh,
    written: progress.written + (replayed ? 0 : events.length),
    writes: [...progress.writes.filter((write) => write.stream !== stream), { stream, revision }],
    position,
  };
}

/** Every fault of the refused command with its row. */
function refusedRows({ code, message, facts: { faults = [] } }: Problem, entries: EntryRows): Refused[] {
  if (faults.length === 0) return [{ row: null, code, message }];
  return faults.map((fault) => ({
    row: rowOf(fault.pointer, entries) ?? null,
    code: fault.code,
    message: fault.message,
  }));
}
