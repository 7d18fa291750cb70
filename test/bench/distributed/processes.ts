/** Processes of the product, and the stand-in for its event store, started for a measurement and stopped after it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const SCRIPTS = {
  'event store': '../../support/eventstoredb/main.js',
  topics: '../../../apps/relay/topics.js',
  ledger: '../../../apps/ledger/main.js',
  relay: '../../../apps/relay/main.js',
  projector: '../../../apps/projector/main.js',
  query: '../../../apps/query/main.js',
} as const;

export interface Running {
  /** Where it listens. */
  readonly address: string;
  /** Ends it as an operator would. */
  stop(): Promise<void>;
}

type Environment = Readonly<Record<string, string>>;

const NEVER_MS = 60_000;
const ADDRESS = /^Ready at (\S+)|"address":"(http[^"]+)"/m;

/** Resolves when it listens. */
export async function start(
  name: keyof typeof SCRIPTS,
  environment: Environment = {},
  ...args: string[]
): Promise<Running> {
  const { child, said } = launch(name, environment, args);
  for (let waited = 0; waited < NEVER_MS; waited += 10) {
    const [, told, logged] = ADDRESS.exec(said()) ?? [];
    const address = told ?? logged;
    if (address !== undefined) return { address, stop: () => stop(child) };
    if (child.exitCode !== null) break;
    await pause(10);
  }
  child.kill('SIGKILL');
  throw new Error(`${name} did not start:\n${said()}`);
}

/** Runs a step to its end. */
export async function complete(name: keyof typeof SCRIPTS, environment: Environment): Promise<void> {
  const { child, said } = launch(name, environment, []);
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${name} ended with ${code}:\n${said()}`);
}

function launch(name: keyof typeof SCRIPTS, environment: Environment, args: readonly string[]) {
  const script = fileURLToPath(new URL(SCRIPTS[name], import.meta.url));
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...process.env, PORT: '0', LOG_LEVEL: 'info', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => (said = (said + bytes.toString()).slice(-10_000)));
  return { child, said: () => said };
}

/** Nothing that was started outlives this process. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
