/** Evidence files in and out. They are handed out to be saved, never to be shown by a browser. */
import { Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { invalidRequest, Problem } from '#platform/problem.js';
import { ACCEPTED_KINDS, kindOf, recogniseAttachment } from './attachment-kinds.js';
import { savedAs } from './attachment-name.js';
import { readAttachment } from './attachment-upload.js';
import { AttachmentQuery, KeptAttachmentDto, SHA256 } from './attachments.dto.js';
import type { Attachments } from './attachments.js';
import { meets } from './operation.js';

export const ATTACHMENTS = Symbol('attachments');

const FILE_BODY = {
  required: true,
  content: {
    'multipart/form-data': {
      schema: {
        type: 'object' as const,
        required: ['file'],
        properties: {
          file: { type: 'string' as const, format: 'binary', description: `${ACCEPTED_KINDS}, at most 20 MiB` },
        },
      },
    },
  },
};

@ApiTags('record')
@Controller('api/v1/attachments')
export class AttachmentsController {
  constructor(@Inject(ATTACHMENTS) private readonly attachments: Attachments) {}

  @Post()
  @ApiOperation({ summary: 'Keep a file of evidence; the same file again changes nothing', requestBody: FILE_BODY })
  @ApiResponse({ status: 201, description: 'Kept', type: KeptAttachmentDto })
  @ApiResponse({ status: 200, description: 'It was kept already', type: KeptAttachmentDto })
  @meets(400, 'There is not exactly one file with a name')
  @meets(413, 'The file is larger than 20 MiB')
  @meets(415, 'The body is not multipart/form-data')
  @meets(422, 'The file is of no kind that is accepted')
  @meets(503, 'The files cannot be reached; the same request may be sent again')
  async keep(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<KeptAttachmentDto> {
    const { name, content } = await readAttachment(request);
    const kind = recogniseAttachment(content);
    if (kind === undefined) {
      throw new Problem(422, 'ATTACHMENT_KIND_NOT_ACCEPTED', {
        detail: `The file is none of those that are kept as evidence: ${ACCEPTED_KINDS}. What it holds counts, not its name.`,
      });
    }
    const { known, sha256, bytes, mediaType } = await this.attachments.keep({
      name,
      content,
      mediaType: kind.mediaType,
    });
    if (known) void reply.code(200);
    return { sha256, bytes, name, mediaType };
  }

  @Get(':sha256')
  @ApiOperation({ summary: 'A file of evidence, checked against its digest, to be saved' })
  @ApiParam({ name: 'sha256', type: String, example: SHA256 })
  @ApiResponse({
    status: 200,
    description: 'The file',
    content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
    headers: {
      'Content-Disposition': { schema: { type: 'string' }, description: 'attachment, with the name' },
      'X-Content-Type-Options': { schema: { type: 'string', example: 'nosniff' } },
    },
  })
  @meets(400, 'The digest or the name is malformed')
  @meets(404, 'No such file is kept')
  @meets(500, 'What is kept is not what the digest names: ATTACHMENT_DAMAGED')
  @meets(503, 'The files cannot be reached')
  async find(
    @Param('sha256') sha256: string,
    @Query() query: AttachmentQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!/^[0-9a-f]{64}$/.test(sha256)) {
      const message = 'sha256 must be 64 hexadecimal digits in small letters';
      throw invalidRequest([{ parameter: 'sha256', code: 'INVALID_VALUE', message }]);
    }
    const found = await this.attachments.find(sha256);
    if (found === undefined) {
      throw new Problem(404, 'UNKNOWN_ATTACHMENT', { detail: 'No file with this digest is kept.', sha256 });
    }
    const kind = kindOf(found.mediaType);
    if (kind === undefined) throw new Error(`attachment ${sha256} is of kind ${found.mediaType}, which nobody writes`);
    await reply
      .headers({
        'content-type': kind.mediaType,
        'content-disposition': savedAs(query.name ?? found.name, kind),
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
        'cache-control': 'private, no-cache',
      })
      .send(found.content);
  }
}
