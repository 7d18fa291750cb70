/**
 * The one judge of all faults. It reads the log itself, compares it with what was acknowledged, and asks the system to
 * compare its read models with a fold of the log.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { yearPath } from './commands.js';
import { ask, type Home } from './home.js';
import type { Sent } from './load.js';
import { openSums, paidByLine, type LinesAnswer } from './oracle-sums.js';

export interface LogRow {
  readonly position: bigint;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  readonly commandId: string;
  /** The event that caused it; undefined when a caller did. */
  readonly causationId?: string;
  readonly effectiveDate: string;
  readonly recordedAt: number;
}

/** Sentences, each about one finding; all lists are empty when the system held. */
export interface Findings {
  /** Acknowledged, but not in the log as acknowledged. */
  readonly lost: string[];
  /** More than once in the log, or there though it was refused or never sent. */
  readonly doubled: string[];
  /** Revisions or positions that are missing or out of order, stamps that go back. */
  readonly order: string[];
  /** Rows of the read models that differ from a fold of the log. */
  readonly differing: string[];
  /** Sums that are not closed, or differ from the log's bytes. */
  readonly sums: string[];
}

export const NOTHING_FOUND: Findings = { lost: [], doubled: [], order: [], differing: [], sums: [] };

/** A log as its store keeps it. */
export interface LogSource {
  /** All of it in its order. */
  read(): Promise<LogRow[]>;
  /** Whether positions count from 1 without gaps; else they only increase. */
  readonly isDense: boolean;
}

/** Judges a system at rest. `sent`: every command that anybody ever sent to it. */
export async function judge(source: LogSource, address: string, sent: readonly Sent[]): Promise<Findings> {
  const log = await logAtRest(source);
  return {
    ...judgeLog(log, sent, source),
    differing: await verify(address, log),
    sums: await judgeSums(address, log),
  };
}

/** The part that needs nothing but the log. */
export const judgeLog = (
  log: readonly LogRow[],
  sent: readonly Sent[],
  { isDense }: Pick<LogSource, 'isDense'> = { isDense: true },
): Pick<Findings, 'lost' | 'doubled' | 'order'> => ({
  ...judgeCommands(log, sent),
  order: judgeOrder(log, isDense),
});

/** What was given up may still be on its way: the log is at rest when it stops growing. */
async function logAtRest(source: LogSource): Promise<LogRow[]> {
  for (let log = await source.read(); ;) {
    await pause(100);
    const again = await source.read();
    if (again.length === log.length) return again;
    log = again;
  }
}

/** The log of PostgreSQL, by its table. */
export const logOf = (home: Home): LogSource => ({ read: () => readLog(home), isDense: true });

export async function readLog(home: Home): Promise<LogRow[]> {
  const rows = await ask<Record<'position' | 'stream' | 'id' | 'type' | 'data' | 'metadata', string> & Numbers>(
    home,
    `SELECT position::text, stream, revision, id, type, convert_from(data, 'UTF8') AS data,
            convert_from(metadata, 'UTF8') AS metadata, recorded_at::float8 AS "recordedAt"
     FROM log.event AS event ORDER BY event.position`,
  );
  return rows.map(({ position, data, metadata, ...row }) => ({
    ...row,
    position: BigInt(position),
    data: JSON.parse(data) as unknown,
    ...metadataOf(metadata),
  }));
}

type Numbers = Pick<LogRow, 'revision' | 'recordedAt'>;
type Metadata = Pick<LogRow, 'commandId' | 'causationId' | 'effectiveDate'>;

/** What a row takes from the JSON of an event's metadata. */
function metadataOf(json: string): Metadata {
  const { commandId, causationId, effectiveDate } = JSON.parse(json) as Metadata;
  return { commandId, ...(causationId === undefined ? {} : { causationId }), effectiveDate };
}

function judgeCommands(log: readonly LogRow[], sent: readonly Sent[]): Pick<Findings, 'lost' | 'doubled'> {
  const stored = groups(log, ({ commandId }) => commandId);
  const lost: string[] = [];
  const doubled: string[] = [];
  for (const command of sent) {
    const rows = stored.get(command.commandId) ?? [];
    stored.delete(command.commandId);
    const name = `${command.path} ${JSON.stringify(command.body)}`;
    const isWhole =
      rows.length === command.events.length &&
      rows.every(
        ({ id, revision }, at) => id === command.events[at]?.id && revision === command.events[at]?.revision,
      ) &&
      rows.every(({ stream }) => stream === command.stream) &&
      command.position === String(rows.at(-1)?.position);
    if (command.outcome === 'acknowledged' && !isWhole) lost.push(`${name}: ${rows.length} events in the log`);
    if (command.outcome === 'refused' && rows.length > 0) doubled.push(`${name}: refused and yet in the log`);
    if (!areOneAppend(rows)) doubled.push(`${name}: revisions ${rows.map(({ revision }) => revision).join()}`);
  }
  const ids = new Set(log.map(({ id }) => id));
  for (const [commandId, rows] of stored) {
    // What the system does by itself names the event that made it do so.
    if (!ids.has(rows[0]?.causationId ?? '')) doubled.push(`${commandId}: in the log, and nobody sent it`);
    if (!areOneAppend(rows)) doubled.push(`${commandId}: not one append`);
  }
  return { lost, doubled: [...doubled, ...numbersTwice(log)] };
}

