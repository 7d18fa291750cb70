/**
 * A log that arrives in partitions, by a broker that keeps the order of each: the read models are those of the log as a whole.
 * One history again, by the seed that a failure prints: HISTORY_SEED=1234 npm test -- libs/read-model/projections/partitions
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { approved, pay } from '#domain/budget/specification.js';
import { civilDate, type CivilDate } from '#domain/calendar.js';
import type { Envelope, Position } from '#domain/envelope.js';
import { openReadModels } from '#read-model/data-source.js';
import type { Place } from '#read-model/projections/clock.js';
import type { LogReader } from '#read-model/projections/log-reader.js';
import { loggedTime, type ClockStep } from '#read-model/projections/logged-time.js';
import {
  OtherDelivery,
  partitionNamed,
  preparePartitions,
  type Partitions,
} from '#read-model/projections/partitions.js';
import { createProjector, type Projector } from '#read-model/projections/projector.js';
import { rebuild } from '#read-model/projections/rebuild.js';
import { rollback } from '#read-model/projections/rollback.js';
import { AnotherOwner, NoSuchPartition } from '#read-model/projections/transaction.js';
import { verify } from '#read-model/projections/verify.js';
import { figures } from '#read-model/queries/figures.js';
import { freshness, placeAt, streamRevision, timeOf } from '#read-model/queries/known.js';
import { RecordedLog, allRows } from '#read-model/specification.js';
import { chanceOf, type Chance } from '../../../test/support/chance.js';
import { answerText, foldOf, foldedAnswer } from '../../../test/support/fold.js';
import { longHistory } from '../../../test/support/histories.js';
import { createDatabase, type TestDatabase } from '../../../test/support/postgres.js';

const NAMES = ['p0', 'p1', 'p2'];
const HISTORIES = 6;
const QUESTIONS = 200;
const GIVEN_SEED = process.env['HISTORY_SEED'];
const FIRST_SEED = GIVEN_SEED === undefined ? Date.now() % 1_000_000_000 : Number(GIVEN_SEED);
const seeds = Array.from({ length: GIVEN_SEED === undefined ? HISTORIES : 1 }, (_, nth) => FIRST_SEED + nth);

let database: TestDatabase;
let dataSource: DataSource;

beforeAll(async () => {
  database = await createDatabase();
  dataSource = await openReadModels(database.url);
});

afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

beforeEach(emptied);

async function emptied(): Promise<void> {
  for (const schema of ['read_next', 'read_old']) await dataSource.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  for (const table of Object.keys(await allRows(dataSource))) await dataSource.query(`TRUNCATE ${table}`);
}

// ---- A log with room between its events -----------------------------------------------------------------------------

const GAP = 10;

/** The events of a log at every tenth position: between them, marks of the clock may lie. */
class SpaciousLog implements LogReader {
  readonly events: readonly Envelope[];
  constructor(log: RecordedLog) {
    this.events = log.events.map((event, nth) => ({ ...event, position: String((nth + 1) * GAP) as Position }));
  }
  readAll(after: Position | 'start', limit: number): Promise<readonly Envelope[]> {
    const from = Math.floor(Number(this.order(after)) / GAP);
    return Promise.resolve(this.events.slice(from, from + limit));
  }
  async *read(stream: string, { from = 0, limit = Infinity } = {}): AsyncGenerator<Envelope> {
    const own = this.events.filter((event) => event.stream === stream && event.revision >= from);
    for (const event of own.slice(0, limit)) yield await Promise.resolve(event);
  }
  settled(): Promise<Position | 'start'> {
    return Promise.resolve(this.events.at(-1)?.position ?? 'start');
  }
  order(position: Position | 'start'): bigint {
    return position === 'start' ? 0n : BigInt(position);
  }
}

/** What whoever follows the log keeps of a clock that stepped back. */
function stepsOf({ events }: SpaciousLog): ClockStep[] {
  let time = 0;
  return events.flatMap(({ recordedAt, position }) => {
    const stepped = recordedAt < time;
    time = Math.max(time, recordedAt);
    return stepped ? [{ from: BigInt(position), through: BigInt(position), time }] : [];
  });
}

const timedLog = (log: SpaciousLog): LogReader => {
  const steps = stepsOf(log);
  return loggedTime(log, async (from, through) => steps.filter((step) => step.through >= from && step.from <= through));
};

async function eventsOf(log: LogReader): Promise<readonly Envelope[]> {
  return log.readAll('start', 1_000_000);
}

