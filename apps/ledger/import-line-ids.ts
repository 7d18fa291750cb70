/**
 * Ids of the lines of a table that prints none: a line that the books have already, opened by a close for what it carried
 * over, keeps its id; the others get the next free one of their kind.
 */
import type { BudgetState, LineState } from '#domain/budget/state.js';
import { lineId } from '#forms/import/expenditure-section.js';
import type { PerformanceTable, TableLine } from '#forms/table.js';

/** `numbered`: ids that were given in printed order and mean nothing in themselves. */
export function withLineIds(
  table: PerformanceTable,
  numbered: ReadonlySet<string>,
  state: BudgetState,
): PerformanceTable {
  if (numbered.size === 0 || state.lines.size === 0) return table;
  const found = linesInBooks(table, numbered, state);
  const ids = idsOf(table, numbered, { state, found });
  const idOf = (line: string): string => ids.get(line) ?? line;
  return {
    ...table,
    lines: table.lines.map((line) => ({
      ...line,
      ...fundOf(line, found.get(line.line), state),
      line: idOf(line.line),
    })),
    ...(table.carryOverByLine && {
      carryOverByLine: table.carryOverByLine.map((share) => ({ ...share, line: idOf(share.line) })),
    }),
  };
}

/** By printed id: the line of the books that the row is. Rows and lines of one name are paired in their order. */
function linesInBooks(
  { lines }: PerformanceTable,
  numbered: ReadonlySet<string>,
  state: BudgetState,
): ReadonlyMap<string, string> {
  const candidates = candidatesOf(state);
  const taken = new Set(lines.filter(({ line }) => !numbered.has(line)).map(({ line }) => line));
  const found = new Map<string, string>();
  for (const row of lines) {
    if (!numbered.has(row.line)) continue;
    const same = candidates.filter(([id, line]) => !taken.has(id) && isRow(line, row));
    const [first] = same;
    // Without the fund, namesakes of different funds cannot be told apart.
    if (first === undefined || new Set(same.map(([, { fund }]) => fund)).size > 1) continue;
    taken.add(first[0]);
    found.set(row.line, first[0]);
  }
  return found;
}

/** Once the budget is approved its lines are those of the file, and those opened since are not. */
function candidatesOf({ approval, lines }: BudgetState): (readonly [string, LineState])[] {
  const ids = approval === undefined ? [...lines.keys()] : (approval.content?.lines ?? []).map(({ line }) => line);
  return ids.flatMap((id) => {
    const line = lines.get(id);
    return line?.live ? [[id, line] as const] : [];
  });
}

const isRow = (line: LineState, { name, expenditure, fund }: TableLine): boolean =>
  line.name === name && line.expenditure === expenditure && (fund === undefined || line.fund === fund);

function idsOf(
  { lines }: PerformanceTable,
  numbered: ReadonlySet<string>,
  { state, found }: { readonly state: BudgetState; readonly found: ReadonlyMap<string, string> },
): ReadonlyMap<string, string> {
  const live = [...state.lines].filter(([, line]) => line.live).map(([id]) => id);
  const named = lines.filter(({ line }) => !numbered.has(line)).map(({ line }) => line);
  const taken = new Set([...found.values(), ...named, ...(state.approval === undefined ? live : [])]);
  const ids = new Map(found);
  for (const { line, expenditure } of lines) {
    if (!numbered.has(line) || ids.has(line)) continue;
    const id = taken.has(line) ? freeId(expenditure === 'basic' ? 'B' : 'P', lines.length, taken) : line;
    taken.add(id);
    ids.set(line, id);
  }
  return ids;
}

/** Above the numbers of the table itself. */
function freeId(letter: 'B' | 'P', rows: number, taken: ReadonlySet<string>): string {
  for (let number = rows + 1; ; number += 1) {
    const id = lineId(letter, number);
    if (!taken.has(id)) return id;
  }
}

/** The form does not print the fund of a line; a line with last year's money has one in the books. */
function fundOf(
  { fund }: TableLine,
  found: string | undefined,
  { approval, lines }: BudgetState,
): Pick<TableLine, 'fund' | 'fundBasis'> {
  const known = found === undefined || approval !== undefined ? undefined : lines.get(found);
  return fund !== undefined || known === undefined ? {} : { fund: known.fund, fundBasis: 'confirmed' };
}
