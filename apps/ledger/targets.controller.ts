/** Writes about the performance table of one unit and year: its targets, its texts, and what it is judged by. */
import { Body, Controller, Param, Post, Put, UseInterceptors } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { SetThresholdsDto } from './monitoring.dto.js';
import { WriteOperation } from './operation.js';
import { repointed, withoutPrefix } from './pointers.js';
import { Recording } from './recording.js';
import { RevisionHeaders } from './revision-headers.js';
import { ChooseProfileDto } from './self-evaluation.dto.js';
import {
  LinkLinesDto,
  linkIndicator,
  StateNarrativeDto,
  reviseTargets,
  stateNarrative,
  ReviseTargetsDto,
} from './table.dto.js';
import { TableWriting } from './table-writing.js';
import { ApproveTargetsDto } from './targets.dto.js';
import { At, type UnitYear } from './unit-year.js';
import { Write, type WriteRequest } from './write-request.js';

@ApiTags('record')
@ApiParam({ name: 'unit', example: 'U0001' })
@ApiParam({ name: 'year', example: 2024 })
@UseInterceptors(RevisionHeaders)
@Controller('api/v1/units/:unit/years/:year')
export class TargetsController {
  constructor(
    private readonly recording: Recording,
    private readonly writing: TableWriting,
  ) {}

  @Put('targets')
  @WriteOperation({
    summary: 'Approve the indicators and their targets; once approved, revise them to what the body says',
    ifMatch: 'required',
    status: 200,
  })
  targets(@At() at: UnitYear, @Body() body: ApproveTargetsDto, @Write({ ifMatch: 'required' }) request: WriteRequest) {
    return this.writing.targets(at, body, request);
  }

  @Post('target-revisions')
  @WriteOperation({ summary: 'Revise, add and withdraw indicators from a date on, for one reason' })
  revise(@At() at: UnitYear, @Body() body: ReviseTargetsDto, @Write() request: WriteRequest) {
    return this.recording.performance(at, reviseTargets(body), request);
  }

  @Put('narrative')
  @WriteOperation({
    summary: 'State the texts of the table; those left out are not stated',
    ifMatch: 'required',
    status: 200,
  })
  narrative(
    @At() at: UnitYear,
    @Body() body: StateNarrativeDto,
    @Write({ ifMatch: 'required' }) request: WriteRequest,
  ) {
    return this.recording.performance(at, stateNarrative(body), request);
  }

  @Put('indicators/:indicator/lines')
  @ApiParam({ name: 'indicator', example: 'I41' })
  @WriteOperation({
    summary: 'Name the lines whose money does the work of an indicator',
    ifMatch: 'required',
    status: 200,
  })
  link(
    @At() at: UnitYear,
    @Param('indicator') indicator: string,
    @Body() body: LinkLinesDto,
    @Write({ ifMatch: 'required' }) request: WriteRequest,
  ) {
    const named = body.lines.map((line, index) => ({ line, pointer: `/lines/${index}` }));
    const answer = this.writing.withLines(at, { command: linkIndicator(indicator, body), named }, request);
    // The indicator stands in the address.
    return repointed(answer, (pointer) => (pointer === '/links/0/indicator' ? '' : withoutPrefix('/links/0')(pointer)));
  }

  @Put('thresholds')
  @WriteOperation({
    summary: 'Set the bounds of the monitoring lights from a date on',
    ifMatch: 'required',
    status: 200,
  })
  thresholds(
    @At() at: UnitYear,
    @Body() body: SetThresholdsDto,
    @Write({ ifMatch: 'required' }) request: WriteRequest,
  ) {
    return this.writing.thresholds(at, body, request);
  }

  @Put('scoring-profile')
  @WriteOperation({
    summary:
      'Choose the rules by which the self-evaluation is scored: a shipped profile, with own weights, or a whole one',
    ifMatch: 'required',
    status: 200,
  })
  profile(@At() at: UnitYear, @Body() body: ChooseProfileDto, @Write({ ifMatch: 'required' }) request: WriteRequest) {
    return this.writing.profile(at, body, request);
  }
}
