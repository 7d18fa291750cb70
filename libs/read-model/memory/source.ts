/** What earlier batches left in the read models in memory: the questions of `projections/source.ts`, asked of rows. */
import type { Effect } from '#domain/budget/effects.js';
import type { Account, Journal } from '#read-model/entities/money.js';
import type { MemoryTables } from '#read-model/memory/read-models.js';
import { accountKey, facetOf } from '#read-model/projections/accounts.js';
import type { PaperKind, PaperRows } from '#read-model/projections/changes.js';
import { emptyLedger, lineState, type Ledger } from '#read-model/projections/ledger.js';
import { PAPERS } from '#read-model/projections/paper-entries.js';
import { enterPaper } from '#read-model/projections/papers.js';
import type { Source } from '#read-model/projections/source.js';

const MOVEMENTS: ReadonlySet<string> = new Set(['added', 'cut', 'transferred-in', 'transferred-out']);

export function memorySource(tables: MemoryTables): Source {
  const loadPapers = <Kind extends PaperKind>(ledger: Ledger, kind: Kind, ids: ReadonlySet<string> | 'all'): void => {
    const { unit, year } = ledger;
    // The latest booking of a number: it was entered last and is the one that stays.
    const latest = new Map<string, PaperRows[Kind]>();
    for (const row of tables.papers[kind].of(unit, year) as Iterable<PaperRows[Kind]>) {
      const id = String(row[PAPERS[kind].id]);
      if (ids === 'all' || ids.has(id)) latest.set(id, structuredClone(row));
    }
    for (const row of latest.values()) {
      const movements = kind === 'adjustments' ? movementsOf(row as PaperRows['adjustments']) : [];
      enterPaper(ledger, kind, row, movements);
    }
  };
  const movementsOf = ({ unit, year, adjustmentId, position, lastPosition }: PaperRows['adjustments']): Effect[] =>
    effects(unit, year, (row, { kind }) => {
      const within = row.position >= position && row.position <= lastPosition;
      return within && row.ref === adjustmentId && MOVEMENTS.has(kind);
    });
  const effects = (unit: string, year: number, which: (row: Journal, account: Account) => boolean): Effect[] => {
    const accounts = new Map([...tables.account.of(unit, year)].map((account) => [account.account, account]));
    return [...tables.journal.of(unit, year)].flatMap((row) => {
      const account = accounts.get(row.account);
      if (account === undefined) throw new Error(`an entry names account ${row.account}, which is not there`);
      return which(row, account) ? [effectOf(row, account)] : [];
    });
  };
  return {
    heads: async (streams) => streams.flatMap((stream) => tables.streamPosition.find({ stream }) ?? []),
    parked: async () => [...tables.parked.all()],
    enterPapers: async (ledger, kind, ids) => loadPapers(ledger, kind, ids),
    async ledger(stream, unit, year) {
      const ledger = emptyLedger(stream, unit, year);
      for (const line of tables.budgetLine.of(unit, year)) {
        ledger.state.lines.set(line.line, lineState(structuredClone(line)));
      }
      for (const account of tables.account.of(unit, year)) ledger.accounts.set(accountKey(account), { ...account });
      const approval = [...tables.milestone.of(unit, year)]
        .filter(({ kind }) => kind === 'approved' || kind === 'withdrawn')
        .at(-1);
      if (approval?.kind !== 'approved') return ledger;
      // An approval's lines follow it at once, so its plans end where its amounts end.
      const end = [...tables.plan.of(unit, year)].filter(({ kind }) => kind === 'approved').at(-1)?.position ?? -1n;
      const amounts = effects(
        unit,
        year,
        (row, { kind }) => kind === 'original' && row.position > approval.position && row.position <= end,
      );
      ledger.state.approval = { on: approval.effectiveDate, effects: amounts };
      return ledger;
    },
    async timesAt(positions) {
      const clock = [...tables.logClock.all()].sort((a, b) => b.recordedAt - a.recordedAt);
      return positions.map((position) => clock.find((row) => row.firstPosition <= position)?.recordedAt ?? 0);
    },
  };
}

function effectOf({ fen, counterLine, ref }: Journal, account: Account): Effect {
  const facet = facetOf(account.facet);
  const { line, kind, economic, originYear } = account;
  return {
    line,
    kind,
    fen,
    economic,
    ...(facet === undefined ? {} : { facet }),
    ...(originYear === null ? {} : { originYear }),
    ...(counterLine === null ? {} : { counterLine }),
    ...(ref === null ? {} : { ref }),
  };
}
