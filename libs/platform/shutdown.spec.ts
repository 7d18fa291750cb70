import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { compileLibraries, type CompiledLibraries } from '../../test/support/compiled.js';

let libraries: CompiledLibraries;
const children: ChildProcess[] = [];

beforeAll(async () => {
  libraries = await compileLibraries('platform', 'domain');
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => libraries.remove());

/** A process that does `stop` when it is asked to stop, and otherwise runs on. */
async function running(
  stop: string,
  patienceMs = 200,
): Promise<{ child: ChildProcess; lines: Interface; ended: Promise<unknown> }> {
  const program = `
    import { stopOnSignals } from '${libraries.url('platform/shutdown')}';
    const logger = { info: (_facts, text) => console.log(text), error: (_facts, text) => console.log(text) };
    stopOnSignals(async () => { ${stop} }, { logger, patienceMs: ${patienceMs} });
    setInterval(() => {}, 1000);
    console.log('running');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface(child.stdout);
  await once(lines, 'line');
  const ended = once(child, 'exit').then(([code]: unknown[]) => code);
  return { child, lines, ended };
}

describe('a signal', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s stops cleanly with exit code 0', async (signal) => {
    const { child, ended } = await running('');
    child.kill(signal);
    expect(await ended).toBe(0);
  });

  it('that comes twice at once, from the terminal and from npm, counts once', async () => {
    const { child, ended } = await running('await new Promise((resolve) => setTimeout(resolve, 100));');
    child.kill('SIGINT');
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });

  it('repeated later ends a process that still stops, at once', async () => {
    const { child, lines, ended } = await running('await new Promise(() => {});', 60_000);
    child.kill('SIGINT');
    await once(lines, 'line');
    const again = setInterval(() => child.kill('SIGINT'), 100);
    expect(await ended).toBe(130);
    clearInterval(again);
  });

  it('ends with 1 when stopping fails', async () => {
    const { child, ended } = await running("throw new Error('disk full');");
    child.kill('SIGTERM');
    expect(await ended).toBe(1);
  });

  it('ends with 1 when stopping takes too long', async () => {
    const { child, ended } = await running('await new Promise(() => {});');
    child.kill('SIGTERM');
    expect(await ended).toBe(1);
  });
});
