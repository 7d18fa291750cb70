/** Numbers in addresses. Each throws 400 with the parameter's name. */
import { invalidRequest } from '#platform/problem.js';

/** A stage of monitoring: months 1 to this one. */
export function monthOf(text: string): number {
  const month = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (month >= 1 && month <= 12) return month;
  const message = 'stage must be a month from 1 to 12; 6 is mid-year';
  throw invalidRequest([{ parameter: 'stage', code: 'INVALID_VALUE', message }]);
}

/** From 1 to 999 999, without leading zeros. */
export function wholeNumber(parameter: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw invalidRequest([{ parameter, code: 'INVALID_VALUE', message: `${parameter} must be a whole number from 1` }]);
}
