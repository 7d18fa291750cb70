import { eventStoreContract } from '#event-store/contract.js';
import { createMemoryLog, createMemoryStore } from '#event-store/memory.js';

eventStoreContract('the memory adapter', async () => {
  const log = createMemoryLog();
  const clock = { now: Date.now() };
  const open = () => createMemoryStore({ log, clock: () => clock.now });
  const stores = [open()];
  return {
    store: stores[0] as ReturnType<typeof open>,
    clock,
    reopen: async () => {
      await Promise.all(stores.map((store) => store.close()));
      stores.push(open());
      return stores.at(-1) as ReturnType<typeof open>;
    },
    storedBytes: async (stream, revision) => {
      const event = log.streams.get(stream)?.[revision];
      if (!event) throw new Error(`${stream} has no revision ${revision}`);
      return { data: Buffer.from(event.data), metadata: Buffer.from(event.metadata) };
    },
    dispose: async () => {
      await Promise.all(stores.map((store) => store.close()));
    },
  };
});
