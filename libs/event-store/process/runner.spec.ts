/** The process manager on a log in memory: what it asks, how often, and what survives a stop at any moment. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { BudgetCommand } from '#domain/budget/commands.js';
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import type { CarryOverBroughtForward } from '#domain/budget/events.js';
import type { ProcessRule } from '#domain/budget/process.js';
import { add, adjust, approved, closeYear, on, openLine, pay, reopenYear, yuan } from '#domain/budget/specification.js';
import { civilDate } from '#domain/calendar.js';
import type { Envelope, Position } from '#domain/envelope.js';
import { createHandler } from '#event-store/handler.js';
import { createMemoryLog, createMemoryStore } from '#event-store/memory.js';
import { StoreUnavailable, type EventStore } from '#event-store/port.js';
import { createMemoryProcesses, createMemoryProcessStore } from '#event-store/process/memory.js';
import type { ProcessStore } from '#event-store/process/port.js';
import { startProcesses, type ProcessRunner } from '#event-store/process/runner.js';

const PATIENCE_MS = 20_000;

/** One machine: its disk survives what runs on it. */
function machine({
  rules,
  wrap = (store) => store,
}: { rules?: readonly ProcessRule[]; wrap?: (store: EventStore) => EventStore } = {}) {
  const log = createMemoryLog();
  const kept = createMemoryProcesses();
  const store = wrap(createMemoryStore({ log }));
  const handler = createHandler({ store, unknownPausesMs: [] });
  const errors: unknown[] = [];
  const processes = createMemoryProcessStore(kept);
  let runner: ProcessRunner | undefined;
  const self = {
    store,
    kept,
    errors,
    processes,
    async start(over: Partial<ProcessStore> = {}) {
      const onError = (error: unknown) => void errors.push(error);
      const given = { ...processes, ...over };
      runner = await startProcesses({ store, handler, processes: given, onError, ...(rules ? { rules } : {}) });
      return runner;
    },
    async book(year: number, command: BudgetCommand, name = 'clerk'): Promise<Position | 'start'> {
      const commandId = randomUUID();
      const meta = { commandId, actor: { id: 'local', name }, requestHash: 'h', correlationId: `c-${name}` };
      const outcome = await handler.handle(budgetStream('U1', year), budgetDecider('U1', year), command, { meta });
      if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
      return outcome.position;
    },
    async settled(position: Position | 'start') {
      if (!(await runner?.waitFor(store.order(position), PATIENCE_MS))) throw new Error('not answered in time');
      return [...kept.entries.values()].map(({ state }) => state);
    },
    async stream(year: number): Promise<Envelope[]> {
      const all: Envelope[] = [];
      for await (const event of store.read(budgetStream('U1', year))) all.push(event);
      return all;
    },
    stop: async () => {
      await runner?.stop();
      await store.close();
    },
  };
  machines.push(self);
  return self;
}

const machines: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of machines.splice(0)) await one.stop();
});

const plan = approved({ P01: '100.00', P02: '50.00' });
const carried = (events: readonly Envelope[]) =>
  events
    .filter(({ type }) => type === 'CarryOverBroughtForward')
    .map(({ data }) => {
      const { line, fen } = data as CarryOverBroughtForward['data'];
      return `${line} ${fen / 100}`;
    });

