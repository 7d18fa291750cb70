/** Puts what a write answers about its stream into headers too: `Stream-Revision`, and `Idempotency-Replayed` on a repeat. */
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { tap, type Observable } from 'rxjs';
import type { TrialAnswer, WriteAnswer } from './recording.js';

@Injectable()
export class RevisionHeaders implements NestInterceptor<WriteAnswer | TrialAnswer> {
  intercept(context: ExecutionContext, next: CallHandler<WriteAnswer | TrialAnswer>): Observable<unknown> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      tap((answer) => {
        if ('dryRun' in answer) {
          void reply.code(200);
          return;
        }
        void reply.header('stream-revision', String(answer.revision)).header('etag', `"${answer.revision}"`);
        if (answer.replayed) void reply.header('idempotency-replayed', 'true');
      }),
    );
  }
}
