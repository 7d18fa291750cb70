/** How often the workbook of an upload is opened, from the request to its confirmation. */
import { describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { PROJECT_SELF_EVALUATION, projectSelfEvaluationContent } from '#forms/definitions/project-self-evaluation.js';
import { formWorkbook } from '#forms/export/form-workbook.js';
import { readWorkbook } from '#forms/workbook/read-workbook.js';
import { workbookOf } from '../../test/support/workbook-parts.js';
import { Imports } from './imports.js';
import { readUpload } from './upload.js';
import { workbooks } from './workbooks.js';

const none = undefined as never;
const origin = { correlationId: 'spec', traceparent: '' };

function desk() {
  let opened = 0;
  const imports = new Imports(
    none,
    none,
    none,
    undefined,
    workbooks((bytes) => {
      opened += 1;
      return readWorkbook(bytes);
    }),
  );
  const send = (bytes: Uint8Array, query: object = {}) =>
    readUpload(
      { query, isMultipart: () => false, body: Buffer.from(bytes) } as unknown as FastifyRequest,
      imports.open,
    );
  return { imports, send, opened: () => opened };
}

const amounts = { original: '100.00', current: '100.00', executed: '50.00' };
const nothing = { original: '0.00', current: '0.00', executed: '0.00' };
const form = formWorkbook(
  PROJECT_SELF_EVALUATION,
  projectSelfEvaluationContent({
    title: '项目支出绩效自评表',
    year: 2022,
    project: '农村公路养护',
    unitName: '某县公路中心',
    funds: [
      { row: 'total', ...amounts, points: '10.00', rate: '50.00', score: '5.00' },
      { row: 'appropriation', ...amounts },
      { row: 'carry-over', ...nothing },
      { row: 'other', ...nothing },
    ],
    indicators: [
      {
        ...{ level1: '产出指标', level2: '数量指标', level3: '养护里程' },
        ...{ annual: '≥50公里', actual: '46公里', points: '90.00', score: '82.80' },
      },
    ],
    possible: '100.00',
    total: '87.80',
  }),
  { unit: '万元' },
);

describe('a workbook that is sent', () => {
  it('is opened once for recognising, preview and confirmation', async () => {
    const { imports, send, opened } = desk();
    const upload = await send(form);
    const preview = await imports.preview(upload);
    expect(preview).toMatchObject({ problems: [] });
    const { fingerprint } = preview;
    expect(await imports.confirm(upload.id, `"${fingerprint}"`, origin)).toMatchObject({ state: 'booked', written: 0 });
    expect(opened()).toBe(1);
  });

  it('is not opened to guess a kind that is given', async () => {
    const { send, opened } = desk();
    expect(await send(form, { kind: 'monitoring' })).toMatchObject({ kind: 'monitoring' });
    expect(opened()).toBe(0);
  });

  it('of 400,001 elements and more is refused, and opened once for that', async () => {
    const rows = Array.from({ length: 400 }, (_, row) => `<row r="${row + 1}">${'<x/>'.repeat(1_000)}</row>`).join('');
    const { imports, send, opened } = desk();
    const preview = await imports.preview(await send(workbookOf(rows)));
    expect(preview).toMatchObject({
      confirmable: false,
      problems: [{ code: 'WORKBOOK_TOO_COMPLEX', steps: 400_001, limit: 400_000 }],
    });
    expect(opened()).toBe(1);
  });
});
