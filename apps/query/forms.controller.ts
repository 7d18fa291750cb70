/** The official forms as files: a workbook that can be filled in and imported again, or a page to print. */
import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { MONITORING, monitoringContent } from '#forms/definitions/monitoring.js';
import { SELF_EVALUATION, selfEvaluationContent } from '#forms/definitions/self-evaluation.js';
import { TARGET_TABLE, targetTableContent } from '#forms/definitions/target-table.js';
import { formWorkbook } from '#forms/export/form-workbook.js';
import { PAGE_POLICY, printPage } from '#forms/export/print-page.js';
import { layOut } from '#forms/grid.js';
import type { FormContent, FormLayout } from '#forms/layout.js';
import { disposition } from '#platform/disposition.js';
import { invalidRequest } from '#platform/problem.js';
import { monitoringDraft, selfEvaluationDraft } from './form-drafts.js';
import { FORMS, FormsQuery, type FormName } from './forms.dto.js';
import { UNKNOWN_EVALUATION, UNKNOWN_MONITORING, unknownSubmission } from './missing-performance.js';
import { AtPlace, type Place } from './place.js';
import { printedTable } from './printed-table.js';
import { MayAnswer, YEAR_PATH, YEAR_READ } from './read-operation.js';
import { stageOf } from './stage.js';
import { evaluationSubmissions, monitoringSubmissions } from './submissions.js';
import { YearReads, type YearView } from './year-reads.js';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

interface Filled {
  readonly layout: FormLayout;
  readonly content: FormContent;
}

@ApiTags('read')
@Controller(YEAR_PATH)
export class FormsController {
  constructor(private readonly years: YearReads) {}

  @Get('forms/:form')
  @ApiOperation({
    summary: 'An official form, filled: xlsx to be saved, or HTML to be printed to PDF',
    description:
      'The target table as approved, with the targets of asOf; monitoring as of the last day of its months and the ' +
      'self-evaluation as of 31 December, as they would be now or as they were submitted. What is exported imports unchanged.',
  })
  @ApiParam({ name: 'unit', type: String, example: 'U0001', description: 'Code of the unit' })
  @ApiParam({ name: 'year', type: String, example: '2024', description: 'Fiscal year, which is the calendar year' })
  @ApiParam({ name: 'form', schema: { type: 'string', enum: [...FORMS], example: 'monitoring' } })
  @ApiResponse({
    status: 200,
    description: 'The file',
    content: {
      'text/html': { schema: { type: 'string' }, example: '<!doctype html><html lang="zh-CN">…</html>' },
      [XLSX]: { schema: { type: 'string', format: 'binary' } },
    },
    headers: {
      'Content-Disposition': { schema: { type: 'string' }, description: 'With the name of the file, in UTF-8' },
    },
  })
  @MayAnswer([...YEAR_READ, UNKNOWN_MONITORING, UNKNOWN_EVALUATION])
  async form(
    @AtPlace() place: Place,
    @Param('form') name: string,
    @Query() query: FormsQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const form = FORMS.find((known) => known === name);
    if (form === undefined) {
      const message = `form must be one of ${FORMS.join(', ')}`;
      throw invalidRequest([{ parameter: 'form', code: 'INVALID_VALUE', message }]);
    }
    const { filled } = await this.years.answer(place, query, async (view) => ({
      filled: await filledForm(form, view, query),
    }));
    await send(reply, filled, query);
  }
}

async function filledForm(form: FormName, view: YearView, query: FormsQuery): Promise<Filled> {
  switch (form) {
    case 'targets':
      return { layout: TARGET_TABLE, content: targetTableContent(await printedTable(view)) };
    case 'monitoring':
      return { layout: MONITORING, content: monitoringContent(await monitoringOf(view, query)) };
    case 'self-evaluation':
      return { layout: SELF_EVALUATION, content: selfEvaluationContent(await selfEvaluationOf(view, query)) };
  }
}

async function monitoringOf(view: YearView, query: FormsQuery) {
  const stage = stageOf(query, view);
  if (query.submission === undefined) return (await monitoringDraft(view.opened, view.at, stage)).form;
  const submission = Number(query.submission);
  const found = (await monitoringSubmissions(view)).find(
    ({ event: { data } }) => data.stage === stage && data.submission === submission,
  );
  if (found === undefined) throw unknownSubmission({ submission, stage }, view, 'monitoring/submissions');
  return found.event.data.form;
}

async function selfEvaluationOf(view: YearView, query: FormsQuery) {
  if (query.submission === undefined) return selfEvaluationDraft(view.opened, view.at);
  const submission = Number(query.submission);
  const found = (await evaluationSubmissions(view)).find(({ event }) => event.data.submission === submission);
  if (found === undefined) throw unknownSubmission({ submission }, view, 'self-evaluation/submissions');
  return found.event.data.form;
}

async function send(reply: FastifyReply, { layout, content }: Filled, { format = 'xlsx', unit }: FormsQuery) {
  const options = { unit: unit === 'yuan' ? '元' : '万元' } as const;
  const { unitName, stage } = content.fields;
  const parts = [content.year, unitName, content.title, ...(stage === undefined ? [] : [`1-${stage}月`])];
  // Names of units may hold what no file's name may.
  const name = parts.join('-').replace(/[\p{C}/\\:*?"<>|]/gu, '_');
  const headers = { 'x-content-type-options': 'nosniff', 'cache-control': 'private, no-cache' };
  if (format === 'html') {
    // A page on its own: it runs nothing and asks for nothing.
    const page = printPage(layOut(layout, content, options));
    const own = {
      ...headers,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `${PAGE_POLICY}; sandbox allow-modals`,
    };
    await reply.headers({ ...own, 'content-disposition': disposition('inline', `${name}.html`) }).send(page);
    return;
  }
  const bytes = Buffer.from(formWorkbook(layout, content, options));
  await reply
    .headers({ ...headers, 'content-type': XLSX, 'content-disposition': disposition('attachment', `${name}.xlsx`) })
    .send(bytes);
}
