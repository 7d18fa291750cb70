/** Reads of one unit over its years. Whatever an answer says comes from one snapshot of the read models. */
import { Injectable } from '@nestjs/common';
import { budgetStream } from '#domain/budget/decide.js';
import type { Position } from '#domain/envelope.js';
import { Problem } from '#platform/problem.js';
import { budgetYears, type OfUnit } from '#read-model/queries/carry-over.js';
import { staleReason } from '#read-model/queries/known.js';
import { snapshot, type Snapshot } from '#read-model/queries/snapshot.js';
import { units } from '#read-model/queries/units.js';
import { asKnown, asKnownNow, awaitPosition, type Moment } from './freshness.js';
import { unknownUnit } from './missing.js';
import { parseKnown, type MomentQuery } from './moment.js';
import { Sources } from './sources.js';

export interface UnitView {
  readonly unit: string;
  readonly moment: Moment;
  /** What the queries of the read model take; with no known-at when all that the snapshot holds is known. */
  readonly of: OfUnit;
  readonly opened: Snapshot;
}

/** What an answer says of itself. */
export interface UnitAnswer {
  readonly unit: string;
  readonly unitName: string;
  readonly knownAt: string;
  readonly position: string;
  readonly recordedAt: string;
  readonly stale?: true;
  readonly staleReason?: string;
}

@Injectable()
export class UnitReads {
  constructor(private readonly sources: Sources) {}

  /**
   * The answer that `read` makes of the view. Throws 404 `UNKNOWN_UNIT`, `UNKNOWN_YEAR` and `NOTHING_KNOWN_YET`, 422
   * `KNOWN_AT_NOT_PAST`, 503 `READ_MODEL_BEHIND`.
   */
  async answer<Body extends object>(
    unit: string,
    { knownAt, atLeast }: Pick<MomentQuery, 'knownAt' | 'atLeast'>,
    read: (view: UnitView) => Promise<Body>,
  ): Promise<UnitAnswer & Body> {
    if (atLeast !== undefined) await awaitPosition(this.sources, atLeast as Position);
    const known = knownAt === undefined ? undefined : parseKnown(knownAt);
    const momentIn = known === undefined ? asKnownNow : await asKnown(this.sources, known);
    return snapshot(this.sources.dataSource, async (opened) => {
      const registered = (await units(opened)).find((entry) => entry.unit === unit);
      if (registered === undefined) throw unknownUnit(unit);
      const moment = await momentIn(opened);
      const of = { unit, ...(moment.newest ? {} : { knownAt: moment.order }) };
      const years = await budgetYears(opened, { unit });
      if (years.length === 0) throw noYears(unit);
      if ((await budgetYears(opened, of)).length === 0) throw nothingOfUnit(unit, moment.knownAt);
      const stale = await staleReason(
        opened,
        years.map((year) => budgetStream(unit, year)),
      );
      const body = await read({ unit, moment, of, opened });
      return {
        unit,
        unitName: registered.name,
        knownAt: new Date(moment.knownAt).toISOString(),
        position: moment.position,
        recordedAt: new Date(moment.recordedAt).toISOString(),
        ...(stale === undefined ? {} : { stale: true, staleReason: staleWords(stale) }),
        ...body,
      };
    });
  }
}

const staleWords = ({ stream, revision, error }: { stream: string; revision: number; error: string }): string =>
  `event ${revision} of ${stream} could not be projected: ${error}`;

const noYears = (unit: string): Problem =>
  new Problem(404, 'UNKNOWN_YEAR', { detail: `Unit ${unit} has no budget of any year yet.`, unit });

/** `instant` is UTC ms. */
const nothingOfUnit = (unit: string, instant: number): Problem =>
  new Problem(404, 'NOTHING_KNOWN_YET', {
    detail: `Nothing of a budget of unit ${unit} was recorded by ${new Date(instant).toISOString()}.`,
    unit,
  });

export const NO_YEARS = noYears('U0001');
export const NOTHING_OF_UNIT = nothingOfUnit('U0001', Date.UTC(2022, 11, 31, 16));
