/**
 * The queue of one stream: batch after batch, each decided, appended and answered before the next.
 *
 * Deciding advances the fold before anything is stored, so a batch that loses its revision to another process leaves a fold
 * that is good for nothing, and to read a long stream again takes seconds. Therefore, once another process was seen to write
 * to a stream, the lane reads what is new before each batch, and keeps a copy of the fold until the batch is stored.
 */
import type { LRUCache } from 'lru-cache';
import type { Envelope } from '#domain/envelope.js';
import { decideBatch, done, type AnyOutcome, type Batch, type CommandTask, type Task, type Verdict } from './batch.js';
import { CONTESTED_BATCHES, catchUp, copyOf, emptyFold, type AnyDecider, type Folded } from './folded.js';
import type { AppendOutcome, HandleContext, HandlerObserver, Loaded } from './handler.js';
import { AppendTooLarge, StoreUnavailable, WrongRevision, type EventStore } from './port.js';

/** A command that lost this often against other processes is given back with the conflict. */
const MAX_CONFLICTS = 20;
/** Who lost waits at most so long, by chance, so that the same processes do not meet again and again. */
const LONGEST_PAUSE_MS = 50;

type Appended = { readonly stored: readonly Envelope[] } | 'conflict' | { readonly error: unknown };

export interface LaneOptions {
  readonly store: EventStore;
  readonly folds: LRUCache<string, Folded>;
  readonly observer: HandlerObserver;
  readonly unknownPausesMs: readonly number[];
  readonly onIdle: () => void;
}

export class Lane {
  #waiting: Task[] = [];
  #running = false;
  #folded: Folded | undefined;
  /** The fold before the batch, on a contested stream. */
  #kept: Folded | undefined;
  #contested = false;

  constructor(
    private readonly stream: string,
    private readonly options: LaneOptions,
  ) {}

  get waiting(): number {
    return this.#waiting.length;
  }

  handle(decider: AnyDecider, command: unknown, context: HandleContext): Promise<AnyOutcome> {
    return new Promise((resolve, reject) => {
      this.#enqueue({ kind: 'command', decider, command, context, conflicts: 0, resolve, reject });
    });
  }

  load(decider: AnyDecider): Promise<Loaded<unknown>> {
    return new Promise((resolve, reject) => this.#enqueue({ kind: 'load', decider, resolve, reject }));
  }

  /** The first one starts the lane on a later turn, so that commands which arrive together are decided together. */
  #enqueue(task: Task): void {
    this.#waiting.push(task);
    if (this.#running) return;
    this.#running = true;
    setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    this.#folded = this.options.folds.get(this.stream);
    while (this.#waiting.length > 0) {
      try {
        await this.#handleBatch();
      } catch (error) {
        // The stream cannot be read or folded: nobody who waits can be served.
        this.#forget();
        for (const task of this.#waiting.splice(0)) task.reject(error);
      }
    }
    this.#running = false;
    this.options.onIdle();
  }

  async #handleBatch(): Promise<void> {
    const decider = (this.#waiting[0] as Task).decider;
    const folded = this.#folded ?? (await this.#foldAll(decider));
    await this.#lookForOthers(folded, decider);
    const batch = decideBatch(this.stream, folded, this.#waiting);
    if (batch.spoiled) return this.#again(batch);
    if (batch.events.length > 0) return this.#store(batch, folded, decider);
    return this.#answerAll(batch, folded, { stored: [], decider });
  }

  async #lookForOthers(folded: Folded, decider: AnyDecider): Promise<void> {
    this.#kept = undefined;
    if (folded.contested === 0) return;
    const others = await catchUp(this.options.store, this.stream, folded, decider);
    folded.contested = others ? CONTESTED_BATCHES : folded.contested - 1;
    this.#kept = copyOf(folded);
  }

  async #foldAll(decider: AnyDecider): Promise<Folded> {
    const folded = emptyFold(decider);
    await catchUp(this.options.store, this.stream, folded, decider);
    if (this.#contested) folded.contested = CONTESTED_BATCHES;
    this.#remember(folded);
    return folded;
  }

  /**
   * What writes nothing must not be decided on a state that another process has left behind. That an append succeeded does not
   * say so: another process may have stored the same commands before, and more after them.
   */
  async #answerAll(
    batch: Batch,
    folded: Folded,
    { stored, decider }: { readonly stored: readonly Envelope[]; readonly decider: AnyDecider },
  ): Promise<void> {
    const open = batch.verdicts.filter((verdict) => !isInLog(verdict));
    if (open.length === 0) return this.#answer(batch, folded, stored);
    await this.#answer({ ...batch, verdicts: batch.verdicts.filter(isInLog) }, folded, stored);
    if (await this.#catchUp(folded, open, decider)) return this.#putBack(open);
    return this.#answer({ ...batch, verdicts: open }, folded, stored);
  }

  async #catchUp(folded: Folded, open: readonly Verdict[], decider: AnyDecider): Promise<boolean> {
    try {
      return await catchUp(this.options.store, this.stream, folded, decider);
    } catch (error) {
      this.#putBack(open);
      throw error;
    }
  }

  async #store(batch: Batch, folded: Folded, decider: AnyDecider): Promise<void> {
    const appended = await this.#append(batch);
    if (appended === 'conflict' || ('stored' in appended && !isOurs(batch, appended.stored))) return this.#again(batch);
    if ('stored' in appended) {
      folded.position = appended.stored.at(-1)?.position ?? folded.position;
      this.#remember(folded);
      return this.#answerAll(batch, folded, { stored: appended.stored, decider });
    }
    this.#forget();
    const failed = batch.verdicts.filter(({ kind }) => kind === 'append' || kind === 'twin');
    this.#putBack(batch.verdicts.filter((verdict) => !failed.includes(verdict)));
    for (const { task } of failed) task.reject(appended.error);
  }

