/** Events of the directory as rows. */
import type { DirectoryEvent } from '#domain/directory/events.js';
import type { UnitChange } from '#read-model/entities/directory.js';
import type { Changes } from '#read-model/projections/changes.js';
import { assertStorable } from '#read-model/projections/storable.js';
import type { Fact } from '#read-model/projections/streams.js';

export function projectDirectory(fact: Fact<DirectoryEvent>, changes: Changes): void {
  assertStorable(fact.envelope);
  const { unit, validFrom } = fact.event.data;
  changes.units.push({ unit, position: fact.position, validFrom, ...changed(fact.event) });
}

function changed(event: DirectoryEvent): Pick<UnitChange, 'name' | 'placed' | 'parent'> {
  switch (event.type) {
    case 'UnitRegistered':
      return { name: event.data.name, placed: true, parent: event.data.parent ?? null };
    case 'UnitRenamed':
      return { name: event.data.name, placed: false, parent: null };
    case 'UnitMoved':
      return { name: null, placed: true, parent: event.data.parent };
    default:
      throw new Error(`unknown directory event ${(event satisfies never as { type: string }).type}`);
  }
}
