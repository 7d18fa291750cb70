/** Writes about a performance table over HTTP: what each records, and everything that can be sent wrong, with nothing written. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SCORING_PROFILES } from '#domain/scoring/profile.js';
import {
  approveTable,
  LAND,
  RATE,
  result,
  ROADS,
  RULES,
  SATISFIED,
  TABLE,
} from '../../test/support/performance-table.js';
import { startTestSystem, UNIT_YEAR, type TestSystem } from '../../test/support/system.js';

let system: TestSystem;
let revision = 0;

beforeAll(async () => {
  system = await startTestSystem();
  await approveTable(system);
});
afterAll(() => system.stop());

/** With If-Match at what was written last; keeps what it writes. */
async function write(method: 'POST' | 'PUT', path: string, body: unknown, headers: Record<string, string> = {}) {
  const sent = method === 'PUT' || path.endsWith('submission') ? { 'if-match': `"${revision}"`, ...headers } : headers;
  const answer = await system.send(method, `${UNIT_YEAR}/${path}`, body, { headers: sent });
  if (answer.status < 300 && answer.body.revision !== undefined) revision = answer.body.revision as number;
  return answer;
}
const post = (path: string, body: unknown) => write('POST', path, body);
const put = (path: string, body: unknown) => write('PUT', path, body);
const types = ({ body }: { body: any }): string[] => body.events.map(({ type }: { type: string }) => type);

async function keep(content: Buffer): Promise<{ sha256: string; bytes: number; name: string }> {
  const form = new FormData();
  form.append('file', new Blob([content]), '验收单.pdf');
  const answer = await fetch(`${system.address}/api/v1/attachments`, { method: 'POST', body: form });
  const { sha256, bytes, name } = (await answer.json()) as { sha256: string; bytes: number; name: string };
  return { sha256, bytes, name };
}

describe('results', () => {
  it('are recorded one by one or many at once, and the same again changes nothing', async () => {
    const one = await post('results', result('R-1', 'I01', '12', { unit: '个', note: '含结转 2 个' }));
    expect(one).toMatchObject({
      status: 201,
      body: { unchanged: false, events: [{ type: 'IndicatorResultRecorded' }] },
    });
    expect(one.body.events[0].data).toEqual({
      resultId: 'R-1',
      indicator: 'I01',
      result: { value: '12' },
      unit: '个',
      evidence: [{ title: '现场核查记录' }],
      note: '含结转 2 个',
    });
    const words = {
      ...result('R-3', 'I04', ''),
      result: {
        points: [
          { point: '制度齐全', met: true },
          { point: '有效执行', met: false, evidence: '抽查 3 份' },
        ],
      },
    };
    const many = await post('results', { checkpoint: 'half', results: [result('R-2', 'I02', '6800'), words] });
    expect([many.status, types(many)]).toEqual([201, ['IndicatorResultRecorded', 'IndicatorResultRecorded']]);
    const again = await post('results', { results: [result('R-2', 'I02', '6800')] });
    expect(again).toMatchObject({ status: 201, body: { unchanged: true, events: [] } });
  });

  it('are corrected and withdrawn with their reason, dated as they were', async () => {
    const corrected = await post('results/R-1/correction', { result: { value: '11' }, reason: '重复计算一段' });
    expect(corrected.body.events).toMatchObject([
      {
        type: 'ResultCorrected',
        effectiveDate: '2024-06-30',
        data: { resultId: 'R-1', result: { value: '11' }, evidence: [] },
      },
    ]);
    expect(types(await post('results/R-2/withdrawal', { reason: '录错指标' }))).toEqual(['ResultWithdrawn']);
    expect((await post('results/R-2/withdrawal', { reason: '录错指标' })).body).toMatchObject({
      status: 409,
      code: 'ALREADY_WITHDRAWN',
    });
    expect((await post('results/R-9/correction', { result: { value: '1' }, reason: 'x' })).body).toMatchObject({
      status: 404,
      code: 'UNKNOWN_NUMBER',
    });
  });

  it('name evidence that is kept, of its size, and are refused with all else when they do not', async () => {
    const kept = await keep(Buffer.from('%PDF-1.7 验收'));
    const evidence = [{ title: '验收单', attachment: kept, document: { number: '市建〔2024〕3号' } }];
    const good = await post('results', result('R-5', 'I03', '95.5', { evidence }));
    expect(good.body.events[0].data.evidence).toEqual(evidence);
    const unknown = { ...kept, sha256: createHash('sha256').update('x').digest('hex') };
    const bad = await post('results', {
      results: [
        result('R-6', 'I03', '95', { evidence: [{ title: '无', attachment: unknown }] }),
        result('R-7', 'I09', '95', { evidence: [{ title: '有' }, { title: '小', attachment: { ...kept, bytes: 1 } }] }),
      ],
    });
    expect(bad.body).toMatchObject({ status: 422, code: 'SEVERAL_FAULTS' });
    expect(bad.body.faults.map(({ pointer, code }: any) => [pointer, code])).toEqual([
      ['/results/0/evidence/0/attachment/sha256', 'UNKNOWN_ATTACHMENT'],
      ['/results/1/evidence/1/attachment/bytes', 'ATTACHMENT_SIZE_DIFFERS'],
      ['/results/1/indicator', 'UNKNOWN_INDICATOR'],
    ]);
    const single = await post(
      'results',
      result('R-6', 'I03', '95', { evidence: [{ title: '无', attachment: unknown }] }),
    );
    expect(single.body.faults).toMatchObject([
      { pointer: '/evidence/0/attachment/sha256', code: 'UNKNOWN_ATTACHMENT' },
    ]);
  });
});

