/**
 * The reports that a seal keeps, as plain values: the lines with their base quantities, and every rate beside its target.
 * A report says what it is about, which revision of which stream it rests on and by which formulas it was made; it holds no
 * clock and no place in a log, so that the same events give the same report in any store.
 *
 * NOTE: its canonical JSON is stored for ever and made again to be compared byte for byte. Another shape is a new version of
 * the form; nothing in here may follow the registry's names or order.
 */
import type { Checkpoint, CivilDate } from '#domain/calendar.js';
import { EXPENDITURES } from '#domain/budget/events.js';
import { REPORT_BYTES } from '#domain/budget/rules.js';
import { type Books, linesOf, pictureOf } from '#domain/metrics/books.js';
import type { Amount } from '#domain/metrics/comparison.js';
import {
  ALL,
  lineQuantities,
  type Picture,
  quantities,
  type Quantities,
  type Scope,
} from '#domain/metrics/quantities.js';
import { type Rate, nextCheckpoint, ratesReport } from '#domain/metrics/report.js';
import { METRICS } from '#domain/metrics/registry.js';
import type { Fen } from '#domain/money.js';
import type { Indicator } from '#domain/performance/events.js';

/** A stream that a report rests on, up to and including a revision. */
export interface Cited {
  readonly stream: string;
  readonly revision: number;
}

export interface FormulaVersion {
  readonly metric: string;
  readonly version: number;
}

/** What both reports say of themselves. */
interface Heading {
  readonly unit: string;
  readonly year: number;
  readonly through: CivilDate;
  readonly checkpoint: Checkpoint;
  /** Whether a budget was in force; before that figures are real zeros. */
  readonly approved: boolean;
  /** Every stream that went in. */
  readonly streams: readonly Cited[];
}

/** Amounts of a line in the order of the columns. Never changed: a report with others is another version of the form. */
export const LINE_AMOUNTS = [
  'original',
  'carryOverIn',
  'added',
  'cut',
  'transferredIn',
  'transferredOut',
  'current',
  'frozen',
  'requested',
  'paid',
  'takenBack',
  'available',
  'planned',
] as const satisfies readonly Amount[];

type Cell = string | number | boolean;

/** Lines by id as rows. Amounts are integer fen. A report that is too long comes in parts, each with all totals. */
export interface LinesReport extends Heading {
  readonly form: 'sealed-lines';
  readonly version: 1;
  readonly money: 'fen';
  readonly part: number;
  readonly parts: number;
  /** `line`, `name` where there was room for it, `expenditure`, `fund`, the amounts, `plannedAssumed`. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Of the whole unit, of each kind of expenditure and of each fund nature that has a line. */
  readonly totals: readonly (Scope & { readonly amounts: readonly Fen[] })[];
}

/** Members of a rate as they are sealed: what it is called is the registry's business and may be reworded. */
const RATE_MEMBERS = [
  'metric',
  'version',
  'scope',
  'status',
  'reason',
  'numerator',
  'denominator',
  'percent',
  'signed',
  'increase',
  'coverage',
  'assumed',
  'indicator',
  'target',
  'verdict',
  'distance',
  'exceeded',
  'violation',
] as const satisfies readonly (keyof Rate)[];

export type SealedRate = Pick<Rate, (typeof RATE_MEMBERS)[number]>;

/** Every formula named in `formulas`, for all funds and in the scope of each target. Amounts are decimal yuan. */
export interface RatesReport extends Heading {
  readonly form: 'sealed-rates';
  readonly version: 1;
  readonly money: 'yuan';
  readonly part: number;
  readonly parts: number;
  readonly formulas: readonly FormulaVersion[];
  readonly rates: readonly SealedRate[];
}

export type Report = LinesReport | RatesReport;

/** One report, or one part of it. `scope` is `all`, or `part-1-of-2`. */
export interface SealedReport {
  readonly kind: 'lines' | 'rates';
  readonly scope: string;
  readonly value: Report;
}

/** What reports are made of: books as of the date through which is sealed, and what else formulas look at. */
export interface ReportSources {
  readonly books: Books;
  /** Books of the year before at its end. */
  readonly before?: Books;
  readonly targets: readonly Indicator[];
  /** The streams read, by what they hold; `undefined` for one that has no event. */
  readonly streams: Readonly<Record<'budget' | 'performance' | 'before', Cited | undefined>>;
}

export interface ReportOptions {
  /** UTF-8 bytes of the canonical text of a value. */
  readonly bytesOf: (value: unknown) => number;
  /** The formulas of the rates report, in its order. Default: all that are registered. */
  readonly metrics?: readonly string[];
}

/** Above this the lines go without their names, so that 2,000 of them fit into one append whatever they are called. */
const NAMED_BYTES = 600_000;
/** For the numbers of a part, which are not known while it is filled. */
const PART_BYTES = 64;

