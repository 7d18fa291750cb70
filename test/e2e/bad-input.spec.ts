/** Everything that a caller can send wrong: one row a case, with its code, its place, and a log that nobody touched. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { approvePlan, payment, startTestSystem, UNIT_YEAR, type TestSystem } from '../support/system.js';

let system: TestSystem;

const SEALED = '/api/v1/units/T1/years/2024';
const CLOSED = '/api/v1/units/T1/years/2023';

beforeAll(async () => {
  system = await startTestSystem();
  await approvePlan(system, { P1: '1000.00', P2: '500.00' });
  await write(`${UNIT_YEAR}/payments`, payment('V-1', 'P1', '100.00', '2024-02-01'));
  const revision = (await write(`${UNIT_YEAR}/payments`, payment('V-2', 'P1', '50.00', '2024-05-01'))).revision;
  const seal = { through: '2024-01-31', effectiveDate: '2024-02-02', reason: 'month end' };
  await write(`${SEALED}/seals`, seal, { 'if-match': `"${revision}"` });
  const lines = [{ line: 'Q1', name: '旧项目', expenditure: 'project', fund: 'general-public' }];
  const opened = await write(`${CLOSED}/lines`, { effectiveDate: '2023-01-01', lines });
  await write(`${CLOSED}/close`, { effectiveDate: '2023-12-31' }, { 'if-match': `"${opened.revision}"` });
});
afterAll(() => system.stop());

async function write(path: string, body: unknown, headers: Record<string, string> = {}) {
  const answer = await system.send('POST', path, body, { headers });
  if (answer.status !== 201) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

const pay = (change: object) => ({ ...payment('V-9', 'P1', '10.00'), ...change });
const transfer = (change: object) => ({
  adjustmentId: 'A-1',
  effectiveDate: '2024-03-01',
  reasonCode: 'ORDINARY',
  movements: [{ kind: 'transfer', from: 'P1', to: 'P2', amount: '10.00', ...change }],
});
const plan = (change: object) => ({
  effectiveDate: '2025-01-20',
  income: [{ source: 'general-public', amount: '100.00' }],
  basic: '0.00',
  project: '100.00',
  lines: [{ line: 'P1', name: '一', expenditure: 'project', fund: 'general-public', original: '100.00' }],
  ...change,
});

const P = `${UNIT_YEAR}/payments`;
const A = `${UNIT_YEAR}/adjustments`;
const B = '/api/v1/units/T1/years/2025/budget';

describe.each([
  ['amount as a float', P, pay({ amount: 10.5 }), 400, 'INVALID_AMOUNT', '/amount'],
  ['negative amount', P, pay({ amount: '-1.00' }), 400, 'INVALID_AMOUNT', '/amount'],
  ['amount of zero', P, pay({ amount: '0.00' }), 400, 'INVALID_AMOUNT', '/amount'],
  ['three decimals', P, pay({ amount: '1.005' }), 400, 'INVALID_AMOUNT', '/amount'],
  ['an exponent', P, pay({ amount: '1e3' }), 400, 'INVALID_AMOUNT', '/amount'],
  ['a thousands separator', P, pay({ amount: '1,000.00' }), 400, 'INVALID_AMOUNT', '/amount'],
  ['full-width digits', P, pay({ amount: '１０.00' }), 400, 'INVALID_AMOUNT', '/amount'],
  ['beyond the safe range', P, pay({ amount: '90071992547409.92' }), 400, 'INVALID_AMOUNT', '/amount'],
  ['more than a ledger may hold', P, pay({ amount: '90071992547409.91' }), 422, 'TOTAL_OUT_OF_RANGE', '/amount'],
  ['an unknown line', P, pay({ line: 'P7' }), 422, 'UNKNOWN_LINE', '/line'],
  ['an unknown unit', '/api/v1/units/NONE/years/2024/payments', pay({}), 404, 'UNKNOWN_UNIT', undefined],
  ['a malformed unit', '/api/v1/units/no-unit/years/2024/payments', pay({}), 400, 'INVALID_VALUE', 'unit'],
  ['a malformed year', '/api/v1/units/T1/years/24/payments', pay({}), 400, 'INVALID_VALUE', 'year'],
  ['an unknown economic code', P, pay({ departmentEconomic: '9' }), 400, 'INVALID_CODE', '/departmentEconomic'],
  ['an unknown fund', B, plan({ lines: [{ ...plan({}).lines[0], fund: 'x' }] }), 400, 'INVALID_VALUE', '/lines/0/fund'],
  ['a date that does not exist', P, pay({ effectiveDate: '2024-02-30' }), 400, 'INVALID_DATE', '/effectiveDate'],
  ['a date outside the year', P, pay({ effectiveDate: '2025-01-01' }), 422, 'DATE_OUTSIDE_YEAR', '/effectiveDate'],
  ['a payment in a sealed period', P, pay({ effectiveDate: '2024-01-31' }), 409, 'PERIOD_SEALED', '/effectiveDate'],
  [
    'a payment after close',
    `${CLOSED}/payments`,
    pay({ line: 'Q1', effectiveDate: '2023-06-01' }),
    409,
    'YEAR_CLOSED',
    '',
  ],
  [
    'a return larger than the rest of its voucher',
    `${P}/V-1/returns`,
    { returnNo: 'T-1', effectiveDate: '2024-03-01', amount: '100.01', kind: 'active' },
    409,
    'RETURN_EXCEEDS_PAYMENT',
    '/amount',
  ],
  [
    'a return of an unknown voucher',
    `${P}/V-77/returns`,
    { returnNo: 'T-1', effectiveDate: '2024-03-01', amount: '1.00', kind: 'active' },
    404,
    'UNKNOWN_NUMBER',
    '',
  ],
  ['a voucher number with other content', P, payment('V-1', 'P1', '101.00', '2024-02-01'), 409, 'NUMBER_TAKEN', ''],
  ['a transfer to itself', A, transfer({ to: 'P1' }), 422, 'SAME_LINE', '/movements/0'],
  [
    'a transfer above the available amount',
    A,
    transfer({ amount: '850.01' }),
    409,
    'LINE_OVERDRAWN',
    '/movements/0/amount',
  ],
  ['a member of another kind of movement', A, transfer({ line: 'P1' }), 400, 'UNKNOWN_PROPERTY', '/movements/0/line'],
  ['a plan whose lines do not add up', B, plan({ project: '100.01' }), 422, 'TOTALS_DIFFER', '/project'],
  ['null', P, pay({ originYear: null }), 400, 'NULL', '/originYear'],
  ['a number that no address can name', P, pay({ voucherNo: '..' }), 400, 'INVALID_NUMBER_TEXT', '/voucherNo'],
  ['half of a character', P, JSON.stringify(pay({})).replace('货款', '\\ud800'), 400, 'INVALID_TEXT', '/purpose'],
  [
    'a number beyond all numbers',
    P,
    JSON.stringify(pay({ x: 1 })).replace('"x":1', '"x":1e400'),
    400,
    'INVALID_VALUE',
    '/x',
  ],
  ['final without a request', P, pay({ final: true }), 400, 'REQUIRED', '/requestId'],
  ['an unknown property', P, pay({ amuont: '1.00' }), 400, 'UNKNOWN_PROPERTY', '/amuont'],
  ['a body that is a list', P, [], 400, 'NOT_AN_OBJECT', ''],
  ['JSON cut off', P, '{"voucherNo":', 400, 'JSON_INVALID', undefined],
  ['JSON nested 10,000 deep', P, `${'['.repeat(10_000)}${']'.repeat(10_000)}`, 400, 'JSON_TOO_DEEP', undefined],
  ['a __proto__ key', P, '{"__proto__":{"admin":true}}', 400, 'FORBIDDEN_KEY', '/__proto__'],
  [
    'a body over the limit',
    P,
    JSON.stringify(pay({ purpose: 'x'.repeat(1_100_000) })),
    413,
    'BODY_TOO_LARGE',
    undefined,
  ],
])('%s', (_case, path, body, status, code, place) => {
  it(`is ${status} ${code}, and nothing is written`, async () => {
    const before = await system.events();
    const answer = await system.send('POST', path, body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    const faults = answer.body.faults ?? [];
    const found = faults.find((fault: any) => fault.code === code);
    expect([answer.body.code, ...faults.map((fault: any) => fault.code)]).toContain(code);
    if (place !== undefined) expect(found?.pointer ?? found?.parameter).toBe(place);
    for (const fault of faults) expect(fault.message.length).toBeGreaterThan(5);
    expect(await system.events()).toBe(before);
  });
});

describe('several faults', () => {
  it('are shown all at once by the form', async () => {
    const body = pay({ amount: '1.005', effectiveDate: '2024-13-01', payee: { name: '', kind: 'robot' }, extra: 1 });
    const { body: answer } = await system.send('POST', P, body);
    expect(answer.faults.map((fault: any) => fault.pointer).sort()).toEqual([
      '/amount',
      '/effectiveDate',
      '/extra',
      '/payee/kind',
      '/payee/name',
    ]);
  });

  it('are shown all at once by the rules', async () => {
    const payments = [pay({ line: 'P7' }), pay({ voucherNo: 'V-10', effectiveDate: '2025-01-01' })];
    const before = await system.events();
    const { status, body } = await system.send('POST', P, { payments });
    expect(status).toBe(422);
    expect(body.faults.map(({ pointer, code }: any) => `${pointer} ${code}`)).toEqual([
      '/payments/0/line UNKNOWN_LINE',
      '/payments/1/effectiveDate DATE_OUTSIDE_YEAR',
    ]);
    expect(await system.events()).toBe(before);
  });

  it('are shown all at once by the headers', async () => {
    const { status, body } = await system.send('POST', `${P}?dry=1`, pay({}), {
      headers: { 'idempotency-key': '', 'if-match': '41' },
    });
    expect(status).toBe(400);
    expect(body.faults.map(({ parameter }: any) => parameter)).toEqual(['dry', 'Idempotency-Key', 'If-Match']);
  });
});

describe('a repeat', () => {
  it('of the same payment is a replay, and a different one shows the first', async () => {
    const same = await system.send('POST', P, payment('V-1', 'P1', '100.00', '2024-02-01'));
    expect(same).toMatchObject({ status: 201, body: { unchanged: true } });
    const other = await system.send('POST', P, payment('V-1', 'P2', '100.00', '2024-02-01'));
    expect(other.body.faults[0].first).toMatchObject({
      effectiveDate: '2024-02-01',
      data: { voucherNo: 'V-1', line: 'P1', amount: '100.00' },
    });
  });
});

describe('a foreign page', () => {
  it('cannot write to loopback', async () => {
    const answer = await system.send('POST', P, pay({}), { headers: { origin: 'https://example.org' } });
    expect(answer.status).toBe(403);
  });

  it('cannot send a form', async () => {
    const answer = await system.send('POST', P, 'voucherNo=1', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.status).toBe(415);
  });
});
