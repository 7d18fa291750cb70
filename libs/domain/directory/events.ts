/**
 * Events of the directory, stream `directory`: the units and their tree. All are dated.
 *
 * NOTE: names and shapes are the stored format for ever; see `budget/events.ts`.
 */
import type { CivilDate } from '#domain/calendar.js';
import type { DomainEvent } from '#domain/envelope.js';

export type UnitRegistered = DomainEvent<
  'UnitRegistered',
  { readonly unit: string; readonly name: string; readonly parent?: string; readonly validFrom: CivilDate }
>;
export type UnitRenamed = DomainEvent<
  'UnitRenamed',
  { readonly unit: string; readonly name: string; readonly validFrom: CivilDate }
>;
export type UnitMoved = DomainEvent<
  'UnitMoved',
  { readonly unit: string; readonly parent: string | null; readonly validFrom: CivilDate }
>;

export type DirectoryEvent = UnitRegistered | UnitRenamed | UnitMoved;

export const DIRECTORY_EVENT_VERSIONS = {
  UnitRegistered: 1,
  UnitRenamed: 1,
  UnitMoved: 1,
} as const satisfies Record<DirectoryEvent['type'], number>;
