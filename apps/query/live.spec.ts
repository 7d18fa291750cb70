import { randomInt, randomUUID } from 'node:crypto';
import { get } from 'node:http';
import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { BudgetCommand } from '#domain/budget/commands.js';
import { budgetStream } from '#domain/budget/decide.js';
import { add, adjust, approved, on, pay, requestPayment } from '#domain/budget/specification.js';
import { civilDate } from '#domain/calendar.js';
import type { Position } from '#domain/envelope.js';
import { listenOnLoopback } from '#platform/http.js';
import { openReadModels } from '#read-model/data-source.js';
import { createProjector } from '#read-model/projections/projector.js';
import { openReader, type LiveMessage, type LiveReader } from '../../test/support/live-reader.js';
import { INDICATORS, startReadSystem, U1_2024, type ReadSystem } from '../../test/support/read-system.js';
import { Live } from './live.js';

const STREAM = '/api/v1/stream';
const FIRST_DAY = civilDate('2024-01-01');

let system: ReadSystem;
let address: string;
const sockets = new Set<Socket>();
const readers: LiveReader[] = [];
beforeAll(async () => {
  system = await startReadSystem('2024-01-02T01:00:00Z', { heartbeatMs: 40 });
  address = await listenOnLoopback(system.app, 0);
  system.app.getHttpServer().on('connection', (socket: Socket) => sockets.add(socket));
  for (const unit of ['U1', 'U2', 'U3']) {
    await system.register({ type: 'RegisterUnit', unit, name: `单位${unit}`, validFrom: FIRST_DAY });
    await system.book(unit, 2024, approved({ A: '100000.00', B: '100000.00' }));
  }
});
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close();
  await eventually(() => system.app.get(Live).open === 0);
  jest.restoreAllMocks();
});
afterAll(() => system.stop());

const listen = async (query = '', lastEventId?: string): Promise<LiveReader> => {
  const reader = await openReader(address, `${STREAM}${query}`, lastEventId);
  readers.push(reader);
  return reader;
};
const told = (reader: Pick<LiveReader, 'messages'>, event: string): LiveMessage[] =>
  reader.messages.filter((message) => message.event === event);
const changesOf = (reader: Pick<LiveReader, 'messages'>): any[] =>
  told(reader, 'change').flatMap(({ data }) => data.changes);
const reached = (position: string) => (reader: LiveReader) => Number(reader.lastId) >= Number(position);

let numbers = 0;
const payment = (line = 'A'): BudgetCommand => pay(`L${(numbers += 1)}`, line, '1.00');
const booked = (unit = 'U1', count = 1): Promise<Position> =>
  system.book(unit, 2024, ...Array.from({ length: count }, () => payment()));

