import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { problem, standIn, type Answer, type StandIn } from './stand-in.js';

const BASE = '/api/v1/units/U0001/years/2024';
const AT = ['--unit', 'U0001', '--year', '2024'];
const words = (text: string) => [...text.split(' '), ...AT];
const moment = {
  asOf: '2024-06-30',
  knownAt: '2024-07-01T08:15:02.113Z',
  position: '4711',
  recordedAt: '2024-07-01T08:15:02.113Z',
};

const entry = (revision: number, payee = '某工程公司') => ({
  eventId: `e${revision}`,
  position: String(revision),
  revision,
  kind: 'paid',
  line: 'P05',
  ref: `V-${revision}`,
  effectiveDate: '2024-06-28',
  recordedAt: '2024-07-01T08:15:02.113Z',
  amount: '92080.00',
  payee: { name: payee },
  actor: { id: 'local', name: 'sample' },
});
const lines = {
  ...moment,
  approved: true,
  lines: [
    {
      line: 'P05',
      name: '征地和拆迁补偿',
      expenditure: 'project',
      fund: 'government-funds',
      original: '92080000.00',
      carryOverIn: '0.00',
      added: '1000000.00',
      cut: '0.00',
      transferredIn: '0.00',
      transferredOut: '0.00',
      current: '93080000.00',
      frozen: '0.00',
      requested: '0.00',
      paid: '40000000.00',
      takenBack: '0.00',
      available: '53080000.00',
      plannedToDate: '46040000.00',
    },
  ],
  totals: {},
};

let system: StandIn | undefined;
let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'budget-report-'))));
afterAll(() => rm(folder, { recursive: true }));
afterEach(async () => {
  await system?.close();
  system = undefined;
});
const stand = async (answers: Readonly<Record<string, Answer | readonly Answer[]>>) =>
  (system = await standIn(answers));

describe('what is asked', () => {
  it.each([
    ['lines --at half --known-at 2024-07-01', '/lines?checkpoint=half&knownAt=2024-07-01'],
    ['lines --at 2024-03-31', '/lines?asOf=2024-03-31'],
    [
      'rates --at annual --funds 政府性基金,general-public',
      '/rates?checkpoint=annual&funds=general-public%2Cgovernment-funds',
    ],
    ['rates --funds all --expenditure project', '/rates?funds=all&expenditure=project'],
    ['explain execution-rate --limit 50', '/rates/execution-rate/explanation?limit=50'],
    ['journal --line P05 --kind paid --min-amount 5.00', '/journal?line=P05&kind=paid&minAmount=5.00'],
    ['history --lang en', '/history?lang=en'],
    ['overview', ''],
    ['targets', '/targets'],
    ['plan', '/payment-plan'],
    ['carry-overs --at annual --funds all', '/carry-over?checkpoint=annual&funds=all'],
    ['series --by day --line P05', '/series?by=day&line=P05'],
  ])('%s', async (verb, address) => {
    const { budget, asked } = await stand({});
    await budget(words(verb));
    expect(asked[0]?.path).toBe(`${BASE}${address}`);
  });
});

describe('stable forms', () => {
  it('JSON is the body of the API, unknown members too', async () => {
    const body = { ...lines, added: 'later' };
    const { budget } = await stand({ [`GET ${BASE}/lines`]: { body } });
    expect((await budget(words('lines --format json'))).out).toBe(`${JSON.stringify(body, null, 2)}\n`);
  });

  it('CSV of lines: figures in exact yuan', async () => {
    const { budget } = await stand({ [`GET ${BASE}/lines`]: { body: lines } });
    expect((await budget(words('lines --format csv'))).out.split('\r\n')).toEqual([
      'line,name,expenditure,fund,original,carryOverIn,added,cut,transferredIn,transferredOut,current,takenBack,frozen,requested,paid,available,plannedToDate',
      'P05,征地和拆迁补偿,project,government-funds,92080000.00,0.00,1000000.00,0.00,0.00,0.00,93080000.00,0.00,0.00,0.00,40000000.00,53080000.00,46040000.00',
      '',
    ]);
  });

  it('CSV of rates', async () => {
    const rate = {
      metric: 'execution-rate',
      version: 1,
      name: { zh: '预算执行率', en: 'Budget execution rate' },
      scope: { funds: ['general-public', 'government-funds'], expenditure: 'all' },
      status: 'OK',
      numerator: '7508100.00',
      denominator: '19656600.00',
      percent: '38.20',
      indicator: 'I08',
      target: { checkpoint: 'half', comparator: '=', value: '38' },
      verdict: 'missed',
      distance: '-0.20',
    };
    const { budget } = await stand({ [`GET ${BASE}/rates`]: { body: { ...moment, rates: [rate] } } });
    expect((await budget(words('rates --format csv'))).out.split('\r\n')).toEqual([
      'metric,version,name,viewOf,funds,expenditure,status,reason,numerator,denominator,percent,indicator,checkpoint,comparator,target,verdict,distance',
      'execution-rate,1,预算执行率,,general-public+government-funds,all,OK,,7508100.00,19656600.00,38.20,I08,half,=,38,missed,-0.20',
      '',
    ]);
  });

  it('CSV of the journal: a payee that looks like a formula is text', async () => {
    const { budget } = await stand({ [`GET ${BASE}/journal`]: { body: { ...moment, entries: [entry(7, '=1+1')] } } });
    expect((await budget(words('journal --format csv'))).out.split('\r\n')).toEqual([
      'position,revision,effectiveDate,belongsTo,recordedAt,kind,line,ref,amount,payee,document,actor,eventId',
      "7,7,2024-06-28,,2024-07-01T08:15:02.113Z,paid,P05,V-7,92080.00,'=1+1,,sample,e7",
      '',
    ]);
  });
});

