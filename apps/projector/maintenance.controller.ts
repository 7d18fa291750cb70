/**
 * What one does to the read models rather than with them: verify, rebuild and roll back. Long work answers a stream of JSON
 * lines, `{ done, total }` as it goes and `{ result }` at the end.
 */
import { Readable } from 'node:stream';
import { Controller, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { maintenanceRunning } from '#platform/long-work.js';
import type { Problem } from '#platform/problem.js';
import { Maintenance, noWayBack, type Report } from './maintenance.js';
import { RebuildQuery } from './rebuild.query.js';

const NDJSON = 'application/x-ndjson';

const REBUILT_EXAMPLE = {
  result: {
    events: 532,
    comparison: {
      rows: 1,
      differenceCount: 0,
      differences: [],
      tables: [
        {
          table: 'account',
          rows: { expected: 1, found: 1 },
          checksums: { expected: '5bb0a1b2c3d4e5f6', found: '5bb0a1b2c3d4e5f6' },
        },
      ],
      layout: [],
      notByRow: [],
    },
    switched: true,
    milliseconds: 812,
  },
};

/** 409 while other work runs, and what else an operation may be refused for in the same way. */
const RunningResponse = (...others: readonly Problem[]): MethodDecorator => {
  const bodies = [maintenanceRunning(), ...others].map((problem) => problem.body());
  const examples = Object.fromEntries(
    bodies.map((body) => [
      typeof body['reason'] === 'string' ? `${body.code} ${body['reason']}` : body.code,
      { summary: body.title, value: body },
    ]),
  );
  return ApiResponse({
    status: 409,
    description: [...new Set(bodies.map(({ code }) => code))].join(', '),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, examples } },
  });
};

@ApiTags('maintain')
@Controller('api/v1/admin')
export class MaintenanceController {
  constructor(private readonly maintenance: Maintenance) {}

  @Post('verification')
  @ApiOperation({ summary: 'Compare every read-model row with a fold of the log, and look for gaps in revisions' })
  @ApiResponse({ status: 200, description: 'JSON lines', content: { [NDJSON]: { example: { result: { ok: true } } } } })
  async verify(@Res() reply: FastifyReply) {
    const done = await this.maintenance.claim();
    return streamed(reply, (report) => this.maintenance.verify(report).finally(done));
  }

  @Post('rebuild')
  @ApiOperation({
    summary: 'Fill new read models from the log beside those in use, compare both, and put the new ones in use',
    description:
      'Lines `{ phase, done, total }`: `filling` counts events, `comparing` tables, `switching` is one short transaction. The ' +
      'result names every table with rows and checksums of both sides at one position, and at most 100 of the rows that ' +
      'differ. The log is the truth: what differs does not stop the switch. No read fails meanwhile.',
  })
  @ApiResponse({ status: 200, description: 'JSON lines', content: { [NDJSON]: { example: REBUILT_EXAMPLE } } })
  @RunningResponse()
  async rebuild(@Query() { dryRun }: RebuildQuery, @Res() reply: FastifyReply) {
    const done = await this.maintenance.claim();
    return streamed(reply, (report) => this.maintenance.rebuild(report, { dryRun: dryRun === 'true' }).finally(done));
  }

  @Post('rollback')
  @ApiOperation({
    summary: 'Put the read models from before the last rebuild in use again',
    description: 'They take in what they missed first, so no read goes back. Asked once more, the others come back.',
  })
  @ApiResponse({
    status: 200,
    description: 'JSON lines',
    content: { [NDJSON]: { example: { result: { events: 12, milliseconds: 85 } } } },
  })
  @RunningResponse(noWayBack('NOTHING_KEPT'), noWayBack('OTHER_LAYOUT'))
  async rollback(@Res() reply: FastifyReply) {
    const done = await this.maintenance.claim();
    try {
      await this.maintenance.requireWayBack();
    } catch (error) {
      await done();
      throw error;
    }
    return streamed(reply, () => this.maintenance.rollback().finally(done));
  }
}

/** The status is sent with the first line, so a failure on the way is the last line: `{ problem }`. */
function streamed(reply: FastifyReply, work: (report: Report) => Promise<object>) {
  const lines = new Readable({ read: () => undefined });
  // Positions are bigints inside and decimal strings outside.
  const text = (line: object) =>
    JSON.stringify(line, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  const write = (line: object) => lines.push(`${text(line)}\n`);
  work(write)
    .then(
      (result) => write({ result }),
      (error: unknown) => write({ problem: { code: 'WORK_FAILED', detail: (error as Error).message } }),
    )
    .finally(() => lines.push(null));
  return reply.code(200).type(NDJSON).send(lines);
}
