/** Ledgers kept between batches. */
import { LRUCache } from 'lru-cache';
import { ledgerSize, tidyPapers, type Ledger } from '#read-model/projections/ledger.js';

export interface Ledgers {
  get(stream: string): Ledger | undefined;
  keep(ledger: Ledger): void;
  clear(): void;
}

/** Lines, accounts and papers of all budgets together; a few hundred bytes each. */
const KEPT = 300_000;

/** The budgets that moved last. What is let go is loaded again. */
export function recentLedgers(): Ledgers {
  const cache = new LRUCache<string, Ledger>({ maxSize: KEPT, sizeCalculation: ledgerSize });
  return {
    get: (stream) => cache.get(stream),
    keep(ledger) {
      tidyPapers(ledger);
      cache.set(ledger.stream, ledger);
    },
    clear: () => cache.clear(),
  };
}

/** Every ledger whole, for a fold that loads nothing. */
export function wholeLedgers(): Ledgers {
  const ledgers = new Map<string, Ledger>();
  return {
    get: (stream) => ledgers.get(stream),
    keep: (ledger) => void ledgers.set(ledger.stream, ledger),
    clear: () => ledgers.clear(),
  };
}
