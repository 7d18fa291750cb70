/** Export and import of the log as a module: whoever composes it brings the log and what must pause meanwhile. */
import { Module, type DynamicModule } from '@nestjs/common';
import { LogController } from './log.controller.js';
import { LogFile, type LogFileParts } from './log-file.js';

@Module({})
export class LogModule {
  static register(parts: LogFileParts): DynamicModule {
    return {
      module: LogModule,
      controllers: [LogController],
      providers: [{ provide: LogFile, useFactory: () => new LogFile(parts) }],
    };
  }
}
