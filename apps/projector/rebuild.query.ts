/** What a rebuild may be asked for. */
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';

export class RebuildQuery {
  @ApiPropertyOptional({
    enum: ['true', 'false'],
    description: 'true: compares the new read models with those in use and throws them away',
  })
  @IsOptional()
  @IsIn(['true', 'false'])
  dryRun?: 'true' | 'false';
}
