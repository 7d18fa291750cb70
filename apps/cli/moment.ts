/** As of when, as known when, and over which money a report is asked for. */
import type { Command } from 'commander';
import { EXPENDITURES, FUND_NATURES } from '#domain/budget/events.js';
import { parseCivilDate } from '#domain/calendar.js';
import type { Query } from './client.js';
import { type Given, quote } from './given.js';
import { fundNature, unknownFunds } from './labels.js';

export const KNOWN_AT = 'a date, an instant or a log position: only what was recorded by then';

export const momentOptions = (command: Command): Command =>
  command
    .option('--at <when>', 'half, annual or a date: figures up to and including it')
    .option('--known-at <when>', KNOWN_AT)
    .option('--at-least <position>', 'log position of a write that must be included; waits for it');

const POSITION = /^\d{1,18}$/;
const INSTANT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/** Faults are told here, beside those of other options; whether it is past only the system can say. */
export function knownAtOf(given: Given): Query {
  const when = given.optionalText('known-at');
  if (when !== undefined && !isMoment(when)) {
    const expected =
      'a date (the end of that day in Shanghai), an instant such as 2024-07-01T16:00:00Z or a log position';
    given.fault('known-at', 'INVALID_KNOWN_AT', `${quote(when)} is not ${expected}`);
  }
  return { knownAt: when };
}

function isMoment(text: string): boolean {
  const day = INSTANT.exec(text)?.[1];
  if (day !== undefined) return parseCivilDate(day) !== undefined && !Number.isNaN(Date.parse(text));
  return POSITION.test(text) || parseCivilDate(text) !== undefined;
}

export function atLeastOf(given: Given): Query {
  const atLeast = given.optionalText('at-least');
  if (atLeast !== undefined && !POSITION.test(atLeast)) {
    given.fault('at-least', 'INVALID_POSITION', `${quote(atLeast)} is not a log position, as a write answers it`);
  }
  return { atLeast };
}

/** A checkpoint sets the date itself. */
export function momentOf(given: Given): Query {
  const at = given.optionalText('at');
  const recorded = { ...knownAtOf(given), ...atLeastOf(given) };
  if (at === undefined) return recorded;
  if (at === 'half' || at === 'annual') return { checkpoint: at, ...recorded };
  if (parseCivilDate(at) === undefined) {
    given.fault('at', 'INVALID_DATE', `${quote(at)} is none of half, annual and a date that exists (YYYY-MM-DD)`);
  }
  return { asOf: at, ...recorded };
}

export const scopeOptions = (command: Command): Command =>
  command
    .option('--funds <natures>', `all, or fund natures separated by commas: ${FUND_NATURES.join(', ')}`)
    .option('--expenditure <kind>', `all, ${EXPENDITURES.join(', ')}`);

/** Fund natures by id or by their Chinese names. */
export function scopeOf(given: Given): Query {
  const funds = given.optionalText('funds');
  return {
    funds: funds === undefined || funds === 'all' ? funds : readFunds(given, funds),
    expenditure: given.optionalChoice('expenditure', ['all', ...EXPENDITURES]),
  };
}

function readFunds(given: Given, text: string): string {
  const names = text.split(/[,，]/).map((name) => name.trim());
  const unknown = names.filter((name) => fundNature(name) === undefined);
  if (unknown.length > 0) given.fault('funds', 'UNKNOWN_FUND', unknownFunds(unknown));
  return [...new Set(names.map((name) => fundNature(name) ?? ''))].sort().join(',');
}
