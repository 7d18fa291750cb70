/** Verbs about results, forms, pace and rules, against a whole system. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { approveTable } from '../../test/support/performance-table.js';
import { payment, startTestSystem, UNIT_YEAR, type TestSystem } from '../../test/support/system.js';
import { startBudget } from './live-run.js';

let system: TestSystem;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'budget-cli-'));
  system = await startTestSystem();
  await approveTable(system);
  await system.send('POST', `${UNIT_YEAR}/payments`, payment('V-1', 'P1', '600.00', '2024-03-01'));
});
afterAll(async () => {
  await system.stop();
  await rm(folder, { recursive: true });
});

async function budget(...words: readonly string[]) {
  const run = startBudget(system.address, words);
  const code = await run.code;
  return { code, out: run.out, err: run.err };
}

async function done(...words: readonly string[]): Promise<string> {
  const { code, out, err } = await budget(...words, '--unit', 'T1', '--year', '2024');
  expect([words.join(' '), code, err]).toEqual([words.join(' '), 0, '']);
  return out;
}

const refused = (...words: readonly string[]) => budget(...words, '--unit', 'T1', '--year', '2024');
/** Whatever was written last is read. */
const read = async (...words: readonly string[]) => done(...words, '--at-least', await system.end());

describe('results', () => {
  it('are recorded with the file that shows them, which is kept with its name', async () => {
    const file = join(folder, '验收单.txt');
    await writeFile(file, '十二个路段验收合格\n');
    const record = [
      'results',
      'record',
      '--indicator',
      'I01',
      '--value',
      '12个',
      '--date',
      '2024-06-30',
      '--evidence',
      file,
    ];
    expect(await done(...record, '--dry-run')).toContain('Trial run');
    expect(await done(...record)).toContain('IndicatorResultRecorded');
    expect(await done(...record)).toContain('Nothing new was written');
    const listed = JSON.parse(await read('results', '--format', 'json', '--indicator', 'I01'));
    expect(listed.results).toMatchObject([
      {
        resultId: 'I01-2024-06-30',
        result: { value: '12' },
        evidence: [{ title: '验收单.txt', attachment: { name: '验收单.txt' } }],
      },
    ]);
    const { sha256 } = listed.results[0].evidence[0].attachment;
    expect((await system.get(`/api/v1/attachments/${sha256}`)).body).toBe('十二个路段验收合格\n');
  });

  it('are words and points of a checklist too, corrected and withdrawn', async () => {
    const on = ['--date', '2024-06-30'];
    await done('results', 'record', '--indicator', 'I04', ...on, '--met', '制度齐全', '--unmet', '有效执行');
    await done('results', 'record', '--indicator', 'I02', '--value', '6800', ...on, '--document', '市建〔2024〕3号');
    await done('results', 'record', '--indicator', 'I03', '--value', '95.5%', ...on);
    await done('results', 'correct', 'I01-2024-06-30', '--value', '11', '--reason', '重复计算一段');
    await done('results', 'withdraw', 'I03-2024-06-30', '--reason', '录错');
    expect(await read('results')).toContain('已撤回：录错');
    const csv = (await read('results', '--format', 'csv')).split('\r\n');
    expect(csv[0]).toBe(
      'resultId,date,indicator,level3,value,unit,evidence,files,note,corrections,withdrawn,recordedAt,actor',
    );
    expect(csv.find((row) => row.startsWith('I04'))).toContain('I04-2024-06-30,2024-06-30,I04,管理制度健全性,1/2');
    expect(await read('results', '--lang', 'en')).toContain('corrected ×1');
  });

  it('are told what is wrong by the option that it stands in', async () => {
    const { code, err } = await refused(
      'results',
      'record',
      '--value',
      '12',
      '--checkpoint',
      'june',
      '--date',
      '30.6.2024',
    );
    expect(code).toBe(2);
    for (const option of ['--indicator', '--checkpoint', '--date']) expect(err).toContain(option);
    const land = ['results', 'record', '--indicator', 'I02', '--value', '10亩', '--date', '2024-06-01'];
    expect(await refused(...land)).toMatchObject({ code: 1, err: expect.stringContaining('--unit') });
    const missing = await refused(
      'results',
      'record',
      '--indicator',
      'I02',
      '--value',
      '1',
      '--date',
      '2024-06-01',
      '--evidence',
      '/nowhere',
    );
    expect(missing).toMatchObject({ code: 2, err: expect.stringContaining('FILE_NOT_READABLE') });
    expect((await refused('results', 'correct', 'I99', '--value', '1', '--reason', 'x')).code).toBe(2);
  });

  it('come from a file too', async () => {
    const file = join(folder, 'results.csv');
    await writeFile(file, 'resultId,date,indicator,value\nC-1,2024-12-31,完成路段,41个\n');
    expect(await done('import', file, '--yes')).toContain('C-1');
  });
});

