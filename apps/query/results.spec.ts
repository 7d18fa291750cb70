import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { on, seal } from '#domain/budget/specification.js';
import { civilDate } from '#domain/calendar.js';
import type { NewBaseFact, NewResult } from '#domain/performance/commands.js';
import type { Indicator } from '#domain/performance/events.js';
import { DEFAULT_THRESHOLDS } from '#domain/scoring/lights.js';
import { profileById } from '#domain/scoring/profile.js';
import { bookYear, startReadSystem, U1_2024, type ReadSystem } from '../../test/support/read-system.js';

let system: ReadSystem;
/** In July results R1 15 and R2 20 were recorded; the next day R1 was corrected to 17 and R3 was withdrawn. */
const BEFORE_CORRECTION = '2024-07-11T00:00:00.000Z';

const PLOTS: Indicator = {
  ...{ indicator: 'I05', block: 2, level1: '履职', level2: '收储', level3: '完成收储地块数量' },
  ...{ kind: 'FLOW_CUMULATIVE', comparator: '=', decimals: 0, unit: '个', checkpointBasis: 'FULL_YEAR' },
  half: { text: '＝16个', value: '16' },
  annual: { text: '＝30个', value: '30' },
};
const WORD: Indicator = {
  ...{ indicator: 'I06', block: 1, level1: '过程', level2: '预算管理', level3: '预算管理制度健全性' },
  ...{ kind: 'QUALITATIVE', comparator: 'word', decimals: 0, unit: '', checkpointBasis: 'POINT_IN_TIME' },
  half: { text: '健全' },
  annual: { text: '健全' },
};

const result = (resultId: string, date: string, value: string, more: Partial<NewResult> = {}): NewResult => ({
  ...{ resultId, indicator: 'I05', effectiveDate: civilDate(date), result: { value } },
  evidence: [{ title: '地块验收单', voucherNo: 'V1' }],
  ...more,
});
const fact = (factId: string, kind: NewBaseFact['fact'], date: string, value: string): NewBaseFact => ({
  ...{ factId, fact: kind, effectiveDate: civilDate(date), value },
  evidence: [{ title: '人员编制表' }],
});

beforeAll(async () => {
  system = await startReadSystem();
  await bookYear(system);
  system.actor = { id: 'li', name: '李统计' };
  await system.report('U1', 2024, {
    ...{ type: 'ReviseTargets', effectiveDate: civilDate('2024-01-01'), reason: '补充履职指标' },
    add: [{ indicator: PLOTS }, { indicator: WORD }],
  });
  system.clock.now = Date.parse('2024-07-10T02:00:00Z');
  await system.report(
    'U1',
    2024,
    { type: 'RecordResults', results: [result('R1', '2024-06-30', '15', { note: '不含续建' })] },
    { type: 'RecordResults', results: [result('R2', '2024-08-31', '20')] },
    {
      type: 'RecordResults',
      results: [result('R3', '2024-06-30', '', { indicator: 'I06', result: { text: '健全' } })],
    },
    { type: 'RecordBaseFacts', facts: [fact('F1', 'staff-in-post', '2024-03-31', '44')] },
    { type: 'RecordBaseFacts', facts: [fact('F2', 'staff-in-post', '2024-06-30', '45')] },
  );
  system.clock.now = Date.parse('2024-07-11T02:00:00Z');
  await system.report(
    'U1',
    2024,
    {
      ...{ type: 'CorrectResult', resultId: 'R1', result: { value: '17' }, reason: '复核时漏计两个地块' },
      evidence: [{ title: '复核单' }],
    },
    { type: 'WithdrawResult', resultId: 'R3', reason: '重复登记' },
    { type: 'CorrectBaseFact', factId: 'F2', value: '46', reason: '漏计借调人员' },
  );
});
afterAll(() => system.stop());

const get = async (path: string) => {
  const { status, body } = await system.get(`${U1_2024}/${path}`);
  expect([path, status]).toEqual([path, 200]);
  return body;
};

