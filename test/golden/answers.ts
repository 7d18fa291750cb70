/** What the read side answers to a question, worked out from the events alone: the same bodies, by pure functions. */
import type { Envelope } from '#domain/envelope.js';
import { checkpointDate, civilDate, endOfShanghaiDay, type Checkpoint } from '#domain/calendar.js';
import type { FundNature } from '#domain/budget/events.js';
import { inScope, type Scope } from '#domain/metrics/quantities.js';
import { metricById } from '#domain/metrics/registry.js';
import { ratesReport } from '#domain/metrics/report.js';
import { formatYuan } from '#domain/money.js';
import { formatPercent } from '#domain/ratio.js';
import { entryScope, inputsOf } from '../../apps/query/explanation-inputs.js';
import type { EntryBody, ExplanationBody, Moment, RatesBody } from '../../apps/cli/bodies.js';
import { renderExplanation } from '../../apps/cli/render-entries.js';
import { renderRates } from '../../apps/cli/render.js';
import { PLAIN } from '../../apps/cli/page.js';
import { booksOf, pictureOf, targetsOf, type Entry, type Question } from './picture.js';

interface Asked extends Question {
  readonly verb: string;
  readonly metric: string;
  readonly checkpoint: Checkpoint;
  readonly knownAt: number;
  readonly scope: Scope;
}

/** The page for a command line such as `explain execution-rate --at half --funds general-public --known-at 2024-06-30`. */
export function answer(events: readonly Envelope[], words: string): string {
  const asked = read(words);
  const style = { ...PLAIN, title: `${asked.unit} ${asked.year}` };
  if (asked.verb === 'rates') return renderRates(rates(events, asked), style);
  if (asked.verb === 'explain') return renderExplanation(explanation(events, asked), style);
  throw new Error(`nobody answers: ${words}`);
}

/** Every question here names its checkpoint and what was known: its page is the same for ever. */
function read(words: string): Asked {
  const [verb = '', ...rest] = words.trim().split(/\s+/);
  const option = (name: string): string | undefined => rest[rest.indexOf(`--${name}`) + 1 || rest.length];
  const checkpoint = option('at');
  const known = option('known-at');
  if ((checkpoint !== 'half' && checkpoint !== 'annual') || known === undefined) throw new Error(`of when: ${words}`);
  const unit = option('unit') ?? 'U0001';
  const year = Number(option('year') ?? 2024);
  const funds = option('funds')?.split(',') as FundNature[] | undefined;
  return {
    ...{ verb, metric: rest[0] ?? '', unit, year, checkpoint, asOf: checkpointDate(year, checkpoint) },
    knownAt: known.includes('T') ? Date.parse(known) : endOfShanghaiDay(civilDate(known)),
    scope: { funds: funds ?? 'all', expenditure: 'all' },
  };
}

function momentOf(events: readonly Envelope[], { asOf, knownAt }: Asked): Moment {
  const last = events.findLast(({ recordedAt }) => recordedAt <= knownAt);
  return { asOf, knownAt: new Date(knownAt).toISOString(), position: last?.position ?? 'start' };
}

const rates = (events: readonly Envelope[], asked: Asked): RatesBody => ({
  ...momentOf(events, asked),
  rates: ratesReport(pictureOf(events, asked), targetsOf(events, asked), { checkpoint: asked.checkpoint }),
});

function explanation(events: readonly Envelope[], asked: Asked): ExplanationBody {
  const metric = metricById(asked.metric);
  if (metric === undefined) throw new Error(`no metric ${asked.metric}`);
  const { state, entries } = booksOf(events, asked);
  const picture = pictureOf(events, asked);
  const result = metric.compute(picture, asked.scope);
  const within = entryScope(metric.inputs, asked.scope);
  const behind = entries.filter(({ effect }) => {
    const line = state.lines.get(effect.line);
    return metric.inputs.kinds.includes(effect.kind) && line && within && inScope(within, line);
  });
  const { id, version, name, formula, source } = metric;
  const { status, numerator, denominator } = result;
  const moment = momentOf(events, asked);
  return {
    ...moment,
    ...{ metric: id, version, name, formula, source, scope: asked.scope, status },
    ...(status === 'OK' ? {} : { reason: result.reason }),
    numerator: numerator === undefined ? null : formatYuan(numerator),
    denominator: denominator === undefined ? null : formatYuan(denominator),
    percent: status === 'OK' ? formatPercent(result.ratio) : null,
    inputs: inputsOf(metric, picture, asked.scope),
    entries: behind.map(entryBody),
    link: linkOf(asked, moment),
  };
}

function entryBody({ event, effect }: Entry): EntryBody {
  const { payee, document } = event.data as Partial<Pick<EntryBody, 'payee' | 'document'>>;
  return {
    ...{ eventId: event.id, position: event.position, revision: event.revision, kind: effect.kind, line: effect.line },
    ...(effect.ref === undefined ? {} : { ref: effect.ref }),
    effectiveDate: event.effectiveDate,
    recordedAt: new Date(event.recordedAt).toISOString(),
    amount: formatYuan(effect.fen),
    ...(payee === undefined ? {} : { payee }),
    ...(document === undefined ? {} : { document }),
    actor: event.meta.actor,
  };
}

function linkOf({ unit, year, metric, scope }: Asked, { asOf, knownAt = '' }: Moment): string {
  const funds = scope.funds === 'all' ? 'all' : scope.funds.join(',');
  const query = new URLSearchParams({ asOf, knownAt, funds, expenditure: scope.expenditure });
  return `/api/v1/units/${unit}/years/${year}/rates/${metric}/explanation?${query.toString()}`;
}
