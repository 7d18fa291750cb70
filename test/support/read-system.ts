/** For specs: the read API over a log in memory and read models in PostgreSQL, with a clock that the spec moves. */
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DataSource } from 'typeorm';
import type { BudgetCommand } from '#domain/budget/commands.js';
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import { add, adjust, approved, on, pay, requestPayment, yuan } from '#domain/budget/specification.js';
import { civilDate, type CivilDate } from '#domain/calendar.js';
import type { Decider, Rejection } from '#domain/decider.js';
import { DIRECTORY_STREAM, directoryDecider, type DirectoryCommand } from '#domain/directory/decide.js';
import type { Actor, DomainEvent, Position } from '#domain/envelope.js';
import type { PerformanceCommand } from '#domain/performance/commands.js';
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
import { createDatabase } from './postgres.js';
import { QueryModule } from '../../apps/query/query.module.js';
import type { QueryParts } from '../../apps/query/sources.js';

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
  readonly dataSource: DataSource;
  /** What the store and the API take for now, UTC ms. */
  readonly clock: { now: number };
  actor: Actor;
  /** Books commands that must be accepted, each at its own later instant; returns the position of the last event. */
  book(unit: string, year: number, ...commands: readonly BudgetCommand[]): Promise<Position>;
  register(command: DirectoryCommand): Promise<Position>;
  approveTargets(unit: string, year: number, on: CivilDate, indicators: readonly Indicator[]): Promise<Position>;
  /** Books commands of the performance table that must be accepted, each at its own later instant. */
  report(unit: string, year: number, ...commands: readonly PerformanceCommand[]): Promise<Position>;
  /** Takes into the read models what was booked, unless `paused`. */
  catchUp(): Promise<void>;
  /** While true, what is booked stays in the log only. */
  paused: boolean;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  stop(): Promise<void>;
}

/** Short: what is not there when it is asked for never comes in these specs, unless the spec brings it. */
const WAIT_MS = 300;

