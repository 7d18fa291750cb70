/**
 * A year of the published table of 81 indicators over HTTP: approved from its text, results by file and by hand, base facts,
 * explained and submitted at mid-year, corrected afterwards, assessed and submitted at year end.
 */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestSystem, type TestSystem } from '../support/system.js';

const BASE = '/api/v1/units/U0001/years/2024';

interface Target {
  readonly indicator: string;
  readonly level3: string;
  readonly comparator: string;
  readonly half: { readonly text: string; readonly value?: string };
  readonly annual: { readonly text: string; readonly value?: string };
  readonly unit: string;
  readonly metric?: string;
  readonly result: string | null;
  readonly verdict: string;
}

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(() => system.stop());

async function imported(bytes: Uint8Array | string, query = '') {
  const form = new FormData();
  form.append('file', new Blob([bytes]), 'file');
  const answer = await fetch(`${system.address}/api/v1/imports${query}`, { method: 'POST', body: form });
  const preview = (await answer.json()) as any;
  expect(preview.problems).toEqual([]);
  const headers = { 'if-match': `"${preview.fingerprint}"` };
  const { body } = await system.send('POST', `/api/v1/imports/${preview.id}/confirmation`, {}, { headers });
  expect(body).toMatchObject({ state: 'booked', left: 0, refused: [] });
  return { preview, booked: body };
}

/** Whatever was written last is read. */
const read = async (path: string) => {
  const { status, body, headers } = await system.get(
    `${BASE}${path}${path.includes('?') ? '&' : '?'}atLeast=${await system.end()}`,
  );
  expect([path, status, body.faults]).toEqual([path, 200, undefined]);
  return { body, revision: headers.get('stream-revision') };
};

async function write(method: 'POST' | 'PUT', path: string, body: object, status = method === 'PUT' ? 200 : 201) {
  const needed = method === 'PUT' || path.endsWith('submission');
  const seen = needed ? { 'if-match': `"${(await read('/targets')).revision}"` } : {};
  const answer = await system.send(method, `${BASE}/${path}`, body, { headers: seen });
  expect([path, answer.status, answer.body.detail]).toEqual([path, status, answer.body.detail]);
  return answer.body;
}

const targetsAt = async (at: string): Promise<readonly Target[]> =>
  (await read(`/targets?checkpoint=${at}`)).body.targets;

/** A file with the result of every indicator that nothing computes: its target, as the form prints one, or what is said here. */
function csvOf(targets: readonly Target[], at: 'half' | 'annual', said: Readonly<Record<string, string>> = {}): string {
  const date = at === 'half' ? '2024-06-30' : '2024-12-31';
  const rows = targets
    .filter(({ metric }) => metric === undefined)
    .map((target) => {
      const printed = target.comparator === 'word' ? target[at].text : `${target[at].value}${target.unit}`;
      return `${target.indicator}-${at},${date},${target.indicator},${said[target.indicator] ?? printed},工作台账`;
    });
  return ['resultId,date,indicator,value,evidenceTitle', ...rows, ''].join('\n');
}

const FACTS: readonly (readonly [fact: string, half: string, annual: string])[] = [
  ['establishment', '35', '35'],
  ['staff-in-post', '33', '34'],
  ['fixed-assets', '5000000.00', '5000000.00'],
  ['fixed-assets-in-use', '5000000.00', '5000000.00'],
  ['procurement-budget', '1000000.00', '1000000.00'],
  ['procurement-planned', '400000.00', '1000000.00'],
  ['procurement-contracted', '400000.00', '1000000.00'],
  ['non-tax-budget', '100000.00', '100000.00'],
  ['non-tax-planned', '50000.00', '100000.00'],
  ['non-tax-collected', '50000.00', '100000.00'],
  ['project-money-required', '2045880100.00', '2045880100.00'],
  ['project-money-covered', '2045880100.00', '2045880100.00'],
  ['organisation-tasks-planned', '6', '12'],
  ['organisation-tasks-on-time', '6', '12'],
  ['training-tasks-planned', '10', '20'],
  ['training-tasks-on-time', '10', '20'],
];

const factsAt = (at: 'half' | 'annual') =>
  FACTS.map(([fact, half, annual]) => ({
    factId: `${fact}-${at}`,
    effectiveDate: at === 'half' ? '2024-06-30' : '2024-12-31',
    fact,
    value: at === 'half' ? half : annual,
    evidence: [{ title: '财务报表' }],
  }));

/** An indicator that is one short at mid-year. */
let behind: Target;

describe('the table', () => {
  it('comes from its text with 81 indicators, most of them without a result', async () => {
    await imported(await readFile(new URL('../golden/suzhou-2024.txt', import.meta.url)));
    const targets = await targetsAt('half');
    expect(targets).toHaveLength(81);
    expect(
      targets
        .filter(({ metric }) => metric === undefined)
        .every(({ result, verdict }) => result === null && verdict === 'not-assessed'),
    ).toBe(true);
    const flows = targets.filter(
      ({ metric, unit, half }) => metric === undefined && unit === '个' && Number(half.value) > 1,
    );
    behind = flows[0]!;
  });
});

