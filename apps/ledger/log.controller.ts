/** The log out of the system as a file, and a file into an empty log. */
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LogFileRefused } from '#event-store/log-file.js';
import { Problem } from '#platform/problem.js';
import { LogFile } from './log-file.js';

const NDJSON = 'application/x-ndjson';

@ApiTags('maintain')
@Controller('api/v1/admin/log')
export class LogController {
  constructor(private readonly file: LogFile) {}

  @Get()
  @ApiOperation({ summary: 'The whole log as JSON lines' })
  @ApiResponse({ status: 200, description: 'A header line, then one event a line', content: { [NDJSON]: {} } })
  exportLog(@Res() reply: FastifyReply) {
    return reply.type(NDJSON).send(Readable.from(this.file.lines()));
  }

  @Post()
  @ApiOperation({ summary: 'Take a log file (application/x-ndjson) into an empty log' })
  @ApiBody({ schema: { type: 'string' } })
  @ApiConsumes(NDJSON)
  @ApiResponse({
    status: 201,
    description: 'How many events were taken',
    content: { 'application/json': { example: { events: 532 } } },
  })
  @ApiResponse({ status: 409, description: 'The log is not empty' })
  @ApiResponse({ status: 422, description: 'Not a log file, or a broken one; nothing was written' })
  async importLog(@Req() { body }: FastifyRequest) {
    if (!(body instanceof Readable))
      throw new Problem(415, 'NDJSON_REQUIRED', { detail: `Send the file as ${NDJSON}.` });
    try {
      return await this.file.take(() => createInterface({ input: body, crlfDelay: Infinity }));
    } catch (error) {
      if (!(error instanceof LogFileRefused)) throw error;
      const { code, message, line } = error;
      throw new Problem(code === 'LOG_NOT_EMPTY' || code === 'LOG_TIMES_CHANGED' ? 409 : 422, code, {
        detail: message,
        line,
      });
    }
  }
}
