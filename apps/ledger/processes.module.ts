/** The process manager's desk as a module: whoever composes it brings the runner and what it keeps. */
import { Module, type DynamicModule } from '@nestjs/common';
import { ProcessDesk } from './process-desk.js';
import { ProcessesController } from './processes.controller.js';

@Module({})
export class ProcessesModule {
  static register(desk: ProcessDesk): DynamicModule {
    return {
      module: ProcessesModule,
      controllers: [ProcessesController],
      providers: [{ provide: ProcessDesk, useValue: desk }],
    };
  }
}
