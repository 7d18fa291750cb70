import 'reflect-metadata';
import { Body, Controller, Get, HttpCode, Module, Param, Post, Query, Req } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Type } from 'class-transformer';
import { ArrayMinSize, IsInt, IsOptional, IsString, Matches, ValidateNested } from 'class-validator';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { HealthChecks } from '#platform/health.js';
import { createHttpApp, listenOnLoopback, PortTaken } from '#platform/http.js';
import { createLogger } from '#platform/logging.js';
import { createMetrics } from '#platform/metrics.js';
import { Problem, type ProblemBody } from '#platform/problem.js';
import { MAX_FILE_BYTES, MAX_JSON_BYTES } from '#platform/request-body.js';

class LineDto {
  @ApiProperty({ example: 'P01' })
  @IsString()
  line!: string;

  @ApiProperty({ example: '120.00' })
  @Matches(/^\d+(\.\d{1,2})?$/, { message: 'amount must be a decimal string', context: { code: 'AMOUNT_NOT_DECIMAL' } })
  amount!: string;

  @ApiProperty({ nullable: true, type: String, required: false })
  @IsOptional()
  @IsString()
  note?: string | null;
}

class SourceDto {
  @ApiProperty()
  @IsString()
  name!: string;
}

class PlanDto {
  @ApiProperty()
  @IsString()
  document!: string;

  @ApiProperty({ required: false })
  @IsOptional()
  @ValidateNested()
  @Type(() => SourceDto)
  source?: SourceDto;

  @ApiProperty({ type: [LineDto] })
  @ArrayMinSize(1)
  @ValidateNested({ each: true })
  @Type(() => LineDto)
  lines!: LineDto[];
}

class RangeDto {
  @ApiProperty({ required: false })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  limit?: number;
}

class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  readonly outcome = 'unknown';
}

@Controller('api/v1')
class SampleController {
  @Post('plans')
  @HttpCode(201)
  plan(@Body() plan: PlanDto) {
    return { lines: plan.lines.length, typed: plan instanceof PlanDto && plan.lines[0] instanceof LineDto };
  }

  @Get('plans')
  list(@Query() range: RangeDto) {
    return { limit: range.limit ?? null };
  }

  @Post('files')
  @HttpCode(200)
  file(@Body() body: Buffer) {
    return { bytes: body.length };
  }

  @Post('uploads')
  @HttpCode(200)
  async upload(@Req() request: { file(): Promise<{ filename: string; toBuffer(): Promise<Buffer> }> }) {
    const file = await request.file();
    return { name: file.filename, bytes: (await file.toBuffer()).length };
  }

  @Get('failures/:kind')
  fail(@Param('kind') kind: string) {
    if (kind === 'rule') throw new Problem(409, 'LINE_OVERDRAWN', { line: 'P01', available: '10.00' });
    if (kind === 'disk') {
      const full = Object.assign(new Error('could not extend file "base/16385/16402"'), { code: '53100' });
      throw Object.assign(new StoreUnavailable('refused'), { outcome: 'refused', cause: full });
    }
    if (kind === 'store') throw new StoreUnavailable('connect ECONNREFUSED');
    throw new Error('the password is hunter2');
  }
}

@Module({ controllers: [SampleController] })
class SampleModule {}

const logger = createLogger('silent');
const health = new HealthChecks(logger, 50);
let app: NestFastifyApplication;

beforeAll(async () => {
  app = await createHttpApp(SampleModule, { logger, health, metrics: createMetrics() });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});

afterAll(() => app.close());

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: ProblemBody & Record<string, unknown>;
}

