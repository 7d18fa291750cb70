/** The read side as a module: whoever composes it brings the read models, the log and the projector's progress. */
import { Module, type DynamicModule } from '@nestjs/common';
import { CatalogueController } from './catalogue.controller.js';
import { ExplanationController } from './explanation.controller.js';
import { HistoryController } from './history.controller.js';
import { JournalController } from './journal.controller.js';
import { LinesController } from './lines.controller.js';
import { OverviewController } from './overview.controller.js';
import { ParkedController } from './parked.controller.js';
import { PlanController } from './plan.controller.js';
import { RatesController } from './rates.controller.js';
import { Sources, type QueryParts } from './sources.js';
import { PerformanceController } from './performance.controller.js';
import { YearReads } from './year-reads.js';

@Module({})
export class QueryModule {
  static register(parts: QueryParts): DynamicModule {
    return {
      module: QueryModule,
      controllers: [
        CatalogueController,
        ParkedController,
        OverviewController,
        LinesController,
        PlanController,
        RatesController,
        ExplanationController,
        PerformanceController,
        JournalController,
        HistoryController,
      ],
      providers: [{ provide: Sources, useFactory: () => new Sources(parts) }, YearReads],
    };
  }
}