describe('results', () => {
  it('are listed by date with what corrected them and who recorded it', async () => {
    const { results } = await get('results?asOf=2024-12-31');
    expect(results.map(({ resultId, date }: any) => [resultId, date])).toEqual([
      ['R1', '2024-06-30'],
      ['R3', '2024-06-30'],
      ['R2', '2024-08-31'],
    ]);
    expect(results[0]).toMatchObject({
      ...{ indicator: 'I05', level3: '完成收储地块数量', unit: '个', note: '不含续建' },
      result: { value: '17' },
      first: { value: '15' },
      evidence: [{ title: '复核单' }],
      recordedAt: '2024-07-10T02:00:01.000Z',
      actor: { id: 'li', name: '李统计' },
      corrections: [{ result: { value: '17' }, reason: '复核时漏计两个地块' }],
    });
    expect(results[1]).toMatchObject({ result: { text: '健全' }, withdrawn: { reason: '重复登记' } });
    expect(results[2]).not.toHaveProperty('first');
  });

  it('are as known before the correction, and as of a date', async () => {
    const before = (await get(`results?asOf=2024-12-31&knownAt=${BEFORE_CORRECTION}`)).results;
    expect(before[0]).toMatchObject({ result: { value: '15' }, corrections: [] });
    expect(before[1]).not.toHaveProperty('withdrawn');
    expect((await get('results?checkpoint=half')).results.map(({ resultId }: any) => resultId)).toEqual(['R1', 'R3']);
    expect((await get('results?asOf=2024-06-29')).results).toEqual([]);
    expect((await get('results?asOf=2024-12-31&knownAt=2024-07-01')).results).toEqual([]);
  });

  it('come page by page, all as known at the first', async () => {
    const first = await get('results?asOf=2024-12-31&limit=2');
    expect(first.results).toHaveLength(2);
    await system.report('U1', 2024, { type: 'RecordResults', results: [result('R4', '2024-09-30', '22')] });
    const second = await get(`results?asOf=2024-12-31&limit=2&cursor=${first.next}`);
    expect(second.results.map(({ resultId }: any) => resultId)).toEqual(['R2']);
    expect(second).not.toHaveProperty('next');
  });

  it('are narrowed by indicator and dates', async () => {
    const ids = async (query: string) =>
      (await get(`results?asOf=2024-12-31&${query}`)).results.map((one: any) => one.resultId);
    expect(await ids('indicator=I06')).toEqual(['R3']);
    expect(await ids('from=2024-07-01')).toEqual(['R2', 'R4']);
    expect(await ids('indicator=I05&from=2024-06-30&to=2024-06-30')).toEqual(['R1']);
    const { status, body } = await system.get(`${U1_2024}/results?from=2024-07-01&to=2024-06-30`);
    expect([status, body.faults[0].code]).toEqual([400, 'EMPTY_RANGE']);
  });

  it('open one by one with their events told', async () => {
    const { result: one, events } = await get('results/R1?asOf=2024-12-31');
    expect(one).toMatchObject({ resultId: 'R1', result: { value: '17' } });
    expect(events.map(({ type }: any) => type)).toEqual(['IndicatorResultRecorded', 'ResultCorrected']);
    expect(events[1].sentence).toContain('复核时漏计两个地块');
    expect(events[1].sentence).toContain('李统计');
    const { events: english } = await get('results/R1?asOf=2024-12-31&lang=en');
    expect(english[0].sentence).toMatch(/Recorded by/);
    const { status, body } = await system.get(`${U1_2024}/results/R9`);
    expect([status, body.code]).toEqual([404, 'UNKNOWN_RESULT']);
    expect((await system.get(`${U1_2024}/results/R2?checkpoint=half`)).body.code).toBe('UNKNOWN_RESULT');
  });
});

describe('base facts', () => {
  it('come to the last one by date, as corrected', async () => {
    const { facts, recorded } = await get('base-facts?checkpoint=half');
    expect(facts.find((one: any) => one.fact === 'staff-in-post')).toMatchObject({
      ...{ value: '46', date: '2024-06-30', factId: 'F2', unit: 'person', kind: 'level' },
    });
    expect(facts.find((one: any) => one.fact === 'establishment')).toMatchObject({ value: null });
    expect(recorded).toMatchObject([
      { factId: 'F1', value: '44', corrections: [] },
      { factId: 'F2', value: '46', first: '45', corrections: [{ reason: '漏计借调人员' }] },
    ]);
  });

  it('are as known then and as of the date', async () => {
    const valueAt = async (query: string) => (await get(`base-facts?fact=staff-in-post&${query}`)).facts[0].value;
    expect(await valueAt(`checkpoint=half&knownAt=${BEFORE_CORRECTION}`)).toBe('45');
    expect(await valueAt('asOf=2024-06-29')).toBe('44');
    expect(await valueAt('asOf=2024-03-30')).toBeNull();
  });
});