async function ask(
  method: 'GET' | 'POST',
  url: string,
  payload?: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await app.inject({
    method,
    url,
    headers: {
      host: 'localhost',
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(payload === undefined ? {} : { payload }),
  });
  const type = String(answer.headers['content-type']);
  return {
    status: answer.statusCode,
    type,
    headers: answer.headers,
    body: (type.includes('json') ? answer.json() : {}) as Answer['body'],
  };
}

const plan = (value: unknown): Promise<Answer> => ask('POST', '/api/v1/plans', JSON.stringify(value));
const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

describe('a good request', () => {
  it('reaches the controller as instances of its DTOs', async () => {
    const answer = await plan({ document: 'D-1', lines: [{ line: 'P01', amount: '1.00' }] });
    expect(answer).toMatchObject({ status: 201, body: { lines: 1, typed: true } });
  });

  it('may have a slash at the end and a number in its query', async () => {
    expect(await ask('GET', '/api/v1/plans/?limit=5')).toMatchObject({ status: 200, body: { limit: 5 } });
  });

  it('keeps a harmless correlation id and replaces any other', async () => {
    const kept = await ask('GET', '/api/v1/plans', undefined, { 'x-correlation-id': 'abc-1' });
    const replaced = await ask('GET', '/api/v1/plans', undefined, { 'x-correlation-id': 'a b' });
    expect(kept.headers['x-correlation-id']).toBe('abc-1');
    expect(replaced.headers['x-correlation-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is answered with security headers', async () => {
    const { headers } = await ask('GET', '/api/v1/plans');
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'SAMEORIGIN' });
    expect(headers['content-security-policy']).not.toContain('unsafe-inline');
  });
});

describe('the faults of a body', () => {
  it('are named all at once, each with its JSON pointer', async () => {
    const answer = await plan({
      lines: [
        { line: 'P01', amount: '1.00' },
        { line: 7, amount: '1,000.00' },
        { line: 'P03', amount: 12, 'a/b~c': 1 },
      ],
      approvedBy: 'x',
    });
    expect(answer).toMatchObject({ status: 400, type: 'application/problem+json; charset=utf-8' });
    expect(answer.body).toMatchObject({ status: 400, code: 'INVALID_REQUEST', title: 'Invalid request' });
    expect(answer.body.faults?.map(({ pointer, code }) => `${pointer} ${code}`).sort()).toEqual([
      '/approvedBy UNKNOWN_PROPERTY',
      '/document REQUIRED',
      '/lines/1/amount AMOUNT_NOT_DECIMAL',
      '/lines/1/line INVALID_VALUE',
      '/lines/2/amount AMOUNT_NOT_DECIMAL',
      '/lines/2/a~1b~0c UNKNOWN_PROPERTY',
    ]);
  });

  it('include lists in place of objects and objects in place of lists', async () => {
    const faults = async (body: object): Promise<unknown[]> =>
      ((await plan({ document: 'D-1', lines: [{ line: 'P01', amount: '1.00' }], ...body })).body.faults ?? []).map(
        ({ pointer, code }) => `${pointer} ${code}`,
      );
    expect(await faults({ lines: ['x', null, [[]], { line: 'P01', amount: '1.00' }] })).toEqual([
      '/lines/0 INVALID_VALUE',
      '/lines/1 INVALID_VALUE',
      '/lines/2 NOT_AN_OBJECT',
    ]);
    expect(await faults({ source: [] })).toEqual(['/source NOT_AN_OBJECT']);
    expect(await faults({ source: [{ name: 'x' }] })).toEqual(['/source NOT_AN_OBJECT']);
    expect(await faults({ source: 'x' })).toEqual(['/source INVALID_VALUE']);
    expect(await faults({ lines: { line: 'P01', amount: '1.00' } })).toContain('/lines NOT_A_LIST');
  });

  it.each(['[]', '"text"', '7', 'null', 'true'])('include %s in place of the object', async (body) => {
    expect((await ask('POST', '/api/v1/plans', body)).body).toMatchObject({
      status: 400,
      faults: [{ pointer: '', code: 'NOT_AN_OBJECT' }],
    });
  });

  it('include all that is missing when there is no body', async () => {
    const { status, body } = await ask('POST', '/api/v1/plans');
    expect(status).toBe(400);
    expect(body.faults).toEqual([
      expect.objectContaining({ pointer: '/document', code: 'REQUIRED' }),
      expect.objectContaining({ pointer: '/lines', code: 'REQUIRED' }),
    ]);
  });

  it('are told by the name of the parameter in a query', async () => {
    expect((await ask('GET', '/api/v1/plans?limit=x&sort=y')).body.faults).toEqual([
      expect.objectContaining({ parameter: 'sort', code: 'UNKNOWN_PROPERTY' }),
      expect.objectContaining({ parameter: 'limit', code: 'INVALID_VALUE' }),
    ]);
  });
});

describe('a body that must not be read', () => {
  it.each([
    ['nested 33 levels', nested(33), 'JSON_TOO_DEEP'],
    ['nested 10,000 levels', nested(10_000), 'JSON_TOO_DEEP'],
    ['nested 10,000 objects', '{"a":'.repeat(10_000), 'JSON_TOO_DEEP'],
    ['cut off', '{"document":', 'JSON_INVALID'],
    ['empty', '', 'JSON_EMPTY'],
    ['GBK', Buffer.from([0x22, 0xd4, 0xa4, 0xcb, 0xe3, 0x22]), 'JSON_NOT_UTF8'],
    ['__proto__', '{"__proto__":{"admin":true}}', 'JSON_FORBIDDEN_KEY'],
    ['escaped __proto__', '{"\\u005f_proto__":{"admin":true}}', 'JSON_FORBIDDEN_KEY'],
    ['constructor', '{"constructor":{"prototype":{"admin":true}}}', 'JSON_FORBIDDEN_KEY'],
  ])('is refused with 400: %s', async (_name, body, code) => {
    const answer = await ask('POST', '/api/v1/plans', body);
    expect(answer).toMatchObject({ status: 400, type: 'application/problem+json; charset=utf-8', body: { code } });
  });

  it('says where forbidden keys are', async () => {
    const answer = await ask('POST', '/api/v1/plans', '{"lines":[{},{"__proto__":1}],"constructor":2}');
    expect(answer.body.faults?.map(({ pointer }) => pointer)).toEqual(['/lines/1/__proto__', '/constructor']);
  });

  it('does not count brackets inside strings', async () => {
    const answer = await plan({ document: `${'['.repeat(100)}"\\`, lines: [{ line: '{{{{', amount: '1' }] });
    expect(answer.status).toBe(201);
  });

  it('is refused with 413 and the limit when it is too large', async () => {
    expect(await ask('POST', '/api/v1/plans', `"${'x'.repeat(MAX_JSON_BYTES)}"`)).toMatchObject({
      status: 413,
      body: { code: 'BODY_TOO_LARGE', limitBytes: MAX_JSON_BYTES },
    });
    expect(
      await ask('POST', '/api/v1/files', Buffer.alloc(MAX_FILE_BYTES + 1, 'x'), { 'content-type': 'text/csv' }),
    ).toMatchObject({ status: 413, body: { code: 'BODY_TOO_LARGE', limitBytes: MAX_FILE_BYTES } });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'application/merge-patch+json'])(
    'is refused with 415 as %s',
    async (type) => {
      expect(await ask('POST', '/api/v1/plans', '{}', { 'content-type': type })).toMatchObject({
        status: 415,
        body: { code: 'UNSUPPORTED_MEDIA_TYPE', accepted: expect.arrayContaining(['application/json']) },
      });
    },
  );
});

describe('a file', () => {
  it('comes as CSV in raw bytes, larger than a JSON body may be', async () => {
    const payload = Buffer.alloc(MAX_JSON_BYTES * 2, 'x');
    expect(await ask('POST', '/api/v1/files', payload, { 'content-type': 'text/csv; charset=utf-8' })).toMatchObject({
      status: 200,
      body: { bytes: payload.length },
    });
  });

  it('comes as multipart', async () => {
    const payload = [
      '--b',
      'content-disposition: form-data; name="file"; filename="table.txt"',
      '',
      '预算',
      '--b--',
      '',
    ];
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    expect(await ask('POST', '/api/v1/uploads', payload.join('\r\n'), headers)).toMatchObject({
      status: 200,
      body: { name: 'table.txt', bytes: 6 },
    });
  });

  it('is refused with 413 when a part is too large', async () => {
    const head = '--b\r\ncontent-disposition: form-data; name="file"; filename="table.txt"\r\n\r\n';
    const payload = Buffer.concat([
      Buffer.from(head),
      Buffer.alloc(MAX_FILE_BYTES + 1, 'x'),
      Buffer.from('\r\n--b--\r\n'),
    ]);
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    expect(await ask('POST', '/api/v1/uploads', payload, headers)).toMatchObject({
      status: 413,
      body: { limitBytes: MAX_FILE_BYTES },
    });
  });
});

describe('a refusal', () => {
  it('of a rule keeps its code and facts', async () => {
    expect(await ask('GET', '/api/v1/failures/rule')).toMatchObject({
      status: 409,
      type: 'application/problem+json; charset=utf-8',
      body: {
        type: 'urn:budget-ledger:problem:line-overdrawn',
        title: 'Line overdrawn',
        code: 'LINE_OVERDRAWN',
        line: 'P01',
        available: '10.00',
      },
    });
  });

  it('is 503 with Retry-After when the event log is away', async () => {
    expect(await ask('GET', '/api/v1/failures/store')).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      body: { code: 'STORE_UNAVAILABLE', outcome: 'unknown' },
    });
  });

  it('is 503 and says to free space when the disk of the event log is full', async () => {
    const answer = await ask('GET', '/api/v1/failures/disk');
    expect(answer).toMatchObject({ status: 503, body: { code: 'STORAGE_FULL', outcome: 'refused' } });
    expect(answer.body['detail']).toMatch(
      /^The disk of the database is full\. Free some space, then send the same request/,
    );
    expect(JSON.stringify(answer.body)).not.toContain('16402');
  });

  it('is 500 with the correlation id and no cause when nobody foresaw it', async () => {
    const answer = await ask('GET', '/api/v1/failures/other', undefined, { 'x-correlation-id': 'trace-7' });
    expect(answer).toMatchObject({ status: 500, body: { code: 'INTERNAL', correlationId: 'trace-7' } });
    expect(JSON.stringify(answer.body)).not.toContain('hunter2');
  });

  it.each(['/api/v1/nowhere', '/nowhere', '/'])('is 404 for %s', async (url) => {
    expect(await ask('GET', url)).toMatchObject({
      status: 404,
      type: 'application/problem+json; charset=utf-8',
      body: { code: 'NOT_FOUND' },
    });
  });

  it('is 400 for an address that cannot be decoded', async () => {
    expect(await ask('GET', '/api/v1/failures/%E0%A4%A')).toMatchObject({
      status: 400,
      type: 'application/problem+json; charset=utf-8',
    });
  });
});

