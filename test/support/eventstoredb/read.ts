/** Read: what is asked, checked as the server checks it, and reads that come to an end. Subscriptions are beside it. */
import { status } from '@grpc/grpc-js';
import type { EventLog, StoredEvent } from './log.js';
import { answers, streamName, streams, UINT64_MAX } from './messages.js';
import type { ReadCall } from './read-call.js';
import { CallRefused, invalid, notSet, streamDeleted, unexpected } from './refusals.js';

type Options = streams.ReadReq.Options;

/** A place in `$all`, as clients give it. */
export interface Place {
  readonly commit: number;
  readonly prepare: number;
}

export type Request = {
  readonly structuredIds: boolean;
  readonly backwards: boolean;
} & (
  | { readonly of: 'stream'; readonly stream: string; readonly from: 'start' | 'end' | number }
  | { readonly of: 'all'; readonly from: 'start' | 'end' | Place; readonly filter: Filter | undefined }
) &
  ({ readonly until: 'count'; readonly count: number; readonly markers: boolean } | { readonly until: 'cancelled' });

export interface Filter {
  matches(event: StoredEvent): boolean;
  /** Records in one page of a catch-up. */
  readonly window: number;
  /** Pages, or as many records, between two checkpoints. */
  readonly multiplier: number;
}

/** Throws `CallRefused`. */
export function requestOf(request: streams.ReadReq): Request {
  const options = request.getOptions();
  const ids = options?.getUuidOption();
  if (options === undefined || ids === undefined) throw unexpected();
  if (!options.hasStream() && !options.hasAll()) throw notSet('ReadReq+Types+Options+StreamOptionOneofCase');
  requireCombination(options);
  const backwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;
  const common = { structuredIds: ids.hasStructured(), backwards };
  const until = options.hasSubscription()
    ? ({ until: 'cancelled' } as const)
    : ({
        until: 'count',
        count: Number(options.getCount()),
        markers: options.getControlOption()?.getCompatibility() === 1,
      } as const);
  const stream = options.getStream();
  if (stream === undefined)
    return { ...common, ...until, of: 'all', from: placeOf(options), filter: filterOf(options) };
  const name = streamName(stream.getStreamIdentifier());
  if (name === undefined || name === '') throw unexpected();
  return { ...common, ...until, of: 'stream', stream: name, from: revisionOf(stream) };
}

const COMBINATIONS =
  /^(Stream, Count, \w+, NoFilter|Stream, Subscription, Forwards, NoFilter|All, Count, \w+, \w*Filter|All, Subscription, Forwards, \w*Filter)$/;

function requireCombination(options: Options): void {
  const combination = [
    options.hasStream() ? 'Stream' : 'All',
    options.hasCount() ? 'Count' : options.hasSubscription() ? 'Subscription' : 'None',
    options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS ? 'Backwards' : 'Forwards',
    options.hasFilter() ? 'Filter' : options.hasNoFilter() ? 'NoFilter' : 'None',
  ].join(', ');
  if (!COMBINATIONS.test(combination)) throw invalid(`The combination of (${combination}) is invalid.`);
}

function revisionOf(stream: streams.ReadReq.Options.StreamOptions): 'start' | 'end' | number {
  if (stream.hasStart()) return 'start';
  if (stream.hasEnd()) return 'end';
  if (!stream.hasRevision()) throw unexpected();
  return stream.getRevision() === UINT64_MAX ? 'end' : Number(stream.getRevision());
}

function placeOf(options: Options): 'start' | 'end' | Place {
  const all = options.getAll();
  if (all?.hasStart() === true) return 'start';
  if (all?.hasEnd() === true) return 'end';
  const place = all?.getPosition();
  if (place === undefined) throw unexpected();
  if (place.getCommitPosition() === UINT64_MAX) return 'end';
  const [commit, prepare] = [Number(place.getCommitPosition()), Number(place.getPreparePosition())];
  if (prepare > commit) throw unexpected();
  return { commit, prepare };
}

/** What a client's window is when it asks for "count" instead of a size. */
const DEFAULT_WINDOW = 32;