  /** Repeats an append of unknown outcome with the same ids and revision; once unknown, no refusal makes it known. */
  async #append({ expected, events }: Batch): Promise<Appended> {
    let unknown = false;
    for (let attempt = 0; ; attempt += 1) {
      try {
        const stored = await this.options.store.append(this.stream, expected, events);
        this.options.observer.appended('stored');
        return { stored };
      } catch (error) {
        this.options.observer.appended(outcomeOf(error));
        if (error instanceof WrongRevision) return 'conflict';
        if (!(error instanceof StoreUnavailable)) return { error };
        unknown ||= error.outcome === 'unknown';
        const pause = this.options.unknownPausesMs[attempt];
        if (!unknown) return { error };
        if (pause === undefined) return { error: new StoreUnavailable('unknown', { cause: error }) };
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  /** Decides everything once more, on a state read from the log: there a command that was stored after all is found. */
  async #again(batch: Batch): Promise<void> {
    if (!batch.spoiled) this.#contested = true;
    this.#forget();
    const kept: Verdict[] = [];
    let conflicts = 0;
    for (const verdict of batch.verdicts) {
      const lost = verdict.kind === 'append' && !batch.spoiled && (verdict.task.conflicts += 1) > MAX_CONFLICTS;
      if (lost) verdict.task.reject(new WrongRevision(this.stream, batch.expected, undefined));
      else kept.push(verdict);
      if (verdict.kind === 'append') conflicts = Math.max(conflicts, verdict.task.conflicts);
    }
    this.#putBack(kept);
    const pause = Math.random() * Math.min(2 ** conflicts, LONGEST_PAUSE_MS);
    if (conflicts > 1) await new Promise((resolve) => setTimeout(resolve, pause));
  }

  #putBack(verdicts: readonly Verdict[]): void {
    this.#waiting.unshift(...verdicts.map(({ task }) => task));
  }

  /** Back to what was surely stored: the copy, or nothing, and then the log. */
  #forget(): void {
    const kept = this.#kept;
    this.#kept = undefined;
    if (kept !== undefined) return this.#remember({ ...kept, contested: CONTESTED_BATCHES });
    this.#folded = undefined;
    this.options.folds.delete(this.stream);
  }

  #remember(folded: Folded): void {
    this.#folded = folded;
    this.options.folds.set(this.stream, folded);
  }

  async #answer({ verdicts, position: before }: Batch, folded: Folded, stored: readonly Envelope[]): Promise<void> {
    let loaded = false;
    for (const verdict of verdicts) {
      switch (verdict.kind) {
        case 'append':
        case 'twin': {
          const events = stored.slice(verdict.first, verdict.first + verdict.count);
          if (verdict.kind === 'twin') this.options.observer.replayed();
          verdict.task.resolve(done(events, verdict.kind === 'twin'));
          break;
        }
        case 'stored':
          void this.#replay(verdict.task, verdict.first, verdict.count);
          break;
        case 'nothing': {
          const position = stored[verdict.first - 1]?.position ?? before;
          const { revision } = verdict;
          verdict.task.resolve({ kind: 'done', events: [], replayed: false, revision, position });
          break;
        }
        case 'answer':
          verdict.task.resolve(verdict.outcome);
          break;
        case 'load':
          verdict.task.resolve({
            state: folded.state,
            revision: folded.revision,
            knows: (commandId) => folded.commands.find(commandId) !== undefined,
          });
          loaded = true;
      }
    }
    // Whoever asked for the state looks at it now, before the next batch changes it.
    if (loaded) await new Promise(setImmediate);
  }

  /** The answer to a repeat is made of the stored events alone. */
  async #replay({ context, resolve, reject }: CommandTask, first: number, count: number): Promise<void> {
    try {
      const events: Envelope[] = [];
      for await (const event of this.options.store.read(this.stream, { from: first, limit: count })) events.push(event);
      const sameRequest = events[0]?.meta.requestHash === context.meta.requestHash;
      if (sameRequest) this.options.observer.replayed();
      resolve(sameRequest ? done(events, true) : { kind: 'key-reused' });
    } catch (error) {
      reject(error);
    }
  }
}

function outcomeOf(error: unknown): AppendOutcome {
  if (error instanceof WrongRevision) return 'conflict';
  if (error instanceof StoreUnavailable) return error.outcome === 'unknown' ? 'unknown' : 'unavailable';
  return error instanceof AppendTooLarge ? 'too-large' : 'failed';
}

/** Its answer is made of stored events, whatever the state is. */
const isInLog = ({ kind }: Verdict): boolean => kind === 'append' || kind === 'twin' || kind === 'stored';

/**
 * Ids come from the command's id alone. When another process handles the same key at the same revision, the store takes our
 * append for a repeat of its own and answers with what that process wrote: then our state is not the stream's.
 */
function isOurs(batch: Batch, stored: readonly Envelope[]): boolean {
  return batch.events.every(({ meta }, index) => {
    const theirs = stored[index]?.meta;
    return (
      theirs !== undefined && theirs.requestHash === meta.requestHash && theirs.correlationId === meta.correlationId
    );
  });
}
