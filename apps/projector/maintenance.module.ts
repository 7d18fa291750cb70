/** Maintenance of the read models as a module: whoever composes it brings them, the log, and who can retry a stream. */
import { Module, type DynamicModule } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { LongWork } from '#platform/long-work.js';
import type { LogReader } from '#read-model/projections/log-reader.js';
import { MaintenanceController } from './maintenance.controller.js';
import { Maintenance } from './maintenance.js';
import { ParkingController } from './parking.controller.js';
import { Parking, type Retrying } from './parking.js';

export interface MaintenanceParts {
  readonly dataSource: DataSource;
  readonly log: LogReader;
  readonly retrying: Retrying;
  readonly work: LongWork;
  /** UTC ms. */
  readonly clock: () => number;
}

@Module({})
export class MaintenanceModule {
  static register({ dataSource, log, retrying, work, clock }: MaintenanceParts): DynamicModule {
    return {
      module: MaintenanceModule,
      controllers: [MaintenanceController, ParkingController],
      providers: [
        { provide: Maintenance, useFactory: () => new Maintenance(log, dataSource, work) },
        { provide: Parking, useFactory: () => new Parking({ dataSource, retrying, clock }) },
      ],
    };
  }
}
