/** Structured logs (pino, one JSON object a line) on standard error: standard output belongs to people and pipes. */
import type { LoggerService } from '@nestjs/common';
import { destination, pino, stdTimeFunctions, type Logger } from 'pino';
import type { LogLevel } from '#platform/config.js';

export type { Logger };

export const createLogger = (level: LogLevel): Logger =>
  pino(
    { level, base: null, timestamp: stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    destination({ dest: 2, sync: true }),
  );

/** Nest's own messages in the same log. What Nest calls `log` (each route, each module) is debug here. */
export function nestLogger(logger: Logger): LoggerService {
  const write =
    (level: 'debug' | 'trace' | 'warn' | 'error' | 'fatal') =>
    (message: unknown, ...rest: unknown[]): void => {
      const context = typeof rest.at(-1) === 'string' ? rest.pop() : undefined;
      const error = [message, ...rest].find((part) => part instanceof Error);
      logger[level](
        { context, ...(error ? { err: error } : rest.length > 0 ? { details: rest } : {}) },
        textOf(message),
      );
    };
  return {
    log: write('debug'),
    debug: write('debug'),
    verbose: write('trace'),
    warn: write('warn'),
    error: write('error'),
    fatal: write('fatal'),
  };
}

const textOf = (message: unknown): string =>
  typeof message === 'string' ? message : message instanceof Error ? message.message : JSON.stringify(message);
