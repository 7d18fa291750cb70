/** For specs: the read API over a log in memory and read models in PostgreSQL, with a clock that the spec moves. */
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { BudgetCommand } from '#domain/budget/commands.js';
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import type { CivilDate } from '#domain/calendar.js';
import type { Decider, Rejection } from '#domain/decider.js';
import { DIRECTORY_STREAM, directoryDecider, type DirectoryCommand } from '#domain/directory/decide.js';
import type { Actor, DomainEvent, Position } from '#domain/envelope.js';
import type { Indicator } from '#domain/performance/events.js';
import { performanceDecider, performanceStream } from '#domain/performance/decide.js';
import { createHandler, type Handler } from '#event-store/handler.js';
import { createMemoryStore } from '#event-store/memory.js';
import type { EventStore } from '#event-store/port.js';
import { HealthChecks } from '#platform/health.js';
import { createHttpApp } from '#platform/http.js';
import { createLogger } from '#platform/logging.js';
import { createMetrics } from '#platform/metrics.js';
import { openReadModels } from '#read-model/data-source.js';
import { createProjector, type Projector } from '#read-model/projections/projector.js';
import { createDatabase } from '../../test/support/postgres.js';
import { QueryModule } from './query.module.js';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | string[] | undefined>>;
  // Bodies are looked at member by member; a spec that reads a wrong one fails there.
  readonly body: any;
}

export interface ReadSystem {
  readonly app: NestFastifyApplication;
  readonly store: EventStore;
  readonly projector: Projector;
  /** What the store and the API take for now, UTC ms. */
  readonly clock: { now: number };
  actor: Actor;
  /** Books commands that must be accepted, each at its own later instant; returns the position of the last event. */
  book(unit: string, year: number, ...commands: readonly BudgetCommand[]): Promise<Position>;
  register(command: DirectoryCommand): Promise<Position>;
  approveTargets(unit: string, year: number, on: CivilDate, indicators: readonly Indicator[]): Promise<Position>;
  /** Takes into the read models what was booked, unless `paused`. */
  catchUp(): Promise<void>;
  /** While true, what is booked stays in the log only. */
  paused: boolean;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  stop(): Promise<void>;
}

export async function startReadSystem(now: string): Promise<ReadSystem> {
  const clock = { now: Date.parse(now) };
  const store = createMemoryStore({ clock: () => clock.now });
  const database = await createDatabase();
  const dataSource = await openReadModels(database.url);
  const projector = await createProjector({ dataSource, log: store });
  const handler = createHandler({ store });
  const logger = createLogger('silent');
  const app = await createHttpApp(
    QueryModule.register({ dataSource, store, progress: projector.progress, clock: () => clock.now }),
    { logger, health: new HealthChecks(logger), metrics: createMetrics() },
  );
  await app.init();
  await app.getHttpAdapter().getInstance().ready();

  const system: ReadSystem = {
    app,
    store,
    projector,
    clock,
    actor: { id: 'local', name: 'clerk' },
    paused: false,
    async book(unit, year, ...commands) {
      let position: Position | 'start' = 'start';
      for (const command of commands) {
        position = await send(handler, budgetStream(unit, year), budgetDecider(unit, year), command, system);
      }
      return recorded(system, position);
    },
    register: async (command) =>
      recorded(system, await send(handler, DIRECTORY_STREAM, directoryDecider, command, system)),
    async approveTargets(unit, year, effectiveDate, indicators) {
      const command = { type: 'ApproveTargets', effectiveDate, indicators } as const;
      const stream = performanceStream(unit, year);
      return recorded(system, await send(handler, stream, performanceDecider(year), command, system));
    },
    async catchUp() {
      for (;;) {
        const batch = await store.readAll(projector.position, 500);
        if (batch.length === 0) return;
        await projector.handle(batch);
      }
    },
    async get(path, headers = {}) {
      const answer = await app.inject({ method: 'GET', url: path, headers: { host: 'localhost', ...headers } });
      const json = String(answer.headers['content-type'] ?? '').includes('json');
      return {
        status: answer.statusCode,
        headers: answer.headers as Answer['headers'],
        body: json ? JSON.parse(answer.body) : answer.body,
      };
    },
    async stop() {
      await app.close();
      await store.close();
      await dataSource.destroy();
      await database.drop();
    },
  };
  return system;
}

async function recorded(system: ReadSystem, position: Position | 'start'): Promise<Position> {
  if (position === 'start') throw new Error('nothing was booked');
  if (!system.paused) await system.catchUp();
  return position;
}

/** One second passes with every command. */
async function send<State, Command, Event extends DomainEvent, No extends Rejection>(
  handler: Handler,
  stream: string,
  decider: Decider<State, Command, Event, No>,
  command: Command,
  { clock, actor }: ReadSystem,
): Promise<Position | 'start'> {
  clock.now += 1_000;
  const commandId = randomUUID();
  const meta = { commandId, actor, requestHash: '', causationId: commandId, correlationId: commandId };
  const outcome = await handler.handle(stream, decider, command, { meta });
  if (outcome.kind !== 'done') throw new Error(`refused: ${JSON.stringify(outcome)}`);
  return outcome.position;
}