describe('requests of a web page elsewhere', () => {
  it.each([
    ['ledger.example', undefined, 'FOREIGN_HOST'],
    ['localhost.example', undefined, 'FOREIGN_HOST'],
    ['169.254.169.254', undefined, 'FOREIGN_HOST'],
    ['localhost', 'http://evil.example', 'FOREIGN_ORIGIN'],
    ['localhost', 'https://localhost', 'FOREIGN_ORIGIN'],
    ['localhost', 'null', 'FOREIGN_ORIGIN'],
  ])('are refused with 403: Host %s, Origin %s', async (host, origin, code) => {
    const answer = await ask('POST', '/api/v1/plans', '{}', { host, ...(origin ? { origin } : {}) });
    expect(answer).toMatchObject({ status: 403, type: 'application/problem+json; charset=utf-8', body: { code } });
  });

  it('are refused when only the port differs, and pages of this system are not', async () => {
    const other = await createHttpApp(SampleModule, { logger, health, metrics: createMetrics() });
    try {
      const address = await listenOnLoopback(other, 0);
      const fetchWith = async (origin: string): Promise<number> =>
        (await fetch(`${address}/api/v1/plans`, { headers: { origin } })).status;
      expect(await fetchWith(address)).toBe(200);
      expect(await fetchWith(address.replace('127.0.0.1', 'localhost'))).toBe(200);
      expect(await fetchWith('http://localhost:1')).toBe(403);
      const port = Number(new URL(address).port);
      const third = await createHttpApp(SampleModule, { logger, health, metrics: createMetrics() });
      await expect(listenOnLoopback(third, port)).rejects.toThrow(PortTaken);
      await third.close();
    } finally {
      await other.close();
    }
  });
});

