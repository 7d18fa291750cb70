/**
 * The OpenAPI 3.1 description, made from the controllers: at `/api/openapi.json`, with documentation at `/api/docs`. Every
 * operation gets the problem+json answer here, once, so that no controller can forget it.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

export const OPENAPI_PATH = '/api/openapi.json';
export const DOCS_PATH = '/api/docs';

/**
 * The description of the whole system, which every process of a distributed one serves: the build writes it beside what it
 * compiles. Undefined where it did not; then a process describes what it serves itself.
 */
export function wholeDocument(): OpenAPIObject | undefined {
  const place = new URL('../../openapi.json', import.meta.url);
  return existsSync(place) ? (JSON.parse(readFileSync(place, 'utf8')) as OpenAPIObject) : undefined;
}

/** `@nestjs/swagger` turns `nullable` into type arrays from 3.1 on; a test validates the whole document against 3.1. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Budget ledger')
    .setDescription(
      'Budgets, adjustments and payments of public units as events, and every indicator against its target.',
    )
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .build();
  const document = SwaggerModule.createDocument(app, config);
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: PROBLEM_SCHEMA },
  };
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path) as { responses?: Record<string, unknown> }[]) {
      if (operation.responses) operation.responses['default'] ??= PROBLEM_RESPONSE;
    }
  }
  return document;
}

/** Serves both; without a document given, the application's own is made at the first request. */
export function serveOpenApi(app: INestApplication, document?: OpenAPIObject): void {
  SwaggerModule.setup(DOCS_PATH.slice(1), app, () => document ?? openApiDocument(app), {
    jsonDocumentUrl: OPENAPI_PATH.slice(1),
    raw: ['json'],
    customSiteTitle: 'Budget ledger API',
  });
}

const PROBLEM_RESPONSE = {
  description: 'A problem (RFC 9457): `code` is stable, `faults` names all faults of the request at once.',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

const FAULT_SCHEMA = {
  type: 'object',
  required: ['code', 'message'],
  properties: {
    pointer: { type: 'string', description: 'JSON pointer into the body', examples: ['/lines/3/amount'] },
    parameter: { type: 'string', description: 'name in the path or the query', examples: ['asOf'] },
    code: { type: 'string', examples: ['AMOUNT_NOT_DECIMAL'] },
    message: { type: 'string' },
  },
};

const PROBLEM_SCHEMA = {
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string', format: 'uri', examples: ['urn:budget-ledger:problem:line-overdrawn'] },
    title: { type: 'string', examples: ['Line overdrawn'] },
    status: { type: 'integer', examples: [409] },
    code: { type: 'string', examples: ['LINE_OVERDRAWN'] },
    detail: { type: 'string' },
    faults: { type: 'array', items: FAULT_SCHEMA },
  },
  additionalProperties: true,
};
