/** Projecting a parked stream again: it needs the projector, which the read side does not have. */
import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { notParked, Parking } from './parking.js';
import { RETRY_EXAMPLE, RetryDto } from './retry.dto.js';

@ApiTags('maintain')
@Controller('api/v1/parked')
export class ParkingController {
  constructor(private readonly parking: Parking) {}

  @Post(':stream/retry')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Project a parked stream again from where it stopped',
    description:
      'Answers whether it goes on, what still stops it, and what it changed in the figures of its unit and year.',
  })
  @ApiParam({ name: 'stream', type: String, example: 'budget-U0001-2024' })
  @ApiResponse({ status: 200, type: RetryDto, example: RETRY_EXAMPLE })
  @ApiResponse({
    status: 404,
    description: 'NOT_PARKED',
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        example: notParked('budget-U0001-2024').body(),
      },
    },
  })
  retry(@Param('stream') stream: string): Promise<RetryDto> {
    return this.parking.retry(stream);
  }
}
