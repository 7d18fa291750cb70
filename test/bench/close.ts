/**
 * The close of a year of 2,000 lines, from the request until what it carries over is in the log of the next year: once into a
 * year whose plan is approved, and once into a year that has to be opened line by line.
 */
import { randomUUID } from 'node:crypto';
import type { BudgetCommand } from '#domain/budget/commands.js';
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import { civilDate } from '#domain/calendar.js';
import { fen } from '#domain/money.js';
import { createHandler } from '#event-store/handler.js';
import { openPostgresProcessStore } from '#event-store/postgres/process-store.js';
import { openPostgresStore } from '#event-store/postgres/store.js';
import { startProcesses } from '#event-store/process/runner.js';
import type { Row } from './event-log.js';

const LINES = 2_000;
const ROUNDS = 5;
const AIM_MS = 2_000;
const PATIENCE_MS = 60_000;

export async function closeBench(url: string): Promise<Row[]> {
  const onError = (error: unknown) => process.stderr.write(`${String(error)}\n`);
  const store = await openPostgresStore({ url, onError });
  const handler = createHandler({ store });
  const processes = await openPostgresProcessStore({ url, onError });
  const runner = await startProcesses({ store, handler, processes, onError });
  const book = async (unit: string, year: number, command: BudgetCommand) => {
    const meta = { commandId: randomUUID(), actor: { id: 'bench' } };
    const outcome = await handler.handle(budgetStream(unit, year), budgetDecider(unit, year), command, { meta });
    if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
    return outcome.position;
  };
  const round = async (unit: string, planned: boolean): Promise<number> => {
    await book(unit, 2024, plan(2024));
    if (planned) await book(unit, 2025, plan(2025));
    const started = performance.now();
    const closed = await book(unit, 2024, { type: 'CloseYear', effectiveDate: civilDate('2024-12-31') });
    if (!(await runner.waitFor(store.order(closed), PATIENCE_MS))) throw new Error('the next year was not opened');
    const elapsed = performance.now() - started;
    const { state } = await handler.load(budgetStream(unit, 2025), budgetDecider(unit, 2025));
    if (state.carryOvers.size !== LINES) throw new Error(`${state.carryOvers.size} of ${LINES} lots were carried over`);
    return elapsed;
  };
  try {
    const into = { planned: [] as number[], empty: [] as number[] };
    for (let number = 0; number < ROUNDS; number += 1) {
      into.planned.push(await round(`P${number}`, true));
      into.empty.push(await round(`E${number}`, false));
    }
    return [
      row(`close of ${LINES} lines into an approved year`, into.planned),
      row(`close of ${LINES} lines into a year that it opens`, into.empty),
    ];
  } finally {
    await runner.stop();
    await processes.close();
    await store.close();
  }
}

function row(name: string, times: number[]): Row {
  const median = times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
  return { name, unit: 'ms', median, p99: times.at(-1) ?? 0, aim: `≤ ${AIM_MS} ms`, met: median <= AIM_MS };
}

const plan = (year: number): BudgetCommand => ({
  type: 'ApproveBudget',
  effectiveDate: civilDate(`${year}-01-01`),
  income: [],
  basicFen: fen(0),
  projectFen: fen(LINES * 100_000),
  lines: Array.from({ length: LINES }, (_, index) => ({
    line: `L${index}`,
    name: `征地和拆迁补偿支出 ${index}`,
    expenditure: 'project',
    fund: 'government-funds',
    originalFen: fen(100_000),
  })),
});
