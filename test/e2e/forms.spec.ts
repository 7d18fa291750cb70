/** The official forms through a year: table in, monitoring out, filled by hand and in again, self-evaluation likewise. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { unzipSync, zipSync } from 'fflate';
import { formWorkbook } from '#forms/export/form-workbook.js';
import { MONITORING } from '#forms/definitions/monitoring.js';
import { PROJECT_SELF_EVALUATION, projectSelfEvaluationContent } from '#forms/definitions/project-self-evaluation.js';
import { SELF_EVALUATION } from '#forms/definitions/self-evaluation.js';
import { TARGET_TABLE, targetTableContent } from '#forms/definitions/target-table.js';
import { readForm } from '#forms/import/form-workbook.js';
import { parseTableText } from '#forms/import/table-text.js';
import type { FormContent, FormLayout, Row } from '#forms/layout.js';
import type { PerformanceTable } from '#forms/table.js';
import { readWorkbook } from '#forms/workbook/read-workbook.js';
import { startTestSystem, type TestSystem } from '../support/system.js';

const YEAR = '/api/v1/units/U0001/years/2024';
const MONEY = { unit: '万元' } as const;
let system: TestSystem;
let table: PerformanceTable;
let position: string;

beforeAll(async () => {
  system = await startTestSystem();
  const printed = parseTableText(await readFile(new URL('../golden/suzhou-2024.txt', import.meta.url))).content!;
  const narrative = {
    duties: '（一）土地出入库。',
    organisation: '设8个内设机构。',
    staffing: '编制35名。',
    annualGoal: '推动土地储备。',
  };
  table = { ...printed, narrative };
});
afterAll(() => system.stop());

async function upload(bytes: Uint8Array, query = '') {
  const form = new FormData();
  form.append('file', new Blob([Buffer.from(bytes)]), 'form.xlsx');
  const answer = await fetch(`${system.address}/api/v1/imports${query}`, { method: 'POST', body: form });
  return { status: answer.status, body: (await answer.json()) as any };
}

async function confirm({ id, fingerprint }: { id: string; fingerprint: string }) {
  const headers = { 'if-match': `"${fingerprint}"` };
  const answer = await system.send('POST', `/api/v1/imports/${id}/confirmation`, {}, { headers });
  position = answer.body.position ?? position;
  return answer;
}

async function exported(form: string, query = '', year = YEAR) {
  const answer = await fetch(`${system.address}${year}/forms/${form}?atLeast=${position}&${query}`);
  return { status: answer.status, headers: answer.headers, bytes: new Uint8Array(await answer.arrayBuffer()) };
}

function contentOf(bytes: Uint8Array, layout: FormLayout): FormContent {
  const { content, problems } = readForm(readWorkbook(bytes).content!, layout);
  expect(problems).toEqual([]);
  return content!;
}

const codes = (problems: readonly { code: string }[]) => [...new Set(problems.map(({ code }) => code))].sort();
const filled = (content: FormContent, key: string, name: string, values: Row): FormContent => ({
  ...content,
  tables: {
    ...content.tables,
    [key]: content.tables[key]!.map((row) => (row['level3'] === name ? { ...row, ...values } : row)),
  },
});

describe('the target table as a workbook', () => {
  it('is previewed and booked as its text layer is, with the texts that only the workbook gives', async () => {
    const { status, body } = await upload(formWorkbook(TARGET_TABLE, targetTableContent(table), MONEY));
    expect(status).toBe(201);
    expect(body).toMatchObject({ kind: 'table', unit: 'U0001', rowCount: 20, indicatorCount: 81, problems: [] });
    const booked = await confirm(body);
    // Unit, approval, 20 lines, targets, texts.
    expect(booked.body).toMatchObject({ state: 'booked', booked: 20, written: 1 + 21 + 1 + 1 });
  });

  it.each(['wan', 'yuan'])('is exported in %s and imported unchanged', async (unit) => {
    const { status, headers, bytes } = await exported('targets', `unit=${unit}`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet');
    expect(decodeURIComponent(headers.get('content-disposition')!)).toContain(
      '2024-苏州市土地储备中心-部门整体预算绩效目标表.xlsx',
    );
    const { tables, fields } = contentOf(bytes, TARGET_TABLE);
    const original = targetTableContent(table);
    expect({ tables, fields }).toEqual({ tables: original.tables, fields: original.fields });
    const { body } = await upload(bytes);
    expect(body).toMatchObject({ problems: [], differences: [], repeats: 20, confirmable: true });
    expect((await confirm(body)).body).toMatchObject({ state: 'booked', written: 0 });
  });

  it('is a page to print that runs nothing', async () => {
    const { headers, bytes } = await exported('targets', 'format=html');
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(Buffer.from(bytes).toString('utf8')).toContain('姑苏区征地和拆迁补偿');
  });

  it('is told by cell what is wrong with it, and nothing is written', async () => {
    const before = await system.events();
    const content = targetTableContent(table);
    const broken = filled(content, 'indicators1', '绩效管理覆盖率', { half: '大于100%', annual: '大于100%' });
    const { body } = await upload(formWorkbook(TARGET_TABLE, broken, MONEY));
    expect(body.confirmable).toBe(false);
    expect(body.problems.map(({ code, at }: any) => [code, at])).toEqual([
      ['COMPARATOR_STRICT', expect.stringMatching(/^绩效目标表!E\d+, 半年指标值$/)],
      ['COMPARATOR_STRICT', expect.stringMatching(/^绩效目标表!F\d+, 全年指标值$/)],
    ]);
    expect(await system.events()).toBe(before);
  });
});

describe('a table with codes, a document and carry-over, which the form does not print', () => {
  it('is exported and imported unchanged all the same', async () => {
    const readme = await readFile(new URL('../../libs/forms/README.md', import.meta.url), 'utf8');
    const [, json = ''] = /```json\n([^`]+)```/.exec(readme) ?? [];
    const booked = await confirm((await upload(Buffer.from(json))).body);
    expect(booked.body).toMatchObject({ state: 'booked', booked: 3 });
    const { bytes } = await exported('targets', '', '/api/v1/units/U0007/years/2025');
    const { body } = await upload(bytes);
    expect(body).toMatchObject({ unit: 'U0007', problems: [], differences: [], repeats: 3, confirmable: true });
    expect((await confirm(body)).body).toMatchObject({ state: 'booked', written: 0 });
  });
});

describe('the monitoring form of months 1 to 6', () => {
  it('is exported with all 81 indicators and imported unchanged', async () => {
    const { bytes } = await exported('monitoring', 'stage=6');
    const content = contentOf(bytes, MONITORING);
    expect(content.tables['indicators']).toHaveLength(81);
    expect(content.tables['funds']!.map(({ row }) => row)).toEqual([
      '年度资金总额',
      '其中：一般公共预算资金',
      '其中：政府性基金',
    ]);
    const { body } = await upload(bytes);
    expect(body).toMatchObject({
      kind: 'monitoring',
      unit: 'U0001',
      year: 2024,
      problems: [],
      repeats: 81,
      rowCount: 81,
    });
    expect((await confirm(body)).body).toMatchObject({ state: 'booked', written: 0 });
  });

  it('is filled in by hand: results and explanations are booked, and stand in the next export', async () => {
    let content = contentOf((await exported('monitoring', 'stage=6')).bytes, MONITORING);
    content = filled(content, 'indicators', '姑苏区征收拆迁补偿数', {
      result: '14个',
      'cause-funding': 'yes',
      explanation: '资金下达晚',
      'likelihood-possible': 'yes',
    });
    content = filled(content, 'indicators', '治理及时性', { result: '较及时', remark: '已约谈' });
    const bytes = formWorkbook(MONITORING, content, MONEY);
    const { body } = await upload(bytes);
    expect(body).toMatchObject({ problems: [], rowCount: 81, repeats: 79 });
    // Two results, two explanations.
    expect((await confirm(body)).body).toMatchObject({ state: 'booked', booked: 81, written: 4 });
    expect((await confirm(body)).body).toMatchObject({ state: 'booked', written: 0 });
    const again = contentOf((await exported('monitoring', 'stage=6')).bytes, MONITORING);
    const row = (name: string) => again.tables['indicators']!.find(({ level3 }) => level3 === name);
    expect(row('姑苏区征收拆迁补偿数')).toMatchObject({
      result: '14个',
      'cause-funding': 'yes',
      explanation: '资金下达晚',
      'likelihood-possible': 'yes',
    });
    expect(row('治理及时性')).toMatchObject({ result: '较及时', remark: '已约谈' });
  });

  it('is as it was known before it was filled in, with knownAt', async () => {
    const pageOf = async (query: string) =>
      new TextDecoder().decode((await exported('monitoring', `stage=6&format=html&${query}`)).bytes);
    const first = await system.get(`${YEAR}/results?limit=1`);
    const known = Number(first.body.results[0].position) - 1;
    const [then, now] = [await pageOf(`knownAt=${known}`), await pageOf('')];
    expect(then).not.toBe(now);
  });

  it('is filled in again with another result: that is a correction of the one of that day', async () => {
    const content = contentOf((await exported('monitoring', 'stage=6')).bytes, MONITORING);
    const changed = filled(content, 'indicators', '姑苏区征收拆迁补偿数', { result: '15个' });
    const { body } = await upload(formWorkbook(MONITORING, changed, MONEY));
    expect((await confirm(body)).body).toMatchObject({ state: 'booked', written: 1 });
    const results = (await system.get(`${YEAR}/results?asOf=2024-06-30&atLeast=${position}`)).body;
    expect(JSON.stringify(results)).toContain('"15"');
  });

  it('is filled in again with the same results written otherwise: nothing is booked', async () => {
    const content = contentOf((await exported('monitoring', 'stage=6')).bytes, MONITORING);
    const same = filled(content, 'indicators', '姑苏区征收拆迁补偿数', { result: '15.00' });
    const { body } = await upload(formWorkbook(MONITORING, same, MONEY));
    expect(body).toMatchObject({ problems: [], repeats: 81 });
    expect((await confirm(body)).body).toMatchObject({ state: 'booked', written: 0 });
  });

  it('has figures that the books compute otherwise: told, and never booked', async () => {
    const before = await system.events();
    const content = contentOf((await exported('monitoring', 'stage=6')).bytes, MONITORING);
    const changed = filled(content, 'indicators', '预算执行率', { result: '99%' });
    const [total, ...others] = changed.tables['funds']!;
    const forged = {
      ...changed,
      tables: { ...changed.tables, funds: [{ ...total, executed: '910258100.00' }, ...others] },
    };
    const { body } = await upload(formWorkbook(MONITORING, forged, MONEY));
    const told = body.notes
      .filter(({ code }: any) => code === 'FIGURE_DIFFERS')
      .map(({ found, books }: any) => [found, books]);
    expect(told).toEqual([
      ['910258100.00', '0.00'],
      ['99%', '0.00%'],
    ]);
    expect((await confirm(body)).body).toMatchObject({ written: 0 });
    expect(await system.events()).toBe(before);
  });

  it('belongs to no unit of that name, or to another year than was asked for', async () => {
    const content = contentOf((await exported('monitoring', 'stage=6')).bytes, MONITORING);
    const other = formWorkbook(
      MONITORING,
      { ...content, fields: { ...content.fields, unitName: '某市博物馆' } },
      MONEY,
    );
    expect(codes((await upload(other)).body.problems)).toEqual(['UNKNOWN_UNIT']);
    expect(codes((await upload(other, '?unit=U0001')).body.problems)).toEqual(['UNIT_NAME_DIFFERS']);
    const same = formWorkbook(MONITORING, content, MONEY);
    expect(codes((await upload(same, '?year=2023')).body.problems)).toEqual(['YEAR_DIFFERS']);
    const later = formWorkbook(MONITORING, { ...content, year: 2025 }, MONEY);
    expect(codes((await upload(later)).body.problems)).toEqual(['TARGETS_NOT_APPROVED']);
  });
});

describe('the self-evaluation', () => {
  it('is exported and imported unchanged', async () => {
    const { bytes } = await exported('self-evaluation');
    expect(contentOf(bytes, SELF_EVALUATION).tables['indicators']).toHaveLength(81);
    const { body } = await upload(bytes);
    expect(body).toMatchObject({ kind: 'self-evaluation', problems: [], repeats: 81 });
    expect((await confirm(body)).body).toMatchObject({ state: 'booked', written: 0 });
  });

  it('is filled in by hand: results, causes and the outcome are booked', async () => {
    const content = contentOf((await exported('self-evaluation')).bytes, SELF_EVALUATION);
    const changed = filled(content, 'indicators', '姑苏区征收拆迁补偿数', {
      actual: '28个',
      cause: '一处未签约\n改进措施：提前协商',
    });
    const bytes = formWorkbook(
      SELF_EVALUATION,
      { ...changed, fields: { ...changed.fields, annualOutcome: '目标基本完成' } },
      MONEY,
    );
    const { body } = await upload(bytes);
    expect(body.problems).toEqual([]);
    // A result, an assessment, the outcome.
    expect((await confirm(body)).body).toMatchObject({ state: 'booked', written: 3 });
    const again = contentOf((await exported('self-evaluation')).bytes, SELF_EVALUATION);
    const row = again.tables['indicators']!.find(({ level3 }) => level3 === '姑苏区征收拆迁补偿数');
    expect(row).toMatchObject({ actual: '28个', cause: '一处未签约\n改进措施：提前协商' });
    expect(again.fields).toMatchObject({ annualOutcome: '目标基本完成' });
  });

  it('of a project that was scored by hand is scored again, with the rule for each difference', async () => {
    const funds = { original: '2500000000.00', current: '2500000000.00', executed: '2154576000.00' };
    const nothing = { original: '0.00', current: '0.00', executed: '0.00' };
    const bytes = formWorkbook(
      PROJECT_SELF_EVALUATION,
      projectSelfEvaluationContent({
        title: '项目支出绩效自评表',
        year: 2022,
        project: '农村公路养护',
        unitName: '某县公路中心',
        funds: [
          { row: 'total', ...funds, points: '10.00', rate: '86.18', score: '8.61' },
          { row: 'appropriation', ...funds },
          { row: 'carry-over', ...nothing },
          { row: 'other', ...nothing },
        ],
        indicators: [
          {
            level1: '产出指标',
            level2: '数量指标',
            level3: '养护里程',
            annual: '≥50公里',
            actual: '46公里',
            points: '50.00',
            score: '46.00',
          },
          {
            level1: '效益指标',
            level2: '社会效益指标',
            level3: '通行条件',
            annual: '改善',
            actual: '改善',
            points: '40.00',
            score: '38.00',
            cause: '个别路段积水',
          },
        ],
        possible: '100.00',
        total: '92.61',
      }),
      MONEY,
    );
    const before = await system.events();
    const { body } = await upload(bytes);
    expect(body).toMatchObject({ kind: 'project-self-evaluation', problems: [], unitName: '某县公路中心' });
    // 215457.6 / 250000 of 10 points is 8.62: on paper the decimals were cut off.
    const execution = body.rows.find(({ at }: any) => at === 'funds');
    expect(execution).toMatchObject({ given: '8.61', computed: '8.62', difference: '-0.01' });
    expect(execution.rules.split(', ')[0]).toBe('ROUNDED_DOWN');
    expect(execution.why).toMatch(/^直接舍去小数/);
    expect(body.rows.find(({ at }: any) => at === 'I01')).toMatchObject({
      given: '46.00',
      computed: '46.00',
      difference: '0.00',
    });
    expect((await confirm(body)).body).toMatchObject({ written: 0 });
    expect(await system.events()).toBe(before);
  });
});

describe('files that are refused whole', () => {
  const whole = () => unzipSync(formWorkbook(TARGET_TABLE, targetTableContent(table), MONEY));

  it.each([
    [
      'a workbook with macros',
      'WORKBOOK_HAS_MACROS',
      () => zipSync({ ...whole(), 'xl/vbaProject.bin': new Uint8Array(16) }),
    ],
    ['an encrypted workbook', 'WORKBOOK_ENCRYPTED', encrypted],
    [
      'an archive of 100 kB that inflates to 100 MB',
      'WORKBOOK_INFLATES_TOO_MUCH',
      () => zipSync({ ...whole(), 'xl/worksheets/sheet1.xml': new Uint8Array(100 * 1024 * 1024) }, { level: 1 }),
    ],
    ['an archive that is no workbook', 'WORKBOOK_NOT_XLSX', () => zipSync({ 'readme.txt': new Uint8Array(3) })],
  ])('%s', async (_what, code, make) => {
    const before = await system.events();
    const { status, body } = await upload(make());
    expect([status, body.confirmable, body.problems[0].code]).toEqual([201, false, code]);
    expect(await system.events()).toBe(before);
  });
});

/** The container of an encrypted workbook: a header, a directory that names what is inside, and its allocation table. */
function encrypted(): Uint8Array {
  const sector = 512;
  const file = Buffer.alloc(3 * sector);
  file.set(Buffer.from('d0cf11e0a1b11ae1', 'hex'));
  file.writeUInt16LE(9, 30);
  file.writeUInt32LE(1, 76);
  file.write('EncryptedPackage', sector, 'utf16le');
  file.writeUInt16LE(2 * ('EncryptedPackage'.length + 1), sector + 64);
  file.writeUInt32LE(0xfffffffe, 2 * sector);
  return file;
}

it('knows no other form', async () => {
  const { status, bytes } = await exported('budget');
  expect([status, Buffer.from(bytes).toString('utf8')]).toEqual([400, expect.stringContaining('form must be one of')]);
});
