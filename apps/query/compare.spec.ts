import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  add,
  adjust,
  on,
  openLine,
  pay,
  plan,
  reattribute,
  returnPayment,
  reverseAdjustment,
  reversePayment,
  seal,
} from '#domain/budget/specification.js';
import { civilDate } from '#domain/calendar.js';
import {
  BEFORE_LATE,
  INDICATORS,
  bookYear,
  startReadSystem,
  U1_2024,
  type ReadSystem,
} from '../../test/support/read-system.js';

let system: ReadSystem;
let last: string;
beforeAll(async () => {
  system = await startReadSystem();
  last = await bookYear(system);
});
afterAll(() => system.stop());

const ask = (query: string) => system.get(`${U1_2024}/compare?${query}`);
const compare = async (query: string) => {
  const { status, body } = await ask(query);
  expect([query, status, body.code]).toEqual([query, 200, undefined]);
  return body;
};
const HALF = `a=half@${BEFORE_LATE}`;
const told = (body: any) =>
  body.entries.map((entry: any) => [
    entry.type,
    entry.why,
    ...(entry.late ? ['late'] : []),
    ...entry.effects.map(({ line, kind, amount }: any) => `${line} ${kind} ${amount}`),
  ]);

describe('the half-year, before and after the late voucher', () => {
  let body: any;
  beforeAll(async () => {
    body = await compare(HALF);
  });

  it('names both moments; without b it is the same date, now', () => {
    expect(body.a).toEqual({
      asOf: '2024-06-30',
      knownAt: BEFORE_LATE,
      position: expect.any(String),
      recordedAt: '2024-03-01T02:00:05.004Z',
      approved: true,
    });
    expect(body.b).toMatchObject({ asOf: '2024-06-30', knownAt: '2024-07-05T06:30:01.000Z', position: last });
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['asOf']));
  });

  it('has the totals at both, and what they differ by', () => {
    expect([body.totals.a.paid, body.totals.b.paid]).toEqual(['3800.00', '3900.00']);
    expect(body.totals.changes).toEqual([
      { figure: 'paid', a: '3800.00', b: '3900.00', change: '100.00' },
      { figure: 'available', a: '4450.00', b: '4350.00', change: '-100.00' },
    ]);
  });

  it('has the lines that moved, by name', () => {
    expect(body.lines).toEqual([
      {
        ...{ line: 'P01', name: '培训费', expenditure: 'project', fund: 'general-public' },
        changes: [
          { figure: 'paid', a: '400.00', b: '500.00', change: '100.00' },
          { figure: 'available', a: '1600.00', b: '1500.00', change: '-100.00' },
        ],
      },
    ]);
  });

  it('has every rate at both, in points, with the verdict that turned', () => {
    const execution = body.rates.find(({ indicator }: any) => indicator === 'I01');
    expect(execution).toMatchObject({
      metric: 'execution-rate',
      a: { percent: '26.67', verdict: 'missed' },
      b: { percent: '30.00', verdict: 'met' },
      change: '3.33',
      moved: true,
      turned: true,
    });
    const adjustment = body.rates.find(({ indicator }: any) => indicator === 'I02');
    expect(adjustment).toMatchObject({ change: '0.00', moved: false });
    expect(adjustment).not.toHaveProperty('turned');
  });

  it('has the event that moved it, as a sentence with its paper', () => {
    expect(told(body)).toEqual([['PaymentExecuted', 'entry', 'late', 'P01 paid 100.00']]);
    expect(body.entries[0]).toMatchObject({
      position: last,
      onlyIn: 'b',
      sentence:
        '2024-06-28 支付 100.00 元 给 Payee（凭证 V4），用途 works，列 P01 培训费。记录人 second，记录日期 2024-07-05。',
    });
  });

  it('says first what a manager asks first', () => {
    expect(body.summary).toEqual({
      events: 1,
      late: 1,
      groups: [{ why: 'entry', late: true, onlyIn: 'b', events: 1, amounts: [{ kind: 'paid', amount: '100.00' }] }],
      sentences: {
        zh: [
          '截至 2024-06-30：预算执行率（一般公共预算资金）按 2024-07-01 所知 26.67%，按 2024-07-05 所知 30.00%，上升 3.33 个百分点。',
          '其间变动 1 笔：迟记入账 1 笔（执行数 +100.00 元）。',
          '合计：执行数由 3,800.00 元变为 3,900.00 元（+100.00 元）；可用余额由 4,450.00 元变为 4,350.00 元（−100.00 元）。',
          '涉及 1 个项目：P01 培训费（执行数 +100.00 元）。',
          '判定有变：预算执行率（一般公共预算资金）由未达标变为达标。',
        ],
        en: expect.arrayContaining(['1 event lies between them: 1 late entry (paid +100.00 yuan).']),
      },
    });
  });

  it('agrees with the answers for each moment alone', async () => {
    for (const moment of [body.a, body.b]) {
      const alone = `?asOf=${moment.asOf}&knownAt=${moment.knownAt}`;
      const side = moment === body.a ? 'a' : 'b';
      expect((await system.get(`${U1_2024}/lines${alone}`)).body.totals).toEqual(body.totals[side]);
      expect((await system.get(`${U1_2024}/rates${alone}`)).body.rates).toEqual(
        body.rates.map((rate: any) => rate[side]),
      );
    }
  });
});

