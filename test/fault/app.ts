/** The product as a real process: started, watched, killed. Each one is entered in the run's folder, which is swept at the end. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Failpoint } from './failpoint.js';
import { runFolder, type Home } from './home.js';
import { CLOCK_SHIFT } from './shifted-clock.js';

const ENTRY = fileURLToPath(new URL('../../dist/test/fault/entry.js', import.meta.url));

/** Far beyond every aim: a system that is not ready by then never will be. */
export const NEVER_READY_MS = 60_000;

export interface AppOptions {
  readonly clockShiftMs?: number;
  readonly logLevel?: string;
}

/** Starts the product on its data; it may well wait for another one that is at work there. */
export function launch(home: Home, { clockShiftMs = 0, logLevel = 'error' }: AppOptions = {}): App {
  const child = spawn(process.execPath, [ENTRY, '--empty'], {
    env: {
      ...process.env,
      DATABASE_URL: '',
      ...home.environment,
      PORT: '0',
      LOG_LEVEL: logLevel,
      NODE_OPTIONS: '',
      [CLOCK_SHIFT]: String(clockShiftMs),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  return new App(child);
}

/** The same, ready to serve. */
export async function start(home: Home, options?: AppOptions): Promise<App> {
  const app = launch(home, options);
  await app.ready();
  return app;
}

const KEPT_CHARACTERS = 20_000;
/** Where a process listens: told to people on standard output, or in its log on standard error. */
const ADDRESS = /^Ready at (\S+)|"address":"(http[^"]+)"/m;

export class App {
  /** Undefined until it listens. */
  address: string | undefined;
  /** The last of what it wrote on standard error. */
  said = '';
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  readonly pid: number;

  constructor(private readonly child: ChildProcess) {
    if (child.pid === undefined) throw new Error('the system could not be started at all');
    this.pid = child.pid;
    const entry = enter(this.pid);
    this.ended = once(child, 'exit').then(([code, signal]: unknown[]) => {
      rmSync(entry, { force: true });
      return (code ?? signal) as number | NodeJS.Signals;
    });
    let out = '';
    child.stdout?.on('data', (bytes: Buffer) => {
      out = (out + bytes.toString()).slice(-KEPT_CHARACTERS);
      this.#lookForAddress(out);
    });
    child.stderr?.on('data', (bytes: Buffer) => {
      this.said = (this.said + bytes.toString()).slice(-KEPT_CHARACTERS);
      this.#lookForAddress(this.said);
    });
  }

  #lookForAddress(text: string): void {
    if (this.address !== undefined) return;
    const [, told, logged] = ADDRESS.exec(text) ?? [];
    this.address = told ?? logged;
  }

  get isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Resolves when it listens and says that it is ready. */
  async ready(): Promise<void> {
    const deadline = performance.now() + NEVER_READY_MS;
    while (!(await this.isReady())) {
      if (!this.isAlive) throw new Error(`the system ended while it started:\n${this.said}`);
      if (performance.now() > deadline) throw new Error(`not ready within ${NEVER_READY_MS} ms:\n${this.said}`);
      await pause(20);
    }
  }

  async isReady(): Promise<boolean> {
    if (this.address === undefined) return false;
    const signal = AbortSignal.timeout(5_000);
    const answer = await fetch(`${this.address}/readyz`, { signal }).catch(() => undefined);
    await answer?.arrayBuffer().catch(() => undefined);
    return answer?.status === 200;
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.pid, name);
  }

  async kill(): Promise<void> {
    if (this.isAlive) this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Resolves when the process has been killed, by itself; throws when that does not happen. */
  async dies(): Promise<void> {
    const never = pause(NEVER_READY_MS, 'never' as const, { ref: false });
    const end = await Promise.race([this.ended, never]);
    if (end !== 'SIGKILL') throw new Error(`the system was to die by SIGKILL, not ${end}:\n${this.said}`);
  }

  /** As Ctrl-C does; throws when it does not end well. */
  async stop(): Promise<void> {
    if (this.isAlive) this.child.kill('SIGTERM');
    const code = await this.ended;
    if (code !== 0) throw new Error(`stopping ended with ${code}:\n${this.said}`);
  }

  /** Resolves when the process knows where to die. */
  arm(failpoint: Failpoint): Promise<void> {
    return this.tell({ arm: failpoint });
  }

  /** Resolves when its clock is wrong by so much. */
  shiftClock(shiftClockMs: number): Promise<void> {
    return this.tell({ shiftClockMs });
  }

  /** Resolves when the process has answered the message, which it does when it has done what it says. */
  async tell(message: object): Promise<void> {
    const answered = once(this.child, 'message');
    this.child.send(message);
    await Promise.race([answered, this.ended]);
  }
}

/** For the sweep at the end of the run, should this spec not live to end the process. */
function enter(pid: number): string {
  const folder = join(runFolder(), 'processes');
  mkdirSync(folder, { recursive: true });
  const entry = join(folder, String(pid));
  writeFileSync(entry, '');
  return entry;
}
