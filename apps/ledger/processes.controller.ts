/** What events caused in other budgets: the list of it, and another try of what was refused. */
import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Position } from '#domain/envelope.js';
import { Problem } from '#platform/problem.js';
import { meets } from './operation.js';
import { ProcessDesk } from './process-desk.js';
import { askedOf, cursorOf, presentProcess, ProcessDto, ProcessesDto, ProcessesQuery } from './processes.dto.js';

const ID = '9a0fb1c8-55d4-5a35-9b40-5d0a6dd42f0e';

@ApiTags('processes')
@Controller('api/v1/processes')
export class ProcessesController {
  constructor(private readonly desk: ProcessDesk) {}

  @Get()
  @ApiOperation({ summary: 'What events caused in other budgets, such as a close the carry-over of the next year' })
  @ApiResponse({ status: 200, description: 'Newest event first', type: ProcessesDto })
  @meets(400, 'A parameter is malformed or not known')
  @meets(503, 'The position asked for is not answered yet, or the log cannot be reached')
  async list(@Query() query: ProcessesQuery): Promise<ProcessesDto> {
    if (query.atLeast !== undefined) await this.desk.answered(query.atLeast as Position);
    const { filter, limit, after } = askedOf(query);
    // Before the entries are read: nothing that is answered up to there can be missing.
    const through = await this.desk.through();
    const found = await this.desk.list(filter, { limit: limit + 1, ...(after === undefined ? {} : { after }) });
    const entries = found.slice(0, limit);
    const last = entries.at(-1);
    return {
      through,
      entries: entries.map(presentProcess),
      ...(found.length > limit && last !== undefined ? { next: cursorOf(last) } : {}),
    };
  }

  @Post(':id/retry')
  @HttpCode(200)
  @ApiOperation({ summary: 'Try again what was refused; what is settled stays, so repeating it changes nothing' })
  @ApiParam({ name: 'id', type: String, example: ID })
  @ApiResponse({ status: 200, description: 'What became of it now', type: ProcessDto })
  @meets(404, 'There is no such process')
  @meets(503, 'The log cannot be reached; the same request may be sent again')
  async retry(@Param('id') id: string): Promise<ProcessDto> {
    const entry = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? await this.desk.retry(id) : undefined;
    if (entry !== undefined) return presentProcess(entry);
    throw new Problem(404, 'UNKNOWN_PROCESS', {
      detail: 'There is no such process. GET /api/v1/processes lists them.',
      id,
    });
  }
}
