/**
 * The disk of the database is full, for tables and for its write-ahead log, and has space again. A small disk in memory is
 * mounted for it, which only root may do; where `CI` is `true` it must be possible. Seed: see campaign.ts.
 */
import { describe, expect, it } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { launch } from './app.js';
import { campaign, patience, rounds, type Stage } from './campaign.js';
import { smallAddition, UNITS } from './commands.js';
import { ask, embeddedHome, runFolder, type Home } from './home.js';
import type { Answer } from './load.js';

const ROUNDS = rounds({ short: 3, full: 15 });
const DISK_SIZE = '320m';

/** Each kind of fullness, so often. */
const KINDS = ['tables', 'write-ahead log'] as const;

/** Why no disk can be mounted; undefined when one can. */
const obstacle = tryDisk();

describe('a full disk', () => {
  for (const kind of KINDS) {
    const title = `without space for the ${kind}: writes are refused with what to do, nothing is lost, ${ROUNDS} times`;
    const play = () => {
      expect(obstacle).toBeUndefined();
      return campaign({
        fault: `disk full: ${kind}`,
        rounds: ROUNDS,
        aimMs: 15_000,
        home: smallDisk,
        strike: (stage) => fillAndFree(stage, kind),
      });
    };
    if (obstacle === undefined || process.env['CI'] === 'true') it(title, play, patience(ROUNDS));
    else it.skip(`because no disk can be mounted here (${obstacle}): ${title}`, play);
  }
});

describe('a start on a full disk', () => {
  const title = 'ends with what to do';
  const play = async () => {
    expect(obstacle).toBeUndefined();
    const home = await smallDisk();
    try {
      fill(join(home.folder, 'filler'));
      const app = launch(home);
      expect(await app.ended).toBe(2);
      expect(app.said).toMatch(/the disk that holds \S+ is full: 0 MiB are free, .* Free some space there/);
    } finally {
      await home.remove();
    }
  };
  if (obstacle === undefined || process.env['CI'] === 'true') it(title, play, patience(1));
  else it.skip(`because no disk can be mounted here (${obstacle}): ${title}`, play);
});

async function fillAndFree(stage: Stage, kind: (typeof KINDS)[number]): Promise<number> {
  const { app, load, home, random } = stage;
  const filler = join(home.folder, 'filler');
  fill(filler);
  try {
    if (kind === 'write-ahead log') await exhaustWriteAheadLog(home);
    const refused = await untilRefused(stage);
    expect(refused.body).toMatchObject({
      code: expect.stringMatching(/^(STORAGE_FULL|STORE_UNAVAILABLE)$/) as unknown,
      detail: expect.stringMatching(/Send the same request with the same Idempotency-Key again/i) as unknown,
    });
    const readiness = await fetch(`${app.address}/readyz`);
    expect(await readiness.json()).toMatchObject({ status: 503, failing: expect.arrayContaining(['disk']) as unknown });
    await pause(random.between(500, 3_000));
    expect([app.isAlive, (await fetch(`${app.address}/livez`)).status]).toEqual([true, 200]);
  } finally {
    rmSync(filler);
  }
  const since = performance.now();
  while (!(await app.isReady())) await pause(20);
  await load.perform(smallAddition(random.oneOf(UNITS)));
  return performance.now() - since;
}

/** Until the disk takes nothing more. */
function fill(file: string): void {
  const descriptor = openSync(file, 'w');
  try {
    for (let size = 1 << 20; size >= 512;) {
      try {
        if (writeSync(descriptor, Buffer.alloc(size)) < size) size /= 2;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        size /= 2;
      }
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Begins new files of the write-ahead log until there is no room for one and the server stops (PANIC). */
async function exhaustWriteAheadLog(home: Home): Promise<void> {
  const deadline = performance.now() + 60_000;
  const isUp = (): Promise<boolean> =>
    ask(home, `SELECT pg_logical_emit_message(true, 'fault', 'x'); SELECT pg_switch_wal()`).then(
      () => true,
      // A statement that fails is no end of the server.
      (error: unknown) => (error as { severity?: unknown }).severity === 'ERROR',
    );
  while (await isUp()) if (performance.now() > deadline) throw new Error('the write-ahead log never fills the disk');
}

/** The first answer that refuses a write; every new write is tried once. */
async function untilRefused({ load, random }: Stage): Promise<Answer> {
  for (;;) {
    const { answer } = await load.once(smallAddition(random.oneOf(UNITS)));
    if (answer?.status === 503) return answer;
    if (answer !== undefined && answer.status !== 201) throw new Error(JSON.stringify(answer));
  }
}

/** A data folder on a disk of its own. */
async function smallDisk(): Promise<Home> {
  const folder = join(runFolder(), `disk-${randomUUID()}`);
  mkdirSync(folder);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_SIZE},mode=0700`, 'tmpfs', folder]);
  const home = await embeddedHome(folder);
  return {
    ...home,
    remove: async () => {
      await home.endServer();
      execFileSync('umount', [folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

function tryDisk(): string | undefined {
  const folder = join(runFolder(), `disk-${randomUUID()}`);
  mkdirSync(folder);
  try {
    const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
    if (error || status !== 0) return error?.message ?? String(stderr).trim();
    execFileSync('umount', [folder]);
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
