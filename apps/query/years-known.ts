/** Years of a unit as known at one moment, each at its end or, while it runs, on the day of that moment. */
import { closingInForce, type UnitStory } from '#domain/budget/lineage.js';
import { type CivilDate, lastDayOf } from '#domain/calendar.js';
import { reportDateOf, type YearKnown } from '#domain/metrics/over-years.js';
import type { Figure } from '#domain/metrics/quantities.js';
import { closeMarks, takenBack, type OfUnit } from '#read-model/queries/carry-over.js';
import { figures } from '#read-model/queries/figures.js';
import { lineDefinitions } from '#read-model/queries/lines.js';
import type { Snapshot } from '#read-model/queries/snapshot.js';

interface Asked {
  readonly years: readonly number[];
  /** All years that are in the ledger by then: the year before goes into a change. */
  readonly inLedger: readonly number[];
  /** The day of the moment asked about. */
  readonly today: CivilDate;
  readonly story: Pick<UnitStory, 'get'>;
}

export async function yearsKnown(opened: Snapshot, of: OfUnit, asked: Asked): Promise<readonly YearKnown[]> {
  const { years, inLedger, today, story } = asked;
  const atEnd = new Map<number, readonly Figure[]>();
  const figuresAtEnd = async (year: number): Promise<readonly Figure[]> => {
    const sums = atEnd.get(year) ?? (await figures(opened, { ...of, year, asOf: lastDayOf(year) }));
    atEnd.set(year, sums);
    return sums;
  };
  const marks = await closeMarks(opened, of);
  const known: YearKnown[] = [];
  for (const year of years) {
    const asOf = reportDateOf(year, today);
    const lines = await lineDefinitions(opened, { ...of, year, asOf });
    const sums = asOf === lastDayOf(year) ? await figuresAtEnd(year) : await figures(opened, { ...of, year, asOf });
    const prior = inLedger.includes(year - 1) ? { priorYear: await figuresAtEnd(year - 1) } : {};
    const own = story.get(year);
    const closing = closingInForce(own);
    const closed = marks.find((mark) => mark.year === year && mark.revision === closing?.revision);
    known.push({
      picture: { year, asOf, figures: sums, planned: [], ...prior },
      state: own?.state ?? 'open',
      closing,
      takenBackBefore: closed === undefined ? [] : await takenBack(opened, { ...of, year }, { upTo: closed.position }),
      lines,
    });
  }
  return known;
}