function filterOf(options: Options): Filter | undefined {
  const filter = options.getFilter();
  if (filter === undefined) return undefined;
  const expression = filter.getStreamIdentifier() ?? filter.getEventType();
  const multiplier = filter.getCheckpointintervalmultiplier();
  if (expression === undefined) {
    const window = filter.hasMax() ? `"max": ${filter.getMax()}` : '"count": { }';
    const sent = `{ ${window}, "checkpointIntervalMultiplier": ${multiplier} }`;
    throw invalid(`'${sent}' is not a valid EventStore.Client.Streams.ReadReq+Types+Options+Types+FilterOptions`);
  }
  const test = matcher(expression);
  const matches = filter.hasStreamIdentifier()
    ? ({ stream }: StoredEvent) => test(stream)
    : ({ type }: StoredEvent) => test(type);
  return { matches, window: filter.hasMax() ? filter.getMax() : DEFAULT_WINDOW, multiplier };
}

function matcher(expression: streams.ReadReq.Options.FilterOptions.Expression): (text: string) => boolean {
  const prefixes = expression.getPrefixList();
  if (expression.getRegex() === '') return (text) => prefixes.some((prefix) => text.startsWith(prefix));
  try {
    const regex = new RegExp(expression.getRegex());
    return (text) => regex.test(text);
  } catch {
    throw unexpected();
  }
}

export type CountRead<Of> = Extract<Request, { until: 'count'; of: Of }>;

export async function readStream(log: EventLog, call: ReadCall, request: CountRead<'stream'>): Promise<void> {
  const { stream, from, backwards, count, markers } = request;
  const { state, first, last } = log.view(stream);
  if (state === 'tombstoned') throw streamDeleted(stream);
  if (count === 0 || (from === 'end' && !backwards)) throw failed('ReadStreamResult: Error');
  if (state === 'missing') {
    await call.send(answers.streamNotFound(stream));
    return;
  }
  if (backwards) {
    const start = from === 'start' ? 0 : from === 'end' ? last : Math.min(from, last);
    for (let revision = start; revision >= Math.max(first, start - count + 1) && !call.isOver; revision -= 1) {
      await call.sendEvent(log.eventOf(stream, revision));
    }
  } else {
    const asked = from === 'start' ? 0 : (from as number);
    if (markers && asked > last) await call.send(answers.firstRevision(last + 1));
    else if (markers && asked > 0 && asked < first) await call.send(answers.firstRevision(first));
    const start = Math.max(asked, first);
    for (let revision = start; revision <= Math.min(last, start + count - 1) && !call.isOver; revision += 1) {
      const wait = call.sendEvent(log.eventOf(stream, revision));
      if (wait !== undefined) await wait;
    }
  }
  if (markers) await call.send(answers.lastRevision(last));
}

export async function readAll(log: EventLog, call: ReadCall, request: CountRead<'all'>): Promise<void> {
  const { from, backwards, filter } = request;
  // The server neither answers such a read nor ends it.
  if (request.count === 0) return call.cancelled;
  const step = backwards ? -1 : 1;
  let left = request.count;
  for (let index = firstIndex(log, from, backwards); index >= 0 && index < log.events.length; index += step) {
    const event = log.events[index]!;
    if (filter?.matches(event) === false) continue;
    const wait = call.sendEvent(event);
    if (wait !== undefined) await wait;
    left -= 1;
    if (left === 0 || call.isOver) return;
  }
}

/** Forwards a position is inclusive, backwards exclusive. */
function firstIndex(log: EventLog, from: 'start' | 'end' | Place, backwards: boolean): number {
  if (from === 'start') return backwards ? -1 : 0;
  if (from === 'end') return backwards ? log.events.length - 1 : log.events.length;
  if (!log.isBoundary(from.commit)) {
    if (from.commit < log.lastPosition) throw failed('ReadAllResult: InvalidPosition');
    if (backwards) throw failed('ReadAllResult: Error');
  }
  const index = log.indexFrom(from.commit);
  return backwards ? index - 1 : index;
}

const failed = (what: string): CallRefused => new CallRefused(status.UNKNOWN, `Unexpected ${what}`);
