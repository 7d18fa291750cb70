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

/** A checkpoint sets the date itself. */
export function momentOf(given: Given): Query {
  const at = given.optionalText('at');
  const recorded = { knownAt: given.optionalText('known-at'), atLeast: given.optionalText('at-least') };
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