describe('facts', () => {
  it('are recorded, corrected, withdrawn and listed', async () => {
    await done('facts', 'record', '--fact', 'staff-in-post', '--value', '33', '--date', '2024-06-30');
    await done('facts', 'record', '--fact', 'establishment', '--value', '35', '--date', '2024-06-30', '--id', 'F-2');
    await done('facts', 'correct', 'staff-in-post-2024-06-30', '--value', '34', '--reason', '漏一人');
    await done('facts', 'withdraw', 'F-2', '--reason', '口径不对');
    const out = await read('facts');
    expect(out).toMatch(/在职人员 +staff-in-post +34 +2024-06-30/);
    expect(out).toContain('已撤回：口径不对');
    expect(await read('facts', '--format', 'csv', '--fact', 'staff-in-post')).toContain(
      'staff-in-post-2024-06-30,2024-06-30',
    );
  });
});

describe('monitoring', () => {
  const stage = ['--stage', '6'];
  const on = ['--date', '2024-07-05'];

  it('is shown, explained, submitted and told when something changed since', async () => {
    expect(await read('monitoring', ...stage)).toContain('草稿');
    const open = await refused('monitoring', 'submit', ...stage, ...on);
    expect(open).toMatchObject({ code: 1, err: expect.stringContaining('EXPLANATION_MISSING') });
    for (const indicator of ['I02', 'I04'])
      await done(
        'monitoring',
        'explain',
        ...stage,
        ...on,
        '--indicator',
        indicator,
        '--cause',
        'staff',
        '--cause',
        'other',
        '--explanation',
        '人员不足',
        '--likelihood',
        'possible',
      );
    expect(await done('monitoring', 'submit', ...stage, ...on)).toContain('MonitoringSubmitted');
    const shown = await read('monitoring', ...stage, '--submission', '1');
    expect(shown).toContain('已提交：第 1 次，2024-07-05');
    expect(shown).toMatch(/I01 .*11个 +达标 +● 绿灯/);
    expect(shown).toMatch(/人员保障、其他 +有可能/);
    await done('results', 'correct', 'I01-2024-06-30', '--value', '12', '--reason', '复核');
    expect(await read('monitoring', ...stage, '--submission', '1')).toContain('indicators I01 result: 11个 → 12个');
    expect(await read('monitoring', ...stage, '--format', 'csv')).toContain(
      'resultDate,verdict,reason,distance,light,forecast',
    );
    await done('monitoring', 'withdraw', '1', ...stage, ...on, '--reason', '补报');
    expect(await read('monitoring', 'submissions')).toContain('已撤回');
  });

  it('takes many explanations from a file', async () => {
    const file = join(folder, 'explanations.json');
    const rows = [{ indicator: 'I02', causes: ['funding'] }];
    await writeFile(file, JSON.stringify({ effectiveDate: '2024-07-05', rows }));
    expect(await done('monitoring', 'explain', ...stage, '--file', file)).toContain('DeviationExplained');
    const wrong = await refused(
      'monitoring',
      'explain',
      '--stage',
      '13',
      '--indicator',
      'I02',
      '--cause',
      'rain',
      ...on,
    );
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('--stage');
    expect(wrong.err).toContain('--cause');
  });

  it('is followed by rectifications', async () => {
    await done(
      'rectifications',
      'open',
      'Z-1',
      ...on,
      '--requirement',
      '补足人员',
      '--indicator',
      'I02',
      ...stage,
      '--due',
      '2024-08-31',
    );
    expect(await read('rectifications', '--at', '2024-07-31')).toContain('整改中');
    await done(
      'rectifications',
      'close',
      'Z-1',
      '--date',
      '2024-08-20',
      '--measures',
      '已到岗',
      '--conclusion',
      'done',
    );
    expect(await read('rectifications')).toContain('2024-08-20 已到岗');
  });
});

describe('what a table is judged by', () => {
  const on = ['--date', '2024-01-20'];

  it('thresholds are shown and set', async () => {
    expect(await read('thresholds')).toContain('■ 红灯');
    await done(
      'thresholds',
      ...on,
      '--work',
      '50,70,130',
      '--money',
      '50,70',
      '--gap',
      '15',
      '--reason',
      '主管部门要求',
    );
    expect(await read('thresholds')).toMatch(/指标 +低于 50% +低于 70% +130% 起/);
    expect(await read('thresholds', '--format', 'csv')).toContain('\r\n2,50,70,130,50,70,,15');
    const wrong = await refused(
      'thresholds',
      ...on,
      '--work',
      '90,80',
      '--money',
      '50',
      '--gap',
      '15',
      '--reason',
      'x',
    );
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('--money') });
    const refusedByRule = await refused(
      'thresholds',
      ...on,
      '--work',
      '90,80',
      '--money',
      '50,60',
      '--gap',
      '15',
      '--reason',
      'x',
    );
    expect(refusedByRule).toMatchObject({ code: 1, err: expect.stringContaining('--work') });
  });

  it('the profile is shown and chosen, with own weights', async () => {
    expect(await read('profile')).toContain('尚未选用评分规则');
    await done('profile', ...on, '--set', 'national-project', '--weight', 'output=45', '--weight', 'benefit=35');
    expect(await read('profile')).toMatch(/output +产出指标 +45/);
    const wrong = await refused('profile', ...on, '--set', 'national-project', '--weight', 'output=45');
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('--weight') });
    await done('profile', ...on, '--set', 'whole-department');
  });

  it('indicators are linked to lines, and pace is shown beside the forecast', async () => {
    await done('link', 'I01', ...on, '--lines', 'P1,P2');
    expect(await refused('link', 'I01', ...on, '--lines', 'P9')).toMatchObject({
      code: 1,
      err: expect.stringContaining('--lines'),
    });
    const pace = await read('pace', '--at', '2024-06-30');
    expect(pace).toMatch(/P1 +项目 P1/);
    expect(pace).toMatch(/I01 +完成路段 +10\.00个 +12\.00个/);
    expect(await read('pace', '--of', 'lines', '--format', 'csv')).not.toContain('I01');
    expect(await read('targets', '--at', 'half')).toMatch(/I01 .*● 绿灯/);
  });
});

