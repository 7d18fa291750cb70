/**
 * Subscriptions: confirmation, what is there after the given place, `caughtUp` once, then what comes. A subscription keeps
 * nothing but its place in the log.
 */
import { CatchUpCheckpoints, LiveCheckpoints } from './checkpoints.js';
import type { Commits } from './commits.js';
import type { StoredEvent } from './log.js';
import { answers } from './messages.js';
import type { Place, Request } from './read.js';
import type { ReadCall } from './read-call.js';
import { invalid, streamDeleted, unexpected } from './refusals.js';

type Subscription<Of> = Extract<Request, { until: 'cancelled'; of: Of }>;

export async function subscribeToStream(
  commits: Commits,
  call: ReadCall,
  { stream, from }: Subscription<'stream'>,
): Promise<void> {
  const { log } = commits;
  const view = log.view(stream);
  if (view.state === 'tombstoned') throw streamDeleted(stream);
  const news = newsOf(commits, call);
  await call.send(answers.confirmation());
  let next = from === 'start' ? view.first : from === 'end' ? view.last + 1 : Math.max(from + 1, view.first);
  // What was deleted is not delivered, and what comes after it goes on with the next number.
  if (view.state === 'missing') next = Math.max(from === 'start' || from === 'end' ? 0 : from + 1, view.last + 1);
  let caughtUp = false;
  while (!call.isOver) {
    const arrived = news.next();
    for (; next <= log.lastRevision(stream) && !call.isOver; next += 1) {
      const wait = call.sendEvent(log.eventOf(stream, next));
      if (wait !== undefined) await wait;
    }
    const tombstone = log.tombstoneOf(stream);
    if (tombstone !== undefined) {
      await call.sendEvent(tombstone);
      throw streamDeleted(stream);
    }
    if (!caughtUp) await call.send(answers.caughtUp());
    caughtUp = true;
    await arrived;
  }
}

export async function subscribeToAll(
  commits: Commits,
  call: ReadCall,
  { from, filter }: Subscription<'all'>,
): Promise<void> {
  const { log } = commits;
  if (filter?.multiplier === 0) throw unexpected();
  const news = newsOf(commits, call);
  await call.send(answers.confirmation());
  if (filter?.window === 0) throw unexpected();
  const given: Place =
    from === 'start' ? START : from === 'end' ? { commit: log.lastPosition, prepare: log.lastPosition } : from;
  if (!log.isBoundary(given.commit) && given.commit < log.lastPosition) {
    throw invalid('Trying to read from an invalid position.');
  }
  const catchUp = filter === undefined ? undefined : new CatchUpCheckpoints(filter, given);
  let live: LiveCheckpoints | undefined;
  let caughtUp = false;
  let next = log.indexFrom(given.commit);
  while (!call.isOver) {
    const arrived = news.next();
    while (next < log.events.length && !call.isOver) {
      const event = log.events[next]!;
      next += 1;
      const delivered = isAfter(event, given) && filter?.matches(event) !== false;
      if (delivered) {
        const wait = call.sendEvent(event);
        if (wait !== undefined) await wait;
      }
      if (caughtUp && !isAfter(event, given)) continue;
      const checkpoint = caughtUp ? live?.after(event) : catchUp?.after(event, delivered);
      if (checkpoint !== undefined) await call.send(answers.checkpoint(checkpoint.commit, checkpoint.prepare));
    }
    if (!caughtUp) {
      const checkpoint = catchUp?.atEnd();
      if (checkpoint !== undefined) await call.send(answers.checkpoint(checkpoint.commit, checkpoint.prepare));
      await call.send(answers.caughtUp());
      caughtUp = true;
      if (filter !== undefined) live = new LiveCheckpoints(filter);
    } else await arrived;
  }
}

const START: Place = { commit: 0, prepare: 0 };

/** An event's two positions are equal; a checkpoint's may not be. */
const isAfter = ({ position }: StoredEvent, { commit, prepare }: Place): boolean =>
  position > commit || (position === commit && position > prepare);

/** Says when something was written. Ask before looking, so that nothing is missed between. */
function newsOf(commits: Commits, call: ReadCall): { next(): Promise<void> } {
  let tell: () => void = () => {};
  const stop = commits.onCommit(() => tell());
  void call.cancelled.then(() => {
    stop();
    tell();
  });
  return { next: () => new Promise((resolve) => (tell = resolve)) };
}
