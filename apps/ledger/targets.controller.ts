/** Writes about the performance table of one unit and year. */
import { Body, Controller, Put, UseInterceptors } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { WriteOperation } from './operation.js';
import { Recording } from './recording.js';
import { RevisionHeaders } from './revision-headers.js';
import { approveTargets, ApproveTargetsDto } from './targets.dto.js';
import { At, type UnitYear } from './unit-year.js';
import { Write, type WriteRequest } from './write-request.js';

@ApiTags('record')
@ApiParam({ name: 'unit', example: 'U0001' })
@ApiParam({ name: 'year', example: 2024 })
@UseInterceptors(RevisionHeaders)
@Controller('api/v1/units/:unit/years/:year')
export class TargetsController {
  constructor(private readonly recording: Recording) {}

  @Put('targets')
  @WriteOperation({ summary: 'Approve the indicators and their targets', ifMatch: 'required', status: 200 })
  approve(
    @At() { unit, year }: UnitYear,
    @Body() body: ApproveTargetsDto,
    @Write({ ifMatch: 'required' }) request: WriteRequest,
  ) {
    return this.recording.targets(unit, year, approveTargets(body), request);
  }
}
