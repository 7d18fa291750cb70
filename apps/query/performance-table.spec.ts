import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { on, pay } from '#domain/budget/specification.js';
import { civilDate } from '#domain/calendar.js';
import type { NewBaseFact, NewResult } from '#domain/performance/commands.js';
import type { FormSources, Indicator } from '#domain/performance/events.js';
import { DEFAULT_THRESHOLDS } from '#domain/scoring/lights.js';
import { profileById } from '#domain/scoring/profile.js';
import { bookYear, startReadSystem, U1_2024, type ReadSystem } from '../../test/support/read-system.js';

let system: ReadSystem;
/** After the results of June were recorded, and before that of the plots was corrected from 9 to 17. */
const BEFORE_CORRECTION = '2024-07-11T00:00:00.000Z';

const row = (indicator: string, level3: string, more: Partial<Indicator>): Indicator => ({
  ...{ indicator, block: 2, level1: '履职', level2: '土地收储', level3, kind: 'FLOW_CUMULATIVE', comparator: '=' },
  ...{ decimals: 0, unit: '个', checkpointBasis: 'FULL_YEAR' },
  half: { text: '＝16个', value: '16' },
  annual: { text: '＝30个', value: '30' },
  ...more,
});
const PLOTS = row('I05', '完成收储地块数量', {});
const STOCK = row('I06', '管理存量房数量', {
  ...{ kind: 'STOCK_LEVEL', unit: '套', checkpointBasis: 'POINT_IN_TIME', tolerance: '5' },
  half: { text: '＝5300套', value: '5300' },
  annual: { text: '＝4800套', value: '4800' },
});
const STAFF = row('I07', '在职人员控制率', {
  ...{ block: 1, level1: '过程', level2: '人员管理', kind: 'RATIO', comparator: '<=', unit: '%' },
  ...{ metric: 'staff-control', checkpointBasis: 'POINT_IN_TIME' },
  half: { text: '≤100%', value: '100' },
  annual: { text: '≤100%', value: '100' },
});
const RULES = row('I08', '预算管理制度健全性', {
  ...{ block: 1, level1: '过程', level2: '预算管理', kind: 'QUALITATIVE', comparator: 'word', unit: '' },
  ...{ checkpointBasis: 'POINT_IN_TIME', checklist: ['制度健全', '合法合规', '有效执行'] },
  half: { text: '健全' },
  annual: { text: '健全' },
});

const result = (resultId: string, indicator: string, date: string, of: NewResult['result']): NewResult => ({
  ...{ resultId, indicator, effectiveDate: civilDate(date), result: of },
  evidence: [{ title: '验收单' }],
});
const fact = (factId: string, kind: NewBaseFact['fact'], date: string, value: string): NewBaseFact => ({
  ...{ factId, fact: kind, effectiveDate: civilDate(date), value },
  evidence: [{ title: '编制表' }],
});

beforeAll(async () => {
  system = await startReadSystem();
  await bookYear(system);
  await system.report(
    'U1',
    2024,
    {
      ...{ type: 'ReviseTargets', effectiveDate: civilDate('2024-01-01'), reason: '补充履职指标' },
      add: [PLOTS, STOCK, STAFF, RULES].map((indicator) => ({ indicator })),
    },
    {
      ...{ type: 'LinkIndicators', effectiveDate: civilDate('2024-01-01') },
      links: [{ indicator: 'I05', lines: ['P02'] }],
    },
  );
  system.clock.now = Date.parse('2024-07-10T02:00:00Z');
  await system.report(
    'U1',
    2024,
    {
      type: 'RecordResults',
      results: [
        result('R1', 'I05', '2024-03-31', { value: '8' }),
        result('R2', 'I05', '2024-06-30', { value: '9' }),
        result('R3', 'I06', '2024-06-30', { value: '5296' }),
        result('R4', 'I08', '2024-06-30', {
          points: [
            { point: '制度健全', met: true },
            { point: '合法合规', met: true },
            { point: '有效执行', met: false },
          ],
        }),
      ],
    },
    {
      type: 'RecordBaseFacts',
      facts: [fact('F1', 'establishment', '2024-01-01', '46'), fact('F2', 'staff-in-post', '2024-06-30', '50')],
    },
  );
  system.clock.now = Date.parse('2024-07-11T02:00:00Z');
  await system.report('U1', 2024, {
    ...{ type: 'CorrectResult', resultId: 'R2', result: { value: '17' }, reason: '漏计八个地块' },
    evidence: [{ title: '复核单' }],
  });
});
afterAll(() => system.stop());

