/** The published table of the land reserve centre as it was booked: unit, approved budget, targets. */
import { coherence } from '#domain/metrics/coherence.js';
import type { Indicator } from '#domain/performance/events.js';
import { parseJsonForm } from '#forms/import/json-form.js';
import { toPlan, type Plan } from '#forms/plan.js';
import type { Reading } from '#forms/findings.js';
import type { PerformanceTable } from '#forms/table.js';
import { inBudget, inDirectory, inTargets, type Entry, type LocalTime } from './bookkeeper.js';

export const SUZHOU = 'U0001';
export const YEAR = 2024;
export const SUZHOU_NAME = '苏州市土地储备中心';

/** Unit, budget and targets on the first working day of the year, from the table as JSON. Throws when it has a problem. */
export const suzhouPlan = (form: Uint8Array): Entry[] =>
  tableEntries(SUZHOU, contentOf(parseJsonForm(form)), [
    '2024-01-02T09:05:12.340',
    '2024-01-02T09:20:41.018',
    '2024-01-02T09:31:07.655',
  ]);

/** A table as it is booked: the unit, its approved budget, its targets, each with the time at which it is recorded. */
export function tableEntries(
  unit: string,
  table: PerformanceTable,
  recorded: [LocalTime, LocalTime, LocalTime],
): Entry[] {
  const { year, unitName: name } = table;
  const plan = contentOf(toPlan(table));
  const { effectiveDate, dateAssumed } = plan.approveBudget;
  return [
    inDirectory(recorded[0], { type: 'RegisterUnit', unit, name, validFrom: effectiveDate }),
    inBudget(unit, year)(recorded[1], plan.approveBudget),
    inTargets(unit, year)(recorded[2], {
      type: 'ApproveTargets',
      effectiveDate,
      indicators: withScopes(table, plan),
      ...(dateAssumed ? { dateAssumed } : {}),
    }),
  ];
}

/** Each ratio target in the scope that the table's own plan says it means (rule book 1.5). */
function withScopes({ year }: PerformanceTable, { approveBudget, indicators }: Plan): readonly Indicator[] {
  const proposals = new Map(
    coherence(year, approveBudget.lines, indicators).map(({ indicator, proposedScope }) => [indicator, proposedScope]),
  );
  return indicators.map((indicator) => {
    const scope = indicator.scope === undefined ? proposals.get(indicator.indicator) : undefined;
    return scope === undefined ? indicator : { ...indicator, scope, scopeBasis: 'inferred' };
  });
}

/** What was read. Throws with all problems when there are any. */
export function contentOf<Content>({ content, problems }: Reading<Content>): Content {
  if (content === undefined) throw new Error(`the table: ${JSON.stringify(problems)}`);
  return content;
}
