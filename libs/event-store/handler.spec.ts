import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { v5 as uuidv5 } from 'uuid';
import { civilDate } from '#domain/calendar.js';
import { accept, reject, type Decider } from '#domain/decider.js';
import type { DomainEvent, Envelope, EventMeta } from '#domain/envelope.js';
import { collect, sampleEvent } from '#event-store/contract/subject.js';
import { createHandler, type Handler, type HandleContext, type Outcome } from '#event-store/handler.js';
import { createMemoryLog, createMemoryStore, type MemoryLog } from '#event-store/memory.js';
import { AppendTooLarge, StoreUnavailable, type EventStore } from '#event-store/port.js';

/** A purse: money goes in freely and out as far as there is some; a slip number is booked once. */
type Moved = DomainEvent<'Moved', { readonly amount: number; readonly slip?: string; readonly note?: string }>;
interface Purse {
  total: number;
  readonly slips: Set<string>;
}
type Move = { readonly amount: number; readonly slip?: string; readonly times?: number; readonly note?: string };
type Empty = { readonly code: 'PURSE_EMPTY'; readonly total: number };

const purse: Decider<Purse, Move, Moved, Empty> = {
  initialState: () => ({ total: 0, slips: new Set() }),
  evolve: (state, { data }) => {
    if (data.note === 'cannot be folded') throw new Error(data.note);
    state.total += data.amount;
    if (data.slip !== undefined) state.slips.add(data.slip);
    return state;
  },
  decide: ({ times = 1, ...data }, state) => {
    if (data.note === 'cannot be decided') throw new Error(data.note);
    if (data.slip !== undefined && state.slips.has(data.slip)) return accept<Moved>();
    if (state.total + times * data.amount < 0) return reject({ code: 'PURSE_EMPTY', total: state.total });
    const event: Moved = { type: 'Moved', effectiveDate: civilDate('2024-06-28'), data };
    return accept<Moved>(...Array.from({ length: times }, () => event));
  },
  versions: { Moved: 2 },
  upcast: (_, version, data) => (version === 1 ? { amount: (data as { fen: number }).fen } : data),
};

const STREAM = 'purse-A';
const NAMESPACE = '6f1f6d0e-3c43-5b0b-8a43-6f0a5b7f4c11';

function keyed(key: string, request: unknown = key, rest: Omit<HandleContext, 'meta'> = {}): HandleContext {
  const commandId = uuidv5(key, NAMESPACE);
  const requestHash = Buffer.from(JSON.stringify(request)).toString('hex');
  const meta: EventMeta = {
    commandId,
    actor: { id: 'clerk' },
    requestHash,
    causationId: commandId,
    correlationId: key,
  };
  return { meta, ...rest };
}

type Result = Outcome<Moved, Empty>;

let log: MemoryLog;
let store: EventStore;
let handler: Handler;
beforeEach(() => {
  log = createMemoryLog();
  store = createMemoryStore({ log });
  handler = createHandler({ store });
});

/** No time is lost on pauses, however many tries a test needs. */
const impatient = (over: EventStore): Handler => createHandler({ store: over, unknownPausesMs: [0, 0, 0, 0] });

const move = (command: Move, context: HandleContext, through: Handler = handler): Promise<Result> =>
  through.handle(STREAM, purse, command, context);
const add = (amount: number, key: string, through?: Handler): Promise<Result> => move({ amount }, keyed(key), through);
const stored = (): Promise<Envelope[]> => collect(store.read(STREAM));
const amounts = async (): Promise<number[]> => (await stored()).map((event) => (event.data as Moved['data']).amount);

/** A store that does to the nth append (from 0) what `faults` says. */
function faulty(faults: Record<number, 'reply lost' | 'request lost' | 'refused'>): EventStore {
  let calls = 0;
  return {
    ...store,
    append: async (...request) => {
      const fault = faults[calls++];
      if (fault === 'refused') throw new StoreUnavailable('refused');
      if (fault === 'request lost') throw new StoreUnavailable('unknown');
      const answer = await store.append(...request);
      if (fault === 'reply lost') throw new StoreUnavailable('unknown');
      return answer;
    },
  };
}