describe('a file of results', () => {
  const preview = async (rows: readonly string[]) => {
    const form = new FormData();
    form.append('file', new Blob([['resultId,date,indicator,value', ...rows, ''].join('\n')]), 'results.csv');
    const query = '?unit=T1&year=2024';
    const answer = await fetch(`${system.address}/api/v1/imports${query}`, { method: 'POST', body: form });
    return (await answer.json()) as any;
  };
  const places = ({ problems }: any) => problems.map(({ at, code }: any) => `${at} ${code}`);

  it('names what cannot be read by row and column, all at once', async () => {
    const rows = [
      'C-1,2024-06-30,I01,健全',
      'C-2,2025-06-30,I02,10亩',
      'C-3,2024-06-30,没有,1',
      'C-4,2024-06-30,I04,100%',
    ];
    const { confirmable, problemCount, ...found } = await preview(rows);
    expect([confirmable, problemCount]).toEqual([false, 5]);
    expect(places(found)).toEqual([
      '第 2 行, value RESULT_NOT_A_NUMBER',
      '第 3 行, date DATE_OUTSIDE_YEAR',
      '第 3 行, value UNIT_DIFFERS',
      '第 4 行, indicator INDICATOR_UNKNOWN',
      '第 5 行, value RESULT_NOT_A_WORD',
    ]);
  });

  it('names what the rules refuse by row, and what is recorded already', async () => {
    const { confirmable, rowCount, repeats, ...found } = await preview([
      'C-1,2024-07-31,I01,1',
      'C-2,2024-07-31,I05,38%',
      'C-3,2024-07-31,I02,6900',
      'R-1,2024-06-30,I01,99',
    ]);
    expect({ confirmable, rowCount, repeats }).toEqual({ confirmable: false, rowCount: 4, repeats: 0 });
    expect(places(found)).toEqual(['第 3 行 RESULT_IS_COMPUTED', '第 5 行 NUMBER_TAKEN']);
    const falling = await preview(['C-1,2024-07-31,I01,1']);
    expect(places(falling)).toEqual(['第 2 行 RUNNING_TOTAL_FALLS']);
    expect(falling.problems[0].message).toContain('counts from 1 January');
  });
});

