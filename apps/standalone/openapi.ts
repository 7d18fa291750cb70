/** The description of the whole API, made of the controllers without anything that they would ask. */
import { Module } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { createHandler, type Handler } from '#event-store/handler.js';
import { createMemoryStore } from '#event-store/memory.js';
import { createMemoryProcessStore } from '#event-store/process/memory.js';
import { HealthChecks } from '#platform/health.js';
import { createHttpApp } from '#platform/http.js';
import { createLogger } from '#platform/logging.js';
import { createMetrics } from '#platform/metrics.js';
import { openApiDocument } from '#platform/openapi.js';
import { createReadDataSource } from '#read-model/data-source.js';
import type { Projector } from '#read-model/projections/projector.js';
import { Progress } from '#read-model/projections/progress.js';
import { createAttachments } from '../ledger/attachments.js';
import { ProcessDesk } from '../ledger/process-desk.js';
import { NoticeBooking } from '../ledger/treasury-booking.js';
import { TreasuryDesk } from '../ledger/treasury-desk.js';
import { createTray } from '../ledger/treasury-tray.js';
import { TreasuryModule } from '../ledger/treasury.module.js';
import { StandaloneModule, type StandaloneParts } from './standalone.module.js';

/** The treasury's tray, which only a ledger beside a broker has. */
export function describedTray(handler: Handler): TreasuryDesk {
  const tray = createTray({ url: 'postgres://nowhere', onError: unasked });
  const booking = new NoticeBooking(handler, unasked);
  return new TreasuryDesk({ tray, booking, by: 'nobody', logger: createLogger('silent'), clock: Date.now });
}

/** Parts of a system that is described and never asked: it needs no database. */
export function describedParts(): StandaloneParts {
  const store = createMemoryStore();
  const dataSource = createReadDataSource('postgres://nowhere');
  const progress = new Progress(dataSource);
  const projector: Projector = {
    position: 'start',
    place: { position: 0n, opaque: 'start', recordedAt: 0 },
    progress,
    handle: unasked,
    doubt: unasked,
    retryParked: unasked,
  };
  const answering = { through: unasked, waitFor: unasked, retry: unasked, pausedDuring: unasked };
  return {
    store,
    handler: createHandler({ store }),
    dataSource,
    projector,
    processes: new ProcessDesk(answering, createMemoryProcessStore(), store),
    attachments: createAttachments({ url: 'postgres://nowhere', onError: unasked }),
    actor: { id: 'nobody' },
    clock: Date.now,
  };
}

const unasked = (): never => {
  throw new Error('a system that is only described was asked');
};

@Module({})
class Described {}

export async function describeSystem(): Promise<OpenAPIObject> {
  const logger = createLogger('silent');
  const options = { logger, health: new HealthChecks(logger), metrics: createMetrics() };
  const parts = describedParts();
  const module = {
    module: Described,
    imports: [StandaloneModule.register(parts), TreasuryModule.register(describedTray(parts.handler))],
  };
  const app = await createHttpApp(module, options);
  try {
    await app.init();
    return openApiDocument(app);
  } finally {
    await app.close();
  }
}