async function eventually(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a reader', () => {
  it('is told first where the read models stand, then what has come into them', async () => {
    const { body } = await system.get(`${U1_2024}/lines`);
    const reader = await listen();
    await reader.until(({ messages }) => messages.length === 1);
    expect(reader).toMatchObject({ status: 200 });
    expect(reader.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    const { position, recordedAt } = body;
    expect(reader.messages).toEqual([{ id: position, event: 'hello', data: { position, recordedAt, stale: [] } }]);
    const last = await system.book('U1', 2024, adjust('A1', [add('A', '500.00'), add('B', '1.00')]), payment());
    await reader.until(reached(last));
    const { messages } = reader;
    expect(messages.slice(1).reduce((count, { data }) => count + data.changes[0].events, 0)).toBe(3);
    expect(messages.at(-1)).toMatchObject({
      id: last,
      event: 'change',
      data: {
        position: last,
        recordedAt: new Date(system.clock.now - 1).toISOString(),
        changes: [{ unit: 'U1', year: 2024, family: 'budget', revision: 5 }],
      },
    });
    expect([...new Set(changesOf(reader).flatMap(({ types }) => types))]).toEqual(['BudgetAdded', 'PaymentExecuted']);
  });

  it('is told nothing that a read would not show yet', async () => {
    const reader = await listen();
    system.paused = true;
    const held = await booked();
    const beats = reader.comments;
    await reader.until(({ comments }) => comments > beats + 3);
    expect(told(reader, 'change')).toEqual([]);
    system.paused = false;
    await system.catchUp();
    await reader.until(reached(held));
    expect(changesOf(reader)).toMatchObject([{ unit: 'U1', events: 1, types: ['PaymentExecuted'] }]);
  });

  it('hears of what another process has projected', async () => {
    const reader = await listen();
    await reader.until(({ messages }) => messages.length === 1);
    system.paused = true;
    const last = await booked('U2', 3);
    const { url } = system.dataSource.options as { readonly url: string };
    const dataSource = await openReadModels(url);
    const other = await createProjector({ dataSource, log: system.store });
    await other.handle(await system.store.readAll(other.position, 500));
    await reader.until(reached(last));
    await dataSource.destroy();
    system.paused = false;
    // The own projector finds the position moved, and goes on from there.
    await system.catchUp().catch(() => system.catchUp());
    expect(changesOf(reader)).toMatchObject([{ unit: 'U2', events: 3 }]);
  });

  it('of one unit or year is told what concerns it, and its place moves past the rest', async () => {
    const [one, year, all] = await Promise.all([listen('?unit=U1&year=2024'), listen('?year=2025'), listen()]);
    await booked('U2');
    await system.approveTargets('U1', 2024, FIRST_DAY, INDICATORS);
    await system.book('U1', 2025, { ...approved({ A: '1.00' }), ...on('2025-01-01') });
    await system.register({ type: 'RenameUnit', unit: 'U2', name: '更名', validFrom: civilDate('2024-02-01') });
    const last = await system.register({
      type: 'RenameUnit',
      unit: 'U1',
      name: '新名',
      validFrom: civilDate('2024-02-01'),
    });
    await Promise.all([one, year, all].map((reader) => reader.until(reached(last))));
    const words = (reader: LiveReader) =>
      changesOf(reader).map(({ unit, year: of, family }) => [unit, of, family].filter(Boolean).join(' '));
    expect(words(one)).toEqual(['U1 2024 performance', 'U1 directory']);
    expect(words(year)).toEqual(['U1 2025 budget', 'U2 directory', 'U1 directory']);
    expect(words(all).sort()).toEqual(
      ['U2 2024 budget', 'U1 2024 performance', 'U1 2025 budget', 'U2 directory', 'U1 directory'].sort(),
    );
    const quiet = await listen('?unit=U3');
    const passed = await booked('U2', 2);
    await quiet.until(reached(passed));
    expect(quiet.messages).toHaveLength(1);
  });

  it('that is idle hears a sign of life again and again', async () => {
    const reader = await listen();
    await reader.until(({ comments }) => comments >= 5);
    expect(reader.messages).toHaveLength(1);
  });

  it.each([
    ['?unit=u1&year=24&colour=red', undefined, 400, 'INVALID_REQUEST', ['colour', 'unit', 'year']],
    ['?after=12x', undefined, 400, 'INVALID_REQUEST', ['after']],
    ['', '-1', 400, 'INVALID_REQUEST', ['Last-Event-ID']],
    ['?unit=U9', undefined, 404, 'UNKNOWN_UNIT', undefined],
    ['?after=999999', undefined, 422, 'POSITION_BEYOND_END', undefined],
    ['?after=1', '999999', 422, 'POSITION_BEYOND_END', undefined],
  ])('asking for %s after %s is refused: %i %s', async (query, lastEventId, status, code, parameters) => {
    const reader = await listen(query, lastEventId);
    expect([reader.status, reader.problem.code]).toEqual([status, code]);
    expect(reader.headers['content-type']).toContain('application/problem+json');
    expect(reader.problem.faults?.map(({ parameter }: any) => parameter).sort()).toEqual(parameters);
  });

  it('of a page of another origin, or by another name, is refused', async () => {
    const answer = await fetch(`${address}${STREAM}`, { headers: { origin: 'http://example.com' } });
    expect([answer.status, (await answer.json()) as object]).toMatchObject([403, { code: 'FOREIGN_ORIGIN' }]);
  });
});

