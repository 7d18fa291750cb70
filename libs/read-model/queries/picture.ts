/** All that the formulas may look at, read in one go. */
import { lastDayOf } from '#domain/calendar.js';
import { plannedOn, type Plan } from '#domain/metrics/planned.js';
import { lineQuantities, type Figure, type Picture } from '#domain/metrics/quantities.js';
import { ZERO } from '#domain/money.js';
import { rowsOf, type At } from './at.js';
import { reading, type ReadFrom } from './snapshot.js';
import { figures } from './figures.js';
import { lineDefinitions, plansByLine, type LineAsKnown } from './lines.js';

/** What a picture is made of; a trial adds to it what it would book. */
export interface PictureInputs {
  readonly at: At;
  readonly lines: readonly LineAsKnown[];
  readonly plans: ReadonlyMap<string, readonly Plan[]>;
  readonly figures: readonly Figure[];
  /** Absent when the year before is not in the ledger. */
  readonly priorYear?: readonly Figure[];
}

export const pictureInputs = (from: ReadFrom, at: At): Promise<PictureInputs> =>
  reading(from, async (snapshot) => {
    const before: At = { ...at, year: at.year - 1, asOf: lastDayOf(at.year - 1) };
    const lines = await lineDefinitions(snapshot, at);
    const plans = await plansByLine(snapshot, at);
    const sums = await figures(snapshot, at);
    const prior = await priorFigures(snapshot, before);
    return { at, lines, plans, figures: sums, ...(prior === undefined ? {} : { priorYear: prior }) };
  });

async function priorFigures(from: ReadFrom, before: At): Promise<readonly Figure[] | undefined> {
  const [known] = await rowsOf(
    from,
    'SELECT 1 FROM line_definition WHERE unit = $1 AND year = $2 AND position <= $3 LIMIT 1',
    [before.unit, before.year, String(before.knownAt ?? 2n ** 63n - 1n)],
  );
  return known === undefined ? undefined : figures(from, before);
}

/** P(t) of each line is worked out on its B(asOf); a line without any plan is planned evenly over the year. */
export function pictureOf({ at, lines, plans, figures: sums, priorYear }: PictureInputs): Picture {
  const quantities = lineQuantities({ figures: sums, planned: [] });
  const plannedOf = plannedOn(at.year, at.asOf);
  const planned = lines.map(({ line, fund, expenditure }) => {
    const toDate = plannedOf(plans.get(line) ?? [], quantities.get(line)?.current ?? ZERO);
    return { line, fund, expenditure, ...toDate };
  });
  return { year: at.year, asOf: at.asOf, figures: sums, planned, ...(priorYear === undefined ? {} : { priorYear }) };
}

export const picture = async (from: ReadFrom, at: At): Promise<Picture> => pictureOf(await pictureInputs(from, at));
