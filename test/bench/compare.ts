/** Speed of a comparison over 100,000 entries, from the request to its first page: figures, rates, sums and sentences. */
import { randomUUID } from 'node:crypto';
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import type { BudgetEvent } from '#domain/budget/events.js';
import { civilDate, daysBetween, lastDayOf } from '#domain/calendar.js';
import type { NewEvent } from '#domain/envelope.js';
import { fen } from '#domain/money.js';
import { openPostgresStore, type PostgresStore } from '#event-store/postgres/store.js';
import { HealthChecks } from '#platform/health.js';
import { createHttpApp } from '#platform/http.js';
import { createLogger } from '#platform/logging.js';
import { createMetrics } from '#platform/metrics.js';
import { openReadModels } from '#read-model/data-source.js';
import { createProjector } from '#read-model/projections/projector.js';
import { rebuild } from '#read-model/projections/rebuild.js';
import { QueryModule } from '../../apps/query/query.module.js';
import type { Row } from './event-log.js';

const UNIT = 'COMPARE';
const YEAR = 2024;
const LINES = 20;
const ENTRIES = 100_000;
const WARM = 3;
const ROUNDS = 15;
const AIM_MS = 1_000;

export async function compareBench(url: string): Promise<Row[]> {
  const store = await openPostgresStore({ url });
  const dataSource = await openReadModels(url);
  const logger = createLogger('silent');
  try {
    await fillLog(store);
    await rebuild(dataSource, store);
    const { progress } = await createProjector({ dataSource, log: store });
    const parts = QueryModule.register({ dataSource, store, progress });
    const app = await createHttpApp(parts, { logger, health: new HealthChecks(logger), metrics: createMetrics() });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    try {
      const ask = async (query: string, events: number): Promise<number> => {
        const started = performance.now();
        const answer = await app.inject({
          url: `/api/v1/units/${UNIT}/years/${YEAR}/compare?${query}`,
          headers: { host: 'localhost' },
        });
        const took = performance.now() - started;
        const found = (JSON.parse(answer.body) as { summary?: { events: number } }).summary?.events;
        if (found === undefined || Math.abs(found - events) > events / 100) {
          throw new Error(`${query}: ${answer.statusCode}, ${found} events in place of ${events}`);
        }
        return took;
      };
      const middle = LINES + ENTRIES / 2;
      return [
        await measured('two dates, all entries between them', () => ask(`a=${YEAR}-01-01&b=annual`, ENTRIES)),
        await measured('one date, half of all known since', () => ask(`a=annual@${middle}&b=annual`, ENTRIES / 2)),
        await measured('half-year then and now, a quarter late', () => ask(`a=half@${middle}&b=half`, ENTRIES / 4)),
      ];
    } finally {
      await app.close();
    }
  } finally {
    await dataSource.destroy();
    await store.close();
  }
}

async function measured(name: string, ask: () => Promise<number>): Promise<Row> {
  for (let round = 0; round < WARM; round += 1) await ask();
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) times.push(await ask());
  times.sort((left, right) => left - right);
  const rounded = (ms: number | undefined) => Math.round((ms ?? 0) * 100) / 100;
  const median = rounded(times[times.length >> 1]);
  return {
    name: `comparison over ${ENTRIES.toLocaleString('en-US')} entries, ${name}`,
    unit: 'ms',
    median,
    p99: rounded(times.at(-1)),
    aim: `≤ ${AIM_MS.toLocaleString('en-US')}`,
    met: median <= AIM_MS,
  };
}

const lineOf = (n: number): string => `P${String((n % LINES) + 1).padStart(2, '0')}`;

/** Payments of all days of the year after the first, recorded in no order of their dates. Without the rules, which are not measured here. */
async function fillLog(store: PostgresStore): Promise<void> {
  const stream = budgetStream(UNIT, YEAR);
  const opening = budgetDecider(UNIT, YEAR).decide(approval, budgetDecider(UNIT, YEAR).initialState());
  if (!opening.accepted) throw new Error(`the plan was refused: ${JSON.stringify(opening.rejection)}`);
  let revision = opening.events.length - 1;
  await store.append(stream, 'none', opening.events.map(recorded));
  for (let n = 0; n < ENTRIES; n += 500) {
    const events = Array.from({ length: Math.min(500, ENTRIES - n) }, (_, next) => recorded(paid(n + next)));
    await store.append(stream, revision, events);
    revision += events.length;
  }
}

const approval = {
  type: 'ApproveBudget',
  effectiveDate: civilDate(`${YEAR}-01-01`),
  income: [],
  basicFen: fen(0),
  projectFen: fen(LINES * 10_000_000_000),
  lines: Array.from({ length: LINES }, (_, n) => ({
    line: lineOf(n),
    name: `项目 ${n + 1}`,
    expenditure: 'project' as const,
    fund: 'government-funds' as const,
    originalFen: fen(10_000_000_000),
    halfYearPlanFen: fen(4_000_000_000),
  })),
} as const;

const DAYS = daysBetween(lastDayOf(YEAR - 1), lastDayOf(YEAR)) - 1;
const FIRST = Date.UTC(YEAR, 0, 2);

const paid = (n: number): BudgetEvent => ({
  type: 'PaymentExecuted',
  effectiveDate: civilDate(new Date(FIRST + ((n * 7919) % DAYS) * 86_400_000).toISOString().slice(0, 10)),
  data: {
    voucherNo: `V-${n}`,
    line: lineOf(n),
    fen: fen(100_000 + (n % 1_000)),
    payee: { name: `某某工程有限公司 ${n % 500}`, kind: 'organisation' },
    purpose: '土地储备管护费用',
    overdrawn: false,
    beforeApproval: false,
  },
});

function recorded(event: BudgetEvent): NewEvent {
  const commandId = randomUUID();
  const meta = { commandId, actor: { id: 'clerk', name: '张会计' }, requestHash: 'a'.repeat(64) };
  return { ...event, id: randomUUID(), version: 1, meta };
}
