/**
 * From a command to an answer: the unit is known, the command gets its id, the handler decides and appends, and the outcome
 * becomes what the caller reads. One way for all aggregates.
 */
import { v5 as uuidv5 } from 'uuid';
import type { BudgetCommand } from '#domain/budget/commands.js';
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import type { PeriodSealed } from '#domain/budget/events.js';
import type { Decider, Rejection } from '#domain/decider.js';
import { DIRECTORY_STREAM, directoryDecider, UNIT_CODE, type DirectoryCommand } from '#domain/directory/decide.js';
import type { Actor, DomainEvent, Envelope } from '#domain/envelope.js';
import type { PerformanceCommand } from '#domain/performance/commands.js';
import { performanceDecider, performanceStream } from '#domain/performance/decide.js';
import { presentMoney } from '#domain/present.js';
import type { Handler, HandleContext, Outcome } from '#event-store/handler.js';
import type { ExpectedRevision } from '#event-store/port.js';
import { Problem, type Fault } from '#platform/problem.js';
import type { Attachments } from './attachments.js';
import type { DryRunEffect, RateEffect } from './dry-run.js';
import { evidenceFaults } from './evidence.js';
import { formDecider, type BookForm } from './form-commands.js';
import { refusal, refusedFor, type AnyRejection } from './refusals.js';
import type { UnitYear } from './unit-year.js';
import type { WriteRequest } from './write-request.js';

/** Callers have no accounts yet: all of them are one, and a key is theirs in one stream. Never the actor's name. */
const CALLER = 'local';
const COMMAND_NAMESPACE = '6f1f6d0e-3c43-5b0b-8a43-6f0a5b7f4c11';

export interface WriteAnswer {
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
  readonly replayed: boolean;
  readonly unchanged: boolean;
  readonly events: readonly object[];
}

export interface TrialAnswer {
  readonly dryRun: true;
  readonly events: readonly object[];
  readonly effect?: RateEffect;
}

export class Recording {
  private readonly knownUnits = new Set<string>();

  constructor(
    private readonly handler: Handler,
    private readonly actor: Actor,
    private readonly effect: DryRunEffect,
    private readonly attachments: Pick<Attachments, 'sizes'>,
  ) {}

  async budget(unit: string, year: number, command: BudgetCommand, request: WriteRequest) {
    await this.requireUnit(unit);
    const stream = budgetStream(unit, year);
    const outcome = await this.handle(stream, budgetDecider(unit, year), command, request);
    if (outcome.kind !== 'trial') return answerOf(stream, outcome);
    return { ...trialAnswer(outcome.events), effect: await this.effect(unit, year, command) };
  }

  /** `found`: faults that the rules cannot see, because they lie outside the table. Told together with what the rules refuse. */
  async performance(
    { unit, year }: UnitYear,
    command: PerformanceCommand,
    request: WriteRequest,
    found: readonly Fault[] = [],
  ) {
    await this.requireUnit(unit);
    const stream = performanceStream(unit, year);
    const decider = performanceDecider(year);
    const { knows } = await this.handler.load(stream, decider);
    if (!isRepeat(stream, request, knows)) {
      const faults = [...found, ...(await evidenceFaults(this.attachments, command))];
      if (faults.length > 0) {
        const tried = await this.handle(stream, decider, command, { ...request, dryRun: true });
        if (tried.kind === 'revision-mismatch') throw revisionMismatch(tried.actual);
        throw refusedFor(faults, tried.kind === 'rejected' ? refusal(tried.rejection) : undefined);
      }
    }
    const outcome = await this.handle(stream, decider, command, request);
    return outcome.kind === 'trial' ? trialAnswer(outcome.events) : answerOf(stream, outcome);
  }

  /** All commands of a form, or none. They name no attachments. */
  async form({ unit, year }: UnitYear, command: BookForm, request: WriteRequest) {
    await this.requireUnit(unit);
    const stream = performanceStream(unit, year);
    const outcome = await this.handle(stream, formDecider(year), command, request);
    return outcome.kind === 'trial' ? trialAnswer(outcome.events) : answerOf(stream, outcome);
  }

