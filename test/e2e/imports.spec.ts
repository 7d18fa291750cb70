/** Files over HTTP: preview, confirmation, repeats, and every way a file can be wrong, with nothing written. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toJsonForm } from '#forms/import/json-form.js';
import { parseTableText } from '#forms/import/table-text.js';
import { approvePlan, payment, startTestSystem, UNIT_YEAR, type TestSystem } from '../support/system.js';

let system: TestSystem;
let table: Buffer;

beforeAll(async () => {
  system = await startTestSystem();
  table = await readFile(new URL('../golden/suzhou-2024.txt', import.meta.url));
});
afterAll(() => system.stop());

async function upload(bytes: Uint8Array | string, query = '') {
  const form = new FormData();
  form.append('file', new Blob([bytes]), 'file');
  return send(form, query);
}

async function send(form: FormData, query = '') {
  const answer = await fetch(`${system.address}/api/v1/imports${query}`, { method: 'POST', body: form });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as any };
}

const confirm = ({ id, fingerprint }: { id: string; fingerprint: string }) =>
  system.send('POST', `/api/v1/imports/${id}/confirmation`, {}, { headers: { 'if-match': `"${fingerprint}"` } });
const codes = (problems: { code: string }[]) => [...new Set(problems.map(({ code }) => code))].sort();

describe('the published table', () => {
  let preview: any;

  it('is shown with its rows, control totals and what was inferred, and books nothing', async () => {
    const before = await system.events();
    const { status, body } = await upload(table);
    preview = body;
    expect(status).toBe(201);
    expect(body).toMatchObject({ unit: 'U0001', newUnit: true, year: 2024, rowCount: 20, indicatorCount: 81 });
    expect(body.problems).toEqual([]);
    expect(body.controls.every(({ ok }: any) => ok)).toBe(true);
    expect(body.controls).toContainEqual(
      expect.objectContaining({ check: 'total-of-income', expected: '2061422400.00' }),
    );
    expect(body.inferences).toContainEqual({
      what: 'date of approval',
      value: '2024-01-01',
      why: 'the file names none',
    });
    const scope = body.inferences.find(({ what }: any) => /scope of I\d+ 预算执行率/.test(what));
    expect(scope.value).toContain('general-public');
    expect(await system.events()).toBe(before);
  });

  it('is booked when confirmed, and once only', async () => {
    const first = await confirm(preview);
    expect(first).toMatchObject({
      status: 200,
      body: { state: 'booked', booked: 20, left: 0, written: 23, refused: [] },
    });
    // Unit, approval, 20 lines, targets.
    expect(await system.events()).toBe(1 + 21 + 1);
    const again = await confirm(preview);
    expect(again).toMatchObject({ status: 200, body: { state: 'booked', booked: 20, left: 0, written: 0 } });
    expect((await upload(table)).body).toMatchObject({ repeats: 20, problems: [] });
    expect(await system.events()).toBe(23);
  });

  it('gives 206142.24 万元 in 20 lines, by fund 1965.66 and 204176.58, half-year plan 91025.81', async () => {
    const base = '/api/v1/units/U0001/years/2024';
    const lines = (await system.get(`${base}/lines?checkpoint=half`)).body;
    expect(lines.lines).toHaveLength(20);
    expect(lines.totals).toMatchObject({ original: '2061422400.00', plannedToDate: '910258100.00' });
    const sum = (fund: string) =>
      lines.lines
        .filter((line: any) => line.fund === fund)
        .reduce((left: bigint, line: any) => left + BigInt(line.original.replace('.', '')), 0n);
    expect(sum('general-public')).toBe(1_965_660_000n);
    expect(sum('government-funds')).toBe(204_176_580_000n);
    const { targets } = (await system.get(`${base}/targets?checkpoint=half`)).body;
    expect(targets).toHaveLength(81);
  });
});

describe('payments and adjustments as CSV', () => {
  const query = '?unit=U0001&year=2024';

  it('are booked row by row, lines by id or name, and a repeat changes nothing', async () => {
    const csv = [
      'voucherNo,effectiveDate,line,amount,payee,purpose,economicCode',
      'C-1,2024-03-01,P10,1000.00,某公司,维修,30213',
      'C-2,2024-03-02,日常维修,250.50,某公司,维修,',
    ].join('\n');
    const before = await system.events();
    const { body: preview } = await upload(csv, query);
    expect(preview).toMatchObject({ kind: 'payments', rowCount: 2, problems: [], confirmable: true });
    expect((await confirm(preview)).body).toMatchObject({ state: 'booked', booked: 2, written: 2 });
    expect(await system.events()).toBe(before + 2);
    expect((await confirm(preview)).body).toMatchObject({ state: 'booked' });
    expect((await upload(csv, query)).body).toMatchObject({ repeats: 2 });
    expect(await system.events()).toBe(before + 2);
  });

  it('are refused as a whole for one bad row, and every bad row is listed', async () => {
    const csv = [
      'voucherNo,effectiveDate,line,amount,payee,purpose',
      'C-3,2024-03-01,P10,10.00,某公司,好',
      'C-4,2024-02-30,P10,10.00,某公司,坏',
      'C-5,2024-03-01,无此项目,"1,000.00",某公司,坏',
    ].join('\n');
    const before = await system.events();
    const { body } = await upload(csv, query);
    expect(body.confirmable).toBe(false);
    expect(body.problems.map(({ at, code }: any) => `${at} ${code}`)).toEqual([
      '第 3 行, effectiveDate DATE_NOT_VALID',
      '第 4 行, line LINE_UNKNOWN',
      '第 4 行, amount AMOUNT_NOT_DECIMAL',
    ]);
    expect(await confirm(body)).toMatchObject({ status: 422, body: { code: 'IMPORT_NOT_CONFIRMABLE' } });
    expect(await system.events()).toBe(before);
  });

  it('tell what the rules would refuse, row by row', async () => {
    const csv = [
      'adjustmentId,effectiveDate,kind,from,to,amount,reasonCode,documentNumber',
      'X-1,2024-03-01,transfer,P10,P04,999999999.00,ORDINARY,文1',
      'X-2,2024-03-01,transfer,P10,P02,1.00,ORDINARY,文2',
    ].join('\n');
    const before = await system.events();
    const { body } = await upload(csv, query);
    expect(codes(body.problems)).toEqual(['FUND_MISMATCH']);
    expect(body.problems[0].at).toBe('第 3 行');
    expect(await system.events()).toBe(before);
  });

  it.each([
    ['a wrong header', 'voucher,date\n1,2\n'],
    [
      '100,001 rows',
      `voucherNo,effectiveDate,line,amount,payee,purpose\n${'V,2024-01-01,P10,1.00,a,b\n'.repeat(100_001)}`,
    ],
  ])('%s is refused', async (_case, csv) => {
    const before = await system.events();
    const { body } = await upload(csv, `${query}&kind=payments`);
    expect(body.confirmable).toBe(false);
    expect(body.problemCount).toBeGreaterThan(0);
    expect(await system.events()).toBe(before);
  });
});

describe('a table text', () => {
  const text = () => table.toString('utf8');
  it.each([
    ['that is cut off', () => text().slice(0, text().length / 2), undefined],
    ['with swapped columns', () => text().replace('90425.81 204588.01', '204588.01 90425.81'), undefined],
    [
      'with a thousands separator',
      () => text().replace('91025.81', '').replace('9208 18417.57', '9,208 18,417.57'),
      undefined,
    ],
    ['of another kind', () => 'hello', undefined],
  ])('%s has problems and books nothing', async (_case, make) => {
    const before = await system.events();
    const { body } = await upload(make(), '?kind=table&unit=U0099');
    expect(body.confirmable).toBe(false);
    expect(body.problems.length).toBeGreaterThan(0);
    for (const problem of body.problems)
      expect(problem).toMatchObject({ at: expect.any(String), message: expect.any(String) });
    expect(await system.events()).toBe(before);
  });

  it.each([
    ['with a UTF-8 BOM', () => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), table])],
    ['with full-width digits in amounts', () => Buffer.from(text().replace('1554.23', '１５５４．２３'))],
  ])('%s is read', async (_case, make) => {
    const { body } = await upload(make());
    expect(body.problems).toEqual([]);
    expect(body).toMatchObject({ rowCount: 20, repeats: 20 });
  });
});

const HEADER = 'voucherNo,effectiveDate,line,amount,payee,purpose';
const T1 = '?unit=T1&year=2024';
/** Payments `<mark>-1` … on one line, 1.00 each. */
const paymentsCsv = (mark: string, count: number, line = 'P01', purpose = '货款') =>
  [
    HEADER,
    ...Array.from({ length: count }, (_, index) => `${mark}-${index + 1},2024-03-01,${line},1.00,某公司,${purpose}`),
  ].join('\n');