describe('the table as a whole', () => {
  it('is looked at: whether it fits the plan and itself', async () => {
    const shown = await read('coherence', '--at', '2024-06-30');
    expect(shown).toMatch(/I05 +execution-rate +＝38% +全部资金/);
    expect(shown).toMatch(/I05 ＝38%：各口径均与计划不符。\n/);
    const json = JSON.parse(await read('coherence', '--format', 'json'));
    const rows = json.findings.length + json.coherence.flatMap(({ implied }: { implied: unknown[] }) => implied).length;
    const csv = await read('coherence', '--format', 'csv');
    expect(csv.split('\r\n')).toHaveLength(rows + 2);
    expect(csv).toContain('code,severity,indicators,scope,percent,fits,facts');
  });

  it('has work beside the money of the lines that do it', async () => {
    const shown = await read('work-and-money', '--at', '2024-06-30');
    expect(shown).toMatch(/I01 +完成路段 +P1、P2 +30\.00% +600\.00 +1,500\.00 +40\.00%/);
    const csv = await read('work-and-money', '--at', '2024-06-30', '--format', 'csv');
    expect(csv).toContain('I01,完成路段,P1+P2,30.00,,600.00,1500.00,40.00,,10.00,');
  });

  it('has texts, which are stated all at once', async () => {
    expect(await read('narrative')).toContain('尚未填写');
    const state = ['narrative', 'state', '--date', '2024-01-20'];
    await done(...state, '--duties', '负责市政道路', '--annual-goal', '完成 40 个路段');
    expect(await read('narrative')).toMatch(/主要职能 +负责市政道路\n年度目标 +完成 40 个路段/);
    const file = join(folder, 'narrative.json');
    await writeFile(file, JSON.stringify({ effectiveDate: '2024-02-01', annualGoal: '完成 41 个路段' }));
    await done('narrative', 'state', '--file', file);
    expect(await read('narrative', '--format', 'csv')).toBe('name,text\r\nannualGoal,完成 41 个路段\r\n');
    const wrong = await refused('narrative', 'state');
    expect(wrong).toMatchObject({ code: 2, err: expect.stringMatching(/at least one of[^]*--date/) });
    const both = await refused(...state, '--file', file);
    expect(both).toMatchObject({ code: 2, err: expect.stringContaining('--date: does not go together with --file') });
  });

  it('can be scored by the profiles that come with the program', async () => {
    const { code, out } = await budget('scoring-profiles');
    expect([code, out]).toEqual([0, expect.stringMatching(/national-project[^]*whole-department/)]);
  });
});

describe('the self-evaluation', () => {
  const on = ['--date', '2025-01-20'];

  it('is shown, assessed, submitted and withdrawn', async () => {
    expect(await read('self-evaluation')).toContain('草稿');
    // Groups without rows bear no points: the points would not add up to 100.
    const weights = ['decision=0', 'process=30', 'duties=70', 'benefit=0', 'satisfaction=0'];
    await done('profile', ...on, '--set', 'whole-department', ...weights.flatMap((weight) => ['--weight', weight]));
    for (const indicator of ['I02', 'I03', 'I04', 'I05'])
      await done(
        'self-evaluation',
        'assess',
        ...on,
        '--indicator',
        indicator,
        '--cause',
        '人员不足',
        '--improvement',
        '补充人员',
      );
    await done(
      'self-evaluation',
      'assess',
      ...on,
      '--indicator',
      'I04',
      '--grade',
      'not-reached',
      '--cause',
      '未全部执行',
    );
    const submitted = await refused('self-evaluation', 'submit', ...on);
    expect(submitted).toMatchObject({ code: 0, err: '' });
    expect(await read('self-evaluation', '--submission', '1')).toContain('已提交：第 1 次，2025-01-20');
    expect(await read('self-evaluation', '--format', 'csv')).toContain(
      'points,score,reason,rule,grade,cause,improvement',
    );
    await done('self-evaluation', 'withdraw', '1', ...on, '--reason', '补充材料');
    expect(await read('self-evaluation', 'submissions')).toContain('补充材料');
  });
});