describe('what the table goes by', () => {
  it('are the own thresholds of the product until others are set, each from its date on', async () => {
    expect(await get('thresholds?asOf=2024-12-31')).toMatchObject({ thresholds: DEFAULT_THRESHOLDS });
    const own = { ...DEFAULT_THRESHOLDS, version: 2, work: { redBelow: '50', yellowBelow: '70' } };
    await system.report('U1', 2024, {
      ...{ type: 'SetThresholds', effectiveDate: civilDate('2024-07-01'), thresholds: own, reason: '市局口径' },
    });
    expect(await get('thresholds?asOf=2024-07-01')).toMatchObject({
      thresholds: own,
      setBy: { on: '2024-07-01', reason: '市局口径', actor: { id: 'li' } },
    });
    const half = await get('thresholds?checkpoint=half');
    expect(half.thresholds).toEqual(DEFAULT_THRESHOLDS);
    expect(half).not.toHaveProperty('setBy');
  });

  it('is the profile chosen last, and the texts in force', async () => {
    expect(await get('scoring-profile?checkpoint=annual')).not.toHaveProperty('profile');
    const profile = profileById('national-project');
    if (profile === undefined) throw new Error('no such profile');
    const date = { effectiveDate: civilDate('2024-12-31') };
    await system.report(
      'U1',
      2024,
      { type: 'ChooseScoringProfile', ...date, profile },
      { type: 'StateNarrative', ...date, narrative: { annualGoal: '完成收储计划' } },
    );
    expect(await get('scoring-profile?checkpoint=annual')).toMatchObject({
      profile: { id: 'national-project', version: 1, rules: { total: '100', upperLimit: 'R2' } },
      setBy: { on: '2024-12-31' },
    });
    expect(await get('narrative?checkpoint=annual')).toMatchObject({ annualGoal: '完成收储计划' });
    expect(await get('narrative?checkpoint=half')).not.toHaveProperty('annualGoal');
    const { body } = await system.get('/api/v1/scoring-profiles');
    expect(body.profiles.map(({ id }: any) => id)).toContain('whole-department');
  });

  it('is told in the history of the year, and of a line only where it is named', async () => {
    await system.report('U1', 2024, {
      ...{ type: 'LinkIndicators', effectiveDate: civilDate('2024-02-01') },
      links: [{ indicator: 'I05', lines: ['P01'] }],
    });
    const typesOf = async (query: string) =>
      (await get(`history?limit=1000&${query}`)).entries.map(({ type }: any) => type);
    expect(await typesOf('')).toEqual(
      expect.arrayContaining(['IndicatorResultRecorded', 'ResultCorrected', 'BaseFactRecorded', 'ThresholdsSet']),
    );
    const ofLine = await typesOf('line=P01');
    expect(ofLine).toContain('IndicatorLinked');
    expect(ofLine).not.toContain('IndicatorResultRecorded');
  });
});

describe('rectifications', () => {
  it('are open until they are closed, and overdue after their day', async () => {
    await system.report('U1', 2024, {
      ...{ type: 'OpenRectification', effectiveDate: civilDate('2024-07-15'), rectificationId: 'Z1', indicator: 'I05' },
      ...{ stage: 6, requirement: '三季度补足', due: civilDate('2024-09-30') },
    });
    const open = async (asOf: string) => (await get(`rectifications?asOf=${asOf}&state=open`)).rectifications;
    expect((await open('2024-09-30'))[0]).not.toHaveProperty('overdue');
    expect(await open('2024-10-01')).toMatchObject([{ rectificationId: 'Z1', state: 'open', overdue: true }]);
    await system.report('U1', 2024, {
      ...{ type: 'CloseRectification', effectiveDate: civilDate('2024-10-20'), rectificationId: 'Z1' },
      ...{ measures: '增派人员', conclusion: 'done', evidence: [] },
    });
    expect(await open('2024-12-31')).toEqual([]);
    expect(await get('rectifications?stage=6&asOf=2024-12-31')).toMatchObject({
      rectifications: [{ state: 'closed', closed: { on: '2024-10-20', measures: '增派人员', conclusion: 'done' } }],
    });
    expect((await get('rectifications?stage=7')).rectifications).toEqual([]);
  });
});

describe('a sealed period', () => {
  it('is touched by targets that are revised in it afterwards, and by no result and no words about it', async () => {
    const head = async (stream: string) => ({ stream, revision: Number((await system.store.head(stream)).revision) });
    const streams = [await head('budget-U1-2024'), await head('performance-U1-2024')];
    await system.book('U1', 2024, { ...seal('06-30', on('08-02')), streams });
    const sealedAt = new Date(system.clock.now).toISOString();
    await system.report(
      'U1',
      2024,
      { type: 'CorrectResult', resultId: 'R1', result: { value: '18' }, reason: '再次复核', evidence: [] },
      { type: 'RecordResults', results: [result('R5', '2024-05-31', '12')] },
      { type: 'StateNarrative', effectiveDate: civilDate('2024-06-30'), narrative: { annualGoal: '完成收储' } },
    );
    expect((await get('seals/1/restatement')).entries).toEqual([]);
    expect((await get(`results?asOf=2024-06-30&knownAt=${sealedAt}`)).results[0].result).toEqual({ value: '17' });
    await system.report('U1', 2024, {
      type: 'ReviseTargets',
      effectiveDate: civilDate('2024-06-30'),
      reason: '主管部门批复',
      revise: [{ ...PLOTS, annual: { text: '＝31个', value: '31' } }],
    });
    const { entries } = await get('seals/1/restatement');
    expect(entries.map(({ type }: any) => type)).toEqual(['TargetRevised']);
  });
});
