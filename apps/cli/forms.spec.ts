import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { standIn, type Answer, type StandIn } from './stand-in.js';

const BASE = '/api/v1/units/U0001/years/2024';
const AT = ['--unit', 'U0001', '--year', '2024'];

const NAMED = { 'content-disposition': 'inline; filename="form.html"' };

let folder: string;
let system: StandIn | undefined;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'budget-forms-'))));
afterEach(async () => {
  await system?.close();
  system = undefined;
  await rm(folder, { recursive: true });
});
const stand = async (answers: Readonly<Record<string, Answer>>) => (system = await standIn(answers));

describe('forms export', () => {
  it('writes the file as it came, in the format of its ending', async () => {
    const { budget, asked } = await stand({
      [`GET ${BASE}/forms/monitoring`]: { text: '<html>监控表', type: 'text/html', headers: NAMED },
    });
    const to = join(folder, '监控.html');
    const said = await budget([
      'forms',
      'export',
      'monitoring',
      '--to',
      to,
      '--stage',
      '6',
      '--amounts',
      'yuan',
      ...AT,
    ]);
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(await readFile(to, 'utf8')).toBe('<html>监控表');
    expect(asked.map(({ path }) => path)).toEqual([`${BASE}/forms/monitoring?format=html&unit=yuan&stage=6`]);
  });

  it.each`
    words                                            | told
    ${'export budget --to a.xlsx'}                   | ${'budget is none of targets, monitoring, self-evaluation'}
    ${'export targets'}                              | ${'--to'}
    ${'export targets --to a.pdf'}                   | ${'end the name with .xlsx or .html'}
    ${'export targets --to a.xlsx --stage 6'}        | ${'--stage'}
    ${'export targets --to a.xlsx --submission 1'}   | ${'--submission'}
    ${'export targets --to a.xlsx --amounts dollar'} | ${'wan, yuan'}
  `('forms $words: bad input, nothing asked', async ({ words, told }) => {
    const { budget, asked } = await stand({});
    const said = await budget(['forms', ...String(words).split(' '), ...AT]);
    expect([said.code, asked]).toEqual([2, []]);
    expect(said.err).toContain(told);
  });

  it('leaves no file behind when it is refused, or when somebody else answers with a page', async () => {
    const refused = {
      status: 422,
      body: { title: 'Date outside of the year', status: 422, code: 'DATE_OUTSIDE_YEAR' },
    };
    const page = { text: '<html>Welcome', type: 'text/html' };
    const { budget } = await stand({ [`GET ${BASE}/forms/targets`]: refused, [`GET ${BASE}/forms/monitoring`]: page });
    const to = join(folder, 'a.html');
    const codes = [];
    for (const form of ['targets', 'monitoring']) {
      codes.push((await budget(['forms', 'export', form, '--to', to, ...AT])).code);
    }
    expect([codes, await readdir(folder)]).toEqual([[1, 3], []]);
  });
});

describe('forms import', () => {
  it('previews the file as import does', async () => {
    const { budget } = await stand({});
    const said = await budget(['forms', 'import', join(folder, 'missing.xlsx')]);
    expect(said).toMatchObject({ code: 2, err: expect.stringContaining('FILE_NOT_READABLE') });
  });
});