const get = async (path: string) => {
  const { status, body } = await system.get(`${U1_2024}/${path}`);
  if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
  return body;
};
const targetsAt = async (query: string): Promise<Record<string, any>> =>
  Object.fromEntries((await get(`targets?${query}`)).targets.map((one: any) => [one.indicator, one]));

describe('targets', () => {
  it('tell results that were recorded, worked out of base facts and of money, each with its source', async () => {
    const half = await targetsAt('checkpoint=half');
    expect(Object.keys(half)).toEqual(['I01', 'I02', 'I03', 'I04', 'I05', 'I06', 'I07', 'I08']);
    expect(half['I01']).toMatchObject({ result: '30.00', resultFrom: { metric: 'execution-rate', version: 1 } });
    expect(half['I05']).toMatchObject({
      ...{ result: '17', resultDate: '2024-06-30', resultFrom: { resultId: 'R2' }, verdict: 'met', distance: '1.00' },
      exceeded: true,
      light: { state: 'green', rule: 'to-date', wanted: '16.00', percent: '106.25' },
      lines: ['P02'],
    });
    // 4 fewer than 5300, and 5 are allowed
    expect(half['I06']).toMatchObject({ result: '5296', verdict: 'met', distance: '-4.00', withinTolerance: true });
    // 50 of 46
    expect(half['I07']).toMatchObject({
      ...{ result: '108.70', verdict: 'missed', resultFrom: { metric: 'staff-control', facts: ['F2', 'F1'] } },
      light: { state: 'red', rule: 'limit' },
    });
    expect(half['I08']).toMatchObject({
      result: '2/3',
      verdict: 'missed',
      points: [{ met: true }, { met: true }, { met: false }],
    });
    expect(half['I03']).toMatchObject({ result: null, verdict: 'not-assessed', reason: 'NO_RESULT' });
  });

  it('tell the pace of what accumulates, and of nothing else', async () => {
    const { I05, I06 } = await targetsAt('checkpoint=half');
    expect(I05.pace).toMatchObject({
      ...{ planned: '16.00', done: { on: '2024-06-30', value: '17.00' }, deviation: '1.00', deviationPercent: '6.25' },
      required: {
        checkpoint: 'annual',
        target: '30.00',
        status: 'open',
        left: '13.00',
        daysLeft: 184,
        perDay: '0.0707',
      },
      // 17 and the 14 that are planned from 1 July on
      forecast: { status: 'OK', method: 'planned-rest', because: 'ON_PLAN', value: '31.00', low: '31.00' },
    });
    expect(I06).not.toHaveProperty('pace');
  });

  it('are exact in both clocks', async () => {
    const before = await targetsAt(`checkpoint=half&knownAt=${BEFORE_CORRECTION}`);
    expect(before['I05']).toMatchObject({ result: '9', verdict: 'missed', distance: '-7.00' });
    const march = await targetsAt('asOf=2024-03-31');
    expect(march['I05']).toMatchObject({ result: '8', verdict: 'not-assessed', reason: 'BEFORE_CHECKPOINT' });
    expect(march['I07']).toMatchObject({ result: null, reason: 'NO_FACTS' });
    expect((await targetsAt('asOf=2024-03-30'))['I05']).toMatchObject({ result: null, reason: 'NO_RESULT' });
    expect(await targetsAt('asOf=2024-12-31&knownAt=2024-01-02T01:00:02.500Z')).toEqual({});
    const { approvedOn } = await get('targets?checkpoint=half');
    expect(approvedOn).toBe('2024-01-01');
  });

  it('are narrowed by first level, verdict and light', async () => {
    const ids = async (query: string) => Object.keys(await targetsAt(`checkpoint=half&${query}`));
    expect(await ids('level1=%E5%B1%A5%E8%81%8C')).toEqual(['I05', 'I06']);
    expect(await ids('verdict=missed')).toEqual(['I02', 'I07', 'I08']);
    expect(await ids('light=red&verdict=missed')).toEqual(expect.arrayContaining(['I07']));
    const { status, body } = await system.get(`${U1_2024}/targets?light=purple`);
    expect([status, body.faults[0].parameter]).toEqual([400, 'light']);
  });
});