describe('a closed year', () => {
  it('asks nothing of the next one while a log is taken in, and all of it then', async () => {
    const system = machine();
    let paused = true;
    const asked: boolean[] = [];
    const runner = await system.start({
      open: (entry) => {
        asked.push(paused);
        return system.processes.open(entry);
      },
    });
    const closed = await runner.pausedDuring(async () => {
      await system.book(2024, plan);
      const position = await system.book(2024, closeYear());
      expect(await runner.waitFor(system.store.order(position), 30)).toBe(false);
      paused = false;
      return position;
    });
    expect(await system.settled(closed)).toEqual(['done']);
    expect(asked).toEqual([false]);
    expect(carried(await system.stream(2025))).toEqual(['P01 100', 'P02 50']);
  });

  it('opens the next, in the name of whoever closed it', async () => {
    const system = machine();
    await system.start();
    await system.book(2024, plan);
    await system.book(2024, pay('V1', 'P01', '70.00'));
    const closed = await system.book(2024, closeYear(), 'manager');
    expect(await system.settled(closed)).toEqual(['done']);
    const next = await system.stream(2025);
    const [closing] = (await system.stream(2024)).slice(-1);
    expect(next.map(({ type }) => type)).toEqual([
      'BudgetLineOpened',
      'BudgetLineOpened',
      'CarryOverBroughtForward',
      'CarryOverBroughtForward',
    ]);
    expect(carried(next)).toEqual(['P01 30', 'P02 50']);
    expect(next[0]?.meta).toMatchObject({
      actor: { id: 'local', name: 'manager' },
      causationId: closing?.id,
      correlationId: 'c-manager',
    });
    expect([...system.kept.entries.values()]).toMatchObject([
      {
        rule: 'carry-forward',
        unit: 'U1',
        year: 2024,
        attempts: 1,
        cause: { eventId: closing?.id, stream: 'budget-U1-2024' },
        target: { year: 2025, stream: 'budget-U1-2025' },
        written: { revision: 3, events: 4 },
      },
    ]);
  });

  it('closed again changes the difference, and its first closure is superseded on a retry', async () => {
    const system = machine();
    const runner = await system.start();
    await system.book(2024, plan);
    await system.settled(await system.book(2024, closeYear()));
    await system.book(2024, reopenYear());
    await system.book(2024, pay('V1', 'P01', '70.00'));
    await system.settled(await system.book(2024, closeYear()));
    const [, , , , revised, ...others] = await system.stream(2025);
    expect(revised).toMatchObject({ type: 'CarryOverRevised', data: { fromFen: 10_000, toFen: 3_000 } });
    expect(others).toEqual([]);
    const [first] = system.kept.entries.values();
    expect(await runner.retry(first?.id ?? '')).toMatchObject({ state: 'done', attempts: 1 });
  });

  it('refused by the next year waits for a retry', async () => {
    const system = machine();
    const runner = await system.start();
    await system.book(2024, plan);
    await system.book(2025, { ...openLine('Q01'), effectiveDate: civilDate('2025-01-01') });
    const nextClosed = await system.book(2025, closeYear(undefined, on('2025-12-31')));
    expect(await system.settled(nextClosed)).toEqual(['done']);
    const closed = await system.book(2024, closeYear());
    expect(await system.settled(closed)).toEqual(['done', 'refused']);
    const refused = [...system.kept.entries.values()].find(({ state }) => state === 'refused');
    expect(refused).toMatchObject({ year: 2024, rejection: { code: 'YEAR_CLOSED', year: 2025 }, attempts: 1 });
    expect(await runner.retry(refused?.id ?? '')).toMatchObject({ state: 'refused', attempts: 2 });
    await system.book(2025, reopenYear(on('2025-12-31')));
    expect(await runner.retry(refused?.id ?? '')).toMatchObject({ state: 'done', attempts: 3, written: { events: 4 } });
    expect(carried(await system.stream(2025))).toEqual(['P01 100', 'P02 50']);
  });

  it('reopened while it was refused leaves nothing to retry', async () => {
    const system = machine();
    const runner = await system.start();
    await system.book(2024, plan);
    await system.book(2025, { ...openLine('Q01'), effectiveDate: civilDate('2025-01-01') });
    await system.book(2025, closeYear(undefined, on('2025-12-31')));
    await system.settled(await system.book(2024, closeYear()));
    await system.book(2024, reopenYear());
    const refused = [...system.kept.entries.values()].find(({ state }) => state === 'refused');
    expect(await runner.retry(refused?.id ?? '')).toMatchObject({ state: 'superseded' });
    expect(await runner.retry(randomUUID())).toBeUndefined();
  });
});

