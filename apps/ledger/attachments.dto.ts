/** What is said about evidence files. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { NAME, NAME_RULE } from './attachment-name.js';

export const SHA256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

export class KeptAttachmentDto {
  @ApiProperty({ example: SHA256, description: 'Of the bytes, hex: what evidence names it by' })
  sha256: string;
  @ApiProperty({ example: 48_213 })
  bytes: number;
  @ApiProperty({ example: '验收单.pdf', description: 'As sent' })
  name: string;
  @ApiProperty({ example: 'application/pdf', description: 'By what the file holds' })
  mediaType: string;
}

export class AttachmentQuery {
  @ApiPropertyOptional({
    example: '验收单.pdf',
    description: 'Name to save it under; default the one it was first sent with',
  })
  @IsOptional()
  @Matches(NAME, { message: `name ${NAME_RULE}` })
  name?: string;
}
