import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { on, pay, plan } from '#domain/budget/specification.js';
import { FIGURES, figureOfKind } from '#domain/metrics/figures.js';
import { ZERO, add, negate, sum, type Fen } from '#domain/money.js';
import { yuan } from '#domain/metrics/picture.fixture.js';
import { bookAllowed, commands, LINES } from '../../test/support/any-history.js';
import { BEFORE_LATE, bookYear, startReadSystem, U1_2024, type ReadSystem } from '../../test/support/read-system.js';

let system: ReadSystem;
let last: string;
beforeAll(async () => {
  system = await startReadSystem();
  last = await bookYear(system);
});
afterAll(() => system.stop());

const explain = async (figure: string, query = '') =>
  (await system.get(`${U1_2024}/figures/${figure}/explanation${query}`)).body;
const told = (body: any) =>
  body.entries.map((entry: any) => [entry.effectiveDate, entry.kind, entry.line, entry.amount]);

describe('an amount of a line', () => {
  it('opens to its formula and the entries that add up to it', async () => {
    const body = await explain('paid', '?checkpoint=half&line=P01');
    expect(body).toMatchObject({
      asOf: '2024-06-30',
      position: last,
      figure: 'paid',
      version: 1,
      name: { zh: '执行数' },
      symbol: 'X',
      formula: expect.stringMatching(/^X = paid/),
      source: expect.stringContaining('rule book 2.1'),
      line: 'P01',
      amount: '500.00',
      inputs: [{ name: 'paid', symbol: 'X', amount: '500.00', kinds: ['paid'], sign: 1 }],
    });
    expect(body).not.toHaveProperty('scope');
    expect(told(body)).toEqual([
      ['2024-03-01', 'paid', 'P01', '400.00'],
      ['2024-06-28', 'paid', 'P01', '100.00'],
    ]);
  });

  it('says how each of its parts counts', async () => {
    const body = await explain('available', '?checkpoint=half&line=P02');
    expect(body.amount).toBe('2250.00');
    expect(body.inputs.filter(({ amount }: any) => amount !== '0.00')).toEqual([
      { name: 'original', symbol: 'B0', amount: '5000.00', kinds: ['original'], sign: 1 },
      { name: 'added', symbol: 'A+', amount: '500.00', kinds: ['added'], sign: 1 },
      { name: 'requested', amount: '250.00', kinds: ['requested'], sign: -1 },
      { name: 'paid', symbol: 'X', amount: '3000.00', kinds: ['paid'], sign: -1 },
    ]);
    expect(body.entries).toHaveLength(4);
  });

  it('shows the plan in force where it is planned, and the budget that the plan rests on', async () => {
    await system.book(
      'U1',
      2024,
      plan('P01', [...Array<string>(6).fill('600.00'), ...Array<string>(6).fill('2000.00')], on('07-01')),
    );
    const body = await explain('plannedToDate', '?asOf=2024-07-01&line=P01');
    expect(body.plans).toEqual([
      { line: 'P01', kind: 'monthly', effectiveDate: '2024-07-01', plannedToDate: body.amount },
    ]);
    expect(body.inputs[0]).toEqual({ name: 'original', symbol: 'B0', amount: '2000.00', kinds: ['original'] });
    expect(told(body)).toEqual([['2024-01-01', 'original', 'P01', '2000.00']]);
  });

  it('is another one before the late voucher was known', async () => {
    const body = await explain('paid', `?checkpoint=half&line=P01&knownAt=${BEFORE_LATE}`);
    expect(body).toMatchObject({ amount: '400.00', knownAt: BEFORE_LATE });
    expect(body.link).toBe(
      `${U1_2024}/figures/paid/explanation?asOf=2024-06-30&knownAt=2024-06-30T16%3A00%3A00.000Z&line=P01`,
    );
  });
});

