/** Files over HTTP: preview, confirmation, repeats, and every way a file can be wrong, with nothing written. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestSystem, type TestSystem } from '../support/system.js';

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
  const answer = await fetch(`${system.address}/api/v1/imports${query}`, { method: 'POST', body: form });
  return { status: answer.status, body: (await answer.json()) as any };
}

const confirm = (id: string) => system.send('POST', `/api/v1/imports/${id}/confirmation`, {});
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
    const first = await confirm(preview.id);
    expect(first).toMatchObject({ status: 200, body: { state: 'booked', booked: 3, left: 0, refused: [] } });
    // Unit, approval, 20 lines, targets.
    expect(await system.events()).toBe(1 + 21 + 1);
    const again = await confirm(preview.id);
    expect(again).toMatchObject({ status: 200, body: { state: 'booked', booked: 0 } });
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
    expect((await confirm(preview.id)).body).toMatchObject({ state: 'booked', booked: 1 });
    expect(await system.events()).toBe(before + 2);
    expect((await confirm(preview.id)).body).toMatchObject({ state: 'booked' });
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
    expect(await confirm(body.id)).toMatchObject({ status: 422, body: { code: 'IMPORT_NOT_CONFIRMABLE' } });
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

describe('a file over the limit', () => {
  it('is 413 with the figure', async () => {
    const { status, body } = await upload(Buffer.alloc(33 * 1024 * 1024, 'x'));
    expect(status).toBe(413);
    expect(body).toMatchObject({ code: 'BODY_TOO_LARGE', limitBytes: 33_554_432 });
  });
});
