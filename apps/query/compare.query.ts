/** Two moments as a query writes them: `<half|annual|YYYY-MM-DD|seal:N>[@<knownAt>]`. */
import { ApiProperty, ApiPropertyOptional, IntersectionType, PickType } from '@nestjs/swagger';
import { IsIn, IsOptional, ValidateBy } from 'class-validator';
import { type Checkpoint, type CivilDate, checkpointDate, parseCivilDate } from '#domain/calendar.js';
import { LANGUAGES, type Language } from '#domain/sentence.js';
import { CHECKPOINTS, FreshnessQuery, parseKnown } from './moment.js';
import { PageQuery } from './page.js';
import { ScopeQuery } from './scope.js';

/** A date of the year and, as a caller writes it, what was known; or a seal, which fixes both. */
export type MomentAsked =
  { readonly date: Checkpoint | CivilDate; readonly knownAt?: string } | { readonly seal: number };

const isCheckpoint = (text: string): text is Checkpoint => (CHECKPOINTS as readonly string[]).includes(text);

/** The moment that a text stands for, or what is wrong with it. */
export function readMoment(text: string): MomentAsked | { readonly wrong: string } {
  const [before = '', ...after] = text.split('@');
  const knownAt = after.length === 0 ? undefined : after.join('@');
  const [, number] = /^seal:([1-9]\d{0,5})$/.exec(before) ?? [];
  if (number !== undefined) {
    if (knownAt === undefined) return { seal: Number(number) };
    return { wrong: `takes nothing after @: what was known at seal ${number} is fixed` };
  }
  const date = isCheckpoint(before) ? before : parseCivilDate(before);
  if (date === undefined) return { wrong: 'must begin with half, annual, a date that exists (YYYY-MM-DD) or seal:N' };
  if (knownAt === undefined) return { date };
  if (parseKnown(knownAt) === undefined) {
    return { wrong: 'must have after @ an instant such as 2024-07-01T16:00:00Z, a date or a position' };
  }
  return { date, knownAt };
}

/** Throws on a text that did not pass validation. */
export function momentOfText(text: string): MomentAsked {
  const asked = readMoment(text);
  if ('wrong' in asked) throw new Error(`a moment passed validation that is none: ${text}`);
  return asked;
}

export const dateIn = (year: number, date: Checkpoint | CivilDate): CivilDate =>
  isCheckpoint(date) ? checkpointDate(year, date) : date;

const wrongWords = (value: unknown): string | undefined => {
  if (typeof value !== 'string') return 'must be given once';
  const asked = readMoment(value);
  return 'wrong' in asked ? asked.wrong : undefined;
};

const IsMoment = (): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isMoment',
      validator: {
        validate: (value: unknown) => wrongWords(value) === undefined,
        defaultMessage: (args) => `${args?.property} ${wrongWords(args?.value)}`,
      },
    },
    { context: { code: 'INVALID_MOMENT' } },
  );

const GRAMMAR =
  '`half`, `annual` or a date, and after `@` what was known: an instant, a date (the end of that day in Asia/Shanghai) or a ' +
  'position; without it: now. Or `seal:N`: the date through which seal N seals, as known when it was sealed';

export class CompareQuery extends IntersectionType(
  FreshnessQuery,
  PickType(ScopeQuery, ['funds', 'expenditure'] as const),
  PageQuery,
) {
  @ApiProperty({ type: String, example: 'half@2024-06-30', description: GRAMMAR })
  @IsMoment()
  a: string;

  @ApiPropertyOptional({
    type: String,
    example: 'half@2024-07-31',
    description: 'Written like `a`; default: the date of `a`, as known now',
  })
  @IsOptional()
  @IsMoment()
  b?: string;

  @ApiPropertyOptional({ enum: LANGUAGES, example: 'zh', description: 'Language of the events; default: zh' })
  @IsOptional()
  @IsIn(LANGUAGES)
  lang?: Language;
}
