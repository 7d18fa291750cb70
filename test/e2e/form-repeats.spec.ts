/** Files that are sent or confirmed again after somebody else wrote: what a person saw is booked once, and nothing else is. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formWorkbook } from '#forms/export/form-workbook.js';
import { MONITORING } from '#forms/definitions/monitoring.js';
import { TARGET_TABLE, targetTableContent } from '#forms/definitions/target-table.js';
import { readForm } from '#forms/import/form-workbook.js';
import { parseJsonForm, toJsonForm } from '#forms/import/json-form.js';
import { parseTableText } from '#forms/import/table-text.js';
import type { Row } from '#forms/layout.js';
import { readWorkbook } from '#forms/workbook/read-workbook.js';
import { startTestSystem, type TestSystem } from '../support/system.js';

const YEAR = '/api/v1/units/U0007/years/2025';
const MONEY = { unit: '万元' } as const;
const FACTS = ['绩效管理覆盖率', '在职人员控制率'];
let system: TestSystem;
let json: string;

beforeAll(async () => {
  system = await startTestSystem();
  const readme = await readFile(new URL('../../libs/forms/README.md', import.meta.url), 'utf8');
  [, json = ''] = /```json\n([^`]+)```/.exec(readme) ?? [];
  expect(await confirm((await upload(Buffer.from(json))).body)).toMatchObject({ body: { state: 'booked' } });
});
afterAll(() => system.stop());

async function upload(bytes: Uint8Array) {
  const form = new FormData();
  form.append('file', new Blob([Buffer.from(bytes)]), 'form');
  const answer = await fetch(`${system.address}/api/v1/imports`, { method: 'POST', body: form });
  return { status: answer.status, body: (await answer.json()) as any };
}

const confirm = ({ id, fingerprint }: { id: string; fingerprint: string }) =>
  system.send('POST', `/api/v1/imports/${id}/confirmation`, {}, { headers: { 'if-match': `"${fingerprint}"` } });

/** The monitoring form of a stage as it is now, its row of work filled in. */
async function monitoring(stage: number, values: Row) {
  const query = `stage=${stage}&atLeast=${await system.end()}`;
  const answer = await fetch(`${system.address}${YEAR}/forms/monitoring?${query}`);
  const { content } = readForm(readWorkbook(new Uint8Array(await answer.arrayBuffer())).content!, MONITORING);
  const rows = content!.tables['indicators']!.map((row) =>
    row['level3'] === '数字化档案数量' ? { ...row, ...values } : row,
  );
  return formWorkbook(MONITORING, { ...content!, tables: { ...content!.tables, indicators: rows } }, MONEY);
}

async function resultOf(stage: number) {
  const asOf = `2025-0${stage}-30`;
  const { body } = await system.get(`${YEAR}/results?asOf=${asOf}&atLeast=${await system.end()}`);
  return body.results.filter(({ date }: any) => date === asOf);
}

async function corrected(stage: number, value: string) {
  const [{ resultId }] = await resultOf(stage);
  const said = { result: { value }, reason: '核对台账' };
  expect((await system.send('POST', `${YEAR}/results/${resultId}/correction`, said)).status).toBeLessThan(300);
}

describe('a form that was booked', () => {
  let bytes: Uint8Array;
  let preview: any;
  beforeAll(async () => {
    bytes = await monitoring(6, { result: '14卷' });
    preview = (await upload(bytes)).body;
    expect((await confirm(preview)).body).toMatchObject({ state: 'booked', written: 1 });
    await corrected(6, '15');
  });

  it('and corrected since is not booked again by the same confirmation', async () => {
    const before = await system.events();
    expect(await confirm(preview)).toMatchObject({ status: 200, body: { state: 'booked', booked: 2, written: 0 } });
    expect([await system.events(), (await resultOf(6))[0].result]).toEqual([before, { value: '15' }]);
  });

  it('is a repeat when it is sent again, and says so', async () => {
    const { body } = await upload(bytes);
    expect(body).toMatchObject({ repeats: 2, rows: [], confirmable: true, notes: [{ code: 'FORM_BOOKED' }] });
    expect((await confirm(body)).body).toMatchObject({ state: 'booked', written: 0 });
    expect((await resultOf(6))[0].result).toEqual({ value: '15' });
  });

  it('is filled in anew to say otherwise', async () => {
    const again = (await upload(await monitoring(6, { result: '16卷' }))).body;
    expect((await confirm(again)).body).toMatchObject({ state: 'booked', written: 1 });
    expect((await resultOf(6))[0].result).toEqual({ value: '16' });
  });
});