export async function startReadSystem(
  now = '2024-01-02T01:00:00Z',
  parts: Partial<QueryParts> = {},
): Promise<ReadSystem> {
  const clock = { now: Date.parse(now) };
  const store = createMemoryStore({ clock: () => clock.now });
  const database = await createDatabase();
  const dataSource = await openReadModels(database.url);
  const projector = await createProjector({ dataSource, log: store });
  const handler = createHandler({ store });
  const logger = createLogger('silent');
  const { progress } = projector;
  const app = await createHttpApp(
    QueryModule.register({ dataSource, store, progress, clock: () => clock.now, waitMs: WAIT_MS, ...parts }),
    { logger, health: new HealthChecks(logger), metrics: createMetrics() },
  );
  await app.init();
  await app.getHttpAdapter().getInstance().ready();

  const system: ReadSystem = {
    app,
    store,
    projector,
    dataSource,
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
    approveTargets: (unit, year, effectiveDate, indicators) =>
      system.report(unit, year, { type: 'ApproveTargets', effectiveDate, indicators }),
    async report(unit, year, ...commands) {
      let position: Position | 'start' = 'start';
      for (const command of commands) {
        position = await send(handler, performanceStream(unit, year), performanceDecider(year), command, system);
      }
      return recorded(system, position);
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
        headers: answer.headers,
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

export const U1_2024 = '/api/v1/units/U1/years/2024';

const numeric = { block: 1, level1: '过程', kind: 'RATIO', unit: '%', decimals: 0 } as const;
const EXECUTION = {
  ...numeric,
  indicator: 'I01',
  level2: '预算执行',
  level3: '预算执行率',
  comparator: '=',
  half: { text: '＝30%', value: '30' },
  annual: { text: '＝100%', value: '100' },
  checkpointBasis: 'FULL_YEAR',
  metric: 'execution-rate',
  scope: { funds: ['general-public'], expenditure: 'all' },
  scopeBasis: 'inferred',
} as const satisfies Indicator;
const ADJUSTMENT = {
  ...numeric,
  indicator: 'I02',
  level2: '预算执行',
  level3: '预算调整率',
  comparator: '<=',
  half: { text: '≤5%', value: '5' },
  annual: { text: '≤5%', value: '5' },
  checkpointBasis: 'FULL_YEAR',
  metric: 'adjustment-rate',
} as const satisfies Indicator;
const STAFF = {
  ...EXECUTION,
  indicator: 'I03',
  level3: '在职人员控制率',
  comparator: '<=',
  half: { text: '≤30%', value: '30' },
  annual: { text: '≤100%', value: '100' },
  metric: undefined,
  scope: undefined,
  scopeBasis: undefined,
};
const WORD = {
  ...numeric,
  indicator: 'I04',
  level2: '预算管理',
  level3: '管理制度健全性',
  kind: 'QUALITATIVE',
  comparator: 'word',
  half: { text: '健全' },
  annual: { text: '健全' },
  unit: '',
  checkpointBasis: 'POINT_IN_TIME',
} as const satisfies Indicator;

export const INDICATORS: readonly Indicator[] = [
  EXECUTION,
  ADJUSTMENT,
  JSON.parse(JSON.stringify(STAFF)) as Indicator,
  WORD,
];

/** Before the late voucher of `bookYear` was recorded, and after. */
export const BEFORE_LATE = '2024-06-30T16:00:00.000Z';

/**
 * Unit U1 in 2024. Plan: B01 1,000.00 (half 400.00) and P01 2,000.00 (half 500.00) of the general public budget, P02 5,000.00
 * (half 3,000.00) of government funds. In March V1 400.00 on B01, V2 400.00 on P01, V3 3,000.00 on P02, 250.00 requested and
 * 500.00 added there. V4, 100.00 on P01, is dated 28 June and recorded on 5 July. Resolves with the position of V4.
 */
export async function bookYear(system: ReadSystem): Promise<Position> {
  const { clock } = system;
  clock.now = Date.parse('2024-01-02T01:00:00Z');
  await system.register({ type: 'RegisterUnit', unit: 'U1', name: '测试单位', validFrom: civilDate('2024-01-01') });
  await system.book('U1', 2024, approvedYear());
  await system.approveTargets('U1', 2024, civilDate('2024-01-01'), INDICATORS);
  clock.now = Date.parse('2024-03-01T02:00:00Z');
  await system.book(
    'U1',
    2024,
    pay('V1', 'B01', '400.00'),
    pay('V2', 'P01', '400.00', { payee: { name: '培训中心', kind: 'organisation' } }),
    pay('V3', 'P02', '3000.00'),
    requestPayment('P02', '250.00'),
    adjust('A1', [add('P02', '500.00')], { document: { number: '财预〔2024〕17号', date: civilDate('2024-02-20') } }),
  );
  clock.now = Date.parse('2024-07-05T06:30:00Z');
  system.actor = { id: 'second' };
  return system.book('U1', 2024, pay('V4', 'P01', '100.00', on('06-28')));
}

export const approvedYear = () =>
  approved(
    {
      B01: { amount: '1000.00', name: '基本支出', expenditure: 'basic', halfYearPlanFen: yuan('400.00') },
      P01: {
        amount: '2000.00',
        name: '培训费',
        halfYearPlanFen: yuan('500.00'),
        codes: { departmentEconomic: '30216' },
      },
      P02: { amount: '5000.00', name: '征地补偿', fund: 'government-funds', halfYearPlanFen: yuan('3000.00') },
    },
    { document: { number: '财预〔2024〕1号', title: '批复', date: civilDate('2024-01-01') } },
  );

async function recorded(system: ReadSystem, position: Position | 'start'): Promise<Position> {
  if (position === 'start') throw new Error('nothing was booked');
  if (!system.paused) await system.catchUp();
  return position;
}

/** One second passes with every command, and a moment after it: what was recorded is past when it is read. */
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
  clock.now += 1;
  if (outcome.kind !== 'done') throw new Error(`refused: ${JSON.stringify(outcome)}`);
  return outcome.position;
}