describe('two moments', () => {
  it('may be two dates of one knowledge', async () => {
    const body = await compare('a=2024-02-29&b=2024-03-01');
    expect(told(body)).toEqual([
      ['PaymentExecuted', 'entry', 'B01 paid 400.00'],
      ['PaymentExecuted', 'entry', 'P01 paid 400.00'],
      ['PaymentExecuted', 'entry', 'P02 paid 3000.00'],
      ['PaymentRequested', 'entry', 'P02 requested 250.00'],
      ['BudgetAdded', 'entry', 'P02 added 500.00'],
    ]);
    expect(body.summary).toMatchObject({ events: 5, late: 0 });
    expect(body.entries[4].sentence).toContain('文号 财预〔2024〕17号');
  });

  it('may stand the other way round: what only the former has is taken away', async () => {
    const body = await compare(`a=half&b=half@${BEFORE_LATE}`);
    expect(body.totals.changes[0]).toEqual({ figure: 'paid', a: '3900.00', b: '3800.00', change: '-100.00' });
    expect(body.entries).toMatchObject([{ onlyIn: 'a', effects: [{ amount: '100.00' }] }]);
    expect(body.entries[0]).not.toHaveProperty('late');
    expect(body.summary.sentences.zh[1]).toBe('其间变动 1 笔：不再计入的入账 1 笔（执行数 −100.00 元）。');
  });

  it('may be one and the same', async () => {
    const body = await compare('a=half&b=half');
    expect(body).toMatchObject({ summary: { events: 0, groups: [] }, lines: [], entries: [] });
    expect(body.rates.every(({ moved }: any) => !moved)).toBe(true);
  });

  it('may be looked at in a scope, where money of others is left out', async () => {
    const body = await compare('a=2024-02-29&b=2024-03-01&funds=general-public&expenditure=project&lang=en');
    expect(body.scope).toEqual({ funds: ['general-public'], expenditure: 'project' });
    expect(told(body)).toEqual([['PaymentExecuted', 'entry', 'P01 paid 400.00']]);
    expect(body.totals.b.paid).toBe('400.00');
    expect(new Set(body.rates.map(({ scope }: any) => JSON.stringify(scope))).size).toBe(1);
    expect(body.entries[0].sentence).toMatch(/^2024-03-01 400.00 yuan paid to 培训中心/);
  });
});

describe('pages', () => {
  it('are one list of one moment, whatever is recorded between them', async () => {
    const query = 'a=2024-02-29&b=2024-07-05';
    const whole = await compare(query);
    const first = await compare(`${query}&limit=2`);
    await system.book('U1', 2024, pay('V5', 'B01', '1.00', on('06-01')));
    const second = await compare(`${query}&limit=2&cursor=${first.next}`);
    const third = await compare(`${query}&limit=2&cursor=${second.next}`);
    expect(third).not.toHaveProperty('next');
    expect([...first.entries, ...second.entries, ...third.entries]).toEqual(whole.entries);
    for (const page of [second, third]) {
      expect({ ...page, entries: [], next: '' }).toEqual({ ...whole, entries: [], next: '' });
    }
    expect((await compare(query)).entries).toHaveLength(whole.entries.length + 1);
  });

  it('are not mixed with those of another question', async () => {
    const { next } = await compare('a=2024-02-29&b=2024-07-05&limit=2');
    expect(await ask(`a=2024-02-28&b=2024-07-05&limit=2&cursor=${next}`)).toMatchObject({
      status: 400,
      body: { faults: [{ parameter: 'cursor', code: 'INVALID_CURSOR' }] },
    });
  });
});

