/** Ending the PostgreSQL of a run of Jest from outside the specs. Its data is thrown away, so it may end at once. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** @param {number} pid */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} folder */
export async function removeServer(folder) {
  const pidFile = join(folder, 'postgres', 'postmaster.pid');
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
  if (pid > 0 && isAlive(pid)) process.kill(pid, 'SIGQUIT');
  // The server removes the file last of all; a killed one leaves it.
  while (pid > 0 && isAlive(pid) && (await readFile(pidFile).catch(() => undefined)) !== undefined) await pause(20);
  await rm(folder, { recursive: true, force: true, maxRetries: 20 });
}
