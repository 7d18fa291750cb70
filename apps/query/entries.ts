/** Journal rows as answers show them, and their place in a cursor. */
import { parseCivilDate } from '#domain/calendar.js';
import { formatYuan } from '#domain/money.js';
import type { JournalEntry, JournalPage, JournalPlace } from '#read-model/queries/journal.js';
import { damagedCursor, type Cursor } from './cursor.js';
import type { Moment } from './freshness.js';
import type { EntryDto } from './journal.dto.js';
import type { Paging } from './page.js';

/** Values that name the place of an entry: date, position, place in the event. */
export const ENTRY_PLACES = 3;

export const entryDto = (entry: JournalEntry): EntryDto => ({
  eventId: entry.eventId,
  position: String(entry.position),
  revision: entry.revision,
  kind: entry.kind,
  line: entry.line,
  ...(entry.counterLine === undefined ? {} : { counterLine: entry.counterLine }),
  ...(entry.ref === undefined ? {} : { ref: entry.ref }),
  effectiveDate: entry.effectiveDate,
  ...(entry.belongsTo === undefined ? {} : { belongsTo: entry.belongsTo }),
  recordedAt: new Date(entry.recordedAt).toISOString(),
  amount: formatYuan(entry.fen),
  ...(entry.economic === '' ? {} : { economic: entry.economic }),
  ...(entry.originYear === undefined ? {} : { originYear: entry.originYear }),
  ...(entry.payee === undefined ? {} : { payee: { name: entry.payee } }),
  ...(entry.document === undefined ? {} : { document: { number: entry.document } }),
  actor: entry.actor,
});

/** One page with the cursor for the next. */
export function entriesOf(
  { entries, more }: JournalPage,
  { next }: Paging,
  { position }: Moment,
): { readonly entries: readonly EntryDto[]; readonly next?: string } {
  const last = entries.at(-1);
  const following = more && last !== undefined ? { next: next(position, placeOf(last)) } : {};
  return { entries: entries.map(entryDto), ...following };
}

const placeOf = ({ effectiveDate, position, seq }: JournalEntry): Cursor['after'] => [
  effectiveDate,
  String(position),
  seq,
];

/** The place that a cursor names. Throws 400 for values that are no place. */
export function journalPlace([date, position, seq]: Cursor['after']): JournalPlace {
  const effectiveDate = parseCivilDate(String(date));
  if (effectiveDate === undefined || typeof seq !== 'number' || !/^\d{1,18}$/.test(String(position))) {
    throw damagedCursor();
  }
  return { effectiveDate, position: BigInt(String(position)), seq };
}