/** All events of a command follow each other: it was decided and stored once. */
const areOneAppend = (rows: readonly LogRow[]): boolean =>
  rows.every(({ revision, stream }, at) => revision === rows[0]!.revision + at && stream === rows[0]!.stream);

/** Numbers of papers that were booked twice, whatever command did it. */
function numbersTwice(log: readonly LogRow[]): string[] {
  const first = new Map<string, string>();
  const twice: string[] = [];
  for (const { stream, type, data, commandId } of log) {
    const number = (data as Readonly<Record<string, string>>)[NUMBERS[type] ?? ''];
    if (number === undefined) continue;
    const paper = `${stream} ${type.replace(/^Budget(Added|Cut|Transferred)$/, 'Adjustment')} ${number}`;
    if ((first.get(paper) ?? commandId) !== commandId) twice.push(`${paper}: booked by two commands`);
    first.set(paper, commandId);
  }
  return twice;
}

const NUMBERS: Readonly<Record<string, string>> = {
  PaymentExecuted: 'voucherNo',
  PaymentReturned: 'returnNo',
  PaymentRequested: 'requestId',
  BudgetAdded: 'adjustmentId',
  BudgetCut: 'adjustmentId',
  BudgetTransferred: 'adjustmentId',
  CarryOverBroughtForward: 'carryOverId',
};

function judgeOrder(log: readonly LogRow[], isDense: boolean): string[] {
  const heads = new Map<string, number>();
  const wrong: string[] = [];
  for (const [at, { position, stream, revision, recordedAt }] of log.entries()) {
    const next = (heads.get(stream) ?? -1) + 1;
    if (revision !== next) wrong.push(`${stream}: revision ${revision} where ${next} belongs`);
    const before = log[at - 1]?.position ?? 0n;
    if (isDense ? position !== before + 1n : position <= before) wrong.push(`position ${position} after ${before}`);
    if (recordedAt < (log[at - 1]?.recordedAt ?? 0)) wrong.push(`position ${position}: recorded before the one before`);
    heads.set(stream, revision);
  }
  return wrong;
}

async function verify(address: string, log: readonly LogRow[]): Promise<string[]> {
  await caughtUp(address, log);
  const answer = await fetch(`${address}/api/v1/admin/verification`, { method: 'POST' });
  const text = await answer.text();
  const last = JSON.parse(text.trim().split('\n').at(-1) ?? '{}') as { result?: { ok: boolean; events: number } };
  const isRight = last.result?.ok === true && last.result.events === log.length;
  return isRight ? [] : [`the verification of ${log.length} events ended with ${JSON.stringify(last).slice(0, 2_000)}`];
}

/** Asks until the read models include the whole log. */
async function caughtUp(address: string, log: readonly LogRow[]): Promise<void> {
  const budget = log.find(({ stream }) => stream.startsWith('budget-'));
  const [, unit = '', year] = budget?.stream.split('-') ?? [];
  const path = `${yearPath(unit, Number(year))}/lines?atLeast=${log.at(-1)?.position}`;
  for (let attempt = 0; (await fetch(address + path)).status !== 200; attempt += 1) {
    if (attempt === 20) throw new Error(`the read models do not reach position ${log.at(-1)?.position}`);
    await pause(100);
  }
}

async function judgeSums(address: string, log: readonly LogRow[]): Promise<string[]> {
  const streams = [...groups(log, ({ stream }) => stream)].filter(([stream]) => stream.startsWith('budget-'));
  const open = streams.map(async ([stream, rows]) => {
    const [, unit = '', year] = stream.split('-');
    const answer = await fetch(`${address}${yearPath(unit, Number(year))}/lines?asOf=${year}-12-31`);
    const lines = (await answer.json()) as LinesAnswer;
    return openSums(lines, paidByLine(rows)).map((sum) => `${stream}, ${sum}`);
  });
  return (await Promise.all(open)).flat();
}

function groups(log: readonly LogRow[], nameOf: (row: LogRow) => string): Map<string, LogRow[]> {
  const found = new Map<string, LogRow[]>();
  for (const row of log) {
    const group = found.get(nameOf(row));
    if (group === undefined) found.set(nameOf(row), [row]);
    else group.push(row);
  }
  return found;
}
