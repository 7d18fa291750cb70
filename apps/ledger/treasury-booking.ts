/** Books one notice of the treasury, and says what became of it. */
import { budgetStream } from '#domain/budget/decide.js';
import { DIRECTORY_STREAM, directoryDecider } from '#domain/directory/decide.js';
import type { Actor, Position } from '#domain/envelope.js';
import type { Handler } from '#event-store/handler.js';
import { StoreUnavailable, WrongRevision } from '#event-store/port.js';
import { numberOf, type TreasuryNotice } from '#messaging/treasury.js';
import type { Fault } from '#platform/problem.js';
import { mayPassLater, noticeDecider, type LineAmbiguous, type NoticeRejection } from './treasury-decision.js';
import { idsOf } from './treasury-notice.js';
import type { TrayReason } from './treasury-tray.js';
import { refusal, type AnyRejection } from './refusals.js';

/** Facts of the treasury are recorded in its name: nobody here has entered them. */
const TREASURY: Actor = { id: 'treasury', name: '国库支付通知' };

export type NoticeOutcome =
  /** `repeated`: it, or an equal entry, was booked before. */
  | {
      readonly kind: 'booked' | 'repeated';
      readonly stream: string;
      readonly revision: number;
      readonly position: Position | 'start';
      readonly events: number;
    }
  /** As things stand it cannot be booked, and that may change. */
  | { readonly kind: 'waits'; readonly reason: TrayReason }
  /** It can never be booked. */
  | { readonly kind: 'refused'; readonly problems: readonly Fault[] };

export interface NoticeOrigin {
  readonly correlationId: string;
  readonly traceparent: string;
}

export class NoticeBooking {
  private readonly knownUnits = new Set<string>();

  /** `onError` is told of faults of the program, which keep a notice waiting. */
  constructor(
    private readonly handler: Handler,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Throws `StoreUnavailable` and `WrongRevision`: the same notice may then be booked again. */
  async book(notice: TreasuryNotice, { correlationId, traceparent }: NoticeOrigin): Promise<NoticeOutcome> {
    try {
      return await this.tried(notice, { correlationId, traceparent });
    } catch (error) {
      if (error instanceof StoreUnavailable || error instanceof WrongRevision) throw error;
      // A stream that cannot be folded must not hold up the others of its partition.
      this.onError(error);
      const detail = `the program failed on it: ${error instanceof Error ? error.message : String(error)}`;
      return { kind: 'waits', reason: { code: 'INTERNAL', detail, faults: [] } };
    }
  }

  /** Of the stream's last event, −1 for an empty one. */
  async revisionOf(unit: string, year: number): Promise<number> {
    return (await this.handler.load(budgetStream(unit, year), noticeDecider(unit, year))).revision;
  }

  /** A stream name is made from a unit's code, so the code must be one that is registered. */
  async knowsUnit(unit: string): Promise<boolean> {
    if (this.knownUnits.has(unit)) return true;
    const { state } = await this.handler.load(DIRECTORY_STREAM, directoryDecider);
    if (!state.units.has(unit)) return false;
    this.knownUnits.add(unit);
    return true;
  }

  /**
   * Without waiting for anything when the unit is known: notices that are booked one after another are decided in that order,
   * together.
   */
  private async tried(notice: TreasuryNotice, origin: NoticeOrigin): Promise<NoticeOutcome> {
    const { unit, year } = notice;
    if (!this.knownUnits.has(unit) && !(await this.knowsUnit(unit)))
      return { kind: 'waits', reason: unknownUnit(unit) };
    const stream = budgetStream(unit, year);
    const { commandId, digest: requestHash } = idsOf(notice);
    const meta = { commandId, actor: TREASURY, requestHash, ...origin };
    const outcome = await this.handler.handle(stream, noticeDecider(unit, year), notice, { meta });
    switch (outcome.kind) {
      case 'done': {
        const { replayed, events, revision, position } = outcome;
        const kind = replayed || events.length === 0 ? 'repeated' : 'booked';
        return { kind, stream, revision, position, events: replayed ? 0 : events.length };
      }
      case 'rejected':
        return mayPassLater(outcome.rejection)
          ? { kind: 'waits', reason: reasonOf(outcome.rejection) }
          : { kind: 'refused', problems: reasonOf(outcome.rejection).faults };
      case 'key-reused':
        return { kind: 'refused', problems: [otherCorrection(notice)] };
      default:
        throw new Error(`a notice was answered ${outcome.kind}`);
    }
  }
}

const unknownUnit = (unit: string): TrayReason => {
  const message = `there is no unit ${unit}; register it first`;
  return { code: 'UNKNOWN_UNIT', detail: message, faults: [{ pointer: '/unit', code: 'UNKNOWN_UNIT', message }] };
};

/** Words of the API where it has them. */
function reasonOf({ code, faults }: NoticeRejection): TrayReason {
  const told = faults.flatMap((fault) =>
    fault.code === 'LINE_AMBIGUOUS' ? [ambiguous(fault)] : (refusal(fault as AnyRejection).facts.faults ?? []),
  );
  const detail = told.map(({ message }) => message).join('; ');
  return { code, detail, faults: told };
}

const ambiguous = ({ at, line, lines }: LineAmbiguous): Fault => ({
  pointer: at ?? '',
  code: 'LINE_AMBIGUOUS',
  message: `several lines are called ${line} (${lines.join(', ')}); name one by its id`,
  lines,
});

function otherCorrection(notice: TreasuryNotice): Fault {
  const number = numberOf(notice);
  const message = `correction ${number} is booked already with other content; a new correction needs a number of its own`;
  return { pointer: '/correctionNo', code: 'NUMBER_TAKEN', message };
}