describe('base facts', () => {
  it('are recorded, corrected and withdrawn like results', async () => {
    const staff = { factId: 'F-1', effectiveDate: '2024-06-30', fact: 'staff-in-post', value: '33', evidence: [] };
    const facts = [staff, { ...staff, factId: 'F-2', fact: 'procurement-paid', value: '92080.00' }];
    expect(types(await post('base-facts', { facts }))).toEqual(['BaseFactRecorded', 'BaseFactRecorded']);
    expect(types(await post('base-facts/F-1/correction', { value: '34', reason: '漏一人' }))).toEqual([
      'BaseFactCorrected',
    ]);
    expect(types(await post('base-facts/F-2/withdrawal', { reason: '口径不对' }))).toEqual(['BaseFactWithdrawn']);
    expect((await post('base-facts', { ...staff, factId: 'F-3', value: '33.5' })).body).toMatchObject({
      code: 'VALUE_NOT_WHOLE',
      faults: [{ pointer: '/value' }],
    });
  });
});

describe('the table', () => {
  it('is revised by PUT to what the body says, row by row, for a reason', async () => {
    const wider = { ...LAND, annual: { text: '＝7500平方米', value: '7500' } };
    const added = { ...ROADS, indicator: 'I06', level3: '新增路段' };
    const body = {
      effectiveDate: '2024-07-01',
      indicators: [ROADS, added, wider, RULES, RATE],
      reason: '年中预算调整',
    };
    const trial = await system.send('PUT', `${UNIT_YEAR}/targets?dryRun=true`, body);
    expect(types(trial)).toEqual(['TargetRevised', 'IndicatorAdded', 'IndicatorWithdrawn']);
    const answer = await put('targets', body);
    expect(answer.body.events.map(({ type, data }: any) => [type, data.indicator.indicator ?? data.indicator])).toEqual(
      [
        ['TargetRevised', 'I02'],
        ['IndicatorAdded', 'I06'],
        ['IndicatorWithdrawn', 'I03'],
      ],
    );
    expect(answer.body.events[1].data).toMatchObject({ after: 'I01', reason: '年中预算调整' });
    expect(await put('targets', body)).toMatchObject({ status: 200, body: { unchanged: true } });
  });

  it('is answered again by the same key, though it would be a revision now, and not revised without a reason', async () => {
    const next = '/api/v1/units/T1/years/2025/targets';
    const body = { effectiveDate: '2025-01-20', indicators: TABLE };
    const sent = { key: 'k-table', headers: { 'if-match': '"none"' } };
    const first = await system.send('PUT', next, body, sent);
    expect([first.status, types(first)]).toEqual([200, ['TargetsApproved']]);
    const again = await system.send('PUT', next, body, sent);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    expect(again.body.events).toEqual(first.body.events);
    const other = await system.send('PUT', next, body, { headers: { 'if-match': '"0"' } });
    expect(other.body).toMatchObject({ status: 409, code: 'TARGETS_ALREADY_APPROVED' });
    const reasoned = { ...body, reason: '更正' };
    const equal = await system.send('PUT', next, reasoned, { headers: { 'if-match': '"0"' } });
    expect(equal).toMatchObject({ status: 200, body: { unchanged: true } });
  });

  it('binds rows to formulas of money and of base facts, and to nothing else', async () => {
    const next = '/api/v1/units/T1/years/2026/targets';
    const send = (effectiveDate: string, metric: string, ifMatch: string) =>
      system.send(
        'PUT',
        next,
        { effectiveDate, indicators: [...TABLE, { ...STAFF, metric }], reason: '核定编制' },
        { headers: { 'if-match': `"${ifMatch}"` } },
      );
    const { metric: _execution, scope: _all, scopeBasis: _stated, ...rate } = RATE as Record<string, unknown>;
    const STAFF = { ...rate, indicator: 'I06', level3: '在职人员控制率', checkpointBasis: 'POINT_IN_TIME' };
    expect((await send('2026-01-20', 'staff-controll', 'none')).body.faults).toMatchObject([
      { pointer: '/indicators/5/metric', code: 'INVALID_VALUE' },
    ]);
    expect(types(await send('2026-01-20', 'fixed-asset-utilisation', 'none'))).toEqual(['TargetsApproved']);
    const revised = await send('2026-07-01', 'staff-control', '0');
    expect([revised.status, revised.body.events]).toMatchObject([
      200,
      [{ type: 'TargetRevised', data: { indicator: 'I06', to: { metric: 'staff-control' } } }],
    ]);
  });

  it('takes new rows where the body has them, the first one too', async () => {
    const [first, second] = ['I08', 'I09'].map((indicator) => ({ ...ROADS, indicator, level3: `新增 ${indicator}` }));
    const body = { effectiveDate: '2025-07-01', indicators: [first, second, ...TABLE], reason: '增加' };
    const next = '/api/v1/units/T1/years/2025/targets';
    const answer = await system.send('PUT', next, body, { headers: { 'if-match': '"0"' } });
    expect(answer.body.events.map(({ data }: any) => [data.indicator.indicator, data.after])).toEqual([
      ['I08', null],
      ['I09', 'I08'],
    ]);
    const again = await system.send('PUT', next, body, { headers: { 'if-match': '"2"' } });
    expect(again).toMatchObject({ status: 200, body: { unchanged: true } });
  });

  it('is not given another unit while results stand, which are named', async () => {
    await post('results', result('R-80', 'I02', '6900'));
    const inMu = {
      ...LAND,
      half: { text: '＝10亩', value: '10' },
      annual: { text: '＝11亩', value: '11' },
      unit: '亩',
    };
    const body = { effectiveDate: '2024-12-01', reason: '改用亩', revise: [inMu] };
    const refused = await post('target-revisions', body);
    expect(refused.body).toMatchObject({ status: 409, code: 'RESULTS_IN_OTHER_UNIT' });
    expect(JSON.stringify(refused.body)).toContain('R-80');
    expect(types(await post('results/R-80/withdrawal', { reason: '改用亩' }))).toEqual(['ResultWithdrawn']);
  });

  it('tells faults in the places of the body', async () => {
    const bad = { ...LAND, half: { text: '＝7000平方米' } };
    const repeated = { ...ROADS, indicator: 'I07', weight: 1 };
    const body = {
      effectiveDate: '2024-07-02',
      indicators: [ROADS, repeated, bad, RULES, RATE, repeated],
      reason: 'x',
    };
    const { body: problem } = await put('targets', body);
    expect(problem.faults.map(({ pointer, code }: any) => [pointer, code])).toEqual([
      ['/indicators/5', 'DUPLICATE_INDICATOR'],
      ['/indicators/2', 'TARGET_VALUE_MISSING'],
    ]);
  });

  it('takes revisions, texts and links to lines that there are', async () => {
    const revision1 = { effectiveDate: '2024-08-01', reason: '撤并', withdraw: ['I06'] };
    expect(types(await post('target-revisions', revision1))).toEqual(['IndicatorWithdrawn']);
    expect(types(await put('narrative', { effectiveDate: '2024-01-20', annualGoal: '完成 40 个路段' }))).toEqual([
      'NarrativeStated',
    ]);
    const linked = await put('indicators/I01/lines', { effectiveDate: '2024-01-20', lines: ['P1', 'P2'] });
    expect(linked.body.events).toMatchObject([{ data: { indicator: 'I01', lines: ['P1', 'P2'] } }]);
    const unknown = await put('indicators/I99/lines', { effectiveDate: '2024-01-20', lines: ['P1', 'P8', 'P9'] });
    expect(unknown.body.faults.map(({ pointer, code }: any) => [pointer, code])).toEqual([
      ['/lines/1', 'UNKNOWN_LINE'],
      ['/lines/2', 'UNKNOWN_LINE'],
      ['', 'UNKNOWN_INDICATOR'],
    ]);
  });
});

