/** The read side as a module: whoever composes it brings the read models, the log and the projector's progress. */
import { Module, type DynamicModule } from '@nestjs/common';
import { BaseFactsController } from './base-facts.controller.js';
import { CarryOverController } from './carry-over.controller.js';
import { CatalogueController } from './catalogue.controller.js';
import { CompareController } from './compare.controller.js';
import { CatalogueReads } from './catalogue-reads.js';
import { ExplanationController } from './explanation.controller.js';
import { FigureExplanationController } from './figure-explanation.controller.js';
import { FormsController } from './forms.controller.js';
import { HistoryController } from './history.controller.js';
import { JournalController } from './journal.controller.js';
import { LinesController } from './lines.controller.js';
import { MonitoringController } from './monitoring.controller.js';
import { OverYearsController } from './over-years.controller.js';
import { Live } from './live.js';
import { LiveController } from './live.controller.js';
import { OverviewController } from './overview.controller.js';
import { PaceController } from './pace.controller.js';
import { ParkedController } from './parked.controller.js';
import { PlanController } from './plan.controller.js';
import { RatesController } from './rates.controller.js';
import { RestatementController } from './restatement.controller.js';
import { ResultsController } from './results.controller.js';
import { SealsController } from './seals.controller.js';
import { SelfEvaluationController } from './self-evaluation.controller.js';
import { SeriesController } from './series.controller.js';
import { Sources, type QueryParts } from './sources.js';
import { PerformanceController } from './performance.controller.js';
import { TableRulesController } from './table-rules.controller.js';
import { TargetExplanationController } from './target-explanation.controller.js';
import { ToldEvents } from './told-events.js';
import { UnitReads } from './unit-reads.js';
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
        FigureExplanationController,
        PerformanceController,
        TargetExplanationController,
        ResultsController,
        BaseFactsController,
        TableRulesController,
        PaceController,
        MonitoringController,
        SelfEvaluationController,
        FormsController,
        JournalController,
        HistoryController,
        SealsController,
        RestatementController,
        SeriesController,
        CarryOverController,
        OverYearsController,
        CompareController,
        LiveController,
      ],
      providers: [
        { provide: Sources, useFactory: () => new Sources(parts) },
        YearReads,
        UnitReads,
        CatalogueReads,
        ToldEvents,
        Live,
      ],
    };
  }
}
