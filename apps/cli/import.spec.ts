import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { standIn, type Answer, type StandIn } from './stand-in.js';

const preview = {
  id: '9f1c',
  fingerprint: 'f1n6e7',
  sha256: '3b0c',
  kind: 'table',
  unit: 'U0001',
  unitName: '苏州市土地储备中心',
  newUnit: true,
  year: 2024,
  revisions: { 'budget-U0001-2024': 'none' },
  rows: [
    {
      line: 'B01',
      name: '基本支出',
      expenditure: 'basic',
      fund: 'general-public',
      halfYearPlan: '6000000.00',
      original: '15542300.00',
    },
    {
      line: 'P05',
      name: '征地和拆迁补偿',
      expenditure: 'project',
      fund: null,
      halfYearPlan: '46040000.00',
      original: '92080000.00',
    },
  ],
  rowCount: 20,
  indicatorCount: 81,
  repeats: 0,
  controls: [
    {
      check: 'project-lines-annual',
      name: '项目支出全年预算数 = 各项目之和',
      expected: '2045880100.00',
      actual: '2045880100.00',
      ok: true,
    },
    {
      check: 'project-lines-half',
      name: '项目支出半年计划执行数 = 各项目之和',
      expected: '904258100.00',
      actual: '904258000.00',
      ok: false,
    },
  ],
  notes: [],
  inferences: [
    {
      what: 'scope of I08 预算执行率 ＝38%',
      value: 'general-public/all',
      why: "the only scope that fits the form's own plan",
    },
    { what: 'date of approval', value: '2024-01-01', why: 'the file names none' },
  ],
  differences: [{ what: 'original budget of P05', stored: '1.00', file: '92080000.00' }],
  problems: [],
  problemCount: 0,
  confirmable: true,
};
const outcome = {
  id: '9f1c',
  state: 'booked',
  booked: 20,
  written: 23,
  refused: [],
  left: 0,
  writes: [],
  position: '24',
};
const refusedPreview = {
  ...preview,
  problems: [
    { at: '第 47 行, 全年预算数', code: 'AMOUNT_NOT_DECIMAL', message: 'Not a plain decimal.', found: '1,000' },
  ],
  problemCount: 1_001,
  confirmable: false,
};

const IMPORTS = 'POST /api/v1/imports';
const CONFIRM = 'POST /api/v1/imports/9f1c/confirmation';

let system: StandIn | undefined;
let folder: string;
let tableFile: string;
let paymentsFile: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'budget-import-'));
  tableFile = join(folder, '绩效目标表.txt');
  paymentsFile = join(folder, 'payments.csv');
  await writeFile(tableFile, '部门整体预算绩效目标表\n2024年度\n');
  await writeFile(paymentsFile, 'voucherNo,effectiveDate,line,amount,payee,purpose\nV1,2024-01-05,P01,1.00,A,B\n');
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(async () => {
  await system?.close();
  system = undefined;
});
const stand = async (answers: Readonly<Record<string, Answer | readonly Answer[]>>) =>
  (system = await standIn(answers));
const booking = { [IMPORTS]: { status: 201, body: preview }, [CONFIRM]: { body: outcome } };

