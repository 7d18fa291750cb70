/** Forms that are submitted: made of the log at exact revisions, frozen with what they rest on, and made again when it moves. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { approveTable, result } from '../../test/support/performance-table.js';
import { payment, startTestSystem, UNIT_YEAR, type TestSystem } from '../../test/support/system.js';

let system: TestSystem;
let revision = 0;

const MONITORING = `${UNIT_YEAR}/monitoring/6/submission`;
const EVALUATION = `${UNIT_YEAR}/self-evaluation/submission`;
const ON = { effectiveDate: '2024-07-05' };
const LATER = { effectiveDate: '2025-01-20' };

beforeAll(async () => {
  system = await startTestSystem();
  await approveTable(system);
  await write('payments', payment('V-1', 'P1', '600.00', '2024-03-01'));
  const results = [result('R-1', 'I01', '12'), result('R-2', 'I02', '6800'), result('R-3', 'I03', '95')];
  await write('results', { results });
  await write('results', { ...result('R-4', 'I04', ''), result: { text: '健全' } });
  await write('results', { ...result('R-5', 'I01', '41'), effectiveDate: '2024-12-31' });
});
afterAll(() => system.stop());

async function write(path: string, body: unknown) {
  const answer = await system.send('POST', `${UNIT_YEAR}/${path}`, body);
  if (answer.status !== 201) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  if (answer.body.stream === 'performance-T1-2024') revision = answer.body.revision as number;
  return answer.body;
}

const submit = (path: string, body: object, seen = revision, key?: string) =>
  system.send('POST', path, body, { headers: { 'if-match': `"${seen}"` }, ...(key === undefined ? {} : { key }) });

const rowOf = ({ indicators }: any, id: string) => indicators.find(({ indicator }: any) => indicator === id);

describe('the monitoring form', () => {
  it('is shown by a trial as it would be submitted, money and work', async () => {
    const missed = {
      indicator: 'I02',
      causes: ['staff'],
      explanation: '人员不足',
      likelihood: 'possible',
      forecast: '7000',
    };
    await write('monitoring/6/explanations', { ...ON, rows: [missed] });
    const { status, body } = await system.send('POST', `${MONITORING}?dryRun=true`, ON);
    expect([status, body.dryRun]).toEqual([200, true]);
    const { form, stage, submission } = body.events[0].data;
    expect({ stage, submission }).toEqual({ stage: 6, submission: 1 });
    expect(form).toMatchObject({
      form: 'monitoring',
      unit: 'T1',
      unitName: '测试单位',
      year: 2024,
      through: '2024-06-30',
    });
    expect(form.funds[0]).toMatchObject({
      row: 'total',
      original: '1500.00',
      current: '1500.00',
      executed: '600.00',
      rate: '40.00',
    });
    // No half-year plan is stated, so the pace so far goes on: 600.00 × 366 / 182.
    expect(form.funds[0]).toMatchObject({ forecast: '1206.59', forecastMethod: 'run-rate' });
    expect(rowOf(form, 'I01')).toMatchObject({
      result: '12个',
      verdict: 'met',
      distance: '2.00',
      resultFrom: { resultId: 'R-1' },
    });
    expect(rowOf(form, 'I02')).toMatchObject({
      result: '6800平方米',
      verdict: 'missed',
      forecast: '7000平方米',
      causes: ['staff'],
    });
    expect(rowOf(form, 'I05')).toMatchObject({ verdict: 'met', resultFrom: { metric: 'execution-rate' } });
  });

  it('is refused as long as a row that missed says nothing, and nothing is written', async () => {
    await write('monitoring/6/explanations', { ...ON, rows: [{ indicator: 'I02', causes: [] }] });
    const before = await system.events();
    const { body } = await submit(MONITORING, ON);
    expect(body).toMatchObject({
      status: 422,
      code: 'EXPLANATION_MISSING',
      faults: [{ pointer: '/form/indicators/1', indicator: 'I02' }],
    });
    expect(await system.events()).toBe(before);
    await write('monitoring/6/explanations', { ...ON, rows: [{ indicator: 'I02', causes: ['staff'] }] });
  });

  it('is frozen with the streams, the instant and the formulas that it rests on', async () => {
    const seen = revision;
    expect((await system.send('POST', MONITORING, ON)).body.code).toBe('IF_MATCH_REQUIRED');
    expect((await submit(MONITORING, ON, seen - 1)).body).toMatchObject({ code: 'REVISION_MISMATCH', revision: seen });
    const { status, body } = await submit(MONITORING, ON, seen, 'k-monitoring');
    expect(status).toBe(201);
    const { sources, thresholds, form } = body.events[0].data;
    expect(sources).toMatchObject({
      asOf: '2024-06-30',
      streams: [
        { stream: 'budget-T1-2024', revision: 3 },
        { stream: 'performance-T1-2024', revision: seen },
      ],
    });
    expect(sources.formulas).toContainEqual({ metric: 'execution-rate', version: 1 });
    expect(Math.abs(Date.now() - sources.knownAt)).toBeLessThan(120_000);
    expect([thresholds.version, form.counts.red]).toEqual([1, 0]);
    revision = body.revision;
  });

  it('stays as it was submitted when a result is corrected, and is answered again by its key', async () => {
    await write('results/R-1/correction', { result: { value: '11' }, reason: '重复计算一段' });
    const again = await submit(MONITORING, ON, 0, 'k-monitoring');
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(rowOf(again.body.events[0].data.form, 'I01').result).toBe('12个');
  });

  it('is submitted once more after the correction, under the next number, and can be withdrawn', async () => {
    const { body } = await submit(MONITORING, ON);
    expect(body.events[0].data).toMatchObject({ submission: 2 });
    expect(rowOf(body.events[0].data.form, 'I01').result).toBe('11个');
    const withdrawal = await write('monitoring/6/submissions/1/withdrawal', { ...ON, reason: '已更正' });
    expect(withdrawal.events).toMatchObject([{ type: 'MonitoringWithdrawn', data: { stage: 6, submission: 1 } }]);
    expect(
      (await system.send('POST', `${UNIT_YEAR}/monitoring/6/submissions/1/withdrawal`, { ...ON, reason: 'x' })).body
        .code,
    ).toBe('ALREADY_WITHDRAWN');
  });

  it('is made again while others write to the budget', async () => {
    const paying = Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        system.send('POST', `${UNIT_YEAR}/payments`, payment(`V-1${n}`, 'P2', '1.00', '2024-07-01')),
      ),
    );
    const { status, body } = await submit(`${UNIT_YEAR}/monitoring/5/submission`, ON);
    await paying;
    // Nothing was recorded for May: no row missed anything by then.
    expect([status, body.events[0].data.form.through]).toEqual([201, '2024-05-31']);
    revision = body.revision;
  });

  it.each([
    ['no month', `${UNIT_YEAR}/monitoring/0/submission`, ON, 400, 'INVALID_REQUEST'],
    ['a date before the year', MONITORING, { effectiveDate: '2023-12-31' }, 422, 'DATE_OUTSIDE_FOLLOW_UP'],
    ['a unit that is not there', '/api/v1/units/NONE/years/2024/monitoring/6/submission', ON, 404, 'UNKNOWN_UNIT'],
  ])('is refused for %s', async (_what, path, body, status, code) => {
    const answer = await submit(path, body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
});

describe('the self-evaluation', () => {
  it('is refused for a check that it fails: three groups of the profile have no row to bear their points', async () => {
    const { body } = await submit(EVALUATION, LATER);
    expect(body.faults).toContainEqual({
      ...{ pointer: '/form', code: 'CHECK_FAILED', check: 'POINTS_SUM', facts: { sum: '65.00', total: '100.00' } },
      message: 'the form fails POINTS_SUM (sum 65.00, total 100.00)',
    });
    const weights = { decision: '0', process: '30', duties: '70', benefit: '0', satisfaction: '0' };
    const chosen = await system.send(
      'PUT',
      `${UNIT_YEAR}/scoring-profile`,
      { ...LATER, id: 'whole-department', weights },
      { headers: { 'if-match': `"${revision}"` } },
    );
    expect(chosen.status).toBe(200);
    revision = chosen.body.revision as number;
  });

  it('is refused with every row that lost points without a cause', async () => {
    const { body } = await submit(EVALUATION, LATER);
    const faults = body.faults.map(({ code, indicator }: any) => `${code} ${indicator}`);
    expect(faults).toEqual(expect.arrayContaining(['CAUSE_MISSING I02', 'CAUSE_MISSING I05']));
  });

  it('is scored, submitted once its causes are said, and withdrawn', async () => {
    const { body: trial } = await submit(`${EVALUATION}?dryRun=true`, LATER);
    expect(trial.status).toBe(422);
    const rows = [
      { indicator: 'I02', cause: '人员不足', improvement: '补充人员' },
      { indicator: 'I05', cause: '工程款次年支付', improvement: '加快结算' },
      { indicator: 'I04', grade: 'reached', cause: '留有余地' },
    ];
    await write('assessments', { ...LATER, rows });
    const seen = revision;
    const finished = await submit(`${EVALUATION}?dryRun=true`, { ...LATER, finished: true });
    expect(finished.body.events[0].data.form.finished).toBe(true);
    const { status, body } = await submit(EVALUATION, LATER, seen);
    expect([status, body.faults]).toEqual([201, undefined]);
    expect(body.events[0].data.form).not.toHaveProperty('finished');
    const again = await submit(EVALUATION, LATER, body.revision as number);
    expect([again.status, again.body.events]).toEqual([201, []]);
    const { form, profile, submission, sources } = body.events[0].data;
    expect({ submission, asOf: sources.asOf, revision: sources.streams.at(-1).revision }).toEqual({
      submission: 1,
      asOf: '2024-12-31',
      revision: seen,
    });
    expect(form.profile).toEqual({ id: profile.id, version: profile.version });
    const scores = [...form.indicators, ...form.funds].map(({ score }: any) => Number(score ?? 0));
    expect(Number(form.total)).toBeCloseTo(
      scores.reduce((left, score) => left + score, 0),
      2,
    );
    expect(rowOf(form, 'I01')).toMatchObject({ actual: '41个', score: rowOf(form, 'I01').points });
    const { body: withdrawn } = await system.send('POST', `${UNIT_YEAR}/self-evaluation/submissions/1/withdrawal`, {
      ...LATER,
      reason: '补充材料',
    });
    expect(withdrawn.events).toMatchObject([{ type: 'SelfEvaluationWithdrawn', data: { submission: 1 } }]);
  });
});
