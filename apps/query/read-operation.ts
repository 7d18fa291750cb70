/** How a read is described in OpenAPI: its answer with an example, and every problem that it may answer, with its words. */
import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOperation, ApiParam, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { civilDate } from '#domain/calendar.js';
import { PROBLEM_MEDIA_TYPE, Problem } from '#platform/problem.js';
import { nothingKnownYet, unknownLine, unknownUnit, unknownYear } from './missing.js';
import { outsideYear } from './moment.js';

export const YEAR_PATH = 'api/v1/units/:unit/years/:year';

const PLACE = { unit: 'U0001', year: 2024 };

export const notPast = new Problem(422, 'KNOWN_AT_NOT_PAST', {
  detail: 'knownAt must be before now; leave it out to ask for now.',
});
const invalid = new Problem(400, 'INVALID_REQUEST', {
  detail: '2 things in the request are not as they must be.',
  faults: [
    { parameter: 'asOf', code: 'INVALID_DATE', message: 'asOf must be a date that exists, written YYYY-MM-DD' },
    { parameter: 'fund', code: 'UNKNOWN_PROPERTY', message: 'fund is not known here' },
  ],
});
const behind = new Problem(503, 'READ_MODEL_BEHIND', {
  detail: 'The answer does not include position 4711 yet. Ask again.',
  position: '4690',
  lag: '21',
});
const databaseGone = new Problem(503, 'DATABASE_UNAVAILABLE', { detail: 'The database cannot be reached. Try again.' });

/** Every read: the form of the request, freshness, the database. */
export const ANY_READ = [invalid, behind, databaseGone];
/** Reads of one unit and year. */
export const YEAR_READ = [
  ...ANY_READ,
  unknownUnit('U0009'),
  unknownYear({ ...PLACE, year: 2031 }),
  nothingKnownYet(PLACE, Date.UTC(2023, 11, 31, 16)),
  outsideYear('asOf', civilDate('2025-01-01'), PLACE.year),
  notPast,
];

/** Of reads that name a line. */
export const UNKNOWN_LINE = unknownLine('P99', PLACE);

interface Described {
  readonly summary: string;
  readonly description?: string;
  readonly answer: Type;
  readonly example: object;
  /** Problems that this read alone may answer. */
  readonly problems?: readonly Problem[];
  /** Carries the revision of the stream that a write to this resource goes to. */
  readonly tagged?: true;
}

/** A read of one unit and year. */
export const YearRead = (described: Described): MethodDecorator =>
  applyDecorators(
    ApiParam({ name: 'unit', type: String, example: 'U0001', description: 'Code of the unit' }),
    ApiParam({ name: 'year', type: String, example: '2024', description: 'Fiscal year, which is the calendar year' }),
    ...operation(described, YEAR_READ),
  );

/** Any other read. */
export const PlainRead = (described: Described): MethodDecorator => applyDecorators(...operation(described, ANY_READ));

function operation(described: Described, common: readonly Problem[]): MethodDecorator[] {
  const { summary, description, answer, example, problems = [], tagged } = described;
  const all = [...common, ...problems];
  return [
    ApiExtraModels(answer),
    ApiOperation({ summary, ...(description === undefined ? {} : { description }) }),
    ApiResponse({
      status: 200,
      description: summary,
      content: { 'application/json': { schema: { $ref: getSchemaPath(answer) }, example } },
      ...(tagged ? { headers: TAG_HEADERS } : {}),
    }),
    ...(tagged ? [IF_NONE_MATCH, NOT_MODIFIED] : []),
    ...problemResponses(all),
  ];
}

/** The problems of a read that answers no JSON. */
export const MayAnswer = (problems: readonly Problem[]): MethodDecorator =>
  applyDecorators(...problemResponses(problems));

/** One response for each status, with an example of each of its problems. */
export function problemResponses(problems: readonly Problem[]): MethodDecorator[] {
  const statuses = [...new Set(problems.map(({ status }) => status))].sort((a, b) => a - b);
  return statuses.map((status) => problemResponse(status, problems));
}

function problemResponse(status: number, problems: readonly Problem[]): MethodDecorator {
  const bodies = problems.filter((problem) => problem.status === status).map((problem) => problem.body());
  const examples = Object.fromEntries(bodies.map((body) => [body.code, { summary: body.title, value: body }]));
  return ApiResponse({
    status,
    description: bodies.map(({ code }) => code).join(', '),
    content: { [mediaType]: { schema: { $ref: '#/components/schemas/Problem' }, examples } },
  });
}

const mediaType = PROBLEM_MEDIA_TYPE.split(';')[0] ?? PROBLEM_MEDIA_TYPE;

/** Both are the same number, and stand only on an answer for now (no knownAt). */
const TAG_HEADERS = {
  'Stream-Revision': {
    description: 'Revision that a write may name in If-Match; `none` before the first event',
    schema: { type: 'string', example: '118' },
  },
  ETag: { description: 'The same, quoted', schema: { type: 'string', example: '"118"' } },
} as const;

const IF_NONE_MATCH = ApiHeader({
  name: 'If-None-Match',
  required: false,
  description: 'ETag of an earlier answer to the same question, which must name asOf or a checkpoint',
  schema: { type: 'string', example: '"118"' },
});

const NOT_MODIFIED = ApiResponse({ status: 304, description: 'Nothing has changed since the answer with that ETag' });