describe('a process manager that is ended at any moment', () => {
  class Killed extends Error {}
  const killed = async (): Promise<never> => {
    throw new Killed();
  };

  it.each([
    ['before it has noticed the event', { open: killed }, 0],
    ['after the next year is open and before the answer is kept', { answer: killed }, 4],
    ['after the answer and before its place is kept', { move: killed }, 4],
  ] as const)('%s goes on where it was, and nothing is booked twice', async (_when, over, before) => {
    const system = machine();
    const dying = await system.start(over);
    await system.book(2024, plan);
    const closed = await system.book(2024, closeYear());
    while (system.errors.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    await expect(dying.check()).rejects.toThrow(Killed);
    await dying.stop();
    expect(await system.stream(2025)).toHaveLength(before);
    expect(system.store.order(system.kept.place)).toBeLessThan(system.store.order(closed));
    const again = await system.start();
    expect(await system.settled(closed)).toEqual(['done']);
    await again.check();
    expect(await system.stream(2025)).toHaveLength(4);
    expect(await again.waitFor(system.store.order(closed), 0)).toBe(true);
    await again.stop();
    expect(system.store.order(system.kept.place)).toBeGreaterThanOrEqual(system.store.order(closed));
  });

  it('tries again while the log cannot be reached', async () => {
    let failures = 3;
    const system = machine({
      wrap: (store) => ({
        ...store,
        append: async (stream, ...rest) => {
          if (stream === 'budget-U1-2025' && failures > 0) {
            failures -= 1;
            throw new StoreUnavailable('refused');
          }
          return store.append(stream, ...rest);
        },
      }),
    });
    await system.start();
    await system.book(2024, plan);
    expect(await system.settled(await system.book(2024, closeYear()))).toEqual(['done']);
    expect(system.errors).toEqual([0, 1, 2].map(() => expect.any(StoreUnavailable)));
  });
});

describe('another rule', () => {
  /** Whoever adds to a line of one year has as much added in the next: a made-up rule. */
  const echo = (more: Partial<ProcessRule>): ProcessRule => ({
    name: 'carry-forward',
    on: ['BudgetAdded'],
    react: ({ unit, year, event }) => {
      const { effectiveDate } = on(`${year + 1}-03-01`);
      const command = adjust('E1', [add('P01', '5.00')], { effectiveDate });
      if (event.type !== 'BudgetAdded') throw new Error('never');
      return { superseded: false, demand: { unit, year: year + 1, commands: [command] } };
    },
    ...more,
  });

  it('runs on the same machinery, and takes back the first half when the second is refused', async () => {
    const undo: BudgetCommand = {
      type: 'ReverseAdjustment',
      adjustmentId: 'A1',
      reason: 'refused there',
      ...on('03-01'),
    };
    const rule = echo({ whenRefused: ({ unit, year }) => ({ unit, year, commands: [undo] }) });
    const system = machine({ rules: [rule] });
    await system.start();
    await system.book(2024, plan);
    const added = await system.book(2024, adjust('A1', [add('P01', '5.00')]));
    expect(await system.settled(added)).toEqual(['undone']);
    expect((await system.stream(2024)).at(-1)).toMatchObject({ type: 'AdjustmentReversed' });
    expect([...system.kept.entries.values()]).toMatchObject([{ rejection: { code: 'SEVERAL_FAULTS' } }]);
  });

  it('that fails is an outcome too, and holds nothing up', async () => {
    const failing = echo({
      react: () => {
        throw new Error('a fault of the rule');
      },
    });
    const system = machine({ rules: [failing] });
    const runner = await system.start();
    await system.book(2024, plan);
    await system.book(2024, adjust('A1', [add('P01', '5.00')]));
    const second = await system.book(2024, adjust('A2', [add('P01', '6.00')]));
    expect(await system.settled(second)).toEqual(['failed', 'failed']);
    await runner.check();
    expect([...system.kept.entries.values()][0]).toMatchObject({
      rejection: { code: 'INTERNAL', message: 'a fault of the rule' },
    });
  });
});

describe('a close of 1,200 lines', () => {
  it('has its lines opened in parts and its money carried in one append', async () => {
    const system = machine();
    await system.start();
    const name = '征地和拆迁补偿支出'.repeat(20);
    const lines = Array.from({ length: 1_200 }, (_, index) => [
      `L${index}`,
      { amount: '1.00', name: `${name} ${index}` },
    ]);
    await system.book(2024, {
      ...approved(Object.fromEntries(lines) as Record<string, { amount: string }>),
      basicFen: yuan('0.00'),
    });
    expect(await system.settled(await system.book(2024, closeYear()))).toEqual(['done']);
    const next = await system.stream(2025);
    const money = next.filter(({ type }) => type === 'CarryOverBroughtForward');
    expect([next.length, money.length]).toEqual([2_400, 1_200]);
    expect(new Set(money.map(({ meta }) => meta.commandId)).size).toBe(1);
  });
});
