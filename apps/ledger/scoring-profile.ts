/**
 * The scoring profile that a request chooses: a shipped one, with the unit's own weights, or a whole one in the shape in which it
 * is stored. All faults at once.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { civilDate } from '#domain/calendar.js';
import type { ChooseScoringProfile } from '#domain/performance/commands.js';
import { withGroupWeights } from '#domain/scoring/profile-check.js';
import { profileById, type ScoringProfile } from '#domain/scoring/profile.js';
import { invalidRequest, type Fault } from '#platform/problem.js';
import { optional } from './parts.dto.js';
import { schemaFaults } from './schema-faults.js';
import { SCORING_PROFILE_SCHEMA } from './scoring-profile-schema.js';
import type { ChooseProfileDto } from './self-evaluation.dto.js';

const validate = new Ajv2020({ allErrors: true, verbose: true }).compile<ScoringProfile>(SCORING_PROFILE_SCHEMA);

export interface ProfileReading {
  readonly command: ChooseScoringProfile;
  /** Weights of groups that the profile does not have. */
  readonly unknown: readonly Fault[];
  /** Place in the request of a place in the command. */
  readonly placeOf: (pointer: string) => string;
}

/** Throws 400 for a request that does not say which profile, or whose profile has another shape. */
export function readProfile(dto: ChooseProfileDto): ProfileReading {
  const { profile, unknown, placeOf } = dto.profile === undefined ? shipped(dto) : whole(dto, dto.profile);
  const { effectiveDate, reason } = dto;
  const command: ChooseScoringProfile = {
    type: 'ChooseScoringProfile',
    effectiveDate: civilDate(effectiveDate),
    profile,
    ...optional('reason', reason),
  };
  return { command, unknown, placeOf };
}

type Chosen = Omit<ProfileReading, 'command'> & { readonly profile: ScoringProfile };

function shipped({ id, weights = {} }: ChooseProfileDto): Chosen {
  if (id === undefined) {
    throw invalidRequest([
      { pointer: '/id', code: 'REQUIRED', message: 'name a shipped profile, or give a whole one' },
    ]);
  }
  const profile = profileById(id);
  if (profile === undefined) throw new Error(`profile ${id} passed validation and is not there`);
  const malformed = Object.entries(weights).filter(([, weight]) => typeof weight !== 'string');
  if (malformed.length > 0) {
    const message = 'a weight must be a decimal string of points, such as "45"';
    throw invalidRequest(malformed.map(([group]) => ({ pointer: weightPlace(group), code: 'INVALID_VALUE', message })));
  }
  const { groups } = profile;
  const unknown = Object.keys(weights).filter((name) => groups.every(({ group }) => group !== name));
  return {
    profile: Object.keys(weights).length === 0 ? profile : withGroupWeights(profile, weights).profile,
    unknown: unknown.map((group) => ({
      pointer: weightPlace(group),
      code: 'UNKNOWN_GROUP',
      message: `profile ${id} has the groups ${groups.map((known) => known.group).join(', ')}`,
    })),
    // Groups are numbered in a profile and named in the request.
    placeOf: (pointer) => {
      const [, index] = /^\/profile\/groups\/(\d+)\/weight$/.exec(pointer) ?? [];
      if (index === undefined) return pointer.replace(/^\/profile\/groups\b/, '/weights');
      return weightPlace(groups[Number(index)]?.group ?? index);
    },
  };
}

const weightPlace = (group: string): string => `/weights/${group.replaceAll('~', '~0').replaceAll('/', '~1')}`;

function whole(dto: ChooseProfileDto, profile: object): Chosen {
  const both = (['id', 'weights'] as const).filter((member) => dto[member] !== undefined);
  const message = 'a whole profile names its own id and weights';
  const faults: Fault[] = both.map((member) => ({ pointer: `/${member}`, code: 'NOT_TOGETHER', message }));
  if (!validate(profile)) {
    const found = (validate.errors ?? []).flatMap(schemaFaults);
    faults.push(...found.map((fault) => ({ ...fault, pointer: `/profile${fault.pointer ?? ''}` })));
  }
  if (faults.length > 0) throw invalidRequest(faults);
  return { profile: profile as ScoringProfile, unknown: [], placeOf: (pointer) => pointer };
}
