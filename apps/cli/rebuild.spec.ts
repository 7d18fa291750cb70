import { afterEach, describe, expect, it } from '@jest/globals';
import { problem, standIn, type Answer, type StandIn } from './stand-in.js';

const REBUILD = 'POST /api/v1/admin/rebuild';
const ndjson = (...lines: object[]): Answer => ({
  type: 'application/x-ndjson',
  text: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
});

const both = <Value>(expected: Value, found: Value = expected) => ({ expected, found });
const ACCOUNT = { table: 'account', rows: both(3), checksums: both('00000000000000aa') };
const JOURNAL = { table: 'journal', rows: both(12, 11), checksums: both('00000000000000bb', '00000000000000cc') };
const equal = { rows: 3, differenceCount: 0, differences: [], tables: [ACCOUNT], layout: [], notByRow: [] };
const different = {
  ...equal,
  differenceCount: 102,
  differences: [{ table: 'journal', key: { position: 4 }, expected: { fen: 100 }, found: { fen: 90 } }],
  tables: [ACCOUNT, JOURNAL],
  layout: [
    { table: 'journal', column: 'payer', only: 'expected' },
    { table: 'balance_sheet', only: 'found' },
  ],
  notByRow: ['payment_return'],
};

let system: StandIn | undefined;
afterEach(async () => {
  await system?.close();
  system = undefined;
});
const stand = async (answers: Readonly<Record<string, Answer | readonly Answer[]>>) =>
  (system = await standIn(answers));

describe('rebuild', () => {
  it('shows the comparison, then what is in use now', async () => {
    const { budget, asked } = await stand({
      [REBUILD]: ndjson(
        { phase: 'filling', done: 500, total: 532 },
        { phase: 'comparing', done: 1, total: 1 },
        { phase: 'switching', done: 1, total: 1 },
        { result: { events: 532, milliseconds: 1234, switched: true, comparison: equal } },
      ),
    });
    expect(await budget(['rebuild', '--lang', 'en'])).toEqual({
      code: 0,
      err: '',
      out:
        'The read models were filled from the log again: 532 events in 1.2 s.\n' +
        '\n' +
        'Table    New rows  Rows in use  New checksum      Checksum in use   Result\n' +
        '-------  --------  -----------  ----------------  ----------------  ------\n' +
        'account         3            3  00000000000000aa  00000000000000aa  equal\n' +
        'The new ones are in use; those before are kept: budget rebuild --rollback takes them back.\n',
    });
    expect(asked[0]?.path).toBe('/api/v1/admin/rebuild');
  });

  it('prints what differs, which does not stop it', async () => {
    const result = { events: 532, milliseconds: 1234, switched: true, comparison: different };
    const { budget } = await stand({ [REBUILD]: ndjson({ result }) });
    const { code, out } = await budget(['rebuild']);
    expect(code).toBe(0);
    expect(out).toContain('journal      12        11  00000000000000bb  00000000000000cc  不一致');
    expect(out).toContain(
      '  journal.payer: 只有新的有\n' +
        '  balance_sheet: 只有在用的有\n' +
        '逐行比对，不同的行：102。\n' +
        '  journal position 4: should be fen 100, is fen 90\n' +
        '  …… 另有 101 行\n' +
        '  payment_return：没有共同的主键，无法逐行比对\n' +
        '新的读模型已启用，原来的保留着：budget rebuild --rollback 可以换回。\n',
    );
  });

  it('only compares on a dry run, and ends with 1 unless both are equal', async () => {
    const trial = (comparison?: object) =>
      ndjson({ result: { events: 532, milliseconds: 1234, switched: false, ...(comparison && { comparison }) } });
    const { budget, asked } = await stand({ [REBUILD]: [trial(equal), trial(different), trial()] });
    const first = await budget(['rebuild', '--dry-run', '--lang', 'en']);
    expect([first.code, first.out]).toEqual([0, expect.stringContaining('This was a comparison only')]);
    expect(asked[0]?.path).toBe('/api/v1/admin/rebuild?dryRun=true');
    expect((await budget(['rebuild', '--dry-run'])).code).toBe(1);
    const third = await budget(['rebuild', '--dry-run', '--lang', 'en']);
    expect([third.code, third.out]).toEqual([1, expect.stringContaining('no read models in use to compare with')]);
  });

  it('gives the result as the API does', async () => {
    const result = { events: 532, milliseconds: 1234, switched: true, comparison: different };
    const { budget } = await stand({ [REBUILD]: ndjson({ result }) });
    expect(JSON.parse((await budget(['rebuild', '--format', 'json'])).out)).toEqual(result);
  });

  it('is taken back, or told why it cannot be', async () => {
    const { budget } = await stand({
      'POST /api/v1/admin/rollback': [
        ndjson({ result: { events: 7, milliseconds: 12 } }),
        problem(409, 'NO_WAY_BACK', 'No read models from before a rebuild are kept.'),
      ],
    });
    expect(await budget(['rebuild', '--rollback'])).toMatchObject({
      code: 0,
      out: '重建以前的读模型已重新启用，补入 7 个事件。再执行一次可以换回。\n',
    });
    expect(await budget(['rebuild', '--rollback'])).toEqual({
      code: 1,
      out: '',
      err: 'No read models from before a rebuild are kept. [NO_WAY_BACK]\n',
    });
    expect((await budget(['rebuild', '--rollback', '--dry-run'])).code).toBe(2);
  });
});
