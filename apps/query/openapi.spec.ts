import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { startReadSystem, type ReadSystem } from '../../test/support/read-system.js';

const ROUTES = [
  '/api/v1/formulas',
  '/api/v1/parked',
  '/api/v1/scoring-profiles',
  '/api/v1/stream',
  '/api/v1/units',
  '/api/v1/units/{unit}/over-years',
  '/api/v1/units/{unit}/years',
  '/api/v1/units/{unit}/years/{year}',
  '/api/v1/units/{unit}/years/{year}/base-facts',
  '/api/v1/units/{unit}/years/{year}/budget',
  '/api/v1/units/{unit}/years/{year}/carry-over',
  '/api/v1/units/{unit}/years/{year}/coherence',
  '/api/v1/units/{unit}/years/{year}/compare',
  '/api/v1/units/{unit}/years/{year}/figures/{figure}/explanation',
  '/api/v1/units/{unit}/years/{year}/forms/{form}',
  '/api/v1/units/{unit}/years/{year}/history',
  '/api/v1/units/{unit}/years/{year}/journal',
  '/api/v1/units/{unit}/years/{year}/lines',
  '/api/v1/units/{unit}/years/{year}/lines/{line}',
  '/api/v1/units/{unit}/years/{year}/money-beside-work',
  '/api/v1/units/{unit}/years/{year}/monitoring',
  '/api/v1/units/{unit}/years/{year}/monitoring/submissions',
  '/api/v1/units/{unit}/years/{year}/narrative',
  '/api/v1/units/{unit}/years/{year}/pace',
  '/api/v1/units/{unit}/years/{year}/payment-plan',
  '/api/v1/units/{unit}/years/{year}/rates',
  '/api/v1/units/{unit}/years/{year}/rates/{metric}/explanation',
  '/api/v1/units/{unit}/years/{year}/rectifications',
  '/api/v1/units/{unit}/years/{year}/results',
  '/api/v1/units/{unit}/years/{year}/results/{resultId}',
  '/api/v1/units/{unit}/years/{year}/scoring-profile',
  '/api/v1/units/{unit}/years/{year}/seals',
  '/api/v1/units/{unit}/years/{year}/seals/{number}',
  '/api/v1/units/{unit}/years/{year}/seals/{number}/reports/{kind}/{scope}',
  '/api/v1/units/{unit}/years/{year}/seals/{number}/restatement',
  '/api/v1/units/{unit}/years/{year}/self-evaluation',
  '/api/v1/units/{unit}/years/{year}/self-evaluation/submissions',
  '/api/v1/units/{unit}/years/{year}/series',
  '/api/v1/units/{unit}/years/{year}/targets',
  '/api/v1/units/{unit}/years/{year}/targets/{indicator}/explanation',
  '/api/v1/units/{unit}/years/{year}/thresholds',
];

let system: ReadSystem;
let document: any;
beforeAll(async () => {
  system = await startReadSystem();
  document = (await system.get('/api/openapi.json')).body;
});
afterAll(() => system.stop());

describe('the description of the reads', () => {
  it('is valid OpenAPI 3.1 and lists every route', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    expect(Object.keys(document.paths).sort()).toEqual(ROUTES);
  });

  describe.each(ROUTES)('of %s', (route) => {
    const operation = () => document.paths[route].get;

    it('has words, and a name that an example fills for every part of the address', () => {
      expect(operation().summary.length).toBeGreaterThan(10);
      const named = operation().parameters.filter((parameter: any) => parameter.in === 'path');
      const wanted = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(named.map(({ name }: any) => name).sort()).toEqual(wanted.sort());
      for (const { example, schema } of named) expect(example ?? schema.example).toBeDefined();
    });

    it('has an answer with a schema, and an example that follows it', () => {
      const [{ schema, example }] = Object.values<any>(operation().responses['200'].content);
      expect(faultsOf(schema, example, '')).toEqual([]);
    });

    it('has every problem with its code, as problem+json with an example', () => {
      const { responses } = operation();
      const wanted = route.includes('{year}') ? ['400', '404', '422', '503'] : ['400', '503'];
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['default', ...wanted]));
      for (const [status, response] of Object.entries<any>(responses)) {
        if (!/^[45]/.test(status)) continue;
        const { schema, examples } = response.content['application/problem+json'];
        for (const { value } of Object.values<any>(examples)) {
          expect(value).toMatchObject({ status: Number(status), code: expect.any(String), detail: expect.any(String) });
          expect(faultsOf(schema, value, '').filter((fault) => !isExtra(fault))).toEqual([]);
        }
      }
    });
  });

  it('describes every query parameter, with an example for all but the opaque cursor', () => {
    for (const [route, { get }] of Object.entries<any>(document.paths)) {
      for (const { name, in: place, example, schema, description } of get.parameters ?? []) {
        if (place !== 'query') continue;
        expect([route, name, schema.type ?? schema.enum]).not.toContain(undefined);
        if (name === 'cursor') expect(description).toBeDefined();
        else expect([route, name, example ?? schema.example]).not.toContain(undefined);
      }
    }
  });
});

/** Where a value does not follow a schema of the document: missing, unknown or of another type. */
function faultsOf(schema: any, value: any, at: string): string[] {
  if (schema.$ref) return faultsOf(document.components.schemas[schema.$ref.split('/').at(-1)], value, at);
  if (schema.allOf) return schema.allOf.flatMap((part: any) => faultsOf(part, value, at));
  if (schema.oneOf) {
    const tries: string[][] = schema.oneOf.map((part: any) => faultsOf(part, value, at));
    return tries.some((faults) => faults.length === 0) ? [] : (tries[0] ?? []);
  }
  const types: string[] = [schema.type ?? []].flat();
  if (types.length > 0 && !types.some((type) => isOf(type, value)))
    return [`${at}: ${JSON.stringify(value)} is no ${types.join(' or ')}`];
  if (schema.enum && !schema.enum.includes(value)) return [`${at}: ${JSON.stringify(value)} is none of ${schema.enum}`];
  if (Array.isArray(value)) return value.flatMap((item, index) => faultsOf(schema.items ?? {}, item, `${at}/${index}`));
  if (value === null || typeof value !== 'object' || schema.properties === undefined) return [];
  const missing = (schema.required ?? []).filter((name: string) => !(name in value));
  const open = schema.additionalProperties !== undefined;
  return [
    ...missing.map((name: string) => `${at}/${name} is missing`),
    ...Object.entries(value).flatMap(([name, inner]) => {
      const property = schema.properties[name];
      if (property !== undefined) return faultsOf(property, inner, `${at}/${name}`);
      return open ? [] : [`${at}/${name} is not described`];
    }),
  ];
}

/** A problem and its faults may carry facts of their own. */
const isExtra = (fault: string): boolean => fault.endsWith(' is not described');

const isOf = (type: string, value: unknown): boolean => {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
};
