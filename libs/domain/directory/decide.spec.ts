import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { civilDate, nextDay } from '#domain/calendar.js';
import { fold } from '#domain/decider.js';
import { directoryDecider, type DirectoryCommand, type DirectoryState } from '#domain/directory/decide.js';
import type { DirectoryEvent } from '#domain/directory/events.js';

const on = (day: string) => ({ validFrom: civilDate(`2024-${day}`) });
const register = (unit: string, parent?: string, day = '01-01'): DirectoryCommand => ({
  type: 'RegisterUnit',
  unit,
  name: `Unit ${unit}`,
  ...(parent === undefined ? {} : { parent }),
  ...on(day),
});
const rename = (unit: string, name: string, day = '02-01'): DirectoryCommand => ({
  type: 'RenameUnit',
  unit,
  name,
  ...on(day),
});
const move = (unit: string, parent: string | null, day = '02-01'): DirectoryCommand => ({
  type: 'MoveUnit',
  unit,
  parent,
  ...on(day),
});

function after(...commands: DirectoryCommand[]): { state: DirectoryState; events: DirectoryEvent[] } {
  const state = directoryDecider.initialState();
  const events: DirectoryEvent[] = [];
  for (const command of commands) {
    const decision = directoryDecider.decide(command, state);
    if (!decision.accepted) throw new Error(`refused: ${JSON.stringify([command, decision.rejection])}`);
    events.push(...decision.events);
    fold(directoryDecider, decision.events, state);
  }
  return { state, events };
}

