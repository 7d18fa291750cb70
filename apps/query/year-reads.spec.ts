import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { approved, on, pay } from '#domain/budget/specification.js';
import { budgetStream } from '#domain/budget/decide.js';
import { bookYear, startReadSystem, U1_2024, type ReadSystem } from '../../test/support/read-system.js';

let system: ReadSystem;
let last: string;
beforeAll(async () => {
  system = await startReadSystem();
  last = await bookYear(system);
});
afterAll(() => system.stop());

const READS = [
  '',
  '/lines',
  '/lines/P01',
  '/budget',
  '/payment-plan',
  '/rates',
  '/rates/execution-rate/explanation',
  '/targets',
  '/coherence',
  '/journal',
  '/history',
  '/series',
  '/carry-over',
];

describe.each(READS)('GET …%s', (read) => {
  // address → status, code, parameter at fault
  it.each([
    ['U9/years/2024', '', 404, 'UNKNOWN_UNIT', undefined],
    ['U1/years/2031', '', 404, 'UNKNOWN_YEAR', undefined],
    ['u1/years/24', '', 400, 'INVALID_REQUEST', ['unit', 'year']],
    ['U1/years/2024', 'asOf=2024-02-30', 400, 'INVALID_REQUEST', ['asOf']],
    ['U1/years/2024', 'asOf=2024-06-30&asOf=2024-06-30', 400, 'INVALID_REQUEST', ['asOf']],
    ['U1/years/2024', 'asOf=2025-01-01', 422, 'DATE_OUTSIDE_YEAR', ['asOf']],
    ['U1/years/2024', 'asOf=2024-06-29&checkpoint=half', 400, 'INVALID_REQUEST', ['asOf']],
    ['U1/years/2024', 'checkpoint=third', 400, 'INVALID_REQUEST', ['checkpoint']],
    [
      'U1/years/2024',
      'knownAt=tomorrow&atLeast=x&colour=red',
      400,
      'INVALID_REQUEST',
      ['colour', 'atLeast', 'knownAt'],
    ],
    ['U1/years/2024', 'knownAt=2031-01-01T00:00:00Z', 422, 'KNOWN_AT_NOT_PAST', ['knownAt']],
    ['U1/years/2024', 'knownAt=2031-01-01', 422, 'KNOWN_AT_NOT_PAST', ['knownAt']],
    ['U1/years/2024', 'knownAt=999999', 422, 'KNOWN_AT_NOT_PAST', ['knownAt']],
    ['U1/years/2024', 'knownAt=2024-01-01', 404, 'NOTHING_KNOWN_YET', undefined],
    ['U1/years/2024', 'knownAt=1', 404, 'NOTHING_KNOWN_YET', undefined],
    ['U1/years/2024', 'atLeast=999999', 503, 'READ_MODEL_BEHIND', undefined],
  ])('%s?%s is %i %s', async (place, query, status, code, parameters) => {
    const answer = await system.get(`/api/v1/units/${place}${read}?${query}`);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body.faults?.map(({ parameter }: any) => parameter).sort()).toEqual(parameters?.sort());
  });

  it('names the moment that it is about', async () => {
    const { status, body } = await system.get(`${U1_2024}${read}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      asOf: '2024-07-05',
      knownAt: '2024-07-05T06:30:01.000Z',
      position: last,
      recordedAt: '2024-07-05T06:30:01.000Z',
    });
  });

  it('gives the same answer to the same question about the past', async () => {
    const query = `asOf=2024-06-30&knownAt=2024-03-01T02:00:05.000Z`;
    const first = await system.get(`${U1_2024}${read}?${query}`);
    expect(first.body).toMatchObject({ knownAt: '2024-03-01T02:00:05.000Z' });
    expect(await system.get(`${U1_2024}${read}?${query}`)).toMatchObject({ status: 200, body: first.body });
  });
});

describe('freshness', () => {
  it('waits for the write that a caller names', async () => {
    system.paused = true;
    const position = await system.book('U1', 2024, pay('V20', 'B01', '1.00', on('02-01')));
    const waiting = system.get(`${U1_2024}/lines?atLeast=${position}`);
    const behind = await system.get(`${U1_2024}/lines`);
    expect(behind.body).toMatchObject({ position: last, totals: { paid: '3900.00' } });
    system.paused = false;
    await system.catchUp();
    expect((await waiting).body).toMatchObject({ position, totals: { paid: '3901.00' } });
  });

  it('says by how much it is behind when it does not come', async () => {
    system.paused = true;
    const position = await system.book('U1', 2024, pay('V21', 'B01', '1.00'), pay('V22', 'B01', '1.00'));
    const answer = await system.get(`${U1_2024}/rates?atLeast=${position}`);
    expect(answer).toMatchObject({
      status: 503,
      body: { code: 'READ_MODEL_BEHIND', position: String(Number(position) - 2), lag: '2' },
    });
    expect(answer.headers['retry-after']).toBe('1');
    system.paused = false;
    await system.catchUp();
  });

  it('answers a past moment only when all that was recorded by then is in', async () => {
    system.paused = true;
    await system.book('U1', 2024, pay('V23', 'B01', '10.00', on('02-01')));
    const knownAt = new Date(system.clock.now - 1).toISOString();
    const waiting = system.get(`${U1_2024}/lines?asOf=2024-02-01&knownAt=${knownAt}`);
    system.paused = false;
    await system.catchUp();
    expect((await waiting).body.totals.paid).toBe('11.00');
  });
});

describe('a stream that cannot be projected', () => {
  it('is answered as far as it came, and says so', async () => {
    await system.register({ type: 'RegisterUnit', unit: 'U7', name: '损坏单位', validFrom: on('01-01').effectiveDate });
    await system.book('U7', 2024, approved({ P01: '100.00' }));
    const meta = { commandId: 'c', actor: { id: 'x' }, requestHash: '', causationId: 'c', correlationId: 'c' };
    const event = { type: 'BudgetExploded', version: 1, ...on('03-01'), data: {}, meta };
    await system.store.append(budgetStream('U7', 2024), 1, [{ ...event, id: '00000000-0000-5000-8000-000000000001' }]);
    await system.catchUp();
    const { status, body, headers } = await system.get('/api/v1/units/U7/years/2024/lines?asOf=2024-06-30');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      stale: true,
      staleReason: expect.stringContaining('event 2 of budget-U7-2024 could not be projected'),
      totals: { original: '100.00' },
    });
    const before = await system.get(`/api/v1/units/U7/years/2024/lines?asOf=2024-06-30&knownAt=${body.position - 1}`);
    expect(before).toMatchObject({ status: 200, body: { totals: { original: '100.00' } } });
    expect(before.body).not.toHaveProperty('stale');
    expect(headers['stream-revision']).toBe('1');
    const again = await system.get('/api/v1/units/U7/years/2024/lines?asOf=2024-06-30', { 'if-none-match': '"1"' });
    expect(again.status).toBe(200);
  });
});