describe('thresholds', () => {
  const bounds = { redBelow: '50', yellowBelow: '70' };
  const body = { effectiveDate: '2024-01-20', reason: '主管部门要求', work: bounds, money: bounds, workMoneyGap: '15' };

  it('are counted: the product has the first', async () => {
    const first = await put('thresholds', body);
    expect(first.body.events[0].data.thresholds).toEqual({
      version: 2,
      work: bounds,
      money: bounds,
      workMoneyGap: '15',
    });
    expect((await put('thresholds', { ...body, workMoneyGap: '20' })).body.events[0].data.thresholds.version).toBe(3);
  });

  it('are refused with every fault when they cannot be used', async () => {
    const bad = {
      ...body,
      work: { redBelow: '90', yellowBelow: '80' },
      money: { ...bounds, blueFrom: 'viel' },
      workMoneyGap: '101',
    };
    const { body: problem } = await put('thresholds', bad);
    expect(problem.faults.map(({ pointer, code, problem: which }: any) => [pointer.slice(1), code, which])).toEqual([
      ['work/yellowBelow', 'THRESHOLDS_UNUSABLE', 'THRESHOLDS_NOT_ASCENDING'],
      ['money/blueFrom', 'THRESHOLDS_UNUSABLE', 'THRESHOLD_NOT_DECIMAL'],
      ['workMoneyGap', 'THRESHOLDS_UNUSABLE', 'THRESHOLD_OUT_OF_RANGE'],
    ]);
  });
});

