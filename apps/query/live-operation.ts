/** How the live stream is described in OpenAPI: what its messages are, with an example, and every problem before the first. */
import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { Problem } from '#platform/problem.js';
import { ChangesDto, HelloDto, LIVE_EXAMPLE, StaleTellingDto } from './live.dto.js';
import { positionBeyondEnd } from './live.js';
import { unknownUnit } from './missing.js';
import { ANY_READ, problemResponses } from './read-operation.js';

const stopping = new Problem(503, 'STOPPING', { detail: 'The system is stopping. Try again.' });
const PROBLEMS = [...ANY_READ, stopping, unknownUnit('U0009'), positionBeyondEnd('4711', '12')];

const DESCRIPTION =
  '`event: hello` (HelloDto) comes first: where the read models stand. Then `event: change` (ChangesDto) whenever events have ' +
  'come into them, never before a read would show them, many at once when they come fast or the reader is slow; and ' +
  '`event: stale` (StaleTellingDto) once, when a unit and year stops at an event that cannot be projected. `id` is the place ' +
  'in the log up to which the reader has been told: sent as Last-Event-ID it gets everything after it, once and in order. ' +
  'What was kept back by a stop is told when it comes in; a reader that was away then sees it by what `stale` of hello no ' +
  'longer names. A comment keeps an idle connection open.';

export const LiveRead = (): MethodDecorator =>
  applyDecorators(
    ApiExtraModels(HelloDto, ChangesDto, StaleTellingDto),
    ApiOperation({
      summary: 'What has come into the read models, as it comes (server-sent events)',
      description: DESCRIPTION,
    }),
    ApiHeader({
      name: 'Last-Event-ID',
      required: false,
      description: 'Id of the last message that the reader got; in place of `after`',
      schema: { type: 'string', example: '4711' },
    }),
    ApiResponse({
      status: 200,
      description: 'Messages, until one of the two sides ends it',
      content: { 'text/event-stream': { schema: { type: 'string' }, example: LIVE_EXAMPLE } },
    }),
    ...problemResponses(PROBLEMS),
  );