describe('an observer', () => {
  const observed = (over: EventStore) => {
    const seen: string[] = [];
    const observer = {
      appended: (outcome: string) => void seen.push(outcome),
      replayed: () => void seen.push('replayed'),
    };
    return { seen, through: createHandler({ store: over, observer, unknownPausesMs: [0] }) };
  };

  it('is told how each append ended, and of repeats', async () => {
    const { seen, through } = observed(faulty({ 1: 'reply lost', 3: 'refused', 4: 'request lost', 5: 'request lost' }));
    await add(1, 'a', through);
    await add(1, 'b', through);
    await add(1, 'b', through);
    await expect(add(1, 'c', through)).rejects.toThrow(StoreUnavailable);
    await expect(add(1, 'd', through)).rejects.toThrow(StoreUnavailable);
    await expect(move({ amount: 1, note: 'x'.repeat(1_000_001) }, keyed('e'), through)).rejects.toThrow(AppendTooLarge);
    expect(seen).toEqual(['stored', 'unknown', 'stored', 'replayed', 'unavailable', 'unknown', 'unknown']);
  });

  it('is told of commands that lost to another process, and of the same command twice at once', async () => {
    const { seen, through } = observed(store);
    await add(1, 'a', through);
    await add(1, 'b');
    await Promise.all([add(1, 'c', through), add(1, 'c', through)]);
    expect(seen).toEqual(['stored', 'conflict', 'stored', 'replayed']);
  });
});