describe('the scoring profile', () => {
  const on = { effectiveDate: '2024-01-20' };

  it.each(SCORING_PROFILES.map((profile) => [profile.id, profile] as const))(
    '%s can be chosen by its id and as a whole',
    async (id, profile) => {
      expect((await put('scoring-profile', { ...on, id })).body.events).toMatchObject([{ data: { profile } }]);
      const own = { ...profile, id: `own-${id}` };
      expect((await put('scoring-profile', { ...on, profile: own })).body.events[0].data.profile).toEqual(own);
    },
  );

  it('takes the weights of the unit', async () => {
    const { body } = await put('scoring-profile', {
      ...on,
      id: 'national-project',
      weights: { output: '45', benefit: '35' },
    });
    expect(body.events[0].data.profile.groups.map(({ group, weight }: any) => [group, weight])).toEqual([
      ['execution', '10'],
      ['output', '45'],
      ['benefit', '35'],
      ['satisfaction', '10'],
    ]);
  });

  it.each([
    ['none is named', {}, 400, [['/id', 'REQUIRED']]],
    ['one that is not shipped', { id: 'x' }, 400, [['/id', 'INVALID_VALUE']]],
    [
      'a weight as a number',
      { id: 'national-project', weights: { output: 45 } },
      400,
      [['/weights/output', 'INVALID_VALUE']],
    ],
    [
      'weights that do not add up, of a group that is not there',
      { id: 'national-project', weights: { output: '45', roads: '10' } },
      422,
      [
        ['/weights/roads', 'UNKNOWN_GROUP'],
        ['/weights', 'PROFILE_UNUSABLE'],
      ],
    ],
    [
      'a whole one beside an id, and of another shape',
      { id: 'national-project', profile: { ...SCORING_PROFILES[0], total: 100, colour: 'red', upperLimit: 'R3' } },
      400,
      [
        ['/id', 'NOT_TOGETHER'],
        ['/profile/colour', 'UNKNOWN_PROPERTY'],
        ['/profile/total', 'INVALID_VALUE'],
        ['/profile/upperLimit', 'INVALID_VALUE'],
      ],
    ],
    [
      'a whole one that does not hold together',
      { profile: { ...SCORING_PROFILES[0], total: '90' } },
      422,
      [['/profile/groups', 'PROFILE_UNUSABLE']],
    ],
  ])('is refused: %s', async (_what, body, status, faults) => {
    const answer = await put('scoring-profile', { ...on, ...body });
    expect(answer.body.faults?.map(({ pointer, code }: any) => [pointer, code])).toEqual(faults);
    expect(answer.status).toBe(status);
  });
});

describe('explanations, assessments and rectifications', () => {
  const on = { effectiveDate: '2024-07-05' };

  it('are recorded, and the same again is not', async () => {
    const rows = [{ indicator: 'I02', causes: ['staff', 'other'], explanation: '人员不足', likelihood: 'possible' }];
    expect(types(await post('monitoring/6/explanations', { ...on, rows }))).toEqual(['DeviationExplained']);
    expect((await post('monitoring/6/explanations', { ...on, rows })).body).toMatchObject({ unchanged: true });
    const assessed = [{ indicator: 'I04', grade: 'partly', score: '1.40', cause: '未全部执行', improvement: '补签' }];
    expect(types(await post('assessments', { ...on, rows: assessed }))).toEqual(['IndicatorAssessed']);
  });

  it('follow one another: a rectification is opened once and closed once', async () => {
    const open = {
      ...on,
      rectificationId: 'Z-1',
      indicator: 'I02',
      line: 'P1',
      stage: 6,
      requirement: '补足人员',
      due: '2024-08-31',
    };
    expect(types(await post('rectifications', open))).toEqual(['RectificationOpened']);
    const close = { effectiveDate: '2024-08-20', measures: '已到岗', conclusion: 'done' };
    expect(types(await post('rectifications/Z-1/closure', close))).toEqual(['RectificationClosed']);
    expect((await post('rectifications/Z-1/closure', { ...close, conclusion: 'partly' })).body.code).toBe(
      'RECTIFICATION_CLOSED',
    );
    expect(
      (await post('rectifications', { ...open, rectificationId: 'Z-2', line: 'P9', indicator: 'I99' })).body.faults,
    ).toMatchObject([
      { pointer: '/line', code: 'UNKNOWN_LINE' },
      { pointer: '/indicator', code: 'UNKNOWN_INDICATOR' },
    ]);
  });
});

