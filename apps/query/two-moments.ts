/** Reads of one unit and year at two moments. Both are answered from one snapshot, so that nothing lies between them but time. */
import { budgetStream } from '#domain/budget/decide.js';
import { type CivilDate, yearOf } from '#domain/calendar.js';
import { performanceStream } from '#domain/performance/decide.js';
import type { Fault } from '#platform/problem.js';
import { Problem } from '#platform/problem.js';
import { firstPosition } from '#read-model/queries/known.js';
import { sealMoment, seals } from '#read-model/queries/seals.js';
import { dateIn, momentOfText, type MomentAsked } from './compare.query.js';
import { asKnown, asKnownForEver, type Moment, type MomentIn } from './freshness.js';
import { unknownSeal } from './missing-seal.js';
import { nothingKnownYet } from './missing.js';
import { parseKnown, type Known } from './moment.js';
import type { Position } from '#domain/envelope.js';
import type { Place } from './place.js';
import { knownInLink } from './permanent-link.js';
import type { Sources } from './sources.js';
import type { YearReads, YearView } from './year-reads.js';

/** One of the two, with the words that mean it for ever. */
export interface MomentView extends YearView {
  readonly seal?: number;
  /** As `a` or `b` of an address. */
  readonly text: string;
}

export interface TwoMoments {
  readonly a: MomentView;
  readonly b: MomentView;
  /** Up to where the moment without a known-at goes; the position of `b` when both have one. */
  readonly position: Position | 'start';
}

interface TwoAsked {
  readonly a: string;
  readonly b?: string;
  readonly atLeast?: string;
  /** In place of now: where the first page of a list was answered. */
  readonly now?: Known;
}

/**
 * What `read` makes of both views; without `b` the date of `a` as known now. What is known now is cut at an instant that means
 * the same for ever. Throws what `YearReads.answer` throws, and 404 `UNKNOWN_SEAL`.
 */
export async function atTwoMoments<Body extends object>(
  { years, sources, place }: { readonly years: YearReads; readonly sources: Sources; readonly place: Place },
  asked: TwoAsked,
  read: (moments: TwoMoments) => Promise<Body>,
) {
  const fresh = asked.atLeast === undefined ? {} : { atLeast: asked.atLeast };
  const resolve = (moment: MomentAsked) => resolved({ years, place, fresh }, moment);
  const a = await resolve(momentOfText(asked.a));
  const b = asked.b === undefined ? { asOf: a.asOf } : await resolve(momentOfText(asked.b));
  requireYear(place, { a, b });
  await requirePast(sources, { a, b });

  const knownA = a.known ?? asked.now;
  const knownB = b.known ?? asked.now;
  const inA = await momentOf(sources, knownA, knownB);
  const answer = await years.answer(
    place,
    { asOf: b.asOf, ...fresh },
    async (view) => {
      const moment = inA === undefined ? view.moment : await inA(view.opened);
      await requireBegun(view, moment);
      const at = { ...place, asOf: a.asOf, ...(moment.newest ? {} : { knownAt: moment.order }) };
      const views = { a: viewOf(a, { ...view, asOf: a.asOf, moment, at }), b: viewOf(b, view) };
      return read({ ...views, position: (b.known === undefined ? view : views.a).moment.position });
    },
    knownB === undefined ? { permanent: true } : { known: knownB },
  );
  const { asOf: _asOf, knownAt: _knownAt, position: _position, recordedAt: _recordedAt, ...body } = answer;
  return body;
}

interface Resolved {
  readonly asOf: CivilDate;
  readonly known?: Known;
  /** As the caller wrote it. */
  readonly knownAt?: string;
  readonly seal?: number;
}

/** A seal is found in a snapshot of its own: once made, it means the same in every later one. */
async function resolved(
  { years, place, fresh }: { readonly years: YearReads; readonly place: Place; readonly fresh: { atLeast?: string } },
  asked: MomentAsked,
): Promise<Resolved> {
  if ('date' in asked) {
    const { knownAt } = asked;
    const known = knownAt === undefined ? undefined : parseKnown(knownAt);
    const asOf = dateIn(place.year, asked.date);
    return { asOf, ...(known === undefined ? {} : { known }), ...(knownAt === undefined ? {} : { knownAt }) };
  }
  const { seal } = asked;
  const { found } = await years.answer(place, fresh, async ({ opened }) => {
    const sealed = await sealMoment(opened, place, seal);
    if (sealed === undefined) throw unknownSeal(String(seal), place, (await seals(opened, place)).length);
    return { found: sealed };
  });
  return { asOf: found.asOf, known: { position: String(found.order) as Position }, seal };
}

type Both = { readonly a: Resolved; readonly b: Resolved };

function requireYear({ year }: Place, both: Both): void {
  const faults = (['a', 'b'] as const).flatMap((parameter): Fault[] => {
    if (yearOf(both[parameter].asOf) === year) return [];
    const message = `${parameter} must be from ${year}-01-01 to ${year}-12-31`;
    return [{ parameter, code: 'DATE_OUTSIDE_YEAR', message, year }];
  });
  if (faults.length === 0) return;
  const detail = `Both moments must be in ${year}; ask the ledger of another year for its own.`;
  throw new Problem(422, 'DATE_OUTSIDE_YEAR', { detail, faults });
}

/** Waits until both are settled and in the read models. Throws 422 `KNOWN_AT_NOT_PAST` with both where both are not. */
async function requirePast(sources: Sources, both: Both): Promise<void> {
  const faults: Fault[] = [];
  let first: Problem | undefined;
  for (const parameter of ['a', 'b'] as const) {
    const { known } = both[parameter];
    if (known === undefined) continue;
    try {
      await asKnown(sources, known);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'KNOWN_AT_NOT_PAST') throw error;
      first ??= error;
      faults.push({ parameter, code: error.code, message: `what ${parameter} knows must be before now` });
    }
  }
  if (first !== undefined) throw new Problem(first.status, first.code, { ...first.facts, faults });
}

/** How `a` is found in the snapshot; `undefined` when it knows what `b` knows, which is now. */
async function momentOf(
  sources: Sources,
  knownA: Known | undefined,
  knownB: Known | undefined,
): Promise<MomentIn | undefined> {
  if (knownA !== undefined) return asKnown(sources, knownA);
  return knownB === undefined ? undefined : asKnownForEver(sources);
}

/** Of `b` it is required by `YearReads.answer`. */
async function requireBegun({ opened, unit, year }: YearView, moment: Moment): Promise<void> {
  const first = await firstPosition(opened, [budgetStream(unit, year), performanceStream(unit, year)]);
  if (first === undefined || first > moment.order) throw nothingKnownYet({ unit, year }, moment.knownAt);
}

function viewOf({ asOf, seal, knownAt }: Resolved, view: YearView): MomentView {
  if (seal !== undefined) return { ...view, seal, text: `seal:${seal}` };
  return { ...view, text: `${asOf}@${knownInLink(knownAt, view)}` };
}