  async directory(command: DirectoryCommand, request: WriteRequest) {
    const outcome = await this.handle(DIRECTORY_STREAM, directoryDecider, command, request);
    return outcome.kind === 'trial' ? trialAnswer(outcome.events) : answerOf(DIRECTORY_STREAM, outcome);
  }

  /** A stream name is made from a unit's code, so the code must be one that is registered. */
  async requireUnit(unit: string): Promise<void> {
    if (this.knownUnits.has(unit)) return;
    const { state } = await this.handler.load(DIRECTORY_STREAM, directoryDecider);
    if (!UNIT_CODE.test(unit) || !state.units.has(unit)) {
      throw new Problem(404, 'UNKNOWN_UNIT', {
        detail: `There is no unit ${unit}. GET /api/v1/units lists them.`,
        unit,
      });
    }
    this.knownUnits.add(unit);
  }

  private handle<State, Command, Event extends DomainEvent, No extends Rejection>(
    stream: string,
    decider: Decider<State, Command, Event, No>,
    command: Command,
    request: WriteRequest,
  ): Promise<Outcome<Event, No>> {
    return this.handler.handle(stream, decider, command, this.contextOf(stream, request));
  }

  private contextOf(stream: string, request: WriteRequest): HandleContext {
    const { key, dryRun, ifRevision, requestHash, correlationId, traceparent } = request;
    const commandId = commandIdOf(stream, key ?? correlationId);
    return {
      dryRun,
      ...(ifRevision === undefined ? {} : { ifRevision }),
      meta: {
        commandId,
        actor: this.actor,
        requestHash,
        correlationId,
        traceparent,
      },
    };
  }
}

/** Whether the request only asks again for an answer that was given. */
export const isRepeat = (stream: string, request: WriteRequest, knows: (commandId: string) => boolean): boolean =>
  request.key !== undefined && !request.dryRun && knows(commandIdOf(stream, request.key));

/** Stable for ever: a key used today is known in ten years. */
export const commandIdOf = (stream: string, key: string): string =>
  uuidv5(`${CALLER}\n${stream}\n${key}`, COMMAND_NAMESPACE);

function answerOf(stream: string, outcome: Exclude<Outcome<DomainEvent, Rejection>, { kind: 'trial' }>): WriteAnswer {
  switch (outcome.kind) {
    case 'done':
      return {
        stream,
        revision: outcome.revision,
        position: outcome.position,
        replayed: outcome.replayed,
        unchanged: outcome.events.length === 0,
        events: outcome.events.map(presentEnvelope),
      };
    case 'rejected':
      throw refusal(outcome.rejection as AnyRejection);
    case 'key-reused':
      throw new Problem(422, 'IDEMPOTENCY_KEY_REUSED', {
        detail: 'This Idempotency-Key was used for another request. Use a new key for a new request.',
      });
    case 'revision-mismatch':
      throw revisionMismatch(outcome.actual);
  }
}

export const revisionMismatch = (actual: ExpectedRevision): Problem =>
  new Problem(412, 'REVISION_MISMATCH', {
    detail: 'The stream has moved on since the revision in If-Match. Read again and decide anew.',
    revision: actual,
  });

/** An event as answers show it: money in yuan, the instant in ISO 8601. */
export const presentEnvelope = ({
  id,
  type,
  version,
  revision,
  recordedAt,
  data,
  meta,
  ...dates
}: Envelope): object => ({
  id,
  type,
  version,
  revision,
  effectiveDate: dates.effectiveDate,
  ...(dates.belongsTo === undefined ? {} : { belongsTo: dates.belongsTo }),
  recordedAt: new Date(recordedAt).toISOString(),
  data: presentData(type, data),
  meta: { actor: meta.actor },
});

const trialAnswer = (events: readonly DomainEvent[]): TrialAnswer => ({
  dryRun: true,
  events: events.map((event) => ({ ...event, data: presentData(event.type, event.data) })),
});

/** Money in yuan; of a seal's reports their size in place of their text, which has an address of its own. */
function presentData(type: string, data: unknown): unknown {
  if (type !== 'PeriodSealed') return presentMoney(data);
  const { reports, ...seal } = data as PeriodSealed['data'];
  const shown = reports.map(({ canonicalJson, ...report }) => ({ ...report, bytes: Buffer.byteLength(canonicalJson) }));
  return { ...seal, reports: shown };
}
