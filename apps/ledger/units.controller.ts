/** Registers units. */
import { Body, Controller, Post, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { WriteOperation } from './operation.js';
import { registerUnit, RegisterUnitDto } from './plan.dto.js';
import { Recording } from './recording.js';
import { RevisionHeaders } from './revision-headers.js';
import { Write, type WriteRequest } from './write-request.js';

@ApiTags('record')
@UseInterceptors(RevisionHeaders)
@Controller('api/v1/units')
export class UnitsController {
  constructor(private readonly recording: Recording) {}

  @Post()
  @WriteOperation({ summary: 'Register a unit' })
  register(@Body() body: RegisterUnitDto, @Write() request: WriteRequest) {
    return this.recording.directory(registerUnit(body), request);
  }
}
