/** Live updates: what has come into the read models, as server-sent events. */
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Position } from '#domain/envelope.js';
import { invalidRequest } from '#platform/problem.js';
import { Live } from './live.js';
import { LiveQuery, PLACE_IN_LOG } from './live.dto.js';
import type { LiveFilter } from './live-messages.js';
import { LiveRead } from './live-operation.js';

@ApiTags('read')
@Controller('api/v1')
export class LiveController {
  constructor(private readonly live: Live) {}

  @Get('stream')
  @LiveRead()
  async stream(@Query() query: LiveQuery, @Req() { headers }: FastifyRequest, @Res() reply: FastifyReply) {
    const after = readerPlace(headers['last-event-id']) ?? query.after;
    const { body } = await this.live.stream({
      filter: filterOf(query),
      ...(after === undefined ? {} : { after: after as Position }),
      response: reply.raw,
    });
    return reply
      .code(200)
      .headers({
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      .send(body);
  }
}

const filterOf = ({ unit, year }: LiveQuery): LiveFilter => ({
  ...(unit === undefined ? {} : { unit }),
  ...(year === undefined ? {} : { year: Number(year) }),
});

/** The place at which a reader was when it lost the connection. Throws 400 for what is none. */
function readerPlace(header: string | string[] | undefined): string | undefined {
  if (header === undefined || header === '') return undefined;
  if (typeof header === 'string' && PLACE_IN_LOG.test(header)) return header;
  const message = 'Last-Event-ID must be the id of a message of this stream';
  throw invalidRequest([{ parameter: 'Last-Event-ID', code: 'INVALID_POSITION', message }]);
}
