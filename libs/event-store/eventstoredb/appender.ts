/**
 * Appends over one long call, in the order in which they were asked for. The call keeps no promise about time, so every
 * append has a limit of its own; one that passed it may still be stored, and the next ones go over a fresh call, because
 * this one may be dead without knowing it.
 */
import { unpackToCommandError } from '@eventstore/db-client/dist/streams/appendToStream/unpackError.js';
import type * as wire from '@eventstore/db-client/generated/streams_pb.js';
import { randomUUID } from 'node:crypto';
import { StoreUnavailable, type ExpectedRevision } from '../port.js';
import type { EncodedEvent } from '../serialise.js';
import type { AppendCall, Connection } from './connection.js';
import { appendFailure, silent } from './outcome.js';
import { appendRequest } from './wire.js';

/** More than this many at once do not make a server faster; what waits here is not sent and surely not written. */
const MAX_IN_FLIGHT = 128;

export type Proposed = Pick<EncodedEvent, 'id' | 'type' | 'data' | 'metadata'>;

interface Task {
  readonly correlation: string;
  readonly request: wire.BatchAppendReq;
  /** `performance.now()` after which it is not sent any more. */
  readonly sendBy: number;
  sent: Session | undefined;
  readonly resolve: (commit: bigint) => void;
  readonly reject: (error: unknown) => void;
}

/** One call of the server, and what waits for its answers. */
interface Session {
  readonly call: AppendCall;
  readonly pending: Map<string, Task>;
  /** No longer written to; ended once nobody waits for it. */
  retired: boolean;
}

export class Appender {
  #waiting: Task[] = [];
  #inFlight = 0;
  #pumping = false;
  #session: Session | undefined;

  constructor(private readonly connection: Connection) {}

  /**
   * Commit position of the last event, as stored now or, for an exact repeat, then. Rejects with `WrongRevision` or
   * `StoreUnavailable`.
   */
  async append(stream: string, expected: ExpectedRevision, events: readonly Proposed[]): Promise<bigint> {
    if (this.connection.closed) throw new StoreUnavailable('refused', { cause: new Error('closed') });
    const correlation = randomUUID();
    const request = appendRequest(correlation, stream, expected, events);
    const { timeoutMs } = this.connection;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<bigint>((resolve, reject) => {
        const sendBy = performance.now() + timeoutMs / 2;
        const task: Task = { correlation, request, sendBy, sent: undefined, resolve, reject };
        timer = setTimeout(() => this.#giveUp(task, timeoutMs), timeoutMs);
        this.#waiting.push(task);
        void this.#pump();
      });
    } catch (error) {
      throw appendFailure(error, stream, expected);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The only one that writes, so that the order of the calls is the order on the wire. */
  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#waiting.length > 0 && this.#inFlight < MAX_IN_FLIGHT) {
      try {
        const session = (this.#session ??= await this.#open());
        const task = this.#waiting.shift();
        // With little time left the answer would come too late: better refused than unknown.
        if (task && performance.now() > task.sendBy) this.#refuse(task);
        else if (task && !this.#send(session, task)) await drained(session.call);
      } catch (error) {
        // There is no call to send them on.
        for (const task of this.#waiting.splice(0)) task.reject(error);
      }
    }
    this.#pumping = false;
  }

  #send(session: Session, task: Task): boolean {
    task.sent = session;
    session.pending.set(task.correlation, task);
    this.#inFlight += 1;
    return session.call.write(task.request);
  }

  async #open(): Promise<Session> {
    const call = await this.connection.batchAppend();
    const session: Session = { call, pending: new Map(), retired: false };
    call.on('data', (answer: wire.BatchAppendResp) => this.#answered(session, answer));
    call.on('error', (error) => this.#broken(session, error));
    call.on('close', () => this.#broken(session, new Error('the event store ended the call')));
    return session;
  }

  #answered(session: Session, answer: wire.BatchAppendResp): void {
    const id = answer.getCorrelationId()?.getString() ?? '';
    const task = session.pending.get(id);
    // Unknown: an answer that came after its limit.
    if (task === undefined) return;
    const error = answer.getError();
    const position = answer.getSuccess()?.getPosition();
    if (error) task.reject(unpackToCommandError(error, ''));
    else if (position) task.resolve(BigInt(position.getCommitPosition()));
    else task.reject(new Error('the event store answered an append without a position'));
    this.#settled(session, task);
  }

  #broken(session: Session, error: Error): void {
    this.#retire(session);
    for (const task of [...session.pending.values()]) {
      task.reject(error);
      this.#settled(session, task);
    }
  }

  #giveUp(task: Task, ms: number): void {
    const session = task.sent;
    if (session === undefined) {
      this.#waiting = this.#waiting.filter((other) => other !== task);
      this.#refuse(task);
      return;
    }
    task.reject(silent('no answer to an append', ms));
    this.#retire(session);
    this.#settled(session, task);
  }

  #refuse(task: Task): void {
    const cause = new Error('the append could not be sent in time');
    task.reject(new StoreUnavailable('refused', { cause }));
  }

  #settled(session: Session, { correlation }: Task): void {
    if (!session.pending.delete(correlation)) return;
    this.#inFlight -= 1;
    if (session.retired && session.pending.size === 0) session.call.cancel();
    void this.#pump();
  }

  #retire(session: Session): void {
    session.retired = true;
    if (this.#session === session) this.#session = undefined;
  }
}

/** Resolves when the call takes more, or never will. */
const drained = (call: AppendCall): Promise<void> =>
  new Promise((resolve) => {
    const events = ['drain', 'error', 'close'] as const;
    const done = (): void => {
      for (const event of events) call.removeListener(event, done);
      resolve();
    };
    for (const event of events) call.on(event, done);
  });
