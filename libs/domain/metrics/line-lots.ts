/** Lots of lines from sums of money effects. */
import { type Lot, lotsOf } from '#domain/budget/lots.js';
import { ALL, type Figure, quantities } from '#domain/metrics/quantities.js';

/** Lots, oldest first, of every line whose figures name an origin year: most lines brought nothing forward. */
export function lotsByLine(figures: readonly Figure[], year: number): ReadonlyMap<string, readonly Lot[]> {
  const lines = new Map<string, Figure[]>();
  for (const figure of figures) {
    const line = lines.get(figure.line);
    if (line) line.push(figure);
    else lines.set(figure.line, [figure]);
  }
  const withLots = [...lines].filter(([, own]) => own.some(({ originYear }) => originYear !== undefined));
  return new Map(withLots.map(([line, own]) => [line, lotsOfLine(own, year)]));
}

function lotsOfLine(figures: readonly Figure[], year: number): readonly Lot[] {
  const totals = (some: readonly Figure[]) => {
    const { current, paid, takenBack } = quantities({ figures: some, planned: [] }, ALL);
    return { budget: current, paid, takenBack };
  };
  const years = new Set(figures.flatMap(({ originYear }) => originYear ?? []));
  const byOrigin = new Map([...years].map((y) => [y, totals(figures.filter(({ originYear }) => originYear === y))]));
  return lotsOf({ year, ...totals(figures), byOrigin });
}
