/** All tables of the read models, with their columns as the entities describe them. */
import type { DataSource } from 'typeorm';
import { UnitChange } from '#read-model/entities/directory.js';
import { BudgetLine, LineDefinition, PlanRow } from '#read-model/entities/lines.js';
import { Account, DayBalance, Journal } from '#read-model/entities/money.js';
import {
  Adjustment,
  CarryOver,
  Freeze,
  Payment,
  PaymentRequest,
  PaymentReturn,
  TakeBack,
} from '#read-model/entities/papers.js';
import { PerformanceEntry } from '#read-model/entities/performance.js';
import { LogClock, Parked, ProjectionPosition, StreamPosition } from '#read-model/entities/progress.js';
import { Mention, Milestone } from '#read-model/entities/story.js';
import type { PaperKind, PaperRows } from '#read-model/projections/changes.js';
import { tableOf, type Entity, type Table } from '#read-model/projections/tables.js';

export interface ReadTables {
  readonly account: Table<Account>;
  readonly journal: Table<Journal>;
  readonly dayBalance: Table<DayBalance>;
  readonly budgetLine: Table<BudgetLine>;
  readonly definition: Table<LineDefinition>;
  readonly plan: Table<PlanRow>;
  readonly papers: { readonly [Kind in PaperKind]: Table<PaperRows[Kind]> };
  readonly milestone: Table<Milestone>;
  readonly mention: Table<Mention>;
  readonly performance: Table<PerformanceEntry>;
  readonly unitChange: Table<UnitChange>;
  readonly logClock: Table<LogClock>;
  readonly projectionPosition: Table<ProjectionPosition>;
  readonly streamPosition: Table<StreamPosition>;
  readonly parked: Table<Parked>;
}

export function readTables(dataSource: DataSource): ReadTables {
  const of = <Row>(entity: Entity<Row>): Table<Row> => tableOf(dataSource, entity);
  return {
    account: of(Account),
    journal: of(Journal),
    dayBalance: of(DayBalance),
    budgetLine: of(BudgetLine),
    definition: of(LineDefinition),
    plan: of(PlanRow),
    papers: {
      vouchers: of(Payment),
      returns: of(PaymentReturn),
      requests: of(PaymentRequest),
      freezes: of(Freeze),
      adjustments: of(Adjustment),
      carryOvers: of(CarryOver),
      takeBacks: of(TakeBack),
    },
    milestone: of(Milestone),
    mention: of(Mention),
    performance: of(PerformanceEntry),
    unitChange: of(UnitChange),
    logClock: of(LogClock),
    projectionPosition: of(ProjectionPosition),
    streamPosition: of(StreamPosition),
    parked: of(Parked),
  };
}

/** The tables in no particular order, for what is done to all of them. */
export const allTables = ({ papers, ...others }: ReadTables): readonly Table<unknown>[] => [
  ...Object.values<Table<unknown>>(others),
  ...Object.values<Table<unknown>>(papers),
];
