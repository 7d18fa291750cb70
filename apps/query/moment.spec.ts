import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { asOfOf, parseKnown } from './moment.js';
import type { Problem } from '#platform/problem.js';

const now = Date.parse('2024-09-15T02:00:00Z');

describe('asOf', () => {
  // today in Shanghai → the date asked about in 2024
  it.each([
    ['2024-09-15T02:00:00Z', '2024-09-15', 'today'],
    ['2024-09-15T16:00:00Z', '2024-09-16', 'it is tomorrow already in Shanghai'],
    ['2024-12-31T15:59:59Z', '2024-12-31', 'the last second of the year there'],
    ['2024-12-31T16:00:00Z', '2024-12-31', 'the year is over'],
    ['2026-03-01T00:00:00Z', '2024-12-31', 'long over'],
    ['2023-11-01T00:00:00Z', '2024-01-01', 'not begun'],
  ])('at %s is %s: %s', (instant, date) => expect(asOfOf({}, 2024, Date.parse(instant))).toBe(date));

  it('is what the caller says', () => expect(asOfOf({ asOf: '2024-03-31' }, 2024, now)).toBe('2024-03-31'));

  it('is the date of the checkpoint', () => {
    expect(asOfOf({ checkpoint: 'half' }, 2024, now)).toBe('2024-06-30');
    expect(asOfOf({ checkpoint: 'annual' }, 2024, now)).toBe('2024-12-31');
    expect(asOfOf({ checkpoint: 'half', asOf: '2024-06-30' }, 2024, now)).toBe('2024-06-30');
  });

  it('and checkpoint must agree', () => {
    expect(refused(() => asOfOf({ checkpoint: 'half', asOf: '2024-06-29' }, 2024, now))).toEqual([
      400,
      'AS_OF_NOT_CHECKPOINT',
    ]);
  });

  it('must lie in the year', () => {
    expect(refused(() => asOfOf({ asOf: '2025-01-01' }, 2024, now))).toEqual([422, 'DATE_OUTSIDE_YEAR']);
    expect(refused(() => asOfOf({ asOf: '2023-12-31' }, 2024, now))).toEqual([422, 'DATE_OUTSIDE_YEAR']);
  });
});

describe('knownAt', () => {
  it.each([
    ['2024-07-01T16:00:00Z', { instant: Date.UTC(2024, 6, 1, 16) }],
    ['2024-07-01T16:00Z', { instant: Date.UTC(2024, 6, 1, 16) }],
    ['2024-07-02T00:00:00.250+08:00', { instant: Date.UTC(2024, 6, 1, 16, 0, 0, 250) }],
    // a bare date is the end of that day in Asia/Shanghai
    ['2024-07-01', { instant: Date.UTC(2024, 6, 1, 16) - 1 }],
    ['4711', { position: '4711' }],
    ['2024-02-30', undefined],
    ['2024-02-30T00:00:00Z', undefined],
    ['2024-07-01T25:00:00Z', undefined],
    // without a zone nobody knows which instant it is
    ['2024-07-01T16:00:00', undefined],
    ['2024-07-01 16:00:00Z', undefined],
    ['-1', undefined],
    ['', undefined],
    ['yesterday', undefined],
  ])('%s', (text, known) => expect(parseKnown(text)).toEqual(known));
});

describe('in a process of any time zone', () => {
  const texts = ['2024-06-30', '2024-12-31', '2024-03-10', '2024-07-01T00:00:00+08:00'];
  const script = `
    import 'reflect-metadata';
    import { asOfOf, parseKnown } from ${JSON.stringify(new URL('../../dist/apps/query/moment.js', import.meta.url).href)};
    const today = asOfOf({}, 2024, ${Date.parse('2024-09-15T16:00:00Z')});
    console.log(JSON.stringify([today, ...${JSON.stringify(texts)}.map(parseKnown)]));`;

  it.each(['UTC', 'Asia/Shanghai', 'America/New_York'])('%s, a day ends when it ends in Shanghai', async (zone) => {
    const argv = ['--input-type=module', '--eval', script];
    const { stdout } = await promisify(execFile)(process.execPath, argv, { env: { ...process.env, TZ: zone } });
    expect(JSON.parse(stdout)).toEqual([
      '2024-09-16',
      { instant: Date.parse('2024-06-30T15:59:59.999Z') },
      { instant: Date.parse('2024-12-31T15:59:59.999Z') },
      // A day of 23 hours in New York.
      { instant: Date.parse('2024-03-10T15:59:59.999Z') },
      { instant: Date.parse('2024-06-30T16:00:00.000Z') },
    ]);
  });
});

function refused(ask: () => unknown): [number, string | undefined] {
  try {
    ask();
  } catch (error) {
    const { status, facts } = error as Problem;
    return [status, facts.faults?.[0]?.code];
  }
  throw new Error('not refused');
}
