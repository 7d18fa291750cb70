/**
 * A log as a file: newline-delimited JSON, a header line and then one event a line in the order of the log. Ids, revisions,
 * dates and data are kept; positions are not, they belong to one store.
 */
import type { Envelope, EventMeta, NewEvent } from '#domain/envelope.js';
import { canonicalJson } from './canonical.js';
import { MAX_APPEND_BYTES, type EventStore } from './port.js';
import { encode } from './serialise.js';

export const LOG_FILE_FORMAT = 'budget-ledger-log';
export const LOG_FILE_VERSION = 1;

/** One event of a file. `recordedAt` is ISO 8601 in UTC. */
interface LoggedEvent extends Omit<NewEvent, 'meta'> {
  readonly stream: string;
  readonly revision: number;
  readonly recordedAt: string;
  readonly meta: Omit<EventMeta, 'recordedAt'>;
}

export const logFileHeader = (): string => `${canonicalJson({ format: LOG_FILE_FORMAT, version: LOG_FILE_VERSION })}\n`;

/** The line of one event, with its line break. */
export function logFileLine(event: Envelope): string {
  const { position: _position, recordedAt, meta, ...kept } = event;
  const { recordedAt: _imported, ...ownMeta } = meta;
  return `${canonicalJson({ ...kept, recordedAt: new Date(recordedAt).toISOString(), meta: ownMeta })}\n`;
}

type Log = Pick<EventStore, 'readAll'>;

const PAGE = 5_000;

/** The whole log, line by line, in the time of the log: a store that leaves it to its readers offers one who keeps it. */
export async function* exportLog(
  store: Log & { readonly inLogTime?: () => Log },
  pageSize = PAGE,
): AsyncIterable<string> {
  yield logFileHeader();
  const log = store.inLogTime?.() ?? store;
  for (let after: Parameters<EventStore['readAll']>[0] = 'start'; ;) {
    const page = await log.readAll(after, pageSize);
    for (const event of page) yield logFileLine(event);
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = last.position;
  }
}

/**
 * The file cannot be taken. `line` counts from 1. Nothing after the last full append was written, but for
 * `LOG_TIMES_CHANGED`: then all of it is there, with other times.
 */
export class LogFileRefused extends Error {
  override readonly name = 'LogFileRefused';
  constructor(
    readonly code: 'LOG_NOT_EMPTY' | 'LOG_TIMES_CHANGED' | 'LOG_FILE_HEADER' | 'LOG_FILE_LINE' | 'LOG_FILE_REVISION',
    readonly line: number,
    message: string,
  ) {
    super(message);
  }
}

/** Looks at all events of a file before the first is written; throws `LogFileRefused` for what cannot follow. */
export type LogFileCheck = (events: readonly NewEvent[], stream: string) => void;

/**
 * Appends all events of a file to an empty log, in their order. Answers how many. Every line is read, encoded and checked
 * before the first is written, so a broken file writes nothing; memory holds the file once. A log that holds a beginning of
 * the same file and nothing else (its import was cut off) is filled up.
 */
export async function importLog(
  store: Log & Pick<EventStore, 'append'> & { readonly inLogTime?: () => Log },
  open: () => AsyncIterable<string> | Iterable<string>,
  check: LogFileCheck = () => undefined,
): Promise<{ readonly events: number }> {
  const events = await parseLines(open());
  await requireBeginning(store, events);
  for (const [stream, own] of byStream(events)) check(own.map(newEventOf), stream);
  const runs = [...runsOf(events)];
  const heads = new Map<string, number>();
  for (const run of runs) {
    const { stream } = run[0] as LoggedEvent;
    const head = heads.get(stream);
    await store.append(stream, head ?? 'none', run.map(newEventOf));
    heads.set(stream, (head ?? -1) + run.length);
  }
  await requireTimes(store.inLogTime?.() ?? store, events);
  return { events: events.length };
}

/** Whoever asks about the past while the log is taken in has it promise that nothing older comes. */
async function requireTimes(log: Log, events: readonly LoggedEvent[]): Promise<void> {
  let time = 0;
  let [line, later] = [0, 0];
  let at = 0;
  for (let after: Parameters<EventStore['readAll']>[0] = 'start'; ;) {
    const page = await log.readAll(after, PAGE);
    for (const { recordedAt } of page.slice(0, events.length - at)) {
      time = Math.max(time, Date.parse(events[at]!.recordedAt));
      at += 1;
      if (recordedAt <= time) continue;
      later += 1;
      line ||= at + 1;
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE || at >= events.length) break;
    after = last.position;
  }
  if (later === 0) return;
  const message =
    `${later} events are in the log with a later time than in the file, the first from line ${line}: somebody asked about the ` +
    'past meanwhile. Begin with an empty log again, and let nobody ask until the file is taken in.';
  throw new LogFileRefused('LOG_TIMES_CHANGED', line, message);
}

