import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { approved } from '#domain/budget/specification.js';
import { civilDate } from '#domain/calendar.js';
import type { DomainEvent, Envelope } from '#domain/envelope.js';
import { performanceStream } from '#domain/performance/decide.js';
import { openReadModels } from '#read-model/data-source.js';
import { PerformanceEntry } from '#read-model/entities/performance.js';
import { Parked } from '#read-model/entities/progress.js';
import { createProjector } from '#read-model/projections/projector.js';
import { rebuild } from '#read-model/projections/rebuild.js';
import { verify } from '#read-model/projections/verify.js';
import { historyPlaces } from '#read-model/queries/history.js';
import { staleReason, streamRevision } from '#read-model/queries/known.js';
import { performanceEntries, performanceStanding, targets } from '#read-model/queries/performance.js';
import { RecordedLog, allRows } from '#read-model/specification.js';
import { createDatabase, type TestDatabase } from '../../../test/support/postgres.js';

let database: TestDatabase;
let dataSource: DataSource;
let log: RecordedLog;

beforeAll(async () => {
  database = await createDatabase();
  dataSource = await openReadModels(database.url);
});

afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

const STREAM = performanceStream('U1', 2024);
const JULY = Date.UTC(2024, 6, 3);

const indicator = (id: string, half: string) => ({
  ...{ indicator: id, block: 2, level1: '履职', level2: '收储', level3: `收储${id}`, kind: 'FLOW_CUMULATIVE' },
  ...{ comparator: '=', half: { text: `＝${half}个`, value: half }, annual: { text: '＝30个', value: '30' } },
  ...{ decimals: 0, unit: '个', checkpointBasis: 'PLAN_TO_DATE' },
});
const event = (type: string, date: string, data: object): DomainEvent => ({
  type,
  effectiveDate: civilDate(date),
  data,
});
const result = (resultId: string, date: string, value: string): DomainEvent =>
  event('IndicatorResultRecorded', date, { resultId, indicator: 'I01', result: { value }, evidence: [] });

/** On 1 January two indicators; in July what was done by June, corrected a day later. */
beforeEach(async () => {
  for (const table of Object.keys(await allRows(dataSource))) await dataSource.query(`TRUNCATE ${table}`);
  log = new RecordedLog();
  log.book('U1', 2024, approved({ A: '1000.00', B: '500.00' }));
  log.append(STREAM, [
    event('TargetsApproved', '2024-01-01', { indicators: [indicator('I01', '16'), indicator('I02', '4')] }),
  ]);
  log.append(STREAM, [event('IndicatorLinked', '2024-02-01', { indicator: 'I01', lines: ['A'] })]);
  log.now = JULY;
  log.append(STREAM, [result('R1', '2024-06-30', '15'), result('R2', '2024-09-30', '20')]);
  log.append(STREAM, [
    event('ResultCorrected', '2024-06-30', { resultId: 'R1', result: { value: '17' }, evidence: [], reason: '漏计' }),
    event('TargetRevised', '2024-08-01', {
      indicator: 'I01',
      ...{ from: indicator('I01', '16'), to: indicator('I01', '18'), reason: '预算调整' },
    }),
  ]);
});

const projector = () => createProjector({ dataSource, log });
const at = (asOf: string, knownAt?: bigint) => ({
  ...{ unit: 'U1', year: 2024, asOf: civilDate(asOf) },
  ...(knownAt === undefined ? {} : { knownAt }),
});
const positionOf = (type: string): bigint => BigInt(log.events.findLast((entry) => entry.type === type)!.position);
const valuesOf = async (asOf: string, knownAt?: bigint) =>
  ((await performanceStanding(dataSource, at(asOf, knownAt))).results.get('I01') ?? []).map(
    ({ result: { value } }) => value,
  );

