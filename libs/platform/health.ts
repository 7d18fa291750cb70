/** Liveness and readiness. The app adds its checks as its parts start; `/readyz` names those that fail. */
import type { FastifyInstance } from 'fastify';
import type { Logger } from '#platform/logging.js';
import { Problem } from '#platform/problem.js';

/** Resolves when that part can serve, rejects when it cannot. */
export type HealthCheck = () => Promise<unknown>;

export class HealthChecks {
  private readonly checks = new Map<string, HealthCheck>();

  /** `timeoutMs`: a check that takes longer has failed. */
  constructor(
    private readonly logger: Logger,
    private readonly timeoutMs = 2_000,
  ) {}

  add(name: string, check: HealthCheck): void {
    this.checks.set(name, check);
  }

  /** Runs all checks at once; the names of those that fail, in the order they were added. Causes go to the log only. */
  async failing(): Promise<readonly string[]> {
    const results = await Promise.all([...this.checks].map(([name, check]) => this.fails(name, check)));
    return results.filter((name) => name !== undefined);
  }

  private async fails(name: string, check: HealthCheck): Promise<string | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${this.timeoutMs} ms`)), this.timeoutMs);
    });
    try {
      await Promise.race([check(), late]);
      return undefined;
    } catch (error) {
      this.logger.warn({ err: error, check: name }, 'health check failed');
      return name;
    } finally {
      clearTimeout(timer);
    }
  }

  get names(): readonly string[] {
    return [...this.checks.keys()];
  }
}

/** `GET /livez`: the process runs. `GET /readyz`: 200 with the names of all checks, or 503 `NOT_READY` with those that fail. */
export function serveHealth(server: FastifyInstance, health: HealthChecks): void {
  server.get('/livez', async () => ({ status: 'live' }));
  server.get('/readyz', async () => {
    const failing = await health.failing();
    if (failing.length === 0) return { status: 'ready', checks: health.names };
    throw new Problem(
      503,
      'NOT_READY',
      { detail: `Not ready: ${failing.join(', ')}.`, failing },
      { 'retry-after': '1' },
    );
  });
}