// ---- A broker -------------------------------------------------------------------------------------------------------

type Message = { readonly event: Envelope } | { readonly through: Place };

/** Events by partition, and now and then a heartbeat: everything of the partition up to there was sent before. */
function sentTo(partitions: Partitions, events: readonly Envelope[], chance: Chance): Map<string, Message[]> {
  const sent = new Map<string, Message[]>(partitions.names.map((name) => [name, []]));
  for (const event of events) {
    sent.get(partitions.of(event.stream))!.push({ event });
    if (!chance.happens(0.3)) continue;
    const position = BigInt(event.position) + BigInt(chance.below(GAP));
    const through = { position, opaque: String(position) as Position, recordedAt: event.recordedAt };
    for (const name of partitions.names) if (chance.happens(0.8)) sent.get(name)!.push({ through });
  }
  const last = events.at(-1)!;
  const position = BigInt(last.position) + 1n;
  const through = { position, opaque: String(position) as Position, recordedAt: last.recordedAt };
  for (const messages of sent.values()) messages.push({ through });
  return sent;
}

const eventsIn = (messages: readonly Message[]): Envelope[] =>
  messages.flatMap((message) => ('event' in message ? [message.event] : []));

async function deliver(projector: Projector, messages: readonly Message[]): Promise<void> {
  const after = messages.findLastIndex((message) => 'through' in message);
  const heartbeat = messages[after];
  if (heartbeat !== undefined && 'through' in heartbeat)
    await projector.handle(eventsIn(messages.slice(0, after)), heartbeat.through);
  const rest = eventsIn(messages.slice(after + 1));
  if (rest.length > 0) await projector.handle(rest);
}

class Group {
  readonly #places = new Map<string, number>();
  readonly #projectors = new Map<string, Projector>();

  constructor(
    private readonly partitions: Partitions,
    private readonly log: LogReader,
    private readonly sent: ReadonlyMap<string, readonly Message[]>,
  ) {}

