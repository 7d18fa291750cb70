import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FIGURES } from '#domain/metrics/figures.js';
import { METRICS } from '#domain/metrics/registry.js';
import { approved, on } from '#domain/budget/specification.js';
import { civilDate } from '#domain/calendar.js';
import { bookYear, startReadSystem, type ReadSystem } from '../../test/support/read-system.js';

let system: ReadSystem;
beforeAll(async () => {
  system = await startReadSystem();
});
afterAll(() => system.stop());

describe('units and years', () => {
  it('are none at first', async () => {
    expect(await system.get('/api/v1/units')).toMatchObject({ status: 200, body: { units: [] } });
  });

  it('are listed with their names, parents and approvals', async () => {
    await bookYear(system);
    const validFrom = civilDate('2024-01-01');
    await system.register({ type: 'RegisterUnit', unit: 'U2', name: '下属单位', parent: 'U1', validFrom });
    await system.register({ type: 'RenameUnit', unit: 'U1', name: '更名单位', validFrom: civilDate('2024-06-01') });
    await system.book('U1', 2025, { ...approved({ P01: '1.00' }), ...on('2025-02-01') });
    expect((await system.get('/api/v1/units')).body.units).toEqual([
      { unit: 'U1', name: '更名单位', validFrom: '2024-01-01' },
      { unit: 'U2', name: '下属单位', parent: 'U1', validFrom: '2024-01-01' },
    ]);
    expect((await system.get('/api/v1/units/U1/years')).body).toMatchObject({
      unit: 'U1',
      years: [
        { year: 2024, approved: true, approvedOn: '2024-01-01' },
        { year: 2025, approved: true, approvedOn: '2025-02-01' },
      ],
    });
    expect((await system.get('/api/v1/units/U2/years')).body).toMatchObject({ unit: 'U2', years: [] });
  });

  // asOf, knownAt → name of U1, and the units that there are
  it.each<[string, string | undefined, string | undefined, string[], string]>([
    ['2024-05-31', undefined, '测试单位', ['U1', 'U2'], 'the day before the new name'],
    ['2024-06-01', undefined, '更名单位', ['U1', 'U2'], 'its first day'],
    ['2024-06-01', '2024-07-04', '测试单位', ['U1'], 'the new name and U2 were not recorded yet'],
    ['2023-12-31', undefined, undefined, [], 'before the first unit begins'],
  ])('are those of %s as known at %s: %s', async (asOf, knownAt, name, there) => {
    const query = new URLSearchParams({ asOf, ...(knownAt === undefined ? {} : { knownAt }) });
    const { body } = await system.get(`/api/v1/units?${query.toString()}`);
    expect(body).toMatchObject({ asOf, position: expect.any(String) });
    expect(body.units.map(({ unit }: any) => unit)).toEqual(there);
    expect(body.units[0]?.name).toBe(name);
  });

  it('that begin later are listed as they will begin, unless a date is asked for', async () => {
    const validFrom = civilDate('2030-01-01');
    await system.register({ type: 'RegisterUnit', unit: 'U4', name: '将来单位', parent: 'U1', validFrom });
    const { body } = await system.get('/api/v1/units');
    expect(body.asOf).toBe('2024-07-05');
    expect(body.units.at(-1)).toEqual({ unit: 'U4', name: '将来单位', parent: 'U1', validFrom: '2030-01-01' });
    expect((await system.get('/api/v1/units?asOf=2024-07-05')).body.units).toHaveLength(2);
  });

  it('tell of years what was known, and what was approved by a date', async () => {
    const years = async (query: string) => (await system.get(`/api/v1/units/U1/years?${query}`)).body.years;
    expect(await years('knownAt=2024-07-04')).toEqual([{ year: 2024, approved: true, approvedOn: '2024-01-01' }]);
    expect(await years('asOf=2025-01-31')).toMatchObject([{ approved: true }, { year: 2025, approved: false }]);
    expect(await years('asOf=2025-02-01')).toMatchObject([{ approved: true }, { approved: true }]);
  });

  it.each([
    ['units?knownAt=2024-01-01', 404, 'NOTHING_KNOWN_YET'],
    ['units/U1/years?knownAt=2024-01-01', 404, 'NOTHING_KNOWN_YET'],
    ['units/U4/years?knownAt=2024-07-04', 404, 'NOTHING_KNOWN_YET'],
    ['units?knownAt=2031-01-01', 422, 'KNOWN_AT_NOT_PAST'],
    ['units/U1/years?knownAt=999999', 422, 'KNOWN_AT_NOT_PAST'],
    ['units?asOf=2024-02-30&knownAt=then', 400, 'INVALID_REQUEST'],
  ])('%s: %i %s', async (path, status, code) => {
    expect(await system.get(`/api/v1/${path}`)).toMatchObject({ status, body: { code } });
  });

  it('are refused when there are none of that name', async () => {
    expect(await system.get('/api/v1/units/U9/years')).toMatchObject({ status: 404, body: { code: 'UNKNOWN_UNIT' } });
    expect(await system.get('/api/v1/units/u9/years')).toMatchObject({
      status: 400,
      body: { faults: [{ parameter: 'unit', code: 'INVALID_VALUE' }] },
    });
    expect(await system.get('/api/v1/units?all=1')).toMatchObject({
      status: 400,
      body: { faults: [{ parameter: 'all', code: 'UNKNOWN_PROPERTY' }] },
    });
  });

  it('wait for a write', async () => {
    system.paused = true;
    const validFrom = civilDate('2024-01-01');
    const position = await system.register({ type: 'RegisterUnit', unit: 'U3', name: '新单位', validFrom });
    const waiting = system.get(`/api/v1/units?atLeast=${position}`);
    system.paused = false;
    await system.catchUp();
    expect((await waiting).body.units).toHaveLength(4);
  });
});

describe('formulas', () => {
  it('are listed with version, source and parameters, without their code', async () => {
    const { body } = await system.get('/api/v1/formulas');
    expect(body.formulas).toHaveLength(METRICS.length);
    expect(body.quantities.map(({ id }: any) => id)).toEqual(FIGURES.map(({ id }) => id));
    expect(body.quantities.at(-4)).toMatchObject({ id: 'paid', version: 1, symbol: 'X', kinds: ['paid'] });
    expect(body.formulas[0]).toEqual({
      id: 'execution-rate',
      version: 1,
      name: { zh: '预算执行率', en: 'Budget execution rate' },
      formula: expect.stringContaining('X / B'),
      source: expect.stringContaining('财预〔2013〕53号'),
      parameters: { denominator: 'adjusted budget', carryOver: 'included', takenBack: 'not deducted' },
      validFrom: '2013-04-21',
      checkpointBasis: 'FULL_YEAR',
      checkpoints: { half: expect.any(String), annual: expect.any(String) },
    });
    expect(await system.get('/api/v1/formulas?x=1')).toMatchObject({ status: 400 });
  });
});
