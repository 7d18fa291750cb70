/** Nothing that a fault spec has started outlives it, also when it is killed: by a limit on memory or time, or by hand. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { isAlive } from '#platform/postgres-cluster.js';
import { embeddedHome, serverOf, type Home } from './home.js';

const children: ChildProcess[] = [];
const homes: Home[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const home of homes.splice(0)) await home.remove();
});

function run(program: string, ...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return child;
}

describe('a system under test', () => {
  it('stops, with its PostgreSQL, when the process that started it is killed', async () => {
    const home = await embeddedHome();
    homes.push(home);
    // Starts the entry as the specs do, and repeats what it says.
    const parent = run(`
      import { spawn } from 'node:child_process';
      const env = { ...process.env, DATABASE_URL: '', DATA_DIR: ${JSON.stringify(home.folder)}, PORT: '0' };
      const child = spawn(process.execPath, ['dist/test/fault/entry.js', '--empty'], {
        env, stdio: ['ignore', 'inherit', 'ignore', 'ipc'] });
      console.log(child.pid);`);
    let pid = 0;
    for await (const line of createInterface(parent.stdout!)) {
      pid ||= Number(line);
      if (line.startsWith('Ready at')) break;
    }
    const server = serverOf(home.folder).pid;
    expect([pid, server].map(isAlive)).toEqual([true, true]);
    parent.kill('SIGKILL');
    while ([pid, server].some(isAlive)) await pause(20);
  }, 120_000);
});

describe('the sweep at the end of a run', () => {
  it('ends what is entered, names it, and touches nobody else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ledger-spec-'));
    try {
      const waits = 'setInterval(() => {}, 1_000)';
      const system = run(waits, 'dist/test/fault/entry.js');
      const stranger = run(waits);
      mkdirSync(join(folder, 'processes'));
      for (const { pid } of [system, stranger]) writeFileSync(join(folder, 'processes', String(pid)), '');
      const { sweep } = (await import(
        pathToFileURL(join(process.cwd(), 'test', 'support', 'test-server.mjs')).href
      )) as { sweep: (folder: string) => Promise<string[]> };
      expect(await sweep(folder)).toEqual([`process ${system.pid}`]);
      while (isAlive(system.pid!)) await pause(20);
      expect(isAlive(stranger.pid!)).toBe(true);
      expect(existsSync(folder)).toBe(false);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
