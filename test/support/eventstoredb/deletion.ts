/** Delete, after which a stream may begin again, and Tombstone, after which it may not. */
import { streamName, type streams } from './messages.js';
import { expectationOf, type Expectation } from './proposed.js';
import { deletionRefused, notLeader, notSet, streamDeleted, unexpected } from './refusals.js';
import { softDelete, tombstone } from './rules.js';
import type { Life } from './life.js';

interface Deletion {
  readonly request: streams.DeleteReq | streams.TombstoneReq;
  readonly kind: 'Delete' | 'Tombstone';
  /** Told the position of the record that was written. */
  readonly done: (position: string) => void;
  readonly end: (error: unknown) => void;
}

export function remove(life: Life, { request, kind, done, end }: Deletion): void {
  const { faults, commits } = life;
  if (faults.leader !== undefined) throw notLeader(faults.leader);
  const options = request.getOptions();
  const stream = streamName(options?.getStreamIdentifier());
  if (options === undefined || stream === undefined || stream === '') throw unexpected();
  const expectation = expectationOf(options, options.hasRevision() ? options.getRevision() : undefined);
  if (expectation === undefined) throw notSet(`${kind}Req+Types+Options+ExpectedStreamRevisionOneofCase`);
  const { expected } = expectation;
  commits.submit(() => {
    const outcome = (kind === 'Delete' ? softDelete : tombstone)(commits.log, stream, expected);
    if (outcome.kind === 'deleted') return () => end(streamDeleted(stream));
    if (outcome.kind === 'written') return () => done(String(outcome.position));
    return () => end(deletionRefused(stream, numbered(expectation), outcome.last));
  });
}

/** An expectation as the number by which the server names it. */
function numbered({ sent }: Expectation): string {
  if (typeof sent === 'object') return sent.revision;
  return { none: '-1', any: '-2', exists: '-4' }[sent];
}
