/** Once per run of Jest, after all specs. What a spec left running is ended here and fails the run. */
import { sweep } from './test-server.mjs';

export default async () => {
  const left = await sweep(process.env.TEST_POSTGRES_DIR);
  if (left.length > 0) throw new Error(`specs left this running, it was ended now: ${left.join(', ')}`);
};
