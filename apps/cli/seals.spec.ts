/** Seals and restatements on the command line, against a system that answers as it is told. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { standIn, type Answer, type StandIn } from './stand-in.js';

const BASE = '/api/v1/units/U0001/years/2024';
const words = (text: string) => [...text.split(' '), '--unit', 'U0001', '--year', '2024'];
const moment = { asOf: '2024-06-30', knownAt: '2024-07-09T08:15:02.113Z', position: '4711' };
const kept = (kind: string) => ({ kind, scope: 'all', sha256: kind.padEnd(64, '0'), bytes: 1012, text: '/x' });
const seal = {
  ...{ number: 1, through: '2024-06-30', sealedOn: '2024-07-05', recordedAt: '2024-07-05T08:20:47.092Z' },
  ...{ by: { id: 'local', name: '王会计' }, reason: '半年报', revision: 4, inForce: true },
  streams: [{ stream: 'budget-U0001-2024', revision: 3 }],
  reports: [kept('lines'), kept('rates')],
};
const reopened = { on: '2024-07-15', reason: '补记', recordedAt: '2024-07-15T08:20:47.092Z', by: { id: 'local' } };
const rate = (percent: string, verdict: string) => ({
  ...{ metric: 'execution-rate', version: 1, name: { zh: '预算执行率', en: 'Budget execution rate' } },
  ...{ scope: { funds: 'all', expenditure: 'all' }, status: 'OK', numerator: '400.00', denominator: '1500.00' },
  ...{ percent, verdict, target: { checkpoint: 'half', comparator: '>=', value: '30' }, distance: '0.10' },
});
const line = { line: 'P01', name: '征地补偿', expenditure: 'project', fund: 'general-public', paid: '400.00' };
const sealed = (reproduction: object) => ({
  ...moment,
  seal,
  reproduction,
  reports: [
    {
      ...{ ...kept('lines'), digestHolds: true },
      content: { approved: true, lines: [line], totals: [{ scope: rate('', '').scope, figures: { paid: '400.00' } }] },
    },
    { ...kept('rates'), digestHolds: true, content: { approved: true, rates: [rate('26.67', 'missed')] } },
  ],
});
const DIFFERS = {
  same: false,
  reasons: [
    { code: 'FIGURE_DIFFERS', where: 'lines P01 paid', sealed: '400.00', now: '410.00' },
    { code: 'STREAM_SHORTER', where: 'budget-U0001-2024', sealed: '3', now: null },
  ],
  more: 7,
};
const restatement = {
  ...moment,
  ...{ seal, touched: true, sentence: '有 1 项登记涉及 2024-06-30 及以前。', basis: 'reports', count: 1 },
  totals: [{ amount: 'paid', sealed: '400.00', restated: '500.00', change: '100.00' }],
  lines: [
    {
      ...{ line: 'P01', name: '征地补偿', since: '2024-07-08T08:15:02.113Z' },
      changes: [{ amount: 'paid', sealed: '400.00', restated: '500.00', change: '100.00' }],
    },
  ],
  rates: [{ sealed: rate('26.67', 'missed'), restated: rate('33.33', 'met'), change: '6.66', turned: true }],
  entries: [
    {
      ...{ revision: 5, position: '8', recordedAt: '2024-07-08T08:15:02.113Z', effectiveDate: '2024-07-08' },
      ...{ belongsTo: '2024-06-28', type: 'PaymentExecuted', sentence: '支付 100.00 元。', actor: { id: 'local' } },
      ...{ stream: 'budget-U0001-2024', eventId: 'e5', touches: 'belongs-to', ref: 'V2', document: '财预9号' },
      effects: [{ line: 'P01', kind: 'paid', amount: '100.00' }],
    },
  ],
};

let system: StandIn | undefined;
afterEach(async () => {
  await system?.close();
  system = undefined;
});
const stand = async (answers: Readonly<Record<string, Answer>>) => (system = await standIn(answers));

describe('budget seals', () => {
  const LIST = { [`GET ${BASE}/seals`]: { body: { ...moment, seals: [seal, { ...seal, number: 2, reopened }] } } };

  it('lists them with who, why and whether they are in force', async () => {
    const { budget, asked } = await stand(LIST);
    const { out } = await budget(words('seals --known-at 2024-07-09'));
    expect(asked.at(-1)?.path).toBe(`${BASE}/seals?knownAt=2024-07-09`);
    expect(out).toMatch(/1 +2024-06-30 +2024-07-05 +2024-07-05 16:20:47\.092 \+08:00 +王会计 +半年报 +有效/);
    expect(out).toMatch(/2 .* 2024-07-15 重开：补记/);
    expect((await budget(words('seals --lang en'))).out).toMatch(
      /Seal +Through.*\n.*\n.*in force\n.*reopened 2024-07-15/,
    );
    expect((await budget(words('seals --format csv'))).out).toMatch(/^number,through,sealedOn,.*\r?\n1,2024-06-30,/);
  });

  it('without any says so', async () => {
    const { budget } = await stand({ [`GET ${BASE}/seals`]: { body: { ...moment, seals: [] } } });
    expect((await budget(words('seals'))).out).toContain('本年没有封存过任何期间。');
  });

  it('shows one with its digests, and that it comes out the same', async () => {
    const { budget } = await stand({ [`GET ${BASE}/seals/1`]: { body: sealed({ same: true }) } });
    const { out, code } = await budget(words('seals 1 --verify'));
    expect(code).toBe(0);
    expect(out).toContain(`封存 1：至 2024-06-30，2024-07-05 由 王会计 封存（半年报），有效`);
    expect(out).toContain('依据: budget-U0001-2024 ≤ 3');
    expect(out).toContain(kept('rates').sha256);
    expect(out).toContain('各报表逐字节相同。');
    expect(JSON.parse((await budget(words('seals 1 --format json'))).out)).toEqual(sealed({ same: true }));
  });

  it('tells every reason why it does not, which fails only when asked to verify', async () => {
    const { budget } = await stand({ [`GET ${BASE}/seals/1`]: { body: sealed(DIFFERS) } });
    const { out, code } = await budget(words('seals 1 --verify --lang en'));
    expect(code).toBe(1);
    expect(out).toMatch(/another figure +lines P01 paid +400\.00 +410\.00/);
    expect(out).toMatch(/the log holds less than was cited +budget-U0001-2024 +3 +-/);
    expect(out).toContain('And 7 more.');
    expect((await budget(words('seals 1'))).code).toBe(0);
  });

  it('prints its reports like those of now; what is wrong with them stands beside', async () => {
    const { budget } = await stand({ [`GET ${BASE}/seals/1`]: { body: sealed(DIFFERS) } });
    const rates = await budget(words('seals 1 --report rates'));
    expect(rates.out).toMatch(/预算执行率 +execution-rate +全部资金 +26\.67% +≥30% +未达标/);
    expect(rates.err).toContain('重新生成的报表与封存的不同');
    const lines = await budget(words('seals 1 --report lines --format csv'));
    expect(lines.out.split(/\r?\n/)[1]).toMatch(/^P01,征地补偿,project,general-public/);
    expect((await budget(words('seals 1 --report lines'))).out).toMatch(/合计.*400\.00/);
  });

  it('is told what cannot be', async () => {
    const { budget, asked } = await stand(LIST);
    const { code, err } = await budget(words('seals --report money --verify'));
    expect([code, asked]).toEqual([2, []]);
    expect(err).toContain('"money" is none of rates, lines');
    expect(err).toContain('--verify: goes only with <number>');
  });
});

describe('budget restatement', () => {
  const ONE = { [`GET ${BASE}/seals/1/restatement`]: { body: restatement } };

  it('tells each entry, and what it changes by line and by rate', async () => {
    const { budget, asked } = await stand(ONE);
    const { out } = await budget(words('restatement 1 --limit 5'));
    expect(asked.at(-1)?.path).toBe(`${BASE}/seals/1/restatement?lang=zh&limit=5`);
    expect(out).toContain(restatement.sentence);
    expect(out).toMatch(/2024-07-08 +2024-06-28 +补记，属于封存期间 +V2 +财预9号 .*支付 100\.00 元。/);
    expect(out).toMatch(/P01 +征地补偿 +执行数 +400\.00 +500\.00 +100\.00 +2024-07-08 16:15/);
    expect(out).toMatch(/合计 +执行数 +400\.00 +500\.00 +100\.00\n/);
    expect(out).toMatch(/预算执行率 +全部资金 +26\.67% +33\.33% +6\.66 +未达标 → 达标/);
  });

  it('as CSV has a row for each effect', async () => {
    const { budget } = await stand(ONE);
    const [head = '', row = ''] = (await budget(words('restatement 1 --format csv'))).out.split(/\r?\n/);
    expect(head).toContain('effectiveDate,belongsTo,recordedAt,type,touches');
    expect(row).toMatch(
      /^8,budget-U0001-2024,5,2024-07-08,2024-06-28,.*,belongs-to,,V2,财预9号,P01,paid,100\.00,local,/,
    );
  });

  it('that is empty says so', async () => {
    const nothing = {
      touched: false,
      sentence: '封存数据不变。',
      totals: [],
      lines: [],
      rates: [],
      entries: [],
      count: 0,
    };
    const { budget } = await stand({
      [`GET ${BASE}/seals/1/restatement`]: { body: { ...restatement, ...nothing } },
    });
    const { out } = await budget(words('restatement 1'));
    expect(out.trimEnd().split('\n').slice(-1)).toEqual(['封存数据不变。']);
  });
});

it('budget seal shows the digests of what it kept', async () => {
  const { streams, reports } = seal;
  const data = { through: '2024-06-30', reason: '半年报', knownAt: 1, streams, formulas: [{}, {}], reports };
  const event = { type: 'PeriodSealed', effectiveDate: '2024-07-05', recordedAt: '2024-07-05T08:20:47.092Z', data };
  const { budget } = await stand({
    [`GET ${BASE}/payment-plan`]: { body: { plans: [] }, headers: { 'stream-revision': '3' } },
    [`POST ${BASE}/seals`]: {
      body: {
        stream: 'budget-U0001-2024',
        revision: 4,
        position: '9',
        replayed: false,
        unchanged: false,
        events: [event],
      },
      status: 201,
    },
  });
  const { out, err } = await budget(words('seal --through 2024-06-30 --date 2024-07-05 --reason 半年报'));
  expect(err).toBe('');
  expect(out).toContain(
    'PeriodSealed 2024-07-05: through 2024-06-30, reason 半年报, 2 formulas; rests on budget-U0001-2024 up',
  );
  expect(out).toContain(`report rates all: 1012 bytes, SHA-256 ${kept('rates').sha256}`);
  expect(out).not.toContain('{');
});
