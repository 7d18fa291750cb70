/** What narrows the journal and the history. */
import { ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { EFFECT_KINDS, type EffectKind } from '#domain/budget/effects.js';
import { civilDate, type CivilDate } from '#domain/calendar.js';
import { parseYuan, type Fen } from '#domain/money.js';
import { LANGUAGES, type Language } from '#domain/sentence.js';
import { invalidRequest, type Fault } from '#platform/problem.js';
import { IsAmountOrZero, IsCivilDate, IsNumberText, IsWords } from '#platform/validation.js';
import type { JournalFilter } from '#read-model/queries/journal.js';
import { MomentQuery } from './moment.js';
import { PageQuery } from './page.js';

export class JournalQuery extends IntersectionType(MomentQuery, PageQuery) {
  @ApiPropertyOptional({ type: String, example: 'P05' })
  @IsOptional()
  @IsNumberText()
  line?: string;

  @ApiPropertyOptional({ enum: EFFECT_KINDS, example: 'paid' })
  @IsOptional()
  @IsIn(EFFECT_KINDS)
  kind?: EffectKind;

  @ApiPropertyOptional({
    type: String,
    example: 'sample',
    description: 'Payee, or who recorded it: the exact name or id',
  })
  @IsOptional()
  @IsWords(200)
  person?: string;

  @ApiPropertyOptional({ type: String, format: 'date', example: '2024-06-01', description: 'Dated from this day on' })
  @IsOptional()
  @IsCivilDate()
  from?: string;

  @ApiPropertyOptional({
    type: String,
    format: 'date',
    example: '2024-06-30',
    description: 'Dated up to this day, in place of asOf; may lie after the year, where take-backs after its close are',
  })
  @IsOptional()
  @IsCivilDate()
  to?: string;

  @ApiPropertyOptional({
    type: String,
    example: '50000.00',
    description: "In yuan, of the amount's size without its sign",
  })
  @IsOptional()
  @IsAmountOrZero()
  minAmount?: string;

  @ApiPropertyOptional({ type: String, example: '100000.00' })
  @IsOptional()
  @IsAmountOrZero()
  maxAmount?: string;

  @ApiPropertyOptional({ type: String, example: 'V-2024-0117', description: 'Number of the paper' })
  @IsOptional()
  @IsNumberText()
  ref?: string;
}

/** The filter that a query means. Throws 400 when its limits leave nothing. */
export function filterOf({ line, kind, person, from, to, minAmount, maxAmount, ref }: JournalQuery): JournalFilter {
  const least = amountOf(minAmount);
  const most = amountOf(maxAmount);
  const faults: Fault[] = [];
  if (from !== undefined && to !== undefined && from > to) {
    faults.push({ parameter: 'to', code: 'EMPTY_RANGE', message: `to must not be before from, ${from}` });
  }
  if (least !== undefined && most !== undefined && least > most) {
    faults.push({
      parameter: 'maxAmount',
      code: 'EMPTY_RANGE',
      message: `maxAmount must not be below minAmount, ${minAmount}`,
    });
  }
  if (faults.length > 0) throw invalidRequest(faults);
  return {
    ...(line === undefined ? {} : { line }),
    ...(kind === undefined ? {} : { kinds: [kind] }),
    ...(person === undefined ? {} : { person }),
    ...(from === undefined ? {} : { from: civilDate(from) }),
    ...(least === undefined ? {} : { minFen: least }),
    ...(most === undefined ? {} : { maxFen: most }),
    ...(ref === undefined ? {} : { ref }),
  };
}

/** The last date listed. */
export const untilOf = ({ to }: JournalQuery, asOf: CivilDate): CivilDate => (to === undefined ? asOf : civilDate(to));

function amountOf(text: string | undefined): Fen | undefined {
  if (text === undefined) return undefined;
  const parsed = parseYuan(text);
  if (typeof parsed === 'string') throw new Error(`an amount passed validation that is none: ${text}`);
  return parsed;
}

export class HistoryQuery extends IntersectionType(MomentQuery, PageQuery) {
  @ApiPropertyOptional({ type: String, example: 'P05', description: 'Only what concerns this line' })
  @IsOptional()
  @IsNumberText()
  line?: string;

  @ApiPropertyOptional({ enum: LANGUAGES, example: 'zh', description: 'Language of the sentences; default: zh' })
  @IsOptional()
  @IsIn(LANGUAGES)
  lang?: Language;
}
