/** The unit and year that an address names. */
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { UNIT_CODE } from '#domain/directory/decide.js';
import { invalidRequest, type Fault } from '#platform/problem.js';

export interface UnitYear {
  readonly unit: string;
  readonly year: number;
}

/** `{ unit, year }` of the address; 400 when they cannot be one. Other parameters are the method's own. */
export const At = createParamDecorator((_: unknown, context: ExecutionContext): UnitYear => {
  const { unit = '', year = '' } = context.switchToHttp().getRequest<FastifyRequest>().params as Record<string, string>;
  return unitYear(unit, year);
});

export function unitYear(unit: string, year: string): UnitYear {
  const faults: Fault[] = [];
  if (!UNIT_CODE.test(unit)) {
    faults.push({
      parameter: 'unit',
      code: 'INVALID_VALUE',
      message: 'unit must be 1 to 21 capital letters and digits',
    });
  }
  if (!/^(199\d|20\d{2})$/.test(year)) {
    faults.push({ parameter: 'year', code: 'INVALID_VALUE', message: 'year must be one of 1990 to 2099' });
  }
  if (faults.length > 0) throw invalidRequest(faults);
  return { unit, year: Number(year) };
}