describe('the events of a performance table', () => {
  it('are one row each, with both dates and who recorded it', async () => {
    await (await projector()).handle(log.events);
    const rows = await dataSource.manager.find(PerformanceEntry, { order: { position: 'ASC' } });
    expect(rows.map(({ type, revision }) => [type, revision])).toEqual([
      ['TargetsApproved', 0],
      ['IndicatorLinked', 1],
      ['IndicatorResultRecorded', 2],
      ['IndicatorResultRecorded', 3],
      ['ResultCorrected', 4],
      ['TargetRevised', 5],
    ]);
    expect(rows[2]).toMatchObject({ unit: 'U1', year: 2024, effectiveDate: '2024-06-30', recordedAt: JULY });
    expect(rows[2]).toMatchObject({ actor: 'clerk', actorName: '张会计', data: { resultId: 'R1' } });
  });

  it('are the same rows when delivered twice, out of a rebuild, and for verification', async () => {
    const first = await projector();
    await first.handle(log.events);
    await first.handle(log.events);
    await (await projector()).handle(log.events);
    const rows = await allRows(dataSource);
    expect(rows['performance_entry']).toHaveLength(6);
    expect(await verify(dataSource, log)).toMatchObject({ equal: true, differences: [] });
    await rebuild(dataSource, log);
    expect(await allRows(dataSource)).toEqual(rows);
  });

  it('are found by verification when a row was changed', async () => {
    await (await projector()).handle(log.events);
    await dataSource.query(
      `UPDATE performance_entry SET data = jsonb_set(data, '{result,value}', '"99"') WHERE revision = 2`,
    );
    const { equal, differences } = await verify(dataSource, log);
    expect(equal).toBe(false);
    expect(differences).toMatchObject([
      { table: 'performance_entry', expected: { data: { result: { value: '15' } } } },
    ]);
  });

  it('are answered as of a date and as known at a place', async () => {
    await (await projector()).handle(log.events);
    const beforeCorrection = positionOf('ResultCorrected') - 1n;
    expect(await valuesOf('2024-06-30')).toEqual(['17']);
    expect(await valuesOf('2024-06-29')).toEqual([]);
    expect(await valuesOf('2024-12-31')).toEqual(['17', '20']);
    expect(await valuesOf('2024-12-31', beforeCorrection)).toEqual(['15', '20']);
    const half = async (asOf: string, knownAt?: bigint) =>
      (await targets(dataSource, at(asOf, knownAt))).map((one) => one.half.value);
    expect(await half('2024-07-31')).toEqual(['16', '4']);
    expect(await half('2024-08-01')).toEqual(['18', '4']);
    expect(await half('2024-08-01', beforeCorrection)).toEqual(['16', '4']);
    expect(await half('2023-12-31')).toEqual([]);
  });

  it('tell of a line what names it and the targets, not every result', async () => {
    await (await projector()).handle(log.events);
    const typesOf = async (line?: string) =>
      (
        await historyPlaces(dataSource, at('2024-12-31'), { limit: 100, ...(line === undefined ? {} : { line }) })
      ).places.map(({ position }) => log.events[Number(position) - 1]!.type);
    const own = (types: readonly string[]) => types.filter((type) => !type.startsWith('Budget'));
    expect(own(await typesOf('A'))).toEqual(['TargetsApproved', 'IndicatorLinked', 'TargetRevised']);
    expect(own(await typesOf('B'))).toEqual(['TargetsApproved', 'TargetRevised']);
    expect(await typesOf()).toEqual(log.events.map(({ type }) => type));
    expect(await streamRevision(dataSource, STREAM, positionOf('ResultCorrected'))).toBe(4);
  });

  it('hold a form of 60 KB as it was submitted', async () => {
    const rows = Array.from({ length: 81 }, (_, index) => ({
      ...{ indicator: `I${index}`, level3: '完成收储地块数量'.repeat(20), explanation: '说明"\\\n'.repeat(40) },
    }));
    const form = { form: 'monitoring', stage: 6, indicators: rows };
    log.append(STREAM, [event('MonitoringSubmitted', '2024-07-03', { stage: 6, submission: 1, form })]);
    expect(JSON.stringify(form).length).toBeGreaterThan(25_000);
    expect(Buffer.byteLength(JSON.stringify(form))).toBeGreaterThan(60_000);
    await (await projector()).handle(log.events);
    const last = (await performanceEntries(dataSource, at('2024-12-31'))).at(-1);
    expect(last?.data).toEqual({ stage: 6, submission: 1, form });
    const before = await allRows(dataSource);
    await rebuild(dataSource, log);
    expect(await allRows(dataSource)).toEqual(before);
  });

  it('stop their own stream alone when one of them cannot be stored, and its reads say so', async () => {
    log.append(STREAM, [event('IndicatorLinked', '2024-09-01', { indicator: 'I02', lines: ['L'.repeat(600)] })]);
    log.append(STREAM, [result('R3', '2024-10-31', '22')]);
    await (await projector()).handle(log.events);
    expect(await dataSource.manager.find(Parked, {})).toMatchObject([{ stream: STREAM, revision: 6, heldRevision: 7 }]);
    expect(await staleReason(dataSource, [STREAM])).toMatchObject({
      revision: 6,
      error: expect.stringMatching('longer than 500'),
    });
    expect(await valuesOf('2024-12-31')).toEqual(['17', '20']);
  });

  it('stop at a version that this program does not know', async () => {
    const [unknown] = log.append(STREAM, [result('R3', '2024-10-31', '22')]) as [Envelope];
    log.events[log.events.indexOf(unknown)] = { ...unknown, version: 9 };
    await (await projector()).handle(log.events);
    expect(await dataSource.manager.find(Parked, {})).toMatchObject([
      { stream: STREAM, error: 'unknown version 9 of IndicatorResultRecorded; this program knows 1 to 1' },
    ]);
  });
});
