/** What the import answers. Amounts are decimal strings of yuan. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IMPORT_KINDS } from './upload.js';

const ID = '9f1c2a7e5b3d4c6f8091a2b3c4d5e6f7';
export const FINGERPRINT = '7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730';

class ControlDto {
  @ApiProperty({ example: 'total-of-income' })
  check: string;
  @ApiProperty({ example: '收入合计' })
  name: string;
  @ApiProperty({ example: '2061422400.00', description: 'As printed' })
  expected: string;
  @ApiProperty({ type: String, nullable: true, example: '2061422400.00', description: 'As added up' })
  actual: string | null;
  @ApiProperty({ example: true })
  ok: boolean;
}

class InferenceDto {
  @ApiProperty({ example: 'date of approval' })
  what: string;
  @ApiProperty({ example: '2024-01-01' })
  value: string;
  @ApiProperty({ example: 'the file names none' })
  why: string;
}

class DifferenceDto {
  @ApiProperty({ example: 'original budget of P01' })
  what: string;
  @ApiProperty({ example: '92080000.00' })
  stored: string;
  @ApiProperty({ example: '92090000.00' })
  file: string;
}

/** Facts of the code stand beside these. */
class ProblemAtDto {
  @ApiProperty({ example: '第 47 行, amount', description: 'Place in the file' })
  at: string;
  @ApiProperty({ example: 'AMOUNT_NOT_DECIMAL' })
  code: string;
  @ApiProperty({ example: 'Not a plain decimal. Write it without separators.' })
  message: string;
}

class RefusedRowDto {
  @ApiProperty({ type: Number, nullable: true, example: 502, description: 'The header is row 1; null: no single row' })
  row: number | null;
  @ApiProperty({ example: 'YEAR_CLOSED' })
  code: string;
  @ApiProperty({ example: '2024 is closed; reopen the year first, or book in an open one' })
  message: string;
}

class WrittenStreamDto {
  @ApiProperty({ example: 'budget-U0001-2024' })
  stream: string;
  @ApiProperty({ example: 21 })
  revision: number;
}

export class ImportProgressDto {
  @ApiProperty({ enum: ['previewed', 'booking', 'booked', 'partly'], example: 'booked' })
  state: string;
  @ApiProperty({ example: 20, description: 'Rows that are booked; of a table its lines' })
  booked: number;
  @ApiProperty({ example: 0, description: 'Rows that are not booked, those refused among them' })
  left: number;
  @ApiProperty({ example: 23, description: 'Events that the last confirmation wrote' })
  written: number;
  @ApiProperty({ type: () => [RefusedRowDto], description: 'Every fault of the command that ended the booking' })
  refused: RefusedRowDto[];
  @ApiProperty({ type: () => [WrittenStreamDto] })
  writes: WrittenStreamDto[];
  @ApiPropertyOptional({ example: '24', description: 'Give it as atLeast to a read that must include the booking' })
  position?: string;
}

export class ImportPreviewDto {
  @ApiProperty({ example: ID })
  id: string;
  @ApiProperty({ example: '3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855e' })
  sha256: string;
  @ApiProperty({ example: FINGERPRINT, description: 'Of all that would be booked; the ETag. Confirm with If-Match' })
  fingerprint: string;
  @ApiProperty({ enum: IMPORT_KINDS, example: 'table' })
  kind: string;
  @ApiPropertyOptional({ example: 'U0001' })
  unit?: string;
  @ApiPropertyOptional({ example: '市土地储备中心' })
  unitName?: string;
  @ApiPropertyOptional({ example: true, description: 'The unit will be registered' })
  newUnit?: boolean;
  @ApiPropertyOptional({ example: 2024 })
  year?: number;
  @ApiProperty({
    type: 'object',
    additionalProperties: { oneOf: [{ type: 'integer' }, { type: 'string', enum: ['none'] }] },
    example: { 'budget-U0001-2024': 'none' },
    description: 'Streams seen, by revision',
  })
  revisions: object;
  @ApiProperty({
    type: [Object],
    example: [{ line: 'P01', name: '征地补偿', expenditure: 'project', original: '92080000.00' }],
    description: 'The first rows; rowCount has how many there are',
  })
  rows: object[];
  @ApiProperty({ example: 20 })
  rowCount: number;
  @ApiPropertyOptional({ example: 81, description: 'Of a table' })
  indicatorCount?: number;
  @ApiProperty({ example: 0, description: 'Rows that are booked already' })
  repeats: number;
  @ApiProperty({ type: () => [ControlDto], description: 'Control totals: printed against computed' })
  controls: ControlDto[];
  @ApiProperty({ type: () => [ProblemAtDto], example: [], description: 'What is worth knowing and refuses nothing' })
  notes: ProblemAtDto[];
  @ApiProperty({ type: () => [InferenceDto], description: 'What was inferred, and why' })
  inferences: InferenceDto[];
  @ApiProperty({ type: () => [DifferenceDto], example: [], description: 'What the file says otherwise than the books' })
  differences: DifferenceDto[];
  @ApiProperty({ type: () => [ProblemAtDto], example: [], description: 'What keeps the file from being booked' })
  problems: ProblemAtDto[];
  @ApiProperty({ example: 0, description: 'At most 1,000 are listed' })
  problemCount: number;
  @ApiProperty({ example: true })
  confirmable: boolean;
}

export class ImportStateDto extends ImportPreviewDto {
  @ApiProperty({ type: () => ImportProgressDto })
  progress: ImportProgressDto;
}

export class ImportBookedDto extends ImportProgressDto {
  @ApiProperty({ example: ID })
  id: string;
}
