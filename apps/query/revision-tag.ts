/**
 * `Stream-Revision` and `ETag` of answers that a write depends on, and 304 for a caller that has the answer already. Only an
 * answer for now has them: with the tag of a past one, a write would overwrite what came since.
 */
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AnswerDto } from './answer.dto.js';
import type { MomentQuery } from './moment.js';

export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Request and reply, for the headers of both; the answer is still what the method returns. */
export const Headers = createParamDecorator((_: unknown, context: ExecutionContext): Exchange => {
  const http = context.switchToHttp();
  return { request: http.getRequest<FastifyRequest>(), reply: http.getResponse<FastifyReply>() };
});

export interface Revised<Answer> {
  readonly answer: Answer;
  /** Of the stream that a write to this resource goes to; `none` before its first event. */
  readonly revision: string;
}

export interface Tagging extends Exchange {
  readonly query: MomentQuery;
  /** Nothing but the stream goes into the answer, so that its revision says whether the answer is still right. */
  readonly whole: boolean;
}

/** The answer with its headers set; nothing, with status 304, when the caller's tag is still right. */
export function tagged<Answer extends AnswerDto>(
  { answer, revision }: Revised<Answer>,
  { request, reply, query, whole }: Tagging,
): Answer | undefined {
  if (query.knownAt !== undefined) return answer;
  const tag = `"${revision}"`;
  void reply.header('stream-revision', revision).header('etag', tag);
  // Without a date the same address means another day tomorrow.
  const dated = query.asOf !== undefined || query.checkpoint !== undefined;
  if (!whole || !dated || answer.stale !== undefined || !names(request.headers['if-none-match'], tag)) return answer;
  void reply.code(304);
  return undefined;
}

const names = (header: string | undefined, tag: string): boolean =>
  (header ?? '').split(',').some((given) => given.trim().replace(/^W\//, '') === tag);
