/** What the ledger process serves: writes, imports, what events cause, the treasury's tray, and the log as a file. */
import { Module, type DynamicModule } from '@nestjs/common';
import { LongWork } from '#platform/long-work.js';
import { LedgerModule, type LedgerParts } from './ledger.module.js';
import { LogModule } from './log.module.js';
import type { ProcessDesk } from './process-desk.js';
import { ProcessesModule } from './processes.module.js';
import type { TreasuryDesk } from './treasury-desk.js';
import { TreasuryModule } from './treasury.module.js';

export interface LedgerProcessParts {
  readonly ledger: LedgerParts;
  readonly desk: ProcessDesk;
  readonly treasury: TreasuryDesk;
}

@Module({})
export class LedgerProcessModule {
  static register({ ledger, desk, treasury }: LedgerProcessParts): DynamicModule {
    return {
      module: LedgerProcessModule,
      imports: [
        LedgerModule.register(ledger),
        ProcessesModule.register(desk),
        TreasuryModule.register(treasury),
        LogModule.register({ store: ledger.store, processes: desk, work: new LongWork() }),
      ],
    };
  }
}
