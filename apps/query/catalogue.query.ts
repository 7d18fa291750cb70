/** Which moment a question about units and years is about. */
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsCivilDate } from '#platform/validation.js';
import { FreshnessQuery, IsKnown } from './moment.js';

export class CatalogueQuery extends FreshnessQuery {
  @ApiPropertyOptional({
    type: String,
    format: 'date',
    example: '2024-06-30',
    description: 'What is valid at this date; without it, see the description',
  })
  @IsOptional()
  @IsCivilDate()
  asOf?: string;

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
