/**
 * The API of the whole system, as `npm start` serves it: each of its operations is served by exactly the process that
 * `deploy/routes.json` names.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { HealthChecks } from '#platform/health.js';
import { createHttpApp } from '#platform/http.js';
import { createLogger } from '#platform/logging.js';
import { LongWork } from '#platform/long-work.js';
import { createMetrics } from '#platform/metrics.js';
import { openApiDocument } from '#platform/openapi.js';
import { LedgerProcessModule } from '../../apps/ledger/ledger-process.module.js';
import { MaintenanceModule } from '../../apps/projector/maintenance.module.js';
import { QueryModule } from '../../apps/query/query.module.js';
import { describedParts, describedTray, describeSystem } from '../../apps/standalone/openapi.js';
import { processFor } from '../support/proxy.js';

const { store, handler, dataSource, actor, attachments, clock, projector, processes: desk } = describedParts();
const { progress } = projector;
const effect = (): never => {
  throw new Error('nobody asks');
};

const PROCESSES: Readonly<Record<string, DynamicModule>> = {
  ledger: LedgerProcessModule.register({
    ledger: { handler, store, actor, effect, attachments },
    desk,
    treasury: describedTray(handler),
  }),
  query: QueryModule.register({ dataSource, store, progress, clock }),
  projector: MaintenanceModule.register({ dataSource, log: store, retrying: projector, work: new LongWork(), clock }),
};

const apps: NestFastifyApplication[] = [];

async function documentOf(module: DynamicModule): Promise<OpenAPIObject> {
  const logger = createLogger('silent');
  const app = await createHttpApp(module, { logger, health: new HealthChecks(logger), metrics: createMetrics() });
  apps.push(app);
  await app.init();
  return openApiDocument(app);
}

const operationsOf = ({ paths }: OpenAPIObject): string[] =>
  Object.entries(paths)
    .flatMap(([path, item]) => Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`))
    .sort();

let whole: OpenAPIObject;
beforeAll(async () => {
  whole = await describeSystem();
});
afterAll(async () => {
  for (const app of apps) await app.close();
  await store.close();
});

describe('the table of routes', () => {
  it('names for every operation the one process that serves it', async () => {
    const served = new Map<string, string[]>();
    for (const [name, module] of Object.entries(PROCESSES)) {
      for (const operation of operationsOf(await documentOf(module))) {
        served.set(operation, [...(served.get(operation) ?? []), name]);
      }
    }
    const named = operationsOf(whole).map((operation) => {
      const [method = '', path = ''] = operation.split(' ');
      return [operation, [processFor(method, path.replaceAll(/\{(\w+)\}/g, 'X-$1'))]] as const;
    });
    expect([...served].sort(([a], [b]) => (a < b ? -1 : 1))).toEqual(named);
    expect(named.length).toBeGreaterThan(50);
  });

  it.each([
    ['GET', '/api/docs', 'query'],
    ['GET', '/api/docs/swagger-ui.css', 'query'],
    ['GET', '/api/openapi.json', 'query'],
    ['GET', '/readyz', 'query'],
    ['DELETE', '/api/v1/units', 'ledger'],
  ])('sends %s %s to %s', (method, path, name) => expect(processFor(method, path)).toBe(name));
});