describe('an amount of a scope', () => {
  it('is that of the totals of its lines', async () => {
    for (const query of [
      'checkpoint=half',
      'checkpoint=half&funds=general-public',
      'asOf=2024-03-01&expenditure=basic',
    ]) {
      const { totals } = (await system.get(`${U1_2024}/lines?${query}`)).body;
      for (const { id } of FIGURES) expect([id, (await explain(id, `?${query}`)).amount]).toEqual([id, totals[id]]);
    }
    expect((await explain('paid', '?funds=general-public')).scope).toEqual({
      funds: ['general-public'],
      expenditure: 'all',
    });
  });

  it('says that a plan is assumed, with each line that it comes from', async () => {
    const body = await explain('plannedToDate', '?checkpoint=half');
    expect(body).toMatchObject({ amount: '3900.00', plans: [{ line: 'B01' }, { line: 'P01' }, { line: 'P02' }] });
    expect(body).not.toHaveProperty('assumed');
  });
});

describe('the link', () => {
  it('gives the same pages whatever is recorded meanwhile', async () => {
    const first = await explain('available', '?limit=3');
    await system.book('U1', 2024, pay('V5', 'B01', '1.00', on('02-01')));
    const again = (await system.get(`${first.link}&limit=3`)).body;
    expect({ ...again, next: 0 }).toEqual({ ...first, next: 0 });
    const second = await explain('available', `?limit=3&cursor=${first.next}`);
    const linked = (await system.get(`${first.link}&limit=3&cursor=${again.next}`)).body;
    expect({ ...linked, next: 0 }).toEqual({ ...second, next: 0 });
    expect(second.link).toBe(first.link);
    expect((await explain('available')).amount).not.toBe(first.amount);
  });

  it('keeps a position that was asked for: another event may bear the same time', async () => {
    const position = await system.book('U1', 2024, pay('V6', 'B01', '2.00', on('02-01')));
    system.clock.now -= 1_001;
    await system.book('U1', 2024, pay('V7', 'B01', '4.00', on('02-01')));
    const asked = await explain('paid', `?knownAt=${position}&line=B01`);
    expect(asked.amount).toBe('403.00');
    expect((await system.get(asked.link)).body).toEqual(asked);
    const rate = (await system.get(`${U1_2024}/rates/execution-rate/explanation?knownAt=${position}`)).body;
    expect((await system.get(rate.link)).body).toEqual(rate);
  });
});

describe('every number of an answer', () => {
  it('has its address: lines and totals', async () => {
    const { lines, totals } = (await system.get(`${U1_2024}/lines?checkpoint=half`)).body;
    for (const { id } of FIGURES) {
      expect((await explain(id, '?checkpoint=half')).amount).toBe(totals[id]);
      for (const line of lines) {
        expect((await explain(id, `?checkpoint=half&line=${line.line}`)).amount).toBe(line[id]);
      }
    }
  });

  it('has its address: targets, by the rate of their metric and scope', async () => {
    const { targets } = (await system.get(`${U1_2024}/targets?checkpoint=half`)).body;
    const computed = targets.filter(({ metric }: any) => metric !== undefined);
    expect(computed.map(({ indicator }: any) => indicator)).toEqual(['I01', 'I02']);
    for (const { metric, scope = { funds: 'all', expenditure: 'all' }, result } of computed) {
      const funds = [scope.funds].flat().join(',');
      const address = `${U1_2024}/rates/${metric}/explanation?checkpoint=half&funds=${funds}&expenditure=${scope.expenditure}`;
      expect((await system.get(address)).body.percent).toBe(result);
    }
  });
});

describe('what cannot be opened', () => {
  it.each([
    ['figures/payments/explanation', 404, 'UNKNOWN_FIGURE'],
    ['figures/execution-rate/explanation', 404, 'UNKNOWN_FIGURE'],
    ['figures/paid/explanation?line=P99', 404, 'UNKNOWN_LINE'],
    ['figures/paid/explanation?asOf=2025-01-01', 422, 'DATE_OUTSIDE_YEAR'],
    ['figures/paid/explanation?cursor=x', 400, 'INVALID_REQUEST'],
  ])('%s is %i %s', async (address, status, code) => {
    expect(await system.get(`${U1_2024}/${address}`)).toMatchObject({ status, body: { code } });
  });

  it('a line in a scope is refused: it has its own', async () => {
    expect((await explain('paid', '?line=P01&funds=all')).faults).toEqual([
      { parameter: 'line', code: 'NOT_TOGETHER', message: expect.stringContaining('stands alone') },
    ]);
  });
});

