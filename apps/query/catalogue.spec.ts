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
      { unit: 'U1', name: '更名单位' },
      { unit: 'U2', name: '下属单位', parent: 'U1' },
    ]);
    expect((await system.get('/api/v1/units/U1/years')).body).toEqual({
      unit: 'U1',
      years: [
        { year: 2024, approved: true, approvedOn: '2024-01-01' },
        { year: 2025, approved: true, approvedOn: '2025-02-01' },
      ],
    });
    expect((await system.get('/api/v1/units/U2/years')).body).toEqual({ unit: 'U2', years: [] });
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
    expect((await waiting).body.units).toHaveLength(3);
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