/** Lines first, then rates. The order of the events' arrival in batches makes no difference. */
export function sealedReports(sources: ReportSources, options: ReportOptions): readonly SealedReport[] {
  const { books, before, targets } = sources;
  const picture = pictureOf(books, before);
  const named = linesReports(sources, picture, { ...options, named: true });
  const bytes = named.reduce((total, { value }) => total + options.bytesOf(value), 0);
  const lines = bytes <= NAMED_BYTES ? named : linesReports(sources, picture, { ...options, named: false });
  return [...lines, ...ratesReports(sources, ratesReport(picture, targets), options)];
}

const headingOf = ({ books }: ReportSources, streams: readonly (Cited | undefined)[]): Heading => ({
  unit: books.unit,
  year: books.year,
  through: books.asOf,
  checkpoint: nextCheckpoint(books),
  approved: books.approved,
  streams: streams.filter((cited) => cited !== undefined),
});

function linesReports(
  sources: ReportSources,
  picture: Picture,
  { bytesOf, named }: ReportOptions & { readonly named: boolean },
): readonly SealedReport[] {
  const names = new Map(linesOf(sources.books).map(({ line, name }) => [line, name]));
  const rows = [...lineQuantities(picture).values()].map((line): readonly Cell[] => [
    line.line,
    ...(named ? [names.get(line.line) ?? ''] : []),
    line.expenditure,
    line.fund,
    ...amountsOf(line),
    line.plannedAssumed,
  ]);
  const frame: Omit<LinesReport, 'part' | 'parts' | 'rows'> = {
    form: 'sealed-lines',
    version: 1,
    money: 'fen',
    ...headingOf(sources, [sources.streams.budget]),
    columns: ['line', ...(named ? ['name'] : []), 'expenditure', 'fund', ...LINE_AMOUNTS, 'plannedAssumed'],
    totals: totalScopes(picture).map((scope) => ({ ...scope, amounts: amountsOf(quantities(picture, scope)) })),
  };
  return inParts(rows, { room: REPORT_BYTES - PART_BYTES - bytesOf({ ...frame, rows: [] }), bytesOf }).map(
    (part, index, { length: parts }) => ({
      kind: 'lines',
      scope: partName(index, parts),
      value: { ...frame, part: index + 1, parts, rows: part },
    }),
  );
}

function ratesReports(
  sources: ReportSources,
  rates: readonly Rate[],
  { bytesOf, metrics = METRICS.map(({ id }) => id) }: ReportOptions,
): readonly SealedReport[] {
  const { budget, performance, before } = sources.streams;
  const frame: Omit<RatesReport, 'part' | 'parts' | 'rates'> = {
    form: 'sealed-rates',
    version: 1,
    money: 'yuan',
    ...headingOf(sources, [budget, performance, before]),
    formulas: metrics.flatMap((metric) => versionOf(metric)),
  };
  const rows = metrics.flatMap((metric) => rates.filter((rate) => rate.metric === metric).map(sealedRate));
  return inParts(rows, { room: REPORT_BYTES - PART_BYTES - bytesOf({ ...frame, rates: [] }), bytesOf }).map(
    (part, index, { length: parts }) => ({
      kind: 'rates',
      scope: partName(index, parts),
      value: { ...frame, part: index + 1, parts, rates: part },
    }),
  );
}

const versionOf = (metric: string): readonly FormulaVersion[] =>
  METRICS.filter(({ id }) => id === metric).map(({ version }) => ({ metric, version }));

const amountsOf = (of: Quantities): readonly Fen[] => LINE_AMOUNTS.map((amount) => of[amount]);

/** Scope is never implied (rule book 1.5): totals say which they are. */
function totalScopes({ figures, planned }: Picture): readonly Scope[] {
  const funds = [...new Set([...figures, ...planned].map(({ fund }) => fund))].sort();
  return [
    ALL,
    ...EXPENDITURES.map((expenditure): Scope => ({ funds: 'all', expenditure })),
    ...funds.map((fund): Scope => ({ funds: [fund], expenditure: 'all' })),
  ];
}

const sealedRate = (rate: Rate): SealedRate =>
  Object.fromEntries(
    RATE_MEMBERS.filter((member) => rate[member] !== undefined).map((member) => [member, rate[member]]),
  ) as unknown as SealedRate;

/** Rows in the fewest parts that have room for them, in their order; one empty part when there are none. */
function inParts<Row>(
  rows: readonly Row[],
  { room, bytesOf }: { readonly room: number } & Pick<ReportOptions, 'bytesOf'>,
): readonly (readonly Row[])[] {
  const parts: Row[][] = [[]];
  let left = room;
  for (const row of rows) {
    const bytes = bytesOf(row) + 1;
    if (bytes > left && parts.at(-1)?.length !== 0) {
      parts.push([]);
      left = room;
    }
    parts.at(-1)?.push(row);
    left -= bytes;
  }
  return parts;
}

const partName = (index: number, parts: number): string => (parts === 1 ? 'all' : `part-${index + 1}-of-${parts}`);