describe('a form that was previewed', () => {
  it.each([
    ['a remark alone', { remark: '已约谈' }],
    ['another result', { result: '21卷' }],
  ])('with %s is not booked over a correction that came since: 409, and nothing is written', async (_what, values) => {
    const stage = 9;
    if ((await resultOf(stage)).length === 0)
      await confirm((await upload(await monitoring(stage, { result: '20卷' }))).body);
    const preview = (await upload(await monitoring(stage, values))).body;
    const [{ result }] = await resultOf(stage);
    await corrected(stage, String(Number(result.value) + 5));
    const before = await system.events();
    expect(await confirm(preview)).toMatchObject({ status: 409, body: { code: 'IMPORT_PREVIEW_CHANGED' } });
    expect(await system.events()).toBe(before);
  });

  it('is booked though others wrote about something else', async () => {
    const preview = (await upload(await monitoring(4, { result: '3卷', remark: '补报' }))).body;
    await corrected(6, '17');
    // A result and a remark, together.
    expect((await confirm(preview)).body).toMatchObject({ state: 'booked', written: 2 });
  });
});

describe('the texts of a table', () => {
  const withGoal = (annualGoal: string) => {
    const table = parseJsonForm(Buffer.from(json)).content!;
    return formWorkbook(TARGET_TABLE, targetTableContent({ ...table, narrative: { annualGoal } }), MONEY);
  };
  /** Of the performance table, as a preview saw it. */
  const revisionIn = ({ revisions }: any): number =>
    Object.entries<number>(revisions).find(([stream]) => /^performance/i.test(stream))![1];

  it('are booked again when somebody said otherwise in between, as often as that is', async () => {
    const file = withGoal('完成数字化');
    const first = (await upload(file)).body;
    expect(first.problems).toEqual([]);
    expect((await confirm(first)).body).toMatchObject({ state: 'booked', written: 1 });
    expect((await confirm(first)).body).toMatchObject({ state: 'booked', written: 0 });
    for (const day of ['2025-03-01', '2025-04-01']) {
      const seen = revisionIn((await upload(file)).body);
      const edit = { effectiveDate: day, annualGoal: '另一目标' };
      const sent = { headers: { 'if-match': `"${seen}"` } };
      expect((await system.send('PUT', `${YEAR}/narrative`, edit, sent)).status).toBeLessThan(300);
      const again = (await upload(file)).body;
      expect((await confirm(again)).body).toMatchObject({ state: 'booked', written: 1 });
      expect((await confirm(again)).body).toMatchObject({ state: 'booked', written: 0 });
    }
  });
});

describe('a table whose targets were approved before their metrics were known', () => {
  let text: Buffer;
  let form: any;
  beforeAll(async () => {
    text = await readFile(new URL('../golden/suzhou-2024.txt', import.meta.url));
    form = structuredClone(toJsonForm(parseTableText(text).content!));
    const without = structuredClone(form);
    const bound = without.indicators.filter(({ level3, metric }: any) => metric && FACTS.includes(level3));
    expect(bound.length).toBeGreaterThan(0);
    for (const indicator of bound) indicator.metric = 'none';
    const { body } = await upload(Buffer.from(JSON.stringify(without)));
    expect((await confirm(body)).body).toMatchObject({ state: 'booked', booked: 20 });
  });
  const unsaid = (part: string) => {
    const content = structuredClone(form);
    for (const indicator of content.indicators) delete indicator[part];
    return Buffer.from(JSON.stringify(content));
  };

  it('is a repeat as text, and as JSON that says nothing of metrics', async () => {
    for (const bytes of [text, unsaid('metric')]) {
      const { body } = await upload(bytes);
      expect(body).toMatchObject({ problems: [], repeats: 20, confirmable: true });
      expect((await confirm(body)).body).toMatchObject({ state: 'booked', written: 0 });
    }
  });

  it('differs as JSON that states another metric', async () => {
    const { body } = await upload(unsaid('scope'));
    expect(body.problems.map(({ code }: any) => code)).toEqual(['TARGETS_ALREADY_APPROVED']);
  });
});