describe('a command', () => {
  it('is decided on the state of its stream and stored with its meta', async () => {
    await add(5, 'a');
    const outcome = await move({ amount: -2, times: 2 }, keyed('b'));
    expect(outcome).toMatchObject({ kind: 'done', replayed: false, revision: 2 });
    expect(await stored()).toMatchObject([
      { revision: 0, type: 'Moved', version: 2, data: { amount: 5 }, meta: keyed('a').meta },
      { revision: 1, id: uuidv5('0', uuidv5('b', NAMESPACE)), data: { amount: -2 }, meta: keyed('b').meta },
      { revision: 2, id: uuidv5('1', uuidv5('b', NAMESPACE)), data: { amount: -2 } },
    ]);
    expect((await stored())[2]?.meta).toEqual({ commandId: uuidv5('b', NAMESPACE), actor: { id: 'clerk' } });
    expect(outcome).toMatchObject({ events: (await stored()).slice(1), position: (await stored())[2]?.position });
  });

  it('is the same one in another trace, which is not written anew', async () => {
    const traced = (traceparent: string): HandleContext => ({ meta: { ...keyed('a').meta, traceparent } });
    await move({ amount: 5 }, traced('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'));
    const again = await move({ amount: 5 }, traced('00-11111111111111111111111111111111-2222222222222222-00'));
    expect(again).toMatchObject({ kind: 'done', replayed: true });
    expect((await stored()).map(({ meta }) => meta.traceparent)).toEqual([
      '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    ]);
  });

  it('is refused with the facts, and writes nothing', async () => {
    await add(5, 'a');
    const rejection = { code: 'PURSE_EMPTY', total: 5 };
    expect(await add(-6, 'b')).toEqual({ kind: 'rejected', rejection });
    expect(await amounts()).toEqual([5]);
  });

  it('is decided anew when a refused one comes again', async () => {
    expect(await add(-1, 'a')).toMatchObject({ kind: 'rejected' });
    await add(5, 'b');
    expect(await add(-1, 'a')).toMatchObject({ kind: 'done', replayed: false });
  });

  it('may find nothing to write', async () => {
    const first = await move({ amount: 5, slip: 'S-1' }, keyed('a'));
    await add(1, 'b');
    const again = await move({ amount: 5, slip: 'S-1' }, keyed('c'));
    expect(first).toMatchObject({ kind: 'done', revision: 0 });
    const last = (await stored()).at(-1);
    expect(again).toEqual({ kind: 'done', events: [], replayed: false, revision: 1, position: last?.position });
  });

  it('sees older versions of events brought up to date', async () => {
    await store.append(STREAM, 'none', [sampleEvent({ type: 'Moved', version: 1, data: { fen: 7 } })]);
    expect(await add(-7, 'a')).toMatchObject({ kind: 'done', revision: 1 });
  });

  it('is decided on strings as they are stored', async () => {
    await move({ amount: 1, slip: 'Cafe\u0301' }, keyed('a'));
    expect(await move({ amount: 1, slip: 'Caf\u00e9' }, keyed('b'))).toMatchObject({ kind: 'done', events: [] });
    expect(await move({ amount: 1, slip: 'Cafe\u0301' }, keyed('c'))).toMatchObject({ kind: 'done', events: [] });
  });

  it('of more than 500 events is one append', async () => {
    await move({ amount: 1, times: 1_200 }, keyed('a'));
    expect(await amounts()).toHaveLength(1_200);
  });

  it('too large for one append is refused with the figure, and harms nobody beside it', async () => {
    const [large, small] = await Promise.allSettled([
      move({ amount: 1, times: 2_000, note: 'x'.repeat(600) }, keyed('a')),
      add(1, 'b'),
    ]);
    expect(large).toMatchObject({ status: 'rejected', reason: expect.any(AppendTooLarge) });
    expect(small).toMatchObject({ status: 'fulfilled', value: { kind: 'done' } });
    expect(await amounts()).toEqual([1]);
  });
});

describe('a repeat', () => {
  it('is one event and the same answer, for 100 at once with one key and body', async () => {
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => add(5, 'a')));
    expect(await amounts()).toEqual([5]);
    const answers = outcomes.map((outcome) => ({ ...outcome, replayed: undefined }));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(outcomes.filter((outcome) => outcome.kind === 'done' && !outcome.replayed)).toHaveLength(1);
  });

  it('is known after a restart, before If-Match and before all rules', async () => {
    await add(5, 'a');
    const taken = await move({ amount: -5 }, keyed('b', 'b', { ifRevision: 0 }));
    const restarted = createHandler({ store: createMemoryStore({ log }) });
    const again = await move({ amount: -5 }, keyed('b', 'b', { ifRevision: 0 }), restarted);
    expect(again).toEqual({ ...taken, replayed: true });
    expect(await amounts()).toEqual([5, -5]);
  });

  it('gives all events of its command and none beside', async () => {
    await add(5, 'a');
    const first = await move({ amount: 1, times: 3 }, keyed('b'));
    await add(7, 'c');
    expect(await move({ amount: 1, times: 3 }, keyed('b'))).toEqual({ ...first, replayed: true });
  });

  it('of the key with another request is told apart, stored or still waiting', async () => {
    const together = await Promise.all([add(5, 'a'), move({ amount: 6 }, keyed('a', 'another'))]);
    expect(together).toMatchObject([{ kind: 'done' }, { kind: 'key-reused' }]);
    expect(await move({ amount: 6 }, keyed('a', 'another'))).toEqual({ kind: 'key-reused' });
    expect(await amounts()).toEqual([5]);
  });
});

describe('If-Match', () => {
  it.each([
    ['none', 'none', 'done'],
    ['an earlier revision', 0, 'revision-mismatch'],
    ['the last revision', 1, 'done'],
    ['a revision to come', 2, 'revision-mismatch'],
  ] as const)('compares %s', async (_, ifRevision, kind) => {
    const exists = ifRevision !== 'none';
    if (exists) await move({ amount: 1, times: 2 }, keyed('a'));
    const outcome = await move({ amount: 1 }, keyed('b', 'b', { ifRevision }));
    expect(outcome).toMatchObject(kind === 'done' ? { kind } : { kind, actual: 1 });
  });

  it('lets one of many through', async () => {
    const keys = Array.from({ length: 10 }, (_, index) => `k${index}`);
    const outcomes = await Promise.all(keys.map((key) => move({ amount: 1 }, keyed(key, key, { ifRevision: 'none' }))));
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(['done', ...keys.slice(1).map(() => 'revision-mismatch')]);
  });
});

