/** Maintenance of the read models as a module: whoever composes it brings them, the log, and who can retry a stream. */
import { Module, type DynamicModule } from '@nestjs/common';
import { MaintenanceController } from './maintenance.controller.js';
import { Maintenance, type MaintenanceParts } from './maintenance.js';
import { ParkingController } from './parking.controller.js';
import { Parking, type Retrying } from './parking.js';

export interface MaintenanceModuleParts extends MaintenanceParts {
  readonly retrying: Retrying;
  /** UTC ms. */
  readonly clock: () => number;
}

@Module({})
export class MaintenanceModule {
  static register({ retrying, clock, ...parts }: MaintenanceModuleParts): DynamicModule {
    return {
      module: MaintenanceModule,
      controllers: [MaintenanceController, ParkingController],
      providers: [
        { provide: Maintenance, useFactory: () => new Maintenance(parts) },
        { provide: Parking, useFactory: () => new Parking({ dataSource: parts.dataSource, retrying, clock }) },
      ],
    };
  }
}
