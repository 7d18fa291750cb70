import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { problem, standIn, type Answer, type StandIn } from './stand-in.js';

const VERIFY = 'POST /api/v1/admin/verification';
const ndjson = (...lines: object[]): Answer => ({
  type: 'application/x-ndjson',
  text: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
});

let system: StandIn | undefined;
let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'budget-maintain-'))));
afterAll(() => rm(folder, { recursive: true }));
afterEach(async () => {
  await system?.close();
  system = undefined;
});
const stand = async (answers: Readonly<Record<string, Answer | readonly Answer[]>>) =>
  (system = await standIn(answers));

describe('verify', () => {
  const good = { ok: true, events: 532, rows: 1204, differenceCount: 0, differences: [], gaps: [], parked: [] };

  it('ends with 0 when nothing differs', async () => {
    const { budget } = await stand({ [VERIFY]: ndjson({ done: 500, total: 532 }, { result: good }) });
    const out = 'Verified 1204 rows against 532 events: nothing differs.\n';
    expect(await budget(['verify'])).toEqual({ code: 0, out, err: '' });
  });

  it('ends with 1 and every difference when something does', async () => {
    const key = { stream: 'budget-U0001-2024', line: 'P05' };
    const result = {
      ...good,
      ok: false,
      differenceCount: 101,
      differences: [
        { table: 'budget_line', key, expected: { paid: 100 }, found: { paid: 90 } },
        { table: 'budget_line', key, expected: { paid: 100 } },
        { table: 'budget_line', key, found: { paid: 90 } },
      ],
      gaps: [{ stream: 'budget-U0001-2024', from: 4, to: 5 }],
      parked: [{ stream: 'budget-U0002-2024', revision: 7, error: 'unknown type' }],
    };
    const { budget } = await stand({ [VERIFY]: ndjson({ result }) });
    expect(await budget(['verify'])).toEqual({
      code: 1,
      err: '',
      out:
        'Verified 1204 rows against 532 events: rows that differ 101, gaps in revisions 1, parked streams 1.\n' +
        '  budget_line stream budget-U0001-2024, line P05: should be paid 100, is paid 90\n' +
        '  budget_line stream budget-U0001-2024, line P05: is missing\n' +
        '  budget_line stream budget-U0001-2024, line P05: should not be there\n' +
        '  … and 98 more\n' +
        '  budget-U0001-2024: revisions 4 to 5 are missing\n' +
        '  budget-U0002-2024: parked at revision 7: unknown type\n' +
        'The log is the truth: `budget rebuild` fills the read models from it again.\n',
    });
  });

  it('ends with 3 when the work fails or the answer ends too early', async () => {
    const failed = ndjson({ done: 1, total: 2 }, { problem: { code: 'WORK_FAILED', detail: 'no space left' } });
    const { budget } = await stand({ [VERIFY]: [failed, ndjson({ done: 1, total: 2 })] });
    expect(await budget(['verify'])).toEqual({ code: 3, out: '', err: 'no space left [WORK_FAILED]\n' });
    expect((await budget(['verify'])).err).toMatch(/^The answer ended before the work was done/);
  });
});

describe('the log as a file', () => {
  const log = '{"header":1}\n{"event":"某事"}\n';

  it('goes out byte by byte, to a file or to standard output', async () => {
    const file = join(folder, 'out.ndjson');
    const { budget } = await stand({ 'GET /api/v1/admin/log': { type: 'application/x-ndjson', text: log } });
    expect(await budget(['export-log', file])).toEqual({ code: 0, out: '', err: '' });
    expect(await readFile(file, 'utf8')).toBe(log);
    expect((await budget(['export-log', '-'])).out).toBe(log);
  });

  it('goes into an empty log only', async () => {
    const file = join(folder, 'in.ndjson');
    await writeFile(file, log);
    const { budget, asked } = await stand({
      'POST /api/v1/admin/log': [
        { status: 201, body: { events: 532 } },
        problem(409, 'LOG_NOT_EMPTY', 'The log holds 532 events.'),
      ],
    });
    expect(await budget(['import-log', file])).toMatchObject({
      code: 0,
      out: `The log now holds the 532 events of ${file}.\n`,
    });
    expect(asked[0]?.body).toContain(log);
    expect(await budget(['import-log', file])).toEqual({
      code: 1,
      out: '',
      err: 'The log holds 532 events. [LOG_NOT_EMPTY]\n',
    });
  });

  it('is bad input when it is none', async () => {
    const file = join(folder, 'in.ndjson');
    await writeFile(file, '# README');
    const refusal = problem(422, 'LOG_FILE_HEADER', 'line 1: not the header of a log file');
    const { budget } = await stand({ 'POST /api/v1/admin/log': refusal });
    expect(await budget(['import-log', file])).toEqual({
      code: 2,
      out: '',
      err: 'line 1: not the header of a log file [LOG_FILE_HEADER]\n',
    });
  });

  it('is not there', async () => {
    const { budget } = await stand({});
    expect((await budget(['import-log', join(folder, 'nothing')])).code).toBe(2);
  });
});
