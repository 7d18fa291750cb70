/** Evidence that names a file must name one that is kept, of that size: else nobody could ever look at it. */
import type { PerformanceCommand } from '#domain/performance/commands.js';
import type { Evidence } from '#domain/performance/events.js';
import type { Fault } from '#platform/problem.js';
import type { Attachments } from './attachments.js';

/** All faults of the files that a command names. Throws 503 when it names any and the files cannot be reached. */
export async function evidenceFaults(
  attachments: Pick<Attachments, 'sizes'>,
  command: PerformanceCommand,
): Promise<readonly Fault[]> {
  const named = evidencesOf(command).flatMap(({ at, evidence }) =>
    evidence.flatMap(({ attachment }, index) =>
      attachment === undefined ? [] : [{ at: `${at}/evidence/${index}/attachment`, ...attachment }],
    ),
  );
  if (named.length === 0) return [];
  const sizes = await attachments.sizes(named.map(({ sha256 }) => sha256));
  return named.flatMap(({ at, sha256, bytes }): Fault[] => {
    const kept = sizes.get(sha256);
    if (kept === bytes) return [];
    if (kept === undefined) {
      const message = 'no file with this digest is kept: send it to POST /api/v1/attachments first';
      return [{ pointer: `${at}/sha256`, code: 'UNKNOWN_ATTACHMENT', message, sha256 }];
    }
    const message = `the kept file has ${kept} bytes, not ${bytes}`;
    return [{ pointer: `${at}/bytes`, code: 'ATTACHMENT_SIZE_DIFFERS', message, bytes: kept }];
  });
}

interface Evidenced {
  /** JSON pointer of the entry. */
  readonly at: string;
  readonly evidence: readonly Evidence[];
}

function evidencesOf(command: PerformanceCommand): readonly Evidenced[] {
  switch (command.type) {
    case 'RecordResults':
      return command.results.map(({ evidence }, index) => ({ at: `/results/${index}`, evidence }));
    case 'RecordBaseFacts':
      return command.facts.map(({ evidence }, index) => ({ at: `/facts/${index}`, evidence }));
    case 'CorrectResult':
    case 'CloseRectification':
      return [{ at: '', evidence: command.evidence }];
    default:
      return [];
  }
}
