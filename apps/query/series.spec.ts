import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BEFORE_LATE, bookYear, startReadSystem, U1_2024, type ReadSystem } from '../../test/support/read-system.js';

let system: ReadSystem;
beforeAll(async () => {
  system = await startReadSystem();
  await bookYear(system);
});
afterAll(() => system.stop());

const get = async (query: string) => (await system.get(`${U1_2024}/series${query}`)).body;
const point = (body: any, date: string) => body.points.find((entry: any) => entry.date === date);

describe('the series of a year', () => {
  it('has a point at every month’s end and at the date asked for; later ones have only the plan', async () => {
    const body = await get('');
    expect(body).toMatchObject({ approved: true, by: 'month', scope: { funds: 'all', expenditure: 'all' } });
    expect(body.points.map(({ date }: any) => date)).toEqual([
      ...['2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30', '2024-05-31', '2024-06-30', '2024-07-05'],
      ...['2024-07-31', '2024-08-31', '2024-09-30', '2024-10-31', '2024-11-30', '2024-12-31'],
    ]);
    expect(point(body, '2024-06-30')).toMatchObject({
      planned: '3900.00',
      current: '8500.00',
      paid: '3900.00',
      percent: '45.88',
    });
    expect(point(body, '2024-12-31')).toEqual({ date: '2024-12-31', planned: '8500.00' });
  });

  it('has by day also the days on which something moved in the scope', async () => {
    const dates = async (query: string) => (await get(query)).points.map(({ date }: any) => date.slice(5));
    const monthEnds = ['01-31', '02-29', '03-31', '04-30', '05-31', '06-30', '07-31', '08-31', '09-30', '10-31'];
    const moved = ['01-01', '03-01', '06-28'];
    expect(await dates('?by=day')).toEqual([...monthEnds, '11-30', '12-31', ...moved, '07-05'].sort());
    expect(await dates('?by=day&funds=government-funds')).not.toContain('06-28');
    expect(await dates('?by=day&line=P02')).not.toContain('06-28');
  });

  it('knows what was known then', async () => {
    expect(point(await get('?checkpoint=half'), '2024-06-30')).toMatchObject({ paid: '3900.00' });
    const before = await get(`?checkpoint=half&knownAt=${BEFORE_LATE}`);
    expect(point(before, '2024-06-30')).toMatchObject({ paid: '3800.00', percent: '44.71' });
  });

  it('names the entries behind each point, as known now for ever', async () => {
    const body = await get('?checkpoint=half&funds=general-public&line=P01');
    const link = new URL(point(body, '2024-06-30').explanation, 'http://localhost');
    expect(link.pathname).toBe(`${U1_2024}/figures/paid/explanation`);
    expect(Object.fromEntries(link.searchParams)).toEqual({
      asOf: '2024-06-30',
      knownAt: body.knownAt,
      funds: 'general-public',
      expenditure: 'all',
      line: 'P01',
    });
  });

  it('has the targets of the execution rate that are bound to exactly its scope', async () => {
    expect((await get('')).targets).toEqual([]);
    expect((await get('?funds=general-public')).targets).toEqual([
      { indicator: 'I01', checkpoint: 'half', date: '2024-06-30', comparator: '=', percent: '30' },
      { indicator: 'I01', checkpoint: 'annual', date: '2024-12-31', comparator: '=', percent: '100' },
    ]);
    expect((await get('?funds=general-public&line=P01')).targets).toEqual([]);
  });

  it.each([
    ['?line=P99', 404, 'UNKNOWN_LINE'],
    ['?by=week', 400, 'INVALID_REQUEST'],
    ['?funds=gold', 400, 'INVALID_REQUEST'],
  ])('%s is %i %s', async (query, status, code) => {
    const answer = await system.get(`${U1_2024}/series${query}`);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
});