describe('the directory', () => {
  it('registers, renames and moves units, each from a date on', () => {
    const { state, events } = after(register('A'), register('B', 'A'), rename('B', 'Bureau'), move('B', null));
    expect(events.map(({ type, effectiveDate }) => [type, effectiveDate])).toEqual([
      ['UnitRegistered', '2024-01-01'],
      ['UnitRegistered', '2024-01-01'],
      ['UnitRenamed', '2024-02-01'],
      ['UnitMoved', '2024-02-01'],
    ]);
    expect(state.units.get('B')).toMatchObject({ name: 'Bureau', parent: undefined });
  });

  it.each<[string, DirectoryCommand[], DirectoryCommand]>([
    ['a unit registered again', [register('A')], register('A')],
    ['a name that it has', [register('A')], rename('A', 'Unit A')],
    ['a place that it has', [register('A'), register('B', 'A')], move('B', 'A')],
    ['no place, again', [register('A')], move('A', null)],
  ])('does nothing for %s', (_what, before, again) => {
    expect(directoryDecider.decide(again, after(...before).state)).toEqual({ accepted: true, events: [] });
  });

  it.each<[string, DirectoryCommand[], DirectoryCommand, object]>([
    ['a code that could end a server', [], register('$$ALL'), { code: 'UNIT_CODE_INVALID' }],
    ['a small letter', [], register('u1'), { code: 'UNIT_CODE_INVALID' }],
    ['a line end', [], register('A\n'), { code: 'UNIT_CODE_INVALID' }],
    ['22 signs', [], register('A'.repeat(22)), { code: 'UNIT_CODE_INVALID' }],
    [
      'a code taken',
      [register('A')],
      { ...register('A'), name: 'Other' } as DirectoryCommand,
      { code: 'UNIT_EXISTS', name: 'Unit A' },
    ],
    ['an unknown parent', [], register('A', 'B'), { code: 'UNKNOWN_UNIT', unit: 'B' }],
    ['itself as parent', [], register('A', 'A'), { code: 'UNKNOWN_UNIT', unit: 'A' }],
    [
      'a parent that comes later',
      [register('A', undefined, '03-01')],
      register('B', 'A', '02-01'),
      { code: 'DATE_BEFORE_ENTRY', entryDate: '2024-03-01' },
    ],
    ['renaming nobody', [], rename('A', 'x'), { code: 'UNKNOWN_UNIT' }],
    ['moving nobody', [], move('A', null), { code: 'UNKNOWN_UNIT' }],
    ['moving below nobody', [register('A')], move('A', 'B'), { code: 'UNKNOWN_UNIT', unit: 'B' }],
    ['moving below itself', [register('A')], move('A', 'A'), { code: 'UNIT_BELOW_ITSELF' }],
    [
      'moving below its own part',
      [register('A'), register('B', 'A'), register('C', 'B')],
      move('A', 'C'),
      { code: 'UNIT_BELOW_ITSELF', parent: 'C' },
    ],
    [
      'a name dated before the last',
      [register('A'), rename('A', 'x', '06-01')],
      rename('A', 'y', '05-31'),
      { code: 'DATE_BEFORE_ENTRY', entryDate: '2024-06-01' },
    ],
    [
      'a move dated before the last',
      [register('A'), register('B', 'A'), move('B', null, '06-01')],
      move('B', 'A', '05-31'),
      { code: 'DATE_BEFORE_ENTRY' },
    ],
    [
      'a cycle in the past',
      [register('A'), register('B', 'A'), move('B', null, '09-01')],
      move('A', 'B', '05-01'),
      { code: 'DATE_BEFORE_ENTRY', entryDate: '2024-09-01' },
    ],
  ])('refuses %s', (_what, before, command, rejection) => {
    expect(directoryDecider.decide(command, after(...before).state)).toMatchObject({ accepted: false, rejection });
  });

  it('throws on an event about a unit that was never registered', () => {
    const event = {
      type: 'UnitRenamed',
      effectiveDate: civilDate('2024-01-01'),
      data: { unit: 'A', name: 'x', ...on('01-01') },
    } as const;
    expect(() => directoryDecider.evolve(directoryDecider.initialState(), event)).toThrow('never registered');
  });

  it('is a tree without cycles on every date, whatever was asked, and deciding changes nothing', () => {
    const unit = fc.constantFrom('A', 'B', 'C', 'D');
    const day = fc.constantFrom('01-01', '02-01', '03-01', '04-01');
    const commands = fc.oneof(
      fc.tuple(unit, fc.option(unit, { nil: undefined }), day).map((parts) => register(...parts)),
      fc.tuple(unit, fc.constantFrom('x', 'y'), day).map((parts) => rename(...parts)),
      fc.tuple(unit, fc.option(unit), day).map((parts) => move(...parts)),
    );
    fc.assert(
      fc.property(fc.array(commands, { maxLength: 30, size: 'max' }), (asked) => {
        const state = directoryDecider.initialState();
        const events: DirectoryEvent[] = [];
        for (const command of asked) {
          const before = structuredClone(state);
          const decision = directoryDecider.decide(command, state);
          expect(state).toEqual(before);
          if (!decision.accepted) continue;
          events.push(...decision.events);
          fold(directoryDecider, decision.events, state);
          expect(directoryDecider.decide(command, state)).not.toMatchObject({ events: [{}] });
        }
        for (const date of ['01-01', '02-01', '03-01', '04-01'].map((text) => civilDate(`2024-${text}`))) {
          const parents = treeAt(events, nextDay(date));
          for (const start of parents.keys()) {
            const seen = new Set<string>();
            for (let at: string | undefined = start; at !== undefined; at = parents.get(at)) {
              expect(seen.has(at)).toBe(false);
              expect(parents.has(at)).toBe(true);
              seen.add(at);
            }
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** Parents as they stand before a date, by dates and not by the order of recording. */
function treeAt(events: readonly DirectoryEvent[], before: string): Map<string, string | undefined> {
  const dated = events.filter(({ effectiveDate }) => effectiveDate < before);
  dated.sort((a, b) => (a.effectiveDate < b.effectiveDate ? -1 : a.effectiveDate > b.effectiveDate ? 1 : 0));
  const parents = new Map<string, string | undefined>();
  for (const { data } of dated)
    if ('parent' in data || !parents.has(data.unit))
      parents.set(data.unit, 'parent' in data ? (data.parent ?? undefined) : undefined);
  return parents;
}
