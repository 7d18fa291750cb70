/** The treasury's notices that could not be booked yet: the list of them, another try, and a person's decision against one. */
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Problem } from '#platform/problem.js';
import { meets } from './operation.js';
import { TreasuryDesk } from './treasury-desk.js';
import { DismissalDto, presentEntry, trayAsked, TrayDto, TrayEntryDto, TrayQuery } from './treasury.dto.js';
import type { TrayPlace } from './treasury-tray.js';

const ID = '9a0fb1c8-55d4-5a35-9b40-5d0a6dd42f0e';

@ApiTags('treasury')
@Controller('api/v1/treasury/tray')
export class TreasuryController {
  constructor(private readonly desk: TreasuryDesk) {}

  @Get()
  @ApiOperation({ summary: 'Notices of the treasury that wait to be booked, such as those of a closed year' })
  @ApiResponse({ status: 200, description: 'In the order in which they came', type: TrayDto })
  @meets(400, 'A parameter is malformed or not known')
  @meets(503, 'The tray cannot be reached')
  async list(@Query() query: TrayQuery): Promise<TrayDto> {
    const { filter, limit, after } = trayAsked(query);
    const found = await this.desk.list(filter, { limit: limit + 1, ...(after === undefined ? {} : { after }) });
    const entries = found.slice(0, limit);
    const last = entries.at(-1);
    return {
      entries: entries.map(presentEntry),
      ...(found.length > limit && last !== undefined ? { next: String(last.order) } : {}),
    };
  }

  @Post(':id/retry')
  @HttpCode(200)
  @ApiOperation({ summary: 'Try to book it now, also when it was dismissed; what is booked stays' })
  @ApiParam({ name: 'id', type: String, example: ID })
  @ApiResponse({ status: 200, description: 'What became of it', type: TrayEntryDto })
  @meets(404, 'There is no such notice in the tray')
  @meets(503, 'The log or the tray cannot be reached; the same request may be sent again')
  async retry(@Param('id') id: string): Promise<TrayEntryDto> {
    return presentEntry(found(id, isId(id) ? await this.desk.retry(id) : undefined));
  }

  @Post(':id/dismissal')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Decide that it is not to be booked; it stays in the list of the dismissed and can be retried',
  })
  @ApiParam({ name: 'id', type: String, example: ID })
  @ApiResponse({ status: 200, description: 'What became of it; what is booked stays booked', type: TrayEntryDto })
  @meets(400, 'The reason is missing or malformed')
  @meets(404, 'There is no such notice in the tray')
  @meets(503, 'The tray cannot be reached; the same request may be sent again')
  async dismiss(@Param('id') id: string, @Body() { reason }: DismissalDto): Promise<TrayEntryDto> {
    return presentEntry(found(id, isId(id) ? await this.desk.dismiss(id, reason) : undefined));
  }
}

const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

function found(id: string, entry: TrayPlace | undefined): TrayPlace {
  if (entry !== undefined) return entry;
  throw new Problem(404, 'UNKNOWN_NOTICE', {
    detail: 'There is no such notice in the tray. GET /api/v1/treasury/tray lists them.',
    id,
  });
}
