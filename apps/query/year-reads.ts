/**
 * Reads of one unit and year. Whatever an answer says comes from one snapshot of the read models, and the answer names the
 * place in the log that the snapshot stood at.
 */
import { Injectable } from '@nestjs/common';
import { budgetStream } from '#domain/budget/decide.js';
import type { BudgetApproved } from '#domain/budget/events.js';
import type { CivilDate } from '#domain/calendar.js';
import type { Position } from '#domain/envelope.js';
import { performanceStream } from '#domain/performance/decide.js';
import type { Problem } from '#platform/problem.js';
import type { At } from '#read-model/queries/at.js';
import { firstPosition, staleReason, streamRevision } from '#read-model/queries/known.js';
import { milestones } from '#read-model/queries/milestones.js';
import { snapshot, type Snapshot } from '#read-model/queries/snapshot.js';
import { units, years } from '#read-model/queries/units.js';
import type { AnswerDto } from './answer.dto.js';
import { asKnown, asKnownForEver, asKnownNow, awaitPosition, type Moment, type MomentIn } from './freshness.js';
import { nothingKnownYet, unknownUnit, unknownYear } from './missing.js';
import { asOfOf, parseKnown, type Known, type MomentQuery } from './moment.js';
import type { Place } from './place.js';
import type { Revised } from './revision-tag.js';
import { Sources } from './sources.js';

/** One unit and year at one moment. */
export interface YearView extends Place {
  readonly asOf: CivilDate;
  readonly moment: Moment;
  /** What the queries of the read model take; with no known-at when all that the snapshot holds is known. */
  readonly at: At;
  readonly opened: Snapshot;
}

export interface ReadOptions {
  /** In place of the query's `knownAt`: where the first page of a list was answered. */
  readonly known?: Known;
  /** Answers for an instant that gives the same answer for ever. */
  readonly permanent?: boolean;
  /** Other years of the unit go into the answer too: it is stale when any of them is. */
  readonly unitWide?: boolean;
}

@Injectable()
export class YearReads {
  constructor(private readonly sources: Sources) {}

  /**
   * The answer that `read` makes of the view. Throws 404 `UNKNOWN_UNIT`, `UNKNOWN_YEAR` and `NOTHING_KNOWN_YET`, 422
   * `DATE_OUTSIDE_YEAR` and `KNOWN_AT_NOT_PAST`, 503 `READ_MODEL_BEHIND`.
   */
  async answer<Body extends object>(
    place: Place,
    query: MomentQuery,
    read: (view: YearView) => Promise<Body>,
    options: ReadOptions = {},
  ): Promise<AnswerDto & Body> {
    const asOf = asOfOf(query, place.year, this.sources.clock());
    if (query.atLeast !== undefined) await awaitPosition(this.sources, query.atLeast as Position);
    const momentIn = await this.momentOf(query, options);
    return snapshot(this.sources.dataSource, async (opened) => {
      const moment = await momentIn(opened);
      await this.requireKnown(opened, { place, moment, now: momentIn === asKnownNow });
      const others = options.unitWide ? await years(opened, place.unit) : [];
      const stale = await staleReason(
        opened,
        [place.year, ...others].flatMap((year) => streamsOf({ ...place, year })),
        moment.order,
      );
      const at = { ...place, asOf, ...(moment.newest ? {} : { knownAt: moment.order }) };
      const body = await read({ ...place, asOf, moment, at, opened });
      return {
        asOf,
        knownAt: new Date(moment.knownAt).toISOString(),
        position: moment.position,
        recordedAt: new Date(moment.recordedAt).toISOString(),
        ...(stale === undefined ? {} : { stale: true as const, staleReason: staleWords(stale) }),
        ...body,
      };
    });
  }

  /** The same with the revision of the stream that writes to this resource go to. */
  async revised<Body extends object>(
    { place, query, stream }: { readonly place: Place; readonly query: MomentQuery; readonly stream: string },
    read: (view: YearView) => Promise<Body>,
  ): Promise<Revised<AnswerDto & Body>> {
    let revision = 'none';
    const answer = await this.answer(place, query, async (view) => {
      revision = String((await streamRevision(view.opened, stream, view.moment.order)) ?? 'none');
      return read(view);
    });
    return { answer, revision };
  }

  private momentOf({ knownAt }: MomentQuery, { known, permanent }: ReadOptions): Promise<MomentIn> {
    const asked = known ?? (knownAt === undefined ? undefined : parseKnown(knownAt));
    if (asked !== undefined) return asKnown(this.sources, asked);
    return permanent ? asKnownForEver(this.sources) : Promise.resolve(asKnownNow);
  }

  private async requireKnown(
    opened: Snapshot,
    { place, moment, now }: { readonly place: Place; readonly moment: Moment; readonly now: boolean },
  ): Promise<void> {
    const first = await firstPosition(opened, streamsOf(place));
    // What lies beyond the moment of now has not come in yet, whatever one partition already holds.
    if (first === undefined || (now && first > moment.order)) throw await this.missing(opened, place);
    if (first > moment.order) throw nothingKnownYet(place, moment.knownAt);
  }

  private async missing(opened: Snapshot, place: Place): Promise<Problem> {
    const known = (await units(opened)).some(({ unit }) => unit === place.unit);
    return known ? unknownYear(place) : unknownUnit(place.unit);
  }
}

export const streamsOf = ({ unit, year }: Place): readonly string[] => [
  budgetStream(unit, year),
  performanceStream(unit, year),
];

export const staleWords = ({ stream, revision, error }: { stream: string; revision: number; error: string }): string =>
  `event ${revision} of ${stream} could not be projected: ${error}`;

export interface Approval {
  readonly on: CivilDate;
  readonly data: BudgetApproved['data'];
}

/** The approval in force at the date asked for; `undefined` before it and after its withdrawal. */
export async function approvalOf({ opened, at }: Pick<YearView, 'opened' | 'at'>): Promise<Approval | undefined> {
  let approval: Approval | undefined;
  for (const { kind, effectiveDate, detail } of await milestones(opened, at)) {
    if (kind === 'approved') approval = { on: effectiveDate, data: detail as Approval['data'] };
    if (kind === 'withdrawn') approval = undefined;
  }
  return approval;
}
