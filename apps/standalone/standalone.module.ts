/** The write side, the read side and maintenance as one application. */
import { Module, type DynamicModule } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Actor } from '#domain/envelope.js';
import type { Handler } from '#event-store/handler.js';
import type { EventStore } from '#event-store/port.js';
import { LongWork } from '#platform/long-work.js';
import type { Projector } from '#read-model/projections/projector.js';
import type { Attachments } from '../ledger/attachments.js';
import { dryRunEffect } from '../ledger/dry-run.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { LogModule } from '../ledger/log.module.js';
import type { ProcessDesk } from '../ledger/process-desk.js';
import { ProcessesModule } from '../ledger/processes.module.js';
import { MaintenanceModule } from '../projector/maintenance.module.js';
import { QueryModule } from '../query/query.module.js';

export interface StandaloneParts {
  readonly store: EventStore;
  readonly handler: Handler;
  readonly dataSource: DataSource;
  readonly projector: Projector;
  readonly processes: ProcessDesk;
  readonly attachments: Attachments;
  readonly actor: Actor;
  /** UTC ms. */
  readonly clock: () => number;
}

@Module({})
export class StandaloneModule {
  static register(parts: StandaloneParts): DynamicModule {
    const { store, handler, dataSource, projector, processes, attachments, actor, clock } = parts;
    const work = new LongWork();
    return {
      module: StandaloneModule,
      imports: [
        QueryModule.register({ dataSource, store, progress: projector.progress, clock }),
        LedgerModule.register({
          handler,
          store,
          actor,
          attachments,
          effect: dryRunEffect({ dataSource, handler, store, progress: projector.progress }),
        }),
        ProcessesModule.register(processes),
        MaintenanceModule.register({ dataSource, log: store, retrying: projector, work, clock }),
        LogModule.register({ store, processes, work }),
      ],
    };
  }
}
