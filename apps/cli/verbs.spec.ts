import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { standIn, type Answer, type StandIn } from './stand-in.js';

const BASE = '/api/v1/units/U0001/years/2024';
const AT = ['--unit', 'U0001', '--year', '2024'];
const words = (text: string) => [...text.split(' '), ...AT];

const written = (type: string, data: object, more: object = {}): Answer => ({
  status: 201,
  headers: { 'stream-revision': '41' },
  body: {
    stream: 'budget-U0001-2024',
    revision: 41,
    position: '1042',
    replayed: false,
    unchanged: false,
    events: [
      {
        id: 'e',
        type,
        version: 1,
        revision: 41,
        effectiveDate: '2024-06-28',
        recordedAt: '2024-07-01T08:15:02.113Z',
        data,
      },
    ],
    ...more,
  },
});

let system: StandIn | undefined;
let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'budget-cli-'))));
afterAll(() => rm(folder, { recursive: true }));
afterEach(async () => {
  await system?.close();
  system = undefined;
});
const stand = async (answers: Readonly<Record<string, Answer | readonly Answer[]>>) =>
  (system = await standIn(answers));

describe('an adjustment', () => {
  const options =
    '--id A1 --date 2024-05-08 --reason national-policy --document 财预〔2024〕17号 --document-date 2024-05-01';

  it('may hold additions, cuts and transfers, from carried-over money too', async () => {
    const { budget, asked } = await stand({ [`POST ${BASE}/adjustments`]: written('BudgetAdded', {}) });
    const moves = '--add P01=100.00 --add P=2=5.00 --cut P03=20.00@2023 --transfer P04:P05=30.00';
    expect((await budget(words(`adjust ${options} ${moves}`))).code).toBe(0);
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
      adjustmentId: 'A1',
      effectiveDate: '2024-05-08',
      reasonCode: 'NATIONAL_POLICY',
      document: { number: '财预〔2024〕17号', date: '2024-05-01' },
      movements: [
        { kind: 'add', line: 'P01', amount: '100.00' },
        { kind: 'add', line: 'P=2', amount: '5.00' },
        { kind: 'cut', line: 'P03', amount: '20.00', originYear: 2023 },
        { kind: 'transfer', from: 'P04', to: 'P05', amount: '30.00' },
      ],
    });
  });

  it('is told all its faults', async () => {
    const { budget, asked } = await stand({});
    const wrong =
      'adjust --id A1 --reason whim --document-date 2024-05-01 --add P01 --cut P02=1.005 --transfer P03=1.00';
    const { code, err } = await budget(words(wrong));
    expect(code).toBe(2);
    expect(err.match(/\[\w+\]/g)).toEqual([
      '[REQUIRED]',
      '[NOT_A_CHOICE]',
      '[REQUIRED]',
      '[NOT_A_MOVEMENT]',
      '[AMOUNT_TOO_PRECISE]',
      '[NOT_A_MOVEMENT]',
    ]);
    expect(asked).toEqual([]);
  });

  it('needs a movement', async () => {
    const { budget } = await stand({});
    expect((await budget(words(`adjust ${options}`))).err).toContain(
      'give at least one of --add, --cut and --transfer',
    );
  });
});

