/** Live updates on the whole system: read models that are rebuilt under a reader, and a system that stops under many. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { budgetAt } from '../../apps/cli/stand-in.js';
import { openReader, type LiveReader } from '../support/live-reader.js';
import { approvePlan, payment, startTestSystem, UNIT_YEAR, type TestSystem } from '../support/system.js';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
  await approvePlan(system, { P1: '100000.00' });
});
afterAll(() => system.stop());

let vouchers = 0;
async function pay(): Promise<string> {
  const { status, body } = await system.send(
    'POST',
    `${UNIT_YEAR}/payments`,
    payment(`V${(vouchers += 1)}`, 'P1', '1.00'),
  );
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.position as string;
}

const reached = (position: string) => (reader: LiveReader) => Number(reader.lastId) >= Number(position);
const events = ({ messages }: LiveReader): any[] =>
  messages.filter(({ event }) => event === 'change').flatMap(({ data }) => data.changes);

describe('while the read models are rebuilt', () => {
  it('positions go on, and nothing is told twice or left out', async () => {
    const reader = await openReader(system.address, '/api/v1/stream?unit=T1&year=2024&after=start');
    await reader.until(({ messages }) => messages.length >= 1);
    let rebuilding = true;
    const rebuilt = budgetAt(system.address, ['rebuild']).finally(() => (rebuilding = false));
    let last = '';
    while (rebuilding || vouchers < 40) last = await pay();
    expect(await rebuilt).toMatchObject({ code: 0 });
    await reader.until(reached(last));
    let revision = -1;
    for (const change of events(reader).filter(({ family }) => family === 'budget')) {
      expect(change.revision - change.events).toBe(revision);
      revision = change.revision;
    }
    const after = await system.get(`${UNIT_YEAR}/lines`);
    expect(String(revision)).toBe(after.headers.get('stream-revision'));
    expect(after.body.totals.paid).toBe(`${vouchers}.00`);
    reader.close();
  });
});

describe('`budget lines --watch` as a process of its own', () => {
  it('prints what comes in and ends with 0 on Ctrl-C', async () => {
    const main = fileURLToPath(new URL('../../dist/apps/cli/main.js', import.meta.url));
    const argv = [main, 'lines', '--watch', '--unit', 'T1', '--year', '2024', '--lang', 'en'];
    const child = spawn(process.execPath, argv, { env: { ...process.env, BUDGET_URL: system.address } });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const signal = AbortSignal.timeout(50_000);
    const printed = async (words: RegExp) => {
      while (!words.test(out)) {
        await once(child.stdout, 'data', { signal }).catch((cause: unknown) => {
          throw new Error(`never printed ${words}, but\n${out}\nand said\n${err}`, { cause });
        });
      }
    };
    await printed(/log position \d+/);
    const position = await pay();
    await printed(new RegExp(`1 event \\(payment\\)[^]*log position ${position},[^]*Total`));
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

describe('a system that stops', () => {
  it('ends every stream, and is gone', async () => {
    const other = await startTestSystem();
    const readers = await Promise.all(Array.from({ length: 20 }, () => openReader(other.address, '/api/v1/stream')));
    await Promise.all(readers.map((reader) => reader.until(({ messages }) => messages.length >= 1)));
    await other.stop();
    await Promise.all(readers.map((reader) => reader.ended));
    await expect(openReader(other.address, '/api/v1/stream')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
