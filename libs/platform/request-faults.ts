/**
 * DTO validation with all faults at once: what class-validator finds becomes faults with a code and a JSON pointer
 * (`/lines/3/amount`) or, for path and query, the parameter's name.
 *
 * A rule of class-validator names its own code through its context: `@Matches(…, { context: { code: 'AMOUNT_NOT_DECIMAL' } })`;
 * other members of the context go into the fault as facts.
 */
import { Injectable, type ArgumentMetadata, type PipeTransform, type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import {
  getMetadataStorage,
  validate,
  ValidationTypes,
  type ValidationError,
  type ValidatorOptions,
} from 'class-validator';
import { invalidRequest, type Fault } from '#platform/problem.js';

const OPTIONS: ValidatorOptions = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  validationError: { target: false },
};

/** The one validation pipe: unknown properties are refused by name, values become instances of their DTO. */
@Injectable()
export class RequestPipe implements PipeTransform {
  /** Throws 400 `INVALID_REQUEST` with every fault. */
  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'custom') return value;
    const { faults, result } = await readArgument(value, metadata);
    if (faults.length > 0) throw invalidRequest(faults);
    return result;
  }
}

interface Reading {
  readonly faults: readonly Fault[];
  readonly result: unknown;
}

async function readArgument(value: unknown, { metatype, type, data }: ArgumentMetadata): Promise<Reading> {
  if (metatype === Number || metatype === Boolean) return readScalar(value, metatype, data ?? '');
  if (metatype === undefined || UNCHECKED.includes(metatype)) return { faults: [], result: value };
  if (value !== undefined && !isRecord(value)) {
    return {
      faults: [{ pointer: '', code: 'NOT_AN_OBJECT', message: 'the body must be a JSON object' }],
      result: value,
    };
  }
  const place = type === 'body' ? 'pointer' : 'parameter';
  const dto = plainToInstance(metatype as Type<object>, value ?? {});
  return { faults: [...faultsOf(await validate(dto, OPTIONS), place), ...misplacedLists(dto, place)], result: dto };
}

/** Types that no rules are attached to: strings stay strings, files stay bytes. */
const UNCHECKED: readonly unknown[] = [String, Object, Array, Buffer];

/** A single parameter declared as number or boolean. Never NaN, never a guess. */
function readScalar(value: unknown, metatype: unknown, parameter: string): Reading {
  if (typeof value !== 'string') return { faults: [], result: value };
  if (metatype === Boolean) {
    if (value === 'true' || value === 'false') return { faults: [], result: value === 'true' };
    return {
      faults: [{ parameter, code: 'NOT_A_BOOLEAN', message: `${parameter} must be true or false` }],
      result: value,
    };
  }
  if (/^-?\d{1,15}$/.test(value)) return { faults: [], result: Number(value) };
  return {
    faults: [{ parameter, code: 'NOT_AN_INTEGER', message: `${parameter} must be a whole number` }],
    result: value,
  };
}

type Place = 'pointer' | 'parameter';

const below = (place: Place, at: string, property: string): string =>
  place === 'pointer'
    ? `${at}/${property.replaceAll('~', '~0').replaceAll('/', '~1')}`
    : `${at === '' ? '' : `${at}.`}${property}`;

/** Faults of nested findings, in their order. A missing property is one fault, however many rules it breaks. */
export function faultsOf(errors: readonly ValidationError[], place: Place, at = ''): Fault[] {
  return errors.flatMap((error) => {
    const here = below(place, at, error.property);
    const faults = Object.entries(error.constraints ?? {}).map(([rule, message]): Fault => {
      if (rule === 'whitelistValidation') {
        return { [place]: here, code: 'UNKNOWN_PROPERTY', message: `${error.property} is not known here` };
      }
      return { [place]: here, code: 'INVALID_VALUE', rule, message, ...(error.contexts?.[rule] as object | undefined) };
    });
    const missing = error.value === undefined && faults.some((fault) => fault.code !== 'UNKNOWN_PROPERTY');
    const own = missing ? [{ [place]: here, code: 'REQUIRED', message: `${error.property} is required` }] : faults;
    return [...own, ...faultsOf(error.children ?? [], place, here)];
  });
}

/**
 * What class-validator lets pass: it treats a list in place of a nested object, an object in place of a list, and a list
 * inside a list all as "validate what is inside".
 */
function misplacedLists(dto: object, place: Place, at = ''): Fault[] {
  return [...nestedProperties(dto.constructor)].flatMap(([property, each]) => {
    const value = (dto as Record<string, unknown>)[property];
    const here = below(place, at, property);
    if (value === undefined || value === null) return [];
    if (!each) return misplacedIn(value, place, here);
    if (!Array.isArray(value)) return [{ [place]: here, code: 'NOT_A_LIST', message: `${property} must be a list` }];
    return value.flatMap((item: unknown, index) => misplacedIn(item, place, below(place, here, String(index))));
  });
}

function misplacedIn(value: unknown, place: Place, here: string): Fault[] {
  if (isRecord(value)) return misplacedLists(value, place, here);
  // Any other wrong value is already among class-validator's findings.
  if (!Array.isArray(value)) return [];
  return [{ [place]: here, code: 'NOT_AN_OBJECT', message: 'an object is expected here, not a list' }];
}

const nestedByClass = new WeakMap<object, ReadonlyMap<string, boolean>>();

/** Properties of a DTO class that hold other DTOs, and whether they hold a list of them. */
function nestedProperties(dtoClass: object): ReadonlyMap<string, boolean> {
  const known = nestedByClass.get(dtoClass);
  if (known) return known;
  const rules = getMetadataStorage().getTargetValidationMetadatas(dtoClass as Type, '', false, false);
  const nested = rules.filter((rule) => rule.type === ValidationTypes.NESTED_VALIDATION);
  const found = new Map(nested.map((rule) => [rule.propertyName, rule.each]));
  nestedByClass.set(dtoClass, found);
  return found;
}

const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