// ---- Any history --------------------------------------------------------------------------------------------------

let units = 0;

async function allPages(address: string, limit: number): Promise<any[]> {
  const pages: any[] = [];
  for (let cursor = ''; ;) {
    const { status, body } = await system.get(`${address}&limit=${limit}${cursor}`);
    expect([address, status]).toEqual([address, 200]);
    pages.push(body);
    if (body.next === undefined) return pages;
    cursor = `&cursor=${body.next}`;
  }
}

const question = fc.record({
  figure: fc.oneof(
    fc.constantFrom(...FIGURES),
    fc.constantFrom(...FIGURES.filter(({ id }) => /^(current|paid|available)$/.test(id))),
  ),
  of: fc.oneof(
    fc.constantFrom(
      '',
      '&funds=general-public',
      '&funds=government-funds',
      '&expenditure=basic',
      '&expenditure=project',
    ),
    fc.constantFrom(...LINES).map((line) => `&line=${line}`),
  ),
  asOf: fc.constantFrom('2024-01-15', '2024-03-01', '2024-06-29', '2024-06-30', '2024-12-31', '2024-12-31'),
  /** Share of the history that is known, in hundredths. */
  known: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constant(100)),
  limit: fc.integer({ min: 5, max: 40 }),
});

const signed = (body: any): Fen[] => {
  const signs = new Map(body.inputs.map(({ name, sign }: any) => [name, sign]));
  return body.entries.map(({ kind, amount }: any) => (signs.get(kind) === -1 ? negate(yuan(amount)) : yuan(amount)));
};

describe('of any history, as of any date and as known at any moment', () => {
  it('the entries of every figure add up to it, and its link gives the same pages after more was booked', async () => {
    let entries = 0;
    await fc.assert(
      fc.asyncProperty(commands, fc.array(question, { minLength: 25, maxLength: 25 }), async (history, questions) => {
        const unit = `R${(units += 1)}`;
        const most = Math.floor(history.length * 0.8);
        const positions = await bookAllowed(system, unit, history.slice(0, most));
        fc.pre(positions.length > 5);
        const answers: [link: string, pages: any[], limit: number][] = [];
        for (const { figure, of, asOf, known, limit } of questions) {
          const position = positions[Math.floor(((positions.length - 1) * known) / 100)] ?? '';
          const base = `/api/v1/units/${unit}/years/2024/figures/${figure.id}/explanation?asOf=${asOf}&knownAt=${position}`;
          const whole = await system.get(`${base}${of}&limit=1000`);
          // A line that is not known yet has no figure.
          if (whole.body.code === 'UNKNOWN_LINE') continue;
          const pages = await allPages(`${base}${of}`, limit);
          expect(pages.flatMap((page) => page.entries)).toEqual(whole.body.entries);
          entries += whole.body.entries.length;
          const added = sum(signed(whole.body));
          const { amount, inputs, plans } = whole.body;
          if (figure.plan) {
            expect(sum(plans.map(({ plannedToDate }: any) => yuan(plannedToDate)))).toBe(yuan(amount));
          } else {
            expect(added).toBe(yuan(amount));
          }
          for (const { name, amount: part } of inputs) {
            const own = whole.body.entries.filter(({ kind }: any) => figureOfKind(kind).parts[0]?.kind === name);
            expect(own.map((entry: any) => yuan(entry.amount)).reduce(add, ZERO)).toBe(yuan(part));
          }
          answers.push([whole.body.link, pages, limit]);
        }
        await bookAllowed(system, unit, history.slice(most));
        for (const [link, pages, limit] of answers) {
          const linked = await allPages(link, limit);
          const bare = ({ next: _next, ...page }: any) => page;
          expect(linked.map(bare)).toEqual(pages.map(bare));
        }
      }),
      { numRuns: 6 },
    );
    expect(entries).toBeGreaterThan(100);
  });
});