describe('operations', () => {
  it('show that the process lives', async () => {
    expect(await ask('GET', '/livez')).toMatchObject({ status: 200, body: { status: 'live' } });
  });

  it('name the part that is not ready', async () => {
    expect(await ask('GET', '/readyz')).toMatchObject({ status: 200 });
    let up = false;
    health.add('database', async () => up || Promise.reject(new Error('secret host')));
    health.add('projections', () => (up ? Promise.resolve() : new Promise(() => {})));
    const answer = await ask('GET', '/readyz');
    expect(answer).toMatchObject({ status: 503, body: { code: 'NOT_READY', failing: ['database', 'projections'] } });
    expect(JSON.stringify(answer.body)).not.toContain('secret');
    const { body } = await app.inject({ url: '/metrics', headers: { host: 'localhost' } });
    expect(body).toContain('health_check_failing{check="projections"} 1');
    up = true;
    expect((await ask('GET', '/readyz')).body['checks']).toEqual(['database', 'projections']);
  });

  it('measure requests by route, not by address', async () => {
    await ask('GET', '/nowhere/at/all');
    await ask('GET', '/api/v1/failures/rule');
    const text = (await app.inject({ url: '/metrics', headers: { host: 'localhost' } })).body;
    expect(text).toContain('route="/api/v1/failures/:kind",status="409"');
    expect(text).toContain('route="unmatched",status="404"');
    expect(text).toContain('process_resident_memory_bytes');
  });
});

