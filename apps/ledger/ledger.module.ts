/** The write side as a module: whoever composes it brings the handler, the log and the name that acts. */
import { Module, type DynamicModule } from '@nestjs/common';
import type { Actor } from '#domain/envelope.js';
import type { Handler } from '#event-store/handler.js';
import type { EventStore } from '#event-store/port.js';
import { ATTACHMENTS, AttachmentsController } from './attachments.controller.js';
import type { Attachments } from './attachments.js';
import { BudgetController } from './budget.controller.js';
import { Closing } from './closing.js';
import type { DryRunEffect } from './dry-run.js';
import { Imports } from './imports.js';
import { ImportsController } from './imports.controller.js';
import { MonitoringController } from './monitoring.controller.js';
import { Recording } from './recording.js';
import { ResultsController } from './results.controller.js';
import { Sealing } from './sealing.js';
import { SelfEvaluationController } from './self-evaluation.controller.js';
import type { Uploads } from './shared-uploads.js';
import { Submitting } from './submitting.js';
import { TableWriting } from './table-writing.js';
import { TargetsController } from './targets.controller.js';
import { UnitsController } from './units.controller.js';

export interface LedgerParts {
  readonly handler: Handler;
  readonly store: EventStore;
  readonly actor: Actor;
  readonly effect: DryRunEffect;
  readonly attachments: Attachments;
  /** Where several ledgers share the files that were previewed. */
  readonly uploads?: Uploads;
}

@Module({})
export class LedgerModule {
  static register({ handler, store, actor, effect, attachments, uploads }: LedgerParts): DynamicModule {
    return {
      module: LedgerModule,
      controllers: [
        BudgetController,
        TargetsController,
        ResultsController,
        MonitoringController,
        SelfEvaluationController,
        UnitsController,
        ImportsController,
        AttachmentsController,
      ],
      providers: [
        { provide: ATTACHMENTS, useValue: attachments },
        { provide: Recording, useFactory: () => new Recording(handler, actor, effect, attachments) },
        {
          provide: Sealing,
          useFactory: (recording: Recording) => new Sealing(recording, handler, store),
          inject: [Recording],
        },
        {
          provide: TableWriting,
          useFactory: (recording: Recording) => new TableWriting(recording, handler),
          inject: [Recording],
        },
        {
          provide: Submitting,
          useFactory: (recording: Recording) => new Submitting(recording, handler, store),
          inject: [Recording],
        },
        {
          provide: Closing,
          useFactory: (recording: Recording) => new Closing(recording, handler),
          inject: [Recording],
        },
        {
          provide: Imports,
          useFactory: (recording: Recording) => new Imports(handler, recording, store, uploads),
          inject: [Recording],
        },
      ],
    };
  }
}
