/** The process store in memory, with the semantics of the real one. */
import type { Position } from '#domain/envelope.js';
import { AnotherRunner, type ProcessEntry, type ProcessStore } from './port.js';

/** What survives the store that wrote it, as a disk would. */
export interface MemoryProcesses {
  readonly entries: Map<string, ProcessEntry>;
  place: Position | 'start';
}

export const createMemoryProcesses = (): MemoryProcesses => ({ entries: new Map(), place: 'start' });

export function createMemoryProcessStore(kept: MemoryProcesses = createMemoryProcesses()): ProcessStore {
  return {
    place: async () => kept.place,
    move: async (from, to) => {
      if (kept.place !== from && kept.place !== to) throw new AnotherRunner(from);
      kept.place = to;
    },
    find: async (id) => kept.entries.get(id),
    open: async (entry) => {
      const held = kept.entries.get(entry.id) ?? entry;
      kept.entries.set(entry.id, held);
      return held;
    },
    answer: async (entry) => {
      if (!kept.entries.has(entry.id)) throw new Error(`process ${entry.id} was never opened`);
      kept.entries.set(entry.id, entry);
    },
    list: async ({ unit, year, states }, { limit, after }) =>
      [...kept.entries.values()]
        .filter((entry) => unit === undefined || entry.unit === unit)
        .filter((entry) => year === undefined || entry.year === year)
        .filter((entry) => states === undefined || states.includes(entry.state))
        .sort(newestFirst)
        .filter((entry) => after === undefined || newestFirst(after, entry) < 0)
        .slice(0, limit),
    close: async () => undefined,
  };
}

type Placed = Pick<ProcessEntry, 'order' | 'id'>;

const newestFirst = (a: Placed, b: Placed): number => {
  if (a.order !== b.order) return a.order > b.order ? -1 : 1;
  return a.id > b.id ? -1 : a.id < b.id ? 1 : 0;
};
