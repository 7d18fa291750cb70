/** What the ledger process serves: writes, imports, what events cause, and the log as a file. */
import { Module, type DynamicModule } from '@nestjs/common';
import { LongWork } from '#platform/long-work.js';
import { LedgerModule, type LedgerParts } from './ledger.module.js';
import { LogModule } from './log.module.js';
import type { ProcessDesk } from './process-desk.js';
import { ProcessesModule } from './processes.module.js';

export interface LedgerProcessParts {
  readonly ledger: LedgerParts;
  readonly desk: ProcessDesk;
}

@Module({})
export class LedgerProcessModule {
  static register({ ledger, desk }: LedgerProcessParts): DynamicModule {
    return {
      module: LedgerProcessModule,
      imports: [
        LedgerModule.register(ledger),
        ProcessesModule.register(desk),
        LogModule.register({ store: ledger.store, processes: desk, work: new LongWork() }),
      ],
    };
  }
}
