/** Once per run of Jest, after all specs. */
import { removeServer } from './test-server.mjs';

export default () => removeServer(process.env.TEST_POSTGRES_DIR);