describe('what was known does not change', () => {
  it('between two moments of the past, and by the link of any answer', async () => {
    const { clock } = system;
    const frozen = `${HALF}&b=half@${new Date(clock.now - 1).toISOString()}`;
    const [before, now, backwards] = [
      await compare(frozen),
      await compare(HALF),
      await compare(`a=half&b=half@${BEFORE_LATE}`),
    ];
    await system.book('U1', 2024, pay('V6', 'P01', '7.00', on('06-29')));
    expect(await compare(frozen)).toEqual(before);
    expect((await compare(HALF)).totals.b.paid).not.toBe(now.totals.b.paid);
    for (const answer of [before, now, backwards]) expect((await system.get(answer.link)).body).toEqual(answer);
    expect(now.link).toMatch(/compare\?a=2024-06-30%402024-06-30T16%3A00%3A00.000Z&b=2024-06-30%402024-.*Z$/);
  });

  it('waits for a write that it must include', async () => {
    const position = await system.book('U1', 2024, pay('V7', 'P01', '0.01', on('06-29')));
    expect((await compare(`${HALF}&atLeast=${position}`)).b.position).toBe(position);
  });
});

describe('why figures moved', () => {
  it('is told of corrections, reversals, plans, lines and targets apart', async () => {
    const { clock } = system;
    clock.now = Date.parse('2024-08-01T02:00:00Z');
    const from = new Date(clock.now - 1).toISOString();
    await system.book(
      'U1',
      2024,
      reattribute('V4', 'P01', 'B01', { amount: '30.00', ...on('07-31') }),
      returnPayment('T1', 'V2', '50.00', on('07-31')),
      reversePayment('V5', on('06-01')),
      reverseAdjustment('A1', on('03-01')),
      plan('P01', Array<string>(12).fill('600.00'), on('06-15')),
      openLine('P09', {}, on('07-01')),
      adjust('A2', [add('P09', '9.00')], on('07-01')),
    );
    await system.approveTargets('U2', 2024, civilDate('2024-01-01'), INDICATORS);
    const body = await compare(`a=half@${from}&b=2024-07-31`);
    expect(told(body)).toEqual([
      ['PaymentReattributed', 'correction', 'P01 paid -30.00', 'B01 paid 30.00'],
      ['PaymentReturned', 'entry', 'P01 paid -50.00'],
      ['PaymentReversed', 'reversal', 'late', 'B01 paid -1.00'],
      ['AdjustmentReversed', 'reversal', 'late', 'P02 added -500.00'],
      ['PaymentPlanSet', 'plan', 'late'],
      ['BudgetLineOpened', 'line'],
      ['BudgetAdded', 'entry', 'P09 added 9.00'],
    ]);
    expect(body.summary.groups.map(({ why, late, events }: any) => [why, late, events])).toEqual([
      ['entry', false, 2],
      ['correction', false, 1],
      ['reversal', true, 2],
      ['plan', true, 1],
      ['line', false, 1],
    ]);
    const paid = body.entries.flatMap(({ effects }: any) => effects).filter(({ kind }: any) => kind === 'paid');
    expect(paid.map(({ amount }: any) => Number(amount)).reduce((left: number, right: number) => left + right)).toBe(
      -51,
    );
    expect(Number(body.totals.b.paid) - Number(body.totals.a.paid)).toBeCloseTo(-51, 5);
  });

  it('is told of targets', async () => {
    const [revised] = INDICATORS;
    const position = await system.book('U3', 2024, openLine('P01', {}, on('01-01')));
    await system.approveTargets('U3', 2024, civilDate('2024-02-01'), [revised!]);
    const { body } = await system.get(`/api/v1/units/U3/years/2024/compare?a=half@${position}`);
    expect(told(body)).toEqual([['TargetsApproved', 'target', 'late']]);
    expect(body.rates.find(({ indicator }: any) => indicator === 'I01')).not.toHaveProperty('a');
  });
});