describe('the explanation of a target', () => {
  it('of a recorded result tells its events and the rules', async () => {
    const told = await get('targets/I05/explanation?checkpoint=half');
    expect(told).toMatchObject({
      ...{ basis: 'recorded', facts: [], verdictRule: { id: 'rounded-at-least' }, lightRule: { id: 'to-date' } },
      target: { indicator: 'I05', result: '17' },
    });
    expect(told.events.map(({ type }: any) => type)).toEqual(['IndicatorResultRecorded', 'ResultCorrected']);
    expect(told).not.toHaveProperty('formula');
  });

  it('of base facts names each with its value, those that are missing too', async () => {
    const told = await get('targets/I07/explanation?checkpoint=half');
    expect(told).toMatchObject({ basis: 'facts', formula: { metric: 'staff-control', version: 1 } });
    expect(told.facts).toMatchObject([
      { fact: 'staff-in-post', value: '50', factId: 'F2', date: '2024-06-30' },
      { fact: 'establishment', value: '46', factId: 'F1' },
    ]);
    expect(told.events).toHaveLength(2);
    const march = await get('targets/I07/explanation?asOf=2024-03-31');
    expect(march.facts[0]).toEqual({
      fact: 'staff-in-post',
      name: { zh: '在职人员', en: 'staff in post' },
      unit: 'person',
    });
  });

  it('of money leads to the entries behind it', async () => {
    const told = await get('targets/I01/explanation?checkpoint=half');
    expect(told).toMatchObject({ basis: 'money', formula: { scope: { funds: ['general-public'] } }, events: [] });
    const { status, body } = await system.get(told.money);
    expect([status, body.percent]).toEqual([200, '30.00']);
  });

  it('has a link that gives the same answer after more was recorded', async () => {
    const told = await get('targets/I05/explanation?checkpoint=half');
    await system.report('U1', 2024, { type: 'WithdrawResult', resultId: 'R1', reason: '重复' });
    expect((await system.get(told.link)).body).toEqual({ ...told });
    const { status, body } = await system.get(`${U1_2024}/targets/I99/explanation`);
    expect([status, body.code]).toEqual([404, 'UNKNOWN_INDICATOR']);
  });
});

describe('the pace', () => {
  it('of lines and of what accumulates, with curves and forecasts', async () => {
    const body = await get('pace?checkpoint=half');
    expect(body.lines.map(({ line }: any) => line)).toEqual(['B01', 'P01', 'P02']);
    // 3,000.00 planned and paid of 5,500.00
    expect(body.lines[2]).toMatchObject({
      ...{ current: '5500.00', planned: '3000.00', done: { on: '2024-03-01', value: '3000.00' }, deviation: '0.00' },
      required: { checkpoint: 'annual', left: '2500.00', perMonth: '416.67' },
      forecast: { status: 'OK', method: 'planned-rest', value: '5500.00' },
      light: { state: 'green', rule: 'to-date', percent: '100.00' },
    });
    expect(body.lines[2].points).toHaveLength(12);
    expect(body.lines[2].points[1]).toMatchObject({ date: '2024-02-29', done: '0.00' });
    expect(body.lines[2].points[6]).not.toHaveProperty('done');
    expect(body.together).toMatchObject({ light: { state: 'green' } });
    expect(body.indicators.map(({ indicator }: any) => indicator)).toEqual(['I01', 'I05']);
    expect(body.indicators[1]).toMatchObject({ course: 'flow', unit: '个', light: { state: 'green' } });
  });

  it('of one line or one indicator', async () => {
    const line = await get('pace?checkpoint=half&line=P02');
    expect([line.lines.length, line.indicators]).toEqual([1, []]);
    expect(line).not.toHaveProperty('together');
    const one = await get('pace?checkpoint=half&indicator=I05');
    expect([one.lines, one.indicators.length]).toEqual([[], 1]);
    expect((await system.get(`${U1_2024}/pace?line=P99`)).body.code).toBe('UNKNOWN_LINE');
    expect((await system.get(`${U1_2024}/pace?indicator=I99`)).body.code).toBe('UNKNOWN_INDICATOR');
  });

  it('as known before the late voucher', async () => {
    const paid = async (query: string) => (await get(`pace?checkpoint=half&line=P01${query}`)).lines[0].done.value;
    expect(await paid('')).toBe('500.00');
    expect(await paid('&knownAt=2024-06-30T16:00:00.000Z')).toBe('400.00');
  });
});

