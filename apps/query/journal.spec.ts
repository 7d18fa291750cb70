import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  closeYear,
  cancelRequest,
  on,
  pay,
  seal,
  takeBack,
  returnPayment,
  withdraw,
  approved,
} from '#domain/budget/specification.js';
import { civilDate } from '#domain/calendar.js';
import { BEFORE_LATE, bookYear, startReadSystem, U1_2024, type ReadSystem } from '../../test/support/read-system.js';

let system: ReadSystem;
let last: string;
beforeAll(async () => {
  system = await startReadSystem();
  last = await bookYear(system);
});
afterAll(() => system.stop());

const journal = async (query = '') => (await system.get(`${U1_2024}/journal${query}`)).body;
const history = async (query = '') => (await system.get(`${U1_2024}/history${query}`)).body;
const told = (body: any) =>
  body.entries.map((entry: any) =>
    [entry.effectiveDate, entry.kind, entry.line, entry.amount, entry.ref ?? ''].join(' '),
  );

const ALL = [
  '2024-01-01 original B01 1000.00 ',
  '2024-01-01 original P01 2000.00 ',
  '2024-01-01 original P02 5000.00 ',
  '2024-03-01 paid B01 400.00 V1',
  '2024-03-01 paid P01 400.00 V2',
  '2024-03-01 paid P02 3000.00 V3',
  '2024-03-01 requested P02 250.00 R1',
  '2024-03-01 added P02 500.00 A1',
  '2024-06-28 paid P01 100.00 V4',
];

describe('the journal', () => {
  it('lists every money effect by date', async () => {
    const body = await journal();
    expect(body).toMatchObject({ asOf: '2024-07-05', position: last });
    expect(told(body)).toEqual(ALL);
    expect(body).not.toHaveProperty('next');
    expect(body.entries[4]).toMatchObject({
      payee: { name: '培训中心' },
      actor: { id: 'local', name: 'clerk' },
      recordedAt: '2024-03-01T02:00:02.001Z',
    });
  });

  it.each([
    ['line=P01', [1, 4, 8]],
    ['kind=paid', [3, 4, 5, 8]],
    ['line=P02&kind=requested', [6]],
    ['person=second', [8]],
    ['person=clerk&kind=paid', [3, 4, 5]],
    ['person=培训中心', [4]],
    ['ref=V3', [5]],
    ['from=2024-03-02', [8]],
    ['to=2024-01-31', [0, 1, 2]],
    ['from=2024-02-01&to=2024-03-31&kind=added', [7]],
    ['minAmount=2000', [1, 2, 5]],
    ['minAmount=300&maxAmount=500.00', [3, 4, 7]],
    ['asOf=2024-02-29', [0, 1, 2]],
    [`knownAt=${BEFORE_LATE}`, [0, 1, 2, 3, 4, 5, 6, 7]],
    ['kind=cut', []],
  ])('narrowed by %s', async (query, rows) => {
    expect(told(await journal(`?${encodeURI(query)}`))).toEqual(rows.map((row) => ALL[row]));
  });

  it('comes in pages that are one list, whatever is recorded between them', async () => {
    const pages: string[] = [];
    let cursor = '';
    do {
      const body = await journal(`?limit=4${cursor}`);
      pages.push(...told(body));
      expect(body.position).toBe(last);
      cursor = body.next === undefined ? '' : `&cursor=${body.next}`;
      if (pages.length === 4) await system.book('U1', 2024, pay('V5', 'B01', '1.00', on('02-01')));
    } while (cursor !== '');
    expect(pages).toEqual(ALL);
    expect(told(await journal()).length).toBe(10);
  });

  it('refuses all that is wrong at once', async () => {
    const { status, body } = await system.get(
      `${U1_2024}/journal?kind=stolen&from=2024-02-30&minAmount=1e3&limit=0&knownAt=soon&page=2`,
    );
    expect([status, body.code]).toEqual([400, 'INVALID_REQUEST']);
    expect(body.faults.map(({ parameter, code }: any) => `${parameter} ${code}`).sort()).toEqual([
      'from INVALID_DATE',
      'kind INVALID_VALUE',
      'knownAt INVALID_KNOWN_AT',
      'limit INVALID_LIMIT',
      'minAmount INVALID_AMOUNT',
      'page UNKNOWN_PROPERTY',
    ]);
  });

  it('refuses ranges that hold nothing', async () => {
    const { status, body } = await system.get(
      `${U1_2024}/journal?from=2024-03-02&to=2024-03-01&minAmount=2&maxAmount=1`,
    );
    expect(status).toBe(400);
    expect(body.faults).toMatchObject([
      { parameter: 'to', code: 'EMPTY_RANGE' },
      { parameter: 'maxAmount', code: 'EMPTY_RANGE' },
    ]);
  });

  it('refuses a line that there is not in place of showing nothing', async () => {
    expect(await system.get(`${U1_2024}/journal?line=P99`)).toMatchObject({
      status: 404,
      body: { code: 'UNKNOWN_LINE' },
    });
  });

  it('refuses a cursor that is damaged or of another question', async () => {
    const { next } = await journal('?limit=4');
    for (const [query, words] of [
      [`?cursor=${next}x`, 'is not a cursor of this list'],
      [`?kind=paid&cursor=${next}`, 'belongs to another question'],
    ] as const) {
      const { status, body } = await system.get(`${U1_2024}/journal${query}`);
      expect(status).toBe(400);
      expect(body.faults).toMatchObject([{ parameter: 'cursor', code: 'INVALID_CURSOR' }]);
      expect(body.faults[0].message).toContain(words);
    }
  });
});