describe('a confirmation', () => {
  beforeAll(() => approvePlan(system, { P01: '900000.00', P02: '1000.00' }));

  it('names the preview that was agreed to', async () => {
    const { body: preview, headers } = await upload(paymentsCsv('M', 2), T1);
    expect(headers.get('etag')).toBe(`"${preview.fingerprint}"`);
    const address = `/api/v1/imports/${preview.id}`;
    expect((await system.get(address)).headers.get('etag')).toBe(`"${preview.fingerprint}"`);
    const given = (headers: Record<string, string>) => system.send('POST', `${address}/confirmation`, {}, { headers });
    const before = await system.events();
    expect(await given({})).toMatchObject({ status: 428, body: { code: 'IF_MATCH_REQUIRED' } });
    expect(await given({ 'if-match': '"41"' })).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
    const other = await given({ 'if-match': `"${'0'.repeat(64)}"` });
    expect(other).toMatchObject({ status: 412, body: { code: 'IMPORT_PREVIEW_CHANGED' } });
    expect(await system.events()).toBe(before);
    expect((await system.get(address)).body.progress).toMatchObject({ state: 'previewed', booked: 0, left: 2 });
  });

  it('books once when three come together: the others are told that it is running', async () => {
    const { body: preview } = await upload(paymentsCsv('P', 600), T1);
    const before = await system.events();
    const answers = await Promise.all([1, 2, 3].map(() => confirm(preview)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(codes(answers.map(({ body }) => body).filter(({ code }) => code))).toEqual(['IMPORT_RUNNING']);
    expect(await system.events()).toBe(before + 600);
    expect((await system.get(`/api/v1/imports/${preview.id}`)).body.progress).toMatchObject({
      state: 'booked',
      booked: 600,
      left: 0,
      written: 600,
    });
  });

  it('books nothing but what was shown: a line opened since would take the payment of another', async () => {
    const { body: preview } = await upload(paymentsCsv('N', 1, '项目 P02'), T1);
    expect(preview.rows[0].line).toBe('P02');
    const line = { line: '项目 P02', name: '另一项目', expenditure: 'project', fund: 'general-public' };
    const opened = await system.send('POST', `${UNIT_YEAR}/lines`, { effectiveDate: '2024-02-01', lines: [line] });
    expect(opened.status).toBe(201);
    const before = await system.events();
    const moved = await confirm(preview);
    expect(moved).toMatchObject({ status: 409, body: { code: 'IMPORT_PREVIEW_CHANGED', booked: 0, left: 1 } });
    expect(await system.events()).toBe(before);
    const { body: anew } = await upload(paymentsCsv('N', 1, '项目 P02'), T1);
    expect(anew.rows[0].line).toBe('项目 P02');
    expect(anew.id).toBe(preview.id);
    expect((await confirm(preview)).status).toBe(412);
    expect((await confirm(anew)).body).toMatchObject({ state: 'booked', written: 1 });
  });

  it('shows the faults that have come since the preview', async () => {
    const { body: preview } = await upload(paymentsCsv('S', 3), T1);
    const [first, taken] = [payment('S-1', 'P01', '1.00'), payment('S-2', 'P01', '2.00')];
    expect((await system.send('POST', `${UNIT_YEAR}/payments`, { payments: [first, taken] })).status).toBe(201);
    const { status, body } = await confirm(preview);
    expect([status, body.code, body.booked, body.left]).toEqual([409, 'IMPORT_PREVIEW_CHANGED', 1, 2]);
    expect(body.faults).toEqual([expect.objectContaining({ code: 'NUMBER_TAKEN', place: '第 3 行' })]);
  });

  it('of rows too long for one append books them in more', async () => {
    const long = '土'.repeat(400);
    const csv = [
      HEADER,
      ...Array.from(
        { length: 500 },
        (_, index) => `${'长'.repeat(60)}${index},2024-03-01,P01,1.00,${'某'.repeat(200)},${long}`,
      ),
    ].join('\n');
    const { body: preview } = await upload(csv, T1);
    expect((await confirm(preview)).body).toMatchObject({ state: 'booked', booked: 500, left: 0, written: 500 });
  });
});

describe('an import that stops half way', () => {
  const csv = paymentsCsv('H', 12_000);
  const last = 'H-12000';
  let id: string;
  let partly: any;
  const progress = async () => (await system.get(`/api/v1/imports/${id}`)).body.progress;

  it('names the row that was refused, and counts what is booked and left', async () => {
    const { body: preview } = await upload(csv, T1);
    ({ id } = preview);
    const confirmed = confirm(preview);
    while ((await progress()).written === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    // The same file sent again meanwhile does not hide how far it is.
    const [again, taken] = await Promise.all([
      upload(csv, T1),
      system.send('POST', `${UNIT_YEAR}/payments`, payment(last, 'P01', '2.00')),
    ]);
    expect(taken.status).toBe(201);
    expect(again.status).toBe(201);
    ({ body: partly } = await confirmed);
    expect(partly).toMatchObject({ state: 'partly', booked: 11_500, left: 500, written: 11_500 });
    expect(partly.refused).toEqual([expect.objectContaining({ row: 12_001, code: 'NUMBER_TAKEN' })]);
    expect(await progress()).toMatchObject({ state: 'partly', booked: 11_500, left: 500 });
  });

  it('says that part of it is booked while the rest is refused, and keeps its progress', async () => {
    const { body: again } = await upload(csv, T1);
    expect(again).toMatchObject({ confirmable: false, repeats: 11_500, problemCount: 1 });
    expect(again.problems[0]).toMatchObject({ at: '第 12001 行', code: 'NUMBER_TAKEN' });
    const { status, body } = await confirm(again);
    expect([status, body.code, body.booked, body.left]).toEqual([422, 'IMPORT_NOT_CONFIRMABLE', 11_500, 500]);
    expect(body.detail).toContain('11500 of its rows are booked already, 500 are not');
    expect(await progress()).toMatchObject({ state: 'partly', booked: 11_500, left: 500 });
  });

  it('goes on once the fault is mended', async () => {
    const reversal = { effectiveDate: '2024-03-01', reason: '误记' };
    const reversed = await system.send('POST', `${UNIT_YEAR}/payments/${last}/reversal`, reversal);
    expect(reversed.status).toBe(201);
    const before = await system.events();
    const { body: preview } = await upload(csv, T1);
    expect(await progress()).toMatchObject({ state: 'partly', booked: 11_500, left: 500 });
    expect((await confirm(preview)).body).toMatchObject({ state: 'booked', booked: 12_000, left: 0, written: 500 });
    expect(await system.events()).toBe(before + 500);
  });
});

describe('an import of adjustments that stops half way', () => {
  it('goes on with the same confirmation once nothing stands against it', async () => {
    const header = 'adjustmentId,effectiveDate,kind,from,to,amount,reasonCode,documentNumber';
    const rows = Array.from({ length: 10_000 }, (_, index) => `C-${index + 1},2024-03-01,cut,P02,,0.10,ORDINARY,文1`);
    const { body: preview } = await upload([header, ...rows].join('\n'), T1);
    expect(preview).toMatchObject({ kind: 'adjustments', rowCount: 10_000, repeats: 0, confirmable: true });
    expect(preview.rows[0]).toMatchObject({ row: 2, adjustmentId: 'C-1', from: 'P02', amount: '0.10' });
    const progress = async () => (await system.get(`/api/v1/imports/${preview.id}`)).body.progress;
    const confirmed = confirm(preview);
    while ((await progress()).written === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    // The cuts take all that the line has.
    const freeze = { freezeId: 'F-1', effectiveDate: '2024-03-01', line: 'P02', amount: '0.01', reason: '冻结' };
    expect((await system.send('POST', `${UNIT_YEAR}/freezes`, freeze)).status).toBe(201);
    const { body: partly } = await confirmed;
    expect(partly).toMatchObject({ state: 'partly', booked: 9_500, left: 500 });
    expect(partly.refused).toEqual([expect.objectContaining({ row: 9_502, code: 'LINE_OVERDRAWN' })]);
    expect(await confirm(preview)).toMatchObject({
      status: 409,
      body: { code: 'IMPORT_PREVIEW_CHANGED', booked: 9_500 },
    });
    const release = { effectiveDate: '2024-03-01' };
    expect((await system.send('POST', `${UNIT_YEAR}/freezes/F-1/release`, release)).status).toBe(201);
    expect((await confirm(preview)).body).toMatchObject({ state: 'booked', booked: 10_000, left: 0, written: 500 });
  });
});

describe('a table that is booked and changed since', () => {
  const form = (change: (content: any) => void = () => undefined) => {
    const content: any = structuredClone(toJsonForm(parseTableText(table).content!));
    content.unit.name = '改过的单位';
    content.approval = { approvedOn: '2024-01-20', document: { number: '苏财预〔2024〕1号' } };
    content.lines[1].codes = { departmentEconomic: '30201' };
    change(content);
    return JSON.stringify(content);
  };
  /** Moves 8 万元 of an amount from one project to another, so that all totals stay. */
  const shift = (lines: any[], part: 'half' | 'annual') => {
    lines[2][part] = String(Number(lines[2][part]) - 8);
    lines[3][part] = String(Number(lines[3][part]) + 8);
  };
  beforeAll(async () => {
    const { body: preview } = await upload(form());
    expect(preview.problems).toEqual([]);
    expect((await confirm(preview)).body).toMatchObject({ state: 'booked', booked: 20 });
  });

  it('unchanged is a repeat', async () => {
    expect((await upload(form())).body).toMatchObject({ repeats: 20, differences: [], confirmable: true });
  });

  it.each<[string, string, (content: any) => void, string]>([
    ['the name of a line', 'name of P01', ({ lines }) => (lines[1].name = '别的项目'), ''],
    ['the amounts', 'original budget of P02', ({ lines }) => shift(lines, 'annual'), ''],
    ['the half-year plan', 'half-year plan of P02', ({ lines }) => shift(lines, 'half'), ''],
    ['the codes of a line', 'codes of P01', ({ lines }) => (lines[1].codes = { departmentEconomic: '30299' }), ''],
    ['the document', 'document of approval', ({ approval }) => (approval.document.number = '苏财预〔2024〕9号'), ''],
    ['the date of approval', 'date of approval', () => undefined, '?approvedOn=2024-02-01'],
  ])('in %s is refused with the difference', async (_case, what, change, query) => {
    const before = await system.events();
    const { body } = await upload(form(change), query);
    expect(codes(body.problems)).toEqual(['BUDGET_ALREADY_APPROVED']);
    expect(body.differences.map((difference: any) => difference.what)).toContain(what);
    expect(body.confirmable).toBe(false);
    expect((await confirm(body)).status).toBe(422);
    expect(await system.events()).toBe(before);
  });
});

describe('what is sent with a file', () => {
  const withFields = (fields: readonly (readonly [string, string | Blob])[]) => {
    const form = new FormData();
    for (const [name, value] of fields) form.append(name, value);
    return send(form);
  };
  const file = () => new Blob([new Uint8Array(table)]);

  it('takes a fund for each of several lines', async () => {
    const fund = (line: string) => ['fund', `${line}=lottery`] as const;
    const { status, body } = await withFields([['file', file()], ['unit', 'U0098'], fund('P01'), fund('P02')]);
    expect(status).toBe(201);
    const found = JSON.stringify(body.problems);
    expect(found).toContain('P01');
    expect(found).toContain('P02');
  });

  it('is refused when it is repeated, unknown, or a file under another name: all at once', async () => {
    const { status, body } = await withFields([
      ['unit', 'U0001'],
      ['unit', 'U0002'],
      ['year', '2024'],
      ['year', '2025'],
      ['colour', 'red'],
      ['attachment', file()],
      ['fund', 'P01=general-public'],
      ['fund', 'P01=government-funds'],
    ]);
    expect(status).toBe(400);
    expect(body.faults.map(({ parameter, code }: any) => `${parameter} ${code}`).sort()).toEqual([
      'attachment UNKNOWN_PROPERTY',
      'colour UNKNOWN_PROPERTY',
      'file REQUIRED',
      'fund REPEATED',
      'unit REPEATED',
      'year REPEATED',
    ]);
  });

  it('is refused when field and query both say it, or there are two files', async () => {
    const form = new FormData();
    for (const _ of [1, 2]) form.append('file', file());
    form.append('kind', 'table');
    const { body } = await send(form, '?kind=payments');
    const found = body.faults.map(({ parameter, code }: any) => `${parameter} ${code}`);
    expect(found).toEqual(expect.arrayContaining(['file REPEATED', 'kind REPEATED']));
  });
});

describe('the largest file', () => {
  it('leaves the system answering while it is tried out', async () => {
    const previewed = upload(paymentsCsv('L', 100_000), T1);
    let asked = 0;
    let done = false;
    void previewed.then(() => (done = true));
    while (!done) {
      expect((await fetch(`${system.address}/livez`)).status).toBe(200);
      asked += 1;
    }
    const { body } = await previewed;
    expect(body).toMatchObject({ rowCount: 100_000, problemCount: 0, confirmable: true });
    // 200 commands are tried out, each on a turn of its own.
    expect(asked).toBeGreaterThan(20);
  });
});

describe('a file over the limit', () => {
  it('is 413 with the figure', async () => {
    const { status, body } = await upload(Buffer.alloc(33 * 1024 * 1024, 'x'));
    expect(status).toBe(413);
    expect(body).toMatchObject({ code: 'BODY_TOO_LARGE', limitBytes: 33_554_432 });
  });
});