const E = (rows: object[]) => ({ effectiveDate: '2024-07-05', rows });

describe.each([
  [
    'text for a number',
    'results',
    { ...result('B-1', 'I01', ''), result: { text: '健全' } },
    422,
    'RESULT_NOT_A_NUMBER',
    '/result',
  ],
  ['a number with its unit', 'results', result('B-1', 'I01', '17个'), 422, 'VALUE_NOT_DECIMAL', '/result/value'],
  ['a number for a word', 'results', result('B-1', 'I04', '100'), 422, 'RESULT_NOT_A_WORD', '/result'],
  ['亩 for 平方米', 'results', result('B-1', 'I02', '10', { unit: '亩' }), 422, 'UNIT_DIFFERS', '/unit'],
  [
    'a result after the checkpoint',
    'results',
    { ...result('B-1', 'I01', '13'), effectiveDate: '2024-07-01', checkpoint: 'half' },
    422,
    'RESULT_AFTER_CHECKPOINT',
    '/effectiveDate',
  ],
  [
    'a date outside the year',
    'results',
    { ...result('B-1', 'I01', '13'), effectiveDate: '2025-01-01' },
    422,
    'DATE_OUTSIDE_YEAR',
    '/effectiveDate',
  ],
  [
    'a date that does not exist',
    'results',
    { ...result('B-1', 'I01', '13'), effectiveDate: '2024-02-30' },
    400,
    'INVALID_DATE',
    '/effectiveDate',
  ],
  [
    'more of a whole than there is',
    'results',
    { ...result('B-1', 'I03', '101'), effectiveDate: '2024-06-01' },
    422,
    'PERCENTAGE_ABOVE_100',
    '/result/value',
  ],
  [
    'a running total that falls',
    'results',
    { ...result('B-1', 'I01', '9'), effectiveDate: '2024-06-30' },
    422,
    'RUNNING_TOTAL_FALLS',
    '/result/value',
  ],
  ['a result of what is computed', 'results', result('B-1', 'I05', '38'), 422, 'RESULT_IS_COMPUTED', ''],
  ['an indicator that is not there', 'results', result('B-1', 'I99', '1'), 422, 'UNKNOWN_INDICATOR', '/indicator'],
  ['a number taken', 'results', result('R-5', 'I03', '94'), 409, 'NUMBER_TAKEN', ''],
  [
    'two kinds of value',
    'results',
    { ...result('B-1', 'I01', '1'), result: { value: '1', text: '一' } },
    422,
    'RESULT_NOT_ONE_VALUE',
    '/result',
  ],
  ['no value', 'results', { ...result('B-1', 'I01', '1'), result: {} }, 422, 'RESULT_NOT_ONE_VALUE', '/result'],
  [
    'a value as a number',
    'results',
    { ...result('B-1', 'I01', '1'), result: { value: 17 } },
    400,
    'INVALID_TEXT',
    '/result/value',
  ],
  [
    'points of another checklist',
    'results',
    { ...result('B-1', 'I04', ''), result: { points: [{ point: '别的', met: true }] } },
    422,
    'CHECKLIST_DIFFERS',
    '/result/points',
  ],
  [
    'a digest that is none',
    'results',
    result('B-1', 'I01', '13', { evidence: [{ title: 'x', attachment: { sha256: 'AB', bytes: 1, name: 'a.pdf' } }] }),
    400,
    'INVALID_VALUE',
    '/evidence/0/attachment/sha256',
  ],
  [
    'an unknown member',
    'results',
    { ...result('B-1', 'I01', '13'), colour: 'red' },
    400,
    'UNKNOWN_PROPERTY',
    '/colour',
  ],
  ['a list without rows', 'results', { results: [] }, 400, 'INVALID_VALUE', '/results'],
  [
    'a fact of no kind',
    'base-facts',
    { factId: 'F-9', effectiveDate: '2024-06-30', fact: 'cars', value: '1' },
    400,
    'INVALID_VALUE',
    '/fact',
  ],
  [
    'a fact below nothing',
    'base-facts',
    { factId: 'F-9', effectiveDate: '2024-06-30', fact: 'establishment', value: '-1' },
    422,
    'VALUE_NEGATIVE',
    '/value',
  ],
  [
    'a stage of no month',
    'monitoring/13/explanations',
    E([{ indicator: 'I01', causes: [] }]),
    400,
    'INVALID_VALUE',
    undefined,
  ],
  [
    'a cause of no category',
    'monitoring/6/explanations',
    E([{ indicator: 'I01', causes: ['weather'] }]),
    400,
    'INVALID_VALUE',
    '/rows/0/causes',
  ],
  [
    'a row that is explained twice',
    'monitoring/6/explanations',
    E([
      { indicator: 'I01', causes: [] },
      { indicator: 'I01', causes: [] },
    ]),
    422,
    'DUPLICATE_INDICATOR',
    '/rows/1/indicator',
  ],
  [
    'a score of more than all points',
    'assessments',
    E([{ indicator: 'I04', score: '100.01' }]),
    422,
    'SCORE_IMPOSSIBLE',
    '/rows/0/score',
  ],
  [
    'a grade of no kind',
    'assessments',
    E([{ indicator: 'I04', grade: 'good' }]),
    400,
    'INVALID_VALUE',
    '/rows/0/grade',
  ],
  [
    'a submission that is not there',
    'monitoring/6/submissions/1/withdrawal',
    { effectiveDate: '2024-07-05', reason: 'x' },
    404,
    'UNKNOWN_NUMBER',
    '',
  ],
  [
    'a date far behind the year',
    'rectifications',
    { effectiveDate: '2026-01-01', rectificationId: 'Z-9', requirement: 'x' },
    422,
    'DATE_OUTSIDE_FOLLOW_UP',
    '/effectiveDate',
  ],
] as const)('%s', (_what, path, body, status, code, pointer) => {
  it(`is refused with ${status} ${code} at ${pointer ?? 'the address'}, and nothing is written`, async () => {
    const before = await system.events();
    const answer = await post(path, body);
    expect(answer.body.faults).toContainEqual(
      expect.objectContaining({ code, ...(pointer === undefined ? {} : { pointer }) }),
    );
    expect([answer.status, await system.events()]).toEqual([status, before]);
  });
});

describe('a concurrent edit', () => {
  it.each(['targets', 'narrative', 'thresholds', 'scoring-profile', 'indicators/I01/lines'])(
    'of %s is not lost: If-Match is required',
    async (path) => {
      const bodies: Readonly<Record<string, object>> = {
        targets: { indicators: [SATISFIED] },
        thresholds: {
          ...{ reason: 'x', workMoneyGap: '20' },
          ...{ work: { redBelow: '1', yellowBelow: '2' }, money: { redBelow: '1', yellowBelow: '2' } },
        },
        'indicators/I01/lines': { lines: [] },
        'scoring-profile': { id: 'national-project' },
      };
      const body = { effectiveDate: '2024-01-20', ...bodies[path] };
      expect((await system.send('PUT', `${UNIT_YEAR}/${path}`, body)).body.code).toBe('IF_MATCH_REQUIRED');
      const old = await system.send('PUT', `${UNIT_YEAR}/${path}`, body, { headers: { 'if-match': '"0"' } });
      expect(old.body).toMatchObject({ status: 412, code: 'REVISION_MISMATCH', revision });
    },
  );
});
