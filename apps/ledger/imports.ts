/**
 * Imports: a file becomes a preview, a preview becomes bookings. A preview is kept in memory by the digest of its file; the
 * bookings are idempotent by that digest, so after a restart the same file may be sent again and goes on where it stopped.
 */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Handler } from '#event-store/handler.js';
import { Problem } from '#platform/problem.js';
import type { ImportPlan, Step } from './import-plan.js';
import { planRowImport } from './import-rows.js';
import { planTableImport } from './import-table.js';
import type { Recording } from './recording.js';
import { type WriteAnswer } from './recording.js';
import { unknownImport, type Upload } from './upload.js';
import { digestOf, type WriteRequest } from './write-request.js';

/** Files whose previews are kept hold at most this many bytes together. */
const KEPT_BYTES = 256 * 1024 * 1024;

interface Progress {
  readonly state: 'previewed' | 'booking' | 'booked' | 'partly';
  readonly booked: number;
  readonly left: number;
  readonly refused: readonly { readonly row: number | null; readonly code: string; readonly message: string }[];
  readonly writes: readonly { readonly stream: string; readonly revision: number }[];
  readonly position?: string;
}

interface Kept {
  readonly upload: Upload;
  readonly fingerprint: string;
  readonly preview: object;
  progress: Progress;
}

export class Imports {
  private readonly kept = new LRUCache<string, Kept>({
    maxSize: KEPT_BYTES,
    sizeCalculation: ({ upload }) => upload.bytes.length + 1,
  });

  constructor(
    private readonly handler: Handler,
    private readonly recording: Recording,
  ) {}

  async preview(upload: Upload): Promise<object> {
    const plan = await this.plan(upload);
    const { steps, ...shown } = plan;
    const preview = {
      id: upload.id,
      sha256: upload.sha256,
      kind: upload.kind,
      ...shown,
      confirmable: plan.problemCount === 0,
    };
    const progress: Progress = { state: 'previewed', booked: 0, left: steps.length, refused: [], writes: [] };
    this.kept.set(upload.id, { upload, fingerprint: fingerprintOf(plan), preview, progress });
    return preview;
  }

  find(id: string): object {
    const { preview, progress } = this.need(id);
    return { ...preview, progress };
  }

  /** Books what the preview showed; 409 when the books have moved and the preview would be another one now. */
  async confirm(id: string, correlationId: string): Promise<object> {
    const kept = this.need(id);
    if (kept.progress.state === 'booking') {
      throw new Problem(409, 'IMPORT_RUNNING', { detail: 'This import is being booked. GET it to see how far it is.' });
    }
    const plan = await this.plan(kept.upload);
    if (plan.problemCount > 0) {
      const faults = plan.problems.map(({ at, ...problem }) => ({ ...problem, pointer: at, place: at }));
      throw new Problem(422, 'IMPORT_NOT_CONFIRMABLE', {
        detail: `The file has ${plan.problemCount} problems; nothing was booked.`,
        problemCount: plan.problemCount,
        faults,
      });
    }
    if (fingerprintOf(plan) !== kept.fingerprint) {
      throw new Problem(409, 'IMPORT_PREVIEW_CHANGED', {
        detail: 'The books have moved since the preview and it would look different now. Send the file again.',
      });
    }
    return { id, ...(await this.book(kept, plan, correlationId)) };
  }

  private need(id: string): Kept {
    const kept = this.kept.get(id);
    if (kept === undefined) throw unknownImport(id);
    return kept;
  }

  private async plan(upload: Upload): Promise<ImportPlan> {
    if (upload.kind === 'table') return planTableImport(this.handler, upload);
    const { unit = '', year = 0 } = upload;
    await this.recording.requireUnit(unit);
    return planRowImport(this.handler, upload, { unit, year });
  }

  /** Step by step; a step that is refused because others wrote meanwhile ends the booking with what is left. */
  private async book(kept: Kept, { steps, unit = '', year = 0 }: ImportPlan, correlationId: string): Promise<Progress> {
    let progress: Progress = { ...kept.progress, state: 'booking', booked: 0, left: steps.length, refused: [] };
    for (const step of steps) {
      kept.progress = progress;
      try {
        const answer = await this.take(step, unit, year, correlationId);
        const { stream, revision, position } = answer;
        const writes = [...progress.writes.filter((write) => write.stream !== stream), { stream, revision }];
        progress = { ...progress, writes, position, booked: progress.booked + 1, left: progress.left - 1 };
      } catch (error) {
        if (!(error instanceof Problem) || error.status >= 500) {
          kept.progress = { ...progress, state: 'partly' };
          throw error;
        }
        const { code, message } = error;
        kept.progress = { ...progress, state: 'partly', refused: [{ row: step.rows[0] ?? null, code, message }] };
        return kept.progress;
      }
    }
    kept.progress = { ...progress, state: 'booked' };
    return kept.progress;
  }

  private async take(step: Step, unit: string, year: number, correlationId: string): Promise<WriteAnswer> {
    const request: WriteRequest = {
      key: step.key,
      ifRevision: undefined,
      dryRun: false,
      requestHash: digestOf('IMPORT', step.key, null),
      correlationId,
      traceparent: undefined,
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
        return this.recording.targets(unit, year, step.command, request);
    }
  }
}

/** What a person agreed to. Revisions and repeats are left out: an own booking that went half way changes them. */
function fingerprintOf({ unit, year, rowCount, inferences, differences, problems }: ImportPlan): string {
  const agreed = JSON.stringify({ unit, year, rowCount, inferences, differences, problems });
  return createHash('sha256').update(agreed).digest('hex');
}
