import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BEFORE_LATE, bookYear, startReadSystem, U1_2024, type ReadSystem } from '../../test/support/read-system.js';

let system: ReadSystem;
let last: string;
beforeAll(async () => {
  system = await startReadSystem();
  last = await bookYear(system);
});
afterAll(() => system.stop());

const lines = async (query = '') => (await system.get(`${U1_2024}/lines${query}`)).body;

describe('lines', () => {
  it('show each line with its figures as of today, and their totals', async () => {
    const answer = await system.get(`${U1_2024}/lines`);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      asOf: '2024-07-05',
      knownAt: '2024-07-05T06:30:01.000Z',
      position: last,
      recordedAt: '2024-07-05T06:30:01.000Z',
      approved: true,
      lines: [{ line: 'B01' }, { line: 'P01' }, { line: 'P02' }],
    });
    expect(answer.body.lines[2]).toEqual({
      line: 'P02',
      name: '征地补偿',
      expenditure: 'project',
      fund: 'government-funds',
      original: '5000.00',
      carryOverIn: '0.00',
      added: '500.00',
      cut: '0.00',
      transferredIn: '0.00',
      transferredOut: '0.00',
      current: '5500.00',
      frozen: '0.00',
      requested: '250.00',
      paid: '3000.00',
      takenBack: '0.00',
      available: '2250.00',
      // 3,000.00 on 30 June and 5,500.00 on 31 December: 5 of 184 days later
      plannedToDate: '3067.93',
    });
    expect(answer.body.totals).toMatchObject({
      original: '8000.00',
      current: '8500.00',
      paid: '3900.00',
      requested: '250.00',
      available: '4350.00',
    });
  });

  it('show what was paid by a date', async () => {
    expect(await lines('?asOf=2024-02-29')).toMatchObject({ totals: { paid: '0.00', current: '8000.00' } });
    expect(await lines('?checkpoint=half')).toMatchObject({
      asOf: '2024-06-30',
      totals: { paid: '3900.00', plannedToDate: '3900.00' },
    });
  });

  it('show what was known at a moment: the late voucher of June is not there on 1 July', async () => {
    const before = await lines(`?checkpoint=half&knownAt=${BEFORE_LATE}`);
    expect(before).toMatchObject({ knownAt: BEFORE_LATE, totals: { paid: '3800.00' } });
    expect(before.lines[1]).toMatchObject({ line: 'P01', paid: '400.00' });
    expect(Number(before.position)).toBe(Number(last) - 1);
    expect(await lines(`?checkpoint=half&knownAt=${before.position}`)).toEqual({
      ...before,
      knownAt: before.recordedAt,
    });
  });

  it('are those of a scope', async () => {
    expect(await lines('?funds=general-public')).toMatchObject({
      lines: [{ line: 'B01' }, { line: 'P01' }],
      totals: { original: '3000.00', paid: '900.00' },
    });
    expect(await lines('?funds=general-public&expenditure=project')).toMatchObject({
      lines: [{ line: 'P01' }],
      totals: { original: '2000.00' },
    });
    expect(await lines('?funds=social-insurance')).toMatchObject({ lines: [], totals: { original: '0.00' } });
  });

  it('refuse a fund that there is not', async () => {
    const answer = await system.get(`${U1_2024}/lines?funds=general-public,lottery`);
    expect(answer).toMatchObject({ status: 400, body: { faults: [{ parameter: 'funds', code: 'UNKNOWN_FUND' }] } });
    expect(answer.body.faults[0].message).toContain('lottery; use all, or one or more of general-public');
  });

  it('name the revision that a write may match, when asked for now', async () => {
    const { headers } = await system.get(`${U1_2024}/lines`);
    expect(headers).toMatchObject({ 'stream-revision': '9', etag: '"9"' });
    const past = await system.get(`${U1_2024}/lines?knownAt=${BEFORE_LATE}`);
    expect([past.headers['stream-revision'], past.headers['etag']]).toEqual([undefined, undefined]);
  });

  it('are not sent again to who has them', async () => {
    const again = await system.get(`${U1_2024}/lines?asOf=2024-06-30`, { 'if-none-match': '"9"' });
    expect([again.status, again.body, again.headers['etag']]).toEqual([304, '', '"9"']);
    const older = await system.get(`${U1_2024}/lines?asOf=2024-06-30`, { 'if-none-match': '"8"' });
    expect(older.status).toBe(200);
    // Tomorrow the same address means another day.
    expect((await system.get(`${U1_2024}/lines`, { 'if-none-match': '"9"' })).status).toBe(200);
  });
});

describe('one line', () => {
  it('is shown in full', async () => {
    const { status, body } = await system.get(`${U1_2024}/lines/P01?asOf=2024-06-30`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      approved: true,
      line: {
        line: 'P01',
        name: '培训费',
        paid: '500.00',
        available: '1500.00',
        codes: { departmentEconomic: '30216' },
        approval: { effectiveDate: '2024-01-01', original: '2000.00', halfYearPlan: '500.00' },
        plan: { kind: 'approved', effectiveDate: '2024-01-01' },
      },
    });
    expect(body.line.plan.cumulative).toHaveLength(12);
    expect([body.line.plan.cumulative[5], body.line.plan.cumulative[11]]).toEqual(['500.00', '2000.00']);
  });

  it('is 404 when there is none', async () => {
    const answer = await system.get(`${U1_2024}/lines/P99`);
    expect(answer).toMatchObject({ status: 404, body: { code: 'UNKNOWN_LINE', line: 'P99' } });
  });
});
