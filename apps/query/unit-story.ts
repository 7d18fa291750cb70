/** What is known of carried-over money in all years of a unit, put together from the read models and a few events of the log. */
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import type { CarryOverRevised, YearClosed } from '#domain/budget/events.js';
import type { CarriedIn, Closing, UnitStory, YearState, YearStory } from '#domain/budget/lineage.js';
import type { Envelope } from '#domain/envelope.js';
import { fen, type Fen } from '#domain/money.js';
import {
  budgetYears,
  carryOverRecords,
  closeMarks,
  lotTransfers,
  type CarryOverRecord,
  type CloseMark,
  type OfUnit,
  type Until,
} from '#read-model/queries/carry-over.js';
import type { HistoryPlace } from '#read-model/queries/history.js';
import type { Snapshot } from '#read-model/queries/snapshot.js';
import { eventsAt } from './log-events.js';
import type { Sources } from './sources.js';

/**
 * Years by number. What came in is known up to the year after `until.year`, of that year itself as it stood on `until.asOf`;
 * closings up to that year; the state of every year.
 */
export async function unitStory(
  opened: Snapshot,
  of: OfUnit,
  { until, store }: { readonly until: Until; readonly store: Sources['store'] },
): Promise<UnitStory> {
  const years = await budgetYears(opened, of);
  const marks = await closeMarks(opened, of);
  const records = await carryOverRecords(opened, of, until);
  const transfers = await lotTransfers(opened, of, until);
  const isWanted = ({ kind, year }: CloseMark) => kind === 'closed' && year <= until.year;
  const events = await eventsByPlace(store, [
    ...marks.filter(isWanted).map((mark) => placeOf(of.unit, mark.year, mark)),
    ...records.flatMap(({ year, entries }) => entries.slice(1).map((entry) => placeOf(of.unit, year, entry))),
  ]);
  const story = (year: number): YearStory => {
    const own = marks.filter((mark) => mark.year === year);
    return {
      year,
      state: stateOf(own),
      closings: own.filter(isWanted).map((mark) => closingOf(of.unit, mark, events)),
      carriedIn: records.filter((record) => record.year === year).map((record) => carriedIn(of.unit, record, events)),
      transfers: transfers.filter((transfer) => transfer.year === year),
    };
  };
  return new Map(years.map((year) => [year, story(year)]));
}

/** State of every year, and of closed ones the closing in force. */
export async function closesOf(
  opened: Snapshot,
  of: OfUnit,
  { years, store }: { readonly years: readonly number[]; readonly store: Sources['store'] },
): Promise<UnitStory> {
  const marks = await closeMarks(opened, of);
  const last = years.map((year) => marks.findLast((mark) => mark.year === year));
  const inForce = last.flatMap((mark) => (mark?.kind === 'closed' ? [mark] : []));
  const events = await eventsByPlace(
    store,
    inForce.map((mark) => placeOf(of.unit, mark.year, mark)),
  );
  const closings = inForce.map((mark) => closingOf(of.unit, mark, events));
  return new Map(
    years.map((year) => {
      const state = stateOf(marks.filter((mark) => mark.year === year));
      const own = closings.filter((closing) => closing.year === year);
      return [year, { year, state, closings: own, carriedIn: [], transfers: [] }];
    }),
  );
}

function stateOf(marks: readonly CloseMark[]): YearState {
  const last = marks.at(-1);
  if (last === undefined) return 'open';
  return last.kind === 'closed' ? 'closed' : 'reopened';
}

const placeOf = (
  unit: string,
  year: number,
  { revision, position }: Pick<HistoryPlace, 'revision' | 'position'>,
): HistoryPlace => ({ stream: budgetStream(unit, year), revision, position });

type EventsByPlace = (place: Pick<HistoryPlace, 'stream' | 'revision'>) => Envelope;

async function eventsByPlace(store: Sources['store'], places: readonly HistoryPlace[]): Promise<EventsByPlace> {
  const ordered = [...places].sort((a, b) => (a.position < b.position ? -1 : 1));
  const found = await eventsAt(store, ordered);
  const events = new Map(found.map((event) => [`${event.stream} ${event.revision}`, event]));
  return ({ stream, revision }) => {
    const event = events.get(`${stream} ${revision}`);
    if (event === undefined) throw new Error(`revision ${revision} of ${stream} was not read`);
    return event;
  };
}

function closingOf(unit: string, mark: CloseMark, events: EventsByPlace): Closing {
  const { year, revision, closure, effectiveDate } = mark;
  const stream = budgetStream(unit, year);
  const event = events({ stream, revision });
  const { lots } = dataOf<YearClosed['data']>(event);
  const booked = { eventId: event.id, effectiveDate, recordedAt: event.recordedAt };
  return { year, stream, revision, closure, ...booked, lots: lots };
}

function carriedIn(unit: string, record: CarryOverRecord, events: EventsByPlace): CarriedIn {
  const { entries, source, ...paper } = record;
  const [first, ...later] = entries;
  let amount: Fen = first.fen;
  const revisions = later.map(({ eventId, effectiveDate, recordedAt, revision, fen: change }) => {
    const data = dataOf<CarryOverRevised['data']>(events({ stream: budgetStream(unit, paper.year), revision }));
    const [fromFen, toFen] = [amount, fen(amount + change)];
    amount = toFen;
    return { eventId, effectiveDate, recordedAt, fromFen, toFen, reason: data.reason, source: data.source };
  });
  const { eventId, effectiveDate, recordedAt } = first;
  const booked = { eventId, effectiveDate, recordedAt, broughtInFen: first.fen };
  return { ...paper, ...booked, source: source ?? undefined, revisions };
}

/** Data of a stored event in its current shape. */
const dataOf = <Data>({ type, version, data }: Envelope): Data => BUDGET.upcast(type, version, data) as Data;

/** Upcasting is the same for every unit and year. */
const BUDGET = budgetDecider('', 0);