describe('a reader that comes back', () => {
  const seed = randomInt(2 ** 31);
  const random = randomOf(seed);
  const chance = (sides: number): number => Math.floor(random() * sides);

  it(`is told everything once and in order, however often it is cut off (seed ${seed})`, async () => {
    const end = { position: '' };
    const all = Promise.all(Array.from({ length: 12 }, (_, index) => follow(index, end)));
    for (let round = 0; round < 60; round += 1) {
      const unit = `U${1 + chance(3)}`;
      const commands = Array.from({ length: 1 + chance(8) }, () =>
        chance(4) === 0 ? requestPayment('B', '1.00', { requestId: randomUUID() }) : payment(),
      );
      system.paused = chance(3) === 0;
      end.position = await system.book(unit, 2024, ...commands);
    }
    system.paused = false;
    await system.catchUp();
    end.position = `${await booked()} last`;
    for (const messages of await all) expect(await whole(messages)).toEqual([]);
  }, 120_000);

  /** Messages of a reader from the beginning of the log to its end, over as many connections as it takes. */
  async function follow(index: number, end: { readonly position: string }): Promise<LiveMessage[]> {
    const messages: LiveMessage[] = [];
    let place: string | undefined = 'start';
    for (let turn = 0; ; turn += 1) {
      const reader = await listen(index % 2 === 0 ? '' : '?after=start', place);
      const patience = 1 + chance(4);
      const done = () => end.position.endsWith(' last') && reached(end.position.split(' ')[0] ?? '')(reader);
      await reader.until(() => done() || reader.messages.length > patience || (patience === 1 && reader.comments > 1));
      const finished = done();
      reader.close();
      place = reader.lastId ?? place;
      messages.push(...told(reader, 'change'));
      if (finished) return messages;
    }
  }

  /** What is missing, repeated or out of order; the log itself says what there is. */
  async function whole(messages: readonly LiveMessage[]): Promise<string[]> {
    const revisions = new Map<string, number>();
    const faults: string[] = [];
    let before = 0;
    for (const { id, data } of messages) {
      if (Number(id) <= before) faults.push(`${id} after ${before}`);
      before = Number(id);
      for (const { unit, year, family, revision, events } of data.changes) {
        const stream = family === 'directory' ? 'directory' : `${family}-${unit}-${year}`;
        const last = revisions.get(stream) ?? -1;
        // In the directory the events of other units stand between.
        const next = family === 'directory' ? last + events : revision;
        if (next - events !== last) faults.push(`${stream}: ${events} events up to ${revision} after ${last}`);
        revisions.set(stream, next);
      }
    }
    const heads = new Map<string, number>();
    for (const { stream, revision } of await system.store.readAll('start', 100_000)) heads.set(stream, revision);
    for (const [stream, last] of heads) {
      if (revisions.get(stream) !== last) faults.push(`${stream} ends at ${revisions.get(stream)} of ${last}`);
    }
    return faults;
  }

  it('from a place that is not projected yet waits for what follows it', async () => {
    const first = await listen();
    system.paused = true;
    const place = await booked('U1', 2);
    const last = await booked('U1', 3);
    const reader = await listen('?unit=U1', place);
    await reader.until(({ messages }) => messages.length === 1);
    system.paused = false;
    await system.catchUp();
    await Promise.all([first, reader].map((each) => each.until(reached(last))));
    expect(changesOf(reader)).toMatchObject([{ events: 3 }]);
  });
});

describe('many readers', () => {
  it('share one reading of what is new, and all of them are told', async () => {
    const all = await Promise.all(Array.from({ length: 200 }, () => listen()));
    await Promise.all(all.map((reader) => reader.until(({ messages }) => messages.length === 1)));
    const read = jest.spyOn(system.store, 'readAll');
    const last = await booked('U1', 20);
    await Promise.all(all.map((reader) => reader.until(reached(last))));
    // The projector of this spec reads 40 of them.
    expect(read.mock.calls.length).toBeLessThan(200);
    for (const reader of all) expect(changesOf(reader).reduce((sum, { events }) => sum + events, 0)).toBe(20);
    expect((await system.get('/metrics')).body).toContain(
      'http_requests_open{method="GET",route="/api/v1/stream"} 200',
    );
    for (const reader of all) reader.close();
    await eventually(() => system.app.get(Live).open === 0);
  });

  it('leave nothing behind: nobody follows the log when nobody listens', async () => {
    (await listen()).close();
    // Some go before they have been answered at all.
    for (let count = 0; count < 20; count += 1) {
      const gone = get(`${address}${STREAM}?after=start`, { agent: false }).on('error', () => undefined);
      gone.once('socket', (socket) => socket.once('connect', () => setTimeout(() => gone.destroy(), count / 4)));
    }
    await (await listen()).until(({ messages }) => messages.length === 1);
    for (const reader of readers) reader.close();
    await eventually(() => system.app.get(Live).open === 0);
    await eventually(() => !system.app.get(Live).following);
    const metrics = (await system.get('/metrics')).body as string;
    expect(metrics).toContain('http_requests_open{method="GET",route="/api/v1/stream"} 0');
  });
});

