/**
 * Ending from outside the specs what a run of Jest has started: its PostgreSQL, its Kafka and, when a spec could not do
 * it, systems under test with their servers, brokers and mounted disks. The data are thrown away, so all of it may end at once, each process by
 * its id.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** One that has ended and that nobody has asked about yet (a container without an init) is not alive. */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Sweeps after the runs that were ended before they could do it themselves. */
export async function sweepInterrupted() {
  for (const name of await readdir(tmpdir())) {
    const owner = /^ledger-tests-(\d+)-/.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) await sweep(join(tmpdir(), name));
  }
}

/** Ends everything that belongs to a run's folder and removes it. Returns what a spec should have ended itself. */
export async function sweep(folder) {
  const left = [];
  for (const pid of systemsOf(folder)) {
    process.kill(pid, 'SIGKILL');
    left.push(`process ${pid}`);
  }
  for (const { pid, shared } of brokersOf(folder)) {
    process.kill(pid, 'SIGKILL');
    if (!shared) left.push(`Kafka broker ${pid}`);
  }
  for (const data of dataFoldersOf(folder)) {
    const ended = await endServer(data);
    if (ended && data !== folder) left.push(`PostgreSQL in ${data}`);
  }
  for (const disk of mountsBelow(folder)) {
    execFileSync('umount', [disk]);
    left.push(`disk ${disk}`);
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 20 });
  return left;
}

/** Systems under test by their entry in `processes`; an id that is somebody else's by now is left alone. */
function systemsOf(folder) {
  const entries = join(folder, 'processes');
  const pids = existsSync(entries) ? readdirSync(entries).map(Number) : [];
  return pids.filter((pid) => isAlive(pid) && mentions(pid, 'dist/test/fault/'));
}

/** Brokers by the file `pid` of each (`kafka/broker.ts`); one works with settings in this very folder, else it is not ours. */
function brokersOf(folder) {
  const kafka = join(folder, 'kafka');
  if (!existsSync(kafka)) return [];
  return readdirSync(kafka, { recursive: true })
    .filter((name) => basename(name) === 'pid')
    .map((name) => ({ pid: Number(readFileSync(join(kafka, name), 'utf8')), shared: name.startsWith('shared') }))
    .filter(({ pid }) => pid > 0 && isAlive(pid) && mentions(pid, kafka));
}

function mentions(pid, text) {
  if (process.platform !== 'linux') return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
  } catch {
    return false; // ended meanwhile
  }
}

/** The folder itself and those in it that hold a cluster. */
const dataFoldersOf = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && entry.name !== 'processes')
        .map((entry) => (entry.name === 'postgres' ? folder : join(folder, entry.name)))
    : [];

/** Whether a server ran in the data folder. */
async function endServer(data) {
  const pidFile = join(data, 'postgres', 'postmaster.pid');
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
  if (!(pid > 0 && isAlive(pid) && worksIn(pid, dirname(pidFile)))) return false;
  process.kill(pid, 'SIGQUIT');
  // The server removes the file last of all; a killed one leaves it.
  while (isAlive(pid) && (await readFile(pidFile).catch(() => undefined)) !== undefined) await pause(20);
  return true;
}

function worksIn(pid, folder) {
  if (process.platform !== 'linux') return true;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(folder);
  } catch {
    return false; // ended meanwhile
  }
}

function mountsBelow(folder) {
  if (process.platform !== 'linux') return [];
  const mounted = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  return mounted.filter((path) => dirname(path) === folder && basename(path) !== '');
}
