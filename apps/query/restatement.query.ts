/** What may be asked of a restatement: what is known, in which language, page by page. */
import { ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { LANGUAGES, type Language } from '#domain/sentence.js';
import { PageQuery } from './page.js';
import { SealsQuery } from './seals.dto.js';

export class RestatementQuery extends IntersectionType(SealsQuery, PageQuery) {
  @ApiPropertyOptional({ enum: LANGUAGES, example: 'zh', description: 'Of the sentences; default: zh' })
  @IsOptional()
  @IsIn(LANGUAGES)
  lang?: Language;
}