describe('the history', () => {
  it('tells every event of the year in the order of the log, its targets among them', async () => {
    const body = await history();
    expect(body.entries.map(({ type }: any) => type)).toEqual([
      'BudgetApproved',
      'BudgetLineApproved',
      'BudgetLineApproved',
      'BudgetLineApproved',
      'TargetsApproved',
      'PaymentExecuted',
      'PaymentExecuted',
      'PaymentExecuted',
      'PaymentRequested',
      'BudgetAdded',
      'PaymentExecuted',
      'PaymentExecuted',
    ]);
    expect(body.entries[6]).toEqual({
      revision: 5,
      stream: 'budget-U1-2024',
      position: '8',
      recordedAt: '2024-03-01T02:00:02.001Z',
      effectiveDate: '2024-03-01',
      type: 'PaymentExecuted',
      sentence:
        '2024-03-01 支付 400.00 元 给 培训中心（凭证 V2），用途 works，列 P01 培训费。记录人 clerk，记录日期 2024-03-01。',
      actor: { id: 'local', name: 'clerk' },
      eventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it('of a line tells what concerns it, in the language asked for', async () => {
    const body = await history('?line=P02&lang=en');
    expect(body.entries.map(({ sentence }: any) => sentence)).toEqual([
      '2024-01-01 Budget of 8,000.00 yuan approved: basic 1,000.00 yuan, project 7,000.00 yuan, document 财预〔2024〕1号 “批复” of 2024-01-01. Recorded by clerk on 2024-01-02.',
      '2024-01-01 P02 征地补偿 approved with 5,000.00 yuan, 3,000.00 yuan planned by mid-year (project expenditure, government funds). Recorded by clerk on 2024-01-02.',
      '2024-01-01 4 targets approved (3 quantitative, 1 qualitative). Recorded by clerk on 2024-01-02.',
      '2024-03-01 3,000.00 yuan paid to Payee (voucher V3), purpose works, on P02 征地补偿. Recorded by clerk on 2024-03-01.',
      '2024-03-01 250.00 yuan requested for Payee (request R1), purpose works, on P02 征地补偿. Recorded by clerk on 2024-03-01.',
      '2024-03-01 500.00 yuan added to P02 征地补偿 (adjustment A1, ordinary), document 财预〔2024〕17号 of 2024-02-20. Recorded by clerk on 2024-03-01.',
    ]);
  });

  it('shows what was known, and what was dated by a day', async () => {
    expect((await history(`?line=P01&knownAt=${BEFORE_LATE}`)).entries).toHaveLength(4);
    expect((await history('?asOf=2024-02-29')).entries.map(({ effectiveDate }: any) => effectiveDate)).toEqual([
      ...Array(5).fill('2024-01-01'),
      '2024-02-01',
    ]);
  });

  it('comes in pages', async () => {
    const whole = await history();
    const first = await history('?limit=5');
    const second = await history(`?limit=5&cursor=${first.next}`);
    const third = await history(`?limit=5&cursor=${second.next}`);
    expect([...first.entries, ...second.entries, ...third.entries]).toEqual(whole.entries);
    expect(third).not.toHaveProperty('next');
    expect(await system.get(`${U1_2024}/history?limit=5&cursor=${(await journal('?limit=4')).next}`)).toMatchObject({
      status: 400,
      body: { faults: [{ code: 'INVALID_CURSOR' }] },
    });
  });

  it('is 404 for a line that there is not', async () => {
    expect((await system.get(`${U1_2024}/history?line=P99`)).body.code).toBe('UNKNOWN_LINE');
    expect((await system.get(`${U1_2024}/history?lang=fr`)).body.faults).toMatchObject([{ parameter: 'lang' }]);
  });

  it('tells of a late fact, and of what is dated after the year', async () => {
    system.clock.now = Date.parse('2024-07-20T00:00:00Z');
    await system.book(
      'U1',
      2024,
      seal('06-30', on('07-20')),
      pay('V6', 'P01', '5.00', { ...on('07-20'), belongsTo: civilDate('2024-06-27') }),
      returnPayment('T1', 'V6', '5.00', on('07-20')),
      cancelRequest('R1', on('07-20')),
      closeYear([{ line: 'P02', reason: 'finished' }]),
      takeBack('K1', 'P02', '10.00', { effectiveDate: civilDate('2025-03-01') }),
    );
    const { entries } = await history('?line=P02');
    expect(entries.slice(-4).map(({ sentence }: any) => sentence.replace(/记录人.*/, ''))).toEqual([
      '2024-07-20 封存 2024-06-30 及以前的期间，原因：half-year report。',
      '2024-07-20 取消支付申请 R1 尚未支付的 250.00 元，退回 P02 征地补偿。',
      '2024-12-31 年度结账（第 1 次）：结转 2,099.00 元，结余 2,500.00 元。',
      '2025-03-01 收回 P02 征地补偿 的 2024 年资金 10.00 元（收回号 K1）。',
    ]);
    const late = (await history('?line=P01')).entries.find((entry: any) => entry.belongsTo !== undefined);
    expect(late).toMatchObject({
      belongsTo: '2024-06-27',
      sentence: expect.stringContaining('补记：属于 2024-06 期间（业务日期 2024-06-27），该期间已封存。'),
    });
    expect(told(await journal('?from=2024-12-31&to=2025-12-31'))).toEqual(['2025-03-01 taken-back P02 10.00 K1']);
  });

  it('of a line that went with its approval is still told', async () => {
    await system.register({ type: 'RegisterUnit', unit: 'U3', name: '撤回单位', validFrom: civilDate('2024-01-01') });
    await system.book('U3', 2024, approved({ P07: '10.00' }), withdraw());
    const { body } = await system.get('/api/v1/units/U3/years/2024/history?line=P07');
    expect(body.entries.map(({ type }: any) => type)).toEqual([
      'BudgetApproved',
      'BudgetLineApproved',
      'BudgetApprovalWithdrawn',
    ]);
  });
});