describe('the description of the API', () => {
  it('is valid OpenAPI 3.1 without `nullable`', async () => {
    const { status, body } = await ask('GET', '/api/openapi.json');
    expect(status).toBe(200);
    expect(body['openapi']).toBe('3.1.0');
    expect(JSON.stringify(body)).not.toContain('nullable');
    expect(JSON.stringify(body)).toContain('["string","null"]');
    expect(await new Validator().validate(JSON.parse(JSON.stringify(body)) as Record<string, unknown>)).toMatchObject({
      valid: true,
    });
  });

  it('tells the problem answer of every operation', async () => {
    const { body } = await ask('GET', '/api/openapi.json');
    const operations = Object.values(body['paths'] as Record<string, Record<string, { responses: object }>>).flatMap(
      (path) => Object.values(path),
    );
    expect(operations.length).toBe(5);
    for (const operation of operations) expect(operation.responses).toHaveProperty('default');
  });

  it('can be read in a browser, under a policy of its own', async () => {
    for (const path of ['/api/docs', '/api/docs/swagger-ui-init.js', '/api/docs/swagger-ui.css']) {
      const answer = await app.inject({ url: path, headers: { host: 'localhost' } });
      expect({ path, status: answer.statusCode }).toEqual({ path, status: 200 });
      expect(answer.headers['content-security-policy']).toContain("style-src 'self' 'unsafe-inline'");
      expect(answer.headers['content-security-policy']).not.toMatch(/script-src[^;]*unsafe/);
    }
  });
});
