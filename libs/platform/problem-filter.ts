/** The one exception filter: whatever is thrown while a request is served leaves as problem+json. */
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_MEDIA_TYPE, toProblem, type Problem } from '#platform/problem.js';
import { bodyTooLarge, unsupportedMediaType } from '#platform/request-body.js';

@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    answerWithProblem(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }
}

/** Answers and logs: 5xx with the cause and its stack, the rest only at debug level. */
export function answerWithProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error, request);
  const entry = { err: error, code: problem.code, status: problem.status };
  if (problem.code === 'INTERNAL') request.log.error(entry, 'unexpected error');
  else if (problem.status >= 500) request.log.warn(entry, 'not available');
  else request.log.debug(entry, 'request refused');
  if (reply.sent || reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  void reply
    .code(problem.status)
    .headers({ ...problem.headers, 'content-type': PROBLEM_MEDIA_TYPE })
    .send(JSON.stringify(problem.body()));
}

function problemOf(error: unknown, request: FastifyRequest): Problem {
  const status =
    error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown } | null)?.statusCode;
  if (status === 413) return bodyTooLarge(request.headers['content-type']);
  if (status === 415) return unsupportedMediaType();
  return toProblem(error, request.id);
}