describe('a dry run', () => {
  it('shows what would be written, or the refusal, and writes nothing', async () => {
    const dry = (amount: number): Promise<Result> => move({ amount }, keyed('a', 'a', { dryRun: true }));
    expect(await dry(5)).toEqual({
      kind: 'trial',
      events: [{ type: 'Moved', effectiveDate: '2024-06-28', data: { amount: 5 } }],
    });
    expect(await dry(-5)).toMatchObject({ kind: 'rejected' });
    expect(await stored()).toEqual([]);
  });

  it('does not look its key up', async () => {
    await add(5, 'a');
    expect(await move({ amount: -1 }, keyed('a', 'a', { dryRun: true }))).toMatchObject({ kind: 'trial' });
  });

  it('sees what waits before it, and nothing that failed', async () => {
    const [, dry] = await Promise.all([add(5, 'a'), move({ amount: -5 }, keyed('b', 'b', { dryRun: true }))]);
    expect(dry).toMatchObject({ kind: 'trial' });
    const failing = impatient(faulty({ 0: 'refused' }));
    const [lost, refused] = await Promise.allSettled([
      add(5, 'c', failing),
      move({ amount: -6 }, keyed('d', 'd', { dryRun: true }), failing),
    ]);
    expect(lost).toMatchObject({ status: 'rejected' });
    expect(refused).toMatchObject({ status: 'fulfilled', value: { kind: 'rejected', rejection: { total: 5 } } });
  });
});

