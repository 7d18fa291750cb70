/**
 * What the process manager keeps of its own: how far it has come in the log, and what became of every event that causes
 * something. Every adapter passes the one suite in `contract.ts`. None of it is truth: the log is.
 */
import type { Position } from '#domain/envelope.js';
import type { ProcessName } from '#domain/budget/process.js';

/**
 * `open`: noticed and not answered yet. `refused`: a rule said no, and it waits for somebody to retry it. `failed`: it cannot be
 * carried out as it is, whatever the rules say. `undone`: refused, and what it was the second half of was taken back.
 */
export const PROCESS_STATES = ['open', 'refused', 'failed', 'done', 'superseded', 'undone'] as const;
export type ProcessState = (typeof PROCESS_STATES)[number];

/** States that a retry may change. */
export const RETRIED: readonly ProcessState[] = ['open', 'refused', 'failed'];

export interface ProcessEntry {
  /** UUIDv5 of the event's id and the rule. */
  readonly id: string;
  readonly rule: ProcessName;
  /** Of the event that causes it. */
  readonly unit: string;
  readonly year: number;
  readonly cause: {
    readonly eventId: string;
    readonly type: string;
    readonly stream: string;
    readonly revision: number;
    readonly position: Position;
    /** UTC ms. */
    readonly recordedAt: number;
  };
  /** Place of the event in the log; entries are listed by it. */
  readonly order: bigint;
  readonly state: ProcessState;
  /** How often it was answered. */
  readonly attempts: number;
  /** The budget that was asked. */
  readonly target?: { readonly unit: string; readonly year: number; readonly stream: string };
  /** What was written there; `events` 0 when nothing had to be. */
  readonly written?: { readonly revision: number; readonly position: Position | 'start'; readonly events: number };
  /** The rejection as the rules gave it, or why it failed. */
  readonly rejection?: { readonly code: string; readonly [fact: string]: unknown };
}

export interface ProcessFilter {
  readonly unit?: string;
  readonly year?: number;
  readonly states?: readonly ProcessState[];
}

export interface ProcessPage {
  readonly limit: number;
  /** The last entry of the page before. */
  readonly after?: Pick<ProcessEntry, 'order' | 'id'>;
}

/** Throws `StoreUnavailable` when it cannot be reached. */
export interface ProcessStore {
  /** The last position up to which everything is answered. */
  place(): Promise<Position | 'start'>;
  /** Throws `AnotherRunner` when the place is no longer `from`, unless it is `to` already. */
  move(from: Position | 'start', to: Position): Promise<void>;
  find(id: string): Promise<ProcessEntry | undefined>;
  /** Keeps the entry unless there is one of that id, and gives back the one that is kept. */
  open(entry: ProcessEntry): Promise<ProcessEntry>;
  /** What became of an entry that was opened. */
  answer(entry: ProcessEntry): Promise<void>;
  /** Newest event first. */
  list(filter: ProcessFilter, page: ProcessPage): Promise<readonly ProcessEntry[]>;
  close(): Promise<void>;
}

/** Somebody else has moved the place: two runners must not take turns. */
export class AnotherRunner extends Error {
  override readonly name = 'AnotherRunner';
  constructor(readonly place: Position | 'start') {
    super(`the processes are not at ${place} any more: another runner has moved on`);
  }
}

/**
 * What processes that do not run the process manager ask of the one that does. A retry is asked for by the id of an entry and
 * stays asked for until it was carried out, whoever does that. Throws `StoreUnavailable` when it cannot be reached.
 */
export interface ProcessRequests {
  /** Asked again before it was carried out, it is one. */
  askRetry(id: string): Promise<void>;
  /** Whether it is still to be carried out. */
  isAsked(id: string): Promise<boolean>;
  /** Those to be carried out, oldest first. */
  retries(): Promise<readonly string[]>;
  retried(id: string): Promise<void>;
  /**
   * Asks that nothing is asked of any budget for so long, or longer when `owner` has asked already. Answers whether the
   * runner rests, or `others` while somebody else has asked.
   */
  askPause(owner: string, forMs: number): Promise<'asked' | 'granted' | 'others'>;
  /** Who has asked for a pause that is not over. */
  pause(): Promise<{ readonly owner: string; readonly granted: boolean } | undefined>;
  /** By the runner, which rests from here on while the pause is not over. */
  grantPause(owner: string): Promise<void>;
  endPause(owner: string): Promise<void>;
}
