/** How an official form is asked for. */
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { MomentQuery } from './moment.js';
import { STAGES, type StageText } from './stage.js';
import { IsSubmission } from './submission.query.js';

export const FORMS = ['targets', 'monitoring', 'self-evaluation'] as const;
export type FormName = (typeof FORMS)[number];
const FORMATS = ['xlsx', 'html'] as const;
const UNITS = ['wan', 'yuan'] as const;

export class FormsQuery extends MomentQuery {
  @ApiPropertyOptional({ enum: FORMATS, example: 'xlsx', description: 'A workbook, or a page to print; default xlsx' })
  @IsOptional()
  @IsIn(FORMATS)
  format?: (typeof FORMATS)[number];

  @ApiPropertyOptional({ enum: UNITS, example: 'wan', description: 'Amounts in 万元 or 元; default wan' })
  @IsOptional()
  @IsIn(UNITS)
  unit?: (typeof UNITS)[number];

  @ApiPropertyOptional({
    enum: STAGES,
    example: '6',
    description: 'Monitoring: months 1 to N; default: the month of asOf',
  })
  @IsOptional()
  @IsIn(STAGES)
  stage?: StageText;

  @ApiPropertyOptional({
    type: String,
    example: '1',
    description: 'Monitoring and self-evaluation: as it was submitted under this number; default: as it would be now',
  })
  @IsSubmission()
  submission?: string;
}
