/** Files in: preview, confirmation, progress. */
import { Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Imports } from './imports.js';
import { ImportBookedDto, ImportPreviewDto, meets } from './operation.js';
import { IMPORT_KINDS, readUpload } from './upload.js';

@ApiTags('import')
@Controller('api/v1/imports')
export class ImportsController {
  constructor(private readonly imports: Imports) {}

  @Post()
  @ApiOperation({ summary: 'Read a file and show what it would book; books nothing' })
  @ApiConsumes('multipart/form-data', 'text/csv', 'application/json')
  @ApiBody({ schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } } })
  @ApiQuery({ name: 'kind', required: false, enum: IMPORT_KINDS, description: 'Default: told from the first line' })
  @ApiQuery({ name: 'unit', required: false, example: 'U0001', description: 'CSV: required' })
  @ApiQuery({ name: 'year', required: false, example: 2024, description: 'CSV: required' })
  @ApiQuery({ name: 'approvedOn', required: false, example: '2024-01-20', description: 'Table: date of approval' })
  @ApiQuery({ name: 'fund', required: false, example: 'P01=general-public', isArray: true })
  @ApiResponse({ status: 201, description: 'The preview', type: ImportPreviewDto })
  @meets(400, 'A parameter is malformed')
  @meets(413, 'The file is too large')
  @meets(415, 'Not a media type that is read here')
  async preview(@Req() request: FastifyRequest): Promise<object> {
    return this.imports.preview(await readUpload(request));
  }

  @Post(':id/confirmation')
  @HttpCode(200)
  @ApiOperation({ summary: 'Book what the preview showed; repeating it changes nothing' })
  @ApiResponse({ status: 200, description: 'What was booked', type: ImportBookedDto })
  @meets(404, 'No such preview here')
  @meets(409, 'The books have moved and the preview would be another one')
  @meets(422, 'The file has problems')
  confirm(@Param('id') id: string, @Req() request: FastifyRequest): Promise<object> {
    return this.imports.confirm(id, request.id);
  }

  @Get(':id')
  @ApiOperation({ summary: 'A preview and how far its booking is' })
  @ApiResponse({ status: 200, description: 'The preview and its progress', type: ImportPreviewDto })
  @meets(404, 'No such preview here')
  find(@Param('id') id: string): object {
    return this.imports.find(id);
  }
}