  get names(): string[] {
    return this.partitions.names.filter((name) => (this.#places.get(name) ?? 0) < this.sent.get(name)!.length);
  }

  async open(name: string): Promise<Projector> {
    const partition = partitionNamed(this.partitions, name);
    const projector = await createProjector({ dataSource, log: this.log, partition });
    this.#projectors.set(name, projector);
    return projector;
  }

  /** Some messages, perhaps again, perhaps by one who starts anew, perhaps with some taken for done that were not. */
  async step(name: string, chance: Chance): Promise<void> {
    const messages = this.sent.get(name)!;
    let at = this.#places.get(name) ?? 0;
    let projector = this.#projectors.get(name) ?? (await this.open(name));
    if (chance.happens(0.15)) {
      projector = await this.open(name);
      if (chance.happens(0.5)) at = Math.min(at + chance.below(6), messages.length - 1);
    }
    if (chance.happens(0.2)) at = Math.max(0, at - chance.below(12));
    if (chance.happens(0.1) && at + 1 < messages.length) {
      projector.doubt();
      at += 1;
    }
    const end = Math.min(messages.length, at + 1 + chance.below(12));
    await deliver(projector, messages.slice(at, end));
    this.#places.set(name, Math.max(this.#places.get(name) ?? 0, end));
  }
}

function partitionsBy(events: readonly Envelope[]): Partitions {
  const streams = [...new Set(events.map(({ stream }) => stream))];
  return { names: NAMES, of: (stream) => NAMES[Math.max(0, streams.indexOf(stream)) % NAMES.length]! };
}

const withoutPositions = ({ projection_position: _, ...rows }: Record<string, readonly string[]>) => rows;

// ---- Questions ------------------------------------------------------------------------------------------------------

interface Question {
  readonly asOf: CivilDate;
  readonly instant: number;
}

const ask = async ({
  asOf,
  instant,
}: Question): Promise<{ place: bigint; answer: string[]; time: number | undefined }> => {
  const { order } = await placeAt(dataSource, instant);
  const answer = answerText(await figures(dataSource, { unit: 'U1', year: 2024, asOf, knownAt: order }));
  return { place: order, answer, time: await timeOf(dataSource, order) };
};

describe('a history in three partitions', () => {
  it.each(seeds)('gives the rows of the whole log, and frozen answers stay frozen (seed %i)', async (seed) => {
    const chance = chanceOf(seed);
    const log = new SpaciousLog(longHistory(seed, 150));
    const whole = await createProjector({ dataSource, log });
    await whole.handle(log.events);
    const expected = withoutPositions(await allRows(dataSource));
    await emptied();

    const timed = timedLog(log);
    const events = await eventsOf(timed);
    const partitions = partitionsBy(events);
    await preparePartitions(dataSource, NAMES, 0n);
    const group = new Group(partitions, timed, sentTo(partitions, events, chance));
    const { effects } = foldOf(events, 'U1');
    const frozen: { question: Question; then: Awaited<ReturnType<typeof ask>> }[] = [];
    for (let steps = 0; group.names.length > 0; steps += 1) {
      const working = group.names.filter(() => chance.happens(0.6));
      await Promise.all(working.map((name) => group.step(name, chance)));
      if (steps % 4 !== 0) continue;
      const least = (await freshness(dataSource)).order;
      const past = events.filter(({ position }) => BigInt(position) <= least);
      const latest = past.at(-1)?.recordedAt ?? 0;
      for (let asked = 0; asked < 12 && frozen.length < QUESTIONS && past.length > 0; asked += 1) {
        const instant = chance.pick(past)!.recordedAt + chance.pick([0, 0, -1, 1, 400]);
        const question = { asOf: chance.pick(events)!.effectiveDate, instant };
        if (!question.asOf.startsWith('2024') || instant >= latest) continue;
        const then = await ask(question);
        const place = past.filter(({ recordedAt }) => recordedAt <= instant).at(-1)?.position ?? '-1';
        expect({ seed, ...question, place: then.place }).toEqual({ seed, ...question, place: BigInt(place) });
        expect(then.answer).toEqual(foldedAnswer(effects, question.asOf, Number(place)));
        frozen.push({ question, then });
      }
    }
    expect(withoutPositions(await allRows(dataSource))).toEqual(expected);
    for (const { question, then } of frozen) expect(await ask(question)).toEqual(then);
    expect(frozen.length).toBeGreaterThan(20);
    expect(await verify(dataSource, timed, { partitions })).toMatchObject({ equal: true, events: events.length });
  });
});

// ---- One by one -----------------------------------------------------------------------------------------------------

/** Two budgets and two partitions, `pA` and `pB`; every booking is an event of its own. */
function twoBudgets() {
  const recorded = new RecordedLog();
  recorded.book('A', 2024, approved({ L: '1000.00' }));
  recorded.book('B', 2024, approved({ L: '1000.00' }));
  const partitions: Partitions = { names: ['pA', 'pB'], of: (stream) => (stream.startsWith('budget-A') ? 'pA' : 'pB') };
  const book = (unit: 'A' | 'B', voucher: string): void => void recorded.book(unit, 2024, pay(voucher, 'L', '1.00'));
  /** As it stands now. */
  const log = (): SpaciousLog => new SpaciousLog(recorded);
  const live: LogReader = {
    readAll: (after, limit) => log().readAll(after, limit),
    read: (stream, options) => log().read(stream, options),
    settled: () => log().settled(),
    order: (position) => log().order(position),
  };
  const open = (name: string, of: LogReader = live): Promise<Projector> =>
    createProjector({ dataSource, log: of, partition: partitionNamed(partitions, name) });
  const of = (name: string): readonly Envelope[] => log().events.filter(({ stream }) => partitions.of(stream) === name);
  return { recorded, partitions, book, log, open, of };
}

const through = (position: number, recordedAt = 1): Place => ({
  position: BigInt(position),
  opaque: String(position) as Position,
  recordedAt,
});

const paid = async (unit: string): Promise<number> =>
  (await figures(dataSource, { unit, year: 2024, asOf: civilDate('2024-12-31') })).find(({ kind }) => kind === 'paid')
    ?.fen ?? 0;

describe('partitions', () => {
  it('are all there from the start, so that the least of them is how far the read models are', async () => {
    const { partitions, open, of } = twoBudgets();
    await preparePartitions(dataSource, partitions.names, 0n);
    await (await open('pA')).handle(of('pA'));
    expect(await freshness(dataSource)).toMatchObject({ order: 0n, position: 'start', recordedAt: 0 });
    await (await open('pB')).handle(of('pB'));
    expect((await freshness(dataSource)).order).toBe(BigInt(of('pA').at(-1)!.position));
  });

  it('move by heartbeats alone, which leave what is known as it is', async () => {
    const { partitions, open, of } = twoBudgets();
    await preparePartitions(dataSource, partitions.names, 0n);
    const [a, b] = [await open('pA'), await open('pB')];
    await a.handle(of('pA'), through(55, Date.UTC(2025, 0, 1)));
    await b.handle(of('pB'), through(57));
    const rows = withoutPositions(await allRows(dataSource));
    const { last, order, recordedAt } = await freshness(dataSource);
    expect([order, last]).toEqual([55n, BigInt(of('pB').at(-1)!.position)]);
    expect(recordedAt).toBe(of('pB').at(-1)!.recordedAt);
    await Promise.all([a.handle([], through(90)), b.handle([], through(93)), b.handle([], through(80))]);
    expect(await freshness(dataSource)).toMatchObject({ order: 90n, position: '90', last, recordedAt });
    expect(withoutPositions(await allRows(dataSource))).toEqual(rows);
  });

  it('say which revision stands at a place that another partition has not reached', async () => {
    const { partitions, book, open, of } = twoBudgets();
    for (const voucher of ['V1', 'V2', 'V3']) book('A', voucher);
    await preparePartitions(dataSource, partitions.names, 0n);
    await (await open('pA')).handle(of('pA'));
    for (const { position, revision } of of('pA')) {
      expect(await streamRevision(dataSource, 'budget-A-2024', BigInt(position) + 3n)).toBe(revision);
    }
    expect(await streamRevision(dataSource, 'budget-A-2024', 5n)).toBeUndefined();
  });

  it('are refused where a log is followed as a whole, and the other way round', async () => {
    const { log, partitions } = twoBudgets();
    await createProjector({ dataSource, log: log() });
    await expect(preparePartitions(dataSource, partitions.names, 0n)).rejects.toThrow(OtherDelivery);
    await emptied();
    await preparePartitions(dataSource, partitions.names, 0n);
    await expect(createProjector({ dataSource, log: log() })).rejects.toThrow(
      'filled in 2 partitions, and cannot go on',
    );
    const rows: unknown[] = await dataSource.query('SELECT FROM projection_position');
    expect(rows).toHaveLength(2);
  });

  it('of another number begin where the last of those before was, and those before are told', async () => {
    const { partitions, open, of, log } = twoBudgets();
    await preparePartitions(dataSource, partitions.names, 0n);
    const [a, b] = [await open('pA'), await open('pB')];
    await a.handle(of('pA'), through(95));
    await b.handle(of('pB').slice(0, 1));
    const all: Partitions = { names: ['q'], of: () => 'q' };
    await preparePartitions(dataSource, all.names, 0n);
    await expect(a.handle([], through(99))).rejects.toThrow(NoSuchPartition);
    const one = await createProjector({ dataSource, log: log(), partition: partitionNamed(all, 'q') });
    expect(one.position).toBe(of('pB')[0]!.position);
    await one.handle(log().events);
    expect((await verify(dataSource, log(), { partitions: all })).equal).toBe(true);
  });

  it('refuse a stream that is not theirs', async () => {
    const { partitions, open, of } = twoBudgets();
    await preparePartitions(dataSource, partitions.names, 0n);
    await expect((await open('pA')).handle(of('pB'))).rejects.toThrow(
      'budget-B-2024 came in partition pA, not its own',
    );
  });

  it('that enter the same times at once do not stop each other', async () => {
    const { recorded, partitions, book, open, of } = twoBudgets();
    for (let n = 0; n < 60; n += 1) {
      const { now } = recorded;
      book('A', `V${n}`);
      if (n % 3 > 0) recorded.now = now;
      book('B', `V${n}`);
    }
    await preparePartitions(dataSource, partitions.names, 0n);
    const [a, b] = [await open('pA'), await open('pB')];
    const sizes = { pA: 7, pB: 5 };
    await Promise.all(
      (
        [
          ['pA', a],
          ['pB', b],
        ] as const
      ).map(async ([name, projector]) => {
        const events = of(name);
        for (let from = 0; from < events.length; from += sizes[name])
          await projector.handle(events.slice(from, from + sizes[name]));
      }),
    );
    expect((await verify(dataSource, new SpaciousLog(recorded), { partitions })).differences).toEqual([]);
  });
});

describe('what a broker takes for done and the read models have not', () => {
  it('is read from the log before what comes next, also with a heartbeat alone', async () => {
    const { partitions, book, open, of } = twoBudgets();
    for (const voucher of ['V1', 'V2']) book('A', voucher);
    await preparePartitions(dataSource, partitions.names, 0n);
    await (await open('pA')).handle(of('pA').slice(0, 2));
    await (await open('pA')).handle([], through(1_000));
    expect(await paid('A')).toBe(200);
    expect(await paid('B')).toBe(0);
  });

  it('is read there when something could not be read on the way', async () => {
    const { recorded, partitions, book, open, of } = twoBudgets();
    await preparePartitions(dataSource, partitions.names, 0n);
    const b = await open('pB');
    await b.handle(of('pB'));
    book('B', 'V1');
    recorded.book('C', 2024, approved({ L: '1.00' }));
    b.doubt();
    await b.handle(of('pB').slice(-2));
    expect(await paid('B')).toBe(100);
    book('B', 'V2');
    recorded.book('C', 2024, pay('V1', 'L', '1.00'));
    await b.handle(of('pB').slice(-1));
    // Nobody said that anything was left out: the next event of the stream shows it.
    expect(await paid('B')).toBe(100);
    book('B', 'V3');
    await b.handle(of('pB').slice(-1));
    expect(await paid('B')).toBe(300);
  });

  it('is read there after something old came again', async () => {
    const { recorded, partitions, book, open, of } = twoBudgets();
    await preparePartitions(dataSource, partitions.names, 0n);
    await (await open('pB')).handle(of('pB'));
    const again = await open('pB');
    await again.handle(of('pB'));
    recorded.book('C', 2024, approved({ L: '9.00' }), pay('V1', 'L', '1.00'));
    book('B', 'V1');
    await again.handle(of('pB').slice(-1));
    expect([await paid('B'), await paid('C')]).toEqual([100, 100]);
  });

  it('is waited for where the log does not have it yet', async () => {
    const { partitions, book, log, open, of } = twoBudgets();
    const before = log();
    book('A', 'V1');
    await preparePartitions(dataSource, partitions.names, 0n);
    const a = await open('pA', before);
    await expect(a.handle(of('pA').slice(-1))).rejects.toThrow('the log ends before position');
  });
});

describe('a parked stream', () => {
  it('is projected again by any process, and the one that brings it goes on from there', async () => {
    const { recorded, partitions, book, open, of } = twoBudgets();
    book('A', 'V1');
    const poisoned = recorded.events.at(-1)!;
    book('A', 'V2');
    book('B', 'V1');
    await preparePartitions(dataSource, partitions.names, 0n);
    recorded.events[recorded.events.indexOf(poisoned)] = { ...poisoned, version: 9 };
    const owner = await open('pA');
    await owner.handle(of('pA'));
    await (await open('pB')).handle(of('pB'));
    expect(await paid('A')).toBe(0);
    expect(await (await open('pA')).retryParked('budget-A-2024')).toMatchObject({ revision: 2 });

    recorded.events[recorded.events.findIndex(({ version }) => version === 9)] = poisoned;
    expect(await (await open('pA')).retryParked('budget-A-2024')).toBeUndefined();
    expect(await paid('A')).toBe(200);
    book('A', 'V3');
    await owner.handle(of('pA').slice(-1));
    expect(await paid('A')).toBe(300);
    expect((await verify(dataSource, new SpaciousLog(recorded), { partitions })).equal).toBe(true);
  });

  it('is tried beside an owner that does not pause', async () => {
    const { recorded, partitions, book, log, open, of } = twoBudgets();
    book('A', 'V1');
    const poisoned = recorded.events.at(-1)!;
    recorded.events[recorded.events.indexOf(poisoned)] = { ...poisoned, version: 9 };
    await preparePartitions(dataSource, partitions.names, 0n);
    const owner = await open('pA');
    await owner.handle(of('pA'));
    let retried = false;
    const writing = (async () => {
      for (let n = 2; !retried || n < 12; n += 1) {
        book('A', `V${n}`);
        await owner.handle(of('pA').slice(-1));
      }
    })();
    recorded.events[recorded.events.findIndex(({ version }) => version === 9)] = poisoned;
    expect(await (await open('pA')).retryParked('budget-A-2024')).toBeUndefined();
    retried = true;
    await writing;
    await (await open('pB')).handle(of('pB'));
    expect((await verify(dataSource, log(), { partitions })).equal).toBe(true);
  });
});

describe('with partitions at different places', () => {
  async function apart() {
    const given = twoBudgets();
    const { partitions, book, open, of } = given;
    for (let n = 0; n < 40; n += 1) book(n % 3 === 0 ? 'A' : 'B', `V${n}`);
    await preparePartitions(dataSource, partitions.names, 0n);
    const [a, b] = [await open('pA'), await open('pB')];
    await a.handle(of('pA'), through(445));
    await b.handle(of('pB').slice(0, 9));
    return { ...given, a, b };
  }

  it('verification looks at each stream as far as its partition is', async () => {
    const { partitions, log } = await apart();
    const found = await verify(dataSource, log(), { partitions });
    expect(found).toMatchObject({ equal: true, differences: [] });
    await dataSource.query(`DELETE FROM stream_position WHERE stream = 'budget-A-2024'`);
    await dataSource.query(`UPDATE journal SET fen = 7 WHERE unit = 'B' AND ref = 'V1'`);
    const damaged = await verify(dataSource, log(), { partitions });
    expect(damaged.differences.map(({ table }) => table).sort()).toEqual(['journal', 'stream_position']);
  });

  it('a rebuild finds no difference, moves no partition back, and all go on; so does a rollback', async () => {
    const { recorded, partitions, book, log, of, a, b } = await apart();
    const places = () => dataSource.query('SELECT partition, position FROM projection_position ORDER BY partition');
    const { comparison, switched } = await rebuild(dataSource, log(), { partitions });
    expect(comparison).toMatchObject({ differenceCount: 0, differences: [] });
    expect(switched).toBe(true);
    // What `pB` had not brought yet is there from the log: up to the place of `pA`, beyond the end of the log.
    const [atA, atB] = await places();
    expect([atA, Number(atB.position)]).toEqual([{ partition: 'pA', position: '445' }, log().events.length * GAP]);
    expect(await paid('B')).toBe(of('pB').filter(({ type }) => type === 'PaymentExecuted').length * 100);
    const rebuilt = withoutPositions(await allRows(dataSource));
    // The broker brings again what is there.
    await b.handle(of('pB').slice(9));
    expect(withoutPositions(await allRows(dataSource))).toEqual(rebuilt);
    book('B', 'N1');
    book('A', 'N1');
    await b.handle(of('pB').slice(-1));
    await a.handle(of('pA').slice(-1));
    expect((await verify(dataSource, log(), { partitions })).equal).toBe(true);
    expect(await rollback(dataSource, log(), { partitions })).toMatchObject({ events: expect.any(Number) });
    book('A', 'N2');
    await a.handle(of('pA').slice(-1));
    await b.handle([], through(recorded.events.length * GAP + 1));
    const after = await verify(dataSource, log(), { partitions });
    expect(after).toMatchObject({ equal: true, events: log().events.length });
  });

  it('a rebuild into empty read models fills all partitions to the end of the log', async () => {
    const { partitions, log, of, open } = twoBudgets();
    await preparePartitions(dataSource, partitions.names, 0n);
    await rebuild(dataSource, log(), { partitions });
    expect(await freshness(dataSource)).toMatchObject({ order: BigInt(log().events.length * GAP) });
    await (await open('pA')).handle(of('pA'));
    expect((await verify(dataSource, log(), { partitions })).equal).toBe(true);
  });

  it('an owner that was overtaken is told, and goes on from the place that is stored', async () => {
    const { partitions, log, of, b, open } = await apart();
    await (await open('pB')).handle(of('pB').slice(9, 15));
    await expect(b.handle(of('pB').slice(9, 12))).rejects.toThrow(AnotherOwner);
    await b.handle(of('pB').slice(9, 12));
    await b.handle(of('pB').slice(12));
    expect((await verify(dataSource, log(), { partitions })).equal).toBe(true);
  });
});

describe('the time of a log whose clock stepped back', () => {
  it('is that of the steps where they cover an event, read in order or by stream', async () => {
    const recorded = new RecordedLog();
    recorded.book('A', 2024, approved({ L: '9.00' }));
    const { now } = recorded;
    recorded.now = now - 5_000;
    recorded.book('A', 2024, pay('V1', 'L', '1.00'));
    recorded.now = now + 5_000;
    recorded.book('A', 2024, pay('V2', 'L', '1.00'));
    const log = timedLog(new SpaciousLog(recorded));
    const times = (await eventsOf(log)).map(({ recordedAt }) => recordedAt - now);
    expect(times).toEqual([-1_000, -1_000, -1_000, 5_000]);
    const read: number[] = [];
    for await (const { recordedAt } of log.read('budget-A-2024')) read.push(recordedAt - now);
    expect(read).toEqual(times);
  });
});