describe('a slow reader', () => {
  it('costs its place only, gets many changes as one, and loses none', async () => {
    const [slow, quick] = await Promise.all([listen(), listen()]);
    await Promise.all([slow, quick].map((reader) => reader.until(({ messages }) => messages.length === 1)));
    const line = [...sockets].find(({ remotePort }) => remotePort === slow.port);
    // As if the network took nothing: what is written stays in the socket until it is full.
    line?.cork();
    const units = Array.from({ length: 30 }, (_, batch) =>
      Array.from({ length: 100 }, (__, one) => `S${batch}X${one}`),
    );
    for (const batch of units) {
      await registered(batch);
      await system.catchUp();
      await quick.until((reader) => changesOf(reader).length >= 100 * (units.indexOf(batch) + 1));
      expect(system.app.get(Live).waitingBytes).toBeLessThan(3 * 16_384);
    }
    expect(changesOf(slow)).toEqual([]);
    line?.uncork();
    await slow.until(reached(quick.lastId ?? ''));
    const names = (reader: LiveReader) => changesOf(reader).map(({ unit }) => unit as string);
    expect(names(slow)).toEqual(units.flat());
    expect(names(quick)).toEqual(units.flat());
    expect(Math.max(...told(slow, 'change').map(({ data }) => data.changes.length))).toBe(500);
    expect(told(slow, 'change').length).toBeLessThan(told(quick, 'change').length);
  });

  it('does not keep a system from stopping', async () => {
    const own = await startReadSystem();
    const taken: Socket[] = [];
    own.app.getHttpServer().on('connection', (socket: Socket) => taken.push(socket));
    const slow = await openReader(await listenOnLoopback(own.app, 0), STREAM);
    await slow.until(({ messages }) => messages.length === 1);
    for (const socket of taken) socket.cork();
    await own.stop();
    await slow.ended;
  });

  async function registered(batch: readonly string[]): Promise<void> {
    const head = await system.store.head('directory');
    const meta = { commandId: randomUUID(), actor: system.actor };
    const events = batch.map((unit) => ({
      type: 'UnitRegistered',
      version: 1,
      effectiveDate: FIRST_DAY,
      data: { unit, name: `单位${unit}`, validFrom: FIRST_DAY },
      meta,
      id: randomUUID(),
    }));
    await system.store.append('directory', head.revision, events);
  }
});

describe('a stream that stops at an event', () => {
  it('is told of once, then of what came in when it goes on', async () => {
    const reader = await listen('?unit=U3&year=2024');
    const head = await system.store.head(budgetStream('U3', 2024));
    const revision = Number(head.revision) + 1;
    const good = { type: 'PaymentExecuted', version: 1, ...on('03-01'), id: randomUUID() };
    const meta = { commandId: randomUUID(), actor: system.actor };
    await system.store.append(budgetStream('U3', 2024), head.revision, [{ ...good, type: 'Exploded', data: {}, meta }]);
    const voucher = { line: 'A', fen: 100, payee: { name: '某', kind: 'organisation' }, purpose: '补' };
    const rest = ['M2', 'M3'].map((voucherNo) => {
      const data = { ...voucher, voucherNo, overdrawn: false, beforeApproval: false };
      return { ...good, id: randomUUID(), data, meta };
    });
    const held = (await system.store.append(budgetStream('U3', 2024), revision, rest)).at(-1)?.position ?? '';
    const last = await booked('U1');
    await reader.until(reached(last));
    const stale = {
      unit: 'U3',
      year: 2024,
      family: 'budget',
      revision,
      reason: expect.stringContaining(`event ${revision} of budget-U3-2024 could not be projected`),
    };
    expect(reader.messages.slice(1).map(({ event, data }) => ({ event, data }))).toEqual([
      { event: 'stale', data: { ...stale, position: String(Number(held) - 2), recordedAt: expect.any(String) } },
    ]);

    const late = await listen('?unit=U3', held);
    await late.until(({ messages }) => messages.length === 1);
    expect(late.messages[0]?.data.stale).toEqual([stale]);

    const again = await listen('?unit=U3', String(Number(held) - 3));
    await again.until(reached(last));
    expect(again.messages.map(({ event }) => event)).toEqual(['hello', 'stale']);

    mended(revision, { ...good, data: { ...voucher, voucherNo: 'M1', overdrawn: false, beforeApproval: false } });
    expect(await system.projector.retryParked(budgetStream('U3', 2024))).toBeUndefined();
    await Promise.all([reader, late, again].map((each) => each.until((it) => changesOf(it).length > 0)));
    for (const each of [reader, late, again]) {
      expect(changesOf(each)).toEqual([
        { unit: 'U3', year: 2024, family: 'budget', revision: revision + 2, events: 3, types: ['PaymentExecuted'] },
      ]);
    }
    const fresh = await listen('?unit=U3');
    await fresh.until(({ messages }) => messages.length === 1);
    expect(fresh.messages[0]?.data.stale).toEqual([]);
  });

  /** The log as a program would read it that knows the event. */
  function mended(revision: number, event: object): void {
    const read = system.store.read.bind(system.store);
    jest.spyOn(system.store, 'read').mockImplementation(async function* (stream, range) {
      for await (const envelope of read(stream, range)) {
        yield stream === budgetStream('U3', 2024) && envelope.revision === revision
          ? { ...envelope, ...event }
          : envelope;
      }
    });
  }
});

function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
