/** Columns of CSV output of a comparison. Programs read them: names and order stay, new ones are added at the end. */
import { nameOf } from './bodies.js';
import type { CompareBody, MovedBody, RateChangeBody } from './compare-bodies.js';
import { figure, text, type CsvColumn } from './csv.js';

/** One figure that moved: of the totals, of a line, or a rate. */
export interface MovedFigure {
  readonly of: 'total' | 'line' | 'rate';
  readonly id: string;
  readonly name: string;
  readonly figure: string;
  readonly funds: string;
  readonly expenditure: string;
  readonly a: string | undefined;
  readonly b: string | undefined;
  readonly change: string | undefined;
  readonly verdictA: string | undefined;
  readonly verdictB: string | undefined;
}

export const CHANGE_COLUMNS: readonly CsvColumn<MovedFigure>[] = [
  text('of', ({ of }) => of),
  text('id', ({ id }) => id),
  text('name', ({ name }) => name),
  text('figure', (row) => row.figure),
  text('funds', ({ funds }) => funds),
  text('expenditure', ({ expenditure }) => expenditure),
  figure('a', ({ a }) => a),
  figure('b', ({ b }) => b),
  figure('change', ({ change }) => change),
  text('verdictA', ({ verdictA }) => verdictA),
  text('verdictB', ({ verdictB }) => verdictB),
];

const unjudged = { verdictA: undefined, verdictB: undefined };

/** Totals, lines and rates that differ; rates in per cent, their change in percentage points. */
export function movedFigures({ totals, lines, rates, scope }: CompareBody): readonly MovedFigure[] {
  const within = { funds: fundsOf(scope), expenditure: scope?.expenditure ?? 'all' };
  return [
    ...totals.changes.map((change) => ({ of: 'total' as const, id: '', name: '', ...within, ...unjudged, ...change })),
    ...lines.flatMap(({ line, name, changes }) =>
      changes.map((change) => ({ of: 'line' as const, id: line, name, ...within, ...unjudged, ...change })),
    ),
    ...rates.filter(({ moved }) => moved).map(movedRate),
  ];
}

const movedRate = ({ metric, name, scope, a, b, change }: RateChangeBody): MovedFigure => ({
  of: 'rate',
  id: metric,
  name: name.zh,
  figure: 'percent',
  funds: fundsOf(scope),
  expenditure: scope.expenditure,
  a: a?.percent ?? undefined,
  b: b?.percent ?? undefined,
  change,
  verdictA: a?.verdict,
  verdictB: b?.verdict,
});

const fundsOf = (scope: CompareBody['scope']): string =>
  scope === undefined || scope.funds === 'all' ? 'all' : scope.funds.join('+');

/** One effect of an event between the moments; an event without money has one row. */
export type MovedEffect = MovedBody & Partial<MovedBody['effects'][number]>;

export const movedEffects = ({ entries }: CompareBody): readonly MovedEffect[] =>
  entries.flatMap((entry) =>
    entry.effects.length === 0 ? [entry] : entry.effects.map((effect) => ({ ...entry, ...effect })),
  );

export const MOVED_COLUMNS: readonly CsvColumn<MovedEffect>[] = [
  figure('position', ({ position }) => position),
  figure('revision', ({ revision }) => revision),
  figure('effectiveDate', ({ effectiveDate }) => effectiveDate),
  figure('belongsTo', ({ belongsTo }) => belongsTo),
  figure('recordedAt', ({ recordedAt }) => recordedAt),
  text('type', ({ type }) => type),
  text('why', ({ why }) => why),
  figure('late', ({ late }) => late ?? false),
  text('onlyIn', ({ onlyIn }) => onlyIn),
  text('line', ({ line }) => line),
  text('kind', ({ kind }) => kind),
  figure('amount', ({ amount }) => amount),
  text('sentence', ({ sentence }) => sentence),
  text('actor', ({ actor }) => nameOf(actor)),
  text('eventId', ({ eventId }) => eventId),
];
