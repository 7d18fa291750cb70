/** Which moment a question is about: as of which date, as known at which moment, and what it must include (design 4, 7). */
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, ValidateBy } from 'class-validator';
import {
  type Checkpoint,
  type CivilDate,
  checkpointDate,
  civilDate,
  endOfShanghaiDay,
  firstDayOf,
  lastDayOf,
  parseCivilDate,
  shanghaiDate,
  yearOf,
} from '#domain/calendar.js';
import type { Position } from '#domain/envelope.js';
import { Problem, invalidRequest } from '#platform/problem.js';
import { IsCivilDate } from '#platform/validation.js';

export const CHECKPOINTS = ['half', 'annual'] as const satisfies readonly Checkpoint[];

/** What a caller may say about what was known: an instant (UTC ms) or a position of this store. */
export type Known = { readonly instant: number } | { readonly position: Position };

const INSTANT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;
const POSITION = /^\d{1,18}$/;

/** Reads an instant, a bare date (the end of that day in Asia/Shanghai) or a position; `undefined` for anything else. */
export function parseKnown(text: string): Known | undefined {
  if (POSITION.test(text)) return { position: text as Position };
  const day = parseCivilDate(text);
  if (day !== undefined) return { instant: endOfShanghaiDay(day) };
  const [, date] = INSTANT.exec(text) ?? [];
  const instant = date !== undefined && parseCivilDate(date) !== undefined ? Date.parse(text) : Number.NaN;
  return Number.isNaN(instant) ? undefined : { instant };
}

export const IsKnown = (): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isKnown',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && parseKnown(value) !== undefined,
        defaultMessage: () =>
          'knownAt must be an instant such as 2024-07-01T16:00:00Z, a date (the end of that day in Asia/Shanghai) or a position',
      },
    },
    { context: { code: 'INVALID_KNOWN_AT' } },
  );

const IsPosition = (): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isPosition',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && POSITION.test(value),
        defaultMessage: () => 'atLeast must be a position, as a write answers it',
      },
    },
    { context: { code: 'INVALID_POSITION' } },
  );

/** What every read takes. */
export class FreshnessQuery {
  @ApiPropertyOptional({
    type: String,
    example: '4711',
    description: 'Position of a write that the answer must include: waits up to 5 s for it',
  })
  @IsOptional()
  @IsPosition()
  atLeast?: string;
}

/** What every read of one unit and year takes. */
export class MomentQuery extends FreshnessQuery {
  @ApiPropertyOptional({
    type: String,
    format: 'date',
    example: '2024-06-30',
    description: 'Effective up to and including; default: today in Asia/Shanghai, at most 31 December of the year',
  })
  @IsOptional()
  @IsCivilDate()
  asOf?: string;

  @ApiPropertyOptional({
    enum: CHECKPOINTS,
    example: 'half',
    description: 'Sets asOf: half is 30 June, annual 31 December. Giving both is refused unless they are equal',
  })
  @IsOptional()
  @IsIn(CHECKPOINTS)
  checkpoint?: Checkpoint;

  @ApiPropertyOptional({
    type: String,
    example: '2024-07-01T16:00:00Z',
    description:
      'Recorded up to: an instant, a date (the end of that day in Asia/Shanghai) or a position; default: now',
  })
  @IsOptional()
  @IsKnown()
  knownAt?: string;
}

/**
 * The date that a question is about. Throws 400 `AS_OF_NOT_CHECKPOINT` and 422 `DATE_OUTSIDE_YEAR`. `now` is UTC ms. A year
 * that has not begun is looked at on its first day.
 */
export function asOfOf({ asOf, checkpoint }: MomentQuery, year: number, now: number): CivilDate {
  const given = asOf === undefined ? undefined : civilDate(asOf);
  if (checkpoint !== undefined) {
    const date = checkpointDate(year, checkpoint);
    if (given !== undefined && given !== date) throw notThatCheckpoint(given, checkpoint, date);
    return date;
  }
  if (given === undefined) return within(year, shanghaiDate(now));
  if (yearOf(given) !== year) throw outsideYear('asOf', given, year);
  return given;
}

const within = (year: number, date: CivilDate): CivilDate => {
  if (date < firstDayOf(year)) return firstDayOf(year);
  return date > lastDayOf(year) ? lastDayOf(year) : date;
};

const notThatCheckpoint = (asOf: CivilDate, checkpoint: Checkpoint, date: CivilDate): Problem =>
  invalidRequest([
    {
      parameter: 'asOf',
      code: 'AS_OF_NOT_CHECKPOINT',
      message: `asOf is ${asOf}, the ${checkpoint} checkpoint is ${date}: give one of them, or both equal`,
      checkpointDate: date,
    },
  ]);

/** 422 for a date that cannot be asked for in this year. */
export const outsideYear = (parameter: string, date: CivilDate, year: number): Problem =>
  new Problem(422, 'DATE_OUTSIDE_YEAR', {
    detail: `${date} is not in ${year}; ask the ledger of its own year.`,
    faults: [
      {
        parameter,
        code: 'DATE_OUTSIDE_YEAR',
        message: `${parameter} must be from ${year}-01-01 to ${year}-12-31`,
        year,
      },
    ],
  });
