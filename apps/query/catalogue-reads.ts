/** Reads of what there is: of no single year, but like every other read of one moment of the log, which the answer names. */
import { Injectable } from '@nestjs/common';
import { civilDate, type CivilDate } from '#domain/calendar.js';
import type { Position } from '#domain/envelope.js';
import { staleReason } from '#read-model/queries/known.js';
import { snapshot, type Snapshot } from '#read-model/queries/snapshot.js';
import type { KnownDto } from './catalogue.dto.js';
import type { CatalogueQuery } from './catalogue.query.js';
import { asKnown, asKnownNow, awaitPosition, type Moment } from './freshness.js';
import { parseKnown } from './moment.js';
import { Sources } from './sources.js';
import { staleWords } from './year-reads.js';

export interface CatalogueView {
  readonly opened: Snapshot;
  readonly moment: Moment;
  /** What the queries of the read model take; absent when all that the snapshot holds is known. */
  readonly knownAt?: bigint;
  /** Only when the caller named a date. */
  readonly asOf?: CivilDate;
}

interface Read<Body> {
  readonly body: Body;
  /** What it was read from: the answer ends where one of them stopped. */
  readonly streams: readonly string[];
}

@Injectable()
export class CatalogueReads {
  constructor(private readonly sources: Sources) {}

  /** The answer that `read` makes of the view. Throws 422 `KNOWN_AT_NOT_PAST`, 503 `READ_MODEL_BEHIND`, and what it throws. */
  async answer<Body extends object>(
    { asOf, knownAt, atLeast }: CatalogueQuery,
    read: (view: CatalogueView) => Promise<Read<Body>>,
  ): Promise<KnownDto & Body> {
    if (atLeast !== undefined) await awaitPosition(this.sources, atLeast as Position);
    const known = knownAt === undefined ? undefined : parseKnown(knownAt);
    const momentIn = known === undefined ? asKnownNow : await asKnown(this.sources, known);
    return snapshot(this.sources.dataSource, async (opened) => {
      const moment = await momentIn(opened);
      const { body, streams } = await read({
        opened,
        moment,
        ...(moment.newest ? {} : { knownAt: moment.order }),
        ...(asOf === undefined ? {} : { asOf: civilDate(asOf) }),
      });
      const stale = await staleReason(opened, streams, moment.order);
      return {
        knownAt: new Date(moment.knownAt).toISOString(),
        position: moment.position,
        recordedAt: new Date(moment.recordedAt).toISOString(),
        ...(stale === undefined ? {} : { stale: true, staleReason: staleWords(stale) }),
        ...body,
      };
    });
  }
}