describe('pages', () => {
  const first = { ...moment, entries: [entry(1), entry(2)], next: 'c1' };
  const last = { ...moment, entries: [entry(3)] };

  it('one page names what follows it', async () => {
    const { budget } = await stand({ [`GET ${BASE}/journal`]: { body: first } });
    expect((await budget(words('journal'))).out).toContain('还有更多：--all，或 --cursor c1');
  });

  it('--all puts them together as one answer', async () => {
    const { budget, asked } = await stand({ [`GET ${BASE}/journal`]: [{ body: first }, { body: last }] });
    const { out } = await budget(words('journal --all --line P05 --format json'));
    expect(JSON.parse(out)).toEqual({ ...moment, entries: [entry(1), entry(2), entry(3)] });
    expect(asked.map(({ path }) => path)).toEqual([`${BASE}/journal?line=P05`, `${BASE}/journal?line=P05&cursor=c1`]);
  });

  it('export follows all pages', async () => {
    const { budget } = await stand({ [`GET ${BASE}/journal`]: [{ body: first }, { body: last }] });
    const rows = (await budget(words('export journal'))).out.split('\r\n').map((row) => row.split(',')[0]);
    expect(rows).toEqual(['position', '1', '2', '3', '']);
  });

  it('export as JSON is one answer, of no entries too', async () => {
    const { budget } = await stand({
      [`GET ${BASE}/journal`]: [{ body: first }, { body: last }, { body: { ...moment, entries: [] } }],
    });
    expect(JSON.parse((await budget(words('export journal --format json'))).out)).toEqual({
      ...moment,
      entries: [entry(1), entry(2), entry(3)],
    });
    expect(JSON.parse((await budget(words('export journal --format json'))).out)).toEqual({ ...moment, entries: [] });
  });
});

