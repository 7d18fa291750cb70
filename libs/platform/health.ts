/**
 * Liveness and readiness. The app adds its checks as its parts start; `/readyz` names those that fail. Without what is
 * `needed` the process serves nothing and should be asked nothing; without the rest it serves less, and says so.
 */
import type { FastifyInstance } from 'fastify';
import type { Logger } from '#platform/logging.js';
import { Problem } from '#platform/problem.js';

/** Resolves when that part can serve, rejects when it cannot. */
export type HealthCheck = () => Promise<unknown>;

export interface Health {
  /** Checks without which nothing can be served, and that fail. */
  readonly failing: readonly string[];
  /** Those that fail while the rest is served. */
  readonly degraded: readonly string[];
}

interface Check {
  readonly check: HealthCheck;
  readonly needed: boolean;
}

export class HealthChecks {
  private readonly checks = new Map<string, Check>();

  /** `timeoutMs`: a check that takes longer has failed. */
  constructor(
    private readonly logger: Logger,
    private readonly timeoutMs = 2_000,
  ) {}

  add(name: string, check: HealthCheck, { needed = true }: { readonly needed?: boolean } = {}): void {
    this.checks.set(name, { check, needed });
  }

  /** Runs all checks at once; the names of those that fail, in the order they were added. Causes go to the log only. */
  async look(): Promise<Health> {
    const results = await Promise.all([...this.checks].map(([name, { check }]) => this.fails(name, check)));
    const failed = results.filter((name) => name !== undefined);
    const isNeeded = (name: string): boolean => this.checks.get(name)?.needed === true;
    return { failing: failed.filter(isNeeded), degraded: failed.filter((name) => !isNeeded(name)) };
  }

  /** Names of the needed checks that fail. */
  async failing(): Promise<readonly string[]> {
    return (await this.look()).failing;
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

/**
 * `GET /livez`: the process runs. `GET /readyz`: 200 with the names of all checks and, as `degraded`, of those that fail and
 * are not needed; or 503 `NOT_READY` with those that fail.
 */
export function serveHealth(server: FastifyInstance, health: HealthChecks): void {
  server.get('/livez', async () => ({ status: 'live' }));
  server.get('/readyz', async () => {
    const { failing, degraded } = await health.look();
    const less = degraded.length === 0 ? {} : { degraded };
    if (failing.length === 0) return { status: 'ready', checks: health.names, ...less };
    throw new Problem(
      503,
      'NOT_READY',
      { detail: `Not ready: ${failing.join(', ')}.`, failing, ...less },
      { 'retry-after': '1' },
    );
  });
}
