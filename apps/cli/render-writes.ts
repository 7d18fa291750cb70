/** What was written, or would be, as text for people. */
import { figures, headings, PLAIN, scopeWord, type Style } from './page.js';
import type { ScopeBody } from './bodies.js';
import { sealedFacts } from './render-seals.js';
import { printable, table, paint } from './table.js';

export interface EventBody {
  readonly type: string;
  readonly revision?: number;
  readonly effectiveDate: string;
  readonly belongsTo?: string;
  readonly recordedAt?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface WrittenBody {
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
  readonly recordedAt?: string;
  readonly replayed: boolean;
  readonly unchanged: boolean;
  readonly events: readonly EventBody[];
}

/** `before` and `after` are percentages with two decimals, null where there is no such figure. */
export interface TrialBody {
  readonly dryRun: true;
  /** What the whole of it would be, where a verb has such a thing. */
  readonly preview?: object;
  readonly events: readonly EventBody[];
  readonly effect?: {
    readonly checkpoint: string;
    readonly asOf: string;
    readonly rates: readonly {
      readonly metric: string;
      readonly scope: ScopeBody;
      readonly name: { readonly zh: string; readonly en: string };
      readonly before: string | null;
      readonly after: string | null;
    }[];
  };
}

export function renderWritten(body: WrittenBody, style: Style = PLAIN): string {
  const { stream, revision, position, replayed, unchanged, events } = body;
  const recordedAt = events.at(-1)?.recordedAt ?? body.recordedAt;
  const place = `${stream}, revision ${revision}, log position ${position}`;
  if (unchanged) return `Nothing new was written: an equal entry is booked already (${printable(place)}).\n`;
  const head = replayed
    ? `Nothing new was written: this very command was recorded at ${recordedAt} (${place}).\n` +
      'To book it once more, after it was taken back, give it a key of its own: --key WORD.'
    : `Recorded at ${recordedAt}: ${place}`;
  return [...head.split('\n').map(printable), ...eventLines(events, style), ''].join('\n');
}

/** The events that a trial run would write, and every rate that they would move. */
export function renderTrial({ events, effect }: TrialBody, style: Style = PLAIN): string {
  const { language, colours } = style;
  const head = ['Trial run, nothing was written. It would record:', ...eventLines(events, style), ''];
  if (effect === undefined) return head.join('\n');
  const moved = effect.rates.filter(({ before, after }) => before !== after);
  const percent = (value: string | null) => (value === null ? '-' : `${value}%`);
  const rates = table(
    [...headings(['rate', 'metric', 'scope'], language), ...figures(['before', 'after'], language)],
    moved.map(({ name, metric, scope, before, after }) => [
      name[language],
      metric,
      scopeWord(scope, language),
      percent(before),
      percent(after),
    ]),
    { colours },
  );
  const still = effect.rates.length - moved.length;
  return [
    ...head,
    `Effect on the rates as of ${effect.asOf}:`,
    ...(moved.length === 0 ? [] : [rates.trimEnd()]),
    `Rates that stay as they are: ${still}.`,
    '',
  ].join('\n');
}

/** Events of a plan run into the thousands; the JSON form has them all. */
const EVENTS_SHOWN = 30;

function eventLines(events: readonly EventBody[], { colours }: Style): string[] {
  const lines = events.slice(0, EVENTS_SHOWN).flatMap(({ type, effectiveDate, belongsTo, data }) => {
    const late = belongsTo === undefined ? '' : ` (belongs to ${belongsTo})`;
    const [facts, ...more] = (FACTS[type] ?? ((plain) => [factsOf(plain)]))(data);
    return [`  ${type} ${effectiveDate}${late}: ${facts}`, ...more.map((fact) => `    ${fact}`)].map(printable);
  });
  if (events.length > EVENTS_SHOWN) lines.push(`  … and ${events.length - EVENTS_SHOWN} more (--format json)`);
  return [
    ...lines,
    ...events.filter(({ data }) => data['overdrawn'] === true).map(({ data }) => overdrawn(data, colours)),
  ];
}

/** Events that hold lists: the first line says what, the others list it. */
const FACTS: Readonly<Record<string, (data: EventBody['data']) => readonly string[]>> = {
  PeriodSealed: sealedFacts,
  YearClosed: closedFacts,
};

interface ClosedLot {
  readonly line: string;
  readonly originYear: number;
  readonly amount: string;
  readonly class: string;
  readonly reason: string;
  readonly toLine?: string;
}

function closedFacts({ closure, lots }: EventBody['data']): readonly string[] {
  const all = lots as readonly ClosedLot[];
  const shown = all.slice(0, EVENTS_SHOWN).map(({ line, originYear, amount, class: kind, reason, toLine }) => {
    const target = toLine === undefined ? '' : `, to ${toLine}`;
    return `${line} of ${originYear}: ${amount} ${kind} (${reason}${target})`;
  });
  const hidden = all.length - shown.length;
  return [
    `closure ${String(closure)}, ${all.length} lots`,
    ...shown,
    ...(hidden > 0 ? [`… and ${hidden} more (--format json)`] : []),
  ];
}

function overdrawn(data: EventBody['data'], colours: boolean): string {
  const text = printable(`  ! line ${wordOf(data['line'])} is overdrawn by this; it shows as a violation`);
  return colours ? paint({ text, tone: 'bad' }) : text;
}

/** Members that say no are left out: `overdrawn false` is what everybody expects. */
export const factsOf = (data: Readonly<Record<string, unknown>>): string =>
  Object.entries(data)
    .filter(([, value]) => value !== false)
    .map(([name, value]) => `${name} ${wordOf(value)}`)
    .join(', ');

/** A payee by name, a document by its number, anything else that is no text as JSON. */
function wordOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const { name, number } = (value ?? {}) as { readonly name?: unknown; readonly number?: unknown };
  const word = name ?? number;
  return typeof word === 'string' ? word : JSON.stringify(value);
}
