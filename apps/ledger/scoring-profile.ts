/**
 * The scoring profile that a request chooses: a shipped one, with the unit's own weights, or a whole one in the shape in which it
 * is stored. All faults at once.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { civilDate } from '#domain/calendar.js';
import type { ChooseScoringProfile } from '#domain/performance/commands.js';
import { checkProfile, withGroupWeights, type ProfileProblem } from '#domain/scoring/profile-check.js';
import { profileById, type ScoringProfile } from '#domain/scoring/profile.js';
import { invalidRequest, type Fault } from '#platform/problem.js';
import { optional } from './parts.dto.js';
import { schemaFaults } from './schema-faults.js';
import { SCORING_PROFILE_SCHEMA } from './scoring-profile-schema.js';
import type { ChooseProfileDto } from './self-evaluation.dto.js';
import { profileWords } from './settings-words.js';

const validate = new Ajv2020({ allErrors: true, verbose: true }).compile<ScoringProfile>(SCORING_PROFILE_SCHEMA);

export interface ProfileReading {
  readonly command: ChooseScoringProfile;
  /** Of a profile that is well formed and does not hold together. */
  readonly faults: readonly Fault[];
}

/** Throws 400 for a request that does not say which profile, or whose profile has another shape. */
export function readProfile(dto: ChooseProfileDto): ProfileReading {
  const { effectiveDate, reason } = dto;
  const { profile, faults } = dto.profile === undefined ? shipped(dto) : whole(dto, dto.profile);
  return {
    command: {
      type: 'ChooseScoringProfile',
      effectiveDate: civilDate(effectiveDate),
      profile,
      ...optional('reason', reason),
    },
    faults,
  };
}

interface Chosen {
  readonly profile: ScoringProfile;
  readonly faults: readonly Fault[];
}

function shipped({ id, weights }: ChooseProfileDto): Chosen {
  if (id === undefined) {
    throw invalidRequest([
      { pointer: '/id', code: 'REQUIRED', message: 'name a shipped profile, or give a whole one' },
    ]);
  }
  const profile = profileById(id);
  if (profile === undefined) throw new Error(`profile ${id} passed validation and is not there`);
  if (weights === undefined) return { profile, faults: [] };
  const malformed = Object.entries(weights).filter(([, weight]) => typeof weight !== 'string');
  if (malformed.length > 0) {
    const message = 'a weight must be a decimal string of points, such as "45"';
    throw invalidRequest(
      malformed.map(([group]) => ({ pointer: `/weights/${group}`, code: 'INVALID_VALUE', message })),
    );
  }
  const weighed = withGroupWeights(profile, weights);
  return {
    profile: weighed.profile,
    faults: weighed.problems.map((problem) => told(problem, weightPlace(weighed.profile))),
  };
}

/** Groups are numbered in a profile and named in the request. */
const weightPlace =
  ({ groups }: ScoringProfile) =>
  (at: string): string => {
    const [, index] = /^\/groups\/(\d+)\/weight$/.exec(at) ?? [];
    return index === undefined
      ? at.replace(/^\/groups/, '/weights')
      : `/weights/${groups[Number(index)]?.group ?? index}`;
  };

function whole(dto: ChooseProfileDto, profile: object): Chosen {
  const both = (['id', 'weights'] as const).filter((member) => dto[member] !== undefined);
  const message = 'a whole profile names its own id and weights';
  const faults: Fault[] = both.map((member) => ({ pointer: `/${member}`, code: 'NOT_TOGETHER', message }));
  if (!validate(profile)) {
    faults.push(
      ...(validate.errors ?? [])
        .flatMap(schemaFaults)
        .map((fault) => ({ ...fault, pointer: `/profile${fault.pointer ?? ''}` })),
    );
  }
  if (faults.length > 0) throw invalidRequest(faults);
  const chosen = profile as ScoringProfile;
  return { profile: chosen, faults: checkProfile(chosen).map((problem) => told(problem, (at) => `/profile${at}`)) };
}

function told(problem: ProfileProblem, placeOf: (at: string) => string): Fault {
  const { at, ...facts } = problem;
  return { ...facts, pointer: placeOf(at), message: profileWords(problem) };
}