describe('import', () => {
  it('shows rows, control totals, inferences and differences, and books nothing unasked', async () => {
    const { budget, asked } = await stand(booking);
    const { code, out, err } = await budget(['import', tableFile]);
    expect(out).toMatchInlineSnapshot(`
     "Preview of table for U0001 苏州市土地储备中心 (new unit), 2024
     20 rows, 81 indicators, SHA-256 3b0c

     编号  名称            支出类别  资金性质      半年计划执行数     年初批复数
     ----  --------------  --------  ------------  --------------  -------------
     B01   基本支出        基本支出  一般公共预算    6,000,000.00  15,542,300.00
     P05   征地和拆迁补偿  项目支出                 46,040,000.00  92,080,000.00
     … and 18 more rows

        核对                                             表列              相加
     -  -----------------------------------  ----------------  ----------------
     ✓  项目支出全年预算数 = 各项目之和      2,045,880,100.00  2,045,880,100.00
     ✗  项目支出半年计划执行数 = 各项目之和    904,258,100.00    904,258,000.00

     Inferred, not stated:
       scope of I08 预算执行率 ＝38%: general-public/all (the only scope that fits the form's own plan)
       date of approval: 2024-01-01 (the file names none)

     Different from what is booked:
       original budget of P05: booked 1.00, file 92080000.00
     "
    `);
    expect(err).toBe('Not booked. Give the same command with --yes to book it.\n');
    expect(code).toBe(0);
    expect(asked).toHaveLength(1);
  });

  it('books with --yes', async () => {
    const { budget, asked } = await stand(booking);
    const { code, out } = await budget(['import', tableFile, '--yes']);
    expect(code).toBe(0);
    expect(out.endsWith('Booked: rows 20, events 23, log position 24.\n')).toBe(true);
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([`${IMPORTS}?kind=table`, CONFIRM]);
    expect(asked[1]?.headers['if-match']).toBe('"f1n6e7"');
  });

  it('asks a person at a terminal', async () => {
    const { budget, asked } = await stand(booking);
    expect((await budget(['import', tableFile], { answer: false })).err).toMatch(/^Book this\?\nNot booked/);
    expect(asked).toHaveLength(1);
    expect((await budget(['import', tableFile], { answer: true })).out).toContain('Booked: rows 20');
  });

  it('lists the problems with their places and books nothing, also with --yes: exit code 1', async () => {
    const { budget, asked } = await stand({ [IMPORTS]: { status: 201, body: refusedPreview } });
    const { code, out } = await budget(['import', tableFile, '--yes']);
    expect(code).toBe(1);
    expect(out).toContain(
      'Problems (1001):\n  第 47 行, 全年预算数: Not a plain decimal. (found 1,000) [AMOUNT_NOT_DECIMAL]\n  … and 1000 more\n',
    );
    expect(out).toContain('This file cannot be booked; nothing was changed.');
    expect(asked).toHaveLength(1);
  });

  it('says what was booked, refused and left when a command was refused in between: exit code 1', async () => {
    const partly = {
      ...outcome,
      state: 'partly',
      booked: 500,
      left: 500,
      refused: [{ row: 502, code: 'YEAR_CLOSED', message: '2024 is closed' }],
    };
    const { budget } = await stand({ ...booking, [CONFIRM]: { body: partly } });
    const { code, out } = await budget(['import', tableFile, '--yes']);
    expect(code).toBe(1);
    expect(out).toContain(
      'Booked in part: rows booked 500, left 500, log position 24.\n  row 502: 2024 is closed [YEAR_CLOSED]\n',
    );
  });

  it('sends the bytes untouched, with what the caller says of the file', async () => {
    const { budget, asked } = await stand(booking);
    const options =
      '--unit LRC --year 2024 --approved-on 2024-01-20 --fund P01=一般公共预算 --fund 道路,一期=government-funds';
    await budget(['import', tableFile, ...options.split(' ')]);
    const query = new URL(`http://x${asked[0]?.path}`).searchParams;
    expect(query.getAll('fund')).toEqual(['P01=general-public', '道路,一期=government-funds']);
    expect(Object.fromEntries(query)).toMatchObject({
      kind: 'table',
      unit: 'LRC',
      year: '2024',
      approvedOn: '2024-01-20',
    });
    expect(asked[0]?.headers['content-type']).toMatch(/^multipart\/form-data/);
    expect(asked[0]?.body).toContain('部门整体预算绩效目标表\n2024年度\n');
  });

  it('knows payments by what the file holds, and the books they go into', async () => {
    const { budget, asked } = await stand({
      ...booking,
      'GET /api/v1/units': { body: { units: [{ unit: 'U0001', name: 'A' }] } },
      'GET /api/v1/units/U0001/years': { body: { years: [{ year: 2024 }] } },
    });
    await budget(['import', paymentsFile]);
    await budget(['pay', '--file', paymentsFile]);
    const uploads = asked.filter(({ method }) => method === 'POST').map(({ path }) => path);
    expect(uploads).toEqual(Array(2).fill('/api/v1/imports?kind=payments&unit=U0001&year=2024'));
  });

  it('prints one body as JSON: the preview, or what was booked', async () => {
    const { budget } = await stand(booking);
    expect((await budget(['import', tableFile, '--format', 'json'])).out).toBe(`${JSON.stringify(preview, null, 2)}\n`);
    const booked = await budget(['import', tableFile, '--format', 'json', '--yes']);
    expect(booked.out).toBe(`${JSON.stringify(outcome, null, 2)}\n`);
  });

  it('only shows with --dry-run, whatever else is said', async () => {
    const { budget, asked } = await stand(booking);
    await budget(['pay', '--file', paymentsFile, '--yes', '--dry-run', '--unit', 'U0001', '--year', '2024']);
    expect(asked).toHaveLength(1);
  });
});

describe('a file that cannot be sent', () => {
  const refused = async (argv: readonly string[]) => {
    const { budget, asked } = await stand({});
    const said = await budget(argv);
    expect(asked).toEqual([]);
    expect(said.code).toBe(2);
    await system?.close();
    return said.err;
  };

  it('is not there', async () => {
    expect(await refused(['import', join(folder, 'nothing.csv')])).toContain(
      'cannot be read (ENOENT) [FILE_NOT_READABLE]',
    );
  });

  it('is larger than 32 MiB', async () => {
    const file = join(folder, 'large.csv');
    await writeFile(file, Buffer.alloc(32 * 1024 * 1024 + 1, 'x'));
    expect(await refused(['import', file])).toContain('has 33554433 bytes, at most 33554432 are accepted');
  });

  it('is a CSV of neither kind', async () => {
    const file = join(folder, 'other.csv');
    await writeFile(file, 'date,amount\n2024-01-01,1.00\n');
    expect(await refused(['import', file])).toContain(
      'neither voucherNo (payments), adjustmentId (adjustments) nor resultId (results)',
    );
  });

  it('has a mapping that names no fund, and goes together with no single payment', async () => {
    expect(await refused(['import', tableFile, '--fund', 'P01=lottery', '--fund', 'x'])).toMatch(
      /UNKNOWN_FUND[^]*NOT_A_MAPPING/,
    );
    expect(await refused(['pay', '--file', paymentsFile, '--voucher', 'V1', '--line', 'P01'])).toMatch(
      /--voucher: does not go together with --file[^]*--line: does not/,
    );
  });
});
