/** What stands behind a result or a base fact. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min, ValidateNested } from 'class-validator';
import type { Evidence } from '#domain/performance/events.js';
import { IsNumberText, IsWords } from '#platform/validation.js';
import { NAME, NAME_RULE } from './attachment-name.js';
import { MAX_ATTACHMENT_BYTES } from './attachments.js';
import { SHA256 } from './attachments.dto.js';
import { documentOf, NestedArray, NewDocumentDto, optional } from './parts.dto.js';

export class NewAttachmentDto {
  @ApiProperty({ example: SHA256, description: 'As POST /api/v1/attachments answered' })
  @Matches(/^[0-9a-f]{64}$/, { message: 'sha256 must be 64 hexadecimal digits in small letters' })
  sha256: string;

  @ApiProperty({ example: 48_213 })
  @IsInt()
  @Min(1)
  @Max(MAX_ATTACHMENT_BYTES)
  bytes: number;

  @ApiProperty({ example: '验收单.pdf' })
  @Matches(NAME, { message: `name ${NAME_RULE}` })
  name: string;
}

export class NewEvidenceDto {
  @ApiProperty({ example: '竣工验收单', description: 'What was seen' })
  @IsWords(300)
  title: string;

  @ApiPropertyOptional({ type: () => NewDocumentDto })
  @IsOptional()
  @ValidateNested()
  @Type(() => NewDocumentDto)
  document?: NewDocumentDto;

  @ApiPropertyOptional({ example: 'V-2024-0117' })
  @IsOptional()
  @IsNumberText()
  voucherNo?: string;

  @ApiPropertyOptional({ type: () => NewAttachmentDto, description: 'A file that is kept' })
  @IsOptional()
  @ValidateNested()
  @Type(() => NewAttachmentDto)
  attachment?: NewAttachmentDto;
}

/** Member `evidence` of a body. */
export class EvidencedDto {
  @ApiPropertyOptional({ type: () => [NewEvidenceDto] })
  @IsOptional()
  @NestedArray(() => NewEvidenceDto, 20)
  evidence?: NewEvidenceDto[];
}

export const evidenceOf = ({ evidence = [] }: EvidencedDto): Evidence[] =>
  evidence.map(({ title, document, voucherNo, attachment }) => ({
    title,
    ...optional('document', documentOf(document)),
    ...optional('voucherNo', voucherNo),
    ...optional(
      'attachment',
      attachment && { sha256: attachment.sha256, bytes: attachment.bytes, name: attachment.name },
    ),
  }));
