/** The treasury's tray as a module: whoever composes it brings the desk. */
import { Module, type DynamicModule } from '@nestjs/common';
import { TreasuryDesk } from './treasury-desk.js';
import { TreasuryController } from './treasury.controller.js';

@Module({})
export class TreasuryModule {
  static register(desk: TreasuryDesk): DynamicModule {
    return {
      module: TreasuryModule,
      controllers: [TreasuryController],
      providers: [{ provide: TreasuryDesk, useValue: desk }],
    };
  }
}