/** Verb and options | method and address below the year | body. */
const VERBS: readonly (readonly [string, string, object])[] = [
  [
    'request --id R1 --line P01 --amount 5.00 --date 2024-03-01 --payee A --purpose B --contract C1',
    'POST /payment-requests',
    {
      requestId: 'R1',
      effectiveDate: '2024-03-01',
      line: 'P01',
      amount: '5.00',
      payee: { name: 'A', kind: 'organisation' },
      purpose: 'B',
      contract: 'C1',
    },
  ],
  [
    'cancel R1 --date 2024-03-02 --reason late',
    'POST /payment-requests/R1/cancellation',
    { effectiveDate: '2024-03-02', reason: 'late' },
  ],
  [
    'return V1 --number T1 --amount 1.00 --date 2024-03-02 --kind passive',
    'POST /payments/V1/returns',
    { returnNo: 'T1', effectiveDate: '2024-03-02', amount: '1.00', kind: 'passive' },
  ],
  [
    'reattribute V1 --from P01 --to P02 --amount 1.00 --date 2024-03-02',
    'POST /payments/V1/reattributions',
    { effectiveDate: '2024-03-02', fromLine: 'P01', toLine: 'P02', amount: '1.00' },
  ],
  [
    'reclassify V1 --to-code 30201 --date 2024-03-02',
    'POST /payments/V1/reclassification',
    { effectiveDate: '2024-03-02', toCode: '30201' },
  ],
  [
    'reverse voucher V1 --date 2024-03-02 --reason twice',
    'POST /payments/V1/reversal',
    { effectiveDate: '2024-03-02', reason: 'twice' },
  ],
  [
    'reverse return T1 --date 2024-03-02 --reason twice',
    'POST /returns/T1/reversal',
    { effectiveDate: '2024-03-02', reason: 'twice' },
  ],
  [
    'reverse adjustment A1 --date 2024-03-02 --reason x',
    'POST /adjustments/A1/reversal',
    { effectiveDate: '2024-03-02', reason: 'x' },
  ],
  [
    'reverse take-back S1 --date 2024-03-02 --reason x',
    'POST /take-backs/S1/reversal',
    { effectiveDate: '2024-03-02', reason: 'x' },
  ],
  [
    'freeze --id F1 --line P01 --amount 1.00 --date 2024-03-02 --reason audit',
    'POST /freezes',
    { freezeId: 'F1', effectiveDate: '2024-03-02', line: 'P01', amount: '1.00', reason: 'audit' },
  ],
  ['release F1 --date 2024-03-02', 'POST /freezes/F1/release', { effectiveDate: '2024-03-02' }],
  [
    'release F1 --date 2024-03-02 --amount 0.50',
    'POST /freezes/F1/release',
    { effectiveDate: '2024-03-02', amount: '0.50' },
  ],
  [
    'take-back --id S1 --line P01 --origin-year 2022 --amount 1.00 --date 2024-03-02 --document D1',
    'POST /take-backs',
    {
      takeBackId: 'S1',
      effectiveDate: '2024-03-02',
      line: 'P01',
      originYear: 2022,
      amount: '1.00',
      document: { number: 'D1' },
    },
  ],
  [
    'carry-over --id C1 --line P01 --origin-year 2023 --amount 1.00 --date 2024-01-01',
    'POST /carry-overs',
    {
      effectiveDate: '2024-01-01',
      carryOvers: [{ carryOverId: 'C1', line: 'P01', originYear: 2023, originLine: 'P01', amount: '1.00' }],
    },
  ],
  [
    'revise C1 --to 0.50 --date 2024-01-02 --reason x',
    'POST /carry-overs/C1/revision',
    { effectiveDate: '2024-01-02', to: '0.50', reason: 'x' },
  ],
  [
    'open-line --line P20 --name 新项目 --expenditure project --fund 一般公共预算资金 --date 2024-03-02',
    'POST /lines',
    {
      effectiveDate: '2024-03-02',
      lines: [{ line: 'P20', name: '新项目', expenditure: 'project', fund: 'general-public' }],
    },
  ],
  [
    'recode P20 --function 2120802 --economic 31005 --date 2024-03-02 --reason x',
    'POST /lines/P20/reclassification',
    { effectiveDate: '2024-03-02', codes: { function: '2120802', departmentEconomic: '31005' }, reason: 'x' },
  ],
  [
    'withdraw --date 2024-01-02 --reason wrong',
    'POST /budget/withdrawal',
    { effectiveDate: '2024-01-02', reason: 'wrong' },
  ],
  [
    'seal --through 2024-06-30 --date 2024-07-05 --reason half-year',
    'POST /seals',
    { through: '2024-06-30', effectiveDate: '2024-07-05', reason: 'half-year' },
  ],
  [
    'reopen period --through 2024-06-30 --date 2024-07-05 --reason x',
    'POST /reopenings',
    { kind: 'period', through: '2024-06-30', effectiveDate: '2024-07-05', reason: 'x' },
  ],
  [
    'reopen year --date 2024-12-31 --reason x',
    'POST /reopenings',
    { kind: 'year', effectiveDate: '2024-12-31', reason: 'x' },
  ],
];

describe('every other verb', () => {
  it.each(VERBS)('%s', async (verb, operation, body) => {
    const [method = '', address = ''] = operation.split(' ');
    const { budget, asked } = await stand({
      [`${method} ${BASE}${address}`]: written('SomethingBooked', {}),
      [`GET ${BASE}/payment-plan`]: { headers: { 'stream-revision': '40' }, body: { plans: [] } },
    });
    expect((await budget(words(verb))).err).toBe('');
    expect(JSON.parse(asked.at(-1)?.body ?? '')).toEqual(body);
  });

  it('encodes numbers that go into the address', async () => {
    const { budget, asked } = await stand({});
    await budget([...'cancel R?1#å --date 2024-03-02'.split(' '), ...AT]);
    expect(asked[0]?.path).toBe(`${BASE}/payment-requests/R%3F1%23%C3%A5/cancellation`);
  });
});

describe('a plan from a file', () => {
  const plan = { effectiveDate: '2024-01-10', income: [], basic: '1.00', project: '0.00', lines: [] };

  it('is sent as it stands; the year comes from its date', async () => {
    const file = join(folder, 'plan.json');
    await writeFile(file, `\ufeff${JSON.stringify(plan)}`);
    const { budget, asked } = await stand({ [`POST ${BASE}/budget`]: written('BudgetApproved', {}) });
    expect((await budget(['approve', file, '--unit', 'U0001'])).err).toBe('');
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual(plan);
  });

  it.each([
    ['[1]', 'JSON_NOT_VALID'],
    ['{"a":', 'JSON_NOT_VALID'],
    [`${'['.repeat(10_000)}${']'.repeat(10_000)}`, 'JSON_NOT_VALID'],
    [`{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 'JSON_TOO_DEEP'],
    [Buffer.from([0x7b, 0xb8, 0xf1, 0x7d]), 'NOT_UTF8'],
    [`{"a":"${'x'.repeat(1024 * 1024)}"}`, 'FILE_TOO_LARGE'],
  ])('is refused before it is sent: %#', async (content, code) => {
    const file = join(folder, 'bad.json');
    await writeFile(file, content);
    const { budget, asked } = await stand({});
    const said = await budget(['approve', file, '--unit', 'U0001']);
    expect(said.err).toContain(`[${code}]`);
    expect(said.code).toBe(2);
    expect(asked).toEqual([]);
  });
});

describe('a unit', () => {
  it('is registered outside any year', async () => {
    const { budget, asked } = await stand({ 'POST /api/v1/units': written('UnitRegistered', {}) });
    const argv = 'units --add U0003 --name 新单位 --parent U0001 --valid-from 2024-01-01'.split(' ');
    expect((await budget(argv)).code).toBe(0);
    const body = { unit: 'U0003', name: '新单位', parent: 'U0001', validFrom: '2024-01-01' };
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual(body);
  });
});
