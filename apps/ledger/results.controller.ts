/** Writes about what was reached: results of indicators and base facts. Nothing is edited: what was wrong is corrected, with its reason. */
import { Body, Controller, Param, Post, UseInterceptors } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiParam, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { oneOrMany } from './one-or-many.js';
import { WriteOperation } from './operation.js';
import { repointed, withoutPrefix } from './pointers.js';
import { Recording } from './recording.js';
import {
  CorrectBaseFactDto,
  RecordBaseFactsDto,
  correctBaseFact,
  correctResult,
  RecordBaseFactDto,
  RecordResultDto,
  recordBaseFacts,
  recordResults,
  CorrectResultDto,
  RecordResultsDto,
  WithdrawDto,
  withdrawBaseFact,
  withdrawResult,
} from './results.dto.js';
import { RevisionHeaders } from './revision-headers.js';
import { At, type UnitYear } from './unit-year.js';
import { Write, type WriteRequest } from './write-request.js';

const RESULTS = { one: RecordResultDto, many: RecordResultsDto };
const FACTS = { one: RecordBaseFactDto, many: RecordBaseFactsDto };

const oneOf = ({ one, many }: typeof RESULTS | typeof FACTS) =>
  ApiBody({ schema: { oneOf: [{ $ref: getSchemaPath(one) }, { $ref: getSchemaPath(many) }] } });

@ApiTags('record')
@ApiParam({ name: 'unit', example: 'U0001' })
@ApiParam({ name: 'year', example: 2024 })
@ApiExtraModels(RecordResultDto, RecordResultsDto, RecordBaseFactDto, RecordBaseFactsDto)
@UseInterceptors(RevisionHeaders)
@Controller('api/v1/units/:unit/years/:year')
export class ResultsController {
  constructor(private readonly recording: Recording) {}

  @Post('results')
  @oneOf(RESULTS)
  @WriteOperation({ summary: 'Record one result, or many at once, each with what stands behind it' })
  record(
    @At() at: UnitYear,
    @Body(oneOrMany('results', RESULTS)) body: RecordResultDto | RecordResultsDto,
    @Write() request: WriteRequest,
  ) {
    const answer = this.recording.performance(at, recordResults(body), request);
    return body instanceof RecordResultsDto ? answer : repointed(answer, withoutPrefix('/results/0'));
  }

  @Post('results/:resultId/correction')
  @ApiParam({ name: 'resultId', example: 'R-2024-041' })
  @WriteOperation({ summary: 'Correct a result; the correction has its date' })
  correct(
    @At() at: UnitYear,
    @Param('resultId') id: string,
    @Body() body: CorrectResultDto,
    @Write() request: WriteRequest,
  ) {
    return this.recording.performance(at, correctResult(id, body), request);
  }

  @Post('results/:resultId/withdrawal')
  @ApiParam({ name: 'resultId', example: 'R-2024-041' })
  @WriteOperation({ summary: 'Withdraw a result that should not have been recorded' })
  withdraw(
    @At() at: UnitYear,
    @Param('resultId') id: string,
    @Body() body: WithdrawDto,
    @Write() request: WriteRequest,
  ) {
    return this.recording.performance(at, withdrawResult(id, body), request);
  }

  @Post('base-facts')
  @oneOf(FACTS)
  @WriteOperation({ summary: 'Record one base fact, or many at once, from which the computed indicators come' })
  recordFacts(
    @At() at: UnitYear,
    @Body(oneOrMany('facts', FACTS)) body: RecordBaseFactDto | RecordBaseFactsDto,
    @Write() request: WriteRequest,
  ) {
    const answer = this.recording.performance(at, recordBaseFacts(body), request);
    return body instanceof RecordBaseFactsDto ? answer : repointed(answer, withoutPrefix('/facts/0'));
  }

  @Post('base-facts/:factId/correction')
  @ApiParam({ name: 'factId', example: 'F-2024-01' })
  @WriteOperation({ summary: 'Correct a base fact; the correction has its date' })
  correctFact(
    @At() at: UnitYear,
    @Param('factId') id: string,
    @Body() body: CorrectBaseFactDto,
    @Write() request: WriteRequest,
  ) {
    return this.recording.performance(at, correctBaseFact(id, body), request);
  }

  @Post('base-facts/:factId/withdrawal')
  @ApiParam({ name: 'factId', example: 'F-2024-01' })
  @WriteOperation({ summary: 'Withdraw a base fact that should not have been recorded' })
  withdrawFact(
    @At() at: UnitYear,
    @Param('factId') id: string,
    @Body() body: WithdrawDto,
    @Write() request: WriteRequest,
  ) {
    return this.recording.performance(at, withdrawBaseFact(id, body), request);
  }
}