describe('a seal', () => {
  it('is a moment: what came after it and belongs to its period is late', async () => {
    const stream = 'budget-U1-2024';
    const { revision } = await system.store.head(stream);
    const streams = [{ stream, revision: Number(revision) }];
    await system.book('U1', 2024, { ...seal('06-30', on('08-02')), streams });
    const sealed = await compare('a=seal:1');
    expect(sealed).toMatchObject({
      a: { asOf: '2024-06-30', seal: 1 },
      b: { asOf: '2024-06-30' },
      summary: { events: 0 },
    });
    expect(sealed.summary.sentences.zh[0]).toContain('按第 1 次封存时所知');
    await system.book('U1', 2024, pay('V8', 'P01', '11.00', { ...on('08-03'), belongsTo: civilDate('2024-06-20') }));
    const since = await compare('a=seal:1&b=2024-08-31');
    // What is dated in July lies between the two dates, but is not late.
    expect(told(since).filter((event: any) => event.includes('late'))).toEqual([
      ['PaymentExecuted', 'entry', 'late', 'P01 paid 11.00'],
    ]);
    expect(since.summary).toMatchObject({ events: 5, late: 1 });
    expect(since.link).toMatch(/compare\?a=seal%3A1&b=2024-08-31%40/);
    expect((await system.get(since.link)).body).toEqual(since);
    expect(await compare('a=2024-08-31&b=seal:1')).toMatchObject({ b: { seal: 1 }, summary: { events: 5, late: 0 } });
  });

  it('that there is not is 404', async () =>
    expect(await ask('a=seal:2')).toMatchObject({ status: 404, body: { code: 'UNKNOWN_SEAL', seal: '2' } }));
});

describe('what is no comparison', () => {
  const faultsOf = async (query: string) => {
    const { status, body } = await ask(query);
    return [status, ...body.faults.map(({ parameter, code }: any) => `${parameter} ${code}`)];
  };

  it.each([
    ['', [400, 'a REQUIRED']],
    ['a=june', [400, 'a INVALID_MOMENT']],
    ['a=2024-02-30&b=half@yesterday', [400, 'a INVALID_MOMENT', 'b INVALID_MOMENT']],
    ['a=seal:0', [400, 'a INVALID_MOMENT']],
    ['a=seal:1@2024-07-01', [400, 'a INVALID_MOMENT']],
    ['a=half@', [400, 'a INVALID_MOMENT']],
    ['a=half&a=annual', [400, 'a INVALID_MOMENT']],
    ['a=half&asOf=2024-06-30', [400, 'asOf UNKNOWN_PROPERTY']],
    ['a=half&funds=gold', [400, 'funds UNKNOWN_FUND']],
    ['a=2023-12-31&b=2025-01-01', [422, 'a DATE_OUTSIDE_YEAR', 'b DATE_OUTSIDE_YEAR']],
    ['a=half@2099-01-01&b=half@99999999', [422, 'a KNOWN_AT_NOT_PAST', 'b KNOWN_AT_NOT_PAST']],
  ])('%s is refused with every fault', async (query, faults) => expect(await faultsOf(query)).toEqual(faults));

  it('says why a seal takes no known-at', async () =>
    expect((await ask('a=seal:1@2024-07-01')).body.faults[0].message).toBe(
      'a takes nothing after @: what was known at seal 1 is fixed',
    ));

  it.each([
    [`a=half@2023-12-31`, 'NOTHING_KNOWN_YET'],
    [`a=half&b=half@2023-12-31`, 'NOTHING_KNOWN_YET'],
  ])('%s is 404: nothing was known yet', async (query, code) =>
    expect(await ask(query)).toMatchObject({ status: 404, body: { code } }),
  );

  it('of an unknown unit or year is 404', async () => {
    for (const [place, code] of [
      ['U9/years/2024', 'UNKNOWN_UNIT'],
      ['U1/years/2031', 'UNKNOWN_YEAR'],
    ]) {
      for (const a of ['half', 'seal:1']) {
        expect(await system.get(`/api/v1/units/${place}/compare?a=${a}`)).toMatchObject({
          status: 404,
          body: { code },
        });
      }
    }
  });
});
