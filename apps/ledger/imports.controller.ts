/** Files in: preview, confirmation, progress. */
import { Controller, Get, Headers, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { traceOf, traceparentOf } from '#platform/trace.js';
import { Imports, type Preview } from './imports.js';
import { FINGERPRINT, ImportBookedDto, ImportPreviewDto, ImportStateDto } from './imports.dto.js';
import { meets } from './operation.js';
import { IMPORT_KINDS, readUpload } from './upload.js';

const CSV_EXAMPLE =
  'voucherNo,effectiveDate,line,amount,payee,purpose\nV-2024-0117,2024-06-28,P01,92080.00,某公司,货款\n';

/** The file, in each of the ways in which it may be sent. */
const FILE_BODY = {
  required: true,
  content: {
    'multipart/form-data': {
      schema: {
        type: 'object' as const,
        required: ['file'],
        description: 'The parameters of the query may be sent as fields instead, each once, fund several times',
        properties: {
          file: {
            type: 'string' as const,
            format: 'binary',
            description: 'Text of a printed table, an official form as xlsx, JSON or CSV',
          },
          kind: { type: 'string' as const, enum: [...IMPORT_KINDS] },
          unit: { type: 'string' as const, example: 'U0001' },
          year: { type: 'string' as const, example: '2024' },
          approvedOn: { type: 'string' as const, format: 'date', example: '2024-01-20' },
          fund: { type: 'array' as const, items: { type: 'string' as const }, example: ['P01=general-public'] },
        },
      },
    },
    'text/csv': { schema: { type: 'string' as const }, example: CSV_EXAMPLE },
    'application/json': {
      schema: { type: 'object' as const, additionalProperties: true, description: 'The JSON form of a table' },
    },
  },
};

const ETAG = {
  ETag: {
    description: 'The fingerprint of the preview, quoted: If-Match of the confirmation',
    schema: { type: 'string' as const, example: `"${FINGERPRINT}"` },
  },
};

@ApiTags('import')
@Controller('api/v1/imports')
export class ImportsController {
  constructor(private readonly imports: Imports) {}

  @Post()
  @ApiOperation({ summary: 'Read a file and show what it would book; books nothing', requestBody: FILE_BODY })
  @ApiQuery({
    name: 'kind',
    required: false,
    enum: IMPORT_KINDS,
    example: 'table',
    description: 'Default: by what it holds',
  })
  @ApiQuery({ name: 'unit', required: false, type: String, example: 'U0001', description: 'CSV: required' })
  @ApiQuery({ name: 'year', required: false, type: String, example: '2024', description: 'CSV: required' })
  @ApiQuery({
    name: 'approvedOn',
    required: false,
    type: String,
    example: '2024-01-20',
    description: 'Table: its date',
  })
  @ApiQuery({
    name: 'fund',
    required: false,
    type: [String],
    example: ['P01=general-public'],
    description: 'Table: fund nature of a line, by its id or name',
  })
  @ApiResponse({ status: 201, description: 'The preview', type: ImportPreviewDto, headers: ETAG })
  @meets(400, 'A parameter is malformed, not known or repeated')
  @meets(404, 'No such unit')
  @meets(413, 'The file is too large')
  @meets(415, 'Not a media type that is read here')
  @meets(503, 'The log cannot be reached; the same file may be sent again')
  async preview(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Preview> {
    return tagged(reply, await this.imports.preview(await readUpload(request, this.imports.open)));
  }

  @Post(':id/confirmation')
  @HttpCode(200)
  @ApiOperation({ summary: 'Book what the preview showed; repeating it changes nothing, and goes on where it stopped' })
  @ApiParam({ name: 'id', type: String, example: '9f1c2a7e5b3d4c6f8091a2b3c4d5e6f7' })
  @ApiHeader({
    name: 'If-Match',
    required: true,
    description: 'ETag of the preview that was agreed to',
    schema: { type: 'string', example: `"${FINGERPRINT}"` },
  })
  @ApiResponse({ status: 200, description: 'What was booked, and what was not', type: ImportBookedDto })
  @meets(400, 'If-Match is malformed')
  @meets(404, 'No such preview here')
  @meets(409, 'It is being booked, or the books have moved and the preview would be another one')
  @meets(412, 'If-Match names another preview of this file')
  @meets(422, 'The file has problems')
  @meets(428, 'If-Match is missing')
  @meets(503, 'The log cannot be reached; the same request may be sent again')
  confirm(
    @Param('id') id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Req() request: FastifyRequest,
  ): Promise<object> {
    const traceparent = traceparentOf(traceOf(request.raw));
    return this.imports.confirm(id, ifMatch, { correlationId: request.id, traceparent });
  }

  @Get(':id')
  @ApiOperation({ summary: 'A preview and how far its booking is' })
  @ApiParam({ name: 'id', type: String, example: '9f1c2a7e5b3d4c6f8091a2b3c4d5e6f7' })
  @ApiResponse({ status: 200, description: 'The preview and its progress', type: ImportStateDto, headers: ETAG })
  @meets(404, 'No such preview here')
  async find(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<Preview> {
    return tagged(reply, await this.imports.find(id));
  }
}

function tagged(reply: FastifyReply, preview: Preview): Preview {
  void reply.header('etag', `"${preview.fingerprint}"`);
  return preview;
}
