/** Lines that were ever known by a moment, those too that went with their approval: their entries are still told. */
import { firstDayOf } from '#domain/calendar.js';
import { lineDefinitions } from '#read-model/queries/lines.js';
import { unknownLine } from './missing.js';
import type { Place } from './place.js';
import type { YearView } from './year-reads.js';

/** Name of each line by id, as last known at the date asked for, else as first defined. */
export async function linesEver({ opened, at }: YearView): Promise<ReadonlyMap<string, string>> {
  const first = await lineDefinitions(opened, { ...at, asOf: firstDayOf(1000) });
  const last = await lineDefinitions(opened, at);
  return new Map([...first, ...last].map(({ line, name }) => [line, name]));
}

/** An empty list must not say that nothing happened on a line that never was. Throws 404 `UNKNOWN_LINE`. */
export function requireLine(lines: ReadonlyMap<string, string>, line: string, place: Place): void {
  if (!lines.has(line)) throw unknownLine(line, place);
}