describe('the first half of the year', () => {
  it('gets its results by file and by hand, its base facts, and a verdict for each', async () => {
    const targets = await targetsAt('half');
    const fewer = String(Number(behind.half.value) - 1);
    const csv = csvOf(targets, 'half')
      .split('\n')
      .filter((row) => !row.startsWith(`${behind.indicator}-`))
      .join('\n');
    const { preview, booked } = await imported(csv, '?unit=U0001&year=2024');
    expect(preview).toMatchObject({
      kind: 'results',
      rowCount: targets.filter(({ metric }) => metric === undefined).length - 1,
    });
    expect(booked.written).toBe(preview.rowCount);
    expect((await imported(csv, '?unit=U0001&year=2024')).booked).toMatchObject({
      written: 0,
      booked: preview.rowCount,
    });
    await write('POST', 'results', {
      resultId: `${behind.indicator}-half`,
      effectiveDate: '2024-06-30',
      indicator: behind.indicator,
      result: { value: fewer },
      unit: behind.unit,
      checkpoint: 'half',
    });
    await write('POST', 'base-facts', { facts: factsAt('half') });
    const judged = await targetsAt('half');
    expect(judged.find(({ indicator }) => indicator === behind.indicator)).toMatchObject({
      result: fewer,
      verdict: 'missed',
    });
    const recorded = judged.filter(({ metric }) => metric === undefined);
    expect(recorded.filter(({ verdict }) => verdict === 'missed').map(({ indicator }) => indicator)).toEqual([
      behind.indicator,
    ]);
  });

  it('is submitted once every row that missed is explained', async () => {
    const on = { effectiveDate: '2024-07-05' };
    await write('PUT', 'narrative', { effectiveDate: '2024-01-20', annualGoal: '完成年度收储计划' });
    const { form } = (await read('/monitoring?stage=6')).body;
    expect(form.indicators).toHaveLength(81);
    const open = form.indicators.filter(({ verdict, light }: any) => verdict === 'missed' || light === 'red');
    expect(open.map(({ indicator }: any) => indicator)).toContain(behind.indicator);
    const refused = await write('POST', 'monitoring/6/submission', on, 422);
    expect(refused.faults.map(({ indicator }: any) => indicator)).toEqual(open.map(({ indicator }: any) => indicator));
    const rows = open.map(({ indicator }: any) => ({ indicator, causes: ['other'], explanation: '上半年尚未支付' }));
    await write('POST', 'monitoring/6/explanations', { ...on, rows });
    const submitted = await write('POST', 'monitoring/6/submission', on);
    expect(submitted.events[0].data.form.annualGoal).toBe('完成年度收储计划');
    const { body } = await read('/monitoring?stage=6&submission=1');
    // What was frozen is what the read side makes of the same events.
    expect(body).toMatchObject({
      state: 'submitted',
      form: submitted.events[0].data.form,
      differs: [],
      changedSince: [],
    });
  });

  it('stays as it was submitted when a result is corrected afterwards, and the change is told', async () => {
    const before = (await read('/monitoring?stage=6&submission=1')).body.form;
    const correction = { result: { value: behind.half.value }, unit: behind.unit, reason: '补报一项' };
    await write('POST', `results/${behind.indicator}-half/correction`, correction);
    const { form, differs, changedSince } = (await read('/monitoring?stage=6&submission=1')).body;
    expect(form).toEqual(before);
    expect(differs).toEqual([]);
    expect(changedSince).toContainEqual({
      block: 'indicators',
      row: behind.indicator,
      member: 'result',
      submitted: `${Number(behind.half.value) - 1}${behind.unit}`,
      now: `${behind.half.value}${behind.unit}`,
    });
  });
});

describe('the year', () => {
  it('is scored, assessed and submitted, and what was submitted is what the read side makes of it', async () => {
    const on = { effectiveDate: '2025-01-20' };
    await imported(csvOf(await targetsAt('annual'), 'annual'), '?unit=U0001&year=2024');
    await write('POST', 'base-facts', { facts: factsAt('annual') });
    await write('PUT', 'scoring-profile', { ...on, id: 'whole-department' });
    const { form } = (await read('/self-evaluation')).body;
    expect(form.indicators).toHaveLength(81);
    const lost = form.indicators.filter(({ score, points }: any) => score !== null && Number(score) < Number(points));
    expect(lost).not.toEqual([]);
    const refused = await write('POST', 'self-evaluation/submission', on, 422);
    expect(refused.faults.map(({ indicator }: any) => indicator)).toEqual(
      expect.arrayContaining(lost.map(({ indicator }: any) => indicator)),
    );
    const asked = [...new Set<string>(refused.faults.map(({ indicator }: any) => indicator))];
    const rows = asked.map((indicator) => ({ indicator, cause: '工程款次年支付', improvement: '加快结算' }));
    await write('POST', 'assessments', { ...on, rows });
    const submitted = await write('POST', 'self-evaluation/submission', on);
    const { body } = await read('/self-evaluation?submission=1');
    expect(body).toMatchObject({
      state: 'submitted',
      form: submitted.events[0].data.form,
      differs: [],
      changedSince: [],
    });
    expect(Number(body.form.total)).toBeGreaterThan(0);
  });
});