describe('export to a file', () => {
  it('writes it whole, with a byte order mark when asked for', async () => {
    const file = join(folder, 'lines.csv');
    const { budget } = await stand({ [`GET ${BASE}/lines`]: { body: lines } });
    expect(await budget([...words('export lines --bom --out'), file])).toMatchObject({ code: 2 });
    expect(await budget(['export', 'lines', '--bom', '--out', file, ...AT])).toEqual({ code: 0, out: '', err: '' });
    expect((await readFile(file)).subarray(0, 7).toString('utf8')).toBe('\ufeffline');
  });

  it('leaves what was there when the system fails on the way, and no half file', async () => {
    const file = join(folder, 'journal.csv');
    const good = await stand({ [`GET ${BASE}/journal`]: { body: { ...moment, entries: [entry(1)] } } });
    await good.budget(['export', 'journal', '--out', file, ...AT]);
    const before = await readFile(file, 'utf8');
    await good.close();
    const { budget } = await stand({
      [`GET ${BASE}/journal`]: [
        { body: { ...moment, entries: [entry(2)], next: 'c' } },
        problem(503, 'DATABASE_UNAVAILABLE', 'Gone.'),
      ],
    });
    expect((await budget(['export', 'journal', '--out', file, ...AT])).code).toBe(3);
    expect(await readFile(file, 'utf8')).toBe(before);
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('says when the place cannot be written', async () => {
    const { budget } = await stand({ [`GET ${BASE}/lines`]: { body: lines } });
    const { code, err } = await budget(['export', 'lines', '--out', join(folder, 'no', 'such', 'folder.csv'), ...AT]);
    expect(err).toMatch(/cannot be written \(ENOENT\) \[NOT_WRITABLE\]/);
    expect(code).toBe(2);
  });
});

describe('tables of entries', () => {
  it('an explanation goes from the figure to its entries and the link that repeats it', async () => {
    const body = {
      ...moment,
      metric: 'payment-progress',
      version: 1,
      name: { zh: '支付进度符合率', en: 'Payment progress' },
      formula: 'X / P',
      source: '财预〔2013〕53号, default definition',
      scope: { funds: 'all', expenditure: 'all' },
      status: 'OK',
      numerator: '92080.00',
      denominator: '46040.00',
      percent: '200.00',
      inputs: [
        { name: 'paid', symbol: 'X', amount: '92080.00', kinds: ['paid'] },
        { name: 'planned', symbol: 'P', amount: '46040.00', kinds: [] },
      ],
      plans: [{ line: 'P05', kind: 'approved', effectiveDate: '2024-01-01', plannedToDate: '46040.00' }],
      entries: [{ ...entry(7), belongsTo: '2024-06-28', document: { number: 'D1' } }],
      link: '/api/v1/x',
    };
    const { budget } = await stand({ [`GET ${BASE}/rates/payment-progress/explanation`]: { body } });
    expect((await budget(words('explain payment-progress'))).out).toMatchInlineSnapshot(`
     "U0001 2024
     截至 2024-06-30，按 2024-07-01 16:15:02.113 +08:00 所知，日志位置 4711，单位：元

     支付进度符合率 (payment-progress, v1), 全部资金: 200.00%
     公式: X / P
     依据: 财预〔2013〕53号, default definition
     分子 92,080.00; 分母 46,040.00

     基础数      公式       金额
     ----------  ----  ---------
     执行数      X     92,080.00
     计划执行数  P     46,040.00

     编号  计划          业务日期    计划执行数
     ----  ------------  ----------  ----------
     P05   批复半年计划  2024-01-01   46,040.00

     业务日期    所属日期    类别  编号  凭单号       金额  收款人      文号  经办人  登记时间                        序号
     ----------  ----------  ----  ----  ------  ---------  ----------  ----  ------  ------------------------------  ----
     2024-06-28  2024-06-28  支付  P05   V-7     92,080.00  某工程公司  D1    sample  2024-07-01 16:15:02.113 +08:00     7
     固定链接: /api/v1/x
     "
    `);
  });

  it('a history is sentences', async () => {
    const telling = {
      revision: 7,
      stream: 'budget-U0001-2024',
      position: '9',
      recordedAt: '2024-07-01T08:15:02.113Z',
      effectiveDate: '2024-06-28',
      type: 'PaymentExecuted',
      sentence: '2024-06-28 支付 92,080.00 元。',
      actor: { id: 'local' },
      eventId: 'e7',
    };
    const { budget } = await stand({ [`GET ${BASE}/history`]: { body: { ...moment, entries: [telling] } } });
    expect((await budget(words('history'))).out).toMatchInlineSnapshot(`
     "U0001 2024
     截至 2024-06-30，按 2024-07-01 16:15:02.113 +08:00 所知，日志位置 4711，单位：元

     序号  业务日期    登记时间                        经办人  事项
     ----  ----------  ------------------------------  ------  ------------------------------
        7  2024-06-28  2024-07-01 16:15:02.113 +08:00  local   2024-06-28 支付 92,080.00 元。
     "
    `);
  });

  it('a plan shows quarters of all lines, months of one', async () => {
    const cumulative = Array.from({ length: 12 }, (_, month) => `${month + 1}0.00`);
    const plan = (line: string, name: string) => ({ line, name, kind: 'monthly', cumulative });
    const body = { ...moment, plans: [plan('P01', '伙食经费'), plan('P02', '培训费')] };
    const { budget } = await stand({ [`GET ${BASE}/payment-plan`]: { body } });
    expect((await budget(words('plan'))).out).toMatchInlineSnapshot(`
     "U0001 2024
     截至 2024-06-30，按 2024-07-01 16:15:02.113 +08:00 所知，日志位置 4711，单位：元

     编号  名称      计划          至3月  至6月  至9月  至12月
     ----  --------  ------------  -----  -----  -----  ------
     P01   伙食经费  月度用款计划  30.00  60.00  90.00  120.00
     P02   培训费    月度用款计划  30.00  60.00  90.00  120.00
     "
    `);
    expect((await budget(words('plan --line P02'))).out).toMatchInlineSnapshot(`
     "U0001 2024
     截至 2024-06-30，按 2024-07-01 16:15:02.113 +08:00 所知，日志位置 4711，单位：元

     月份  计划执行数
     ----  ----------
        1       10.00
        2       20.00
        3       30.00
        4       40.00
        5       50.00
        6       60.00
        7       70.00
        8       80.00
        9       90.00
       10      100.00
       11      110.00
       12      120.00
     编号 P02
     "
    `);
  });
});
