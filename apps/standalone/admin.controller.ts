/**
 * What one does to the system rather than with it: verify, rebuild, export and import the log. Long work answers a stream
 * of JSON lines, `{ done, total }` as it goes and `{ result }` at the end.
 */
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { exportLog, importLog, LogFileRefused } from '#event-store/log-file.js';
import { Problem } from '#platform/problem.js';
import { checkStream } from './log-check.js';
import { Maintenance } from './maintenance.js';

const NDJSON = 'application/x-ndjson';

@ApiTags('maintain')
@Controller('api/v1/admin')
export class AdminController {
  constructor(private readonly maintenance: Maintenance) {}

  @Post('verification')
  @ApiOperation({ summary: 'Compare every read-model row with a fold of the log, and look for gaps in revisions' })
  @ApiResponse({ status: 200, description: 'JSON lines', content: { [NDJSON]: { example: { result: { ok: true } } } } })
  verify(@Res() reply: FastifyReply) {
    this.maintenance.requireIdle();
    return streamed(reply, (progress) => this.maintenance.verify(progress));
  }

  @Post('rebuild')
  @ApiOperation({ summary: 'Drop the read models and fill them from the log' })
  @ApiResponse({
    status: 200,
    description: 'JSON lines',
    content: { [NDJSON]: { example: { done: 5000, total: 20000 } } },
  })
  rebuild(@Res() reply: FastifyReply) {
    this.maintenance.requireIdle();
    return streamed(reply, (progress) => this.maintenance.rebuild(progress));
  }

  @Get('log')
  @ApiOperation({ summary: 'The whole log as JSON lines' })
  @ApiResponse({ status: 200, description: 'A header line, then one event a line', content: { [NDJSON]: {} } })
  exportLog(@Res() reply: FastifyReply) {
    return reply.type(NDJSON).send(Readable.from(exportLog(this.maintenance.store)));
  }

  @Post('log')
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
      return await importLog(
        this.maintenance.store,
        () => createInterface({ input: body, crlfDelay: Infinity }),
        checkStream,
      );
    } catch (error) {
      if (!(error instanceof LogFileRefused)) throw error;
      const { code, message, line } = error;
      throw new Problem(code === 'LOG_NOT_EMPTY' ? 409 : 422, code, { detail: message, line });
    }
  }
}

/** The status is sent with the first line, so a failure on the way is the last line: `{ problem }`. */
function streamed(reply: FastifyReply, work: (progress: (done: number, total: number) => void) => Promise<object>) {
  const lines = new Readable({ read: () => undefined });
  // Positions are bigints inside and decimal strings outside.
  const text = (line: object) =>
    JSON.stringify(line, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  const write = (line: object) => lines.push(`${text(line)}\n`);
  work((done, total) => write({ done, total }))
    .then(
      (result) => write({ result }),
      (error: unknown) => write({ problem: { code: 'WORK_FAILED', detail: (error as Error).message } }),
    )
    .finally(() => lines.push(null));
  return reply.code(200).type(NDJSON).send(lines);
}
