import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pay, on } from '#domain/budget/specification.js';
import { BEFORE_LATE, bookYear, startReadSystem, U1_2024, type ReadSystem } from '../../test/support/read-system.js';

let system: ReadSystem;
let last: string;
beforeAll(async () => {
  system = await startReadSystem();
  last = await bookYear(system);
});
afterAll(() => system.stop());

const explain = async (metric: string, query = '') =>
  (await system.get(`${U1_2024}/rates/${metric}/explanation${query}`)).body;
const told = (body: any) =>
  body.entries.map((entry: any) => [entry.effectiveDate, entry.kind, entry.line, entry.amount]);

describe('an explanation', () => {
  it('gives the formula, its inputs, and every entry behind the figure', async () => {
    const body = await explain('execution-rate', '?checkpoint=half&funds=general-public');
    expect(body).toMatchObject({
      asOf: '2024-06-30',
      position: last,
      metric: 'execution-rate',
      version: 1,
      name: { zh: '预算执行率' },
      formula: expect.stringContaining('X / B'),
      source: expect.stringContaining('财预〔2013〕53号'),
      scope: { funds: ['general-public'], expenditure: 'all' },
      status: 'OK',
      numerator: '900.00',
      denominator: '3000.00',
      percent: '30.00',
    });
    expect(body.inputs.slice(0, 4)).toEqual([
      { name: 'paid', symbol: 'X', amount: '900.00', kinds: ['paid'] },
      {
        name: 'current',
        symbol: 'B',
        amount: '3000.00',
        kinds: ['original', 'carry-over-in', 'added', 'cut', 'transferred-in', 'transferred-out'],
      },
      { name: 'original', symbol: 'B0', amount: '3000.00', kinds: ['original'] },
      { name: 'carry-over-in', symbol: 'C0', amount: '0.00', kinds: ['carry-over-in'] },
    ]);
    expect(told(body)).toEqual([
      ['2024-01-01', 'original', 'B01', '1000.00'],
      ['2024-01-01', 'original', 'P01', '2000.00'],
      ['2024-03-01', 'paid', 'B01', '400.00'],
      ['2024-03-01', 'paid', 'P01', '400.00'],
      ['2024-06-28', 'paid', 'P01', '100.00'],
    ]);
    expect(body.entries[4]).toEqual({
      eventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      position: last,
      revision: 9,
      kind: 'paid',
      line: 'P01',
      ref: 'V4',
      effectiveDate: '2024-06-28',
      recordedAt: '2024-07-05T06:30:01.000Z',
      amount: '100.00',
      economic: '30216',
      payee: { name: 'Payee' },
      actor: { id: 'second' },
    });
  });

  it('has entries that add up to its inputs', async () => {
    const body = await explain('adjustment-rate', '?checkpoint=half');
    expect(body.inputs).toEqual([
      { name: 'original', symbol: 'B0', amount: '8000.00', kinds: ['original'] },
      { name: 'added', symbol: 'A+', amount: '500.00', kinds: ['added'] },
      { name: 'cut', symbol: 'A−', amount: '0.00', kinds: ['cut'] },
      { name: 'transferred-in', amount: '0.00', kinds: ['transferred-in'] },
      { name: 'transferred-out', amount: '0.00', kinds: ['transferred-out'] },
      { name: 'transferred', symbol: 'T', amount: '0.00', kinds: ['transferred-in', 'transferred-out'] },
      { name: 'exempt', amount: '0.00', kinds: ['added', 'cut', 'transferred-in', 'transferred-out'] },
      { name: 'not-structural', amount: '0.00', kinds: ['transferred-in', 'transferred-out'] },
    ]);
    expect(told(body).at(-1)).toEqual(['2024-03-01', 'added', 'P02', '500.00']);
    expect(body.entries.at(-1).document).toEqual({ number: '财预〔2024〕17号' });
  });

  it('shows the plans in force when the plan goes in', async () => {
    const body = await explain('payment-progress', '?checkpoint=half&funds=general-public');
    expect(body).toMatchObject({ numerator: '900.00', denominator: '900.00', percent: '100.00' });
    expect(body.plans).toEqual([
      { line: 'B01', kind: 'approved', effectiveDate: '2024-01-01', plannedToDate: '400.00' },
      { line: 'P01', kind: 'approved', effectiveDate: '2024-01-01', plannedToDate: '500.00' },
    ]);
    expect(body.inputs).toContainEqual({ name: 'planned', symbol: 'P', amount: '900.00', kinds: [] });
  });

  it('has no entries where none can be: projects have no running cost', async () => {
    const body = await explain('running-cost-control', '?expenditure=project');
    expect(body).toMatchObject({ status: 'NOT_APPLICABLE', reason: 'ZERO_OVER_ZERO', inputs: [], entries: [] });
  });

  it('shows uncoded entries where they are why there is no figure', async () => {
    const body = await explain('running-cost-control', '?checkpoint=half');
    expect(body).toMatchObject({ reason: 'NOT_ALL_CODED', coverage: { coded: '0.00', total: '1400.00' } });
    expect(told(body)).toEqual([
      ['2024-01-01', 'original', 'B01', '1000.00'],
      ['2024-03-01', 'paid', 'B01', '400.00'],
    ]);
  });

  it('is another one before the late voucher was known, and says so', async () => {
    const body = await explain('execution-rate', `?checkpoint=half&funds=general-public&knownAt=${BEFORE_LATE}`);
    expect(body).toMatchObject({ percent: '26.67', numerator: '800.00', knownAt: BEFORE_LATE });
    expect(told(body)).toHaveLength(4);
  });

  it('comes in pages that are one list of one moment', async () => {
    const whole = await explain('execution-rate', '?checkpoint=half');
    const first = await explain('execution-rate', '?checkpoint=half&limit=4');
    expect(first.entries).toEqual(whole.entries.slice(0, 4));
    await system.book('U1', 2024, pay('V5', 'B01', '1.00', on('02-01')));
    const second = await explain('execution-rate', `?checkpoint=half&limit=4&cursor=${first.next}`);
    expect(second.entries).toEqual(whole.entries.slice(4, 8));
    expect([second.percent, second.position, second.link]).toEqual([whole.percent, whole.position, whole.link]);
  });

  it('has a link that gives the same answer whatever is recorded meanwhile', async () => {
    const now = await explain('execution-rate', '?asOf=2024-07-01&funds=general-public');
    expect(now.link).toMatch(
      /^\/api\/v1\/units\/U1\/years\/2024\/rates\/execution-rate\/explanation\?asOf=2024-07-01&knownAt=2024-.*Z&funds=general-public&expenditure=all$/,
    );
    await system.book('U1', 2024, pay('V6', 'B01', '2.00', on('02-02')));
    expect((await explain('execution-rate', '?asOf=2024-07-01&funds=general-public')).numerator).not.toBe(
      now.numerator,
    );
    expect((await system.get(now.link)).body).toEqual(now);
  });

  it('is cut at an instant at which nothing can be recorded any more', async () => {
    const { store, clock } = system;
    const settled = store.settled.bind(store);
    await system.book('U1', 2024, pay('V7', 'B01', '4.00', on('02-03')));
    const stamp = clock.now - 1;
    // The moment that the link is to name is not over: another event gets the same stamp before it is.
    store.settled = async (instant) => {
      store.settled = settled;
      expect(instant).toBe(stamp);
      clock.now = stamp - 1_000;
      await system.book('U1', 2024, pay('V8', 'B01', '8.00', on('02-03')));
      return settled(instant);
    };
    const body = await explain('execution-rate', '?asOf=2024-07-01');
    expect(body.knownAt).toBe(new Date(stamp).toISOString());
    expect(told(body)).toContainEqual(['2024-02-03', 'paid', 'B01', '8.00']);
    expect((await system.get(body.link)).body).toEqual(body);
  });

  it('leads to the entries of the year before when they go in', async () => {
    expect(await explain('carry-over-change', '?checkpoint=annual')).not.toHaveProperty('priorYear');
    await system.book('U1', 2025, {
      type: 'OpenLines',
      effectiveDate: '2025-01-01' as never,
      lines: [{ line: 'B01', name: '基本支出', expenditure: 'basic', fund: 'general-public' }],
    });
    const { body } = await system.get(
      '/api/v1/units/U1/years/2025/rates/carry-over-change/explanation?checkpoint=annual',
    );
    expect(body.priorYear.year).toBe(2024);
    const prior = await system.get(body.priorYear.journal);
    expect(prior.status).toBe(200);
    expect(prior.body.asOf).toBe('2024-12-31');
    expect(prior.body.entries.length).toBeGreaterThan(8);
  });

  it('is 404 for a metric that there is not, with those that there are', async () => {
    const { status, body } = await system.get(`${U1_2024}/rates/execution/explanation`);
    expect([status, body.code]).toEqual([404, 'UNKNOWN_METRIC']);
    expect(body.metrics).toContain('execution-rate');
  });
});
