/** The directory of units as a decider: codes are unique, and the tree has no cycles. */
import type { CivilDate } from '#domain/calendar.js';
import { accept, reject, type Decider, type Decision } from '#domain/decider.js';
import { DIRECTORY_EVENT_VERSIONS, type DirectoryEvent } from '#domain/directory/events.js';
import { upcaster } from '#domain/upcaster.js';

export const DIRECTORY_STREAM = 'directory';

/** Unit codes appear in stream names, so nothing else may. Design 6.1. */
export const UNIT_CODE = /^[A-Z0-9]{1,21}$/;

export interface UnitState {
  name: string;
  parent: string | undefined;
  readonly registeredOn: CivilDate;
  namedOn: CivilDate;
  movedOn: CivilDate;
}
export interface DirectoryState {
  readonly units: Map<string, UnitState>;
}

export type DirectoryCommand =
  | {
      readonly type: 'RegisterUnit';
      readonly unit: string;
      readonly name: string;
      readonly parent?: string;
      readonly validFrom: CivilDate;
    }
  | { readonly type: 'RenameUnit'; readonly unit: string; readonly name: string; readonly validFrom: CivilDate }
  | {
      readonly type: 'MoveUnit';
      readonly unit: string;
      readonly parent: string | null;
      readonly validFrom: CivilDate;
    };

export type DirectoryRejection =
  | { readonly code: 'UNIT_CODE_INVALID'; readonly unit: string }
  | { readonly code: 'UNIT_EXISTS'; readonly unit: string; readonly name: string }
  | { readonly code: 'UNKNOWN_UNIT'; readonly unit: string }
  | { readonly code: 'UNIT_BELOW_ITSELF'; readonly unit: string; readonly parent: string }
  | { readonly code: 'DATE_BEFORE_ENTRY'; readonly date: CivilDate; readonly entryDate: CivilDate };

export const directoryDecider: Decider<DirectoryState, DirectoryCommand, DirectoryEvent, DirectoryRejection> = {
  initialState: () => ({ units: new Map() }),
  evolve,
  decide,
  versions: DIRECTORY_EVENT_VERSIONS,
  upcast: upcaster(DIRECTORY_EVENT_VERSIONS, {}),
};

function evolve(state: DirectoryState, event: DirectoryEvent): DirectoryState {
  const { data } = event;
  switch (event.type) {
    case 'UnitRegistered':
      state.units.set(data.unit, {
        name: event.data.name,
        parent: event.data.parent,
        registeredOn: data.validFrom,
        namedOn: data.validFrom,
        movedOn: data.validFrom,
      });
      return state;
    case 'UnitRenamed':
      Object.assign(unitOf(state, data.unit), { name: event.data.name, namedOn: data.validFrom });
      return state;
    case 'UnitMoved':
      Object.assign(unitOf(state, data.unit), { parent: event.data.parent ?? undefined, movedOn: data.validFrom });
      return state;
    default:
      throw new Error(`unknown directory event ${(event satisfies never as { type: string }).type}`);
  }
}

function unitOf(state: DirectoryState, unit: string): UnitState {
  const found = state.units.get(unit);
  if (found === undefined) throw new Error(`an event names unit ${unit}, which was never registered`);
  return found;
}

function decide(command: DirectoryCommand, state: DirectoryState): Decision<DirectoryEvent, DirectoryRejection> {
  const { unit, validFrom } = command;
  const known = state.units.get(unit);
  switch (command.type) {
    case 'RegisterUnit': {
      const { name, parent } = command;
      if (!UNIT_CODE.test(unit)) return reject({ code: 'UNIT_CODE_INVALID', unit });
      if (known?.name === name && known.parent === parent) return accept();
      if (known !== undefined) return reject({ code: 'UNIT_EXISTS', unit, name: known.name });
      const above = parent === undefined ? undefined : state.units.get(parent);
      if (parent !== undefined && above === undefined) return reject({ code: 'UNKNOWN_UNIT', unit: parent });
      if (above !== undefined && validFrom < above.registeredOn) return before(validFrom, above.registeredOn);
      const data = { unit, name, ...(parent === undefined ? {} : { parent }), validFrom };
      return accept({ type: 'UnitRegistered', effectiveDate: validFrom, data });
    }
    case 'RenameUnit':
      if (known === undefined) return reject({ code: 'UNKNOWN_UNIT', unit });
      if (known.name === command.name) return accept();
      if (validFrom < known.namedOn) return before(validFrom, known.namedOn);
      return accept({
        type: 'UnitRenamed',
        effectiveDate: validFrom,
        data: { unit, name: command.name, validFrom },
      });
    case 'MoveUnit': {
      const { parent } = command;
      if (known === undefined) return reject({ code: 'UNKNOWN_UNIT', unit });
      if (parent !== null && !state.units.has(parent)) return reject({ code: 'UNKNOWN_UNIT', unit: parent });
      if (parent !== null && isBelow(state, parent, unit)) return reject({ code: 'UNIT_BELOW_ITSELF', unit, parent });
      if ((known.parent ?? null) === parent) return accept();
      const settled = lastMoveAbove(state, [unit, ...(parent === null ? [] : [parent])]);
      if (validFrom < settled) return before(validFrom, settled);
      return accept({ type: 'UnitMoved', effectiveDate: validFrom, data: { unit, parent, validFrom } });
    }
    default:
      throw new Error(`unknown directory command ${(command satisfies never as { type: string }).type}`);
  }
}

/** Names and places follow their dates: a change is not dated before the one that it replaces. */
const before = (date: CivilDate, entryDate: CivilDate) =>
  reject({ code: 'DATE_BEFORE_ENTRY', date, entryDate } as const);

/**
 * The latest date on which a unit of the chain from the last of `units` upwards, or the first of them, got its place. From
 * then on the chain is as it is now, so that a move dated later can make no cycle at any date.
 */
function lastMoveAbove(state: DirectoryState, [unit, ...parents]: readonly string[]): CivilDate {
  let last = unitOf(state, unit ?? '').movedOn;
  for (let at = parents[0]; at !== undefined; at = unitOf(state, at).parent) {
    const { movedOn } = unitOf(state, at);
    if (movedOn > last) last = movedOn;
  }
  return last;
}

/** Whether `unit` is `ancestor` or lies below it. */
function isBelow(state: DirectoryState, unit: string, ancestor: string): boolean {
  for (let at: string | undefined = unit; at !== undefined; at = state.units.get(at)?.parent) {
    if (at === ancestor) return true;
  }
  return false;
}
