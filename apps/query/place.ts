/** The unit and year that an address names. */
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { UNIT_CODE } from '#domain/directory/decide.js';
import { invalidRequest, type Fault } from '#platform/problem.js';

export interface Place {
  readonly unit: string;
  readonly year: number;
}

/** `{ unit, year }` of the address; 400 with both faults when they cannot be one. */
export const AtPlace = createParamDecorator((_: unknown, context: ExecutionContext): Place => {
  const { unit = '', year = '' } = context.switchToHttp().getRequest<FastifyRequest>().params as Record<string, string>;
  const faults = [...unitFaults(unit), ...yearFaults(year)];
  if (faults.length > 0) throw invalidRequest(faults);
  return { unit, year: Number(year) };
});

/** The unit that an address names; 400 when it cannot be one. */
export const AtUnit = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { unit = '' } = context.switchToHttp().getRequest<FastifyRequest>().params as Record<string, string>;
  const faults = unitFaults(unit);
  if (faults.length > 0) throw invalidRequest(faults);
  return unit;
});

const unitFaults = (unit: string): Fault[] =>
  UNIT_CODE.test(unit)
    ? []
    : [{ parameter: 'unit', code: 'INVALID_VALUE', message: 'unit must be 1 to 21 capital letters and digits' }];

/** Years that there can be. */
export const YEAR = /^(199\d|20\d{2})$/;

const yearFaults = (year: string): Fault[] =>
  YEAR.test(year) ? [] : [{ parameter: 'year', code: 'INVALID_VALUE', message: 'year must be one of 1990 to 2099' }];

/** Where everything about one unit and year lies. */
export const addressOf = ({ unit, year }: Place): string => `/api/v1/units/${unit}/years/${year}`;
