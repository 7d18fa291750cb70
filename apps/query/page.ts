/** Lists that come page by page, all pages as they stood when the first was answered. */
import { createHash } from 'node:crypto';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength, ValidateBy } from 'class-validator';
import type { Position } from '#domain/envelope.js';
import { decodeCursor, encodeCursor, type Cursor } from './cursor.js';
import type { Known } from './moment.js';
import type { Place } from './place.js';

const PAGE = 100;
const LARGEST_PAGE = 1_000;

const IsLimit = (): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isLimit',
      validator: {
        validate: (value: unknown) =>
          typeof value === 'string' && /^[1-9]\d{0,3}$/.test(value) && Number(value) <= LARGEST_PAGE,
        defaultMessage: () => `limit must be a count from 1 to ${LARGEST_PAGE}`,
      },
    },
    { context: { code: 'INVALID_LIMIT' } },
  );

export class PageQuery {
  @ApiPropertyOptional({ type: String, example: '100', description: `Entries on a page, at most ${LARGEST_PAGE}` })
  @IsOptional()
  @IsLimit()
  limit?: string;

  @ApiPropertyOptional({
    type: String,
    description: '`next` of the page before; everything else as it was asked for the first page',
  })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  cursor?: string;
}

/** A page asked for: how long, and where it goes on. */
export interface Paging {
  readonly limit: number;
  readonly after?: Cursor['after'];
  /** Where the first page was answered, in place of the query's own known-at. */
  readonly known?: Known;
  /** The cursor for what follows. */
  readonly next: (position: Position | 'start', after: Cursor['after']) => string;
}

/**
 * Reads `limit` and `cursor`. `list` and all else that the query says make the question that a cursor belongs to. `places` is
 * how many values name a place in the list. Throws 400 `INVALID_CURSOR`.
 */
export function pagingOf(
  query: PageQuery & { readonly atLeast?: string },
  { list, place, places }: { readonly list: string; readonly place: Place; readonly places: number },
): Paging {
  const { limit, cursor, atLeast: _atLeast, ...asked } = query;
  const words = Object.entries(asked).filter(([, value]) => value !== undefined);
  const question = createHash('sha256')
    .update(JSON.stringify([list, place.unit, place.year, ...words.sort(([a], [b]) => (a < b ? -1 : 1))]))
    .digest('base64url')
    .slice(0, 12);
  const from = cursor === undefined ? undefined : decodeCursor(cursor, question, places);
  return {
    limit: limit === undefined ? PAGE : Number(limit),
    ...(from === undefined ? {} : { after: from.after, known: { position: from.position } }),
    next: (position, after) => encodeCursor({ question, position: position as Position, after }),
  };
}