async function requireBeginning(store: Pick<EventStore, 'readAll'>, events: readonly LoggedEvent[]): Promise<void> {
  const stored = await store.readAll('start', events.length + 1);
  if (stored.length <= events.length && stored.every(({ id }, index) => id === events[index]?.id)) return;
  throw new LogFileRefused(
    'LOG_NOT_EMPTY',
    0,
    'A log file is taken only into an empty log; this one holds other events.',
  );
}

function byStream(events: readonly LoggedEvent[]): ReadonlyMap<string, LoggedEvent[]> {
  const streams = new Map<string, LoggedEvent[]>();
  for (const event of events) {
    const own = streams.get(event.stream);
    if (own === undefined) streams.set(event.stream, [event]);
    else own.push(event);
  }
  return streams;
}

async function parseLines(lines: AsyncIterable<string> | Iterable<string>): Promise<LoggedEvent[]> {
  const events: LoggedEvent[] = [];
  const heads = new Map<string, number>();
  let lineNo = 0;
  for await (const line of lines) {
    lineNo += 1;
    if (lineNo === 1) {
      checkHeader(line);
      continue;
    }
    if (line.trim() === '') continue;
    const event = parseLine(line, lineNo);
    const next = (heads.get(event.stream) ?? -1) + 1;
    if (event.revision !== next) {
      const message = `line ${lineNo}: stream ${event.stream} goes on at revision ${next}, the file says ${event.revision}`;
      throw new LogFileRefused('LOG_FILE_REVISION', lineNo, message);
    }
    heads.set(event.stream, next);
    events.push(event);
  }
  if (lineNo === 0) checkHeader('');
  return events;
}

function checkHeader(line: string): void {
  const expected = logFileHeader().trim();
  if (line.trim() === expected) return;
  throw new LogFileRefused('LOG_FILE_HEADER', 1, `line 1 must be ${expected}: this is not a log file of this format`);
}

function parseLine(line: string, lineNo: number): LoggedEvent {
  const refuse = (why: string): never => {
    throw new LogFileRefused('LOG_FILE_LINE', lineNo, `line ${lineNo}: ${why}`);
  };
  let event: LoggedEvent;
  try {
    event = JSON.parse(line) as LoggedEvent;
  } catch {
    return refuse('not JSON; the file may be cut off');
  }
  const { id, stream, type, revision, version, recordedAt, effectiveDate, meta } = event;
  const texts = [id, stream, type, recordedAt, effectiveDate].every((text) => typeof text === 'string');
  const numbers = Number.isInteger(revision) && Number.isInteger(version);
  if (!texts || !numbers || typeof meta !== 'object' || Number.isNaN(Date.parse(recordedAt))) {
    return refuse('not an event: id, stream, revision, type, version, effectiveDate, recordedAt, data and meta');
  }
  return event;
}

/** Consecutive events of one stream that fit into one append. */
function* runsOf(events: readonly LoggedEvent[]): Iterable<LoggedEvent[]> {
  let run: LoggedEvent[] = [];
  let bytes = 0;
  for (const [index, event] of events.entries()) {
    const size = sizeOf(event, index + 2);
    const full = run.length >= 500 || bytes + size > MAX_APPEND_BYTES || run[0]?.stream !== event.stream;
    if (full && run.length > 0) {
      yield run;
      run = [];
      bytes = 0;
    }
    run.push(event);
    bytes += size;
  }
  if (run.length > 0) yield run;
}

/** Encodes the event to know its size. A malformed one is the file's fault; its line is counted without empty ones. */
function sizeOf(event: LoggedEvent, line: number): number {
  try {
    return encode(newEventOf(event)).bytes;
  } catch (error) {
    throw new LogFileRefused('LOG_FILE_LINE', line, `line ${line}: ${(error as Error).message}`);
  }
}

function newEventOf({ stream: _stream, revision: _revision, recordedAt, meta, ...event }: LoggedEvent): NewEvent {
  return { ...event, meta: { ...meta, recordedAt: Date.parse(recordedAt) } };
}