describe('money beside work', () => {
  it('shows both shares and where one runs ahead of the other', async () => {
    const { linked } = await get('money-beside-work?checkpoint=half');
    // 17 of 30, and 3,000.00 of 5,500.00
    expect(linked).toMatchObject([
      {
        ...{ indicator: 'I05', lines: [{ line: 'P02', name: '征地补偿' }] },
        work: { status: 'OK', percent: '56.67', target: '30.00' },
        money: { status: 'OK', paid: '3000.00', current: '5500.00', percent: '54.55' },
        ...{ gap: '-2.12', flags: [] },
      },
    ]);
    const [before] = (await get(`money-beside-work?checkpoint=half&knownAt=${BEFORE_CORRECTION}`)).linked;
    expect(before.flags).toEqual([{ code: 'PAID_AHEAD_OF_WORK', gap: '24.55', allowed: '20' }]);
    const [april] = (await get('money-beside-work?asOf=2024-04-01')).linked;
    expect(april).toMatchObject({
      work: { status: 'NONE', reason: 'NO_RESULT' },
      flags: [{ code: 'PAID_WITHOUT_RESULT', paid: '3000.00' }],
    });
  });
});

describe('the overview and the coherence', () => {
  it('count indicators by verdict and light, the worst first', async () => {
    const { performance } = await get('?checkpoint=half');
    expect(performance).toMatchObject({ indicators: 8, verdicts: { met: 3, missed: 3, 'not-assessed': 2 } });
    expect(performance.worst[0]).toMatchObject({ light: 'red', verdict: 'missed' });
    expect(performance.worst.map(({ indicator }: any) => indicator)).toContain('I07');
  });

  it('tell what in the table does not fit together', async () => {
    const found = async () => (await get('coherence')).findings.map(({ code }: any) => code);
    // I03 of the table is called so too
    expect(await found()).toEqual(['NAME_REPEATED']);
    await system.report('U1', 2024, {
      ...{ type: 'ReviseTargets', effectiveDate: civilDate('2024-01-01'), reason: '更正' },
      revise: [{ ...PLOTS, level3: '完成收储\n地块数量' }],
    });
    expect(await found()).toEqual(['NAME_WRAPS', 'NAME_REPEATED']);
  });

  it('name the formulas of everything that is worked out', async () => {
    const { body } = await system.get('/api/v1/formulas');
    expect(body.facts.map(({ id }: any) => id)).toContain('staff-control');
    expect(body.forecasts.methods.map(({ id }: any) => id)).toEqual([
      'planned-rest',
      'run-rate',
      'recent-pace',
      'last-value',
    ]);
    expect(body.lights.states[0]).toMatchObject({ id: 'red', shape: 'square' });
    expect(body.scoringProfiles).toContainEqual(expect.objectContaining({ id: 'national-project', version: 1 }));
  });
});

