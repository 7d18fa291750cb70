/** The process manager of several ledgers: who has the lease answers, the others answer for it, and one takes over from another. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { BudgetCommand } from '#domain/budget/commands.js';
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import { approved, closeYear, reopenYear } from '#domain/budget/specification.js';
import { civilDate } from '#domain/calendar.js';
import type { Position } from '#domain/envelope.js';
import { createHandler, type Handler } from '#event-store/handler.js';
import { createMemoryStore } from '#event-store/memory.js';
import { StoreUnavailable, type EventStore } from '#event-store/port.js';
import { createPostgresProcessStore } from '#event-store/postgres/process-store.js';
import type { ProcessEntry } from '#event-store/process/port.js';
import { createDatabase, type TestDatabase } from '../../test/support/postgres.js';
import { until } from '../../test/support/until.js';
import { SharedProcesses, type TakeLease } from './shared-processes.js';

const PATIENCE_MS = 20_000;

let database: TestDatabase;
let store: EventStore;
let handler: Handler;
const stops: (() => Promise<void>)[] = [];

beforeEach(async () => {
  database = await createDatabase();
  store = createMemoryStore();
  handler = createHandler({ store });
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  await store.close();
  await database.drop();
});

/** A ledger whose lease is given and taken by the spec. `log`: what its runner reads. */
function ledger(log: EventStore = store) {
  let duty: Parameters<TakeLease>[0] | undefined;
  let ours = false;
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const { processes } = createPostgresProcessStore({ url: database.url, onError });
  const lease: TakeLease = (given) => {
    duty = given;
    return { stop: async () => undefined };
  };
  const shared = new SharedProcesses({ store: log, handler, processes, lease, onError, clock: Date.now });
  stops.push(() => processes.close());
  stops.push(() => shared.stop());
  return {
    shared,
    processes,
    errors,
    take() {
      ours = true;
      duty?.onTaken({ isOurs: () => ours });
    },
    /** As a process that was paused: the lease has run out, and it has not noticed. */
    outlive: () => void (ours = false),
    lose() {
      ours = false;
      duty?.onLost();
    },
  };
}

async function book(unit: string, year: number, command: BudgetCommand): Promise<bigint> {
  const commandId = randomUUID();
  const meta = { commandId, actor: { id: 'spec' }, requestHash: 'h', correlationId: commandId };
  const outcome = await handler.handle(budgetStream(unit, year), budgetDecider(unit, year), command, { meta });
  if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
  return store.order(outcome.position);
}

async function closed(unit: string): Promise<bigint> {
  await book(unit, 2024, approved({ P01: '100.00' }));
  return book(unit, 2024, closeYear());
}

const statesOf = async (at: ReturnType<typeof ledger>): Promise<string[]> =>
  (await at.processes.list({}, { limit: 10 })).map(({ unit, state }) => `${unit} ${state}`).sort();

async function eventsIn(year: number, unit = 'U1'): Promise<number> {
  let events = 0;
  for await (const _event of store.read(budgetStream(unit, year))) events += 1;
  return events;
}

