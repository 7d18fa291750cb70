/** Writes about the self-evaluation of one unit and year. */
import { Body, Controller, Param, Post, UseInterceptors } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { civilDate } from '#domain/calendar.js';
import { WithdrawSubmissionDto } from './monitoring.dto.js';
import { WriteOperation } from './operation.js';
import { wholeNumber } from './parameters.js';
import { Recording } from './recording.js';
import { RevisionHeaders } from './revision-headers.js';
import {
  AssessIndicatorsDto,
  SubmitSelfEvaluationDto,
  assessIndicators,
  withdrawSelfEvaluation,
} from './self-evaluation.dto.js';
import { Submitting } from './submitting.js';
import { At, type UnitYear } from './unit-year.js';
import { Write, type WriteRequest } from './write-request.js';

@ApiTags('record')
@ApiParam({ name: 'unit', example: 'U0001' })
@ApiParam({ name: 'year', example: 2024 })
@UseInterceptors(RevisionHeaders)
@Controller('api/v1/units/:unit/years/:year')
export class SelfEvaluationController {
  constructor(
    private readonly recording: Recording,
    private readonly submitting: Submitting,
  ) {}

  @Post('assessments')
  @WriteOperation({
    summary: 'Say of rows the grade and score of words, the cause of lost points and what will be improved',
  })
  assess(@At() at: UnitYear, @Body() body: AssessIndicatorsDto, @Write() request: WriteRequest) {
    return this.recording.performance(at, assessIndicators(body), request);
  }

  @Post('self-evaluation/submission')
  @WriteOperation({
    summary: 'Submit the self-evaluation of the year: it is frozen as it is scored',
    description:
      'The form is made of the log at the revisions that the event cites. With dryRun it is shown and not submitted.',
    ifMatch: 'required',
  })
  submit(
    @At() at: UnitYear,
    @Body() { effectiveDate, finished = false }: SubmitSelfEvaluationDto,
    @Write({ ifMatch: 'required' }) request: WriteRequest,
  ) {
    return this.submitting.selfEvaluation(at, { effectiveDate: civilDate(effectiveDate), finished }, request);
  }

  @Post('self-evaluation/submissions/:submission/withdrawal')
  @ApiParam({ name: 'submission', type: Number, example: 1 })
  @WriteOperation({ summary: 'Withdraw a submission; the form can be submitted again' })
  withdraw(
    @At() at: UnitYear,
    @Param('submission') submission: string,
    @Body() body: WithdrawSubmissionDto,
    @Write() request: WriteRequest,
  ) {
    return this.recording.performance(at, withdrawSelfEvaluation(wholeNumber('submission', submission), body), request);
  }
}
