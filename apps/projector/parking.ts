/** A parked stream projected again from where it stopped, with the figures of its unit and year before and after. */
import type { DataSource } from 'typeorm';
import { firstDayOf, lastDayOf, shanghaiDate, type CivilDate } from '#domain/calendar.js';
import { isMoved, lineChanges, rateChanges, type Amount, type RateChange } from '#domain/metrics/comparison.js';
import type { Picture } from '#domain/metrics/quantities.js';
import { ratesReport, type Rate } from '#domain/metrics/report.js';
import { formatYuan } from '#domain/money.js';
import { Problem } from '#platform/problem.js';
import type { At } from '#read-model/queries/at.js';
import { parkedStreams, type ParkedStream } from '#read-model/queries/parked.js';
import { picture } from '#read-model/queries/picture.js';
import { snapshot } from '#read-model/queries/snapshot.js';
import { targets } from '#read-model/queries/performance.js';
import type { RateMovedDto, RetryDifferenceDto, RetryDto, StoppedStreamDto } from './retry.dto.js';

/** Whoever can project a parked stream again; resolves when that has been tried. */
export interface Retrying {
  retryParked(stream: string): Promise<unknown>;
}

export interface ParkingParts {
  readonly dataSource: DataSource;
  readonly retrying: Retrying;
  /** UTC ms. */
  readonly clock: () => number;
}

export class Parking {
  constructor(private readonly parts: ParkingParts) {}

  /** Throws 404 `NOT_PARKED`. */
  async retry(stream: string): Promise<RetryDto> {
    const { dataSource, retrying, clock } = this.parts;
    const [parked] = await parkedStreams(dataSource, stream);
    if (parked === undefined) throw notParked(stream);
    const { unit, year } = parked;
    const at = unit === undefined || year === undefined ? undefined : { unit, year, asOf: todayWithin(year, clock()) };
    const before = at && (await figuresAt(dataSource, at));
    await retrying.retryParked(stream);
    const [left] = await parkedStreams(dataSource, stream);
    const after = at && (await figuresAt(dataSource, at));
    return {
      stream,
      resumed: left === undefined,
      ...(left === undefined ? {} : { parked: stoppedStream(left) }),
      ...(at && before && after ? { difference: differenceOf(before, after, at.asOf) } : {}),
    };
  }
}

export const notParked = (stream: string): Problem =>
  new Problem(404, 'NOT_PARKED', {
    detail: `${stream} is not parked. GET /api/v1/parked lists the streams that are.`,
    stream,
  });

const stoppedStream = ({ since, ...stopped }: ParkedStream): StoppedStreamDto => ({
  ...stopped,
  since: new Date(since).toISOString(),
});

/** Today in Asia/Shanghai, or the day of the year that is nearest to it. */
function todayWithin(year: number, now: number): CivilDate {
  const today = shanghaiDate(now);
  if (today < firstDayOf(year)) return firstDayOf(year);
  return today > lastDayOf(year) ? lastDayOf(year) : today;
}

interface Figures {
  readonly picture: Picture;
  readonly rates: readonly Rate[];
}

const figuresAt = (dataSource: DataSource, at: At): Promise<Figures> =>
  snapshot(dataSource, async (opened) => {
    const seen = await picture(opened, at);
    return { picture: seen, rates: ratesReport(seen, await targets(opened, at)) };
  });

function differenceOf(before: Figures, after: Figures, asOf: CivilDate): RetryDifferenceDto {
  const lines = lineChanges(before.picture, after.picture).map(({ line, changes }) => ({
    line,
    changes: changes.map(({ amount, a, b, change }) => ({
      amount: nameOf(amount),
      before: formatYuan(a),
      after: formatYuan(b),
      change: formatYuan(change),
    })),
  }));
  const rates = rateChanges(before.rates, after.rates).filter(isMoved).flatMap(rateMoved);
  return { asOf, lines, rates };
}

/** As `GET …/lines` names it. */
const nameOf = (amount: Amount): string => (amount === 'planned' ? 'plannedToDate' : amount);

function rateMoved({ a, b, change }: RateChange): RateMovedDto[] {
  const rate = b ?? a;
  if (rate === undefined) return [];
  const { metric, name, scope, indicator } = rate;
  return [
    {
      metric,
      name,
      scope,
      ...(indicator === undefined ? {} : { indicator }),
      before: a?.percent ?? null,
      after: b?.percent ?? null,
      ...(change === undefined ? {} : { change }),
    },
  ];
}