describe('several ledgers', () => {
  it('answer for the one that holds the lease', async () => {
    const [one, two] = [ledger(), ledger()];
    one.take();
    const order = await closed('U1');
    expect(await two.shared.waitFor(order, PATIENCE_MS)).toBe(true);
    expect([one.shared.onDuty, two.shared.onDuty]).toEqual([true, false]);
    expect(await statesOf(two)).toEqual(['U1 done']);
    expect(store.order(await two.shared.through())).toBeGreaterThanOrEqual(order);
    await Promise.all([one.shared.check(), two.shared.check()]);
  });

  it('are answered up to a place between two events as soon as the one before it is', async () => {
    const [one, two] = [ledger(), ledger()];
    one.take();
    const order = await closed('U1');
    expect(await two.shared.waitFor(order + 1_000n, PATIENCE_MS)).toBe(true);
  });

  it('wait while nobody holds it, and say so in time', async () => {
    const one = ledger();
    const order = await closed('U1');
    expect(await one.shared.waitFor(order, 50)).toBe(false);
    await one.shared.check();
    const late = new SharedProcesses({
      ...{ store, handler, processes: one.processes, onError: () => undefined },
      lease: () => ({ stop: async () => undefined }),
      clock: () => Date.now() + 120_000,
    });
    await expect(late.check()).rejects.toThrow('nobody answers');
    await late.stop();
  });

  it('take over from each other: what one has begun the other finishes, and the first asks no more', async () => {
    let blocked: (() => void) | undefined;
    const handled = handler.handle.bind(handler);
    const [one, two] = [ledger(), ledger()];
    // The first stands still in the middle of what an event causes, as a process that is paused does.
    let held = false;
    handler.handle = (async (...given: Parameters<Handler['handle']>) => {
      const [stream] = given;
      if (stream === budgetStream('U1', 2025) && !held) {
        held = true;
        await new Promise<void>((resolve) => (blocked = resolve));
      }
      return handled(...given);
    }) as Handler['handle'];
    one.take();
    const first = await closed('U1');
    await until(async () => held, Boolean);
    one.outlive();
    two.take();
    expect(await two.shared.waitFor(first, PATIENCE_MS)).toBe(true);
    const carried = await eventsIn(2025);
    blocked?.();
    const second = await closed('U2');
    expect(await two.shared.waitFor(second, PATIENCE_MS)).toBe(true);
    // The first one wakes, finds that it may not go on, and has written nothing more.
    await until(
      async () => one.errors.length,
      (count) => count > 0,
    );
    expect(await eventsIn(2025)).toBe(carried);
    expect(await statesOf(two)).toEqual(['U1 done', 'U2 done']);
    one.lose();
    expect(one.shared.onDuty).toBe(false);
    await two.shared.check();
  });

  it('have a retry carried out by the one that holds the lease, asked of any', async () => {
    const [one, two] = [ledger(), ledger()];
    one.take();
    // The next year is closed before what the year brings: refused, until it is reopened.
    const [opened, ended] = [{ effectiveDate: civilDate('2025-01-20') }, { effectiveDate: civilDate('2025-12-31') }];
    await book('U1', 2025, approved({ P01: '1.00' }, opened));
    await book('U1', 2025, closeYear(undefined, ended));
    const order = await closed('U1');
    expect(await two.shared.waitFor(order, PATIENCE_MS)).toBe(true);
    const [entry] = (await two.processes.list({ year: 2024 }, { limit: 1 })) as [ProcessEntry];
    expect(entry).toMatchObject({ state: 'refused', attempts: 1, rejection: { code: 'YEAR_CLOSED' } });
    expect(await two.shared.retry(entry.id)).toMatchObject({ state: 'refused', attempts: 2 });
    await book('U1', 2025, reopenYear(ended));
    const both = await Promise.all([one.shared.retry(entry.id), two.shared.retry(entry.id)]);
    expect(both.map((answer) => answer?.state)).toEqual(['done', 'done']);
    expect(await two.processes.retries()).toEqual([]);
    expect(await two.shared.retry(randomUUID())).toBeUndefined();
  });

  it('rest while one of them takes a log in, also the one that takes over meanwhile', async () => {
    const [one, two, third] = [ledger(), ledger(), ledger()];
    one.take();
    await one.shared.waitFor(await closed('U1'), PATIENCE_MS);
    let order = 0n;
    await two.shared.pausedDuring(async () => {
      await expect(third.shared.pausedDuring(async () => 'never')).rejects.toMatchObject({
        status: 409,
        code: 'MAINTENANCE_RUNNING',
      });
      order = await closed('U2');
      one.lose();
      third.take();
      expect(await two.shared.waitFor(order, 500)).toBe(false);
      expect(await eventsIn(2025, 'U2')).toBe(0);
    });
    expect(await two.shared.waitFor(order, PATIENCE_MS)).toBe(true);
    expect(await statesOf(two)).toEqual(['U1 done', 'U2 done']);
  });

  it('say that the runner fails, and go on when it no longer does', async () => {
    let away = false;
    const unreliable: EventStore = {
      ...store,
      readAll: async (after, limit) => {
        if (away) throw new StoreUnavailable('refused');
        return store.readAll(after, limit);
      },
      subscribe: (after: Position | 'start', handle, options) =>
        store.subscribe(
          after,
          async (batch) => {
            if (away) throw new StoreUnavailable('refused');
            await handle(batch);
          },
          options,
        ),
    };
    const [one, two] = [ledger(unreliable), ledger()];
    one.take();
    await two.shared.waitFor(await closed('U1'), PATIENCE_MS);
    away = true;
    const order = await closed('U2');
    await until(
      () =>
        one.shared.check().then(
          () => 'fine',
          (error: Error) => error.name,
        ),
      (said) => said === 'StoreUnavailable',
    );
    away = false;
    expect(await two.shared.waitFor(order, PATIENCE_MS)).toBe(true);
    await one.shared.check();
  });
});
