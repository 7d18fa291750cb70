/** Writes about the monitoring of one unit and year: explanations, submissions, and the rectifications that follow. */
import { Body, Controller, Param, Post, UseInterceptors } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { civilDate } from '#domain/calendar.js';
import {
  closeRectification,
  explainDeviations,
  ExplainDeviationsDto,
  openRectification,
  CloseRectificationDto,
  OpenRectificationDto,
  SubmitFormDto,
  WithdrawSubmissionDto,
  withdrawMonitoring,
} from './monitoring.dto.js';
import { WriteOperation } from './operation.js';
import { monthOf, wholeNumber } from './parameters.js';
import { Recording } from './recording.js';
import { RevisionHeaders } from './revision-headers.js';
import { Submitting } from './submitting.js';
import { TableWriting } from './table-writing.js';
import { At, type UnitYear } from './unit-year.js';
import { Write, type WriteRequest } from './write-request.js';

const STAGE = { name: 'stage', type: Number, example: 6, description: 'Months 1 to this one; 6 is mid-year' };

@ApiTags('record')
@ApiParam({ name: 'unit', example: 'U0001' })
@ApiParam({ name: 'year', example: 2024 })
@UseInterceptors(RevisionHeaders)
@Controller('api/v1/units/:unit/years/:year')
export class MonitoringController {
  constructor(
    private readonly recording: Recording,
    private readonly submitting: Submitting,
    private readonly writing: TableWriting,
  ) {}

  @Post('monitoring/:stage/explanations')
  @ApiParam(STAGE)
  @WriteOperation({ summary: 'Say of rows what is expected, why they deviate and how likely their goal is' })
  explain(
    @At() at: UnitYear,
    @Param('stage') stage: string,
    @Body() body: ExplainDeviationsDto,
    @Write() request: WriteRequest,
  ) {
    return this.recording.performance(at, explainDeviations(monthOf(stage), body), request);
  }

  @Post('monitoring/:stage/submission')
  @ApiParam(STAGE)
  @WriteOperation({
    summary: 'Submit the monitoring form of months 1 to a stage: it is frozen as it stands',
    description:
      'The form is made of the log at the revisions that the event cites. With dryRun it is shown and not submitted.',
    ifMatch: 'required',
  })
  submit(
    @At() at: UnitYear,
    @Param('stage') stage: string,
    @Body() { effectiveDate }: SubmitFormDto,
    @Write({ ifMatch: 'required' }) request: WriteRequest,
  ) {
    return this.submitting.monitoring(at, { stage: monthOf(stage), effectiveDate: civilDate(effectiveDate) }, request);
  }

  @Post('monitoring/:stage/submissions/:submission/withdrawal')
  @ApiParam(STAGE)
  @ApiParam({ name: 'submission', type: Number, example: 1 })
  @WriteOperation({ summary: 'Withdraw a submission; the form can be submitted again' })
  withdraw(
    @At() at: UnitYear,
    @Param('stage') stage: string,
    @Param('submission') submission: string,
    @Body() body: WithdrawSubmissionDto,
    @Write() request: WriteRequest,
  ) {
    const of = { stage: monthOf(stage), submission: wholeNumber('submission', submission) };
    return this.recording.performance(at, withdrawMonitoring(of, body), request);
  }

  @Post('rectifications')
  @WriteOperation({ summary: 'Open a rectification: what monitoring or evaluation requires to be put right' })
  open(@At() at: UnitYear, @Body() body: OpenRectificationDto, @Write() request: WriteRequest) {
    const named = body.line === undefined ? [] : [{ line: body.line, pointer: '/line' }];
    return this.writing.withLines(at, { command: openRectification(body), named }, request);
  }

  @Post('rectifications/:rectificationId/closure')
  @ApiParam({ name: 'rectificationId', example: 'Z-2024-01' })
  @WriteOperation({ summary: 'Close a rectification with what was done' })
  close(
    @At() at: UnitYear,
    @Param('rectificationId') id: string,
    @Body() body: CloseRectificationDto,
    @Write() request: WriteRequest,
  ) {
    return this.recording.performance(at, closeRectification(id, body), request);
  }
}
