import { createMemoryProcesses, createMemoryProcessStore } from './memory.js';
import { processStoreContract } from './contract.js';

processStoreContract('the memory adapter', async () => {
  const kept = createMemoryProcesses();
  return {
    processes: createMemoryProcessStore(kept),
    reopen: async () => createMemoryProcessStore(kept),
    dispose: async () => undefined,
  };
});