describe('the monitoring form', () => {
  /** What a submission cites: both streams as they are. */
  const sources = async (asOf: string): Promise<FormSources> => {
    const head = async (stream: string) => ({ stream, revision: Number((await system.store.head(stream)).revision) });
    return {
      ...{ asOf: civilDate(asOf), knownAt: system.clock.now, formulas: [] },
      streams: [await head('budget-U1-2024'), await head('performance-U1-2024')],
    };
  };

  it('is worked out for a stage, as of its last day', async () => {
    const body = await get('monitoring?stage=6');
    expect(body).toMatchObject({ asOf: '2024-06-30', state: 'draft', thresholds: DEFAULT_THRESHOLDS });
    expect(body.form).toMatchObject({ stage: 6, through: '2024-06-30', unitName: '测试单位' });
    expect(body.form.funds[0]).toMatchObject({ row: 'total', current: '8500.00', executed: '3900.00', rate: '45.88' });
    expect(body.form.indicators[4]).toMatchObject({
      indicator: 'I05',
      result: '17个',
      verdict: 'met',
      forecast: '31个',
    });
    expect((await get(`monitoring?stage=6&knownAt=${BEFORE_CORRECTION}`)).form.indicators[4].result).toBe('9个');
    expect((await get('monitoring?asOf=2024-03-15')).form).toMatchObject({ stage: 3, through: '2024-03-31' });
    const { status, body: refused } = await system.get(`${U1_2024}/monitoring?stage=6&asOf=2024-03-15`);
    expect([status, refused.faults[0].code]).toEqual([400, 'AS_OF_NOT_STAGE']);
  });

  it('is told as it was submitted, and what is another since', async () => {
    await system.report('U1', 2024, {
      ...{ type: 'ExplainDeviations', effectiveDate: civilDate('2024-07-14'), stage: 6 },
      rows: ['I02', 'I07', 'I08'].map((indicator) => ({
        ...{ indicator, causes: ['staff' as const], explanation: '借调人员未定编', likelihood: 'possible' as const },
      })),
    });
    const { form, thresholds } = await get('monitoring?stage=6');
    expect(form.indicators[6]).toMatchObject({ indicator: 'I07', causes: ['staff'], explanation: '借调人员未定编' });
    await system.report('U1', 2024, {
      ...{ type: 'SubmitMonitoring', effectiveDate: civilDate('2024-07-15') },
      ...{ sources: await sources('2024-06-30'), thresholds, form },
    });
    const submitted = await get('monitoring?stage=6&submission=1');
    expect(submitted).toMatchObject({ state: 'submitted', asOf: '2024-06-30', differs: [], changedSince: [] });
    expect(submitted.form).toEqual(form);
    expect(submitted.submission).toMatchObject({ submission: 1, submittedOn: '2024-07-15', actor: { id: 'second' } });

    await system.report('U1', 2024, {
      ...{ type: 'CorrectResult', resultId: 'R2', result: { value: '18' }, reason: '再次复核', evidence: [] },
    });
    await system.book('U1', 2024, pay('V9', 'P01', '10.00', on('06-29')));
    const after = await get('monitoring?stage=6&submission=1');
    expect(after.form).toEqual(form);
    expect(after.differs).toEqual([]);
    expect(after.changedSince).toContainEqual({
      ...{ block: 'indicators', row: 'I05', member: 'result', submitted: '17个', now: '18个' },
    });
    expect(after.changedSince).toContainEqual({
      ...{ block: 'funds', row: 'total', member: 'executed', submitted: '3900.00', now: '3910.00' },
    });

    await system.report('U1', 2024, {
      type: 'WithdrawMonitoring',
      effectiveDate: civilDate('2024-07-20'),
      stage: 6,
      submission: 1,
      reason: '重报',
    });
    const { submissions } = await get('monitoring/submissions');
    expect(submissions).toMatchObject([{ stage: 6, submission: 1, state: 'withdrawn', withdrawn: { reason: '重报' } }]);
    expect(await get('monitoring/submissions?stage=7')).toMatchObject({ submissions: [] });
    expect((await system.get(`${U1_2024}/monitoring?stage=6&submission=2`)).body).toMatchObject({
      code: 'UNKNOWN_SUBMISSION',
      submission: 2,
      stage: 6,
    });
    expect((await system.get(`${U1_2024}/monitoring?stage=6&submission=1&knownAt=${BEFORE_CORRECTION}`)).status).toBe(
      404,
    );
  });
});

describe('the self-evaluation', () => {
  it('is scored as of 31 December by the profile chosen, and told as it was submitted', async () => {
    const shipped = profileById('whole-department');
    if (shipped === undefined) throw new Error('no such profile');
    // Only these two groups have rows to bear points.
    const weights: Readonly<Record<string, string>> = { process: '40', duties: '60' };
    const groups = shipped.groups.map((group) => ({ ...group, weight: weights[group.group] ?? '0' }));
    const profile = { ...shipped, id: 'two-groups', groups };
    expect((await get('self-evaluation')).form.profile).toEqual({ id: 'whole-department', version: 1 });
    const effectiveDate = civilDate('2024-12-31');
    await system.report('U1', 2024, { type: 'ChooseScoringProfile', effectiveDate, profile });
    const draft = await get('self-evaluation?checkpoint=half');
    expect(draft).toMatchObject({ asOf: '2024-12-31', state: 'draft', form: { profile: { id: 'two-groups' } } });
    expect(draft.form.checks).toContainEqual({ check: 'BUDGET_NOT_ZERO', outcome: 'PASSED', at: 'total' });
    // Nothing tells what the three public expenses are: it is said so, never passed
    const outcomes = draft.form.checks.filter(({ check }: any) => check === 'THREE_PUBLIC_SUM');
    expect(outcomes.map(({ outcome }: any) => outcome)).not.toContain('PASSED');
    const head = async (stream: string) => ({ stream, revision: Number((await system.store.head(stream)).revision) });
    await system.report('U1', 2024, {
      ...{ type: 'AssessIndicators', effectiveDate: civilDate('2025-01-15') },
      rows: draft.form.indicators.map(({ indicator }: any) => ({ indicator, cause: '人员不足' })),
    });
    // Whoever submits says that the work is finished: what is made again of the same sources says so too.
    const explained = { ...(await get('self-evaluation')).form, finished: true };
    await system.report('U1', 2024, {
      ...{ type: 'SubmitSelfEvaluation', effectiveDate: civilDate('2025-01-20'), profile, form: explained },
      sources: {
        ...{ asOf: effectiveDate, knownAt: system.clock.now, formulas: [] },
        streams: [await head('budget-U1-2024'), await head('performance-U1-2024')],
      },
    });
    const submitted = await get('self-evaluation?submission=1');
    expect(submitted).toMatchObject({ state: 'submitted', differs: [], changedSince: [] });
    expect(submitted.form).toEqual(explained);
    await system.report('U1', 2024, {
      type: 'RecordResults',
      results: [result('R7', 'I05', '2024-12-31', { value: '30' })],
    });
    const after = await get('self-evaluation?submission=1');
    expect(after.differs).toEqual([]);
    expect(after.changedSince).toContainEqual(expect.objectContaining({ row: 'I05', member: 'actual', now: '30个' }));
    expect((await get('self-evaluation/submissions')).submissions).toMatchObject([
      { submission: 1, state: 'submitted', profile: { id: 'two-groups' }, total: draft.form.total },
    ]);
    expect((await system.get(`${U1_2024}/self-evaluation?submission=9`)).body.code).toBe('UNKNOWN_SUBMISSION');
  });
});