describe('commands of one stream', () => {
  it('are handled in the order in which they came, and stored together', async () => {
    let appends = 0;
    const counting = createHandler({
      store: {
        ...store,
        append: (...request) => {
          appends += 1;
          return store.append(...request);
        },
      },
    });
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 1_200 }, (_, index) => add(index, `k${index}`, counting).then(() => order.push(index))),
    );
    expect(await amounts()).toEqual(Array.from({ length: 1_200 }, (_, index) => index));
    expect(order).toEqual(Array.from({ length: 1_200 }, (_, index) => index));
    expect(appends).toBe(3);
  });

  it('never take out more than is there', async () => {
    await add(1_000, 'open');
    const outcomes = await Promise.all(Array.from({ length: 1_500 }, (_, index) => add(-1, `k${index}`)));
    expect(outcomes.filter((outcome) => outcome.kind === 'done')).toHaveLength(1_000);
    expect(await amounts()).toHaveLength(1_001);
  });

  it('do not keep other streams waiting', async () => {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const stuck = createHandler({
      store: {
        ...store,
        append: async (stream, ...rest) => {
          if (stream === STREAM) await released;
          return store.append(stream, ...rest);
        },
      },
    });
    const first = add(1, 'a', stuck);
    await stuck.handle('purse-B', purse, { amount: 1 }, keyed('b'));
    release();
    expect(await first).toMatchObject({ kind: 'done' });
  });

  it('go on after one whose decision throws', async () => {
    const outcomes = await Promise.allSettled([
      add(1, 'a'),
      move({ amount: 1, note: 'cannot be decided' }, keyed('b')),
      add(2, 'c'),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await amounts()).toEqual([1, 2]);
  });

  it('go on after one whose event cannot be folded, which is not stored', async () => {
    const outcomes = await Promise.allSettled([
      add(1, 'a'),
      move({ amount: 1, note: 'cannot be folded' }, keyed('b')),
      add(2, 'c'),
      add(1, 'a'),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(await amounts()).toEqual([1, 2]);
    expect(await add(-4, 'd')).toMatchObject({ kind: 'rejected', rejection: { total: 3 } });
  });

  it('are not decided on a log that cannot be folded', async () => {
    const data = { amount: 1, note: 'cannot be folded' };
    await store.append(STREAM, 'none', [sampleEvent({ type: 'Moved', version: 2, data })]);
    await expect(add(1, 'a')).rejects.toThrow('purse-A: the event at revision 0 cannot be folded');
  });
});

describe('another process', () => {
  it('wins a revision: the command is decided again on what it wrote', async () => {
    const other = createHandler({ store: createMemoryStore({ log }) });
    await add(5, 'a');
    await add(-3, 'b', other);
    expect(await add(2, 'c')).toMatchObject({ kind: 'done', revision: 2 });
    await add(-4, 'd', other);
    expect(await add(-1, 'e')).toEqual({ kind: 'rejected', rejection: { code: 'PURSE_EMPTY', total: 0 } });
    await add(1, 'f', other);
    expect(await move({ amount: 1 }, keyed('g', 'g', { ifRevision: 3 }))).toMatchObject({ actual: 4 });
    expect(await add(1, 'f')).toMatchObject({ kind: 'done', replayed: true });
    expect((await handler.load(STREAM, purse)).revision).toBe(4);
  });

  it('may use the same key for another request at the same revision: one of the two is told', async () => {
    const other = createHandler({ store: createMemoryStore({ log }) });
    const outcomes = await Promise.all([
      move({ amount: 0 }, keyed('a', 'one'), other),
      move({ amount: 5 }, keyed('a', 'two')),
      move({ amount: -5 }, keyed('b')),
    ]);
    expect(outcomes).toMatchObject([{ kind: 'done' }, { kind: 'key-reused' }, { kind: 'rejected' }]);
    expect(await amounts()).toEqual([0]);
  });

  it('has stored the same command and more: who stands beside it is not refused on the state before', async () => {
    const other = createHandler({ store: createMemoryStore({ log }) });
    await add(5, 'a');
    await add(-3, 'b', other);
    await add(10, 'c', other);
    await add(-9, 'd', other);
    // The append of b is a repeat and succeeds, though the stream has gone on.
    const outcomes = await Promise.all([add(-3, 'b'), add(-9, 'd'), add(-4, 'e')]);
    expect(outcomes).toMatchObject([
      { kind: 'done', revision: 1 },
      { kind: 'done', replayed: true, revision: 3 },
      { kind: 'rejected', rejection: { total: 3 } },
    ]);
    await add(-3, 'f', other);
    await add(7, 'g', other);
    const [, loaded] = await Promise.all([add(-3, 'f'), handler.load(STREAM, purse)]);
    expect([loaded.state.total, loaded.revision]).toEqual([7, 5]);
    expect(await amounts()).toEqual([5, -3, 10, -9, -3, 7]);
  });

  it('and this one write at the same time: nothing is lost and nothing twice', async () => {
    const others = Array.from({ length: 3 }, () => createHandler({ store: createMemoryStore({ log }) }));
    const outcomes = await Promise.all(
      Array.from({ length: 90 }, (_, index) => add(1, `k${index % 60}`, others[index % 3])),
    );
    expect(outcomes.every((outcome) => outcome.kind === 'done')).toBe(true);
    expect(await amounts()).toHaveLength(60);
  });
});

describe('a store that does not answer', () => {
  it('after it stored the events: they are stored once, and the command is done', async () => {
    const shaky = impatient(faulty({ 0: 'reply lost', 2: 'reply lost', 3: 'reply lost' }));
    expect(await add(5, 'a', shaky)).toMatchObject({ kind: 'done', replayed: false, revision: 0 });
    expect(await add(6, 'b', shaky)).toMatchObject({ kind: 'done', replayed: false, revision: 1 });
    expect(await amounts()).toEqual([5, 6]);
  });

  it('before it stored them: they are stored once too', async () => {
    const shaky = impatient(faulty({ 0: 'request lost', 1: 'refused' }));
    expect(await add(5, 'a', shaky)).toMatchObject({ kind: 'done', revision: 0 });
    expect(await amounts()).toEqual([5]);
  });

  it('for long: the outcome stays unknown, and the same command later finds what happened', async () => {
    const faults = { 0: 'reply lost', 1: 'refused', 2: 'refused', 3: 'refused', 4: 'refused' } as const;
    const shaky = impatient(faulty(faults));
    await expect(add(5, 'a', shaky)).rejects.toMatchObject({ name: 'StoreUnavailable', outcome: 'unknown' });
    expect(await add(5, 'a', shaky)).toMatchObject({ kind: 'done', replayed: true });
    expect(await amounts()).toEqual([5]);
  });

  it('because it is gone: refused at once, the state as before', async () => {
    const shaky = impatient(faulty({ 1: 'refused' }));
    await add(5, 'a', shaky);
    await expect(add(-5, 'b', shaky)).rejects.toMatchObject({ name: 'StoreUnavailable', outcome: 'refused' });
    expect(await add(-5, 'c', shaky)).toMatchObject({ kind: 'done' });
  });
});

describe('load', () => {
  it('gives the state after what was asked before it', async () => {
    void add(5, 'a');
    const { state, revision } = await handler.load(STREAM, purse);
    expect([state.total, revision]).toEqual([5, 0]);
  });

  it('shows a state that stands still until the next await', async () => {
    void add(5, 'a');
    const loading = handler.load(STREAM, purse);
    for (let index = 0; index < 10; index += 1) void add(1, `b${index}`);
    const { state, revision } = await loading;
    expect(state.total).toBe(5 + revision);
  });

  it('gives the initial state of an unknown stream', async () => {
    expect(await handler.load(STREAM, purse)).toMatchObject({ state: purse.initialState(), revision: -1 });
  });

  it('knows which commands are stored', async () => {
    await add(5, 'one');
    const { knows } = await handler.load(STREAM, purse);
    expect(['one', 'two'].map((key) => knows(keyed(key).meta.commandId))).toEqual([true, false]);
  });
});

describe('any interleaving of commands and repeats', () => {
  const commands = fc.array(
    fc.record({ key: fc.integer({ min: 0, max: 15 }), amount: fc.integer({ min: -9, max: 9 }), gap: fc.boolean() }),
    { maxLength: 60 },
  );
  const fault = fc.constantFrom('reply lost', 'request lost', undefined);

  it('books every accepted key once, at an amount that was there', async () => {
    await fc.assert(
      fc.asyncProperty(commands, fc.array(fault, { maxLength: 3 }), async (steps, faults) => {
        log = createMemoryLog();
        store = createMemoryStore({ log });
        const handlers = [impatient(faulty({ ...faults } as never)), createHandler({ store })];
        const answers: Promise<Result>[] = [];
        for (const [index, { key, amount, gap }] of steps.entries()) {
          answers.push(move({ amount }, keyed(`k${key}`, amount), handlers[index % 2]));
          if (gap) await answers.at(-1);
        }
        const outcomes = await Promise.all(answers);
        const events = await stored();
        const accepted = new Set(
          outcomes.flatMap((outcome, index) => (outcome.kind === 'done' ? [steps[index]?.key] : [])),
        );
        expect(events).toHaveLength(accepted.size);
        let total = 0;
        for (const event of events) {
          total += (event.data as Moved['data']).amount;
          expect(total).toBeGreaterThanOrEqual(0);
        }
        const before = events.length;
        for (const { key, amount } of steps) await move({ amount }, keyed(`k${key}`, amount), handlers[1]);
        const rest = (await stored()).slice(before);
        expect(rest.every((event) => !events.some((old) => old.meta.commandId === event.meta.commandId))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
