import 'reflect-metadata';
import { Controller, Get, Module, Req } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { pino } from 'pino';
import { HealthChecks } from '#platform/health.js';
import { createHttpApp } from '#platform/http.js';
import { createMetrics } from '#platform/metrics.js';
import { continued, newTrace, parseTraceparent, traceFields, traceOf, traceparentOf } from '#platform/trace.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const GIVEN = `00-${TRACE}-${SPAN}-01`;
const WRITTEN = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

describe('a traceparent', () => {
  it('is read and written alike', () => {
    expect(parseTraceparent(GIVEN)).toEqual({ traceId: TRACE, spanId: SPAN, flags: '01' });
    expect(traceparentOf({ traceId: TRACE, spanId: SPAN, flags: '01' })).toBe(GIVEN);
  });

  it.each([
    ['nothing', ''],
    ['words', 'abc'],
    ['upper case', GIVEN.toUpperCase()],
    ['version ff', `ff-${TRACE}-${SPAN}-01`],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a parent id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['a short trace id', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['a long parent id', `00-${TRACE}-${SPAN}0-01`],
    ['flags of one digit', `00-${TRACE}-${SPAN}-1`],
    ['version 00 with more behind', `${GIVEN}-what`],
    ['a blank before', ` ${GIVEN}`],
    ['a line break behind', `${GIVEN}\n`],
    ['two headers in one', `${GIVEN}, ${GIVEN}`],
    ['a later version that goes on without a dash', `01-${TRACE}-${SPAN}-01x`],
  ])('is ignored with %s', (_why, text) => {
    expect(parseTraceparent(text)).toBeUndefined();
    const trace = continued(text);
    expect(traceparentOf(trace)).toMatch(WRITTEN);
    expect(trace.traceId).not.toBe(TRACE);
  });

  it('of a later version is read as far as this version goes', () => {
    expect(parseTraceparent(`cc-${TRACE}-${SPAN}-01-what.comes.later`)).toMatchObject({ traceId: TRACE });
    expect(parseTraceparent(`01-${TRACE}-${SPAN}-01`)).toMatchObject({ traceId: TRACE });
  });

  it('hands on only the flags that are defined', () => {
    expect(traceparentOf(continued(`00-${TRACE}-${SPAN}-ff`))).toMatch(/-03$/);
    expect(traceparentOf(continued(`00-${TRACE}-${SPAN}-04`))).toMatch(/-00$/);
  });
});

describe('a hop', () => {
  it('keeps the trace and gets an id of its own', () => {
    const hop = continued(GIVEN);
    expect(hop).toMatchObject({ traceId: TRACE, flags: '01' });
    expect(hop.spanId).not.toBe(SPAN);
  });

  it('without a caller begins a trace, each its own', () => {
    const [first, second] = [continued(undefined), newTrace()];
    expect(traceparentOf(first)).toMatch(WRITTEN);
    expect(first.traceId).not.toBe(second.traceId);
    expect(first.flags).toBe('00');
    expect(continued([GIVEN, GIVEN]).traceId).not.toBe(TRACE);
  });

  it('is one for each request, however often it is asked for', () => {
    const request = { headers: { traceparent: GIVEN } };
    expect(traceOf(request)).toBe(traceOf(request));
    expect(traceOf({ ...request })).not.toEqual(traceOf(request));
  });
});

it('a log line names the trace of a stored traceparent, and nothing for one that is none', () => {
  expect(traceFields(GIVEN)).toEqual({ traceId: TRACE, spanId: SPAN });
  expect(traceFields('abc')).toEqual({});
  expect(traceFields(undefined)).toEqual({});
});

@Controller('asked')
class AskedController {
  @Get()
  asked(@Req() request: FastifyRequest) {
    request.log.info('asked');
    return traceOf(request.raw);
  }
}

@Module({ controllers: [AskedController] })
class AskedModule {}

it('every log line of a request names its trace and its correlation id', async () => {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level: 'debug' }, { write: (line) => void lines.push(JSON.parse(line) as never) });
  const app = await createHttpApp(AskedModule, { logger, health: new HealthChecks(logger), metrics: createMetrics() });
  await app.init();
  const headers = { host: 'localhost', traceparent: GIVEN, 'x-correlation-id': 'c-1' };
  const answer = await app.inject({ url: '/asked', headers });
  await app.inject({ url: '/nowhere', headers });
  await app.close();
  const own = answer.json<{ spanId: string }>();
  const ofRequests = lines.filter(({ correlationId }) => correlationId === 'c-1');
  expect(ofRequests).toMatchObject([
    { msg: 'asked', traceId: TRACE, spanId: own.spanId },
    { msg: 'request refused', traceId: TRACE },
  ]);
  expect(own.spanId).not.toBe(SPAN);
  expect(answer.headers).not.toHaveProperty('traceparent');
});