describe('two moments side by side', () => {
  it('count the indicators whose results differ', async () => {
    const before = BEFORE_CORRECTION;
    const { indicators, entries } = await get(`compare?a=half@${before}&b=half@2024-07-11T02:00:01.000Z`);
    expect(entries).toMatchObject([
      { type: 'ResultCorrected', why: 'correction', onlyIn: 'b', late: true, effects: [] },
    ]);
    expect(indicators).toEqual({
      ...{ indicators: 8, changed: 1, turned: 1 },
      changes: [
        {
          ...{ indicator: 'I05', level3: '完成收储地块数量', turned: true },
          a: { result: '9', verdict: 'missed', light: 'red' },
          b: { result: '17', verdict: 'met', light: 'green' },
        },
      ],
    });
  });
});

describe('a year that has a budget and no table', () => {
  it('is answered by every read, with nothing where there is nothing', async () => {
    await system.book('U1', 2025, {
      ...{ type: 'OpenLines', ...on('2025-01-01') },
      lines: [{ line: 'P01', name: '培训费', expenditure: 'project', fund: 'general-public' }],
    });
    const ask = async (path: string) => {
      const { status, body } = await system.get(`/api/v1/units/U1/years/2025/${path}`);
      expect([path, status]).toEqual([path, 200]);
      return body;
    };
    expect(await ask('targets')).toMatchObject({ targets: [] });
    expect(await ask('coherence')).toMatchObject({ coherence: [], findings: [] });
    expect(await ask('results')).toMatchObject({ results: [] });
    expect(await ask('money-beside-work')).toMatchObject({ linked: [] });
    expect(await ask('')).toMatchObject({ performance: { indicators: 0, worst: [] } });
    expect(await ask('monitoring?stage=6')).toMatchObject({ form: { indicators: [], overall: 'not-assessed' } });
    expect(await ask('self-evaluation')).toMatchObject({ form: { indicators: [], year: 2025 } });
    expect((await ask('pace')).lines).toMatchObject([{ line: 'P01', light: { state: 'not-assessed' } }]);
    for (const path of ['base-facts', 'thresholds', 'scoring-profile', 'narrative', 'rectifications']) await ask(path);
    for (const path of ['monitoring/submissions', 'self-evaluation/submissions']) {
      expect(await ask(path)).toMatchObject({ submissions: [] });
    }
  });
});

describe('answers about a table whose stream stopped', () => {
  it('end before the event that stopped it, and say so', async () => {
    const before = await get('targets?checkpoint=half');
    expect(before).not.toHaveProperty('stale');
    await system.report('U1', 2024, {
      ...{ type: 'LinkIndicators', effectiveDate: civilDate('2024-01-01') },
      links: [{ indicator: 'I06', lines: ['L'.repeat(600)] }],
    });
    await system.report('U1', 2024, {
      type: 'RecordResults',
      results: [result('R9', 'I06', '2024-06-30', { value: '1' })],
    });
    for (const path of [
      'targets',
      'results',
      'pace',
      'monitoring?stage=6',
      'self-evaluation',
      'thresholds',
      'coherence',
    ]) {
      expect(await get(path)).toMatchObject({
        stale: true,
        staleReason: expect.stringContaining('performance-U1-2024'),
      });
    }
    expect((await targetsAt('checkpoint=half'))['I06'].result).toBe('5296');
  });
});
