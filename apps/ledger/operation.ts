/** How a write is described in OpenAPI: the headers all writes share, their answer, and the problems they can meet. */
import { applyDecorators, HttpCode, type Type } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiProperty, ApiPropertyOptional, ApiQuery, ApiResponse } from '@nestjs/swagger';

export class RecordedEventDto {
  @ApiPropertyOptional({ example: '5f3c1b1e-8f0e-5c1a-9a53-0c2f3c7f1a10' })
  id?: string;
  @ApiProperty({ example: 'PaymentExecuted' })
  type: string;
  @ApiProperty({ example: 1 })
  version: number;
  @ApiPropertyOptional({ example: 41, description: 'Place in its stream, counted from 0' })
  revision?: number;
  @ApiProperty({ example: '2024-06-28' })
  effectiveDate: string;
  @ApiPropertyOptional({ example: '2024-06-28' })
  belongsTo?: string;
  @ApiPropertyOptional({ example: '2024-06-28T02:11:05.120Z' })
  recordedAt?: string;
  @ApiProperty({
    type: Object,
    example: { voucherNo: 'V-2024-0117', line: 'P01', amount: '92080.00', overdrawn: false },
  })
  data: object;
}

export class WriteAnswerDto {
  @ApiProperty({ example: 'budget-U0001-2024' })
  stream: string;
  @ApiProperty({ example: 41, description: 'Revision of the last event of this write' })
  revision: number;
  @ApiProperty({ example: '1042', description: 'Give it as atLeast to a read that must include this write' })
  position: string;
  @ApiProperty({ example: false, description: 'The key was used before: this is its first answer again' })
  replayed: boolean;
  @ApiProperty({ example: false, description: 'An equal entry was booked before, under another key' })
  unchanged: boolean;
  @ApiProperty({ type: () => [RecordedEventDto] })
  events: RecordedEventDto[];
}

export class TrialAnswerDto {
  @ApiProperty({ enum: [true] })
  dryRun: true;
  @ApiProperty({ type: () => [RecordedEventDto] })
  events: RecordedEventDto[];
  @ApiPropertyOptional({
    type: Object,
    description: 'Every rate at the first checkpoint that the events can change, before and after',
    example: {
      asOf: '2024-06-30',
      checkpoint: 'half',
      rates: [
        { metric: 'execution-rate', scope: { funds: 'all', expenditure: 'all' }, before: '42.77', after: '42.78' },
      ],
    },
  })
  effect?: object;
}

interface Described {
  readonly summary: string;
  readonly description?: string;
  /** What a trial answers, when it is more than usual. */
  readonly trial?: Type;
  readonly ifMatch?: 'required';
  readonly status?: 200 | 201;
}

/** A problem that an operation can meet; its schema is the one of every answer that is not a success. */
export const meets = (status: number, description: string): MethodDecorator =>
  ApiResponse({
    status,
    description,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  });

/** A write operation. */
export const WriteOperation = ({
  summary,
  description,
  trial = TrialAnswerDto,
  ifMatch,
  status = 201,
}: Described): MethodDecorator =>
  applyDecorators(
    HttpCode(status),
    ApiOperation({ summary, ...(description === undefined ? {} : { description }) }),
    ApiHeader({ name: 'Idempotency-Key', required: true, example: 'k-0001', description: 'Not needed with dryRun' }),
    ApiHeader({
      name: 'If-Match',
      required: ifMatch === 'required',
      example: '"41"',
      description: 'The Stream-Revision that the caller saw; 412 when the stream has moved on',
    }),
    ApiQuery({
      name: 'dryRun',
      required: false,
      enum: ['true', 'false'],
      description: 'Answers what would be written and its effect on every rate; writes nothing',
    }),
    ApiResponse({
      status,
      description: 'Recorded',
      type: WriteAnswerDto,
      headers: {
        'Stream-Revision': { schema: { type: 'string' }, description: 'Revision of the last event of this write' },
        'Idempotency-Replayed': { schema: { type: 'string' }, description: 'true when the key was used before' },
      },
    }),
    ...(status === 200
      ? []
      : [ApiResponse({ status: 200, description: 'With dryRun: what would be written', type: trial })]),
    meets(400, 'The request is malformed'),
    meets(404, 'No such unit or number'),
    meets(409, 'A rule says no as things stand'),
    meets(412, 'The stream has moved on since the revision in If-Match'),
    meets(422, 'It can never be right, or the key was used for another request'),
    ...(ifMatch === 'required' ? [meets(428, 'If-Match is missing')] : []),
    meets(413, 'The body is too large'),
    meets(415, 'The body is not JSON'),
    meets(503, 'The log cannot be reached; the same request may be sent again'),
  );
