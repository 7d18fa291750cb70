/**
 * Once per run of Jest: names the folder in which the first spec that needs PostgreSQL starts it (`postgres.ts`), and
 * clears away what interrupted runs left. Plain JavaScript, because Jest loads it outside its module mapping.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sweepInterrupted } from './test-server.mjs';

export default async function setup() {
  await sweepInterrupted();
  process.env.TEST_POSTGRES_DIR = await mkdtemp(join(tmpdir(), `ledger-tests-${process.pid}-`));
}
